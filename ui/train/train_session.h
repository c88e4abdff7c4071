// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/inspection.h"
#include "engine/core/job/training_job.h"
#include "engine/core/recipe/catalog.h"
#include "ui/train/rate_search.h"

#include <QObject>
#include <QTimer>
#include <QUndoStack>

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

namespace descent {

/// What the Train page works on, without a widget: the recipe being edited, what is known of its data, the training engine,
/// and the run under way. Lives on the window's thread; whatever takes time happens on threads of its own and comes back as
/// a signal.
class TrainSession : public QObject
{
    Q_OBJECT
public:
    explicit TrainSession(std::filesystem::path dataFolder, QObject* parent = nullptr);
    ~TrainSession() override;

    // The recipe. Each edit can be undone; edits of one field in a row are one.
    const Recipe& recipe() const { return m_recipe; }
    void edit(const Recipe& recipe, const QString& what, bool mayMerge = true);   ///< else it is undone by itself
    QUndoStack* undoStack() { return &m_undo; }
    void chooseSource(const QString& path);          ///< a file or folder: its kind is found on a thread, then edited in
    void openRecipe(const QString& file);            ///< recipeEdited or fileFailed follows
    void saveRecipe(const QString& file);

    // What follows from it, kept up to date with every edit.
    const Problems& problems() const { return m_problems; }
    const std::optional<TaskKind>& task() const { return m_task; }            ///< of the recipe on its data
    const std::optional<NetworkBrief>& brief() const { return m_brief; }      ///< what a network is wanted for
    const std::optional<NetworkSpec>& network() const { return m_network; }
    const std::shared_ptr<const Dataset>& dataset() const { return m_dataset; }
    const DatasetReport& report() const { return m_report; }
    bool isReading() const { return m_reading; }
    void cancelReading();

    // The engine.
    void loadEngine();                               ///< on a thread; engineChanged follows
    const std::optional<BackendInfo>& engine() const { return m_engine; }
    const QString& engineProblem() const { return m_engineProblem; }

    // The run.
    bool canStart(QString* why = nullptr) const;     ///< whichever run
    bool canTrain(QString* why = nullptr) const;     ///< the recipe
    bool isReady(QString* why = nullptr) const;      ///< the recipe is whole, whether or not it could be trained just now
    /// Asked when a run begins: see TrainingRequest::maxThreads.
    void setThreadLimit(std::function<std::int64_t()> limit) { m_threadLimit = std::move(limit); }
    void train();                                    ///< runStarted, or trainingRefused
    RateSearch::Subject rateSubject() const;         ///< the recipe, for a search of its learning rate
    /// Goes on with a run of the history; epochs in all, 0: as its recipe says. runStarted, or trainingRefused.
    void resume(qint64 run, const QString& name, std::int64_t epochs = 0);
    const QString& runName() const { return m_runName; }
    bool isPreparing() const { return m_preparing; }
    bool isRunning() const { return m_job && !m_job->finished(); }
    std::int64_t runId() const { return m_job ? m_job->run() : 0; }
    std::filesystem::path runFolder() const;
    const std::filesystem::path& storeFolder() const { return m_folder; }
    void stop();
    void setPaused(bool paused);
    void setLearningRate(double rate);
    void watchLayers(bool watch);

Q_SIGNALS:
    void recipeEdited();
    void problemsChanged();
    void networkChanged();
    void readingStarted();
    void readingProgress(double fraction);
    void readingFinished();                          ///< report() and dataset() are new, or problems() say why not
    void engineChanged();
    void preparingStarted();
    void trainingRefused(const descent::Problems& problems);
    void runStarted();
    void runFinished();                              ///< its end is in the history
    void batchArrived(const descent::LiveFeed::Batch& batch);   ///< at display rate, while there is news
    void fileFailed(const QString& message);

private:
    void setRecipe(const Recipe& recipe);            ///< by edit, undo and redo alike
    void readDataset();
    void onDatasetRead(std::uint64_t generation, std::shared_ptr<const Dataset> dataset, DatasetReport report, Problems problems);
    void refresh();                                  ///< problems and network from recipe and data
    void remember();
    void poll();
    using Prepare = std::function<Result<PreparedTraining>(Backend& backend, const LoadControl& control)>;
    void begin(const QString& name, Prepare prepare);

    class RecipeEdit;
    const std::filesystem::path m_folder;
    Recipe m_recipe;
    QUndoStack m_undo;
    Problems m_problems, m_dataProblems;
    std::optional<TaskKind> m_task;
    std::optional<NetworkBrief> m_brief;
    std::optional<NetworkSpec> m_network;
    std::shared_ptr<const Dataset> m_dataset;
    Component m_readFrom;                            // what m_dataset was read from
    DatasetReport m_report;
    bool m_reading = false, m_preparing = false;
    std::uint64_t m_generation = 0;                  // of the newest reading; older ones are out of date
    QTimer m_readDelay, m_rememberDelay, m_pollTimer;
    std::optional<BackendInfo> m_engine;
    QString m_engineProblem;
    std::function<std::int64_t()> m_threadLimit;
    std::unique_ptr<TrainingJob> m_job;
    QString m_runName;
    struct Reading {
        std::shared_ptr<std::atomic<bool>> done = std::make_shared<std::atomic<bool>>(false);
        std::jthread thread;
    };
    std::vector<Reading> m_outdatedReadings;         // told to stop; joined when done, or with this object
    Reading m_reader;
    std::jthread m_loader, m_preparer, m_filer;   // last: joined before what they post to goes
};

}
