// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/text_pair_list.h"

#include "ui/theme/theme.h"

#include <QPainter>

#include <algorithm>

namespace descent {

namespace {

constexpr std::size_t mostPairs = 6;
constexpr int between = 8, wrap = Qt::TextWordWrap | Qt::TextWrapAnywhere;
constexpr qsizetype longest = 300; // of a sheet that is glanced at

QString shortened(const std::string& text)
{
    const QString whole = QString::fromStdString(text);
    return whole.size() <= longest ? whole : whole.left(longest) + QStringLiteral("\u2026");
}

int heightOf(const QString& text, int width)
{
    return QFontMetrics{Theme::font(TextStyle::caption)}.boundingRect(QRect{0, 0, width, 4000}, wrap, text).height();
}

}

TextPairList::TextPairList(QWidget* parent) : QWidget{parent}
{
    setObjectName(QStringLiteral("textPairs"));
    QSizePolicy policy{QSizePolicy::Expanding, QSizePolicy::Preferred};
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void TextPairList::setPairs(const DatasetReport& report)
{
    m_pairs.clear();
    if (report.inputs == DatasetReport::Inputs::texts && report.classNames.empty())
        for (const auto& sample : report.samples)
            if (m_pairs.size() < mostPairs && !sample.cells.empty() && !sample.target.empty())
                m_pairs.push_back({shortened(sample.cells.front()), shortened(sample.target)});
    updateGeometry();
    update();
}

int TextPairList::heightForWidth(int width) const
{
    int height = 0;
    for (const Pair& pair : m_pairs)
        height += heightOf(pair.source, width) + heightOf(pair.target, width) + between;
    return std::max(0, height - between);
}

void TextPairList::paintEvent(QPaintEvent*)
{
    const ColorTokens& colors = Theme::instance().colors();
    QPainter painter{this};
    painter.setFont(Theme::font(TextStyle::caption));
    int top = 0;
    for (const Pair& pair : m_pairs) {
        for (const QString* text : {&pair.source, &pair.target}) {
            const int height = heightOf(*text, width());
            painter.setPen(text == &pair.source ? colors.muted : colors.text);
            painter.drawText(QRect{0, top, width(), height}, wrap, *text);
            top += height;
        }
        top += between;
    }
}

}
