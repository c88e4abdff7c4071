// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/harness.h"

#include "engine/core/text/tokenizer.h"

#include <algorithm>

namespace descent {

void readDamaged(std::span<const std::byte> input)
{
    const Result<Tokenizer> tokenizer = Tokenizer::fromJson(fuzz::asText(input));
    fuzz::checkProblems(tokenizer.problems, !tokenizer);
    if (!tokenizer)
        return;
    const Result<Tokenizer> again = Tokenizer::fromJson(tokenizer->toJson());
    fuzz::promise(again && *again == *tokenizer, "what was read is written and read the same");
    const std::vector<std::int32_t> tokens = tokenizer->encode(fuzz::asText(input));
    for (const std::int32_t token : tokens)
        fuzz::promise(token >= 0 && token < tokenizer->vocabularySize(), "a token is of the vocabulary");
    const std::string decoded = tokenizer->decode(tokens);
    const bool exact = tokenizer->options().kind != TokenizerKind::word && !tokenizer->options().lowerCase;
    fuzz::promise(!exact || std::ranges::count(tokens, Tokenizer::unknown) > 0 || decoded == fuzz::asText(input),
                  "characters and bytes come back as they were");
}

}
