// SPDX-License-Identifier: GPL-3.0-or-later
// What reading data costs. For each source: seconds until it can be trained on, decoded and from the cache, and some hundred steps
// with real batches against the same steps with one batch again and again, turn by turn, in one process.
// Prints JSON; `waitsShare` is the part of a step in which the network waits for its batch.
// `secondsOfAnEpoch`: of its batches alone. The source "batches" is a folder without the steps; "streamed" one that memory is
// said to have no room for, so that its pictures stay in the cache's file. `residentMegabytes`: what this process grew by.
//
//   build/release/bench/bench_input [mnist=PATH] [cifar=FOLDER] [streamed=FOLDER] [batches=FOLDER] [repetitions] > input.json
#include "engine/core/base/files.h"
#include "engine/core/base/random.h"
#include "engine/core/job/training_job.h"
#include "engine/torch/data/training_batches.h"
#include "engine/torch/optim/optimizer.h"
#include "engine/torch/task/classification.h"
#include "engine/torch/torch_backend.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

using namespace descent;
using Clock = std::chrono::steady_clock;

namespace {

double since(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

struct Steps {
    double seconds = 0, waited = 0;
};

/// Memory of this process that is its own: pages of files do not count.
double ownMegabytes()
{
    std::ifstream status{"/proc/self/status"};
    for (std::string word; status >> word;)
        if (word == "RssAnon:") {
            double kilobytes = 0;
            status >> kilobytes;
            return kilobytes / 1024;
        }
    return 0;
}

/// `constant`: a batch that is there already.
Steps train(GraphNetwork& network, Optimizer& optimizer, TrainingBatches& batches, std::int64_t steps, std::int64_t epoch, bool constant)
{
    batches.startEpoch(epoch);
    Batch batch = batches.next();
    Steps taken;
    const Clock::time_point start = Clock::now();
    for (std::int64_t i = 1; i < std::min(steps, batches.stepsPerEpoch()); ++i) {
        const Clock::time_point before = Clock::now();
        if (!constant)
            batch = batches.next();
        taken.waited += since(before);
        optimizer.clearGradients();
        crossEntropy(network.forward(batch.inputs), batch.targets).backward();
        optimizer.step(1e-3);
    }
    taken.seconds = since(start);
    return taken;
}

nlohmann::ordered_json measured(TorchBackend& backend, const std::string& name, const std::string& path, int repetitions)
{
    Recipe recipe = findRecipeTemplate(name == "mnist" ? "mnist" : "cifar10-fast")->recipe;
    if (const Problems problems = setByPath(recipe, "dataset.path", path); !problems.empty())
        throw std::runtime_error{english(problems.front())};
    if (name != "mnist") { // a network that leaves the reader time to read ahead, as most do
        setByPath(recipe, "architecture.kind", "resnet18");
        setByPath(recipe, "architecture.width", "32");
    }
    const std::int64_t steps = name == "mnist" ? 400 : 20;
    nlohmann::ordered_json report{{"source", name}};
    LoadControl control;
    if (name == "streamed")
        control.memory = 0;
    const double before = ownMegabytes();
    std::optional<PreparedTraining> training;
    for (const char* how : {"secondsToDecode", "secondsFromCache"}) {
        const Clock::time_point start = Clock::now();
        Result<PreparedTraining> prepared = prepareTraining(recipe, backend, control);
        if (!prepared)
            throw std::runtime_error{english(prepared.problems.front())};
        report[how] = since(start);
        training = std::move(*prepared.value);
    }
    at::set_num_threads(2);
    const DeviceSamples samples{training->data, DeviceSamples::Part::train, at::kCPU};
    const std::int64_t batchSize = integerOf(trainingSchema(), training->recipe.training, "batchSize");
    TrainingBatches batches{training->data, samples, batchSize, 1};
    report["samples"] = training->data->split.train.size();
    report["batchSize"] = batchSize;
    batches.startEpoch(1);
    const Clock::time_point start = Clock::now();
    for (std::int64_t i = 0; i < batches.stepsPerEpoch(); ++i)
        batches.next();
    report["secondsOfAnEpoch"] = since(start);
    report["residentMegabytes"] = ownMegabytes() - before;
    if (name == "batches")
        return report;
    GraphNetwork network{training->network, at::detail::createCPUGenerator(1)};
    toChannelsLast(network);
    network.train();
    std::vector<std::pair<std::string, at::Tensor>> parameters;
    for (const auto& parameter : network.named_parameters())
        parameters.emplace_back(parameter.key(), parameter.value());
    const auto optimizer = makeOptimizer({}, parameters);
    std::vector<double> ratios, shares;
    for (int i = 0; i <= repetitions; ++i) { // the first pair warms up
        const bool first = i % 2 == 0;
        const Steps a = train(network, *optimizer, batches, steps, 2 * i + 1, first), b = train(network, *optimizer, batches, steps, 2 * i + 2, !first);
        const Steps &constant = first ? a : b, &real = first ? b : a;
        if (i == 0)
            continue;
        ratios.push_back(real.seconds / constant.seconds);
        shares.push_back(real.waited / real.seconds);
    }
    report["architecture"] = training->recipe.architecture.kind;
    report["ratioToConstantBatch"] = median(ratios);
    report["waitsShare"] = median(shares);
    return report;
}

}

int main(int argc, char** argv)
try {
    int repetitions = 7;
    std::vector<std::pair<std::string, std::string>> sources;
    for (int i = 1; i < argc; ++i) {
        const std::string argument = argv[i];
        if (const std::size_t is = argument.find('='); is != std::string::npos)
            sources.emplace_back(argument.substr(0, is), argument.substr(is + 1));
        else
            repetitions = std::atoi(argv[i]);
    }
    const std::filesystem::path home = std::filesystem::temp_directory_path() / "descent-bench-input";
    std::filesystem::remove_all(home);
    ::setenv("DESCENT_HOME", home.c_str(), 1); // the cache is to be empty at first
    TorchBackend backend;
    nlohmann::ordered_json report = nlohmann::ordered_json::array();
    for (const auto& [name, path] : sources)
        report.push_back(measured(backend, name, path, repetitions));
    std::printf("%s\n", report.dump(2).c_str());
    std::filesystem::remove_all(home);
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
}
