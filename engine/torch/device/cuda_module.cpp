// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/device/cuda_module.h"

#include <dlfcn.h>
#include <filesystem>

namespace descent {

Result<std::unique_ptr<StepCapturer>> loadStepCapturer(c10::Device gpu, const at::Generator& dropout)
{
    const auto fail = [](Text reason) { return Result<std::unique_ptr<StepCapturer>>{std::nullopt, {{"device", std::move(reason), {}}}}; };
    Dl_info here{};
    if (::dladdr(reinterpret_cast<const void*>(&loadStepCapturer), &here) == 0 || !here.dli_fname)
        return fail(text("it is not known where this program lies"));
    const std::filesystem::path path = std::filesystem::path{here.dli_fname}.parent_path() / "libdescent_cuda.so";
    if (std::error_code ignored; !std::filesystem::exists(path, ignored))
        return fail(text("%1 is not here: it is built where CUDA's headers are", path.filename().string()));
    void* module = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL); // never closed: libtorch holds what it has registered
    if (!module) {
        const char* reason = ::dlerror();
        return fail(text("%1", reason ? reason : path.string().c_str()));
    }
    const auto make = reinterpret_cast<StepCapturerEntryPoint>(::dlsym(module, stepCapturerEntryPoint));
    if (!make)
        return fail(text("%1 is another version's", path.string()));
    return {std::unique_ptr<StepCapturer>{make(gpu.index(), dropout)}, {}};
}

}
