# SPDX-License-Identifier: GPL-3.0-or-later
"""What Python torch makes of our architectures: writes networks.json and resnet_parameters.txt beside this file.

The networks are written here a second time, in plain torch.nn, from the papers and (ResNet) from torchvision's module
names; nothing is read from Descent. Weights and inputs follow a formula that tst_graph_network.cpp repeats, so only
outputs, losses, norms of gradients and running statistics are stored. Made with torch 2.13.0 on a CPU:

    .venv/bin/python tests/torch/references/networks.py
"""
import json
import math
import pathlib

import numpy
import torch
from torch import nn

FOLDER = pathlib.Path(__file__).parent
ACTIVATIONS = {"relu": nn.ReLU, "tanh": nn.Tanh, "gelu": nn.GELU, "silu": nn.SiLU, "leaky-relu": nn.LeakyReLU,
               "sigmoid": nn.Sigmoid}


def drawn(count, stream):
    """`count` numbers in [-1, 1), scattered but the same everywhere: an integer hash (lowbias32), exact in any language."""
    x = (numpy.arange(count, dtype=numpy.uint64) + numpy.uint64(stream * 1000003)) & numpy.uint64(0xFFFFFFFF)
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
        x ^= x >> numpy.uint64(shift)
        x = (x * numpy.uint64(factor)) & numpy.uint64(0xFFFFFFFF)
    x ^= x >> numpy.uint64(16)
    return x.astype(numpy.float64) / 2.0**31 - 1


def fill(network):
    """Weights of any layer scaled by its fan-in, vectors named weight (norms, scales) around 1, biases small."""
    for stream, (name, parameter) in enumerate(network.named_parameters()):
        values = torch.from_numpy(drawn(parameter.numel(), stream)).reshape(parameter.shape)
        if parameter.dim() > 1:
            values *= math.sqrt(6 / (parameter.numel() / parameter.shape[0]))
        else:
            values *= 0.1
        if parameter.dim() == 1 and name.endswith("weight"):
            values += 1
        with torch.no_grad():
            parameter.copy_(values)


class Mlp(nn.Module):
    def __init__(self, shape, outputs, hidden="64, 64", activation="relu", dropout="0", batchNorm="false"):
        super().__init__()
        self.steps = [nn.Flatten()]
        features = math.prod(shape)
        for i, width in enumerate(int(w) for w in hidden.split(",") if w.strip()):
            linear = nn.Linear(features, width, bias=batchNorm == "false")
            self.add_module(f"fc{i + 1}", linear)
            self.steps.append(linear)
            if batchNorm == "true":
                norm = nn.BatchNorm1d(width)
                self.add_module(f"bn{i + 1}", norm)
                self.steps.append(norm)
            self.steps += [ACTIVATIONS[activation]()]
            features = width
        self.head = nn.Linear(features, outputs)

    def forward(self, x):
        for step in self.steps:
            x = step(x)
        return self.head(x)


class SmallCnn(nn.Module):
    def __init__(self, shape, outputs, width="16", blocks="3"):
        super().__init__()
        channels, height, sides = shape
        self.count = int(blocks)
        for i in range(self.count):
            block = nn.Module()
            block.conv = nn.Conv2d(channels, int(width) << i, 3, padding=1, bias=False)
            channels = int(width) << i
            block.bn = nn.BatchNorm2d(channels)
            self.add_module(f"block{i + 1}", block)
            height, sides = height // 2, sides // 2
        self.head = nn.Linear(channels * height * sides, outputs)

    def forward(self, x):
        for i in range(self.count):
            block = self.get_submodule(f"block{i + 1}")
            x = nn.functional.max_pool2d(torch.relu(block.bn(block.conv(x))), 2)
        return self.head(x.flatten(1))


