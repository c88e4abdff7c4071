// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

namespace descent {

struct GridRecipe;
class MainWindow;
class QueuePage;
class QueueSession;
class RunHistory;
class RunsPage;
class TrainSession;

struct StudioOptions {
    std::filesystem::path dataFolder;
    QString theme, page;                 ///< empty: as last time
    bool exitAfterFirstFrame = false;
};

/// The window with its pages and what they work on, joined. Tests drive the same object that the program shows.
class Studio
{
public:
    explicit Studio(const StudioOptions& options);
    ~Studio();
    MainWindow& window() { return *m_window; }
    TrainSession& session() { return *m_session; }
    RunHistory& history() { return *m_history; }
    QueueSession& queue() { return *m_queue; }

private:
    void rememberRuns(RunsPage* page, const QString& settingsFile);
    void joinQueue(QueuePage* page, const QString& settingsFile);
    void enqueue(const std::vector<GridRecipe>& recipes);
    bool mayClose();

    std::function<void()> m_atEnd; // writes what is to be remembered
    std::unique_ptr<TrainSession> m_session;
    std::unique_ptr<RunHistory> m_history;
    std::unique_ptr<QueueSession> m_queue;
    std::unique_ptr<MainWindow> m_window;   // last: its widgets look at the others
};

/// Shows the studio and runs until it is closed. Returns the exit status.
int runStudio(const StudioOptions& options);

}
