// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/device/nvidia_driver.h"

#include <algorithm>
#include <array>
#include <dlfcn.h>

namespace descent {

namespace {

template <typename Function>
void find(void* library, const char* symbol, Function& function)
{
    function = reinterpret_cast<Function>(::dlsym(library, symbol));
}

/// Loads a library and begins with it; null where either fails. Never closed: torch keeps the driver loaded as well.
template <typename... Arguments>
void* begin(const char* name, const char* symbol, Arguments... arguments)
{
    void* library = ::dlopen(name, RTLD_LAZY | RTLD_LOCAL);
    if (!library)
        return nullptr;
    int (*function)(Arguments...) = nullptr;
    find(library, symbol, function);
    return function && function(arguments...) == 0 ? library : nullptr;
}

}

NvidiaDriver::NvidiaDriver(const char* computing, const char* managing)
{
    if (void* library = begin(computing, "cuInit", 0u)) {
        find(library, "cuDeviceGet", m_get);
        find(library, "cuDeviceGetName", m_name);
        find(library, "cuDeviceTotalMem_v2", m_memory);
        find(library, "cuDeviceGetPCIBusId", m_busId);
    }
    if (void* library = begin(managing, "nvmlInit_v2")) {
        find(library, "nvmlDeviceGetHandleByPciBusId_v2", m_handle);
        find(library, "nvmlDeviceGetMemoryInfo", m_state);
    }
}

GpuFacts NvidiaDriver::factsOf(int gpu) const
{
    GpuFacts facts;
    Device device = 0;
    if (!m_get || m_get(&device, gpu) != 0)
        return facts;
    if (std::array<char, 256> name{}; m_name && m_name(name.data(), name.size() - 1, device) == 0)
        facts.name = name.data();
    if (std::size_t bytes = 0; m_memory && m_memory(&bytes, device) == 0)
        facts.memoryBytes = static_cast<std::int64_t>(bytes);
    facts.freeBytes = std::min(freeBytesOf(device), facts.memoryBytes); // of a slice of a GPU (MIG) the whole GPU's are told
    return facts;
}

/// CUDA would want a context for it. The two libraries count GPUs differently: their place on the bus is what they share.
std::int64_t NvidiaDriver::freeBytesOf(Device device) const
{
    std::array<char, 64> busId{};
    Handle handle = nullptr;
    Memory memory{};
    const bool told = m_busId && m_handle && m_state && m_busId(busId.data(), busId.size() - 1, device) == 0
        && m_handle(busId.data(), &handle) == 0 && m_state(handle, &memory) == 0;
    return told ? static_cast<std::int64_t>(memory.free) : 0;
}

}
