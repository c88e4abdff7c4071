// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/data/picture_stream.h"

#include "engine/core/data/stored_pictures.h"

#include <ATen/ATen.h>
#include <algorithm>

namespace descent {

PictureStream::PictureStream(const PictureArray& pictures, at::Device device)
    : m_pictures{pictures}, m_device{device}, m_copies{device}, m_reader{[this] { readAhead(); }}
{
}

PictureStream::~PictureStream()
{
    {
        const std::lock_guard lock{m_mutex};
        m_stops = true;
    }
    m_changed.notify_all();
    m_reader.join();
}

void PictureStream::expect(std::vector<std::int64_t> rows, std::int64_t batchSize)
{
    {
        const std::lock_guard lock{m_mutex};
        m_rows = std::move(rows);
        m_batchSize = static_cast<std::size_t>(batchSize);
        m_readPlace = m_takenPlace = 0;
        m_ahead.clear();
        ++m_expectation;
    }
    m_changed.notify_all();
}

at::Tensor PictureStream::take(std::span<const std::int64_t> rows)
{
    std::unique_lock lock{m_mutex};
    const std::span<const std::int64_t> expected = batchAt(m_takenPlace);
    if (rows.empty() || !std::equal(rows.begin(), rows.end(), expected.begin(), expected.end())) {
        lock.unlock();
        return Copies::arrived(read(rows));
    }
    m_changed.wait(lock, [this] { return !m_ahead.empty(); });
    Ahead next = std::move(m_ahead.front());
    m_ahead.pop_front();
    m_takenPlace += rows.size();
    lock.unlock();
    m_changed.notify_all();
    if (next.problem)
        std::rethrow_exception(next.problem);
    return Copies::arrived(std::move(next.pictures));
}

void PictureStream::readAhead()
{
    std::unique_lock lock{m_mutex};
    for (;;) {
        m_changed.wait(lock, [this] { return m_stops || (m_readPlace < m_rows.size() && m_ahead.size() < depth()); });
        if (m_stops)
            return;
        const std::uint64_t expectation = m_expectation;
        const std::span<const std::int64_t> batch = batchAt(m_readPlace), later = batchAt(m_readPlace + batch.size());
        const std::vector<std::int64_t> rows{batch.begin(), batch.end()}, after{later.begin(), later.end()};
        m_readPlace += rows.size();
        lock.unlock();
        Ahead next;
        try {
            for (const std::int64_t row : after) // the disk may order these while the others are read
                m_pictures.stored->willRead(row);
            next.pictures = read(rows);
        } catch (...) { // the consumer is to have it
            next.problem = std::current_exception();
        }
        lock.lock();
        if (expectation == m_expectation)
            m_ahead.push_back(std::move(next));
        m_changed.notify_all();
    }
}

Copies::Copy PictureStream::read(std::span<const std::int64_t> rows) const
{
    const auto count = static_cast<std::int64_t>(rows.size());
    const at::Tensor pictures = emptyOnHost({count, m_pictures.channels, m_pictures.height, m_pictures.width}, at::kByte, m_device);
    auto* bytes = pictures.mutable_data_ptr<std::uint8_t>();
    const auto each = static_cast<std::size_t>(m_pictures.pictureBytes());
    for (std::size_t i = 0; i < rows.size(); ++i)
        m_pictures.stored->read(rows[i], {bytes + i * each, each});
    return m_copies.begin(pictures);
}

std::span<const std::int64_t> PictureStream::batchAt(std::size_t place) const
{
    place = std::min(place, m_rows.size());
    return std::span{m_rows}.subspan(place, std::min(m_batchSize, m_rows.size() - place));
}

std::size_t PictureStream::depth() const
{
    const std::int64_t batchBytes = std::max<std::int64_t>(1, static_cast<std::int64_t>(m_batchSize) * m_pictures.pictureBytes());
    return static_cast<std::size_t>(std::clamp<std::int64_t>(mostAhead / batchBytes, 2, 16));
}

}
