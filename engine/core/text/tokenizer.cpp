// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/text/tokenizer.h"

#include "engine/core/text/utf8.h"

#include <algorithm>
#include <functional>
#include <stdexcept>

namespace descent {

namespace {

/// Visits the words of a text: runs of letters and digits with apostrophes inside ("don't", "1990s"), signs and ideographs alone.
void forEachWord(std::string_view text, const std::function<void(std::string_view)>& visit)
{
    const auto isWord = [](CharacterClass c) { return c == CharacterClass::letter || c == CharacterClass::digit; };
    std::size_t at = 0, wordBegin = 0;
    bool inWord = false;
    while (at < text.size()) {
        const Character character = firstCharacter(text.substr(at));
        const CharacterClass found = classOf(character.value);
        const std::size_t behind = at + character.bytes;
        const bool apostrophe = character.value == '\'' || character.value == 0x2019;
        const bool goesOn = isWord(found)
            || (apostrophe && inWord && behind < text.size()
                && classOf(firstCharacter(text.substr(behind)).value) == CharacterClass::letter);
        if (goesOn) {
            if (!inWord)
                wordBegin = at;
            inWord = true;
        } else {
            if (inWord)
                visit(text.substr(wordBegin, at - wordBegin));
            inWord = false;
            if (found != CharacterClass::space)
                visit(text.substr(at, character.bytes));
        }
        at = behind;
    }
    if (inWord)
        visit(text.substr(wordBegin));
}

void forEachCharacter(std::string_view text, const std::function<void(std::string_view)>& visit)
{
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t bytes = firstCharacter(text.substr(at)).bytes;
        visit(text.substr(at, bytes));
        at += bytes;
    }
}

}

std::int64_t Tokenizer::minimumVocabulary(TokenizerKind kind)
{
    return kind == TokenizerKind::bytePair ? specialTokens + 256 : specialTokens;
}

Tokenizer Tokenizer::trained(const TokenizerOptions& options, std::span<const std::string_view> texts, const std::stop_token& stop)
{
    if (options.vocabularySize < minimumVocabulary(options.kind))
        throw std::invalid_argument{"vocabulary size " + std::to_string(options.vocabularySize)};
    Tokenizer tokenizer;
    tokenizer.m_options = options;
    std::vector<std::string> lowerTexts;
    std::vector<std::string_view> lowerViews;
    if (options.lowerCase) {
        for (const std::string_view text : texts)
            lowerTexts.push_back(lowered(text));
        lowerViews.assign(lowerTexts.begin(), lowerTexts.end());
        texts = lowerViews;
    }
    if (options.kind == TokenizerKind::bytePair)
        tokenizer.setMerges(
            learnMerges(texts, options.vocabularySize - minimumVocabulary(options.kind), specialTokens, stop));
    else
        tokenizer.learnPieces(texts, stop);
    return tokenizer;
}

/// The most frequent first, so that a smaller vocabulary is the beginning of a larger one.
void Tokenizer::learnPieces(std::span<const std::string_view> texts, const std::stop_token& stop)
{
    std::unordered_map<std::string_view, std::int64_t> counts;
    std::size_t seen = 0;
    const auto visit = [&](std::string_view piece) {
        if ((++seen & 0xffff) == 0 && stop.stop_requested())
            throw Cancelled{};
        ++counts[piece];
    };
    for (const std::string_view text : texts)
        m_options.kind == TokenizerKind::word ? forEachWord(text, visit) : forEachCharacter(text, visit);
    std::vector<std::pair<std::string_view, std::int64_t>> pieces;
    for (const auto& entry : counts)
        if (entry.second >= m_options.minimumCount && isUtf8(entry.first))
            pieces.push_back(entry);
    std::sort(pieces.begin(), pieces.end(),
              [](const auto& a, const auto& b) { return a.second != b.second ? a.second > b.second : a.first < b.first; });
    pieces.resize(std::min(pieces.size(), static_cast<std::size_t>(m_options.vocabularySize - specialTokens)));
    for (const auto& entry : pieces)
        addPiece(std::string{entry.first});
}

