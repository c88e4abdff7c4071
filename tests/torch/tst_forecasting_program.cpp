// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/job/training_job.h"
#include "engine/core/metrics/forecast.h"
#include "engine/core/task/forecasting.h"
#include "engine/torch/task/naive_forecasts.h"
#include "engine/torch/task/task_program.h"
#include "engine/torch/torch_backend.h"

#include <ATen/CPUGeneratorImpl.h>
#include <torch/torch.h>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace descent;

namespace {

class LastEvents : public RunObserver {
public:
    std::optional<RunEnded> ended;
    std::vector<ForecastPreview> previews;
    void onEvent(const RunEvent& event) override
    {
        if (const auto* end = std::get_if<RunEnded>(&event))
            ended = *end;
        if (const auto* preview = std::get_if<Preview>(&event))
            if (const auto* forecasts = std::get_if<ForecastPreview>(preview))
                previews.push_back(*forecasts);
    }
};

Recipe wavesWith(const std::vector<std::pair<const char*, const char*>>& settings)
{
    Recipe recipe = findRecipeTemplate("waves")->recipe;
    for (const auto& [path, value] : settings)
        if (!setByPath(recipe, path, value).empty())
            qFatal("%s", path);
    return recipe;
}

const ForecastPreparation& of(const PreparedTraining& training)
{
    return dynamic_cast<const ForecastPreparation&>(*training.data->task);
}

}

class TestForecastingProgram : public QObject {
    Q_OBJECT
    TorchBackend m_backend;
    QTemporaryDir m_folder;

    PreparedTraining prepared(const Recipe& recipe)
    {
        auto training = prepareTraining(recipe, m_backend, {});
        if (!training)
            qFatal("%s", english(training.problems.front()).c_str());
        return std::move(*training.value);
    }
    TrainingRequest requestOf(const PreparedTraining& training)
    {
        return {training.recipe, training.task, training.data, training.network, m_folder.path().toStdString(), 1};
    }
    LastEvents train(const TrainingRequest& request)
    {
        LastEvents events;
        RunControl control;
        m_backend.train(request, control, events);
        return events;
    }

private Q_SLOTS:
    void initTestCase() { at::set_num_threads(1); }

