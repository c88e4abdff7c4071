// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace descent {

struct GpuFacts {
    std::string name;             ///< "NVIDIA H100 80GB HBM3"; empty: not known
    std::int64_t memoryBytes = 0; ///< 0: not known
    std::int64_t freeBytes = 0;   ///< that no process has taken now; 0: not known
    bool operator==(const GpuFacts&) const = default;
};

/// What NVIDIA's driver says of its GPUs. Its functions are looked up by name: no header of CUDA is needed, and no GPU gets a
/// context, which would take half a second and 400 MB on each. Thread safety: any thread.
class NvidiaDriver {
public:
    /// The driver's libraries for computing and for looking after GPUs; null: this program stands for them. What a library does
    /// not tell, or is not here to tell, is not known.
    explicit NvidiaDriver(const char* computing = "libcuda.so.1", const char* managing = "libnvidia-ml.so.1");

    /// gpu: as CUDA counts those that this process may see
    GpuFacts factsOf(int gpu) const;

private:
    using Device = int;
    using Handle = void*; // nvmlDevice_t
    struct Memory {
        unsigned long long total, free, used; // nvmlMemory_t
    };
    std::int64_t freeBytesOf(Device device) const;

    int (*m_get)(Device*, int) = nullptr;
    int (*m_name)(char*, int, Device) = nullptr;
    int (*m_memory)(std::size_t*, Device) = nullptr;
    int (*m_busId)(char*, int, Device) = nullptr;
    int (*m_handle)(const char*, Handle*) = nullptr;
    int (*m_state)(Handle, Memory*) = nullptr;
};

}
