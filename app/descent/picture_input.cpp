// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/picture_input.h"

#include "engine/core/base/files.h"

#include <span>

namespace descent {

std::vector<Picture> readPictures(const std::vector<std::string>& files, Problems& problems)
{
    constexpr std::size_t largestFile = 64 << 20;
    std::vector<Picture> pictures;
    for (const std::string& file : files) {
        Result<Picture> picture;
        try {
            const std::string bytes = readFile(file, largestFile);
            picture = decodePicture(std::as_bytes(std::span{bytes}));
        } catch (const DescentError& error) {
            picture.problems = {{file, error.message(), {}}};
        }
        for (Problem& problem : picture.problems)
            problems.push_back({file, std::move(problem.message), std::move(problem.hint)});
        pictures.push_back(picture ? std::move(*picture.value) : Picture{});
    }
    return pictures;
}

}
