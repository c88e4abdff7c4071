// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/annotated_pictures.h"

#include "engine/core/data/path_parameter.h"
#include "engine/core/data/picture_files.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace descent {

namespace {

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
        DecodedPictures pictures = decodeAll(size);
        fitBoxes(pictures);
        if (pictures.usable() == 0)
            return {std::nullopt,
                    {{"dataset.path", text("none of the %1 annotated pictures could be used", m_annotated.pictures.size()),
                      m_dataset.setAside.empty() ? Text{} : m_dataset.setAside.front().message}}};
        Problems warnings;
        if (!dropUnlearntClasses(pictures))
            return {std::nullopt, {{"dataset.path", text("no picture to learn from has a box"), {}}}};
        PictureGeometry canvas{.channels = 1};
        bool differ = false;
        for (std::size_t i = 0; i < pictures.size(); ++i)
            if (pictures.isUsable(i)) {
                const auto& [channels, height, width] = pictures.geometry(i);
                differ = differ || (canvas.width > 0 && (canvas.height != height || canvas.width != width));
                canvas = {std::max(canvas.channels, channels), std::max(canvas.height, height), std::max(canvas.width, width)};
            }
        if (differ && size == 0)
            warnings.push_back({"dataset.size",
                                text("the pictures differ in size: the smaller ones are padded to %1x%2", canvas.width, canvas.height),
                                text("choose a size to say which longer side all of them get")});
        m_dataset.train = gather(pictures, canvas, false);
        if (std::any_of(m_annotated.pictures.begin(), m_annotated.pictures.end(), [](const auto& one) { return one.isTest; }))
            m_dataset.test = gather(pictures, canvas, true);
        return {std::move(m_dataset), std::move(warnings)};
    }

private:
    DecodedPictures decodeAll(std::int64_t size)
    {
        std::vector<std::filesystem::path> files;
        for (AnnotatedPicture& one : m_annotated.pictures)
            files.push_back(one.file);
        const std::string source = fmt::format("{} at {}", files.empty() ? std::string{} : files.front().parent_path().string(), size);
        DecodedPictures pictures{std::move(files), source, m_control, [&](std::size_t i, Size actual) {
            AnnotatedPicture& one = m_annotated.pictures[i]; // each is touched by one thread
            if (one.width <= 0 || one.height <= 0) {
                one.width = actual.width;
                one.height = actual.height;
            }
            if (!isScaled({one.width, one.height}, actual))
                throw DescentError{text("annotated at %1x%2, but the picture has %3x%4", one.width, one.height, actual.width,
                                        actual.height)};
            return scaledTo(actual, size);
        }};
        for (std::size_t i = 0; i < pictures.size(); ++i)
            if (!pictures.isUsable(i))
                setAside(m_dataset, m_annotated.pictures[i].annotation, pictures.reason(i));
        return pictures;
    }

    void fitBoxes(const DecodedPictures& pictures)
    {
        for (std::size_t i = 0; i < pictures.size(); ++i) {
            AnnotatedPicture& one = m_annotated.pictures[i];
            const PictureGeometry& kept = pictures.geometry(i);
            if (!pictures.isUsable(i))
                continue;
            std::vector<Box> boxes;
            for (std::size_t b = 0; b < one.boxes.size(); ++b)
                if (Result<Box> box = fitted(one.boxes[b], {one.width, one.height}, {kept.width, kept.height}))
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
    bool dropUnlearntClasses(const DecodedPictures& pictures)
    {
        std::vector<std::int32_t> newIndex(m_annotated.classNames.size(), -1);
        for (std::size_t i = 0; i < pictures.size(); ++i)
            if (pictures.isUsable(i) && !m_annotated.pictures[i].isTest)
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

    Samples gather(DecodedPictures& pictures, const PictureGeometry& canvas, bool test)
    {
        std::vector<std::size_t> files;
        Targets targets{.classNames = m_classNames};
        for (std::size_t i = 0; i < pictures.size(); ++i)
            if (m_annotated.pictures[i].isTest == test && pictures.isUsable(i)) {
                files.push_back(i);
                targets.boxes.push_back(std::move(m_annotated.pictures[i].boxes));
            }
        return {.inputs = pictures.gather(files, canvas, PictureFit::pad), .targets = std::move(targets)};
    }

    AnnotatedPictures m_annotated;
    Dataset m_dataset;
    const LoadControl& m_control;
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
