// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/files.h"
#include "engine/core/data/picture.h"
#include "engine/core/job/training_job.h"
#include "engine/core/recipe/catalog.h"
#include "engine/core/task/box_suppression.h"
#include "engine/torch/nn/graph_network.h"
#include "engine/torch/task/box_augmentation.h"
#include "engine/torch/task/detected_boxes.h"
#include "engine/torch/task/detection_loss.h"
#include "engine/torch/torch_backend.h"
#include "tests/torch/drawn_weights.h"

#include <torch/torch.h>

#include <QTemporaryDir>
#include <QTest>

#include <nlohmann/json.hpp>

using namespace descent;
using json = nlohmann::json;

namespace {

const json& reference()
{
    static const json values = json::parse(readFile(SOURCE_DIR "/tests/torch/references/detection.json", 1 << 20));
    return values;
}

const json& twins()
{
    static const json values = json::parse(readFile(SOURCE_DIR "/tests/torch/references/detector.json", 1 << 24));
    return values;
}

void fill(const std::string& name, at::Tensor parameter, std::uint32_t stream)
{
    const torch::NoGradGuard guard;
    at::Tensor values = drawn(parameter.sizes(), stream);
    values *= parameter.dim() > 1 ? std::sqrt(6.0 / static_cast<double>(parameter.numel() / parameter.size(0))) : 0.1;
    if (parameter.dim() == 1 && name.ends_with("weight"))
        values += 1;
    parameter.copy_(values);
}

at::Tensor referenceBoxes()
{
    std::vector<float> values;
    for (const auto& picture : reference()["boxes"])
        for (const auto& box : picture)
            for (const auto& value : box)
                values.push_back(value.get<float>());
    return at::tensor(values).view({static_cast<std::int64_t>(reference()["boxes"].size()), -1, boxColumns});
}

/// The formula of references/detection.py.
at::Tensor referenceMap()
{
    const std::int64_t batch = static_cast<std::int64_t>(reference()["boxes"].size()), channels = reference()["classes"].get<std::int64_t>() + 4,
                       rows = reference()["rows"], columns = reference()["columns"];
    std::vector<float> values;
    for (std::int64_t i = 0; i < batch * channels * rows * columns; ++i)
        values.push_back(static_cast<float>((i * 7919 + 104729) % 4096) / 1024 - 2);
    return at::tensor(values).view({batch, channels, rows, columns});
}

at::Tensor oneBox(std::initializer_list<float> box)
{
    return at::tensor(std::vector<float>(box)).view({1, 1, boxColumns});
}

/// What the test asks of a run.
class Watcher : public RunObserver
{
public:
    std::vector<double> losses; // on validation
    DetectionPreview shown;
    std::optional<RunEnded> ended;
    void onEvent(const RunEvent& event) override
    {
        if (const auto* epoch = std::get_if<EpochFinished>(&event))
            losses.push_back(epoch->metrics.at("loss/validation"));
        else if (const auto* preview = std::get_if<Preview>(&event))
            shown = std::get<DetectionPreview>(*preview);
        else if (const auto* last = std::get_if<RunEnded>(&event))
            ended = *last;
    }
};

/// A map that is sure of one box and of nothing else.
at::Tensor mapSaying(std::int64_t classes, std::int64_t rows, std::int64_t columns, std::int64_t stride, std::int64_t classIndex, const DetectedBox& box)
{
    at::Tensor map = at::full({1, classes + 4, rows, columns}, -10.0);
    const auto column = static_cast<std::int64_t>((box.left + box.right) / 2 / static_cast<float>(stride)),
               row = static_cast<std::int64_t>((box.top + box.bottom) / 2 / static_cast<float>(stride));
    const double x = (static_cast<double>(column) + 0.5) * static_cast<double>(stride), y = (static_cast<double>(row) + 0.5) * static_cast<double>(stride);
    map[0][classIndex][row][column] = 8;
    const double reach[]{x - box.left, y - box.top, box.right - x, box.bottom - y};
    for (std::int64_t side = 0; side < 4; ++side)
        map[0][classes + side][row][column] = std::log(reach[side] / static_cast<double>(stride));
    return map;
}

}

