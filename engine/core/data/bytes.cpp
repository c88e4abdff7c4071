// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/bytes.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <zlib.h>

namespace descent {

Bytes readPossiblyGzip(const std::filesystem::path& path, std::size_t maximumBytes, const std::stop_token& stop)
{
    // gzread passes files through that are not gzip.
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored))
        throw DescentError{text("%1 is a folder, not a file", path.string())};
    const auto close = [](gzFile file) { gzclose(file); };
    const std::unique_ptr<gzFile_s, decltype(close)> file{gzopen(path.c_str(), "rb"), close};
    if (!file)
        throw DescentError{text("cannot open %1", path.string())};
    gzbuffer(file.get(), 1 << 18);
    Bytes bytes;
    for (;;) {
        if (stop.stop_requested())
            throw Cancelled{};
        // As much again as there is: a small file costs a small buffer, a large one few of them.
        constexpr std::size_t smallest = 64 << 10, largest = 4 << 20;
        const std::size_t size = bytes.size(), block = std::clamp(size, smallest, largest);
        bytes.resize(size + block);
        const int count = gzread(file.get(), bytes.data() + size, static_cast<unsigned>(block));
        if (count < 0) {
            int code = 0;
            throw DescentError{text("%1 is damaged: %2", path.string(), gzerror(file.get(), &code))};
        }
        bytes.resize(size + static_cast<std::size_t>(count));
        if (bytes.size() > maximumBytes)
            throw DescentError{text("%1 is larger than %2 bytes", path.string(), maximumBytes)};
        if (count == 0)
            break;
    }
    int code = Z_OK;
    gzerror(file.get(), &code);
    if (code == Z_BUF_ERROR)
        throw DescentError{text("%1 is cut off", path.string())};
    return bytes;
}

void inParallel(std::size_t count, const std::stop_token& stop, const std::function<void(double)>& progress,
                const std::function<void(std::size_t)>& work)
{
    std::atomic<std::size_t> next = 0;
    std::mutex mutex; // guards `error`
    std::exception_ptr error;
    const auto drain = [&](bool reports) {
        try {
            for (std::size_t i = next++; i < count; i = next++) {
                if (stop.stop_requested())
                    throw Cancelled{};
                work(i);
                if (reports && progress && i % 64 == 0)
                    progress(static_cast<double>(i) / static_cast<double>(count));
            }
        } catch (...) {
            next = count; // the others finish what they hold
            const std::lock_guard lock{mutex};
            if (!error)
                error = std::current_exception();
        }
    };
    {
        const std::size_t threads = std::min<std::size_t>(std::max(1U, std::thread::hardware_concurrency()), count);
        std::vector<std::jthread> helpers;
        for (std::size_t i = 1; i < threads; ++i)
            helpers.emplace_back([&] { drain(false); });
        drain(true);
    }
    if (error)
        std::rethrow_exception(error);
    if (progress)
        progress(1);
}

}
