// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/dataset.h"
#include "engine/core/data/event_dates.h"

#include <unordered_map>

namespace descent {

/// What the files say of a person, before anything is left out.
struct PersonRecord {
    struct Event {
        double day = 0;
        std::int32_t code = 0;
        float value = 0;
    };
    std::string name, label;          ///< label empty: none was given
    std::optional<double> outcomeDay; ///< of the first, where there are several
    Text unusable;                    ///< why the person is set aside; empty: nothing speaks against them
    std::vector<Event> events;        ///< in the order of the file

    /// A label that a row gives, missing ones allowed. Rows that contradict each other make the person unusable: nothing says
    /// which is right.
    void tellLabel(const std::string& said);
    void tellOutcome(double day);
};

/// Everything of the files that will become a dataset.
struct PeopleRecords {
    Dataset dataset; ///< its name, and what was set aside
    std::vector<PersonRecord> people;
    std::unordered_map<std::string, std::size_t> personOf;
    std::vector<std::string> codes;
    std::unordered_map<std::string, std::int32_t> codeOf;
    DateForm dates = DateForm::calendar; ///< of the events

    PersonRecord& person(const std::string& name); ///< new where there is none
    std::int32_t code(const std::string& name);    ///< new where there is none
};

/// What is left out of every history, so that no event gives the outcome away.
struct CutOff {
    std::optional<std::int32_t> outcomeCode; ///< dates the outcome, and is itself left out
    double daysBefore = 0;                   ///< the outcome; where nothing happened, before the last event
    std::optional<double> until;             ///< the first day that is left out
};

/// Histories in order of time and a class for everyone of whom both are known; the others are set aside.
/// labelName: what the label is called. labelByOutcome: it is "yes" for those with a dated outcome, "no" for the others.
/// Problems: nobody is left, everyone's label is the same, more than 100 classes. Throws Cancelled.
Result<Dataset> historiesOf(PeopleRecords records, const CutOff& rule, const std::string& labelName, bool labelByOutcome,
                            const LoadControl& control);

}
