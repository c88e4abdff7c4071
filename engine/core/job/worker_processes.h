// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/backend/group_place.h"
#include "engine/core/recipe/recipe.h"

#include <filesystem>
#include <sys/types.h>
#include <vector>

namespace descent {

/// How many processes of this machine a recipe wants to share its batches.
int processesOf(const Recipe& recipe);

/// The other processes of a training that is shared on this machine: `descent train -` once a worker, with the recipe as its
/// input and its place in the environment. They die with the thread that made this, whatever ends it.
/// What a worker says on stderr lies in the run's folder, worker-RANK.log, where it says anything.
class WorkerProcesses {
public:
    /// Throws DescentError: the program `descent` is not there, or cannot be started.
    /// resume: the JSON of the checkpoint from which all go on; empty: from the beginning.
    WorkerProcesses(const Recipe& recipe, int size, std::filesystem::path runFolder, const std::filesystem::path& resume = {});
    ~WorkerProcesses(); ///< waits a moment for those that are on their way out, then ends them
    WorkerProcesses(const WorkerProcesses&) = delete;

    const GroupPlace& place() const { return m_place; } ///< of this process, rank 0
    std::vector<int> ended(); ///< ranks

private:
    struct Worker {
        pid_t process = 0;
        bool ended = false;
    };
    void start(int rank, int input, const std::filesystem::path& resume);
    std::filesystem::path logOf(int rank) const;

    GroupPlace m_place;
    std::filesystem::path m_program, m_runFolder;
    std::vector<Worker> m_workers; // rank 1 first
};

}
