// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/job/training_job.h"
#include "engine/torch/data/batch_mixing.h"
#include "engine/torch/task/classification.h"
#include "engine/torch/torch_backend.h"
#include "engine/torch/train/gradient_pass.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <QTest>
#include <algorithm>
#include <numeric>

using namespace descent;

namespace {

constexpr std::int64_t count = 8, height = 10, width = 14;

/// Every pixel of picture i is i, and so is its class.
Batch numberedPictures()
{
    const at::Tensor numbers = at::arange(count);
    return {.inputs = {numbers.to(at::kFloat).view({count, 1, 1, 1}).repeat({1, 3, height, width})}, .targets = numbers};
}

bool isRectangle(const at::Tensor& mask) // bool [height, width]
{
    return at::equal(mask, mask.any(1).unsqueeze(1) & mask.any(0).unsqueeze(0)) && mask.any(0).to(at::kLong).diff().abs().sum().item<std::int64_t>() <= 2
        && mask.any(1).to(at::kLong).diff().abs().sum().item<std::int64_t>() <= 2;
}

Recipe digits()
{
    Recipe recipe = findRecipeTemplate("drawn-digits")->recipe;
    for (const auto& [path, value] : {std::pair{"dataset.samples", "300"}, {"architecture.kind", "mlp"}})
        if (const Problems problems = setByPath(recipe, path, value); !problems.empty())
            throw std::invalid_argument{english(problems.front())};
    return recipe;
}

}

class TestBatchMixing : public QObject {
    Q_OBJECT
    TorchBackend m_backend;

private Q_SLOTS:
    void mixupIsAWeighedSumOfPairs()
    {
        Random random{3};
        const Batch before = numberedPictures(), after = mixed(before, {.mixup = 0.4}, random);
        QVERIFY(at::equal(before.inputs.front(), numberedPictures().inputs.front())); // which may be a view of the data
        QVERIFY(at::equal(after.targets, before.targets));
        QVERIFY(at::equal(std::get<0>(after.otherTargets.sort()), before.targets));
        QVERIFY(after.share > 0 && after.share < 1);
        const at::Tensor wanted = after.targets * after.share + after.otherTargets * (1 - after.share);
        QVERIFY(at::allclose(after.inputs.front(), wanted.to(at::kFloat).view({count, 1, 1, 1}).expand({count, 3, height, width})));
    }

    void cutmixPutsARectangleOfAnotherPictureIn()
    {
        Random random{3};
        for (int round = 0; round < 50; ++round) {
            const Batch after = mixed(numberedPictures(), {.cutmix = 1}, random);
            for (std::int64_t i = 0; i < count; ++i) {
                const std::int64_t other = after.otherTargets[i].item<std::int64_t>();
                if (other == i)
                    continue;
                const at::Tensor picture = after.inputs.front()[i], own = picture == static_cast<double>(i);
                QVERIFY(((picture == static_cast<double>(other)) | own).all().item<bool>());
                QVERIFY(isRectangle(own[0].logical_not()));
                QVERIFY(std::abs(own.to(at::kDouble).mean().item<double>() - after.share) < 1e-12);
            }
        }
    }

    void withBothABatchHasOneOfThem()
    {
        Random random{5};
        int blends = 0;
        for (int round = 0; round < 400; ++round) {
            const at::Tensor pictures = mixed(numberedPictures(), {.mixup = 1, .cutmix = 1}, random).inputs.front();
            blends += pictures.frac().any().item<bool>() ? 1 : 0;
        }
        QVERIFY2(blends > 160 && blends < 240, qPrintable(QString::number(blends))); // 200 within 4 deviations
    }

    void erasingHidesARectangleOfThePapersSize()
    {
        Random random{7};
        std::int64_t erased = 0;
        constexpr int rounds = 100;
        const Batch ones{.inputs = {at::ones({count, 3, 32, 32})}, .targets = at::zeros({count}, at::kLong)};
        for (int round = 0; round < rounds; ++round) {
            const Batch after = mixed(ones, {.erasing = 0.3}, random);
            QVERIFY(!after.otherTargets.defined());
            for (std::int64_t i = 0; i < count; ++i) {
                const at::Tensor hidden = after.inputs.front()[i][0] == 0;
                const double share = hidden.to(at::kDouble).mean().item<double>();
                if (share == 0)
                    continue;
                ++erased;
                QVERIFY(isRectangle(hidden));
                QVERIFY2(share > 0.015 && share < 0.35, qPrintable(QString::number(share))); // sides are rounded
            }
        }
        QVERIFY(ones.inputs.front().all().item<bool>());
        QVERIFY2(erased > 188 && erased < 292, qPrintable(QString::number(erased))); // 240 of 800 within 4 deviations
    }

