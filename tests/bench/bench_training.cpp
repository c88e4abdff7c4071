// SPDX-License-Identifier: GPL-3.0-or-later
// What training costs, for eight networks at two batch sizes each (training_cases.h).
//
//   build/release/bench/bench_training tax [repetitions [model [path=value…]]] > training_tax.json
//
// Three loops over the same network and the same batches, turn about in one process:
//   ours   the Trainer with everything on: recorder, feed, previews, insight, progress, checkpoints
//   bare   GraphNetwork, TrainingBatches, the task's loss, GradientPass and our optimizer in a dozen lines: what the trainer is made
//          of, without the trainer. It ends with the same losses, bit for bit, or the benchmark fails.
//   plain  as bare, but backward() on the whole batch and torch::optim: what a person writes with libtorch
// Evaluation is in none of the times: they end with the last step of the only epoch.
//
// The memory is that of a process of its own for each side. Ours and bare have TorchBackend's settings of malloc, plain has glibc's.
//
//   bench_training list                                     the cases
//   bench_training one ours|bare|plain MODEL BATCH STEPS [path=value…]   one turn in this process: what training_peers.py runs
#include "engine/core/base/random.h"
#include "engine/core/run/live_feed.h"
#include "engine/core/store/run_recorder.h"
#include "engine/torch/torch_backend.h"
#include "engine/torch/train/trainer.h"
#include "tests/bench/training_cases.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <torch/optim.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <span>
#include <unistd.h>

using namespace descent;
using Clock = std::chrono::steady_clock;
using Json = nlohmann::ordered_json;
using Settings = std::vector<std::pair<std::string, std::string>>;

namespace {

/// "VmRSS" or "VmHWM", its highest value, of this process. Not getrusage: that counts what stood here before exec.
std::int64_t ownBytes(std::string_view field)
{
    std::ifstream status{"/proc/self/status"};
    for (std::string line; std::getline(status, line);)
        if (line.starts_with(field))
            return std::atoll(line.c_str() + field.size() + 1) * 1024;
    throw std::runtime_error{"/proc/self/status does not tell the memory"};
}

/// Kernels are chosen at the first use of a shape, and memory is taken.
std::int64_t warmUpOf(std::int64_t steps)
{
    return std::max<std::int64_t>(2, steps / 10);
}

struct Outcome {
    std::vector<double> losses; ///< of all steps
    double microseconds = 0;    ///< a step, behind the warm-up
    std::int64_t peak = 0;      ///< bytes, up to the last step
};

/// What an observer is told of the steps, and the memory at the last event before the epoch is judged.
class Watch : public RunObserver {
public:
    void onEvent(const RunEvent& event) override
    {
        const auto* logged = std::get_if<MetricsLogged>(&event);
        if (!logged)
            return;
        bool learns = true;
        for (const MetricPoint& point : logged->points) {
            if (point.series == "loss/train") {
                m_losses.push_back(point.value);
                m_seconds.push_back(point.seconds);
            }
            learns = learns && !point.series.ends_with("/validation");
        }
        if (learns)
            m_peak = ownBytes("VmHWM");
    }

