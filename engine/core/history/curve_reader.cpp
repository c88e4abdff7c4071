// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/history/curve_reader.h"

#include "engine/core/store/series_visitor.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace descent {

namespace {

constexpr std::size_t mostViews = 3;            // of one series: all of it, and where a person looks closer
constexpr std::uint64_t fewPoints = 4096;       // of which each is a part of the sample; of more, one a block
constexpr std::int64_t manyColumns = 16;
constexpr std::uint64_t outdatedEvery = 64;     // blocks between two looks whether the wish is still wanted

bool isSame(const SeriesPoint& left, const SeriesPoint& right)
{
    return left.step == right.step && left.seconds == right.seconds && (left.value == right.value || (std::isnan(left.value) && std::isnan(right.value)));
}

}

/// One series in one range: what was reduced so far, which goes on with the points that come.
class CurveReader::View : public SeriesVisitor {
public:
    View(const CurveWish& wish, std::uint64_t expected)
        : m_wish{wish}, m_raw{columnsOf(wish)}, m_smooth{columnsOf(wish)}, m_keepsAll{expected <= fewPoints}, m_cells(wish.cells)
    {
    }

    const CurveWish& wish() const { return m_wish; }
    std::uint64_t position() const { return m_position; }
    const SeriesPoint& last() const { return m_last; }
    std::size_t bytes() const { return m_bytes; }

    /// Takes what the store has behind position(). False when it was cut short, or what stood there has changed.
    bool goOn(RunStore& store, SmoothedSeries& smoothed, const std::function<bool()>& isOutdated)
    {
        m_smoothed = &smoothed;
        m_isOutdated = &isOutdated;
        m_isWhole = true;
        // One point back, to see that it is still the last of what was taken; at the beginning of its block, to smooth from there.
        const std::uint64_t before = m_position > 0 ? m_position - 1 : 0;
        store.visit(m_wish.run, m_wish.series, *this, before - before % point_chunk::blockSize);
        return m_isWhole;
    }

    PreparedCurve prepared()
    {
        PreparedCurve curve{.sample = m_sample, .inRange = m_inRange};
        curve.raw = CurveReduction{m_raw}.take(); // of copies: they go on
        if (m_wish.smoothing > 0)
            curve.smooth = CurveReduction{m_smooth}.take();
        for (const Cell& cell : m_cells)
            if (cell.count > 0)
                curve.cells.push_back({cell.x / cell.count, cell.value / cell.count});
        m_bytes = sizeof(SeriesPoint) * (curve.raw.size() + curve.smooth.size()) + sizeof(double) * m_sample.size() + sizeof(Cell) * m_cells.size();
        return curve;
    }

    Way meet(const PointSpan& span, std::uint64_t position) override
    {
        const bool isChunk = span.count > point_chunk::blockSize;
        if ((isChunk || ++m_met % outdatedEvery == 0) && (*m_isOutdated)()) {
            m_isWhole = false;
            return Way::stop;
        }
        if (position < m_position)
            return Way::inside;
        const bool isUnknown = m_wish.smoothing > 0 && position + span.count > m_smoothed->size();
        if (isUnknown || !m_cells.empty())
            return isChunk ? Way::points : Way::inside;
        if (covers(span, position)) {
            add(span, position);
            return Way::over;
        }
        // Of a chunk over many columns most blocks would have to be opened: all of it is read sooner.
        const std::int64_t columns = m_raw.columnOf(span.lastStep, span.lastSeconds) - m_raw.columnOf(span.firstStep, span.firstSeconds);
        return isChunk && columns >= manyColumns ? Way::points : Way::inside;
    }

