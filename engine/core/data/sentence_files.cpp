// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/sentence_files.h"

#include "engine/core/data/csv.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <map>
#include <set>

namespace descent {

namespace fs = std::filesystem;

namespace {

constexpr int enoughFiles = 10'000; // a folder of a million files is known by its first

/// File name without ".gz".
std::string plainName(const fs::path& file)
{
    std::string name = file.filename().string();
    if (name.ends_with(".gz"))
        name.resize(name.size() - 3);
    return name;
}

std::string stem(const fs::path& file)
{
    const std::string name = plainName(file);
    return name.substr(0, name.rfind('.'));
}

/// By part ("train.de-en"), the file of each language.
using Parts = std::map<std::string, std::map<std::string, fs::path>>;

Parts partsOf(const fs::path& folder)
{
    Parts parts;
    std::error_code error;
    int seen = 0;
    for (auto entry = fs::directory_iterator{folder, fs::directory_options::skip_permission_denied, error};
         !error && entry != fs::directory_iterator{} && seen < enoughFiles; entry.increment(error), ++seen)
        if (const std::string language = languageEnding(entry->path()); !language.empty() && entry->is_regular_file(error))
            parts[stem(entry->path())].try_emplace(language, entry->path());
    std::erase_if(parts, [](const auto& part) { return part.second.size() < 2; });
    return parts;
}

/// A line of at most 10,000 bytes; false at the end of the stream and where a line is longer.
bool readLine(std::istream& stream, std::string& line)
{
    constexpr std::size_t longest = 10'000;
    line.clear();
    for (int c = stream.get(); c != std::istream::traits_type::eof(); c = stream.get()) {
        if (c == '\n')
            return true;
        if (line.size() == longest)
            return false;
        line += static_cast<char>(c);
    }
    return !line.empty();
}

enum class Role { train, validation, test, unknown };

Role roleOf(std::string name)
{
    for (char& c : name)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if (name.find("train") != std::string::npos)
        return Role::train;
    if (name.find("val") != std::string::npos || name.find("dev") != std::string::npos)
        return Role::validation;
    return name.find("test") != std::string::npos ? Role::test : Role::unknown;
}

std::string listed(const std::set<std::string>& names)
{
    std::string list;
    for (const std::string& name : names)
        list += (list.empty() ? "" : ", ") + name;
    return list;
}

}

std::string languageEnding(const fs::path& file)
{
    const std::string name = plainName(file);
    const std::size_t dot = name.rfind('.');
    if (dot == std::string::npos || dot == 0)
        return {};
    const std::string ending = name.substr(dot + 1);
    // "de", "deu", "pt-br", "zh_Hans"; endings of other files are longer, hold digits, or are these.
    static constexpr std::array<std::string_view, 16> others{"csv", "tsv", "txt", "tab", "md", "py", "gz", "xml",
                                                             "sh",  "png", "jpg", "bin", "so", "zip", "tar", "pdf"};
    const std::size_t letters = static_cast<std::size_t>(
        std::find_if_not(ending.begin(), ending.end(), [](char c) { return c >= 'a' && c <= 'z'; }) - ending.begin());
    const bool region = letters < ending.size() && (ending[letters] == '-' || ending[letters] == '_') && ending.size() <= letters + 5
        && ending.size() > letters + 1 && std::all_of(ending.begin() + static_cast<std::ptrdiff_t>(letters) + 1, ending.end(), [](char c) {
               return std::isalpha(static_cast<unsigned char>(c)) != 0;
           });
    const bool named = (letters == 2 || letters == 3) && (letters == ending.size() || region);
    return named && std::find(others.begin(), others.end(), ending) == others.end() ? ending : std::string{};
}

Result<SentenceFolder> findSentenceFiles(const fs::path& folder, const std::string& source, const std::string& target)
{
    const Parts parts = partsOf(folder);
    std::set<std::string> languages;
    for (const auto& [name, files] : parts)
        for (const auto& [language, file] : files)
            languages.insert(language);
    if (languages.size() < 2)
        return {std::nullopt,
                {{"dataset.path", text("%1 holds no sentences in two languages", folder.string()),
                  text("the files are to have one name and end in their language: train.de, train.en")}}};
    SentenceFolder found{.source = source, .target = target};
    for (const auto& [parameter, chosen] : {std::pair{"dataset.source", &source}, {"dataset.target", &target}})
        if (!chosen->empty() && !languages.contains(*chosen))
            return {std::nullopt,
                    {{parameter, text("%1 has no files that end in \"%2\"", folder.string(), *chosen),
                      text("choose one of: %1", listed(languages))}}};
    for (std::string* open : {&found.source, &found.target}) {
        if (!open->empty())
            continue;
        std::set<std::string> left = languages;
        left.erase(found.source);
        left.erase(found.target);
        if (languages.size() > 2 && left.size() != 1)
            return {std::nullopt,
                    {{open == &found.source ? "dataset.source" : "dataset.target",
                      text("%1 holds more than two languages", folder.string()), text("choose one of: %1", listed(left))}}};
        *open = left.empty() ? found.source : *left.begin();
    }
    if (found.source == found.target)
        return {std::nullopt,
                {{"dataset.target", text("both languages are \"%1\"", found.target), text("choose two: %1", listed(languages))}}};

    const bool named = std::any_of(parts.begin(), parts.end(), [](const auto& part) { return roleOf(part.first) == Role::train; });
    for (const auto& [name, files] : parts) {
        const auto from = files.find(found.source), to = files.find(found.target);
        const Role role = roleOf(name);
        if (from == files.end() || to == files.end() || (named && role == Role::unknown))
            continue;
        AlignedFiles& part = role == Role::validation ? found.validation : role == Role::test ? found.test : found.train;
        if (part.source.empty())
            part = {from->second, to->second};
        else
            found.warnings.push_back({"dataset.path", text("%1 is not read: %2 is", name, stem(part.source)), {}});
    }
    if (found.train.source.empty())
        return {std::nullopt,
                {{"dataset.path",
                  text("%1 holds nothing to learn translating from \"%2\" to \"%3\"", folder.string(), found.source, found.target),
                  text("one pair of files is to have \"train\" in its name")}}};
    return {std::move(found), {}};
}

bool holdsSentenceFiles(const fs::path& folder)
{
    const Parts parts = partsOf(folder);
    return std::any_of(parts.begin(), parts.end(), [](const auto& part) { return roleOf(part.first) == Role::train; });
}

bool isSentenceTable(const fs::path& file)
{
    constexpr int looked = 100;
    std::ifstream stream{file};
    std::set<std::string> first, second;
    int lines = 0, blanks = 0;
    for (std::string line; lines < looked && readLine(stream, line); ++lines) {
        const auto tabs = std::count(line.begin(), line.end(), '\t');
        if (tabs < 1 || tabs > 2)
            return false;
        const std::size_t tab = line.find('\t'), end = std::min(line.find('\t', tab + 1), line.size());
        const std::string source = line.substr(0, tab), target = line.substr(tab + 1, end - tab - 1);
        if (parseNumber(source) || parseNumber(target) || isMissing(source) || isMissing(target))
            return false;
        blanks += source.find(' ') != std::string::npos && target.find(' ') != std::string::npos;
        first.insert(source);
        second.insert(target);
    }
    const auto enough = static_cast<std::size_t>(lines) / 2;
    return lines >= 2 && blanks * 2 >= lines && first.size() > enough && second.size() > enough;
}

fs::path alignedBeside(const fs::path& file)
{
    const std::string language = languageEnding(file);
    if (language.empty())
        return {};
    const Parts parts = partsOf(file.has_parent_path() ? file.parent_path() : fs::path{"."});
    const auto part = parts.find(stem(file));
    if (part == parts.end() || part->second.size() != 2)
        return {};
    for (const auto& [other, path] : part->second)
        if (other != language)
            return path;
    return {};
}

}
