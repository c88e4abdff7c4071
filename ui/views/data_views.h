// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/inspection.h"

#include <QPixmap>
#include <QWidget>

#include <vector>

namespace descent {

/// uint8 [channels, height, width] as a picture.
QImage toImage(const std::vector<std::uint8_t>& pixels, std::int64_t channels, std::int64_t height, std::int64_t width);

/// A sheet of sample pictures with their class under each.
class SampleSheet : public QWidget
{
    Q_OBJECT
public:
    explicit SampleSheet(QWidget* parent = nullptr);
    void setSamples(const DatasetReport& report);
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override { return {280, heightForWidth(280)}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    struct Sample {
        QImage image;
        QString label;
    };
    int columns(int width) const;
    std::vector<Sample> m_samples;
};

/// How many samples each class has, as bars in the classes' colours.
class ClassBars : public QWidget
{
    Q_OBJECT
public:
    explicit ClassBars(QWidget* parent = nullptr);
    void setCounts(const DatasetReport& report);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    struct Bar {
        QString name;
        std::int64_t count = 0;
    };
    std::vector<Bar> m_bars;
    std::size_t m_hidden = 0;
};

/// The codes that most people have, as bars in the colours of their groups.
class CodeBars : public QWidget
{
    Q_OBJECT
public:
    explicit CodeBars(QWidget* parent = nullptr);
    void setCodes(const DatasetReport& report);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::vector<DatasetReport::CodeView> m_codes;
};

/// The columns of a table: name, histogram, range, what is missing.
/// The columns of a table, or what is measured of boxes: name, histogram, range, what is missing.
class ColumnList : public QWidget
{
    Q_OBJECT
public:
    explicit ColumnList(QWidget* parent = nullptr);
    void setColumns(const std::vector<DatasetReport::ColumnView>& columns, std::int64_t rows);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::vector<DatasetReport::ColumnView> m_columns;
    std::int64_t m_rows = 0;
};

}
