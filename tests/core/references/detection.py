# SPDX-License-Identifier: GPL-3.0-or-later
"""What pycocotools' COCOeval makes of random boxes: writes detection.json beside this file, for tst_detection_metrics.
Nothing is read from Descent. Made with pycocotools 2.0.11:

    python3 -m venv /tmp/metrics-venv && /tmp/metrics-venv/bin/pip install pycocotools
    /tmp/metrics-venv/bin/python tests/core/references/detection.py [cases] [seed]

30 cases are kept. Edges are whole numbers of 1/4 pixel and scores of 1/64, which a float holds exactly, so that ties and
overlaps of exactly 0.5 occur. null is a figure that is not defined.
"""
import contextlib
import io
import json
import pathlib
import sys

import numpy
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval


def drawn(random, kind):
    """Pictures of [found, truth]: found [l, t, r, b, score, class], truth [l, t, r, b, class, ignored, area or -1]."""
    classes = int(random.integers(1, 5))
    count = {"crowded": 1, "empty": 3}.get(kind, int(random.integers(1, 5)))
    levels = int(random.choice([2, 8, 64]))
    span = float(random.choice([30, 150, 600, 2400]))
    pictures = []
    for _ in range(count):
        truth, found = [], []
        for _ in range(int(random.integers(0, 9)) if kind != "crowded" else 6):
            left, top = random.integers(0, 200, 2)
            width, height = random.integers(1, max(3, int(span * random.random())) + 1, 2)
            area = int(width * height / 16 * random.uniform(0.4, 1)) if random.random() < 0.3 else -1
            truth.append([left, top, left + width, top + height, int(random.integers(0, classes)),
                          int(random.random() < 0.15), area])
        for _ in range(int(random.integers(0, 14)) if kind != "crowded" else 150):
            if truth and random.random() < 0.8:
                left, top, right, bottom, own = truth[random.integers(len(truth))][:5]
                shake = max(1, int((right - left) * random.choice([0.02, 0.1, 0.3])))
                left, top, right, bottom = numpy.asarray([left, top, right, bottom]) + random.integers(-shake, shake + 1, 4)
                if random.random() < 0.1:
                    right = (left + right) // 2
                right, bottom = max(left, right), max(top, bottom)
                own = own if random.random() < 0.85 else int(random.integers(0, classes))
            else:
                left, top = random.integers(0, 200, 2)
                right, bottom = (left, top) + random.integers(0, int(span) + 1, 2)
                own = int(random.integers(0, classes))
            found.append([left, top, right, bottom, int(random.integers(0, levels + 1)) * (64 // levels), own])
        if kind == "nothing found":
            found = []
        if kind == "nothing there":
            truth = []
        pictures.append([[list(map(int, box)) for box in found], [list(map(int, box)) for box in truth]])
    return classes, pictures


def judged(classes, pictures):
    annotations, results = [], []
    for image, (found, truth) in enumerate(pictures):
        for left, top, right, bottom, own, ignored, area in truth:
            box = [left / 4, top / 4, (right - left) / 4, (bottom - top) / 4]
            annotations.append({"id": len(annotations) + 1, "image_id": image, "category_id": own, "bbox": box,
                                "iscrowd": ignored, "area": box[2] * box[3] if area < 0 else area})
        for left, top, right, bottom, score, own in found:
            results.append({"image_id": image, "category_id": own, "score": score / 64,
                            "bbox": [left / 4, top / 4, (right - left) / 4, (bottom - top) / 4]})
    with contextlib.redirect_stdout(io.StringIO()):
        truth = COCO()
        truth.dataset = {"info": {}, "images": [{"id": i} for i in range(len(pictures))], "annotations": annotations,
                         "categories": [{"id": i, "name": str(i)} for i in range(classes)]}
        truth.createIndex()
        found = truth.loadRes(results) if results else COCO()
        if not results:
            found.dataset = dict(truth.dataset, annotations=[])
            found.createIndex()
        judge = COCOeval(truth, found, "bbox")
        judge.evaluate()
        judge.accumulate()
        judge.summarize()
    precision = judge.eval["precision"][:, :, :, 0, 2]  # [overlap, recall, class]
    of_class = [[None if (p := chosen[:, :, c]).max() < 0 else float(p.mean()) for c in range(classes)]
                for chosen in (precision, precision[:1])]
    return [None if s < 0 else float(s) for s in judge.stats], of_class


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    random = numpy.random.default_rng(int(sys.argv[2]) if len(sys.argv) > 2 else 20261124)
    lines = []
    for i in range(count):
        kind = {0: "empty", 1: "nothing found", 2: "nothing there", 3: "crowded"}.get(i % 30, "random")
        classes, pictures = drawn(random, kind)
        if kind == "empty":
            pictures = [[[], []]] * 3
        stats, (of_class, of_class50) = judged(classes, pictures)
        lines.append(json.dumps({"name": f"{kind} {i}", "classes": classes, "pictures": pictures, "stats": stats,
                                 "ofClass": of_class, "ofClass50": of_class50}, separators=(",", ":")))
    pathlib.Path(__file__).with_suffix(".json").write_text("[" + ",\n".join(lines) + "]\n")


main()
