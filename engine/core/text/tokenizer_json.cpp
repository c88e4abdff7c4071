// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/checksum.h"
#include "engine/core/text/tokenizer.h"
#include "engine/core/text/utf8.h"

#include <array>
#include <nlohmann/json.hpp>
#include <set>
#include <span>

namespace descent {

using Json = nlohmann::json;

namespace {

constexpr std::size_t maximumJsonBytes = std::size_t{256} << 20;
constexpr std::size_t maximumVocabulary = 4'000'000, maximumPieceBytes = std::size_t{1} << 16;
constexpr int version = 1;
constexpr std::array kindNames{"word", "character", "byte-pair"}; // in the order of TokenizerKind

Result<Tokenizer> refused(Text reason)
{
    return {std::nullopt, {{"tokenizer", std::move(reason), {}}}};
}

/// Each merge joins two tokens that exist before it, and no piece grows without bound: a merge of a merge of a merge doubles it.
bool readMerges(const Json& json, std::vector<Merge>& merges)
{
    std::vector<std::size_t> lengths(Tokenizer::specialTokens + 256, 1); // of each token, in bytes
    std::set<std::pair<std::uint64_t, std::uint64_t>> seen;
    for (const Json& entry : json) {
        if (!entry.is_array() || entry.size() != 2 || !entry[0].is_number_unsigned() || !entry[1].is_number_unsigned())
            return false;
        const auto left = entry[0].get<std::uint64_t>(), right = entry[1].get<std::uint64_t>();
        if (left < Tokenizer::specialTokens || right < Tokenizer::specialTokens || left >= lengths.size()
            || right >= lengths.size() || !seen.emplace(left, right).second)
            return false;
        lengths.push_back(lengths[left] + lengths[right]);
        if (lengths.back() > longestPiece)
            return false;
        merges.push_back({entry[0].get<std::int32_t>(), entry[1].get<std::int32_t>()});
    }
    return true;
}

}

std::string Tokenizer::toJson() const
{
    Json json{{"version", version},
              {"kind", kindNames.at(static_cast<std::size_t>(m_options.kind))},
              {"lowerCase", m_options.lowerCase},
              {"vocabularySize", m_options.vocabularySize},
              {"minimumCount", m_options.minimumCount}};
    if (m_options.kind == TokenizerKind::bytePair) {
        Json merges = Json::array();
        for (const Merge& merge : m_merges)
            merges.push_back({merge.left, merge.right});
        json["merges"] = std::move(merges);
    } else {
        json["pieces"] = std::vector<std::string>(m_pieces.begin() + specialTokens, m_pieces.end());
    }
    return json.dump();
}

Result<Tokenizer> Tokenizer::fromJson(std::string_view text_)
{
    if (text_.size() > maximumJsonBytes)
        return refused(text("a tokenizer of %1 bytes is too large", text_.size()));
    // Depth is bounded before the parser builds anything: a tokenizer nests three levels.
    bool tooDeep = false;
    const auto shallow = [&](int level, Json::parse_event_t, Json&) {
        tooDeep |= level > 4;
        return !tooDeep;
    };
    const Json json = Json::parse(text_, shallow, false);
    if (tooDeep || !json.is_object())
        return refused(text("this is no tokenizer"));
    const auto is = [&](const char* name, auto predicate) {
        const auto found = json.find(name);
        return found != json.end() && predicate(*found);
    };
    const auto whole = [](const Json& value) { return value.is_number_integer(); };
    if (!is("version", whole) || json["version"].get<std::int64_t>() != version)
        return refused(text("this tokenizer was written by another version of this program"));
    Tokenizer tokenizer;
    TokenizerOptions& options = tokenizer.m_options;
    bool knownKind = false;
    for (std::size_t i = 0; i < kindNames.size(); ++i)
        if (is("kind", [&](const Json& value) { return value == kindNames[i]; })) {
            options.kind = static_cast<TokenizerKind>(i);
            knownKind = true;
        }
    const bool bytePair = options.kind == TokenizerKind::bytePair;
    const char* list = bytePair ? "merges" : "pieces";
    if (!knownKind || !is("lowerCase", [](const Json& value) { return value.is_boolean(); }) || !is("vocabularySize", whole)
        || !is("minimumCount", whole)
        || !is(list, [](const Json& value) { return value.is_array() && value.size() <= maximumVocabulary; }))
        return refused(text("this is no tokenizer"));
    options.lowerCase = json["lowerCase"].get<bool>();
    options.vocabularySize = json["vocabularySize"].get<std::int64_t>();
    options.minimumCount = json["minimumCount"].get<std::int64_t>();

    if (bytePair) {
        std::vector<Merge> merges;
        if (!readMerges(json["merges"], merges))
            return refused(text("the merges of this tokenizer are damaged"));
        tokenizer.setMerges(std::move(merges));
        return {std::move(tokenizer), {}};
    }
    for (const Json& piece : json["pieces"]) {
        if (!piece.is_string())
            return refused(text("the vocabulary of this tokenizer is damaged"));
        const std::string& value = piece.get_ref<const std::string&>();
        if (value.empty() || value.size() > maximumPieceBytes || !isUtf8(value) || tokenizer.m_tokens.contains(value))
            return refused(text("the vocabulary of this tokenizer is damaged"));
        tokenizer.addPiece(value);
    }
    return {std::move(tokenizer), {}};
}

std::string Tokenizer::hash() const
{
    const std::string json = toJson();
    return sha256(std::as_bytes(std::span{json}));
}

}
