// SPDX-License-Identifier: GPL-3.0-or-later
// What the buttons and menus of a SummaryBoard do: layouts, files, full screen.
#include "ui/compare/summary_board.h"

#include "ui/summary/chart_card.h"
#include "ui/summary/chart_view.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/widgets.h"
#include "ui/theme/written_file.h"

#include <QApplication>
#include <QClipboard>
#include <QDialog>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QInputDialog>
#include <QMenu>
#include <QScreen>
#include <QSettings>
#include <QToolButton>
#include <QVBoxLayout>

namespace descent {

namespace {

constexpr char layoutsKey[] = "compare/summaryLayouts";

}

QWidget* SummaryBoard::makeBar()
{
    auto* bar = new QWidget;
    auto* layout = new QHBoxLayout{bar};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::space2);
    const auto add = [&](const QString& text, const QString& iconName, const char* name) {
        auto* button = new QToolButton;
        button->setProperty("kind", "plain");
        button->setText(text);
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setObjectName(QString::fromLatin1(name));
        button->setFocusPolicy(Qt::StrongFocus);
        setThemedIcon(button, iconName);
        layout->addWidget(button);
        return button;
    };
    QToolButton* addButton = add(tr("Add chart"), QStringLiteral("plus"), "addChart");
    connect(addButton, &QToolButton::clicked, this, [this, addButton] {
        QMenu menu;
        for (const ChartKind kind : chartKinds)
            menu.addAction(chartKindLabel(kind), this, [this, kind] { addChart(kind); });
        menu.exec(addButton->mapToGlobal(QPoint{0, addButton->height()}));
    });
    QToolButton* layouts = add(tr("Layout"), QStringLiteral("grid"), "layouts");
    connect(layouts, &QToolButton::clicked, this, [this, layouts] {
        QMenu menu;
        fillLayoutMenu(menu);
        menu.exec(layouts->mapToGlobal(QPoint{0, layouts->height()}));
    });
    layout->addStretch(1);
    m_brushed = makeLabel({}, "muted");
    m_brushed->setObjectName(QStringLiteral("brushed"));
    layout->addWidget(m_brushed);
    m_clear = new QToolButton;
    m_clear->setProperty("kind", "ghost");
    m_clear->setText(tr("Clear the brushes"));
    m_clear->setFocusPolicy(Qt::StrongFocus);
    m_clear->setVisible(false);
    layout->addWidget(m_clear);
    connect(m_clear, &QToolButton::clicked, this, [this] {
        m_brushes.clear();
        feed();
    });
    return bar;
}

void SummaryBoard::sayBrushed()
{
    const std::size_t all = m_summary.table->runs.size();
    const auto within = static_cast<std::size_t>(std::count(m_passing.begin(), m_passing.end(), true));
    m_brushed->setText(!m_passing.empty() ? tr("%1 of %2 runs brushed").arg(within).arg(all) : all == 1 ? tr("1 run") : tr("%1 runs").arg(all));
    m_clear->setVisible(!m_passing.empty());
}

void SummaryBoard::fillLayoutMenu(QMenu& menu)
{
    for (const auto& [name, charts] : m_layouts.named)
        menu.addAction(name, this, [this, wanted = charts] { arrange(wanted); });
    if (m_layouts.named.empty())
        menu.addAction(tr("No layout is kept yet"))->setEnabled(false);
    menu.addSeparator();
    menu.addAction(tr("Keep this one as…"), this, [this] {
        const QString name = QInputDialog::getText(window(), tr("Keep layout"), tr("Name")).trimmed();
        if (name.isEmpty())
            return;
        m_layouts.named[name] = charts();
        Q_EMIT layoutsChanged(m_layouts);
    });
    if (!m_layouts.named.empty()) {
        QMenu* forget = menu.addMenu(tr("Forget"));
        for (const auto& [name, charts] : m_layouts.named)
            forget->addAction(name, this, [this, gone = name] {
                const BoardLayouts before = m_layouts;
                m_layouts.named.erase(gone);
                Q_EMIT layoutsChanged(m_layouts);
                Q_EMIT undoOffered(tr("Forgotten: %1").arg(gone), [this, before] {
                    m_layouts.named = before.named;
                    Q_EMIT layoutsChanged(m_layouts);
                });
            });
    }
    menu.addSeparator();
    menu.addAction(tr("Suggested charts"), this, [this] {
        arrange(suggestedBoard(*m_summary.table, m_summary.explanation, m_summary.figure));
        m_layouts.last.reset(); // from now on they follow the selection again
        Q_EMIT layoutsChanged(m_layouts);
    });
    QAction* back = menu.addAction(tr("Undo the last change"), this, &SummaryBoard::undo);
    back->setShortcut(QKeySequence::Undo);
    back->setEnabled(!m_undo.empty());
}

