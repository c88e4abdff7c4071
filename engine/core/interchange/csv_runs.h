// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/interchange/rows_import.h"

#include <span>

namespace descent {

/// Runs from tables: see CsvRowReader.
class CsvImport : public RowsImport {
public:
    CsvImport(std::filesystem::path path, std::string experiment, Intake::Mode mode = Intake::Mode::take);

private:
    struct Table;
    std::unique_ptr<File> open(const std::filesystem::path& path) const override;
    std::optional<ForeignRow> rowOf(File& file, std::string_view line) const override;
};

enum class CsvForm {
    valueARow, ///< all runs in one file: run, name, series, step, value, seconds
    stepARow,  ///< of one run: step, seconds and a column a series; steps that were told again have further rows
};
/// Writes `file`. Throws StoreError, DescentError, Cancelled; then it is as it was. A step a row takes one run.
void exportToCsv(RunStore& store, std::span<const RunId> runs, CsvForm form, const std::filesystem::path& file, const std::stop_token& stop = {},
                 const std::function<void(double)>& progress = {});

}
