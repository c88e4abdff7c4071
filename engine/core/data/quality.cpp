// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/quality.h"

#include "engine/core/data/column_profile.h"
#include "engine/core/data/csv.h"
#include "engine/core/data/sample_prints.h"
#include "engine/core/data/series_season.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <tuple>

namespace descent {

namespace {

using Severity = QualityFinding::Severity;
constexpr std::size_t mostAlikeShown = 60;

std::string path(const std::string& column, const char* setting)
{
    return "cleaning.columns." + column + "." + setting;
}

QualityFinding about(Severity severity, const std::string& column, Text what, Text why, Text fix = {}, const char* setting = "", const char* value = "")
{
    QualityFinding finding{.severity = severity, .column = column, .what = std::move(what), .why = std::move(why), .fix = std::move(fix)};
    if (!finding.fix.empty())
        finding.sets = {{column.empty() ? "cleaning." + std::string{setting} : path(column, setting), value}};
    return finding;
}

/// "3.1 %"
std::string percent(double share)
{
    return fmt::format("{:.{}f} %", 100 * share, share < 0.1 ? 1 : 0);
}

class Inspection {
public:
    Inspection(const Dataset& dataset, const PreparationSettings& settings, const LoadControl& control)
        : m_dataset{dataset}, m_settings{settings}, m_control{control}, m_targets{dataset.train.targets}
    {
    }

    QualityReport report()
    {
        const bool splittable = havePrints(m_dataset.train);
        if (splittable)
            split();
        step(0.15);
        if (const auto* table = std::get_if<Table>(&m_dataset.train.inputs)) {
            for (std::size_t i = 0; i < table->columns.size(); ++i) {
                m_report.columns.push_back(profileOf(table->columns[i], m_targets, m_settings, m_split ? &m_split->split : nullptr));
                judgeColumn(table->columns[i], m_report.columns.back());
                step(0.15 + 0.6 * static_cast<double>(i + 1) / static_cast<double>(table->columns.size()));
            }
            judgePairs(*table);
        } else if (const auto* series = std::get_if<Series>(&m_dataset.train.inputs)) {
            for (std::size_t i = 0; i < series->names.size(); ++i)
                m_report.columns.push_back(
                    profileOf({.name = series->names[i], .numbers = columnOf(*series, i, series->count)}, {}, m_settings, nullptr));
        }
        if (const auto* pictures = std::get_if<PictureArray>(&m_dataset.train.inputs); pictures && m_split)
            m_report.pictures = preparePictures(*pictures, m_split->split.train, m_settings.preprocessing);
        step(0.8);
        if (splittable)
            judgeSamples();
        judgeTarget();
        if (m_dataset.setAsideCount > 0)
            add(about(Severity::note, {}, text("%1 samples could not be read and are set aside", m_dataset.setAsideCount),
                      m_dataset.setAside.empty() ? Text{} : text("the first: %1", english(m_dataset.setAside.front()))));
        std::stable_sort(m_report.findings.begin(), m_report.findings.end(),
                         [](const auto& a, const auto& b) { return a.severity > b.severity; });
        step(1);
        return std::move(m_report);
    }

private:
    void step(double fraction)
    {
        if (m_control.stop.stop_requested())
            throw Cancelled{};
        if (m_control.progress)
            m_control.progress(fraction);
    }
    void add(QualityFinding finding) { m_report.findings.push_back(std::move(finding)); }

