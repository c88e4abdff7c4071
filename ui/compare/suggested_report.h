// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/compare/report_writing.h"

namespace descent {

/// The report that nobody chose anything for: everything that may be said, the curves of these runs, the charts that suit their summary.
/// The window's thread, for the colours. Throws StoreError.
/// figure: what is asked about; "": what most of them are judged by.
ReportOrder suggestedReport(RunStore& store, const std::vector<RunId>& runs, const std::string& figure = {}, const Directions& directions = {});

}
