// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/recipe/catalog.h"
#include "engine/core/task/task.h"
#include "engine/core/task/text_settings.h"
#include "engine/core/text/sampling.h"
#include "engine/core/text/utf8.h"

#include <QTest>
#include <cmath>
#include <set>

using namespace descent;

namespace {

std::shared_ptr<const Dataset> corpus(std::string text)
{
    Dataset dataset{.name = "made up"};
    dataset.train.inputs = Corpus{std::move(text)};
    return std::make_shared<const Dataset>(std::move(dataset));
}

std::shared_ptr<const Dataset> sentences()
{
    Dataset dataset{.name = "made up"};
    Texts texts, test;
    Targets targets{.classNames = {"bad", "good"}};
    for (int i = 0; i < 20; ++i) {
        texts.texts.push_back(i % 2 == 0 ? "a bad and a dull film" : "good");
        targets.classes.push_back(i % 2);
    }
    test.texts = {"a Good one", "never seen words"};
    dataset.train = {.inputs = std::move(texts), .targets = targets};
    targets.classes = {1, 0};
    dataset.test = Samples{.inputs = std::move(test), .targets = targets};
    return std::make_shared<const Dataset>(std::move(dataset));
}

const std::vector<std::int64_t>& idsOf(const SampleArray& array)
{
    return *std::get<SampleArray::Ids>(array.values);
}

/// The tokens of window `row`, as text.
std::string window(const PreparedData& data, const SampleArray& array, std::int64_t row)
{
    const auto& tokenizer = dynamic_cast<const LanguagePreparation&>(*data.task).tokenizer;
    std::vector<std::int32_t> tokens;
    for (std::int64_t i = 0; i < array.shape.front(); ++i)
        tokens.push_back(static_cast<std::int32_t>(idsOf(array)[static_cast<std::size_t>(*array.windowStart + row + i)]));
    return tokenizer.decode(tokens);
}

std::string numberedText(int count)
{
    std::string text;
    for (int i = 0; i < count; ++i)
        text += std::to_string(i) + (i % 7 == 0 ? "\xC3\xA9\n" : " ");
    return text;
}

Result<PreparedData> prepared(const char* task, std::shared_ptr<const Dataset> dataset, Parameters settings, Parameters split = {})
{
    return findTaskKind(task)->prepare(std::move(dataset), {.split = std::move(split), .task = std::move(settings)}, {});
}

}

