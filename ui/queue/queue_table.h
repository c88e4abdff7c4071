// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTableView>

namespace descent {

/// A table whose dragged rows are carried as a small card with their name, in place of pictures of whole rows.
class QueueTable : public QTableView
{
    Q_OBJECT
public:
    using QTableView::QTableView;

protected:
    void startDrag(Qt::DropActions actions) override;
};

}
