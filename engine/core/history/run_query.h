// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/problem.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace descent {

/// What a run has under a name: nothing, a number (times and durations in seconds too), a text, or several.
using RunValue = std::variant<std::monostate, double, std::string, std::vector<std::string>>;

/// Which runs a person wants to see, in words such as
///
///   accuracy > 0.9 and architecture = resnet18 and tag = demo
///   (loss < 0.2 or best.accuracy/validation >= 95%) and not status = failed and age < 2d
///   note ~ "too high" and training.learningRate <= 1e-3 resnet
///
/// Comparisons are =, !=, <, <=, >, >= and ~ ("holds", * stands for anything), joined by and, or, not and brackets; "and" may be left out.
/// Texts compare without regard to case; of several (tags), one that fits is enough, and != means that none does. Numbers may end in
/// %, k, M, G, or as durations in s, m, h, d, w; times are days such as 2026-11-28. "= none" asks for what is not there or empty; a run
/// without the value fits no other comparison. A word that is compared with nothing is looked for in everything that is written about a run.
class RunQuery {
public:
    RunQuery(); ///< fits every run
    /// Problems say what is wrong and where: `path` is the position of its first character, counted from 0.
    static Result<RunQuery> parse(std::string_view text);

    /// Names that runs are asked for, each once; "" stands for everything that is written about a run.
    const std::vector<std::string>& fields() const { return m_fields; }
    /// value: what a run has under fields()[i].
    bool fits(const std::function<const RunValue&(std::size_t field)>& value) const;

    struct Node;

private:
    std::shared_ptr<const Node> m_root; // null: fits every run
    std::vector<std::string> m_fields;
};

/// A name that can be asked for, and what it may be compared with.
struct QueryField {
    std::string name;
    std::vector<std::string> values; ///< known ones, most frequent first; of a number none
};
/// What may stand where the cursor is: `text` in place of the characters from `from` up to `to`.
struct QueryCompletion {
    std::string text;
    std::size_t from = 0, to = 0;
    bool operator==(const QueryCompletion&) const = default;
};
/// At most `most` of them, those that begin with what is there first. cursor: a position in `text`.
std::vector<QueryCompletion> completionsAt(std::string_view text, std::size_t cursor, const std::vector<QueryField>& fields, std::size_t most = 50);

/// `name` or `value` as a query has to write it: in quotes where it would be taken for something else.
std::string quotedForQuery(std::string_view text);

}
