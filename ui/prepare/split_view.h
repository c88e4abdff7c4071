// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/quality.h"

#include <QWidget>

#include <memory>
#include <string>
#include <vector>

namespace descent {

/// The split as a picture: a bar of its parts, and under it what each part holds, class by class.
class SplitView : public QWidget
{
    Q_OBJECT
public:
    explicit SplitView(QWidget* parent = nullptr);
    void setReport(std::shared_ptr<const QualityReport> report, std::vector<std::string> classNames, QString targetName);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::shared_ptr<const QualityReport> m_report;
    std::vector<std::string> m_classNames;
    QString m_targetName;
};

/// Which steps a forecast reads and which it is asked for: a few windows of each part, one under the other, below a series
/// that is as wide.
class WindowsView : public QWidget
{
    Q_OBJECT
public:
    struct Window {
        std::int64_t begin = 0, input = 0, horizon = 0; ///< steps
        int part = 0;                                   ///< 0 training, 1 validation, 2 test
    };
    explicit WindowsView(QWidget* parent = nullptr);
    void setWindows(std::vector<Window> windows, std::int64_t steps);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::vector<Window> m_windows;
    std::int64_t m_steps = 1;
};

/// Windows of each part of a series, spread over it. Pure arithmetic, tested by itself.
std::vector<WindowsView::Window> someWindows(std::int64_t trainEnd, std::int64_t validationEnd, std::int64_t testEnd, std::int64_t input, std::int64_t horizon);

}
