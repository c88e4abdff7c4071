// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/text_sheet.h"

#include "ui/theme/theme.h"

#include <QFontMetrics>
#include <QPainter>

#include <algorithm>

namespace descent {

namespace {

constexpr int gap = 8, labelHeight = 16, mostLines = 3;
constexpr std::size_t mostSamples = 6, mostCharacters = 400;
constexpr int corpusLines = 9;

QFont fontFor(bool corpus)
{
    return Theme::font(corpus ? TextStyle::mono : TextStyle::caption);
}

constexpr int flags = Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap;

}

TextSheet::TextSheet(QWidget* parent) : QWidget{parent}
{
    QSizePolicy policy{QSizePolicy::Expanding, QSizePolicy::Preferred};
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

bool TextSheet::setSamples(const DatasetReport& report)
{
    m_samples.clear();
    m_corpus = report.inputs == DatasetReport::Inputs::corpus;
    if (m_corpus || report.inputs == DatasetReport::Inputs::texts)
        for (const auto& sample : report.samples) {
            if (sample.cells.empty() || m_samples.size() == (m_corpus ? 1 : mostSamples))
                continue;
            const QString text = QString::fromStdString(sample.cells.front()).left(mostCharacters);
            const auto found = std::find(report.classNames.begin(), report.classNames.end(), sample.target);
            m_samples.push_back({m_corpus ? text : text.simplified(), QString::fromStdString(sample.target),
                                 static_cast<int>(found - report.classNames.begin())});
        }
    updateGeometry();
    update();
    return !m_samples.empty();
}

int TextSheet::heightOf(const Sample& sample, int width) const
{
    const QFontMetrics metrics{fontFor(m_corpus)};
    const int needed = metrics.boundingRect(QRect{0, 0, std::max(width, 40), 10'000}, flags, sample.text).height();
    return std::min(needed, (m_corpus ? corpusLines : mostLines) * metrics.lineSpacing());
}

int TextSheet::heightForWidth(int width) const
{
    int height = 0;
    for (const Sample& sample : m_samples)
        height += (sample.label.isEmpty() ? 0 : labelHeight) + heightOf(sample, width) + gap;
    return height;
}

void TextSheet::paintEvent(QPaintEvent*)
{
    QPainter painter{this};
    painter.setRenderHint(QPainter::Antialiasing);
    const Theme& theme = Theme::instance();
    int y = 0;
    for (const Sample& sample : m_samples) {
        if (!sample.label.isEmpty()) {
            painter.setFont(Theme::font(TextStyle::caption));
            painter.setPen(Qt::NoPen);
            painter.setBrush(theme.seriesColor(sample.color));
            painter.drawEllipse(QPointF{4, y + labelHeight / 2.0}, 3.5, 3.5);
            painter.setPen(theme.colors().muted);
            painter.drawText(QRect{13, y, width() - 13, labelHeight}, Qt::AlignLeft | Qt::AlignVCenter,
                             painter.fontMetrics().elidedText(sample.label, Qt::ElideMiddle, width() - 13));
            y += labelHeight;
        }
        painter.setFont(fontFor(m_corpus));
        painter.setPen(theme.colors().text);
        const int height = heightOf(sample, width());
        painter.save();
        painter.setClipRect(QRect{0, y, width(), height});
        painter.drawText(QRect{0, y, width(), 10'000}, flags, sample.text);
        painter.restore();
        y += height + gap;
    }
}

}