class TestDetection : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { at::set_num_threads(1); }

    void theDetectorIsItsPythonTwin_data()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < twins()["cases"].size(); ++i)
            QTest::newRow((twins()["cases"][i]["inputShape"].dump() + " " + twins()["cases"][i]["parameters"].dump()).c_str()) << static_cast<int>(i);
    }
    void theDetectorIsItsPythonTwin()
    {
        QFETCH(int, index);
        const json& twin = twins()["cases"][static_cast<std::size_t>(index)];
        const Architecture& architecture = *findArchitecture("detector");
        Parameters parameters;
        for (const auto& [name, value] : twin["parameters"].items())
            parameters[name] = *parse(*findParameter(architecture.schema, name), value.get<std::string>(), name);
        const Shape shape = twin["inputShape"];
        NetworkBrief brief{.inputs = {numericInput(shape)}, .output = NetworkBrief::Output::boxes, .outputs = twins()["classes"]};
        QVERIFY(architecture.fits(brief));
        const Result<NetworkSpec> spec = architecture.build(parameters, brief);
        QVERIFY(spec);
        GraphNetwork network{*spec, at::make_generator<at::CPUGeneratorImpl>(1)};
        network.to(at::kDouble);
        std::vector<std::string> names;
        std::uint32_t stream = 0;
        for (const auto& item : network.named_parameters()) {
            names.push_back(item.key());
            fill(item.key(), item.value(), stream++);
        }
        QCOMPARE(names, twin["names"].get<std::vector<std::string>>());
        network.train();
        std::vector<std::int64_t> sizes{twins()["batch"].get<std::int64_t>()};
        sizes.insert(sizes.end(), shape.begin(), shape.end());
        const at::Tensor outputs = network.forward({drawn(sizes, 9999)});
        QCOMPARE(outputs.sizes().vec(), twin["outputShape"].get<std::vector<std::int64_t>>());
        QCOMPARE(Shape(outputs.sizes().begin() + 1, outputs.sizes().end()), spec->outputShape());
        QVERIFY(distance(twin["training"], outputs.detach().reshape(-1).slice(0, 0, c10::nullopt, 7)) < 1e-9);
        outputs.square().mean().backward();
        std::vector<double> norms;
        for (const at::Tensor& parameter : network.parameters())
            norms.push_back(parameter.grad().norm().item<double>());
        QVERIFY(distance(twin["gradientNorms"], at::tensor(norms, at::kDouble)) < 1e-9);
    }

    void aFreshDetectorFindsNothingAnywhere()
    {
        const Architecture& architecture = *findArchitecture("detector");
        const Result<NetworkSpec> spec = architecture.build(
            {{"width", 0.125}}, {.inputs = {numericInput({3, 64, 64})}, .output = NetworkBrief::Output::boxes, .outputs = 4});
        GraphNetwork network{*spec, at::make_generator<at::CPUGeneratorImpl>(1)};
        const at::Tensor map = network.forward({drawn({2, 3, 64, 64}, 1).to(at::kFloat)});
        QVERIFY(map.narrow(1, 0, 4).sigmoid().max().item<double>() < 0.05);
        QVERIFY(!findArchitecture("resnet18")->fits({.inputs = {numericInput({3, 64, 64})}, .output = NetworkBrief::Output::boxes, .outputs = 4}));
        QVERIFY(!architecture.fits(numbersFrom({3, 64, 64}, 4)));
    }

    void targetsAreThoseOfThePlainLoops()
    {
        const std::int64_t classes = reference()["classes"], rows = reference()["rows"], columns = reference()["columns"];
        const DetectionTargets targets = detectionTargets(referenceBoxes(), classes, rows, columns, reference()["stride"]);
        const at::Tensor heat = targets.heat.transpose(1, 2).reshape(-1), counts = targets.counts.reshape(-1);
        const at::Tensor boxes = targets.boxes.reshape({-1, 4}), weights = targets.boxWeight.reshape(-1);
        QCOMPARE(heat.numel(), static_cast<std::int64_t>(reference()["heat"].size()));
        for (std::int64_t i = 0; i < heat.numel(); ++i)
            QVERIFY(std::abs(heat[i].item<double>() - reference()["heat"][static_cast<std::size_t>(i)].get<double>()) < 1e-6);
        for (std::int64_t i = 0; i < counts.numel(); ++i) {
            const auto at = static_cast<std::size_t>(i);
            QCOMPARE(counts[i].item<bool>(), reference()["counts"][at].get<bool>());
            QVERIFY(std::abs(weights[i].item<double>() - reference()["weights"][at].get<double>()) < 1e-5);
            if (!reference()["owners"][at].is_null())
                for (std::size_t side = 0; side < 4; ++side)
                    QCOMPARE(boxes[i][static_cast<std::int64_t>(side)].item<float>(), reference()["owners"][at][side].get<float>());
        }
    }

    void theLossIsThatOfThePlainLoops()
    {
        const double loss = detectionLoss(referenceMap(), referenceBoxes(), reference()["stride"]).item<double>();
        const double expected = reference()["loss"];
        QVERIFY2(std::abs(loss - expected) < 1e-4 * expected, qPrintable(QString{"%1 instead of %2"}.arg(loss).arg(expected)));
    }

    void aRightMapCostsNextToNothing()
    {
        const DetectedBox box{8, 4, 40, 28, 1, 2};
        const at::Tensor right = mapSaying(3, 8, 12, 4, 2, box);
        at::Tensor boxes = oneBox({8, 4, 40, 28, 2, 0});
        // Its neighbours learn the box as well: let them say it too.
        at::Tensor everywhere = right.clone();
        for (std::int64_t y = 0; y < 8; ++y)
            for (std::int64_t x = 0; x < 12; ++x) {
                const float px = (static_cast<float>(x) + 0.5F) * 4, py = (static_cast<float>(y) + 0.5F) * 4;
                const float reach[]{px - 8, py - 4, 40 - px, 28 - py};
                for (std::int64_t side = 0; side < 4; ++side)
                    everywhere[0][3 + side][y][x] = std::log(std::max(0.01F, reach[side] / 4));
            }
        QVERIFY(detectionLoss(everywhere, boxes, 4).item<double>() < 0.01);
        boxes = oneBox({8, 4, 40, 28, 1, 0});
        QVERIFY(detectionLoss(everywhere, boxes, 4).item<double>() > 1);
    }

    void heatInsideAnIgnoredBoxIsNoMistake()
    {
        const at::Tensor map = mapSaying(3, 8, 12, 4, 2, {8, 4, 40, 28, 1, 2});
        const double ignored = detectionLoss(map, oneBox({8, 4, 40, 28, 2, 1}), 4).item<double>(),
                     nothing = detectionLoss(map, oneBox({0, 0, 0, 0, -1, 0}), 4).item<double>();
        QVERIFY(ignored < 0.01);
        QVERIFY(nothing > 1);
    }

    void wildMapsHaveAFiniteLossAndGradient_data()
    {
        QTest::addColumn<double>("value");
        QTest::newRow("very sure") << 1e4;
        QTest::newRow("very sure of nothing") << -1e4;
        QTest::newRow("zero") << 0.0;
    }
    void wildMapsHaveAFiniteLossAndGradient()
    {
        QFETCH(double, value);
        for (const at::Tensor& boxes : {referenceBoxes(), at::full({3, 1, boxColumns}, -1.0)}) {
            at::Tensor map = at::full_like(referenceMap(), value).set_requires_grad(true);
            const at::Tensor loss = detectionLoss(map, boxes, 4);
            loss.backward();
            QVERIFY(loss.isfinite().item<bool>());
            QVERIFY(map.grad().isfinite().all().item<bool>());
        }
    }

    void boxesAreReadFromTheMap()
    {
        const DetectedBox box{10, 6, 33, 29, 1, 1};
        const auto found = detectedBoxes(mapSaying(3, 8, 12, 4, 1, box), 32, 48, {.leastScore = 0.3});
        QCOMPARE(found.size(), 1U);
        QCOMPARE(found[0].size(), 1U);
        QCOMPARE(found[0][0].classIndex, 1);
        QVERIFY(found[0][0].score > 0.99F);
        for (const auto& [is, wanted] : {std::pair{found[0][0].left, 10.0F}, {found[0][0].top, 6.0F}, {found[0][0].right, 33.0F}, {found[0][0].bottom, 29.0F}})
            QVERIFY(std::abs(is - wanted) < 1e-3F);
    }

    void boxesEndAtThePicturesEdge()
    {
        at::Tensor map = mapSaying(1, 4, 4, 8, 0, {1, 1, 31, 31, 1, 0});
        map.narrow(1, 1, 4).fill_(5); // e^5 strides to every side
        const auto found = detectedBoxes(map, 30, 31, {.leastScore = 0.5});
        QCOMPARE(found[0].size(), 1U);
        QCOMPARE(found[0][0].left, 0.0F);
        QCOMPARE(found[0][0].right, 31.0F);
        QCOMPARE(found[0][0].bottom, 30.0F);
    }

    void theStrideIsAPowerOfTwo()
    {
        QCOMPARE(strideOf(320, 40), 8);
        QCOMPARE(strideOf(20, 3), 8); // 20, 10, 5, 3
        QCOMPARE(strideOf(333, 84), 4);
        QCOMPARE(strideOf(7, 7), 1);
        QVERIFY_EXCEPTION_THROWN(strideOf(5, 6), std::invalid_argument);
    }

    void theSurerOfTwoBoxesStays()
    {
        const DetectedBox a{0, 0, 10, 10, 0.5F, 0}, nearA{1, 0, 11, 10, 0.9F, 0}, otherClass{0, 0, 10, 10, 0.4F, 1}, away{20, 0, 30, 10, 0.3F, 0};
        const auto kept = suppressed({a, nearA, otherClass, away}, 0.5);
        QCOMPARE(kept.size(), 3U);
        QCOMPARE(kept[0].score, 0.9F);
        QCOMPARE(kept[1].classIndex, 1);
        QCOMPARE(kept[2].left, 20.0F);
        QCOMPARE(suppressed({a, nearA}, 0.9).size(), 2U); // they overlap by 9/11
        QVERIFY(suppressed({}, 0.5).empty());
        // A chain: the middle one falls to the first, so the last has nobody to fall to.
        QCOMPARE(suppressed({{0, 0, 10, 10, 0.9F, 0}, {4, 0, 14, 10, 0.8F, 0}, {8, 0, 18, 10, 0.7F, 0}}, 0.4).size(), 2U);
    }

    void boxesFollowTheirPictures_data()
    {
        QTest::addColumn<bool>("flip");
        QTest::addColumn<bool>("turnOver");
        QTest::addColumn<double>("zoom");
        QTest::addColumn<double>("right");
        QTest::addColumn<double>("down");
        QTest::newRow("as it is") << false << false << 1.0 << 0.0 << 0.0;
        QTest::newRow("mirrored") << true << false << 1.0 << 0.0 << 0.0;
        QTest::newRow("upside down") << false << true << 1.0 << 0.0 << 0.0;
        QTest::newRow("twice as large") << false << false << 2.0 << 0.0 << 0.0;
        QTest::newRow("half as large") << false << false << 0.5 << 0.0 << 0.0;
        QTest::newRow("moved") << false << false << 1.0 << 6.0 << -4.0;
        QTest::newRow("all of it") << true << true << 1.5 << -3.0 << 5.0;
    }
    void boxesFollowTheirPictures()
    {
        QFETCH(bool, flip);
        QFETCH(bool, turnOver);
        QFETCH(double, zoom);
        QFETCH(double, right);
        QFETCH(double, down);
        constexpr std::int64_t height = 40, width = 60;
        at::Tensor picture = at::zeros({1, 1, height, width});
        picture.narrow(2, 14, 10).narrow(3, 22, 14).fill_(1);
        const std::vector<PictureMove> moves{{flip, turnOver, zoom, right, down}};
        const at::Tensor moved = movedPictures(picture, moves)[0][0];
        const at::Tensor box = movedBoxes(oneBox({22, 14, 36, 24, 0, 0}), moves, height, width)[0][0];
        // Half covered pixels are 0.5: sums along a line measure edges exactly.
        const at::Tensor bright = (moved > 0.49).nonzero();
        const at::Tensor first = std::get<0>(bright.min(0)), last = std::get<0>(bright.max(0)) + 1;
        QVERIFY(std::abs(first[1].item<double>() - box[0].item<double>()) <= 0.75);
        QVERIFY(std::abs(first[0].item<double>() - box[1].item<double>()) <= 0.75);
        QVERIFY(std::abs(last[1].item<double>() - box[2].item<double>()) <= 0.75);
        QVERIFY(std::abs(last[0].item<double>() - box[3].item<double>()) <= 0.75);
        QCOMPARE(box[4].item<float>(), 0.0F);
    }

    void boxesThatLeaveThePictureAreIgnoredThenGone()
    {
        const std::vector<PictureMove> most{{.right = 38}}, all{{.right = 41}}, some{{.right = 25}};
        const at::Tensor box = oneBox({20, 10, 30, 20, 1, 0});
        QCOMPARE(movedBoxes(box, some, 40, 60)[0][0][5].item<float>(), 0.0F);
        QCOMPARE(movedBoxes(box, some, 40, 60)[0][0][2].item<float>(), 55.0F);
        QCOMPARE(movedBoxes(box, most, 40, 60)[0][0][5].item<float>(), 1.0F); // a fifth is left
        QCOMPARE(movedBoxes(box, all, 40, 60)[0][0][4].item<float>(), -1.0F);
        QCOMPARE(movedBoxes(oneBox({0, 0, 0, 0, -1, 0}), some, 40, 60)[0][0][4].item<float>(), -1.0F);
    }

    /// The whole way: a template is trained, its figures rise, its pictures are shown, the finished run answers.
    void aDetectorLearnsStreetsAndAnswers()
    {
        Recipe recipe = findRecipeTemplate("street")->recipe;
        for (const auto& [path, value] : {std::pair{"dataset.samples", "120"}, {"dataset.width", "96"}, {"architecture.width", "0.125"},
                                          {"training.epochs", "24"}, {"training.batchSize", "8"}, {"training.threads", "1"}})
            QVERIFY(setByPath(recipe, path, value).empty());
        TorchBackend backend;
        const auto training = prepareTraining(recipe, backend, {});
        QVERIFY2(training, training.problems.empty() ? "" : english(training.problems.front()).c_str());
        QTemporaryDir folder;
        const TrainingRequest request = requestOf(*training.value, folder.path().toStdString(), 1);
        RunControl control;
        Watcher watcher;
        backend.train(request, control, watcher);
        QVERIFY(watcher.ended && watcher.ended->status == RunStatus::completed);
        QVERIFY(watcher.losses.back() < 0.6 * watcher.losses.front());
        for (const char* figure : {"map50", "map", "loss"})
            QVERIFY(watcher.ended->test.contains(figure));
        const double score = watcher.ended->test.at("map50");
        QVERIFY2(score > 0.1 && score <= 1, qPrintable(QString::number(score)));
        QVERIFY(watcher.ended->test.at("map") <= score);
        QCOMPARE(watcher.shown.pictures.size(), 6U);
        QCOMPARE(watcher.shown.pictures[0].truth, training->data->dataset->train.targets.boxes[static_cast<std::size_t>(watcher.shown.pictures[0].index)]);

        const auto model = backend.open(request);
        QVERIFY(model);
        const auto& pictures = std::get<PictureArray>(training->data->dataset->train.inputs);
        DetectionQuestion question{{3, pictures.height, pictures.width, {pictures.pixels.begin(), pictures.pixels.begin() + pictures.pictureBytes()}}, 0.2, 0.6};
        const auto answer = std::get<DetectionAnswer>((*model)->ask(question));
        QCOMPARE(answer.classNames.size(), 5U);
        QVERIFY(!answer.boxes.empty());
        // Thrice as large: the same objects at thrice the place.
        question.picture = resized(question.picture, 3 * pictures.height, 3 * pictures.width);
        const auto larger = std::get<DetectionAnswer>((*model)->ask(question));
        QVERIFY(!larger.boxes.empty());
        const DetectedBox& small = answer.boxes.front();
        const TrueBox thrice{3 * small.left, 3 * small.top, 3 * small.right, 3 * small.bottom, small.classIndex};
        QVERIFY(std::any_of(larger.boxes.begin(), larger.boxes.end(), [&](const DetectedBox& large) {
            return large.classIndex == small.classIndex && overlap(large, thrice) > 0.8;
        }));
        question.picture = {};
        QVERIFY_EXCEPTION_THROWN((*model)->ask(question), std::invalid_argument);
        QVERIFY(!std::get<EvaluationAnswer>((*model)->ask(EvaluationQuestion{})).test.empty());
    }

    void movesKeepWithinWhatIsAllowed()
    {
        Random random{3};
        QVERIFY(drawMove({}, 40, 60, random) == PictureMove{});
        DetectionPreparation wild;
        wild.zoom = 0.5;
        wild.flip = true;
        int mirrored = 0;
        for (int i = 0; i < 200; ++i) {
            const PictureMove move = drawMove(wild, 40, 60, random);
            QVERIFY(move.zoom <= 1.5 && move.zoom >= 1 / 1.5 && !move.turnOver);
            QVERIFY(std::abs(move.right) <= std::abs(move.zoom - 1) / 2 * 60 + 1e-9);
            mirrored += move.flip;
        }
        QVERIFY(mirrored > 70 && mirrored < 130);
    }
};

QTEST_GUILESS_MAIN(TestDetection)
#include "tst_detection.moc"
