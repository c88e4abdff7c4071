// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/queue/queue_page.h"

#include "ui/history/run_history.h"
#include "ui/queue/queue_delegate.h"
#include "ui/queue/queue_model.h"
#include "ui/queue/queue_rows.h"
#include "ui/queue/queue_session.h"
#include "ui/queue/queue_table.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/translated.h"
#include "ui/theme/widgets.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QPushButton>
#include <QShortcut>
#include <QStackedWidget>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>
#include <thread>

namespace descent {

namespace {

constexpr int rowHeight = 48;
constexpr int redrawMs = 100;

int coreCount()
{
    return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

}

QueuePage::QueuePage(QueueSession& session, RunHistory& history, QWidget* parent) : QWidget{parent}, m_session{session}, m_history{history}
{
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(Theme::space5, Theme::space4, Theme::space5, Theme::space4);
    layout->setSpacing(Theme::space3);
    layout->addWidget(makeHead());

    m_notice = new QFrame;
    m_notice->setProperty("notice", "warning");
    auto* noticeLayout = new QHBoxLayout{m_notice};
    noticeLayout->setContentsMargins(Theme::space3, Theme::space2, Theme::space3, Theme::space2);
    m_noticeText = makeLabel({});
    m_noticeText->setObjectName(QStringLiteral("queueNotice"));
    m_noticeText->setWordWrap(true);
    noticeLayout->addWidget(m_noticeText, 1);
    layout->addWidget(m_notice);

    m_model = new QueueModel{this};
    m_table = new QueueTable;
    m_table->setObjectName(QStringLiteral("queueTable"));
    m_table->setModel(m_model);
    m_table->setItemDelegate(new QueueDelegate{m_table});
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setDragDropMode(QAbstractItemView::InternalMove);
    m_table->setDragDropOverwriteMode(false);
    m_table->setDropIndicatorShown(true);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    m_table->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->setAccessibleName(tr("Queue"));
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(rowHeight);
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    QHeaderView* header = m_table->horizontalHeader();
    header->setHighlightSections(false);
    header->setStretchLastSection(true);
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    constexpr int widths[] = {330, 110, 290, 300};
    for (int column = 0; column < QueueModel::columnCount_; ++column)
        m_table->setColumnWidth(column, widths[column]);
    m_table->installEventFilter(this);

    auto* body = new QWidget;
    auto* bodyLayout = new QVBoxLayout{body};
    bodyLayout->setContentsMargins(0, 0, 0, 0);
    bodyLayout->setSpacing(Theme::space2);
    auto* card = new QFrame;
    card->setProperty("card", true);
    auto* cardLayout = new QVBoxLayout{card};
    cardLayout->setContentsMargins(2, 2, 2, 2);
    cardLayout->addWidget(m_table);
    bodyLayout->addWidget(card, 1);
    auto* foot = new QHBoxLayout;
    m_share = makeLabel({}, "caption");
    m_share->setObjectName(QStringLiteral("queueShare"));
    foot->addWidget(m_share, 1);
    m_desktop = new QCheckBox{tr("Tell me on the desktop when runs end")};
    m_desktop->setObjectName(QStringLiteral("tellOnDesktop"));
    m_desktop->setToolTip(tr("While this window is not the one you work in"));
    foot->addWidget(m_desktop);
    bodyLayout->addLayout(foot);
    m_stack = new QStackedWidget;
    m_stack->addWidget(body);
    auto* empty = new EmptyState{QStringLiteral("queue"), tr("Nothing waits"),
                                 tr("Set up a recipe and add it to the queue, once or as a grid of settings and seeds. Runs follow each other, "
                                    "a failure stops none of the others, and the queue is still here after a restart."),
                                 tr("Set up a recipe")};
    m_stack->addWidget(empty);
    layout->addWidget(m_stack, 1);

    m_redraw = new QTimer{this};
    m_redraw->setSingleShot(true);
    m_redraw->setInterval(redrawMs);
    connect(m_redraw, &QTimer::timeout, this, &QueuePage::refresh);
    connect(empty, &EmptyState::actionChosen, this, &QueuePage::trainChosen);
    connect(&m_session, &QueueSession::changed, this, &QueuePage::refresh);
    connect(&m_session, &QueueSession::progressed, this, [this] {
        if (!m_redraw->isActive())
            m_redraw->start();
    });
    connect(&m_history, &RunHistory::changed, this, &QueuePage::refresh);
    connect(m_desktop, &QCheckBox::toggled, this, &QueuePage::tellOnDesktopChosen);
    connect(m_model, &QueueModel::moveWanted, &m_session, &QueueSession::move);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &QueuePage::showSelection);
    connect(m_table, &QTableView::doubleClicked, this, &QueuePage::openRun);
    connect(m_table, &QTableView::customContextMenuRequested, this, &QueuePage::showMenu);
    connect(new QShortcut{QKeySequence::Undo, this}, &QShortcut::activated, this, &QueuePage::undoRemove);
    refresh();
}

QWidget* QueuePage::makeHead()
{
    auto* head = new QWidget;
    auto* layout = new QHBoxLayout{head};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::space2);
    layout->addWidget(makeLabel(tr("Queue"), "title"));
    m_count = makeLabel({}, "muted");
    m_count->setObjectName(QStringLiteral("queueCount"));
    layout->addSpacing(Theme::space2);
    layout->addWidget(m_count);
    layout->addStretch(1);
    m_atOnce = new QComboBox;
    m_atOnce->setObjectName(QStringLiteral("atOnce"));
    m_atOnce->setAccessibleName(tr("Runs at the same time"));
    m_atOnce->setToolTip(tr("Runs at the same time. They share the cores, so small networks gain and large ones do not."));
    for (int count = 1; count <= coreCount(); ++count)
        m_atOnce->addItem(count == 1 ? tr("One at a time") : tr("%1 at once").arg(count), count);
    layout->addWidget(m_atOnce);
    m_stop = new QPushButton{tr("Stop")};
    m_stop->setObjectName(QStringLiteral("stopEntry"));
    m_stop->setProperty("kind", "danger");
    m_stop->setToolTip(tr("Stops the selected run after its step and keeps it; the next one begins"));
    setThemedIcon(m_stop, QStringLiteral("stop"));
    layout->addWidget(m_stop);
    m_retry = new QPushButton{tr("Try failed again")};
    m_retry->setObjectName(QStringLiteral("retryFailed"));
    setThemedIcon(m_retry, QStringLiteral("redo"));
    layout->addWidget(m_retry);
    m_clear = new QPushButton{tr("Clear ended")};
    m_clear->setObjectName(QStringLiteral("clearEnded"));
    m_clear->setToolTip(tr("Takes what is done, failed or stopped off this list. The runs are kept."));
    layout->addWidget(m_clear);
    m_pause = new QPushButton;
    m_pause->setObjectName(QStringLiteral("pauseQueue"));
    m_pause->setProperty("kind", "primary");
    layout->addWidget(m_pause);
    connect(m_atOnce, &QComboBox::activated, this, [this](int index) { m_session.setAtOnce(m_atOnce->itemData(index).toInt()); });
    connect(m_pause, &QPushButton::clicked, this, [this] { m_session.setPaused(!m_session.snapshot().settings.paused); });
    connect(m_stop, &QPushButton::clicked, this, [this] {
        for (const QueueEntryId entry : selected(QueueState::running))
            m_session.stop(entry);
    });
    const auto entriesThat = [this](auto wanted) {
        std::vector<QueueEntryId> entries;
        for (const QueueEntry& entry : m_session.snapshot().entries)
            if (wanted(entry.state))
                entries.push_back(entry.id);
        return entries;
    };
    connect(m_retry, &QPushButton::clicked, this,
            [this, entriesThat] { m_session.retry(entriesThat([](QueueState state) { return state == QueueState::failed; })); });
    connect(m_clear, &QPushButton::clicked, this, [this, entriesThat] {
        removeEntries(entriesThat([](QueueState state) { return state != QueueState::waiting && state != QueueState::running; }));
    });
    return head;
}

