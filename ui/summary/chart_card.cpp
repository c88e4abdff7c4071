// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/summary/chart_card.h"

#include "ui/summary/column_fields.h"
#include "ui/summary/field_picker.h"
#include "ui/summary/parallel_view.h"
#include "ui/theme/icons.h"
#include "ui/theme/widgets.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace descent {

namespace {

constexpr int leastHeight = 290;

/// A row each for a few bars or boxes, so that their names can be read; more are drawn as columns.
int heightFor(const ChartInput& input)
{
    constexpr std::size_t mostRows = 24;
    constexpr int around = 116, barRow = 18, boxRow = 25;
    const ChartSpec& spec = input.spec;
    if (spec.kind != ChartKind::bars && spec.kind != ChartKind::boxes)
        return leastHeight;
    const bool byRecipe = spec.kind == ChartKind::bars ? spec.perRecipe : spec.x.empty();
    const std::size_t rows = byRecipe ? input.table->recipes.size() : spec.kind == ChartKind::bars ? input.table->runs.size() : 0;
    return rows > mostRows ? leastHeight : std::max(leastHeight, around + static_cast<int>(rows) * (spec.kind == ChartKind::bars ? barRow : boxRow));
}

}

ChartCard::ChartCard(ChartKind kind, PaintThread& painter, QWidget* parent) : QFrame{parent}
{
    setProperty("card", true);
    setMinimumHeight(leastHeight);
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(Theme::space4, Theme::space2, Theme::space2, Theme::space3);
    layout->setSpacing(Theme::space1);
    m_head = new QHBoxLayout;
    m_head->setSpacing(0);
    m_title = new ElidedLabel;
    m_title->setProperty("role", "heading");
    m_title->setTextFormat(Qt::PlainText);
    m_title->setObjectName(QStringLiteral("chartTitle"));
    m_title->setCursor(Qt::OpenHandCursor);
    m_title->setMinimumHeight(30);
    m_title->installEventFilter(this);
    m_head->addWidget(m_title, 1);
    layout->addLayout(m_head);
    if (kind == ChartKind::parallel) {
        auto* view = new ParallelView{painter};
        connect(view, &ParallelView::brushesChanged, this, &ChartCard::brushesChanged);
        connect(view, &ParallelView::axesArranged, this, [this](const std::vector<std::string>& axes, const std::vector<std::string>& flipped) {
            change([&](ChartSpec& spec) {
                spec.axes = axes;
                spec.flipped = flipped;
            });
        });
        m_view = view;
    } else {
        m_view = new ChartView{painter};
    }
    ChartInput input = m_view->input();
    input.spec.kind = kind;
    m_view->setInput(std::move(input));
    m_view->setObjectName(QStringLiteral("chart"));
    layout->addWidget(m_view, 1);
    addPickers();
    addButtons();
}

const ChartSpec& ChartCard::spec() const
{
    return m_view->input().spec;
}

FieldPicker* ChartCard::addPicker(const QString& caption, std::string ChartSpec::*field, bool numbersOnly, const QString& none)
{
    auto* picker = new FieldPicker{FieldPicker::Mode::one, caption};
    m_head->addWidget(picker);
    connect(picker, &FieldPicker::fieldsChosen, this, [this, field](const std::vector<std::string>& names) {
        change([&](ChartSpec& spec) {
            spec.*field = names.front();
            const FigureColumn* column = m_view->input().table->find(names.front());
            const bool isLog = column && column->isLogarithmic;
            if (field == &ChartSpec::x)
                spec.logX = isLog;
            else if (field == &ChartSpec::y)
                spec.logY = isLog;
        });
    });
    m_pickers.push_back({picker, field, numbersOnly, none});
    return picker;
}

