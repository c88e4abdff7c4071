// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/inspection.h"
#include "engine/core/run/preview.h"

#include <QImage>
#include <QWidget>

#include <string>
#include <vector>

class QPainter;

namespace descent {

/// Pictures beside and below each other, with the boxes that are there.
class BoxSheet : public QWidget
{
    Q_OBJECT
public:
    explicit BoxSheet(QWidget* parent = nullptr);
    void setSamples(const DatasetReport& report);
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override { return {280, heightForWidth(280)}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    struct Sample {
        QImage image;
        std::vector<Box> boxes;
    };
    std::vector<Sample> m_samples;
};

/// What a detector finds on held-back pictures: boxes in the colour of their class with how sure it is, in per cent; what is
/// there is dashed. Above, which colour is which class.
class BoxPanel : public QWidget
{
    Q_OBJECT
public:
    explicit BoxPanel(QWidget* parent = nullptr);
    void setClassNames(std::vector<std::string> names);
    void setPreview(const DetectionPreview& preview);
    const DetectionPreview& preview() const { return m_preview; }
    void clear();
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override { return {420, heightForWidth(420)}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void paintLegend(QPainter& painter);
    std::vector<std::string> m_classNames;
    DetectionPreview m_preview;
    std::vector<QImage> m_images;
};

}
