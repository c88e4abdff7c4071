// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/summary/report_tables.h"

namespace descent {

enum class TableFormat {
    csv,      ///< RFC 4180
    markdown, ///< of GitHub; the best bold
    latex     ///< a tabular with the rules of booktabs; the best bold
};

/// A table as text for another program, letters that mean something there escaped, ended by a new line.
std::string tableText(const ReportTable& table, TableFormat format);

/// What runs came to, for a paper or a spreadsheet: the figures of each recipe where some was repeated, else of each run; as CSV always of
/// each run, under the names of a query, with the settings that differ and with all digits.
std::string comparisonText(const FigureTable& table, TableFormat format, const ReportWords& words = {});

}
