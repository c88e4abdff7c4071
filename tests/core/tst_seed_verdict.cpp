// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/history/seed_verdict.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace descent;

namespace {

struct Trained {
    RunId id = 0;
    int seed = 0;
    double rate = 0, accuracy = 0;
};

/// Of the two rates among the runs.
std::string said(const std::vector<Trained>& runs, bool higherIsBetter = true)
{
    SeedGroup groups[2];
    for (const Trained& run : runs)
        if (std::isfinite(run.accuracy))
            groups[run.rate == runs.front().rate ? 0 : 1].runs.push_back({run.seed, run.accuracy});
    for (SeedGroup& group : groups)
        std::ranges::stable_sort(group.runs, {}, &SeedGroup::Run::seed);
    const SeedVerdict verdict = verdictOf(groups[0], groups[1], "A", "B", "accuracy", higherIsBetter);
    return english(verdict.sentence) + (verdict.warning ? "; " + english(*verdict.warning) : "");
}

}

class TestSeedVerdict : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void oneSentenceSaysWhatMayBeSaid()
    {
        std::vector<Trained> runs;
        for (int seed = 1; seed <= 5; ++seed) {
            runs.push_back({seed, seed, 0.1, 0.90 + 0.01 * seed});
            runs.push_back({10 + seed, seed, 0.2, 0.92 + 0.01 * seed + 0.0002 * (seed % 3)});
        }
        const std::string better = said(runs);
        QVERIFY2(better.starts_with("B is better than A in accuracy by 0.02"), better.c_str());
        QVERIFY2(better.find("paired over 5 seeds, p < 0.001") != std::string::npos, better.c_str());
        QVERIFY2(better.find("decides") == std::string::npos, better.c_str());
        QVERIFY(said(runs, false).starts_with("A is better than B in accuracy by 0.02"));

        runs.push_back({30, 77, 0.1, 0.95}); // a seed of its own: still all of the other's are there
        QVERIFY(said(runs).find("paired over 5 seeds") != std::string::npos);
        runs.push_back({31, 78, 0.2, 0.95}); // now neither holds the other's
        QVERIFY2(said(runs).find("6 + 6 seeds") != std::string::npos, said(runs).c_str());
    }

    void chanceIsCalledChance()
    {
        const std::string chance = said({{1, 1, 0.1, 0.90}, {2, 2, 0.1, 0.94}, {3, 3, 0.1, 0.86}, {4, 4, 0.2, 0.91}, {5, 5, 0.2, 0.95}, {6, 6, 0.2, 0.87}});
        QVERIFY2(chance.starts_with("no difference in accuracy between A and B that chance would not make: 0.01"), chance.c_str());
        QVERIFY2(chance.ends_with("few seeds: a difference may be there that so few cannot show"), chance.c_str());
    }

    void oneRunSaysNothing()
    {
        QVERIFY(said({{1, 1, 0.1, 0.9}, {2, 1, 0.2, 0.99}}).find("cannot be told from one run") != std::string::npos);
        QVERIFY(said({{1, 1, 0.1, 0.9}, {2, 1, 0.2, NAN}}).find("has no accuracy") != std::string::npos);
    }

    void aSeedThatDecidesIsNamed()
    {
        const std::string shaky = said({{1, 1, 0.1, 0}, {2, 2, 0.1, 0}, {3, 3, 0.1, 0}, {4, 1, 0.2, 1.0}, {5, 2, 0.2, 1.02}, {6, 3, 0.2, 0.6}});
        QVERIFY2(shaky.ends_with("one seed decides: without seed 1 it could not be told"), shaky.c_str());
    }
};

QTEST_GUILESS_MAIN(TestSeedVerdict)
#include "tst_seed_verdict.moc"
