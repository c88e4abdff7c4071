// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/run/run_event.h"

#include <array>
#include <fmt/format.h>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace descent {

namespace {

constexpr std::array<std::pair<RunStatus, std::string_view>, 6> statusNames{{
    {RunStatus::queued, "queued"},
    {RunStatus::running, "running"},
    {RunStatus::completed, "completed"},
    {RunStatus::stopped, "stopped"},
    {RunStatus::failed, "failed"},
    {RunStatus::interrupted, "interrupted"},
}};

}

std::string toString(RunStatus status)
{
    for (const auto& [value, name] : statusNames)
        if (value == status)
            return std::string{name};
    throw std::invalid_argument{fmt::format("no run status {}", static_cast<int>(status))};
}

RunStatus runStatusFromString(std::string_view name)
{
    for (const auto& [value, statusName] : statusNames)
        if (statusName == name)
            return value;
    throw std::invalid_argument{fmt::format("no run status \"{}\"", name)};
}

}