    void take(std::span<const SeriesPoint> points, std::uint64_t position) override
    {
        while (!points.empty() && m_isWhole) { // a block after the other
            const std::size_t count = std::min<std::size_t>(points.size(), point_chunk::blockSize - position % point_chunk::blockSize);
            takeBlock(points.first(count), position);
            points = points.subspan(count);
            position += count;
        }
    }

private:
    struct Cell {
        double x = 0, value = 0;
        int count = 0;
    };
    static CurveColumns columnsOf(const CurveWish& wish)
    {
        return {.count = wish.range.columns, .of = [axis = wish.axis, range = wish.range](std::int64_t step, double seconds) {
                    const auto columns = static_cast<double>(range.columns);
                    return static_cast<std::int64_t>(std::floor(std::clamp(range.place(axis.at(step, seconds)), -1.0, columns)));
                }};
    }
    bool isInside(std::int64_t column) const { return column >= 0 && column < m_wish.range.columns; }
    std::vector<SeriesPoint> smoothedOf(std::span<const SeriesPoint> points, std::uint64_t position)
    {
        const std::size_t known = std::min<std::uint64_t>(points.size(), m_smoothed->size() - std::min(position, m_smoothed->size()));
        std::vector<SeriesPoint> smooth = known > 0 ? m_smoothed->again(points.first(known), position) : std::vector<SeriesPoint>{};
        const std::vector<SeriesPoint> fresh = m_smoothed->append(points.subspan(known));
        smooth.insert(smooth.end(), fresh.begin(), fresh.end());
        return smooth;
    }
    SeriesPoint drawn(const SeriesPoint& point) const
    {
        const bool hasPlace = !m_wish.isLogY || !(point.value <= 0);
        return {point.step, hasPlace ? point.value : -std::numeric_limits<double>::infinity(), point.seconds}; // told from what is no number
    }
    /// Whether the span says all that is needed of its points, and of their smoothed values.
    bool covers(const PointSpan& span, std::uint64_t position) const
    {
        if (!m_raw.covers(span) || (m_wish.isLogY && !(span.low > 0)))
            return false;
        if (m_wish.smoothing == 0)
            return true;
        if (endsIn(position, span.count))
            return false; // opened, to see whether it is still the point that was smoothed last
        const std::span<const PointSpan> smooth = m_smoothed->spans(position, span.count);
        return !smooth.empty() && !(m_wish.isLogY && std::ranges::any_of(smooth, [](const PointSpan& one) { return !(one.low > 0); }));
    }
    void add(const PointSpan& span, std::uint64_t position)
    {
        m_raw.add(span);
        if (m_wish.smoothing > 0)
            for (const PointSpan& one : m_smoothed->spans(position, span.count))
                m_smooth.add(one);
        if (isInside(m_raw.columnOf(span.firstStep, span.firstSeconds))) {
            m_sample.push_back(span.first);
            m_inRange += span.count;
        }
        m_position = position + span.count;
        m_last = {span.lastStep, span.last, span.lastSeconds};
    }

    /// Whether the last point that was smoothed so far is among these.
    bool endsIn(std::uint64_t position, std::uint64_t count) const
    {
        return m_smoothed->size() > position && m_smoothed->size() <= position + count;
    }

    void takeBlock(std::span<const SeriesPoint> points, std::uint64_t position)
    {
        if (m_wish.smoothing > 0 && endsIn(position, points.size()) && !isSame(points[m_smoothed->size() - 1 - position], m_smoothed->last())) {
            m_isWhole = false;
            return;
        }
        const std::vector<SeriesPoint> smooth = m_wish.smoothing > 0 ? smoothedOf(points, position) : std::vector<SeriesPoint>{};
        if (position >= m_position && m_cells.empty() && points.size() == point_chunk::blockSize)
            if (const PointSpan span = spanOf(points); covers(span, position)) {
                add(span, position);
                return;
            }
        for (std::size_t i = 0; i < points.size(); ++i) {
            if (position + i < m_position) {
                if (position + i + 1 == m_position && !isSame(points[i], m_last)) {
                    m_isWhole = false;
                    return;
                }
                continue;
            }
            add(points[i], smooth.empty() ? points[i] : smooth[i], i == 0);
        }
    }

    void add(const SeriesPoint& point, const SeriesPoint& smooth, bool begins)
    {
        const std::int64_t column = m_raw.columnOf(point.step, point.seconds);
        m_raw.add(drawn(point), column);
        if (m_wish.smoothing > 0)
            m_smooth.add(drawn(smooth), column);
        ++m_position;
        m_last = point;
        if (!isInside(column))
            return;
        ++m_inRange;
        if (m_keepsAll || begins)
            m_sample.push_back(point.value);
        if (!m_cells.empty() && std::isfinite(smooth.value)) {
            const double x = m_wish.axis.at(point.step, point.seconds);
            const double share = m_wish.range.place(x) / static_cast<double>(m_wish.range.columns);
            Cell& cell = m_cells[std::min(m_cells.size() - 1, static_cast<std::size_t>(share * static_cast<double>(m_cells.size())))];
            cell.x += x;
            cell.value += smooth.value;
            ++cell.count;
        }
    }

