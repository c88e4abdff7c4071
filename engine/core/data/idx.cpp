// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/idx.h"

#include "engine/core/data/bytes.h"
#include "engine/core/data/path_parameter.h"
#include "engine/core/data/stored_pictures.h"

#include <algorithm>
#include <array>

namespace descent {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t maximumBytes = std::size_t{8} << 30;
constexpr std::uint8_t unsignedByte = 0x08;
constexpr std::int64_t largestSide = 4096;

struct Header {
    std::vector<std::int64_t> sizes;
    std::size_t bytes = 0; ///< of itself: the values follow
};

/// Sizes come from outside: they are believed only when the values that follow are exactly as many.
/// bytes: the beginning of a file of `fileBytes`, the header at least.
Result<Header> parseHeader(std::span<const std::byte> bytes, std::uint64_t fileBytes, std::size_t fewestDimensions, std::size_t mostDimensions)
{
    const auto wrong = [](Text message) { return Result<Header>{std::nullopt, {{"", std::move(message), {}}}}; };
    if (bytes.size() < 4 || bytes[0] != std::byte{0} || bytes[1] != std::byte{0})
        return wrong(text("this is not an IDX file"));
    if (std::to_integer<std::uint8_t>(bytes[2]) != unsignedByte)
        return wrong(text("this IDX file holds no bytes but values of type %1", std::to_integer<int>(bytes[2])));
    const auto dimensions = std::to_integer<std::size_t>(bytes[3]);
    if (dimensions < fewestDimensions || dimensions > mostDimensions)
        return wrong(text("this IDX file has %1 dimensions", dimensions));
    if (bytes.size() < 4 + 4 * dimensions)
        return wrong(text("this IDX file is cut off"));
    Header header;
    std::uint64_t total = 1;
    for (std::size_t i = 0; i < dimensions; ++i) {
        std::uint32_t size = 0;
        for (std::size_t b = 0; b < 4; ++b)
            size = size << 8 | std::to_integer<std::uint32_t>(bytes[4 + 4 * i + b]);
        header.sizes.push_back(size);
        if (size != 0 && total > std::max<std::uint64_t>(maximumBytes, fileBytes) / size)
            return wrong(text("this IDX file announces an impossible size"));
        total *= size;
    }
    header.bytes = 4 + 4 * dimensions;
    if (fileBytes - header.bytes != total)
        return wrong(text("this IDX file announces %1 values and holds %2", total, fileBytes - header.bytes));
    return {std::move(header), {}};
}

std::vector<std::uint8_t> bytesOf(std::span<const std::byte> values)
{
    const auto* first = reinterpret_cast<const std::uint8_t*>(values.data());
    return {first, first + values.size()};
}

PictureArray emptyArray(const Header& header)
{
    const auto& sizes = header.sizes;
    return {.count = sizes[0], .channels = sizes.size() == 4 ? sizes[1] : 1, .height = sizes[sizes.size() - 2], .width = sizes.back()};
}

Result<Header> parsePictureHeader(std::span<const std::byte> bytes, std::uint64_t fileBytes)
{
    Result<Header> header = parseHeader(bytes, fileBytes, 3, 4);
    if (!header)
        return header;
    const PictureArray pictures = emptyArray(*header);
    if (pictures.height < 1 || pictures.width < 1 || pictures.height > largestSide || pictures.width > largestSide
        || (pictures.channels != 1 && pictures.channels != 3))
        return {std::nullopt,
                {{"", text("pictures of %1x%2x%3 are not supported", pictures.channels, pictures.height, pictures.width),
                  text("1 or 3 channels, sides up to %1", largestSide)}}};
    return header;
}

/// Pictures of a file that is larger than the memory for data stay in it, where it is not packed.
Result<PictureArray> readPictures(const fs::path& path, const LoadControl& control)
{
    const auto file = std::make_shared<const OpenFile>(path);
    std::array<std::byte, 20> beginning{};
    const bool isLarge = file->size() > std::max<std::uint64_t>(beginning.size(), static_cast<std::uint64_t>(control.memory));
    if (!isLarge || !file->read(0, beginning) || beginning[0] != std::byte{0})
        return parseIdxPictures(readPossiblyGzip(path, maximumBytes, control.stop));
    Result<Header> header = parsePictureHeader(beginning, file->size());
    if (!header)
        return {std::nullopt, std::move(header.problems)};
    PictureArray pictures = emptyArray(*header);
    const PictureGeometry geometry{pictures.channels, pictures.height, pictures.width};
    std::vector<StoredPicture> places(static_cast<std::size_t>(pictures.count));
    for (std::size_t i = 0; i < places.size(); ++i)
        places[i] = {.offset = header->bytes + i * static_cast<std::uint64_t>(geometry.bytes()), .geometry = geometry, .crc = {}};
    pictures.stored = std::make_shared<const StoredPictures>(file, std::move(places), geometry, PictureFit::scale);
    return {std::move(pictures), {}};
}

struct Part {
    fs::path images, labels;
};

/// "train-images-idx3-ubyte", with .gz or without, also with a dot before idx as some copies have it.
fs::path find(const fs::path& folder, const char* stem, const char* dimensions)
{
    for (const char* separator : {"-", "."})
        for (const char* ending : {"", ".gz"}) {
            const fs::path path = folder / (std::string{stem} + separator + "idx" + dimensions + "-ubyte" + ending);
            if (fs::exists(path))
                return path;
        }
    return {};
}

/// Samples of one part. A label above 255 cannot be; a count that differs between the two files is refused, since nothing
/// says which picture lost its label.
Result<Samples> readPart(const Part& part, const LoadControl& control)
{
    const auto at = [](const fs::path& path, Problems problems) {
        for (Problem& problem : problems)
            problem.path = path.string();
        return problems;
    };
    Result<PictureArray> pictures = readPictures(part.images, control);
    if (!pictures)
        return {std::nullopt, at(part.images, std::move(pictures.problems))};
    Result<std::vector<std::uint8_t>> labels = parseIdxLabels(readPossiblyGzip(part.labels, maximumBytes, control.stop));
    if (!labels)
        return {std::nullopt, at(part.labels, std::move(labels.problems))};
    if (static_cast<std::int64_t>(labels->size()) != pictures->count)
        return {std::nullopt,
                {{part.labels.string(), text("there are %1 pictures and %2 labels", pictures->count, labels->size()),
                  text("the two files must belong together")}}};
    Samples samples{.inputs = std::move(*pictures.value)};
    samples.targets.classes.assign(labels->begin(), labels->end());
    return {std::move(samples), {}};
}

Result<Dataset> read(const fs::path& path, const LoadControl& control)
{
    const bool isFolder = fs::is_directory(path);
    const fs::path folder = isFolder ? path : path.parent_path();
    const Part train{find(folder, "train-images", "3"), find(folder, "train-labels", "1")};
    const Part test{find(folder, "t10k-images", "3"), find(folder, "t10k-labels", "1")};
    if (train.images.empty() || train.labels.empty())
        return {std::nullopt,
                {{"dataset.path", text("there are no IDX files in %1", folder.string()),
                  text("it should hold train-images-idx3-ubyte and train-labels-idx1-ubyte, as they are or as .gz")}}};
    const auto progress = [&](double fraction) {
        if (control.progress)
            control.progress(fraction);
    };
    progress(0);
    Result<Samples> trainSamples = readPart(train, control);
    if (!trainSamples)
        return {std::nullopt, std::move(trainSamples.problems)};
    progress(0.8);
    Dataset dataset{.name = folder.filename().string(), .train = std::move(*trainSamples.value)};
    if (!test.images.empty() && !test.labels.empty()) {
        Result<Samples> testSamples = readPart(test, control);
        if (!testSamples)
            return {std::nullopt, std::move(testSamples.problems)};
        const auto& a = std::get<PictureArray>(dataset.train.inputs);
        const auto& b = std::get<PictureArray>(testSamples->inputs);
        if (a.channels != b.channels || a.height != b.height || a.width != b.width)
            return {std::nullopt, {{test.images.string(), text("the test pictures differ in size from those to train on"), {}}}};
        dataset.test = std::move(*testSamples.value);
    }
    std::int64_t largest = 0;
    for (const Samples* part : {&dataset.train, dataset.test ? &*dataset.test : &dataset.train})
        for (const std::int64_t label : part->targets.classes)
            largest = std::max(largest, label);
    if (dataset.train.count() == 0)
        return {std::nullopt, {{"dataset.path", text("there are no pictures in %1", train.images.string()), {}}}};
    for (std::int64_t label = 0; label <= largest; ++label)
        dataset.train.targets.classNames.push_back(std::to_string(label));
    if (dataset.test)
        dataset.test->targets.classNames = dataset.train.targets.classNames;
    progress(1);
    return {std::move(dataset), {}};
}

}

Result<PictureArray> parseIdxPictures(std::span<const std::byte> bytes)
{
    Result<Header> header = parsePictureHeader(bytes, bytes.size());
    if (!header)
        return {std::nullopt, std::move(header.problems)};
    PictureArray pictures = emptyArray(*header);
    pictures.pixels = bytesOf(bytes.subspan(header->bytes));
    return {std::move(pictures), {}};
}

Result<std::vector<std::uint8_t>> parseIdxLabels(std::span<const std::byte> bytes)
{
    Result<Header> header = parseHeader(bytes, bytes.size(), 1, 1);
    if (!header)
        return {std::nullopt, std::move(header.problems)};
    return {bytesOf(bytes.subspan(header->bytes)), {}};
}

DatasetKind idxKind()
{
    const Schema schema{pathParameter("The folder with train-images-idx3-ubyte and its companions, as they are or as .gz.")};
    return {.id = "idx",
            .label = "IDX files",
            .help = "The format of MNIST, Fashion-MNIST and their relatives.",
            .source = DatasetKind::Source::folder,
            .schema = schema,
            .load = [schema](const Parameters& parameters, const LoadControl& control) {
                return readSource(schema, parameters, [&](const fs::path& path) { return read(path, control); });
            }};
}

}
