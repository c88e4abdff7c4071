# SPDX-License-Identifier: GPL-3.0-or-later
"""What Python torch makes of the detector: writes detector.json beside this file. Weights and inputs as in networks.py.

    .venv/bin/python tests/torch/references/detector.py
"""
import json
import math
import pathlib

import torch
from torch import nn

from networks import BasicBlock, MobileNetV2, ResNet, drawn, fill, rounded

BATCH, CLASSES = 3, 2
CASES = [
    ([3, 64, 96], {"width": "0.125", "pyramid": "8"}),
    ([1, 72, 100], {"width": "0.125", "pyramid": "8", "stride": "4"}),
    ([3, 64, 64], {"trunk": "resnet34", "width": "0.125", "pyramid": "8"}),
    ([3, 70, 90], {"trunk": "mobilenet-v2", "width": "0.25", "pyramid": "12", "stride": "4"}),
]


class Block(nn.Module):
    """conv, norm and relu, and for a head the layer that gives its values."""

    def __init__(self, channels, outputs=0):
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(channels)
        if outputs:
            self.out = nn.Conv2d(channels, outputs, 1)

    def forward(self, x):
        x = torch.relu(self.bn(self.conv(x)))
        return self.out(x) if hasattr(self, "out") else x


class Detector(nn.Module):
    def __init__(self, shape, classes, trunk="resnet18", width="1", stride="8", pyramid="64"):
        super().__init__()
        self.mobile, channels = trunk == "mobilenet-v2", int(pyramid)
        if self.mobile:
            self.features = MobileNetV2(shape, 1, width, "large").features[:-1]
            self.ends = (3, 6, 13, 17)  # the last block of each resolution
            wide = [self.features[i].conv[-1].num_features for i in self.ends]
        else:
            net = ResNet(BasicBlock, (3, 4, 6, 3) if trunk == "resnet34" else (2, 2, 2, 2), shape, 1, "large",
                         str(max(8, round(64 * float(width)))))
            for name in ("conv1", "bn1", "maxpool", "layer1", "layer2", "layer3", "layer4"):
                self.add_module(name, getattr(net, name))
            wide = [getattr(net, f"layer{i}")[-1].bn2.num_features for i in range(1, 5)]
        self.finest = 0 if stride == "4" else 1
        self.pyramid = nn.Module()
        for stage in range(3, self.finest - 1, -1):
            self.pyramid.add_module(str(stage), nn.Conv2d(wide[stage], channels, 1))
        self.smooth, self.heat, self.box = Block(channels), Block(channels, classes), Block(channels, 4)

    def stages(self, x):
        found = []
        if self.mobile:
            for i, layer in enumerate(self.features):
                x = layer(x)
                found += [x] if i in self.ends else []
        else:
            x = self.maxpool(torch.relu(self.bn1(self.conv1(x))))
            for layer in (self.layer1, self.layer2, self.layer3, self.layer4):
                x = layer(x)
                found.append(x)
        return found

    def forward(self, x):
        stages = self.stages(x)
        merged = self.pyramid.get_submodule("3")(stages[3])
        for stage in range(2, self.finest - 1, -1):
            lateral = self.pyramid.get_submodule(str(stage))(stages[stage])
            merged = lateral + nn.functional.interpolate(merged, size=lateral.shape[-2:])
        features = self.smooth(merged)
        return torch.cat([self.heat(features), self.box(features)], 1)


def measured(shape, parameters):
    network = Detector(shape, CLASSES, **parameters).to(torch.float64)
    fill(network)
    inputs = torch.from_numpy(drawn(BATCH * math.prod(shape), 9999)).reshape(BATCH, *shape)
    network.train()
    outputs = network(inputs)
    outputs.square().mean().backward()
    return {"inputShape": shape, "parameters": parameters, "names": [name for name, _ in network.named_parameters()],
            "outputShape": list(outputs.shape), "training": rounded(outputs.flatten().tolist()[::7]),
            "gradientNorms": rounded([p.grad.norm().item() for p in network.parameters()])}


def main():
    lines = ",\n".join(json.dumps(measured(*case)) for case in CASES)
    pathlib.Path(__file__).with_suffix(".json").write_text(f'{{"batch": {BATCH}, "classes": {CLASSES}, "cases": [\n{lines}\n]}}\n')


if __name__ == "__main__":
    main()
