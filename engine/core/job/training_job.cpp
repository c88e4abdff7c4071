// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/job/training_job.h"

#include "engine/core/job/worker_processes.h"

#include <array>
#include <cstdio>
#include <stdexcept>
#include <utility>

namespace descent {

namespace {

/// Gives each event to the recorder first: what the window shows is at least on its way to the disk.
class Fork : public RunObserver {
public:
    /// earlier: what the run told before it went on; the recorder has it already.
    Fork(RunObserver& recorder, RunObserver& feed, MetricsLogged earlier) : m_first{recorder}, m_second{feed}, m_earlier{std::move(earlier)} {}
    void onEvent(const RunEvent& event) override
    {
        m_first.onEvent(event);
        m_second.onEvent(event);
        if (std::holds_alternative<RunStarted>(event) && !m_earlier.points.empty())
            m_second.onEvent(std::exchange(m_earlier, {}));
    }
    void settle() override { m_first.settle(); }

private:
    RunObserver& m_first;
    RunObserver& m_second;
    MetricsLogged m_earlier;
};

/// The commit of the folder the program was started in, so that a run of a work in progress can be found again.
/// Read from .git itself: starting a git process would cost more than the whole set-up of a run.
std::string gitCommitOf(std::filesystem::path folder)
{
    namespace fs = std::filesystem;
    std::error_code ignored;
    const auto readLine = [](const fs::path& path) {
        std::array<char, 256> line{};
        if (std::FILE* file = std::fopen(path.c_str(), "r")) {
            if (!std::fgets(line.data(), static_cast<int>(line.size()), file))
                line[0] = 0;
            std::fclose(file);
        }
        std::string content{line.data()};
        while (!content.empty() && (content.back() == '\n' || content.back() == '\r'))
            content.pop_back();
        return content;
    };
    for (; !folder.empty(); folder = folder.parent_path()) {
        const fs::path git = folder / ".git";
        if (fs::is_directory(git, ignored)) {
            const std::string head = readLine(git / "HEAD");
            return head.starts_with("ref: ") ? readLine(git / head.substr(5)) : head;
        }
        if (folder == folder.root_path())
            break;
    }
    return {};
}

NewRun describe(const PreparedTraining& training, const Backend& backend, const std::string& experiment)
{
    NewRun run;
    run.experiment = experiment;
    run.name = training.recipe.name.empty() ? training.data->dataset->name + " " + training.recipe.architecture.kind
                                            : training.recipe.name;
    run.recipeJson = toJson(withDefaults(training.recipe));
    run.datasetName = training.data->dataset->name;
    run.datasetKind = training.recipe.dataset.kind;
    run.architecture = training.recipe.architecture.kind;
    run.task = training.task.id;
    run.primaryMetric = training.task.primaryMetric;
    run.higherIsBetter = training.task.higherIsBetter();
    run.parameterCount = training.network.parameterCount();
    if (training.start) {
        run.parent = training.start->run;
        run.startName = training.start->name;
        run.startSha256 = training.start->sha256;
    }
    run.environment = {{"descent", DESCENT_VERSION},
                       {"torch", backend.info().torchVersion},
                       {"device", training.device.id + " " + training.device.name}};
    std::error_code ignored;
    if (const std::string commit = gitCommitOf(std::filesystem::current_path(ignored)); !commit.empty())
        run.environment["gitCommit"] = commit;
    return run;
}

}

TrainingRequest requestOf(const PreparedTraining& training, std::filesystem::path folder, RunId run)
{
    return {.recipe = training.recipe,
            .task = training.task,
            .data = training.data,
            .network = training.network,
            .folder = std::move(folder),
            .run = run,
            .start = training.start,
            .resume = training.resume ? std::optional{training.resume->point} : std::nullopt};
}

TrainingJob::TrainingJob(PreparedTraining training, Backend& backend, JobOptions options)
    : m_training{std::move(training)}, m_backend{backend}, m_options{std::move(options)}
{
    if (!m_training.start && !m_training.resume && startOptions(m_training.recipe.start).from != StartOptions::From::nothing)
        throw std::logic_error{"prepared without the weights that its recipe starts from"};
    RunStore store{m_options.folder};
    if (m_training.resume) {
        m_run = m_training.resume->run;
        const TrainingState& state = m_training.resume->point.state;
        store.reopenRun(m_run, toJson(withDefaults(m_training.recipe)), {.step = state.step, .epoch = state.judgedEpoch, .judged = state.judgedEpoch == state.epoch, .seconds = state.seconds});
        const std::optional<RunDetails> details = store.run(m_run);
        for (const std::string& series : details->series)
            for (const SeriesPoint& point : store.points(m_run, series))
                m_earlier.points.push_back({series, point.step, point.value, point.seconds});
    } else {
        m_run = store.createRun(describe(m_training, m_backend, m_options.experiment));
    }
    m_runFolder = store.runFolder(m_run);
    m_control.watchLayers(m_options.watchLayers);
    m_worker = std::jthread{[this] { work(); }};
}

TrainingJob::~TrainingJob()
{
    m_control.requestStop();
}

void TrainingJob::wait()
{
    m_finished.wait(false, std::memory_order_acquire);
}

void TrainingJob::work()
{
    try {
        RunRecorder recorder{
            m_options.folder, m_run, {.committed = m_options.committed, .failed = [this](const StoreError& error) {
                                          m_feed.onEvent(Message{Message::Severity::warning, error.message()});
                                          if (error.cause() == StoreError::Cause::busy)
                                              return; // the recorder keeps what it has and tries again
                                          m_storeFailure = error;
                                          m_control.requestStop(); // training on with nothing kept would be a lie
                                      }}};
        Fork fork{recorder, m_feed, std::move(m_earlier)};
        TrainingRequest request = requestOf(m_training, m_runFolder, m_run);
        request.maxThreads = m_options.maxThreads;
        request.group = m_options.group;
        std::optional<WorkerProcesses> workers;
        if (const int processes = processesOf(m_training.recipe); processes > 1 && !request.group) {
            workers.emplace(m_training.recipe, processes, m_runFolder, request.resume ? request.resume->json : std::filesystem::path{});
            request.group = workers->place();
            request.endedWorkers = [&workers] { return workers->ended(); };
        }
        m_backend.train(request, m_control, fork);
        recorder.flush();
    } catch (const DescentError& error) {
        m_feed.onEvent(RunEnded{.status = RunStatus::failed, .reason = error.message()});
    } catch (const std::exception& error) { // the thread's outermost frame
        m_feed.onEvent(RunEnded{.status = RunStatus::failed, .reason = text("%1", error.what())});
    }
    m_finished.store(true, std::memory_order_release);
    m_finished.notify_all();
}

}
