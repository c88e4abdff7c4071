// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/inspection.h"
#include "engine/core/run/run_event.h"

#include <QString>

#include <functional>
#include <vector>

class QWidget;

namespace descent {

/// A kind of Preview on the live page: its card appears with the first that a run brings.
struct PreviewView {
    QString title;
    int stretch = 1;                                             ///< of the height beside the curves
    QWidget* widget = nullptr;                                   ///< taken into the card
    std::function<void(const DatasetReport&)> reset;             ///< before a run: forget the last one
    std::function<void(const RunStarted&)> begin;                ///< may be empty
    std::function<bool(const Preview&)> take;                    ///< false: not of this kind
    bool isInside = false;                                       ///< shows layers, not what the network says: in place of the others
};

/// One of each kind, from top to bottom. Adding one is its widget and its entry here.
std::vector<PreviewView> makePreviewViews();

}
