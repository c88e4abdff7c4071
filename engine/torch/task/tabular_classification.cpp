// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/task/scored_classification.h"

namespace descent {

namespace {

using namespace std::chrono_literals;

/// Tables of two numeric columns show the plane, other tables of two classes how the scores of both come apart.
class TabularClassificationProgram : public ScoredClassificationProgram {
public:
    explicit TabularClassificationProgram(const TaskContext& context)
        : ScoredClassificationProgram{context}, m_surface{SurfacePreview::forData(*context.request.data, context.device)}
    {
    }
    std::vector<LivePreview> previews() const override
    {
        std::vector<LivePreview> previews = ClassificationProgram::previews();
        if (m_surface)
            previews.push_back({70ms, [surface = *m_surface](GraphNetwork& network, std::int64_t step) -> Preview {
                                    return surface.look(network, step);
                                }});
        else if (hasTwoClasses())
            previews.push_back({400ms, [this](GraphNetwork& network, std::int64_t step) -> Preview { return scores(network, step); }});
        return previews;
    }

private:
    const std::optional<SurfacePreview> m_surface;
};

}

std::unique_ptr<TaskProgram> tabularClassificationProgram(const TaskContext& context)
{
    return std::make_unique<TabularClassificationProgram>(context);
}

}
