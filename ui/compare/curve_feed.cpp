// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/curve_feed.h"

#include "ui/theme/translated.h"

#include <algorithm>
#include <chrono>

namespace descent {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds liveEvery{250};
constexpr std::uint64_t manyPoints = 300'000;
constexpr int restPerWork = 3; // at most a quarter of a core goes into following runs

}

/// What the feed's thread has of the wishes it works at.
class CurveFeed::Work {
public:
    Work(CurveFeed& feed, const std::filesystem::path& folder) : m_feed{feed}, m_store{folder}, m_reader{m_store} {}

    void begin(CurveWishes wishes, std::vector<std::string> primaryMetrics, std::uint64_t generation)
    {
        if (const auto sameRun = [](const WantedRun& a, const WantedRun& b) { return a.id == b.id; }; !std::ranges::equal(wishes.runs, m_wishes.runs, sameRun))
            m_smoothed.clear();
        m_wishes = std::move(wishes);
        m_primaryMetrics = std::move(primaryMetrics);
        m_generation = generation;
        m_filled.clear();
        m_metrics.clear(); // to be told again: what was posted for other wishes is dropped
        std::erase_if(m_extents, [&](const auto& one) { return std::ranges::find(m_wishes.runs, one.first, &WantedRun::id) == m_wishes.runs.end(); });
    }
    bool isLive() const { return !m_wishes.charts.empty() && std::ranges::any_of(m_wishes.runs, &WantedRun::isRunning); }
    bool isOutdated() const { return m_feed.m_generation != m_generation; }

    /// Everything that is new.
    void goOn()
    {
        for (const WantedRun& run : m_wishes.runs) {
            if (isOutdated())
                return;
            const auto known = m_looked.find(run.id);
            if (run.isRunning || known == m_looked.end() || known->second != run.step || !m_extents.contains(run.id)) {
                m_extents[run.id] = m_store.extents(run.id);
                m_looked[run.id] = run.step;
            }
        }
        // While all runs are hidden the charts stay, empty.
        if (std::vector<std::string> metrics = metricsOf(m_extents, m_primaryMetrics); metrics != m_metrics && !m_wishes.runs.empty()) {
            m_metrics = std::move(metrics);
            post([feed = &m_feed, known = m_metrics] { Q_EMIT feed->metricsArrived(known); });
        }
        const std::function<bool()> outdated = [this] { return isOutdated(); };
        for (const WantedChart& chart : m_wishes.charts) {
            const std::uint64_t points = pointsOf(chart.metric);
            const std::pair look{points, fullRange(m_wishes, m_extents)};
            if (const auto before = m_filled.find(chart.metric); before != m_filled.end() && before->second == look)
                continue; // nothing that would change the picture
            // Smoothing reads every point once: until that is done, the raw curves are better than none.
            if (m_wishes.smoothing > 0 && points > manyPoints && m_smoothed[chart.metric] != m_wishes.smoothing) {
                CurveWishes raw = m_wishes;
                raw.smoothing = 0;
                if (std::optional<ChartFilling> first = fillChart(m_reader, raw, chart, m_extents, outdated))
                    post([feed = &m_feed, done = std::move(*first)] { Q_EMIT feed->chartFilled(done); });
            }
            std::optional<ChartFilling> filling = fillChart(m_reader, m_wishes, chart, m_extents, outdated);
            if (!filling) {
                if (isOutdated())
                    return;
                continue; // it changed while it was read: the next look has it
            }
            m_filled[chart.metric] = look;
            m_smoothed[chart.metric] = m_wishes.smoothing;
            post([feed = &m_feed, done = std::move(*filling)] { Q_EMIT feed->chartFilled(done); });
        }
    }

private:
    /// On the window's thread, unless other wishes came meanwhile.
    template <typename Tell>
    void post(Tell tell)
    {
        QMetaObject::invokeMethod(&m_feed, [feed = &m_feed, generation = m_generation, tell = std::move(tell)] {
            if (feed->m_generation == generation)
                tell();
        });
    }
    std::uint64_t pointsOf(const std::string& metric) const
    {
        std::uint64_t points = 0;
        for (const auto& [run, series] : m_extents)
            for (const char* part : {"/train", "/validation", ""})
                if (const auto found = series.find(metric + part); found != series.end())
                    points += found->second.points;
        return points;
    }

    CurveFeed& m_feed;
    RunStore m_store;
    CurveReader m_reader;
    CurveWishes m_wishes;
    std::vector<std::string> m_primaryMetrics, m_metrics;
    std::uint64_t m_generation = 0;
    RunExtents m_extents;
    std::map<RunId, std::int64_t> m_looked;          // the step that the page knew of when the extents were read
    std::map<std::string, std::pair<std::uint64_t, ChartScale>> m_filled; // charts that were filled for these wishes: their points, and all of x
    std::map<std::string, double> m_smoothed;        // the weight with which a chart was smoothed last
};

CurveFeed::CurveFeed(std::filesystem::path folder, QObject* parent)
    : QObject{parent}, m_folder{std::move(folder)}, m_thread{[this](const std::stop_token& stop) { run(stop); }}
{
}

CurveFeed::~CurveFeed()
{
    ++m_generation; // whatever is being read is not wanted any more
    m_thread.request_stop();
    m_thread.join(); // what it has posted to us goes with us
}

void CurveFeed::wish(CurveWishes wishes)
{
    const std::lock_guard lock{m_mutex};
    if (m_generation > 0 && wishes == m_wishes)
        return;
    m_wishes = std::move(wishes);
    ++m_generation;
    m_wake.notify_one();
}

void CurveFeed::setPrimaryMetrics(std::vector<std::string> metrics)
{
    const std::lock_guard lock{m_mutex};
    m_primaryMetrics = std::move(metrics);
}

void CurveFeed::run(const std::stop_token& stop)
{
    std::unique_ptr<Work> work;
    std::uint64_t begun = 0;
    Clock::duration followed{}; // what it took to look for new points last
    while (!stop.stop_requested()) {
        try {
            bool isFollowing = true;
            {
                std::unique_lock lock{m_mutex};
                const auto isNew = [&] { return m_generation != begun; };
                if (work && work->isLive())
                    m_wake.wait_for(lock, stop, std::max<Clock::duration>(liveEvery, followed * restPerWork), isNew);
                else
                    m_wake.wait(lock, stop, isNew);
                if (stop.stop_requested())
                    return;
                if (!work && !m_wishes.runs.empty())
                    work = std::make_unique<Work>(*this, m_folder);
                isFollowing = !isNew();
                if (work && !isFollowing)
                    work->begin(m_wishes, m_primaryMetrics, m_generation);
                begun = m_generation;
            }
            const Clock::time_point start = Clock::now();
            if (work)
                work->goOn();
            followed = isFollowing ? Clock::now() - start : Clock::duration{};
        } catch (const StoreError& error) { // and nothing more until there are other wishes
            work.reset();
            QMetaObject::invokeMethod(this, [this, message = translated(error.message())] { Q_EMIT failed(message); });
        } catch (const std::exception& error) { // the thread's outermost frame
            work.reset();
            QMetaObject::invokeMethod(this, [this, message = QString::fromUtf8(error.what())] { Q_EMIT failed(message); });
        }
    }
}

}
