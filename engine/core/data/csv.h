// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/problem.h"

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace descent {

/// A row as it stands in the file, with the line it begins on.
struct CsvRow {
    std::vector<std::string> cells;
    std::int64_t line = 1;
};

struct CsvLimits {
    std::size_t rows = 20'000'000, columns = 10'000, cellBytes = 1 << 20;
};

/// Rows of a CSV text by RFC 4180: quotes double inside quotes, and line ends may stand there. A byte order mark is skipped,
/// CR LF and LF both end a row, empty lines are no rows. Problems beside the rows are of those given up, a line number each: a
/// quote that is never closed, more cells or a longer one than the limits; reading goes on with the line below. Problems alone:
/// no row is left, more than a hundred are damaged, or there are more rows than the limit.
Result<std::vector<CsvRow>> parseCsv(std::string_view text, char separator, const CsvLimits& limits = {},
                                     const std::stop_token& stop = {});

/// Columns that are quoted with ' throughout, as in ARFF files, lose these quotes; a name with an apostrophe keeps it. The first
/// row may be names, and decides nothing. Every row has as many cells as the first; there is one at least.
void dropSingleQuotes(std::vector<CsvRow>& rows);

/// A cell that reads back as it is: quoted where it holds what would part it.
std::string csvCell(std::string_view text);

/// The one of , ; tab | that splits the first rows into the same number of cells, more than one if possible.
char guessSeparator(std::string_view text);

/// A number as people write it in tables: 1, -2.5, 1e-3, +4, with blanks around. Nothing for anything else, or beyond a float:
/// as an infinity among its column's values it would spoil all that is measured of them.
std::optional<double> parseNumber(std::string_view cell);

/// "", "?", NA, N/A, NaN, null, none: no value.
bool isMissing(std::string_view cell);

}
