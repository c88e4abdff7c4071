// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QPointer>

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace descent {

/// Paints pictures on a thread of its own, in the order in which they were asked for; for one widget only what was asked for last.
/// Thread safety: everything from the window's thread.
class PaintThread : public QObject
{
    Q_OBJECT
public:
    using Show = std::function<void()>;  ///< hands the picture over, on the window's thread; never called once the widget is gone
    using Paint = std::function<Show()>; ///< on the thread: it must not touch the widget
    explicit PaintThread(QObject* parent = nullptr);
    ~PaintThread() override;

    void paint(QObject* widget, Paint paint);

private:
    struct Order {
        QPointer<QObject> widget;
        Paint paint;
    };
    void run(const std::stop_token& stop);

    std::mutex m_mutex; // guards m_orders
    std::condition_variable_any m_wake;
    std::deque<Order> m_orders;
    std::jthread m_thread; // last: joined before what it uses goes
};

}
