// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/sample_prints.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <numeric>
#include <string_view>
#include <unordered_map>

namespace descent {

namespace {

/// The finaliser of splitmix64: every bit of the result depends on every bit of `value`.
std::uint64_t mixed(std::uint64_t value)
{
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9u;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebu;
    return value ^ (value >> 31);
}

void add(SamplePrint& print, std::uint64_t value)
{
    print.first = mixed(print.first ^ value) + 0x9e3779b97f4a7c15u;
    print.second = mixed(print.second + value * 0xd1342543de82ef95u) ^ 0x2545f4914f6cdd1du;
}

SamplePrint ofBytes(std::span<const std::uint8_t> bytes)
{
    SamplePrint print;
    std::size_t at = 0;
    for (; at + 8 <= bytes.size(); at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data() + at, 8);
        add(print, word);
    }
    std::uint64_t rest = bytes.size();
    for (; at < bytes.size(); ++at)
        rest = rest << 8 | bytes[at];
    add(print, rest);
    return print;
}

SamplePrint ofText(std::string_view text)
{
    return ofBytes({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

SamplePrint ofEvents(const std::vector<Histories::Event>& events)
{
    SamplePrint print;
    for (const Histories::Event& event : events) {
        add(print, std::bit_cast<std::uint32_t>(event.day + 0.0F));
        add(print, static_cast<std::uint64_t>(event.code));
        add(print, std::isnan(event.value) ? 0xa0761d6478bd642fu : std::bit_cast<std::uint32_t>(event.value + 0.0F));
    }
    return print;
}

void checkStop(std::int64_t at, const std::stop_token& stop)
{
    if ((at & 0xfff) == 0 && stop.stop_requested())
        throw Cancelled{};
}

std::vector<SamplePrint> ofTable(const Table& table, const PreparationSettings& settings, const std::stop_token& stop)
{
    std::vector<SamplePrint> prints(static_cast<std::size_t>(table.count));
    constexpr std::uint64_t gap = 0xa0761d6478bd642fu;
    for (const Column& one : table.columns) {
        const ColumnPlan plan = planOf(one, table.count, settings.cleaning, settings.preprocessing);
        if (plan.role != ColumnPlan::Role::feature)
            continue;
        Column scratch;
        const Column& column = typed(one, plan.categorical, scratch);
        std::vector<std::uint64_t> ofCategory; // of the text, so that tables with other codes compare
        for (const std::string& category : column.categories)
            ofCategory.push_back(ofText(category).first);
        for (std::int64_t row = 0; row < table.count; ++row) {
            checkStop(row, stop);
            const auto i = static_cast<std::size_t>(row);
            if (column.categorical)
                add(prints[i], column.codes[i] < 0 ? gap : ofCategory[static_cast<std::size_t>(column.codes[i])]);
            else
                add(prints[i], std::isfinite(column.numbers[i]) ? std::bit_cast<std::uint32_t>(column.numbers[i] + 0.0F) : gap);
        }
    }
    return prints;
}

/// Mean brightness of even cells: [rows, columns] from [channels, height, width].
void shrink(const PictureArray& pictures, std::span<const std::uint8_t> picture, std::int64_t rows, std::int64_t columns, float* cells)
{
    const std::int64_t plane = pictures.height * pictures.width;
    const std::uint8_t* pixels = picture.data();
    for (std::int64_t y = 0; y < rows; ++y)
        for (std::int64_t x = 0; x < columns; ++x) {
            const auto range = [](std::int64_t at, std::int64_t parts, std::int64_t size) {
                const std::int64_t begin = at * size / parts;
                return std::pair{begin, std::max(begin + 1, (at + 1) * size / parts)};
            };
            const auto [top, bottom] = range(y, rows, pictures.height);
            const auto [left, right] = range(x, columns, pictures.width);
            std::int64_t sum = 0;
            for (std::int64_t channel = 0; channel < pictures.channels; ++channel)
                for (std::int64_t v = top; v < bottom; ++v)
                    for (std::int64_t u = left; u < right; ++u)
                        sum += pixels[channel * plane + v * pictures.width + u];
            cells[y * columns + x] =
                static_cast<float>(sum) / static_cast<float>(pictures.channels * (bottom - top) * (right - left));
        }
}

constexpr std::int64_t gridSide = 16;
constexpr int mostBitsApart = 4;
constexpr float leastAgreement = 0.99F;

bool alike(const PictureLook& a, const PictureLook& b)
{
    if (std::popcount(a.bits ^ b.bits) > mostBitsApart)
        return false;
    return std::inner_product(a.grid.begin(), a.grid.end(), b.grid.begin(), 0.0F) >= leastAgreement;
}

}

std::vector<SamplePrint> samplePrints(const Samples& samples, const PreparationSettings& settings, const std::stop_token& stop)
{
    if (const auto* table = std::get_if<Table>(&samples.inputs))
        return ofTable(*table, settings, stop);
    if (const auto* pictures = std::get_if<PictureArray>(&samples.inputs))
        return picturePrints(*pictures, stop);
    std::vector<SamplePrint> prints;
    const auto collect = [&](const auto& all, auto&& of) {
        for (const auto& one : all) {
            checkStop(std::ssize(prints), stop);
            prints.push_back(of(one));
        }
    };
    if (const auto* texts = std::get_if<Texts>(&samples.inputs))
        collect(texts->texts, ofText);
    if (const auto* histories = std::get_if<Histories>(&samples.inputs))
        collect(histories->events, ofEvents);
    return prints;
}

bool havePrints(const Samples& samples)
{
    const auto& inputs = samples.inputs;
    return std::holds_alternative<Table>(inputs) || std::holds_alternative<PictureArray>(inputs) || std::holds_alternative<Texts>(inputs)
        || std::holds_alternative<Histories>(inputs);
}

std::uint64_t targetPrint(const Targets& targets, std::size_t row)
{
    if (targets.areClasses())
        return static_cast<std::uint64_t>(targets.classes[row]);
    if (targets.areNumbers())
        return std::bit_cast<std::uint32_t>(targets.values[row] + 0.0F);
    if (targets.areTexts())
        return ofText(targets.texts[row]).first;
    SamplePrint print;
    if (targets.areBoxes())
        for (const Box& box : targets.boxes[row]) {
            for (const float side : {box.left, box.top, box.right, box.bottom})
                add(print, std::bit_cast<std::uint32_t>(side + 0.0F));
            add(print, static_cast<std::uint64_t>(box.classIndex));
        }
    return print.first;
}

std::vector<SamplePrint> picturePrints(const PictureArray& pictures, const std::stop_token& stop)
{
    std::vector<SamplePrint> prints;
    prints.reserve(static_cast<std::size_t>(pictures.count));
    PictureView view{pictures};
    for (std::int64_t i = 0; i < pictures.count; ++i) {
        if (stop.stop_requested())
            throw Cancelled{};
        prints.push_back(ofBytes(view[i]));
    }
    return prints;
}

std::vector<PictureLook> pictureLooks(const PictureArray& pictures, const std::stop_token& stop)
{
    std::vector<PictureLook> looks(static_cast<std::size_t>(pictures.count));
    PictureView view{pictures};
    for (std::int64_t i = 0; i < pictures.count; ++i) {
        if (stop.stop_requested())
            throw Cancelled{};
        const std::span<const std::uint8_t> picture = view[i];
        PictureLook& look = looks[static_cast<std::size_t>(i)];
        std::array<float, 72> cells{};
        shrink(pictures, picture, 8, 9, cells.data());
        for (std::size_t y = 0; y < 8; ++y)
            for (std::size_t x = 0; x < 8; ++x)
                look.bits = look.bits << 1 | (cells[y * 9 + x] > cells[y * 9 + x + 1] ? 1U : 0U);
        shrink(pictures, picture, gridSide, gridSide, look.grid.data());
        const float mean = std::accumulate(look.grid.begin(), look.grid.end(), 0.0F) / static_cast<float>(look.grid.size());
        for (float& cell : look.grid)
            cell -= mean;
        const float length = std::sqrt(std::inner_product(look.grid.begin(), look.grid.end(), look.grid.begin(), 0.0F));
        constexpr float plain = 16; // a grey level of deviation
        for (float& cell : look.grid)
            cell = length < plain ? 0 : cell / length;
    }
    return looks;
}

std::vector<std::int64_t> nearlySame(const std::vector<PictureLook>& looks, const std::vector<SamplePrint>& prints,
                                     const std::stop_token& stop)
{
    // Of five bands of bits one is untouched where at most four bits differ.
    constexpr int bands = mostBitsApart + 1, bandBits = 13;
    constexpr std::size_t mostCompared = 500;
    std::array<std::unordered_map<std::uint64_t, std::vector<std::size_t>>, bands> buckets;
    std::vector<std::int64_t> first(looks.size(), -1);
    for (std::size_t i = 0; i < looks.size(); ++i) {
        checkStop(static_cast<std::int64_t>(i), stop);
        std::int64_t found = -1;
        for (int band = 0; band < bands && found < 0; ++band) {
            const std::uint64_t key = looks[i].bits >> (band * bandBits) & ((1U << bandBits) - 1);
            for (const std::size_t other : buckets[static_cast<std::size_t>(band)][key])
                if (prints[other] != prints[i] && alike(looks[other], looks[i])) {
                    found = static_cast<std::int64_t>(other);
                    break;
                }
        }
        first[i] = found;
        if (found >= 0)
            continue; // what it resembles stands for it
        for (int band = 0; band < bands; ++band) {
            auto& bucket = buckets[static_cast<std::size_t>(band)][looks[i].bits >> (band * bandBits) & ((1U << bandBits) - 1)];
            if (bucket.size() < mostCompared)
                bucket.push_back(i);
        }
    }
    return first;
}

}
