// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/interchange/csv_runs.h"

#include "engine/core/interchange/csv_row.h"

namespace descent {

namespace fs = std::filesystem;

struct CsvImport::Table : File {
    using File::File;
    CsvRowReader rows;
};

CsvImport::CsvImport(fs::path path, std::string experiment, Intake::Mode mode) : RowsImport{std::move(path), {".csv", ".tsv"}, "csv", std::move(experiment), mode} {}

std::unique_ptr<RowsImport::File> CsvImport::open(const fs::path& path) const
{
    return std::make_unique<Table>(path);
}

std::optional<ForeignRow> CsvImport::rowOf(File& file, std::string_view line) const
{
    return static_cast<Table&>(file).rows.read(line);
}

}
