// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/schema/parameter_schema.h"

#include <nlohmann/json_fwd.hpp>

#include <optional>

namespace descent {

/// The value as the schema's type; numbers that lose nothing are converted (5.0 for a whole number, 1 for a real). None: it is no
/// boolean, text or number. `schema` may be null. Whether the value is allowed is validate()'s to say.
std::optional<ParameterValue> parameterFrom(const nlohmann::json& json, const ParameterSchema* schema);

}
