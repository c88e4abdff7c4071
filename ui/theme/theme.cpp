// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/theme.h"

#include <QApplication>
#include <QFontDatabase>
#include <QPalette>
#include <QStyle>
#include <QStyleFactory>

namespace descent {

Theme::Theme() : m_colors{lightColors()} { }

Theme& Theme::instance()
{
    static Theme theme;
    return theme;
}

ColorTokens Theme::lightColors()
{
    return {.background = "#f4f5f8",
            .surface = "#ffffff",
            .raised = "#f7f8fa",
            .border = "#dde1e8",
            .grid = "#eceef2",
            .text = "#151922",
            .muted = "#5a6373",
            .accent = "#4a45d8",
            .onAccent = "#ffffff",
            .accentSoft = "#ecebfd",
            .danger = "#c0261c",
            .warning = "#8f5400",
            .success = "#0b7443",
            .series = {"#2f6fde", "#d9480f", "#087f5b", "#9c36b5", "#a66a00", "#c2255c", "#0b7285", "#4f7d0a", "#5f3dc4", "#7a4a21",
                       "#495057", "#d6336c"}};
}

ColorTokens Theme::darkColors()
{
    return {.background = "#0d1015",
            .surface = "#151920",
            .raised = "#1c212a",
            .border = "#2b323e",
            .grid = "#222832",
            .text = "#e9ecf2",
            .muted = "#9aa4b5",
            .accent = "#8b8cff",
            .onAccent = "#0c0d16",
            .accentSoft = "#252650",
            .danger = "#ff8078",
            .warning = "#e6b450",
            .success = "#5ad492",
            .series = {"#6ea8fe", "#ff922b", "#38d9a9", "#da77f2", "#fcc419", "#ff8787", "#3bc9db", "#a9e34b", "#a78bfa", "#d0a179",
                       "#ced4da", "#f783ac"}};
}

QColor Theme::seriesColor(qint64 index) const
{
    const auto count = static_cast<qint64>(m_colors.series.size());
    return m_colors.series[static_cast<int>(((index % count) + count) % count)];
}

QFont Theme::font(TextStyle style)
{
    QFont font = QApplication::font();
    switch (style) {
    case TextStyle::display:
        font.setPixelSize(30);
        font.setWeight(QFont::DemiBold);
        break;
    case TextStyle::title:
        font.setPixelSize(20);
        font.setWeight(QFont::DemiBold);
        break;
    case TextStyle::heading:
        font.setPixelSize(14);
        font.setWeight(QFont::DemiBold);
        break;
    case TextStyle::body: font.setPixelSize(13); break;
    case TextStyle::caption: font.setPixelSize(12); break;
    case TextStyle::mono:
        font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
        font.setPixelSize(12);
        break;
    }
    return font;
}

void Theme::apply(Mode mode)
{
    static const QPalette systemPalette = QApplication::palette();   // as it was before the first change
    m_mode = mode;
    m_dark = mode == Mode::dark
        || (mode == Mode::system && systemPalette.color(QPalette::Window).lightness() < systemPalette.color(QPalette::WindowText).lightness());
    m_colors = m_dark ? darkColors() : lightColors();

    if (QApplication::style()->objectName().compare(QLatin1String("fusion"), Qt::CaseInsensitive) != 0)
        QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    static const bool hasInter = QFontDatabase::hasFamily(QStringLiteral("Inter"));
    QFont base = QApplication::font();
    if (hasInter)
        base.setFamilies({QStringLiteral("Inter"), QStringLiteral("Noto Sans CJK SC"), QStringLiteral("sans-serif")});
    base.setPixelSize(13);
    QApplication::setFont(base);

    QPalette palette;
    palette.setColor(QPalette::Window, m_colors.background);
    palette.setColor(QPalette::WindowText, m_colors.text);
    palette.setColor(QPalette::Base, m_colors.surface);
    palette.setColor(QPalette::AlternateBase, m_colors.raised);
    palette.setColor(QPalette::Text, m_colors.text);
    palette.setColor(QPalette::PlaceholderText, m_colors.muted);
    palette.setColor(QPalette::Button, m_colors.surface);
    palette.setColor(QPalette::ButtonText, m_colors.text);
    palette.setColor(QPalette::BrightText, m_colors.onAccent);
    palette.setColor(QPalette::Highlight, m_colors.accent);
    palette.setColor(QPalette::HighlightedText, m_colors.onAccent);
    palette.setColor(QPalette::ToolTipBase, m_colors.raised);
    palette.setColor(QPalette::ToolTipText, m_colors.text);
    palette.setColor(QPalette::Link, m_colors.accent);
    palette.setColor(QPalette::Mid, m_colors.border);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, m_colors.muted);
    QApplication::setPalette(palette);
    qApp->setStyleSheet(styleSheet(m_colors));
    Q_EMIT changed();
}

}