    Outcome outcome(std::int64_t steps) const
    {
        const std::int64_t warmUp = warmUpOf(steps);
        if (static_cast<std::int64_t>(m_losses.size()) < steps + warmUp)
            throw std::runtime_error{fmt::format("{} steps were told of, not {}", m_losses.size(), steps + warmUp)};
        const auto secondsAt = [&](std::int64_t step) { return m_seconds[static_cast<std::size_t>(step - 1)]; };
        return {.losses = {m_losses.begin(), m_losses.begin() + steps + warmUp},
                .microseconds = (secondsAt(steps + warmUp) - secondsAt(warmUp)) / static_cast<double>(steps) * 1e6,
                .peak = m_peak};
    }

private:
    std::vector<double> m_losses, m_seconds;
    std::int64_t m_peak = 0;
};

class All : public RunObserver {
public:
    std::vector<RunObserver*> observers;
    void onEvent(const RunEvent& event) override
    {
        for (RunObserver* one : observers)
            one->onEvent(event);
    }
};

Outcome ours(const TrainingRequest& request, std::int64_t steps)
{
    RunStore store{request.folder};
    const RunId run = store.createRun({.name = "bench", .recipeJson = "{}"});
    RunRecorder recorder{request.folder, run};
    LiveFeed feed;
    Watch watch;
    All all;
    all.observers = {&recorder, &feed, &watch};
    RunControl control;
    TorchBackend{}.train(request, control, all);
    return watch.outcome(steps);
}

/// torch's own of the two kinds that the cases have.
std::unique_ptr<torch::optim::Optimizer> torchOptimizer(const OptimizerOptions& options, double learningRate,
                                                        std::vector<at::Tensor> parameters)
{
    namespace optim = torch::optim;
    if (options.kind == OptimizerOptions::Kind::sgd) {
        const auto sgd = optim::SGDOptions{learningRate}.momentum(options.momentum).weight_decay(options.weightDecay);
        return std::make_unique<optim::SGD>(std::move(parameters), sgd);
    }
    if (options.kind == OptimizerOptions::Kind::adamw) {
        const auto adamw = optim::AdamWOptions{learningRate}.betas({options.beta1, options.beta2}).eps(options.epsilon);
        return std::make_unique<optim::AdamW>(std::move(parameters), optim::AdamWOptions{adamw}.weight_decay(options.weightDecay));
    }
    throw std::invalid_argument{"the plain loop knows SGD and AdamW"};
}

Outcome bareLoop(const TrainingRequest& request, std::int64_t steps, bool plain)
{
    const auto seedOf = [&](const char* purpose) { return derivedSeed(static_cast<std::uint64_t>(request.recipe.seed), purpose); };
    GraphNetwork network{request.network, at::detail::createCPUGenerator(seedOf("weights"))};
    toChannelsLast(network);
    const DeviceSamples samples{request.data, DeviceSamples::Part::train, at::kCPU};
    const TrainingOptions options = trainingOptions(request.recipe.training);
    const double learningRate = realOf(trainingSchema(), request.recipe.training, "learningRate");
    TrainingBatches batches{request.data, samples, options.batchSize, seedOf("batches")};
    const auto program = makeTaskProgram({request, samples, at::kCPU});
    const bool shares = GradientPass::sharesPay(request.network, options.batchSize);
    GradientPass pass{network, *program, seedOf("dropout"), shares, nullptr, options.precision};
    pass.goDense(DensePass::of(request.network, network));
    std::vector<std::pair<std::string, at::Tensor>> parameters;
    for (const auto& parameter : network.named_parameters())
        parameters.emplace_back(parameter.key(), parameter.value());
    const auto optimizer = makeOptimizer(options.optimizer, parameters);
    const auto theirs = plain ? torchOptimizer(options.optimizer, learningRate, network.parameters()) : nullptr;

    Outcome outcome;
    const std::int64_t warmUp = warmUpOf(steps);
    Clock::time_point start;
    network.train();
    batches.startEpoch(1);
    for (std::int64_t step = 0; step < steps + warmUp; ++step) {
        at::Tensor loss;
        if (plain) {
            const Batch batch = batches.next();
            theirs->zero_grad();
            at::Tensor outputs;
            {
                const Autocast guard{options.precision, at::kCPU};
                outputs = network.forward(batch.inputs).to(at::kFloat);
            }
            loss = program->loss(outputs, batch);
            loss.backward();
            theirs->step();
        } else {
            pass.clear();
            const Batch batch = batches.next();
            optimizer->clearGradients();
            loss = pass.run(batch, step);
            optimizer->step(learningRate);
        }
        outcome.losses.push_back(*loss.const_data_ptr<float>());
        if (step + 1 == warmUp)
            start = Clock::now();
    }
    outcome.microseconds = std::chrono::duration<double, std::micro>(Clock::now() - start).count() / static_cast<double>(steps);
    outcome.peak = ownBytes("VmHWM");
    return outcome;
}

Outcome turn(std::string_view side, const TrainingRequest& request, std::int64_t steps)
{
    if (side != "ours" && side != "bare" && side != "plain")
        throw std::invalid_argument{fmt::format("there is no side \"{}\"", side)};
    return side == "ours" ? ours(request, steps) : bareLoop(request, steps, side == "plain");
}

/// A folder for a run's files, as long as it lives.
struct TemporaryFolder {
    std::filesystem::path path = std::filesystem::temp_directory_path() / fmt::format("descent-bench-{}", ::getpid());
    TemporaryFolder() { std::filesystem::create_directories(path); }
    ~TemporaryFolder() { std::filesystem::remove_all(path); }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
};

TrainingRequest prepare(std::string_view model, TrainingCase::Size size, const Settings& settings, const std::filesystem::path& folder)
{
    TrainingRequest request = trainingRequest(model, size.batch, size.steps + warmUpOf(size.steps), settings, folder);
    // One or two, by the rule of TorchBackend.
    const double work = 3.0 * static_cast<double>(request.network.multiplyAdds()) * static_cast<double>(size.batch);
    at::set_num_threads(work < 2 * 10e6 ? 1 : 2);
    return request;
}

/// What whoever builds the same network elsewhere needs to know.
Json described(const TrainingRequest& request, std::string_view model, TrainingCase::Size size)
{
    Json inputs = Json::array();
    for (std::size_t i = 0; i < request.data->brief.inputs.size(); ++i) {
        const NetworkInput& input = request.data->brief.inputs[i];
        const std::vector<std::int32_t>& lengths = request.data->train.inputs[i].lengths;
        Shape given = input.shape; // batches of sequences end with their longest, and all are of one length
        if (!lengths.empty())
            given.front() = *std::max_element(lengths.begin(), lengths.end());
        inputs.push_back({{"shape", input.shape}, {"given", given}, {"vocabulary", input.vocabulary}});
    }
    return {{"model", model},
            {"batch", size.batch},
            {"steps", size.steps},
            {"threads", at::get_num_threads()},
            {"optimizer", textOf(trainingSchema(), request.recipe.training, "optimizer")},
            {"parameterCount", request.network.parameterCount()},
            {"inputs", inputs},
            {"targetShape", request.data->train.targets.shape},
            {"outputs", request.data->brief.outputs}};
}

Json one(std::string_view side, std::string_view model, TrainingCase::Size size, const Settings& settings)
{
    std::optional<TorchBackend> backend; // whose settings of malloc are the process's
    if (side != "plain")
        backend.emplace();
    const TemporaryFolder folder;
    const TrainingRequest request = prepare(model, size, settings, folder.path);
    std::ofstream{"/proc/self/clear_refs"} << 5; // the peak is that of training, not of making the samples
    const std::int64_t before = ownBytes("VmRSS");
    const Outcome outcome = turn(side, request, size.steps);
    Json report = described(request, model, size);
    report["side"] = side;
    report["microseconds"] = outcome.microseconds;
    report["bytesBefore"] = before;
    report["bytesPeak"] = outcome.peak;
    report["bytesPeakOfAll"] = ownBytes("VmHWM"); // with the epoch's judgement, the best network and its checkpoint
    report["losses"] = outcome.losses;
    return report;
}

/// One turn in a process of its own.
Json elsewhere(std::string_view side, std::string_view model, TrainingCase::Size size, const Settings& settings)
{
    const std::string program = std::filesystem::read_symlink("/proc/self/exe").string();
    std::string command = fmt::format("'{}' one {} {} {} {}", program, side, model, size.batch, size.steps);
    for (const auto& [path, value] : settings)
        command += fmt::format(" '{}={}'", path, value);
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> child{::popen(command.c_str(), "r"), ::pclose};
    std::string answer;
    std::array<char, 4096> some{};
    while (const std::size_t count = child ? std::fread(some.data(), 1, some.size(), child.get()) : 0)
        answer.append(some.data(), count);
    return Json::parse(answer);
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/// The greatest difference, as a share of the loss; 0: bit-equal.
double differenceOf(const std::vector<double>& left, const std::vector<double>& right)
{
    double difference = left.size() == right.size() ? 0 : 1;
    for (std::size_t i = 0; i < std::min(left.size(), right.size()); ++i)
        if (left[i] != right[i])
            difference = std::max(difference, std::abs(left[i] - right[i]) / std::abs(right[i]));
    return difference;
}

Json memoryOf(std::string_view model, TrainingCase::Size size, const Settings& settings)
{
    struct Bytes {
        std::int64_t before = 0, peak = 0, peakOfAll = 0;
        explicit Bytes(const Json& report)
            : before{report.at("bytesBefore")}, peak{report.at("bytesPeak")}, peakOfAll{report.at("bytesPeakOfAll")}
        {
        }
        Json json() const { return {{"before", before}, {"peak", peak}, {"peakOfAll", peakOfAll}}; }
    };
    const Bytes mine{elsewhere("ours", model, size, settings)}, other{elsewhere("bare", model, size, settings)};
    const Bytes plain{elsewhere("plain", model, size, settings)};
    const auto ratio = [](std::int64_t left, std::int64_t right) { return static_cast<double>(left) / static_cast<double>(right); };
    return {{"ours", mine.json()},
            {"bare", other.json()},
            {"plain", plain.json()},
            {"ratio", ratio(mine.peak, other.peak)},
            {"ratioToPlain", ratio(mine.peak, plain.peak)},
            {"ratioOfAll", ratio(mine.peakOfAll, other.peakOfAll)},
            {"ratioOfGrowth", ratio(mine.peak - mine.before, other.peak - other.before)}};
}

Json taxOf(std::string_view model, TrainingCase::Size size, int repetitions, const Settings& settings)
{
    constexpr std::array sides{"ours", "bare", "plain"};
    const TemporaryFolder folder;
    const TrainingRequest request = prepare(model, size, settings, folder.path);
    std::array<std::vector<double>, sides.size()> times;
    std::vector<double> ratios, ratiosToPlain;
    double difference = 0;
    for (int i = 0; i <= repetitions; ++i) { // the first round warms up
        std::array<Outcome, sides.size()> round;
        // Turn about, so that a drift of the machine's speed favours none.
        for (std::size_t k = 0; k < sides.size(); ++k) {
            const std::size_t side = (k + static_cast<std::size_t>(i)) % sides.size();
            round[side] = turn(sides[side], request, size.steps);
        }
        difference = std::max(difference, differenceOf(round[0].losses, round[1].losses));
        if (i == 0)
            continue;
        for (std::size_t side = 0; side < sides.size(); ++side)
            times[side].push_back(round[side].microseconds);
        ratios.push_back(round[0].microseconds / round[1].microseconds);
        ratiosToPlain.push_back(round[0].microseconds / round[2].microseconds);
    }
    Json report = described(request, model, size);
    for (std::size_t side = 0; side < sides.size(); ++side)
        report[std::string{sides[side]} + "Microseconds"] = median(times[side]);
    report["lossDifference"] = difference;
    report["ratio"] = median(ratios);
    report["ratioLeast"] = *std::min_element(ratios.begin(), ratios.end());
    report["ratioMost"] = *std::max_element(ratios.begin(), ratios.end());
    report["ratioToPlain"] = median(ratiosToPlain);
    report["memory"] = memoryOf(model, size, settings);
    return report;
}

int tax(int repetitions, std::string_view model, const Settings& settings)
{
    const TorchBackend backend; // its settings hold for the bare loops as well: the ratio is the trainer's alone
    Json report;
    double worst = 0, logarithms = 0, plainLogarithms = 0;
    for (const TrainingCase& one : trainingCases())
        for (const TrainingCase::Size& size : one.sizes) {
            if (!model.empty() && model != one.name)
                continue;
            const Json of = taxOf(one.name, size, repetitions, settings);
            const double ratio = of["ratio"], toPlain = of["ratioToPlain"], memory = of["memory"]["ratio"], difference = of["lossDifference"];
            fmt::print(stderr, "{}, batch {}: {:.4f} of bare, {:.4f} of plain; memory {:.3f}; losses differ by {:.1e}\n", one.name, size.batch,
                       ratio, toPlain, memory, difference);
            worst = std::max(worst, difference);
            logarithms += std::log(ratio);
            plainLogarithms += std::log(toPlain);
            report["models"].push_back(of);
        }
    const auto count = static_cast<double>(report["models"].size());
    if (count == 0)
        throw std::invalid_argument{fmt::format("there is no case \"{}\"", model)};
    report["geometricMean"] = std::exp(logarithms / count);
    report["geometricMeanToPlain"] = std::exp(plainLogarithms / count);
    report["bitEqual"] = worst == 0;
    report["repetitions"] = repetitions;
    std::printf("%s\n", report.dump(2).c_str());
    return worst == 0 ? 0 : 1;
}

std::int64_t numberFrom(std::string_view written)
{
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(written.data(), written.data() + written.size(), number);
    if (error != std::errc{} || end != written.data() + written.size() || number < 1)
        throw std::invalid_argument{fmt::format("\"{}\" is no number above 0", written)};
    return number;
}

}

int main(int argc, char** argv)
try {
    Settings settings;
    std::vector<std::string_view> words;
    for (const std::string_view argument : std::span{argv, static_cast<std::size_t>(argc)}.subspan(1))
        if (const std::size_t is = argument.find('='); is != std::string_view::npos)
            settings.emplace_back(argument.substr(0, is), argument.substr(is + 1));
        else
            words.push_back(argument);
    if (words.size() == 5 && words[0] == "one") {
        std::printf("%s\n", one(words[1], words[2], {numberFrom(words[3]), numberFrom(words[4])}, settings).dump().c_str());
        return 0;
    }
    if (words.size() == 1 && words[0] == "list") {
        Json list = Json::array();
        for (const TrainingCase& one : trainingCases())
            for (const TrainingCase::Size& size : one.sizes)
                list.push_back({{"model", one.name}, {"batch", size.batch}, {"steps", size.steps}});
        std::printf("%s\n", list.dump().c_str());
        return 0;
    }
    if (!words.empty() && words.size() <= 3 && words[0] == "tax") {
        const int repetitions = words.size() > 1 ? static_cast<int>(numberFrom(words[1])) : 7;
        return tax(repetitions, words.size() > 2 ? words[2] : std::string_view{}, settings);
    }
    fmt::print(stderr, "bench_training tax [repetitions [model [path=value…]]]\n"
                       "bench_training list\n"
                       "bench_training one ours|bare|plain MODEL BATCH STEPS [path=value…]\n");
    return 2;
} catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
}
