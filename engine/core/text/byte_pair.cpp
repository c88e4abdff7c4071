// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/text/byte_pair.h"

#include "engine/core/base/problem.h"
#include "engine/core/text/utf8.h"

#include <algorithm>
#include <optional>
#include <queue>
#include <stdexcept>
#include <string>

namespace descent {

namespace {

std::uint64_t keyOf(std::int32_t left, std::int32_t right)
{
    return std::uint64_t{static_cast<std::uint32_t>(left)} << 32 | static_cast<std::uint32_t>(right);
}

/// The distinct pieces of a text and how often each occurs, in an order that the text alone decides.
std::vector<std::pair<std::string_view, std::int64_t>> countPieces(std::span<const std::string_view> texts,
                                                                   const std::stop_token& stop)
{
    std::unordered_map<std::string_view, std::int64_t> counts;
    std::size_t seen = 0;
    for (const std::string_view text : texts)
        forEachPiece(text, [&](std::string_view piece) {
            if ((++seen & 0xffff) == 0 && stop.stop_requested())
                throw Cancelled{};
            ++counts[piece];
        });
    std::vector<std::pair<std::string_view, std::int64_t>> pieces(counts.begin(), counts.end());
    std::sort(pieces.begin(), pieces.end());
    return pieces;
}

/// The pieces as doubly linked lists of tokens in one array, with every pair's count and places. A merge touches only the
/// places of its pair; a heap with entries that may be out of date finds the most frequent pair.
class MergeLearner {
public:
    MergeLearner(std::span<const std::pair<std::string_view, std::int64_t>> pieces, std::int32_t firstByte)
    {
        std::size_t bytes = 0;
        for (const auto& piece : pieces)
            bytes += piece.first.size();
        if (bytes > std::size_t{1} << 31)
            throw std::invalid_argument{"too much text to learn merges from: " + std::to_string(bytes) + " bytes"};
        m_places.reserve(bytes);
        for (const auto& [piece, count] : pieces) {
            for (std::size_t i = 0; i < piece.size(); ++i) {
                const auto here = static_cast<std::int32_t>(m_places.size());
                m_places.push_back({firstByte + static_cast<unsigned char>(piece[i]), i > 0 ? here - 1 : nowhere,
                                    i + 1 < piece.size() ? here + 1 : nowhere, count});
            }
        }
        for (std::int32_t place = 0; place < static_cast<std::int32_t>(m_places.size()); ++place)
            if (at(place).next != nowhere)
                add(place);
        for (const auto& [key, pair] : m_pairs)
            m_heap.push({pair.count, key});
    }

    /// The most frequent pair becomes `token`. Nothing when no pair occurs twice.
    std::optional<Merge> mergeNext(std::int32_t token)
    {
        while (!m_heap.empty()) {
            const Candidate best = m_heap.top();
            m_heap.pop();
            const std::int64_t count = m_pairs[best.key].count;
            if (count != best.count) { // out of date; an entry with more was pushed when the count rose
                if (count > 1 && count < best.count)
                    m_heap.push({count, best.key});
                continue;
            }
            if (count < 2)
                return std::nullopt;
            const Merge merge{static_cast<std::int32_t>(best.key >> 32), static_cast<std::int32_t>(best.key & 0xffffffff)};
            apply(merge, token, std::move(m_pairs[best.key].places));
            m_pairs.erase(best.key);
            return merge;
        }
        return std::nullopt;
    }

private:
    static constexpr std::int32_t nowhere = -1;
    struct Place {
        std::int32_t token, previous, next;
        std::int64_t count; // of the piece it stands in
    };
    struct Pair {
        std::int64_t count = 0;
        std::vector<std::int32_t> places; // of the left token; some may have been merged away since
    };
    struct Candidate {
        std::int64_t count;
        std::uint64_t key;
        bool operator<(const Candidate& other) const { return count != other.count ? count < other.count : key > other.key; }
    };

    Place& at(std::int32_t place) { return m_places[static_cast<std::size_t>(place)]; }

    std::uint64_t keyAt(std::int32_t place) { return keyOf(at(place).token, at(at(place).next).token); }

    void add(std::int32_t place)
    {
        Pair& pair = m_pairs[keyAt(place)];
        pair.count += at(place).count;
        pair.places.push_back(place);
    }

    void remove(std::int32_t place)
    {
        if (const auto found = m_pairs.find(keyAt(place)); found != m_pairs.end())
            found->second.count -= at(place).count;
    }

