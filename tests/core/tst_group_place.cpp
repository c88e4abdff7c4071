// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/backend/group_place.h"
#include "engine/core/job/slurm_script.h"
#include "engine/core/recipe/catalog.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace descent;

namespace {

EnvironmentReader readerOf(std::map<std::string, std::string> variables)
{
    return [variables = std::move(variables)](const char* name) {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional{found->second};
    };
}

}

class TestGroupPlace : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void torchrunSaysThePlace()
    {
        const auto place = placeFromEnvironment(readerOf({{"RANK", "5"}, {"WORLD_SIZE", "8"}, {"LOCAL_RANK", "1"}, {"LOCAL_WORLD_SIZE", "4"},
                                                          {"MASTER_ADDR", "node1"}, {"MASTER_PORT", "29500"}, {"SLURM_PROCID", "7"},
                                                          {"SLURM_STEP_NUM_TASKS", "9"}}));
        QVERIFY(place);
        QVERIFY((*place == GroupPlace{.rank = 5, .size = 8, .localRank = 1, .localSize = 4, .address = "node1", .port = 29500}));
    }

    void theAgentsStoreIsUsed()
    {
        const auto place = placeFromEnvironment(readerOf({{"RANK", "0"}, {"WORLD_SIZE", "2"}, {"MASTER_ADDR", "here"}, {"MASTER_PORT", "1234"},
                                                          {"TORCHELASTIC_USE_AGENT_STORE", "True"}, {"TORCHELASTIC_RESTART_COUNT", "3"}}));
        QCOMPARE(place->agentPrefix, "/worker/attempt_3");
    }

    void aSlurmStepSaysThePlace()
    {
        const auto place = placeFromEnvironment(readerOf({{"SLURM_PROCID", "3"}, {"SLURM_STEP_NUM_TASKS", "4"}, {"SLURM_LOCALID", "1"},
                                                          {"SLURM_STEP_TASKS_PER_NODE", "2(x2)"}, {"SLURM_STEP_NODELIST", "gpu[07-08]"}, {"SLURM_JOB_ID", "123456"}}));
        QVERIFY(place);
        QVERIFY((*place == GroupPlace{.rank = 3, .size = 4, .localRank = 1, .localSize = 2, .address = "gpu07", .port = 20000 + 3456}));
    }

    void whatIsAloneHasNoPlace_data()
    {
        QTest::addColumn<QStringList>("variables");
        QTest::newRow("nothing said") << QStringList{};
        QTest::newRow("one of one") << QStringList{"RANK=0", "WORLD_SIZE=1", "MASTER_ADDR=a", "MASTER_PORT=1"};
        QTest::newRow("a job's script, which is no step") << QStringList{"SLURM_PROCID=0", "SLURM_NTASKS=4", "SLURM_JOB_NODELIST=a"};
        QTest::newRow("a step of one") << QStringList{"SLURM_PROCID=0", "SLURM_STEP_NUM_TASKS=1"};
    }
    void whatIsAloneHasNoPlace()
    {
        QFETCH(const QStringList, variables);
        std::map<std::string, std::string> values;
        for (const QString& variable : variables)
            values[variable.section('=', 0, 0).toStdString()] = variable.section('=', 1).toStdString();
        const auto place = placeFromEnvironment(readerOf(values));
        QVERIFY(!place);
        QVERIFY(place.problems.empty());
    }

    void allThatIsWrongIsSaidAtOnce()
    {
        const auto place = placeFromEnvironment(readerOf({{"RANK", "4"}, {"WORLD_SIZE", "4"}, {"MASTER_PORT", "http"}}));
        QVERIFY(!place);
        std::vector<std::string> said;
        for (const Problem& problem : place.problems)
            said.push_back(english(problem));
        QCOMPARE(said.size(), std::size_t{3});
        QCOMPARE(said[0], "RANK: \"4\" is no whole number from 0 to 3");
        QCOMPARE(said[1], "MASTER_PORT: \"http\" is no whole number from 1 to 65535");
        QCOMPARE(said[2], "MASTER_ADDR: this variable is missing (it names the machine of the process of rank 0)");
        QCOMPARE(placeFromEnvironment(readerOf({{"WORLD_SIZE", "2"}, {"MASTER_ADDR", "a"}, {"MASTER_PORT", "1"}})).problems.front().path, "RANK");
    }

    void theFirstHostOfAList_data()
    {
        QTest::addColumn<QString>("list");
        QTest::addColumn<QString>("host");
        QTest::newRow("one") << "node3" << "node3";
        QTest::newRow("several") << "a1,b2" << "a1";
        QTest::newRow("range") << "node[3-5,7],other1" << "node3";
        QTest::newRow("zeros are kept") << "node[03-05]" << "node03";
        QTest::newRow("with an end") << "rack[1,4]-ib,z" << "rack1-ib";
        QTest::newRow("plain before a range") << "login,node[1-2]" << "login";
        QTest::newRow("one in brackets") << "n[12]" << "n12";
        QTest::newRow("nothing") << "" << "";
        QTest::newRow("not closed") << "n[12" << "";
    }
    void theFirstHostOfAList()
    {
        QFETCH(const QString, list);
        QFETCH(const QString, host);
        QCOMPARE(QString::fromStdString(firstHostOf(list.toStdString())), host);
    }

    /// The script run by bash, with a scontrol and an srun that only tell what they were given.
    void theScriptSaysWhatWasMeant()
    {
        QTemporaryDir folder;
        Recipe recipe = findRecipeTemplate("spirals")->recipe;
        recipe.name = "it's $(touch /tmp/x) `id`\n#SBATCH --nodes=9";
        const auto script = slurmScript(recipe, {.nodes = 2, .tasksPerNode = 3, .cpusPerTask = 4, .gpusPerNode = 3, .time = "1-12:00:00", .partition = "short",
                                                 .program = "/opt/it's $HOME/descent", .home = "/data/$USER's runs"});
        QVERIFY(script);
        const QString text = QString::fromStdString(*script);
        QStringList wishes;
        for (const QString& line : text.split('\n'))
            if (line.startsWith("#SBATCH"))
                wishes << line.mid(8);
        QCOMPARE(wishes, (QStringList{"--job-name=it-s---touch--tmp-x---id---SBATCH---nodes-9", "--nodes=2", "--ntasks-per-node=3", "--cpus-per-task=4",
                                      "--gpus-per-node=3", "--time=1-12:00:00", "--partition=short", "--output=descent-%j.log", "--signal=TERM@60"}));
        const auto write = [&](const char* name, const QByteArray& content) {
            QFile file{folder.filePath(name)};
            if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size() || !file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner))
                qFatal("no program");
        };
        write("scontrol", "#!/bin/sh\necho \"$3\" | tr , '\\n'\n");
        write("srun", "#!/bin/sh\necho \"$MASTER_ADDR|$MASTER_PORT|$DESCENT_HOME\"\nfor word in \"$@\"; do echo \"<$word>\"; done\ncat\n");
        write("job.sh", text.toUtf8());
        QProcess bash;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("PATH", folder.path() + ":" + environment.value("PATH"));
        environment.insert("SLURM_JOB_NODELIST", "n1,n2");
        environment.insert("SLURM_JOB_ID", "1234567");
        bash.setProcessEnvironment(environment);
        bash.start("bash", {folder.filePath("job.sh")});
        QVERIFY(bash.waitForFinished());
        const QString out = QString::fromUtf8(bash.readAllStandardOutput());
        QCOMPARE(out.section('\n', 0, 0), "n1|24567|/data/$USER's runs");
        QCOMPARE(out.section('\n', 1, 4), "<--kill-on-bad-exit=0>\n</opt/it's $HOME/descent>\n<train>\n<->");
        const auto read = recipeFromJson(out.section('\n', 5).toStdString());
        QVERIFY(read);
        QVERIFY(*read == recipe);
    }

    void whatSbatchWouldMisreadIsRefused()
    {
        const auto script = slurmScript(findRecipeTemplate("spirals")->recipe, {.nodes = 0, .time = "1:00 --nodes=9", .partition = "a\n#SBATCH --nodes=9"});
        QVERIFY(!script);
        QCOMPARE(script.problems.size(), std::size_t{3});
        QCOMPARE(script.problems[0].path, "--nodes");
        QCOMPARE(script.problems[1].path, "--time");
        QCOMPARE(script.problems[2].path, "--partition");
    }
};

QTEST_GUILESS_MAIN(TestGroupPlace)
#include "tst_group_place.moc"