    void sharesComeFromTheBetaDistribution_data()
    {
        QTest::addColumn<double>("alpha");
        for (const double alpha : {0.2, 1.0, 5.0})
            QTest::newRow(qPrintable(QString::number(alpha))) << alpha;
    }
    void sharesComeFromTheBetaDistribution()
    {
        QFETCH(double, alpha);
        Random random{11};
        constexpr int draws = 40000;
        double sum = 0, squares = 0;
        for (int i = 0; i < draws; ++i) {
            const double share = drawnShare(alpha, random) - 0.5;
            sum += share;
            squares += share * share;
        }
        const double variance = 1 / (4 * (2 * alpha + 1));
        QVERIFY(std::abs(sum / draws) < 4 * std::sqrt(variance / draws));
        QVERIFY2(std::abs(squares / draws - variance) < 0.02 * variance, qPrintable(QString::number(squares / draws / variance)));
    }

    void aTinyAlphaLeavesPicturesAsTheyAre()
    {
        Random random{13};
        for (int i = 0; i < 1000; ++i) {
            const double share = drawnShare(1e-6, random);
            QVERIFY(share >= 0 && share <= 1); // and is a number
        }
    }

    void aMixedBatchIsLearntTowardsBothClasses()
    {
        const auto training = prepareTraining(digits(), m_backend, {});
        QVERIFY2(training, training.problems.empty() ? "" : english(training.problems.front()).c_str());
        const TrainingRequest request = requestOf(*training.value);
        const DeviceSamples samples{request.data, DeviceSamples::Part::train, at::kCPU};
        const auto program = makeTaskProgram({request, samples, at::kCPU});
        std::vector<std::int64_t> rows(7);
        std::iota(rows.begin(), rows.end(), std::int64_t{0});
        Random random{17};
        const Batch batch = mixed(samples.gather(rows), {.mixup = 1}, random);
        QVERIFY(!at::equal(batch.targets, batch.otherTargets));
        std::vector<at::Tensor> first;
        for (const int threads : {1, 3}) { // three take their samples, with both classes, apart
            at::set_num_threads(threads);
            GraphNetwork network{request.network, at::detail::createCPUGenerator(7)};
            GradientPass pass{network, *program, 5, true};
            const double loss = pass.run(batch, 0).item<double>();
            const at::Tensor outputs = pass.outputs();
            const double wanted = batch.share * crossEntropy(outputs, batch.targets).item<double>() + (1 - batch.share) * crossEntropy(outputs, batch.otherTargets).item<double>();
            QVERIFY2(std::abs(loss - wanted) < 1e-5, qPrintable(QString::number(loss - wanted)));
            std::vector<at::Tensor> gradients;
            for (const at::Tensor& parameter : network.parameters())
                gradients.push_back(parameter.grad());
            if (threads == 1)
                first = gradients;
            for (std::size_t i = 0; i < first.size(); ++i)
                QVERIFY(at::allclose(gradients[i], first[i], 1e-4, 1e-6));
        }
        at::set_num_threads(1);
    }

    void onlyPicturesOfClassesAreMixed_data()
    {
        QTest::addColumn<QString>("recipe");
        QTest::addColumn<QString>("size");
        QTest::newRow("points") << QStringLiteral("spirals") << QStringLiteral("dataset.samples");
        QTest::newRow("faces") << QStringLiteral("faces") << QStringLiteral("dataset.people");
        QTest::newRow("boxes") << QStringLiteral("street") << QStringLiteral("dataset.samples");
    }
    void onlyPicturesOfClassesAreMixed()
    {
        QFETCH(QString, recipe);
        QFETCH(QString, size);
        for (const char* option : {"mixup", "cutmix", "erasing"}) {
            Recipe unfit = findRecipeTemplate(recipe.toStdString())->recipe;
            QVERIFY(setByPath(unfit, size.toStdString(), "100").empty());
            QVERIFY(setByPath(unfit, std::string{"training."} + option, "0.5").empty());
            const auto training = prepareTraining(unfit, m_backend, {});
            QVERIFY(!training);
            QCOMPARE(training.problems.front().path, std::string{"training."} + option);
        }
        Recipe fit = digits();
        setByPath(fit, "training.cutmix", "1");
        QVERIFY(prepareTraining(fit, m_backend, {}));
    }
};

QTEST_GUILESS_MAIN(TestBatchMixing)
#include "tst_batch_mixing.moc"
