// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/picture_files.h"

#include "engine/core/base/files.h"
#include "engine/core/checkpoint/safetensors.h"
#include "engine/core/data/bytes.h"
#include "engine/core/data/picture_cache.h"

#include <atomic>
#include <cctype>

namespace descent {

namespace {

constexpr std::size_t maximumFileBytes = 64 << 20;

}

bool isPictureFile(const std::filesystem::path& path)
{
    std::string ending = path.extension().string();
    for (char& c : ending)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return ending == ".png" || ending == ".jpg" || ending == ".jpeg";
}

DecodedPictures decodePictureFiles(std::span<const std::filesystem::path> files, const std::string& source, const LoadControl& control,
                                   const std::function<PictureSize(std::size_t file, PictureSize original)>& kept)
{
    DecodedPictures decoded{std::vector<Picture>(files.size()), std::vector<Text>(files.size())};
    const PictureCache cache{source};
    std::vector<CachedPicture> records(files.size());
    std::atomic<std::int64_t> held = 0;
    std::atomic<bool> isNews = false;
    const auto picture = [&](std::size_t i) -> Result<Picture> {
        CachedPicture& record = records[i];
        record.stamp = stampOf(files[i]);
        std::string content;
        const auto hashed = [&] {
            content = readFile(files[i], maximumFileBytes);
            record.sha256 = sha256(std::as_bytes(std::span{content}));
        };
        if (const CachedPicture* known = cache.find(files[i])) {
            const bool sure = cache.isSure(*known, record.stamp);
            if (sure)
                record.sha256 = known->sha256;
            else
                hashed();
            record.original = known->original;
            if (known->sha256 == record.sha256 && kept(i, known->original) == PictureSize{known->width, known->height})
                if (std::optional<Picture> read = cache.read(*known)) {
                    isNews = isNews || !sure;
                    return {std::move(*read), {}};
                }
        }
        isNews = true;
        if (content.empty())
            hashed();
        Result<Picture> fresh = decodePicture(std::as_bytes(std::span{content}));
        if (!fresh)
            return fresh;
        record.original = {fresh->width, fresh->height};
        const PictureSize size = kept(i, record.original);
        return {resized(*fresh.value, size.height, size.width), {}};
    };
    inParallel(files.size(), control.stop, control.progress, [&](std::size_t i) {
        try {
            if (Result<Picture> one = picture(i)) {
                held += static_cast<std::int64_t>(one->pixels.size());
                decoded.pictures[i] = std::move(*one.value);
            } else {
                decoded.reasons[i] = one.problems.front().message;
            }
        } catch (const DescentError& error) {
            decoded.reasons[i] = error.message();
        }
        if (held > maximumPixelBytes)
            throw DatasetError{
                text("these pictures take more than %1 GB in memory; choose a smaller size", maximumPixelBytes >> 30)};
    });
    if (isNews)
        cache.write(files, records, decoded.pictures);
    return decoded;
}

}
