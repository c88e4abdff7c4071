// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/text/sampling.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace descent {

std::int32_t sampleToken(std::span<const float> scores, const SamplingOptions& options, std::int32_t first, Random& random)
{
    struct Candidate {
        std::int32_t token;
        double weight;
    };
    std::vector<Candidate> candidates;
    candidates.reserve(scores.size());
    for (std::size_t token = static_cast<std::size_t>(first); token < scores.size(); ++token)
        if (std::isfinite(scores[token]))
            candidates.push_back({static_cast<std::int32_t>(token), scores[token]});
    if (candidates.empty())
        return first;
    const auto likelier = [](const Candidate& a, const Candidate& b) {
        return a.weight != b.weight ? a.weight > b.weight : a.token < b.token;
    };
    if (options.temperature <= 0)
        return std::min_element(candidates.begin(), candidates.end(), likelier)->token;
    if (options.topK > 0 && static_cast<std::size_t>(options.topK) < candidates.size()) {
        const auto end = candidates.begin() + static_cast<std::ptrdiff_t>(options.topK);
        std::nth_element(candidates.begin(), end, candidates.end(), likelier);
        candidates.erase(end, candidates.end());
    }
    // Sorted, so that what is drawn does not hang on how the standard library selects.
    std::sort(candidates.begin(), candidates.end(), likelier);
    const double best = candidates.front().weight;
    double total = 0;
    for (Candidate& candidate : candidates)
        total += candidate.weight = std::exp((candidate.weight - best) / options.temperature);
    if (options.topP < 1) {
        double kept = 0;
        std::size_t count = 0;
        while (count < candidates.size() && kept < options.topP * total)
            kept += candidates[count++].weight;
        candidates.resize(std::max<std::size_t>(count, 1));
        total = std::max(kept, candidates.front().weight);
    }
    double drawn = random.uniform() * total;
    for (const Candidate& candidate : candidates)
        if ((drawn -= candidate.weight) < 0)
            return candidate.token;
    return candidates.back().token; // rounding
}

}
