// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/voc.h"

#include "engine/core/base/files.h"
#include "engine/core/data/annotated_pictures.h"
#include "engine/core/data/bytes.h"
#include "engine/core/data/csv.h"
#include "engine/core/data/path_parameter.h"
#include "engine/core/text/utf8.h"

#include <algorithm>
#include <limits>
#include <map>
#include <pugixml.hpp>
#include <set>
#include <sstream>

namespace descent {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t maximumAnnotationBytes = 4 << 20;
constexpr std::size_t maximumListBytes = 64 << 20;
constexpr std::size_t maximumObjects = 10'000;
constexpr std::size_t maximumNameBytes = 200;

float numberIn(const pugi::xml_node& node)
{
    const auto number = parseNumber(node.text().get());
    return number ? static_cast<float>(*number) : std::numeric_limits<float>::quiet_NaN();
}

std::int64_t sideIn(const pugi::xml_node& node)
{
    const auto number = parseNumber(node.text().get());
    constexpr double longest = 1e6;
    return number && *number >= 1 && *number <= longest ? static_cast<std::int64_t>(*number) : 0;
}

std::string trimmed(std::string_view text)
{
    constexpr std::string_view blanks = " \t\r\n";
    const std::size_t first = text.find_first_not_of(blanks);
    return first == std::string_view::npos ? std::string{}
                                           : std::string{text.substr(first, text.find_last_not_of(blanks) - first + 1)};
}

/// The first word of each line: "000005" or, in the lists of one class, "000005 -1".
std::set<std::string> namesIn(const fs::path& list)
{
    std::set<std::string> names;
    std::istringstream lines{readFile(list, maximumListBytes)};
    std::string line, name;
    while (std::getline(lines, line))
        if (std::istringstream{line} >> name)
            names.insert(name);
    return names;
}

class Reader {
public:
    Reader(fs::path root, const LoadControl& control) : m_root{std::move(root)}, m_control{control} {}

    Result<Dataset> read(std::int64_t size)
    {
        m_dataset.name = m_root.filename().empty() ? m_root.parent_path().filename().string() : m_root.filename().string();
        if (!fs::is_directory(m_root / "Annotations"))
            return {std::nullopt,
                    {{"dataset.path", text("there is no folder Annotations in %1", m_root.string()),
                      text("choose the folder that holds Annotations and JPEGImages")}}};
        findAnnotations();
        if (m_names.empty())
            return {std::nullopt,
                    {{"dataset.path", text("no annotation in %1 can be used", (m_root / "Annotations").string()),
                      m_dataset.setAside.empty() ? text("it should hold an XML file for each picture")
                                                 : m_dataset.setAside.front().message}}};
        parseAll();
        return readAnnotatedPictures(std::move(m_annotated), size, std::move(m_dataset), m_control);
    }

private:
    /// Which annotations are read, and which of them are the test part, by the lists of ImageSets/Main where there are any.
    void findAnnotations()
    {
        std::set<std::string> present;
        for (const fs::directory_entry& entry : fs::directory_iterator{m_root / "Annotations"}) {
            if (m_control.stop.stop_requested())
                throw Cancelled{};
            if (entry.path().extension() == ".xml")
                present.insert(entry.path().stem().string());
        }
        const auto listed = [&](const char* part) {
            const fs::path file = m_root / "ImageSets" / "Main" / (std::string{part} + ".txt");
            return fs::is_regular_file(file) ? namesIn(file) : std::set<std::string>{};
        };
        std::set<std::string> train = listed("train"), test = listed("test");
        std::set<std::string> validation = listed("val");
        if (test.empty() && !train.empty() && !validation.empty())
            test = std::move(validation); // VOC 2012: what its figures are measured on
        else
            train.merge(validation);
        if (std::set<std::string> both = listed("trainval"); train.empty())
            train = std::move(both);
        if (train.empty())
            train = present; // no lists: all but the test part is learnt from
        for (const std::string& name : test)
            train.erase(name); // what is tested is not learnt
        for (const std::set<std::string>* part : {&train, &test})
            for (const std::string& name : *part)
                if (present.contains(name))
                    m_names.emplace_back(name, part == &test);
                else
                    setAside(m_dataset, name, text("it is listed in ImageSets/Main, but has no annotation"));
        std::sort(m_names.begin(), m_names.end());
    }

