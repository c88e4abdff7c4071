// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/interchange/intake.h"

#include <array>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace descent {

/// What can be taken into the history.
enum class ImportKind { tensorboard, mlflowFiles, mlflowSqlite, csv, jsonLines, archive };

/// By what lies there: a file's first bytes and ending, or what a folder holds. Nothing: none of them.
std::optional<ImportKind> recogniseImport(const std::filesystem::path& path);

Text nameOf(ImportKind kind); ///< "TensorBoard", "MLflow (file store)"
/// Of what other programs write, which may grow; an archive is whole.
bool canBeFollowed(ImportKind kind);

struct ImportSource {
    ImportKind kind = ImportKind::tensorboard;
    std::filesystem::path path;
    std::string experiment; ///< that the runs go to; empty: each to its own, or to one named after the kind
};
/// An import of any kind but an archive, which importArchive() takes. Throws std::invalid_argument for that.
std::unique_ptr<RunImport> openImport(const ImportSource& source, Intake::Mode mode = Intake::Mode::take);

}
