// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/task/classification.h"

#include <optional>

namespace descent {

namespace {

using namespace std::chrono_literals;

/// Tables of two numeric columns also show the plane.
class TabularClassificationProgram : public ClassificationProgram {
public:
    explicit TabularClassificationProgram(const TaskContext& context)
        : ClassificationProgram{context}, m_surface{SurfacePreview::forData(*context.request.data, context.device)}
    {
    }
    std::vector<LivePreview> previews() const override
    {
        std::vector<LivePreview> previews = ClassificationProgram::previews();
        if (m_surface)
            previews.push_back({70ms, [surface = *m_surface](GraphNetwork& network, std::int64_t step) -> Preview { return surface.look(network, step); }});
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
