// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace descent {

// A report as a person hands it on: sentences, tables and pictures, all words in their language already.

struct ReportText {
    std::string words;          ///< lines of their own stay so
    bool isWarning = false;
};
struct ReportTable {
    std::vector<std::string> heading;
    std::vector<std::vector<std::string>> rows;             ///< each as long as the heading
    std::vector<std::pair<std::size_t, std::size_t>> best;  ///< row, column: marked
    bool isBest(std::size_t row, std::size_t column) const { return std::ranges::find(best, std::pair{row, column}) != best.end(); }
};
struct ReportPicture {
    std::string caption;           ///< what it is, to those who do not see it: the picture has its title itself
    std::string lightSvg, darkSvg; ///< whole SVG files; dark may be empty
};
struct ReportSection {
    std::string title; ///< may be empty
    std::vector<std::variant<ReportText, ReportTable, ReportPicture>> parts;
};
struct Report {
    std::string title, date;
    std::string language = "en";
    std::vector<ReportSection> sections;
};

/// One file that needs no other: style and pictures are in it, it runs nothing and asks nobody, and follows the reader's choice of light
/// or dark. Every text is escaped; bytes that are no UTF-8 become a mark for what cannot be read.
std::string reportHtml(const Report& report);

std::string base64(std::string_view bytes);

}
