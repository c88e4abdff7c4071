// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/problem.h"
#include "engine/core/data/dataset.h"

#include <string>
#include <string_view>
#include <vector>

namespace descent {

/// One annotation of the PASCAL VOC challenges: what stands on a picture.
/// "The PASCAL Visual Object Classes Challenge: A Retrospective", doi:10.1007/s11263-014-0733-5
struct VocAnnotation {
    struct Object {
        std::string name; ///< of its class
        Box box;          ///< left = xmin - 1, since VOC counts pixels from 1 and names the last one; classIndex is not set
    };
    std::string fileName;               ///< of the picture; may be empty
    std::int64_t width = 0, height = 0; ///< 0 where it is not said
    std::vector<Object> objects;        ///< places that are no numbers are NaN
};

/// Reads it from XML. Problems: not well formed, not an annotation, more than 10,000 objects.
Result<VocAnnotation> parseVocAnnotation(std::string_view xml);

}
