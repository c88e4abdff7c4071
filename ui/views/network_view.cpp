// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/network_view.h"

#include "ui/theme/theme.h"

#include <QHelpEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace descent {

namespace {

constexpr int rowHeight = 26, margin = 6, barLeft = 22, barMost = 58, barLeast = 10;

QString shapeText(const Shape& shape)
{
    QStringList sizes;
    for (const std::int64_t size : shape)
        sizes << QString::number(size);
    return sizes.join(QStringLiteral("×"));
}

/// What stands before the last dot: "layer1.0" of "layer1.0.conv1".
QString groupOf(const std::string& name)
{
    const std::size_t dot = name.rfind('.');
    return dot == std::string::npos ? QString{} : QString::fromStdString(name.substr(0, dot)).remove(QStringLiteral(".downsample"));
}

double widthOf(const Shape& shape)
{
    return shape.empty() ? 0 : std::log2(1.0 + static_cast<double>(shape.front()));
}

}

NetworkView::NetworkView(QWidget* parent) : QWidget{parent}
{
    setProperty("scrollBody", true);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void NetworkView::setNetwork(const NetworkSpec& network)
{
    m_rows.clear();
    double widest = 1;
    for (const NetworkInput& input : network.inputs)
        widest = std::max(widest, widthOf(input.shape));
    for (const LayerNode& node : network.layers)
        widest = std::max(widest, widthOf(node.outputShape));
    for (std::size_t i = 0; i < network.inputs.size(); ++i) {
        const Shape& shape = network.inputs[i].shape;
        Row input{.name = network.inputs.size() == 1 ? tr("Input") : tr("Input %1").arg(i + 1),
                  .shape = shapeText(shape),
                  .share = widthOf(shape) / widest};
        input.kind = -1;
        input.toolTip = tr("What one sample looks like when it enters");
        m_rows.push_back(input);
    }
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
        const LayerNode& node = network.layers[i];
        Row row{.layer = i,
                .name = QString::fromStdString(layerName(node.layer)),
                .detail = QString::fromStdString(layerDetail(node.layer)),
                .shape = shapeText(node.outputShape),
                .parameters = node.parameterCount > 0 ? shortCount(node.parameterCount) : QString{},
                .group = groupOf(node.name),
                .kind = static_cast<int>(node.layer.index()),
                .share = widthOf(node.outputShape) / widest};
        const auto rowOf = [&](std::int32_t input) {
            return input < 0 ? static_cast<std::size_t>(-1 - input) : network.inputs.size() + static_cast<std::size_t>(input);
        };
        if (node.inputs.size() > 1)
            row.shortcutFrom = rowOf(*std::min_element(node.inputs.begin(), node.inputs.end())) + 1;
        row.toolTip = tr("%1: %2 %3\nOutput %4\n%5 parameters, %6 multiply-adds a sample")
                          .arg(QString::fromStdString(node.name), row.name, row.detail, row.shape, shortCount(node.parameterCount),
                               shortCount(node.multiplyAdds));
        m_rows.push_back(std::move(row));
    }
    setMinimumHeight(sizeHint().height());
    setAccessibleDescription(tr("Network, layers: %1").arg(network.layers.size()));
    update();
}

void NetworkView::setFrozen(const std::vector<bool>& layers)
{
    std::size_t frozen = 0;
    for (Row& row : m_rows) {
        row.frozen = row.kind >= 0 && row.layer < layers.size() && layers[row.layer];
        frozen += row.frozen ? 1 : 0;
    }
    if (frozen > 0)
        setAccessibleDescription(tr("Network, layers: %1, of which frozen: %2").arg(m_rows.size()).arg(frozen));
    update();
}

void NetworkView::clear()
{
    m_rows.clear();
    setMinimumHeight(0);
    update();
}

QSize NetworkView::sizeHint() const
{
    return {260, static_cast<int>(m_rows.size()) * rowHeight + 2 * margin};
}

int NetworkView::rowAt(int y) const
{
    const int row = (y - margin) / rowHeight;
    return y >= margin && row < static_cast<int>(m_rows.size()) ? row : -1;
}

bool NetworkView::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        if (const int row = rowAt(help->pos().y()); row >= 0)
            QToolTip::showText(help->globalPos(),
                               m_rows[static_cast<std::size_t>(row)].toolTip
                                   + (m_rows[static_cast<std::size_t>(row)].frozen ? QLatin1Char('\n') + tr("Frozen: does not learn") : QString{}),
                               this);
        else
            QToolTip::hideText();
        return true;
    }
    return QWidget::event(event);
}

