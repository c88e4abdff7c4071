// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/history_report.h"

#include "engine/core/data/code_groups.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>
#include <utility>

namespace descent {

namespace {

constexpr std::size_t mostCodes = 16;

std::vector<DatasetReport::CodeView> frequentCodes(const Histories& histories)
{
    std::vector<std::int64_t> people(histories.codes.size()), events(people.size()), lastSeen(people.size(), -1);
    for (std::size_t person = 0; person < histories.events.size(); ++person)
        for (const Histories::Event& event : histories.events[person]) {
            const auto code = static_cast<std::size_t>(event.code);
            ++events[code];
            people[code] += std::exchange(lastSeen[code], static_cast<std::int64_t>(person)) != static_cast<std::int64_t>(person);
        }
    std::vector<std::size_t> order(people.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const std::size_t shown = std::min(mostCodes, order.size());
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(shown), order.end(), [&](std::size_t a, std::size_t b) {
        return std::tie(people[b], events[b], a) < std::tie(people[a], events[a], b);
    });
    const CodeGroups groups = codeGroups(histories.codes);
    std::vector<DatasetReport::CodeView> views;
    for (std::size_t i = 0; i < shown; ++i)
        views.push_back({histories.codes[order[i]], groups.groupOf[order[i]], people[order[i]], events[order[i]]});
    return views;
}

}

void describe(const Histories& histories, DatasetReport& report)
{
    report.inputs = DatasetReport::Inputs::histories;
    Column counts{.name = "events a person"}, days{.name = "days from first to last"};
    std::size_t events = 0, values = 0;
    for (const auto& history : histories.events) {
        events += history.size();
        values += static_cast<std::size_t>(
            std::count_if(history.begin(), history.end(), [](const Histories::Event& event) { return std::isfinite(event.value); }));
        counts.numbers.push_back(static_cast<float>(history.size()));
        days.numbers.push_back(history.empty() ? 0 : history.back().day);
    }
    report.facts.push_back(text("%1 events of %2 codes", events, histories.codes.size()));
    if (values > 0)
        report.facts.push_back(text("%1 of the events have a value", values));
    report.columns = {columnView(counts), columnView(days)};
    report.codes = frequentCodes(histories);
}

void show(const Histories& histories, std::int64_t person, DatasetReport::SampleView& sample)
{
    for (const Histories::Event& event : histories.events[static_cast<std::size_t>(person)]) {
        std::string told = fmt::format("day {:g}: {}", event.day, histories.codes[static_cast<std::size_t>(event.code)]);
        sample.cells.push_back(std::isfinite(event.value) ? fmt::format("{} {:g}", told, event.value) : std::move(told));
    }
}

}
