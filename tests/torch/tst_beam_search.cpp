// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/random.h"
#include "engine/torch/task/beam_search.h"

#include <ATen/ATen.h>

#include <QTest>
#include <cmath>
#include <map>

using namespace descent;

namespace {

constexpr std::int64_t vocabulary = 5; // 0 begins, 1 ends

/// Scores that depend on the whole text so far, drawn once for each text and beginning: nothing can be guessed from less.
class DrawnTexts : public GrowingTexts {
public:
    DrawnTexts(std::uint64_t seed, std::size_t texts) : m_seed{seed}
    {
        for (std::size_t i = 0; i < texts; ++i)
            m_rows.push_back({i, {}});
    }
    at::Tensor next(const at::Tensor& newest) override
    {
        std::vector<at::Tensor> rows;
        for (std::size_t i = 0; i < m_rows.size(); ++i) {
            m_rows[i].second.push_back(static_cast<std::int32_t>(newest[static_cast<std::int64_t>(i)].item<std::int64_t>()));
            rows.push_back(logits(m_rows[i].first, m_rows[i].second));
        }
        calls += 1;
        return at::stack(rows);
    }
    void select(const at::Tensor& rows) override
    {
        std::vector<std::pair<std::size_t, std::vector<std::int32_t>>> chosen;
        for (std::int64_t i = 0; i < rows.size(0); ++i)
            chosen.push_back(m_rows[static_cast<std::size_t>(rows[i].item<std::int64_t>())]);
        m_rows = std::move(chosen);
    }
    at::Tensor logits(std::size_t text, const std::vector<std::int32_t>& tokens) const
    {
        std::uint64_t seed = m_seed + 977 * text;
        for (const std::int32_t token : tokens)
            seed = seed * 31 + static_cast<std::uint64_t>(token);
        Random random{seed};
        at::Tensor scores = at::empty({vocabulary});
        for (std::int64_t token = 0; token < vocabulary; ++token)
            scores[token] = 2 * random.normal();
        scores[0] = -INFINITY;
        return scores;
    }
    int calls = 0;

private:
    const std::uint64_t m_seed;
    std::vector<std::pair<std::size_t, std::vector<std::int32_t>>> m_rows;
};

/// Of all texts of fewer than `limit` tokens the best, by trying each.
Hypothesis exhaustive(const DrawnTexts& texts, std::size_t text, std::int64_t limit, double alpha)
{
    Hypothesis best{.score = -INFINITY};
    const auto visit = [&](auto&& self, std::vector<std::int32_t> tokens, double logProbability) -> void {
        const at::Tensor scores = texts.logits(text, tokens).log_softmax(0);
        const double ended = logProbability + scores[1].item<double>();
        const double score = ended / std::pow((5.0 + static_cast<double>(tokens.size())) / 6.0, alpha);
        if (score > best.score)
            best = {{tokens.begin() + 1, tokens.end()}, score, true};
        if (std::ssize(tokens) >= limit)
            return;
        for (std::int32_t token = 2; token < vocabulary; ++token) {
            std::vector<std::int32_t> longer = tokens;
            longer.push_back(token);
            self(self, std::move(longer), logProbability + scores[token].item<double>());
        }
    };
    visit(visit, {0}, 0);
    return best;
}

BeamOptions options(std::int64_t width, double alpha)
{
    return {.width = width, .lengthPenalty = alpha, .begin = 0, .end = 1};
}

}

class TestBeamSearch : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aWideBeamFindsTheBestOfAllTexts_data()
    {
        QTest::addColumn<double>("alpha");
        QTest::newRow("plain") << 0.0;
        QTest::newRow("usual") << 0.6;
        QTest::newRow("full") << 1.0;
    }
    void aWideBeamFindsTheBestOfAllTexts()
    {
        QFETCH(double, alpha);
        const std::vector<std::int64_t> limits{4, 2, 3};
        for (std::uint64_t seed = 1; seed <= 20; ++seed) {
            DrawnTexts texts{seed, limits.size()};
            const auto found = beamSearch(texts, limits, options(200, alpha)); // more than there are beginnings: 3^3
            for (std::size_t i = 0; i < limits.size(); ++i) {
                const Hypothesis best = exhaustive(texts, i, limits[i], alpha);
                QCOMPARE(found[i].tokens, best.tokens);
                QVERIFY(std::abs(found[i].score - best.score) < 1e-5);
                QVERIFY(found[i].ended);
            }
        }
    }

    void aBeamOfOneTakesTheLikeliestTokenEveryTime()
    {
        const std::vector<std::int64_t> limits{12, 12, 12, 3};
        for (std::uint64_t seed = 1; seed <= 20; ++seed) {
            DrawnTexts texts{seed, limits.size()};
            const auto found = beamSearch(texts, limits, options(1, 0.6));
            for (std::size_t i = 0; i < limits.size(); ++i) {
                std::vector<std::int32_t> tokens{0};
                bool ended = false;
                while (!ended && std::ssize(tokens) <= limits[i]) {
                    const auto likeliest = static_cast<std::int32_t>(texts.logits(i, tokens).argmax().item<std::int64_t>());
                    ended = likeliest == 1;
                    if (!ended)
                        tokens.push_back(likeliest);
                }
                QCOMPARE(found[i].ended, ended);
                QCOMPARE(found[i].tokens, (std::vector<std::int32_t>{tokens.begin() + 1, tokens.end()}));
            }
        }
    }

    void textsDoNotDisturbEachOther()
    {
        // Each alone gives what all together give, though they end at different steps.
        for (std::uint64_t seed = 1; seed <= 10; ++seed) {
            DrawnTexts together{seed, 6};
            const auto found = beamSearch(together, std::vector<std::int64_t>{9, 1, 5, 9, 2, 9}, options(3, 0.6));
            DrawnTexts alone{seed, 1}; // text 0
            const auto first = beamSearch(alone, std::vector<std::int64_t>{9}, options(3, 0.6));
            QCOMPARE(found[0].tokens, first[0].tokens);
            QVERIFY(std::abs(found[0].score - first[0].score) < 1e-5);
        }
    }

    void whatDoesNotEndIsCutAtItsLimit()
    {
        class Endless : public GrowingTexts {
        public:
            at::Tensor next(const at::Tensor& newest) override
            {
                at::Tensor scores = at::zeros({newest.size(0), vocabulary});
                scores.select(1, 1).fill_(-INFINITY);
                scores.select(1, 3).fill_(2);
                return scores;
            }
            void select(const at::Tensor&) override {}
        } texts;
        const auto found = beamSearch(texts, std::vector<std::int64_t>{4, 1}, options(2, 0.6));
        QCOMPARE(found[0].tokens, (std::vector<std::int32_t>{3, 3, 3, 3}));
        QCOMPARE(found[1].tokens, (std::vector<std::int32_t>{3}));
        QVERIFY(!found[0].ended);
    }

    void aSearchStopsWhenItIsTold()
    {
        DrawnTexts texts{3, 2};
        int asked = 0;
        const auto found = beamSearch(texts, std::vector<std::int64_t>{50, 50}, options(4, 0.6), [&] { return ++asked > 2; });
        QCOMPARE(texts.calls, 2);
        QCOMPARE(found.size(), 2u);
    }
};

QTEST_GUILESS_MAIN(TestBeamSearch)
#include "tst_beam_search.moc"
