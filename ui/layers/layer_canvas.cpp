// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/layers/layer_canvas.h"

#include "engine/core/network/custom/layer_kind.h"
#include "ui/layers/layer_document.h"
#include "ui/theme/counts.h"
#include "ui/theme/theme.h"
#include "ui/theme/translated.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace descent {

namespace {

constexpr double boxHeight = 40, gap = 14, troubleHeight = 18, laneWidth = 12, margin = 16, widestBox = 560, portRadius = 4;

QString shapeText(const Shape& shape)
{
    QStringList sizes;
    for (const std::int64_t size : shape)
        sizes << QString::number(size);
    return sizes.join(QStringLiteral(" × "));
}

QString sentence(const Problem& problem)
{
    QString words = translated(problem.message);
    if (!problem.hint.empty())
        words += QStringLiteral(": ") + translated(problem.hint);
    if (!words.isEmpty())
        words[0] = words[0].toUpper();
    return words;
}

/// Layers of one group have one colour, in the palette's order.
int tintOf(const LayerKind* kind)
{
    int tint = -1;
    QString before;
    for (const LayerKind& one : layerKinds()) {
        if (QString::fromStdString(one.group) != before) {
            before = QString::fromStdString(one.group);
            ++tint;
        }
        if (&one == kind)
            return tint;
    }
    return 0;
}

}

LayerCanvas::LayerCanvas(LayerDocument& document, QWidget* parent) : QWidget{parent}, m_document{document}
{
    setObjectName(QStringLiteral("layerCanvas"));
    setProperty("scrollBody", true);
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAccessibleName(tr("Layers"));
    connect(&m_document, &LayerDocument::changed, this, &LayerCanvas::layOut);
    connect(&m_document, &LayerDocument::selectionChanged, this, [this] {
        const auto current = m_document.current();
        setAccessibleDescription(current ? QString::fromStdString(summaryOf(m_document.layers()[*current])) : QString{});
        update();
    });
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
    layOut();
}

int LayerCanvas::scaled(double length) const
{
    return static_cast<int>(std::lround(length * m_zoom));
}

std::size_t LayerCanvas::inputCount() const
{
    return m_document.brief() ? m_document.brief()->inputs.size() : 1;
}

void LayerCanvas::layOut()
{
    const auto& outcomes = m_document.network().layers;
    m_rows.assign(inputCount() + outcomes.size(), {});
    int top = scaled(margin);
    for (std::size_t row = 0; row < m_rows.size(); ++row) {
        m_rows[row].top = top;
        m_rows[row].height = scaled(row < inputCount() ? boxHeight * 0.7 : boxHeight);
        top += m_rows[row].height + scaled(gap);
        if (row < inputCount())
            continue;
        for (const LayerTrouble& trouble : outcomes[row - inputCount()].troubles)
            m_rows[row].troubles << sentence(trouble.problem);
        top += static_cast<int>(m_rows[row].troubles.size()) * scaled(troubleHeight);
    }
    m_bottom = top + scaled(margin);

    m_arcs.clear();
    for (std::size_t i = 0; i < outcomes.size(); ++i)
        for (const std::int32_t input : outcomes[i].inputs) {
            const int to = static_cast<int>(inputCount() + i), from = input < 0 ? -1 - input : static_cast<int>(inputCount()) + input;
            if (from + 1 != to)
                m_arcs.push_back({from, to, 0, !outcomes[i].troubles.empty()});
        }
    // Short arcs inside, long ones outside, each in the first lane that is free all the way.
    std::stable_sort(m_arcs.begin(), m_arcs.end(), [](const Arc& left, const Arc& right) { return left.to - left.from < right.to - right.from; });
    m_lanes = 0;
    for (std::size_t i = 0; i < m_arcs.size(); ++i) {
        const auto taken = [&](int lane) {
            return std::any_of(m_arcs.begin(), m_arcs.begin() + static_cast<std::ptrdiff_t>(i), [&](const Arc& other) {
                return other.lane == lane && other.from < m_arcs[i].to && m_arcs[i].from < other.to;
            });
        };
        while (taken(m_arcs[i].lane))
            ++m_arcs[i].lane;
        m_lanes = std::max(m_lanes, m_arcs[i].lane + 1);
    }
    setMinimumHeight(m_bottom);
    setMinimumWidth(scaled(margin * 2 + laneWidth * (m_lanes + 1) + 260));
    update();
}

