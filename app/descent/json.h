// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/interchange/run_json.h"
#include "engine/core/run/run_event.h"
#include "engine/core/schema/parameter_schema.h"
#include "engine/core/store/run_store.h"

#include <nlohmann/json.hpp>

#include <map>
#include <optional>
#include <string>

namespace descent {

Json jsonValue(const ParameterValue& value);

/// One line of `train --json`; none for what passes (progress, previews but for layers). `run` is the id in the store.
std::optional<Json> toJson(const RunEvent& event, RunId run);
Json toJson(const Problem& problem, const char* severity);

/// On one line (indent -1) or for people; bytes that are no UTF-8, as a file name may hold, are replaced.
std::string dump(const Json& json, int indent = -1);
void printJson(const Json& json); ///< for people, to stdout

}
