// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/inspection.h"
#include "engine/core/network/sequence_pairs.h"
#include "engine/core/task/translation.h"

#include <QTest>

using namespace descent;

namespace {

/// Digits and the same digits as letters: 10 pairs, of which the last two are validation, and 2 of test.
Dataset digits()
{
    Dataset dataset{.name = "digits"};
    dataset.train = {.inputs = Texts{{"1", "12", "123", "1234", "1234512345", "5", "51", "2", "3", "31"}},
                     .targets = {.texts = {"a", "ab", "abc", "abcd", "abcdeabcde", "e", "ea", "b", "c", "ca"}}};
    dataset.test = Samples{.inputs = Texts{{"4", "9"}}, .targets = {.texts = {"d", "x"}}};
    dataset.ownValidation = {8, 9};
    return dataset;
}

PreparationSettings settings(Parameters task)
{
    PreparationSettings settings;
    task.try_emplace("tokenizer", std::string{"character"});
    settings.task = std::move(task);
    return settings;
}

const TaskKind& task()
{
    return *findTaskKind("translation");
}

std::vector<std::int64_t> row(const SampleArray& array, std::size_t index)
{
    const auto& values = *std::get<SampleArray::Ids>(array.values);
    const auto width = static_cast<std::size_t>(array.shape.front());
    return {values.begin() + static_cast<std::ptrdiff_t>(index * width), values.begin() + static_cast<std::ptrdiff_t>((index + 1) * width)};
}

using Ids = std::vector<std::int64_t>;
using Strings = std::vector<std::string>;

}

