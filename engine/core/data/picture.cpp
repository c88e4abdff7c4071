// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/picture.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <spng.h>
#include <turbojpeg.h>

namespace descent {

namespace {

Result<Picture> problem(Text message)
{
    return {std::nullopt, {{"", std::move(message), {}}}};
}

bool saneSize(std::int64_t width, std::int64_t height)
{
    constexpr std::int64_t mostPixels = 100'000'000;
    return width > 0 && height > 0 && width <= largestPictureSide && height <= largestPictureSide && width * height <= mostPixels;
}

/// A header may announce what its file cannot hold, so that a few bytes ask for hundreds of megabytes. Neither format packs
/// tighter than this: deflate makes 1032 bytes of one, and a JPEG spends at least a bit on each block of 64 pixels (all but
/// arithmetic coding, which nobody uses).
Result<Picture> tooFewBytesFor(std::int64_t width, std::int64_t height)
{
    return problem(text("a picture of %1x%2 cannot be in so few bytes", width, height));
}
constexpr std::size_t mostDeflated = 1032, mostPixelsAByte = 8 * 64;

/// [height, width, channels] as decoders give it, to [channels, height, width].
Picture planar(const std::vector<std::uint8_t>& interleaved, std::int64_t height, std::int64_t width, std::int64_t channels)
{
    Picture picture{channels, height, width, std::vector<std::uint8_t>(interleaved.size())};
    const std::int64_t plane = height * width;
    for (std::int64_t i = 0; i < plane; ++i)
        for (std::int64_t c = 0; c < channels; ++c)
            picture.pixels[static_cast<std::size_t>(c * plane + i)] = interleaved[static_cast<std::size_t>(i * channels + c)];
    return picture;
}

Result<Picture> decodeJpeg(std::span<const std::byte> bytes)
{
    const auto destroy = [](tjhandle handle) { tjDestroy(handle); };
    // A decoder a thread: making one costs as much as decoding a small picture. One that met a damaged file is not used
    // again: libjpeg-turbo 2.1 leaves it in the middle of that file's header, and the next picture is read as 0x0.
    thread_local std::unique_ptr<void, decltype(destroy)> decoder{nullptr, destroy};
    if (!decoder)
        decoder.reset(tjInitDecompress());
    const auto damaged = [&] {
        const Text message = text("damaged JPEG: %1", tjGetErrorStr2(decoder.get()));
        decoder.reset();
        return problem(message);
    };
    const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
    int width = 0, height = 0, subsampling = 0, colourSpace = 0;
    if (tjDecompressHeader3(decoder.get(), data, bytes.size(), &width, &height, &subsampling, &colourSpace) != 0)
        return damaged();
    if (!saneSize(width, height))
        return problem(text("a picture of %1x%2 is too large", width, height));
    if (static_cast<std::size_t>(width) * static_cast<std::size_t>(height) / mostPixelsAByte > bytes.size())
        return tooFewBytesFor(width, height);
    const bool grey = colourSpace == TJCS_GRAY;
    if (colourSpace == TJCS_CMYK || colourSpace == TJCS_YCCK)
        return problem(text("this JPEG is made for printing (CMYK)"));
    const std::int64_t channels = grey ? 1 : 3;
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(channels * width * height));
    // Each scan of a progressive file passes over the whole picture, and costs its maker ten bytes.
    const int failed = tjDecompress2(decoder.get(), data, bytes.size(), pixels.data(), width, 0, height,
                                     grey ? TJPF_GRAY : TJPF_RGB, TJFLAG_LIMITSCANS);
    // A warning (an odd marker, padding) leaves a whole picture; a cut-off file warns as well, and that one we refuse.
    if (failed
        && (tjGetErrorCode(decoder.get()) == TJERR_FATAL
            || std::string_view{tjGetErrorStr2(decoder.get())}.find("remature") != std::string_view::npos))
        return damaged();
    return {planar(pixels, height, width, channels), {}};
}

Result<Picture> decodePng(std::span<const std::byte> bytes)
{
    const auto destroy = [](spng_ctx* context) { spng_ctx_free(context); };
    const std::unique_ptr<spng_ctx, decltype(destroy)> context{spng_ctx_new(0), destroy};
    spng_set_image_limits(context.get(), largestPictureSide, largestPictureSide);
    constexpr std::size_t chunkLimit = 64 << 20;
    spng_set_chunk_limits(context.get(), chunkLimit, chunkLimit);
    spng_ihdr header{};
    int error = spng_set_png_buffer(context.get(), bytes.data(), bytes.size());
    if (error == 0)
        error = spng_get_ihdr(context.get(), &header);
    if (error != 0)
        return problem(text("damaged PNG: %1", spng_strerror(error)));
    if (!saneSize(header.width, header.height))
        return problem(text("a picture of %1x%2 is too large", header.width, header.height));
    const bool grey = header.color_type == SPNG_COLOR_TYPE_GRAYSCALE && header.bit_depth <= 8;
    const int format = grey ? SPNG_FMT_G8 : SPNG_FMT_RGB8;
    std::size_t size = 0;
    error = spng_decoded_image_size(context.get(), SPNG_FMT_RAW, &size);
    if (error == 0 && size / mostDeflated > bytes.size())
        return tooFewBytesFor(header.width, header.height);
    if (error == 0)
        error = spng_decoded_image_size(context.get(), format, &size);
    std::vector<std::uint8_t> pixels(size);
    if (error == 0)
        error = spng_decode_image(context.get(), pixels.data(), pixels.size(), format, 0);
    if (error != 0)
        return problem(text("damaged PNG: %1", spng_strerror(error)));
    return {planar(pixels, header.height, header.width, grey ? 1 : 3), {}};
}

/// Where one output pixel reads along one axis: the first input pixel and the weights of it and those after it.
struct Taps {
    std::int64_t first = 0;
    std::vector<float> weights;
};

/// Each output pixel averages the stretch of input it covers; when growing, its two neighbours.
std::vector<Taps> tapsFor(std::int64_t from, std::int64_t to)
{
    const double scale = static_cast<double>(from) / static_cast<double>(to);
    const double radius = std::max(1.0, scale);
    std::vector<Taps> all;
    for (std::int64_t i = 0; i < to; ++i) {
        const double centre = (static_cast<double>(i) + 0.5) * scale - 0.5;
        const auto first = std::max<std::int64_t>(0, static_cast<std::int64_t>(std::ceil(centre - radius)));
        const auto last = std::min<std::int64_t>(from - 1, static_cast<std::int64_t>(std::floor(centre + radius)));
        Taps taps{.first = first};
        double sum = 0;
        for (std::int64_t j = first; j <= last; ++j) {
            const double weight = std::max(0.0, 1 - std::abs(static_cast<double>(j) - centre) / radius);
            taps.weights.push_back(static_cast<float>(weight));
            sum += weight;
        }
        for (float& weight : taps.weights)
            weight = static_cast<float>(weight / sum);
        all.push_back(std::move(taps));
    }
    return all;
}

}

