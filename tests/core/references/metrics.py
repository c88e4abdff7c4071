# SPDX-License-Identifier: GPL-3.0-or-later
"""What scikit-learn makes of random scores: writes metrics.json beside this file, for tst_ranking_metrics and
tst_classification_metrics. Where scikit-learn has no such function (equal error rate, cost, calibration error), the
figure is found here by trying every threshold. Nothing is read from Descent. Made with scikit-learn 1.9.1:

    python3 -m venv /tmp/metrics-venv && /tmp/metrics-venv/bin/pip install scikit-learn
    /tmp/metrics-venv/bin/python tests/core/references/metrics.py

Scores are stored as whole numbers of 1/1024, which a float holds exactly; null is a figure that is not defined.
"""
import json
import pathlib
import warnings

import numpy
from sklearn import metrics
from sklearn.calibration import calibration_curve
from sklearn.preprocessing import label_binarize

warnings.filterwarnings("ignore")  # classes that are missing are meant to be
UNIT = 1024
RATES = [0.0, 0.01, 0.1, 0.25, 0.5, 1.0]
COSTS = [[1, 1], [10, 1], [1, 25]]


def best(thresholds, figures):
    """[threshold, figure] of the largest figure, of several the highest threshold; infinity is written as null."""
    top = max(figures)
    threshold = max(t for t, f in zip(thresholds, figures) if f > top - 1e-12)
    return [None if numpy.isinf(threshold) else threshold, top]


def binary(name, scores, positives):
    s, y = numpy.asarray(scores) / UNIT, numpy.asarray(positives)
    case = {"name": name, "scores": list(map(int, scores)), "positives": list(map(int, positives))}
    both = 0 < y.sum() < len(y)
    thresholds = [numpy.inf] + sorted(set(s.tolist()), reverse=True)
    if len(y):
        fpr, tpr, _ = metrics.roc_curve(y, s, drop_intermediate=False)
        precision, recall, _ = metrics.precision_recall_curve(y, s)
        case["roc"] = [[None if numpy.isnan(v) else v for v in values.tolist()] for values in (fpr, tpr)]
        case["precision"] = precision.tolist()
        case["recall"] = recall.tolist() if y.any() else None
        case["bestAccuracy"] = best(thresholds, [metrics.accuracy_score(y, s >= t) for t in thresholds])
        case["costs"] = []
        for fp, fn in COSTS:
            mean = [(fp * ((s >= t) & (y == 0)).sum() + fn * ((s < t) & (y == 1)).sum()) / len(y) for t in thresholds]
            threshold, figure = best(thresholds, [-c for c in mean])
            case["costs"].append([threshold, -figure])
        case["brier"] = float(((s - y) ** 2).mean()) if not both else metrics.brier_score_loss(y, s)
        case["calibration"] = []
        for bins in (1, 5, 10, 15):
            share, mean = calibration_curve(y, s, n_bins=bins)
            counts = numpy.histogram(-s, bins=-numpy.linspace(0, 1, bins + 1)[::-1])[0][::-1]  # (lower, upper], as above
            counts = counts[counts > 0]
            error = (counts * numpy.abs(share - mean)).sum() / len(y)
            case["calibration"].append({"bins": bins, "share": share.tolist(), "mean": mean.tolist(), "error": error})
    if y.any():
        case["f1"] = [metrics.f1_score(y, s >= t, zero_division=0) for t in thresholds]
        case["bestF1"] = best(thresholds, case["f1"])
    if both:
        case["auc"] = metrics.roc_auc_score(y, s)
        case["averagePrecision"] = metrics.average_precision_score(y, s)
        case["trueAcceptRates"] = []
        for rate in RATES:
            top = tpr[fpr <= rate].max()
            first = int(numpy.flatnonzero(tpr == top)[0])
            threshold = None if first == 0 else thresholds[first]
            case["trueAcceptRates"].append([rate, fpr[first], top, threshold])
        steps = numpy.arange(len(fpr))
        crossing = numpy.interp(0, fpr - (1 - tpr), steps)
        case["equalErrorRate"] = float(numpy.interp(crossing, steps, fpr))
    return case


