// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

namespace descent {

/// What the place we write to can show.
struct Terminal {
    bool interactive = false; ///< a person looks at it, so a line may be written over
    bool colour = false;      ///< interactive, and NO_COLOR is not set
    bool unicode = false;     ///< the locale's characters are UTF-8
    int width = 80;           ///< columns; 80 where nobody looks
};
Terminal terminalOf(std::FILE* stream);

/// The text in a colour of the terminal's palette (31 red to 36 cyan, 2 faint, 1 bold); as it is where there are none.
std::string coloured(const Terminal& terminal, int code, std::string_view text);

/// A text from a file or a person without what would command the terminal: control characters become '?'.
std::string printable(std::string_view text);

/// Characters, taking each code point as one column.
std::size_t columnsOf(std::string_view text);

/// Cut or filled with blanks to `columns`; what is cut ends in "…" (or "~").
std::string fitted(std::string_view text, std::size_t columns, bool unicode);

std::string formatDuration(double seconds);  ///< "42 ms", "12 s", "3:05", "1:02:03"
std::string formatFigure(double value);      ///< four significant digits: "0.9843", "12.31", "NaN"
std::string formatCount(std::int64_t value); ///< "11,173,962"

}