QSize LayerCanvas::sizeHint() const
{
    return {scaled(480), m_bottom};
}

void LayerCanvas::setZoom(double zoom)
{
    m_zoom = std::clamp(zoom, 0.5, 2.0);
    layOut();
    Q_EMIT zoomChanged(m_zoom);
}

QRect LayerCanvas::boxOf(std::size_t row) const
{
    const int left = scaled(margin + laneWidth * (m_lanes + 1));
    const int width = std::min(this->width() - left - scaled(margin), scaled(widestBox));
    return {left, m_rows[row].top, width, m_rows[row].height};
}

QRect LayerCanvas::rowRect(std::size_t at) const
{
    return boxOf(inputCount() + at);
}

QPoint LayerCanvas::portOf(std::size_t at) const
{
    const QRect box = rowRect(at);
    return {box.left() + scaled(28), box.bottom() + 1};
}

std::optional<std::size_t> LayerCanvas::layerAt(const QPoint& pos) const
{
    for (std::size_t row = inputCount(); row < m_rows.size(); ++row)
        if (pos.y() >= m_rows[row].top - scaled(gap) / 2 && pos.y() < m_rows[row].top + m_rows[row].height + scaled(gap) / 2 && pos.x() >= boxOf(row).left()
            && pos.x() <= boxOf(row).right())
            return row - inputCount();
    return std::nullopt;
}

std::size_t LayerCanvas::insertionAt(const QPoint& pos) const
{
    std::size_t at = 0;
    for (std::size_t row = inputCount(); row < m_rows.size(); ++row)
        if (pos.y() > m_rows[row].top + m_rows[row].height / 2)
            at = row - inputCount() + 1;
    return at;
}

void LayerCanvas::showInsertion(std::optional<std::size_t> at)
{
    m_insertion = at;
    update();
}

void LayerCanvas::paintEvent(QPaintEvent* event)
{
    QPainter painter{this};
    painter.setRenderHint(QPainter::Antialiasing);
    paintConnections(painter, event->rect());
    // Only what is seen: a ResNet-50 has 175 rows.
    for (std::size_t row = 0; row < m_rows.size(); ++row)
        if (m_rows[row].top < event->rect().bottom() && m_rows[row].top + m_rows[row].height + scaled(gap + 60) > event->rect().top())
            paintRow(painter, row);
    const ColorTokens& colors = Theme::instance().colors();
    if (m_insertion && !m_rows.empty()) {
        const std::size_t row = inputCount() + *m_insertion;
        const int y = row < m_rows.size() ? m_rows[row].top - scaled(gap) / 2 : m_bottom - scaled(margin) - scaled(gap) / 2;
        painter.setPen(QPen{colors.accent, 2.5});
        painter.drawLine(boxOf(0).left() - 6, y, boxOf(0).right() + 6, y);
    }
    if (m_drag == Drag::connecting && m_pressed) {
        painter.setPen(QPen{colors.accent, 2, Qt::DashLine});
        painter.drawLine(portOf(*m_pressed), m_dragAt);
        if (const auto target = layerAt(m_dragAt); target && *target > *m_pressed) {
            painter.setPen(QPen{colors.accent, 2});
            painter.setBrush(Qt::NoBrush);
            painter.drawRoundedRect(rowRect(*target), 8, 8);
        }
    }
}

