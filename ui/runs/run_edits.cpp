// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/run_edits.h"

#include "ui/history/run_history.h"

#include <algorithm>
#include <map>

namespace descent {

namespace {

constexpr std::size_t mostUndo = 200;

/// "Run deleted", "12 runs deleted".
QString counted(std::size_t count, const QString& one, const QString& several)
{
    return count == 1 ? one : several.arg(count);
}

/// "vision/small" of " vision // small/".
std::string cleanPath(const QString& written)
{
    QStringList parts;
    for (const QString& part : written.split(QLatin1Char('/')))
        if (!part.trimmed().isEmpty())
            parts << part.trimmed();
    return parts.join(QLatin1Char('/')).toStdString();
}

}

RunEdits::RunEdits(RunHistory& history, QObject* parent) : QObject{parent}, m_history{history}
{
}

void RunEdits::make(Change change, Change back, const QString& message)
{
    m_history.change(std::move(change));
    m_undo.push_back(std::move(back));
    if (m_undo.size() > mostUndo)
        m_undo.erase(m_undo.begin());
    if (!message.isEmpty())
        Q_EMIT undoOffered(message, [this] { undo(); });
}

void RunEdits::undo()
{
    if (m_undo.empty())
        return;
    m_history.change(std::move(m_undo.back()));
    m_undo.pop_back();
}

template <typename Value>
std::vector<std::pair<Value, RunEdits::Runs>> RunEdits::grouped(const Runs& runs, Value (*valueOf)(const RunSummary&)) const
{
    std::map<Value, Runs> all;
    for (const RunId run : runs)
        if (const RunSummary* summary = m_history.find(run))
            all[valueOf(*summary)].push_back(run);
    return {all.begin(), all.end()};
}

void RunEdits::rename(RunId run, const QString& name)
{
    const RunSummary* known = m_history.find(run);
    if (!known)
        return;
    make([run, name = name.toStdString()](RunStore& store) { store.rename(run, name); },
         [run, name = known->name](RunStore& store) { store.rename(run, name); }, tr("Renamed"));
}

void RunEdits::setNote(RunId run, const QString& note)
{
    const RunSummary* known = m_history.find(run);
    make([run, note = note.toStdString()](RunStore& store) { store.setNote(run, note); },
         [run, note = known ? known->note : std::string{}](RunStore& store) { store.setNote(run, note); }, {});
}

void RunEdits::setTags(RunId run, const QStringList& tags)
{
    std::vector<std::string> names;
    for (const QString& tag : tags)
        if (!tag.trimmed().isEmpty())
            names.push_back(tag.trimmed().toStdString());
    const RunSummary* known = m_history.find(run);
    make([run, names](RunStore& store) { store.setTags(run, names); },
         [run, names = known ? known->tags : std::vector<std::string>{}](RunStore& store) { store.setTags(run, names); }, tr("Tags changed"));
}

void RunEdits::addTag(const Runs& runs, const QString& tag)
{
    Runs without;
    const std::string name = tag.trimmed().toStdString();
    for (const RunId run : runs)
        if (const RunSummary* known = m_history.find(run); known && std::find(known->tags.begin(), known->tags.end(), name) == known->tags.end())
            without.push_back(run);
    if (name.empty() || without.empty())
        return;
    make([without, name](RunStore& store) { store.addTag(without, name); }, [without, name](RunStore& store) { store.removeTag(without, name); },
         counted(without.size(), tr("Run tagged"), tr("%1 runs tagged")));
}

void RunEdits::removeTag(const Runs& runs, const QString& tag)
{
    Runs with;
    const std::string name = tag.toStdString();
    for (const RunId run : runs)
        if (const RunSummary* known = m_history.find(run); known && std::find(known->tags.begin(), known->tags.end(), name) != known->tags.end())
            with.push_back(run);
    if (with.empty())
        return;
    make([with, name](RunStore& store) { store.removeTag(with, name); }, [with, name](RunStore& store) { store.addTag(with, name); },
         counted(with.size(), tr("Tag taken off"), tr("Tag taken off %1 runs")));
}

void RunEdits::setStarred(const Runs& runs, bool starred)
{
    Runs others;
    for (const RunId run : runs)
        if (const RunSummary* known = m_history.find(run); known && known->starred != starred)
            others.push_back(run);
    if (others.empty())
        return;
    make([others, starred](RunStore& store) { store.setStarred(others, starred); }, [others, starred](RunStore& store) { store.setStarred(others, !starred); },
         others.size() == 1 ? QString{} : starred ? tr("%1 runs starred").arg(others.size()) : tr("Star taken off %1 runs").arg(others.size()));
}

void RunEdits::setArchived(const Runs& runs, bool archived)
{
    Runs others;
    for (const RunId run : runs)
        if (const RunSummary* known = m_history.find(run); known && known->archived != archived)
            others.push_back(run);
    if (others.empty())
        return;
    make([others, archived](RunStore& store) { store.setArchived(others, archived); },
         [others, archived](RunStore& store) { store.setArchived(others, !archived); },
         archived ? counted(others.size(), tr("Run archived"), tr("%1 runs archived")) : counted(others.size(), tr("Run taken back"), tr("%1 runs taken back")));
}

void RunEdits::setColor(const Runs& runs, const QString& color)
{
    auto before = grouped<std::string>(runs, [](const RunSummary& run) { return run.color; });
    make([runs, color = color.toStdString()](RunStore& store) { store.setColor(runs, color); },
         [before = std::move(before)](RunStore& store) {
             for (const auto& [old, those] : before)
                 store.setColor(those, old);
         },
         counted(runs.size(), tr("Colour changed"), tr("Colour of %1 runs changed")));
}

void RunEdits::move(const Runs& runs, const QString& experiment)
{
    auto before = grouped<std::string>(runs, [](const RunSummary& run) { return run.experiment; });
    const std::string name = cleanPath(experiment);
    if (name.empty() || runs.empty())
        return;
    make([runs, name](RunStore& store) { store.moveToExperiment(runs, name); },
         [before = std::move(before)](RunStore& store) {
             for (const auto& [old, those] : before)
                 store.moveToExperiment(those, old);
         },
         counted(runs.size(), tr("Run moved"), tr("%1 runs moved")));
}

void RunEdits::renameExperiment(const QString& from, const QString& to)
{
    // Its runs may join those of another: the way back is each run's own.
    Runs runs;
    const std::string old = from.toStdString(), name = cleanPath(to);
    if (name.empty())
        return;
    for (const RunSummary& run : m_history.runs().each())
        if (run.experiment == old || run.experiment.starts_with(old + '/'))
            runs.push_back(run.id);
    auto before = grouped<std::string>(runs, [](const RunSummary& run) { return run.experiment; });
    make([old, name](RunStore& store) { store.renameExperiment(old, name); },
         [before = std::move(before)](RunStore& store) {
             for (const auto& [experiment, those] : before)
                 store.moveToExperiment(those, experiment);
         },
         tr("Experiment renamed"));
}

void RunEdits::moveToTrash(Runs runs)
{
    const std::size_t chosen = runs.size();
    // A run under way writes to its row; it can be deleted once it has ended.
    std::erase_if(runs, [this](RunId run) {
        const RunSummary* known = m_history.find(run);
        return known && known->status == RunStatus::running;
    });
    if (runs.empty()) {
        if (chosen > 0)
            Q_EMIT messageRaised(tr("A run under way cannot be deleted: stop it first"));
        return;
    }
    const QString message = counted(runs.size(), tr("Run deleted"), tr("%1 runs deleted"));
    make([runs](RunStore& store) { store.moveToTrash(runs); }, [runs](RunStore& store) { store.restoreFromTrash(runs); }, message);
}

void RunEdits::restore(const Runs& runs)
{
    make([runs](RunStore& store) { store.restoreFromTrash(runs); }, [runs](RunStore& store) { store.moveToTrash(runs); },
         counted(runs.size(), tr("Run restored"), tr("%1 runs restored")));
}

}
