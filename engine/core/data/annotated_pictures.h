// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/dataset.h"

#include <filesystem>
#include <string>
#include <vector>

namespace descent {

/// A picture file and the boxes somebody drew on it, as an annotation says so: nothing of it is checked yet.
struct AnnotatedPicture {
    std::filesystem::path file;
    std::string annotation;             ///< where the boxes stand, for a person: "Annotations/a.xml"
    std::int64_t width = 0, height = 0; ///< of the picture that was annotated; 0: not said
    std::vector<Box> boxes;             ///< in its pixels; may be anything, NaN too
    bool isTest = false;
};

/// What the annotation formats (VOC, COCO) have in common.
struct AnnotatedPictures {
    std::vector<std::string> classNames; ///< the boxes' classIndex points here
    std::vector<AnnotatedPicture> pictures;
};

/// Opens the pictures and brings all to one size: scaled so that the longer side is `size` (0: not scaled), put in the left
/// upper corner of a grey canvas that the largest fits, as torchvision's detectors pad theirs; boxes move with them.
/// Boxes that reach over the picture's edge are cut there, those under a pixel are ignored. Set aside with their reasons: boxes that are not finite, inverted or
/// outside, boxes of a class that no training picture has, pictures that cannot be read or are not the ones annotated.
/// soFar: has the name, and what was set aside before. Throws DatasetError when it is too much to hold; Cancelled.
Result<Dataset> readAnnotatedPictures(AnnotatedPictures annotated, std::int64_t size, Dataset soFar, const LoadControl& control);

/// The parameter `size` of all kinds with boxes.
ParameterSchema longerSideParameter();

}
