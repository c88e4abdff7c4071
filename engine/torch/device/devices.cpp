// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/device/devices.h"

#include "engine/core/base/memory.h"
#include "engine/torch/device/nvidia_driver.h"

#include <ATen/Parallel.h>
#include <c10/core/CachingDeviceAllocator.h>
#include <dlfcn.h>
#include <filesystem>
#include <fstream>
#include <torch/cuda.h>
#include <unistd.h>

namespace descent {

std::string loadCudaIfThere()
{
    Dl_info torchLibrary{};
    if (::dladdr(reinterpret_cast<const void*>(&at::get_num_threads), &torchLibrary) == 0 || !torchLibrary.dli_fname)
        return {};
    const std::filesystem::path library = std::filesystem::path{torchLibrary.dli_fname}.parent_path() / "libtorch_cuda.so";
    std::error_code ignored;
    if (!std::filesystem::exists(library, ignored))
        return {}; // the CPU wheel
    if (!::dlopen(library.c_str(), RTLD_NOW | RTLD_GLOBAL)) {
        const char* reason = ::dlerror();
        return reason ? reason : "libtorch_cuda.so could not be loaded";
    }
    return torch::cuda::is_available() ? std::string{} : "no NVIDIA driver or no GPU was found";
}

std::vector<DeviceInfo> listDevices()
{
    std::vector<DeviceInfo> devices{
        {"cpu", fmt::format("{} threads", at::get_num_threads()), ::sysconf(_SC_PHYS_PAGES) * ::sysconf(_SC_PAGE_SIZE), freeMemory()}};
    if (!torch::cuda::is_available())
        return devices;
    static const NvidiaDriver driver;
    for (int i = 0; i < static_cast<int>(torch::cuda::device_count()); ++i) {
        const GpuFacts facts = driver.factsOf(i);
        devices.push_back({fmt::format("cuda:{}", i), facts.name.empty() ? fmt::format("GPU {}", i) : facts.name, facts.memoryBytes, facts.freeBytes});
    }
    return devices;
}

c10::Device torchDevice(const std::string& id)
{
    return c10::Device{id};
}

std::int64_t memoryInUse(const c10::Device& device)
{
    if (device.is_cuda())
        return at::getDeviceAllocator(device.type())->getDeviceStats(device.index()).reserved_bytes.front().current;
    if (!device.is_cpu())
        return 0;
    std::ifstream statm{"/proc/self/statm"};
    std::int64_t total = 0, resident = 0;
    statm >> total >> resident;
    return resident * ::sysconf(_SC_PAGE_SIZE);
}

}
