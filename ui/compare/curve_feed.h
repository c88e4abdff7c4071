// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/compare/chart_filling.h"

#include <QObject>

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

namespace descent {

/// Fills charts on a thread of its own, from a store of its own: however much it has to read, the table of runs is not held up.
/// Wishes that are outdated are dropped, in the middle of a curve. While a run goes on its new points come by themselves, and what
/// was read before is not read again.
/// Thread safety: everything from the window's thread, where the signals are emitted too.
class CurveFeed : public QObject
{
    Q_OBJECT
public:
    explicit CurveFeed(std::filesystem::path folder, QObject* parent = nullptr);
    ~CurveFeed() override;

    void wish(CurveWishes wishes); ///< replaces those before
    void setPrimaryMetrics(std::vector<std::string> metrics); ///< of the runs, for the order of charts; before wish()

Q_SIGNALS:
    void metricsArrived(const std::vector<std::string>& metrics); ///< the charts there are for these runs
    void chartFilled(const descent::ChartFilling& filling);
    void failed(const QString& message);

private:
    void run(const std::stop_token& stop);
    class Work; // of the thread

    const std::filesystem::path m_folder;
    std::mutex m_mutex; // guards m_wishes and m_primaryMetrics
    std::condition_variable_any m_wake;
    CurveWishes m_wishes;
    std::vector<std::string> m_primaryMetrics;
    std::atomic<std::uint64_t> m_generation = 0; // of m_wishes
    std::jthread m_thread;                       // last: joined before what it uses goes
};

}
