// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/train/options.h"

#include "engine/core/recipe/catalog.h"

#include <cmath>

namespace descent {

TrainingOptions trainingOptions(const Parameters& training)
{
    const Schema& schema = trainingSchema();
    const std::string optimizer = textOf(schema, training, "optimizer");
    using Kind = OptimizerOptions::Kind;
    TrainingOptions options;
    options.epochs = integerOf(schema, training, "epochs");
    options.batchSize = integerOf(schema, training, "batchSize");
    options.accumulation = integerOf(schema, training, "accumulation");
    options.optimizer = {.kind = optimizer == "sgd" ? Kind::sgd
                             : optimizer == "adam"  ? Kind::adam
                                                    : Kind::adamw,
                         .momentum = realOf(schema, training, "momentum"),
                         .nesterov = booleanOf(schema, training, "nesterov"),
                         .weightDecay = realOf(schema, training, "weightDecay"),
                         .decayMatricesOnly = textOf(schema, training, "decay") == "matrices",
                         .beta1 = realOf(schema, training, "beta1"),
                         .beta2 = realOf(schema, training, "beta2"),
                         .epsilon = realOf(schema, training, "epsilon")};
    options.labelSmoothing = realOf(schema, training, "labelSmoothing");
    options.focalGamma = textOf(schema, training, "classLoss") == "focal" ? realOf(schema, training, "focalGamma") : 0;
    options.weighClasses = textOf(schema, training, "classWeights") == "balanced";
    options.balanceSampling = textOf(schema, training, "sampling") == "balanced";
    const std::string threshold = textOf(schema, training, "threshold");
    using Rule = TrainingOptions::ThresholdRule;
    options.thresholdRule = threshold == "half" ? Rule::half : threshold == "least-cost" ? Rule::leastCost : Rule::bestF1;
    if (options.thresholdRule == Rule::leastCost) {
        options.falseAlarmCost = realOf(schema, training, "falseAlarmCost");
        options.missCost = realOf(schema, training, "missCost");
    }
    options.clipNorm = realOf(schema, training, "clipNorm");
    options.earlyStopping = integerOf(schema, training, "earlyStopping");
    options.threads = integerOf(schema, training, "threads");
    options.checkpointEvery = std::chrono::milliseconds{std::llround(realOf(schema, training, "checkpointEvery") * 1000)};
    options.keptCheckpoints = integerOf(schema, training, "keptCheckpoints");
    return options;
}

}
