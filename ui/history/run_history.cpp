// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/history/run_history.h"

#include "engine/core/summary/figure_table.h"
#include "ui/theme/translated.h"

#include <algorithm>
#include <optional>

namespace descent {

namespace {

constexpr int refreshMs = 1000;

}

struct RunHistory::Index {
    std::int64_t revision = 0, changeCounter = -1;
    RunSet runs, trash;
    RunListing counts;                              // of `runs` and `trash`: the same for every wish until they change
    std::map<std::string, SharedSettings> settings; // of the wishes so far: reading all recipes takes seconds
    std::optional<RunWish> wish;
    std::stop_token stop;                           // of that wish

    /// Takes in what has changed. Returns whether anything has.
    bool follow(RunStore& store);
};

bool RunHistory::Index::follow(RunStore& store)
{
    const std::int64_t counter = store.changeCounter();
    if (counter == changeCounter)
        return false; // nobody has written anything, which is cheaper to know than that no run has changed
    RunChanges changes = store.changesSince(revision);
    changeCounter = counter;
    if (changes.revision == revision)
        return false;
    revision = changes.revision;
    std::vector<RunId> changed, present, trashed;
    for (const SharedRun& run : changes.runs)
        present.push_back(run->id);
    for (const SharedRun& run : changes.trash)
        trashed.push_back(run->id);
    std::merge(present.begin(), present.end(), trashed.begin(), trashed.end(), std::back_inserter(changed));
    for (auto& [path, known] : settings) {
        RunSettings fresh = store.settings(path, changed);
        auto all = std::make_shared<RunSettings>(*known);
        for (const RunId run : changed)
            all->erase(run);
        all->merge(fresh);
        known = std::move(all);
    }
    const auto without = [&](const std::vector<RunId>& moved) {
        std::vector<RunId> all;
        std::merge(changes.gone.begin(), changes.gone.end(), moved.begin(), moved.end(), std::back_inserter(all));
        return all;
    };
    runs.apply(std::move(changes.runs), without(trashed));
    trash.apply(std::move(changes.trash), without(present));
    counts = {.experiments = experimentSizes(runs, RunWish::Place::present), .trashed = trash.size()};
    for (const RunSummary& run : runs.each()) {
        counts.present += !run.archived;
        counts.starred += run.starred;
        counts.archived += run.archived;
    }
    return true;
}

RunHistory::RunHistory(std::filesystem::path folder, QObject* parent) : QObject{parent}, m_folder{std::move(folder)}, m_index{std::make_unique<Index>()}
{
    m_store = std::make_unique<StoreThread>(m_folder, [this](const StoreError& error) {
        QMetaObject::invokeMethod(this, [this, message = translated(error.message())] {
            m_asking = false;
            Q_EMIT failed(message);
        });
    });
    m_timer.setInterval(refreshMs);
    connect(&m_timer, &QTimer::timeout, this, &RunHistory::refresh);
    m_timer.start();
    refresh(); // while the pages are made: what it brings waits for them
}

RunHistory::~RunHistory()
{
    m_listing.request_stop();
    m_store.reset();
}

std::filesystem::path RunHistory::folderOf(RunId run) const
{
    return m_folder / "runs" / std::to_string(run);
}

void RunHistory::post(std::function<void(RunStore&)> work)
{
    m_store->post(std::move(work));
}

void RunHistory::refresh()
{
    if (m_asking)
        return;   // the store is busy: what it brings will be newer than now
    m_asking = true;
    post([this](RunStore& store) {
        const bool news = m_index->follow(store);
        QMetaObject::invokeMethod(this, [this, news, runs = news ? m_index->runs : RunSet{}]() mutable {
            m_asking = false;
            if (!news && m_loaded)
                return;
            m_runs = std::move(runs);
            m_loaded = true;
            Q_EMIT changed();
        });
        if (news)
            list(store);
        else if (!store.isReadOnly())
            store.compactOne(); // nothing else to do at this moment
    });
}

/// On the store's thread.
void RunHistory::list(RunStore& store)
{
    Index& index = *m_index;
    if (!index.wish || index.stop.stop_requested())
        return;
    auto listing = std::make_shared<RunListing>(index.counts);
    listing->wish = *index.wish;
    for (const std::string& path : settingsOf(*index.wish)) {
        SharedSettings& settings = index.settings[path];
        if (!settings)
            settings = std::make_shared<const RunSettings>(store.settings(path));
        listing->settings[path] = settings;
    }
    const bool trash = index.wish->place == RunWish::Place::trash;
    listing->list = listRuns(trash ? index.trash : index.runs, *index.wish, listing->settings, std::chrono::system_clock::now(), index.stop);
    if (index.stop.stop_requested())
        return; // another wish waits already
    QMetaObject::invokeMethod(this, [this, stop = index.stop, listing = SharedListing{std::move(listing)}] {
        if (!stop.stop_requested())
            Q_EMIT listingArrived(listing);
    });
}

void RunHistory::requestListing(const RunWish& wish)
{
    m_listing.request_stop();
    m_listing = {};
    post([this, wish, stop = m_listing.get_token()](RunStore& store) {
        m_index->wish = wish;
        m_index->stop = stop;
        list(store);
    });
}

void RunHistory::requestFields()
{
    post([this](RunStore&) {
        QMetaObject::invokeMethod(this, [this, fields = queryFields(m_index->runs)] { Q_EMIT fieldsArrived(fields); });
    });
}

void RunHistory::requestDetails(RunId run)
{
    post([this, run](RunStore& store) {
        auto details = store.run(run);
        if (!details)
            return;
        QMetaObject::invokeMethod(this, [this, run, details = std::move(*details), family = familyOf(m_index->runs, run)] {
            Q_EMIT detailsArrived(details);
            Q_EMIT familyArrived(run, family);
        });
    });
}

void RunHistory::requestGroups(RunGrouping wanted)
{
    post([this, wanted = std::move(wanted)](RunStore& store) mutable {
        std::vector<SharedRun> runs;
        for (const RunId run : wanted.runs)
            if (SharedRun shared = m_index->runs.share(run))
                runs.push_back(std::move(shared));
        std::map<std::string, SharedSettings> settings;
        for (const std::string& field : wanted.by)
            if (isSetting(field))
                settings[field] = std::make_shared<const RunSettings>(store.settings(field, wanted.runs));
        wanted.groups = groupRuns(runs, wanted.by, settings, std::chrono::system_clock::now());
        QMetaObject::invokeMethod(this, [this, wanted = std::move(wanted)] { Q_EMIT groupsArrived(wanted); });
    });
}

void RunHistory::requestDifferingSettings(std::vector<RunId> runs)
{
    post([this, runs = std::move(runs)](RunStore& store) {
        std::vector<RunDetails> details;
        for (auto& [run, recipe] : store.recipes(runs)) {
            details.emplace_back().summary.id = run;
            details.back().recipeJson = recipe;
        }
        DifferingSettings found{.runs = runs, .settings = {}};
        for (const FigureColumn& column : figureTable(details).columns)
            if (column.role == FigureColumn::Role::setting && column.differs && column.name != "seed")
                found.settings.emplace_back(column.name, column.label);
        QMetaObject::invokeMethod(this, [this, found = std::move(found)] { Q_EMIT differingSettingsArrived(found); });
    });
}

void RunHistory::requestRecipes(std::vector<RunId> runs)
{
    post([this, runs = std::move(runs)](RunStore& store) {
        QMetaObject::invokeMethod(this, [this, recipes = store.recipes(runs)] { Q_EMIT recipesArrived(recipes); });
    });
}

void RunHistory::requestDifference(RunId before, RunId after)
{
    post([this, before, after](RunStore& store) {
        const auto first = store.run(before), second = store.run(after);
        if (first && second)
            QMetaObject::invokeMethod(this, [this, difference = differenceOf(*first, *second)] { Q_EMIT differenceArrived(difference); });
    });
}

void RunHistory::requestThumbnails(std::vector<RunId> runs)
{
    post([this, runs = std::move(runs)](RunStore& store) {
        QMetaObject::invokeMethod(this, [this, thumbnails = store.thumbnails(runs)] { Q_EMIT thumbnailsArrived(thumbnails); });
    });
}

void RunHistory::requestViews()
{
    post([this](RunStore& store) {
        QMetaObject::invokeMethod(this, [this, views = store.views()] { Q_EMIT viewsArrived(views); });
    });
}

void RunHistory::change(std::function<void(RunStore&)> work)
{
    post(std::move(work));
    m_asking = false;   // what a person did shows at once
    refresh();
}

}