void LayerCanvas::paintRow(QPainter& painter, std::size_t row) const
{
    const Theme& theme = Theme::instance();
    const ColorTokens& colors = theme.colors();
    const QRect box = boxOf(row);
    QFont small = Theme::font(TextStyle::caption), strong = Theme::font(TextStyle::body);
    for (QFont* font : {&small, &strong}) // Theme's fonts are sized in pixels
        font->setPixelSize(std::max(1, scaled(font->pixelSize())));
    if (row < inputCount()) {
        painter.setPen(QPen{colors.border, 1, Qt::DashLine});
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(box, 8, 8);
        painter.setFont(small);
        painter.setPen(colors.muted);
        const QRect inner = box.adjusted(scaled(14), 0, -scaled(12), 0);
        painter.drawText(inner, Qt::AlignLeft | Qt::AlignVCenter, inputCount() == 1 ? tr("Input") : tr("Input %1").arg(row + 1));
        if (m_document.brief())
            painter.drawText(inner, Qt::AlignRight | Qt::AlignVCenter, shapeText(m_document.brief()->inputs[row].shape));
        return;
    }
    const std::size_t at = row - inputCount();
    const LayerEntry& entry = m_document.layers()[at];
    const LayerOutcome& outcome = m_document.network().layers[at];
    const LayerKind* kind = findLayerKind(entry.kind);
    const bool selected = m_document.selected().contains(at), broken = !outcome.troubles.empty();
    const QColor edge = broken ? colors.danger : selected ? colors.accent : colors.border;
    painter.setPen(QPen{edge, selected || broken ? 2.0 : 1.0});
    painter.setBrush(selected ? colors.accentSoft : colors.raised);
    painter.drawRoundedRect(QRectF{box}.adjusted(0.5, 0.5, -0.5, -0.5), 8, 8);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.seriesColor(tintOf(kind)));
    painter.drawRoundedRect(QRect{box.left() + scaled(6), box.top() + scaled(7), scaled(4), box.height() - scaled(14)}, 2, 2);

    const QRect inner = box.adjusted(scaled(18), scaled(4), -scaled(12), -scaled(4));
    const QFontMetrics smallMetrics{small}, strongMetrics{strong};
    const QString shape = outcome.shape.empty() ? QString{} : shapeText(outcome.shape);
    const QString count = outcome.parameterCount > 0 ? tr("%1 weights").arg(shortCount(outcome.parameterCount)) : QString{};
    const int right = std::max(smallMetrics.horizontalAdvance(shape), smallMetrics.horizontalAdvance(count)) + scaled(10);
    const QRect words = inner.adjusted(0, 0, -right, 0);
    painter.setFont(strong);
    painter.setPen(colors.text);
    painter.drawText(words, Qt::AlignLeft | Qt::AlignTop, strongMetrics.elidedText(QString::fromStdString(entry.name), Qt::ElideMiddle, words.width()));
    painter.setFont(small);
    painter.setPen(colors.muted);
    QString what = kind ? translated(kind->label) : QString::fromStdString(entry.kind);
    if (outcome.layer) {
        if (std::holds_alternative<layer::Activation>(*outcome.layer) || std::holds_alternative<layer::Recurrent>(*outcome.layer))
            what += QStringLiteral("  ·  ") + QString::fromStdString(layerName(*outcome.layer));
        if (const std::string detail = layerDetail(*outcome.layer); !detail.empty())
            what += QStringLiteral("  ·  ") + QString::fromStdString(detail);
    }
    painter.drawText(words, Qt::AlignLeft | Qt::AlignBottom, smallMetrics.elidedText(what, Qt::ElideRight, words.width()));
    painter.drawText(inner, Qt::AlignRight | Qt::AlignBottom, count);
    painter.setPen(colors.text);
    painter.drawText(inner, Qt::AlignRight | Qt::AlignTop, shape);

    painter.setPen(QPen{colors.border, 1});
    painter.setBrush(m_hovered == at || (m_drag == Drag::connecting && m_pressed == at) ? colors.accent : colors.surface);
    painter.drawEllipse(QPointF{portOf(at)}, portRadius * m_zoom, portRadius * m_zoom);

    painter.setPen(colors.danger);
    for (int i = 0; i < m_rows[row].troubles.size(); ++i) {
        const QRect line{box.left() + scaled(44), box.bottom() + scaled(4) + i * scaled(troubleHeight), box.width() - scaled(48), scaled(troubleHeight)};
        painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, smallMetrics.elidedText(m_rows[row].troubles[i], Qt::ElideRight, line.width()));
    }
}

