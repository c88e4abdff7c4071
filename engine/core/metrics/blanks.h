// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace descent {

/// Whether Python's str.split() splits there, which is what sacrebleu's figures rest on: Unicode blanks, ASCII's
/// separators too. (classOf() knows fewer: it serves tokenizers.)
bool isBlank(char32_t character);

}
