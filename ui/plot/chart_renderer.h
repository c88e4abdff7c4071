// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plot/chart_picture.h"

#include <QImage>
#include <QObject>
#include <QSize>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace descent {

/// Draws the curves of charts on a thread of its own, in the order in which they were asked for; of one chart only what was asked for last.
/// Thread safety: everything from the window's thread, where `drawn` is emitted too.
class ChartRenderer : public QObject
{
    Q_OBJECT
public:
    struct Drawn {
        quint64 chart = 0, version = 0; ///< as they were given to draw()
        QImage curves;
        ChartScale x, y;                ///< what it shows
    };
    explicit ChartRenderer(QObject* parent = nullptr);
    ~ChartRenderer() override;

    void draw(quint64 chart, quint64 version, ChartContent content, const QSize& pixels, double ratio);
    void forget(quint64 chart);

Q_SIGNALS:
    void drawn(const descent::ChartRenderer::Drawn& drawn);

private:
    struct Order {
        quint64 chart = 0, version = 0;
        ChartContent content;
        QSize pixels;
        double ratio = 1;
    };
    void run(const std::stop_token& stop);

    std::mutex m_mutex; // guards m_orders
    std::condition_variable_any m_wake;
    std::deque<Order> m_orders;
    std::jthread m_thread; // last: joined before what it uses goes
};

}
