// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/history/metric_direction.h"

#include "engine/core/task/task.h"

#include <algorithm>
#include <array>
#include <optional>

namespace descent {

namespace {

constexpr std::array<std::string_view, 20> lowerWords{"loss", "error", "err", "perplexity", "ppl", "fid", "mse", "rmse", "mae", "mape", "wer", "cer", "ter", "nll", "bpc", "bpd", "divergence", "latency", "eer", "regret"};
constexpr std::array<std::string_view, 21> higherWords{"accuracy", "acc", "ap", "precision", "recall", "f1", "auc", "auroc", "auprc", "map", "iou", "miou", "dice", "bleu", "rouge", "r2", "psnr", "ssim", "reward", "return", "throughput"};

/// The words of a name, in small letters: "valAcc_top1" has val, acc, top1.
std::vector<std::string> wordsOf(std::string_view name)
{
    std::vector<std::string> words(1);
    for (std::size_t i = 0; i < name.size(); ++i) {
        const char letter = name[i];
        const bool isUpper = letter >= 'A' && letter <= 'Z', isWord = isUpper || (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
        const bool begins = isUpper && i > 0 && name[i - 1] >= 'a' && name[i - 1] <= 'z';
        if ((!isWord || begins) && !words.back().empty())
            words.emplace_back();
        if (isWord)
            words.back() += isUpper ? static_cast<char>(letter - 'A' + 'a') : letter;
    }
    return words;
}

std::optional<bool> byName(std::string_view metric)
{
    for (const std::string& word : wordsOf(metric)) {
        if (std::ranges::find(lowerWords, word) != lowerWords.end() || word.ends_with("loss") || word.ends_with("error"))
            return false;
        if (std::ranges::find(higherWords, word) != higherWords.end())
            return true;
    }
    return std::nullopt;
}

}

std::string metricOf(std::string_view figure)
{
    for (const std::string_view prefix : {"best.", "last.", "test."})
        if (figure.starts_with(prefix))
            figure.remove_prefix(prefix.size());
    return std::string{figure.substr(0, figure.find('/'))};
}

Direction directionOf(const std::string& figure, const std::vector<RunDetails>& runs, const Directions& said)
{
    const std::string metric = metricOf(figure);
    if (const auto one = said.find(metric); one != said.end())
        return {one->second, true};
    if (const MetricKind* kind = findMetricKind(metric))
        return {kind->higherIsBetter, true};
    for (const RunDetails& run : runs)
        if (run.summary.primaryMetric == metric)
            return {run.summary.higherIsBetter, true};
    const std::optional<bool> named = byName(metric);
    return {named.value_or(true), named.has_value()};
}

}
