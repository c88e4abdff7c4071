# SPDX-License-Identifier: GPL-3.0-or-later
"""What torch and scikit-learn make of rare classes: writes imbalance.json beside this file.

Losses and gradients with class weights, label smoothing and focusing; balanced class weights; the figures of two classes at a
threshold chosen on validation and kept for test. Scores are multiples of 1/1024 with ties, so that they are exact everywhere.
Made with torch 2.13.0 and scikit-learn 1.9.1, which is not among our requirements:

    python3 -m venv /tmp/sk && /tmp/sk/bin/pip install torch scikit-learn && /tmp/sk/bin/python tests/torch/references/imbalance.py
"""
import json
import pathlib

import numpy
import sklearn
import torch
from sklearn import metrics
from sklearn.utils.class_weight import compute_class_weight

from networks import drawn

BATCH, CLASSES, FINE = 12, 3, 1024


def losses():
    logits = torch.from_numpy(drawn(BATCH * CLASSES, 31)).reshape(BATCH, CLASSES) * 3
    truth = torch.arange(BATCH) % CLASSES % 2 + (torch.arange(BATCH) == 5)
    weight = torch.tensor([0.5, 1.25, 4.0], dtype=torch.float64)
    for gamma in (0.0, 2.0, 0.5):
        for smoothing in (0.0, 0.1):
            for weighted in (False, True):
                x = logits.clone().requires_grad_()
                loss = torch.nn.CrossEntropyLoss(weight if weighted else None, reduction="none", label_smoothing=smoothing)(x, truth)
                # "Focal Loss for Dense Object Detection", equation 4: each part times (1 - p)^gamma of its true class.
                loss = loss * (1 - x.softmax(1)[torch.arange(BATCH), truth]) ** gamma
                loss = loss.sum() / (weight[truth].sum() if weighted else BATCH)
                if gamma == 0:  # torch's own mean, with its own division
                    own = torch.nn.CrossEntropyLoss(weight if weighted else None, label_smoothing=smoothing)(x, truth)
                    assert torch.allclose(loss, own)
                loss.backward()
                yield {"gamma": gamma, "smoothing": smoothing, "weight": weight.tolist() if weighted else [],
                       "truth": truth.tolist(), "loss": loss.item(), "gradient": x.grad.flatten().tolist()}


def scored(count, share, stream):
    """Truths, and scores that lean towards them."""
    truth = (drawn(count, stream) > 1 - 2 * share).astype(int)
    score = numpy.clip(0.35 + 0.2 * truth + 0.3 * drawn(count, stream + 1), 1 / FINE, 1 - 1 / FINE)
    return truth, numpy.round(score * FINE) / FINE


def calibration_error(truth, score, bins=15):
    # scikit-learn has the curve, but not its error; bins are (lower, upper] as in "On Calibration of Modern Neural Networks".
    which = numpy.clip(numpy.ceil(score * bins).astype(int) - 1, 0, bins - 1)
    return sum(abs(score[which == b].mean() - truth[which == b].mean()) * (which == b).mean() for b in range(bins) if (which == b).any())


def figures(truth, score, threshold, costs):
    taken = (score >= threshold).astype(int)
    (_, false), (missed, _) = metrics.confusion_matrix(truth, taken, labels=[0, 1])
    return {"auc": metrics.roc_auc_score(truth, score), "average-precision": metrics.average_precision_score(truth, score),
            "f1": metrics.f1_score(truth, taken), "brier": metrics.brier_score_loss(truth, score),
            "calibration-error": calibration_error(truth, score),
            "mean-cost": (false * costs[0] + missed * costs[1]) / len(truth)}


def judged():
    valid, test = scored(400, 0.1, 50), scored(300, 0.1, 60)
    costs = (1.0, 12.0)
    precision, recall, thresholds = metrics.precision_recall_curve(*valid)
    best = 2 * precision * recall / numpy.maximum(precision + recall, 1e-300)
    f1_threshold = max(thresholds[best[:-1] == best[:-1].max()])
    costly = [figures(*valid, t, costs)["mean-cost"] for t in thresholds]
    cost_threshold = max(t for t, cost in zip(thresholds, costly) if cost == min(costly))
    for rule, threshold in (("best-f1", f1_threshold), ("least-cost", cost_threshold), ("half", 0.5)):
        yield {"rule": rule, "costs": costs, "threshold": threshold,
               "validation": figures(*valid, threshold, costs), "test": figures(*test, threshold, costs)}
    yield {"validation": [valid[0].tolist(), valid[1].tolist()], "test": [test[0].tolist(), test[1].tolist()]}


def main():
    *rules, samples = judged()
    labels = numpy.array([0] * 70 + [1] * 25 + [2] * 5)
    content = {"torch": torch.__version__.split("+")[0], "scikit-learn": sklearn.__version__, "losses": list(losses()),
               "classCounts": [70, 25, 5],
               "classWeights": compute_class_weight("balanced", classes=numpy.arange(3), y=labels).tolist(),
               "samples": samples, "rules": rules}
    (pathlib.Path(__file__).parent / "imbalance.json").write_text(json.dumps(content) + "\n")


if __name__ == "__main__":
    main()
