// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/run/run_event.h"

#include <QImage>
#include <QWidget>

#include <vector>

namespace descent {

/// What the model says of a few held-back samples: picture, truth, and bars for its likeliest classes; for numbers, the
/// prediction beside the truth. Repaints as predictions change.
class PredictionPanel : public QWidget
{
    Q_OBJECT
public:
    explicit PredictionPanel(QWidget* parent = nullptr);
    void setClassNames(std::vector<std::string> names);
    void setPreview(const PredictionPreview& preview);
    void clear();
    QSize sizeHint() const override;
    int heightForWidth(int width) const override;
    bool hasHeightForWidth() const override { return true; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    int columns(int width) const;
    int tileTall() const; ///< with room for what stands beside a picture
    std::vector<std::string> m_classNames;
    PredictionPreview m_preview;
    std::vector<QImage> m_images;
};

}
