// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/folder_pane.h"

#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

#include <QContextMenuEvent>
#include <QHeaderView>
#include <QInputDialog>
#include <QLocale>
#include <QMenu>
#include <QMimeData>

namespace descent {

namespace {

enum ItemRole { placeRole = Qt::UserRole, pathRole };
constexpr int countWidth = 66;

QString written(std::size_t count)
{
    return count == 0 ? QString{} : QLocale{}.toString(static_cast<qlonglong>(count));
}

}

FolderPane::FolderPane(QWidget* parent) : QTreeWidget{parent}
{
    setObjectName(QStringLiteral("folders"));
    setAccessibleName(tr("Experiments"));
    setColumnCount(2);
    setHeaderHidden(true);
    header()->setStretchLastSection(false);
    header()->setSectionResizeMode(0, QHeaderView::Stretch);
    header()->setSectionResizeMode(1, QHeaderView::Fixed);
    header()->resizeSection(1, countWidth);
    header()->setMinimumSectionSize(20);
    setIndentation(14);
    setRootIsDecorated(true);
    setUniformRowHeights(true);
    setAcceptDrops(true);
    setDragDropMode(DropOnly);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setTextElideMode(Qt::ElideMiddle);
    const auto place = [this](const QString& text, RunWish::Place where) {
        auto* item = new QTreeWidgetItem{this, {text, QString{}}};
        item->setData(0, placeRole, static_cast<int>(where));
        item->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
        return item;
    };
    m_all = place(tr("All runs"), RunWish::Place::present);
    m_starred = place(tr("Starred"), RunWish::Place::starred);
    m_archived = place(tr("Archive"), RunWish::Place::archived);
    m_trash = place(tr("Trash"), RunWish::Place::trash);
    m_folders = new QTreeWidgetItem{this, {tr("Experiments"), QString{}}};
    m_folders->setFlags(Qt::ItemIsEnabled);
    QFont font = this->font();
    font.setWeight(QFont::DemiBold);
    m_folders->setFont(0, font);
    m_folders->setExpanded(true);
    m_all->setSelected(true);
    setCurrentItem(m_all);
    connect(this, &QTreeWidget::currentItemChanged, this, [this](QTreeWidgetItem* item) {
        if (m_filling || !item || item == m_folders)
            return;
        m_place = static_cast<RunWish::Place>(item->data(0, placeRole).toInt());
        m_experiment = item->data(0, pathRole).toString().toStdString();
        Q_EMIT chosen();
    });
}

QTreeWidgetItem* FolderPane::itemOf(const std::string& experiment)
{
    QTreeWidgetItem* parent = m_folders;
    const QString path = QString::fromStdString(experiment);
    const QStringList parts = path.split(QLatin1Char('/'));
    for (qsizetype i = 0; i < parts.size(); ++i) {
        QTreeWidgetItem* found = nullptr;
        for (int child = 0; child < parent->childCount() && !found; ++child)
            if (parent->child(child)->text(0) == parts[i])
                found = parent->child(child);
        if (!found) {
            found = new QTreeWidgetItem{{parts[i], QString{}}};
            found->setData(0, placeRole, static_cast<int>(RunWish::Place::present));
            found->setData(0, pathRole, parts.mid(0, i + 1).join(QLatin1Char('/')));
            found->setToolTip(0, found->data(0, pathRole).toString());
            found->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
            int at = 0;
            while (at < parent->childCount() && QString::localeAwareCompare(parent->child(at)->text(0), parts[i]) < 0)
                ++at;
            parent->insertChild(at, found);
        }
        parent = found;
    }
    return parent;
}

void FolderPane::setListing(const RunListing& listing)
{
    m_filling = true;
    for (const auto& [item, count] : {std::pair{m_all, listing.present}, {m_starred, listing.starred}, {m_archived, listing.archived}, {m_trash, listing.trashed}})
        item->setText(1, written(count));
    for (const auto& [experiment, count] : listing.experiments) {
        QTreeWidgetItem* item = itemOf(experiment);
        item->setText(1, written(count));
        if (!item->parent()->isExpanded() && listing.experiments.size() < 40)
            item->parent()->setExpanded(true);
    }
    // Folders whose runs are gone go too; children first.
    std::vector<QTreeWidgetItem*> open{m_folders}, all;
    while (!open.empty()) {
        QTreeWidgetItem* item = open.back();
        open.pop_back();
        for (int child = 0; child < item->childCount(); ++child) {
            open.push_back(item->child(child));
            all.push_back(item->child(child));
        }
    }
    for (auto item = all.rbegin(); item != all.rend(); ++item)
        if (!listing.experiments.contains((*item)->data(0, pathRole).toString().toStdString()))
            delete *item;
    m_filling = false;
    showCurrent();
}

void FolderPane::showCurrent()
{
    m_filling = true;
    QTreeWidgetItem* item = m_place == RunWish::Place::starred ? m_starred : m_place == RunWish::Place::archived ? m_archived : m_place == RunWish::Place::trash ? m_trash : m_all;
    if (!m_experiment.empty())
        for (QTreeWidgetItemIterator each{m_folders}; *each; ++each)
            if ((*each)->data(0, pathRole).toString().toStdString() == m_experiment)
                item = *each;
    if (currentItem() != item)
        setCurrentItem(item);
    m_filling = false;
}

void FolderPane::choose(RunWish::Place place, const std::string& experiment)
{
    m_place = place;
    m_experiment = experiment;
    showCurrent();
}

QStringList FolderPane::experiments() const
{
    QStringList names;
    for (QTreeWidgetItemIterator each{m_folders}; *each; ++each)
        if (const QString path = (*each)->data(0, pathRole).toString(); !path.isEmpty())
            names << path;
    return names;
}

void FolderPane::dragEnterEvent(QDragEnterEvent* event)
{
    if (event->mimeData()->hasFormat(QStringLiteral("application/x-descent-runs")))
        event->acceptProposedAction();
}

void FolderPane::dragMoveEvent(QDragMoveEvent* event)
{
    QTreeWidgetItem* item = itemAt(event->position().toPoint());
    const bool takes = item && item != m_folders && item != m_all && item != m_starred;
    event->setAccepted(takes);
    m_filling = true; // it is pointed at, not chosen
    setCurrentItem(takes ? item : nullptr);
    m_filling = false;
}

void FolderPane::dropEvent(QDropEvent* event)
{
    QTreeWidgetItem* item = itemAt(event->position().toPoint());
    showCurrent();
    if (!item)
        return;
    event->acceptProposedAction();
    if (item == m_archived)
        Q_EMIT archiveDropped();
    else if (item == m_trash)
        Q_EMIT trashDropped();
    else if (const QString path = item->data(0, pathRole).toString(); !path.isEmpty())
        Q_EMIT dropped(path);
}

void FolderPane::beginRename(QTreeWidgetItem* item)
{
    const QString path = item->data(0, pathRole).toString();
    auto* dialog = new QInputDialog{this};
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Rename experiment"));
    dialog->setLabelText(tr("Name, with / between folders:"));
    dialog->setTextValue(path);
    connect(dialog, &QInputDialog::textValueSelected, this, [this, path](const QString& name) {
        if (!name.trimmed().isEmpty() && name.trimmed() != path)
            Q_EMIT renamed(path, name.trimmed());
    });
    dialog->open();
}

void FolderPane::contextMenuEvent(QContextMenuEvent* event)
{
    QTreeWidgetItem* item = itemAt(event->pos());
    if (!item)
        return;
    QMenu menu;
    if (item == m_trash) {
        QAction* empty = menu.addAction(tr("Empty the trash…"), this, &FolderPane::trashEmptied);
        empty->setEnabled(!m_trash->text(1).isEmpty());
    } else if (!item->data(0, pathRole).toString().isEmpty()) {
        menu.addAction(tr("Rename…"), this, [this, item] { beginRename(item); });
    } else {
        return;
    }
    menu.exec(event->globalPos());
}

}