    /// By the free functions of engine/core/metrics, which have references of their own.
    void theJudgesFiguresAreThoseOfTheMetrics_data()
    {
        QTest::addColumn<QString>("missing");
        QTest::addColumn<QString>("columns");
        QTest::newRow("whole") << "0" << "3";
        QTest::newRow("one column, a fifth missing") << "0.2" << "1";
        QTest::newRow("three columns, a fifth missing") << "0.2" << "3";
    }
    void theJudgesFiguresAreThoseOfTheMetrics()
    {
        QFETCH(QString, missing);
        QFETCH(QString, columns);
        const PreparedTraining training = prepared(wavesWith({{"dataset.steps", "600"}, {"dataset.missing", qPrintable(missing)}, {"dataset.columns", qPrintable(columns)}, {"task.season", "24"}}));
        const TrainingRequest request = requestOf(training);
        const ForecastPreparation& preparation = of(training);
        const DeviceSamples samples{training.data, DeviceSamples::Part::train, at::kCPU};
        const auto program = makeTaskProgram({request, samples, at::kCPU});
        GraphNetwork network{training.network, at::detail::createCPUGenerator(3)};
        const auto judge = program->judge({});
        const std::vector<std::int64_t>& rows = training.data->split.test;
        const torch::NoGradGuard guard;
        for (std::size_t begin = 0; begin < rows.size(); begin += 10)
            judge->take(network, samples.gather(std::span{rows}.subspan(begin, std::min<std::size_t>(10, rows.size() - begin))));
        const auto figures = judge->figures();

        const auto& series = std::get<Series>(training.data->dataset->train.inputs);
        const Batch all = samples.gather(rows);
        const at::Tensor outputs = network.forward(all.inputs);
        std::vector<float> truth, forecast, last, season;
        double scaled = 0;
        for (std::size_t target = 0; target < static_cast<std::size_t>(preparation.targets); ++target) {
            std::vector<float> columnTruth, columnForecast;
            const auto standardised = [&](std::int64_t step) {
                const double value = series.values[static_cast<std::size_t>(step * series.columns()) + target];
                return static_cast<float>((value - preparation.mean[target]) / preparation.deviation[target]);
            };
            for (std::size_t i = 0; i < rows.size(); ++i) {
                std::vector<float> past;
                float seen = 0; // filled as inputs are
                for (std::int64_t step = 0; step < rows[i] + preparation.inputLength; ++step) {
                    seen = std::isfinite(standardised(step)) ? standardised(step) : seen;
                    if (step >= rows[i])
                        past.push_back(seen);
                }
                const std::vector<float> sameAgain = repeatLast(past, preparation.horizon), seasonAgain = seasonalNaive(past, 24, preparation.horizon);
                for (std::int64_t ahead = 0; ahead < preparation.horizon; ++ahead) {
                    columnTruth.push_back(standardised(rows[i] + preparation.inputLength + ahead));
                    columnForecast.push_back(outputs[static_cast<std::int64_t>(i)][ahead][static_cast<std::int64_t>(target)].item<float>());
                    last.push_back(sameAgain[static_cast<std::size_t>(ahead)]);
                    season.push_back(seasonAgain[static_cast<std::size_t>(ahead)]);
                }
            }
            scaled += meanAbsoluteError(columnTruth, columnForecast) / preparation.naiveError[target] / static_cast<double>(preparation.targets);
            truth.insert(truth.end(), columnTruth.begin(), columnTruth.end());
            forecast.insert(forecast.end(), columnForecast.begin(), columnForecast.end());
        }
        const auto near = [&](const char* figure, double expected) {
            const double found = figures.at(figure);
            QVERIFY2(std::abs(found - expected) < 1e-5 * std::max(1.0, std::abs(expected)), qPrintable(QStringLiteral("%1 %2 %3").arg(figure).arg(found).arg(expected)));
        };
        near("mse", meanSquaredError(truth, forecast));
        near("loss", meanSquaredError(truth, forecast));
        near("mae-standardised", meanAbsoluteError(truth, forecast));
        near("mse-repeat-last", meanSquaredError(truth, last));
        near("mse-seasonal-naive", meanSquaredError(truth, season));
        near("mase", scaled);
        QCOMPARE(figures.contains("mae"), preparation.targets == 1);
        if (preparation.targets == 1)
            near("mae", meanAbsoluteError(truth, forecast) * preparation.deviation.front());
    }

    void aSeasonLongerThanTheWindowCannotBeRepeated()
    {
        const at::Tensor window = at::arange(10, at::kFloat).view({1, 10, 1});
        QVERIFY(!repeatedSeason(window, 5, 1, 11).defined() && !repeatedSeason(window, 5, 1, 0).defined());
        QCOMPARE(repeatedSeason(window, 5, 1, 3)[0][4][0].item<float>(), 8.0F); // 7 8 9 7 8
        QCOMPARE(repeatedLast(window, 5, 1)[0][4][0].item<float>(), 9.0F);
    }

    void missingTargetsTeachNothing()
    {
        const PreparedTraining training = prepared(wavesWith({{"dataset.missing", "0.3"}}));
        const TrainingRequest request = requestOf(training);
        const DeviceSamples samples{training.data, DeviceSamples::Part::train, at::kCPU};
        const auto program = makeTaskProgram({request, samples, at::kCPU});
        const Batch batch = samples.gather(std::span{training.data->split.train}.first(8));
        QVERIFY(batch.targets.isnan().any().item<bool>());
        at::Tensor outputs = at::randn(batch.targets.sizes()).requires_grad_();
        const at::Tensor loss = program->loss(outputs, batch);
        loss.backward();
        QVERIFY(std::isfinite(loss.item<float>()));
        QVERIFY(outputs.grad().isfinite().all().item<bool>());
        QVERIFY(outputs.grad().masked_select(batch.targets.isnan()).abs().sum().item<float>() == 0);
    }

