// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/recipe/recipe.h"
#include "engine/core/run/rate_finder.h"

#include <QObject>
#include <QTimer>

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

namespace descent {

struct Dataset;

/// A search for a learning rate, on a thread of its own. Begins when made; keeps no run.
class RateSearch : public QObject
{
    Q_OBJECT
public:
    struct Subject {
        Recipe recipe;
        std::shared_ptr<const Dataset> dataset; ///< as the recipe reads it; null: it is read first
        std::filesystem::path storeFolder;
        std::int64_t maxThreads = 0; ///< see TrainingRequest
    };
    RateSearch(Subject subject, const RateFinderOptions& options, QObject* parent);

    void stop();    ///< finished() follows, with what was found
    void abandon(); ///< nobody waits for it any more: it goes when its step is done

Q_SIGNALS:
    void found(const std::vector<descent::RateCurve::Point>& points); ///< since the last time, at display rate
    /// problems: why there is no curve; else empty. Where it was stopped before the first step there is neither.
    void finished(const descent::RateCurve& curve, const descent::Problems& problems);

private:
    void work(const Subject& subject, const RateFinderOptions& options, const std::stop_token& stop);
    void poll();

    std::mutex m_mutex;                                // guards what the worker leaves here
    std::vector<RateCurve::Point> m_points;            // since the last poll
    std::optional<Result<RateCurve>> m_result;
    QTimer m_poll;
    std::jthread m_worker; // last: joined before what it writes to goes
};

}