void SummaryBoard::showFullScreen(ChartCard* card)
{
    auto* dialog = new QDialog{window()};
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(QStringLiteral("fullScreen"));
    dialog->setWindowTitle(chartTitle(card->spec(), *m_summary.table));
    auto* layout = new QVBoxLayout{dialog};
    auto* large = new ChartCard{card->spec().kind, m_painter};
    layout->addWidget(large);
    m_fullScreen = large;
    m_fullScreenOf = card;
    link(large->view());
    large->setInput(inputFor(card));
    connect(large, &ChartCard::specChosen, card, &ChartCard::specChosen);
    connect(large, &ChartCard::brushesChanged, card, &ChartCard::brushesChanged);
    connect(large, &ChartCard::exportChosen, card, &ChartCard::exportChosen);
    connect(large, &ChartCard::copyChosen, card, &ChartCard::copyChosen);
    connect(large, &ChartCard::fullScreenChosen, dialog, &QDialog::reject);
    connect(large, &ChartCard::removed, dialog, &QDialog::reject); // back to the board, where it can be removed
    dialog->setGeometry(screen()->geometry()); // where no window manager would do it
    dialog->showFullScreen();
    large->view()->setFocus();
}

void SummaryBoard::askExport(ChartCard* card, ChartFormat format)
{
    const QString suggested = fileName(chartTitle(card->spec(), *m_summary.table), QString::fromLatin1(chartFormatIds[static_cast<int>(format)]));
    if (const QString file = QFileDialog::getSaveFileName(window(), tr("Export chart"), suggested); !file.isEmpty())
        exportChart(indexOf(card), format, file);
}

void SummaryBoard::exportChart(std::size_t card, ChartFormat format, const QString& file)
{
    const ChartInput input = inputFor(m_cards.at(card));
    write([input, format, title = chartTitle(input.spec, *input.table)] { return exportedChart(format, title, input); }, file);
}

void SummaryBoard::copy(ChartCard* card)
{
    m_pool.start([this, input = inputFor(card)] {
        QMetaObject::invokeMethod(this, [this, picture = chartImage(chartTitle(input.spec, *input.table), input)] {
            QApplication::clipboard()->setImage(picture);
            Q_EMIT messageRaised(tr("Chart copied"));
        });
    });
}

void SummaryBoard::write(std::function<QByteArray()> make, const QString& file)
{
    m_pool.start([this, make = std::move(make), file] {
        const QString said = writtenFile(file, make);
        QMetaObject::invokeMethod(this, [this, said] { Q_EMIT messageRaised(said); });
    });
}

void rememberLayouts(SummaryBoard& board, const QString& settingsFile)
{
    const QString key = QString::fromLatin1(layoutsKey);
    board.setLayouts(layoutsFromJson(QSettings{settingsFile, QSettings::IniFormat}.value(key).toByteArray()));
    QObject::connect(&board, &SummaryBoard::layoutsChanged, &board,
                     [settingsFile, key](const BoardLayouts& layouts) { QSettings{settingsFile, QSettings::IniFormat}.setValue(key, toJson(layouts)); });
}

}
