// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/layers/layer_editor.h"

#include "engine/core/network/custom/custom.h"
#include "ui/forms/parameter_form.h"
#include "ui/layers/layer_canvas.h"
#include "ui/layers/layer_document.h"
#include "ui/layers/layer_form.h"
#include "ui/layers/layer_palette.h"
#include "ui/theme/counts.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/translated.h"
#include "ui/theme/widgets.h"

#include <QApplication>
#include <QKeyEvent>
#include <QLocale>
#include <QMenu>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QStackedLayout>
#include <QToolButton>
#include <QUndoStack>
#include <QVBoxLayout>

namespace descent {

LayerEditor::LayerEditor(QUndoStack& undo, QWidget* parent) : QWidget{parent}
{
    m_document = new LayerDocument{this};
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::space3);
    layout->addWidget(makeHeader(undo));
    auto* parts = new QHBoxLayout;
    parts->setSpacing(Theme::space3);
    auto* palette = new Card{QStringLiteral("plus"), tr("Add")};
    palette->setFixedWidth(220);
    m_palette = new LayerPalette;
    palette->body()->addWidget(m_palette);
    parts->addWidget(palette);

    auto* middle = new Card{QStringLiteral("network"), tr("Layers")};
    m_zoom = makeLabel({}, "caption");
    middle->addToTitle(m_zoom);
    m_canvas = new LayerCanvas{*m_document};
    m_scroll = new QScrollArea;
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_scroll->setWidget(m_canvas);
    m_nothing = makeLabel(tr("Drag a kind of layer here, or choose an architecture under \"Start from\"."), "muted");
    static_cast<QLabel*>(m_nothing)->setWordWrap(true);
    static_cast<QLabel*>(m_nothing)->setAlignment(Qt::AlignCenter);
    middle->body()->addWidget(m_nothing);
    middle->body()->addWidget(m_scroll, 1);
    m_problems = makeLabel({}, "danger");
    m_problems->setObjectName(QStringLiteral("layersProblem"));
    m_problems->setWordWrap(true);
    middle->body()->addWidget(m_problems);
    m_totals = makeLabel({}, "caption");
    m_totals->setObjectName(QStringLiteral("layerTotals"));
    m_totals->setWordWrap(true);
    middle->body()->addWidget(m_totals);
    parts->addWidget(middle, 1);

    auto* settings = new Card{QStringLiteral("sliders"), tr("Settings")};
    settings->setFixedWidth(330);
    auto* formScroll = new QScrollArea;
    formScroll->setWidgetResizable(true);
    formScroll->setFrameShape(QFrame::NoFrame);
    formScroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    formScroll->setFocusPolicy(Qt::NoFocus);
    m_form = new LayerForm{*m_document};
    m_form->setProperty("scrollBody", true);
    formScroll->setWidget(m_form);
    settings->body()->addWidget(formScroll, 1);
    parts->addWidget(settings);
    layout->addLayout(parts, 1);

    connect(m_document, &LayerDocument::edited, this, &LayerEditor::edited);
    connect(m_document, &LayerDocument::changed, this, &LayerEditor::showTotals);
    connect(m_document, &LayerDocument::selectionChanged, this, &LayerEditor::followCurrent);
    connect(m_palette, &LayerPalette::kindChosen, this, [this](const QString& kind) { m_document->insertAfterCurrent(kind.toStdString()); });
    connect(m_palette, &LayerPalette::kindDragged, this, [this](const QString&, const QPoint& at) { m_canvas->showInsertion(dropPlace(at)); });
    connect(m_palette, &LayerPalette::kindDropped, this, [this](const QString& kind, const QPoint& at) {
        m_canvas->showInsertion(std::nullopt);
        if (const auto place = dropPlace(at))
            m_document->insert(*place, kind.toStdString());
    });
    connect(m_canvas, &LayerCanvas::formWanted, m_form, &LayerForm::focusSettings);
    connect(m_canvas, &LayerCanvas::renameWanted, m_form, &LayerForm::focusName);
    connect(m_canvas, &LayerCanvas::menuWanted, this, &LayerEditor::showMenu);
    connect(m_canvas, &LayerCanvas::draggedTo, this, [this](const QPoint& at) { m_scroll->ensureVisible(at.x(), at.y(), 0, 30); });
    const auto showZoom = [this](double zoom) { m_zoom->setText(tr("%1 %").arg(qRound(zoom * 100))); };
    connect(m_canvas, &LayerCanvas::zoomChanged, this, showZoom);
    showZoom(1);
    showTotals();
}

