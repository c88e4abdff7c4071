# SPDX-License-Identifier: GPL-3.0-or-later
"""What Python torch makes of networks and losses that compare: faces, pictures and captions. Writes comparing.json beside this file.

Written a second time in plain torch.nn and, for the losses, in loops over pairs, from the papers named in our headers; nothing
is read from Descent. Weights and inputs follow the formula of networks.py. Made with torch 2.13.0 on a CPU:

    .venv/bin/python tests/torch/references/comparing.py
"""
import json
import math
import pathlib

import torch
from torch import nn
from torch.nn import functional as F

from networks import drawn, fill, rounded

FOLDER = pathlib.Path(__file__).parent


class Basic(nn.Module):
    def __init__(self, ins, outs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(ins, outs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outs)
        self.conv2 = nn.Conv2d(outs, outs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outs)
        self.downsample = (nn.Sequential(nn.Conv2d(ins, outs, 1, stride, bias=False), nn.BatchNorm2d(outs))
                           if stride > 1 or ins != outs else None)

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + (x if self.downsample is None else self.downsample(x)))


class Inverted(nn.Module):
    def __init__(self, ins, outs, stride):
        super().__init__()
        hidden = 4 * ins
        self.expand = nn.Conv2d(ins, hidden, 1, bias=False)
        self.expand_bn = nn.BatchNorm2d(hidden)
        self.depthwise = nn.Conv2d(hidden, hidden, 3, stride, 1, groups=hidden, bias=False)
        self.depthwise_bn = nn.BatchNorm2d(hidden)
        self.project = nn.Conv2d(hidden, outs, 1, bias=False)
        self.project_bn = nn.BatchNorm2d(outs)
        self.shortcut = stride == 1 and ins == outs

    def forward(self, x):
        y = F.relu6(self.expand_bn(self.expand(x)))
        y = F.relu6(self.depthwise_bn(self.depthwise(y)))
        y = self.project_bn(self.project(y))
        return x + y if self.shortcut else y


class Trunk(nn.Module):
    """Halves pictures of 32 pixels and more, then stages until the side is 7 or less."""

    def __init__(self, channels, side, width, block, blocks, activation):
        super().__init__()
        stride = 2 if side >= 32 else 1
        self.conv1 = nn.Conv2d(channels, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.activation = activation
        side = math.ceil(side / stride)
        ins, outs, self.stages = width, width, []
        while True:
            stage = nn.Sequential(*[block(ins if i == 0 else outs, outs, 2 if i == 0 and self.stages else 1) for i in range(blocks)])
            if self.stages:
                side = math.ceil(side / 2)
            self.stages.append(f"layer{len(self.stages) + 1}")
            self.add_module(self.stages[-1], stage)
            ins = outs
            if side <= 7:
                break
            outs *= 2
        self.count = outs * side * side

    def trunk(self, x):
        x = self.activation(self.bn1(self.conv1(x)))
        for stage in self.stages:
            x = getattr(self, stage)(x)
        return x.flatten(1)


class Cosines(nn.Module):
    def __init__(self, width, people):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(people, width))

    def forward(self, x):
        return x @ F.normalize(self.weight).T


class FaceEmbedding(Trunk):
    def __init__(self, shape, people, trunk="resnet", width=16, embedding=128):
        if trunk == "resnet":
            super().__init__(shape[0], shape[1], width, Basic, 1, F.relu)
        else:
            super().__init__(shape[0], shape[1], width, Inverted, 2, F.relu6)
        self.features = nn.Linear(self.count, embedding, bias=False)
        self.features_bn = nn.BatchNorm1d(embedding)
        if people:
            self.identities = Cosines(embedding, people)

    def forward(self, x):
        x = F.normalize(self.features_bn(self.features(self.trunk(x))))
        return self.identities(x) if hasattr(self, "identities") else x


class PictureTrunk(Trunk):
    def __init__(self, shape, width, features):
        super().__init__(shape[0], shape[1], width, Basic, 1, F.relu)
        self.fc = nn.Linear(self.count, features)

    def forward(self, x):
        return self.fc(self.trunk(x))


