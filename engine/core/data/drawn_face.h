// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/random.h"
#include "engine/core/data/picture.h"

#include <array>
#include <vector>

namespace descent {

/// Red, green, blue, 0 to 1.
struct FaceColour {
    double red = 0, green = 0, blue = 0;
};

/// Who a drawn face is: what stays the same in every picture of a person. Lengths are in half heights of a head, from the
/// middle between the eyes' height and the chin: x to the right, y down, z to the one who looks; the chin is at y = 1.
struct DrawnPerson {
    enum class Hair { bald, cropped, fringe, sideParting, long_, curly, topKnot, receding };
    enum class Beard { none, stubble, moustache, goatee, full };
    double halfWidth = 0.75, jaw = 0.2; ///< of the head at the ears; share by which the chin is narrower
    FaceColour skin, hairColour, irisColour, lips, glassesColour;
    Hair hair = Hair::cropped;
    double hairline = -0.6, parting = 0.2, hairBulk = 1.06;
    Beard beard = Beard::none;
    double browHeight = 0.2, browLength = 0.18, browThickness = 0.04, browTilt = 0, browArch = 0.04;
    double eyeSpread = 0.31, eyeHeight = 0, eyeWidth = 0.15, eyeOpening = 0.07, eyeTilt = 0, irisSize = 0.06;
    double noseLength = 0.4, noseWidth = 0.12, noseDepth = 0.2;
    double mouthHeight = 0.62, mouthWidth = 0.24, upperLip = 0.035, lowerLip = 0.05, mouthBend = 0;
    double earSize = 0.16;
    bool glasses = false;
    double glassesSize = 0.21, glassesSquareness = 0.5, glassesThickness = 0.025;
    std::vector<std::array<double, 2>> moles; ///< places on the face
};

/// What differs from picture to picture.
struct FaceView {
    double yaw = 0, pitch = 0, roll = 0;               ///< radians
    double x = 0, y = 0, scale = 0.4;                  ///< centre in picture sides from the middle; half height in sides
    std::array<double, 3> light{0, -0.5, 0.85};        ///< direction it comes from, of length 1
    double ambient = 0.6, exposure = 1;
    FaceColour balance{1, 1, 1};                           ///< what a camera makes of white
    double smile = 0, mouthOpen = 0, browRaise = 0, eyesOpen = 1, gaze = 0;
    bool wearsGlasses = true;                          ///< who has some
    enum class Cover { none, sunglasses, scarf, hand, hat } cover = Cover::none;
    FaceColour coverColour, background, backgroundBelow, clothes;
    double noise = 0.02;                               ///< deviation, of 1
};

DrawnPerson randomPerson(Random& random);

/// difficulty: 0 passport pictures, 1 snapshots, 2 pictures taken by chance.
FaceView randomView(Random& random, double difficulty);

/// uint8 [3, side, side], antialiased. `random` is for the noise.
Picture drawFace(const DrawnPerson& person, const FaceView& view, std::int64_t side, Random& random);

}
