// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/metrics/bleu.h"

#include "engine/core/metrics/blanks.h"
#include "engine/core/metrics/promises.h"
#include "engine/core/text/utf8.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <limits>

namespace descent {

namespace {

std::vector<std::string> splitAtBlanks(std::string_view text)
{
    std::vector<std::string> words;
    bool isInWord = false;
    while (!text.empty()) {
        const Character character = firstCharacter(text);
        if (isBlank(character.value)) {
            isInWord = false;
        } else {
            if (!isInWord)
                words.emplace_back();
            isInWord = true;
            words.back() += text.substr(0, character.bytes);
        }
        text.remove_prefix(character.bytes);
    }
    return words;
}

/// `text` up to the last character that is no blank.
std::string_view withoutTrailingBlanks(std::string_view text)
{
    std::size_t end = 0;
    for (std::size_t at = 0; at < text.size();) {
        const Character character = firstCharacter(text.substr(at));
        at += character.bytes;
        if (!isBlank(character.value))
            end = at;
    }
    return text.substr(0, end);
}

std::string replaced(std::string_view text, std::string_view what, std::string_view with)
{
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t next = std::min(text.find(what, at), text.size());
        result += text.substr(at, next - at);
        if (next < text.size())
            result += with;
        at = next + what.size();
    }
    return result;
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isDash(char c)
{
    return c == '-';
}

bool isPointOrComma(char c)
{
    return c == '.' || c == ',';
}

/// ASCII punctuation but for ' , - .
bool standsAlone(char c)
{
    return (c >= ' ' && c <= '+' && c != '\'') || c == '/' || (c >= ':' && c <= '@') || (c >= '[' && c <= '`')
        || (c >= '{' && c <= '~');
}

/// Every pair of a byte of `first` and one of `second` becomes before, first, blank, second, after. As a regular expression
/// does it: from the left, each byte in one pair at most.
template <typename First, typename Second>
std::string spacedPairs(std::string_view text, First first, Second second, std::string_view before, std::string_view after)
{
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i)
        if (i + 1 < text.size() && first(text[i]) && second(text[i + 1])) {
            result.append(before).append({text[i], ' ', text[i + 1]}).append(after);
            ++i;
        } else {
            result += text[i];
        }
    return result;
}

using Run = std::array<std::string_view, BleuScore::order>;

/// All runs of `length` words, sorted, as often as they occur.
std::vector<Run> runsOf(const std::vector<std::string>& words, std::size_t length)
{
    std::vector<Run> runs;
    for (std::size_t i = 0; i + length <= words.size(); ++i)
        std::copy_n(words.begin() + static_cast<std::ptrdiff_t>(i), length, runs.emplace_back().begin());
    std::ranges::sort(runs);
    return runs;
}

void count(const std::vector<std::string>& hypothesis, const std::vector<std::string>& reference, BleuScore& score)
{
    score.hypothesisLength += std::ssize(hypothesis);
    score.referenceLength += std::ssize(reference);
    for (std::size_t n = 0; n < BleuScore::order; ++n) {
        const std::vector<Run> own = runsOf(hypothesis, n + 1), wanted = runsOf(reference, n + 1);
        std::vector<Run> common; // a run that occurs twice in one and three times in the other is common twice
        std::ranges::set_intersection(own, wanted, std::back_inserter(common));
        score.matches[n] += std::ssize(common);
        score.counts[n] += std::ssize(own);
    }
}

/// Precisions, penalty and score from what was counted.
void conclude(BleuScore& score)
{
    const auto length = static_cast<double>(score.hypothesisLength), wanted = static_cast<double>(score.referenceLength);
    if (length < wanted)
        score.brevityPenalty = length == 0 ? 0 : std::exp(1 - wanted / length);
    if (std::ranges::all_of(score.matches, [](std::int64_t matches) { return matches == 0; }))
        return;
    double unmatched = 1, logarithms = 0;
    for (std::size_t n = 0; n < BleuScore::order && score.counts[n] > 0; ++n) {
        const double matches = score.matches[n] > 0 ? static_cast<double>(score.matches[n]) : 1 / (unmatched *= 2);
        score.precisions[n] = 100 * matches / static_cast<double>(score.counts[n]);
    }
    for (const double precision : score.precisions)
        logarithms += std::log(precision); // minus infinity where there was no run: the score is 0
    score.score = score.brevityPenalty * std::exp(logarithms / static_cast<double>(BleuScore::order));
}

}

std::vector<std::string> tokenize13a(std::string_view text)
{
    std::string line = replaced(withoutTrailingBlanks(text), "<skipped>", "");
    line = replaced(replaced(line, "-\n", ""), "\n", " ");
    line = replaced(replaced(line, "&quot;", "\""), "&amp;", "&");
    line = replaced(replaced(line, "&lt;", "<"), "&gt;", ">");

    std::string spaced = " ";
    for (const char c : line)
        if (standsAlone(c))
            spaced.append({' ', c, ' '});
        else
            spaced += c;
    spaced += ' ';
    spaced = spacedPairs(spaced, std::not_fn(isDigit), isPointOrComma, "", " ");
    spaced = spacedPairs(spaced, isPointOrComma, std::not_fn(isDigit), " ", "");
    spaced = spacedPairs(spaced, isDigit, isDash, "", " ");
    return splitAtBlanks(spaced);
}

BleuScore corpusBleu(std::span<const std::string> hypotheses, std::span<const std::string> references, bool lowercase)
{
    requireSameLength(hypotheses.size(), references.size(), "references");
    const auto wordsOf = [&](const std::string& sentence) { return tokenize13a(lowercase ? lowered(sentence) : sentence); };
    BleuScore score;
    for (std::size_t i = 0; i < hypotheses.size(); ++i)
        count(wordsOf(hypotheses[i]), wordsOf(references[i]), score);
    conclude(score);
    if (hypotheses.empty())
        score.score = std::numeric_limits<double>::quiet_NaN();
    return score;
}

std::string bleuSignature(bool lowercase)
{
    return fmt::format("nrefs:1|case:{}|eff:no|tok:13a|smooth:exp|version:descent-" DESCENT_VERSION, lowercase ? "lc" : "mixed");
}

}
