# SPDX-License-Identifier: GPL-3.0-or-later
"""What Python torch makes of the networks for records: writes records.json beside this file.

The networks are written a second time in plain torch.nn. Codes are padded with 0 at their end; outputs of padded steps do not
count. Weights follow the formula of networks.py. Made with torch 2.13.0 on a CPU:

    .venv/bin/python tests/torch/references/records.py
"""
import json
import pathlib

import numpy
import torch
from torch import nn

from networks import drawn, fill, rounded

VOCABULARY, STEPS, FEATURES, OUTPUTS = 9, 7, 4, 2
LENGTHS = [7, 3, 1, 5]


class Event(nn.Module):
    """Code and numbers of each event, summed."""

    def __init__(self, width):
        super().__init__()
        self.codes = nn.Embedding(VOCABULARY, width)
        self.numbers1 = nn.Linear(FEATURES, width)
        self.numbers2 = nn.Linear(width, width)

    def forward(self, codes, numbers):
        return self.codes(codes) + self.numbers2(nn.functional.gelu(self.numbers1(numbers)))


class RecordRnn(Event):
    CELLS = {"gru": nn.GRU, "lstm": nn.LSTM, "rnn": nn.RNN}

    def __init__(self, width="32", hidden="64", cell="gru", layers="1", bidirectional="false", pool="max", dropout="0"):
        super().__init__(int(width))
        both = bidirectional == "true"
        self.memory = self.CELLS[cell](int(width), int(hidden), int(layers), batch_first=True, bidirectional=both)
        self.head = nn.Linear(int(hidden) * (2 if both else 1), OUTPUTS)
        self.pool = pool

    def forward(self, codes, numbers):
        x, _ = self.memory(super().forward(codes, numbers))
        real = (codes > 0)[:, :, None]
        if self.pool == "max":
            x = x.masked_fill(~real, -torch.inf).amax(1)
        elif self.pool == "mean":
            x = (x * real).sum(1) / real.sum(1)
        else:
            x = x[torch.arange(len(x)), real.sum((1, 2)) - 1]
        return self.head(x)


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.norm1 = nn.LayerNorm(width)
        self.attention = nn.MultiheadAttention(width, heads, batch_first=True)
        self.norm2 = nn.LayerNorm(width)
        self.expand = nn.Linear(width, 4 * width)
        self.project = nn.Linear(4 * width, width)

    def forward(self, x, padding):
        y = self.norm1(x)
        x = x + self.attention(y, y, y, key_padding_mask=padding, need_weights=False)[0]
        return x + self.project(nn.functional.gelu(self.expand(self.norm2(x))))


class RecordTransformer(Event):
    def __init__(self, width="64", depth="2", heads="4", dropout="0"):
        super().__init__(int(width))
        self.blocks = nn.ModuleList([Block(int(width), int(heads)) for _ in range(int(depth))])
        self.norm = nn.LayerNorm(int(width))
        self.head = nn.Linear(int(width), OUTPUTS)

    def forward(self, codes, numbers):
        x, padding = super().forward(codes, numbers), codes == 0
        for block in self.blocks:
            x = block(x, padding)
        real = ~padding[:, :, None]
        return self.head((self.norm(x) * real).sum(1) / real.sum(1))


class RecordBag(nn.Module):
    def __init__(self, width="32", hidden="64"):
        super().__init__()
        self.codes = nn.Embedding(VOCABULARY, int(width))
        self.fc = nn.Linear(int(width), int(hidden))
        self.head = nn.Linear(int(hidden), OUTPUTS)

    def forward(self, codes, numbers):
        real = (codes > 0)[:, :, None]
        return self.head(torch.relu(self.fc((self.codes(codes) * real).sum(1) / real.sum(1))))


NETWORKS = {"record-rnn": RecordRnn, "record-transformer": RecordTransformer, "record-bag": RecordBag}
CASES = [
    ("record-rnn", {"width": "6", "hidden": "8", "dropout": "0"}),
    ("record-rnn", {"width": "6", "hidden": "5", "cell": "lstm", "layers": "2", "pool": "last", "dropout": "0"}),
    ("record-rnn", {"width": "4", "hidden": "5", "cell": "rnn", "pool": "mean", "dropout": "0"}),
    ("record-rnn", {"width": "4", "hidden": "5", "bidirectional": "true", "dropout": "0"}),
    ("record-transformer", {"width": "8", "depth": "2", "heads": "2", "dropout": "0"}),
    ("record-bag", {"width": "5", "hidden": "6"}),
]


def inputs():
    codes = (torch.from_numpy(drawn(len(LENGTHS) * STEPS, 71).reshape(-1, STEPS)) + 1) / 2 * (VOCABULARY - 1)
    codes = 1 + codes.floor().to(torch.int64)
    numbers = torch.from_numpy(drawn(len(LENGTHS) * STEPS * FEATURES, 72)).reshape(-1, STEPS, FEATURES)
    for i, length in enumerate(LENGTHS):
        codes[i, length:] = 0
        numbers[i, length:] = 0
    return codes, numbers


def measured(kind, parameters):
    network = NETWORKS[kind](**parameters).to(torch.float64)
    fill(network)
    outputs = network(*inputs())
    loss = nn.functional.cross_entropy(outputs, torch.arange(len(LENGTHS)) % OUTPUTS)
    loss.backward()
    return {"architecture": kind, "parameters": parameters, "names": [name for name, _ in network.named_parameters()],
            "outputs": rounded(outputs.flatten().tolist()), "loss": loss.item(),
            "gradientNorms": rounded([p.grad.norm().item() for p in network.parameters()])}


def main():
    codes, numbers = inputs()
    content = {"torch": torch.__version__.split("+")[0], "vocabulary": VOCABULARY, "steps": STEPS, "features": FEATURES,
               "outputs": OUTPUTS, "lengths": LENGTHS, "codes": codes.flatten().tolist(), "numbers": numbers.flatten().tolist(),
               "cases": [measured(*case) for case in CASES]}
    (pathlib.Path(__file__).parent / "records.json").write_text(json.dumps(content) + "\n")


if __name__ == "__main__":
    main()
