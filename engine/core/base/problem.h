// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/text.h"

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace descent {

/// One thing that is wrong in what a person gave us, said where it is and with the way out.
struct Problem {
    std::string path; ///< where: "training.batchSize", "labels.csv:17"
    Text message;     ///< what is wrong
    Text hint;        ///< what would be right; may be empty
    bool operator==(const Problem&) const = default;
};
using Problems = std::vector<Problem>;

/// "training.batchSize: there are only 120 samples (choose a smaller batch)"
std::string english(const Problem& problem);

/// A value, or the problems that prevent it. Problems beside a value are warnings.
template <typename T>
struct Result {
    std::optional<T> value;
    Problems problems;
    explicit operator bool() const { return value.has_value(); }
    T& operator*() { return *value; }
    const T& operator*() const { return *value; }
    T* operator->() { return &*value; }
    const T* operator->() const { return &*value; }
};

/// The world outside (a file, a device) did not do what was asked. `what()` is the English sentence.
class DescentError : public std::runtime_error {
public:
    explicit DescentError(Text message) : std::runtime_error{english(message)}, m_message{std::move(message)} {}
    const Text& message() const { return m_message; }

private:
    Text m_message;
};

/// A dataset could not be read at all (missing file, nothing usable in it).
class DatasetError : public DescentError {
    using DescentError::DescentError;
};

/// The run database or its folder failed.
class StoreError : public DescentError {
public:
    enum class Cause {
        other,
        busy, ///< another program keeps it locked: what was wanted may be tried again
        full, ///< the disk is: nothing more can be kept until a person makes room
    };
    explicit StoreError(Text message, Cause cause = Cause::other) : DescentError{std::move(message)}, m_cause{cause} {}
    Cause cause() const { return m_cause; }

private:
    Cause m_cause;
};

/// A person pressed stop or cancel while something long was under way. Not a failure.
class Cancelled : public std::runtime_error {
public:
    Cancelled() : std::runtime_error{"cancelled"} {}
};

}
