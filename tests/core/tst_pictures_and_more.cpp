// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/inspection.h"
#include "engine/core/data/written_beside.h"
#include "engine/core/network/architecture.h"
#include "engine/core/task/pictures_and_more.h"
#include "engine/core/task/task.h"

#include <QTest>
#include <algorithm>

using namespace descent;

namespace {

std::shared_ptr<const Dataset> drawn(const char* captions)
{
    auto dataset = findDatasetKind("drawn-captions")
                       ->load({{"captions", std::string{captions}}, {"samples", std::int64_t{300}}, {"size", std::int64_t{24}}}, {});
    return std::make_shared<const Dataset>(std::move(*dataset.value));
}

/// Six pictures with a row each.
std::shared_ptr<const Dataset> withTable()
{
    PicturesAndMore both{.pictures = {.count = 6, .channels = 1, .height = 8, .width = 8}};
    for (std::uint8_t i = 0; i < 6; ++i)
        both.pictures.pixels.insert(both.pictures.pixels.end(), 64, i);
    both.table = Table{.count = 6,
                       .columns = {{.name = "age", .numbers = {1, 2, 3, 4, 5, NAN}},
                                   {.name = "tone", .categorical = true, .codes = {0, 1, 0, 1, 0, -1}, .categories = {"warm", "cold"}}}};
    Dataset dataset{.name = "rows"};
    dataset.train = {.inputs = std::move(both), .targets = {.name = "ill", .classNames = {"no", "yes"}, .classes = {0, 1, 0, 1, 0, 1}}};
    return std::make_shared<const Dataset>(std::move(dataset));
}

}

