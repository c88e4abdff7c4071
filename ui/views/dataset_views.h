// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/inspection.h"
#include "engine/core/recipe/recipe.h"

#include <functional>
#include <vector>

class QWidget;

namespace descent {

/// One way of showing data on the Dataset card.
struct DatasetView {
    QWidget* widget = nullptr; ///< taken into the card
    /// Shows the report; false where it has nothing of this kind, and the widget is hidden.
    std::function<bool(const DatasetReport&)> show;
    std::function<void(const Recipe&)> showRecipe = {}; ///< may be empty: follows how the data is split
};

/// From top to bottom. Adding one is its widget and its entry here.
std::vector<DatasetView> makeDatasetViews();

}
