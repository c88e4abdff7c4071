// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/summary/column_text.h"
#include "ui/summary/field_picker.h"

namespace descent {

/// The columns of a table as a picker offers them: figures, costs, settings that differ, words, then settings that are equal.
/// none: what choosing no column is called, offered first; empty: it is no choice.
std::vector<FieldPicker::Field> columnFields(const FigureTable& table, bool numbersOnly, const QString& none);

}
