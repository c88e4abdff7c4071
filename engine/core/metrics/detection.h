// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace descent {

// How well boxes found on pictures are those that are there: average precision by the rules of COCO, to the number what
// pycocotools' COCOeval(iouType="bbox") makes of the same boxes. "Microsoft COCO: Common Objects in Context" (2014),
// arXiv:1405.0312; the rules: https://cocodataset.org/#detection-eval

/// A box that a model found, in pixels. One whose right is not beyond its left, or bottom not below its top, meets nothing.
struct DetectedBox {
    float left = 0, top = 0, right = 0, bottom = 0;
    float score = 0; ///< finite, in any unit: only its order among the boxes of its class counts
    std::int32_t classIndex = 0;
};

/// A box that is there.
struct TrueBox {
    float left = 0, top = 0, right = 0, bottom = 0;
    std::int32_t classIndex = 0;
    bool ignored = false; ///< "crowd" or "difficult": not counted as a miss, and boxes found in it are not counted as false
    double area = -1;     ///< of the object's outline, in square pixels: decides which size it is; below 0 that of the box
};

struct PictureBoxes {
    std::vector<DetectedBox> found;
    std::vector<TrueBox> truth;
};

/// All in [0, 1], 1 is perfect. NaN where nothing is to be found: no true box of the class, or none of the size.
/// A mean is over the classes that have true boxes (of the size), each with the same weight.
struct DetectionFigures {
    double averagePrecision = 0;   ///< mean over the overlaps 0.5, 0.55, ... 0.95: "mAP", COCO's main figure
    double averagePrecision50 = 0; ///< at overlap 0.5, as Pascal VOC asks
    double averagePrecision75 = 0; ///< at overlap 0.75
    double averagePrecisionSmall = 0, averagePrecisionMedium = 0, averagePrecisionLarge = 0; ///< by area: 32², 96²
    double averageRecall1 = 0, averageRecall10 = 0, averageRecall100 = 0; ///< with so many boxes a picture and class
    double averageRecallSmall = 0, averageRecallMedium = 0, averageRecallLarge = 0;
    std::vector<double> ofClass;   ///< averagePrecision of each class
    std::vector<double> ofClass50; ///< averagePrecision50 of each class
};

/// Area common to both boxes over the area of either, in [0, 1]; with a crowd over the area of the found box alone.
double overlap(const DetectedBox& found, const TrueBox& truth);

/// Of each class and picture the 100 boxes with the highest scores are looked at; of equal scores the earlier goes first, of
/// pictures the earlier. From the highest score down each takes the true box that it overlaps most and that is not taken,
/// provided the overlap is reached; ignored ones only when there is no other, and they can be taken again. Precision is
/// made to fall with recall, and read at the recalls 0, 0.01, ... 1.
/// Time: about 0.1 s for 1,000 pictures of 100 found and 100 true boxes.
/// Throws std::invalid_argument when a class is outside [0, classes), or a score, an edge or an area is not finite.
DetectionFigures detectionFigures(std::span<const PictureBoxes> pictures, std::int64_t classes);

}
