// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/record_inputs.h"

namespace descent {

Architecture recordBag()
{
    const Schema schema{
        {.name = "width",
         .label = "Width",
         .help = "Features of each code.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{32},
         .minimum = 2,
         .maximum = 4096,
         .logarithmic = true,
         .common = true},
        {.name = "hidden",
         .label = "Hidden features",
         .help = "Between the mean of the codes and the decision.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{64},
         .minimum = 2,
         .maximum = 4096,
         .logarithmic = true,
         .common = true},
    };
    return {.id = "record-bag",
            .label = "Bag of codes",
            .help = "The share of each code in a history, whatever its order, time and values: what a sequence model must beat.",
            .fits = fitsRecords,
            .schema = schema,
            .build = [schema](const Parameters& parameters, const NetworkBrief& brief) {
                NetworkBuilder net{brief.inputs};
                net.embedding("codes", brief.inputs[0].vocabulary, integerOf(schema, parameters, "width"), NetworkBuilder::input(0));
                net.sequencePool("pool");
                net.linear("fc", integerOf(schema, parameters, "hidden"));
                net.activation("relu");
                net.linear("head", brief.outputs);
                return std::move(net).build();
            }};
}

}
