// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/picture_array.h"

#include "engine/core/data/stored_pictures.h"

#include <algorithm>

namespace descent {

std::vector<std::uint8_t> PictureArray::picture(std::int64_t index) const
{
    std::vector<std::uint8_t> one(static_cast<std::size_t>(pictureBytes()));
    copy(index, one);
    return one;
}

void PictureArray::copy(std::int64_t index, std::span<std::uint8_t> to) const
{
    if (stored) {
        stored->read(index, to);
        return;
    }
    const auto* from = pixels.data() + index * pictureBytes();
    std::copy(from, from + pictureBytes(), to.begin());
}

std::span<const std::uint8_t> PictureView::operator[](std::int64_t index)
{
    const auto bytes = static_cast<std::size_t>(m_pictures.pictureBytes());
    if (!m_pictures.stored)
        return {m_pictures.pixels.data() + static_cast<std::size_t>(index) * bytes, bytes};
    m_picture.resize(bytes);
    m_pictures.copy(index, m_picture);
    return m_picture;
}

PictureArray broughtTo(const PictureArray& like, std::span<const Picture> pictures)
{
    PictureArray array{.count = static_cast<std::int64_t>(pictures.size()), .channels = like.channels, .height = like.height, .width = like.width};
    array.pixels.reserve(static_cast<std::size_t>(array.count * array.pictureBytes()));
    for (const Picture& picture : pictures) {
        const Picture one = fitted(picture, {like.channels, like.height, like.width}, PictureFit::scale);
        array.pixels.insert(array.pixels.end(), one.pixels.begin(), one.pixels.end());
    }
    return array;
}

const PictureArray* picturesOf(const Samples& samples)
{
    const auto* both = std::get_if<PicturesAndMore>(&samples.inputs);
    return both ? &both->pictures : std::get_if<PictureArray>(&samples.inputs);
}

}
