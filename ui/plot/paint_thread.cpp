// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/paint_thread.h"

#include <algorithm>

namespace descent {

PaintThread::PaintThread(QObject* parent) : QObject{parent}, m_thread{[this](const std::stop_token& stop) { run(stop); }} {}

PaintThread::~PaintThread()
{
    m_thread.request_stop();
    m_thread.join(); // what it has posted to us goes with us
}

void PaintThread::paint(QObject* widget, Paint paint)
{
    const std::lock_guard lock{m_mutex};
    const auto waiting = std::ranges::find_if(m_orders, [widget](const Order& order) { return order.widget == widget; });
    if (waiting != m_orders.end())
        waiting->paint = std::move(paint);
    else
        m_orders.push_back({widget, std::move(paint)});
    m_wake.notify_one();
}

void PaintThread::run(const std::stop_token& stop)
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
        if (!order.widget)
            continue;
        QMetaObject::invokeMethod(this, [widget = std::move(order.widget), show = order.paint()] {
            if (widget)
                show();
        });
    }
}

}
