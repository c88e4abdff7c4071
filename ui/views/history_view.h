// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/run/preview.h"

#include <QColor>
#include <QString>
#include <QWidget>

#include <string>
#include <vector>

namespace descent {

/// A few held-back people, one below the other: what happened to them as marks along the time, coloured by the group of the
/// code, and above the marks the risk that the network sees after each event.
class HistoryView : public QWidget
{
    Q_OBJECT
public:
    explicit HistoryView(QWidget* parent = nullptr);
    void setClassNames(std::vector<std::string> names);
    void setPreview(const HistoryPreview& preview);
    const HistoryPreview& preview() const { return m_preview; }
    void clear();
    QSize sizeHint() const override { return {360, 320}; }
    /// What stands under a point of the widget: an event with its day, or nothing.
    QString textAt(const QPointF& position) const;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    std::size_t shownPeople() const;       ///< as many as there is room for
    QRectF band(std::size_t person) const; ///< risk and marks of one person
    double across(const QRectF& band, float day) const;
    void paintLegend(QPainter& painter) const;
    void paintPerson(QPainter& painter, const HistoryPreview::Person& person, const QRectF& band) const;

    std::vector<std::string> m_classNames;
    HistoryPreview m_preview;
    float m_days = 1; ///< of the longest history
};

/// The colour that marks of a group have: few groups have one of their own, the rest are grey.
QColor groupColor(std::int32_t group);

}
