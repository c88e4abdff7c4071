// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/history/family.h"
#include "engine/core/history/run_difference.h"
#include "engine/core/history/run_list.h"
#include "engine/core/store/store_thread.h"

#include <QObject>
#include <QTimer>

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace descent {

/// What a table of runs shows, and what stands around it.
struct RunListing {
    RunWish wish;
    RunList list;
    std::map<std::string, SharedSettings> settings;    ///< of the wish
    std::map<std::string, std::size_t> experiments;    ///< see experimentSizes()
    std::size_t present = 0, starred = 0, archived = 0, trashed = 0; ///< runs
};
using SharedListing = std::shared_ptr<const RunListing>;

/// Runs that a page lays together.
struct RunGrouping {
    std::vector<RunId> runs;
    std::vector<std::string> by;  ///< fields
    std::vector<RunGroup> groups; ///< of those that are there, in the order of each group's first
};
/// What tells some runs from others.
struct DifferingSettings {
    std::vector<RunId> runs;
    std::vector<std::pair<std::string, std::string>> settings; ///< paths, and labels by their schema (a translation key, or empty); without the seed
};

/// The history as the window sees it: asks the store on its own thread, gives values back as signals on the window's.
/// Looks once a second whether anything has changed, by whichever program, and reads that alone. Filtering, sorting and grouping are
/// done on the store's thread too.
class RunHistory : public QObject
{
    Q_OBJECT
public:
    explicit RunHistory(std::filesystem::path folder, QObject* parent = nullptr);
    ~RunHistory() override;

    const RunSet& runs() const { return m_runs; }    ///< archived ones too; without the trash
    const RunSummary* find(RunId run) const { return m_runs.find(run); } ///< null when it is gone
    bool isLoaded() const { return m_loaded; }
    std::filesystem::path folderOf(RunId run) const;
    const std::filesystem::path& folder() const { return m_folder; } ///< of the store

    void refresh();
    void requestListing(const RunWish& wish);        ///< listingArrived follows, now and whenever something has changed
    void requestFields();                            ///< fieldsArrived follows
    void requestDetails(RunId run);                  ///< detailsArrived follows, then familyArrived
    void requestRecipes(std::vector<RunId> runs);    ///< recipesArrived follows
    void requestGroups(RunGrouping wanted);          ///< groupsArrived follows, with its groups
    void requestDifferingSettings(std::vector<RunId> runs); ///< differingSettingsArrived follows
    void requestDifference(RunId before, RunId after); ///< differenceArrived follows, where both are there
    void requestThumbnails(std::vector<RunId> runs); ///< thumbnailsArrived follows
    void requestViews();                             ///< viewsArrived follows

    /// Work on the store that changes it; what comes of it is shown at once.
    void change(std::function<void(RunStore&)> work);

Q_SIGNALS:
    void changed();                                  ///< runs() is new
    void listingArrived(const descent::SharedListing& listing);
    void fieldsArrived(const std::vector<descent::QueryField>& fields);
    void detailsArrived(const descent::RunDetails& details);
    void familyArrived(descent::RunId run, const std::vector<descent::FamilyMember>& family);
    void recipesArrived(const std::map<descent::RunId, std::string>& recipes); ///< as JSON
    void groupsArrived(const descent::RunGrouping& grouping);
    void differingSettingsArrived(const descent::DifferingSettings& settings);
    void differenceArrived(const descent::RunDifference& difference);
    void thumbnailsArrived(const descent::RunThumbnails& thumbnails);
    void viewsArrived(const std::map<std::string, std::string>& views);
    void failed(const QString& message);

private:
    struct Index;                                    // what the store's thread knows
    void post(std::function<void(RunStore&)> work);
    void list(RunStore& store);

    const std::filesystem::path m_folder;
    RunSet m_runs;
    bool m_loaded = false, m_asking = false;
    std::unique_ptr<Index> m_index;                  // store thread only
    std::stop_source m_listing;                      // of the newest wish
    QTimer m_timer;
    std::unique_ptr<StoreThread> m_store;            // last: its thread is joined before the rest goes
};

}
