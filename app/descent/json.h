// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/run/run_event.h"
#include "engine/core/schema/parameter_schema.h"
#include "engine/core/store/run_store.h"

#include <nlohmann/json.hpp>

#include <map>
#include <optional>
#include <string>

namespace descent {

/// Keys keep the order they are written in: README.md shows the formats, and people read them.
using Json = nlohmann::ordered_json;

/// JSON has no NaN and no infinity: they are the texts "NaN", "Infinity" and "-Infinity", which float() of most languages
/// reads, rather than a null that says nothing.
Json jsonNumber(double value);
Json jsonFigures(const Figures& figures);
Json jsonTime(WallTime time); ///< "2026-11-24T12:30:05.120Z"
Json jsonValue(const ParameterValue& value);

Json toJson(const RunSummary& run); ///< one object of `runs --json`
Json toJson(const RunDetails& run); ///< `show --json`: the same and more

/// One line of `train --json`; none for what passes (progress, previews but for layers). `run` is the id in the store.
std::optional<Json> toJson(const RunEvent& event, RunId run);
Json toJson(const Problem& problem, const char* severity);

/// On one line (indent -1) or for people; bytes that are no UTF-8, as a file name may hold, are replaced.
std::string dump(const Json& json, int indent = -1);
void printJson(const Json& json); ///< for people, to stdout

}
