// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/backend/group_place.h"
#include "engine/core/checkpoint/checkpoint_folder.h"
#include "engine/core/data/preparation.h"
#include "engine/core/network/network_spec.h"
#include "engine/core/recipe/catalog.h"
#include "engine/core/recipe/recipe.h"
#include "engine/core/recipe/start.h"
#include "engine/core/run/question.h"
#include "engine/core/run/rate_finder.h"
#include "engine/core/run/run_control.h"
#include "engine/core/run/run_event.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace descent {

struct DeviceInfo {
    std::string id;               ///< "cpu", "cuda:0": what Recipe::device names
    std::string name;             ///< "4 threads", "NVIDIA H100 80GB HBM3"
    std::int64_t memoryBytes = 0; ///< 0: not known
    std::int64_t freeBytes = 0;   ///< when it was asked; 0: not known
};

struct BackendInfo {
    std::string torchVersion;
    std::vector<DeviceInfo> devices; ///< the CPU first
    std::string cudaNote;            ///< why there is no GPU, where one might be expected: "no NVIDIA driver"; else empty
};

/// Where the first weights of a training come from.
struct Start {
    std::filesystem::path file;      ///< safetensors
    std::optional<std::int64_t> run; ///< whose they are, where they are a run's of this history
    std::string name;                ///< for a person: of that run, or of the file
    std::string sha256;              ///< of the file
    std::optional<ResumePoint> point; ///< of a branch: all that goes on beside the weights
    bool operator==(const Start&) const = default;
};

/// What of a file of weights a network takes over, by names of tensors.
struct TakeOver {
    std::vector<std::string> taken;
    std::vector<std::string> fresh;  ///< of the network: not there, of another size, or not wanted
    std::vector<std::string> unused; ///< of the file
};

/// All that a training is given.
struct TrainingRequest {
    Recipe recipe;
    TaskKind task;
    std::shared_ptr<const PreparedData> data;
    NetworkSpec network;
    std::filesystem::path folder; ///< the run's own; checkpoints go there
    std::int64_t run = 0;         ///< told in RunStarted
    std::optional<Start> start;   ///< none: from nothing
    std::optional<ResumePoint> resume; ///< the run goes on from here, as if it had never stopped
    std::int64_t maxThreads = 0;  ///< of the machine's, where runs share it; 0: all of them
    std::optional<GroupPlace> group; ///< one of several processes; none: it trains alone
    std::function<std::vector<int>()> endedWorkers; ///< ranks of that group which are known to have ended; may be empty
};

/// A finished run's best network on its device, ready to be asked. Each task answers its own questions.
/// Thread safety: one thread at a time.
class Model {
public:
    virtual ~Model() = default;
    /// Takes as long as it takes. Throws Cancelled, and std::invalid_argument for a question of another task.
    virtual Answer ask(const Question& question, const AskControl& control = {}) = 0;
};

/// The one door to libtorch. Values in and out, no tensors in its signatures.
/// Thread safety: any thread may call; train() may run on several threads at once.
class Backend {
public:
    virtual ~Backend() = default;
    virtual BackendInfo info() const = 0; ///< with the memory that is free now

    /// The device a recipe gets: "auto" takes the GPU where there is one. Problems: a GPU was asked for and there is none.
    virtual Result<DeviceInfo> resolveDevice(const std::string& device) const = 0;

    /// What `network`, whose numbers stand for `meanings`, would take over from a file of weights, read whole.
    /// Problems: the file is damaged; all that is missing, of another size, or too much, unless the options say to take what
    /// fits.
    virtual Result<TakeOver> examineStart(const std::filesystem::path& file, const StartOptions& options, const NetworkSpec& network,
                                          const Meanings& meanings) const = 0;

    /// Trains until done, stopped or failed, telling everything to `observer`: RunStarted first, RunEnded last, also when
    /// it fails (out of memory, NaN). Blocks; call it on a worker thread. Throws nothing.
    /// One of several processes waits for the others first; but for rank 0 they tell little and write nothing.
    virtual void train(const TrainingRequest& request, RunControl& control, RunObserver& observer) = 0;

    /// How the loss of the training's first steps answers to a rising learning rate. Writes nothing; one process does it.
    /// Blocks; call it on a worker thread. Problems: it failed, as when memory runs out.
    virtual Result<RateCurve> findRate(const TrainingRequest& request, const RateFinderOptions& options, const RateFinderControl& control) = 0;

    /// The best checkpoint in request.folder, with the data prepared as it was for training. Problems: there is none, or it
    /// does not fit. `request` must outlive the model.
    virtual Result<std::unique_ptr<Model>> open(const TrainingRequest& request) = 0;
};

/// Loads libdescent_torch.so from beside this library (or $DESCENT_TORCH_MODULE), once; later calls return the same backend.
/// Takes about 0.2 s the first time. Throws DescentError saying what is missing.
Backend& loadBackend();

/// The module's single entry point: `extern "C" descent::Backend* descentBackend()`, owned by the module.
inline constexpr char backendEntryPoint[] = "descentBackend";

}
