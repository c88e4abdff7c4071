// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/files.h"
#include "engine/core/data/class_folders.h"
#include "engine/core/data/path_parameter.h"
#include "engine/core/text/utf8.h"

#include <algorithm>

namespace descent {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t maximumBytes = std::size_t{1} << 30;

/// Line ends of one kind, no byte order mark: neither is worth learning.
std::string tidied(std::string content)
{
    if (content.starts_with("\xEF\xBB\xBF"))
        content.erase(0, 3);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < content.size(); ++i)
        if (content[i] != '\r' || i + 1 == content.size() || content[i + 1] != '\n')
            content[kept++] = content[i];
    content.resize(kept);
    return content;
}

Result<Dataset> read(const fs::path& path, const LoadControl& control)
{
    const bool folder = fs::is_directory(path);
    const std::vector<fs::path> files = folder ? corpusFilesIn(path) : std::vector{path};
    Dataset dataset{.name = path.filename().empty() ? path.parent_path().filename().string() : path.filename().string()};
    Corpus corpus;
    for (std::size_t i = 0; i < files.size(); ++i) {
        if (control.stop.stop_requested())
            throw Cancelled{};
        std::string content = tidied(readFile(files[i], maximumBytes - corpus.text.size()));
        if (!isUtf8(content)) {
            if (!folder)
                return {std::nullopt,
                        {{"dataset.path", text("%1 is not written in UTF-8", path.string()),
                          text("convert it, for example with iconv")}}};
            setAside(dataset, files[i].filename().string(), text("it is not written in UTF-8"));
            continue;
        }
        if (!corpus.text.empty())
            corpus.text += "\n\n";
        corpus.text += content;
        if (control.progress)
            control.progress(static_cast<double>(i + 1) / static_cast<double>(files.size()));
    }
    if (corpus.text.find_first_not_of(" \t\r\n") == std::string::npos)
        return {std::nullopt, {{"dataset.path", text("%1 holds no text", path.string()), {}}}};
    dataset.train.inputs = std::move(corpus);
    return {std::move(dataset), {}};
}

}

DatasetKind corpusKind()
{
    const Schema schema{
        pathParameter("A plain text file in UTF-8, or a folder of them, which are read one after the other."),
    };
    return {.id = "corpus",
            .label = "Plain text",
            .help = "One long text to learn the language of.",
            .source = DatasetKind::Source::file,
            .schema = schema,
            .load = [schema](const Parameters& parameters, const LoadControl& control) {
                return readSource(schema, parameters, [&](const fs::path& path) { return read(path, control); });
            }};
}

}
