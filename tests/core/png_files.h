// SPDX-License-Identifier: GPL-3.0-or-later
// PNG files for tests, made here: none are kept in the project.
#pragma once

#include <QByteArray>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <spng.h>
#include <stdexcept>
#include <vector>

namespace descent {

/// pixels: rows of one byte a pixel, or of red, green, blue.
inline QByteArray pngOf(std::span<const std::uint8_t> pixels, std::uint32_t width, std::uint32_t height)
{
    const bool inColour = pixels.size() == std::size_t{3} * width * height;
    spng_ctx* context = spng_ctx_new(SPNG_CTX_ENCODER);
    spng_set_option(context, SPNG_ENCODE_TO_BUFFER, 1);
    spng_ihdr header{.width = width,
                     .height = height,
                     .bit_depth = 8,
                     .color_type = static_cast<std::uint8_t>(inColour ? SPNG_COLOR_TYPE_TRUECOLOR : SPNG_COLOR_TYPE_GRAYSCALE)};
    spng_set_ihdr(context, &header);
    spng_encode_image(context, pixels.data(), pixels.size(), SPNG_FMT_PNG, SPNG_ENCODE_FINALIZE);
    std::size_t size = 0;
    int error = 0;
    void* bytes = spng_get_png_buffer(context, &size, &error);
    if (error != 0)
        throw std::runtime_error{spng_strerror(error)};
    QByteArray png{static_cast<const char*>(bytes), static_cast<qsizetype>(size)};
    std::free(bytes);
    spng_ctx_free(context);
    return png;
}

/// Of one colour.
inline QByteArray pngOf(const std::array<std::uint8_t, 3>& colour, std::uint32_t width, std::uint32_t height)
{
    std::vector<std::uint8_t> pixels;
    for (std::uint32_t i = 0; i < width * height; ++i)
        pixels.insert(pixels.end(), colour.begin(), colour.end());
    return pngOf(pixels, width, height);
}

/// Of one brightness.
inline QByteArray greyPngOf(std::uint8_t brightness, std::uint32_t width, std::uint32_t height)
{
    return pngOf(std::vector<std::uint8_t>(std::size_t{width} * height, brightness), width, height);
}

/// With the folder that it lies in.
inline void writeFile(const QString& path, const QByteArray& bytes)
{
    QDir{}.mkpath(QFileInfo{path}.path());
    QFile file{path};
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        throw std::runtime_error{"cannot write " + path.toStdString()};
}

}
