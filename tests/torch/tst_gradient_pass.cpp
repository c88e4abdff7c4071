// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/job/training_job.h"
#include "engine/torch/data/training_batches.h"
#include "engine/torch/torch_backend.h"
#include "engine/torch/train/evaluation.h"
#include "engine/torch/train/gradient_pass.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <QTemporaryDir>
#include <QTest>

using namespace descent;

namespace {

/// Of `batch`, the samples of each of these sizes.
std::vector<Batch> cut(const Batch& batch, const std::vector<std::int64_t>& sizes)
{
    std::vector<Batch> parts;
    std::int64_t start = 0;
    for (const std::int64_t size : sizes) {
        Batch& part = parts.emplace_back();
        for (const at::Tensor& input : batch.inputs)
            part.inputs.push_back(input.narrow(0, start, size));
        part.targets = batch.targets.narrow(0, start, size);
        start += size;
    }
    return parts;
}

/// float32: the order in which samples are added up.
constexpr double rounding = 2e-5;

struct Passed {
    double loss = 0;
    std::vector<at::Tensor> gradients;
    at::Tensor outputs;
    std::map<std::string, double> figures; // on validation
};

Recipe recipeOf(const char* name, std::vector<std::pair<const char*, const char*>> settings)
{
    Recipe recipe = findRecipeTemplate(name)->recipe;
    for (const auto& [path, value] : settings)
        if (const Problems problems = setByPath(recipe, path, value); !problems.empty())
            throw std::invalid_argument{english(problems.front())};
    return recipe;
}

}

class TestGradientPass : public QObject
{
    Q_OBJECT
    TorchBackend m_backend;
    QTemporaryDir m_folder;

    /// sizes: empty, or of the batches that the seven samples come in. dense: without autograd, which the network must allow.
    Passed pass(const Recipe& recipe, int threads, const std::vector<std::int64_t>& sizes = {}, bool dense = false)
    {
        const auto training = prepareTraining(recipe, m_backend, {});
        if (!training)
            throw std::invalid_argument{english(training.problems.front())};
        const TrainingRequest request = requestOf(*training.value, m_folder.path().toStdString(), 1);
        at::set_num_threads(threads);
        GraphNetwork network{request.network, at::detail::createCPUGenerator(7)};
        const DeviceSamples samples{request.data, DeviceSamples::Part::train, at::kCPU};
        const auto program = makeTaskProgram({request, samples, at::kCPU});
        TrainingBatches batches{request.data, samples, 7, 1}; // does not divide by 2 or 3
        batches.startEpoch(1);
        GradientPass pass{network, *program, 5, true};
        network.train();
        if (dense) {
            std::optional<DensePass> chain = DensePass::of(request.network, network);
            if (!chain || !chain->fits(at::zeros({1, 2})))
                throw std::invalid_argument{"the network is no chain of dense layers"};
            pass.goDense(std::move(chain));
        }
        const Batch batch = batches.next();
        Passed passed{.loss = (sizes.empty() ? pass.run(batch, 3) : pass.run(cut(batch, sizes), 3)).item<double>(), .outputs = pass.outputs().detach()};
        for (const at::Tensor& parameter : network.parameters())
            passed.gradients.push_back(parameter.grad().defined() ? parameter.grad() : at::zeros_like(parameter));
        passed.figures = evaluate(network, samples, request.data->split.validation, *program);
        at::set_num_threads(1);
        return passed;
    }