void LayerCanvas::paintConnections(QPainter& painter, const QRect& visible) const
{
    const ColorTokens& colors = Theme::instance().colors();
    const auto& outcomes = m_document.network().layers;
    const auto arrow = [&](const QPointF& tip, bool down, const QColor& color) {
        const double size = 4.0 * m_zoom;
        QPainterPath head{tip};
        head.lineTo(tip + QPointF{-size, -size});
        head.lineTo(tip + (down ? QPointF{size, -size} : QPointF{-size, size}));
        painter.fillPath(head, color);
    };
    painter.setBrush(Qt::NoBrush);
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        const std::size_t row = inputCount() + i;
        const bool reads = std::any_of(outcomes[i].inputs.begin(), outcomes[i].inputs.end(), [&](std::int32_t input) {
            return (input < 0 ? static_cast<std::size_t>(-1 - input) : inputCount() + static_cast<std::size_t>(input)) + 1 == row;
        });
        if (!reads || m_rows[row].top < visible.top() - 80 || m_rows[row - 1].top > visible.bottom())
            continue;
        const double x = boxOf(row).left() + scaled(28);
        const QPointF from{x, static_cast<double>(m_rows[row - 1].top + m_rows[row - 1].height)}, to{x, static_cast<double>(m_rows[row].top)};
        painter.setPen(QPen{colors.muted, 1.4});
        painter.drawLine(from, to);
        arrow(to, true, colors.muted);
    }
    for (const Arc& one : m_arcs) {
        const QRect from = boxOf(static_cast<std::size_t>(one.from)), to = boxOf(static_cast<std::size_t>(one.to));
        if (from.top() > visible.bottom() || to.bottom() < visible.top())
            continue;
        const auto isSelected = [&](int row) {
            return row >= static_cast<int>(inputCount()) && m_document.selected().contains(static_cast<std::size_t>(row) - inputCount());
        };
        const bool strong = isSelected(one.from) || isSelected(one.to);
        const QColor color = one.broken ? colors.danger : colors.accent;
        painter.setPen(QPen{color, strong ? 2.4 : 1.4});
        const double x = from.left() - scaled(laneWidth * (one.lane + 1.2)), bend = std::min(8.0 * m_zoom, from.left() - x);
        const double top = from.center().y() + scaled(6), bottom = to.center().y() - scaled(6);
        const double left = from.left();
        QPainterPath path{QPointF{left, top}};
        path.lineTo(x + bend, top);
        path.quadTo(x, top, x, top + bend);
        path.lineTo(x, bottom - bend);
        path.quadTo(x, bottom, x + bend, bottom);
        path.lineTo(left, bottom);
        painter.drawPath(path);
        arrow(QPointF{left, bottom}, false, color);
    }
}

void LayerCanvas::mousePressEvent(QMouseEvent* event)
{
    setFocus(Qt::MouseFocusReason);
    const QPoint pos = event->position().toPoint();
    if (event->button() != Qt::LeftButton)
        return;
    m_pressed = layerAt(pos);
    m_pressedAt = m_dragAt = pos;
    m_drag = Drag::none;
    if (!m_pressed)
        return m_document.select(std::nullopt);
    const bool onPort = (pos - portOf(*m_pressed)).manhattanLength() <= scaled(portRadius * 2.5);
    m_drag = onPort ? Drag::connecting : Drag::pressed;
    if (onPort)
        return update();
    if (event->modifiers() & Qt::ShiftModifier)
        m_document.extendTo(*m_pressed);
    else if (event->modifiers() & Qt::ControlModifier)
        m_document.toggle(*m_pressed);
    else if (!m_document.selected().contains(*m_pressed))
        m_document.select(*m_pressed);
}

void LayerCanvas::mouseMoveEvent(QMouseEvent* event)
{
    m_dragAt = event->position().toPoint();
    if (m_drag == Drag::none) {
        const auto at = layerAt(m_dragAt);
        const auto hovered = at && (m_dragAt - portOf(*at)).manhattanLength() <= scaled(portRadius * 2.5) ? at : std::nullopt;
        if (hovered != m_hovered) {
            m_hovered = hovered;
            setCursor(hovered ? Qt::CrossCursor : Qt::ArrowCursor);
            update();
        }
        return;
    }
    if (m_drag == Drag::pressed && (m_dragAt - m_pressedAt).manhattanLength() >= QApplication::startDragDistance()) {
        m_drag = Drag::moving;
        setCursor(Qt::ClosedHandCursor);
    }
    if (m_drag == Drag::moving)
        m_insertion = insertionAt(m_dragAt);
    Q_EMIT draggedTo(m_dragAt);
    update();
}

