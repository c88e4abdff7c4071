// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/interchange/mlflow_meta.h"

#include "engine/core/interchange/foreign_values.h"
#include "engine/core/text/utf8.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <vector>

namespace descent {

namespace {

/// A double-quoted text from behind its first quote; nothing where its end is missing. Lines in it are folded already.
std::optional<std::string> unescaped(std::string_view text)
{
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"')
            return result;
        if (text[i] != '\\') {
            result += text[i];
            continue;
        }
        if (++i == text.size())
            return std::nullopt;
        const char kind = text[i];
        const std::size_t digits = kind == 'x' ? 2 : kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
        if (digits > 0) {
            std::uint32_t code = 0;
            const std::string_view hex = text.substr(i + 1, digits);
            if (hex.size() < digits || std::from_chars(hex.data(), hex.data() + digits, code, 16).ptr != hex.data() + digits)
                return std::nullopt;
            appendUtf8(result, code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF) ? static_cast<char32_t>(code) : replacementCharacter);
            i += digits;
            continue;
        }
        constexpr std::string_view names = "0abtnvfre", meanings{"\0\a\b\t\n\v\f\r\x1b", 9};
        const std::size_t at = names.find(kind);
        if (kind == 'N' || kind == 'L' || kind == 'P' || kind == '_')
            appendUtf8(result, kind == 'N' ? U'\x85' : kind == 'L' ? U'\x2028' : kind == 'P' ? U'\x2029' : U'\xA0');
        else
            result += at == names.npos ? kind : meanings[at];
    }
    return std::nullopt;
}

/// A single-quoted text from behind its first quote: '' is one.
std::optional<std::string> unquoted(std::string_view text)
{
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\'' && (i + 1 == text.size() || text[i + 1] != '\''))
            return result;
        i += text[i] == '\'';
        result += text[i];
    }
    return std::nullopt;
}

std::optional<std::string> scalarOf(std::string_view text)
{
    if (text.starts_with('"'))
        return unescaped(text.substr(1));
    if (text.starts_with('\''))
        return unquoted(text.substr(1));
    if (text.empty() || text == "null" || text == "~" || text.starts_with('[') || text.starts_with('{') || text.starts_with('|') || text.starts_with('>'))
        return std::nullopt;
    return std::string{text};
}

/// Lines that belong together as one: a break is a blank, an empty line a break; in double quotes a backslash takes the break away.
void fold(std::string& value, std::string_view line, std::size_t& emptyLines)
{
    const std::size_t first = line.find_first_not_of(" \t");
    if (first == line.npos) {
        ++emptyLines;
        return;
    }
    if (value.starts_with('"') && value.ends_with('\\') && emptyLines == 0) {
        value.pop_back();
    } else {
        while (value.ends_with(' '))
            value.pop_back();
        value += emptyLines == 0 ? std::string{' '} : std::string(emptyLines, '\n');
    }
    emptyLines = 0;
    value += line.substr(first);
}

}

std::map<std::string, std::string> readMlflowMeta(std::string_view yaml)
{
    std::map<std::string, std::string> raw;
    std::string* open = nullptr; // the value that a line further in goes on with
    std::size_t emptyLines = 0;
    while (!yaml.empty()) {
        const std::size_t end = std::min(yaml.find('\n'), yaml.size());
        std::string_view line = yaml.substr(0, end);
        yaml.remove_prefix(std::min(end + 1, yaml.size()));
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        if (line.empty() || line.starts_with(' ') || line.starts_with('\t')) {
            if (open)
                fold(*open, line, emptyLines);
            continue;
        }
        open = nullptr;
        emptyLines = 0;
        const std::size_t colon = line.find(':');
        if (colon == line.npos || line.starts_with('#') || line.starts_with('-') || (colon + 1 < line.size() && line[colon + 1] != ' '))
            continue;
        const std::string_view value = line.substr(colon + 1);
        const std::size_t first = value.find_first_not_of(' ');
        open = &raw[std::string{line.substr(0, colon)}];
        *open = first == value.npos ? std::string{} : std::string{value.substr(first)};
    }
    std::map<std::string, std::string> meta;
    for (const auto& [name, text] : raw)
        if (std::optional<std::string> scalar = scalarOf(text))
            meta[name] = asUtf8(*scalar);
    return meta;
}

std::string mlflowMeta(const std::map<std::string, std::string>& texts, const std::map<std::string, std::int64_t>& numbers)
{
    std::string yaml;
    for (const auto& [name, text] : texts) {
        yaml += name + ": \""; // double quotes hold everything
        for (const char c : text) {
            if (c == '"' || c == '\\')
                yaml += '\\';
            if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
                yaml += fmt::format("\\x{:02x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
            else
                yaml += c;
        }
        yaml += "\"\n";
    }
    for (const auto& [name, number] : numbers)
        yaml += fmt::format("{}: {}\n", name, number);
    return yaml;
}

std::optional<MlflowMetric> readMlflowMetric(std::string_view line)
{
    std::vector<std::string_view> parts;
    while (!line.empty() && parts.size() < 6) {
        const std::size_t end = std::min(line.find(' '), line.size());
        if (end > 0)
            parts.push_back(line.substr(0, end));
        line.remove_prefix(std::min(end + 1, line.size()));
    }
    if (parts.size() < 2 || parts.size() == 4 || parts.size() > 5)
        return std::nullopt;
    const auto time = foreignStep(parts[0]);
    const auto value = foreignNumber(parts[1]);
    const auto step = parts.size() > 2 ? foreignStep(parts[2]) : std::optional<std::int64_t>{0};
    if (!time || !value || !step)
        return std::nullopt;
    return MlflowMetric{.timestampMs = *time, .step = *step, .value = *value};
}

std::string mlflowMetricLine(const MlflowMetric& metric)
{
    const std::string value = std::isnan(metric.value) ? "nan" : std::isinf(metric.value) ? (metric.value < 0 ? "-inf" : "inf") : fmt::format("{}", metric.value);
    return fmt::format("{} {} {}\n", metric.timestampMs, value, metric.step);
}

std::string mlflowName(std::string_view name)
{
    // What mlflow.utils.validation allows: letters of any language, digits, _ - . blanks : / and a path that is its own normal form.
    std::string result;
    for (const char c : name) {
        const bool isLetter = static_cast<unsigned char>(c) >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        const bool isAllowed = isLetter || c == '_' || c == '-' || c == '.' || c == ' ' || c == ':' || (c == '/' && !result.empty() && result.back() != '/');
        result += isAllowed ? c : '_';
    }
    if (result.empty() || result.ends_with('/'))
        result += '_';
    for (std::size_t start = 0; start <= result.size();) { // no part of it may be "." or ".."
        const std::size_t end = std::min(result.find('/', start), result.size());
        const std::string_view part = std::string_view{result}.substr(start, end - start);
        if (part == "." || part == "..")
            result[start] = '_';
        start = end + 1;
    }
    return result;
}

}
