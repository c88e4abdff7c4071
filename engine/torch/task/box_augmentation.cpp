// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/task/box_augmentation.h"

#include "engine/torch/device/copies.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <cmath>
#include <functional>

namespace descent {

namespace {

constexpr double leastLeft = 0.25; // of a box, that it is still to be found

/// float [moves, values] on the device of `like`.
at::Tensor tensorOf(const std::vector<PictureMove>& moves, const at::Tensor& like, std::int64_t values,
                    const std::function<void(const PictureMove&, std::vector<float>&)>& append)
{
    std::vector<float> all;
    for (const PictureMove& move : moves)
        append(move, all);
    return copied(all, {static_cast<std::int64_t>(moves.size()), values}, like.device());
}

}

PictureMove drawMove(const DetectionPreparation& preparation, std::int64_t height, std::int64_t width, Random& random)
{
    PictureMove move;
    move.flip = preparation.flip && random.below(2) == 1;
    move.turnOver = preparation.turnOver && random.below(2) == 1;
    if (preparation.zoom > 0)
        move.zoom = std::exp(random.uniform(-1, 1) * std::log1p(preparation.zoom));
    const double free = std::abs(move.zoom - 1) / 2; // of the picture's side, that it can be moved without showing or losing more
    const auto shift = static_cast<double>(preparation.shift);
    const auto along = [&](std::int64_t side) {
        return free * static_cast<double>(side) * random.uniform(-1, 1) + shift * random.uniform(-1, 1);
    };
    move.right = along(width);
    move.down = along(height);
    return move;
}

at::Tensor movedPictures(const at::Tensor& pictures, const std::vector<PictureMove>& moves)
{
    const auto height = static_cast<double>(pictures.size(2)), width = static_cast<double>(pictures.size(3));
    // Where each place of the result looks, in the picture's sides from -1 to 1: the way back.
    const at::Tensor back = tensorOf(moves, pictures, 6, [&](const PictureMove& move, std::vector<float>& all) {
        const double across = (move.flip ? -1 : 1) / move.zoom, up = (move.turnOver ? -1 : 1) / move.zoom;
        for (const double value : {across, 0.0, -across * 2 * move.right / width, 0.0, up, -up * 2 * move.down / height})
            all.push_back(static_cast<float>(value));
    });
    const at::Tensor grid = at::affine_grid_generator(back.view({-1, 2, 3}), pictures.sizes(), false);
    constexpr std::int64_t bilinear = 0, zeros = 0;
    return at::grid_sampler(pictures, grid, bilinear, zeros, false);
}

at::Tensor movedBoxes(const at::Tensor& boxes, const std::vector<PictureMove>& moves, std::int64_t height, std::int64_t width)
{
    const at::Tensor factor = tensorOf(moves, boxes, 2, [](const PictureMove& move, std::vector<float>& all) {
        all.push_back(static_cast<float>(move.flip ? -move.zoom : move.zoom));
        all.push_back(static_cast<float>(move.turnOver ? -move.zoom : move.zoom));
    });
    const at::Tensor shift = tensorOf(moves, boxes, 2, [](const PictureMove& move, std::vector<float>& all) {
        all.push_back(static_cast<float>(move.right));
        all.push_back(static_cast<float>(move.down));
    });
    const at::Tensor end = copied(std::vector{static_cast<float>(width), static_cast<float>(height)}, {2}, boxes.device());
    const auto move = [&](const at::Tensor& corner) { return (corner - end / 2) * factor.unsqueeze(1) + shift.unsqueeze(1) + end / 2; };
    const at::Tensor a = move(boxes.narrow(2, 0, 2)), b = move(boxes.narrow(2, 2, 2)); // mirrored: a lies right of b
    const at::Tensor first = at::minimum(a, b), last = at::maximum(a, b);
    const at::Tensor cutFirst = at::minimum(first.clamp_min(0), end), cutLast = at::minimum(last.clamp_min(0), end);
    const at::Tensor area = (last - first).prod(2), left = (cutLast - cutFirst).prod(2);
    const at::Tensor gone = left <= 0, mostlyGone = left < leastLeft * area;
    return at::cat({cutFirst, cutLast, boxes.select(2, 4).masked_fill(gone, -1).unsqueeze(2),
                    boxes.select(2, 5).masked_fill(mostlyGone, 1).unsqueeze(2)},
                   2);
}

at::Tensor relit(const at::Tensor& pictures, double share, Random& random)
{
    std::vector<float> factors, offsets;
    for (std::int64_t i = 0; i < pictures.size(0); ++i) {
        factors.push_back(static_cast<float>(1 + share * random.uniform(-1, 1)));
        offsets.push_back(static_cast<float>(share * random.uniform(-1, 1)));
    }
    const auto each = [&](const std::vector<float>& values) { return copied(values, {pictures.size(0), 1, 1, 1}, pictures.device()); };
    return pictures * each(factors) + each(offsets);
}

}
