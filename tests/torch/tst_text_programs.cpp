// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/job/training_job.h"
#include "engine/core/task/text_settings.h"
#include "engine/core/text/utf8.h"
#include "engine/torch/optim/optimizer.h"
#include "engine/torch/task/task_program.h"
#include "engine/torch/torch_backend.h"

#include <torch/torch.h>

#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace descent;

namespace {

class Collector : public RunObserver {
public:
    std::vector<TextPreview> texts;
    std::vector<WrittenText> written;
    std::map<std::string, std::vector<double>> series;
    std::optional<RunStarted> started;
    std::optional<RunEnded> ended;

    void onEvent(const RunEvent& event) override
    {
        if (const auto* logged = std::get_if<MetricsLogged>(&event)) {
            for (const MetricPoint& point : logged->points)
                series[point.series].push_back(point.value);
        } else if (const auto* preview = std::get_if<Preview>(&event)) {
            if (const auto* text = std::get_if<TextPreview>(preview))
                texts.push_back(*text);
            else if (const auto* writing = std::get_if<WrittenText>(preview))
                written.push_back(*writing);
        } else if (const auto* first = std::get_if<RunStarted>(&event)) {
            started = *first;
        } else if (const auto* last = std::get_if<RunEnded>(&event)) {
            ended = *last;
        }
    }
};

/// Films are good or bad by one word; the rest is filler.
Dataset opinions()
{
    Dataset dataset{.name = "opinions"};
    Texts texts;
    Targets targets{.classNames = {"bad", "good"}};
    Random random{1};
    constexpr const char* words[]{"the", "film", "was", "seen", "by", "many"};
    for (int i = 0; i < 400; ++i) {
        std::string text;
        for (int k = 0; k < 6; ++k)
            text += std::string{words[random.below(6)]} + " ";
        text += i % 2 == 0 ? "awful " : "lovely ";
        for (auto k = random.below(5); k > 0; --k)
            text += std::string{words[random.below(6)]} + " ";
        texts.texts.push_back(text);
        targets.classes.push_back(i % 2);
    }
    dataset.train = {.inputs = std::move(texts), .targets = std::move(targets)};
    return dataset;
}

/// A text that a few tokens of context decide entirely; its signs take two bytes.
std::string roundabout(int rounds)
{
    std::string text;
    for (int i = 0; i < rounds; ++i)
        text += "abc\xC3\xA4""def\xC3\xB6\n";
    return text;
}

Recipe recipeFor(const char* task, const char* architecture, std::vector<std::pair<std::string, std::string>> settings)
{
    Recipe recipe{.name = task, .task = {task, {}}, .dataset = {"moons", {}}, .architecture = {architecture, {}}};
    settings.insert(settings.begin(), {{"training.threads", "1"}, {"training.learningRate", "0.01"}});
    for (const auto& [path, value] : settings)
        if (const Problems problems = setByPath(recipe, path, value); !problems.empty())
            throw std::invalid_argument{english(problems.front())};
    return recipe;
}

}

class TestTextPrograms : public QObject {
    Q_OBJECT
    TorchBackend m_backend;
    QTemporaryDir m_folder;

