// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/quality.h"

#include <QImage>
#include <QWidget>

#include <memory>
#include <thread>
#include <vector>

class QLabel;
class QPushButton;

namespace descent {

/// Rows of small pictures with a word on each row: samples as they are, and changed as training changes them.
class PictureRows : public QWidget
{
    Q_OBJECT
public:
    struct Row {
        QString label;
        std::vector<QImage> pictures;
    };
    explicit PictureRows(QWidget* parent = nullptr);
    void setRows(std::vector<Row> rows);
    const std::vector<Row>& rows() const { return m_rows; }
    QSize sizeHint() const override;
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    static int side(int width); // of a picture
    std::vector<Row> m_rows;
};

/// Some training pictures and what augmentation makes of them, drawn as training draws; and pictures that are alike.
class SamplesView : public QWidget
{
    Q_OBJECT
public:
    explicit SamplesView(QWidget* parent = nullptr);
    void setReport(std::shared_ptr<const Dataset> dataset, std::shared_ptr<const QualityReport> report);

private:
    struct Drawn {
        std::vector<PictureRows::Row> samples, alike;
        bool augmented = false;
    };
    static Drawn drawn(const Dataset& dataset, const QualityReport& report, std::uint64_t draw); // any thread
    void draw();
    void showDrawn(Drawn drawn);

    std::shared_ptr<const Dataset> m_dataset;
    std::shared_ptr<const QualityReport> m_report;
    std::uint64_t m_draw = 1;
    QLabel *m_none = nullptr, *m_alikeTitle = nullptr;
    QPushButton* m_again = nullptr;
    PictureRows *m_changed = nullptr, *m_alike = nullptr;
    std::jthread m_drawer; // last: joined before what it posts to goes. Pictures may lie in a file.
};

}