    void split()
    {
        Result<CleanedSplit> cleaned = cleanAndSplit(m_dataset, m_settings, {m_control.stop, {}});
        m_report.partOf.assign(static_cast<std::size_t>(m_dataset.train.count()), RowPart::none);
        if (!cleaned) {
            m_report.problems = std::move(cleaned.problems);
            return;
        }
        m_split = std::move(cleaned.value);
        const Split& split = m_split->split;
        m_report.ownTest = split.ownTest;
        m_report.setAside = m_split->train;
        m_report.setAsideCount = static_cast<std::int64_t>(m_split->train.size() + m_split->test.size()) - m_split->count(SetAside::no);
        const Column *group = nullptr, *order = nullptr;
        if (const auto* table = std::get_if<Table>(&m_dataset.train.inputs))
            for (const Column& column : table->columns) {
                const ColumnPlan::Role role = planOf(column, table->count, m_settings.cleaning, m_settings.preprocessing).role;
                group = role == ColumnPlan::Role::group ? &column : group;
                order = role == ColumnPlan::Role::order ? &column : order;
            }
        m_report.grouped = group != nullptr;
        m_report.ordered = order != nullptr;
        m_report.ruledBy = group ? group->name : order ? order->name : std::string{};
        m_report.stratified = !group && !order && m_targets.areClasses() && booleanOf(splitSchema(), m_settings.split, "stratified");
        const auto describe = [&](const std::vector<std::int64_t>& rows, RowPart part, const Samples& of, PartProfile& profile) {
            profile.count = static_cast<std::int64_t>(rows.size());
            profile.classCounts.assign(of.targets.classNames.size(), 0);
            std::set<std::string> groups;
            for (const std::int64_t row : rows) {
                const auto i = static_cast<std::size_t>(row);
                if (of.targets.areClasses())
                    ++profile.classCounts[static_cast<std::size_t>(of.targets.classes[i])];
                else if (of.targets.areBoxes())
                    for (const Box& box : of.targets.boxes[i])
                        ++profile.classCounts[static_cast<std::size_t>(box.classIndex)];
                else if (of.targets.areNumbers()) {
                    const double value = of.targets.values[i];
                    profile.targetLow = row == rows.front() ? value : std::min(profile.targetLow, value);
                    profile.targetHigh = row == rows.front() ? value : std::max(profile.targetHigh, value);
                    profile.targetMean += value / static_cast<double>(rows.size());
                }
                if (&of == &m_dataset.train)
                    m_report.partOf[i] = part;
                if (group && &of == &m_dataset.train)
                    groups.insert(cellOf(*group, i));
            }
            profile.groups = static_cast<std::int64_t>(groups.size());
        };
        describe(split.train, RowPart::train, m_dataset.train, m_report.train);
        describe(split.validation, RowPart::validation, m_dataset.train, m_report.validation);
        describe(split.test, RowPart::test, split.ownTest ? *m_dataset.test : m_dataset.train, m_report.test);
        if (order)
            describeOrder(*order, split);
    }

    static std::string cellOf(const Column& column, std::size_t row)
    {
        if (!column.categorical)
            return fmt::format("{}", column.numbers[row]);
        return column.codes[row] < 0 ? std::string{} : column.categories[static_cast<std::size_t>(column.codes[row])];
    }

    /// First and last cell of each part: the parts follow each other, so their ends are where the next begins.
    void describeOrder(const Column& order, const Split& split)
    {
        const std::vector<double> places = orderOf(order);
        for (const auto& [rows, profile] : {std::pair{&split.train, &m_report.train}, std::pair{&split.validation, &m_report.validation},
                                            std::pair{&split.test, &m_report.test}}) {
            if (rows->empty() || (split.ownTest && profile == &m_report.test))
                continue;
            const auto [first, last] = std::minmax_element(rows->begin(), rows->end(), [&](std::int64_t a, std::int64_t b) {
                return places[static_cast<std::size_t>(a)] < places[static_cast<std::size_t>(b)];
            });
            profile->from = cellOf(order, static_cast<std::size_t>(*first));
            profile->to = cellOf(order, static_cast<std::size_t>(*last));
        }
    }

