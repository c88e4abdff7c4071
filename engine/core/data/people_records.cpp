// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/people_records.h"

#include "engine/core/data/class_names.h"
#include "engine/core/data/csv.h"
#include "engine/core/data/path_parameter.h"

#include <algorithm>
#include <map>

namespace descent {

namespace {

constexpr std::size_t mostClasses = 100;

void cut(PersonRecord& person, const CutOff& rule)
{
    using Event = PersonRecord::Event;
    std::stable_sort(person.events.begin(), person.events.end(), [](const Event& a, const Event& b) { return a.day < b.day; });
    if (rule.outcomeCode) {
        const auto is = [&](const Event& event) { return event.code == *rule.outcomeCode; };
        if (const auto first = std::find_if(person.events.begin(), person.events.end(), is); first != person.events.end())
            person.tellOutcome(first->day);
        std::erase_if(person.events, is);
    }
    if (person.events.empty())
        return;
    // Where nothing happened the days count back from the last event: were it left whole, its end would tell the label.
    const double last = person.events.back().day;
    std::erase_if(person.events, [&](const Event& event) {
        const bool near = person.outcomeDay ? event.day >= *person.outcomeDay - rule.daysBefore : event.day > last - rule.daysBefore;
        return near || (rule.until && event.day >= *rule.until);
    });
}

/// Codes of which an event is left, numbered anew.
class KeptCodes {
public:
    explicit KeptCodes(const std::vector<std::string>& all) : m_all{all}, m_newCode(all.size(), -1) {}
    std::int32_t operator()(std::int32_t old)
    {
        std::int32_t& code = m_newCode[static_cast<std::size_t>(old)];
        if (code < 0) {
            code = static_cast<std::int32_t>(names.size());
            names.push_back(m_all[static_cast<std::size_t>(old)]);
        }
        return code;
    }
    std::vector<std::string> names;

private:
    const std::vector<std::string>& m_all;
    std::vector<std::int32_t> m_newCode;
};

Problems classProblems(const Targets& targets, const Dataset& dataset)
{
    if (targets.classes.empty())
        return {{"dataset.path", text("nobody in %1 has both a label and an event before it", dataset.name),
                 dataset.setAside.empty() ? Text{} : dataset.setAside.front().message}};
    if (targets.classNames.size() < 2)
        return {{"dataset.label", text("everyone's label is \"%1\"", targets.classNames.front()), text("there must be at least two")}};
    if (targets.classNames.size() > mostClasses)
        return {{"dataset.label", text("\"%1\" has more than %2 different values: too many for classes", targets.name, mostClasses),
                 text("choose another column")}};
    return {};
}

}

void PersonRecord::tellLabel(const std::string& said)
{
    if (isMissing(said))
        return;
    if (!label.empty() && label != said)
        unusable = text("the label is \"%1\" in one row and \"%2\" in another", label, said);
    label = said;
}

void PersonRecord::tellOutcome(double day)
{
    outcomeDay = std::min(day, outcomeDay.value_or(day));
}

PersonRecord& PeopleRecords::person(const std::string& name)
{
    const auto [found, isNew] = personOf.try_emplace(name, people.size());
    if (isNew)
        people.push_back({.name = name});
    return people[found->second];
}

std::int32_t PeopleRecords::code(const std::string& name)
{
    const auto [found, isNew] = codeOf.try_emplace(name, static_cast<std::int32_t>(codes.size()));
    if (isNew)
        codes.push_back(name);
    return found->second;
}

Result<Dataset> historiesOf(PeopleRecords records, const CutOff& rule, const std::string& labelName, bool labelByOutcome,
                            const LoadControl& control)
{
    Histories histories;
    Targets targets{.name = labelName};
    std::map<std::string, std::int64_t> classOf;
    KeptCodes kept{records.codes};
    for (PersonRecord& person : records.people) {
        if (control.stop.stop_requested())
            throw Cancelled{};
        cut(person, rule);
        if (labelByOutcome)
            person.label = person.outcomeDay ? "yes" : "no";
        if (person.unusable.empty() && person.label.empty())
            person.unusable = text("there is no label");
        if (person.unusable.empty() && person.events.empty())
            person.unusable = text("no event is left before the outcome or the cut-off");
        if (!person.unusable.empty()) {
            setAside(records.dataset, "person " + person.name, std::move(person.unusable));
            continue;
        }
        std::vector<Histories::Event> events;
        events.reserve(person.events.size());
        for (const PersonRecord::Event& event : person.events)
            events.push_back({static_cast<float>(event.day - person.events.front().day), kept(event.code), event.value});
        const auto [found, isNew] = classOf.try_emplace(person.label, static_cast<std::int64_t>(classOf.size()));
        if (isNew)
            targets.classNames.push_back(person.label);
        targets.classes.push_back(found->second);
        histories.people.push_back(std::move(person.name));
        histories.events.push_back(std::move(events));
        person.events = {}; // they are held once
    }
    if (Problems problems = classProblems(targets, records.dataset); !problems.empty())
        return {std::nullopt, std::move(problems)};
    histories.codes = std::move(kept.names);
    sortClasses(targets);
    records.dataset.train = {.inputs = std::move(histories), .targets = std::move(targets)};
    return {std::move(records.dataset), {}};
}

}
