// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/summary/report_tables.h"

#include <QString>

namespace descent {

/// "Accuracy", "Test: Accuracy", "Learning rate"; with its path where several settings that differ are called alike. "" where there is no
/// such column.
QString columnLabel(const FigureTable& table, const std::string& name);
QString columnLabel(const FigureColumn& column);

/// A number of it: shares as "98.50 %", durations as "1:05".
QString columnValue(const FigureColumn& column, double value);
/// What a run has there; "–" for nothing.
QString columnValueOf(const FigureColumn& column, std::size_t run);

/// How tables of a report are written. table: must outlive it.
ReportWords tableWords(const FigureTable& table);

}
