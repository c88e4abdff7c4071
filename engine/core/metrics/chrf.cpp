// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/metrics/chrf.h"

#include "engine/core/metrics/blanks.h"
#include "engine/core/metrics/promises.h"
#include "engine/core/text/utf8.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <limits>
#include <vector>

namespace descent {

namespace {

constexpr std::size_t order = 6;
constexpr double weightOfRecall = 2 * 2; ///< the square of chrF2's 2

/// Of the runs of one length, over all sentences.
struct Counts {
    std::int64_t hypothesis = 0, reference = 0, common = 0;
};

std::u32string withoutBlanks(std::string_view text)
{
    std::u32string characters;
    while (!text.empty()) {
        const Character character = firstCharacter(text);
        if (!isBlank(character.value))
            characters += character.value;
        text.remove_prefix(character.bytes);
    }
    return characters;
}

/// All runs of `length` characters, sorted, as often as they occur.
std::vector<std::u32string_view> runsOf(std::u32string_view text, std::size_t length)
{
    std::vector<std::u32string_view> runs;
    for (std::size_t i = 0; i + length <= text.size(); ++i)
        runs.push_back(text.substr(i, length));
    std::ranges::sort(runs);
    return runs;
}

double scoreOf(const std::array<Counts, order>& counts)
{
    double precision = 0, recall = 0, lengths = 0;
    for (const Counts& length : counts)
        if (length.hypothesis > 0 && length.reference > 0) {
            precision += static_cast<double>(length.common) / static_cast<double>(length.hypothesis);
            recall += static_cast<double>(length.common) / static_cast<double>(length.reference);
            ++lengths;
        }
    if (precision + recall == 0)
        return 0;
    precision /= lengths;
    recall /= lengths;
    return 100 * (1 + weightOfRecall) * precision * recall / (weightOfRecall * precision + recall);
}

}

double corpusChrf(std::span<const std::string> hypotheses, std::span<const std::string> references, bool lowercase)
{
    requireSameLength(hypotheses.size(), references.size(), "references");
    if (hypotheses.empty())
        return std::numeric_limits<double>::quiet_NaN();
    const auto charactersOf = [&](const std::string& text) { return withoutBlanks(lowercase ? lowered(text) : text); };
    std::array<Counts, order> counts;
    for (std::size_t i = 0; i < hypotheses.size(); ++i) {
        const std::u32string hypothesis = charactersOf(hypotheses[i]), reference = charactersOf(references[i]);
        for (std::size_t n = 0; n < order; ++n) {
            const std::vector<std::u32string_view> own = runsOf(hypothesis, n + 1), wanted = runsOf(reference, n + 1);
            std::vector<std::u32string_view> common;
            std::ranges::set_intersection(own, wanted, std::back_inserter(common));
            counts[n].hypothesis += wanted.empty() ? 0 : std::ssize(own); // a reference too short for it says nothing
            counts[n].reference += std::ssize(wanted);
            counts[n].common += std::ssize(common);
        }
    }
    return scoreOf(counts);
}

std::string chrfSignature(bool lowercase)
{
    return fmt::format("nrefs:1|case:{}|eff:yes|nc:6|nw:0|space:no|version:descent-" DESCENT_VERSION, lowercase ? "lc" : "mixed");
}

}