void Tokenizer::addPiece(std::string piece)
{
    m_tokens.emplace(piece, static_cast<std::int32_t>(m_pieces.size()));
    m_pieces.push_back(std::move(piece));
}

void Tokenizer::setMerges(std::vector<Merge> merges)
{
    for (int byte = 0; byte < 256; ++byte)
        m_pieces.emplace_back(1, static_cast<char>(byte));
    for (const Merge& merge : merges)
        m_pieces.push_back(piece(merge.left) + piece(merge.right));
    m_mergeTable = MergeTable{merges, specialTokens};
    m_merges = std::move(merges);
}

std::vector<std::int32_t> Tokenizer::encode(std::string_view text) const
{
    std::string lowerText;
    if (m_options.lowerCase)
        text = lowerText = lowered(text);
    std::vector<std::int32_t> tokens;
    if (m_options.kind == TokenizerKind::bytePair) {
        // A corpus repeats its words: each is merged once and remembered for the length of this call.
        std::unordered_map<std::string_view, std::vector<std::int32_t>> known;
        forEachPiece(text, [&](std::string_view piece) {
            const auto [found, isNew] = known.try_emplace(piece);
            if (isNew)
                m_mergeTable.append(piece, found->second);
            tokens.insert(tokens.end(), found->second.begin(), found->second.end());
        });
        return tokens;
    }
    const auto visit = [&](std::string_view piece) {
        const auto found = m_tokens.find(piece);
        tokens.push_back(found == m_tokens.end() ? unknown : found->second);
    };
    m_options.kind == TokenizerKind::word ? forEachWord(text, visit) : forEachCharacter(text, visit);
    return tokens;
}

std::vector<std::string> Tokenizer::split(std::string_view text) const
{
    std::vector<std::string> pieces;
    if (m_options.kind == TokenizerKind::bytePair) {
        for (const std::int32_t token : encode(text))
            pieces.push_back(piece(token));
        return pieces;
    }
    std::string lowerText;
    if (m_options.lowerCase)
        text = lowerText = lowered(text);
    const auto visit = [&](std::string_view piece) { pieces.emplace_back(piece); };
    m_options.kind == TokenizerKind::word ? forEachWord(text, visit) : forEachCharacter(text, visit);
    return pieces;
}

std::string Tokenizer::decode(std::span<const std::int32_t> tokens) const
{
    if (m_options.kind == TokenizerKind::word)
        return decodeWords(tokens);
    std::string text;
    for (const std::int32_t token : tokens) {
        if (token == unknown || token < 0 || token >= vocabularySize())
            appendUtf8(text, replacementCharacter);
        else if (token >= specialTokens)
            text += piece(token);
    }
    return text;
}

/// A blank before each word, but none before closing signs and none behind opening ones.
std::string Tokenizer::decodeWords(std::span<const std::int32_t> tokens) const
{
    const auto isOneOf = [](std::string_view piece, std::initializer_list<std::string_view> signs) {
        return std::find(signs.begin(), signs.end(), piece) != signs.end();
    };
    std::string text;
    bool glued = true, wasIdeograph = false;
    for (const std::int32_t token : tokens) {
        if (token == padding || token == begin || token == end)
            continue;
        const bool known = token >= specialTokens && token < vocabularySize();
        const std::string_view word = known ? std::string_view{piece(token)} : "\xEF\xBF\xBD";
        const bool ideograph = classOf(firstCharacter(word).value) == CharacterClass::ideograph;
        if (!glued && !(ideograph && wasIdeograph)
            && !isOneOf(word, {".", ",", ";", ":", "!", "?", ")", "]", "}", "%", "…", "’", "”", "。", "，", "！", "？", "、"}))
            text += ' ';
        text += word;
        glued = isOneOf(word, {"(", "[", "{", "“", "$", "#"});
        wasIdeograph = ideograph;
    }
    return text;
}

}