void QueuePage::setTellsOnDesktop(bool tells)
{
    m_desktop->setChecked(tells);
}

bool QueuePage::tellsOnDesktop() const
{
    return m_desktop->isChecked();
}

void QueuePage::refresh()
{
    const QueueSettings& settings = m_session.snapshot().settings;
    m_model->setRows(queueRows(m_session, m_history));
    m_stack->setCurrentIndex(m_session.isLoaded() && m_model->rowCount() == 0 ? 1 : 0);
    const int waiting = m_session.count(QueueState::waiting), running = m_session.count(QueueState::running), failed = m_session.count(QueueState::failed),
              done = m_session.count(QueueState::done), stopped = m_session.count(QueueState::stopped);
    QStringList counts;
    if (running > 0)
        counts << tr("%1 running").arg(running);
    if (waiting > 0)
        counts << tr("%1 waiting").arg(waiting);
    if (done > 0)
        counts << tr("%1 done").arg(done);
    if (failed > 0)
        counts << tr("%1 failed").arg(failed);
    if (stopped > 0)
        counts << tr("%1 stopped").arg(stopped);
    m_count->setText(counts.join(QStringLiteral("  ·  ")));
    m_retry->setVisible(failed > 0);
    m_clear->setVisible(done + failed + stopped > 0);

    m_pause->setText(settings.paused ? tr("Resume") : tr("Pause"));
    m_pause->setToolTip(settings.paused ? tr("Begin what waits") : tr("What runs goes on to its end, and nothing new begins"));
    setThemedIcon(m_pause, settings.paused ? QStringLiteral("play") : QStringLiteral("pause"), true);
    m_notice->setVisible(settings.paused);
    QString notice = settings.pauseReason.empty() ? tr("The queue is paused.") : tr("The queue paused itself: %1.").arg(translated(settings.pauseReason));
    notice += QLatin1Char(' ') + (running > 0 ? tr("What runs goes on to its end, and nothing new begins.") : tr("Nothing begins until you resume it."));
    m_noticeText->setText(notice);

    if (const int index = m_atOnce->findData(static_cast<int>(settings.atOnce)); index >= 0)
        m_atOnce->setCurrentIndex(index);
    else
        m_atOnce->setCurrentIndex(m_atOnce->count() - 1); // written on a machine of more cores, or by hand
    const int cores = settings.threads > 0 ? static_cast<int>(settings.threads) : coreCount();
    const int atOnce = std::clamp(static_cast<int>(settings.atOnce), 1, cores);
    const QString share = cores == 1 ? tr("One core.")
        : atOnce == 1                ? tr("Each run may use all %1 cores.").arg(cores)
                                     : tr("%1 cores are shared out among %2 runs.").arg(cores).arg(atOnce);
    showSelection();
    m_share->setText(share + QLatin1Char(' ') + tr("Closing Descent stops what runs; it goes on at the next start."));
}

