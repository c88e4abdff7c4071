// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/inspection.h"
#include "engine/core/task/forecasting.h"

#include <QWidget>

#include <optional>

namespace descent {

/// The columns of a series from its first to its last step, the parts that validate and test shaded.
class SeriesView : public QWidget
{
    Q_OBJECT
public:
    explicit SeriesView(QWidget* parent = nullptr);
    void setReport(const DatasetReport& report);
    void setParts(std::optional<SeriesParts> parts);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    DatasetReport m_report; // its columns and times
    std::optional<SeriesParts> m_parts;
};

}
