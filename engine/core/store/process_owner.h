// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace descent {

/// Names this process so that it is told apart from every later one of the same number: boot id, process id, start time.
std::string thisProcess();
/// Whether the process of that name still lives. One of another boot does not.
bool isAlive(const std::string& process);

}
