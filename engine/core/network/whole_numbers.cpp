// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/whole_numbers.h"

#include <charconv>

namespace descent {

std::optional<std::vector<std::int64_t>> wholeNumbers(const std::string& list, std::int64_t least, std::int64_t most,
                                                      std::size_t mostCount)
{
    std::vector<std::int64_t> numbers;
    const char* at = list.data();
    const char* end = at + list.size();
    const auto skipSeparators = [&] {
        while (at != end && (*at == ' ' || *at == ','))
            ++at;
    };
    for (skipSeparators(); at != end; skipSeparators()) {
        std::int64_t number = 0;
        const auto [rest, error] = std::from_chars(at, end, number);
        if (error != std::errc{} || number < least || number > most || numbers.size() == mostCount)
            return std::nullopt;
        numbers.push_back(number);
        at = rest;
    }
    return numbers;
}

}
