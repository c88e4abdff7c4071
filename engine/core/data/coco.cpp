// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/coco.h"

#include "engine/core/base/files.h"
#include "engine/core/data/annotated_pictures.h"
#include "engine/core/data/path_parameter.h"

#include <algorithm>
#include <optional>

namespace descent {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t maximumFileBytes = std::size_t{1} << 30; // COCO's own training part has 450 MB

/// One annotation file with the folders its pictures may lie in, the likeliest first.
struct Part {
    fs::path instances;
    std::vector<fs::path> pictureFolders;
};

struct Parts {
    std::optional<Part> train, test;
};

/// COCO's own layout: annotations/instances_train2017.json, pictures in train2017 or images/train2017.
std::optional<Part> cocoPart(const fs::path& root, const char* name)
{
    std::vector<fs::path> found;
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator{root / "annotations", error})
        if (const std::string file = entry.path().filename().string();
            file.starts_with(std::string{"instances_"} + name) && file.ends_with(".json"))
            found.push_back(entry.path());
    if (found.empty())
        return std::nullopt;
    const fs::path newest = *std::max_element(found.begin(), found.end()); // of several years the last
    const std::string part = newest.stem().string().substr(std::string_view{"instances_"}.size());
    return Part{newest, {root / part, root / "images" / part, root / "images", root}};
}

/// The layout that annotation services export: train/_annotations.coco.json with its pictures beside it.
std::optional<Part> exportedPart(const fs::path& root, const char* name)
{
    const fs::path file = root / name / "_annotations.coco.json";
    return fs::is_regular_file(file) ? std::optional{Part{file, {root / name}}} : std::nullopt;
}

Part partOfFile(const fs::path& file)
{
    const fs::path folder = file.parent_path();
    std::string part = file.stem().string();
    if (part.starts_with("instances_"))
        part.erase(0, std::string_view{"instances_"}.size());
    const fs::path above = folder / "..";
    return {file, {folder, folder / "images", folder / part, above / part, above / "images" / part, above / "images"}};
}

Parts findParts(const fs::path& path)
{
    if (!fs::is_directory(path))
        return {partOfFile(path), {}};
    Parts parts;
    for (const auto& layout : {cocoPart, exportedPart}) {
        parts.train = layout(path, "train");
        for (const char* name : {"test", "val", "valid"}) // COCO's test part has no boxes published: then its val is found
            if (!parts.test)
                parts.test = layout(path, name);
        if (parts.train)
            return parts;
    }
    std::vector<fs::path> files;
    for (const fs::directory_entry& entry : fs::directory_iterator{path})
        if (entry.path().extension() == ".json")
            files.push_back(entry.path());
    if (files.size() == 1)
        return {partOfFile(files.front()), {}};
    return {};
}

/// Inside `folder`, or nothing: a file name that climbs out is no picture of this dataset.
fs::path insideFolder(const fs::path& folder, const std::string& fileName)
{
    const fs::path relative = fs::path{fileName}.lexically_normal();
    if (relative.empty() || relative.is_absolute() || *relative.begin() == "..")
        return {};
    return folder / relative;
}

class Reader {
public:
    explicit Reader(const LoadControl& control) : m_control{control} {}

    Result<Dataset> read(const fs::path& path, std::int64_t size)
    {
        m_dataset.name = (path.filename().empty() ? path.parent_path() : path).filename().string();
        const Parts parts = findParts(path);
        if (!parts.train)
            return {std::nullopt,
                    {{"dataset.path", text("there is no COCO annotation file in %1", path.string()),
                      text("choose the JSON file itself, or a folder with annotations/instances_train….json or "
                           "train/_annotations.coco.json")}}};
        for (const bool isTest : {false, true})
            if (const auto& part = isTest ? parts.test : parts.train)
                if (Problems problems = take(*part, isTest); !problems.empty())
                    return {std::nullopt, std::move(problems)};
        return readAnnotatedPictures(std::move(m_annotated), size, std::move(m_dataset), m_control);
    }

private:
    Problems take(const Part& part, bool isTest)
    {
        const std::string file = part.instances.filename().string();
        Result<CocoInstances> instances = parseCocoInstances(readFile(part.instances, maximumFileBytes), m_control.stop);
        if (!instances)
            return {{"dataset.path", text("%1 cannot be used: %2", file, english(instances.problems.front().message)), {}}};
        for (Problem& problem : instances->setAside)
            setAside(m_dataset, file + ", " + problem.path, std::move(problem.message));
        m_dataset.setAsideCount += instances->setAsideCount - static_cast<std::int64_t>(instances->setAside.size());
        std::vector<std::int32_t> classes; // the parts may list their categories in different orders
        for (const std::string& name : instances->classNames) {
            auto& all = m_annotated.classNames;
            const auto found = std::find(all.begin(), all.end(), name);
            classes.push_back(static_cast<std::int32_t>(found - all.begin()));
            if (found == all.end())
                all.push_back(name);
        }
        for (auto& [id, picture] : instances->pictures) {
            const fs::path path = pictureOf(part, picture.fileName);
            if (path.empty()) {
                setAside(m_dataset, picture.fileName, text("this picture is named in %1, but is not there", file));
                continue;
            }
            for (Box& box : picture.boxes)
                box.classIndex = classes[static_cast<std::size_t>(box.classIndex)];
            m_annotated.pictures.push_back({path, picture.fileName, picture.width, picture.height, std::move(picture.boxes), isTest});
        }
        return {};
    }

    static fs::path pictureOf(const Part& part, const std::string& fileName)
    {
        std::error_code error;
        for (const fs::path& folder : part.pictureFolders)
            if (const fs::path path = insideFolder(folder, fileName); !path.empty() && fs::is_regular_file(path, error))
                return path;
        return {};
    }

    const LoadControl& m_control;
    Dataset m_dataset;
    AnnotatedPictures m_annotated;
};

}

DatasetKind cocoKind()
{
    const Schema schema{
        pathParameter("A JSON file of COCO instances, or a folder that holds annotations/instances_….json beside its pictures."),
        longerSideParameter(),
    };
    return {.id = "coco",
            .label = "COCO",
            .help = "Pictures with boxes: one JSON file for all, as COCO and most annotation tools write it.",
            .source = DatasetKind::Source::folder,
            .schema = schema,
            .load = [schema](const Parameters& parameters, const LoadControl& control) {
                return readSource(schema, parameters, [&](const fs::path& path) {
                    return Reader{control}.read(path, integerOf(schema, parameters, "size"));
                });
            }};
}

}
