// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/descent/terminal.h"

#include <string>
#include <vector>

namespace descent {

/// Rows under a heading, in columns as wide as they need; when they do not fit the terminal, the widest ones are cut.
class TextTable {
public:
    explicit TextTable(std::vector<std::string> heading);
    void add(std::vector<std::string> row); ///< cells beyond the heading's are ignored
    void print(const Terminal& terminal) const;

private:
    std::vector<std::vector<std::string>> m_rows; // the heading first
};

}
