// SPDX-License-Identifier: GPL-3.0-or-later
// A step (forward, loss, backward) of GraphNetwork against the same network written by hand with torch::nn, weights copied
// from one to the other, turn by turn in one process. Losses and gradients must be equal, bit for bit, or it fails.
//
//   build/release/bench/bench_network [repetitions] > network.json
#include "engine/core/network/architecture.h"
#include "engine/torch/nn/graph_network.h"

#include <torch/torch.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <nlohmann/json.hpp>
#include <stdexcept>

using namespace descent;
namespace nn = torch::nn;
using Clock = std::chrono::steady_clock;

namespace {

/// What a person writes from the tutorial, for an architecture and parameters of ours.
class HandWritten : public nn::Module {
public:
    virtual at::Tensor forward(at::Tensor x) = 0;
};

class Mlp : public HandWritten {
public:
    at::Tensor forward(at::Tensor x) override
    {
        x = torch::relu(fc1->forward(x));
        x = torch::relu(fc2->forward(x));
        return head->forward(x);
    }

private:
    nn::Linear fc1 = register_module("fc1", nn::Linear(2, 64));
    nn::Linear fc2 = register_module("fc2", nn::Linear(64, 64));
    nn::Linear head = register_module("head", nn::Linear(64, 2));
};

nn::Conv2d convolution(std::int64_t before, std::int64_t after, std::int64_t kernel, std::int64_t stride)
{
    return nn::Conv2d(nn::Conv2dOptions(before, after, kernel).stride(stride).padding(kernel / 2).bias(false));
}

class SmallCnn : public HandWritten {
public:
    at::Tensor forward(at::Tensor x) override
    {
        x = torch::max_pool2d(torch::relu(bn1->forward(conv1->forward(x))), 2);
        x = torch::max_pool2d(torch::relu(bn2->forward(conv2->forward(x))), 2);
        x = torch::max_pool2d(torch::relu(bn3->forward(conv3->forward(x))), 2);
        return head->forward(x.flatten(1));
    }

private:
    nn::Conv2d conv1 = register_module("conv1", convolution(1, 16, 3, 1));
    nn::BatchNorm2d bn1 = register_module("bn1", nn::BatchNorm2d(16));
    nn::Conv2d conv2 = register_module("conv2", convolution(16, 32, 3, 1));
    nn::BatchNorm2d bn2 = register_module("bn2", nn::BatchNorm2d(32));
    nn::Conv2d conv3 = register_module("conv3", convolution(32, 64, 3, 1));
    nn::BatchNorm2d bn3 = register_module("bn3", nn::BatchNorm2d(64));
    nn::Linear head = register_module("head", nn::Linear(64 * 9, 10));
};

class BasicBlock : public HandWritten {
public:
    BasicBlock(std::int64_t before, std::int64_t after, std::int64_t stride)
        : conv1{register_module("conv1", convolution(before, after, 3, stride))},
          bn1{register_module("bn1", nn::BatchNorm2d(after))},
          conv2{register_module("conv2", convolution(after, after, 3, 1))},
          bn2{register_module("bn2", nn::BatchNorm2d(after))}
    {
        if (stride != 1 || before != after)
            downsample =
                register_module("downsample", nn::Sequential(convolution(before, after, 1, stride), nn::BatchNorm2d(after)));
    }
    at::Tensor forward(at::Tensor x) override
    {
        at::Tensor y = torch::relu(bn1->forward(conv1->forward(x)));
        y = bn2->forward(conv2->forward(y));
        return torch::relu(y + (downsample ? downsample->forward(x) : x));
    }

private:
    nn::Conv2d conv1;
    nn::BatchNorm2d bn1;
    nn::Conv2d conv2;
    nn::BatchNorm2d bn2;
    nn::Sequential downsample{nullptr};
};

class ResNet18 : public HandWritten {
public:
    ResNet18()
    {
        std::int64_t before = 64;
        for (const std::int64_t after : {64, 128, 256, 512})
            for (const std::int64_t stride : {after == 64 ? 1 : 2, 1}) {
                blocks.push_back(register_module("block" + std::to_string(blocks.size()),
                                                 std::make_shared<BasicBlock>(before, after, stride)));
                before = after;
            }
        fc = register_module("fc", nn::Linear(512, 10));
    }
    at::Tensor forward(at::Tensor x) override
    {
        x = torch::relu(bn1->forward(conv1->forward(x)));
        for (const auto& block : blocks)
            x = block->forward(x);
        return fc->forward(torch::adaptive_avg_pool2d(x, {1, 1}).flatten(1));
    }

private:
    nn::Conv2d conv1 = register_module("conv1", convolution(3, 64, 3, 1));
    nn::BatchNorm2d bn1 = register_module("bn1", nn::BatchNorm2d(64));
    std::vector<std::shared_ptr<BasicBlock>> blocks;
    nn::Linear fc{nullptr};
};

struct Case {
    const char* name;
    const char* architecture;
    Shape inputShape;
    std::int64_t outputs, batch;
    int threads, steps; ///< of one turn
    std::function<std::shared_ptr<HandWritten>()> byHand;
};

const std::vector<Case> cases{
    {"tiny-mlp", "mlp", {2}, 2, 32, 1, 2000, [] { return std::make_shared<Mlp>(); }},
    {"small-cnn", "small-cnn", {1, 28, 28}, 10, 64, 2, 20, [] { return std::make_shared<SmallCnn>(); }},
    {"resnet18-32", "resnet18", {3, 32, 32}, 10, 32, 2, 1, [] { return std::make_shared<ResNet18>(); }},
};

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/// Microseconds of a step; the last step's loss stays in `loss`.
template <typename Network>
double timed(Network& network, const Case& one, const at::Tensor& inputs, const at::Tensor& targets, at::Tensor& loss)
{
    const std::vector<at::Tensor> parameters = network.parameters();
    const auto start = Clock::now();
    for (int step = 0; step < one.steps; ++step) {
        for (const at::Tensor& parameter : parameters)
            parameter.mutable_grad().reset();
        loss = at::cross_entropy_loss(network.forward(inputs), targets);
        loss.backward();
    }
    return std::chrono::duration<double, std::micro>(Clock::now() - start).count() / one.steps;
}

}

