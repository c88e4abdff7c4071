// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace descent {

/// The meta.yaml of an experiment or run of MLflow: names and texts, one level deep, in the part of YAML that PyYAML writes (plain, 'single'
/// and "double" quotes, folded over lines). What is deeper, or no scalar, is passed over. A null is no entry.
std::map<std::string, std::string> readMlflowMeta(std::string_view yaml);
/// Names and texts as such a file.
std::string mlflowMeta(const std::map<std::string, std::string>& texts, const std::map<std::string, std::int64_t>& numbers);

/// A value as MLflow's stores keep it.
struct MlflowMetric {
    std::int64_t timestampMs = 0, step = 0;
    double value = 0;
};
/// A line of a metric's file: "1700000000250 0.5 1", time in milliseconds, value, step (0 where it is left out); a data set's name and
/// digest may follow. Nothing for anything else.
std::optional<MlflowMetric> readMlflowMetric(std::string_view line);
std::string mlflowMetricLine(const MlflowMetric& metric); ///< with its end

/// A text as a name that MLflow takes, which is a path too: "_" for each character that it does not allow.
std::string mlflowName(std::string_view name);

}
