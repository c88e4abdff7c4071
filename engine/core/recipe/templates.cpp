// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/recipe/catalog.h"

#include <algorithm>

namespace descent {

namespace {

using namespace std::string_literals;

Recipe spirals()
{
    return {.name = "Spirals",
            .dataset = {"spirals", {{"samples", std::int64_t{1000}}, {"noise", 0.15}, {"turns", 2.5}}},
            .split = {{"validation", 0.2}, {"test", 0.2}},
            .architecture = {"mlp", {{"hidden", "64, 64"s}, {"activation", "tanh"s}}},
            .training = {{"epochs", std::int64_t{800}},
                         {"batchSize", std::int64_t{16}},
                         {"optimizer", "adamw"s},
                         {"learningRate", 0.01},
                         {"schedule", "cosine"s}}};
}

Recipe drawnDigits()
{
    return {.name = "Drawn digits",
            .dataset = {"drawn-digits", {{"samples", std::int64_t{6000}}}},
            .architecture = {"small-cnn", {}},
            .training = {{"epochs", std::int64_t{5}},
                         {"batchSize", std::int64_t{64}},
                         {"optimizer", "adamw"s},
                         {"learningRate", 0.003},
                         {"schedule", "one-cycle"s}}};
}

Recipe mnist()
{
    return {.name = "MNIST",
            .dataset = {"idx", {{"path", ""s}}},
            .architecture = {"small-cnn", {}},
            .training = {{"epochs", std::int64_t{1}},
                         {"batchSize", std::int64_t{64}},
                         {"optimizer", "adamw"s},
                         {"learningRate", 0.004},
                         {"schedule", "one-cycle"s}}};
}

/// The recipe the project began with.
Recipe cifar10Classic()
{
    return {.name = "CIFAR-10 classic",
            .dataset = {"image-folder", {{"path", ""s}}},
            .preprocessing = {{"resize", std::int64_t{224}}},
            .architecture = {"resnet18", {{"stem", "large"s}}},
            .training = {{"epochs", std::int64_t{10}},
                         {"batchSize", std::int64_t{32}},
                         {"optimizer", "sgd"s},
                         {"learningRate", 0.01},
                         {"momentum", 0.9},
                         {"schedule", "constant"s}}};
}

Recipe cifar10Fast()
{
    return {.name = "CIFAR-10 fast",
            .dataset = {"image-folder", {{"path", ""s}}},
            .preprocessing = {{"flip", true}, {"crop", std::int64_t{4}}},
            .architecture = {"resnet18", {{"stem", "small"s}, {"width", std::int64_t{32}}}},
            .training = {{"epochs", std::int64_t{10}},
                         {"batchSize", std::int64_t{128}},
                         {"optimizer", "sgd"s},
                         {"learningRate", 0.1},
                         {"momentum", 0.9},
                         {"nesterov", true},
                         {"weightDecay", 0.0005},
                         {"schedule", "one-cycle"s},
                         {"labelSmoothing", 0.1}}};
}

Recipe table()
{
    return {.name = "Loans",
            .dataset = {"synthetic-table", {}},
            .split = {{"validation", 0.15}, {"test", 0.15}},
            .architecture = {"mlp", {{"hidden", "64, 32"s}, {"dropout", 0.1}}},
            .training = {{"epochs", std::int64_t{100}},
                         {"batchSize", std::int64_t{32}},
                         {"optimizer", "adamw"s},
                         {"learningRate", 0.002},
                         {"weightDecay", 0.01},
                         {"schedule", "cosine"s}}};
}

Recipe risk()
{
    return {.name = "Credit risk",
            .dataset = {"synthetic-table", {{"samples", std::int64_t{20000}}, {"unpaid", 0.03}}},
            .split = {{"validation", 0.2}, {"test", 0.2}},
            .architecture = {"tabular-resnet", {{"width", std::int64_t{64}}}},
            .training = {{"epochs", std::int64_t{20}},
                         {"batchSize", std::int64_t{128}},
                         {"optimizer", "adamw"s},
                         {"learningRate", 0.001},
                         {"weightDecay", 0.01},
                         {"schedule", "cosine"s},
                         {"threshold", "least-cost"s},
                         {"falseAlarmCost", 1.0},
                         {"missCost", 20.0}}};
}

Recipe fraud()
{
    return {.name = "Fraud",
            .dataset = {"csv", {{"path", ""s}}},
            .split = {{"validation", 0.2}, {"test", 0.2}},
            .architecture = {"mlp", {{"hidden", "64, 32"s}, {"dropout", 0.1}}},
            .training = {{"epochs", std::int64_t{60}},
                         {"batchSize", std::int64_t{64}},
                         {"optimizer", "adamw"s},
                         {"learningRate", 0.002},
                         {"weightDecay", 0.01},
                         {"schedule", "cosine"s}}};
}

Recipe prices()
{
    return {.name = "Prices",
            .task = {"regression", {}},
            .dataset = {"csv", {{"path", ""s}, {"targetType", "number"s}}},
            .split = {{"validation", 0.2}, {"test", 0.2}},
            .architecture = {"mlp", {{"hidden", "64, 64"s}, {"dropout", 0.1}}},
            .training = {{"epochs", std::int64_t{100}},
                         {"batchSize", std::int64_t{32}},
                         {"optimizer", "adamw"s},
                         {"learningRate", 0.002},
                         {"weightDecay", 0.01},
                         {"schedule", "cosine"s}}};
}

Recipe records()
{
    return {.name = "Patients",
            .task = {"record-classification", {}},
            .dataset = {"synthetic-records", {}},
            .split = {{"validation", 0.15}, {"test", 0.2}},
            .architecture = {"record-rnn", {}},
            .training = {{"epochs", std::int64_t{20}},
                         {"batchSize", std::int64_t{64}},
                         {"optimizer", "adamw"s},
                         {"learningRate", 0.003},
                         {"weightDecay", 0.01},
                         {"schedule", "one-cycle"s},
                         // Steps of a small memory are short: threads would wait for each other.
                         {"threads", std::int64_t{1}}}};
}

}

const std::vector<RecipeTemplate>& recipeTemplates()
{
    static const std::vector<RecipeTemplate> templates{
        {"spirals", "Spirals", "Two arms that wind around each other; watch the border bend. Ready in seconds.", spirals()},
        {"drawn-digits", "Drawn digits", "A small network learns to read digits, drawn on the spot.", drawnDigits()},
        {"table", "Loans", "Who will repay? A table with numbers, categories and gaps.", table()},
        {"risk", "Credit risk", "One loan in thirty fails: score them, and choose the threshold by what mistakes cost.", risk()},
        {"fraud", "Fraud", "A table of yours with two classes, one of them rare.", fraud()},
        {"mnist", "MNIST", "The classic handwritten digits, from your IDX files: one epoch is enough.", mnist()},
        {"cifar10-fast", "CIFAR-10 fast", "Small pictures at their own size, with a one-cycle schedule.", cifar10Fast()},
        {"cifar10-classic", "CIFAR-10 classic", "ResNet-18 on pictures scaled to 224, plain SGD: thorough and slow.",
         cifar10Classic()},
        {"prices", "Prices", "A table of yours with a number to predict: prices, scores, amounts.", prices()},
        {"records", "Patients", "Diagnoses, drugs and measurements over years: who will have a complication?", records()},
    };
    return templates;
}

const RecipeTemplate* findRecipeTemplate(std::string_view id)
{
    const auto& templates = recipeTemplates();
    const auto found = std::find_if(templates.begin(), templates.end(), [&](const RecipeTemplate& one) { return one.id == id; });
    return found == templates.end() ? nullptr : &*found;
}

}
