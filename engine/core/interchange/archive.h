// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/problem.h"
#include "engine/core/store/run_store.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace descent {

// Runs with everything that belongs to them in one file, for another machine: rows, points, recipe, environment, messages, labels, and the
// files of their folders, checkpoints above all.
//
// The file is a SQLite database with the tables of a history (so that nothing has to be translated, and what a later schema adds goes
// along), PRAGMA application_id "DSCA", PRAGMA user_version the history's schema, and beside them:
//   archive         name, value: "digest" is the SHA-256 of every value in the tables of runs
//   archive_file    number, run, path in the run's folder, size, sha256, its first part and how many there are
//   archive_part    a mebibyte of a file each, so that no file has to lie in memory
//   archive_parent  the uuid of a run's parent, which need not be in the archive

struct ArchiveOptions {
    bool files = true; ///< else rows alone: curves and recipes, which take little room
};
struct ArchiveReport {
    std::int64_t runs = 0, newRuns = 0; ///< of an import: those that were not here
    std::int64_t updatedRuns = 0;  ///< and those that were, and have gone on since where they come from
    std::int64_t points = 0, files = 0;
    std::int64_t bytes = 0;        ///< of the archive
    std::vector<RunId> imported;   ///< their numbers here
};

/// Writes `file`, which is there whole or not at all. Throws StoreError, DescentError (a run or a checkpoint is not what the history says
/// it is), Cancelled.
ArchiveReport exportArchive(RunStore& store, std::span<const RunId> runs, const std::filesystem::path& file, const ArchiveOptions& options = {},
                            const std::stop_token& stop = {}, const std::function<void(double)>& progress = {});

/// Takes the runs that are not in the history, by their uuid, a run in the trash being there. One that was taken before and has gone on
/// since takes the place of its copy here, under a number of its own, with what a person has made of the copy: its name, experiment, note,
/// tags, star, colour. A copy that somebody trained on here stays as it is. Everything is read and checked first: an archive that is
/// damaged, cut or of a newer Descent changes nothing. Throws DescentError, StoreError, Cancelled.
ArchiveReport importArchive(RunStore& store, const std::filesystem::path& file, const std::stop_token& stop = {}, const std::function<void(double)>& progress = {});

/// What importing it would do, by its list of runs; its content is not checked. Throws DescentError, StoreError.
ArchiveReport lookIntoArchive(RunStore& store, const std::filesystem::path& file);

bool isArchive(const std::filesystem::path& file);

}