    void itLearnsTheWavesInSeconds()
    {
        const PreparedTraining training = prepared(wavesWith({{"training.epochs", "10"}}));
        const LastEvents events = train(requestOf(training));
        QVERIFY(events.ended->status == RunStatus::completed);
        const auto& test = events.ended->test;
        QVERIFY2(test.at("mse") < 0.6 * test.at("mse-seasonal-naive") && test.at("mse") < 0.6 * test.at("mse-repeat-last"), std::to_string(test.at("mse")).c_str());
        QVERIFY(!events.previews.empty());
        const ForecastPreview& preview = events.previews.back();
        QCOMPARE(preview.windows.size(), 4U);
        for (const ForecastPreview::Window& window : preview.windows) {
            QCOMPARE(window.truth.size(), 24U);
            QCOMPARE(window.forecast.size(), 24U);
            QCOMPARE(window.seasonalNaive.size(), 24U);
            QCOMPARE(window.seconds.size(), window.past.size() + 24);
            QCOMPARE(window.repeatLast.front(), window.past.back());
            QVERIFY(meanAbsoluteError(window.truth, window.forecast) < 1); // in own units the waves swing by about 1
        }
    }

    void aFinishedRunContinuesTheSeries()
    {
        const PreparedTraining training = prepared(wavesWith({{"training.epochs", "20"}, {"dataset.noise", "0.02"}, {"task.calendar", "true"}}));
        const TrainingRequest request = requestOf(training);
        QVERIFY(train(request).ended->status == RunStatus::completed);
        const auto model = m_backend.open(request);
        QVERIFY(model.value);
        const auto answer = std::get<ForecastAnswer>((*model.value)->ask(ForecastQuestion{60}));
        QCOMPARE(answer.names.size(), 3U);
        QCOMPARE(answer.values.size(), 180U);
        QCOMPARE(answer.firstStep, 2400);
        const auto& series = std::get<Series>(training.data->dataset->train.inputs);
        QCOMPARE(answer.seconds.front(), series.seconds.back() + 3600);
        QCOMPARE(answer.seconds.size(), 60U);
        // Made-up waves go on as their formula does: a longer draw of them is the truth.
        const auto longer = findDatasetKind("waves")->load({{"steps", std::int64_t{2460}}, {"noise", 0.02}, {"trend", 2460.0 / 2400}}, {});
        const auto& truth = std::get<Series>(longer->train.inputs).values;
        double error = 0;
        for (std::size_t i = 0; i < 180; ++i)
            error += std::abs(answer.values[i] - truth[7200 + i]) / 180;
        QVERIFY2(error < 0.2, std::to_string(error).c_str());
        const auto horizon = std::get<ForecastAnswer>((*model.value)->ask(ForecastQuestion{}));
        QCOMPARE(horizon.values.size(), 72U);
        QVERIFY(std::equal(horizon.values.begin(), horizon.values.end(), answer.values.begin()));
    }

    void beyondTheHorizonColumnsThatAreOnlyReadAreMissed()
    {
        const PreparedTraining training = prepared(wavesWith({{"training.epochs", "1"}, {"task.columns", "wave 1"}, {"architecture.kind", "rnn-forecaster"}, {"architecture.width", "4"}}));
        const TrainingRequest request = requestOf(training);
        QVERIFY(train(request).ended->status == RunStatus::completed);
        const auto model = m_backend.open(request);
        QCOMPARE(std::get<ForecastAnswer>((*model.value)->ask(ForecastQuestion{})).values.size(), 24U);
        QVERIFY_THROWS_EXCEPTION(DescentError, (*model.value)->ask(ForecastQuestion{25}));
    }
};

QTEST_GUILESS_MAIN(TestForecastingProgram)
#include "tst_forecasting_program.moc"