void ChartCard::addPickers()
{
    switch (spec().kind) {
    case ChartKind::bars: addPicker(tr("Figure"), &ChartSpec::y, true)->setObjectName(QStringLiteral("pickY")); break;
    case ChartKind::boxes:
        addPicker(tr("Figure"), &ChartSpec::y, true)->setObjectName(QStringLiteral("pickY"));
        addPicker(tr("By"), &ChartSpec::x, false, tr("recipe"))->setObjectName(QStringLiteral("pickX"));
        break;
    case ChartKind::scatter:
        addPicker(tr("Upwards"), &ChartSpec::y, false)->setObjectName(QStringLiteral("pickY"));
        addPicker(tr("Across"), &ChartSpec::x, false)->setObjectName(QStringLiteral("pickX"));
        addPicker(tr("Colour"), &ChartSpec::color, false, tr("colour by run"))->setObjectName(QStringLiteral("pickColor"));
        break;
    case ChartKind::heat:
        addPicker(tr("Figure"), &ChartSpec::color, true)->setObjectName(QStringLiteral("pickColor"));
        addPicker(tr("Across"), &ChartSpec::x, false)->setObjectName(QStringLiteral("pickX"));
        addPicker(tr("Upwards"), &ChartSpec::y, false)->setObjectName(QStringLiteral("pickY"));
        break;
    case ChartKind::pareto:
        addPicker(tr("Upwards"), &ChartSpec::y, true)->setObjectName(QStringLiteral("pickY"));
        addPicker(tr("Across"), &ChartSpec::x, true)->setObjectName(QStringLiteral("pickX"));
        break;
    case ChartKind::parallel:
        m_axes = new FieldPicker{FieldPicker::Mode::several, tr("Axes")};
        m_axes->setObjectName(QStringLiteral("pickAxes"));
        m_head->addWidget(m_axes);
        connect(m_axes, &FieldPicker::fieldsChosen, this, [this](const std::vector<std::string>& names) { change([&](ChartSpec& one) { one.axes = names; }); });
        break;
    }
}

void ChartCard::addButtons()
{
    const auto add = [this](const QString& iconName, const QString& tip, const char* name) {
        auto* button = new QToolButton;
        button->setProperty("kind", "ghost");
        button->setToolTip(tip);
        button->setAccessibleName(tip);
        button->setObjectName(QString::fromLatin1(name));
        button->setFocusPolicy(Qt::StrongFocus);
        button->setStyleSheet(QStringLiteral("padding: 5px 6px;")); // six of them beside the pickers, at 1280 pixels
        setThemedIcon(button, iconName);
        m_head->addWidget(button);
        return button;
    };
    QToolButton* options = add(QStringLiteral("sliders"), tr("Scales, order"), "chartOptions");
    connect(options, &QToolButton::clicked, this, [this, options] {
        QMenu menu;
        fillOptions(menu);
        menu.exec(options->mapToGlobal(QPoint{0, options->height()}));
    });
    QToolButton* save = add(QStringLiteral("download"), tr("Export, copy"), "chartExport");
    connect(save, &QToolButton::clicked, this, [this, save] {
        QMenu menu;
        for (const ChartFormat format : {ChartFormat::png, ChartFormat::svg, ChartFormat::pdf, ChartFormat::csv}) {
            const QString id = QString::fromLatin1(chartFormatIds[static_cast<int>(format)]).toUpper();
            menu.addAction(tr("Export as %1…").arg(id), this, [this, format] { Q_EMIT exportChosen(format); });
        }
        menu.addSeparator();
        menu.addAction(tr("Copy picture"), this, &ChartCard::copyChosen);
        menu.exec(save->mapToGlobal(QPoint{0, save->height()}));
    });
    connect(add(QStringLiteral("enlarge"), tr("Full screen; Escape returns"), "chartFullScreen"), &QToolButton::clicked, this, &ChartCard::fullScreenChosen);
    connect(add(QStringLiteral("close"), tr("Remove this chart"), "chartRemove"), &QToolButton::clicked, this, &ChartCard::removed);
}

