// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/task/history_preview.h"

#include "engine/core/data/code_groups.h"
#include "engine/torch/task/preview.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <cmath>
#include <span>
#include <torch/utils.h>

namespace descent {

namespace {

constexpr std::size_t mostPeople = 6, mostLooks = 16, mostEventsShown = 400;

/// Held-back people, as many of each class as there are: three of a rare class say more than six of the common one.
std::vector<std::int64_t> shownPeople(const PreparedData& data)
{
    const Targets& targets = data.dataset->train.targets;
    std::vector<std::int64_t> people;
    for (std::size_t turn = 0; people.size() < mostPeople; ++turn) {
        const std::size_t before = people.size();
        for (std::size_t one = targets.classNames.size(); one-- > 0 && people.size() < mostPeople;) {
            std::size_t seen = 0;
            for (const std::int64_t row : data.split.validation)
                if (targets.classes[static_cast<std::size_t>(row)] == static_cast<std::int64_t>(one) && seen++ == turn) {
                    people.push_back(row);
                    break;
                }
        }
        if (people.size() == before)
            break; // there are no more
    }
    return people;
}

/// After which events the network is asked: evenly chosen of many, always the last.
std::vector<std::size_t> looksAt(std::size_t events)
{
    std::vector<std::size_t> counts;
    const std::size_t looks = std::min(events, mostLooks);
    for (std::size_t i = 1; i <= looks; ++i)
        counts.push_back((i * events + looks - 1) / looks);
    return counts;
}

at::Tensor tensorOf(const SampleArray& array, std::int64_t steps, at::Device device)
{
    std::vector<std::int64_t> sizes{static_cast<std::int64_t>(array.lengths.size())};
    sizes.insert(sizes.end(), array.shape.begin(), array.shape.end());
    const at::Tensor whole = std::visit(
        [&](const auto& values) -> at::Tensor {
            if constexpr (requires { values->data(); }) {
                using Value = std::remove_cvref_t<decltype(values->front())>;
                constexpr at::ScalarType type = std::is_same_v<Value, float> ? at::kFloat : at::kLong;
                return at::from_blob(const_cast<Value*>(values->data()), sizes, type);
            } else {
                throw std::logic_error{"histories are no pictures"};
            }
        },
        array.values);
    return whole.narrow(1, 0, steps).clone().to(device);
}

}

HistoryLook::HistoryLook(std::shared_ptr<const PreparedData> data, std::int64_t positive, at::Device device) : m_data{std::move(data)}
{
    const auto& histories = std::get<Histories>(m_data->dataset->train.inputs);
    const auto& preparation = dynamic_cast<const HistoryPreparation&>(*m_data->task);
    CodeGroups groups = codeGroups(histories.codes);
    m_frame.positiveClass = positive;
    HistoryArrays beginnings{preparation, histories.codes};
    std::int64_t steps = 1;
    for (const std::int64_t row : shownPeople(*m_data)) {
        const auto i = static_cast<std::size_t>(row);
        const std::span<const Histories::Event> events = histories.events[i];
        HistoryPreview::Person person{.name = histories.people[i], .truth = m_data->dataset->train.targets.classes[i]};
        for (const Histories::Event& event : events.last(std::min(events.size(), mostEventsShown))) {
            const auto code = static_cast<std::size_t>(event.code);
            person.events.push_back({event.day, groups.groupOf[code],
                                     std::isfinite(event.value) ? fmt::format("{} {:g}", histories.codes[code], event.value) : histories.codes[code]});
        }
        for (const std::size_t count : looksAt(events.size())) {
            beginnings.add(events.first(count));
            person.risk.push_back({.day = events[count - 1].day});
            steps = std::max(steps, std::min(static_cast<std::int64_t>(count), preparation.longest));
        }
        m_frame.people.push_back(std::move(person));
    }
    m_frame.groups = std::move(groups.names);
    for (const SampleArray& input : std::move(beginnings).take().inputs)
        m_inputs.push_back(tensorOf(input, steps, device));
}

HistoryPreview HistoryLook::look(GraphNetwork& network, std::int64_t step, double threshold) const
{
    HistoryPreview preview = m_frame;
    preview.step = step;
    preview.threshold = threshold;
    if (preview.people.empty())
        return preview;
    const at::Tensor risks = outputsOf(network, m_inputs).softmax(1).select(1, preview.positiveClass).to(at::kCPU, at::kFloat).contiguous();
    const float* risk = risks.const_data_ptr<float>();
    for (HistoryPreview::Person& person : preview.people)
        for (HistoryPreview::Risk& point : person.risk)
            point.probability = *risk++;
    return preview;
}

}
