// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/torch_backend.h"

#include "engine/core/base/checksum.h"
#include "engine/torch/checkpoint/take_over.h"
#include "engine/torch/device/devices.h"
#include "engine/torch/distributed/process_group.h"
#include "engine/torch/torch_model.h"
#include "engine/torch/train/options.h"
#include "engine/torch/train/trainer.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <algorithm>
#include <c10/util/Exception.h>
#include <limits>
#include <malloc.h>
#include <new>
#include <string_view>
#include <span>
#include <torch/cuda.h>
#include <torch/version.h>

namespace descent {

namespace {

/// The CPU allocator has no exception of its own.
bool isOutOfMemory(const c10::Error& error)
{
    const std::string_view what = error.what_without_backtrace();
    return dynamic_cast<const c10::OutOfMemoryError*>(&error) || what.find("not enough memory") != std::string_view::npos
        || what.find("can't allocate memory") != std::string_view::npos;
}

/// As many threads as the work of a step feeds, at most one a core, and no more than its share where runs go on side by side.
/// Small networks are faster on one (measured: spirals 0.8 s against 1.6 s on four), and threads that wait for each other stall
/// when another program wants a core. A run that goes on has as many as before, or its numbers would be others.
/// Processes of one machine share its cores, as they share a batch.
int threadsFor(const TrainingRequest& request)
{
    const TrainingOptions options = trainingOptions(request.recipe.training);
    static const int cores = at::get_num_threads();   // torch's own default, read before any run changes it
    if (request.resume && request.resume->state.threads > 0)
        return static_cast<int>(std::min<std::int64_t>(request.resume->state.threads, std::max(cores, 64)));
    const int most = request.maxThreads > 0 ? static_cast<int>(std::min<std::int64_t>(request.maxThreads, cores)) : cores;
    if (options.threads > 0)
        return request.maxThreads > 0 ? std::min(static_cast<int>(options.threads), most) : static_cast<int>(options.threads);
    constexpr double workPerThread = 10e6;            // multiply-adds of forward and backward
    const GroupPlace place = request.group.value_or(GroupPlace{});
    const double work = 3.0 * static_cast<double>(request.network.multiplyAdds()) * static_cast<double>(options.batchSize) / place.size;
    return static_cast<int>(std::clamp(work / workPerThread, 1.0, std::max(1.0, static_cast<double>(most / place.localSize))));
}

/// A step frees what the next asks for again. glibc would hand large blocks back to the system each time, and have them cleared
/// page by page when they return: 7 % of a step of a small GPT.
void keepMemory()
{
#ifdef __GLIBC__
    constexpr int largest = std::numeric_limits<int>::max();
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, largest);
#endif
}

/// What reading and preparing the data needed for a while goes back to the system, since training would not ask for it again.
void returnMemory()
{
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

/// What processes must have in common to train one network: all that decides about weights and batches.
std::string agreementOf(const TrainingRequest& request)
{
    Recipe recipe = withDefaults(request.recipe);
    recipe.device.clear(); // each process has its own
    recipe.name.clear();
    const auto& split = request.data->split;
    const std::string content = fmt::format("{} {} {} {} {}", toJson(recipe), split.train.size(), split.validation.size(), request.network.parameterCount(),
                                            request.start ? request.start->sha256 : "");
    return sha256(std::as_bytes(std::span{content}));
}

/// Waits for the other processes; null: the request's trains alone.
std::unique_ptr<ProcessGroup> joinGroup(const TrainingRequest& request, RunControl& control)
{
    if (!request.group)
        return nullptr;
    GroupOptions options{.agreement = agreementOf(request), .ended = request.endedWorkers};
    if (request.group->rank == 0)
        options.interrupted = [&control] { return control.stopRequested(); };
    return std::make_unique<ProcessGroup>(*request.group, std::move(options));
}

/// Each process of a machine takes a GPU of its own.
std::string deviceOf(const TrainingRequest& request)
{
    const std::string& asked = request.recipe.device;
    return request.group && torch::cuda::is_available() && (asked == "auto" || asked == "cuda")
        ? fmt::format("cuda:{}", static_cast<std::size_t>(request.group->localRank) % torch::cuda::device_count())
        : asked;
}

RunEnded outOfMemory(const TrainingRequest& request)
{
    const std::int64_t batchSize = trainingOptions(request.recipe.training).batchSize;
    RunEnded ended{.status = RunStatus::failed, .reason = text("the memory was not enough for batches of %1", batchSize)};
    ended.hint =
        batchSize > 1 ? text("try a batch size of %1", batchSize / 2) : text("choose a smaller network, or smaller pictures");
    return ended;
}

/// What the exception being handled means to a person.
RunEnded failure(const TrainingRequest& request)
{
    try {
        throw;
    } catch (const c10::Error& error) {
        return isOutOfMemory(error) ? outOfMemory(request) : RunEnded{.status = RunStatus::failed, .reason = text("%1", error.what_without_backtrace())};
    } catch (const std::bad_alloc&) {
        return outOfMemory(request);
    } catch (const DescentError& error) {
        return {.status = RunStatus::failed, .reason = error.message(), .hint = text("check the disk, then train again")};
    } catch (const std::exception& error) {
        return {.status = RunStatus::failed, .reason = text("%1", error.what())};
    }
}

/// Of a search for a learning rate, which is no run.
class Silence : public RunObserver {
public:
    void onEvent(const RunEvent&) override {}
};

}

TorchBackend::TorchBackend()
{
    keepMemory();
    m_info.cudaNote = loadCudaIfThere();
    m_info.torchVersion = TORCH_VERSION;
    m_info.devices = listDevices();
}

BackendInfo TorchBackend::info() const
{
    BackendInfo info = m_info;
    info.devices = listDevices();
    return info;
}

Result<DeviceInfo> TorchBackend::resolveDevice(const std::string& device) const
{
    if (device == "auto")
        return {m_info.devices.back().id == "cpu" ? m_info.devices.front() : m_info.devices[1], {}};
    for (const DeviceInfo& one : m_info.devices)
        if (one.id == device || (device == "cuda" && one.id == "cuda:0"))
            return {one, {}};
    if (!device.starts_with("cuda"))
        return {std::nullopt, {{"device", text("there is no device \"%1\"", device), text("write auto, cpu or cuda")}}};
    const Text reason = m_info.devices.size() > 1 ? text("there is no device \"%1\" here", device)
        : m_info.cudaNote.empty() ? text("a GPU was asked for, and this installation of torch is for the CPU alone")
                                  : text("a GPU was asked for, and there is none: %1", m_info.cudaNote);
    return {std::nullopt, {{"device", reason, text("choose \"auto\" or \"cpu\"")}}};
}

Result<TakeOver> TorchBackend::examineStart(const std::filesystem::path& file, const StartOptions& options, const NetworkSpec& network,
                                            const Meanings& meanings) const
{
    try {
        GraphNetwork wanted{network, at::detail::createCPUGenerator(0)}; // its names and sizes are all that is looked at
        return takeOver(file, options, network, meanings, wanted);
    } catch (const c10::Error& error) { // no memory for so many weights
        return {std::nullopt, {{"start", text("%1", error.what_without_backtrace()), {}}}};
    }
}

void TorchBackend::train(const TrainingRequest& request, RunControl& control, RunObserver& observer)
{
    std::unique_ptr<ProcessGroup> group;
    try {
        const Result<DeviceInfo> device = resolveDevice(deviceOf(request));
        if (!device) {
            observer.onEvent(RunEnded{
                .status = RunStatus::failed, .reason = device.problems.front().message, .hint = device.problems.front().hint});
            return;
        }
        returnMemory();
        // Threads are a setting of the calling thread: each run has its own.
        at::set_num_threads(threadsFor(request));
        std::string name =
            device->id == "cpu" ? fmt::format("cpu, {} thread{}", at::get_num_threads(), at::get_num_threads() == 1 ? "" : "s") : device->id + " " + device->name;
        if (request.group)
            name += fmt::format(" in each of {} processes", request.group->size);
        try {
            group = joinGroup(request, control);
        } catch (const Cancelled&) {
            observer.onEvent(RunEnded{.status = RunStatus::stopped});
            return;
        } catch (const DescentError& error) {
            observer.onEvent(RunEnded{.status = RunStatus::failed, .reason = error.message(), .hint = text("see that all processes are started, with the same recipe and data")});
            return;
        }
        Trainer{request, torchDevice(device->id), name, control, observer, group.get()}.run();
    } catch (...) {
        RunEnded ended = failure(request);
        if (group)
            group->leave(english(ended.reason));
        observer.onEvent(std::move(ended));
    }
}

Result<RateCurve> TorchBackend::findRate(const TrainingRequest& request, const RateFinderOptions& options, const RateFinderControl& control)
{
    const Result<DeviceInfo> device = resolveDevice(request.recipe.device);
    if (!device)
        return {std::nullopt, device.problems};
    at::set_num_threads(threadsFor(request));
    RunControl noRequests;
    Silence silence;
    try {
        return {Trainer{request, torchDevice(device->id), device->name, noRequests, silence}.findRate(options, control), {}};
    } catch (...) {
        RunEnded ended = failure(request);
        return {std::nullopt, {{"training", std::move(ended.reason), std::move(ended.hint)}}};
    }
}

Result<std::unique_ptr<Model>> TorchBackend::open(const TrainingRequest& request)
{
    const Result<DeviceInfo> device = resolveDevice(request.recipe.device);
    if (!device)
        return {std::nullopt, device.problems};
    at::set_num_threads(threadsFor(request));
    auto model = std::make_unique<TorchModel>(request, torchDevice(device->id));
    if (Problems problems = model->loadBest(); !problems.empty())
        return {std::nullopt, std::move(problems)};
    return {std::move(model), {}};
}

}
