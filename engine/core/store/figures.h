// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace descent {

/// Figures of a run by their names, in the order of the names. Reads like a map; the names are shared by all runs of the program, so
/// that one figure takes 16 bytes: a history holds millions of them.
/// Thread safety: that of a plain value.
class Figures {
    struct Stored {
        const std::string* name;
        double value;
    };

public:
    struct Entry {
        const std::string& first;
        const double& second;
    };
    class Iterator {
    public:
        explicit Iterator(const Stored* at) : m_at{at} {}
        Entry operator*() const { return {*m_at->name, m_at->value}; }
        auto operator->() const
        {
            struct Arrow {
                Entry entry;
                const Entry* operator->() const { return &entry; }
            };
            return Arrow{**this};
        }
        Iterator& operator++()
        {
            ++m_at;
            return *this;
        }
        bool operator==(const Iterator&) const = default;

    private:
        const Stored* m_at;
    };

    Figures() = default;
    Figures(std::initializer_list<std::pair<const std::string, double>> values);
    Figures(const std::map<std::string, double>& values); ///< not explicit: events tell figures as maps

    void set(std::string_view name, double value);
    Iterator begin() const { return Iterator{m_values.data()}; }
    Iterator end() const { return Iterator{m_values.data() + m_values.size()}; }
    Iterator find(std::string_view name) const;
    bool contains(std::string_view name) const { return find(name) != end(); }
    double at(std::string_view name) const; ///< throws std::out_of_range when there is none
    std::size_t size() const { return m_values.size(); }
    bool empty() const { return m_values.empty(); }
    bool operator==(const Figures& other) const; ///< a NaN equals none

private:
    std::vector<Stored> m_values;
};

}
