// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/csv.h"
#include "engine/core/data/dataset.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace descent {

/// A CSV file whose first row names its columns.
struct NamedTable {
    std::string file; ///< its name, for problems
    std::vector<std::string> names;
    std::vector<CsvRow> rows;
};
/// Rows with another number of cells than the first are set aside in `dataset`. Throws DescentError and Cancelled.
Result<NamedTable> readNamedTable(const std::filesystem::path& path, Dataset& dataset, const std::stop_token& stop);

/// What a column of event records may be for. `parameter` is the one that names it; `usual` the names it goes by otherwise,
/// lower case, the most telling first.
struct ColumnRole {
    std::string_view parameter;
    std::vector<std::string_view> usual;
};
const ColumnRole& personRole();
const ColumnRole& dateRole();
const ColumnRole& codeRole();
const ColumnRole& valueRole();
const ColumnRole& labelRole();
const ColumnRole& outcomeDateRole();

/// The first column that goes by one of the usual names, case ignored.
std::optional<std::size_t> usualColumn(const std::vector<std::string>& names, const ColumnRole& role);

/// The column that `chosen` names, else a usual one; nothing, without a problem, where there is neither.
/// Problem at dataset.<parameter>: `chosen` is not a column.
Result<std::optional<std::size_t>> columnFor(const std::vector<std::string>& names, const ColumnRole& role,
                                             const std::string& chosen);

}
