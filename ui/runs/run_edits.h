// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/store/run_store.h"

#include <QObject>
#include <QStringList>

#include <functional>
#include <vector>

namespace descent {

class RunHistory;

/// What a person changes about runs, one or thousands at once, each with its way back.
class RunEdits : public QObject
{
    Q_OBJECT
public:
    using Runs = std::vector<RunId>;
    explicit RunEdits(RunHistory& history, QObject* parent = nullptr);

    void rename(RunId run, const QString& name);
    void setNote(RunId run, const QString& note);          ///< without a message: it is saved while a person writes
    void setTags(RunId run, const QStringList& tags);
    void addTag(const Runs& runs, const QString& tag);
    void removeTag(const Runs& runs, const QString& tag);
    void setStarred(const Runs& runs, bool starred);
    void setArchived(const Runs& runs, bool archived);
    void setColor(const Runs& runs, const QString& color); ///< empty: by their numbers
    void move(const Runs& runs, const QString& experiment);
    void renameExperiment(const QString& from, const QString& to);
    void moveToTrash(Runs runs);                           ///< runs under way stay
    void restore(const Runs& runs);

    void undo();                                           ///< the newest of them

Q_SIGNALS:
    void messageRaised(const QString& message);
    void undoOffered(const QString& message, const std::function<void()>& undo);

private:
    using Change = std::function<void(RunStore&)>;
    void make(Change change, Change back, const QString& message);
    /// The runs by what `valueOf` says they have now.
    template <typename Value>
    std::vector<std::pair<Value, Runs>> grouped(const Runs& runs, Value (*valueOf)(const RunSummary&)) const;

    RunHistory& m_history;
    std::vector<Change> m_undo; // newest last
};

}
