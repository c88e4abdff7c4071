// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/history/curve_axis.h"
#include "engine/core/history/group_band.h"
#include "engine/core/history/smoothed_series.h"
#include "engine/core/store/curve_reduction.h"
#include "engine/core/store/run_store.h"

#include <functional>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace descent {

/// What a picture wants of one series.
struct CurveWish {
    RunId run = 0;
    std::string series;
    CurveAxis axis;
    CurveRange range;
    double smoothing = 0;  ///< weight of DebiasedAverage
    bool isLogY = false;   ///< values at or below 0 are gaps
    std::size_t cells = 0; ///< above 0: also means over so many parts of the range
    bool operator==(const CurveWish&) const = default;
};

struct PreparedCurve {
    std::vector<SeriesPoint> raw;    ///< what a line through all points shows in these columns: see CurveReduction
    std::vector<SeriesPoint> smooth; ///< the same of the smoothed series; empty where nothing is smoothed
    std::vector<CurveCell> cells;    ///< of the smoothed series, where asked for; parts without points are left out
    std::vector<double> sample;      ///< of the raw values in the range, evenly spaced: for quantiles
    std::uint64_t inRange = 0;       ///< how many points it stands for
};

/// Prepares curves for pictures, exactly: smoothing is done on all points, and thinned afterwards. A million points are read once for
/// that; what they came to is kept, and goes on with the points that come. Bounded: what was used least lately goes.
/// One thread; `store` outlives it.
class CurveReader {
public:
    explicit CurveReader(RunStore& store, std::size_t mostBytes = std::size_t{256} << 20);
    ~CurveReader();
    CurveReader(const CurveReader&) = delete;

    /// extent: what RunStore::extents() says of the series now. Nothing when `isOutdated` became true meanwhile.
    std::optional<PreparedCurve> read(const CurveWish& wish, const SeriesExtent& extent, const std::function<bool()>& isOutdated);
    std::size_t bytes() const; ///< kept at present

private:
    class View;
    struct Entry;
    using Key = std::pair<RunId, std::string>;
    Entry& entryOf(const CurveWish& wish, const SeriesExtent& extent);
    void forgetOldest(const Key& but);

    RunStore& m_store;
    const std::size_t m_mostBytes;
    std::map<Key, Entry> m_entries;
    std::uint64_t m_uses = 0;
};

}
