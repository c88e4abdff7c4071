// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/cifar_binary.h"

#include "engine/core/base/files.h"
#include "engine/core/data/bytes.h"
#include "engine/core/data/path_parameter.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <sstream>

namespace descent {

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t side = 32, pictureBytes = 3 * side * side;
constexpr std::size_t maximumBytes = std::size_t{2} << 30;

const std::vector<std::string> cifar10Classes{"airplane", "automobile", "bird",  "cat",  "deer",
                                              "dog",      "frog",       "horse", "ship", "truck"};

/// batches.meta.txt, fine_label_names.txt: a name a line. The fallback where the file is missing.
std::vector<std::string> classNames(const fs::path& file, std::vector<std::string> fallback)
{
    std::error_code ignored;
    if (!fs::exists(file, ignored))
        return fallback;
    std::istringstream lines{readFile(file, 1 << 20)};
    std::vector<std::string> names;
    for (std::string line; std::getline(lines, line);) {
        if (!line.empty() && line.back() == '\r')
            line.pop_back();
        if (!line.empty())
            names.push_back(line);
    }
    return names.size() == fallback.size() ? names : fallback;
}

std::vector<std::string> numbered(std::size_t count)
{
    std::vector<std::string> names;
    for (std::size_t i = 0; i < count; ++i)
        names.push_back(std::to_string(i));
    return names;
}

void append(Samples& samples, Samples&& more)
{
    auto& pictures = std::get<PictureArray>(samples.inputs);
    const auto& added = std::get<PictureArray>(more.inputs);
    pictures.pixels.insert(pictures.pixels.end(), added.pixels.begin(), added.pixels.end());
    pictures.count += added.count;
    samples.targets.classes.insert(samples.targets.classes.end(), more.targets.classes.begin(), more.targets.classes.end());
}

Result<Dataset> read(const fs::path& path, const LoadControl& control)
{
    const fs::path folder = fs::is_directory(path) ? path : path.parent_path();
    std::vector<fs::path> trainFiles;
    for (int i = 1; i <= 5; ++i)
        if (const fs::path file = folder / ("data_batch_" + std::to_string(i) + ".bin"); fs::exists(file))
            trainFiles.push_back(file);
    fs::path testFile = folder / "test_batch.bin";
    CifarLayout layout{.labelBytes = 1, .labelAt = 0, .classes = 10};
    std::vector<std::string> names = classNames(folder / "batches.meta.txt", cifar10Classes);
    if (trainFiles.empty() && fs::exists(folder / "train.bin")) {
        trainFiles = {folder / "train.bin"};
        testFile = folder / "test.bin";
        layout = {.labelBytes = 2, .labelAt = 1, .classes = 100};
        names = classNames(folder / "fine_label_names.txt", numbered(100));
    }
    if (trainFiles.empty())
        return {std::nullopt,
                {{"dataset.path", text("there are no CIFAR batches in %1", folder.string()),
                  text("it should hold data_batch_1.bin to data_batch_5.bin, or train.bin of CIFAR-100")}}};

    Dataset dataset{.name = folder.filename().string()};
    dataset.train.inputs = PictureArray{.channels = 3, .height = side, .width = side};
    const auto readInto = [&](const fs::path& file, Samples& samples) {
        const Bytes bytes = readPossiblyGzip(file, maximumBytes, control.stop);
        std::vector<std::int64_t> damaged;
        append(samples, parseCifar(bytes, layout, damaged));
        for (const std::int64_t record : damaged)
            setAside(dataset, file.filename().string() + ":" + std::to_string(record),
                     text("its label is no class, or it is cut off"));
    };
    for (std::size_t i = 0; i < trainFiles.size(); ++i) {
        readInto(trainFiles[i], dataset.train);
        if (control.progress)
            control.progress(static_cast<double>(i + 1) / static_cast<double>(trainFiles.size() + 1));
    }
    if (fs::exists(testFile)) {
        dataset.test = Samples{.inputs = PictureArray{.channels = 3, .height = side, .width = side}};
        readInto(testFile, *dataset.test);
        dataset.test->targets.classNames = names;
    }
    if (dataset.train.count() == 0)
        return {std::nullopt, {{"dataset.path", text("no picture in %1 could be read", folder.string()), {}}}};
    dataset.train.targets.classNames = std::move(names);
    if (control.progress)
        control.progress(1);
    return {std::move(dataset), {}};
}

}

Samples parseCifar(std::span<const std::byte> bytes, const CifarLayout& layout, std::vector<std::int64_t>& damaged)
{
    const std::size_t recordBytes = static_cast<std::size_t>(layout.labelBytes + pictureBytes);
    Samples samples{.inputs = PictureArray{.channels = 3, .height = side, .width = side}};
    auto& pictures = std::get<PictureArray>(samples.inputs);
    const std::size_t records = bytes.size() / recordBytes;
    pictures.pixels.reserve(records * static_cast<std::size_t>(pictureBytes));
    for (std::size_t i = 0; i < records; ++i) {
        const auto record = bytes.subspan(i * recordBytes, recordBytes);
        const auto label = std::to_integer<std::int64_t>(record[static_cast<std::size_t>(layout.labelAt)]);
        if (label >= layout.classes) {
            damaged.push_back(static_cast<std::int64_t>(i));
            continue;
        }
        const auto* pixels = reinterpret_cast<const std::uint8_t*>(record.data() + layout.labelBytes);
        pictures.pixels.insert(pictures.pixels.end(), pixels, pixels + pictureBytes);
        samples.targets.classes.push_back(label);
        ++pictures.count;
    }
    if (bytes.size() % recordBytes != 0)
        damaged.push_back(static_cast<std::int64_t>(records));
    return samples;
}

DatasetKind cifarBinaryKind()
{
    const Schema schema{pathParameter("The folder with data_batch_1.bin and its companions, or train.bin of CIFAR-100.")};
    return {.id = "cifar-binary",
            .label = "CIFAR binary",
            .help = "The binary version of CIFAR-10 and CIFAR-100.",
            .source = DatasetKind::Source::folder,
            .schema = schema,
            .load = [schema](const Parameters& parameters, const LoadControl& control) {
                return readSource(schema, parameters, [&](const fs::path& path) { return read(path, control); });
            }};
}

}
