// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/interchange/line_file.h"

#include "engine/core/base/files.h"
#include "engine/core/base/problem.h"

#include <algorithm>
#include <utility>

namespace descent {

bool LineFile::read(const std::function<void(const Line&)>& take, const std::function<void(double)>& done, const std::stop_token& stop)
{
    const OpenFile file{m_path};
    m_isBroken = m_isBroken || file.size() < m_offset;
    if (m_isBroken)
        return false;
    std::string block;
    while (m_offset < file.size() && !stop.stop_requested()) {
        block.resize(std::min<std::uint64_t>(1 << 20, file.size() - m_offset));
        if (!file.read(m_offset, std::as_writable_bytes(std::span{block})))
            throw DescentError{text("%1 cannot be read on from byte %2", m_path.string(), m_offset)};
        m_offset += block.size();
        std::string_view left{block};
        for (std::size_t end = 0; (end = left.find('\n')) != left.npos; left.remove_prefix(end + 1)) {
            std::string_view line = left.substr(0, end);
            if (!m_begun.empty() || m_isTooLong) {
                m_begun += line.substr(0, longestLine - std::min(longestLine, m_begun.size()));
                line = m_begun;
            }
            if (line.ends_with('\r'))
                line.remove_suffix(1);
            take({.text = line, .number = ++m_number, .isTooLong = std::exchange(m_isTooLong, false)});
            m_begun.clear();
        }
        const std::size_t room = longestLine - std::min(longestLine, m_begun.size());
        m_isTooLong = m_isTooLong || left.size() > room;
        m_begun += left.substr(0, room);
        done(static_cast<double>(m_offset) / static_cast<double>(file.size()));
    }
    return true;
}

std::optional<std::string> LineFile::rest() const
{
    return m_begun.empty() || m_isTooLong ? std::nullopt : std::optional{m_begun};
}

}
