// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/theme.h"

namespace descent {

namespace {

// @name is replaced by the token of that name. Widgets say what they are by dynamic properties: kind of button, card, role.
constexpr auto sheet = R"(
* { outline: 0; }
QToolTip { background: @raised; color: @text; border: 1px solid @border; padding: 6px 8px; }
QLabel[role="muted"] { color: @muted; }
QLabel[role="caption"] { color: @muted; font-size: 12px; }
QLabel[role="danger"] { color: @danger; font-size: 12px; }
QLabel[role="warning"] { color: @warning; font-size: 12px; }
QLabel[role="heading"] { font-size: 14px; font-weight: 600; }
QLabel[role="title"] { font-size: 20px; font-weight: 600; }
QLabel[role="display"] { font-size: 28px; font-weight: 600; }
QFrame[card="true"] { background: @surface; border: 1px solid @border; border-radius: 10px; }
QLabel[dropZone="true"] { background: @surface; border: 1px dashed @border; border-radius: 10px; }
QFrame[line="true"] { background: @border; border: 0; max-height: 1px; min-height: 1px; }
QWidget#rail { background: @surface; border-right: 1px solid @border; }
QScrollArea, QScrollArea > QWidget > QWidget[scrollBody="true"] { background: transparent; border: 0; }

QPushButton, QToolButton[kind] { background: @surface; color: @text; border: 1px solid @border; border-radius: 7px; padding: 6px 12px; min-height: 18px; }
QPushButton:hover, QToolButton[kind]:hover { background: @raised; border-color: @muted; }
QPushButton:pressed, QToolButton[kind]:pressed { background: @border; }
QPushButton:focus, QToolButton[kind]:focus { border: 1px solid @accent; }
QPushButton:disabled { color: @muted; background: @raised; border-color: @border; }
QPushButton[kind="primary"] { background: @accent; color: @onAccent; border: 1px solid @accent; font-weight: 600; }
QPushButton[kind="primary"]:hover { background: @accentHover; border-color: @accentHover; }
QPushButton[kind="primary"]:focus { border: 2px solid @text; padding: 5px 11px; }
QPushButton[kind="primary"]:disabled { background: @border; color: @muted; border-color: @border; }
QPushButton[kind="big"] { background: @accent; color: @onAccent; border: 1px solid @accent; border-radius: 9px; font-size: 15px; font-weight: 600; padding: 9px 28px; }
QPushButton[kind="big"]:hover { background: @accentHover; }
QPushButton[kind="big"]:focus { border: 2px solid @text; padding: 8px 27px; }
QPushButton[kind="big"]:disabled { background: @border; color: @muted; border-color: @border; }
QPushButton[kind="danger"] { color: @danger; }
QPushButton[kind="ghost"], QToolButton[kind="ghost"] { background: transparent; border: 1px solid transparent; }
QPushButton[kind="ghost"]:hover, QToolButton[kind="ghost"]:hover { background: @raised; border-color: @border; }
QPushButton[kind="ghost"]:focus, QToolButton[kind="ghost"]:focus { border-color: @accent; }
QPushButton[kind="ghost"]:checked, QToolButton[kind="ghost"]:checked { background: @accentSoft; color: @text; border-color: @accent; }
QToolButton[kind="segment"] { background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 4px 5px; color: @muted; }
QToolButton[kind="segment"]:checked { background: @surface; color: @text; border-color: @border; font-weight: 600; }
QToolButton[kind="segment"]:focus { border-color: @accent; }
QFrame[segments="true"] { background: @raised; border: 1px solid @border; border-radius: 8px; }
QToolButton[kind="rail"] { background: transparent; border: 1px solid transparent; border-radius: 9px; color: @muted; padding: 8px 2px 6px 2px; font-size: 11px; }
QToolButton[kind="rail"]:hover { background: @raised; color: @text; border-color: transparent; }
QToolButton[kind="rail"]:checked { background: @accentSoft; color: @text; border-color: transparent; font-weight: 600; }
QToolButton[kind="rail"]:focus { border-color: @accent; }
QToolButton::menu-indicator, QPushButton::menu-indicator { image: none; width: 0; }

QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QAbstractSpinBox { background: @raised; color: @text; border: 1px solid @border; border-radius: 7px; padding: 5px 9px; min-height: 18px; selection-background-color: @accent; selection-color: @onAccent; }
QLineEdit:hover, QComboBox:hover, QAbstractSpinBox:hover { border-color: @muted; }
QAbstractSpinBox QLineEdit, QAbstractSpinBox QLineEdit:hover, QAbstractSpinBox QLineEdit:focus { background: transparent; border: 0; padding: 0; }
QLineEdit:focus, QComboBox:focus, QAbstractSpinBox:focus, QPlainTextEdit:focus, QTextEdit:focus { border: 1px solid @accent; background: @surface; }
QLineEdit[wrong="true"], QComboBox[wrong="true"] { border: 1px solid @danger; }
QLineEdit:disabled, QComboBox:disabled { color: @muted; }
QLineEdit[look="title"] { background: transparent; border: 1px solid transparent; font-size: 20px; font-weight: 600; padding: 2px 6px; }
QLineEdit[look="title"]:hover { border-color: @border; }
QLineEdit[look="title"]:focus { border-color: @accent; background: @surface; }
QComboBox { padding-right: 26px; }
QComboBox::drop-down { border: 0; width: 24px; }
QComboBox::down-arrow { image: url(:/icons/@themeName-chevron.svg); width: 14px; height: 14px; }
QComboBox QAbstractItemView { background: @surface; color: @text; border: 1px solid @border; padding: 4px; selection-background-color: @accentSoft; selection-color: @text; }
QListView[popup="true"] { border: 1px solid @border; padding: 4px; }
QListView[popup="true"]::item { border: 0; border-radius: 5px; }
QComboBox QAbstractItemView::item { min-height: 26px; padding: 2px 8px; border-radius: 5px; }

QMenu { background: @surface; color: @text; border: 1px solid @border; padding: 5px; }
QMenu::item { padding: 6px 24px 6px 12px; border-radius: 5px; }
QMenu::item:selected { background: @accentSoft; }
QMenu::item:disabled { color: @muted; }
QMenu::separator { height: 1px; background: @border; margin: 5px 8px; }

QCheckBox { spacing: 8px; }
QAbstractScrollArea::corner { background: transparent; border: 0; }
QCheckBox::indicator, QListView::indicator { width: 16px; height: 16px; border: 1px solid @muted; border-radius: 4px; background: @surface; }
QCheckBox::indicator:hover, QListView::indicator:hover { border-color: @accent; }
QCheckBox:focus { color: @accent; }
QCheckBox::indicator:checked, QListView::indicator:checked { background: @accent; border-color: @accent; image: url(:/icons/@themeName-check.svg); }

QTableView, QListView, QTreeView { background: @surface; alternate-background-color: @surface; color: @text; border: 0; gridline-color: @grid; selection-background-color: @accentSoft; selection-color: @text; }
QTableView::item, QListView::item, QTreeView::item { padding: 4px 8px; border: 0; border-bottom: 1px solid @grid; }
QTableView::item:selected, QListView::item:selected, QTreeView::item:selected { background: @accentSoft; color: @text; }
QTreeView#folders::item { border: 0; padding: 5px 4px; }
QTableView[pinned="true"] { border: 0; border-right: 1px solid @border; }
QHeaderView { background: @surface; }
QHeaderView::section { background: @surface; color: @muted; border: 0; border-bottom: 1px solid @border; padding: 7px 8px; font-size: 12px; font-weight: 600; text-align: left; }
QHeaderView::section:hover { color: @text; }
QTableCornerButton::section { background: @surface; border: 0; }

QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar::handle:vertical { background: @border; border-radius: 3px; min-height: 28px; margin: 2px; }
QScrollBar::handle:vertical:hover { background: @muted; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle:horizontal { background: @border; border-radius: 3px; min-width: 28px; margin: 2px; }
QScrollBar::handle:horizontal:hover { background: @muted; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page { background: transparent; border: 0; width: 0; height: 0; }

QProgressBar { background: @border; border: 0; border-radius: 3px; max-height: 6px; min-height: 6px; text-align: center; color: transparent; }
QProgressBar::chunk { background: @accent; border-radius: 3px; }
QSlider::groove:horizontal { background: @border; height: 4px; border-radius: 2px; }
QSlider::sub-page:horizontal { background: @accent; border-radius: 2px; }
QSlider::handle:horizontal { background: @surface; border: 2px solid @accent; width: 12px; height: 12px; margin: -6px 0; border-radius: 8px; }
QSlider::handle:horizontal:focus { background: @accent; }
QSplitter::handle { background: transparent; }
QDialog { background: @background; }
QFrame[toast="true"] { background: @text; border-radius: 9px; }
QFrame[toast="true"] QLabel { color: @surface; }
QFrame[toast="true"] QPushButton { background: transparent; color: @surface; border: 1px solid @muted; font-weight: 600; }
QFrame[notice="danger"] { background: @dangerSoft; border: 1px solid @danger; border-radius: 8px; }
QFrame[notice="warning"] { background: @warningSoft; border: 1px solid @warning; border-radius: 8px; }
QFrame[notice="success"] { background: @successSoft; border: 1px solid @success; border-radius: 8px; }
)";

/// `share` of `over` laid on `under`.
QColor mixed(const QColor& over, const QColor& under, double share)
{
    const auto channel = [&](int a, int b) { return static_cast<int>(a * share + b * (1 - share)); };
    return {channel(over.red(), under.red()), channel(over.green(), under.green()), channel(over.blue(), under.blue())};
}

}

QString styleSheet(const ColorTokens& colors)
{
    const bool dark = colors.background.lightness() < 128;
    // Longer names first: @accentSoft must not be read as @accent.
    const QList<QPair<QString, QString>> tokens{
        {QStringLiteral("@themeName"), dark ? QStringLiteral("dark") : QStringLiteral("light")},
        {QStringLiteral("@accentHover"), mixed(colors.accent, colors.text, 0.88).name()},
        {QStringLiteral("@accentSoft"), colors.accentSoft.name()},
        {QStringLiteral("@dangerSoft"), mixed(colors.danger, colors.surface, 0.09).name()},
        {QStringLiteral("@warningSoft"), mixed(colors.warning, colors.surface, 0.09).name()},
        {QStringLiteral("@successSoft"), mixed(colors.success, colors.surface, 0.09).name()},
        {QStringLiteral("@background"), colors.background.name()},
        {QStringLiteral("@onAccent"), colors.onAccent.name()},
        {QStringLiteral("@surface"), colors.surface.name()},
        {QStringLiteral("@raised"), colors.raised.name()},
        {QStringLiteral("@border"), colors.border.name()},
        {QStringLiteral("@accent"), colors.accent.name()},
        {QStringLiteral("@danger"), colors.danger.name()},
        {QStringLiteral("@warning"), colors.warning.name()},
        {QStringLiteral("@success"), colors.success.name()},
        {QStringLiteral("@muted"), colors.muted.name()},
        {QStringLiteral("@text"), colors.text.name()},
        {QStringLiteral("@grid"), colors.grid.name()},
    };
    QString result = QString::fromLatin1(sheet);
    for (const auto& [name, value] : tokens)
        result.replace(name, value);
    return result;
}

}
