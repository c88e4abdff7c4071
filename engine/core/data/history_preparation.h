// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/preparation.h"

#include <span>
#include <unordered_map>

namespace descent {

/// What turns a history into the two inputs of a network, measured on the training part alone.
/// codes    int64 [steps]: 0 fills up short histories, 1 is a rare or new code, the others follow
/// numbers  float [steps, 4]: time since the event before and time to the end, both as log(1 + days) with a year as 1;
///          the value standardised for its code, cut at 8 deviations; 1 where there is a value, else 0 for both
struct HistoryPreparation : TaskPreparation {
    static constexpr std::int64_t padding = 0, rare = 1, features = 4;
    struct Scale {
        double mean = 0, deviation = 1;
    };
    std::int64_t longest = 0;                            ///< steps; of a longer history the newest are kept
    std::unordered_map<std::string, std::int64_t> idOf;  ///< by the code's name
    std::vector<Scale> scaleOf{2};                       ///< by id
    std::int64_t vocabulary() const { return static_cast<std::int64_t>(scaleOf.size()); }
    std::string wordsHash() const override;
    std::vector<std::int64_t> idsOf(const std::vector<std::string>& codes) const; ///< by place in `codes`
};

/// rareBelow: a code that fewer people of the training part have is not told from other rare ones.
std::shared_ptr<const HistoryPreparation> fitHistoryPreparation(const Histories& histories, std::span<const std::int64_t> trainRows,
                                                                std::int64_t longest, std::int64_t rareBelow);

/// Histories as a network reads them, one after the other.
class HistoryArrays {
public:
    /// codes: what the events' codes are called. Both arguments outlive this.
    HistoryArrays(const HistoryPreparation& preparation, const std::vector<std::string>& codes);

    /// The newest of the events; their end is the last of them.
    void add(std::span<const Histories::Event> events);
    PreparedPart take() &&; ///< two inputs; no targets yet

private:
    const HistoryPreparation& m_preparation;
    const std::vector<std::int64_t> m_idOf;
    std::vector<std::int64_t> m_codes;
    std::vector<float> m_numbers;
    std::vector<std::int32_t> m_lengths;
};

}
