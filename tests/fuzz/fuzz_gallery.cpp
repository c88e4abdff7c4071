// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/harness.h"

#include "engine/core/task/face_gallery.h"

namespace descent {

void readDamaged(std::span<const std::byte> input)
{
    const Result<FaceGallery> gallery = galleryFromJson(fuzz::asText(input));
    fuzz::checkProblems(gallery.problems, !gallery);
    if (!gallery)
        return;
    const Result<FaceGallery> again = galleryFromJson(toJson(*gallery));
    fuzz::promise(again && *again == *gallery, "what was read is written and read the same");
    for (const FaceGallery::Person& person : gallery->people)
        identified(*gallery, person.embedding);
}

}
