// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/problem.h"

#include <QString>

namespace descent {

/// The engine's texts in the window's language: context "engine", key the English source.
QString translated(const Text& text);
QString translated(const std::string& source);
/// "where: what is wrong (what would be right)"
QString translated(const Problem& problem);

}
