// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/summary/report.h"

#include "engine/core/text/utf8.h"

#include <algorithm>
#include <cstdint>

namespace descent {

namespace {

constexpr auto style = R"(
:root { color-scheme: light dark; --ground: #fff; --text: #151922; --muted: #5a6373; --line: #dde1e8; --best: #0b7443; --warning: #8f5400; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #151920; --text: #e9ecf2; --muted: #9aa4b5; --line: #2b323e; --best: #5ad492; --warning: #e6b450; }
}
body { margin: 0 auto; padding: 32px 24px 64px; max-width: 1080px; background: var(--ground); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 28px; line-height: 1.2; margin: 0; }
h2 { font-size: 18px; margin: 36px 0 8px; }
.date { color: var(--muted); font-size: 13px; }
p { margin: 8px 0; white-space: pre-line; overflow-wrap: anywhere; }
p.warning { color: var(--warning); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 5px 18px 5px 0; border-bottom: 1px solid var(--line); white-space: nowrap; max-width: 420px; overflow: hidden; text-overflow: ellipsis; }
th { color: var(--muted); }
td.best { color: var(--best); font-weight: 600; }
figure { margin: 12px 0; break-inside: avoid; }
figure img { width: 100%; border: 1px solid var(--line); border-radius: 8px; }
)";

/// HTML has no control characters but these two.
bool isShown(char32_t character)
{
    return character >= 0x20 || character == '\n' || character == '\t';
}

std::string escaped(std::string_view text)
{
    std::string safe;
    while (!text.empty()) {
        const Character character = firstCharacter(text);
        text.remove_prefix(character.bytes);
        switch (character.value) {
        case '&': safe += "&amp;"; break;
        case '<': safe += "&lt;"; break;
        case '>': safe += "&gt;"; break;
        case '"': safe += "&quot;"; break;
        case '\'': safe += "&#39;"; break;
        default: appendUtf8(safe, isShown(character.value) ? character.value : replacementCharacter);
        }
    }
    return safe;
}

std::string html(const ReportText& text)
{
    return std::string{"<p"} + (text.isWarning ? " class=\"warning\">" : ">") + escaped(text.words) + "</p>\n";
}

std::string html(const ReportTable& table)
{
    std::string lines = "<div class=\"wide\"><table>\n<thead><tr>";
    for (const std::string& cell : table.heading)
        lines += "<th scope=\"col\">" + escaped(cell) + "</th>";
    lines += "</tr></thead>\n<tbody>\n";
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
        lines += "<tr>";
        for (std::size_t column = 0; column < table.rows[row].size(); ++column) {
            lines += std::string{"<td"} + (table.isBest(row, column) ? " class=\"best\">" : ">") + escaped(table.rows[row][column]) + "</td>";
        }
        lines += "</tr>\n";
    }
    return lines + "</tbody></table></div>\n";
}

/// As an image of its own, in which no script of an SVG runs.
std::string html(const ReportPicture& picture)
{
    const auto source = [](const std::string& svg) { return "data:image/svg+xml;base64," + base64(svg); };
    std::string lines = "<figure><picture>";
    if (!picture.darkSvg.empty())
        lines += "<source media=\"(prefers-color-scheme: dark)\" srcset=\"" + source(picture.darkSvg) + "\">";
    return lines + "<img alt=\"" + escaped(picture.caption) + "\" src=\"" + source(picture.lightSvg) + "\"></picture></figure>\n";
}

}

std::string reportHtml(const Report& report)
{
    std::string page = "<!DOCTYPE html>\n<html lang=\"" + escaped(report.language) + "\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">\n"
        "<title>" + escaped(report.title) + "</title>\n<style>" + style + "</style>\n</head>\n<body>\n<h1>" + escaped(report.title)
        + "</h1>\n<div class=\"date\">" + escaped(report.date) + "</div>\n";
    for (const ReportSection& section : report.sections) {
        page += "<section>\n";
        if (!section.title.empty())
            page += "<h2>" + escaped(section.title) + "</h2>\n";
        for (const auto& part : section.parts)
            page += std::visit([](const auto& one) { return html(one); }, part);
        page += "</section>\n";
    }
    return page + "</body>\n</html>\n";
}

std::string base64(std::string_view bytes)
{
    constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const std::size_t left = std::min<std::size_t>(3, bytes.size() - at);
        std::uint32_t three = 0;
        for (std::size_t i = 0; i < 3; ++i)
            three = three << 8 | (i < left ? static_cast<unsigned char>(bytes[at + i]) : 0U);
        for (std::size_t i = 0; i < 4; ++i)
            text += i <= left ? letters[three >> (18 - 6 * i) & 63U] : '=';
    }
    return text;
}

}
