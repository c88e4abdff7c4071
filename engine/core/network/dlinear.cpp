// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/architecture.h"
#include "engine/core/network/network_builder.h"
#include "engine/core/network/window_parameters.h"

namespace descent {

/// A moving average and what it leaves, each continued by one linear map over time that all columns share. Layers are named as
/// in the authors' code, so that their checkpoints fit.
Architecture dlinear()
{
    const Schema schema{
        {.name = "kernel",
         .label = "Moving average",
         .help = "Steps over which the slow part is averaged.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{25},
         .minimum = 1,
         .maximum = 1001,
         .common = true,
         .unit = "steps"},
        windowNormParameter(false),
    };
    return {.id = "dlinear",
            .label = "DLinear",
            .help = "The slow part and the rest of each column, continued by a straight map over time: quick, and hard to beat. arXiv:2205.13504",
            .fits = fitsFuture,
            .schema = schema,
            .build = [schema](const Parameters& parameters, const NetworkBrief& brief) {
                NetworkBuilder net{brief.inputs};
                const NetworkBuilder::Node window = beginWindow(net, brief, booleanOf(schema, parameters, "windowNorm"));
                const NetworkBuilder::Node columns = net.firstFeatures("columns", brief.outputs, window);
                const NetworkBuilder::Node trend = net.movingAverage("trend", integerOf(schema, parameters, "kernel"), columns);
                net.subtract("rest", columns, trend);
                net.transpose("rest_by_column");
                const NetworkBuilder::Node rest = net.linear("Linear_Seasonal", brief.horizon);
                net.transpose("trend_by_column", trend);
                const NetworkBuilder::Node slow = net.linear("Linear_Trend", brief.horizon);
                net.add("sum", rest, slow);
                net.transpose("future");
                endWindow(net, window);
                return std::move(net).build();
            }};
}

}
