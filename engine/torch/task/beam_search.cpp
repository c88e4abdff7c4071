// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/task/beam_search.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace descent {

namespace {

constexpr double impossible = -std::numeric_limits<double>::infinity();

struct Beginning {
    std::vector<std::int32_t> tokens; // the first is `begin`
    double logProbability = impossible;
};

/// One text that is still being searched. Its beginnings stand in rows next to each other, all texts have equally many.
struct Search {
    std::size_t text = 0;
    std::vector<Beginning> beginnings;
    std::vector<Hypothesis> ended;
};

double penalty(std::size_t length, double alpha)
{
    return std::pow((5.0 + static_cast<double>(length)) / 6.0, alpha);
}

Hypothesis hypothesis(const Beginning& beginning, bool ended, const BeamOptions& options)
{
    Hypothesis result{.tokens = {beginning.tokens.begin() + 1, beginning.tokens.end()}, .ended = ended};
    result.score = beginning.logProbability / penalty(result.tokens.size() + (ended ? 1 : 0), options.lengthPenalty);
    return result;
}

Hypothesis best(const Search& search, const BeamOptions& options)
{
    if (search.ended.empty()) // without a beginning the network gave no numbers
        return search.beginnings.empty() ? Hypothesis{.score = impossible} : hypothesis(search.beginnings.front(), false, options);
    return *std::max_element(search.ended.begin(), search.ended.end(),
                             [](const Hypothesis& a, const Hypothesis& b) { return a.score < b.score; });
}

at::Tensor newestTokens(const std::vector<Search>& searches)
{
    std::vector<std::int64_t> newest;
    for (const Search& search : searches)
        for (const Beginning& beginning : search.beginnings)
            newest.push_back(beginning.tokens.back());
    return at::tensor(newest, at::kLong);
}

/// The best ways for each text to go on: scores and places in [beginnings * vocabulary], best first, on the CPU.
std::pair<at::Tensor, at::Tensor> continuations(const at::Tensor& logits, const std::vector<Search>& searches, std::int64_t wanted)
{
    std::vector<float> before;
    for (const Search& search : searches)
        for (const Beginning& beginning : search.beginnings)
            before.push_back(static_cast<float>(beginning.logProbability));
    const at::Tensor scores =
        logits.to(at::kFloat).log_softmax(-1) + at::tensor(before).unsqueeze(1).to(logits.device());
    const at::Tensor byText = scores.view({static_cast<std::int64_t>(searches.size()), -1});
    const auto [values, places] = byText.topk(std::min(wanted, byText.size(1)));
    return {values.cpu(), places.cpu()};
}

/// Puts the next beginnings in place of the old ones; `parents` gets the row of each.
void goOn(Search& search, const float* scores, const std::int64_t* places, std::int64_t candidates, std::int64_t vocabulary,
          std::int64_t firstRow, const BeamOptions& options, std::vector<std::int64_t>& parents)
{
    const auto width = static_cast<std::size_t>(options.width);
    std::vector<Beginning> next;
    std::vector<std::int64_t> rows;
    for (std::int64_t rank = 0; rank < candidates && next.size() < width; ++rank) {
        if (!std::isfinite(scores[rank]))
            break;
        const Beginning& parent = search.beginnings[static_cast<std::size_t>(places[rank] / vocabulary)];
        const auto token = static_cast<std::int32_t>(places[rank] % vocabulary);
        if (token == options.end) {
            // One that ends among worse ones would win by its length alone.
            if (rank < options.width)
                search.ended.push_back(hypothesis({parent.tokens, scores[rank]}, true, options));
            continue;
        }
        next.push_back({parent.tokens, scores[rank]});
        next.back().tokens.push_back(token);
        rows.push_back(firstRow + places[rank] / vocabulary);
    }
    if (next.empty()) { // nothing but an end may come
        search.beginnings.clear();
        return;
    }
    while (next.size() < width) { // fewer ways than asked for: filled up with one that never wins
        next.push_back({next.back().tokens, impossible});
        rows.push_back(rows.back());
    }
    search.beginnings = std::move(next);
    parents.insert(parents.end(), rows.begin(), rows.end());
}

}

std::vector<Hypothesis> beamSearch(GrowingTexts& texts, std::span<const std::int64_t> limits, const BeamOptions& options,
                                   const std::function<bool()>& interrupted)
{
    std::vector<Hypothesis> found(limits.size());
    std::vector<Search> searches;
    for (std::size_t i = 0; i < limits.size(); ++i)
        searches.push_back({i, {{{options.begin}, 0.0}}, {}});

    for (std::int64_t length = 1; !searches.empty() && !(interrupted && interrupted()); ++length) {
        const at::Tensor logits = texts.next(newestTokens(searches));
        const std::int64_t vocabulary = logits.size(1);
        // Twice as many as are kept, since up to half of them may be ends.
        const auto [scores, places] = continuations(logits, searches, 2 * options.width);
        const std::int64_t candidates = scores.size(1);
        const float* score = scores.const_data_ptr<float>();
        const std::int64_t* place = places.const_data_ptr<std::int64_t>();

        std::vector<Search> remaining;
        std::vector<std::int64_t> parents;
        std::int64_t firstRow = 0;
        for (Search& search : searches) {
            const auto rows = static_cast<std::int64_t>(search.beginnings.size());
            const std::size_t parentsBefore = parents.size();
            goOn(search, score, place, candidates, vocabulary, firstRow, options, parents);
            firstRow += rows;
            score += candidates;
            place += candidates;
            if (std::ssize(search.ended) >= options.width || search.beginnings.empty() || length >= limits[search.text]) {
                found[search.text] = best(search, options);
                parents.resize(parentsBefore);
            } else {
                remaining.push_back(std::move(search));
            }
        }
        searches = std::move(remaining);
        if (searches.empty())
            return found;
        bool unchanged = std::ssize(parents) == firstRow;
        for (std::size_t i = 0; i < parents.size() && unchanged; ++i)
            unchanged = parents[i] == static_cast<std::int64_t>(i);
        if (!unchanged)
            texts.select(at::tensor(parents, at::kLong));
    }
    for (const Search& search : searches)
        found[search.text] = best(search, options);
    return found;
}

}