    TrainingRequest requestFor(const Recipe& recipe, Dataset dataset)
    {
        const auto training = prepareTraining(recipe, m_backend, {}, std::make_shared<const Dataset>(std::move(dataset)));
        if (!training)
            throw std::invalid_argument{english(training.problems.front())};
        return {training->recipe, training->task, training->data, training->network, m_folder.path().toStdString(), 1};
    }
    Collector train(const TrainingRequest& request)
    {
        RunControl control;
        Collector collector;
        m_backend.train(request, control, collector);
        return collector;
    }
    TrainingRequest languageRequest(const char* architecture, const char* tokenizer = "character")
    {
        Dataset dataset{.name = "roundabout"};
        dataset.train.inputs = Corpus{roundabout(400)};
        return requestFor(recipeFor("language-modelling", architecture,
                                    {{"task.context", "16"},
                                     {"task.tokenizer", tokenizer},
                                     {"task.vocabularySize", "270"},
                                     {"task.windowsPerEpoch", "960"},
                                     {"task.temperature", "0"},
                                     {"architecture.width", "32"},
                                     {architecture == std::string{"gpt"} ? "architecture.depth" : "architecture.layers", "1"},
                                     {"training.batchSize", "16"},
                                     {"training.epochs", "2"}}),
                          std::move(dataset));
    }

private Q_SLOTS:
    void theWordThatDecidesIsLearntAndShown_data()
    {
        QTest::addColumn<QString>("architecture");
        for (const char* architecture : {"embedding-bag", "text-cnn", "lstm", "transformer-encoder"})
            QTest::newRow(architecture) << QString{architecture};
    }
    void theWordThatDecidesIsLearntAndShown()
    {
        QFETCH(QString, architecture);
        const Collector run = train(requestFor(recipeFor("text-classification", architecture.toLatin1().constData(),
                                                         {{"architecture.width", "16"}, {"training.epochs", "6"}, {"training.batchSize", "16"}}),
                                               opinions()));
        QVERIFY2(run.ended->status == RunStatus::completed, english(run.ended->reason).c_str());
        QVERIFY(run.ended->test.at("accuracy") >= 0.99);
        QVERIFY(run.ended->test.at("macro-f1") >= 0.99);
        QVERIFY(run.ended->test.at("auc") >= 0.99);
        QVERIFY(!run.texts.empty());
        const TextPreview& preview = run.texts.back();
        QCOMPARE(preview.sentences.size(), std::size_t{8});
        for (const TextPreview::Sentence& sentence : preview.sentences) {
            QCOMPARE(sentence.pieces.size(), sentence.weights.size());
            QVERIFY(std::abs(sentence.probabilities[0] + sentence.probabilities[1] - 1) < 1e-5);
            const auto strongest = std::max_element(sentence.weights.begin(), sentence.weights.end()) - sentence.weights.begin();
            const std::string& word = sentence.pieces[static_cast<std::size_t>(strongest)];
            QCOMPARE(word, std::string{sentence.truth == 0 ? "awful" : "lovely"});
        }
    }

    void figuresOfALanguageAreThoseOfTheirDefinition_data()
    {
        QTest::addColumn<QString>("tokenizer");
        QTest::newRow("characters") << "character";
        QTest::newRow("byte pairs") << "byte-pair";
    }
    /// A network that gives every token the same score loses ln V nats at each.
    void figuresOfALanguageAreThoseOfTheirDefinition()
    {
        QFETCH(QString, tokenizer);
        const TrainingRequest request = languageRequest("gpt", tokenizer.toLatin1().constData());
        GraphNetwork network{request.network, at::make_generator<at::CPUGeneratorImpl>(1)};
        const torch::NoGradGuard guard;
        network.named_parameters()["head.weight"].zero_();
        network.eval();
        const DeviceSamples samples{request.data, DeviceSamples::Part::train, at::kCPU};
        const auto judge = makeTaskProgram({request, samples, at::kCPU})->judge({});
        const std::vector<std::int64_t>& rows = request.data->split.validation;
        for (std::size_t i = 0; i < rows.size(); i += 3) // batch by batch as by the whole
            judge->take(network, samples.gather(std::span{rows}.subspan(i, std::min<std::size_t>(3, rows.size() - i))));
        const auto figures = judge->figures();

        const auto& preparation = dynamic_cast<const LanguagePreparation&>(*request.data->task);
        const auto vocabulary = static_cast<double>(request.data->brief.outputs);
        QVERIFY(std::abs(figures.at("loss") - std::log(vocabulary)) < 1e-5);
        QVERIFY(std::abs(figures.at("perplexity") - vocabulary) < 1e-2);
        const std::string all = roundabout(400);
        const std::size_t begin = static_cast<std::size_t>(static_cast<double>(all.size()) * 0.8);
        const std::int64_t characters = countCharacters(std::string_view{all}.substr(begin, all.size() / 10));
        const double bits = std::log2(vocabulary) * static_cast<double>(preparation.validationTokens) / static_cast<double>(characters);
        QVERIFY(std::abs(figures.at("bits-per-character") / bits - 1) < 0.005); // parts are cut at whole characters
    }

