// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/cleaned_split.h"
#include "engine/core/task/translation.h"

#include "engine/core/text/utf8.h"

#include <algorithm>

namespace descent {

namespace {

const Schema& schema()
{
    static const Schema settings{
        {.name = "tokenizer",
         .label = "Tokens",
         .help = "What a text is cut into.",
         .type = ParameterType::choice,
         .defaultValue = std::string{"byte-pair"},
         .common = true,
         .choices = {{"byte-pair", "Byte pairs", "Frequent words whole, rare ones in pieces; any text can be written. arXiv:1508.07909"},
                     {"word", "Words", "Rare words are unknown."},
                     {"character", "Characters", "Long sequences, a small vocabulary."}}},
        {.name = "vocabularySize",
         .label = "Vocabulary",
         .help = "Different tokens, at most.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{8000},
         .minimum = 10,
         .maximum = 200'000,
         .logarithmic = true,
         .common = true},
        {.name = "sharedVocabulary",
         .label = "One vocabulary",
         .help = "Both languages share their tokens: good where they share names and spelling.",
         .type = ParameterType::boolean,
         .defaultValue = false},
        {.name = "lowerCase",
         .label = "Lower case",
         .help = "Capitals are read and written as small letters.",
         .type = ParameterType::boolean,
         .defaultValue = false},
        {.name = "maximumLength",
         .label = "Longest text",
         .help = "Longer pairs are not learnt from, longer texts are cut before they are translated.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{64},
         .minimum = 4,
         .maximum = 2048,
         .unit = "tokens"},
        {.name = "beamWidth",
         .label = "Beam",
         .help = "Beginnings kept while a text is written; 1 takes the likeliest token every time.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{4},
         .minimum = 1,
         .maximum = 64},
        {.name = "lengthPenalty",
         .label = "Length penalty",
         .help = "Evens out that longer texts are less likely: 0 not at all. arXiv:1609.08144, equation 14",
         .type = ParameterType::real,
         .defaultValue = 0.6,
         .minimum = 0,
         .maximum = 5},
        {.name = "bleuSentences",
         .label = "Judged by",
         .help = "How many validation sentences are translated after each epoch. The test part is always translated whole.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{300},
         .minimum = 1,
         .maximum = 1e6,
         .logarithmic = true,
         .unit = "sentences"},
    };
    return settings;
}

TokenizerOptions tokenizerOptions(const Parameters& task)
{
    const std::string kind = textOf(schema(), task, "tokenizer");
    return {.kind = kind == "word" ? TokenizerKind::word : kind == "character" ? TokenizerKind::character : TokenizerKind::bytePair,
            .lowerCase = booleanOf(schema(), task, "lowerCase"),
            .vocabularySize = integerOf(schema(), task, "vocabularySize")};
}

/// Problems: a vocabulary too small for its kind of tokens.
Result<NetworkBrief> briefFor(std::int64_t sourceVocabulary, std::int64_t targetVocabulary, const Parameters& task)
{
    const TokenizerOptions options = tokenizerOptions(task);
    if (const std::int64_t least = Tokenizer::minimumVocabulary(options.kind); options.vocabularySize < least)
        return {std::nullopt,
                {{"task.vocabularySize", text("%1 are too few: the bytes of any text alone are %2", options.vocabularySize, least),
                  text("choose at least %1, or other tokens", least)}}};
    const Shape shape{integerOf(schema(), task, "maximumLength")};
    using enum NetworkInput::Kind;
    NetworkBrief brief{.inputs = {{.kind = tokens, .shape = shape, .vocabulary = sourceVocabulary, .padded = true},
                                  {.kind = tokens, .shape = shape, .vocabulary = targetVocabulary, .padded = true}},
                       .output = NetworkBrief::Output::nextTokens,
                       .outputs = targetVocabulary};
    return {std::move(brief), {}};
}

const std::vector<std::string>& sourcesOf(const Samples& samples)
{
    return std::get<Texts>(samples.inputs).texts;
}

std::vector<std::string_view> rowsOf(const std::vector<std::string>& texts, const std::vector<std::int64_t>& rows)
{
    std::vector<std::string_view> chosen;
    chosen.reserve(rows.size());
    for (const std::int64_t row : rows)
        chosen.push_back(texts[static_cast<std::size_t>(row)]);
    return chosen;
}

/// Ids of many texts in rows of one length, filled up with padding.
class IdRows {
public:
    void add(std::span<const std::int32_t> ids) { m_rows.emplace_back(ids.begin(), ids.end()); }
    std::size_t length(std::size_t row) const { return m_rows[row].size(); }