int main(int argc, char** argv)
{
    const int repetitions = argc > 1 ? std::atoi(argv[1]) : 11;
    nlohmann::ordered_json report;
    bool equal = true;
    for (const Case& one : cases) {
        at::set_num_threads(one.threads);
        torch::manual_seed(1);
        const auto spec = findArchitecture(one.architecture)->build({}, numbersFrom(one.inputShape, one.outputs));
        GraphNetwork ours{*spec, at::make_generator<at::CPUGeneratorImpl>(1)};
        const std::shared_ptr<HandWritten> theirs = one.byHand();
        const std::vector<at::Tensor> left = ours.parameters(), right = theirs->parameters();
        if (left.size() != right.size())
            throw std::logic_error{"the two networks differ"};
        {
            const torch::NoGradGuard guard;
            for (std::size_t i = 0; i < left.size(); ++i)
                right[i].copy_(left[i]);
        }
        std::vector<std::int64_t> sizes{one.batch};
        sizes.insert(sizes.end(), one.inputShape.begin(), one.inputShape.end());
        const at::Tensor inputs = at::randn(sizes), targets = at::randint(one.outputs, {one.batch});

        std::vector<double> ratios, oursUs, theirsUs;
        for (int i = 0; i <= repetitions; ++i) { // the first pair warms up
            // Turn about, so that a drift of the machine's speed favours neither.
            at::Tensor ourLoss, theirLoss;
            double mine = 0, other = 0;
            if (i % 2 == 0)
                mine = timed(ours, one, inputs, targets, ourLoss);
            other = timed(*theirs, one, inputs, targets, theirLoss);
            if (i % 2 != 0)
                mine = timed(ours, one, inputs, targets, ourLoss);
            equal = equal && at::equal(ourLoss, theirLoss);
            for (std::size_t k = 0; k < left.size(); ++k)
                equal = equal && at::equal(left[k].grad(), right[k].grad());
            if (i == 0)
                continue;
            ratios.push_back(mine / other);
            oursUs.push_back(mine);
            theirsUs.push_back(other);
        }
        report["models"].push_back({{"model", one.name},
                                    {"threads", one.threads},
                                    {"graphNetworkMicroseconds", median(oursUs)},
                                    {"handWrittenMicroseconds", median(theirsUs)},
                                    {"ratio", median(ratios)},
                                    {"ratioLeast", *std::min_element(ratios.begin(), ratios.end())},
                                    {"ratioMost", *std::max_element(ratios.begin(), ratios.end())}});
        std::fprintf(stderr, "%s %.4f\n", one.name, median(ratios));
    }
    report["bitEqual"] = equal;
    report["repetitions"] = repetitions;
    std::printf("%s\n", report.dump(2).c_str());
    return equal ? 0 : 1;
}
