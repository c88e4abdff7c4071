// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/job/training_job.h"
#include "engine/torch/checkpoint/checkpoint.h"
#include "engine/torch/data/training_batches.h"
#include "engine/torch/distributed/replicas.h"
#include "engine/torch/nn/graph_network.h"
#include "engine/torch/torch_backend.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <arpa/inet.h>
#include <csignal>
#include <cstdio>
#include <sys/socket.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/linear.h>
#include <torch/utils.h>
#include <unistd.h>

using namespace descent;

// Processes are this program again: `tst_distributed as ROLE RANK SIZE PORT FOLDER [ARGUMENT]`. What a role prints is what its
// test looks at.

namespace {

/// float32: sums in another order.
constexpr double rounding = 2e-5;

struct Role {
    GroupPlace place;
    std::string folder, argument;
};

Recipe recipeOf(const std::string& settings)
{
    std::vector<std::string> parts;
    for (std::size_t at = 0; at <= settings.size();) {
        const std::size_t end = std::min(settings.find(' ', at), settings.size());
        parts.push_back(settings.substr(at, end - at));
        at = end + 1;
    }
    Recipe recipe = findRecipeTemplate(parts.front())->recipe;
    for (std::size_t i = 1; i < parts.size(); ++i) {
        const std::size_t equals = parts[i].find('=');
        if (const Problems problems = setByPath(recipe, parts[i].substr(0, equals), parts[i].substr(equals + 1)); !problems.empty())
            throw std::invalid_argument{english(problems.front())};
    }
    return recipe;
}

/// A port of this machine, taken while this lives.
class TakenPort {
public:
    TakenPort() : m_socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)}
    {
        sockaddr_in address{.sin_family = AF_INET, .sin_port = 0, .sin_addr = {htonl(INADDR_ANY)}, .sin_zero = {}};
        socklen_t size = sizeof address;
        if (::bind(m_socket, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(m_socket, 1) != 0
            || ::getsockname(m_socket, reinterpret_cast<sockaddr*>(&address), &size) != 0)
            throw std::runtime_error{"no free port"};
        m_port = ntohs(address.sin_port);
    }
    ~TakenPort() { ::close(m_socket); }
    TakenPort(const TakenPort&) = delete;
    std::uint16_t port() const { return m_port; }

private:
    const int m_socket;
    std::uint16_t m_port = 0;
};

/// Prints the end, and the losses as they come.
class Teller : public RunObserver {
public:
    explicit Teller(std::function<void(std::int64_t step)> reaction = {}) : m_reaction{std::move(reaction)} {}
    std::vector<double> losses;
    std::map<std::string, double> best;
    void onEvent(const RunEvent& event) override
    {
        if (const auto* logged = std::get_if<MetricsLogged>(&event)) {
            for (const MetricPoint& point : logged->points)
                if (point.series == "loss/train") {
                    losses.push_back(point.value);
                    if (m_reaction)
                        m_reaction(point.step);
                }
        } else if (const auto* end = std::get_if<RunEnded>(&event)) {
            best = end->best;
            std::printf("%s: %s (%s)\n", toString(end->status).c_str(), english(end->reason).c_str(), english(end->hint).c_str());
        }
    }

private:
    std::function<void(std::int64_t)> m_reaction;
};

TrainingRequest requestOf(const Recipe& recipe, const Backend& backend, const std::string& folder)
{
    const auto training = prepareTraining(recipe, backend, {});
    if (!training)
        throw std::invalid_argument{english(training.problems.front())};
    return requestOf(*training.value, folder, 1);
}

int sumRole(const Role& role)
{
    ProcessGroup group{role.place};
    at::Tensor values = at::arange(3, at::kDouble) + role.place.rank;
    group.sum(values);
    at::Tensor leaders = at::full({2}, role.place.rank + 7);
    group.takeFromLeader(leaders);
    const std::string told = group.textOfLeader(role.place.rank == 0 ? "Größe 3" : "nobody hears this");
    std::printf("%g %g %g, %g, %s\n", values[0].item<double>(), values[1].item<double>(), values[2].item<double>(), leaders[1].item<double>(), told.c_str());
    return 0;
}

