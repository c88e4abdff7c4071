// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/prepare/split_view.h"

#include "ui/plot/curve_plot.h"
#include "ui/theme/theme.h"

#include <QLocale>
#include <QPainter>

#include <algorithm>
#include <numeric>

namespace descent {

namespace {

constexpr int barHeight = 34, rowHeight = 26, headHeight = 30, gap = 18, nameWidth = 170;
constexpr std::size_t mostClasses = 24;

struct Part {
    QString name;
    const PartProfile& profile;
    int color; // place in the series palette, as the series' parts have it
};

QString counted(std::int64_t count)
{
    return QLocale{}.toString(static_cast<qlonglong>(count));
}

std::vector<Part> partsOf(const QualityReport& report)
{
    return {{SplitView::tr("Training"), report.train, 0}, {SplitView::tr("Validation"), report.validation, 1}, {SplitView::tr("Test"), report.test, 2}};
}

}

SplitView::SplitView(QWidget* parent) : QWidget{parent}
{
    setObjectName(QStringLiteral("split"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void SplitView::setReport(std::shared_ptr<const QualityReport> report, std::vector<std::string> classNames, QString targetName)
{
    m_report = std::move(report);
    m_classNames = std::move(classNames);
    m_targetName = std::move(targetName);
    updateGeometry();
    update();
}

QSize SplitView::sizeHint() const
{
    const int rows = m_classNames.empty() ? 1 : static_cast<int>(std::min(mostClasses, m_classNames.size()));
    return {400, headHeight + barHeight + gap + headHeight + rows * rowHeight + 40};
}

void SplitView::paintEvent(QPaintEvent*)
{
    if (!m_report || m_report->train.count == 0)
        return;
    const Theme& theme = Theme::instance();
    const ColorTokens& colors = theme.colors();
    QPainter painter{this};
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(Theme::font(TextStyle::body));
    const std::vector<Part> parts = partsOf(*m_report);
    QString how = m_report->ordered ? tr("In order of \"%1\": the last rows are the test").arg(QString::fromStdString(m_report->ruledBy))
        : m_report->grouped        ? tr("By groups: all rows of one \"%1\" stay together").arg(QString::fromStdString(m_report->ruledBy))
        : m_report->stratified     ? tr("At random, each class with its share in every part")
                                   : tr("At random");
    if (m_report->ownTest)
        how += tr("; the test part is the source's own");
    painter.setPen(colors.muted);
    painter.drawText(QRect{0, 0, width(), headHeight}, Qt::AlignLeft | Qt::AlignVCenter, painter.fontMetrics().elidedText(how, Qt::ElideMiddle, width()));

    // The bar: what is set aside stands at its end, in no colour of a part.
    const double all = static_cast<double>(m_report->train.count + m_report->validation.count + m_report->test.count + m_report->setAsideCount);
    double x = 0;
    painter.setFont(Theme::font(TextStyle::caption));
    const QFontMetrics metrics = painter.fontMetrics();
    const auto block = [&](const QString& name, std::int64_t count, const QColor& color) {
        if (count == 0)
            return;
        const double wide = width() * static_cast<double>(count) / all;
        const QRectF rect{x, static_cast<double>(headHeight), std::max(2.0, wide - 2), static_cast<double>(barHeight)};
        QColor soft = color;
        soft.setAlphaF(theme.isDark() ? 0.35F : 0.25F);
        painter.setPen(Qt::NoPen);
        painter.setBrush(soft);
        painter.drawRoundedRect(rect, 5, 5);
        painter.setPen(colors.text);
        const QString whole = QStringLiteral("%1  %2").arg(name, counted(count));
        const QString label = metrics.horizontalAdvance(whole) < rect.width() - 8 ? whole : metrics.horizontalAdvance(counted(count)) < rect.width() - 6 ? counted(count) : QString{};
        painter.drawText(rect, Qt::AlignCenter, label);
        x += wide;
    };
    for (const Part& part : parts)
        block(part.name, part.profile.count, theme.seriesColor(part.color));
    block(tr("Set aside"), m_report->setAsideCount, colors.muted);

    // What each part holds.
    const double columnWidth = (width() - nameWidth) / 3.0;
    int y = headHeight + barHeight + gap;
    const auto columnLeft = [&](std::size_t i) { return nameWidth + static_cast<double>(i) * columnWidth; };
    painter.setFont(Theme::font(TextStyle::heading));
    painter.setPen(colors.text);
    painter.drawText(QRect{0, y, nameWidth - 8, headHeight}, Qt::AlignLeft | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(m_targetName, Qt::ElideMiddle, nameWidth - 8));
    for (std::size_t i = 0; i < parts.size(); ++i) {
        painter.setPen(colors.text);
        painter.drawText(QRectF{columnLeft(i), static_cast<double>(y), columnWidth, headHeight}, Qt::AlignLeft | Qt::AlignVCenter, parts[i].name);
    }
    y += headHeight;
    painter.setFont(Theme::font(TextStyle::caption));
    if (m_classNames.empty()) {
        painter.setPen(colors.muted);
        painter.drawText(QRect{0, y, nameWidth - 8, rowHeight}, Qt::AlignLeft | Qt::AlignVCenter, tr("Mean, from least to greatest"));
        for (std::size_t i = 0; i < parts.size(); ++i) {
            const PartProfile& part = parts[i].profile;
            painter.setPen(colors.text);
            if (part.count > 0)
                painter.drawText(QRectF{columnLeft(i), static_cast<double>(y), columnWidth, rowHeight}, Qt::AlignLeft | Qt::AlignVCenter,
                                 tr("%1, %2 to %3").arg(shortNumber(part.targetMean), shortNumber(part.targetLow), shortNumber(part.targetHigh)));
        }
        y += rowHeight;
    }
    for (std::size_t row = 0; row < std::min(mostClasses, m_classNames.size()); ++row, y += rowHeight) {
        painter.setPen(colors.text);
        painter.drawText(QRect{0, y, nameWidth - 8, rowHeight}, Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(QString::fromStdString(m_classNames[row]), Qt::ElideMiddle, nameWidth - 8));
        for (std::size_t i = 0; i < parts.size(); ++i) {
            const PartProfile& part = parts[i].profile;
            if (part.count == 0 || row >= part.classCounts.size())
                continue;
            // Of all classes together: a picture may have boxes of several.
            const auto all = std::accumulate(part.classCounts.begin(), part.classCounts.end(), std::int64_t{0});
            const double share = static_cast<double>(part.classCounts[row]) / static_cast<double>(std::max<std::int64_t>(1, all));
            const QString words = tr("%1   %2 %").arg(counted(part.classCounts[row])).arg(100 * share, 0, 'f', 1);
            constexpr double wordsWidth = 110;
            const double room = std::max(12.0, columnWidth - wordsWidth - 16);
            painter.setPen(Qt::NoPen);
            painter.setBrush(theme.seriesColor(static_cast<qint64>(row)));
            painter.drawRoundedRect(QRectF{columnLeft(i), y + 8.0, std::max(2.0, room * share), rowHeight - 16.0}, 3, 3);
            painter.setPen(colors.muted);
            painter.drawText(QRectF{columnLeft(i) + std::max(2.0, room * share) + 8, static_cast<double>(y), wordsWidth, rowHeight}, Qt::AlignLeft | Qt::AlignVCenter, words);
        }
    }
    if (m_report->grouped || m_report->ordered) {
        painter.setPen(colors.muted);
        painter.drawText(QRect{0, y, nameWidth - 8, rowHeight}, Qt::AlignLeft | Qt::AlignVCenter, metrics.elidedText(QString::fromStdString(m_report->ruledBy), Qt::ElideMiddle, nameWidth - 8));
        for (std::size_t i = 0; i < parts.size(); ++i) {
            const PartProfile& part = parts[i].profile;
            const QString words = m_report->grouped ? tr("%1 groups").arg(counted(part.groups)) : tr("%1 to %2").arg(QString::fromStdString(part.from), QString::fromStdString(part.to));
            if (part.count > 0)
                painter.drawText(QRectF{columnLeft(i), static_cast<double>(y), columnWidth - 8, rowHeight}, Qt::AlignLeft | Qt::AlignVCenter,
                                 metrics.elidedText(words, Qt::ElideMiddle, static_cast<int>(columnWidth) - 8));
        }
    }
}

WindowsView::WindowsView(QWidget* parent) : QWidget{parent}
{
    setObjectName(QStringLiteral("windows"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void WindowsView::setWindows(std::vector<Window> windows, std::int64_t steps)
{
    m_windows = std::move(windows);
    m_steps = std::max<std::int64_t>(1, steps);
    updateGeometry();
    update();
}

QSize WindowsView::sizeHint() const
{
    return {400, 26 + static_cast<int>(m_windows.size()) * 14 + 6};
}

void WindowsView::paintEvent(QPaintEvent*)
{
    if (m_windows.empty())
        return;
    const Theme& theme = Theme::instance();
    QPainter painter{this};
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(Theme::font(TextStyle::caption));
    painter.setPen(theme.colors().muted);
    painter.drawText(QRect{0, 0, width(), 22}, Qt::AlignLeft | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(tr("Some windows: %1 steps are read (outlined), the %2 behind them are asked for (filled)").arg(m_windows.front().input).arg(m_windows.front().horizon), Qt::ElideRight, width()));
    const double step = width() / static_cast<double>(m_steps);
    for (std::size_t i = 0; i < m_windows.size(); ++i) {
        const Window& window = m_windows[i];
        const double y = 26.0 + static_cast<double>(i) * 14, left = static_cast<double>(window.begin) * step;
        const double middle = static_cast<double>(window.begin + window.input) * step;
        const QColor color = theme.seriesColor(window.part);
        painter.setPen(QPen{color, 1.2});
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(QRectF{left, y, std::max(2.0, middle - left), 9});
        painter.setBrush(color);
        painter.drawRect(QRectF{middle, y, std::max(2.0, static_cast<double>(window.horizon) * step), 9});
    }
}

std::vector<WindowsView::Window> someWindows(std::int64_t trainEnd, std::int64_t validationEnd, std::int64_t testEnd, std::int64_t input, std::int64_t horizon)
{
    constexpr std::int64_t ofEach = 3;
    std::vector<WindowsView::Window> windows;
    const std::int64_t ends[] = {input, trainEnd, validationEnd, testEnd}; // the first window has read `input` steps
    for (int part = 0; part < 3; ++part) {
        const std::int64_t first = std::max(input, ends[part]), last = ends[part + 1] - horizon; // of the first step asked for
        const std::int64_t count = last <= first ? (last == first ? 1 : 0) : ofEach;
        for (std::int64_t i = 0; i < count; ++i)
            windows.push_back({.begin = first + (count > 1 ? (last - first) * i / (count - 1) : 0) - input, .input = input, .horizon = horizon, .part = part});
    }
    return windows;
}

}
