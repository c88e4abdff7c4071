// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/command.h"
#include "app/descent/json.h"
#include "app/descent/text_table.h"
#include "engine/core/backend/backend.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>

namespace descent {

namespace {

std::string written(std::int64_t bytes)
{
    return bytes > 0 ? fmt::format("{:.1f} GB", static_cast<double>(bytes) / 1e9) : std::string{};
}

int printDevices(bool json)
{
    const BackendInfo info = loadBackend().info();
    if (json) {
        Json devices = Json::array();
        for (const DeviceInfo& device : info.devices)
            devices.push_back({{"id", device.id}, {"name", device.name}, {"memoryBytes", device.memoryBytes}, {"freeBytes", device.freeBytes}});
        printJson({{"torch", info.torchVersion}, {"devices", std::move(devices)}, {"noGpu", info.cudaNote}});
        return exitDone;
    }
    TextTable table{{"DEVICE", "NAME", "MEMORY", "FREE"}};
    for (const DeviceInfo& device : info.devices)
        table.add({device.id, device.name, written(device.memoryBytes), written(device.freeBytes)});
    table.print(terminalOf(stdout));
    if (!info.cudaNote.empty())
        fmt::print("no GPU: {}\n", info.cudaNote);
    return exitDone;
}

}

void addDevicesCommand(CLI::App& app, Action& chosen)
{
    CLI::App* command = app.add_subcommand("devices", "Lists what can be trained on, with memory; a recipe names one as its device");
    const auto json = std::make_shared<bool>(false);
    command->add_flag("--json", *json, "as JSON");
    command->callback([json, &chosen] { chosen = [json] { return printDevices(*json); }; });
}

}
