// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/interchange/json_lines.h"

#include "engine/core/interchange/json_row.h"

namespace descent {

namespace fs = std::filesystem;

JsonLinesImport::JsonLinesImport(fs::path path, std::string experiment, Intake::Mode mode)
    : RowsImport{std::move(path), {".jsonl", ".ndjson"}, "jsonl", std::move(experiment), mode}
{
}

std::unique_ptr<RowsImport::File> JsonLinesImport::open(const fs::path& path) const
{
    return std::make_unique<File>(path);
}

std::optional<ForeignRow> JsonLinesImport::rowOf(File&, std::string_view line) const
{
    return readJsonRow(line);
}

}
