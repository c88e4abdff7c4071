// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/device/copies.h"
#include "engine/torch/device/devices.h"
#include "engine/torch/device/nvidia_driver.h"

#include <ATen/ATen.h>
#include <QTest>
#include <cstring>

using namespace descent;

// This program stands for NVIDIA's driver: two GPUs, which its two libraries count in opposite order.
extern "C" {

struct ManagedGpu {
    unsigned long long total, free;
};

static ManagedGpu managed[] = {{24'000'000'000ULL, 23'000'000'000ULL}, {85'000'000'000ULL, 75'000'000'000ULL}};

[[gnu::visibility("default")]] int cuInit(unsigned flags)
{
    return flags == 0 ? 0 : 1;
}
[[gnu::visibility("default")]] int cuDeviceGet(int* device, int ordinal)
{
    *device = ordinal;
    return ordinal < 2 ? 0 : 101; // CUDA_ERROR_INVALID_DEVICE
}
[[gnu::visibility("default")]] int cuDeviceGetName(char* name, int size, int device)
{
    std::strncpy(name, device == 0 ? "NVIDIA H100 80GB HBM3" : "NVIDIA L4", static_cast<std::size_t>(size));
    return 0;
}
[[gnu::visibility("default")]] int cuDeviceTotalMem_v2(std::size_t* bytes, int device)
{
    *bytes = device == 0 ? 85'000'000'000ULL : 24'000'000'000ULL;
    return 0;
}
[[gnu::visibility("default")]] int cuDeviceGetPCIBusId(char* id, int size, int device)
{
    std::strncpy(id, device == 0 ? "0000:81:00.0" : "0000:02:00.0", static_cast<std::size_t>(size));
    return 0;
}
[[gnu::visibility("default")]] int nvmlInit_v2()
{
    return 0;
}
[[gnu::visibility("default")]] int nvmlDeviceGetHandleByPciBusId_v2(const char* id, ManagedGpu** handle)
{
    *handle = &managed[std::strcmp(id, "0000:81:00.0") == 0 ? 1 : 0];
    return 0;
}
[[gnu::visibility("default")]] int nvmlDeviceGetMemoryInfo(ManagedGpu* handle, unsigned long long* memory)
{
    memory[0] = handle->total;
    memory[1] = handle->free;
    memory[2] = handle->total - handle->free;
    return 0;
}

}

class TestDevices : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theCpuComesFirstWithItsMemory()
    {
        const std::vector<DeviceInfo> devices = listDevices();
        QCOMPARE(devices.front().id, std::string{"cpu"});
        QVERIFY(devices.front().memoryBytes > 0);
        QVERIFY(devices.front().freeBytes > 0 && devices.front().freeBytes <= devices.front().memoryBytes);
    }

    void aGpuIsNamedWithTheMemoryThatIsFreeOnIt()
    {
        const NvidiaDriver driver{nullptr, nullptr};
        QCOMPARE(driver.factsOf(0), (GpuFacts{"NVIDIA H100 80GB HBM3", 85'000'000'000, 75'000'000'000}));
        QCOMPARE(driver.factsOf(1), (GpuFacts{"NVIDIA L4", 24'000'000'000, 23'000'000'000}));
        QCOMPARE(driver.factsOf(2), GpuFacts{});
    }

    void whatADriverDoesNotTellIsNotKnown()
    {
        QCOMPARE((NvidiaDriver{nullptr, "libabsent-ml.so.1"}.factsOf(1)), (GpuFacts{"NVIDIA L4", 24'000'000'000, 0}));
        QCOMPARE((NvidiaDriver{"libabsent.so.1", nullptr}.factsOf(0)), GpuFacts{});
    }

    /// On a CPU; that a GPU computes meanwhile takes one to show.
    void whatIsCopiedIsThereAndForACpuStaysWhereItIs()
    {
        const std::vector<float> values{1, 2, 3, 4, 5, 6};
        const at::Tensor copy = copied(values, {2, 3}, at::kCPU);
        QVERIFY(at::equal(copy, at::arange(1, 7, at::kFloat).view({2, 3})));
        QVERIFY(copy.const_data_ptr() != values.data());
        QVERIFY(at::equal(copied(std::vector<std::int64_t>{7, 8}, {2}, at::kCPU), at::arange(7, 9)));

        const Copies copies{at::kCPU};
        const at::Tensor host = emptyOnHost({4}, at::kByte, at::kCPU);
        Copies::Copy made = copies.begin(host);
        QVERIFY(!made.done);
        QCOMPARE(Copies::arrived(std::move(made)).const_data_ptr(), host.const_data_ptr());
    }
};

QTEST_GUILESS_MAIN(TestDevices)
#include "tst_devices.moc"