    void judgeColumn(const Column& column, const ColumnProfile& profile)
    {
        using Plan = ColumnPlan;
        const std::string& name = column.name;
        if (profile.plan.role != Plan::Role::feature)
            return;
        const std::int64_t there = profile.rows - profile.missing;
        if (profile.distinct <= 1) {
            add(about(Severity::warning, name, text("\"%1\" is the same in every row", name), text("It teaches nothing."), text("Ignore it"), "role", "ignore"));
            return;
        }
        if (profile.missing * 2 > profile.rows)
            add(about(Severity::warning, name, text("\"%1\" is missing in %2 of the rows", name, percent(static_cast<double>(profile.missing) / static_cast<double>(profile.rows))),
                      text("Most of what the network sees of it is made up."), text("Ignore it"), "role", "ignore"));
        else if (profile.gapTells > 0.02 && profile.plan.missing != Plan::Missing::own)
            add(about(Severity::note, name, text("The gaps of \"%1\" tell something of the target", name),
                      text("Whether a value is there matters by itself: filling it in hides that."), text("Show the gaps"), "missing", "own"));
        constexpr double givesAway = 0.95; // one of 32 bins may hold the border, and looks undecided
        if (profile.tells > givesAway && there >= 50)
            add(about(Severity::serious, name, text("\"%1\" alone gives the target away", name),
                      text("It tells %1 of it. Is it known when a prediction is wanted, or was it written down afterwards?", percent(profile.tells)),
                      text("Ignore it"), "role", "ignore"));
        if (!profile.plan.categorical) {
            const bool whole = std::all_of(column.numbers.begin(), column.numbers.end(), [](float value) { return std::isfinite(value) && std::trunc(value) == value; });
            if (!column.categorical && whole && profile.distinct == profile.rows && profile.rows > 50
                && (std::is_sorted(column.numbers.begin(), column.numbers.end()) || std::is_sorted(column.numbers.rbegin(), column.numbers.rend())))
                add(about(Severity::warning, name, text("\"%1\" counts the rows", name), text("A number of a row is no property of what it describes."), text("Ignore it"), "role", "ignore"));
            else if (profile.skewness > 5 && profile.minimum >= 0 && profile.plan.scaling != Plan::Scaling::log)
                add(about(Severity::note, name, text("\"%1\" has a long tail", name),
                          text("From %1 to %2, with half below %3: most values are pressed together.", shown(profile.minimum), shown(profile.maximum), shown(profile.median)),
                          text("Take the logarithm"), "scaling", "log"));
            else if (profile.outliers > 0 && profile.plan.outliers == Plan::Outliers::keep && profile.plan.scaling != Plan::Scaling::log)
                add(about(Severity::note, name, text("%1 values of \"%2\" lie far out", profile.outliers, name),
                          text("Beyond %1 to %2; the greatest is %3, the least %4.", shown(profile.limits.low), shown(profile.limits.high), shown(profile.maximum), shown(profile.minimum)),
                          text("Clip them"), "outliers", "clip"));
            if (profile.noNumbers > 0)
                add(about(Severity::note, name, text("%1 cells of \"%2\" are no numbers and count as missing", profile.noNumbers, name), {}));
        } else {
            judgeCategories(column, profile);
        }
        if (m_split && profile.drift > driftLimit())
            add(about(Severity::warning, name, text("\"%1\" differs between training and test part", name),
                      text("Their distributions are %1 apart at most: figures on test may be worse than on validation.", percent(profile.drift))));
    }

    static std::string shown(double value) { return fmt::format("{:.6g}", value); }

    void judgeCategories(const Column& column, const ColumnProfile& profile)
    {
        if (column.categorical) {
            std::int64_t numbers = 0, others = 0;
            std::string example;
            std::vector<bool> isNumber;
            for (const std::string& category : column.categories)
                isNumber.push_back(parseNumber(category).has_value());
            for (const std::int32_t code : column.codes)
                if (code >= 0) {
                    const bool number = isNumber[static_cast<std::size_t>(code)];
                    number ? ++numbers : ++others;
                    if (!number && example.empty())
                        example = column.categories[static_cast<std::size_t>(code)];
                }
            if (numbers > 9 * others && others > 0)
                add(about(Severity::warning, column.name, text("\"%1\" is numbers but for %2 cells", column.name, others),
                          text("\"%1\", for one, makes it a column of categories.", example), text("Read it as numbers"), "type", "number"));
        }
        constexpr std::int64_t manyCategories = 100;
        if (profile.distinct > manyCategories && profile.plan.encoding == ColumnPlan::Encoding::oneHot)
            add(about(Severity::note, column.name, text("\"%1\" has %2 categories", column.name, profile.distinct),
                      text("Each becomes an input of its own, most of them rarely seen."), text("Hash them"), "encoding", "hash"));
    }

    /// Beyond it chance is no excuse: Kolmogorov and Smirnov's test at one in a thousand, and a distance that matters.
    double driftLimit() const
    {
        const auto n = static_cast<double>(m_report.train.count), m = static_cast<double>(std::max<std::int64_t>(1, m_report.test.count));
        return std::max(0.1, 1.95 * std::sqrt((n + m) / (n * m)));
    }

