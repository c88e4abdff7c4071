// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/compare_header.h"

#include "ui/plot/metric_text.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/widgets.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QInputDialog>
#include <QMenu>
#include <QToolButton>

namespace descent {

CompareHeader::CompareHeader(CompareLayouts layouts, QWidget* parent) : QWidget{parent}, m_layouts{std::move(layouts)}
{
    auto* row = new QHBoxLayout{this};
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(Theme::space2);
    row->addWidget(makeLabel(tr("Compare"), "title"));
    row->addSpacing(Theme::space3);
    auto* segments = new QFrame;
    segments->setProperty("segments", true);
    auto* views = new QHBoxLayout{segments};
    views->setContentsMargins(2, 2, 2, 2);
    views->setSpacing(2);
    m_views = new QButtonGroup{segments};
    for (const auto& [text, view, name] : {std::tuple{tr("Curves"), View::curves, "viewCurves"}, {tr("Summary"), View::summary, "viewSummary"}, {tr("Recipes"), View::recipes, "viewRecipes"}}) {
        auto* button = new QToolButton;
        button->setProperty("kind", "segment");
        button->setText(text);
        button->setCheckable(true);
        button->setObjectName(QString::fromLatin1(name));
        button->setFocusPolicy(Qt::StrongFocus);
        m_views->addButton(button, static_cast<int>(view));
        views->addWidget(button);
    }
    row->addWidget(segments);
    row->addSpacing(Theme::space3);
    m_counts = makeLabel({}, "muted");
    m_counts->setObjectName(QStringLiteral("drawnRuns"));
    row->addWidget(m_counts);
    m_all = new QToolButton;
    m_all->setProperty("kind", "ghost");
    m_all->setObjectName(QStringLiteral("drawAll"));
    m_all->setToolTip(tr("More curves than can be told apart, and slower"));
    m_all->setFocusPolicy(Qt::StrongFocus);
    m_all->hide();
    row->addWidget(m_all);
    row->addStretch(1);
    auto* report = new QToolButton;
    report->setProperty("kind", "ghost");
    report->setText(tr("Report…"));
    report->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    report->setToolTip(tr("Chosen charts, tables and notes as one HTML or PDF file"));
    report->setObjectName(QStringLiteral("report"));
    report->setFocusPolicy(Qt::StrongFocus);
    setThemedIcon(report, QStringLiteral("note"));
    row->addWidget(report);
    m_menu = new QToolButton;
    m_menu->setProperty("kind", "ghost");
    m_menu->setText(tr("Layout"));
    m_menu->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_menu->setToolTip(tr("Layouts: save and recall which charts are shown, and how"));
    m_menu->setObjectName(QStringLiteral("layouts"));
    m_menu->setFocusPolicy(Qt::StrongFocus);
    setThemedIcon(m_menu, QStringLiteral("grid"));
    row->addWidget(m_menu);
    setView(View::curves);
    connect(m_views, &QButtonGroup::idClicked, this, [this](int id) { Q_EMIT viewChosen(static_cast<View>(id)); });
    connect(m_all, &QToolButton::clicked, this, &CompareHeader::allWanted);
    connect(report, &QToolButton::clicked, this, &CompareHeader::reportWanted);
    connect(m_menu, &QToolButton::clicked, this, &CompareHeader::showLayouts);
}

void CompareHeader::setView(View view)
{
    m_views->button(static_cast<int>(view))->setChecked(true);
    for (QWidget* ofCurves : {static_cast<QWidget*>(m_menu), static_cast<QWidget*>(m_counts)})
        ofCurves->setVisible(view == View::curves);
    m_all->setVisible(m_isMoreThere && view == View::curves);
}

void CompareHeader::setCounts(std::size_t drawn, std::size_t all)
{
    m_counts->setText(drawn < all ? tr("%1 of %2 runs are drawn").arg(drawn).arg(all) : all == 1 ? tr("1 run") : tr("%1 runs").arg(all));
    m_all->setText(tr("Draw all %1").arg(all));
}

void CompareHeader::setMoreThere(bool there)
{
    m_isMoreThere = there;
    m_all->setVisible(there && m_views->checkedId() == static_cast<int>(View::curves));
}

void CompareHeader::showLayouts()
{
    auto* menu = new QMenu{this};
    menu->setAttribute(Qt::WA_DeleteOnClose);
    QMenu* columns = menu->addMenu(tr("Charts beside each other"));
    for (int count = 1; count <= 4; ++count) {
        QAction* action = columns->addAction(QString::number(count), this, [this, count] {
            m_look.columns = count;
            Q_EMIT lookEdited(m_look);
        });
        action->setCheckable(true);
        action->setChecked(m_look.columns == count);
    }
    QMenu* hidden = menu->addMenu(tr("Show a hidden chart"));
    hidden->setEnabled(!m_look.hidden.isEmpty());
    for (const QString& metric : m_look.hidden)
        hidden->addAction(metricLabel(metric.toStdString()), this, [this, metric] {
            m_look.hidden.removeAll(metric);
            Q_EMIT lookEdited(m_look);
        });
    menu->addSeparator();
    const QStringList names = m_layouts.names();
    for (const QString& name : names)
        menu->addAction(name, this, [this, name] { Q_EMIT lookEdited(m_layouts.named(name)); });
    if (!names.isEmpty())
        menu->addSeparator();
    menu->addAction(tr("Save this layout…"), this, &CompareHeader::saveLayout);
    QMenu* forget = menu->addMenu(tr("Forget a layout"));
    forget->setEnabled(!names.isEmpty());
    for (const QString& name : names)
        forget->addAction(name, this, [this, name] { m_layouts.remove(name); });
    menu->addAction(tr("As at first"), this, [this] {
        CompareLook plain;
        plain.notes = m_look.notes; // a person wrote them
        Q_EMIT lookEdited(plain);
    });
    menu->popup(m_menu->mapToGlobal(QPoint{0, m_menu->height()}));
}

void CompareHeader::saveLayout()
{
    auto* dialog = new QInputDialog{window()};
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Save this layout"));
    dialog->setLabelText(tr("Name:"));
    connect(dialog, &QInputDialog::textValueSelected, this, [this](const QString& name) {
        if (!name.trimmed().isEmpty())
            m_layouts.save(name.trimmed(), m_look);
    });
    dialog->open();
}

}