    void compareGradients(const Passed& passed, const Passed& whole)
    {
        QCOMPARE(passed.gradients.size(), whole.gradients.size());
        for (std::size_t i = 0; i < whole.gradients.size(); ++i) {
            const double size = whole.gradients[i].norm().item<double>();
            const double apart = (passed.gradients[i] - whole.gradients[i]).norm().item<double>();
            QVERIFY2(apart <= rounding * size + 1e-7, qPrintable(QString{"parameter %1: %2 of %3"}.arg(i).arg(apart).arg(size)));
        }
    }

private Q_SLOTS:
    void sharesOfABatchGiveItsGradients_data()
    {
        QTest::addColumn<Recipe>("recipe");
        QTest::newRow("padded pairs") << recipeOf("dates", {{"dataset.samples", "300"}, {"architecture.dropout", "0"}});
        QTest::newRow("padded histories, weighted classes")
            << recipeOf("records", {{"dataset.samples", "300"}, {"training.classWeights", "balanced"}, {"architecture.dropout", "0"}});
        QTest::newRow("windows of a series") << recipeOf("waves", {});
        QTest::newRow("pictures, by convolutions: not shared") << recipeOf("drawn-digits", {{"dataset.samples", "300"}, {"architecture.kind", "lenet5"}});
    }
    void sharesOfABatchGiveItsGradients()
    {
        QFETCH(const Recipe, recipe);
        const Passed whole = pass(recipe, 1);
        for (const int threads : {2, 3}) {
            const Passed shared = pass(recipe, threads);
            QVERIFY(std::abs(shared.loss - whole.loss) <= rounding * std::abs(whole.loss));
            QVERIFY(at::allclose(shared.outputs, whole.outputs, 1e-4, rounding));
            compareGradients(shared, whole);
            for (const auto& [metric, value] : whole.figures)
                QVERIFY2(std::abs(shared.figures.at(metric) - value) <= 1e-4 * std::max(1.0, std::abs(value)), metric.c_str());
        }
    }

    void batchesOfAStepGiveTheGradientsOfOneBatch_data() { sharesOfABatchGiveItsGradients_data(); }
    /// Of unlike sizes, of unlike numbers of tokens, of classes of unlike weight.
    void batchesOfAStepGiveTheGradientsOfOneBatch()
    {
        QFETCH(const Recipe, recipe);
        const Passed whole = pass(recipe, 1);
        for (const int threads : {1, 2}) {
            const Passed accumulated = pass(recipe, threads, {3, 1, 3});
            QVERIFY(std::abs(accumulated.loss - whole.loss) <= rounding * std::abs(whole.loss));
            compareGradients(accumulated, whole);
        }
    }

    void sharedDropoutIsDrawnTheSameEachTime()
    {
        const Recipe recipe = recipeOf("dates", {{"dataset.samples", "300"}, {"architecture.dropout", "0.3"}});
        const Passed once = pass(recipe, 3), again = pass(recipe, 3);
        QCOMPARE(once.loss, again.loss);
        for (std::size_t i = 0; i < once.gradients.size(); ++i)
            QVERIFY(at::equal(once.gradients[i], again.gradients[i]));
        QVERIFY(once.loss != pass(recipeOf("dates", {{"dataset.samples", "300"}, {"architecture.dropout", "0"}}), 3).loss);
    }

    void denseLayersNeedNoAutograd_data()
    {
        QTest::addColumn<Recipe>("recipe");
        for (const char* activation : {"relu", "tanh", "sigmoid", "gelu", "silu", "leaky-relu"})
            QTest::newRow(activation) << recipeOf("spirals", {{"architecture.activation", activation}});
        QTest::newRow("relu6") << recipeOf("spirals", {{"architecture.kind", "custom"}, {"architecture.layers", R"([{"kind": "dense", "name": "fc", "features": 30}, {"kind": "activation", "name": "act", "function": "relu6"}, {"kind": "dense", "name": "head", "size": "outputs"}])"}});
        QTest::newRow("dropout") << recipeOf("table", {{"dataset.samples", "300"}, {"architecture.dropout", "0.4"}});
        QTest::newRow("a linear model") << recipeOf("table", {{"dataset.samples", "300"}, {"architecture.hidden", ""}});
        QTest::newRow("weighted classes") << recipeOf("risk", {{"dataset.samples", "300"}, {"architecture.kind", "mlp"}, {"training.classWeights", "balanced"}});
        QTest::newRow("smoothed labels") << recipeOf("spirals", {{"training.labelSmoothing", "0.1"}});
        QTest::newRow("focal loss") << recipeOf("risk", {{"dataset.samples", "300"}, {"architecture.kind", "mlp"}, {"training.classLoss", "focal"}});
        QTest::newRow("pictures, three layers") << recipeOf("drawn-digits", {{"dataset.samples", "300"}, {"architecture.kind", "mlp"}, {"architecture.hidden", "40, 30, 20"}});
    }
    /// To the last bit, with one batch and with several.
    void denseLayersNeedNoAutograd()
    {
        QFETCH(const Recipe, recipe);
        for (const std::vector<std::int64_t>& sizes : {std::vector<std::int64_t>{}, {3, 1, 3}}) {
            const Passed dense = pass(recipe, 1, sizes, true), usual = pass(recipe, 1, sizes);
            QCOMPARE(dense.loss, usual.loss);
            QVERIFY(at::equal(dense.outputs, usual.outputs));
            QCOMPARE(dense.gradients.size(), usual.gradients.size());
            for (std::size_t i = 0; i < usual.gradients.size(); ++i)
                QVERIFY2(at::equal(dense.gradients[i], usual.gradients[i]) && usual.gradients[i].count_nonzero().item<std::int64_t>() > 0, qPrintable(QString::number(i)));
        }
    }