class TestTextTasks : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void dataAsksForItsTask()
    {
        QCOMPARE(resolveTask({}, *corpus("a text"))->id, std::string{"language-modelling"});
        QCOMPARE(resolveTask({}, *sentences())->id, std::string{"text-classification"});
    }

    void sentencesBecomePaddedTokens()
    {
        const auto data = prepared("text-classification", sentences(), {});
        QVERIFY(data);
        const SampleArray& inputs = data->train.inputs.front();
        QCOMPARE(inputs.shape, Shape{6});
        QCOMPARE(data->brief.inputs.front().vocabulary, 4 + 6);
        QVERIFY(data->brief.inputs.front().padded);
        QCOMPARE(data->brief.outputs, 2);
        QCOMPARE(inputs.lengths[0], 6);
        QCOMPARE(inputs.lengths[1], 1);
        const std::vector<std::int64_t> second(idsOf(inputs).begin() + 6, idsOf(inputs).begin() + 12);
        QVERIFY(second[0] >= Tokenizer::specialTokens);
        QCOMPARE(std::count(second.begin(), second.end(), Tokenizer::padding), 5);
        const std::vector<std::int64_t>& test = idsOf(data->test.inputs.front());
        QCOMPARE(test[1], second[0]); // "Good" is read as "good"
        QCOMPARE(test[0 + 6], Tokenizer::unknown);
        QCOMPARE(*std::get<SampleArray::Ids>(data->test.targets.values), (std::vector<std::int64_t>{1, 0}));
    }

    void theVocabularyIsOfTheTrainingPartAlone()
    {
        auto dataset = std::make_shared<Dataset>(*sentences());
        dataset->ownValidation = {0};
        std::get<Texts>(dataset->train.inputs).texts[0] = "unheard of";
        const auto data = prepared("text-classification", dataset, {});
        const auto& tokenizer = dynamic_cast<const TextPreparation&>(*data->task).tokenizer;
        QCOMPARE(tokenizer.encode("unheard"), std::vector<std::int32_t>{Tokenizer::unknown});
        QVERIFY(tokenizer.encode("film") != std::vector<std::int32_t>{Tokenizer::unknown});
    }

    void longTextsAreCut()
    {
        const auto data = prepared("text-classification", sentences(), {{"maximumLength", std::int64_t{2}}});
        QCOMPARE(data->train.inputs.front().shape, Shape{2});
        QCOMPARE(data->train.inputs.front().lengths[0], 2);
    }

    void targetsAreTheInputsOneTokenLater()
    {
        const auto data = prepared("language-modelling", corpus(numberedText(400)), {{"context", std::int64_t{8}}});
        QVERIFY(data);
        QCOMPARE(std::get<SampleArray::Ids>(data->train.inputs[0].values), std::get<SampleArray::Ids>(data->train.targets.values));
        const std::string input = window(*data, data->train.inputs[0], 3), target = window(*data, data->train.targets, 3);
        QCOMPARE(target.substr(0, target.size() - 1), input.substr(1));
    }

    void noTrainingWindowReachesIntoAnotherPart()
    {
        const std::string text = numberedText(400);
        const auto data = prepared("language-modelling", corpus(text), {{"context", std::int64_t{8}}});
        const auto& preparation = dynamic_cast<const LanguagePreparation&>(*data->task);
        QCOMPARE(data->split.train.back() + 8, preparation.trainTokens - 1); // its last target is the part's last token
        QCOMPARE(preparation.trainTokens + preparation.validationTokens + preparation.testTokens, countCharacters(text));
    }

    /// Every token of a part is a target of exactly one window of it, padding aside.
    void everyHeldBackTokenIsPredictedOnce()
    {
        const std::string text = numberedText(403);
        for (const double test : {0.0, 0.15}) {
            const auto data = prepared("language-modelling", corpus(text), {{"context", std::int64_t{16}}},
                                       {{"validation", 0.2}, {"test", test}});
            const auto joined = [&](const std::vector<std::int64_t>& rows) {
                std::string all;
                for (const std::int64_t row : rows)
                    all += window(*data, data->train.targets, row);
                return all;
            };
            const std::string validation = joined(data->split.validation), tested = joined(data->split.test);
            const std::string held = validation + tested;
            QVERIFY(text.ends_with(held));
            QVERIFY(std::abs(static_cast<double>(validation.size()) / static_cast<double>(text.size()) - 0.2) < 0.01);
            QVERIFY(std::abs(static_cast<double>(tested.size()) / static_cast<double>(text.size()) - test) < 0.01);
            // What the first of them is predicted from stands right before it.
            const std::string before = window(*data, data->train.inputs[0], data->split.validation.front());
            QCOMPARE(before[0], text[text.size() - held.size() - 1]);
            if (test > 0)
                QCOMPARE(window(*data, data->train.inputs[0], data->split.test.front())[0], validation.back());
        }
    }

    void anEpochDrawsWhatIsAskedFor()
    {
        QCOMPARE(prepared("language-modelling", corpus(numberedText(400)), {{"windowsPerEpoch", std::int64_t{600}}})->drawnSamples, 600);
        const auto data = prepared("language-modelling", corpus(numberedText(400)), {{"context", std::int64_t{8}}});
        QCOMPARE(data->drawnSamples, dynamic_cast<const LanguagePreparation&>(*data->task).trainTokens / 8);
        // What the window says of an epoch before anything is prepared is near it: bytes are counted, and each é here has two.
        const double said = static_cast<double>(
            findTaskKind("language-modelling")->samplesAnEpoch(*data->dataset, {.task = {{"context", std::int64_t{8}}}}));
        QVERIFY(std::abs(said / static_cast<double>(data->drawnSamples) - 1) < 0.05);
    }

    void whatIsTooShortIsSaid()
    {
        const auto data = prepared("language-modelling", corpus("short"), {});
        QVERIFY(!data);
        QCOMPARE(data.problems.front().path, std::string{"task.context"});
        const auto few = prepared("language-modelling", corpus(numberedText(400)),
                                  {{"tokenizer", std::string{"byte-pair"}}, {"vocabularySize", std::int64_t{100}}});
        QCOMPARE(few.problems.front().path, std::string{"task.vocabularySize"});
    }

    void theBriefIsThatOfTheData()
    {
        const auto text = corpus(numberedText(400));
        const Parameters settings{{"context", std::int64_t{8}}};
        const auto brief = findTaskKind("language-modelling")->brief(*text, {.task = settings});
        QVERIFY(brief);
        QCOMPARE(brief->outputs, prepared("language-modelling", text, settings)->brief.outputs);
    }

    void templatesBuildTheirNetworks()
    {
        const auto small = [](const char* id, std::shared_ptr<const Dataset> dataset) {
            Recipe recipe = findRecipeTemplate(id)->recipe;
            const auto data = findTaskKind(recipe.task.kind)->prepare(std::move(dataset), preparationOf(recipe), {});
            return buildNetwork(recipe, data->brief);
        };
        const auto gpt = small("shakespeare", corpus(numberedText(400)));
        QVERIFY(gpt);
        // nanoGPT's 4 x (12 width^2 + 13 width) + 2 width + context x width, with embedding and scores apart.
        const std::int64_t vocabulary = gpt->inputs.front().vocabulary, width = 128;
        QCOMPARE(gpt->parameterCount(), 4 * (12 * width * width + 13 * width) + 2 * width + 64 * width + 2 * vocabulary * width);
        QVERIFY(small("sentiment", sentences()));
    }

    void theLikeliestIsTakenWithoutTemperature()
    {
        const std::vector<float> scores{9, 9, 9, 9, 1, 3, 2, NAN, INFINITY};
        Random random{1};
        for (int i = 0; i < 20; ++i)
            QCOMPARE(sampleToken(scores, {.temperature = 0}, 4, random), 5);
    }

    void drawnTokensFollowTheirProbabilities()
    {
        const std::vector<float> scores{0, 0, 0, 0, std::log(1.0F), std::log(2.0F), std::log(5.0F)};
        Random random{2};
        std::vector<int> counts(7);
        constexpr int draws = 20'000;
        for (int i = 0; i < draws; ++i)
            ++counts[static_cast<std::size_t>(sampleToken(scores, {.temperature = 1}, 4, random))];
        QCOMPARE(counts[0] + counts[1] + counts[2] + counts[3], 0);
        QVERIFY(std::abs(counts[4] / double{draws} - 1 / 8.0) < 0.01);
        QVERIFY(std::abs(counts[5] / double{draws} - 2 / 8.0) < 0.01);
        QVERIFY(std::abs(counts[6] / double{draws} - 5 / 8.0) < 0.01);
    }

    void fewAreDrawnOfTopKAndTopP()
    {
        const std::vector<float> scores{0, 0, 0, 0, std::log(1.0F), std::log(2.0F), std::log(5.0F)};
        const auto drawn = [&](SamplingOptions options) {
            Random random{3};
            std::set<std::int32_t> tokens;
            for (int i = 0; i < 500; ++i)
                tokens.insert(sampleToken(scores, options, 4, random));
            return tokens;
        };
        QCOMPARE(drawn({.temperature = 1, .topK = 2}), (std::set<std::int32_t>{5, 6}));
        QCOMPARE(drawn({.temperature = 1, .topP = 0.6}), (std::set<std::int32_t>{6}));
        QCOMPARE(drawn({.temperature = 1, .topP = 0.65}), (std::set<std::int32_t>{5, 6}));
        QCOMPARE(drawn({.temperature = 5}), (std::set<std::int32_t>{4, 5, 6}));
    }
};

QTEST_GUILESS_MAIN(TestTextTasks)
#include "tst_text_tasks.moc"
