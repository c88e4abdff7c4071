// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/command.h"

#include "app/descent/terminal.h"

#include <fmt/format.h>

namespace descent {

void printProblems(const Problems& problems, const char* kind)
{
    const Terminal terminal = terminalOf(stderr);
    for (const Problem& problem : problems)
        fmt::print(stderr, "{} {}\n", coloured(terminal, kind[0] == 'e' ? 31 : 33, fmt::format("{}:", kind)),
                   printable(english(problem)));
}

}