    void judgePairs(const Table& table)
    {
        constexpr std::size_t mostColumns = 60, mostRows = 5000;
        std::vector<const Column*> numeric;
        for (std::size_t i = 0; i < table.columns.size(); ++i)
            if (!table.columns[i].categorical && m_report.columns[i].plan.role == ColumnPlan::Role::feature && m_report.columns[i].distinct > 2)
                numeric.push_back(&table.columns[i]);
        numeric.resize(std::min(numeric.size(), mostColumns));
        const std::size_t stride = std::max<std::size_t>(1, static_cast<std::size_t>(table.count) / mostRows);
        std::vector<std::vector<float>> some;
        for (const Column* column : numeric) {
            some.emplace_back();
            for (std::size_t row = 0; row < column->numbers.size(); row += stride)
                some.back().push_back(column->numbers[row]);
        }
        for (std::size_t j = 1; j < numeric.size(); ++j)
            for (std::size_t i = 0; i < j; ++i)
                if (some[i].size() > 20 && std::abs(correlation(some[i], some[j])) > 0.9995) {
                    add(about(Severity::note, numeric[j]->name, text("\"%1\" says the same as \"%2\"", numeric[j]->name, numeric[i]->name),
                              text("Their correlation is above 0.9995."), text("Ignore it"), "role", "ignore"));
                    break;
                }
    }

    void judgeSamples()
    {
        std::vector<SamplePrint> prints = samplePrints(m_dataset.train, m_settings, m_control.stop);
        if (prints.empty())
            return;
        const std::size_t count = prints.size();
        const bool pictures = m_dataset.hasPictures();
        if (m_dataset.test) {
            const std::vector<SamplePrint> tested = samplePrints(*m_dataset.test, m_settings, m_control.stop);
            prints.insert(prints.end(), tested.begin(), tested.end());
        }
        std::vector<std::size_t> order(prints.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return std::tie(prints[a], a) < std::tie(prints[b], b); });
        std::int64_t contradicting = 0, leaked = 0, across = 0;
        const auto targetsOf = [&](std::size_t i) -> std::pair<const Targets&, std::size_t> {
            return i < count ? std::pair<const Targets&, std::size_t>{m_targets, i} : std::pair<const Targets&, std::size_t>{m_dataset.test->targets, i - count};
        };
        const auto same = [&](std::size_t a, std::size_t b) {
            const auto [ta, i] = targetsOf(a);
            const auto [tb, j] = targetsOf(b);
            return targetPrint(ta, i) == targetPrint(tb, j);
        };
        const auto kept = [&](std::size_t i) { return i >= count || m_report.setAside.empty() || m_report.setAside[i] == SetAside::no; };
        std::int64_t repeatsKept = 0;
        for (std::size_t begin = 0, end = 0; begin < order.size(); begin = end) {
            end = begin + 1;
            bool differ = false, tested = order[begin] >= count;
            for (; end < order.size() && prints[order[end]] == prints[order[begin]]; ++end) {
                differ = differ || !same(order[begin], order[end]);
                tested = tested || order[end] >= count;
                if (order[end] < count)
                    m_report.repeats.push_back(static_cast<std::int64_t>(order[end]));
                if (pictures && m_report.alike.size() < mostAlikeShown && kept(order[end]))
                    m_report.alike.push_back({static_cast<std::int64_t>(order[begin]),
                                              static_cast<std::int64_t>(order[end] < count ? order[end] : order[end] - count),
                                              order[end] >= count, true, same(order[begin], order[end])});
            }
            if (end - begin < 2)
                continue;
            std::map<std::uint64_t, std::pair<std::int64_t, bool>> ofTarget; // kept rows with this target; whether one is learnt from
            for (std::size_t i = begin; i < end; ++i)
                if (order[i] < count && kept(order[i])) {
                    auto& [rows, learnt] = ofTarget[targetPrint(m_targets, order[i])];
                    ++rows;
                    learnt = learnt || m_report.partOf[order[i]] == RowPart::train;
                }
            for (std::size_t i = begin; i < end; ++i) {
                const bool own = order[i] < count && kept(order[i]);
                contradicting += differ && own && ofTarget.size() > 1;
                leaked += tested && own && m_report.partOf[order[i]] != RowPart::none;
                // One that says otherwise is a contradiction, which is told by itself.
                across += own && m_report.partOf[order[i]] != RowPart::train && ofTarget[targetPrint(m_targets, order[i])].second;
            }
            for (const auto& [target, rows] : ofTarget)
                repeatsKept += rows.first - 1;
        }
        std::sort(m_report.repeats.begin(), m_report.repeats.end());
        if (leaked > 0)
            add(about(Severity::serious, {}, pictures ? text("%1 training pictures are in the test part as well", leaked) : text("%1 training rows are in the test part as well", leaked),
                      text("The figure on test would praise memory."), text("Set them aside"), "leaked", "set-aside"));
        if (across > 0)
            add(about(Severity::serious, {}, pictures ? text("%1 pictures to judge by are also learnt from", across) : text("%1 rows to judge by are also learnt from", across),
                      text("Repeated samples landed on both sides of the split: figures are too good."), text("Set repeats aside"), "duplicates", "set-aside"));
        else if (repeatsKept > 0)
            add(about(Severity::note, {}, pictures ? text("%1 pictures are repeated", repeatsKept) : text("%1 rows are repeated", repeatsKept),
                      text("They weigh more than others."), text("Set repeats aside"), "duplicates", "set-aside"));
        if (contradicting > 0)
            add(about(Severity::warning, {}, pictures ? text("%1 pictures contradict each other", contradicting) : text("%1 rows contradict each other", contradicting),
                      text("They are alike and have different targets: no network can get all of them right."), text("Set them aside"), "conflicting", "set-aside"));
        if (pictures)
            judgeLooks(prints, count);
    }

