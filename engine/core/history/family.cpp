// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/history/family.h"

#include <map>
#include <set>

namespace descent {

namespace {

class Forest {
public:
    explicit Forest(const RunSet& runs) : m_runs{runs}
    {
        for (const RunSummary& run : runs.each())
            if (const std::optional<RunId> parent = parentOf(run))
                m_children[*parent].insert(run.id);
    }

    /// A run is younger than what it started from: anything else is a damaged database, and would go round in circles.
    static std::optional<RunId> parentOf(const RunSummary& run) { return run.parent && *run.parent < run.id ? run.parent : std::nullopt; }

    std::optional<RunId> parentOf(RunId run) const
    {
        const RunSummary* known = m_runs.find(run);
        return known ? parentOf(*known) : std::nullopt;
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
            member.summary = m_runs.share(member.run);
            members.push_back(member);
            if (const auto children = m_children.find(member.run); children != m_children.end())
                for (auto child = children->second.rbegin(); child != children->second.rend(); ++child)
                    open.push_back({*child, member.depth + 1, nullptr, child == children->second.rbegin()});
        }
        return members;
    }

private:
    const RunSet& m_runs;
    std::map<RunId, std::set<RunId>> m_children; // in the order of their numbers
};

}

std::vector<FamilyMember> familyOf(const RunSet& runs, RunId run)
{
    const Forest forest{runs};
    return forest.below(forest.rootOf(run));
}

std::vector<FamilyMember> families(const RunSet& runs)
{
    const Forest forest{runs};
    std::set<RunId, std::greater<>> roots;
    for (const RunSummary& run : runs.each())
        roots.insert(forest.rootOf(run.id));
    std::vector<FamilyMember> members;
    for (const RunId root : roots) {
        const std::vector<FamilyMember> family = forest.below(root);
        members.insert(members.end(), family.begin(), family.end());
    }
    return members;
}

}
