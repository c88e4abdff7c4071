// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/main_window.h"

#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/widgets.h"

#include <QButtonGroup>
#include <QCloseEvent>
#include <QDialog>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QSettings>
#include <QShortcut>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace descent {

namespace {

QToolButton* railButton(const QString& iconName, const QString& title)
{
    auto* button = new QToolButton;
    button->setProperty("kind", "rail");
    button->setText(title);
    button->setToolButtonStyle(Qt::ToolButtonTextUnderIcon);
    button->setIconSize({22, 22});
    button->setFixedSize(64, 58);
    button->setFocusPolicy(Qt::StrongFocus);
    setThemedIcon(button, iconName);
    return button;
}

}

MainWindow::MainWindow(const QString& settingsFile) : m_settingsFile{settingsFile}
{
    setWindowTitle(tr("Descent"));
    setWindowIcon(QIcon{QStringLiteral(":/icons/descent.svg")});
    setMinimumSize(1040, 640);
    auto* centre = new QWidget;
    auto* layout = new QHBoxLayout{centre};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* rail = new QWidget;
    rail->setObjectName(QStringLiteral("rail"));
    rail->setAttribute(Qt::WA_StyledBackground);
    rail->setFixedWidth(80);
    auto* railLayout = new QVBoxLayout{rail};
    railLayout->setContentsMargins(8, 14, 8, 10);
    railLayout->setSpacing(Theme::space1);
    auto* mark = new QLabel;
    mark->setPixmap(QIcon{QStringLiteral(":/icons/descent.svg")}.pixmap(36, 36));
    mark->setAlignment(Qt::AlignCenter);
    railLayout->addWidget(mark);
    railLayout->addSpacing(Theme::space3);
    m_railButtons = new QVBoxLayout;
    m_railButtons->setSpacing(Theme::space1);
    railLayout->addLayout(m_railButtons);
    railLayout->addStretch(1);
    auto* keys = railButton(QStringLiteral("keyboard"), tr("Keys"));
    keys->setToolTip(tr("Keyboard shortcuts (F1)"));
    connect(keys, &QToolButton::clicked, this, &MainWindow::showShortcuts);
    railLayout->addWidget(keys);
    m_theme = railButton(QStringLiteral("moon"), tr("Theme"));
    m_theme->setObjectName(QStringLiteral("theme"));
    m_theme->setToolTip(tr("Light or dark (Ctrl+Shift+L)"));
    connect(m_theme, &QToolButton::clicked, this, &MainWindow::toggleTheme);
    railLayout->addWidget(m_theme);
    layout->addWidget(rail);
    m_pages = new QStackedWidget;
    layout->addWidget(m_pages, 1);
    setCentralWidget(centre);
    m_group = new QButtonGroup{this};
    m_group->setExclusive(true);
    m_toast = new Toast{centre};
    connect(m_toast, &Toast::actionChosen, this, [this] {
        if (const auto undo = std::exchange(m_undo, nullptr))
            undo();
    });
    connect(new QShortcut{QKeySequence{Qt::Key_F1}, this}, &QShortcut::activated, this, &MainWindow::showShortcuts);
    connect(new QShortcut{QKeySequence{Qt::CTRL | Qt::SHIFT | Qt::Key_L}, this}, &QShortcut::activated, this, &MainWindow::toggleTheme);

    const QSettings settings{m_settingsFile, QSettings::IniFormat};
    if (!restoreGeometry(settings.value(QStringLiteral("window/geometry")).toByteArray()))
        resize(1440, 880);
}

MainWindow::~MainWindow() = default;

void MainWindow::addPage(const QString& id, const QString& iconName, const QString& title, QWidget* page)
{
    const int index = m_pages->addWidget(page);
    m_indexOf.insert(id, index);
    QToolButton* button = railButton(iconName, title);
    button->setCheckable(true);
    button->setObjectName(QStringLiteral("page-") + id);
    button->setToolTip(tr("%1 (Ctrl+%2)").arg(title).arg(index + 1));
    m_group->addButton(button, index);
    m_railButtons->addWidget(button);
    connect(button, &QToolButton::clicked, this, [this, id] { showPage(id); });
    connect(new QShortcut{QKeySequence{Qt::CTRL | static_cast<Qt::Key>(Qt::Key_1 + index)}, this}, &QShortcut::activated, this, [this, id] { showPage(id); });
    if (index == 0)
        button->setChecked(true);
}

