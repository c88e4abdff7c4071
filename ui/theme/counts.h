// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <cstdint>

namespace descent {

/// "1.2 M", "64", "11.7 M": how counts are written beside layers and in totals.
QString shortCount(std::int64_t count);

}
