// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/compare/report_writing.h"

#include <functional>

class QWidget;

namespace descent {

/// A report from the question what is to be in it to the file: asks, writes, shows how far that is, and can be cancelled.
/// all: with every chart there is to choose from; its choice is not read.
/// tell: where the file lies, or why there is none; not called once `page` is gone.
void requestReport(const ReportOrder& all, const std::filesystem::path& storeFolder, QWidget* page, std::function<void(const QString&)> tell);

}