class TextTrunk(nn.Module):
    def __init__(self, vocabulary, features, reading):
        super().__init__()
        width = max(8, features // 2)
        self.words = nn.Embedding(vocabulary, width)
        self.gru = nn.GRU(width, width, batch_first=True) if reading == "gru" else None
        self.fc = nn.Linear(width, features)

    def forward(self, ids):
        x = self.words(ids)
        if self.gru is not None:
            x = self.gru(x)[0]
        # One caption after the other, each without its padding.
        return self.fc(torch.stack([steps[row != 0].mean(0) for steps, row in zip(x, ids)]))


class RowTrunk(nn.Module):
    def __init__(self, count, features):
        super().__init__()
        self.fc1 = nn.Linear(count, features)
        self.fc2 = nn.Linear(features, features)

    def forward(self, x):
        return self.fc2(F.relu(self.fc1(x)))


class TwoTrunks(nn.Module):
    def __init__(self, shape, row, vocabulary, outputs, width=16, features=128, reading="gru", joint="product"):
        super().__init__()
        self.picture_trunk = PictureTrunk(shape, width, features)
        self.row_trunk = RowTrunk(row, features) if row else None
        self.text_trunk = TextTrunk(vocabulary, features, reading) if vocabulary else None
        self.product = joint == "product"
        others = (row > 0) + (vocabulary > 0)
        if outputs:
            self.joint = nn.Module()
            self.joint.fc1 = nn.Linear(features * (1 + others * (2 if self.product else 1)), 2 * features)
            self.joint.fc2 = nn.Linear(2 * features, features)
            self.head = nn.Linear(features, outputs)
        self.outputs = outputs

    def forward(self, picture, *others):
        ends = [self.picture_trunk(picture)]
        rest = list(others)
        if self.row_trunk is not None:
            ends.append(self.row_trunk(rest.pop(0)))
        if self.text_trunk is not None:
            ends.append(self.text_trunk(rest.pop(0)))
        if not self.outputs:
            return torch.stack([F.normalize(end) for end in ends], 1)
        if self.product:
            ends += [ends[0] * end for end in ends[1:]]
        return self.head(F.relu(self.joint.fc2(F.relu(self.joint.fc1(torch.cat(ends, 1))))))


BATCH, OUTPUTS, VOCABULARY, STEPS, ROW = 6, 5, 9, 4, 3
IDS = [[4, 5, 0, 0], [6, 7, 8, 4], [5, 0, 0, 0], [8, 8, 1, 0], [4, 5, 6, 0], [7, 0, 0, 0]]

CASES = [
    ("face-embedding", "identities", [3, 48, 48], [], 5, {"width": 4, "embedding": 12}),
    ("face-embedding", "identities", [1, 24, 24], [], 0, {"width": 4, "embedding": 8}),
    ("face-embedding", "identities", [3, 33, 33], [], 5, {"trunk": "mobilenet", "width": 4, "embedding": 8}),
    ("two-trunks", "numbers", [3, 24, 24], ["tokens"], 5, {"width": 4, "features": 16}),
    ("two-trunks", "numbers", [1, 32, 32], ["row", "tokens"], 5, {"width": 4, "features": 16, "reading": "words", "joint": "side-by-side"}),
    ("two-trunks", "numbers", [3, 24, 24], ["row"], 5, {"width": 4, "features": 16}),
    ("two-trunks", "matches", [3, 24, 24], ["tokens"], 0, {"width": 4, "features": 16}),
]


def measured(kind, output, shape, others, outputs, options):
    if kind == "face-embedding":
        network = FaceEmbedding(shape, outputs, **options)
    else:
        network = TwoTrunks(shape, ROW if "row" in others else 0, VOCABULARY if "tokens" in others else 0, outputs, **options)
    network = network.to(torch.float64)
    fill(network)
    inputs = [torch.from_numpy(drawn(BATCH * math.prod(shape), 9999)).reshape(BATCH, *shape)]
    if "row" in others:
        inputs.append(torch.from_numpy(drawn(BATCH * ROW, 9998)).reshape(BATCH, ROW))
    if "tokens" in others:
        inputs.append(torch.tensor(IDS))
    network.train()
    values = network(*inputs)
    # Any function of the outputs that weighs each differently.
    weights = torch.from_numpy(drawn(values.numel(), 9997)).reshape(values.shape)
    (values * weights).sum().backward()
    gradients = [p.grad.norm().item() for p in network.parameters()]
    network.eval()
    with torch.no_grad():
        evaluated = network(*inputs)
    return {"architecture": kind, "output": output, "shape": shape, "others": others, "outputs": outputs,
            "parameters": {name: str(value) for name, value in options.items()},
            "names": [name for name, _ in network.named_parameters()], "training": rounded(values.flatten().tolist()),
            "gradientNorms": rounded(gradients), "evaluation": rounded(evaluated.flatten().tolist())}


def arcface(margin, scale):
    embeddings = torch.from_numpy(drawn(8 * 4, 1)).reshape(8, 4).requires_grad_()
    weight = torch.from_numpy(drawn(5 * 4, 2)).reshape(5, 4)
    people = torch.arange(8) % 5
    cosines = F.normalize(embeddings) @ F.normalize(weight).T
    loss = 0
    for row, person in zip(cosines, people):
        angle = torch.acos(row[person])
        wider = torch.cos(angle + margin) if angle < math.pi - margin else row[person] - margin * math.sin(margin)
        logits = scale * torch.stack([wider if k == person else row[k] for k in range(5)])
        loss = loss + torch.logsumexp(logits, 0) - logits[person]
    loss = loss / 8
    loss.backward()
    return {"margin": margin, "scale": scale, "loss": loss.item(), "gradient": rounded(embeddings.grad.flatten().tolist())}


def triplet(margin):
    embeddings = torch.from_numpy(drawn(8 * 4, 3)).reshape(8, 4).requires_grad_()
    unit = F.normalize(embeddings)
    people = [0, 0, 1, 1, 1, 2, 2, 3]  # the last is alone and does not count
    losses = []
    for i in range(8):
        same = [torch.dist(unit[i], unit[j]) for j in range(8) if j != i and people[j] == people[i]]
        others = [torch.dist(unit[i], unit[j]) for j in range(8) if people[j] != people[i]]
        if same:
            losses.append(torch.clamp(max(same) - min(others) + margin, min=0))
    loss = sum(losses) / len(losses)
    loss.backward()
    return {"margin": margin, "loss": loss.item(), "gradient": rounded(embeddings.grad.flatten().tolist())}


def contrastive(temperature):
    pictures = torch.from_numpy(drawn(6 * 4, 4)).reshape(6, 4).requires_grad_()
    texts = F.normalize(torch.from_numpy(drawn(6 * 4, 5)).reshape(6, 4))
    captions = [0, 1, 2, 1, 3, 4]
    cosines = F.normalize(pictures) @ texts.T / temperature
    loss = 0
    for table in (cosines, cosines.T):
        for i in range(6):
            right = [j for j in range(6) if captions[j] == captions[i]]
            loss = loss + sum(torch.logsumexp(table[i], 0) - table[i][j] for j in right) / len(right) / 12
    loss.backward()
    return {"temperature": temperature, "loss": loss.item(), "gradient": rounded(pictures.grad.flatten().tolist())}


def main():
    result = {"torch": torch.__version__.split("+")[0], "batch": BATCH, "vocabulary": VOCABULARY, "steps": STEPS, "row": ROW, "ids": IDS,
              "networks": [measured(*case) for case in CASES],
              "arcface": [arcface(*case) for case in ((0.0, 16.0), (0.3, 20.0), (0.5, 64.0), (1.0, 8.0))],
              "triplet": [triplet(margin) for margin in (0.2, 0.6)],
              "contrastive": [contrastive(temperature) for temperature in (0.07, 0.5)]}
    (FOLDER / "comparing.json").write_text(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
