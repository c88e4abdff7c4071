// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/memory.h"
#include "engine/core/base/problem.h"
#include "engine/core/schema/parameter_schema.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace descent {

class StoredPictures;

/// Decoded pictures, all of one size, in memory or where it is too small for them in a file.
struct PictureArray {
    std::int64_t count = 0, channels = 0, height = 0, width = 0;
    std::vector<std::uint8_t> pixels;             ///< uint8 [count, channels, height, width], 0 black to 255; none where stored
    std::shared_ptr<const StoredPictures> stored; ///< null: in memory
    std::int64_t pictureBytes() const { return channels * height * width; }

    /// One picture: [channels, height, width]. From a file it throws DescentError when that was damaged meanwhile.
    std::vector<std::uint8_t> picture(std::int64_t index) const;
    void copy(std::int64_t index, std::span<std::uint8_t> to) const;
};

/// Looks at pictures one after the other, without a copy where they are in memory.
class PictureView {
public:
    explicit PictureView(const PictureArray& pictures) : m_pictures{pictures} {}
    std::span<const std::uint8_t> operator[](std::int64_t index); ///< until the next call; throws as PictureArray does

private:
    const PictureArray& m_pictures;
    std::vector<std::uint8_t> m_picture; // read from a file
};

/// One column of a table as it was read: numbers, or codes into `categories`.
struct Column {
    std::string name;
    bool categorical = false;
    std::vector<float> numbers;      ///< numeric: one a row, NaN where missing
    std::vector<std::int32_t> codes; ///< categorical: one a row, -1 where missing
    std::vector<std::string> categories;
};

struct Table {
    std::int64_t count = 0;      ///< rows
    std::vector<Column> columns; ///< the inputs; the target is not among them
};

/// Texts, one a sample: sentences, reviews, lines of a corpus. UTF-8; what was not is set aside by the reader.
struct Texts {
    std::vector<std::string> texts;
    std::int64_t count() const { return static_cast<std::int64_t>(texts.size()); }
};

/// One long text, read from its beginning to its end. A sample is a character of it. UTF-8.
struct Corpus {
    std::string text;
    std::int64_t count() const { return static_cast<std::int64_t>(text.size()); }
};

/// Columns measured at even steps of time, oldest first. A sample is a step.
struct Series {
    std::int64_t count = 0;            ///< steps
    std::vector<std::string> names;    ///< of the columns
    std::vector<float> values;         ///< [count, columns], row after row, NaN where missing
    std::vector<std::int64_t> seconds; ///< since 1970, UTC, one a step; empty: the source has no times
    std::int64_t columns() const { return static_cast<std::int64_t>(names.size()); }
};

/// What happened to people, and when: coded, dated events, in order of time for each of them. A sample is a person.
struct Histories {
    struct Event {
        float day = 0;         ///< since the person's first event
        std::int32_t code = 0; ///< into `codes`
        float value = 0;       ///< of a measurement, NaN where the event has none
        bool operator==(const Event&) const = default;
    };
    std::vector<std::string> codes;         ///< "E11.9", "creatinine"
    std::vector<std::string> people;        ///< names or numbers, one a sample
    std::vector<std::vector<Event>> events; ///< one list a person
    std::int64_t count() const { return static_cast<std::int64_t>(events.size()); }
};

/// A picture and something beside it that belongs to the same sample: a row of a table, a caption, or both.
struct PicturesAndMore {
    PictureArray pictures;
    std::optional<Table> table;
    std::optional<Texts> captions;
    std::int64_t count() const { return pictures.count; }
};

/// A box on a picture, in pixels from its left upper corner.
struct Box {
    float left = 0, top = 0, right = 0, bottom = 0;
    std::int32_t classIndex = 0; ///< into Targets::classNames
    bool ignored = false;        ///< "difficult" or "crowd": neither learnt nor counted as a miss
    bool operator==(const Box&) const = default;
};

/// What is to be predicted, one entry a sample: a class, a number, boxes or a text. All is empty where samples are learnt from
/// themselves: the next word, the next day.
struct Targets {
    std::string name;                    ///< the target column's name, where there is one
    std::vector<std::string> classNames; ///< of classes and of boxes
    std::vector<std::int64_t> classes;   ///< each in [0, classNames.size())
    std::vector<float> values;
    std::vector<std::vector<Box>> boxes; ///< a list a picture
    std::vector<std::string> texts;      ///< translations
    bool areClasses() const { return !classNames.empty() && boxes.empty(); }
    bool areNumbers() const { return !values.empty(); }
    bool areBoxes() const { return !boxes.empty(); }
    bool areTexts() const { return !texts.empty(); }
};

struct Samples {
    std::variant<PictureArray, Table, Texts, Corpus, Series, Histories, PicturesAndMore> inputs;
    Targets targets;
    std::int64_t count() const;
};

/// A source read whole. Samples that could not be used were set aside; the rest is here.
struct Dataset {
    std::string name;               ///< for a person: "mnist", "iris.csv", "Spirals"
    Samples train;                  ///< everything the source has beside its own test part
    std::optional<Samples> test;    ///< the source's own test part, kept as test
    /// Rows of `train`, in order, that the source keeps back to choose the best epoch. Empty: a share is taken.
    std::vector<std::int64_t> ownValidation;
    Problems setAside;              ///< damaged files and rows with their reasons; at most maximumSetAsideListed
    std::int64_t setAsideCount = 0; ///< all of them
    bool hasPictures() const { return std::holds_alternative<PictureArray>(train.inputs); }
};
inline constexpr std::size_t maximumSetAsideListed = 1000;

/// How a long reading is watched and cancelled. Called on the reading thread.
struct LoadControl {
    std::stop_token stop;                          ///< when stopped, loading throws Cancelled within 50 ms
    std::function<void(double fraction)> progress; ///< 0 to 1; may be empty
    std::int64_t memory = memoryForData();         ///< bytes of pictures to hold; more are left in a file
};

/// A kind of source: `idx`, `csv`, `spirals`, … Adding one is one file and the line in dataset_kinds.cpp that names it.
struct DatasetKind {
    enum class Source { builtIn, file, folder };
    std::string id, label, help;
    Source source = Source::builtIn;
    Schema schema; ///< `path` is among the parameters of all that are not built in
    /// Reads or makes the samples. Problems without a dataset: what a person gave is wrong (no such file, not this format,
    /// nothing usable in it). Throws Cancelled.
    std::function<Result<Dataset>(const Parameters&, const LoadControl&)> load;
};

const std::vector<DatasetKind>& datasetKinds();
const DatasetKind* findDatasetKind(std::string_view id); ///< null when there is none

/// A source by kind and parameters, as a recipe names it.
struct SourceDescription {
    std::string kind;
    Parameters parameters;
};
/// The kind that fits a path on this machine: an IDX or CIFAR folder or file, a folder of pictures, a table.
Result<SourceDescription> recognizeSource(const std::string& path);

}
