# SPDX-License-Identifier: GPL-3.0-or-later
"""Reference values for tst_precision: the states of torch.amp.GradScaler on a CPU through a written series of steps, some of them
with infinite gradients.

    .venv/bin/python tests/torch/references/loss_scaler.py > tests/torch/references/loss_scaler.json

Made with torch 2.13.0.
"""
import json
import math

import torch


def states(infinite, **options):
    weight = torch.zeros(2, requires_grad=True)
    optimizer = torch.optim.SGD([weight], lr=0.0)
    scaler = torch.amp.GradScaler("cpu", **options)
    values = []
    for is_infinite in infinite:
        weight.grad = torch.tensor([1.0, math.inf if is_infinite else 2.0])
        scaler.scale(torch.zeros(()))  # begins the scaler
        scaler.unscale_(optimizer)
        scaler.step(optimizer)
        scaler.update()
        values.append({"scale": scaler.get_scale(), "finiteSteps": scaler._get_growth_tracker()})
    return values


infinite = [1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0]
print(json.dumps({
    "infinite": infinite,
    "scales": states(infinite, growth_interval=3),
    "scales-at-the-top": states([0] * 6, init_scale=2.0**126, growth_interval=2),
}))
