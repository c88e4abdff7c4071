// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace descent {

/// CRC-32C as TensorFlow's records hold it: rotated, with a constant added.
std::uint32_t maskedCrc32c(std::string_view bytes);

/// A scalar of TensorBoard.
struct EventScalar {
    std::string tag;
    std::int64_t step = 0;
    double value = 0;
    double wallTime = 0; ///< seconds since 1970, UTC
    bool operator==(const EventScalar&) const = default;
};
/// What the hparams plug-in says of a run, at its start or its end.
struct EventHyperparameters {
    std::map<std::string, std::variant<double, bool, std::string>> values; ///< at its start
    std::optional<int> status;                                             ///< at its end: 1 succeeded, 2 failed, 3 running
    bool operator==(const EventHyperparameters&) const = default;
};
using EventFileItem = std::variant<EventScalar, EventHyperparameters>;

/// What an event (tensorflow.Event, one record of a file) holds of scalars and hyperparameters; pictures, histograms and graphs are left
/// out. Returns its wall time, seconds since 1970; nothing where the message is damaged.
std::optional<double> readEvent(std::string_view message, const std::function<void(EventFileItem)>& take);

/// A file that a SummaryWriter writes, read as it grows. A record that is not there whole is left for the next time.
class EventFileReader {
public:
    explicit EventFileReader(std::filesystem::path file) : m_file{std::move(file)} {}

    struct Progress {
        std::int64_t records = 0; ///< read this time
        std::int64_t damaged = 0; ///< of those, whose checksum or content is wrong; they are left out
        bool isBroken = false;    ///< a length's checksum is wrong: where the next record begins is not known, so reading ends for good
        bool isCut = false;       ///< the file ends inside a record: it is still being written, or its writer was killed
    };
    /// All that has been added since the last time. Throws DescentError when the file cannot be read.
    Progress read(const std::function<void(EventFileItem)>& take);
    /// Wall time of its first record: when the writer began.
    std::optional<double> began() const { return m_began; }

private:
    const std::filesystem::path m_file;
    std::uint64_t m_offset = 0;
    bool m_isBroken = false;
    std::optional<double> m_began;
};

/// Writes such a file: what tensorboard opens.
class EventFileWriter {
public:
    /// Begins `folder`/events.out.tfevents.<time>.<host>.descent. Throws DescentError.
    EventFileWriter(const std::filesystem::path& folder, double wallTime);
    void add(const EventScalar& scalar);
    /// hyperparameters, which the hparams plug-in shows
    void add(const EventHyperparameters& hyperparameters, double wallTime);
    void finish(); ///< all of it is on the disk. Throws DescentError.
    const std::filesystem::path& file() const { return m_file; }

private:
    void record(const std::string& event);
    std::filesystem::path m_file;
    std::string m_bytes;
};

}
