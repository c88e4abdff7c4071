// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/interchange/foreign_values.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace descent {

/// Rows of a table of values, line by line: a row a step and a column a series, or a row a value with columns for its series and value.
/// Further columns may be the step, the time ("seconds" since the start, or a "timestamp" since 1970) and the run where there are several;
/// what is no number is no value. The first line names the columns; a row is a line.
class CsvRowReader {
public:
    /// Nothing for the line that names the columns, and for empty ones. Throws DescentError: it is damaged, and how.
    std::optional<ForeignRow> read(std::string_view line);

private:
    void begin(std::string_view line);

    struct Column {
        std::string name;
        ForeignColumn meaning = ForeignColumn::other;
    };
    std::vector<Column> m_columns; // empty: the line that names them has not come yet
    char m_separator = ',';
    bool m_isValueARow = false;
    std::optional<std::size_t> m_runName; // the column, beside one for the run
};

}
