// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/backend/backend.h"

#include "engine/core/base/problem.h"

#include <cstdlib>
#include <dlfcn.h>
#include <filesystem>

namespace descent {

namespace {

/// $DESCENT_TORCH_MODULE, else beside libdescent_core.so, wherever that was loaded from.
std::filesystem::path modulePath()
{
    if (const char* given = std::getenv("DESCENT_TORCH_MODULE"); given && *given)
        return given;
    Dl_info here{};
    if (::dladdr(reinterpret_cast<const void*>(&loadBackend), &here) == 0 || !here.dli_fname)
        return "libdescent_torch.so";
    return std::filesystem::path{here.dli_fname}.parent_path() / "libdescent_torch.so";
}

Backend& load()
{
    const std::filesystem::path path = modulePath();
    // Never closed: libtorch does not survive being unloaded.
    void* module = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!module) {
        const char* reason = ::dlerror();
        throw DescentError{text("the training engine could not be loaded: %1", reason ? reason : path.string().c_str())};
    }
    auto* entry = reinterpret_cast<Backend* (*)()>(::dlsym(module, backendEntryPoint));
    if (!entry)
        throw DescentError{text("%1 is not a training engine of Descent", path.string())};
    return *entry();
}

}

Backend& loadBackend()
{
    static Backend& backend = load(); // thread-safe; when it throws, the next call tries again
    return backend;
}

}
