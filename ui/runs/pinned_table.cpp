// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/pinned_table.h"

#include "ui/theme/theme.h"

#include <QAbstractItemDelegate>
#include <QDrag>
#include <QEvent>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLineEdit>
#include <QLocale>
#include <QMimeData>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>

namespace descent {

namespace {

constexpr int tableRowHeight = 42;

}

void BadgeDragView::startDrag(Qt::DropActions)
{
    int rows = 0;
    const QItemSelection ranges = selectionModel()->selection();
    for (const QItemSelectionRange& range : ranges)
        rows += range.height();
    if (rows == 0)
        return;
    const QString text = rows == 1 ? tr("1 run") : tr("%1 runs").arg(QLocale{}.toString(rows));
    const QFontMetrics metrics{font()};
    QPixmap badge{QSize{metrics.horizontalAdvance(text) + 28, metrics.height() + 14} * devicePixelRatioF()};
    badge.setDevicePixelRatio(devicePixelRatioF());
    badge.fill(Qt::transparent);
    QPainter painter{&badge};
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(font());
    const ColorTokens& colors = Theme::instance().colors();
    const QRectF all{QPointF{}, badge.deviceIndependentSize()};
    painter.setPen(Qt::NoPen);
    painter.setBrush(colors.accent);
    painter.drawRoundedRect(all, Theme::radius, Theme::radius);
    painter.setPen(colors.onAccent);
    painter.drawText(all, Qt::AlignCenter, text);
    painter.end();
    auto* drag = new QDrag{this};
    auto* data = new QMimeData;
    data->setData(QStringLiteral("application/x-descent-runs"), {}); // which ones is what is selected
    drag->setMimeData(data);
    drag->setPixmap(badge);
    drag->setHotSpot({-12, -8});
    drag->exec(Qt::MoveAction);
}

PinnedTable::PinnedTable(QWidget* parent) : BadgeDragView{parent}
{
    setUp(*this);
    m_front = new BadgeDragView{this};
    setUp(*m_front);
    m_front->setObjectName(QStringLiteral("pinnedColumns"));
    m_front->setProperty("pinned", true); // its right edge is drawn
    m_front->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_front->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_front->setFocusProxy(this);
    m_front->horizontalHeader()->setSectionsMovable(false);
    m_front->viewport()->installEventFilter(this);
    m_front->hide();
    horizontalHeader()->setSectionsMovable(true);

    connect(verticalScrollBar(), &QScrollBar::valueChanged, m_front->verticalScrollBar(), &QScrollBar::setValue);
    connect(m_front->verticalScrollBar(), &QScrollBar::valueChanged, verticalScrollBar(), &QScrollBar::setValue);
    connect(horizontalHeader(), &QHeaderView::sectionResized, this, [this](int column, int, int width) {
        if (m_front->columnWidth(column) != width)
            m_front->setColumnWidth(column, width);
        layOut();
    });
    connect(m_front->horizontalHeader(), &QHeaderView::sectionResized, this, [this](int column, int, int width) {
        if (!m_front->isColumnHidden(column) && columnWidth(column) != width)
            setColumnWidth(column, width);
    });
    connect(m_front, &QTableView::doubleClicked, this, &PinnedTable::doubleClicked);
    for (QTableView* view : {static_cast<QTableView*>(this), m_front}) {
        connect(view, &QTableView::customContextMenuRequested, this, [this, view](const QPoint& at) { Q_EMIT menuWanted(view->viewport()->mapToGlobal(at)); });
        QHeaderView* header = view->horizontalHeader();
        header->setContextMenuPolicy(Qt::CustomContextMenu);
        connect(header, &QHeaderView::customContextMenuRequested, this,
                [this, header](const QPoint& at) { Q_EMIT headerMenuWanted(header->logicalIndexAt(at), header->mapToGlobal(at)); });
        connect(header, &QHeaderView::sectionClicked, this, [this](int column) { Q_EMIT headerClicked(column, QGuiApplication::keyboardModifiers()); });
    }
}

void PinnedTable::setUp(QTableView& view)
{
    view.setSelectionBehavior(SelectRows);
    view.setSelectionMode(ExtendedSelection);
    view.setEditTriggers(NoEditTriggers); // see editCell()
    view.setShowGrid(false);
    view.setWordWrap(false);
    view.setContextMenuPolicy(Qt::CustomContextMenu);
    view.setVerticalScrollMode(ScrollPerPixel);
    view.setHorizontalScrollMode(ScrollPerPixel);
    view.setDragEnabled(true);
    view.setDragDropMode(DragOnly);
    view.verticalHeader()->hide();
    view.verticalHeader()->setDefaultSectionSize(tableRowHeight);
    view.verticalHeader()->setSectionResizeMode(QHeaderView::Fixed); // measuring rows would read every one
    QHeaderView* header = view.horizontalHeader();
    header->setHighlightSections(false);
    header->setSectionsClickable(true);
    header->setSortIndicatorShown(true);
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
}

void PinnedTable::setModel(QAbstractItemModel* model)
{
    QTableView::setModel(model);
    m_front->setModel(model);
    m_front->setSelectionModel(selectionModel());
    connect(model, &QAbstractItemModel::modelReset, this, [this] { setPinned(m_pinned); });
}

void PinnedTable::setDelegates(QAbstractItemDelegate* behind, QAbstractItemDelegate* front)
{
    setItemDelegate(behind);
    m_front->setItemDelegate(front);
    for (const QAbstractItemDelegate* delegate : {behind, front})
        connect(delegate, &QAbstractItemDelegate::closeEditor, this, &PinnedTable::editEnded, Qt::QueuedConnection); // when the view is out of it
}

void PinnedTable::setPinned(int columns)
{
    m_pinned = columns;
    QHeaderView *behind = horizontalHeader(), *front = m_front->horizontalHeader();
    for (int visual = 0; visual < behind->count(); ++visual) {
        const int column = behind->logicalIndex(visual);
        const bool isPinned = visual < columns;
        if (m_front->isColumnHidden(column) == isPinned)
            m_front->setColumnHidden(column, !isPinned);
        if (isPinned) {
            m_front->setColumnWidth(column, columnWidth(column));
            front->moveSection(front->visualIndex(column), visual);
        }
    }
    front->setSortIndicator(behind->sortIndicatorSection(), behind->sortIndicatorOrder());
    layOut();
}

void PinnedTable::editCell(const QModelIndex& index)
{
    scrollTo(index);
    const bool isPinned = m_front->isVisible() && horizontalHeader()->visualIndex(index.column()) < m_pinned;
    (isPinned ? m_front : static_cast<QTableView*>(this))->edit(index);
}

bool PinnedTable::isEdited() const
{
    const auto* behind = viewport()->findChild<QLineEdit*>();
    const auto* front = m_front->viewport()->findChild<QLineEdit*>();
    return (behind && behind->isVisible()) || (front && front->isVisible());
}

/// The front view covers what is pinned, and never all there is: what lies behind it could not be reached.
void PinnedTable::layOut()
{
    int width = 0;
    for (int visual = 0; visual < std::min(m_pinned, horizontalHeader()->count()); ++visual)
        width += columnWidth(horizontalHeader()->logicalIndex(visual));
    const bool fits = width > 0 && width < viewport()->width() * 3 / 4;
    m_front->setVisible(fits);
    if (!fits)
        return;
    m_front->setGeometry(frameWidth(), frameWidth(), width + 1, viewport()->height() + horizontalHeader()->height());
    m_front->horizontalHeader()->setFixedHeight(horizontalHeader()->height());
    m_front->verticalScrollBar()->setValue(verticalScrollBar()->value());
    m_front->raise();
}

void PinnedTable::resizeEvent(QResizeEvent* event)
{
    QTableView::resizeEvent(event);
    layOut();
}

QModelIndex PinnedTable::moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers)
{
    const QModelIndex index = QTableView::moveCursor(action, modifiers);
    // What lies under the pinned columns is moved out from there.
    if (m_front->isVisible() && index.isValid() && horizontalHeader()->visualIndex(index.column()) >= m_pinned) {
        const int left = visualRect(index).left();
        if (left < m_front->width())
            horizontalScrollBar()->setValue(horizontalScrollBar()->value() + left - m_front->width());
    }
    return index;
}

/// A row is scrolled to, never a pinned column: it is seen already.
void PinnedTable::scrollTo(const QModelIndex& index, ScrollHint hint)
{
    const int sideways = horizontalScrollBar()->value();
    QTableView::scrollTo(index, hint);
    if (index.isValid() && horizontalHeader()->visualIndex(index.column()) < m_pinned)
        horizontalScrollBar()->setValue(sideways);
}

bool PinnedTable::eventFilter(QObject* watched, QEvent* event)
{
    // The wheel over the pinned columns moves the whole table sideways too.
    if (watched == m_front->viewport() && event->type() == QEvent::Wheel) {
        QCoreApplication::sendEvent(viewport(), event);
        return true;
    }
    return QTableView::eventFilter(watched, event);
}

}
