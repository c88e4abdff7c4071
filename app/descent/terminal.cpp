// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/terminal.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <langinfo.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace descent {

Terminal terminalOf(std::FILE* stream)
{
    Terminal terminal;
    const char* kind = std::getenv("TERM");
    const bool dumb = kind && std::strcmp(kind, "dumb") == 0;
    terminal.interactive = isatty(fileno(stream)) && !dumb;
    const char* noColour = std::getenv("NO_COLOR"); // no-color.org
    terminal.colour = terminal.interactive && !(noColour && *noColour);
    terminal.unicode = std::strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    winsize size{};
    if (terminal.interactive && ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        terminal.width = size.ws_col;
    return terminal;
}

std::string coloured(const Terminal& terminal, int code, std::string_view text)
{
    return terminal.colour ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string{text};
}

std::string printable(std::string_view text)
{
    std::string result{text};
    for (std::size_t i = 0; i < result.size(); ++i) {
        const auto byte = static_cast<unsigned char>(result[i]);
        // U+0080 to U+009F, two bytes in UTF-8, are control characters too.
        const bool secondOfControl = byte >= 0x80 && byte < 0xA0 && i > 0 && static_cast<unsigned char>(result[i - 1]) == 0xC2;
        if (byte < 0x20 || byte == 0x7F || secondOfControl)
            result[i] = '?';
    }
    return result;
}

std::size_t columnsOf(std::string_view text)
{
    std::size_t columns = 0;
    for (const char byte : text)
        columns += (static_cast<unsigned char>(byte) & 0xC0) != 0x80; // not a continuation
    return columns;
}

std::string fitted(std::string_view text, std::size_t columns, bool unicode)
{
    const std::size_t has = columnsOf(text);
    if (has <= columns)
        return std::string{text} + std::string(columns - has, ' ');
    if (columns == 0)
        return {};
    std::size_t end = 0;
    for (std::size_t seen = 0; end < text.size(); ++end)
        if ((static_cast<unsigned char>(text[end]) & 0xC0) != 0x80 && seen++ == columns - 1)
            break;
    return std::string{text.substr(0, end)} + (unicode ? "…" : "~");
}

std::string formatDuration(double seconds)
{
    if (!(seconds >= 0) || seconds > 1e9)
        return "?";
    const auto whole = static_cast<std::int64_t>(std::llround(seconds));
    if (seconds > 0 && seconds < 0.1)
        return fmt::format("{:.{}f} ms", seconds * 1000, seconds < 0.01 ? 1 : 0);
    if (seconds < 10)
        return fmt::format("{:.1f} s", seconds);
    if (whole < 60)
        return fmt::format("{} s", whole);
    if (whole < 3600)
        return fmt::format("{}:{:02}", whole / 60, whole % 60);
    return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

std::string formatFigure(double value)
{
    if (std::isnan(value))
        return "NaN";
    if (std::isinf(value))
        return value > 0 ? "infinity" : "-infinity";
    const double size = std::abs(value);
    if (size != 0 && (size < 1e-4 || size >= 1e6))
        return fmt::format("{:.3e}", value);
    return size < 10 ? fmt::format("{:.4f}", value) : size < 1000 ? fmt::format("{:.2f}", value) : fmt::format("{:.0f}", value);
}

std::string formatCount(std::int64_t value)
{
    std::string digits = fmt::format("{}", value);
    for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > (value < 0 ? 1 : 0); at -= 3)
        digits.insert(static_cast<std::size_t>(at), 1, ',');
    return digits;
}

}
