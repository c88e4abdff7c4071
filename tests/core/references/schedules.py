# SPDX-License-Identifier: GPL-3.0-or-later
"""The learning rates of torch.optim.lr_scheduler: writes schedules.json beside this file, for tst_schedules.
Nothing is read from Descent. Made with torch 2.13.0, with every schedule of 100 steps at a peak of 0.1:

    .venv/bin/python tests/core/references/schedules.py
"""
import json
import math
import pathlib
import random

import torch
from torch.optim import lr_scheduler

PEAK, STEPS = 0.1, 100


def optimizer():
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=PEAK)


def rates(make):
    sgd = optimizer()
    schedule = make(sgd)
    values = []
    for _ in range(STEPS):
        values.append(sgd.param_groups[0]["lr"])
        sgd.step()
        schedule.step()
    return values


def after_warmup(make, steps):
    """From peak / steps up to the peak at the last of `steps`, as ours: the rate after the warm-up's end begins the schedule."""
    return lambda sgd: lr_scheduler.SequentialLR(
        sgd, [lr_scheduler.LambdaLR(sgd, lambda step: min(1, (step + 1) / steps)), make(sgd)], [steps])


def plateau(figures, mode, **options):
    sgd = optimizer()
    schedule = lr_scheduler.ReduceLROnPlateau(sgd, mode=mode, eps=0, **options)
    values = []
    for figure in figures:
        schedule.step(figure)
        values.append(sgd.param_groups[0]["lr"])
    return {"figures": [None if math.isnan(figure) else figure for figure in figures], "mode": mode, "rates": values} | options


SCHEDULES = {
    "step": lambda sgd: lr_scheduler.StepLR(sgd, 30, 0.3),
    "multi-step": lambda sgd: lr_scheduler.MultiStepLR(sgd, [12, 40, 41, 90], 0.3),
    "exponential": lambda sgd: lr_scheduler.ExponentialLR(sgd, 0.9 ** (1 / 10)),
    "polynomial": lambda sgd: lr_scheduler.PolynomialLR(sgd, STEPS, 2.5),
    "polynomial after 10": after_warmup(lambda sgd: lr_scheduler.PolynomialLR(sgd, STEPS - 10, 0.5), 10),
    "cosine": lambda sgd: lr_scheduler.CosineAnnealingLR(sgd, STEPS, 0.001),
    "cosine-restarts": lambda sgd: lr_scheduler.CosineAnnealingWarmRestarts(sgd, 10, 2, 0.001),
    "cosine-restarts, equal": lambda sgd: lr_scheduler.CosineAnnealingWarmRestarts(sgd, 7, 1, 0),
    "cosine-restarts after 5": after_warmup(lambda sgd: lr_scheduler.CosineAnnealingWarmRestarts(sgd, 10, 3, 0.001), 5),
    "one-cycle": lambda sgd: lr_scheduler.OneCycleLR(sgd, PEAK, total_steps=STEPS),
}

if __name__ == "__main__":
    draw = random.Random(5)
    noisy = [1 / (1 + 0.2 * i) + 0.1 * draw.random() for i in range(60)]
    noisy[20] = math.nan
    accuracies = [min(0.9, 0.5 + 0.02 * i) + 0.02 * draw.random() for i in range(60)]
    written = {
        "rates": {name: rates(make) for name, make in SCHEDULES.items()},
        "plateaus": [
            plateau(noisy, "min", factor=0.5, patience=3, threshold=1e-4, min_lr=0),
            plateau(noisy, "min", factor=0.1, patience=0, threshold=0.05, min_lr=0.004),
            plateau(accuracies, "max", factor=0.3, patience=2, threshold=0.01, min_lr=0),
            plateau([math.nan, math.nan, 1.0, 1.0, 1.0], "min", factor=0.5, patience=1, threshold=0, min_lr=0),
        ],
    }
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(written, indent=1) + "\n")