    /// first, then the ids, then last (0: none), cut to `steps`.
    SampleArray array(std::int64_t steps, std::int32_t first, std::int32_t last) const
    {
        const auto width = static_cast<std::size_t>(steps);
        std::vector<std::int64_t> values(m_rows.size() * width, Tokenizer::padding);
        std::vector<std::int32_t> lengths;
        for (std::size_t row = 0; row < m_rows.size(); ++row) {
            std::int64_t* const begin = values.data() + row * width;
            std::int64_t* at = begin;
            if (first != Tokenizer::padding)
                *at++ = first;
            const std::size_t kept = std::min(m_rows[row].size(), width - 1);
            at = std::copy_n(m_rows[row].begin(), kept, at);
            if (last != Tokenizer::padding)
                *at++ = last;
            lengths.push_back(static_cast<std::int32_t>(at - begin));
        }
        SampleArray samples = sampleArray(std::move(values), {steps});
        samples.lengths = std::move(lengths);
        return samples;
    }
    std::size_t longest() const
    {
        std::size_t most = 0;
        for (const auto& row : m_rows)
            most = std::max(most, row.size());
        return most;
    }

private:
    std::vector<std::vector<std::int32_t>> m_rows;
};

struct Encoded {
    IdRows source, target;
};

Encoded encode(const Samples& samples, const TranslationPreparation& preparation, const LoadControl& control)
{
    Encoded encoded;
    for (std::size_t i = 0; i < samples.targets.texts.size(); ++i) {
        if (i % 1024 == 0 && control.stop.stop_requested())
            throw Cancelled{};
        encoded.source.add(preparation.source.encode(sourcesOf(samples)[i]));
        encoded.target.add(preparation.target.encode(samples.targets.texts[i]));
    }
    return encoded;
}

PreparedPart partOf(const Encoded& encoded, std::int64_t maximumLength)
{
    // As wide as the longest that is there: the network takes any number of steps up to its own.
    const auto steps = [&](const IdRows& rows) { return std::min<std::int64_t>(maximumLength, static_cast<std::int64_t>(rows.longest()) + 1); };
    const std::int64_t sourceSteps = steps(encoded.source), targetSteps = steps(encoded.target);
    PreparedPart part;
    part.inputs.push_back(encoded.source.array(sourceSteps, Tokenizer::padding, Tokenizer::end));
    part.inputs.push_back(encoded.target.array(targetSteps, Tokenizer::begin, Tokenizer::padding));
    part.targets = encoded.target.array(targetSteps, Tokenizer::padding, Tokenizer::end);
    return part;
}

/// Learnt from what is cut off, a network would learn to stop in the middle.
Problems dropLongPairs(Split& split, const Encoded& encoded, std::int64_t maximumLength)
{
    const std::size_t before = split.train.size();
    std::erase_if(split.train, [&](std::int64_t row) {
        const auto i = static_cast<std::size_t>(row);
        return std::max(encoded.source.length(i), encoded.target.length(i)) + 1 > static_cast<std::size_t>(maximumLength);
    });
    const std::size_t dropped = before - split.train.size();
    if (split.train.empty())
        return {{"task.maximumLength", text("all %1 pairs are longer than %2 tokens", before, maximumLength), text("allow longer texts")}};
    if (dropped == 0)
        return {};
    return {{"task.maximumLength", text("%1 of %2 pairs are longer than %3 tokens and are not learnt from", dropped, before, maximumLength), {}}};
}

Result<PreparedData> prepare(std::shared_ptr<const Dataset> dataset, const PreparationSettings& settings, const LoadControl& control)
{
    if (Result<NetworkBrief> brief = briefFor(1, 1, settings.task); !brief)
        return {std::nullopt, std::move(brief.problems)};
    Result<CleanedSplit> split = cleanAndSplit(*dataset, settings, control);
    if (!split)
        return {std::nullopt, std::move(split.problems)};
    PreparedData data;
    data.dataset = std::move(dataset);
    data.split = std::move(split->split);

    auto preparation = std::make_shared<TranslationPreparation>();
    preparation->maximumLength = integerOf(schema(), settings.task, "maximumLength");
    const Samples& train = data.dataset->train;
    std::vector<std::string_view> sources = rowsOf(sourcesOf(train), data.split.train);
    const std::vector<std::string_view> targets = rowsOf(train.targets.texts, data.split.train);
    const TokenizerOptions options = tokenizerOptions(settings.task);
    if (booleanOf(schema(), settings.task, "sharedVocabulary")) {
        sources.insert(sources.end(), targets.begin(), targets.end());
        preparation->source = preparation->target = Tokenizer::trained(options, sources, control.stop);
    } else {
        preparation->source = Tokenizer::trained(options, sources, control.stop);
        preparation->target = Tokenizer::trained(options, targets, control.stop);
    }

    Encoded encoded = encode(train, *preparation, control);
    Problems problems = dropLongPairs(data.split, encoded, preparation->maximumLength);
    problems.insert(problems.begin(), split.problems.begin(), split.problems.end());
    if (data.split.train.empty())
        return {std::nullopt, std::move(problems)};
    data.train = partOf(encoded, preparation->maximumLength);
    if (data.split.ownTest)
        data.test = partOf(encode(*data.dataset->test, *preparation, control), preparation->maximumLength);
    data.brief = *briefFor(preparation->source.vocabularySize(), preparation->target.vocabularySize(), settings.task);
    data.task = std::move(preparation);
    return {std::move(data), std::move(problems)};
}

}

TranslationOptions translationOptions(const Parameters& task)
{
    return {.beamWidth = integerOf(schema(), task, "beamWidth"),
            .lengthPenalty = realOf(schema(), task, "lengthPenalty"),
            .bleuSentences = integerOf(schema(), task, "bleuSentences")};
}

std::vector<std::int64_t> TranslationPreparation::sourceIds(std::string_view text) const
{
    const std::vector<std::int32_t> tokens = source.encode(text);
    std::vector<std::int64_t> ids{tokens.begin(), tokens.end()};
    ids.resize(std::min(ids.size(), static_cast<std::size_t>(maximumLength - 1)));
    ids.push_back(Tokenizer::end);
    return ids;
}

std::vector<std::size_t> wordStarts(const std::vector<std::string>& pieces, TokenizerKind kind)
{
    std::vector<std::size_t> starts;
    bool goesOn = false; // whether a word was begun that more of it may follow
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        const std::string_view piece = pieces[i];
        // A byte that is no whole character belongs to the word before it.
        const CharacterClass first = piece.empty() ? CharacterClass::punctuation : classOf(firstCharacter(piece).value);
        const bool partial = !piece.empty() && firstCharacter(piece).value == replacementCharacter;
        const bool inside = first == CharacterClass::letter || first == CharacterClass::digit || partial;
        if (kind != TokenizerKind::bytePair || !goesOn || !inside)
            starts.push_back(i);
        const CharacterClass last = piece.empty() ? CharacterClass::punctuation : classOf(static_cast<unsigned char>(piece.back()));
        goesOn = static_cast<unsigned char>(piece.empty() ? 0 : piece.back()) >= 0x80 || last == CharacterClass::letter || last == CharacterClass::digit;
    }
    if (!starts.empty())
        starts.front() = 0;
    return starts;
}

TaskKind translationTask()
{
    return {.id = "translation",
            .label = "Translation",
            .help = "A text in other words: from one language to another, or into another form.",
            .primaryMetric = "bleu",
            .fits = [](const Dataset& dataset) {
                return std::holds_alternative<Texts>(dataset.train.inputs) && dataset.train.targets.areTexts();
            },
            .cleans = true,
            .smoothsLabels = true,
            .schema = schema(),
            .brief = [](const Dataset&, const PreparationSettings& settings) {
                const std::int64_t vocabulary = tokenizerOptions(settings.task).vocabularySize;
                return briefFor(vocabulary, vocabulary, settings.task);
            },
            .prepare = prepare};
}

}
