// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/interchange/foreign_values.h"

#include <optional>
#include <string_view>

namespace descent {

/// A line that is a JSON object: {"step": 1, "loss/train": 0.5}, or a value with "series" (or "name", "metric") and "value". "_step",
/// "_timestamp" and "_runtime" of Weights & Biases are understood, "run" tells several runs apart, and an object under "config" or
/// "hparams" has settings. What is deeper has its path as its name, with dots. NaN and infinities may stand as Python writes them, or as
/// texts. Nothing for an empty line. Throws DescentError: it is damaged, and how.
std::optional<ForeignRow> readJsonRow(std::string_view line);

}
