// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/harness.h"

#include "engine/core/base/problem.h"
#include "engine/core/interchange/csv_row.h"
#include "engine/core/interchange/json_row.h"
#include "engine/core/text/utf8.h"

#include <functional>

namespace descent {

/// Line by line, as JSON and as a table.
void readDamaged(std::span<const std::byte> input)
{
    CsvRowReader table;
    const auto check = [](const std::function<std::optional<ForeignRow>()>& read) {
        try {
            if (const std::optional<ForeignRow> row = read()) {
                for (const auto& [series, value] : row->values)
                    fuzz::promise(isUtf8(series), "a name is UTF-8");
                fuzz::promise(isUtf8(row->run) && isUtf8(row->runName), "a name is UTF-8");
                for (const auto& [name, setting] : row->settings)
                    fuzz::promise(isUtf8(name), "a name is UTF-8");
            }
        } catch (const DescentError& error) {
            fuzz::promise(!english(error.message()).empty(), "a reason is a sentence");
        }
    };
    for (std::string_view left = fuzz::asText(input); !left.empty();) {
        const std::size_t end = std::min(left.find('\n'), left.size());
        const std::string_view line = left.substr(0, end);
        left.remove_prefix(std::min(end + 1, left.size()));
        check([line] { return readJsonRow(line); });
        check([line, &table] { return table.read(line); });
    }
}

}