void LayerCanvas::mouseReleaseEvent(QMouseEvent* event)
{
    const Drag drag = std::exchange(m_drag, Drag::none);
    const auto insertion = std::exchange(m_insertion, std::nullopt);
    unsetCursor();
    update();
    if (event->button() != Qt::LeftButton || !m_pressed)
        return;
    const QPoint pos = event->position().toPoint();
    if (drag == Drag::moving && insertion)
        m_document.moveSelected(*insertion);
    else if (drag == Drag::connecting) {
        if (const auto reader = layerAt(pos); reader && *reader > *m_pressed)
            m_document.connectLayers(*reader, m_document.layers()[*m_pressed].name);
    } else if (drag == Drag::pressed && event->modifiers() == Qt::NoModifier)
        m_document.select(*m_pressed); // of several that were selected, the one clicked stays
}

void LayerCanvas::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (layerAt(event->position().toPoint()))
        Q_EMIT formWanted();
}

void LayerCanvas::keyPressEvent(QKeyEvent* event)
{
    const bool extend = event->modifiers() & Qt::ShiftModifier, alt = event->modifiers() & Qt::AltModifier;
    if (event->matches(QKeySequence::Copy) || event->matches(QKeySequence::Cut)) {
        if (const QString text = m_document.selectedAsText(); !text.isEmpty()) {
            QApplication::clipboard()->setText(text);
            if (event->matches(QKeySequence::Cut))
                m_document.removeSelected();
        }
        return;
    }
    if (event->matches(QKeySequence::Paste)) {
        m_document.paste(QApplication::clipboard()->text());
        return;
    }
    if (event->matches(QKeySequence::SelectAll))
        return m_document.selectAll();
    if (event->key() == Qt::Key_D && event->modifiers() == Qt::ControlModifier)
        return m_document.duplicateSelected();
    switch (event->key()) {
    case Qt::Key_Up: alt ? m_document.moveSelectedBy(-1) : m_document.step(-1, extend); return;
    case Qt::Key_Down: alt ? m_document.moveSelectedBy(1) : m_document.step(1, extend); return;
    case Qt::Key_PageUp: return m_document.step(-10, extend);
    case Qt::Key_PageDown: return m_document.step(10, extend);
    case Qt::Key_Home: return m_document.step(-static_cast<int>(m_document.layers().size()), extend);
    case Qt::Key_End: return m_document.step(static_cast<int>(m_document.layers().size()), extend);
    case Qt::Key_Delete:
    case Qt::Key_Backspace: return m_document.removeSelected();
    case Qt::Key_F2: Q_EMIT renameWanted(); return;
    case Qt::Key_Return:
    case Qt::Key_Enter: Q_EMIT formWanted(); return;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        if (event->modifiers() & Qt::ControlModifier)
            return setZoom(m_zoom * 1.1);
        break;
    case Qt::Key_Minus:
        if (event->modifiers() & Qt::ControlModifier)
            return setZoom(m_zoom / 1.1);
        break;
    case Qt::Key_0:
        if (event->modifiers() & Qt::ControlModifier)
            return setZoom(1);
        break;
    default: break;
    }
    QWidget::keyPressEvent(event);
}

void LayerCanvas::wheelEvent(QWheelEvent* event)
{
    if (!(event->modifiers() & Qt::ControlModifier))
        return QWidget::wheelEvent(event);
    setZoom(m_zoom * std::pow(1.1, event->angleDelta().y() / 120.0));
    event->accept();
}

void LayerCanvas::contextMenuEvent(QContextMenuEvent* event)
{
    if (const auto at = layerAt(event->pos()); at && event->reason() == QContextMenuEvent::Mouse && !m_document.selected().contains(*at))
        m_document.select(*at);
    Q_EMIT menuWanted(event->globalPos());
}

void LayerCanvas::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    update();
}

bool LayerCanvas::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const auto at = layerAt(help->pos());
    if (!at) {
        QToolTip::hideText();
        return true;
    }
    const LayerKind* kind = findLayerKind(m_document.layers()[*at].kind);
    QStringList lines{QString::fromStdString(m_document.layers()[*at].name)};
    if (kind)
        lines << translated(kind->help);
    lines << m_rows[inputCount() + *at].troubles;
    if (m_hovered == at)
        lines << tr("Drag to a layer below that is to read this one");
    QToolTip::showText(help->globalPos(), lines.join(QLatin1Char('\n')), this);
    return true;
}

}