def several(name, classes, scores, truth):
    s, y = numpy.asarray(scores).reshape(-1, classes) / UNIT, numpy.asarray(truth)
    labels = numpy.arange(classes)
    predicted = s.argmax(1)
    present = [c for c in range(classes) if 0 < (y == c).sum() < len(y)]
    indicator = (y[:, None] == labels[None, :]).astype(int)
    if classes > 2:
        assert (indicator == label_binarize(y, classes=labels)).all()
    p, r, f, support = metrics.precision_recall_fscore_support(y, predicted, labels=labels, zero_division=0)
    distinct = all(len(set(row)) == classes for row in s.tolist())
    return {
        "name": name, "classes": classes, "scores": list(map(int, numpy.ravel(scores))), "truth": list(map(int, truth)),
        "confusion": metrics.confusion_matrix(y, predicted, labels=labels).ravel().tolist(),
        "precision": p.tolist(), "recall": r.tolist(), "f1": f.tolist(), "support": support.tolist(),
        "macroF1": metrics.f1_score(y, predicted, average="macro", zero_division=0),
        "accuracy": metrics.accuracy_score(y, predicted),
        "topK": [metrics.top_k_accuracy_score(y, s if classes > 2 else s[:, 1] - s[:, 0], k=k, labels=labels)
                 for k in range(1, classes)] if distinct and (classes > 2) else None,
        "auc": [metrics.roc_auc_score(indicator[:, c], s[:, c]) if c in present else None for c in labels],
        "macroAuc": metrics.roc_auc_score(indicator[:, present], s[:, present], average="macro") if present else None,
    }


def main():
    random = numpy.random.default_rng(20261124)
    cases = [binary("no sample", [], [])]
    cases += [binary(f"one {'positive' if p else 'negative'} at {s}", [s], [p]) for s, p in ((512, 1), (0, 0), (1024, 1))]
    cases += [binary("constant scores", [300] * 9, [1, 0, 0, 1, 0, 1, 0, 0, 0]),
              binary("no positive", random.integers(0, UNIT + 1, 12), [0] * 12),
              binary("no negative", random.integers(0, UNIT + 1, 12), [1] * 12),
              binary("parted", [900, 800, 700, 300, 200], [1, 1, 1, 0, 0]),
              binary("parted the wrong way", [900, 800, 700, 300, 200], [0, 0, 1, 1, 1]),
              binary("on the edges of bins", [0, 0, 256, 512, 512, 768, 1024, 1024], [0, 1, 0, 1, 0, 1, 1, 0])]
    for i in range(24):
        count = int(random.integers(2, 40))
        levels = int(random.choice([2, 4, 16, UNIT]))  # few levels: many ties
        positives = (random.random(count) < random.choice([0.1, 0.5, 0.8])).astype(int)
        scores = random.integers(0, levels + 1, count) * (UNIT // levels)
        scores = numpy.where((positives == 1) & (random.random(count) < 0.4), UNIT - scores // 4, scores)
        cases.append(binary(f"random {i}, {levels} levels", scores, positives))
    tables = []
    for i in range(14):
        classes, count = int(random.integers(2, 7)), int(random.integers(1, 30))
        known = random.integers(1, classes + 1)  # some classes may never occur
        truth = random.integers(0, known, count)
        if i % 2:
            scores = numpy.stack([random.permutation(UNIT)[:classes] for _ in range(count)])  # no ties within a row
        else:
            scores = random.integers(0, 4, (count, classes)) * 256
        tables.append(several(f"random {i}, {classes} classes", classes, scores, truth))
    lines = [f'{{"unit": {UNIT}, "costs": {COSTS}, "binary": [']
    lines += [",\n".join(json.dumps(c) for c in cases), '], "several": [', ",\n".join(json.dumps(c) for c in tables), "]}"]
    pathlib.Path(__file__).with_suffix(".json").write_text("\n".join(lines) + "\n")


main()
