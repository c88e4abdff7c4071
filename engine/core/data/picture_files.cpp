// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/picture_files.h"

#include "engine/core/base/files.h"
#include "engine/core/data/bytes.h"

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

DecodedPictures decodePictureFiles(std::span<const std::filesystem::path> files, const LoadControl& control,
                                   const std::function<Picture(std::size_t file, Picture picture)>& shaped)
{
    DecodedPictures decoded{std::vector<Picture>(files.size()), std::vector<Text>(files.size())};
    std::atomic<std::int64_t> held = 0;
    inParallel(files.size(), control.stop, control.progress, [&](std::size_t i) {
        try {
            const std::string content = readFile(files[i], maximumFileBytes);
            Result<Picture> picture = decodePicture(std::as_bytes(std::span{content}));
            if (!picture) {
                decoded.reasons[i] = picture.problems.front().message;
                return;
            }
            decoded.pictures[i] = shaped(i, std::move(*picture.value));
            held += static_cast<std::int64_t>(decoded.pictures[i].pixels.size());
        } catch (const DescentError& error) {
            decoded.reasons[i] = error.message();
        }
        if (held > maximumPixelBytes)
            throw DatasetError{
                text("these pictures take more than %1 GB in memory; choose a smaller size", maximumPixelBytes >> 30)};
    });
    return decoded;
}

}
