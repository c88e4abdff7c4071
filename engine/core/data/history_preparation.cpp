// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/checksum.h"
#include "engine/core/data/history_preparation.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <span>
#include <utility>

namespace descent {

namespace {

/// log(1 + days), a year as 1. Events of one day may stand a hair apart in the wrong order after rounding.
float logTime(float days)
{
    static const double year = std::log1p(365.0);
    return static_cast<float>(std::log1p(std::max(0.0, static_cast<double>(days))) / year);
}

/// How many people of the training part have each code.
std::vector<std::int64_t> peopleByCode(const Histories& histories, std::span<const std::int64_t> rows)
{
    std::vector<std::int64_t> people(histories.codes.size()), lastSeen(histories.codes.size(), -1);
    for (const std::int64_t row : rows)
        for (const Histories::Event& event : histories.events[static_cast<std::size_t>(row)])
            if (const auto code = static_cast<std::size_t>(event.code); std::exchange(lastSeen[code], row) != row)
                ++people[code];
    return people;
}

}

std::string HistoryPreparation::wordsHash() const
{
    std::map<std::int64_t, std::string> codes;
    for (const auto& [code, id] : idOf)
        codes.emplace(id, code);
    std::string all;
    for (const auto& [id, code] : codes)
        all += fmt::format("{} {}\n", id, code);
    return sha256(std::as_bytes(std::span{all}));
}

std::vector<std::int64_t> HistoryPreparation::idsOf(const std::vector<std::string>& codes) const
{
    std::vector<std::int64_t> ids;
    ids.reserve(codes.size());
    for (const std::string& code : codes) {
        const auto found = idOf.find(code);
        ids.push_back(found == idOf.end() ? rare : found->second);
    }
    return ids;
}

std::shared_ptr<const HistoryPreparation> fitHistoryPreparation(const Histories& histories, std::span<const std::int64_t> trainRows,
                                                                std::int64_t longest, std::int64_t rareBelow)
{
    auto preparation = std::make_shared<HistoryPreparation>();
    preparation->longest = longest;
    const std::vector<std::int64_t> people = peopleByCode(histories, trainRows);
    for (std::size_t code = 0; code < people.size(); ++code)
        if (people[code] > 0 && people[code] >= rareBelow) {
            preparation->idOf.emplace(histories.codes[code], preparation->vocabulary());
            preparation->scaleOf.emplace_back();
        }

    // Two passes, since squares of large numbers cancel.
    const std::vector<std::int64_t> ids = preparation->idsOf(histories.codes);
    std::vector<double> counts(preparation->scaleOf.size()), sums(counts.size()), squares(counts.size());
    const auto forEachValue = [&](const auto& use) {
        for (const std::int64_t row : trainRows)
            for (const Histories::Event& event : histories.events[static_cast<std::size_t>(row)])
                if (std::isfinite(event.value))
                    use(static_cast<std::size_t>(ids[static_cast<std::size_t>(event.code)]), static_cast<double>(event.value));
    };
    forEachValue([&](std::size_t id, double value) {
        ++counts[id];
        sums[id] += value;
    });
    for (std::size_t id = 0; id < counts.size(); ++id)
        preparation->scaleOf[id].mean = counts[id] > 0 ? sums[id] / counts[id] : 0;
    forEachValue([&](std::size_t id, double value) { squares[id] += std::pow(value - preparation->scaleOf[id].mean, 2); });
    for (std::size_t id = 0; id < counts.size(); ++id) {
        HistoryPreparation::Scale& scale = preparation->scaleOf[id];
        const double deviation = counts[id] > 0 ? std::sqrt(squares[id] / counts[id]) : 0;
        scale.deviation = deviation > 1e-6 * std::max(1.0, std::abs(scale.mean)) ? deviation : 1;
    }
    return preparation;
}

HistoryArrays::HistoryArrays(const HistoryPreparation& preparation, const std::vector<std::string>& codes)
    : m_preparation{preparation}, m_idOf{preparation.idsOf(codes)}
{
}

void HistoryArrays::add(std::span<const Histories::Event> events)
{
    constexpr double farthest = 8; // deviations: a sentinel such as 9999 must not drown everything else
    const auto longest = static_cast<std::size_t>(m_preparation.longest);
    const std::span<const Histories::Event> kept = events.last(std::min(events.size(), longest));
    for (std::size_t i = 0; i < kept.size(); ++i) {
        const Histories::Event& event = kept[i];
        const std::int64_t id = m_idOf[static_cast<std::size_t>(event.code)];
        const HistoryPreparation::Scale& scale = m_preparation.scaleOf[static_cast<std::size_t>(id)];
        // Rare codes share an id, and their values no unit.
        const bool measured = std::isfinite(event.value) && id != HistoryPreparation::rare;
        const double value = measured ? std::clamp((event.value - scale.mean) / scale.deviation, -farthest, farthest) : 0;
        m_codes.push_back(id);
        // The first that is kept has a gap too, where older ones were dropped.
        const std::size_t place = events.size() - kept.size() + i;
        m_numbers.insert(m_numbers.end(), {place > 0 ? logTime(event.day - events[place - 1].day) : 0.0F,
                                           logTime(kept.back().day - event.day), static_cast<float>(value), measured ? 1.0F : 0.0F});
    }
    m_lengths.push_back(static_cast<std::int32_t>(kept.size()));
    m_codes.resize(m_lengths.size() * longest, HistoryPreparation::padding);
    m_numbers.resize(m_codes.size() * HistoryPreparation::features, 0.0F);
}

PreparedPart HistoryArrays::take() &&
{
    PreparedPart part{.inputs = {sampleArray(std::move(m_codes), {m_preparation.longest}),
                                 sampleArray(std::move(m_numbers), {m_preparation.longest, HistoryPreparation::features})}};
    for (SampleArray& input : part.inputs)
        input.lengths = m_lengths;
    return part;
}

}
