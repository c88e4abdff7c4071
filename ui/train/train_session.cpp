// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/train/train_session.h"

#include "engine/core/base/files.h"
#include "engine/core/job/resume.h"
#include "ui/theme/translated.h"

#include <QUndoCommand>

#include <algorithm>

namespace descent {

namespace {

constexpr int readDelayMs = 250;        // after the last edit, so that typing a path does not start a reading a letter
constexpr int rememberDelayMs = 1000;
constexpr int frameMs = 16;
constexpr std::size_t largestRecipe = 1 << 20;

std::filesystem::path rememberedRecipe(const std::filesystem::path& folder)
{
    return folder / "last-recipe.json";
}

/// First start, or nothing readable from the last: the toy that shows most in two seconds.
Recipe firstRecipe(const std::filesystem::path& folder)
{
    try {
        if (Result<Recipe> last = recipeFromJson(readFile(rememberedRecipe(folder), largestRecipe)))
            return *last;
    } catch (const DescentError&) {
        // No last recipe, or it cannot be read: not worth a word at a first start.
    }
    return findRecipeTemplate("spirals")->recipe;
}

}

class TrainSession::RecipeEdit : public QUndoCommand
{
public:
    RecipeEdit(TrainSession& session, Recipe before, Recipe after, const QString& what, bool mayMerge)
        : QUndoCommand{what}, m_session{session}, m_before{std::move(before)}, m_after{std::move(after)}, m_mayMerge{mayMerge}
    {
    }
    void undo() override { m_session.setRecipe(m_before); }
    void redo() override { m_session.setRecipe(m_after); }
    int id() const override { return m_mayMerge ? 1 : -1; }
    bool mergeWith(const QUndoCommand* other) override
    {
        if (other->text() != text())
            return false;
        m_after = static_cast<const RecipeEdit*>(other)->m_after;
        return true;
    }

private:
    TrainSession& m_session;
    const Recipe m_before;
    Recipe m_after;
    const bool m_mayMerge;
};

TrainSession::TrainSession(std::filesystem::path dataFolder, QObject* parent)
    : QObject{parent}, m_folder{std::move(dataFolder)}, m_recipe{firstRecipe(m_folder)}
{
    m_readDelay.setSingleShot(true);
    m_readDelay.setInterval(readDelayMs);
    connect(&m_readDelay, &QTimer::timeout, this, &TrainSession::readDataset);
    m_rememberDelay.setSingleShot(true);
    m_rememberDelay.setInterval(rememberDelayMs);
    connect(&m_rememberDelay, &QTimer::timeout, this, &TrainSession::remember);
    m_pollTimer.setInterval(frameMs);
    connect(&m_pollTimer, &QTimer::timeout, this, &TrainSession::poll);
    refresh();
    QTimer::singleShot(0, this, &TrainSession::readDataset);
}

TrainSession::~TrainSession()
{
    m_reader.thread.request_stop();
    m_preparer.request_stop();
    if (m_rememberDelay.isActive())
        remember();
}

void TrainSession::edit(const Recipe& recipe, const QString& what, bool mayMerge)
{
    if (recipe != m_recipe)
        m_undo.push(new RecipeEdit{*this, m_recipe, recipe, what, mayMerge});
}

void TrainSession::setRecipe(const Recipe& recipe)
{
    const bool otherData = recipe.dataset != m_recipe.dataset;
    m_recipe = recipe;
    if (otherData)
        m_readDelay.start();
    m_rememberDelay.start();
    refresh();
    Q_EMIT recipeEdited();
}

void TrainSession::refresh()
{
    m_problems = validate(m_recipe);
    m_task.reset();
    m_brief.reset();
    m_network.reset();
    for (const Problem& problem : m_dataProblems)
        m_problems.push_back(problem);
    const auto valueOf = [this](auto result) {
        for (Problem& problem : result.problems)
            if (std::none_of(m_problems.begin(), m_problems.end(), [&](const Problem& other) { return other.path == problem.path; }))
                m_problems.push_back(std::move(problem));
        return std::move(result.value);
    };
    if (m_dataset && m_readFrom == m_recipe.dataset)
        m_task = valueOf(resolveTask(m_recipe, *m_dataset));
    // Preparing measures the data, which may take long; the brief follows without it.
    if (m_task && validate(m_task->schema, m_recipe.task.parameters, "task").empty())
        m_brief = valueOf(m_task->brief(*m_dataset, preparationOf(m_recipe)));
    if (m_brief)
        m_network = valueOf(buildNetwork(m_recipe, *m_brief));
    Q_EMIT problemsChanged();
    Q_EMIT networkChanged();
}

void TrainSession::readDataset()
{
    const std::uint64_t generation = ++m_generation;
    // What is being read is out of date. It may still be finishing its file, and this thread never waits for that.
    m_reader.thread.request_stop();
    std::erase_if(m_outdatedReadings, [](const Reading& reading) { return reading.done->load(); });
    if (m_reader.thread.joinable())
        m_outdatedReadings.push_back(std::exchange(m_reader, {}));
    const DatasetKind* kind = findDatasetKind(m_recipe.dataset.kind);
    m_dataProblems.clear();
    m_dataset.reset();
    m_report = {};
    const Problems problems = validate(m_recipe);
    const bool readable = kind && std::none_of(problems.begin(), problems.end(), [](const Problem& p) { return p.path.starts_with("dataset."); });
    if (!readable) {
        m_reading = false;
        refresh();
        Q_EMIT readingFinished();
        return;
    }
    m_reading = true;
    refresh();
    Q_EMIT readingStarted();
    const Component source = m_recipe.dataset;
    m_reader.thread = std::jthread{[this, generation, kind, source, done = m_reader.done](const std::stop_token& stop) {
        LoadControl control{stop, [this, generation](double fraction) {
                                QMetaObject::invokeMethod(this, [this, generation, fraction] {
                                    if (generation == m_generation)
                                        Q_EMIT readingProgress(fraction);
                                });
                            }};
        std::shared_ptr<const Dataset> dataset;
        DatasetReport report;
        Problems found;
        try {
            Result<Dataset> result = kind->load(source.parameters, control);
            found = std::move(result.problems);
            if (result.value) {
                dataset = std::make_shared<const Dataset>(std::move(*result.value));
                report = inspectDataset(*dataset);
                for (Problem& warning : found)
                    report.problems.insert(report.problems.begin(), std::move(warning));
                found.clear();
            }
        } catch (const Cancelled&) {
            found = {{"dataset", text("reading was cancelled"), text("edit a setting to read again")}};
        } catch (const std::exception& error) {
            found = {{"dataset", text("%1", error.what()), {}}};
        }
        QMetaObject::invokeMethod(this, [this, generation, source, dataset, report = std::move(report), found = std::move(found)]() mutable {
            if (generation == m_generation)
                m_readFrom = source;
            onDatasetRead(generation, std::move(dataset), std::move(report), std::move(found));
        });
        *done = true;
    }};
}

void TrainSession::onDatasetRead(std::uint64_t generation, std::shared_ptr<const Dataset> dataset, DatasetReport report, Problems problems)
{
    if (generation != m_generation)
        return;
    m_reading = false;
    m_dataset = std::move(dataset);
    m_report = std::move(report);
    m_dataProblems = std::move(problems);
    refresh();
    Q_EMIT readingFinished();
}

void TrainSession::cancelReading()
{
    m_reader.thread.request_stop();
}

void TrainSession::loadEngine()
{
    m_loader = std::jthread{[this] {
        std::optional<BackendInfo> info;
        QString problem;
        try {
            info = loadBackend().info();
        } catch (const DescentError& error) {
            problem = translated(error.message());
        }
        QMetaObject::invokeMethod(this, [this, info, problem] {
            m_engine = info;
            m_engineProblem = problem;
            Q_EMIT engineChanged();
        });
    }};
}

bool TrainSession::canStart(QString* why) const
{
    QString reason;
    if (isRunning() || m_preparing)
        reason = tr("A run is under way.");
    else if (!m_engineProblem.isEmpty())
        reason = m_engineProblem;
    else if (!m_engine)
        reason = tr("Loading the training engine…");
    if (why)
        *why = reason;
    return reason.isEmpty();
}

bool TrainSession::canTrain(QString* why) const
{
    return canStart(why) && isReady(why);
}

bool TrainSession::isReady(QString* why) const
{
    QString reason;
    if (m_reading || m_readDelay.isActive()) // what was read before is other data
        reason = tr("Reading the data…");
    else if (!m_problems.empty())
        reason = translated(m_problems.front().message) + (m_problems.front().hint.empty() ? QString{} : QStringLiteral(": ") + translated(m_problems.front().hint));
    if (!reason.isEmpty())
        reason[0] = reason[0].toUpper();
    if (why)
        *why = reason;
    return reason.isEmpty();
}

void TrainSession::train()
{
    if (canTrain())
        begin(QString::fromStdString(m_recipe.name), [recipe = m_recipe, dataset = m_dataset, folder = m_folder](Backend& backend, const LoadControl& control) {
            return prepareTraining(recipe, backend, control, dataset, folder);
        });
}

RateSearch::Subject TrainSession::rateSubject() const
{
    return {.recipe = m_recipe, .dataset = m_dataset, .storeFolder = m_folder, .maxThreads = m_threadLimit ? m_threadLimit() : 0};
}

void TrainSession::resume(qint64 run, const QString& name, std::int64_t epochs)
{
    if (canStart())
        begin(name, [run, epochs, folder = m_folder](Backend& backend, const LoadControl& control) {
            return prepareResume(folder, run, epochs > 0 ? std::optional{epochs} : std::nullopt, backend, control);
        });
}

/// Prepares and starts a run on a thread.
void TrainSession::begin(const QString& name, Prepare prepare)
{
    m_preparing = true;
    Q_EMIT preparingStarted();
    const std::int64_t threads = m_threadLimit ? m_threadLimit() : 0;
    m_preparer = std::jthread{[this, name, prepare = std::move(prepare), threads](const std::stop_token& stop) {
        auto job = std::shared_ptr<std::unique_ptr<TrainingJob>>{new std::unique_ptr<TrainingJob>};
        Problems problems;
        try {
            Backend& backend = loadBackend();
            Result<PreparedTraining> training = prepare(backend, {stop, {}});
            problems = std::move(training.problems);
            if (training.value)
                *job = std::make_unique<TrainingJob>(std::move(*training.value), backend, JobOptions{.folder = m_folder, .maxThreads = threads});
        } catch (const Cancelled&) {
            return;
        } catch (const DescentError& error) {
            problems = {{"", error.message(), {}}};
        } catch (const std::exception& error) {
            problems = {{"", text("%1", error.what()), {}}};
        }
        QMetaObject::invokeMethod(this, [this, job, problems, name] {
            m_preparing = false;
            if (!*job) {
                Q_EMIT trainingRefused(problems);
                return;
            }
            m_job = std::move(*job);
            m_runName = name;
            m_pollTimer.start();
            Q_EMIT runStarted();
        });
    }};
}

void TrainSession::poll()
{
    const bool finished = m_job->finished();   // before taking: what came after is in the next take
    LiveFeed::Batch batch = m_job->feed().take();
    if (!batch.empty())
        Q_EMIT batchArrived(batch);
    if (finished) {
        m_pollTimer.stop();
        Q_EMIT runFinished();
        Q_EMIT problemsChanged();   // the Train button may come back
    }
}

std::filesystem::path TrainSession::runFolder() const
{
    return m_folder / "runs" / std::to_string(runId());
}

void TrainSession::stop()
{
    if (m_job)
        m_job->control().requestStop();
}

void TrainSession::setPaused(bool paused)
{
    if (m_job)
        m_job->control().setPaused(paused);
}

void TrainSession::setLearningRate(double rate)
{
    if (m_job)
        m_job->control().requestLearningRate(rate);
}

void TrainSession::watchLayers(bool watch)
{
    if (m_job)
        m_job->control().watchLayers(watch);
}

void TrainSession::chooseSource(const QString& path)
{
    m_filer = std::jthread{[this, path = path.toStdString()] {
        const Result<SourceDescription> source = recognizeSource(path);
        QMetaObject::invokeMethod(this, [this, path, source] {
            Recipe recipe = m_recipe;
            // What is not recognised is shown at the field, with what would be right.
            recipe.dataset = source.value ? Component{source->kind, source->parameters} : Component{"csv", {{"path", path}}};
            edit(recipe, tr("Choose data"));
        });
    }};
}

void TrainSession::openRecipe(const QString& file)
{
    m_filer = std::jthread{[this, path = std::filesystem::path{file.toStdString()}] {
        Result<Recipe> recipe;
        QString failure;
        try {
            recipe = recipeFromJson(readFile(path, largestRecipe));
            for (const Problem& problem : recipe.problems)
                failure += (failure.isEmpty() ? QString{} : QStringLiteral("\n")) + QString::fromStdString(problem.path) + QStringLiteral(": ")
                    + translated(problem.message);
        } catch (const DescentError& error) {
            failure = translated(error.message());
        }
        QMetaObject::invokeMethod(this, [this, recipe, failure] {
            if (recipe.value)
                edit(*recipe.value, tr("Open recipe"));
            else
                Q_EMIT fileFailed(failure);
        });
    }};
}

void TrainSession::saveRecipe(const QString& file)
{
    m_filer = std::jthread{[this, path = std::filesystem::path{file.toStdString()}, json = toJson(m_recipe)] {
        try {
            writeFileAtomically(path, json);
        } catch (const DescentError& error) {
            QMetaObject::invokeMethod(this, [this, failure = translated(error.message())] { Q_EMIT fileFailed(failure); });
        }
    }};
}

void TrainSession::remember()
{
    m_filer = std::jthread{[folder = m_folder, json = toJson(m_recipe)] {
        try {
            std::filesystem::create_directories(folder);
            writeFileAtomically(rememberedRecipe(folder), json);
        } catch (const std::exception&) {
            // A comfort, not a promise: the next start begins with the template.
        }
    }};
}

}
