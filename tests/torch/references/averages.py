# SPDX-License-Identifier: GPL-3.0-or-later
"""Reference values for tst_averaged_weights: torch.optim.swa_utils along 20 steps of weights made by formulas.

    .venv/bin/python tests/torch/references/averages.py > tests/torch/references/averages.json

Three inputs, four features with batch norm, two outputs; weights of step t are sines. update_bn sees three batches of unlike
sizes. Made with torch 2.13.0 on a CPU, in float32.
"""
import json
import math

import torch
from torch.optim import swa_utils


def formula(shape, phase):
    count = math.prod(shape)
    return torch.tensor([math.sin(0.7 * i + phase) for i in range(count)]).reshape(shape)


class Network(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.linear1 = torch.nn.Linear(3, 4)
        self.norm = torch.nn.BatchNorm1d(4)
        self.linear2 = torch.nn.Linear(4, 2)

    def forward(self, inputs):
        return self.linear2(torch.relu(self.norm(self.linear1(inputs))))


def move(network, step):
    with torch.no_grad():
        for i, parameter in enumerate(network.parameters()):
            parameter.copy_(formula(tuple(parameter.shape), 0.3 * step + i))


def averages(multi_avg_fn):
    network = Network()
    averaged = swa_utils.AveragedModel(network, multi_avg_fn=multi_avg_fn)
    trace = []
    for step in range(20):
        move(network, step)
        averaged.update_parameters(network)
        trace.append([p.flatten().tolist() for p in averaged.module.parameters()])
    swa_utils.update_bn([formula((rows, 3), rows) for rows in (5, 8, 3)], averaged)
    norm = averaged.module.norm
    averaged.eval()
    return {"first": trace[0], "second": trace[1], "last": trace[-1], "running_mean": norm.running_mean.tolist(),
            "running_var": norm.running_var.tolist(), "outputs": averaged(formula((4, 3), 9)).flatten().tolist()}


print(json.dumps({"moving": averages(swa_utils.get_ema_multi_avg_fn(0.9)), "equal": averages(swa_utils.get_swa_multi_avg_fn())}, indent=1))
