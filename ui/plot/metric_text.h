// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <string>

namespace descent {

/// A metric or series as a person reads it: "Macro F1", "Learning rate"; one that is not known as it is written.
QString metricLabel(const std::string& metric);
/// A value of it: shares as "98.50 %", others to a few digits; not a number: empty.
QString metricValue(const std::string& metric, double value);

}