void QueuePage::showSelection()
{
    const auto running = selected(QueueState::running);
    m_stop->setVisible(std::any_of(running.begin(), running.end(), [this](QueueEntryId entry) { return m_session.progressOf(entry) != nullptr; }));
}

std::vector<QueueEntryId> QueuePage::selected(std::optional<QueueState> state) const
{
    std::vector<int> rows;
    for (const QModelIndex& index : m_table->selectionModel()->selectedRows())
        rows.push_back(index.row());
    std::sort(rows.begin(), rows.end());
    std::vector<QueueEntryId> entries;
    for (const int row : rows)
        if (!state || m_model->rowAt(row).state == *state)
            entries.push_back(m_model->rowAt(row).id);
    return entries;
}

/// One place up or down among what waits; several keep their order and go together.
void QueuePage::moveSelected(int by)
{
    const std::vector<QueueEntryId> chosen = selected(QueueState::waiting);
    if (chosen.empty()) {
        if (!selected().empty())
            Q_EMIT messageRaised(tr("Only what waits can be moved"));
        return;
    }
    std::vector<QueueEntryId> others; // that wait and stay
    std::size_t place = 0;            // of the chosen among them
    for (int row = 0; row < m_model->rowCount(); ++row) {
        const QueueRow& one = m_model->rowAt(row);
        if (one.state != QueueState::waiting)
            continue;
        if (one.id == chosen.front())
            place = others.size();
        if (std::find(chosen.begin(), chosen.end(), one.id) == chosen.end())
            others.push_back(one.id);
    }
    if ((by < 0 && place == 0) || (by > 0 && place >= others.size()))
        return;
    place = by < 0 ? place - 1 : place + 1;
    m_session.move(chosen, place < others.size() ? std::optional{others[place]} : std::nullopt);
}

