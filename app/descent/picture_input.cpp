// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/picture_input.h"

#include "engine/core/data/picture_files.h"

namespace descent {

std::vector<Picture> readPictures(const std::vector<std::string>& files, Problems& problems)
{
    std::vector<Picture> pictures;
    for (const std::string& file : files) {
        Result<Picture> picture;
        try {
            picture = readPicture(file);
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
