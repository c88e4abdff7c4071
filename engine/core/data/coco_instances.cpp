// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/coco.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

namespace descent {

namespace {

using Json = nlohmann::json;

constexpr int deepest = 16;
constexpr std::int64_t longestSide = 1'000'000;

struct TooDeep {};

std::optional<std::int64_t> wholeNumber(const Json& entry, const char* key)
{
    const auto found = entry.find(key);
    if (found == entry.end())
        return std::nullopt;
    if (found->is_number_unsigned() && found->get<std::uint64_t>() > std::uint64_t{std::numeric_limits<std::int64_t>::max()})
        return std::nullopt;
    if (found->is_number_integer())
        return found->get<std::int64_t>();
    return std::nullopt;
}

std::int64_t side(const Json& entry, const char* key)
{
    const std::int64_t value = wholeNumber(entry, key).value_or(0);
    return value > 0 && value <= longestSide ? value : 0;
}

std::string textIn(const Json& entry, const char* key)
{
    const auto found = entry.find(key);
    return found != entry.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

/// [x, y, width, height]; NaN throughout where it is not four numbers.
Box boxIn(const Json& entry)
{
    constexpr float nan = std::numeric_limits<float>::quiet_NaN();
    const auto found = entry.find("bbox");
    if (found == entry.end() || !found->is_array() || found->size() != 4
        || !std::all_of(found->begin(), found->end(), [](const Json& number) { return number.is_number(); }))
        return {nan, nan, nan, nan};
    const auto at = [&](std::size_t i) { return (*found)[i].get<double>(); };
    return {static_cast<float>(at(0)), static_cast<float>(at(1)), static_cast<float>(at(0) + at(2)),
            static_cast<float>(at(1) + at(3))};
}

/// A list of objects under `key`; null when there is none.
const Json* listIn(const Json& document, const char* key)
{
    const auto found = document.find(key);
    return found != document.end() && found->is_array() ? &*found : nullptr;
}

/// Keeps what boxes need; an outline of thousands of numbers is dropped as soon as it is read.
Json parsed(std::string_view json, const std::stop_token& stop)
{
    std::size_t events = 0;
    const auto keeps = [&](int depth, Json::parse_event_t event, Json& value) {
        if (depth > deepest)
            throw TooDeep{};
        if (++events % 4096 == 0 && stop.stop_requested())
            throw Cancelled{};
        return event != Json::parse_event_t::key
            || (value != "segmentation" && value != "keypoints" && value != "licenses" && value != "info" && value != "caption");
    };
    return Json::parse(json, keeps);
}

void leaveOut(CocoInstances& instances, std::string path, Text reason)
{
    ++instances.setAsideCount;
    if (instances.setAside.size() < maximumSetAsideListed)
        instances.setAside.push_back({std::move(path), std::move(reason), {}});
}

/// Positions of the categories by their ids, which have gaps.
std::map<std::int64_t, std::int32_t> readCategories(const Json& list, CocoInstances& instances)
{
    std::map<std::int64_t, std::string> names;
    for (const Json& category : list)
        if (const auto id = wholeNumber(category, "id"); id && !textIn(category, "name").empty())
            names.emplace(*id, textIn(category, "name"));
    std::map<std::int64_t, std::int32_t> positions;
    for (auto& [id, name] : names) {
        positions[id] = static_cast<std::int32_t>(instances.classNames.size());
        instances.classNames.push_back(std::move(name));
    }
    return positions;
}

void readPictures(const Json& list, CocoInstances& instances)
{
    std::size_t index = 0;
    for (const Json& picture : list) {
        const auto id = wholeNumber(picture, "id");
        std::string name = textIn(picture, "file_name");
        if (!id || name.empty())
            leaveOut(instances, fmt::format("images[{}]", index), text("it has no id or no file name"));
        else
            instances.pictures.try_emplace(*id, CocoInstances::Picture{std::move(name), side(picture, "width"),
                                                                       side(picture, "height"), {}});
        ++index;
    }
}

void readBoxes(const Json& list, const std::map<std::int64_t, std::int32_t>& categories, CocoInstances& instances)
{
    std::size_t index = 0;
    for (const Json& annotation : list) {
        const auto picture = instances.pictures.find(wholeNumber(annotation, "image_id").value_or(-1));
        const auto category = categories.find(wholeNumber(annotation, "category_id").value_or(-1));
        const std::string place = fmt::format("annotations[{}]", index++);
        if (picture == instances.pictures.end()) {
            leaveOut(instances, place, text("it belongs to no picture of this file"));
        } else if (category == categories.end()) {
            leaveOut(instances, place, text("its category is not listed"));
        } else {
            Box box = boxIn(annotation);
            box.classIndex = category->second;
            box.ignored = wholeNumber(annotation, "iscrowd").value_or(0) != 0;
            picture->second.boxes.push_back(box);
        }
    }
}

}

Result<CocoInstances> parseCocoInstances(std::string_view json, const std::stop_token& stop)
{
    const auto problem = [](Text message) { return Result<CocoInstances>{std::nullopt, {{{}, std::move(message), {}}}}; };
    try {
        const Json document = parsed(json, stop);
        const Json* categories = listIn(document, "categories");
        const Json* pictures = listIn(document, "images");
        const Json* annotations = listIn(document, "annotations");
        if (!categories || !pictures || !annotations)
            return problem(text("it has no list of images, annotations and categories"));
        CocoInstances instances;
        const auto positions = readCategories(*categories, instances);
        readPictures(*pictures, instances);
        readBoxes(*annotations, positions, instances);
        return {std::move(instances), {}};
    } catch (const Json::exception& error) {
        return problem(text("damaged JSON: %1", error.what()));
    } catch (const TooDeep&) {
        return problem(text("it is nested deeper than %1 levels", deepest));
    }
}

}
