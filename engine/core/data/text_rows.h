// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/csv.h"

#include <filesystem>
#include <optional>

namespace descent {

/// Rows of a table that holds texts. Separated by tabs, a line is a row and a quote is a sign like any other, unless it begins
/// and ends the cell: sentences are full of quotes that nobody doubled. Otherwise as parseCsv().
Result<std::vector<CsvRow>> parseTextRows(std::string_view content, char separator, const std::stop_token& stop = {});

/// The column that holds sentences: the most blanks in a cell, two at least in the mean. Nothing where there is none, or where
/// such cells repeat so much that they are names of categories.
std::optional<std::size_t> sentenceColumn(const std::vector<CsvRow>& rows);

/// Whether the beginning of a file is that of a table with a column of sentences and one of few labels.
bool isTextTable(const std::filesystem::path& file);

/// Whether the beginning of a file is plain text: UTF-8, and not rows of several cells with numbers among them.
bool isPlainText(const std::filesystem::path& file);

/// The files of a source that is split by names: "sst2-train.tsv", "dev.tsv", "reviews_test.csv". Empty where there is none.
struct PartFiles {
    std::filesystem::path train, validation, test;
};
/// The parts in a folder of tables, by their names; train is empty when no file is named so.
PartFiles partFilesIn(const std::filesystem::path& folder);
/// The parts that lie beside a file named "…train…"; for another file only itself.
PartFiles partFilesBeside(const std::filesystem::path& file);

}
