// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/csv_rows.h"

#include "engine/core/data/path_parameter.h"

#include <algorithm>
#include <unordered_map>

namespace descent {

ParameterSchema separatorParameter()
{
    return {.name = "separator",
            .label = "Separator",
            .help = "What stands between two cells.",
            .type = ParameterType::choice,
            .defaultValue = std::string{"auto"},
            .choices = {{"auto", "Auto", "Found from the first rows."},
                        {"comma", "Comma", ""},
                        {"semicolon", "Semicolon", ""},
                        {"tab", "Tab", ""}}};
}

ParameterSchema headerParameter()
{
    return {.name = "header",
            .label = "Names in the first row",
            .help = "Whether the first row names the columns.",
            .type = ParameterType::choice,
            .defaultValue = std::string{"auto"},
            .choices = {{"auto", "Auto", "Found from the first rows."}, {"yes", "Yes", ""}, {"no", "No", ""}}};
}

char separatorOf(const Schema& schema, const Parameters& parameters, std::string_view content)
{
    const std::string chosen = textOf(schema, parameters, "separator");
    return chosen == "comma" ? ',' : chosen == "semicolon" ? ';' : chosen == "tab" ? '\t' : guessSeparator(content);
}

void setDamagedAside(const Problems& damaged, Dataset& dataset, const std::string& file)
{
    for (const Problem& row : damaged)
        setAside(dataset, file + ":" + row.path, row.message);
}

void setRaggedAside(std::vector<CsvRow>& rows, Dataset& dataset, const std::string& file)
{
    std::unordered_map<std::size_t, std::size_t> counts;
    for (const CsvRow& row : rows)
        ++counts[row.cells.size()];
    const std::size_t columns = std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) {
                                    return a.second != b.second ? a.second < b.second : a.first < b.first;
                                })->first;
    std::erase_if(rows, [&](const CsvRow& row) {
        if (row.cells.size() == columns)
            return false;
        setAside(dataset, file + ":" + std::to_string(row.line),
                 text("this row has %1 cells where the others have %2", row.cells.size(), columns));
        return true;
    });
}

}
