// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/store/queue_store.h"

#include <QWidget>

#include <functional>
#include <optional>
#include <vector>

class QCheckBox;
class QComboBox;
class QFrame;
class QLabel;
class QPushButton;
class QStackedWidget;
class QTableView;
class QTimer;

namespace descent {

class QueueModel;
class QueueSession;
class RunHistory;

/// What waits to be trained, runs and has ended, in order: reorder, remove with undo, pause, try again.
class QueuePage : public QWidget
{
    Q_OBJECT
public:
    QueuePage(QueueSession& session, RunHistory& history, QWidget* parent = nullptr);
    QTableView* table() const { return m_table; }
    void setTellsOnDesktop(bool tells);
    bool tellsOnDesktop() const;

Q_SIGNALS:
    void trainChosen();                       ///< to make a recipe
    void runChosen(descent::RunId run);
    void recipeChosen(descent::QueueEntryId entry);
    void tellOnDesktopChosen(bool tells);
    void messageRaised(const QString& message);
    void undoOffered(const QString& message, const std::function<void()>& undo);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget* makeHead();
    void refresh();
    void showSelection();
    void moveSelected(int by);
    void moveSelectedToTop();
    void removeSelected();
    void removeEntries(const std::vector<QueueEntryId>& entries);
    void undoRemove();
    void openRun();
    void showMenu(const QPoint& at);
    std::vector<QueueEntryId> selected(std::optional<QueueState> state = {}) const; ///< in their order

    QueueSession& m_session;
    RunHistory& m_history;
    QueueModel* m_model = nullptr;
    QStackedWidget* m_stack = nullptr;
    QTableView* m_table = nullptr;
    QLabel *m_count = nullptr, *m_noticeText = nullptr, *m_share = nullptr;
    QFrame* m_notice = nullptr;
    QComboBox* m_atOnce = nullptr;
    QCheckBox* m_desktop = nullptr;
    QPushButton *m_pause = nullptr, *m_retry = nullptr, *m_clear = nullptr, *m_stop = nullptr;
    QTimer* m_redraw = nullptr; // progress of several runs is shown together
    std::vector<std::vector<QueueEntryId>> m_removed; // for Ctrl+Z, newest last
};

}
