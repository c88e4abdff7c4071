// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

namespace descent {

/// A text file that another program adds lines to, read as it grows. A line is taken when its end is there.
class LineFile {
public:
    explicit LineFile(std::filesystem::path path) : m_path{std::move(path)} {}
    static constexpr std::size_t longestLine = 16 << 20;

    struct Line {
        std::string_view text; ///< without its end; cut where it is longer than a line may be
        std::int64_t number = 0;
        bool isTooLong = false;
    };
    /// Those that were added since the last time; `done` of 1 of the file is read after each block. False: it has become shorter, so what
    /// it holds now is not known and never read. Throws DescentError when it cannot be read.
    bool read(const std::function<void(const Line&)>& take, const std::function<void(double)>& done, const std::stop_token& stop);
    /// What stands behind the last end of a line: a line too, where nothing more comes.
    std::optional<std::string> rest() const;
    std::int64_t number() const { return m_number; } ///< of the last line that was taken
    const std::filesystem::path& path() const { return m_path; }

private:
    const std::filesystem::path m_path;
    std::uint64_t m_offset = 0; // up to where it was read
    std::int64_t m_number = 0;
    std::string m_begun;        // a line whose end has not come yet
    bool m_isTooLong = false, m_isBroken = false;
};

}