class TestPicturesAndMore : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aNetworkReadsThePictureThenTheRowThenTheCaption()
    {
        const TaskKind* task = findTaskKind("joint-classification");
        const auto rows = withTable(), words = drawn("questions");
        QVERIFY(task->fits(*rows) && task->fits(*words));
        const auto ofRows = task->prepare(rows, {.split = {{"validation", 0.3}, {"test", 0.0}}, .preprocessing = {}, .task = {}}, {});
        QVERIFY(ofRows);
        using enum NetworkInput::Kind;
        QVERIFY(ofRows->brief.reads({picture, row}));
        QCOMPARE(ofRows->brief.outputs, 2);
        QCOMPARE(ofRows->train.inputs.size(), std::size_t{2});
        const auto ofWords = task->prepare(words, {}, {});
        QVERIFY(ofWords);
        QVERIFY(ofWords->brief.reads({picture, tokens}));
        QCOMPARE(ofWords->brief.outputs, 11);
        QVERIFY(ofWords->split.ownTest);
        QCOMPARE(ofWords->test.inputs.size(), std::size_t{2});
        QVERIFY(task->brief(*words, {})->reads({picture, tokens}));
    }

    void captionsAreIdsOfOneLengthPaddedAtTheirEnd()
    {
        const auto data = findTaskKind("joint-classification")->prepare(drawn("questions"), {}, {});
        const SampleArray& ids = data->train.inputs[1];
        const auto& captions = dynamic_cast<const CaptionPreparation&>(*data->task);
        const auto longest = static_cast<std::size_t>(captions.longest);
        QCOMPARE(ids.shape, (Shape{captions.longest}));
        QCOMPARE(captions.longest, 5); // "what colour is the star"
        const auto& values = *std::get<SampleArray::Ids>(ids.values);
        QCOMPARE(values.size(), 300 * longest);
        for (std::size_t i = 0; i < 300; ++i)
            for (std::size_t k = 0; k < longest; ++k)
                QCOMPARE(values[i * longest + k] != Tokenizer::padding, static_cast<std::int32_t>(k) < ids.lengths[i]);
        const SampleArray odd = captionIds(captions, {"", "zebra", "what is the zebra thing there and so on and on"});
        const auto& oddValues = *std::get<SampleArray::Ids>(odd.values);
        QCOMPARE(odd.lengths, (std::vector<std::int32_t>{1, 1, 5}));
        QCOMPARE(oddValues[0], std::int64_t{Tokenizer::unknown}); // an empty caption is a step all the same
        QCOMPARE(oddValues[longest], std::int64_t{Tokenizer::unknown});
    }

    void matchingKnowsWhichClassesItWasNeverShown()
    {
        const auto data = findTaskKind("picture-text-matching")->prepare(drawn("descriptions"), {.split = {}, .preprocessing = {}, .task = {{"prompt", std::string{"a big {}"}}}}, {});
        QVERIFY(data);
        const auto& captions = dynamic_cast<const CaptionPreparation&>(*data->task);
        QCOMPARE(captions.prompts.size(), std::size_t{30});
        QVERIFY(std::count(captions.seen.begin(), captions.seen.end(), false) >= 3);
        std::vector<std::int32_t> words;
        for (const std::int64_t id : captions.prompts.front())
            if (id != Tokenizer::padding)
                words.push_back(static_cast<std::int32_t>(id));
        QCOMPARE(captions.words.decode(words), std::string{"a big red circle"});
        QVERIFY(data->brief.output == NetworkBrief::Output::matches);
        QCOMPARE(data->train.targets.shape, (Shape{2}));
    }

    void equalCaptionsHaveEqualNumbers()
    {
        const auto data = findTaskKind("picture-text-matching")->prepare(drawn("descriptions"), {}, {});
        const auto& texts = std::get<PicturesAndMore>(data->dataset->train.inputs).captions->texts;
        const auto& numbers = *std::get<SampleArray::Ids>(data->train.targets.values);
        for (std::size_t a = 0; a < texts.size(); ++a)
            for (std::size_t b = 0; b < a; ++b)
                QCOMPARE(numbers[2 * a] == numbers[2 * b], texts[a] == texts[b]);
    }

    void twoTrunksFitsWhatItReads()
    {
        const Architecture* network = findArchitecture("two-trunks");
        const auto data = findTaskKind("joint-classification")->prepare(drawn("questions"), {}, {});
        QVERIFY(network->fits(data->brief));
        const auto spec = network->build({}, data->brief);
        QVERIFY(spec);
        QCOMPARE(spec->outputShape(), (Shape{11}));
        const auto matching = findTaskKind("picture-text-matching")->prepare(drawn("descriptions"), {}, {});
        QCOMPARE(network->build({}, matching->brief)->outputShape(), (Shape{2, 128}));
        QVERIFY(!network->fits(numbersFrom({3, 32, 32}, 10)));
        QVERIFY(!findArchitecture("resnet18")->fits(data->brief));
        QVERIFY(!findArchitecture("mlp")->fits(data->brief));
    }

    void aPictureIsInOnePartOnly()
    {
        PictureArray pictures{.count = 6, .channels = 1, .height = 1, .width = 2, .pixels = {1, 1, 2, 2, 1, 1, 3, 3, 2, 2, 3, 4}};
        Split split{.train = {0, 4, 5}, .validation = {1, 2}, .test = {3}};
        QVERIFY(keepPicturesTogether(split, pictures).empty());
        QCOMPARE(split.train, (std::vector<std::int64_t>{0, 2, 5}));
        QCOMPARE(split.validation, (std::vector<std::int64_t>{1, 4}));
        QCOMPARE(split.test, (std::vector<std::int64_t>{3}));
        pictures.pixels.assign(12, 7); // one picture in all rows
        QVERIFY(!keepPicturesTogether(split, pictures).empty());
    }

    void aRowIsWrittenForAPerson()
    {
        const auto rows = withTable();
        const auto& both = std::get<PicturesAndMore>(rows->train.inputs);
        QCOMPARE(writtenBeside(both, 1), std::string{"age 2, tone cold"});
        QCOMPARE(writtenBeside(both, 5), std::string{"age ?, tone ?"});
        const auto words = drawn("questions");
        QCOMPARE(writtenBeside(std::get<PicturesAndMore>(words->train.inputs), 0), std::get<PicturesAndMore>(words->train.inputs).captions->texts[0]);
    }

    void numbersBesidePicturesAreNoRegressionYet()
    {
        Dataset dataset = *withTable();
        dataset.train.targets = {.name = "size", .values = {1, 2, 3, 4, 5, 6}};
        for (const TaskKind& task : taskKinds())
            QVERIFY2(!task.fits(dataset), task.id.c_str());
    }

    void theReportShowsBoth()
    {
        const DatasetReport report = inspectDataset(*drawn("descriptions"));
        QVERIFY(report.inputs == DatasetReport::Inputs::picturesAndMore);
        QCOMPARE(report.sampleShape, (std::vector<std::int64_t>{3, 24, 24}));
        QVERIFY(!report.samples.empty());
        QCOMPARE(report.samples.front().cells.size(), std::size_t{1});
        QVERIFY(!report.samples.front().pixels.empty());
    }
};

QTEST_GUILESS_MAIN(TestPicturesAndMore)
#include "tst_pictures_and_more.moc"
