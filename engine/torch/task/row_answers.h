// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/run/question.h"
#include "engine/torch/nn/graph_network.h"

#include <functional>

namespace descent {

/// Reads the rows in batches; `told` turns outputs, float [batch, width], into what is answered. Throws Cancelled, and
/// std::invalid_argument where the values are no whole rows.
RowsAnswer answerRows(GraphNetwork& network, const RowsQuestion& question, at::Device device, const AskControl& control,
                      const std::function<at::Tensor(const at::Tensor&)>& told);

}
