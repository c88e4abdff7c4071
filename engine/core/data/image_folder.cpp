// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/path_parameter.h"
#include "engine/core/data/picture_files.h"

#include <algorithm>
#include <map>

namespace descent {

namespace fs = std::filesystem;

namespace {

struct PictureFile {
    fs::path path;
    std::int64_t label = 0;
    bool isTest = false;
};

std::vector<fs::path> sortedEntries(const fs::path& folder, bool folders)
{
    std::vector<fs::path> entries;
    for (const fs::directory_entry& entry : fs::directory_iterator{folder, fs::directory_options::skip_permission_denied}) {
        const bool hidden = entry.path().filename().string().starts_with('.');
        if (!hidden && entry.is_directory() == folders)
            entries.push_back(entry.path());
    }
    std::sort(entries.begin(), entries.end()); // the same order on every machine
    return entries;
}

/// The folder of one part under any of its usual names; empty where there is none.
fs::path partFolder(const fs::path& root, std::initializer_list<const char*> names)
{
    for (const char* name : names)
        if (fs::is_directory(root / name))
            return root / name;
    return {};
}

/// Finds class folders and the files in them, down to any depth below a class.
void collect(const fs::path& part, bool isTest, std::vector<std::string>& classNames, std::vector<PictureFile>& files,
             const std::stop_token& stop)
{
    for (const fs::path& folder : sortedEntries(part, true)) {
        const std::string name = folder.filename().string();
        auto found = std::find(classNames.begin(), classNames.end(), name);
        if (found == classNames.end() && isTest)
            continue; // a class that is not learnt cannot be tested; told by the caller
        if (found == classNames.end())
            found = classNames.insert(classNames.end(), name);
        std::vector<fs::path> paths;
        for (const auto& entry : fs::recursive_directory_iterator{folder, fs::directory_options::skip_permission_denied}) {
            if (stop.stop_requested())
                throw Cancelled{};
            if (entry.is_regular_file() && isPictureFile(entry.path()))
                paths.push_back(entry.path());
        }
        std::sort(paths.begin(), paths.end());
        for (fs::path& path : paths)
            files.push_back({std::move(path), found - classNames.begin(), isTest});
    }
}

struct Geometry {
    std::int64_t channels = 0, height = 0, width = 0;
    auto operator<=>(const Geometry&) const = default;
};

class Reader {
public:
    Reader(fs::path root, const LoadControl& control) : m_root{std::move(root)}, m_control{control} {}

    Result<Dataset> read(std::int64_t size)
    {
        const fs::path trainFolder = partFolder(m_root, {"train", "training"}),
                       testFolder = partFolder(m_root, {"test", "testing", "val", "valid", "validation"});
        std::vector<std::string> classNames;
        collect(trainFolder.empty() ? m_root : trainFolder, false, classNames, m_files, m_control.stop);
        if (!trainFolder.empty() && !testFolder.empty())
            collect(testFolder, true, classNames, m_files, m_control.stop);
        if (m_files.empty())
            return {std::nullopt,
                    {{"dataset.path", text("there are no pictures in %1", m_root.string()),
                      text("it should hold a folder for each class, with PNG or JPEG files in them; train and test folders above "
                           "are fine")}}};
        decodeAll(size);
        Dataset dataset{.name = m_root.filename().string()};
        if (dataset.name.empty())
            dataset.name = m_root.parent_path().filename().string();
        for (std::size_t i = 0; i < m_files.size(); ++i)
            if (m_pictures[i].pixels.empty())
                setAside(dataset, fs::relative(m_files[i].path, m_root).string(), std::move(m_reasons[i]));
        if (dataset.setAsideCount == static_cast<std::int64_t>(m_files.size()))
            return {std::nullopt,
                    {{"dataset.path", text("none of the %1 pictures could be read", m_files.size()),
                      dataset.setAside.front().message}}};

        const Geometry geometry = commonGeometry(size);
        Problems warnings;
        if (m_converted > 0)
            warnings.push_back({"dataset.size",
                                text("%1 pictures had another size or colouring and were brought to %2x%3", m_converted,
                                     geometry.width, geometry.height),
                                text("choose a size to say which one all of them get")});
        const std::int64_t bytes =
            static_cast<std::int64_t>(m_files.size()) * geometry.channels * geometry.height * geometry.width;
        if (bytes > maximumPixelBytes)
            return {std::nullopt,
                    {{"dataset.size", text("these pictures take %1 GB in memory", bytes >> 30),
                      text("choose a smaller size, such as %1", largestFittingSide(geometry.channels))}}};
        dataset.train = gather(geometry, false);
        dataset.train.targets.classNames = classNames;
        if (std::any_of(m_files.begin(), m_files.end(), [](const PictureFile& file) { return file.isTest; })) {
            dataset.test = gather(geometry, true);
            dataset.test->targets.classNames = classNames;
        }
        if (dataset.train.count() == 0)
            return {std::nullopt, {{"dataset.path", text("no picture to learn from could be read"), {}}}};
        return {std::move(dataset), std::move(warnings)};
    }

private:
    /// Decoded pictures are kept at the size asked for, or at their own.
    void decodeAll(std::int64_t size)
    {
        std::vector<fs::path> paths;
        for (const PictureFile& file : m_files)
            paths.push_back(file.path);
        DecodedPictures decoded =
            decodePictureFiles(paths, fmt::format("{} at {}", m_root.string(), size), m_control,
                               [size](std::size_t, PictureSize original) { return size > 0 ? PictureSize{size, size} : original; });
        m_pictures = std::move(decoded.pictures);
        m_reasons = std::move(decoded.reasons);
    }

