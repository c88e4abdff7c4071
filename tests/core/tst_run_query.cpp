// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/random.h"
#include "engine/core/history/run_query.h"

#include <QTest>

#include <cmath>
#include <map>

using namespace descent;

namespace {

using Run = std::map<std::string, RunValue>;

/// Everything that is written about this one stands under "".
const Run demo{{"", std::string{"spirals resnet18 demo Größe"}},
               {"accuracy", 0.93},
               {"loss", std::nan("")},
               {"architecture", std::string{"ResNet18"}},
               {"tag", std::vector<std::string>{"Demo", "good"}},
               {"note", std::string{"the rate was too high"}},
               {"training.learningRate", 1e-3},
               {"parameters", 11'000'000.0},
               {"age", 7200.0},
               {"created", 1'795'000'000.0}}; // 2026-11-18

bool fits(const char* text, const Run& run = demo)
{
    const Result<RunQuery> query = RunQuery::parse(text);
    if (!query)
        throw std::invalid_argument{english(query.problems.front())};
    static const RunValue nothing;
    return query->fits([&](std::size_t field) -> const RunValue& {
        const auto found = run.find(query->fields().at(field));
        return found == run.end() ? nothing : found->second;
    });
}

std::vector<std::string> offered(std::string text)
{
    const std::size_t cursor = text.find('|');
    text.erase(cursor, 1);
    const std::vector<QueryField> fields{{"accuracy", {}}, {"architecture", {"resnet18", "mlp", "small cnn"}}, {"best.accuracy", {}}, {"tag", {"demo"}}};
    std::vector<std::string> results;
    for (const QueryCompletion& completion : completionsAt(text, cursor, fields, 4)) {
        std::string done = text;
        done.replace(completion.from, completion.to - completion.from, completion.text);
        results.push_back(std::move(done));
    }
    return results;
}

}

class TestRunQuery : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void runsFit_data()
    {
        QTest::addColumn<QString>("query");
        QTest::addColumn<bool>("expected");
        const auto row = [](const char* query, bool expected) { QTest::newRow(query) << QString{query} << expected; };
        row("", true);
        row("   ", true);
        row("accuracy > 0.9", true);
        row("accuracy>0.9 and architecture=resnet18 and tag=demo", true);
        row("accuracy >= 93%", true);
        row("accuracy < 93%", false);
        row("accuracy != 0.93", false);
        row("accuracy == 0.93", true);
        row("architecture = RESNET18", true);
        row("architecture = resnet", false);
        row("architecture ~ resnet", true);
        row("architecture ~ r*18", true);
        row("architecture ~ 18*r", false);
        row("architecture < s", true);
        row("tag = good", true);
        row("tag != good", false);
        row("tag != bad", true);
        row("tag ~ goo", true);
        row("note ~ \"too high\"", true);
        row("note ~ \"too low\"", false);
        row("training.learningRate <= 1e-3", true);
        row("parameters > 10M and parameters < 0.012G and parameters >= 11000k", true);
        row("age < 3h", true);
        row("age < 119m", false);
        row("created >= 2026-11-18 and created < 2026-11-19", true);
        row("created > 2026-11-28", false);
        row("missing = none", true);
        row("missing != none", false);
        row("accuracy = none", false);
        row("accuracy != none", true);
        row("missing = 3", false);
        row("missing != 3", false);
        row("not missing = 3", true);
        row("loss = nan", true);
        row("loss != nan", false);
        row("loss > 0", false);
        row("accuracy = nan", false);
        row("accuracy = high", false);
        row("accuracy > 1 or tag = demo", true);
        row("accuracy > 1 or tag = demo and tag = bad", false);
        row("(accuracy > 1 or tag = demo) and not tag = bad", true);
        row("not (accuracy > 1 or tag = demo)", false);
        row("NOT tag = bad AND Accuracy > 0", false); // names are told apart by case
        row("not not tag = demo", true);
        row("resnet18 demo", true);
        row("resnet18 spirits", false);
        row("res accuracy > 0.9 spir", true);
        row("gr\xc3\xb6\xc3\x9f", true);
        row("GR\xc3\x96\xc3\x9f", false); // only A to Z are lowered
        row("\"resnet18 demo\"", true);
        row("\"demo resnet18\"", false);
        row("\"and\"", false);
    }
    void runsFit()
    {
        QFETCH(QString, query);
        QFETCH(bool, expected);
        QCOMPARE(fits(query.toUtf8().constData()), expected);
    }

    void aFieldIsAskedForOnce()
    {
        const auto query = RunQuery::parse("a = 1 or (b = 2 and a > 3) word \"b\" = 1");
        QCOMPARE(query->fields(), (std::vector<std::string>{"a", "b", ""}));
        QVERIFY(RunQuery{}.fits([](std::size_t) -> const RunValue& { throw std::logic_error{"nothing is asked"}; }));
    }

    void mistakesAreSaidWhereTheyAre_data()
    {
        QTest::addColumn<QString>("query");
        QTest::addColumn<QString>("problem");
        const auto row = [](const char* query, const char* problem) { QTest::newRow(query) << QString{query} << QString{problem}; };
        row("accuracy >", "10: a value is missing behind \"accuracy\" (as in accuracy > 0.9, or = none where there is none)");
        row("accuracy > and", "14: something is missing");
        row("> 0.9", "0: a name or a word is missing here (as in accuracy > 0.9)");
        row("a = 1 and", "9: something is missing at the end (as in accuracy > 0.9)");
        row("a = 1 or or b = 2", "9: a name or a word is missing here (as in accuracy > 0.9)");
        row("(a = 1", "0: this \"(\" has no \")\"");
        row("a = 1)", "5: there is no \"(\" to this \")\"");
        row("()", "1: a name or a word is missing here (as in accuracy > 0.9)");
        row("note ~ \"high", "7: this quote does not end");
        row("a < none", "4: \"none\" is neither more nor less than anything (write = none or != none)");
        row("not", "3: something is missing at the end (as in accuracy > 0.9)");
    }
    void mistakesAreSaidWhereTheyAre()
    {
        QFETCH(QString, query);
        QFETCH(QString, problem);
        const auto parsed = RunQuery::parse(query.toStdString());
        if (problem.startsWith("14")) { // "and" is a value where one is due
            QVERIFY(parsed);
            return;
        }
        QVERIFY(!parsed);
        QCOMPARE(QString::fromStdString(english(parsed.problems.front())), problem);
    }

    void anythingTypedIsParsedOrRefused()
    {
        const std::vector<std::string> pieces{"accuracy", " ", "(", ")", "=", "!", "<", ">", "~", "\"", "\\", "and", " or ", " not ", "none", "0.9", "%", "*", "2026-11-28", "\xc3\xa9", "\n"};
        Random random{3};
        int sound = 0;
        for (int i = 0; i < 20'000; ++i) {
            std::string text;
            for (std::uint64_t k = random.below(12); k > 0; --k)
                text += pieces[static_cast<std::size_t>(random.below(pieces.size()))];
            const auto query = RunQuery::parse(text);
            QVERIFY(query ? query.problems.empty() : query.problems.size() == 1);
            if (query) {
                fits(text.c_str());
                ++sound;
            } else {
                QVERIFY(std::stoul(query.problems.front().path) <= text.size());
            }
            completionsAt(text, static_cast<std::size_t>(random.below(text.size() + 1)), {{"accuracy", {"a b"}}});
        }
        QVERIFY(sound > 1000);
        QVERIFY(!RunQuery::parse(std::string(5000, '(')));
        QVERIFY(!RunQuery::parse(std::string(20'000, 'x')));
        std::string nots;
        for (int i = 0; i < 1000; ++i)
            nots += "not ";
        QVERIFY(!RunQuery::parse(nots + "x"));
    }

    void whatMayFollowIsOffered()
    {
        using Offers = std::vector<std::string>;
        QCOMPARE(offered("|"), (Offers{"accuracy", "architecture", "best.accuracy", "tag"}));
        QCOMPARE(offered("acc|"), (Offers{"accuracy", "best.accuracy"}));
        QCOMPARE(offered("accuracy |"), (Offers{"accuracy =", "accuracy !=", "accuracy <", "accuracy <="}));
        QCOMPARE(offered("architecture = |"), (Offers{"architecture = resnet18", "architecture = mlp", "architecture = \"small cnn\"", "architecture = none"}));
        QCOMPARE(offered("architecture = sm|"), Offers{"architecture = \"small cnn\""});
        QCOMPARE(offered("architecture = \"small c|"), Offers{"architecture = \"small cnn\""});
        QCOMPARE(offered("architecture = re| and tag = demo"), Offers{"architecture = resnet18 and tag = demo"});
        QCOMPARE(offered("tag = demo |"), (Offers{"tag = demo and", "tag = demo or"}));
        QCOMPARE(offered("tag = demo and t|").front(), std::string{"tag = demo and tag"}); // then what holds a t
        QCOMPARE(offered("(tag = demo) o|"), Offers{"(tag = demo) or"});
        QCOMPARE(offered("not a|"), (Offers{"not accuracy", "not architecture", "not best.accuracy", "not tag"}));
    }

    void whatIsOddIsQuoted()
    {
        for (const char* text : {"small cnn", "and", "NONE", "a\"b\\c", "", "x=y", "(", "plain"}) {
            const auto query = RunQuery::parse("name = " + quotedForQuery(text));
            QVERIFY(query);
            const RunValue value = std::string{text};
            QVERIFY(query->fits([&](std::size_t) -> const RunValue& { return value; }));
        }
        QCOMPARE(quotedForQuery("plain"), std::string{"plain"});
    }
};

QTEST_GUILESS_MAIN(TestRunQuery)
#include "tst_run_query.moc"
