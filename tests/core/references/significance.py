# SPDX-License-Identifier: GPL-3.0-or-later
"""What SciPy makes of random figures: writes significance.json beside this file, for tst_significance. Nothing is read from Descent.
Made with SciPy 1.17.1:

    python3 -m venv /tmp/scipy-venv && /tmp/scipy-venv/bin/pip install scipy
    /tmp/scipy-venv/bin/python tests/core/references/significance.py
"""
import json
import pathlib

import numpy
from scipy import stats

random = numpy.random.default_rng(7)


def figures(count, mean, deviation):
    return [round(value, 4) for value in random.normal(mean, deviation, count)]


cases = []
for n, m, apart, spread in [(2, 2, 0.1, 0.01), (3, 5, 0.02, 0.01), (5, 5, 0.01, 0.01), (10, 10, 0.0, 0.01), (20, 4, 0.05, 0.2), (7, 7, 1.0, 0.001)]:
    for confidence in (0.9, 0.95, 0.99):
        first, second = figures(n, 0.9, 0.01), figures(m, 0.9 + apart, spread)
        mean = stats.t.interval(confidence, n - 1, numpy.mean(first), stats.sem(first))
        welch = stats.ttest_ind(second, first, equal_var=False)
        case = {
            "first": first,
            "second": second,
            "confidence": confidence,
            "mean": [numpy.mean(first), numpy.std(first, ddof=1), *mean],
            "welch": [numpy.mean(second) - numpy.mean(first), *welch.confidence_interval(confidence), welch.pvalue, welch.df],
        }
        if n == m:
            paired = stats.ttest_rel(second, first)
            case["paired"] = [numpy.mean(second) - numpy.mean(first), *paired.confidence_interval(confidence), paired.pvalue, paired.df]
        if n == m > 2:
            case["spearman"] = stats.spearmanr(first, second).statistic
        cases.append(case)
ties = [[1, 2, 2, 3, 3, 3, 9], [5, 5, 1, 2, 8, 8, 8]]
content = {"cases": cases, "ties": {"values": ties, "spearman": stats.spearmanr(*ties).statistic}}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(content, default=float) + "\n")