Result<Picture> decodePicture(std::span<const std::byte> bytes)
{
    const auto byte = [&](std::size_t i) { return i < bytes.size() ? std::to_integer<int>(bytes[i]) : -1; };
    if (byte(0) == 0xFF && byte(1) == 0xD8)
        return decodeJpeg(bytes);
    if (byte(0) == 0x89 && byte(1) == 'P' && byte(2) == 'N' && byte(3) == 'G')
        return decodePng(bytes);
    return problem(bytes.empty() ? text("the file is empty") : text("this is neither PNG nor JPEG"));
}

Picture resized(const Picture& picture, std::int64_t height, std::int64_t width)
{
    if (picture.height == height && picture.width == width)
        return picture;
    const std::vector<Taps> across = tapsFor(picture.width, width), down = tapsFor(picture.height, height);
    Picture result{picture.channels, height, width,
                   std::vector<std::uint8_t>(static_cast<std::size_t>(picture.channels * height * width))};
    std::vector<float> narrowed(static_cast<std::size_t>(picture.height * width));
    for (std::int64_t c = 0; c < picture.channels; ++c) {
        const std::uint8_t* plane = picture.pixels.data() + c * picture.height * picture.width;
        for (std::int64_t y = 0; y < picture.height; ++y)
            for (std::int64_t x = 0; x < width; ++x) {
                const Taps& taps = across[static_cast<std::size_t>(x)];
                float sum = 0;
                for (std::size_t k = 0; k < taps.weights.size(); ++k)
                    sum += taps.weights[k]
                        * static_cast<float>(plane[y * picture.width + taps.first + static_cast<std::int64_t>(k)]);
                narrowed[static_cast<std::size_t>(y * width + x)] = sum;
            }
        std::uint8_t* out = result.pixels.data() + c * height * width;
        for (std::int64_t y = 0; y < height; ++y) {
            const Taps& taps = down[static_cast<std::size_t>(y)];
            for (std::int64_t x = 0; x < width; ++x) {
                float sum = 0;
                for (std::size_t k = 0; k < taps.weights.size(); ++k)
                    sum += taps.weights[k]
                        * narrowed[static_cast<std::size_t>((taps.first + static_cast<std::int64_t>(k)) * width + x)];
                out[y * width + x] = static_cast<std::uint8_t>(std::clamp(std::lround(sum), 0L, 255L));
            }
        }
    }
    return result;
}

Picture withChannels(const Picture& picture, std::int64_t channels)
{
    if (picture.channels == channels)
        return picture;
    const std::size_t plane = static_cast<std::size_t>(picture.height * picture.width);
    Picture result{channels, picture.height, picture.width, {}};
    if (channels == 3) {
        for (int c = 0; c < 3; ++c)
            result.pixels.insert(result.pixels.end(), picture.pixels.begin(), picture.pixels.end());
        return result;
    }
    result.pixels.resize(plane);
    for (std::size_t i = 0; i < plane; ++i)
        result.pixels[i] = static_cast<std::uint8_t>(
            (299 * picture.pixels[i] + 587 * picture.pixels[plane + i] + 114 * picture.pixels[2 * plane + i] + 500) / 1000);
    return result;
}

Picture fitted(const Picture& picture, const PictureGeometry& geometry, PictureFit fit)
{
    if (fit == PictureFit::scale)
        return withChannels(resized(picture, geometry.height, geometry.width), geometry.channels);
    Picture coloured = withChannels(picture, geometry.channels);
    if (coloured.geometry() == geometry)
        return coloured;
    Picture result{geometry.channels, geometry.height, geometry.width,
                   std::vector<std::uint8_t>(static_cast<std::size_t>(geometry.bytes()), paddingGrey)};
    for (std::int64_t line = 0; line < geometry.channels * picture.height; ++line) {
        const std::int64_t channel = line / picture.height, y = line % picture.height;
        const auto* from = coloured.pixels.data() + line * picture.width;
        std::copy(from, from + picture.width, result.pixels.data() + (channel * geometry.height + y) * geometry.width);
    }
    return result;
}

}
