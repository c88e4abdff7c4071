// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace descent {

/// Two neighbouring tokens that become one.
struct Merge {
    std::int32_t left = 0, right = 0;
    bool operator==(const Merge&) const = default;
};

/// Cuts a text into the pieces that merges never cross: a word with the blank before it, a number, signs, blanks. No piece
/// is longer than `longestPiece` bytes. Joined, the pieces are the text, byte for byte.
/// "Language Models are Unsupervised Multitask Learners" (2019), section 2.2, with classes of characters for its expression.
void forEachPiece(std::string_view text, const std::function<void(std::string_view)>& visit);
inline constexpr std::size_t longestPiece = 64;

/// Learns at most `count` merges from texts: again and again the most frequent pair of neighbours becomes a token. Byte b is
/// token firstByte + b, merge i makes token firstByte + 256 + i. Of pairs equally frequent the one with the smaller left token,
/// then right token, goes first, so the same texts give the same merges everywhere. Ends early when no pair occurs twice.
/// "Neural Machine Translation of Rare Words with Subword Units" (2016), arXiv:1508.07909
/// Throws Cancelled; std::invalid_argument when the distinct pieces exceed 2^31 bytes.
std::vector<Merge> learnMerges(std::span<const std::string_view> texts, std::int64_t count, std::int32_t firstByte,
                               const std::stop_token& stop = {});

/// Applies merges to pieces, the earliest learnt first.
class MergeTable {
public:
    MergeTable() = default;
    MergeTable(std::span<const Merge> merges, std::int32_t firstByte);
    /// Appends the tokens of one piece. Quadratic in its length, which `longestPiece` bounds.
    void append(std::string_view piece, std::vector<std::int32_t>& tokens) const;

private:
    std::unordered_map<std::uint64_t, std::int32_t> m_merged; // both tokens in one number -> the token they become
    std::int32_t m_firstByte = 0;
};

}
