// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/family.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

namespace descent {

namespace {

class Forest {
public:
    explicit Forest(std::span<const RunSummary> runs)
    {
        for (const RunSummary& run : runs)
            m_summaries.emplace(run.id, &run);
        for (const RunSummary& run : runs)
            if (const std::optional<RunId> parent = parentOf(run.id))
                m_children[*parent].insert(run.id);
    }

    /// A run is younger than what it started from: anything else is a damaged database, and would go round in circles.
    std::optional<RunId> parentOf(RunId run) const
    {
        const auto found = m_summaries.find(run);
        return found != m_summaries.end() && found->second->parent && *found->second->parent < run ? found->second->parent : std::nullopt;
    }

    RunId rootOf(RunId run) const
    {
        while (const std::optional<RunId> parent = parentOf(run))
            run = *parent;
        return run;
    }

    std::vector<FamilyMember> below(RunId root) const
    {
        std::vector<FamilyMember> open{{root, 0, nullptr, true}}, members; // a stack: a long line of descent is no deep call
        while (!open.empty()) {
            FamilyMember member = open.back();
            open.pop_back();
            if (const auto found = m_summaries.find(member.run); found != m_summaries.end())
                member.summary = found->second;
            members.push_back(member);
            if (const auto children = m_children.find(member.run); children != m_children.end())
                for (auto child = children->second.rbegin(); child != children->second.rend(); ++child)
                    open.push_back({*child, member.depth + 1, nullptr, child == children->second.rbegin()});
        }
        return members;
    }

private:
    std::unordered_map<RunId, const RunSummary*> m_summaries;
    std::map<RunId, std::set<RunId>> m_children; // in the order of their numbers
};

}

std::vector<FamilyMember> familyOf(std::span<const RunSummary> runs, RunId run)
{
    const Forest forest{runs};
    return forest.below(forest.rootOf(run));
}

std::vector<FamilyMember> families(std::span<const RunSummary> runs)
{
    const Forest forest{runs};
    std::set<RunId, std::greater<>> roots;
    for (const RunSummary& run : runs)
        roots.insert(forest.rootOf(run.id));
    std::vector<FamilyMember> members;
    for (const RunId root : roots) {
        const std::vector<FamilyMember> family = forest.below(root);
        members.insert(members.end(), family.begin(), family.end());
    }
    return members;
}

}
