// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <optional>
#include <vector>

namespace descent {

class LayerDocument;

/// The layers from top to bottom, each a box with what it gives, connections that leave the row as arcs at the left, troubles
/// under the layer they belong to. Boxes are dragged to another place, the dot under a box to the layer that is to read it.
/// Put it into a scroll area.
class LayerCanvas : public QWidget
{
    Q_OBJECT
public:
    explicit LayerCanvas(LayerDocument& document, QWidget* parent = nullptr);

    double zoom() const { return m_zoom; }
    void setZoom(double zoom);                         ///< 0.5 to 2
    QRect rowRect(std::size_t at) const;               ///< of a layer's box
    QPoint portOf(std::size_t at) const;               ///< the dot that is dragged to a reader
    std::size_t insertionAt(const QPoint& pos) const;  ///< before which layer something dropped there would stand
    void showInsertion(std::optional<std::size_t> at); ///< a line where something that is dragged would be put in
    QSize sizeHint() const override;

Q_SIGNALS:
    void formWanted();                                 ///< a box was opened: its settings are wanted
    void renameWanted();
    void menuWanted(const QPoint& globalPos);
    void draggedTo(const QPoint& pos);                 ///< while dragging, so that the scroll area can follow
    void zoomChanged(double zoom);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    bool event(QEvent* event) override;                // tool tips

private:
    struct Row {
        int top = 0, height = 0;                       // of the box; troubles stand below it
        QStringList troubles;
    };
    struct Arc {
        int from = 0, to = 0, lane = 0;                // rows, inputs of the network first
        bool broken = false;
    };
    void layOut();
    void paintRow(QPainter& painter, std::size_t row) const;
    void paintConnections(QPainter& painter, const QRect& visible) const;
    std::size_t inputCount() const;
    std::optional<std::size_t> layerAt(const QPoint& pos) const;
    QRect boxOf(std::size_t row) const;
    int scaled(double length) const;

    LayerDocument& m_document;
    std::vector<Row> m_rows;                           // inputs of the network, then layers
    std::vector<Arc> m_arcs;
    int m_lanes = 0, m_bottom = 0;
    double m_zoom = 1;
    enum class Drag { none, pressed, moving, connecting } m_drag = Drag::none;
    QPoint m_pressedAt, m_dragAt;
    std::optional<std::size_t> m_pressed, m_insertion, m_hovered;
};

}
