// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/problem.h"
#include "engine/core/text/byte_pair.h"

#include <cstdint>
#include <map>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace descent {

enum class TokenizerKind {
    word,      ///< words and numbers; each sign and each Chinese character is a token of its own
    character, ///< Unicode code points
    bytePair,  ///< bytes, and the frequent runs of them: any text can be written
};

struct TokenizerOptions {
    TokenizerKind kind = TokenizerKind::word;
    bool lowerCase = false;
    std::int64_t vocabularySize = 8000; ///< at most, special tokens included
    std::int64_t minimumCount = 1;      ///< rarer words and characters are unknown
    bool operator==(const TokenizerOptions&) const = default;
};

/// Texts as numbers and back. A value: trained once on the training part, kept in the checkpoint as JSON.
/// Tokens 0 to 3 are special: padding, unknown, begin, end. encode() makes only `unknown` of them, and never from byte pairs.
/// Thread safety: immutable once made; const members from any thread.
class Tokenizer {
public:
    static constexpr std::int32_t padding = 0, unknown = 1, begin = 2, end = 3, specialTokens = 4;

    Tokenizer() = default; ///< knows the special tokens only

    /// Learns the vocabulary. The same texts give the same tokens on every machine. Throws Cancelled;
    /// std::invalid_argument when vocabularySize is below minimumVocabulary().
    static Tokenizer trained(const TokenizerOptions&, std::span<const std::string_view> texts, const std::stop_token& stop = {});
    static std::int64_t minimumVocabulary(TokenizerKind kind); ///< the special tokens, and 256 bytes for byte pairs

    std::vector<std::int32_t> encode(std::string_view text) const;

    /// The text behind each token of encode(text), as it stands there (in lower case where the option says so).
    std::vector<std::string> split(std::string_view text) const;

    /// Characters and byte pairs: decode(encode(x)) == x (in lower case where the option says so) as long as nothing is unknown.
    /// Words: with blanks put back where people write them. Padding, begin, end are left out; `unknown`, and whatever is no
    /// token, is U+FFFD. Of byte pairs the result may end within a character, see wholeCharacters().
    std::string decode(std::span<const std::int32_t> tokens) const;

    std::int64_t vocabularySize() const { return static_cast<std::int64_t>(m_pieces.size()); }
    /// What a token stands for; "<padding>", "<unknown>", "<begin>", "<end>". Not always whole characters for byte pairs.
    const std::string& piece(std::int32_t token) const { return m_pieces.at(static_cast<std::size_t>(token)); }
    const TokenizerOptions& options() const { return m_options; }

    std::string toJson() const;
    std::string hash() const; ///< SHA-256 of toJson(): two of one hash make the same ids of every text
    /// Reads what toJson() wrote; refuses, with the reason, anything else: outside data.
    static Result<Tokenizer> fromJson(std::string_view json);

    bool operator==(const Tokenizer& other) const
    {
        return m_options == other.m_options && m_pieces == other.m_pieces && m_merges == other.m_merges;
    }

private:
    void learnPieces(std::span<const std::string_view> texts, const std::stop_token& stop);
    void setMerges(std::vector<Merge> merges);
    void addPiece(std::string piece);
    std::string decodeWords(std::span<const std::int32_t> tokens) const;

    TokenizerOptions m_options;
    std::vector<std::string> m_pieces{"<padding>", "<unknown>", "<begin>", "<end>"}; // by token
    std::map<std::string, std::int32_t, std::less<>> m_tokens;                       // words and characters
    std::vector<Merge> m_merges;                                                     // byte pairs
    MergeTable m_mergeTable;
};

}
