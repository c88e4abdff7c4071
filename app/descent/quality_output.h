// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/descent/json.h"
#include "app/descent/terminal.h"
#include "engine/core/data/quality.h"

#include <string>
#include <vector>

namespace descent {

/// For people: what columns tell, the split, and the findings with the --set that mends each.
void printQuality(const QualityReport& report, const std::vector<std::string>& classNames, const Terminal& terminal);

/// {"columns": […], "findings": […], "split": {…}, "alike": […], "setAside": n}
Json toJson(const QualityReport& report, const std::vector<std::string>& classNames);

}
