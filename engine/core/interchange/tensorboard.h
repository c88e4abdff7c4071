// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/interchange/event_file.h"
#include "engine/core/interchange/intake.h"

#include <filesystem>
#include <map>
#include <set>
#include <string>

namespace descent {

/// The runs of a folder of TensorBoard: each folder below it that holds event files is one, named by its path, tags are its series, what
/// the hparams plug-in was told are its settings.
class TensorBoardImport : public RunImport {
public:
    /// Problems of a report: files with records whose checksums are wrong, or that cannot be read on from some place.
    TensorBoardImport(std::filesystem::path folder, std::string experiment, Intake::Mode mode = Intake::Mode::take);

private:
    void read(Intake& intake, const std::stop_token& stop) override;

    const std::filesystem::path m_folder;
    const std::string m_experiment;
    std::map<std::filesystem::path, EventFileReader> m_files;
    std::set<std::filesystem::path> m_broken; // those of which that was said
};

/// Writes the curves and settings of a run as an event file in `folder`, which tensorboard opens. Returns the file. Throws StoreError,
/// DescentError.
std::filesystem::path exportToTensorBoard(RunStore& store, RunId run, const std::filesystem::path& folder);

}
