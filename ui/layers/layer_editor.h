// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/network/architecture.h"
#include "engine/core/network/custom/layer_list.h"

#include <QWidget>

#include <optional>

class QLabel;
class QMenu;
class QPushButton;
class QScrollArea;
class QUndoStack;

namespace descent {

class LayerCanvas;
class LayerDocument;
class LayerForm;
class LayerPalette;

/// The editor of a network of one's own: palette, canvas, settings. Values in, wishes out: each edit is told at once, and
/// whoever owns the recipe hands the new list back.
class LayerEditor : public QWidget
{
    Q_OBJECT
public:
    explicit LayerEditor(QUndoStack& undo, QWidget* parent = nullptr);
    void setLayers(const LayerList& layers, const std::optional<NetworkBrief>& brief);
    LayerDocument& document() { return *m_document; }
    LayerCanvas* canvas() { return m_canvas; }
    bool hasInvalidText() const;

Q_SIGNALS:
    void edited(const descent::LayerList& layers, const QString& what, bool mayMerge);
    void startChosen(const QString& architecture);   ///< to begin again from that architecture's layers
    void doneChosen();

private:
    QWidget* makeHeader(QUndoStack& undo);
    void showTotals();
    void showMenu(const QPoint& globalPos);
    void followCurrent();
    std::optional<std::size_t> dropPlace(const QPoint& globalPos) const;

    LayerDocument* m_document = nullptr;
    LayerPalette* m_palette = nullptr;
    LayerCanvas* m_canvas = nullptr;
    QScrollArea* m_scroll = nullptr;
    LayerForm* m_form = nullptr;
    QWidget* m_nothing = nullptr;
    QLabel *m_totals = nullptr, *m_problems = nullptr, *m_zoom = nullptr;
    QMenu* m_starts = nullptr;
};

}