void ChartCard::fillOptions(QMenu& menu)
{
    const ChartKind kind = spec().kind;
    const auto toggle = [&](const QString& text, bool ChartSpec::*field) {
        QAction* action = menu.addAction(text, this, [this, field] { change([&](ChartSpec& one) { one.*field = !(one.*field); }); });
        action->setCheckable(true);
        action->setChecked(spec().*field);
    };
    if (kind == ChartKind::bars) {
        toggle(tr("Seeds of a recipe as one, with their interval"), &ChartSpec::perRecipe);
        toggle(tr("Bars from zero"), &ChartSpec::fromZero);
    }
    if (kind == ChartKind::scatter || kind == ChartKind::pareto)
        toggle(tr("Logarithmic across"), &ChartSpec::logX);
    if (kind == ChartKind::scatter || kind == ChartKind::pareto || kind == ChartKind::boxes)
        toggle(tr("Logarithmic figure"), &ChartSpec::logY);
    if (kind == ChartKind::parallel) {
        menu.addAction(tr("Clear the brushes"), this, [this] { Q_EMIT brushesChanged({}); })->setEnabled(!m_view->input().brushes.empty());
        QMenu* flips = menu.addMenu(tr("Turn an axis round"));
        for (const std::string& axis : spec().axes)
            flips->addAction(columnLabel(*m_view->input().table, axis), this, [this, axis] {
                change([&](ChartSpec& one) {
                    if (std::erase(one.flipped, axis) == 0)
                        one.flipped.push_back(axis);
                });
            });
    }
    menu.addSeparator();
    menu.addAction(tr("Move forwards"), this, [this] { Q_EMIT moved(-1); });
    menu.addAction(tr("Move backwards"), this, [this] { Q_EMIT moved(1); });
}

void ChartCard::change(const std::function<void(ChartSpec&)>& edit)
{
    ChartSpec changed = spec();
    edit(changed);
    Q_EMIT specChosen(changed);
}

void ChartCard::setInput(ChartInput input)
{
    if (m_offered != input.table || spec() != input.spec) {
        m_title->setText(chartKindLabel(input.spec.kind));
        m_title->setToolTip(tr("%1; drag to move").arg(chartTitle(input.spec, *input.table)));
    }
    if (m_offered != input.table) {
        m_offered = input.table;
        for (const Picker& picker : m_pickers)
            picker.widget->setFields(columnFields(*input.table, picker.numbersOnly, picker.none));
        if (m_axes)
            m_axes->setFields(columnFields(*input.table, false, {}));
    }
    setMinimumHeight(heightFor(input));
    for (const Picker& picker : m_pickers)
        picker.widget->setChosen({input.spec.*picker.field});
    if (m_axes)
        m_axes->setChosen(input.spec.axes);
    m_view->setInput(std::move(input));
}

void ChartCard::setDropTarget(bool is)
{
    if (std::exchange(m_isTarget, is) != is)
        update();
}

void ChartCard::paintEvent(QPaintEvent* event)
{
    QFrame::paintEvent(event);
    if (!m_isTarget)
        return;
    QPainter painter{this};
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen{Theme::instance().colors().accent, 2});
    painter.drawRoundedRect(QRectF{rect()}.adjusted(1, 1, -1, -1), 10, 10);
}

bool ChartCard::eventFilter(QObject* watched, QEvent* event)
{
    if (watched != m_title)
        return QFrame::eventFilter(watched, event);
    auto* mouse = dynamic_cast<QMouseEvent*>(event);
    if (!mouse)
        return false;
    const QPoint at = mouse->globalPosition().toPoint();
    if (event->type() == QEvent::MouseButtonPress && mouse->button() == Qt::LeftButton) {
        m_pressed = at;
        m_isDragged = false;
    } else if (event->type() == QEvent::MouseMove && (mouse->buttons() & Qt::LeftButton)) {
        m_isDragged = m_isDragged || (at - m_pressed).manhattanLength() >= QApplication::startDragDistance();
        if (m_isDragged)
            Q_EMIT dragged(at, false);
    } else if (event->type() == QEvent::MouseButtonRelease && std::exchange(m_isDragged, false)) {
        Q_EMIT dragged(at, true);
    }
    return event->type() == QEvent::MouseButtonPress; // else the press would go on to the card, and the moves with it
}

}