class TestTranslationTask : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aTargetIsReadShiftedByItsBeginAndWrittenWithItsEnd()
    {
        const auto data = task().prepare(std::make_shared<Dataset>(digits()), settings({}), {});
        QVERIFY(data);
        const auto& preparation = dynamic_cast<const TranslationPreparation&>(*data->task);
        const auto a = static_cast<std::int64_t>(preparation.target.encode("a").front()), b = static_cast<std::int64_t>(preparation.target.encode("b").front());
        const std::int64_t one = preparation.source.encode("1").front(), two = preparation.source.encode("2").front();
        QCOMPARE(data->train.inputs.size(), 2u);
        QCOMPARE(data->train.inputs[0].shape, (Shape{11}));
        QCOMPARE(row(data->train.inputs[0], 1), (Ids{one, two, Tokenizer::end, 0, 0, 0, 0, 0, 0, 0, 0}));
        QCOMPARE(row(data->train.inputs[1], 1), (Ids{Tokenizer::begin, a, b, 0, 0, 0, 0, 0, 0, 0, 0}));
        QCOMPARE(row(data->train.targets, 1), (Ids{a, b, Tokenizer::end, 0, 0, 0, 0, 0, 0, 0, 0}));
        QCOMPARE(data->train.inputs[0].lengths[1], 3);
        QCOMPARE(data->train.inputs[1].lengths[1], 3);
        QCOMPARE(data->train.targets.lengths[4], 11);
        QCOMPARE(data->test.inputs[0].shape, (Shape{2}));
        QCOMPARE(row(data->test.targets, 1), (Ids{Tokenizer::unknown, Tokenizer::end})); // "x" was never learnt
        QCOMPARE(data->split.validation, (Ids{8, 9}));
        QCOMPARE(data->brief.outputs, preparation.target.vocabularySize());
        QCOMPARE(data->brief.inputs[0].vocabulary, preparation.source.vocabularySize());
        QVERIFY(data->brief.inputs[0].padded && data->brief.inputs[1].padded);
        QVERIFY(preparation.source.vocabularySize() == 4 + 5);
    }

    void longPairsAreNotLearntFromAndLongSourcesAreCut()
    {
        const auto data = task().prepare(std::make_shared<Dataset>(digits()), settings({{"maximumLength", std::int64_t{5}}}), {});
        QVERIFY(data);
        QCOMPARE(data->split.train, (Ids{0, 1, 2, 3, 5, 6, 7}));
        QCOMPARE(english(data.problems.front().message), std::string{"1 of 8 pairs are longer than 5 tokens and are not learnt from"});
        const auto& preparation = dynamic_cast<const TranslationPreparation&>(*data->task);
        QCOMPARE(preparation.sourceIds("12345123").size(), 5u);
        QCOMPARE(preparation.sourceIds("12345123").back(), std::int64_t{Tokenizer::end});
        QCOMPARE(row(data->train.inputs[0], 4).back(), std::int64_t{Tokenizer::end});

        Dataset all = digits();
        std::get<Texts>(all.train.inputs).texts.assign(10, "1111111");
        QCOMPARE(task().prepare(std::make_shared<Dataset>(all), settings({{"maximumLength", std::int64_t{5}}}), {}).problems.front().path,
                 std::string{"task.maximumLength"});
    }

    void bothSidesMayShareTheirVocabulary()
    {
        const auto data = task().prepare(std::make_shared<Dataset>(digits()), settings({{"sharedVocabulary", true}}), {});
        const auto& preparation = dynamic_cast<const TranslationPreparation&>(*data->task);
        QVERIFY(preparation.source == preparation.target);
        QCOMPARE(preparation.source.vocabularySize(), 4 + 10);
    }

    void aVocabularyTooSmallForItsTokensIsAProblem()
    {
        const Parameters small{{"tokenizer", std::string{"byte-pair"}}, {"vocabularySize", std::int64_t{100}}};
        for (const Problems& problems : {task().brief(digits(), settings(small)).problems,
                                         task().prepare(std::make_shared<Dataset>(digits()), settings(small), {}).problems}) {
            QCOMPARE(problems.size(), 1u);
            QCOMPARE(problems.front().path, std::string{"task.vocabularySize"});
        }
    }

    void itFitsPairsOfTextsAlone()
    {
        QVERIFY(task().fits(digits()));
        Dataset labelled = digits();
        labelled.train.targets = {.classNames = {"a", "b"}, .classes = std::vector<std::int64_t>(10)};
        QVERIFY(!task().fits(labelled));
    }

    void tokensOfAWordStandTogether()
    {
        QCOMPARE(wordStarts({"A", " gr", "ou", "p", " of", " 3", "5", "!", ")"}, TokenizerKind::bytePair), (std::vector<std::size_t>{0, 1, 4, 5, 7, 8}));
        QCOMPARE(wordStarts({" M", "\xC3", "\xA4", "nn", "er"}, TokenizerKind::bytePair), (std::vector<std::size_t>{0}));
        QCOMPARE(wordStarts({"a", "b"}, TokenizerKind::character), (std::vector<std::size_t>{0, 1}));
        QCOMPARE(wordStarts({"one", "two"}, TokenizerKind::word), (std::vector<std::size_t>{0, 1}));
        QVERIFY(wordStarts({}, TokenizerKind::bytePair).empty());
    }

    void whatAnEncoderSaysIsFoundInTheNetwork()
    {
        const NetworkBrief brief = *task().brief(digits(), settings({})).value;
        QVERIFY(fitsTokenPairs(brief));
        const auto layers = [&](const char* architecture) { return encodedLayers(*findArchitecture(architecture)->build({}, brief)); };
        QCOMPARE(layers("transformer"), (Strings{"encoder.norm"}));
        QCOMPARE(layers("lstm-attention"), (Strings{"bridge", "start.tanh"}));
        QVERIFY(!findArchitecture("mlp")->fits(brief));
    }

    void headsMustDivideTheWidth()
    {
        const NetworkBrief brief = *task().brief(digits(), settings({})).value;
        const auto network = findArchitecture("transformer")->build({{"width", std::int64_t{30}}, {"heads", std::int64_t{4}}}, brief);
        QCOMPARE(network.problems.front().path, std::string{"architecture.heads"});
    }

    void pairsAreInspected()
    {
        const DatasetReport report = inspectDataset(digits());
        QCOMPARE(report.samples.front().cells, (Strings{"1"}));
        QCOMPARE(report.samples.front().target, std::string{"a"});
        QCOMPARE(english(report.facts.back()), std::string{"2 of them are the source's own for validation"});
    }
};

QTEST_GUILESS_MAIN(TestTranslationTask)
#include "tst_translation_task.moc"
