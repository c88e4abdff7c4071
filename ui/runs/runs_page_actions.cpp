// SPDX-License-Identifier: GPL-3.0-or-later
// What the menus, keys and dialogs of a RunsPage do.
#include "ui/runs/columns_dialog.h"
#include "ui/runs/export_dialog.h"
#include "ui/runs/folder_pane.h"
#include "ui/runs/history_care_dialog.h"
#include "ui/runs/import_dialog.h"
#include "ui/runs/run_details_panel.h"
#include "ui/runs/run_edits.h"
#include "ui/runs/run_menu.h"
#include "ui/runs/run_table.h"
#include "ui/runs/runs_head.h"
#include "ui/runs/runs_model.h"
#include "ui/runs/runs_page.h"
#include "ui/runs/view_bar.h"

#include <QKeyEvent>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>

#include <algorithm>

namespace descent {

void RunsPage::connectHead()
{
    connect(m_head, &RunsHead::fieldsWanted, &m_history, &RunHistory::requestFields);
    connect(m_head, &RunsHead::wishChanged, this, &RunsPage::askListing);
    connect(m_head, &RunsHead::foldersToggled, this, [this](bool shown) {
        m_folderCard->setVisible(shown);
        Q_EMIT viewChanged();
    });
    connect(m_head, &RunsHead::compareWanted, this, [this] { Q_EMIT compareChosen(m_table->selected()); });
    connect(m_head, &RunsHead::deleteWanted, this, &RunsPage::deleteOrRestore);
    connect(m_head, &RunsHead::importWanted, this, [this] {
        auto* dialog = new ImportDialog{m_history.folder(), this};
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        connect(dialog, &ImportDialog::imported, &m_history, &RunHistory::refresh);
        dialog->open();
    });
    connect(m_head, &RunsHead::exportWanted, this, [this] {
        auto* dialog = new ExportDialog{m_history.folder(), m_table->selected(), this};
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->open();
    });
    connect(m_head, &RunsHead::careWanted, this, [this] {
        auto* dialog = new HistoryCareDialog{m_history.folder(), m_table->selected(), this};
        connect(dialog, &HistoryCareDialog::changed, &m_history, &RunHistory::refresh);
        dialog->open();
    });
}

void RunsPage::emptyTrash()
{
    auto* box = new QMessageBox{QMessageBox::Warning, tr("Empty the trash"), tr("Delete %1 runs for good?").arg(m_model->listing()->trashed), QMessageBox::NoButton, this};
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setInformativeText(tr("Their curves, recipes and checkpoints are gone then. This cannot be undone."));
    const QAbstractButton* doIt = box->addButton(tr("Delete for good"), QMessageBox::DestructiveRole);
    box->setDefaultButton(box->addButton(tr("Keep them"), QMessageBox::RejectRole));
    connect(box, &QMessageBox::buttonClicked, this, [this, doIt](const QAbstractButton* button) {
        if (button == doIt)
            m_history.change([](RunStore& store) { store.emptyTrash(); });
    });
    box->open();
}

void RunsPage::chooseColumns()
{
    std::vector<std::string> others = m_bar->fields();
    others.insert(others.begin(), "curve");
    auto* dialog = new ColumnsDialog{m_view.columns, others, this};
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &ColumnsDialog::chosen, this, [this](const std::vector<RunsView::Column>& columns) {
        RunsView view = m_view;
        view.columns = columns;
        view.pinned = std::min(view.pinned, static_cast<int>(columns.size()));
        setView(view);
    });
    dialog->open();
}

void RunsPage::deleteOrRestore()
{
    if (m_folders->place() == RunWish::Place::trash)
        m_edits->restore(m_table->selected());
    else
        m_edits->moveToTrash(m_table->selected());
}

void RunsPage::showMenu(const QPoint& global)
{
    const auto chosen = m_table->selected();
    if (chosen.empty())
        return;
    QMenu menu{this};
    if (m_folders->place() == RunWish::Place::trash) {
        menu.addAction(tr("Restore"), this, &RunsPage::deleteOrRestore);
        menu.exec(global);
        return;
    }
    const bool one = chosen.size() == 1;
    menu.addAction(tr("Compare"), this, [&] { Q_EMIT compareChosen(chosen); });
    if (one) {
        menu.addAction(tr("Rename"), this, [this] { m_table->edit("name"); });
        menu.addAction(tr("Edit tags"), this, [this] { m_table->edit("tag"); })->setVisible(m_model->columnOf("tag") >= 0);
        const RunId run = chosen.front();
        menu.addAction(run == baseline() ? tr("No baseline any more") : tr("Compare others with this (baseline)"), this,
                       [this, run] { setBaseline(run == baseline() ? 0 : run); });
    }
    if (one && m_details->run() == chosen.front())
        m_details->addActions(menu);
    menu.addSeparator();
    addRunEdits(menu, *m_edits, m_history.runs(), chosen, m_folders->experiments());
    menu.addSeparator();
    menu.addAction(tr("Delete"), this, &RunsPage::deleteOrRestore);
    menu.exec(global);
}

bool RunsPage::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_table && event->type() == QEvent::KeyPress && !m_table->isEdited()) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (pressed(key->key(), key->modifiers()))
            return true;
    }
    return QWidget::eventFilter(watched, event);
}

bool RunsPage::pressed(int key, Qt::KeyboardModifiers modifiers)
{
    const auto chosen = m_table->selected();
    const bool plain = modifiers == Qt::NoModifier;
    const QModelIndex current = m_table->currentIndex();
    if (key == Qt::Key_Delete || key == Qt::Key_Backspace) {
        deleteOrRestore();
    } else if ((key == Qt::Key_C && plain) || (key == Qt::Key_Return && current.isValid() && m_model->runAt(current.row()))) {
        if (!chosen.empty())
            Q_EMIT compareChosen(chosen);
    } else if (key == Qt::Key_S && plain && !chosen.empty()) {
        const RunSummary* first = m_history.find(chosen.front());
        m_edits->setStarred(chosen, !first || !first->starred);
    } else if (key == Qt::Key_A && plain && !chosen.empty()) {
        m_edits->setArchived(chosen, m_folders->place() != RunWish::Place::archived);
    } else if (key == Qt::Key_Escape) {
        m_table->clearSelection();
    } else if (key == Qt::Key_F2) {
        m_table->edit("name");
    } else {
        return false;
    }
    return true;
}

}
