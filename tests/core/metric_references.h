// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdint>
#include <fstream>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

/// What a script in tests/core/references wrote.
inline nlohmann::json reference(const std::string& name)
{
    std::ifstream file{std::string{SOURCE_DIR} + "/tests/core/references/" + name};
    if (!file)
        throw std::runtime_error{name + " is missing"};
    return nlohmann::json::parse(file);
}

/// `value` as a number; null is NaN, a figure that is not defined.
inline double number(const nlohmann::json& value)
{
    return value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.get<double>();
}

/// Both NaN, both the same infinity, or as near as rounding of doubles allows.
inline bool isNear(double actual, double expected, double tolerance = 1e-12)
{
    if (std::isnan(expected) || std::isinf(expected))
        return std::isnan(expected) ? std::isnan(actual) : actual == expected;
    return std::abs(actual - expected) <= tolerance * std::max(1.0, std::abs(expected));
}

/// With SciPy, which takes the same formulas: rounding alone.
inline bool agrees(double actual, const nlohmann::json& expected)
{
    return isNear(actual, expected.get<double>(), 1e-9);
}

/// Whole numbers of 1 / unit.
inline std::vector<float> scoresOf(const nlohmann::json& whole, double unit)
{
    std::vector<float> scores;
    for (const auto& score : whole)
        scores.push_back(static_cast<float>(score.get<double>() / unit));
    return scores;
}

/// QVERIFY(isNear(…)) that shows both numbers.
#define COMPARE_NEAR(actual, expected, ...)                                                                                      \
    do {                                                                                                                         \
        const double actualNumber = (actual), expectedNumber = (expected);                                                       \
        QVERIFY2(isNear(actualNumber, expectedNumber __VA_OPT__(, ) __VA_ARGS__),                                                \
                 qPrintable(QString{"%1 where %2 belongs"}.arg(actualNumber, 0, 'g', 17).arg(expectedNumber, 0, 'g', 17)));      \
    } while (false)