void MainWindow::showPage(const QString& id)
{
    const int index = m_indexOf.value(id, 0);
    m_pages->setCurrentIndex(index);
    m_group->button(index)->setChecked(true);
    Q_EMIT pageShown(id);
}

QString MainWindow::currentPage() const
{
    return m_indexOf.key(m_pages->currentIndex());
}

void MainWindow::showMessage(const QString& message)
{
    m_undo = nullptr;
    m_toast->show(message);
}

void MainWindow::showUndo(const QString& message, std::function<void()> undo)
{
    m_undo = std::move(undo);
    m_toast->show(message, tr("Undo"));
}

void MainWindow::toggleTheme()
{
    Theme& theme = Theme::instance();
    theme.apply(theme.isDark() ? Theme::Mode::light : Theme::Mode::dark);
    setThemedIcon(m_theme, theme.isDark() ? QStringLiteral("sun") : QStringLiteral("moon"));
    remember();
}

void MainWindow::showShortcuts()
{
    QDialog dialog{this};
    dialog.setWindowTitle(tr("Keyboard shortcuts"));
    auto* grid = new QGridLayout{&dialog};
    grid->setContentsMargins(Theme::space5, Theme::space5, Theme::space5, Theme::space5);
    grid->setHorizontalSpacing(Theme::space6);
    grid->setVerticalSpacing(Theme::space2);
    const QList<QPair<QString, QString>> keys{
        {QStringLiteral("Ctrl+1, 2, 3, 4, 5"), tr("Train, Data, Runs, Compare, Queue")},
        {QStringLiteral("Ctrl+Return"), tr("Train; or go to what prevents it")},
        {QStringLiteral("Ctrl+Shift+Return, Ctrl+Shift+G"), tr("Add to the queue, once or as a grid")},
        {QStringLiteral("Alt+\u2191 \u2193, Alt+Home"), tr("Queue: earlier, later, first")},
        {QStringLiteral("Ctrl+O, Ctrl+S"), tr("Open, save a recipe")},
        {QStringLiteral("Ctrl+Z, Ctrl+Shift+Z"), tr("Undo, redo")},
        {QStringLiteral("↑ ↓"), tr("In a number: more, less")},
        {QStringLiteral("/"), tr("Runs: search")},
        {QKeySequence{Qt::CTRL | Qt::Key_B}.toString(QKeySequence::NativeText), tr("Runs: folders beside the table")},
        {QStringLiteral("\u2190 \u2192, + \u2212, 0"), tr("Chart: values, zoom, everything (Shift+\u2190 \u2192 moves along)")},
        {QStringLiteral("C, S, A"), tr("Runs: compare what is selected, star it, archive it")},
        {QStringLiteral("F2, Delete"), tr("Runs: rename, delete")},
        {QStringLiteral("\u2190 \u2192"), tr("Runs: close, open a group")},
        {QStringLiteral("F11, Esc"), tr("Compare: one chart fills the page, all again")},
        {QStringLiteral("Ctrl+Shift+L"), tr("Light or dark")},
        {QStringLiteral("F1"), tr("This list")},
    };
    for (int row = 0; row < keys.size(); ++row) {
        QLabel* key = makeLabel(keys[row].first);
        key->setFont(Theme::font(TextStyle::mono));
        grid->addWidget(key, row, 0);
        grid->addWidget(makeLabel(keys[row].second, "muted"), row, 1);
    }
    dialog.exec();
}

void MainWindow::rememberColumns(const QString& name, QHeaderView* header)
{
    const QSettings settings{m_settingsFile, QSettings::IniFormat};
    header->restoreState(settings.value(QStringLiteral("columns/") + name).toByteArray());
    m_headers.emplace_back(name, header);
}

void MainWindow::remember()
{
    QSettings settings{m_settingsFile, QSettings::IniFormat};
    settings.setValue(QStringLiteral("window/geometry"), saveGeometry());
    settings.setValue(QStringLiteral("window/page"), currentPage());
    settings.setValue(QStringLiteral("window/theme"), static_cast<int>(Theme::instance().mode()));
    for (const auto& [name, header] : m_headers)
        settings.setValue(QStringLiteral("columns/") + name, header->saveState());
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    if (m_mayClose && !m_mayClose()) {
        event->ignore();
        return;
    }
    remember();
    event->accept();
}

}
