// SPDX-License-Identifier: GPL-3.0-or-later
// What keeping curves costs: writing them, and the first picture of them.
//
//   build/release/bench/bench_store write [points]      points a second: in bulk, and as a training tells them
//   build/release/bench/bench_store open [points]       a curve of so many points: its first picture, zoomed ones, all of its points
#include "engine/core/base/random.h"
#include "engine/core/store/curve_reduction.h"
#include "engine/core/store/run_store.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <unistd.h>

using namespace descent;
using Clock = std::chrono::steady_clock;
using Json = nlohmann::ordered_json;

namespace {

struct TemporaryFolder {
    std::filesystem::path path = std::filesystem::temp_directory_path() / ("descent-bench-store-" + std::to_string(::getpid()));
    TemporaryFolder() { std::filesystem::create_directories(path); }
    ~TemporaryFolder() { std::filesystem::remove_all(path); }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
};

double secondsOf(const auto& work)
{
    const Clock::time_point start = Clock::now();
    work();
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// A noisy loss from `step` on.
std::vector<RunEvent> losses(std::int64_t step, std::int64_t count, Random& random)
{
    MetricsLogged logged;
    logged.points.reserve(static_cast<std::size_t>(count));
    for (std::int64_t i = 0; i < count; ++i)
        logged.points.push_back({"loss/train", step + i, std::exp(-static_cast<double>(step + i) * 1e-7) + 0.1 * random.normal(), static_cast<double>(step + i) * 0.01});
    std::vector<RunEvent> events;
    events.emplace_back(std::move(logged));
    return events;
}

/// Seconds of recording alone, `atOnce` points a transaction.
double recorded(RunStore& store, RunId run, std::int64_t points, std::int64_t atOnce)
{
    Random random{1};
    double seconds = 0;
    for (std::int64_t at = 0; at < points; at += atOnce) {
        const std::vector<RunEvent> events = losses(at + 1, std::min(atOnce, points - at), random);
        seconds += secondsOf([&] { store.record(run, events); });
    }
    return seconds;
}

RunId newRun(RunStore& store)
{
    return store.createRun({.name = "bench", .recipeJson = "{}"});
}

Json write(std::int64_t points)
{
    const TemporaryFolder folder;
    RunStore store{folder.path};
    Json report;
    for (const std::int64_t atOnce : {std::int64_t{1'000'000}, std::int64_t{10'000}, std::int64_t{1000}, std::int64_t{250}}) {
        const std::int64_t count = std::min(points, atOnce * 1000);
        const double seconds = recorded(store, newRun(store), count, atOnce);
        report["pointsASecond"][std::to_string(atOnce) + " a transaction"] = std::round(static_cast<double>(count) / seconds);
    }
    return report;
}

Json open(std::int64_t points)
{
    const TemporaryFolder folder;
    RunId run = 0;
    {
        RunStore store{folder.path};
        run = newRun(store);
        recorded(store, run, points, 1'000'000);
    }
    Json report{{"points", points}, {"bytes", std::filesystem::file_size(folder.path / "descent.db")}};
    constexpr std::int64_t width = 1500;
    const auto picture = [&](RunStore& store, double from, double to) {
        const CurveColumns columns{.count = 2 * width, .of = [=](std::int64_t step, double) {
                                       return static_cast<std::int64_t>(std::floor((static_cast<double>(step) - from) / (to - from) * 2 * width));
                                   }};
        return store.curve(run, "loss/train", columns).size();
    };
    const auto all = static_cast<double>(points);
    std::optional<RunStore> store;
    report["openedAndFirstPictureSeconds"] = secondsOf([&] {
        store.emplace(folder.path);
        picture(*store, 1, all);
    });
    for (const double share : {1.0, 0.5, 0.1, 0.01, 0.0001}) {
        std::vector<double> times;
        std::size_t given = 0;
        for (int i = 0; i < 7; ++i)
            times.push_back(secondsOf([&] { given = picture(*store, all * 0.3, all * 0.3 + all * share * 0.7); }));
        std::sort(times.begin(), times.end());
        report["pictures"].push_back({{"share", share}, {"seconds", times[3]}, {"pointsGiven", given}});
    }
    report["allPointsSeconds"] = secondsOf([&] { store->points(run, "loss/train"); });
    return report;
}

}

int main(int argc, char** argv)
{
    const std::string_view what = argc > 1 ? argv[1] : "";
    std::int64_t points = what == "open" ? 40'000'000 : 10'000'000;
    if (argc > 2)
        std::from_chars(argv[2], argv[2] + std::char_traits<char>::length(argv[2]), points);
    if (what != "write" && what != "open") {
        std::fprintf(stderr, "bench_store write|open [points]\n");
        return 2;
    }
    std::printf("%s\n", (what == "write" ? write(points) : open(points)).dump(2).c_str());
    return 0;
}
