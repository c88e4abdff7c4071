// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/custom/layer_parameters.h"

#include "engine/core/network/layer_inference.h"

namespace descent {

ParameterSchema wholeParameter(const char* name, const char* label, const char* help, std::int64_t defaultValue, std::int64_t minimum,
                               std::int64_t maximum)
{
    return {.name = name,
            .label = label,
            .help = help,
            .type = ParameterType::integer,
            .defaultValue = defaultValue,
            .minimum = static_cast<double>(minimum),
            .maximum = static_cast<double>(maximum),
            .common = true};
}

ParameterSchema shareParameter(const char* name, const char* label, const char* help, double defaultValue)
{
    return {.name = name,
            .label = label,
            .help = help,
            .type = ParameterType::real,
            .defaultValue = defaultValue,
            .minimum = 0,
            .maximum = 1,
            .belowMaximum = true,
            .common = true};
}

ParameterSchema flagParameter(const char* name, const char* label, const char* help, bool defaultValue)
{
    return {.name = name, .label = label, .help = help, .type = ParameterType::boolean, .defaultValue = defaultValue, .common = true};
}

Schema sizeParameters(const char* name, const char* label, const char* help, std::int64_t defaultValue)
{
    ParameterSchema size{.name = "size",
                         .label = "Size",
                         .help = "A number of your own, or what the task asks for, so that the network fits other data as well.",
                         .type = ParameterType::choice,
                         .defaultValue = std::string{"given"},
                         .common = true,
                         .choices = {{"given", "A number", "Written below."},
                                     {"outputs", "Outputs of the task", "A score a class, a number, a score a word, or a column to forecast."},
                                     {"horizon", "Steps to forecast", "Of a forecast."},
                                     {"future", "Steps × columns to forecast", "A whole forecast in one row."}}};
    ParameterSchema width = wholeParameter(name, label, help, defaultValue, 1, widestLayer);
    width.logarithmic = true;
    width.appliesWhen = {"size", {std::string{"given"}}};
    return {std::move(size), std::move(width)};
}

std::int64_t sizeOf(const Schema& schema, const Parameters& parameters, const char* name, const NetworkBrief& brief)
{
    const std::string size = textOf(schema, parameters, "size");
    if (size == "outputs")
        return brief.outputs;
    if (size == "horizon")
        return brief.horizon;
    if (size == "future")
        return sizeProduct({brief.horizon, brief.outputs});
    return integerOf(schema, parameters, name);
}

Schema operator+(Schema left, const Schema& right)
{
    left.insert(left.end(), right.begin(), right.end());
    return left;
}

}
