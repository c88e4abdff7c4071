// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/harness.h"

#include "engine/core/interchange/mlflow_meta.h"
#include "engine/core/interchange/mlflow_run.h"
#include "engine/core/text/utf8.h"

#include <cmath>

namespace descent {

/// As a meta.yaml, and line by line as a metric's file.
void readDamaged(std::span<const std::byte> input)
{
    const std::string_view text = fuzz::asText(input);
    const auto meta = readMlflowMeta(text);
    for (const auto& [name, value] : meta)
        fuzz::promise(isUtf8(value), "a text is UTF-8");
    std::map<std::string, std::string> plain; // names that a file of ours may have
    for (const auto& [name, value] : meta)
        plain["n" + std::to_string(plain.size())] = value;
    fuzz::promise(readMlflowMeta(mlflowMeta(plain, {})) == plain, "what is written is read the same");
    for (std::string_view left = text; !left.empty();) {
        const std::size_t end = std::min(left.find('\n'), left.size());
        const std::string_view line = left.substr(0, end);
        left.remove_prefix(std::min(end + 1, left.size()));
        const std::string name = mlflowName(line);
        fuzz::promise(!name.empty() && name == mlflowName(name) && name.front() != '/', "a name is a name");
        const auto metric = readMlflowMetric(line);
        if (!metric)
            continue;
        std::string written = mlflowMetricLine(*metric);
        written.pop_back();
        const auto again = readMlflowMetric(written);
        fuzz::promise(again && again->step == metric->step && again->timestampMs == metric->timestampMs &&
                          (again->value == metric->value || (std::isnan(again->value) && std::isnan(metric->value))),
                      "a value is written and read the same");
    }
}

}
