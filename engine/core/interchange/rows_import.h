// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/interchange/foreign_values.h"
#include "engine/core/interchange/intake.h"
#include "engine/core/interchange/line_file.h"

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace descent {

/// Runs from files of rows that have values by name, and among them their step, time and run: a file is one, or holds several of which each row names its own.
class RowsImport : public RunImport {
public:
    /// path: a file, or a folder below which files with one of these endings are runs, named by their path
    RowsImport(std::filesystem::path path, std::vector<std::string> endings, std::string program, std::string experiment, Intake::Mode mode);

protected:
    struct File {
        explicit File(const std::filesystem::path& path) : lines{path} {}
        virtual ~File() = default;
        LineFile lines;
        std::string run; ///< what its run is called
        bool isBroken = false;
        std::map<std::string, std::int64_t> rows; ///< taken so far, by run
    };

private:
    virtual std::unique_ptr<File> open(const std::filesystem::path& path) const = 0;
    /// A line as a row; nothing where it is none of values. Throws DescentError: it is damaged, and how.
    virtual std::optional<ForeignRow> rowOf(File& file, std::string_view line) const = 0;

    void read(Intake& intake, const std::stop_token& stop) override;
    void readRest(Intake& intake) override;
    void take(Intake& intake, File& file, std::string_view line, std::int64_t number);

    const std::filesystem::path m_path;
    const std::vector<std::string> m_endings;
    const std::string m_program, m_experiment;
    std::map<std::filesystem::path, std::unique_ptr<File>> m_files;
};

}