/// Gradients of a share, made the mean, against those of the whole batch in this same process.
int gradientsRole(const Role& role)
{
    ProcessGroup group{role.place};
    const auto rank = role.place.rank, size = role.place.size;
    at::Generator generator = at::detail::createCPUGenerator(3);
    const at::Tensor x = at::randn({12, 40}, generator), y = at::randn({12, 5}, generator);
    at::manual_seed(1);
    torch::nn::Sequential network{torch::nn::Linear{40, 300}, torch::nn::Linear{300, 200}, torch::nn::Linear{200, 5}};
    const at::Tensor unused = at::ones({7}).requires_grad_(), usedByLast = at::ones({5}).requires_grad_();
    std::vector<at::Tensor> parameters = network->parameters();
    parameters.insert(parameters.end(), {unused, usedByLast});
    const auto lossOf = [&](std::int64_t first, std::int64_t count) { return (network->forward(x.narrow(0, first, count)) - y.narrow(0, first, count)).square().mean(); };
    lossOf(0, 12).backward();
    std::vector<at::Tensor> whole;
    for (const at::Tensor& parameter : network->parameters())
        whole.push_back(parameter.grad().clone());
    GradientBuckets buckets{group, parameters, {.first = 1000, .largest = 100'000}}; // several
    double apart = 0;
    for (int pass = 0; pass < 3; ++pass) {
        for (at::Tensor& parameter : parameters)
            parameter.mutable_grad().reset();
        const auto share = [&] {
            const at::Tensor loss = lossOf(12 * rank / size, 12 / size);
            return rank == size - 1 ? loss + usedByLast.sum() : loss;
        };
        if (pass == 2) { // two batches whose gradients are added up: only the last one's pass goes through the buckets
            (share() * 0.5).backward();
            buckets.backward(share() * 0.5);
        } else {
            buckets.backward(share());
        }
        for (std::size_t i = 0; i < whole.size(); ++i)
            apart = std::max(apart, (parameters[i].grad() - whole[i]).abs().max().item<double>());
        apart = std::max(apart, (usedByLast.grad() - 1.0 / size).abs().max().item<double>());
    }
    std::printf("%s %s\n", apart < rounding ? "equal" : std::to_string(apart).c_str(), unused.grad().defined() ? "touched" : "untouched");
    return 0;
}

/// A share's batch norm against that of the whole batch in this same process. Of five samples rank 3 of 4 has two, of three
/// samples rank 0 has none and borrows one.
int batchNormRole(const Role& role)
{
    ProcessGroup group{role.place};
    struct Statistics : SharedStatistics {
        ProcessGroup& group;
        bool own;
        Statistics(ProcessGroup& all, bool counted) : group{all}, own{counted} {}
        void sum(at::Tensor& values) override { group.sum(values); }
        bool counts() const override { return own; }
    };
    double apart = 0;
    for (const std::int64_t samples : {5, 3}) {
        const std::int64_t start = samples * role.place.rank / role.place.size, end = samples * (role.place.rank + 1) / role.place.size;
        Statistics statistics{group, end > start};
        at::Generator generator = at::detail::createCPUGenerator(static_cast<std::uint64_t>(samples));
        const at::Tensor values = at::randn({samples, 4, 3, 2}, generator) * 3 + 100, upstream = at::randn({samples, 4, 3, 2}, generator);
        torch::nn::BatchNorm2d plain{4};
        const at::Tensor x = values.clone().requires_grad_();
        {
            const torch::NoGradGuard guard;
            plain->weight.copy_(at::tensor({0.5, -1.0, 2.0, 1.0}));
            plain->bias.copy_(at::tensor({1.0, 0.0, -2.0, 3.0}));
        }
        const at::Tensor weight = plain->weight.detach().clone().requires_grad_(), bias = plain->bias.detach().clone().requires_grad_();
        const at::Tensor y = plain(x);
        (y * upstream).sum().backward();

        const std::int64_t size = std::max<std::int64_t>(1, end - start);
        const at::Tensor mine = values.narrow(0, start, size).clone().requires_grad_();
        at::Tensor mean = at::zeros({4}), variance = at::ones({4});
        const at::Tensor output = synchronizedBatchNorm(mine, weight, bias, mean, variance, 0.1, 1e-5, statistics);
        const double counted = statistics.own ? 1 : 0;
        (output * upstream.narrow(0, start, size) * counted).sum().backward();
        at::Tensor weightGradient = weight.grad().clone(), biasGradient = bias.grad().clone();
        group.sum(weightGradient);
        group.sum(biasGradient);
        const auto compare = [&](const at::Tensor& a, const at::Tensor& b) { apart = std::max(apart, (a - b).abs().max().item<double>()); };
        compare(output, y.narrow(0, start, size));
        compare(mine.grad(), statistics.own ? x.grad().narrow(0, start, size) : at::zeros_like(mine));
        compare(weightGradient, plain->weight.grad());
        compare(biasGradient, plain->bias.grad());
        compare(mean, plain->running_mean);
        compare(variance, plain->running_var);
    }
    std::printf("%s\n", apart < 1e-4 ? "equal" : std::to_string(apart).c_str()); // values near 100 have 1e-5 of rounding themselves
    return 0;
}

/// A network that learns from shares, against one that learns from whole batches in this same process, in float64, where
/// nothing is left to rounding.
int networkRole(const Role& role)
{
    ProcessGroup group{role.place};
    const bool pictures = role.argument == "pictures";
    TorchBackend backend;
    const TrainingRequest request = requestOf(recipeOf(pictures ? "drawn-digits dataset.samples=100 architecture.kind=small-cnn" : "spirals dataset.samples=100"), backend, {});
    constexpr std::int64_t batch = 6;
    const auto train = [&](Replicas* replicas, GraphNetwork& network) {
        std::vector<double> losses;
        at::Generator generator = at::detail::createCPUGenerator(11);
        if (replicas)
            network.shareStatistics(replicas);
        for (int step = 0; step < 20; ++step) {
            const at::Tensor x = pictures ? at::randn({batch, 1, 28, 28}, generator).to(at::kDouble) : at::randn({batch, 2}, generator).to(at::kDouble);
            const at::Tensor y = at::randint(0, pictures ? 10 : 2, {batch}, generator);
            const std::int64_t start = replicas ? batch * role.place.rank / role.place.size : 0;
            const std::int64_t end = replicas ? batch * (role.place.rank + 1) / role.place.size : batch;
            if (replicas)
                replicas->meet(static_cast<double>(end - start), {});
            const at::Tensor loss = at::cross_entropy_loss(network.forward(x.narrow(0, start, end - start)), y.narrow(0, start, end - start));
            if (replicas)
                losses.push_back(replicas->backward(loss).item<double>());
            else
                losses.push_back(loss.item<double>()), loss.backward();
            const torch::NoGradGuard guard;
            for (at::Tensor& parameter : network.parameters()) {
                parameter.sub_(parameter.grad(), 0.01);
                parameter.mutable_grad().reset();
            }
        }
        return losses;
    };
    GraphNetwork whole{request.network, at::detail::createCPUGenerator(5)}, shared{request.network, at::detail::createCPUGenerator(5 + static_cast<std::uint64_t>(role.place.rank))};
    whole.to(at::kDouble);
    shared.to(at::kDouble);
    Replicas replicas{group, shared}; // which gives all of them the weights of rank 0
    const std::vector<double> together = train(&replicas, shared), alone = train(nullptr, whole);
    double apart = 0;
    for (std::size_t i = 0; i < alone.size(); ++i)
        apart = std::max(apart, std::abs(together[i] - alone[i]));
    const NamedTensors ours = stateOf(shared), theirs = stateOf(whole);
    for (std::size_t i = 0; i < ours.size(); ++i)
        apart = std::max(apart, (ours[i].second - theirs[i].second).abs().max().item<double>());
    std::printf("%s\n", apart < 1e-9 ? "equal" : std::to_string(apart).c_str());
    return 0;
}

int trainRole(const Role& role)
{
    TorchBackend backend;
    TrainingRequest request = requestOf(recipeOf(role.argument), backend, role.folder);
    request.group = role.place;
    RunControl control;
    Teller teller;
    backend.train(request, control, teller);
    std::printf("losses:");
    for (const double loss : teller.losses)
        std::printf(" %.9g", loss);
    std::printf("\n");
    for (const auto& [series, value] : teller.best)
        std::printf("best %s %.9g\n", series.c_str(), value);
    return 0;
}

/// Rank 2 is killed in the middle; rank 0 stops at step 3 where the argument says so.
int killedRole(const Role& role)
{
    TorchBackend backend;
    TrainingRequest request = requestOf(recipeOf("spirals training.epochs=100000 training.threads=1"), backend, role.folder);
    request.group = role.place;
    RunControl control;
    Teller teller{[&](std::int64_t step) {
        if (role.argument == "kill" && role.place.rank == 2 && step >= 20)
            ::raise(SIGKILL);
        if (role.argument == "stop" && role.place.rank == 0 && step >= 20)
            control.requestStop();
    }};
    backend.train(request, control, teller);
    return 0;
}

/// Rank 1 stays alive, and says nothing any more.
int silentRole(const Role& role)
{
    ProcessGroup group{role.place, {.patience = std::chrono::seconds{2}}};
    at::Tensor values = at::ones({1});
    group.sum(values);
    if (role.place.rank == 1)
        ::raise(SIGSTOP);
    try {
        group.sum(values);
    } catch (const ProcessLost&) {
        if (const auto lost = group.findLost())
            std::printf("%s\n", lost->what());
    }
    return 0;
}

/// Rank 1 says why it goes.
int leavingRole(const Role& role)
{
    ProcessGroup group{role.place};
    if (role.place.rank == 1) {
        group.leave("the disk is full");
        return 0;
    }
    at::Tensor values = at::ones({1});
    try {
        group.sum(values);
    } catch (const ProcessLost&) {
        if (const auto lost = group.findLost())
            std::printf("%s\n", lost->what());
        else
            group.follow();
    }
    return 0;
}

int joinRole(const Role& role)
{
    try {
        const ProcessGroup group{role.place, {.joinWithin = std::chrono::seconds{2}, .agreement = role.argument + (role.place.rank == 1 ? " else" : "")}};
        std::printf("joined\n");
    } catch (const DescentError& error) {
        std::printf("%s\n", error.what());
    }
    return 0;
}

int playRole(int count, char** words)
{
    const std::map<std::string, int (*)(const Role&)> roles{{"sum", sumRole}, {"gradients", gradientsRole}, {"batch norm", batchNormRole}, {"network", networkRole}, {"train", trainRole},
                                                            {"killed", killedRole}, {"silent", silentRole}, {"leaving", leavingRole}, {"join", joinRole}};
    Role role{.place = {.rank = std::atoi(words[3]), .size = std::atoi(words[4]), .port = static_cast<std::uint16_t>(std::atoi(words[5]))}, .folder = words[6]};
    role.place.localRank = role.place.rank;
    role.place.localSize = role.place.size;
    if (count > 7)
        role.argument = words[7];
    at::set_num_threads(1);
    try {
        return roles.at(words[2])(role);
    } catch (const std::exception& error) {
        std::printf("%s\n", error.what());
        return 1;
    }
}

}

class TestDistributed : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;

    struct Outcome {
        int code = -1; // -1: killed
        QString output, errors;
    };
    std::vector<Outcome> play(const QString& role, int size, const QString& argument = {}, std::vector<int> ranks = {}, int waitMs = 120'000)
    {
        const QString port = QString::number(TakenPort{}.port()); // free again
        if (ranks.empty())
            for (int rank = 0; rank < size; ++rank)
                ranks.push_back(rank);
        std::vector<std::unique_ptr<QProcess>> processes;
        for (const int rank : ranks) {
            QDir{m_folder.path()}.mkpath(QString::number(rank));
            processes.push_back(std::make_unique<QProcess>());
            processes.back()->start(QCoreApplication::applicationFilePath(),
                                    {"as", role, QString::number(rank), QString::number(size), port, m_folder.filePath(QString::number(rank)), argument});
        }
        std::vector<Outcome> outcomes;
        for (const auto& process : processes) {
            if (!process->waitForFinished(waitMs))
                process->kill();
            process->waitForFinished();
            outcomes.push_back({process->exitStatus() == QProcess::NormalExit ? process->exitCode() : -1,
                                QString::fromUtf8(process->readAllStandardOutput()).trimmed(), QString::fromUtf8(process->readAllStandardError())});
        }
        return outcomes;
    }

private Q_SLOTS:
    void valuesAreAddedUpOverAllProcesses_data()
    {
        QTest::addColumn<int>("size");
        QTest::newRow("2") << 2;
        QTest::newRow("4") << 4;
    }
    void valuesAreAddedUpOverAllProcesses()
    {
        QFETCH(const int, size);
        const int ranks = size * (size - 1) / 2;
        for (const Outcome& outcome : play("sum", size)) {
            QCOMPARE(outcome.output, QString{"%1 %2 %3, 7, Größe 3"}.arg(ranks).arg(ranks + size).arg(ranks + 2 * size));
            QCOMPARE(outcome.code, 0);
        }
    }

    void bucketsGiveTheGradientsOfTheWholeBatch_data() { valuesAreAddedUpOverAllProcesses_data(); }
    void bucketsGiveTheGradientsOfTheWholeBatch()
    {
        QFETCH(const int, size);
        for (const Outcome& outcome : play("gradients", size))
            QCOMPARE(outcome.output, "equal untouched");
    }

    void batchNormSeesTheWholeBatch_data() { valuesAreAddedUpOverAllProcesses_data(); }
    void batchNormSeesTheWholeBatch()
    {
        QFETCH(const int, size);
        for (const Outcome& outcome : play("batch norm", size))
            QCOMPARE(outcome.output, "equal");
    }

    void networksLearnAsOneWould_data()
    {
        QTest::addColumn<int>("size");
        QTest::addColumn<QString>("data");
        for (const char* data : {"pictures", "rows"})
            for (const int size : {2, 4}) // 6 samples do not divide by 4
                QTest::addRow("%s, %d", data, size) << size << QString{data};
    }
    void networksLearnAsOneWould()
    {
        QFETCH(const int, size);
        QFETCH(const QString, data);
        for (const Outcome& outcome : play("network", size, data))
            QCOMPARE(outcome.output, "equal");
    }

    void processesLearnAsOneWould_data()
    {
        QTest::addColumn<QString>("recipe");
        QTest::addColumn<int>("size");
        const QString sgd = " training.optimizer=sgd training.momentum=0.9 training.threads=1";
        // 200 points leave 120 to learn from: batches of 26 do not divide by 4, and the last has 16.
        const QString rows = "spirals dataset.samples=200 training.epochs=4 training.batchSize=26 training.learningRate=0.05" + sgd;
        // 122 of them: the last batch has 2, so two of four processes have none and borrow.
        const QString few = "spirals dataset.samples=204 training.epochs=5 training.batchSize=40 training.learningRate=0.05" + sgd;
        const QString pictures = "drawn-digits dataset.samples=200 architecture.kind=small-cnn training.epochs=2 training.batchSize=12 training.learningRate=0.001" + sgd;
        const QString texts = "dates dataset.samples=300 architecture.dropout=0 training.epochs=2 training.batchSize=18 training.labelSmoothing=0.1 training.learningRate=0.02" + sgd;
        for (const int size : {2, 4}) {
            QTest::addRow("rows, %d", size) << rows << size;
            QTest::addRow("pictures with batch norm, %d", size) << pictures << size;
            QTest::addRow("padded texts, Transformer, %d", size) << texts << size;
        }
        QTest::newRow("a last batch smaller than the processes, 4") << few << 4;
    }
    void processesLearnAsOneWould()
    {
        QFETCH(const QString, recipe);
        QFETCH(const int, size);
        const std::vector<Outcome> outcomes = play("train", size, recipe);
        const auto lossesOf = [](const QString& output) {
            std::vector<double> losses;
            for (const QString& line : output.split('\n'))
                if (line.startsWith("losses:"))
                    for (const QString& word : line.mid(8).split(' '))
                        losses.push_back(word.toDouble());
            return losses;
        };
        for (const Outcome& outcome : outcomes) {
            QVERIFY2(outcome.output.startsWith("completed"), qPrintable(outcome.output.left(500) + outcome.errors.left(2000)));
            QCOMPARE(outcome.output, outcomes.front().output); // every process knows the same
        }
        QTemporaryDir alone;
        TorchBackend backend;
        const TrainingRequest request = requestOf(recipeOf(recipe.toStdString()), backend, alone.path().toStdString());
        RunControl control;
        Teller teller;
        backend.train(request, control, teller);
        const std::vector<double> losses = lossesOf(outcomes.front().output);
        QCOMPARE(losses.size(), teller.losses.size());
        QVERIFY(losses.size() >= 15);
        for (std::size_t i = 0; i < losses.size(); ++i)
            QVERIFY2(std::abs(losses[i] - teller.losses[i]) <= 1e-3 * std::abs(teller.losses[i]),
                     qPrintable(QString{"step %1: %2, alone %3"}.arg(i + 1).arg(losses[i]).arg(teller.losses[i])));
        const Result<ResumePoint> ours = newestCheckpoint(m_folder.filePath("0").toStdString()), theirs = newestCheckpoint(alone.path().toStdString());
        QVERIFY(ours && theirs);
        const Result<WeightsFile> shared = readWeights(ours->tensors), whole = readWeights(theirs->tensors);
        QVERIFY(shared && whole);
        QCOMPARE(shared->view.tensors.size(), whole->view.tensors.size());
        for (const auto& stored : whole->view.tensors) {
            if (belongsToTraining(stored.name))
                continue; // momentum is the last few gradients, in which rounding flips a maximum here and there
            const auto twin = std::find_if(shared->view.tensors.begin(), shared->view.tensors.end(), [&](const auto& one) { return one.name == stored.name; });
            QVERIFY(twin != shared->view.tensors.end());
            const at::Tensor a = tensorOf(*twin).to(at::kDouble), b = tensorOf(stored).to(at::kDouble);
            const double apart = (a - b).norm().item<double>(), length = b.norm().item<double>();
            QVERIFY2(apart <= 1e-3 * length + 1e-4, qPrintable(QString{"%1: %2 of %3"}.arg(stored.name.c_str()).arg(apart).arg(length)));
        }
        for (int rank = 1; rank < size; ++rank)
            QVERIFY(QDir{m_folder.filePath(QString::number(rank))}.isEmpty()); // rank 0 alone writes
    }

    void aLostWorkerEndsTheRun()
    {
        QElapsedTimer timer;
        timer.start();
        const std::vector<Outcome> outcomes = play("killed", 4, "kill");
        QVERIFY2(outcomes[0].output.startsWith("failed: worker 2 of 4 was lost at step "), qPrintable(outcomes[0].output + outcomes[0].errors.left(2000)));
        QVERIFY(outcomes[0].output.endsWith("(the run's last checkpoint is kept: go on from it)"));
        QVERIFY(newestCheckpoint(m_folder.filePath("0").toStdString()));
        QCOMPARE(outcomes[2].code, -1);
        for (const std::size_t rank : {0, 1, 3})
            QCOMPARE(outcomes[rank].code, 0); // they ended by themselves
        QVERIFY2(timer.elapsed() < 60'000, qPrintable(QString::number(timer.elapsed())));
    }

    void whatRankZeroIsAskedHappensInAll()
    {
        for (const Outcome& outcome : play("killed", 4, "stop"))
            QCOMPARE(outcome.output, "stopped:  ()");
    }

    void aProcessThatSaysNothingIsLost()
    {
        const std::vector<Outcome> outcomes = play("silent", 2, {}, {}, 15'000);
        QCOMPARE(outcomes[0].output, "worker 1 of 2 was lost");
        QCOMPARE(outcomes[0].code, 0);
    }

    void whyAProcessWentIsTold()
    {
        QCOMPARE(play("leaving", 3)[0].output, "worker 1 of 3 failed: the disk is full");
    }

    void whoDoesNotFitOrDoesNotComeIsNamed()
    {
        QCOMPARE(play("join", 3, "a", {0, 2})[0].output, "of 3 processes these did not come within 2 seconds: ranks 1");
        QVERIFY(play("join", 2, "a", {1})[0].output.startsWith("the process of rank 0 could not be reached at 127.0.0.1, port "));
        const std::vector<Outcome> differing = play("join", 2, "a");
        QCOMPARE(differing[0].output, "the process of rank 1 is to train something else: recipe, data or network differ");
        QCOMPARE(differing[1].output, "the processes are to train different things: recipe, data or network differ");
    }

    void aTakenPortIsNamed()
    {
        const TakenPort taken;
        try {
            const ProcessGroup group{{.size = 2, .port = taken.port()}, {.joinWithin = std::chrono::seconds{2}}};
            QFAIL("joined");
        } catch (const DescentError& error) {
            QCOMPARE(QString{error.what()}, QString{"port %1 is taken: the other processes could not find this one there"}.arg(taken.port()));
        }
    }

    void sharesOfABatchMakeItWhole()
    {
        TorchBackend backend;
        const TrainingRequest request = requestOf(recipeOf("drawn-digits dataset.samples=100 preprocessing.flip=true preprocessing.crop=2"), backend, {});
        const DeviceSamples samples{request.data, DeviceSamples::Part::train, at::kCPU};
        constexpr std::int64_t batchSize = 29; // of 60: 29, 29, 2
        TrainingBatches whole{request.data, samples, batchSize, 5};
        std::vector<TrainingBatches> shares;
        for (std::int64_t rank = 0; rank < 4; ++rank)
            shares.emplace_back(request.data, samples, batchSize, 5, false, 1, BatchShare{rank, 4});
        for (const std::int64_t epoch : {1, 2}) {
            whole.startEpoch(epoch);
            for (TrainingBatches& share : shares)
                share.startEpoch(epoch);
            for (std::int64_t i = 0; i < whole.stepsPerEpoch(); ++i) {
                std::vector<at::Tensor> inputs, targets;
                int borrowed = 0;
                for (TrainingBatches& share : shares) {
                    const Batch part = share.next();
                    borrowed += part.borrowed;
                    if (part.borrowed)
                        continue;
                    inputs.push_back(part.inputs.front());
                    targets.push_back(part.targets);
                }
                const Batch all = whole.next();
                QVERIFY(at::equal(at::cat(inputs), all.inputs.front()));
                QVERIFY(at::equal(at::cat(targets), all.targets));
                QCOMPARE(borrowed, all.size() >= 4 ? 0 : static_cast<int>(4 - all.size()));
            }
        }
    }
};

int main(int count, char** words)
{
    if (count > 6 && std::string_view{words[1]} == "as")
        return playRole(count, words);
    QCoreApplication application{count, words};
    TestDistributed test;
    return QTest::qExec(&test, count, words);
}
#include "tst_distributed.moc"