    void aLanguageModelLearnsToGoRound_data()
    {
        QTest::addColumn<QString>("architecture");
        QTest::newRow("GPT") << "gpt";
        QTest::newRow("LSTM") << "lstm-language-model";
    }
    void aLanguageModelLearnsToGoRound()
    {
        QFETCH(QString, architecture);
        const TrainingRequest request = languageRequest(architecture.toLatin1().constData());
        const Collector run = train(request);
        QVERIFY2(run.ended->status == RunStatus::completed, english(run.ended->reason).c_str());
        QCOMPARE(run.started->stepsPerEpoch, 60);
        QVERIFY(run.ended->best.at("bits-per-character/validation") < 0.4); // the first token of a window is a guess
        QVERIFY(run.ended->test.at("perplexity") < 1.4);
        QVERIFY(!run.series.at("bits-per-character/train").empty());
        QVERIFY(run.written.size() >= 2);
        QVERIFY(isUtf8(run.written.back().text));
        QVERIFY(!run.written.back().prompt.empty());

        // Longer than the context, so the memory is rebuilt on the way.
        const auto model = m_backend.open(request);
        QVERIFY(model);
        std::string streamed;
        const ContinuationQuestion question{.prompt = "abc\xC3\xA4", .sampling = {.temperature = 0}, .length = 60};
        const auto answer = std::get<ContinuationAnswer>(
            (*model)->ask(question, {.stream = [&](std::string_view piece) {
                             QVERIFY(isUtf8(piece));
                             streamed += piece;
                         }}));
        QCOMPARE(answer.text, (std::string{"def\xC3\xB6\n"} + roundabout(20)).substr(0, answer.text.size()));
        QCOMPARE(countCharacters(answer.text), 60);
        QCOMPARE(streamed, answer.text);
    }

    void theSeedDecidesWhatIsWritten()
    {
        const TrainingRequest request = languageRequest("gpt", "byte-pair");
        train(request);
        const auto model = m_backend.open(request);
        QVERIFY(model);
        const auto written = [&](std::uint64_t seed) {
            return std::get<ContinuationAnswer>((*model)->ask(ContinuationQuestion{.sampling = {.temperature = 3}, .length = 40, .seed = seed})).text;
        };
        QCOMPARE(written(5), written(5));
        QVERIFY(written(5) != written(6));
    }

    void writingCanBeStopped()
    {
        const TrainingRequest request = languageRequest("gpt");
        train(request);
        const auto model = m_backend.open(request);
        std::stop_source stop;
        int pieces = 0;
        QVERIFY_THROWS_EXCEPTION(Cancelled, (*model)->ask(ContinuationQuestion{.length = 1'000'000}, {.stop = stop.get_token(), .stream = [&](std::string_view) {
                                                                                                          if (++pieces == 3)
                                                                                                              stop.request_stop();
                                                                                                      }}));
        QCOMPARE(pieces, 3);
    }

    /// With a gradient of zero, AdamW only decays.
    void decayMaySpareAllButMatrices()
    {
        for (const bool matricesOnly : {false, true})
            for (const auto kind : {OptimizerOptions::Kind::adamw, OptimizerOptions::Kind::sgd}) {
                at::Tensor matrix = at::ones({2, 3}).requires_grad_(), vector = at::ones({3}).requires_grad_();
                const auto optimizer = makeOptimizer({.kind = kind, .weightDecay = 0.5, .decayMatricesOnly = matricesOnly},
                                                     {{"matrix", matrix}, {"vector", vector}});
                for (at::Tensor* parameter : {&matrix, &vector})
                    parameter->mutable_grad() = at::zeros_like(*parameter);
                optimizer->step(0.1);
                QVERIFY(std::abs(matrix[0][0].item<double>() - 0.95) < 1e-6);
                QVERIFY(std::abs(vector[0].item<double>() - (matricesOnly ? 1 : 0.95)) < 1e-6);
            }
    }
};

QTEST_GUILESS_MAIN(TestTextPrograms)
#include "tst_text_programs.moc"
