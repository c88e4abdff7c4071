// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/backend/backend.h"
#include "engine/core/data/dataset.h"
#include "engine/core/store/run_store.h"

#include <filesystem>
#include <memory>

namespace descent {

/// The best network of a run of the history, ready to be asked, with its data read and prepared as for its training.
/// Thread safety: one thread at a time.
class FinishedRun {
public:
    FinishedRun(const FinishedRun&) = delete;

    /// Problems: the run has no checkpoint, its data has gone or has changed its shape, its recipe no longer fits. Reading the
    /// data takes as long as before training. Throws StoreError and Cancelled.
    static Result<std::unique_ptr<FinishedRun>> open(const std::filesystem::path& storeFolder, RunId run, Backend& backend,
                                                     const LoadControl& control);

    const TrainingRequest& request() const { return m_request; }
    Answer ask(const Question& question, const AskControl& control = {}) { return m_model->ask(question, control); }

private:
    explicit FinishedRun(TrainingRequest request) : m_request{std::move(request)} {}

    const TrainingRequest m_request;
    std::unique_ptr<Model> m_model; // after what it was opened from
};

}
