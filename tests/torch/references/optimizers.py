# SPDX-License-Identifier: GPL-3.0-or-later
"""Reference values for tst_optimizers: 100 steps of torch.optim (Lion: of its paper) on a problem made by formulas.

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


class Lion(torch.optim.Optimizer):
    """Algorithm 2 of arXiv:2302.06675, line by line."""

    def __init__(self, params, lr, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(params, {"lr": lr, "betas": betas, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                m = self.state[p].setdefault("m", torch.zeros_like(p))
                c = beta1 * m + (1 - beta1) * p.grad
                p.copy_(p - group["lr"] * (torch.sign(c) + group["weight_decay"] * p))
                m.copy_(beta2 * m + (1 - beta2) * p.grad)


class Both:
    """Muon for the weight, AdamW for the bias."""

    def __init__(self, params, lr, weight_decay, bias_decay, factor=1.0):
        self.parts = [
            torch.optim.Muon(params[:1], lr=lr * factor, weight_decay=weight_decay, adjust_lr_fn="match_rms_adamw"),
            torch.optim.AdamW(params[1:], lr=lr, weight_decay=bias_decay),
        ]

    def zero_grad(self):
        for part in self.parts:
            part.zero_grad()

    def step(self):
        for part in self.parts:
            part.step()


def slow_weight(p, lr, bias_decay):
    """The weight learns at a tenth of the bias's rate, and the bias decays as it is told."""
    return [{"params": p[:1], "lr": lr / 10}, {"params": p[1:], "lr": lr, "weight_decay": bias_decay}]


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
    "nadam": lambda p: torch.optim.NAdam(p, lr=0.02, betas=(0.8, 0.99), eps=1e-7, weight_decay=0.01),
    "nadam-groups": lambda p: torch.optim.NAdam(slow_weight(p, 0.02, 0), weight_decay=0.01),
    "rmsprop": lambda p: torch.optim.RMSprop(p, lr=0.005),
    "rmsprop-momentum": lambda p: torch.optim.RMSprop(p, lr=0.005, alpha=0.9, eps=1e-7, momentum=0.8, weight_decay=0.01),
    "rmsprop-centered": lambda p: torch.optim.RMSprop(p, lr=0.005, momentum=0.5, centered=True, weight_decay=0.01),
    "rmsprop-groups": lambda p: torch.optim.RMSprop(slow_weight(p, 0.005, 0), momentum=0.8, weight_decay=0.01),
    "adagrad": lambda p: torch.optim.Adagrad(p, lr=0.1, eps=1e-8, weight_decay=0.01),
    "adagrad-groups": lambda p: torch.optim.Adagrad(slow_weight(p, 0.1, 0), eps=1e-8, weight_decay=0.01),
    "lion": lambda p: Lion(p, lr=0.01),
    "lion-decay": lambda p: Lion(p, lr=0.01, betas=(0.8, 0.95), weight_decay=0.1),
    "lion-groups": lambda p: Lion(slow_weight(p, 0.01, 0), lr=0.01, weight_decay=0.1),
    "muon": lambda p: Both(p, lr=0.02, weight_decay=0.1, bias_decay=0.1),
    "muon-groups": lambda p: Both(p, lr=0.02, weight_decay=0.1, bias_decay=0, factor=0.1),
}
print(json.dumps({name: trajectory(make) for name, make in cases.items()}, indent=1))