void NetworkView::paintEvent(QPaintEvent* event)
{
    const Theme& theme = Theme::instance();
    const ColorTokens& colors = theme.colors();
    QPainter painter{this};
    painter.setRenderHint(QPainter::Antialiasing);
    const QFont small = Theme::font(TextStyle::caption);
    int parametersWidth = 0, shapeWidth = 0;   // as wide as their widest, so that names keep the rest
    for (const Row& row : m_rows) {
        parametersWidth = std::max(parametersWidth, QFontMetrics{small}.horizontalAdvance(row.parameters));
        shapeWidth = std::max(shapeWidth, QFontMetrics{small}.horizontalAdvance(row.shape));
    }
    // Only what is seen: a ResNet-50 has 170 rows.
    const int first = std::max(0, (event->rect().top() - margin) / rowHeight - 1);
    const int last = std::min(static_cast<int>(m_rows.size()) - 1, (event->rect().bottom() - margin) / rowHeight + 1);
    for (int i = first; i <= last; ++i) {
        const Row& row = m_rows[static_cast<std::size_t>(i)];
        const int y = margin + i * rowHeight;
        const bool beginsGroup = !row.group.isEmpty() && (i == 0 || m_rows[static_cast<std::size_t>(i - 1)].group != row.group);
        if (!row.group.isEmpty()) {
            painter.fillRect(QRectF{14.0, y + (beginsGroup ? 2.0 : 0.0), 2.0, rowHeight - (beginsGroup ? 2.0 : 0.0)}, colors.border);
        }
        const QColor tint = row.kind < 0 ? colors.muted : theme.seriesColor(row.kind);
        const double width = barLeast + (barMost - barLeast) * row.share;
        QColor fill = tint;
        fill.setAlpha(row.parameters.isEmpty() ? 80 : 210);
        painter.setPen(Qt::NoPen);
        painter.setBrush(fill);
        const QRectF bar{barLeft + (barMost - width) / 2, y + 5.0, width, rowHeight - 10.0};
        if (row.frozen) { // without its colour, and hatched: it holds still
            painter.setPen(QPen{colors.muted, 1});
            painter.setBrush(QBrush{colors.muted, Qt::BDiagPattern});
        }
        painter.drawRoundedRect(bar, 4, 4);

        const int textLeft = barLeft + barMost + 12;
        const int right = this->width() - 8;
        const int parametersLeft = right - parametersWidth, shapeLeft = parametersLeft - shapeWidth - 14;
        painter.setFont(small);
        painter.setPen(colors.muted);
        painter.drawText(QRect{parametersLeft, y, parametersWidth, rowHeight}, Qt::AlignRight | Qt::AlignVCenter, row.parameters);
        painter.drawText(QRect{shapeLeft, y, shapeWidth, rowHeight}, Qt::AlignRight | Qt::AlignVCenter, row.shape);
        painter.setPen(colors.text);
        const QFontMetrics metrics{small};
        const QString name = metrics.elidedText(row.name, Qt::ElideRight, shapeLeft - textLeft);
        painter.drawText(QRect{textLeft, y, shapeLeft - textLeft, rowHeight}, Qt::AlignLeft | Qt::AlignVCenter, name);
        const int detailLeft = textLeft + metrics.horizontalAdvance(name) + 6;
        if (detailLeft < shapeLeft - 20) {
            painter.setPen(colors.muted);
            painter.drawText(QRect{detailLeft, y, shapeLeft - detailLeft, rowHeight}, Qt::AlignLeft | Qt::AlignVCenter,
                             metrics.elidedText(row.detail, Qt::ElideRight, shapeLeft - detailLeft));
        }
    }
    // Shortcuts: from the row after which the branch left, around to the sum.
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen{colors.accent, 1.4});
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        if (m_rows[i].shortcutFrom == 0)
            continue;
        const double from = margin + static_cast<double>(m_rows[i].shortcutFrom) * rowHeight - rowHeight / 2.0;
        const double to = margin + static_cast<double>(i) * rowHeight + rowHeight / 2.0;
        QPainterPath arc{QPointF{14.0, from}};
        arc.cubicTo(2, from + 6, 2, to - 6, 14, to);
        painter.drawPath(arc);
    }
}

}
