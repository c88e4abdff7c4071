# SPDX-License-Identifier: GPL-3.0-or-later
"""The detector's targets and loss, written a second time in plain loops from the papers: writes detection.json beside this file.

"Objects as Points" (arXiv:1904.07850), equation 1; "Training-Time-Friendly Network" (arXiv:1909.00700): bells as wide as 0.54 of
the object, boxes learnt wherever the bell is; "Generalized Intersection over Union" (arXiv:1902.09630). No torch, float64:

    python3 tests/torch/references/detection.py
"""
import json
import math
import pathlib

CLASSES, ROWS, COLUMNS, STRIDE = 3, 6, 8, 4
BOXES = [  # left, top, right, bottom, class, ignored
    [[2, 3, 21, 19, 0, 0], [10, 6, 15, 11, 1, 0], [0.5, 0, 3, 2.5, 2, 0], [16, 12, 31, 23, 2, 1], [0, 0, 0, 0, -1, 0]],
    [[1, 1, 30, 22, 1, 0], [1, 1, 30, 22, 1, 0], [24, 16, 32, 24, 0, 0], [0, 0, 0, 0, -1, 0], [0, 0, 0, 0, -1, 0]],
    [[0, 0, 0, 0, -1, 0]] * 5,
]


def drawn(count):
    """The formula of tst_detection.cpp: numbers in [-2, 2), exact in any language."""
    return [((i * 7919 + 104729) % 4096) / 1024 - 2 for i in range(count)]


def bell(low, high, place, places):
    middle = min(max(math.floor((low + high) / 2 / STRIDE), 0), places - 1)
    radius = math.floor(0.54 * (high - low) / 2 / STRIDE)
    distance = abs(place - middle)
    return math.exp(-0.5 * (distance / ((2 * radius + 1) / 6)) ** 2) if distance <= radius else 0.0


def giou(a, b):
    inner = max(0, min(a[2], b[2]) - max(a[0], b[0])) * max(0, min(a[3], b[3]) - max(a[1], b[1]))
    hull = (max(a[2], b[2]) - min(a[0], b[0])) * (max(a[3], b[3]) - min(a[1], b[1]))
    area = [(box[2] - box[0]) * (box[3] - box[1]) for box in (a, b)]
    either = sum(area) - inner
    return inner / either - (hull - either) / hull


def softplus(x):
    return max(x, 0) + math.log1p(math.exp(-abs(x)))


def main():
    values = drawn(len(BOXES) * (CLASSES + 4) * ROWS * COLUMNS)
    at = lambda b, c, y, x: values[((b * (CLASSES + 4) + c) * ROWS + y) * COLUMNS + x]
    heat, counted, owners, weights = [], [], [], []
    focal = middles = box_loss = box_weight = 0.0
    for b, boxes in enumerate(BOXES):
        used = [box for box in boxes if box[4] >= 0]
        learnt = [box for box in used if not box[5]]
        sums = [sum(bell(o[0], o[2], x, COLUMNS) * bell(o[1], o[3], y, ROWS) for y in range(ROWS) for x in range(COLUMNS)) for o in learnt]
        for y in range(ROWS):
            for x in range(COLUMNS):
                px, py = (x + 0.5) * STRIDE, (y + 0.5) * STRIDE
                here = [bell(o[0], o[2], x, COLUMNS) * bell(o[1], o[3], y, ROWS) for o in learnt]
                counts = not any(o[5] and o[0] <= px <= o[2] and o[1] <= py <= o[3] for o in used)
                counted.append(counts)
                for c in range(CLASSES):
                    target = max([h for h, o in zip(here, learnt) if o[4] == c], default=0.0)
                    heat.append(target)
                    logit = at(b, c, y, x)
                    p = 1 / (1 + math.exp(-logit))
                    if target == 1:
                        focal += (1 - p) ** 2 * softplus(-logit)
                        middles += 1
                    elif counts:
                        focal += (1 - target) ** 4 * p ** 2 * softplus(logit)
                inside = [i for i, h in enumerate(here) if h > 0]
                areas = [(learnt[i][2] - learnt[i][0]) * (learnt[i][3] - learnt[i][1]) for i in inside]
                weight = 0.0
                if inside:
                    owner = inside[areas.index(min(areas))]
                    weight = here[owner] * math.log1p(min(areas)) / sums[owner]
                    reach = [math.exp(at(b, CLASSES + k, y, x)) * STRIDE for k in range(4)]
                    found = [px - reach[0], py - reach[1], px + reach[2], py + reach[3]]
                    box_loss += weight * (1 - giou(found, learnt[owner]))
                    box_weight += weight
                owners.append(learnt[owner][:4] if inside else None)
                weights.append(weight)
    reference = {"classes": CLASSES, "rows": ROWS, "columns": COLUMNS, "stride": STRIDE, "boxes": BOXES, "heat": heat, "counts": counted,
                 "owners": owners, "weights": weights, "loss": focal / middles + 5 * box_loss / box_weight}
    pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(reference) + "\n")


if __name__ == "__main__":
    main()
