// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/annotated_pictures.h"

#include "engine/core/data/path_parameter.h"
#include "engine/core/data/picture_files.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace descent {

namespace {

constexpr std::uint8_t paddingGrey = 128;

using Size = PictureSize;

Size scaledTo(Size size, std::int64_t longerSide)
{
    if (longerSide == 0)
        return size;
    const double scale = static_cast<double>(longerSide) / static_cast<double>(std::max(size.width, size.height));
    const auto along = [scale](std::int64_t side) {
        return std::max<std::int64_t>(1, std::lround(scale * static_cast<double>(side)));
    };
    return {along(size.width), along(size.height)};
}

/// Annotated at another size: fine while the picture was only scaled since; turned or cut, the boxes are wrong.
bool isScaled(Size annotated, Size actual)
{
    const double across = static_cast<double>(actual.width) / static_cast<double>(annotated.width),
                 down = static_cast<double>(actual.height) / static_cast<double>(annotated.height);
    constexpr double rounding = 0.02;
    return std::abs(across / down - 1) < rounding;
}

/// The box in pixels of the picture as it is kept, cut at its edges; or what is wrong with it.
Result<Box> fitted(Box box, Size annotated, Size kept)
{
    const auto problem = [](Text message) { return Result<Box>{std::nullopt, {{{}, std::move(message), {}}}}; };
    for (const float side : {box.left, box.top, box.right, box.bottom})
        if (!std::isfinite(side))
            return problem(text("its place is not finite"));
    if (box.right <= box.left || box.bottom <= box.top)
        return problem(text("it is empty or inverted: from %1, %2 to %3, %4", box.left, box.top, box.right, box.bottom));
    const float across = static_cast<float>(kept.width) / static_cast<float>(annotated.width),
                down = static_cast<float>(kept.height) / static_cast<float>(annotated.height);
    const Text outside = text("it lies outside the picture of %1x%2", annotated.width, annotated.height);
    box.left = std::max(0.0F, box.left * across);
    box.top = std::max(0.0F, box.top * down);
    box.right = std::min(static_cast<float>(kept.width), box.right * across);
    box.bottom = std::min(static_cast<float>(kept.height), box.bottom * down);
    if (box.right <= box.left || box.bottom <= box.top)
        return problem(outside);
    // Under a pixel there is nothing to see: a slip of the hand, or lost in scaling.
    box.ignored = box.ignored || box.right - box.left < 1 || box.bottom - box.top < 1;
    return {box, {}};
}

class Reader {
public:
    Reader(AnnotatedPictures annotated, Dataset soFar, const LoadControl& control)
        : m_annotated{std::move(annotated)}, m_dataset{std::move(soFar)}, m_control{control}
    {
    }

    Result<Dataset> read(std::int64_t size)
    {
        decodeAll(size);
        fitBoxes();
        const auto usable = std::count_if(m_decoded.pictures.begin(), m_decoded.pictures.end(), isUsable);
        if (usable == 0)
            return {std::nullopt,
                    {{"dataset.path", text("none of the %1 annotated pictures could be used", m_annotated.pictures.size()),
                      m_dataset.setAside.empty() ? Text{} : m_dataset.setAside.front().message}}};
        Problems warnings;
        if (!dropUnlearntClasses())
            return {std::nullopt, {{"dataset.path", text("no picture to learn from has a box"), {}}}};
        Size canvas;
        std::int64_t channels = 1;
        bool differ = false;
        for (const Picture& picture : m_decoded.pictures)
            if (isUsable(picture)) {
                differ = differ || (canvas.width > 0 && canvas != Size{picture.width, picture.height});
                canvas = {std::max(canvas.width, picture.width), std::max(canvas.height, picture.height)};
                channels = std::max(channels, picture.channels);
            }
        if (usable * channels * canvas.height * canvas.width > maximumPixelBytes)
            return {std::nullopt,
                    {{"dataset.size",
                      text("these pictures take %1 GB in memory", (usable * channels * canvas.height * canvas.width) >> 30),
                      text("choose a smaller size, such as %1", largestFittingSide(usable * channels))}}};
        if (differ && size == 0)
            warnings.push_back({"dataset.size",
                                text("the pictures differ in size: the smaller ones are padded to %1x%2", canvas.width, canvas.height),
                                text("choose a size to say which longer side all of them get")});
        m_dataset.train = gather(canvas, channels, false);
        if (std::any_of(m_annotated.pictures.begin(), m_annotated.pictures.end(), [](const auto& one) { return one.isTest; }))
            m_dataset.test = gather(canvas, channels, true);
        return {std::move(m_dataset), std::move(warnings)};
    }

private:
    static bool isUsable(const Picture& picture) { return !picture.pixels.empty(); }

