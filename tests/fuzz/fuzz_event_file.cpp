// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/harness.h"

#include "engine/core/interchange/event_file.h"

namespace descent {

/// As a file, where checksums keep most of it from being read, and as the message of one record.
void readDamaged(std::span<const std::byte> input)
{
    const std::filesystem::path folder = fuzz::memoryFolder({{"events", input}});
    std::int64_t items = 0;
    EventFileReader reader{folder / "events"};
    const EventFileReader::Progress progress = reader.read([&](const EventFileItem&) { ++items; });
    fuzz::promise(items == 0 || progress.records > 0, "what was read came from a record");
    const EventFileReader::Progress again = reader.read([&](const EventFileItem&) { ++items; });
    fuzz::promise(again.records == 0, "a record is read once");

    std::vector<EventFileItem> read;
    readEvent(fuzz::asText(input), [&](EventFileItem item) { read.push_back(std::move(item)); });
    if (read.empty())
        return;
    EventFileWriter writer{folder / "written", 1};
    std::size_t scalars = 0;
    for (const EventFileItem& item : read)
        if (const auto* scalar = std::get_if<EventScalar>(&item)) {
            writer.add(*scalar);
            ++scalars;
        }
    writer.finish();
    std::size_t back = 0;
    EventFileReader{writer.file()}.read([&](const EventFileItem& item) {
        const auto& scalar = std::get<EventScalar>(item);
        while (!std::holds_alternative<EventScalar>(read[back]))
            ++back;
        const auto& before = std::get<EventScalar>(read[back++]);
        fuzz::promise(scalar.tag == before.tag && scalar.step == before.step && (scalar.value == before.value || before.value != before.value),
                      "what was read is written and read the same");
        --scalars;
    });
    fuzz::promise(scalars == 0, "every scalar comes back");
}

}
