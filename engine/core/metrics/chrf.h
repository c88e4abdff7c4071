// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace descent {

/// How many runs of 1 to 6 characters hypotheses and references have in common, over a whole corpus; blanks do not count.
/// Needs no words, so it is fair to languages that write them together, and to a right stem with a wrong ending. As
/// sacrebleu makes it by default (chrF2: recall weighs twice as much), in percent; NaN without a sentence.
/// hypotheses, references   one sentence each, UTF-8; either may be empty
/// lowercase                compare without case (Latin, Greek and Cyrillic: see lowered())
/// Throws std::invalid_argument when there are not as many references as hypotheses.
/// "chrF: character n-gram F-score for automatic MT evaluation" (2015), Popović
double corpusChrf(std::span<const std::string> hypotheses, std::span<const std::string> references, bool lowercase = false);

/// What must be told with it: "nrefs:1|case:mixed|eff:yes|nc:6|nw:0|space:no|version:descent-0.1.0".
std::string chrfSignature(bool lowercase = false);

}
