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
        std::vector<fs::path> paths;
        for (const PictureFile& file : m_files)
            paths.push_back(file.path);
        // Decoded pictures are kept at the size asked for, or at their own.
        DecodedPictures pictures{std::move(paths), fmt::format("{} at {}", m_root.string(), size), m_control,
                                 [size](std::size_t, PictureSize original) { return size > 0 ? PictureSize{size, size} : original; }};
        Dataset dataset{.name = m_root.filename().string()};
        if (dataset.name.empty())
            dataset.name = m_root.parent_path().filename().string();
        for (std::size_t i = 0; i < m_files.size(); ++i)
            if (!pictures.isUsable(i))
                setAside(dataset, fs::relative(m_files[i].path, m_root).string(), pictures.reason(i));
        if (dataset.setAsideCount == static_cast<std::int64_t>(m_files.size()))
            return {std::nullopt,
                    {{"dataset.path", text("none of the %1 pictures could be read", m_files.size()),
                      dataset.setAside.front().message}}};

        const PictureGeometry geometry = commonGeometry(pictures);
        std::int64_t converted = 0;
        for (std::size_t i = 0; i < pictures.size() && size == 0; ++i)
            converted += pictures.isUsable(i) && pictures.geometry(i) != geometry;
        Problems warnings;
        if (converted > 0)
            warnings.push_back({"dataset.size",
                                text("%1 pictures had another size or colouring and were brought to %2x%3", converted,
                                     geometry.width, geometry.height),
                                text("choose a size to say which one all of them get")});
        dataset.train = gather(pictures, geometry, false);
        dataset.train.targets.classNames = classNames;
        if (std::any_of(m_files.begin(), m_files.end(), [](const PictureFile& file) { return file.isTest; })) {
            dataset.test = gather(pictures, geometry, true);
            dataset.test->targets.classNames = classNames;
        }
        if (dataset.train.count() == 0)
            return {std::nullopt, {{"dataset.path", text("no picture to learn from could be read"), {}}}};
        return {std::move(dataset), std::move(warnings)};
    }

private:
    /// The most common size; colour when any picture has it.
    static PictureGeometry commonGeometry(const DecodedPictures& pictures)
    {
        std::map<PictureGeometry, std::int64_t> counts;
        std::int64_t channels = 1;
        for (std::size_t i = 0; i < pictures.size(); ++i)
            if (pictures.isUsable(i)) {
                const auto& [own, height, width] = pictures.geometry(i);
                ++counts[{0, height, width}];
                channels = std::max(channels, own);
            }
        PictureGeometry geometry = std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) {
                                       return a.second < b.second;
                                   })->first;
        geometry.channels = channels;
        return geometry;
    }

    Samples gather(DecodedPictures& pictures, const PictureGeometry& geometry, bool test) const
    {
        std::vector<std::size_t> files;
        Targets targets;
        for (std::size_t i = 0; i < m_files.size(); ++i)
            if (m_files[i].isTest == test && pictures.isUsable(i)) {
                files.push_back(i);
                targets.classes.push_back(m_files[i].label);
            }
        return {.inputs = pictures.gather(files, geometry, PictureFit::scale), .targets = std::move(targets)};
    }

    const fs::path m_root;
    const LoadControl& m_control;
    std::vector<PictureFile> m_files;
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
