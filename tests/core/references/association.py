# SPDX-License-Identifier: GPL-3.0-or-later
"""What SciPy and NumPy make of boxes, ranks and groups: writes association.json beside this file, for tst_association. Up to eight values
p-values are counted over all orders, here by itertools. Nothing is read from Descent. Made with SciPy 1.17.1:

    python3 -m venv /tmp/scipy-venv && /tmp/scipy-venv/bin/pip install scipy
    /tmp/scipy-venv/bin/python tests/core/references/association.py
"""
import itertools
import json
import pathlib

import numpy
from scipy import stats

random = numpy.random.default_rng(11)


def all_orders(values, far):
    seen = far(values) - 1e-9
    found = [far(order) >= seen for order in itertools.permutations(values)]
    return sum(found) / len(found)


ranked, grouped, boxes = [], [], []
for count, step in [(5, 0), (6, 1), (7, 0), (12, 0), (27, 1), (60, 0)]:
    first = [round(v, 3 if not step else 0) for v in random.normal(0, 1.5, count)]
    second = [round(0.7 * v + w, 3) for v, w in zip(first, random.normal(0, 1, count))]
    found = stats.spearmanr(first, second)
    p = found.pvalue
    if count <= 7:
        ranks = stats.rankdata(first) - (count + 1) / 2
        p = all_orders(stats.rankdata(second) - (count + 1) / 2, lambda other: abs(numpy.dot(ranks, other)))
    ranked.append({"first": first, "second": second, "correlation": found.statistic, "pValue": p})
for count, kinds, apart in [(6, 2, 1.0), (7, 3, 2.0), (18, 3, 0.5), (40, 4, 1.0), (12, 2, 0.0)]:
    groups = [i % kinds for i in range(count)]
    values = [round(apart * g + w, 1) for g, w in zip(groups, random.normal(0, 1, count))]
    split = [[v for v, g in zip(values, groups) if g == kind] for kind in range(kinds)]
    found = stats.kruskal(*split)
    p = found.pvalue
    if count <= 7:
        sizes = [groups.count(g) for g in range(kinds)]
        p = all_orders(stats.rankdata(values), lambda r: sum(sum(v for v, g in zip(r, groups) if g == k) ** 2 / sizes[k] for k in range(kinds)))
    eta = max(0, (found.statistic - kinds + 1) / (count - kinds))
    grouped.append({"groups": groups, "values": values, "strength": eta**0.5, "pValue": p})
for count in (1, 2, 3, 5, 8, 40):
    values = [round(v, 3) for v in random.standard_t(2, count)]
    q = numpy.quantile(values, [0.25, 0.5, 0.75], method="linear")
    reach = 1.5 * (q[2] - q[0])
    inside = [v for v in values if q[0] - reach <= v <= q[2] + reach]
    boxes.append({"values": values, "quartiles": list(q), "whiskers": [min(inside), max(inside)],
                  "outliers": sorted(v for v in values if v not in inside)})
p = [0.01, 0.04, 0.03, 0.005, 0.9]
# statsmodels.stats.multitest.multipletests(p, method="holm"), by its definition: Holm (1979)
order = numpy.argsort(p)
holm = numpy.empty(len(p))
holm[order] = numpy.minimum(1, numpy.maximum.accumulate([(len(p) - i) * p[j] for i, j in enumerate(order)]))
content = {"ranked": ranked, "grouped": grouped, "boxes": boxes, "holm": {"pValues": p, "adjusted": list(holm)}}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(content, default=float) + "\n")