    void decodeAll(std::int64_t size)
    {
        std::vector<std::filesystem::path> files;
        for (AnnotatedPicture& one : m_annotated.pictures)
            files.push_back(one.file);
        const std::string source = fmt::format("{} at {}", files.empty() ? std::string{} : files.front().parent_path().string(), size);
        m_decoded = decodePictureFiles(files, source, m_control, [&](std::size_t i, Size actual) {
            AnnotatedPicture& one = m_annotated.pictures[i]; // each is touched by one thread
            if (one.width <= 0 || one.height <= 0) {
                one.width = actual.width;
                one.height = actual.height;
            }
            if (!isScaled({one.width, one.height}, actual))
                throw DescentError{text("annotated at %1x%2, but the picture has %3x%4", one.width, one.height, actual.width,
                                        actual.height)};
            return scaledTo(actual, size);
        });
        for (std::size_t i = 0; i < m_decoded.pictures.size(); ++i)
            if (!isUsable(m_decoded.pictures[i]))
                setAside(m_dataset, m_annotated.pictures[i].annotation, std::move(m_decoded.reasons[i]));
    }

    void fitBoxes()
    {
        for (std::size_t i = 0; i < m_decoded.pictures.size(); ++i) {
            AnnotatedPicture& one = m_annotated.pictures[i];
            const Picture& picture = m_decoded.pictures[i];
            if (!isUsable(picture))
                continue;
            std::vector<Box> boxes;
            for (std::size_t b = 0; b < one.boxes.size(); ++b)
                if (Result<Box> box = fitted(one.boxes[b], {one.width, one.height}, {picture.width, picture.height}))
                    boxes.push_back(*box);
                else
                    setBoxAside(one, b, one.boxes[b], box.problems.front().message);
            one.boxes = std::move(boxes);
        }
    }

    void setBoxAside(const AnnotatedPicture& one, std::size_t index, const Box& box, const Text& reason)
    {
        setAside(m_dataset,
                 fmt::format("{}, box {} ({})", one.annotation, index + 1,
                             m_annotated.classNames[static_cast<std::size_t>(box.classIndex)]),
                 reason);
    }

    /// A class without a box in the training part cannot be learnt, so it is not tested either. False when none is left.
    bool dropUnlearntClasses()
    {
        std::vector<std::int32_t> newIndex(m_annotated.classNames.size(), -1);
        for (std::size_t i = 0; i < m_decoded.pictures.size(); ++i)
            if (isUsable(m_decoded.pictures[i]) && !m_annotated.pictures[i].isTest)
                for (const Box& box : m_annotated.pictures[i].boxes)
                    if (!box.ignored)
                        newIndex[static_cast<std::size_t>(box.classIndex)] = 0;
        for (std::size_t old = 0; old < newIndex.size(); ++old)
            if (newIndex[old] == 0) {
                newIndex[old] = static_cast<std::int32_t>(m_classNames.size());
                m_classNames.push_back(m_annotated.classNames[old]);
            }
        for (AnnotatedPicture& one : m_annotated.pictures) {
            std::vector<Box> boxes;
            for (std::size_t b = 0; b < one.boxes.size(); ++b) {
                Box box = one.boxes[b];
                box.classIndex = newIndex[static_cast<std::size_t>(box.classIndex)];
                if (box.classIndex >= 0)
                    boxes.push_back(box);
                else
                    setBoxAside(one, b, one.boxes[b], text("no training picture has a box of this class"));
            }
            one.boxes = std::move(boxes);
        }
        return !m_classNames.empty();
    }

    Samples gather(Size canvas, std::int64_t channels, bool test)
    {
        PictureArray array{.channels = channels, .height = canvas.height, .width = canvas.width};
        Targets targets{.classNames = m_classNames};
        for (std::size_t i = 0; i < m_decoded.pictures.size(); ++i) {
            Picture& picture = m_decoded.pictures[i];
            if (m_annotated.pictures[i].isTest != test || !isUsable(picture))
                continue;
            picture = withChannels(picture, channels);
            const std::size_t start = array.pixels.size();
            array.pixels.resize(start + static_cast<std::size_t>(array.pictureBytes()), paddingGrey);
            for (std::int64_t line = 0; line < channels * picture.height; ++line) {
                const std::int64_t channel = line / picture.height, y = line % picture.height;
                const auto* from = picture.pixels.data() + line * picture.width;
                std::copy(from, from + picture.width,
                          array.pixels.data() + start + static_cast<std::size_t>((channel * canvas.height + y) * canvas.width));
            }
            targets.boxes.push_back(std::move(m_annotated.pictures[i].boxes));
            ++array.count;
            picture = {}; // held once, not twice
        }
        return {.inputs = std::move(array), .targets = std::move(targets)};
    }

    static std::int64_t largestFittingSide(std::int64_t planes)
    {
        std::int64_t side = 1024;
        while (side > 64 && planes * side * side > maximumPixelBytes)
            side /= 2;
        return side;
    }

    AnnotatedPictures m_annotated;
    Dataset m_dataset;
    const LoadControl& m_control;
    DecodedPictures m_decoded;
    std::vector<std::string> m_classNames;
};

}

Result<Dataset> readAnnotatedPictures(AnnotatedPictures annotated, std::int64_t size, Dataset soFar, const LoadControl& control)
{
    return Reader{std::move(annotated), std::move(soFar), control}.read(size);
}

ParameterSchema longerSideParameter()
{
    return {.name = "size",
            .label = "Longer side",
            .help = "Pictures are scaled so that their longer side has so many pixels, boxes with them; 0 leaves them as they are.",
            .type = ParameterType::integer,
            .defaultValue = std::int64_t{0},
            .minimum = 0,
            .maximum = 2048,
            .common = true,
            .unit = "px"};
}

}