class LeNet5(nn.Module):
    def __init__(self, shape, outputs, activation="tanh", pooling="average"):
        super().__init__()
        padding = 2 if min(shape[1:]) < 32 else 0
        height, width = (((side + 2 * padding - 4) // 2 - 4) // 2 for side in shape[1:])
        self.conv1 = nn.Conv2d(shape[0], 6, 5, padding=padding)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * height * width, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, outputs)
        self.bend = ACTIVATIONS[activation]()
        self.pool = nn.AvgPool2d(2) if pooling == "average" else nn.MaxPool2d(2)

    def forward(self, x):
        x = self.pool(self.bend(self.conv1(x)))
        x = self.pool(self.bend(self.conv2(x))).flatten(1)
        return self.fc3(self.bend(self.fc2(self.bend(self.fc1(x)))))


class AlexNet(nn.Module):
    def __init__(self, shape, outputs, denseWidth="4096", dropout="0.5"):
        super().__init__()
        small = min(shape[1:]) < 64
        pool = (lambda: nn.MaxPool2d(2)) if small else (lambda: nn.MaxPool2d(3, 2))
        stem = nn.Conv2d(shape[0], 64, 3, padding=1) if small else nn.Conv2d(shape[0], 64, 11, stride=4, padding=2)
        self.features = nn.Sequential(
            stem, nn.ReLU(), pool(), nn.Conv2d(64, 192, 5, padding=2), nn.ReLU(), pool(), nn.Conv2d(192, 384, 3, padding=1),
            nn.ReLU(), nn.Conv2d(384, 256, 3, padding=1), nn.ReLU(), nn.Conv2d(256, 256, 3, padding=1), nn.ReLU(), pool())
        self.avgpool = nn.Identity() if small else nn.AdaptiveAvgPool2d((6, 6))
        features = 256 * (shape[1] // 8) * (shape[2] // 8) if small else 256 * 36
        wide, p = int(denseWidth), float(dropout)
        self.classifier = nn.Sequential(nn.Dropout(p), nn.Linear(features, wide), nn.ReLU(), nn.Dropout(p),
                                        nn.Linear(wide, wide), nn.ReLU(), nn.Linear(wide, outputs))

    def forward(self, x):
        return self.classifier(self.avgpool(self.features(x)).flatten(1))


class BasicBlock(nn.Module):
    expansion = 1

    def __init__(self, before, channels, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(before, channels, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.downsample = shortcut(before, channels, stride)

    def forward(self, x):
        y = torch.relu(self.bn1(self.conv1(x)))
        return torch.relu(self.bn2(self.conv2(y)) + (x if self.downsample is None else self.downsample(x)))


class Bottleneck(nn.Module):
    expansion = 4

    def __init__(self, before, channels, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(before, channels, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.conv3 = nn.Conv2d(channels, 4 * channels, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(4 * channels)
        self.downsample = shortcut(before, 4 * channels, stride)

    def forward(self, x):
        y = torch.relu(self.bn1(self.conv1(x)))
        y = torch.relu(self.bn2(self.conv2(y)))
        return torch.relu(self.bn3(self.conv3(y)) + (x if self.downsample is None else self.downsample(x)))


def shortcut(before, after, stride):
    if stride == 1 and before == after:
        return None
    return nn.Sequential(nn.Conv2d(before, after, 1, stride, bias=False), nn.BatchNorm2d(after))


class ResNet(nn.Module):
    def __init__(self, block, depths, shape, outputs, stem="auto", width="64"):
        super().__init__()
        width = int(width)
        if stem == "small" or (stem == "auto" and min(shape[1:]) < 64):
            self.conv1 = nn.Conv2d(shape[0], width, 3, 1, 1, bias=False)
            self.maxpool = nn.Identity()
        else:
            self.conv1 = nn.Conv2d(shape[0], width, 7, 2, 3, bias=False)
            self.maxpool = nn.MaxPool2d(3, 2, 1)
        self.bn1 = nn.BatchNorm2d(width)
        before = width
        for stage, depth in enumerate(depths):
            blocks = nn.Sequential()
            for i in range(depth):
                blocks.append(block(before, width << stage, 2 if stage > 0 and i == 0 else 1))
                before = (width << stage) * block.expansion
            self.add_module(f"layer{stage + 1}", blocks)
        self.fc = nn.Linear(before, outputs)

    def forward(self, x):
        x = self.maxpool(torch.relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(nn.functional.adaptive_avg_pool2d(x, 1).flatten(1))


class Vgg(nn.Module):
    def __init__(self, plan, shape, outputs, head="average", dropout="0.5"):
        super().__init__()
        self.features, channels, side = nn.Sequential(), shape[0], min(shape[1:])
        for step in plan:
            if step:
                self.features += nn.Sequential(nn.Conv2d(channels, step, 3, padding=1), nn.BatchNorm2d(step), nn.ReLU())
                channels = step
            else:
                self.features.append(nn.MaxPool2d(2) if side >= 2 else nn.Identity())
                side //= 2
        p, places = float(dropout), 7 if head == "dense" else 1
        self.avgpool = nn.AdaptiveAvgPool2d(places)
        self.drop = nn.Identity() if head == "dense" else nn.Dropout(p)
        self.classifier = nn.Linear(channels, outputs) if head == "average" else nn.Sequential(
            nn.Linear(channels * 49, 4096), nn.ReLU(), nn.Dropout(p), nn.Linear(4096, 4096), nn.ReLU(), nn.Dropout(p),
            nn.Linear(4096, outputs))

    def forward(self, x):
        return self.classifier(self.drop(self.avgpool(self.features(x)).flatten(1)))


def divisible(channels):
    rounded = max(8, int(channels + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * channels else rounded


def normalised(before, after, kernel, stride=1, groups=1):
    return nn.Sequential(nn.Conv2d(before, after, kernel, stride, kernel // 2, groups=groups, bias=False),
                         nn.BatchNorm2d(after), nn.ReLU6())


class InvertedResidual(nn.Module):
    def __init__(self, before, after, stride, expansion):
        super().__init__()
        hidden = before * expansion
        self.conv = nn.Sequential(*([normalised(before, hidden, 1)] if expansion != 1 else []),
                                  normalised(hidden, hidden, 3, stride, hidden),
                                  nn.Conv2d(hidden, after, 1, bias=False), nn.BatchNorm2d(after))
        self.shortcut = stride == 1 and before == after

    def forward(self, x):
        return x + self.conv(x) if self.shortcut else self.conv(x)


class MobileNetV2(nn.Module):
    def __init__(self, shape, outputs, width="1.0", stem="auto", dropout="0.2"):
        super().__init__()
        width, small = float(width), stem == "small" or (stem == "auto" and min(shape[1:]) < 96)
        before = divisible(32 * width)
        self.features = nn.Sequential(normalised(shape[0], before, 3, 1 if small else 2))
        for expansion, channels, blocks, stride in ((1, 16, 1, 1), (6, 24, 2, 1 if small else 2), (6, 32, 3, 2), (6, 64, 4, 2),
                                                    (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)):
            for block in range(blocks):
                after = divisible(channels * width)
                self.features.append(InvertedResidual(before, after, stride if block == 0 else 1, expansion))
                before = after
        last = divisible(1280 * max(1.0, width))
        self.features.append(normalised(before, last, 1))
        self.classifier = nn.Sequential(nn.Dropout(float(dropout)), nn.Linear(last, outputs))

    def forward(self, x):
        return self.classifier(nn.functional.adaptive_avg_pool2d(self.features(x), 1).flatten(1))


class ChannelNorm(nn.LayerNorm):
    def forward(self, x):
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class Scale(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))

    def forward(self, x):
        return x * self.weight[:, None, None]


class ConvNextBlock(nn.Module):
    def __init__(self, channels, kernel):
        super().__init__()
        self.depthwise = nn.Conv2d(channels, channels, kernel, padding=kernel // 2, groups=channels)
        self.norm = ChannelNorm(channels)
        self.expand = nn.Conv2d(channels, 4 * channels, 1)
        self.project = nn.Conv2d(4 * channels, channels, 1)
        self.scale = Scale(channels)

    def forward(self, x):
        return x + self.scale(self.project(nn.functional.gelu(self.expand(self.norm(self.depthwise(x))))))


class ConvNext(nn.Module):
    def __init__(self, shape, outputs, width="32", depths="2, 2, 4, 2", patch="0", kernel="7"):
        super().__init__()
        channels, side, patch = int(width), min(shape[1:]), int(patch)
        patch = patch or (4 if side >= 96 else 2 if side >= 48 else 1)
        self.stem = nn.Sequential(nn.Conv2d(shape[0], channels, patch, patch), ChannelNorm(channels))
        self.stages = nn.ModuleList()
        for stage, depth in enumerate(int(d) for d in depths.split(",")):
            part = nn.Sequential()
            if stage:
                part.add_module("downsample", nn.Sequential(ChannelNorm(channels), nn.Conv2d(channels, 2 * channels, 2, 2)))
                channels *= 2
            for block in range(depth):
                part.add_module(str(block), ConvNextBlock(channels, int(kernel)))
            self.stages.append(part)
        self.norm = nn.LayerNorm(channels)
        self.head = nn.Linear(channels, outputs)

    def forward(self, x):
        x = self.stem(x)
        for stage in self.stages:
            x = stage(x)
        return self.head(self.norm(x.mean((2, 3))))


class TransformerBlock(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.norm1 = nn.LayerNorm(width)
        self.attention = nn.MultiheadAttention(width, heads, batch_first=True)
        self.norm2 = nn.LayerNorm(width)
        self.expand = nn.Linear(width, 4 * width)
        self.project = nn.Linear(4 * width, width)

    def forward(self, x):
        y = self.norm1(x)
        x = x + self.attention(y, y, y, need_weights=False)[0]
        return x + self.project(nn.functional.gelu(self.expand(self.norm2(x))))


class VisionTransformer(nn.Module):
    def __init__(self, shape, outputs, patch="0", width="96", depth="4", heads="4", dropout="0"):
        super().__init__()
        patch, width = int(patch) or max(2, min(shape[1:]) // 8), int(width)
        self.patches = nn.Conv2d(shape[0], width, patch, patch)
        self.positions = nn.Embedding((shape[1] // patch) * (shape[2] // patch), width)
        self.blocks = nn.Sequential(*[TransformerBlock(width, int(heads)) for _ in range(int(depth))])
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, outputs)

    def forward(self, x):
        x = self.patches(x).flatten(2).transpose(1, 2) + self.positions.weight
        return self.head(self.norm(self.blocks(x)).mean(1))


class TabularResNet(nn.Module):
    def __init__(self, shape, outputs, width="128", depth="3", expansion="2", dropout="0"):
        super().__init__()
        width, wide = int(width), int(width) * int(expansion)
        self.first = nn.Linear(shape[0], width)
        self.blocks = nn.ModuleList([nn.ModuleDict({"norm": nn.BatchNorm1d(width), "expand": nn.Linear(width, wide),
                                                    "project": nn.Linear(wide, width)}) for _ in range(int(depth))])
        self.norm = nn.BatchNorm1d(width)
        self.head = nn.Linear(width, outputs)

    def forward(self, x):
        x = self.first(x)
        for block in self.blocks:
            x = x + block["project"](torch.relu(block["expand"](block["norm"](x))))
        return self.head(torch.relu(self.norm(x)))


class FeatureTokens(nn.Module):
    def __init__(self, features, width):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(features, width))
        self.bias = nn.Parameter(torch.empty(features, width))

    def forward(self, x):
        return x[:, :, None] * self.weight + self.bias


class FtTransformer(nn.Module):
    def __init__(self, shape, outputs, width="64", depth="3", heads="8", dropout="0"):
        super().__init__()
        width = int(width)
        self.tokens = FeatureTokens(shape[0], width)
        self.add_module("class", nn.ParameterDict({"token": torch.empty(width)}))
        self.blocks = nn.Sequential(*[TransformerBlock(width, int(heads)) for _ in range(int(depth))])
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, outputs)

    def forward(self, x):
        x = self.tokens(x)
        token = self.get_submodule("class")["token"].expand(len(x), 1, -1)
        return self.head(torch.relu(self.norm(self.blocks(torch.cat([x, token], 1)))[:, -1]))


VGG11 = (64, 0, 128, 0, 256, 256, 0, 512, 512, 0, 512, 512, 0)
VGG16 = (64, 64, 0, 128, 128, 0, 256, 256, 256, 0, 512, 512, 512, 0, 512, 512, 512, 0)

NETWORKS = {
    "vgg11": lambda *a, **k: Vgg(VGG11, *a, **k), "vgg16": lambda *a, **k: Vgg(VGG16, *a, **k),
    "mobilenet-v2": MobileNetV2, "convnext": ConvNext, "vision-transformer": VisionTransformer,
    "tabular-resnet": TabularResNet, "ft-transformer": FtTransformer,
    "mlp": Mlp, "small-cnn": SmallCnn, "lenet5": LeNet5, "alexnet": AlexNet,
    "resnet18": lambda *a, **k: ResNet(BasicBlock, (2, 2, 2, 2), *a, **k),
    "resnet34": lambda *a, **k: ResNet(BasicBlock, (3, 4, 6, 3), *a, **k),
    "resnet50": lambda *a, **k: ResNet(Bottleneck, (3, 4, 6, 3), *a, **k),
}

CASES = [
    ("mlp", [4], {"hidden": "8, 6"}),
    ("mlp", [7], {"hidden": ""}),
    *[("mlp", [5], {"hidden": "9, 7", "activation": name}) for name in ACTIVATIONS if name != "relu"],
    ("mlp", [2, 5, 3], {"hidden": "12", "batchNorm": "true", "activation": "tanh"}),
    ("small-cnn", [1, 28, 28], {}),
    ("small-cnn", [3, 13, 18], {"width": "5", "blocks": "2"}),
    ("lenet5", [1, 28, 28], {}),
    ("lenet5", [3, 40, 32], {"activation": "relu", "pooling": "max"}),
    ("alexnet", [3, 32, 32], {"denseWidth": "64", "dropout": "0"}),
    ("alexnet", [3, 70, 64], {"denseWidth": "32", "dropout": "0"}),
    ("alexnet", [1, 28, 100], {"denseWidth": "16", "dropout": "0"}),
    ("resnet18", [3, 32, 32], {"width": "8"}),
    ("resnet18", [1, 64, 80], {"width": "8"}),
    ("resnet18", [3, 24, 90], {"width": "4"}),
    ("resnet34", [3, 64, 64], {"width": "8", "stem": "large"}),
    ("resnet50", [3, 32, 32], {"width": "8"}),
    ("resnet50", [3, 96, 96], {"width": "4", "stem": "small"}),
    ("vgg11", [1, 28, 28], {"dropout": "0"}),
    ("vgg16", [3, 34, 40], {"dropout": "0"}),
    ("mobilenet-v2", [3, 32, 32], {"width": "0.25", "dropout": "0"}),
    ("mobilenet-v2", [3, 96, 100], {"width": "0.25", "dropout": "0"}),
    ("convnext", [1, 28, 28], {"width": "8"}),
    ("convnext", [3, 50, 64], {"width": "6", "depths": "1, 2", "kernel": "5"}),
    ("vision-transformer", [3, 32, 32], {"width": "24", "depth": "2"}),
    ("tabular-resnet", [7], {"width": "12", "dropout": "0"}),
    ("ft-transformer", [6], {"width": "16", "depth": "2", "heads": "4", "dropout": "0"}),
    ("vision-transformer", [1, 28, 30], {"patch": "5", "width": "12", "depth": "1", "heads": "3"}),
]
BATCH, OUTPUTS = 6, 5


def rounded(values):
    return [float(f"{value:.12g}") for value in values]


def measured(kind, shape, parameters):
    """In float64: what rounding does is then far below what a slip in a layer would do."""
    network = NETWORKS[kind](shape, OUTPUTS, **parameters).to(torch.float64)
    fill(network)
    inputs = torch.from_numpy(drawn(BATCH * math.prod(shape), 9999)).reshape(BATCH, *shape)
    targets = torch.arange(BATCH) % OUTPUTS
    network.train()
    outputs = network(inputs)
    loss = nn.functional.cross_entropy(outputs, targets)
    loss.backward()
    gradients = [p.grad.norm().item() for p in network.parameters()]
    running = [b.norm().item() for b in network.buffers() if b.is_floating_point()]
    network.eval()
    with torch.no_grad():
        evaluated = network(inputs)
    return {"architecture": kind, "inputShape": shape, "parameters": parameters,
            "names": [name for name, _ in network.named_parameters()],
            "training": rounded(outputs.flatten().tolist()), "loss": loss.item(), "gradientNorms": rounded(gradients),
            "runningNorms": rounded(running), "evaluation": rounded(evaluated.flatten().tolist())}


def main():
    lines = ",\n".join(json.dumps(measured(*case)) for case in CASES)
    (FOLDER / "networks.json").write_text(
        f'{{"torch": "{torch.__version__.split("+")[0]}", "batch": {BATCH}, "outputs": {OUTPUTS}, "cases": [\n{lines}\n]}}\n')

    listing = []
    for kind in ("resnet18", "resnet34", "resnet50"):
        with torch.device("meta"):
            network = NETWORKS[kind]([3, 224, 224], 1000)
        trainable = dict(network.named_parameters())
        listing += [f"{kind} {'parameter' if name in trainable else 'buffer'} {name} {'x'.join(map(str, tensor.shape)) or 'scalar'}"
                    for name, tensor in network.state_dict().items()]
    (FOLDER / "resnet_parameters.txt").write_text("\n".join(listing) + "\n")


if __name__ == "__main__":
    main()
