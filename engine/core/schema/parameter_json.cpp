// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/schema/parameter_json.h"

#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>

namespace descent {

std::optional<ParameterValue> parameterFrom(const nlohmann::json& json, const ParameterSchema* schema)
{
    const bool wantsReal = schema && schema->type == ParameterType::real;
    const bool wantsInteger = schema && schema->type == ParameterType::integer;
    if (json.is_boolean())
        return json.get<bool>();
    if (json.is_string())
        return json.get<std::string>();
    if (json.is_number_unsigned() && json.get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX))
        return json.get<double>();
    if (json.is_number_integer()) {
        if (wantsReal)
            return static_cast<double>(json.get<std::int64_t>());
        return json.get<std::int64_t>();
    }
    if (json.is_number_float()) {
        const double value = json.get<double>();
        constexpr double exactIntegers = 0x1p53;
        if (wantsInteger && std::trunc(value) == value && std::abs(value) <= exactIntegers)
            return static_cast<std::int64_t>(value);
        return value;
    }
    return std::nullopt;
}

}
