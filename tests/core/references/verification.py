# SPDX-License-Identifier: GPL-3.0-or-later
"""Verification in folds and identification, by trying and sorting: writes verification.json beside this file, for
tst_verification. No library has both; the folds and accuracies are scikit-learn's. Nothing is read from Descent.
Made with scikit-learn 1.9.1:

    python3 -m venv /tmp/metrics-venv && /tmp/metrics-venv/bin/pip install scikit-learn
    /tmp/metrics-venv/bin/python tests/core/references/verification.py

Scores are stored as whole numbers of 1/128, which a float holds exactly; null is infinity.
"""
import json
import pathlib

import numpy
from sklearn.metrics import accuracy_score
from sklearn.model_selection import KFold

UNIT = 128


def verified(random):
    count, folds = int(random.integers(10, 60)), int(random.integers(2, 6))
    same = random.integers(0, 2, count)
    scores = numpy.clip(random.integers(-128, 129, count) // 2 + 50 * same, -128, 128)
    figures, thresholds = [], []
    for train, test in KFold(folds).split(scores):
        candidates = [numpy.inf] + sorted(set(scores[train].tolist()), reverse=True)
        accuracies = [accuracy_score(same[train], scores[train] >= t) for t in candidates]
        chosen = candidates[int(numpy.argmax(numpy.asarray(accuracies) > max(accuracies) - 1e-12))]
        thresholds.append(None if numpy.isinf(chosen) else chosen / UNIT)
        figures.append(accuracy_score(same[test], scores[test] >= chosen))
    return {"scores": scores.tolist(), "isSame": same.tolist(), "folds": folds, "ofFold": figures, "thresholds": thresholds,
            "mean": float(numpy.mean(figures)), "standardError": float(numpy.std(figures, ddof=1) / numpy.sqrt(folds))}


def identified(random):
    people, pictures, count = int(random.integers(1, 12)), int(random.integers(1, 16)), int(random.integers(1, 12))
    gallery, probes = random.integers(0, people, pictures), random.integers(0, people + 3, count)
    scores = random.integers(0, int(random.choice([4, 128])) + 1, (count, pictures)) + 20 * (probes[:, None] == gallery[None, :])
    ranks, nearest, own = [], [], []
    for probe, row in zip(probes, scores):
        order = sorted(range(pictures), key=lambda i: -row[i])  # stable: of equal scores the first picture
        ranking = list(dict.fromkeys(gallery[i] for i in order))
        ranks.append(ranking.index(probe) if probe in ranking else -1)
        nearest.append(order[0])
        own.append(max((int(s) for s, g in zip(row, gallery) if g == probe), default=None))
    strangers = [int(scores[i][nearest[i]]) for i in range(count) if ranks[i] < 0]
    rates = []
    for threshold in (None, 10, 24, 100):
        least = -numpy.inf if threshold is None else threshold
        known = [(r, o) for r, o in zip(ranks, own) if r >= 0]
        rates.append([threshold] + [numpy.mean([r < k and o >= least for r, o in known]) if known else None for k in (1, 5)]
                     + [numpy.mean([s < least for s in strangers]) if strangers else None])
    accepted = []
    for rate in (0, 0.2, 0.5, 1):  # how many strangers the best threshold lets in
        fits = [sum(s >= t for s in strangers) for t in range(0, 300) if sum(s >= t for s in strangers) <= rate * len(strangers)]
        accepted.append([rate, max(fits)])
    return {"gallery": gallery.tolist(), "probes": probes.tolist(), "scores": scores.ravel().tolist(), "ranks": ranks,
            "nearest": nearest, "own": own, "rates": rates, "accepted": accepted}


def main():
    random = numpy.random.default_rng(20261124)
    lines = [",\n".join(json.dumps(make(random)) for _ in range(16)) for make in (verified, identified)]
    text = f'{{"unit": {UNIT}, "verified": [\n{lines[0]}],\n"identified": [\n{lines[1]}]}}\n'
    pathlib.Path(__file__).with_suffix(".json").write_text(text)


main()
