// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/history/seed_groups.h"

#include <QTest>

#include <cmath>

using namespace descent;

namespace {

RunDetails run(RunId id, int seed, double rate, double accuracy)
{
    RunDetails details{.summary = {.id = id, .name = "run " + std::to_string(id)}};
    details.summary.test = {{"accuracy", accuracy}};
    details.recipeJson = fmt::format(R"({{"name": "n{}", "seed": {}, "training": {{"learningRate": {}}}}})", id, seed, rate);
    return details;
}

std::string said(const std::vector<RunDetails>& runs, bool higherIsBetter = true)
{
    const std::vector<SeedGroup> groups = seedGroups(runs, "accuracy");
    const SeedVerdict verdict = verdictOf(groups.at(0), groups.at(1), "A", "B", "accuracy", higherIsBetter);
    return english(verdict.sentence) + (verdict.warning ? "; " + english(*verdict.warning) : "");
}

}

class TestSeedGroups : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void recipesThatDifferInTheirSeedBelongTogether()
    {
        const std::vector<SeedGroup> groups = seedGroups({run(1, 3, 0.1, 0.9), run(2, 1, 0.1, 0.8), run(3, 1, 0.2, 0.7), run(4, 2, 0.2, NAN)}, "accuracy");
        QCOMPARE(groups.size(), 2u);
        QVERIFY((groups[0].runs == std::vector<SeedGroup::Run>{{2, 1, 0.8}, {1, 3, 0.9}}));
        QVERIFY((groups[1].runs == std::vector<SeedGroup::Run>{{3, 1, 0.7}}));
        QVERIFY(groups[0].recipe != groups[1].recipe);
        const std::vector<SeedGroup> odd = seedGroups({RunDetails{.summary = {}, .recipeJson = "no json"}}, "accuracy");
        QCOMPARE(odd.size(), 1u);
        QVERIFY(odd[0].runs.empty());
    }

    void oneSentenceSaysWhatMayBeSaid()
    {
        std::vector<RunDetails> runs;
        for (int seed = 1; seed <= 5; ++seed) {
            runs.push_back(run(seed, seed, 0.1, 0.90 + 0.01 * seed));
            runs.push_back(run(10 + seed, seed, 0.2, 0.92 + 0.01 * seed + 0.0002 * (seed % 3)));
        }
        const std::string better = said(runs);
        QVERIFY2(better.starts_with("B is better than A in accuracy by 0.02"), better.c_str());
        QVERIFY2(better.find("paired over 5 seeds, p < 0.001") != std::string::npos, better.c_str());
        QVERIFY2(better.find("decides") == std::string::npos, better.c_str());
        QVERIFY(said(runs, false).starts_with("A is better than B in accuracy by 0.02"));

        runs.push_back(run(30, 77, 0.1, 0.95)); // a seed of its own: still all of the other's are there
        QVERIFY(said(runs).find("paired over 5 seeds") != std::string::npos);
        runs.push_back(run(31, 78, 0.2, 0.95)); // now neither holds the other's
        QVERIFY2(said(runs).find("6 + 6 seeds") != std::string::npos, said(runs).c_str());
    }

    void chanceIsCalledChance()
    {
        const std::string chance = said({run(1, 1, 0.1, 0.90), run(2, 2, 0.1, 0.94), run(3, 3, 0.1, 0.86), run(4, 4, 0.2, 0.91), run(5, 5, 0.2, 0.95), run(6, 6, 0.2, 0.87)});
        QVERIFY2(chance.starts_with("no difference in accuracy between A and B that chance would not make: 0.01"), chance.c_str());
        QVERIFY2(chance.ends_with("few seeds: a difference may be there that so few cannot show"), chance.c_str());
    }

    void oneRunSaysNothing()
    {
        QVERIFY(said({run(1, 1, 0.1, 0.9), run(2, 1, 0.2, 0.99)}).find("cannot be told from one run") != std::string::npos);
        QVERIFY(said({run(1, 1, 0.1, 0.9), run(2, 1, 0.2, NAN)}).find("has no accuracy") != std::string::npos);
    }

    void aSeedThatDecidesIsNamed()
    {
        const std::string shaky = said({run(1, 1, 0.1, 0), run(2, 2, 0.1, 0), run(3, 3, 0.1, 0), run(4, 1, 0.2, 1.0), run(5, 2, 0.2, 1.02), run(6, 3, 0.2, 0.6)});
        QVERIFY2(shaky.ends_with("one seed decides: without seed 1 it could not be told"), shaky.c_str());
    }
};

QTEST_GUILESS_MAIN(TestSeedGroups)
#include "tst_seed_groups.moc"