    CurveWish m_wish;
    CurveReduction m_raw, m_smooth;
    bool m_keepsAll;
    std::vector<double> m_sample;
    std::vector<Cell> m_cells;
    std::uint64_t m_position = 0, m_inRange = 0, m_met = 0;
    SeriesPoint m_last;
    std::size_t m_bytes = 0;
    bool m_isWhole = true;
    SmoothedSeries* m_smoothed = nullptr; // while goOn() runs
    const std::function<bool()>* m_isOutdated = nullptr;
};

struct CurveReader::Entry {
    SeriesPoint first;
    SmoothedSeries smoothed{0};
    std::list<View> views; // the newest first
    std::uint64_t used = 0;

    std::size_t bytes() const
    {
        std::size_t sum = smoothed.bytes();
        for (const View& view : views)
            sum += view.bytes();
        return sum;
    }
};

CurveReader::CurveReader(RunStore& store, std::size_t mostBytes) : m_store{store}, m_mostBytes{mostBytes} {}
CurveReader::~CurveReader() = default;

/// Of the series as it is now: what was kept of it before it changed otherwise than by growing is forgotten.
CurveReader::Entry& CurveReader::entryOf(const CurveWish& wish, const SeriesExtent& extent)
{
    Entry& entry = m_entries[{wish.run, wish.series}];
    const bool hasChanged = !isSame(entry.first, extent.first) || std::ranges::any_of(entry.views, [&](const View& view) {
        return extent.points < view.position() || (extent.points == view.position() && !isSame(extent.last, view.last()));
    });
    if (hasChanged)
        entry = Entry{.first = extent.first};
    if (entry.smoothed.weight() != wish.smoothing && wish.smoothing > 0) {
        entry.smoothed = SmoothedSeries{wish.smoothing};
        std::erase_if(entry.views, [](const View& view) { return view.wish().smoothing > 0; });
    }
    entry.used = ++m_uses;
    return entry;
}

std::optional<PreparedCurve> CurveReader::read(const CurveWish& wish, const SeriesExtent& extent, const std::function<bool()>& isOutdated)
{
    for (const bool again : {false, true}) {
        Entry& entry = entryOf(wish, extent);
        const auto known = std::ranges::find_if(entry.views, [&](const View& view) { return view.wish() == wish; });
        if (known != entry.views.end())
            entry.views.splice(entry.views.begin(), entry.views, known);
        else
            entry.views.emplace_front(wish, extent.points);
        View& view = entry.views.front();
        if (view.position() >= extent.points || view.goOn(m_store, entry.smoothed, isOutdated)) {
            std::optional<PreparedCurve> curve = view.prepared();
            if (entry.views.size() > mostViews)
                entry.views.pop_back();
            forgetOldest({wish.run, wish.series});
            return curve;
        }
        const bool isCutShort = isOutdated();
        if (isCutShort) {
            entry.views.pop_front();
            if (entry.views.empty()) // nothing that would tell whether it changes
                m_entries.erase({wish.run, wish.series});
            return std::nullopt;
        }
        if (!again)
            m_entries.erase({wish.run, wish.series});
    }
    return std::nullopt; // it changes faster than it is read: the next look will tell
}

std::size_t CurveReader::bytes() const
{
    std::size_t sum = 0;
    for (const auto& [key, entry] : m_entries)
        sum += entry.bytes();
    return sum;
}

void CurveReader::forgetOldest(const Key& but)
{
    for (std::size_t left = bytes(); left > m_mostBytes && m_entries.size() > 1;) {
        const auto oldest = std::ranges::min_element(m_entries, {}, [&](const auto& one) { return one.first == but ? UINT64_MAX : one.second.used; });
        left -= oldest->second.bytes();
        m_entries.erase(oldest);
    }
}

}
