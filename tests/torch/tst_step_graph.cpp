// SPDX-License-Identifier: GPL-3.0-or-later
// Which steps are recorded and replayed, with a capturer that records nothing but what it is asked. That a GPU gives the same numbers
// takes one to show.
#include "engine/torch/train/step_graph.h"

#include "engine/torch/device/cuda_module.h"
#include "engine/torch/train/options.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <QTest>

using namespace descent;

namespace {

/// What was asked of a capturer, in order, and how it is to fail.
struct Asked {
    std::string calls; // w: warm-up, c: capture, r: replay
    bool captureThrows = false;
    bool destroyed = false;
};

/// Keeps the work itself, and does it again at each replay into the tensors that the recording made, as a GPU would.
class FakeCapturer : public StepCapturer {
public:
    FakeCapturer(Asked& asked, std::vector<at::Tensor> parameters) : m_asked{asked}, m_parameters{std::move(parameters)} {}
    ~FakeCapturer() override { m_asked.destroyed = true; }
    void warmUp(const std::function<void()>& work) override
    {
        m_asked.calls += 'w';
        work();
    }
    void capture(const std::function<void()>& work) override
    {
        m_asked.calls += 'c';
        work();
        if (m_asked.captureThrows)
            throw std::runtime_error{"operation not permitted when stream is capturing"};
    }
    void replay() override
    {
        m_asked.calls += 'r';
        again();
    }
    std::function<void()> again;

private:
    Asked& m_asked;
    std::vector<at::Tensor> m_parameters;
};

/// A linear network by hand, its loss the mean square error, learnt by plain gradient descent with a rate that changes every step.
struct Learner {
    at::Tensor weight = at::full({3, 1}, 0.5).requires_grad_(true), bias = at::zeros({1}).requires_grad_(true);
    at::Tensor unused = at::zeros({2}).requires_grad_(true);
    Asked asked;
    std::vector<std::string> failures;
    std::unique_ptr<StepGraph> graph;
    std::vector<at::Tensor> losses, outputs;
    std::int64_t eagerPasses = 0;

    std::vector<at::Tensor> parameters() const { return {weight, bias, unused}; }

    StepGraph::Pass pass(const Batch& batch)
    {
        ++eagerPasses;
        const at::Tensor answers = at::addmm(bias, batch.inputs.front(), weight);
        const at::Tensor loss = (answers - batch.targets).square().mean();
        loss.backward();
        return {loss, answers};
    }

    void capture()
    {
        auto capturer = std::make_unique<FakeCapturer>(asked, parameters());
        FakeCapturer* fake = capturer.get();
        graph = std::make_unique<StepGraph>(std::move(capturer), parameters(), [this](const std::string& reason) { failures.push_back(reason); });
        m_fake = fake;
    }

    void learn(const Batch& batch)
    {
        for (at::Tensor parameter : parameters())
            parameter.mutable_grad().reset();
        const StepGraph::Pass result = graph ? graph->run(batch, [this](const Batch& one) { return recorded(one); }) : pass(batch);
        losses.push_back(result.loss.detach().clone());
        outputs.push_back(result.outputs.detach().clone());
        const at::NoGradGuard guard;
        for (at::Tensor parameter : {weight, bias})
            parameter.sub_(parameter.grad(), 0.1 / static_cast<double>(losses.size()));
    }

private:
    /// The work as the fake repeats it: into the tensors that it made the last time it was recorded.
    StepGraph::Pass recorded(const Batch& batch)
    {
        const StepGraph::Pass made = pass(batch);
        if (asked.calls.ends_with('c') && !asked.destroyed)
            m_fake->again = [this, batch, made, gradients = std::vector{weight.grad(), bias.grad()}] {
                for (at::Tensor parameter : {weight, bias})
                    parameter.mutable_grad().reset();
                const StepGraph::Pass now = pass(batch);
                const at::NoGradGuard guard;
                made.loss.detach().copy_(now.loss);
                made.outputs.detach().copy_(now.outputs);
                gradients[0].copy_(weight.grad());
                gradients[1].copy_(bias.grad());
                weight.mutable_grad() = gradients[0];
                bias.mutable_grad() = gradients[1];
            };
        return made;
    }
    FakeCapturer* m_fake = nullptr;
};

Batch batchOf(std::int64_t size, std::uint64_t seed)
{
    at::Generator generator = at::detail::createCPUGenerator(seed);
    Batch batch;
    batch.inputs = {at::empty({size, 3}).normal_(0, 1, generator)};
    batch.targets = batch.inputs.front().sum(1, true) + 1;
    return batch;
}

/// Two epochs of seven batches, the last one smaller.
void learnTwoEpochs(Learner& learner)
{
    for (std::uint64_t step = 0; step < 14; ++step)
        learner.learn(batchOf(step % 7 == 6 ? 5 : 8, step));
}

std::string waysOf(CapturePlan& plan, const std::vector<CapturePlan::Sizes>& steps)
{
    std::string ways;
    for (const CapturePlan::Sizes& sizes : steps)
        ways += "ewcr"[static_cast<std::size_t>(plan.next(sizes))];
    return ways;
}

}