    void parseAll()
    {
        std::vector<Result<VocAnnotation>> parsed(m_names.size());
        inParallel(m_names.size(), m_control.stop, {}, [&](std::size_t i) {
            try {
                parsed[i] = parseVocAnnotation(readFile(annotationOf(m_names[i].first), maximumAnnotationBytes));
            } catch (const DescentError& error) {
                parsed[i].problems.push_back({{}, error.message(), {}});
            }
        });
        std::map<std::string, std::int32_t> classes;
        for (const auto& annotation : parsed)
            if (annotation)
                for (const auto& object : annotation->objects)
                    classes.emplace(object.name, 0);
        for (auto& [name, index] : classes) {
            index = static_cast<std::int32_t>(m_annotated.classNames.size());
            m_annotated.classNames.push_back(name);
        }
        for (std::size_t i = 0; i < m_names.size(); ++i) {
            const auto& [name, isTest] = m_names[i];
            const std::string from = "Annotations/" + name + ".xml";
            if (!parsed[i]) {
                setAside(m_dataset, from, parsed[i].problems.front().message);
                continue;
            }
            const fs::path file = pictureOf(name, parsed[i]->fileName);
            if (file.empty()) {
                setAside(m_dataset, from, text("there is no picture of this name in JPEGImages"));
                continue;
            }
            AnnotatedPicture picture{file, from, parsed[i]->width, parsed[i]->height, {}, isTest};
            for (const auto& object : parsed[i]->objects) {
                picture.boxes.push_back(object.box);
                picture.boxes.back().classIndex = classes.at(object.name);
            }
            m_annotated.pictures.push_back(std::move(picture));
        }
    }

    fs::path annotationOf(const std::string& name) const { return m_root / "Annotations" / (name + ".xml"); }

    /// By the annotation's own name first: the file named inside is often one that was renamed since.
    fs::path pictureOf(const std::string& name, const std::string& fileName) const
    {
        for (const char* folder : {"JPEGImages", "images"}) {
            for (const char* ending : {".jpg", ".jpeg", ".png", ".JPG", ".JPEG", ".PNG"})
                if (const fs::path file = m_root / folder / (name + ending); fs::is_regular_file(file))
                    return file;
            if (const fs::path file = m_root / folder / fs::path{fileName}.filename(); fs::is_regular_file(file))
                return file;
        }
        return {};
    }

    const fs::path m_root;
    const LoadControl& m_control;
    Dataset m_dataset;
    std::vector<std::pair<std::string, bool>> m_names; // and whether it belongs to the test part
    AnnotatedPictures m_annotated;
};

}

Result<VocAnnotation> parseVocAnnotation(std::string_view xml)
{
    const auto problem = [](Text message) { return Result<VocAnnotation>{std::nullopt, {{{}, std::move(message), {}}}}; };
    pugi::xml_document document;
    // No entities of the file's own, no doctype: parse_default knows the five of XML alone.
    const pugi::xml_parse_result result = document.load_buffer(xml.data(), xml.size());
    if (!result)
        return problem(text("damaged XML at byte %1: %2", result.offset, result.description()));
    const pugi::xml_node root = document.child("annotation");
    if (!root)
        return problem(text("this XML is no annotation of a picture"));
    VocAnnotation annotation{.fileName = trimmed(root.child("filename").text().get()),
                             .width = sideIn(root.child("size").child("width")),
                             .height = sideIn(root.child("size").child("height"))};
    for (const pugi::xml_node& node : root.children("object")) {
        if (annotation.objects.size() == maximumObjects)
            return problem(text("it has more than %1 boxes", maximumObjects));
        std::string name = trimmed(node.child("name").text().get());
        if (name.empty() || name.size() > maximumNameBytes || !isUtf8(name)) // names go into recipes and reports
            return problem(text("box %1 has no name that can be used", annotation.objects.size() + 1));
        const pugi::xml_node place = node.child("bndbox");
        annotation.objects.push_back(
            {std::move(name),
             {.left = numberIn(place.child("xmin")) - 1,
              .top = numberIn(place.child("ymin")) - 1,
              .right = numberIn(place.child("xmax")),
              .bottom = numberIn(place.child("ymax")),
              .ignored = node.child("difficult").text().as_int() != 0}});
    }
    return {std::move(annotation), {}};
}

DatasetKind vocKind()
{
    const Schema schema{
        pathParameter("A folder with Annotations (XML) and JPEGImages; the lists of ImageSets/Main say what is test."),
        longerSideParameter(),
    };
    return {.id = "voc",
            .label = "Pascal VOC",
            .help = "Pictures with boxes: an XML file for each picture, as the PASCAL VOC challenges and LabelImg write them.",
            .source = DatasetKind::Source::folder,
            .schema = schema,
            .load = [schema](const Parameters& parameters, const LoadControl& control) {
                return readSource(schema, parameters, [&](const fs::path& path) {
                    return Reader{path, control}.read(integerOf(schema, parameters, "size"));
                });
            }};
}

}