    void apply(const Merge& merge, std::int32_t token, std::vector<std::int32_t> places)
    {
        std::sort(places.begin(), places.end()); // in "aaa" the first two become one
        std::vector<std::int32_t> grown;
        for (const std::int32_t place : places) {
            Place& left = at(place);
            if (left.token != merge.left || left.next == nowhere || at(left.next).token != merge.right)
                continue; // merged by its neighbour already
            Place& right = at(left.next);
            if (left.previous != nowhere)
                remove(left.previous);
            if (right.next != nowhere)
                remove(left.next);
            left.token = token;
            right.token = nowhere;
            left.next = right.next;
            if (left.next != nowhere) {
                at(left.next).previous = place;
                add(place);
                grown.push_back(place);
            }
            if (left.previous != nowhere) {
                add(left.previous);
                grown.push_back(left.previous);
            }
        }
        std::vector<std::uint64_t> keys;
        for (const std::int32_t place : grown)
            if (at(place).token != nowhere && at(place).next != nowhere)
                keys.push_back(keyAt(place));
        std::sort(keys.begin(), keys.end());
        keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
        for (const std::uint64_t key : keys)
            if (const std::int64_t count = m_pairs[key].count; count > 1)
                m_heap.push({count, key});
    }

    std::vector<Place> m_places;
    std::unordered_map<std::uint64_t, Pair> m_pairs;
    std::priority_queue<Candidate> m_heap;
};

}

void forEachPiece(std::string_view text, const std::function<void(std::string_view)>& visit)
{
    const auto classAt = [&](std::size_t at) {
        const CharacterClass found = classOf(firstCharacter(text.substr(at)).value);
        return found == CharacterClass::ideograph ? CharacterClass::letter : found;
    };
    std::size_t begin = 0;
    while (begin < text.size()) {
        std::size_t end = begin;
        CharacterClass run = classAt(begin);
        if (text[begin] == ' ' && begin + 1 < text.size() && classAt(begin + 1) != CharacterClass::space) {
            run = classAt(begin + 1);
            end = begin + 1;
        }
        while (end < text.size() && classAt(end) == run) {
            const std::size_t bytes = firstCharacter(text.substr(end)).bytes;
            if (end + bytes - begin > longestPiece)
                break;
            // The last blank of several belongs to the word behind it.
            if (run == CharacterClass::space && end > begin && text[end] == ' ' && end + 1 < text.size()
                && classAt(end + 1) != CharacterClass::space)
                break;
            end += bytes;
        }
        visit(text.substr(begin, end - begin));
        begin = end;
    }
}

std::vector<Merge> learnMerges(std::span<const std::string_view> texts, std::int64_t count, std::int32_t firstByte,
                               const std::stop_token& stop)
{
    MergeLearner learner{countPieces(texts, stop), firstByte};
    std::vector<Merge> merges;
    while (static_cast<std::int64_t>(merges.size()) < count) {
        if (stop.stop_requested())
            throw Cancelled{};
        const auto merge = learner.mergeNext(firstByte + 256 + static_cast<std::int32_t>(merges.size()));
        if (!merge)
            break;
        merges.push_back(*merge);
    }
    return merges;
}

MergeTable::MergeTable(std::span<const Merge> merges, std::int32_t firstByte) : m_firstByte{firstByte}
{
    m_merged.reserve(merges.size());
    for (std::size_t i = 0; i < merges.size(); ++i)
        m_merged.emplace(keyOf(merges[i].left, merges[i].right), firstByte + 256 + static_cast<std::int32_t>(i));
}

void MergeTable::append(std::string_view piece, std::vector<std::int32_t>& tokens) const
{
    const auto begin = static_cast<std::ptrdiff_t>(tokens.size());
    for (const char c : piece)
        tokens.push_back(m_firstByte + static_cast<unsigned char>(c));
    for (;;) {
        // Merges are numbered in the order they were learnt: the smallest token that any pair makes is the next.
        std::int32_t best = 0;
        std::ptrdiff_t where = -1;
        for (auto i = begin; i + 1 < static_cast<std::ptrdiff_t>(tokens.size()); ++i) {
            const auto found = m_merged.find(keyOf(tokens[static_cast<std::size_t>(i)], tokens[static_cast<std::size_t>(i) + 1]));
            if (found != m_merged.end() && (where < 0 || found->second < best)) {
                best = found->second;
                where = i;
            }
        }
        if (where < 0)
            return;
        tokens[static_cast<std::size_t>(where)] = best;
        tokens.erase(tokens.begin() + where + 1);
    }
}

}