class TestStepGraph : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aPlanWarmsUpCapturesOnceAndReplays()
    {
        CapturePlan plan;
        const CapturePlan::Sizes whole{{8, 3}, {8}}, last{{5, 3}, {5}};
        QCOMPARE(waysOf(plan, {whole, whole, whole, whole, whole, last, whole, last, last, last, last, last, whole}), std::string{"wwwcrereeeeer"});
        plan.giveUp();
        QCOMPARE(waysOf(plan, {whole, last, whole}), std::string{"eee"});
    }

    void sizesThatChangeEachTimeAreNeverCaptured()
    {
        CapturePlan plan;
        const CapturePlan::Sizes shorter{{8, 20}, {8}}, longer{{8, 30}, {8}};
        QCOMPARE(waysOf(plan, {shorter, longer, shorter, longer, shorter, longer, longer, longer, longer, longer, shorter}), std::string{"wwwwwwwwcre"});
    }

    void replayedStepsLearnWhatEagerOnesDo()
    {
        Learner eager, graphed;
        graphed.capture();
        learnTwoEpochs(eager);
        learnTwoEpochs(graphed);
        QCOMPARE(graphed.asked.calls, std::string{"wwwcrrrrrrrrr"}); // the last batch of each epoch went eagerly
        for (std::size_t i = 0; i < eager.losses.size(); ++i) {
            QVERIFY2(at::equal(eager.losses[i], graphed.losses[i]), qPrintable(QString::number(i)));
            QVERIFY(at::equal(eager.outputs[i], graphed.outputs[i]));
        }
        QVERIFY(at::equal(eager.weight, graphed.weight) && at::equal(eager.bias, graphed.bias));
        QVERIFY(!graphed.unused.grad().defined());
        QVERIFY(graphed.failures.empty());
    }

    void whereRecordingFailsTrainingGoesOnAndIsToldOnce()
    {
        Learner eager, graphed;
        graphed.asked.captureThrows = true;
        graphed.capture();
        learnTwoEpochs(eager);
        learnTwoEpochs(graphed);
        QCOMPARE(graphed.asked.calls, std::string{"wwwc"});
        QVERIFY(graphed.asked.destroyed); // what it had recorded takes no memory any more
        QCOMPARE(graphed.failures, (std::vector<std::string>{"operation not permitted when stream is capturing"}));
        QVERIFY(at::equal(eager.weight, graphed.weight) && at::equal(eager.bias, graphed.bias));
        for (std::size_t i = 0; i < eager.losses.size(); ++i)
            QVERIFY(at::equal(eager.losses[i], graphed.losses[i]));
    }

    void anErrorOfTheTrainingItselfIsNotSwallowed()
    {
        Learner learner;
        learner.capture();
        const auto pass = [](const Batch&) -> StepGraph::Pass { throw std::runtime_error{"out of memory"}; };
        QVERIFY_EXCEPTION_THROWN(learner.graph->run(batchOf(8, 1), pass), std::runtime_error);
        QVERIFY(learner.failures.empty());
    }

    void aLossThatTakesNumbersOfTheHostIsRefused()
    {
        Learner learner;
        learner.capture();
        Batch mixed = batchOf(8, 1);
        mixed.otherTargets = mixed.targets.flip(0);
        QVERIFY_EXCEPTION_THROWN(learner.learn(mixed), std::invalid_argument);
    }

    void onlyAGpuIsCapturedForAndOnlyWhereTheHostHasNoPart()
    {
        QVERIFY(!canBeCaptured({}));
        QVERIFY(!obstacleTo({.accumulates = true})); // on a CPU there is nothing to say
        QVERIFY(!obstacleTo({.onGpu = true, .wanted = false, .accumulates = true}));
        QVERIFY(canBeCaptured({.onGpu = true}));
        QVERIFY(!canBeCaptured({.onGpu = true, .wanted = false}));
        for (const CaptureConditions& conditions : {CaptureConditions{.onGpu = true, .severalProcesses = true}, CaptureConditions{.onGpu = true, .scalesLoss = true},
                                                    CaptureConditions{.onGpu = true, .mixesPictures = true}, CaptureConditions{.onGpu = true, .accumulates = true}}) {
            QVERIFY(!canBeCaptured(conditions));
            QVERIFY(english(*obstacleTo(conditions)).starts_with("steps are not captured as a graph: "));
        }
        QVERIFY(!trainingOptions({}).graphCapture); // unproved on a GPU: a person chooses it
        QVERIFY(trainingOptions({{"graphCapture", true}}).graphCapture);
    }

    /// Here it is absent, or has no GPU's libraries to be joined with; either way there is a reason and no exception.
    void withoutItsModuleThereIsAReason()
    {
        const auto capturer = loadStepCapturer(at::Device{at::kCUDA, 0}, at::detail::createCPUGenerator(1));
        if (capturer)
            QSKIP("this machine can capture");
        QVERIFY(english(capturer.problems.front().message).find("descent_cuda") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestStepGraph)
#include "tst_step_graph.moc"
