// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/csv.h"
#include "engine/core/data/dataset.h"

namespace descent {

// What the readers of tables and of series share beyond parsing.

/// The separators a person may choose: auto, comma, semicolon, tab.
ParameterSchema separatorParameter();
/// Whether the first row names the columns: auto, yes, no.
ParameterSchema headerParameter();

/// The chosen separator's character; with "auto" the guessed one.
char separatorOf(const Schema& schema, const Parameters& parameters, std::string_view content);

/// What parseCsv() says of rows that it gave up: they are set aside.
void setDamagedAside(const Problems& damaged, Dataset& dataset, const std::string& file);

/// Rows with another number of cells than most are set aside: nothing says which cell is missing.
void setRaggedAside(std::vector<CsvRow>& rows, Dataset& dataset, const std::string& file);

}
