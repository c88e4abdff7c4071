// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/interchange/rows_import.h"

#include <algorithm>
#include <array>
#include <utility>

namespace descent {

namespace fs = std::filesystem;

namespace {

std::vector<fs::path> filesAt(const fs::path& path, const std::vector<std::string>& endings)
{
    std::error_code error;
    if (fs::is_regular_file(path, error))
        return {path};
    fs::recursive_directory_iterator entry{path, fs::directory_options::skip_permission_denied, error};
    std::vector<fs::path> files;
    for (; !error && entry != fs::recursive_directory_iterator{}; entry.increment(error))
        if (std::error_code ignored; entry->is_regular_file(ignored) && std::ranges::find(endings, entry->path().extension().string()) != endings.end())
            files.push_back(entry->path());
    if (error)
        throw DescentError{text("%1 cannot be read: %2", path.string(), error.message())};
    std::ranges::sort(files);
    return files;
}

/// Where many programs write a file of always the same name, its folder says which run it is.
std::string nameOf(const fs::path& file, const fs::path& root)
{
    static constexpr std::array usual{"metrics", "history", "log", "logs", "progress", "results"};
    const std::string stem = file.stem().string();
    const fs::path folder = file == root ? fs::path{} : file.parent_path().lexically_relative(root);
    const bool isUsual = std::ranges::find(usual, stem) != usual.end();
    if (isUsual)
        return folder.empty() || folder == "." ? file.parent_path().filename().string() : folder.string();
    return folder.empty() || folder == "." ? stem : (folder / stem).string();
}

}

RowsImport::RowsImport(fs::path path, std::vector<std::string> endings, std::string program, std::string experiment, Intake::Mode mode)
    : RunImport{mode}, m_path{fs::weakly_canonical(std::move(path))}, m_endings{std::move(endings)}, m_program{std::move(program)}, m_experiment{std::move(experiment)}
{
}

void RowsImport::take(Intake& intake, File& file, std::string_view line, std::int64_t number)
{
    try {
        const std::optional<ForeignRow> row = rowOf(file, line);
        if (!row)
            return;
        const std::string from = m_program + ':' + file.lines.path().string() + (row->run.empty() ? std::string{} : '#' + row->run);
        Intake::Run& run = intake.run(from);
        if (run.about.name.empty()) {
            run.about.experiment = m_experiment;
            run.about.name = !row->runName.empty() ? row->runName : row->run.empty() ? file.run : row->run;
        }
        for (const auto& [name, value] : row->settings)
            run.about.settings[name] = value;
        if (row->values.empty())
            return;
        const std::int64_t place = file.rows[row->run]++;
        for (const auto& [series, value] : row->values)
            intake.add(run, {.series = series, .step = row->step.value_or(place), .value = value, .wallTime = row->wallTime, .seconds = row->seconds});
    } catch (const StoreError&) {
        throw;
    } catch (const DescentError& error) {
        intake.leaveOut({file.lines.path().string() + ':' + std::to_string(number), error.message(), {}});
    }
}

void RowsImport::read(Intake& intake, const std::stop_token& stop)
{
    const std::vector<fs::path> files = filesAt(m_path, m_endings);
    std::size_t done = 0;
    for (const fs::path& path : files) {
        if (stop.stop_requested())
            return;
        std::unique_ptr<File>& file = m_files[path];
        if (!file) {
            file = open(path);
            file->run = nameOf(path, m_path);
        }
        const bool isWhole = file->lines.read(
            [&](const LineFile::Line& line) {
                if (line.isTooLong)
                    intake.leaveOut({path.string() + ':' + std::to_string(line.number), text("the line is longer than %1 bytes", LineFile::longestLine), {}});
                else
                    take(intake, *file, line.text, line.number);
            },
            [&](double part) { intake.showProgress((static_cast<double>(done) + part) / static_cast<double>(files.size())); }, stop);
        if (!isWhole && !std::exchange(file->isBroken, true))
            intake.leaveOut({path.string(), text("it has become shorter since it was read: what it holds now was left out"), {}});
        ++done;
    }
}

void RowsImport::readRest(Intake& intake)
{
    for (const auto& [path, file] : m_files)
        if (const std::optional<std::string> line = file->lines.rest())
            take(intake, *file, *line, file->lines.number() + 1);
}

}