    void otherLayersKeepAutograd_data()
    {
        QTest::addColumn<Recipe>("recipe");
        QTest::newRow("batch norm") << recipeOf("spirals", {{"architecture.batchNorm", "true"}});
        QTest::newRow("convolutions") << recipeOf("drawn-digits", {{"dataset.samples", "300"}});
        QTest::newRow("two inputs") << recipeOf("dates", {{"dataset.samples", "300"}});
        QTest::newRow("a residual network") << recipeOf("risk", {{"dataset.samples", "300"}});
    }
    void otherLayersKeepAutograd()
    {
        QFETCH(const Recipe, recipe);
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, pass(recipe, 1, {}, true));
    }

    void frozenLayersKeepAutograd()
    {
        const NetworkSpec spec = *buildNetwork(findRecipeTemplate("spirals")->recipe, {.inputs = {numericInput({2})}, .outputs = 2}).value;
        GraphNetwork network{spec, at::detail::createCPUGenerator(7)};
        const std::optional<DensePass> chain = DensePass::of(spec, network);
        QVERIFY(chain && chain->fits(at::zeros({1, 2})));
        std::vector<bool> frozen(spec.layers.size());
        frozen.front() = true;
        network.freeze(frozen);
        QVERIFY(!chain->fits(at::zeros({1, 2})));
    }

    void labelsAreSmoothedOrItIsRefused_data()
    {
        QTest::addColumn<QString>("recipe");
        QTest::addColumn<QString>("size");
        QTest::addColumn<bool>("smooths");
        QTest::newRow("rows") << "spirals" << "dataset.samples" << true;
        QTest::newRow("pictures") << "drawn-digits" << "dataset.samples" << true;
        QTest::newRow("histories") << "records" << "dataset.samples" << true;
        QTest::newRow("pairs of texts") << "dates" << "dataset.samples" << true;
        QTest::newRow("faces") << "faces" << "dataset.people" << false;
        QTest::newRow("boxes") << "street" << "dataset.samples" << false;
        QTest::newRow("series") << "waves" << "" << false;
    }
    void labelsAreSmoothedOrItIsRefused()
    {
        QFETCH(QString, recipe);
        QFETCH(QString, size);
        QFETCH(bool, smooths);
        const auto lossWith = [&](const char* smoothing) {
            Recipe one = recipeOf(qPrintable(recipe), {{"training.labelSmoothing", smoothing}});
            if (!size.isEmpty())
                setByPath(one, size.toStdString(), "200");
            return pass(one, 1).loss;
        };
        if (smooths)
            QVERIFY(lossWith("0") != lossWith("0.3"));
        else
            QVERIFY_THROWS_EXCEPTION(std::invalid_argument, lossWith("0.3"));
    }

    void statisticsOfABatchAreTakenOverAllOfIt()
    {
        const Recipe recipe = recipeOf("drawn-digits", {{"dataset.samples", "300"}, {"architecture.kind", "resnet18"}});
        const Passed whole = pass(recipe, 1), shared = pass(recipe, 3);
        // Three shares of 7 pictures would each have statistics of their own, far from those of all.
        QVERIFY(std::abs(shared.loss - whole.loss) <= 1e-3 * whole.loss);
    }
};

QTEST_GUILESS_MAIN(TestGradientPass)
#include "tst_gradient_pass.moc"
