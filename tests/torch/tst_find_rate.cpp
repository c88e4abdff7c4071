// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/torch_backend.h"

#include "engine/core/job/training_job.h"

#include <QTemporaryDir>
#include <QTest>
#include <numeric>

using namespace descent;

namespace {

TrainingRequest requestWith(const std::vector<std::pair<const char*, const char*>>& settings)
{
    Recipe recipe = findRecipeTemplate("drawn-digits")->recipe;
    const auto set = [&](const char* path, const char* value) {
        if (const Problems problems = setByPath(recipe, path, value); !problems.empty())
            throw std::invalid_argument{english(problems.front())};
    };
    set("dataset.samples", "600");
    set("training.batchSize", "32");
    for (const auto& [path, value] : settings)
        set(path, value);
    auto training = prepareTraining(recipe, TorchBackend{}, {});
    if (!training)
        throw std::invalid_argument{english(training.problems.front())};
    return requestOf(*training.value);
}

RateCurve found(const TrainingRequest& request, const RateFinderOptions& options = {}, const RateFinderControl& control = {})
{
    Result<RateCurve> curve = TorchBackend{}.findRate(request, options, control);
    if (!curve)
        throw std::runtime_error{english(curve.problems.front())};
    return *std::move(curve.value);
}

/// The losses of training, as a run tells them.
class Losses : public RunObserver {
public:
    std::vector<double> values;
    void onEvent(const RunEvent& event) override
    {
        if (const auto* logged = std::get_if<MetricsLogged>(&event))
            for (const MetricPoint& point : logged->points)
                if (point.series == "loss/train")
                    values.push_back(point.value);
    }
};

}

class TestFindRate : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// 600 samples in batches of 32 are 15 steps an epoch or so: the search goes over several.
    void whatItSuggestsLearnsWellAndItsEndsDoNot()
    {
        const TrainingRequest request = requestWith({{"architecture.kind", "small-cnn"}});
        const RateCurve curve = found(request);
        QVERIFY(curve.points.size() > 50);
        const auto suggested = suggestedRates(curve);
        QVERIFY(suggested.has_value());
        QVERIFY2(suggested->steepest > 1e-4 && suggested->steepest < 0.1, qPrintable(QString::number(suggested->steepest)));
        const auto lossAfterTraining = [&](double rate) {
            TrainingRequest trained = request;
            QTemporaryDir folder;
            trained.folder = folder.path().toStdString();
            trained.recipe.training["learningRate"] = rate;
            trained.recipe.training["epochs"] = std::int64_t{3};
            Losses losses;
            RunControl control;
            TorchBackend{}.train(trained, control, losses);
            return std::accumulate(losses.values.end() - 10, losses.values.end(), 0.0) / 10;
        };
        const double good = lossAfterTraining(suggested->steepest);
        QVERIFY(good < 0.5 * lossAfterTraining(1e-6));
        QVERIFY(good < 0.5 * lossAfterTraining(10));
    }

    void itBeginsWhereTrainingWould()
    {
        TrainingRequest request = requestWith({{"architecture.kind", "mlp"}, {"training.epochs", "1"}});
        const RateCurve curve = found(request);
        QTemporaryDir folder;
        request.folder = folder.path().toStdString();
        Losses losses;
        RunControl control;
        TorchBackend{}.train(request, control, losses);
        QCOMPARE(curve.points.front().loss, losses.values.front());
    }

    void theSameSearchFindsTheSame_data()
    {
        QTest::addColumn<QStringList>("settings");
        QTest::newRow("convolutions") << QStringList{"architecture.kind", "small-cnn"};
        QTest::newRow("dropout") << QStringList{"architecture.kind", "mlp", "architecture.dropout", "0.5"};
        QTest::newRow("accumulation, clipping") << QStringList{"training.accumulation", "3", "training.clipNorm", "1", "training.clipValue", "0.1"};
        QTest::newRow("bfloat16") << QStringList{"training.precision", "bfloat16"};
        QTest::newRow("Muon") << QStringList{"training.optimizer", "muon"};
    }
    void theSameSearchFindsTheSame()
    {
        QFETCH(QStringList, settings);
        std::vector<QByteArray> bytes;
        for (const QString& text : settings)
            bytes.push_back(text.toUtf8());
        std::vector<std::pair<const char*, const char*>> pairs;
        for (std::size_t i = 0; i < bytes.size(); i += 2)
            pairs.emplace_back(bytes[i].constData(), bytes[i + 1].constData());
        const TrainingRequest request = requestWith(pairs);
        const RateFinderOptions options{.steps = 30};
        const RateCurve curve = found(request, options);
        QVERIFY(curve.points.size() > 15);
        QVERIFY(found(request, options) == curve);
    }

    void aStopEndsIt()
    {
        std::stop_source stop;
        int told = 0;
        const RateCurve curve = found(requestWith({}), {}, {.stop = stop.get_token(), .tell = [&](const RateCurve::Point&) {
                                                              if (++told == 4)
                                                                  stop.request_stop();
                                                          }});
        QCOMPARE(curve.points.size(), 4U);
    }

    void aDeviceThatIsNotThereIsSaid()
    {
        TrainingRequest request = requestWith({});
        request.recipe.device = "cuda:7";
        const auto curve = TorchBackend{}.findRate(request, {}, {});
        QVERIFY(!curve.value.has_value());
        QCOMPARE(curve.problems.front().path, std::string{"device"});
    }
};

QTEST_GUILESS_MAIN(TestFindRate)
#include "tst_find_rate.moc"
