// SPDX-License-Identifier: GPL-3.0-or-later
// What the trainer costs over a bare loop: feed, history, previews and progress on, against the same network, batches,
// loss and optimizer in a dozen lines, in one process, turn by turn. Both end with the same losses, bit for bit, or the
// benchmark fails. Evaluation is left out of both (one epoch; the trainer's clock is read at the last step).
//
//   build/release/bench/bench_loop_tax [repetitions [model]] > loop_tax.json
#include "engine/core/base/random.h"
#include "engine/core/run/live_feed.h"
#include "engine/core/store/run_recorder.h"
#include "engine/torch/task/classification.h"
#include "engine/torch/torch_backend.h"
#include "engine/torch/train/trainer.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

using namespace descent;
using Clock = std::chrono::steady_clock;

namespace {

struct Case {
    const char* name;
    const char* dataset;
    std::int64_t samples;
    std::vector<std::pair<std::string, std::string>> settings;
};

const std::vector<Case> cases{
    {"tiny-mlp", "moons", 100'000, {{"architecture.kind", "mlp"}, {"training.batchSize", "32"}}},
    {"mlp-784", "drawn-digits", 60'000, {{"architecture.kind", "mlp"}, {"architecture.hidden", "256, 256"}, {"training.batchSize", "64"}}},
    {"small-cnn", "drawn-digits", 60'000, {{"architecture.kind", "small-cnn"}, {"training.batchSize", "64"}}},
    {"lenet5", "drawn-digits", 60'000, {{"architecture.kind", "lenet5"}, {"training.batchSize", "64"}}},
    {"resnet18-28", "drawn-digits", 800, {{"architecture.kind", "resnet18"}, {"training.batchSize", "32"}}},
};

TrainingRequest requestOf(const Case& one, const std::filesystem::path& folder)
{
    Recipe recipe = findRecipeTemplate("spirals")->recipe;
    const auto set = [&](const std::string& path, const std::string& value) {
        for (const Problem& problem : setByPath(recipe, path, value))
            throw std::runtime_error{english(problem)};
    };
    set("dataset.kind", one.dataset);
    set("dataset.samples", std::to_string(one.samples));
    set("training.epochs", "1");
    set("training.optimizer", "sgd");
    set("training.learningRate", "0.01");
    set("training.schedule", "constant");
    for (const auto& [path, value] : one.settings)
        set(path, value);
    auto dataset = findDatasetKind(recipe.dataset.kind)->load(recipe.dataset.parameters, {});
    auto shared = std::make_shared<const Dataset>(std::move(*dataset.value));
    const TaskKind task = *resolveTask(recipe, *shared).value;
    auto prepared = task.prepare(shared, preparationOf(recipe), {});
    const NetworkSpec network = *buildNetwork(recipe, prepared->brief).value;
    return {recipe, task, std::make_shared<const PreparedData>(std::move(*prepared.value)), network, folder, 1};
}

struct Outcome {
    double secondsPerStep = 0;
    std::vector<double> losses;
};

/// Keeps the losses, and the time from the first step to the last.
class Watch : public RunObserver
{
public:
    Outcome outcome;
    void onEvent(const RunEvent& event) override
    {
        const auto* logged = std::get_if<MetricsLogged>(&event);
        if (!logged)
            return;
        for (const MetricPoint& point : logged->points)
            if (point.series == "loss/train") {
                outcome.losses.push_back(point.value);
                m_last = point.seconds;
                if (outcome.losses.size() == 1)
                    m_first = point.seconds;
            }
        outcome.secondsPerStep = (m_last - m_first) / static_cast<double>(std::max<std::size_t>(1, outcome.losses.size() - 1));
    }

private:
    double m_first = 0, m_last = 0;
};

class Both : public RunObserver
{
public:
    std::vector<RunObserver*> observers;
    void onEvent(const RunEvent& event) override
    {
        for (RunObserver* one : observers)
            one->onEvent(event);
    }
};

Outcome ours(const TrainingRequest& request, const std::filesystem::path& home)
{
    RunStore store{home};
    const RunId run = store.createRun({.name = "bench", .recipeJson = "{}"});
    RunRecorder recorder{home, run};
    LiveFeed feed;
    Watch watch;
    Both both;
    both.observers = {&recorder, &feed, &watch};
    RunControl control;
    Trainer{request, at::kCPU, "cpu", control, both}.run();
    return watch.outcome;
}

Outcome bare(const TrainingRequest& request)
{
    const auto seedOf = [&](const char* purpose) { return derivedSeed(static_cast<std::uint64_t>(request.recipe.seed), purpose); };
    GraphNetwork network{request.network, at::detail::createCPUGenerator(seedOf("weights"))};
    toChannelsLast(network);
    const DeviceSamples samples{request.data, DeviceSamples::Part::train, at::kCPU};
    const TrainingOptions options = trainingOptions(request.recipe.training);
    TrainingBatches batches{request.data, samples, options.batchSize, seedOf("batches")};
    std::vector<std::pair<std::string, at::Tensor>> parameters;
    for (const auto& parameter : network.named_parameters())
        parameters.emplace_back(parameter.key(), parameter.value());
    const auto optimizer = makeOptimizer(options.optimizer, parameters);
    Outcome outcome;
    Clock::time_point first, last;
    network.train();
    batches.startEpoch(1);
    for (std::int64_t step = 0; step < batches.stepsPerEpoch(); ++step) {
        const Batch batch = batches.next();
        optimizer->clearGradients();
        const at::Tensor loss = crossEntropy(network.forward(batch.inputs), batch.targets);
        loss.backward();
        optimizer->step(0.01);
        outcome.losses.push_back(*loss.const_data_ptr<float>());
        last = Clock::now();
        if (step == 0)
            first = last;
    }
    outcome.secondsPerStep = std::chrono::duration<double>(last - first).count() / static_cast<double>(outcome.losses.size() - 1);
    return outcome;
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

}

int main(int argc, char** argv)
{
    const int repetitions = argc > 1 ? std::atoi(argv[1]) : 7;
    const std::filesystem::path home = std::filesystem::temp_directory_path() / "descent-bench";
    std::filesystem::remove_all(home);
    std::filesystem::create_directories(home);
    nlohmann::ordered_json report;
    double worst = 0;
    for (const Case& one : cases) {
        if (argc > 2 && std::string_view{argv[2]} != one.name)
            continue;
        const TrainingRequest request = requestOf(one, home);
        const double work = 3.0 * static_cast<double>(request.network.multiplyAdds()) * static_cast<double>(trainingOptions(request.recipe.training).batchSize);
        at::set_num_threads(work < 10e6 ? 1 : 2);
        std::vector<double> ratios, oursUs, bareUs;
        double difference = 0; // of losses, in parts of them; 0: bit-equal
        for (int i = 0; i <= repetitions; ++i) {   // the first pair warms up
            // Turn about, so that a drift of the machine's speed favours neither.
            const Outcome first = i % 2 == 0 ? ours(request, home) : bare(request);
            const Outcome second = i % 2 == 0 ? bare(request) : ours(request, home);
            const Outcome &a = i % 2 == 0 ? first : second, &b = i % 2 == 0 ? second : first;
            for (std::size_t step = 0; step < std::min(a.losses.size(), b.losses.size()); ++step)
                difference = std::max(difference, std::abs(a.losses[step] - b.losses[step]) / std::abs(b.losses[step]));
            if (a.losses.size() != b.losses.size())
                difference = 1;
            if (i == 0)
                continue;
            ratios.push_back(a.secondsPerStep / b.secondsPerStep);
            oursUs.push_back(a.secondsPerStep * 1e6);
            bareUs.push_back(b.secondsPerStep * 1e6);
        }
        report["models"].push_back({{"model", one.name},
                                    {"threads", at::get_num_threads()},
                                    {"oursMicroseconds", median(oursUs)},
                                    {"bareMicroseconds", median(bareUs)},
                                    {"lossDifference", difference},
                                    {"ratio", median(ratios)},
                                    {"ratioLeast", *std::min_element(ratios.begin(), ratios.end())},
                                    {"ratioMost", *std::max_element(ratios.begin(), ratios.end())}});
        std::fprintf(stderr, "%s %.4f, losses differ by %.1e\n", one.name, median(ratios), difference);
        worst = std::max(worst, difference);
    }
    report["repetitions"] = repetitions;
    std::printf("%s\n", report.dump(2).c_str());
    std::filesystem::remove_all(home);
    // Shares of a batch are added up in another order than its samples: rounding, and what it grows to in some hundred steps.
    return worst < 1e-2 ? 0 : 1;
}
