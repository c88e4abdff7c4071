// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/descent/terminal.h"

#include <string>
#include <vector>

namespace descent {

struct ChartLine {
    std::string label;
    std::vector<double> x, y; ///< of one length; what is not finite is left out
};

struct ChartOptions {
    int rows = 10;
    bool logX = false; ///< the x axis is logarithmic; what is not above 0 is left out
};

/// Curves as text, with axes and legend: braille dots where there are colours to tell lines apart, else a letter for each
/// line. Where several points fall in one column their mean is drawn. The y axis is logarithmic when all values are positive
/// and span more than a factor of fifty. Empty when there is nothing to draw.
std::string textChart(const std::string& title, const std::vector<ChartLine>& lines, const Terminal& terminal,
                      const ChartOptions& options = {});

}
