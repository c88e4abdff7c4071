// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/store/run_store.h"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <stop_token>
#include <string>

namespace descent {

/// Keys keep the order they are written in: README.md shows the formats, and people read them.
using Json = nlohmann::ordered_json;

/// JSON has no NaN and no infinity: they are the texts "NaN", "Infinity" and "-Infinity", which float() of most languages
/// reads, rather than a null that says nothing.
Json jsonNumber(double value);
Json jsonFigures(const Figures& figures);
Json jsonTime(WallTime time); ///< "2026-11-24T12:30:05.120Z"

Json toJson(const RunSummary& run); ///< one object of `runs --json`
Json toJson(const RunDetails& run); ///< `show --json`: the same and more

/// Writes an array of the runs, each as `show --json` has it and with "points": by series "step", "value" and "seconds". Throws StoreError,
/// DescentError, Cancelled; then the file is as it was.
void exportToJson(RunStore& store, std::span<const RunId> runs, const std::filesystem::path& file, const std::stop_token& stop = {},
                  const std::function<void(double)>& progress = {});

}
