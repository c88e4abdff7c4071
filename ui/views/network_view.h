// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/network/network_spec.h"
#include "ui/theme/counts.h"

#include <QWidget>

#include <vector>

namespace descent {

/// A network drawn layer by layer, from top to bottom: a bar whose width tells the channels and whose tint the kind of layer,
/// output shape and parameters beside it, blocks framed, shortcuts as arcs. Put it into a scroll area.
class NetworkView : public QWidget
{
    Q_OBJECT
public:
    explicit NetworkView(QWidget* parent = nullptr);
    void setNetwork(const NetworkSpec& network);
    void setFrozen(const std::vector<bool>& layers); ///< one a layer of the network; empty: all learn
    void clear();
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;   // tool tips

private:
    struct Row {
        std::size_t layer = 0;            ///< of a single layer, or the first of a folded group
        QString name, detail, shape, parameters, group;
        int kind = 0;
        double share = 0;                 ///< of the widest output, by order of magnitude
        std::size_t shortcutFrom = 0;     ///< row + 1 where a residual branch left; 0: none
        QString toolTip;
        bool frozen = false;
    };
    int rowAt(int y) const;
    std::vector<Row> m_rows;
};

}
