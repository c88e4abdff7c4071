// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/files.h"
#include "engine/core/data/bytes.h"
#include "engine/core/data/class_folders.h"
#include "engine/core/data/path_parameter.h"
#include "engine/core/text/utf8.h"

#include <algorithm>
#include <atomic>

namespace descent {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t maximumFileBytes = 4 << 20;
constexpr std::size_t maximumBytes = std::size_t{2} << 30;

Result<Dataset> read(const fs::path& root, const LoadControl& control)
{
    const ClassFiles found = findTextClasses(root, control.stop);
    if (found.classNames.size() < 2)
        return {std::nullopt,
                {{"dataset.path", text("%1 holds fewer than two folders of texts", root.string()),
                  text("it should hold a folder for each class, with .txt files in them; train and test folders above them are fine")}}};
    std::vector<std::string> contents(found.files.size());
    std::vector<Text> reasons(found.files.size());
    std::atomic<std::size_t> held = 0;
    inParallel(found.files.size(), control.stop, control.progress, [&](std::size_t i) {
        try {
            std::string content = readFile(found.files[i].path, maximumFileBytes);
            if (!isUtf8(content))
                reasons[i] = text("it is not written in UTF-8");
            else if (content.find_first_not_of(" \t\r\n") == std::string::npos)
                reasons[i] = text("its text is empty");
            else
                contents[i] = std::move(content);
        } catch (const DescentError& error) {
            reasons[i] = error.message();
        }
        if ((held += contents[i].size()) > maximumBytes)
            throw DatasetError{text("these texts take more than %1 GB in memory", maximumBytes >> 30)};
    });
    Dataset dataset{.name = root.filename().empty() ? root.parent_path().filename().string() : root.filename().string()};
    Samples test{.inputs = Texts{}, .targets = {.classNames = found.classNames}};
    dataset.train = test;
    for (std::size_t i = 0; i < contents.size(); ++i) {
        if (!reasons[i].empty()) {
            setAside(dataset, fs::relative(found.files[i].path, root).string(), std::move(reasons[i]));
            continue;
        }
        Samples& part = found.files[i].isTest ? test : dataset.train;
        std::get<Texts>(part.inputs).texts.push_back(std::move(contents[i]));
        part.targets.classes.push_back(found.files[i].label);
    }
    if (dataset.train.count() == 0)
        return {std::nullopt, {{"dataset.path", text("no text to learn from could be read"), {}}}};
    if (test.count() > 0)
        dataset.test = std::move(test);
    Problems warnings;
    for (const std::string& name : found.leftOut)
        warnings.push_back({"dataset.path", text("\"%1\" has no folder in the test part and is left out", name), {}});
    return {std::move(dataset), std::move(warnings)};
}

}

DatasetKind textFolderKind()
{
    const Schema schema{
        pathParameter("A folder with one folder a class, holding a .txt file for each text; or train and test folders with those "
                      "in them."),
    };
    return {.id = "text-folder",
            .label = "Folder of texts",
            .help = "A folder for each class, a text file for each sample.",
            .source = DatasetKind::Source::folder,
            .schema = schema,
            .load = [schema](const Parameters& parameters, const LoadControl& control) {
                return readSource(schema, parameters, [&](const fs::path& path) -> Result<Dataset> {
                    if (!fs::is_directory(path))
                        return {std::nullopt,
                                {{"dataset.path", text("%1 is a file, not a folder", path.string()),
                                  text("choose the folder above it")}}};
                    return read(path, control);
                });
            }};
}

}