void QueuePage::moveSelectedToTop()
{
    for (int row = 0; row < m_model->rowCount(); ++row)
        if (m_model->rowAt(row).state == QueueState::waiting) {
            m_session.move(selected(QueueState::waiting), m_model->rowAt(row).id);
            return;
        }
}

void QueuePage::removeSelected()
{
    std::vector<QueueEntryId> chosen = selected();
    const std::size_t all = chosen.size();
    for (const QueueEntryId running : selected(QueueState::running))
        std::erase(chosen, running);
    if (chosen.size() < all && chosen.empty())
        Q_EMIT messageRaised(tr("What runs cannot be removed: stop it first"));
    removeEntries(chosen);
}

void QueuePage::removeEntries(const std::vector<QueueEntryId>& entries)
{
    if (entries.empty())
        return;
    m_session.remove(entries);
    m_removed.push_back(entries);
    Q_EMIT undoOffered(entries.size() == 1 ? tr("Removed from the queue") : tr("%1 removed from the queue").arg(entries.size()), [this] { undoRemove(); });
}

void QueuePage::undoRemove()
{
    if (m_removed.empty())
        return;
    m_session.giveBack(m_removed.back());
    m_removed.pop_back();
}

void QueuePage::openRun()
{
    const QModelIndex current = m_table->currentIndex();
    if (!current.isValid())
        return;
    if (const RunId run = m_model->rowAt(current.row()).run; run > 0)
        Q_EMIT runChosen(run);
    else
        Q_EMIT messageRaised(tr("This has not become a run"));
}

void QueuePage::showMenu(const QPoint& at)
{
    const QModelIndex current = m_table->indexAt(at);
    if (!current.isValid())
        return;
    const QueueRow row = m_model->rowAt(current.row());
    QMenu menu;
    if (row.run > 0)
        menu.addAction(tr("Show the run"), this, [this, &row] { Q_EMIT runChosen(row.run); });
    if (row.state == QueueState::running && m_session.progressOf(row.id))
        menu.addAction(tr("Stop"), this, [this, &row] { m_session.stop(row.id); });
    if (row.state == QueueState::waiting)
        menu.addAction(tr("Do this first"), this, &QueuePage::moveSelectedToTop);
    if (row.state == QueueState::failed || row.state == QueueState::stopped)
        menu.addAction(tr("Try again"), this, [this] { m_session.retry(selected()); });
    menu.addAction(tr("Use its recipe"), this, [this, &row] { Q_EMIT recipeChosen(row.id); });
    menu.addSeparator();
    menu.addAction(tr("Remove"), this, &QueuePage::removeSelected);
    menu.exec(m_table->viewport()->mapToGlobal(at));
}

bool QueuePage::eventFilter(QObject* watched, QEvent* event)
{
    if (watched != m_table || event->type() != QEvent::KeyPress)
        return QWidget::eventFilter(watched, event);
    const auto* key = static_cast<QKeyEvent*>(event);
    const bool alt = key->modifiers() == Qt::AltModifier;
    switch (key->key()) {
    case Qt::Key_Up:
    case Qt::Key_Down:
        if (!alt)
            break;
        moveSelected(key->key() == Qt::Key_Up ? -1 : 1);
        return true;
    case Qt::Key_Home:
        if (!alt)
            break;
        moveSelectedToTop();
        return true;
    case Qt::Key_Delete:
    case Qt::Key_Backspace: removeSelected(); return true;
    case Qt::Key_Return:
    case Qt::Key_Enter: openRun(); return true;
    case Qt::Key_Escape: m_table->clearSelection(); return true;
    default: break;
    }
    return QWidget::eventFilter(watched, event);
}

}
