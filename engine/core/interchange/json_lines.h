// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/interchange/rows_import.h"

namespace descent {

/// Runs from lines that are JSON objects each: see readJsonRow().
class JsonLinesImport : public RowsImport {
public:
    JsonLinesImport(std::filesystem::path path, std::string experiment, Intake::Mode mode = Intake::Mode::take);

private:
    std::unique_ptr<File> open(const std::filesystem::path& path) const override;
    std::optional<ForeignRow> rowOf(File& file, std::string_view line) const override;
};

}
