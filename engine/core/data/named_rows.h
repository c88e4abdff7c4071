// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/csv.h"
#include "engine/core/data/dataset.h"

#include <filesystem>

namespace descent {

// What the readers of tables share: a table by its columns' names, and columns as inputs or targets.

/// A table as it stands in its file, every row with a cell for each name.
struct NamedRows {
    std::vector<std::string> names;
    std::vector<CsvRow> rows;
};

/// The rows of a CSV or TSV file; `schema` has the separatorParameter() and the headerParameter(). Rows of another length are
/// set aside. Problems: the file is no table, or has less than two rows. Throws DescentError and Cancelled.
Result<NamedRows> readNamedRows(const Schema& schema, const Parameters& parameters, const std::filesystem::path& path,
                                Dataset& dataset, const LoadControl& control);

/// The same as columns, all of them, for rows whose target is not known.
Result<Table> readRows(const Schema& schema, const Parameters& parameters, const std::filesystem::path& path, Dataset& dataset,
                       const LoadControl& control);

/// Whether the target is one of several classes or a number: auto, class, number.
ParameterSchema targetTypeParameter();

/// By name, or by number counted from 1. The problem is about the parameter at `path` ("dataset.target").
Result<std::size_t> columnNamed(const std::vector<std::string>& names, const std::string& wanted, std::string_view path);

/// A column as the target: classes in order of their names, or numbers. `targetType`: as the parameter has it; with "auto" texts
/// and few whole numbers are classes. No cell is missing. Problems at dataset.target.
Result<Targets> targetsFrom(const std::vector<CsvRow>& rows, std::size_t column, const std::string& name, const std::string& targetType);

/// A column as an input: numbers where every cell that is there reads as one, else categories in order of first appearance.
Column inputFrom(const std::vector<CsvRow>& rows, std::size_t column, const std::string& name);

/// Categories of which nearly every row has its own: names, numbers of customers. They teach nothing and cost a feature each.
bool differsInNearlyEveryRow(const Column& column, std::size_t rows);

/// Rows without a target teach nothing: they are set aside.
void setTargetlessAside(std::vector<CsvRow>& rows, std::size_t target, Dataset& dataset, const std::string& file);

/// Where the target is to be a number: rows in which it is none are set aside.
void setUnnumberedAside(std::vector<CsvRow>& rows, std::size_t target, Dataset& dataset, const std::string& file);

}
