// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/data/batch_mixing.h"

#include "engine/core/recipe/catalog.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

namespace descent {

namespace {

struct Rectangle {
    std::int64_t top = 0, left = 0, height = 0, width = 0;
};

at::Tensor partOf(const at::Tensor& pictures, const Rectangle& part)
{
    return pictures.narrow(-2, part.top, part.height).narrow(-1, part.left, part.width);
}

/// The logarithm of a draw from Gamma(shape): small shapes give numbers that a double has no room for.
/// "A Simple Method for Generating Gamma Variables" (2000), for shape + 1, and brought back as its section 6 says.
double drawnLogGamma(double shape, Random& random)
{
    const double d = shape + 1 - 1.0 / 3, c = 1 / std::sqrt(9 * d);
    for (;;) {
        const double x = random.normal(), v = std::pow(1 + c * x, 3);
        if (v <= 0)
            continue;
        const double u = 1 - random.uniform(); // above 0
        if (std::log(u) < 0.5 * x * x + d - d * v + d * std::log(v))
            return std::log(d * v) + std::log(1 - random.uniform()) / shape;
    }
}

/// A rectangle around a place drawn evenly, of the picture's form, of 1 - `share` of its area before the edges cut it off.
Rectangle drawnCut(std::int64_t height, std::int64_t width, double share, Random& random)
{
    const double side = std::sqrt(1 - share);
    const auto cutHeight = static_cast<std::int64_t>(side * static_cast<double>(height)), cutWidth = static_cast<std::int64_t>(side * static_cast<double>(width));
    const auto y = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(height)));
    const auto x = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(width)));
    const std::int64_t top = std::max<std::int64_t>(0, y - cutHeight / 2), left = std::max<std::int64_t>(0, x - cutWidth / 2);
    return {top, left, std::min(height, y + cutHeight / 2) - top, std::min(width, x + cutWidth / 2) - left};
}

/// None: ten tries found no rectangle that fits.
std::optional<Rectangle> drawnErasure(std::int64_t height, std::int64_t width, Random& random)
{
    constexpr double least = 0.02, most = 0.33, narrowest = 0.3;
    for (int i = 0; i < 10; ++i) {
        const double area = static_cast<double>(height * width) * random.uniform(least, most);
        const double aspect = std::exp(random.uniform(std::log(narrowest), -std::log(narrowest)));
        const std::int64_t h = std::llround(std::sqrt(area * aspect)), w = std::llround(std::sqrt(area / aspect));
        if (h >= height || w >= width)
            continue;
        return Rectangle{static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(height - h + 1))),
                         static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(width - w + 1))), h, w};
    }
    return std::nullopt;
}

}

double drawnShare(double alpha, Random& random)
{
    const double own = drawnLogGamma(alpha, random), other = drawnLogGamma(alpha, random);
    return 1 / (1 + std::exp(other - own));
}

MixingOptions mixingOptions(const Parameters& training)
{
    const Schema& schema = trainingSchema();
    return {.mixup = realOf(schema, training, "mixup"), .cutmix = realOf(schema, training, "cutmix"), .erasing = realOf(schema, training, "erasing")};
}

Batch mixed(Batch batch, const MixingOptions& options, Random& random)
{
    at::Tensor& pictures = batch.inputs.front();
    const std::int64_t height = pictures.size(-2), width = pictures.size(-1);
    const bool both = options.mixup > 0 && options.cutmix > 0;
    const bool cuts = both ? random.below(2) == 1 : options.cutmix > 0;
    if (cuts || options.mixup > 0) {
        std::vector<std::int64_t> partners(static_cast<std::size_t>(batch.size()));
        std::iota(partners.begin(), partners.end(), std::int64_t{0});
        random.shuffle(std::span{partners});
        const at::Tensor rows = rowsTensor(partners, pictures.device());
        const at::Tensor others = pictures.index_select(0, rows);
        batch.otherTargets = batch.targets.index_select(0, rows);
        batch.share = drawnShare(cuts ? options.cutmix : options.mixup, random);
        if (cuts) {
            const Rectangle cut = drawnCut(height, width, batch.share, random);
            pictures = pictures.clone();
            partOf(pictures, cut).copy_(partOf(others, cut));
            batch.share = 1 - static_cast<double>(cut.height * cut.width) / static_cast<double>(height * width);
        } else {
            pictures = pictures * batch.share + others * (1 - batch.share);
        }
    }
    if (options.erasing > 0) {
        pictures = pictures.clone();
        for (std::int64_t i = 0; i < batch.size(); ++i)
            if (random.uniform() < options.erasing)
                if (const std::optional<Rectangle> part = drawnErasure(height, width, random))
                    partOf(pictures[i], *part).zero_();
    }
    return batch;
}

}
