// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/chart_renderer.h"

#include <algorithm>

namespace descent {

ChartRenderer::ChartRenderer(QObject* parent) : QObject{parent}, m_thread{[this](const std::stop_token& stop) { run(stop); }} {}

ChartRenderer::~ChartRenderer()
{
    m_thread.request_stop();
    m_thread.join(); // what it has posted to us goes with us
}

void ChartRenderer::draw(quint64 chart, quint64 version, ChartContent content, const QSize& pixels, double ratio)
{
    const std::lock_guard lock{m_mutex};
    const auto waiting = std::ranges::find(m_orders, chart, &Order::chart);
    if (waiting != m_orders.end())
        *waiting = {chart, version, std::move(content), pixels, ratio};
    else
        m_orders.push_back({chart, version, std::move(content), pixels, ratio});
    m_wake.notify_one();
}

void ChartRenderer::forget(quint64 chart)
{
    const std::lock_guard lock{m_mutex};
    std::erase_if(m_orders, [chart](const Order& order) { return order.chart == chart; });
}

void ChartRenderer::run(const std::stop_token& stop)
{
    for (;;) {
        Order order;
        {
            std::unique_lock lock{m_mutex};
            m_wake.wait(lock, stop, [&] { return !m_orders.empty(); });
            if (stop.stop_requested())
                return;
            order = std::move(m_orders.front());
            m_orders.pop_front();
        }
        Drawn done{order.chart, order.version, drawCurves(order.content, order.pixels, order.ratio), order.content.x, order.content.y};
        QMetaObject::invokeMethod(this, [this, done = std::move(done)] { Q_EMIT drawn(done); });
    }
}

}
