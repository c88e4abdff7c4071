// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/studio.h"

#include "engine/core/recipe/absolute_paths.h"
#include "engine/core/recipe/recipe.h"
#include "ui/compare/compare_page.h"
#include "ui/history/run_history.h"
#include "ui/prepare/prepare_page.h"
#include "ui/queue/desktop_notice.h"
#include "ui/queue/grid_dialog.h"
#include "ui/queue/queue_page.h"
#include "ui/queue/queue_session.h"
#include "ui/runs/runs_page.h"
#include "ui/shell/main_window.h"
#include "ui/theme/theme.h"
#include "ui/theme/translated.h"
#include "ui/train/train_page.h"
#include "ui/train/train_session.h"

#include <QApplication>
#include <QHeaderView>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QTableView>
#include <QThreadPool>
#include <QTimer>

#include <chrono>
#include <cstdio>
#include <ctime>
#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string_view>
#include <unistd.h>

// Resources of a static library are registered by name, outside every namespace.
static void initializeResources()
{
    Q_INIT_RESOURCE(descent);
}

namespace descent {

namespace {

Theme::Mode themeMode(const QString& wanted, const QSettings& settings)
{
    if (wanted == QLatin1String("light"))
        return Theme::Mode::light;
    if (wanted == QLatin1String("dark"))
        return Theme::Mode::dark;
    if (wanted == QLatin1String("system"))
        return Theme::Mode::system;
    return static_cast<Theme::Mode>(std::clamp(settings.value(QStringLiteral("window/theme"), 0).toInt(), 0, 2));
}

/// A run that took no longer has been watched to its end.
constexpr std::chrono::seconds worthTelling{60};

/// Milliseconds since this process was started, by the kernel's account: what was loaded before main counts.
double millisecondsSinceStart()
{
    std::ifstream file{"/proc/self/stat"};
    std::string stat{std::istreambuf_iterator<char>{file}, {}};
    std::istringstream fields{stat.substr(stat.rfind(')') + 2)};
    std::string field;
    for (int number = 3; number <= 22; ++number)
        fields >> field;
    timespec now{};
    clock_gettime(CLOCK_BOOTTIME, &now);
    const double started = std::stod(field) / static_cast<double>(sysconf(_SC_CLK_TCK));
    return (static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9 - started) * 1000;
}

}

Studio::Studio(const StudioOptions& options)
{
    initializeResources();
    std::error_code ignored;
    std::filesystem::create_directories(options.dataFolder, ignored);
    const QString settingsFile = QString::fromStdString((options.dataFolder / "studio.ini").string());
    const QSettings settings{settingsFile, QSettings::IniFormat};
    Theme::instance().apply(themeMode(options.theme, settings));

    m_session = std::make_unique<TrainSession>(options.dataFolder);
    m_history = std::make_unique<RunHistory>(options.dataFolder);
    m_queue = std::make_unique<QueueSession>(options.dataFolder);
    m_window = std::make_unique<MainWindow>(settingsFile);
    MainWindow* window = m_window.get();

    auto* train = new TrainPage{*m_session, *m_history};
    auto* prepare = new PreparePage{*m_session};
    auto* runs = new RunsPage{*m_history};
    auto* compare = new ComparePage{*m_history, settingsFile};
    window->addPage(QStringLiteral("train"), QStringLiteral("train"), MainWindow::tr("Train"), train);
    window->addPage(QStringLiteral("prepare"), QStringLiteral("dataset"), MainWindow::tr("Data"), prepare);
    window->addPage(QStringLiteral("runs"), QStringLiteral("runs"), MainWindow::tr("Runs"), runs);
    window->addPage(QStringLiteral("compare"), QStringLiteral("compare"), MainWindow::tr("Compare"), compare);
    auto* queue = new QueuePage{*m_queue, *m_history};
    window->addPage(QStringLiteral("queue"), QStringLiteral("queue"), MainWindow::tr("Queue"), queue);
    rememberRuns(runs, settingsFile);
    window->rememberColumns(QStringLiteral("queue"), queue->table()->horizontalHeader());

    const auto compareRuns = [window, compare](const std::vector<RunId>& chosen) {
        compare->setRuns(chosen);
        window->showPage(QStringLiteral("compare"));
    };
    QObject::connect(train, &TrainPage::compareChosen, window, [this, compareRuns](qint64 run) {
        // Beside its predecessor, where there is one: a curve alone compares nothing.
        std::vector<RunId> chosen{run};
        const auto& all = m_history->runs().shared();
        for (auto other = all.rbegin(); other != all.rend() && chosen.size() < 2; ++other)
            if ((*other)->id != run)
                chosen.push_back((*other)->id);
        compareRuns(chosen);
    });
    QObject::connect(train, &TrainPage::prepareChosen, window, [window] { window->showPage(QStringLiteral("prepare")); });
    QObject::connect(prepare, &PreparePage::trainChosen, window, [window, train] {
        train->showSetup();
        window->showPage(QStringLiteral("train"));
    });
    QObject::connect(train, &TrainPage::messageRaised, window, &MainWindow::showMessage);
    QObject::connect(runs, &RunsPage::compareChosen, window, compareRuns);
    QObject::connect(runs, &RunsPage::messageRaised, window, &MainWindow::showMessage);
    QObject::connect(runs, &RunsPage::trainChosen, window, [window] { window->showPage(QStringLiteral("train")); });
    QObject::connect(compare, &ComparePage::runsChosen, window, [window] { window->showPage(QStringLiteral("runs")); });
    QObject::connect(runs, &RunsPage::undoOffered, window, &MainWindow::showUndo);
    const auto useRecipe = [this, window, train](const QString& json) {
        const Result<Recipe> recipe = recipeFromJson(json.toStdString());
        if (!recipe) {
            window->showMessage(MainWindow::tr("This run's recipe cannot be used: %1").arg(translated(recipe.problems.front())));
            return;
        }
        m_session->edit(*recipe, TrainPage::tr("Use recipe of a run"));
        train->showSetup();
        window->showPage(QStringLiteral("train"));
    };
    QObject::connect(runs, &RunsPage::recipeChosen, window, useRecipe);
    QObject::connect(m_queue.get(), &QueueSession::recipeArrived, window, useRecipe);
    QObject::connect(queue, &QueuePage::trainChosen, window, [window, train] {
        train->showSetup();
        window->showPage(QStringLiteral("train"));
    });
    QObject::connect(queue, &QueuePage::runChosen, window, [window, runs](RunId run) {
        window->showPage(QStringLiteral("runs"));
        runs->goTo(run);
    });
    QObject::connect(train, &TrainPage::queueChosen, window, [this] { enqueue({{m_session->recipe(), {}}}); });
    QObject::connect(train, &TrainPage::gridChosen, window, [this, window] {
        auto* dialog = new GridDialog{m_session->recipe(), window};
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        QObject::connect(dialog, &GridDialog::chosen, window, [this](const std::vector<GridRecipe>& recipes) { enqueue(recipes); });
        dialog->open();
    });
    joinQueue(queue, settingsFile);
    const auto startFrom = [this, window, train](const char* from, RunId run, const QString& json, const QString& what) {
        Result<Recipe> recipe = recipeFromJson(json.toStdString());
        if (!recipe) {
            window->showMessage(MainWindow::tr("This run's recipe cannot be used: %1").arg(translated(recipe.problems.front())));
            return;
        }
        if (std::string_view{from} == "run")
            recipe->start.clear(); // of a branch, what is frozen stays so
        recipe->start.insert_or_assign("from", std::string{from});
        recipe->start.insert_or_assign("run", run);
        m_session->edit(*recipe, what);
        train->showSetup();
        window->showPage(QStringLiteral("train"));
    };
    QObject::connect(runs, &RunsPage::startChosen, window,
                     [startFrom](RunId run, const QString& json) { startFrom("run", run, json, TrainPage::tr("Start from a run")); });
    QObject::connect(runs, &RunsPage::branchChosen, window,
                     [startFrom](RunId run, const QString& json) { startFrom("branch", run, json, TrainPage::tr("Branch off from a run")); });
    QObject::connect(runs, &RunsPage::resumeChosen, window, [this, window, train](RunId run, const QString& name, qint64 epochs) {
        if (QString why; !m_session->canStart(&why)) {
            window->showMessage(why);
            return;
        }
        m_session->resume(run, name, epochs);
        train->showSetup(); // until it has begun: what is in its way is told there
        window->showPage(QStringLiteral("train"));
    });
    QObject::connect(compare, &ComparePage::messageRaised, window, &MainWindow::showMessage);
    QObject::connect(compare, &ComparePage::undoOffered, window, &MainWindow::showUndo);
    QObject::connect(m_history.get(), &RunHistory::failed, window, &MainWindow::showMessage);
    QObject::connect(m_session.get(), &TrainSession::runStarted, m_history.get(), &RunHistory::refresh);
    window->setCloseGuard([this] { return mayClose(); });

    const QString page = options.page.isEmpty() ? settings.value(QStringLiteral("window/page")).toString() : options.page;
    window->showPage(page);
}

Studio::~Studio()
{
    m_atEnd();
    m_window.reset();
}

void Studio::enqueue(const std::vector<GridRecipe>& recipes)
{
    std::vector<NewQueueEntry> entries;
    for (const GridRecipe& one : recipes)
        entries.push_back({.name = one.recipe.name,
                           .recipeJson = toJson(withAbsolutePaths(one.recipe)),
                           .settings = one.settings,
                           .batch = recipes.size() > 1 ? m_session->recipe().name : ""});
    m_queue->add(std::move(entries));
}

/// How the table of runs is looked at is found again at the next start. Written a moment after the last change, on a thread.
void Studio::rememberRuns(RunsPage* page, const QString& settingsFile)
{
    const QString viewKey = QStringLiteral("runs/view"), baselineKey = QStringLiteral("runs/baseline"), foldersKey = QStringLiteral("runs/folders");
    const QSettings settings{settingsFile, QSettings::IniFormat};
    if (const Result<RunsView> view = runsViewFromJson(settings.value(viewKey).toString().toStdString()))
        page->setView(*view);
    page->setBaseline(settings.value(baselineKey).toLongLong());
    page->setFoldersShown(settings.value(foldersKey, true).toBool());
    const auto write = [=] { // values: the page may be gone when they are written
        return [settingsFile, viewKey, baselineKey, foldersKey, folders = page->areFoldersShown(), view = QString::fromStdString(toJson(page->view())), baseline = page->baseline()] {
            QSettings file{settingsFile, QSettings::IniFormat};
            file.setValue(viewKey, view);
            file.setValue(baselineKey, static_cast<qlonglong>(baseline));
            file.setValue(foldersKey, folders);
        };
    };
    constexpr int patienceMs = 1000;
    auto* delay = new QTimer{page};
    delay->setSingleShot(true);
    delay->setInterval(patienceMs);
    const auto start = [delay] { delay->start(); };
    QObject::connect(page, &RunsPage::viewChanged, delay, start);
    QObject::connect(page, &RunsPage::baselineChanged, delay, start);
    QObject::connect(delay, &QTimer::timeout, page, [write] { QThreadPool::globalInstance()->start(write()); });
    m_atEnd = [delay, write] {
        if (delay->isActive())
            write()();
    };
}

void Studio::joinQueue(QueuePage* page, const QString& settingsFile)
{
    MainWindow* window = m_window.get();
    QueueSession* queue = m_queue.get();
    const QString tellKey = QStringLiteral("queue/tellOnDesktop");
    page->setTellsOnDesktop(QSettings{settingsFile, QSettings::IniFormat}.value(tellKey, true).toBool());
    QObject::connect(page, &QueuePage::tellOnDesktopChosen, window,
                     [settingsFile, tellKey](bool tells) { QSettings{settingsFile, QSettings::IniFormat}.setValue(tellKey, tells); });
    QObject::connect(page, &QueuePage::messageRaised, window, &MainWindow::showMessage);
    QObject::connect(page, &QueuePage::undoOffered, window, &MainWindow::showUndo);
    QObject::connect(page, &QueuePage::recipeChosen, queue, &QueueSession::requestRecipe);
    QObject::connect(queue, &QueueSession::failed, window, &MainWindow::showMessage);
    QObject::connect(queue, &QueueSession::changed, m_history.get(), &RunHistory::refresh);
    QObject::connect(queue, &QueueSession::added, window, [queue, window](const std::vector<QueueEntryId>& entries) {
        window->showUndo(entries.size() == 1 ? MainWindow::tr("Added to the queue") : MainWindow::tr("%1 runs added to the queue").arg(entries.size()),
                         [queue, entries] { queue->remove(entries); });
    });

    const auto tell = [window, page](const QString& title, const QString& sentence) {
        window->showMessage(sentence.isEmpty() ? title : title + QStringLiteral(": ") + sentence);
        if (!window->isActiveWindow() && page->tellsOnDesktop())
            tellOnDesktop(title, sentence);
    };
    QObject::connect(queue, &QueueSession::ended, window, [tell](const QueueEntry& entry) {
        const QString name = QString::fromStdString(entry.name);
        if (entry.state == QueueState::failed)
            tell(MainWindow::tr("%1 failed").arg(name), translated(entry.cause.message));
        else if (entry.state == QueueState::done && entry.startedAt && entry.endedAt && *entry.endedAt - *entry.startedAt > worthTelling)
            tell(MainWindow::tr("%1 is trained").arg(name), {});
    });
    QObject::connect(queue, &QueueSession::workedOff, window, [queue, tell] {
        const int failed = queue->count(QueueState::failed), waiting = queue->count(QueueState::waiting);
        tell(waiting > 0 ? MainWindow::tr("The queue is paused") : MainWindow::tr("The queue is worked off"),
             failed > 0 ? MainWindow::tr("%1 done, %2 failed").arg(queue->count(QueueState::done)).arg(failed)
                        : MainWindow::tr("%1 done").arg(queue->count(QueueState::done)));
    });

    // A run of the Train page and those of the queue share the cores.
    m_session->setThreadLimit([queue] { return queue->threadsForOneMore(); });
    const auto count = [this, queue] { queue->setRunsElsewhere(m_session->isPreparing() || m_session->isRunning() ? 1 : 0); };
    QObject::connect(m_session.get(), &TrainSession::preparingStarted, queue, count);
    QObject::connect(m_session.get(), &TrainSession::trainingRefused, queue, count);
    QObject::connect(m_session.get(), &TrainSession::runStarted, queue, count);
    QObject::connect(m_session.get(), &TrainSession::runFinished, queue, count);
}

bool Studio::mayClose()
{
    const int queued = m_queue->runningHere();
    if (!m_session->isRunning() && queued == 0)
        return true;
    QMessageBox box{QMessageBox::Question, MainWindow::tr("Descent"), queued > 0 ? MainWindow::tr("The queue is at work.") : MainWindow::tr("A run is under way."),
                    QMessageBox::NoButton, m_window.get()};
    box.setInformativeText(queued > 0 ? MainWindow::tr("Closing stops what runs after the step under way. It waits in the queue again and goes on at the next start.")
                                      : MainWindow::tr("Closing stops it after the step under way. What it has learnt is kept."));
    const auto* stop = box.addButton(MainWindow::tr("Stop and close"), QMessageBox::DestructiveRole);
    box.setDefaultButton(box.addButton(MainWindow::tr("Keep training"), QMessageBox::RejectRole));
    box.exec();
    return box.clickedButton() == stop;
}

int runStudio(const StudioOptions& options)
{
    Studio studio{options};
    studio.window().show();
    // Without its engine the queue would fail all that waits, one after the other.
    QObject::connect(&studio.session(), &TrainSession::engineChanged, &studio.window(), [&studio] {
        if (studio.session().engine())
            studio.queue().begin();
    });
    // After the first frame, so that the window never waits for libtorch.
    QTimer::singleShot(0, &studio.window(), [&] {
        const double milliseconds = millisecondsSinceStart();
        if (options.exitAfterFirstFrame) {
            std::printf("{\"firstFrameMs\":%.1f}\n", milliseconds);
            std::fflush(stdout);
            QApplication::quit();
            return;
        }
        studio.session().loadEngine();
    });
    return QApplication::exec();
}

}