    void judgeLooks(const std::vector<SamplePrint>& prints, std::size_t count)
    {
        constexpr std::size_t mostLooked = 200'000;
        if (prints.size() > mostLooked)
            return;
        std::vector<PictureLook> looks = pictureLooks(std::get<PictureArray>(m_dataset.train.inputs), m_control.stop);
        if (m_dataset.test) {
            const std::vector<PictureLook> tested = pictureLooks(std::get<PictureArray>(m_dataset.test->inputs), m_control.stop);
            looks.insert(looks.end(), tested.begin(), tested.end());
        }
        const std::vector<std::int64_t> first = nearlySame(looks, prints, m_control.stop);
        std::int64_t near = 0, across = 0;
        for (std::size_t i = 0; i < first.size(); ++i) {
            const auto other = static_cast<std::size_t>(first[i]);
            if (first[i] < 0 || other >= count)
                continue;
            if (i < count && !m_report.setAside.empty() && m_report.setAside[i] != SetAside::no)
                continue;
            ++near;
            const bool judged = i >= count || m_report.partOf[i] != RowPart::train;
            across += judged && m_report.partOf[other] == RowPart::train;
            if (m_report.alike.size() < mostAlikeShown)
                m_report.alike.push_back({first[i], static_cast<std::int64_t>(i < count ? i : i - count), i >= count, false,
                                          targetPrint(m_targets, other) == (i < count ? targetPrint(m_targets, i) : targetPrint(m_dataset.test->targets, i - count))});
        }
        if (near > 0)
            add(about(across > 0 ? Severity::warning : Severity::note, {}, text("%1 pictures are nearly the same as another", near),
                      across > 0 ? text("%1 of them are judged by while the other is learnt from.", across) : text("They weigh more than others."),
                      text("Set them aside"), "near", "set-aside"));
    }

    void judgeTarget()
    {
        if (!m_targets.areClasses() || m_targets.classes.empty())
            return;
        std::vector<std::int64_t> counts(m_targets.classNames.size());
        for (const std::int64_t label : m_targets.classes)
            ++counts[static_cast<std::size_t>(label)];
        for (std::size_t i = 0; i < counts.size(); ++i) {
            const std::string& name = m_targets.classNames[i];
            if (m_split && (m_report.train.classCounts[i] == 0 || m_report.validation.classCounts[i] == 0))
                add(about(Severity::warning, {}, m_report.train.classCounts[i] == 0 ? text("Class \"%1\" is not in the training part", name) : text("Class \"%1\" is not in the validation part", name),
                          text("It has %1 samples in all.", counts[i])));
        }
        const auto [fewest, most] = std::minmax_element(counts.begin(), counts.end());
        if (*most > 10 * *fewest)
            add(about(Severity::note, {}, text("Class \"%1\" is rare: %2 of %3 samples", m_targets.classNames[static_cast<std::size_t>(fewest - counts.begin())], *fewest, m_targets.classes.size()),
                      text("Accuracy alone says little here; weigh classes, or look at macro F1.")));
    }

    const Dataset& m_dataset;
    const PreparationSettings& m_settings;
    const LoadControl& m_control;
    const Targets& m_targets;
    std::optional<CleanedSplit> m_split;
    QualityReport m_report;
};

}

QualityReport inspectQuality(const Dataset& dataset, const PreparationSettings& settings, const LoadControl& control)
{
    return Inspection{dataset, settings, control}.report();
}

}
