// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/task/history_preview.h"
#include "engine/torch/task/scored_classification.h"

namespace descent {

namespace {

using namespace std::chrono_literals;

class RecordClassificationProgram : public ScoredClassificationProgram {
public:
    explicit RecordClassificationProgram(const TaskContext& context)
        : ScoredClassificationProgram{context},
          m_people{context.request.data, hasTwoClasses() ? positiveClass() : context.request.data->brief.outputs - 1, context.device}
    {
    }
    std::vector<LivePreview> previews() const override
    {
        std::vector<LivePreview> previews{{500ms, [this](GraphNetwork& network, std::int64_t step) -> Preview {
                                               return m_people.look(network, step, m_threshold);
                                           }}};
        if (hasTwoClasses())
            previews.push_back({400ms, [this](GraphNetwork& network, std::int64_t step) -> Preview {
                                    ScoreHistogram histogram = scores(network, step);
                                    m_threshold = histogram.threshold;
                                    return histogram;
                                }});
        return previews;
    }

private:
    const HistoryLook m_people;
    mutable double m_threshold = 0.5; // of the scores shown last; only the worker's thread comes here
};

}

std::unique_ptr<TaskProgram> recordClassificationProgram(const TaskContext& context)
{
    return std::make_unique<RecordClassificationProgram>(context);
}

}
