# SPDX-License-Identifier: GPL-3.0-or-later
"""The trainer against Python torch in eager mode: the same five models, batch sizes, optimizer and number of threads, the
data resident and the pictures channels-last in both. Runs both turn by turn and prints JSON with the ratio ours / Python of
the time a step. Both are held to the same two cores: two threads on cores that share a cache are half as fast again as on two
that do not, and the scheduler's choice would decide the ratio.

    .venv/bin/python tests/bench/python_eager.py build/release/bench/bench_loop_tax
"""
import json
import math
import os
import statistics
import subprocess
import sys
import time

import torch
from torch import nn
import torch.nn.functional as F


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)), inplace=True)
        y = self.bn2(self.conv2(y))
        return F.relu(y + (x if self.downsample is None else self.downsample(x)), inplace=True)


def resnet18():
    layers = [nn.Conv2d(1, 64, 3, 1, 1, bias=False), nn.BatchNorm2d(64), nn.ReLU(inplace=True)]
    width = 64
    for stage, channels in enumerate([64, 128, 256, 512]):
        layers += [Block(width, channels, 2 if stage else 1), Block(channels, channels, 1)]
        width = channels
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, 10))


def small_cnn():
    layers, channels = [], 1
    for width in (16, 32, 64):
        layers += [nn.Conv2d(channels, width, 3, padding=1, bias=False), nn.BatchNorm2d(width), nn.ReLU(inplace=True), nn.MaxPool2d(2)]
        channels = width
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(64 * 9, 10))


def lenet5():
    return nn.Sequential(nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2), nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2),
                         nn.Flatten(), nn.Linear(400, 120), nn.Tanh(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10))


MODELS = {
    "tiny-mlp": (lambda: nn.Sequential(nn.Linear(2, 64), nn.Tanh(), nn.Linear(64, 64), nn.Tanh(), nn.Linear(64, 2)), (2,), 2, 32, 1500),
    "mlp-784": (lambda: nn.Sequential(nn.Flatten(), nn.Linear(784, 256), nn.Tanh(), nn.Linear(256, 256), nn.Tanh(), nn.Linear(256, 10)),
                (1, 28, 28), 10, 64, 180),
    "small-cnn": (small_cnn, (1, 28, 28), 10, 64, 180),
    "lenet5": (lenet5, (1, 28, 28), 10, 64, 180),
    "resnet18-28": (resnet18, (1, 28, 28), 10, 32, 15),
}


def python_step(name, threads):
    make, shape, classes, batch, steps = MODELS[name]
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    count = batch * 100
    inputs, targets = torch.randn(count, *shape), torch.randint(classes, (count,))
    model = make()
    if len(shape) == 3 and name != "mlp-784":
        model = model.to(memory_format=torch.channels_last)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    model.train()
    order = torch.randperm(count)
    for step in range(steps + 5):
        if step == 5:
            start = time.perf_counter()
        rows = order[step % 100 * batch:(step % 100 + 1) * batch]
        optimizer.zero_grad()
        loss = F.cross_entropy(model(inputs[rows]), targets[rows])
        loss.backward()
        optimizer.step()
    return (time.perf_counter() - start) / steps * 1e6


def main():
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    os.sched_setaffinity(0, set(sorted(os.sched_getaffinity(0))[:2]))   # children inherit it
    ratios = {name: [] for name in MODELS}
    for name in MODELS:
        python_step(name, 1 if name == "tiny-mlp" else 2)   # warms up: kernels are chosen at the first use of a shape
    for _ in range(rounds):
        ours = json.loads(subprocess.run([sys.argv[1], "1"], capture_output=True, check=True, text=True).stdout)
        for model in ours["models"]:
            ratios[model["model"]].append(model["oursMicroseconds"] / python_step(model["model"], model["threads"]))
    medians = {name: round(statistics.median(values), 4) for name, values in ratios.items()}
    print(json.dumps({"ratioToPythonEager": medians, "rounds": rounds, "torch": torch.__version__,
                      "geometricMean": round(math.exp(statistics.mean(map(math.log, medians.values()))), 4)}, indent=2))


main()
