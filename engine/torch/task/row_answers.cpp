// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/task/row_answers.h"

#include "engine/torch/task/preview.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <stdexcept>

namespace descent {

RowsAnswer answerRows(GraphNetwork& network, const RowsQuestion& question, at::Device device, const AskControl& control,
                      const std::function<at::Tensor(const at::Tensor&)>& told)
{
    if (question.features <= 0 || question.values.size() % static_cast<std::size_t>(question.features) != 0)
        throw std::invalid_argument{"rows of another width than they say"};
    constexpr std::int64_t batch = 4096;
    const auto rows = static_cast<std::int64_t>(question.values.size()) / question.features;
    RowsAnswer answer;
    for (std::int64_t at = 0; at < rows; at += batch) {
        if (control.stop.stop_requested())
            throw Cancelled{};
        const std::int64_t count = std::min(batch, rows - at);
        const at::Tensor inputs =
            at::from_blob(const_cast<float*>(question.values.data()) + at * question.features, {count, question.features}, at::kFloat).to(device);
        const at::Tensor host = told(outputsOf(network, {inputs})).to(at::kCPU, at::kFloat).contiguous();
        answer.width = host.size(1);
        answer.values.insert(answer.values.end(), host.const_data_ptr<float>(), host.const_data_ptr<float>() + host.numel());
        if (control.progress)
            control.progress(static_cast<double>(at + count) / static_cast<double>(rows));
    }
    return answer;
}

}