QWidget* LayerEditor::makeHeader(QUndoStack& undo)
{
    auto* header = new QWidget;
    auto* layout = new QHBoxLayout{header};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::space2);
    layout->addWidget(makeLabel(tr("Layers of the network"), "title"));
    layout->addStretch(1);
    auto* start = new QPushButton{tr("Start from")};
    start->setObjectName(QStringLiteral("startFrom"));
    setThemedIcon(start, QStringLiteral("template"));
    m_starts = new QMenu{start};
    m_starts->setToolTipsVisible(true);
    connect(m_starts, &QMenu::aboutToShow, this, [this] {
        m_starts->clear();
        for (const Architecture& architecture : architectures()) {
            if (architecture.id == customArchitecture || !m_document->brief() || !architecture.fits(*m_document->brief()))
                continue;
            QAction* action = m_starts->addAction(translated(architecture.label));
            action->setToolTip(translated(architecture.help));
            connect(action, &QAction::triggered, this, [this, id = QString::fromStdString(architecture.id)] { Q_EMIT startChosen(id); });
        }
        if (m_starts->isEmpty())
            m_starts->addAction(tr("The data is not known yet"))->setEnabled(false);
    });
    start->setMenu(m_starts);
    layout->addWidget(start);
    for (const bool forth : {false, true}) {
        auto* button = new QToolButton;
        button->setProperty("kind", "ghost");
        button->setObjectName(forth ? QStringLiteral("redoLayers") : QStringLiteral("undoLayers"));
        button->setToolTip(forth ? tr("Redo (Ctrl+Shift+Z)") : tr("Undo (Ctrl+Z)"));
        button->setAccessibleName(button->toolTip());
        button->setFocusPolicy(Qt::StrongFocus);
        button->setShortcut(forth ? QKeySequence{Qt::CTRL | Qt::SHIFT | Qt::Key_Z} : QKeySequence{QKeySequence::Undo});
        setThemedIcon(button, forth ? QStringLiteral("redo") : QStringLiteral("undo"));
        button->setEnabled(forth ? undo.canRedo() : undo.canUndo());
        connect(&undo, forth ? &QUndoStack::canRedoChanged : &QUndoStack::canUndoChanged, button, &QWidget::setEnabled);
        connect(button, &QToolButton::clicked, &undo, forth ? &QUndoStack::redo : &QUndoStack::undo);
        layout->addWidget(button);
    }
    auto* done = new QPushButton{tr("Done")};
    done->setObjectName(QStringLiteral("layersDone"));
    done->setToolTip(tr("Back to the recipe, which already has these layers (Esc)"));
    done->setShortcut(Qt::Key_Escape);
    connect(done, &QPushButton::clicked, this, &LayerEditor::doneChosen);
    layout->addWidget(done);
    return header;
}

void LayerEditor::setLayers(const LayerList& layers, const std::optional<NetworkBrief>& brief)
{
    m_document->setLayers(layers, brief);
}

bool LayerEditor::hasInvalidText() const
{
    return m_form->parameters()->isVisible() && m_form->parameters()->hasInvalidText();
}

void LayerEditor::showTotals()
{
    m_nothing->setVisible(m_document->layers().empty());
    const CustomNetwork& network = m_document->network();
    std::size_t broken = 0;
    for (const LayerOutcome& outcome : network.layers)
        broken += outcome.troubles.empty() ? 0 : 1;
    QStringList words;
    if (broken > 0)
        words << tr("Layers that do not fit: %1").arg(broken);
    for (const Problem& problem : network.general)
        if (!m_document->layers().empty())
            words << translated(problem.message) + (problem.hint.empty() ? QString{} : QStringLiteral(": ") + translated(problem.hint));
    m_problems->setText(words.join(QStringLiteral("  ·  ")));
    m_problems->setVisible(!words.isEmpty());
    if (!m_document->brief()) {
        m_totals->setText(tr("Shapes appear as soon as the data is known."));
        return;
    }
    const auto size = [](std::int64_t numbers) { return QLocale{}.formattedDataSize(4 * numbers, 1, QLocale::DataSizeSIFormat); };
    m_totals->setText(tr("%1 layers  ·  %2 parameters, %3  ·  %4 multiply-adds a sample  ·  outputs of all layers: %5 a sample")
                          .arg(m_document->layers().size())
                          .arg(shortCount(m_document->parameterCount()), size(m_document->parameterCount()),
                               shortCount(m_document->multiplyAdds()), size(m_document->activationValues())));
}

void LayerEditor::followCurrent()
{
    if (const auto current = m_document->current()) {
        const QRect box = m_canvas->rowRect(*current);
        m_scroll->ensureVisible(box.left(), box.top(), 0, 24);
        m_scroll->ensureVisible(box.left(), box.bottom(), 0, 40);
    }
}

std::optional<std::size_t> LayerEditor::dropPlace(const QPoint& globalPos) const
{
    const QPoint inView = m_scroll->viewport()->mapFromGlobal(globalPos);
    if (!m_scroll->viewport()->rect().contains(inView))
        return std::nullopt;
    return m_canvas->insertionAt(m_canvas->mapFromGlobal(globalPos));
}

void LayerEditor::showMenu(const QPoint& globalPos)
{
    // The canvas does what its keys do: one place for each deed.
    QMenu menu{this};
    const auto add = [&](const QString& words, int key, Qt::KeyboardModifiers modifiers, bool enabled) {
        QAction* action = menu.addAction(words);
        action->setEnabled(enabled);
        action->setShortcut(QKeySequence{static_cast<int>(modifiers.toInt()) | key});
        action->setShortcutVisibleInContextMenu(true);
        connect(action, &QAction::triggered, m_canvas, [this, key, modifiers] {
            QKeyEvent press{QEvent::KeyPress, key, modifiers};
            QApplication::sendEvent(m_canvas, &press);
        });
    };
    const bool any = !m_document->selected().empty();
    add(tr("Settings"), Qt::Key_Return, Qt::NoModifier, any);
    add(tr("Rename"), Qt::Key_F2, Qt::NoModifier, any);
    menu.addSeparator();
    add(tr("Duplicate"), Qt::Key_D, Qt::ControlModifier, any);
    add(tr("Cut"), Qt::Key_X, Qt::ControlModifier, any);
    add(tr("Copy"), Qt::Key_C, Qt::ControlModifier, any);
    add(tr("Paste"), Qt::Key_V, Qt::ControlModifier, true);
    add(tr("Delete"), Qt::Key_Delete, Qt::NoModifier, any);
    menu.addSeparator();
    add(tr("Move up"), Qt::Key_Up, Qt::AltModifier, any);
    add(tr("Move down"), Qt::Key_Down, Qt::AltModifier, any);
    menu.exec(globalPos);
}

}
