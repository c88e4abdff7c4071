// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QFont>
#include <QList>
#include <QObject>
#include <QString>

namespace descent {

/// The colours everything is drawn with, by what they are for. Pairs are tested for contrast (tst_theme).
struct ColorTokens {
    QColor background;      ///< behind everything
    QColor surface;         ///< cards, tables, charts
    QColor raised;          ///< fields, menus, hovered rows
    QColor border, grid;    ///< lines around things; faint lines in charts
    QColor text, muted;     ///< sentences; captions
    QColor accent, onAccent, accentSoft;   ///< the one action; text on it; selected rows
    QColor danger, warning, success;
    QList<QColor> series;   ///< curves and classes: told apart by colour-blind eyes, readable on `surface`
};

enum class TextStyle { display, title, heading, body, caption, mono };

/// Light or dark, for the whole program. Follows the system until a person chooses.
class Theme : public QObject
{
    Q_OBJECT
public:
    enum class Mode { system, light, dark };
    static Theme& instance();

    void apply(Mode mode);                  ///< palette, style sheet and fonts of the application
    Mode mode() const { return m_mode; }
    bool isDark() const { return m_dark; }
    const ColorTokens& colors() const { return m_colors; }
    QColor seriesColor(qint64 index) const; ///< wraps around; the same index has the same place in both palettes
    static QFont font(TextStyle style);

    static ColorTokens lightColors();
    static ColorTokens darkColors();

    // A 4 px grid.
    static constexpr int space1 = 4, space2 = 8, space3 = 12, space4 = 16, space5 = 24, space6 = 32;
    static constexpr int radius = 8;

Q_SIGNALS:
    void changed();

private:
    Theme();
    Mode m_mode = Mode::system;
    bool m_dark = false;
    ColorTokens m_colors;
};

/// The style sheet of the whole program, made from the tokens.
QString styleSheet(const ColorTokens& colors);

}
