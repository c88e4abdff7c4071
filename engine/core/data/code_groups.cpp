// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/code_groups.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <numeric>

namespace descent {

std::string codeGroup(std::string_view code)
{
    const std::size_t end = std::min(code.find(':'), code.find("//"));
    if (end != std::string_view::npos && end > 0) {
        std::string group{code.substr(0, end)};
        for (char& c : group)
            c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        return group;
    }
    const bool letter = !code.empty() && std::isalpha(static_cast<unsigned char>(code.front()));
    return letter ? std::string(1, static_cast<char>(std::toupper(static_cast<unsigned char>(code.front())))) : std::string{};
}

CodeGroups codeGroups(const std::vector<std::string>& codes)
{
    std::map<std::string, std::int32_t> found;
    std::vector<std::int32_t> first;           // by code, before they are ordered
    std::vector<std::string> names;
    std::vector<std::int64_t> counts;
    for (const std::string& code : codes) {
        const auto [group, isNew] = found.try_emplace(codeGroup(code), static_cast<std::int32_t>(names.size()));
        if (isNew) {
            names.push_back(group->first);
            counts.push_back(0);
        }
        ++counts[static_cast<std::size_t>(group->second)];
        first.push_back(group->second);
    }
    std::vector<std::int32_t> order(names.size()), rank(names.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](std::int32_t a, std::int32_t b) {
        return counts[static_cast<std::size_t>(a)] > counts[static_cast<std::size_t>(b)];
    });
    CodeGroups groups;
    for (const std::int32_t old : order) {
        rank[static_cast<std::size_t>(old)] = static_cast<std::int32_t>(groups.names.size());
        groups.names.push_back(names[static_cast<std::size_t>(old)]);
    }
    for (const std::int32_t old : first)
        groups.groupOf.push_back(rank[static_cast<std::size_t>(old)]);
    return groups;
}

}
