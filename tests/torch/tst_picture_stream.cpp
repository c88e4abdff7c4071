// SPDX-License-Identifier: GPL-3.0-or-later
// Training on pictures that stay in a file: the same as on those in memory, to the last bit.
#include "engine/core/job/training_job.h"
#include "engine/torch/data/training_batches.h"
#include "engine/torch/torch_backend.h"

#include <ATen/ATen.h>
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <array>

using namespace descent;

namespace {

constexpr int pictureCount = 300, side = 12;

QByteArray bigEndian(std::uint32_t value)
{
    return {std::array<char, 4>{char(value >> 24), char(value >> 16), char(value >> 8), char(value)}.data(), 4};
}

void writeFile(const QString& path, const QByteArray& bytes)
{
    QFile file{path};
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        throw std::runtime_error{"cannot write " + path.toStdString()};
}

LoadControl withMemory(std::int64_t bytes)
{
    LoadControl control;
    control.memory = bytes;
    return control;
}

}

class TestPictureStream : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;
    TorchBackend m_backend;

    Recipe recipe() const
    {
        Recipe recipe = findRecipeTemplate("mnist")->recipe;
        for (const auto& [path, value] : std::map<std::string, std::string>{
                 {"dataset.path", m_folder.path().toStdString()}, {"training.epochs", "2"}, {"training.batchSize", "32"}, {"preprocessing.crop", "2"},
                 {"device", "cpu"}})
            if (const Problems problems = setByPath(recipe, path, value); !problems.empty())
                throw std::runtime_error{english(problems.front())};
        return recipe;
    }
    PreparedTraining prepared(std::int64_t memory) const
    {
        Result<PreparedTraining> training = prepareTraining(recipe(), m_backend, withMemory(memory));
        if (!training)
            throw std::runtime_error{english(training.problems.front())};
        return std::move(*training.value);
    }

private Q_SLOTS:
    void initTestCase()
    {
        QByteArray images = bigEndian(0x803) + bigEndian(pictureCount) + bigEndian(side) + bigEndian(side);
        QByteArray labels = bigEndian(0x801) + bigEndian(pictureCount);
        for (int i = 0; i < pictureCount; ++i) {
            labels += static_cast<char>(i % 3);
            for (int pixel = 0; pixel < side * side; ++pixel)
                images += static_cast<char>((pixel * (i % 3 + 1) * 7 + i * 13) % 256);
        }
        writeFile(m_folder.filePath("train-images-idx3-ubyte"), images);
        writeFile(m_folder.filePath("train-labels-idx1-ubyte"), labels);
    }

    void batchesAreTheSame()
    {
        const PreparedTraining inMemory = prepared(1 << 30), streamed = prepared(0);
        const DeviceSamples a{inMemory.data, DeviceSamples::Part::train, at::kCPU}, b{streamed.data, DeviceSamples::Part::train, at::kCPU};
        QVERIFY(!a.areStreamed());
        QVERIFY(b.areStreamed());
        TrainingBatches first{inMemory.data, a, 32, 5}, second{streamed.data, b, 32, 5};
        QCOMPARE(second.stepsPerEpoch(), first.stepsPerEpoch());
        for (int epoch = 1; epoch <= 3; ++epoch) {
            first.startEpoch(epoch);
            second.startEpoch(epoch);
            for (std::int64_t i = 0; i < first.stepsPerEpoch(); ++i) {
                const Batch one = first.next(), other = second.next();
                QVERIFY(at::equal(one.inputs.front(), other.inputs.front()));
                QVERIFY(at::equal(one.targets, other.targets));
                if (epoch == 2 && i == 2) { // a look at other pictures meanwhile does not disturb what is expected
                    const std::vector<std::int64_t> rows{7, 3, 250};
                    QVERIFY(at::equal(a.gather(rows).inputs.front(), b.gather(rows).inputs.front()));
                }
                if (epoch == 1 && i == 4)
                    break; // an epoch that is left early
            }
        }
    }

    void aRunLearnsTheSame()
    {
        std::map<std::string, std::vector<double>> losses;
        for (const std::int64_t memory : {std::int64_t{1} << 30, std::int64_t{0}}) {
            const PreparedTraining training = prepared(memory);
            QTemporaryDir folder;
            struct : RunObserver {
                std::vector<double> values;
                RunStatus status = RunStatus::failed;
                void onEvent(const RunEvent& event) override
                {
                    if (const auto* logged = std::get_if<MetricsLogged>(&event))
                        for (const MetricPoint& point : logged->points)
                            if (point.series.starts_with("loss/"))
                                values.push_back(point.value);
                    if (const auto* ended = std::get_if<RunEnded>(&event))
                        status = ended->status;
                }
            } observer;
            RunControl control;
            m_backend.train({training.recipe, training.task, training.data, training.network, folder.path().toStdString(), 1, training.start}, control, observer);
            QVERIFY(observer.status == RunStatus::completed);
            losses[memory == 0 ? "streamed" : "in memory"] = observer.values;
        }
        QVERIFY(losses["streamed"].size() > 10);
        QVERIFY(losses["streamed"] == losses["in memory"]);
    }

    void neverMoreIsReadAheadThanIsAllowed()
    {
        const PreparedTraining streamed = prepared(0);
        const auto& pictures = std::get<PictureArray>(streamed.data->dataset->train.inputs);
        PictureStream stream{pictures, at::kCPU};
        std::vector<std::int64_t> rows;
        for (std::int64_t i = 0; i < pictures.count; ++i)
            rows.push_back(pictures.count - 1 - i);
        for (int again = 0; again < 50; ++again) { // expectations that are dropped at any moment
            stream.expect(rows, 7);
            for (int batch = 0; batch < again % 5; ++batch) {
                const at::Tensor taken = stream.take(std::span{rows}.subspan(static_cast<std::size_t>(7 * batch), 7));
                const std::vector<std::uint8_t> last = pictures.picture(rows[static_cast<std::size_t>(7 * batch + 6)]);
                QVERIFY(std::equal(last.begin(), last.end(), taken[6].const_data_ptr<std::uint8_t>()));
            }
        }
        QCOMPARE(stream.take(std::span{rows}.subspan(0, 0)).size(0), std::int64_t{0});
    }

    void aFileThatIsCutEndsTheRunWithAReason()
    {
        const PreparedTraining streamed = prepared(0);
        const QString path = m_folder.filePath("train-images-idx3-ubyte");
        QFile file{path};
        QVERIFY(file.open(QIODevice::ReadWrite));
        const QByteArray whole = file.readAll();
        QVERIFY(file.resize(1000));
        const DeviceSamples samples{streamed.data, DeviceSamples::Part::train, at::kCPU};
        TrainingBatches batches{streamed.data, samples, 32, 1};
        batches.startEpoch(1);
        QVERIFY_THROWS_EXCEPTION(DescentError, batches.next());
        file.seek(0);
        QCOMPARE(file.write(whole), whole.size());
    }
};

QTEST_GUILESS_MAIN(TestPictureStream)
#include "tst_picture_stream.moc"
