// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/interchange/import_kinds.h"

#include "engine/core/interchange/archive.h"
#include "engine/core/interchange/csv_runs.h"
#include "engine/core/interchange/json_lines.h"
#include "engine/core/interchange/mlflow_files.h"
#include "engine/core/interchange/mlflow_sqlite.h"
#include "engine/core/interchange/tensorboard.h"

#include <fstream>
#include <stdexcept>

namespace descent {

namespace fs = std::filesystem;

namespace {

constexpr int mostLookedAt = 100'000; // entries of a folder: what it holds shows long before

bool isEventFile(const fs::path& file)
{
    return file.filename().string().find("tfevents") != std::string::npos;
}

std::optional<ImportKind> kindByEnding(const fs::path& file)
{
    const std::string ending = file.extension().string();
    if (ending == ".jsonl" || ending == ".ndjson")
        return ImportKind::jsonLines;
    if (ending == ".csv" || ending == ".tsv")
        return ImportKind::csv;
    return std::nullopt;
}

std::optional<ImportKind> kindOfFile(const fs::path& file)
{
    std::string begin(1024, '\0');
    std::ifstream in{file, std::ios::binary};
    in.read(begin.data(), static_cast<std::streamsize>(begin.size()));
    begin.resize(static_cast<std::size_t>(in.gcount()));
    if (begin.starts_with("SQLite format 3"))
        return isArchive(file) ? std::optional{ImportKind::archive} : isMlflowDatabase(file) ? std::optional{ImportKind::mlflowSqlite} : std::nullopt;
    if (isEventFile(file))
        return ImportKind::tensorboard;
    if (const auto kind = kindByEnding(file))
        return kind;
    const std::size_t first = begin.find_first_not_of(" \t\r\n");
    return first != begin.npos && begin[first] == '{' ? std::optional{ImportKind::jsonLines} : std::nullopt;
}

std::optional<ImportKind> kindOfFolder(const fs::path& folder)
{
    std::error_code error;
    if (isMlflowDatabase(folder / "mlflow.db"))
        return ImportKind::mlflowSqlite;
    std::optional<ImportKind> byEnding;
    fs::recursive_directory_iterator entry{folder, fs::directory_options::skip_permission_denied, error};
    for (int seen = 0; !error && entry != fs::recursive_directory_iterator{} && seen < mostLookedAt; entry.increment(error), ++seen) {
        const fs::path& path = entry->path();
        if (std::error_code ignored; !entry->is_regular_file(ignored))
            continue;
        if (isEventFile(path))
            return ImportKind::tensorboard;
        if (path.filename() == "meta.yaml")
            return ImportKind::mlflowFiles;
        if (!byEnding)
            byEnding = kindByEnding(path);
    }
    return byEnding;
}

}

std::optional<ImportKind> recogniseImport(const fs::path& path)
{
    std::error_code error;
    if (fs::is_directory(path, error))
        return kindOfFolder(path);
    return fs::is_regular_file(path, error) ? kindOfFile(path) : std::nullopt;
}

Text nameOf(ImportKind kind)
{
    switch (kind) {
    case ImportKind::tensorboard: return text("TensorBoard's event files");
    case ImportKind::mlflowFiles: return text("MLflow's file store");
    case ImportKind::mlflowSqlite: return text("MLflow's database");
    case ImportKind::csv: return text("tables (CSV)");
    case ImportKind::jsonLines: return text("JSON lines");
    case ImportKind::archive: return text("an archive of Descent");
    }
    throw std::invalid_argument{"no such kind of import"};
}

bool canBeFollowed(ImportKind kind)
{
    return kind != ImportKind::archive;
}

std::unique_ptr<RunImport> openImport(const ImportSource& source, Intake::Mode mode)
{
    const auto experiment = [&](const char* usual) { return source.experiment.empty() ? std::string{usual} : source.experiment; };
    const bool isFolder = fs::is_directory(source.path);
    switch (source.kind) {
    case ImportKind::tensorboard: return std::make_unique<TensorBoardImport>(isFolder || !isEventFile(source.path) ? source.path : source.path.parent_path(), experiment("TensorBoard"), mode);
    case ImportKind::mlflowFiles: return std::make_unique<MlflowFilesImport>(source.path, source.experiment, mode);
    case ImportKind::mlflowSqlite: return std::make_unique<MlflowSqliteImport>(isFolder ? source.path / "mlflow.db" : source.path, source.experiment, mode);
    case ImportKind::csv: return std::make_unique<CsvImport>(source.path, experiment("CSV"), mode);
    case ImportKind::jsonLines: return std::make_unique<JsonLinesImport>(source.path, experiment("JSON lines"), mode);
    case ImportKind::archive: break;
    }
    throw std::invalid_argument{"an archive is imported by importArchive()"};
}

}