    /// The most common size; colour when any picture has it.
    Geometry commonGeometry(std::int64_t size)
    {
        std::map<Geometry, std::int64_t> counts;
        std::int64_t channels = 1;
        for (const Picture& picture : m_pictures)
            if (!picture.pixels.empty()) {
                ++counts[{0, picture.height, picture.width}];
                channels = std::max(channels, picture.channels);
            }
        Geometry geometry = std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) {
                                return a.second < b.second;
                            })->first;
        geometry.channels = channels;
        if (size == 0)
            for (const Picture& picture : m_pictures)
                m_converted += !picture.pixels.empty() && Geometry{picture.channels, picture.height, picture.width} != geometry;
        return geometry;
    }

    std::int64_t largestFittingSide(std::int64_t channels) const
    {
        std::int64_t side = 512;
        while (side > 16 && static_cast<std::int64_t>(m_files.size()) * channels * side * side > maximumPixelBytes)
            side /= 2;
        return side;
    }

    Samples gather(const Geometry& geometry, bool test)
    {
        PictureArray array{.channels = geometry.channels, .height = geometry.height, .width = geometry.width};
        Targets targets;
        for (std::size_t i = 0; i < m_files.size(); ++i) {
            Picture& picture = m_pictures[i];
            if (m_files[i].isTest != test || picture.pixels.empty())
                continue;
            const Picture fitted = withChannels(resized(picture, geometry.height, geometry.width), geometry.channels);
            array.pixels.insert(array.pixels.end(), fitted.pixels.begin(), fitted.pixels.end());
            targets.classes.push_back(m_files[i].label);
            ++array.count;
            picture = {}; // held once, not twice
        }
        return {.inputs = std::move(array), .targets = std::move(targets)};
    }

    const fs::path m_root;
    const LoadControl& m_control;
    std::vector<PictureFile> m_files;
    std::vector<Picture> m_pictures; // empty where set aside
    std::vector<Text> m_reasons;
    std::int64_t m_converted = 0;
};

}

DatasetKind imageFolderKind()
{
    const Schema schema{
        pathParameter(
            "A folder with one folder a class, holding PNG or JPEG files; or train and test folders with those in them."),
        {.name = "size",
         .label = "Read at",
         .help = "Side the pictures are scaled to when read; 0 keeps their own, or the most common one.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{0},
         .minimum = 0,
         .maximum = 1024,
         .common = true,
         .unit = "px"},
    };
    return {.id = "image-folder",
            .label = "Folder of pictures",
            .help = "A folder for each class, named after it.",
            .source = DatasetKind::Source::folder,
            .schema = schema,
            .load = [schema](const Parameters& parameters, const LoadControl& control) {
                return readSource(schema, parameters, [&](const fs::path& path) -> Result<Dataset> {
                    if (!fs::is_directory(path))
                        return {std::nullopt,
                                {{"dataset.path", text("%1 is a file, not a folder", path.string()),
                                  text("choose the folder above it")}}};
                    return Reader{path, control}.read(integerOf(schema, parameters, "size"));
                });
            }};
}

}
