// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/prepared_csv.h"

#include "engine/core/data/csv.h"

#include <fmt/format.h>

#include <stdexcept>

namespace descent {

std::string preparedCsv(const PreparedData& data)
{
    const auto* table = std::get_if<Table>(&data.dataset->train.inputs);
    if (!table)
        throw std::invalid_argument{"only tables are written as CSV"};
    const FeatureMatrix matrix = applyTablePreparation(data.table, *table);
    const Targets& targets = data.dataset->train.targets;
    std::vector<const char*> partOf(static_cast<std::size_t>(table->count), nullptr);
    for (const std::int64_t row : data.split.train)
        partOf[static_cast<std::size_t>(row)] = "train";
    for (const std::int64_t row : data.split.validation)
        partOf[static_cast<std::size_t>(row)] = "validation";
    if (!data.split.ownTest)
        for (const std::int64_t row : data.split.test)
            partOf[static_cast<std::size_t>(row)] = "test";
    std::string csv;
    for (const std::string& name : matrix.names)
        csv += csvCell(name) + ",";
    csv += csvCell(targets.name) + ",part\n";
    for (std::size_t row = 0; row < partOf.size(); ++row) {
        if (!partOf[row])
            continue;
        for (std::int64_t feature = 0; feature < matrix.features; ++feature)
            fmt::format_to(std::back_inserter(csv), "{},", matrix.values[row * static_cast<std::size_t>(matrix.features) + static_cast<std::size_t>(feature)]);
        csv += targets.areClasses() ? csvCell(targets.classNames[static_cast<std::size_t>(targets.classes[row])]) : fmt::format("{}", targets.values[row]);
        csv += fmt::format(",{}\n", partOf[row]);
    }
    return csv;
}

}
