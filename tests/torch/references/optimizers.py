# SPDX-License-Identifier: GPL-3.0-or-later
"""Reference values for tst_optimizers: 100 steps of torch.optim on a problem made by formulas.

    .venv/bin/python tests/torch/references/optimizers.py > tests/torch/references/optimizers.json

A linear map of 5 inputs to 3 outputs meets targets it cannot reach; the loss is the mean squared error over 8 samples.
Made with torch 2.13.0 on a CPU, in float32.
"""
import json
import math

import torch


def formula(rows, columns, phase):
    return torch.tensor([[math.sin(0.7 * (r * columns + c) + phase) for c in range(columns)] for r in range(rows)])


def trajectory(make):
    weight = formula(3, 5, 0.1).requires_grad_()
    bias = formula(1, 3, 0.2)[0].clone().requires_grad_()
    inputs, targets = formula(8, 5, 0.3), formula(8, 3, 1.4)
    optimizer = make([weight, bias])
    losses = []
    for _ in range(100):
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(torch.nn.functional.linear(inputs, weight, bias), targets)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return {"losses": losses, "weight": weight.detach().flatten().tolist(), "bias": bias.detach().tolist()}


cases = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.05),
    "sgd-momentum": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, weight_decay=0.01),
    "sgd-nesterov": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, nesterov=True, weight_decay=0.01),
    "adam": lambda p: torch.optim.Adam(p, lr=0.02, betas=(0.8, 0.99), eps=1e-7, weight_decay=0.01),
    "adamw": lambda p: torch.optim.AdamW(p, lr=0.02, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.1),
    # Groups: the weight learns at a tenth of the bias's rate.
    "sgd-groups": lambda p: torch.optim.SGD([{"params": p[:1], "lr": 0.005}, {"params": p[1:], "lr": 0.05}], momentum=0.9,
                                            weight_decay=0.01),
    "adam-groups": lambda p: torch.optim.Adam([{"params": p[:1], "lr": 0.002}, {"params": p[1:], "lr": 0.02}],
                                              weight_decay=0.01),
    "adamw-groups": lambda p: torch.optim.AdamW([{"params": p[:1], "lr": 0.002}, {"params": p[1:], "lr": 0.02, "weight_decay": 0}],
                                                weight_decay=0.1),
}
print(json.dumps({name: trajectory(make) for name, make in cases.items()}, indent=1))
