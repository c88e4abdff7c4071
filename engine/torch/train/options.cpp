// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/train/options.h"

#include "engine/core/recipe/catalog.h"

#include <cmath>
#include <map>

namespace descent {

namespace {

OptimizerOptions optimizerOptions(const Parameters& training)
{
    const Schema& schema = trainingSchema();
    using Kind = OptimizerOptions::Kind;
    static const std::map<std::string, Kind, std::less<>> kinds{
        {"sgd", Kind::sgd},         {"adam", Kind::adam},       {"adamw", Kind::adamw}, {"nadam", Kind::nadam},
        {"rmsprop", Kind::rmsprop}, {"adagrad", Kind::adagrad}, {"lion", Kind::lion},   {"muon", Kind::muon}};
    const Kind kind = kinds.at(textOf(schema, training, "optimizer"));
    return {.kind = kind,
            .momentum = realOf(schema, training,
                               kind == Kind::rmsprop ? "rmspropMomentum"
                                   : kind == Kind::muon ? "muonMomentum"
                                                        : "momentum"),
            .nesterov = booleanOf(schema, training, "nesterov"),
            .weightDecay = realOf(schema, training, "weightDecay"),
            .decayMatricesOnly = textOf(schema, training, "decay") == "matrices",
            .beta1 = realOf(schema, training, "beta1"),
            .beta2 = realOf(schema, training, kind == Kind::lion ? "lionBeta2" : "beta2"),
            .epsilon = realOf(schema, training, "epsilon"),
            .smoothing = realOf(schema, training, "smoothing"),
            .centered = booleanOf(schema, training, "centered")};
}

}

TrainingOptions trainingOptions(const Parameters& training)
{
    const Schema& schema = trainingSchema();
    TrainingOptions options;
    options.epochs = integerOf(schema, training, "epochs");
    options.batchSize = integerOf(schema, training, "batchSize");
    options.accumulation = integerOf(schema, training, "accumulation");
    options.optimizer = optimizerOptions(training);
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
    options.clipValue = realOf(schema, training, "clipValue");
    const std::string precision = textOf(schema, training, "precision");
    options.precision = precision == "bfloat16" ? Precision::bfloat16 : precision == "float16" ? Precision::float16 : Precision::float32;
    options.deterministic = textOf(schema, training, "arithmetic") == "deterministic";
    options.graphCapture = booleanOf(schema, training, "graphCapture");
    options.earlyStopping = integerOf(schema, training, "earlyStopping");
    options.threads = integerOf(schema, training, "threads");
    options.checkpointEvery = std::chrono::milliseconds{std::llround(realOf(schema, training, "checkpointEvery") * 1000)};
    options.keptCheckpoints = integerOf(schema, training, "keptCheckpoints");
    return options;
}

}
