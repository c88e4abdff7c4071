// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/figures.h"

#include <algorithm>
#include <mutex>
#include <set>
#include <stdexcept>

namespace descent {

namespace {

/// The one copy of `name`. Names are few, as series are, and stay until the program ends.
const std::string* shared(std::string_view name)
{
    // Whoever reads a history meets the same names again and again: its own few are found without the lock.
    thread_local std::vector<const std::string*> recent;
    thread_local std::size_t next = 0; // figures of a run come in the order of those of the run before
    constexpr std::size_t mostRecent = 64;
    for (std::size_t tried = 0; tried < recent.size(); ++tried) {
        next = next + 1 < recent.size() ? next + 1 : 0;
        if (*recent[next] == name)
            return recent[next];
    }
    static std::mutex mutex;
    static std::set<std::string, std::less<>> names; // its nodes stay where they are
    const std::scoped_lock lock{mutex};
    auto known = names.find(name);
    if (known == names.end())
        known = names.emplace(name).first;
    if (recent.size() == mostRecent)
        recent.clear();
    recent.push_back(&*known);
    next = recent.size() - 1;
    return &*known;
}

}

Figures::Figures(std::initializer_list<std::pair<const std::string, double>> values) : Figures{std::map<std::string, double>(values)}
{
}

Figures::Figures(const std::map<std::string, double>& values)
{
    m_values.reserve(values.size());
    for (const auto& [name, value] : values)
        m_values.push_back({shared(name), value});
}

void Figures::set(std::string_view name, double value)
{
    const auto behind = [](const Stored& stored, std::string_view wanted) { return *stored.name < wanted; };
    // What is read from the store comes in order.
    const auto at = m_values.empty() || *m_values.back().name < name ? m_values.end() : std::lower_bound(m_values.begin(), m_values.end(), name, behind);
    if (at != m_values.end() && *at->name == name) {
        at->value = value;
    } else if (at == m_values.end()) {
        if (m_values.empty())
            m_values.reserve(4);
        m_values.push_back({shared(name), value});
    } else {
        m_values.insert(at, {shared(name), value});
    }
}

Figures::Iterator Figures::find(std::string_view name) const
{
    for (const Stored& stored : m_values)
        if (*stored.name == name)
            return Iterator{&stored};
    return end();
}

double Figures::at(std::string_view name) const
{
    const auto found = find(name);
    if (found == end())
        throw std::out_of_range{"no figure " + std::string{name}};
    return found->second;
}

bool Figures::operator==(const Figures& other) const
{
    return std::equal(m_values.begin(), m_values.end(), other.m_values.begin(), other.m_values.end(),
                      [](const Stored& left, const Stored& right) { return left.name == right.name && left.value == right.value; });
}

}
