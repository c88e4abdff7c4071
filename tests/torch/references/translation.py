# SPDX-License-Identifier: GPL-3.0-or-later
"""What Python torch makes of the networks that translate: writes translation.json beside this file.

Written here a second time in plain torch.nn; nothing is read from Descent. Weights follow the formula of networks.py, which
tst_translation.cpp repeats; token ids are written out. Made with torch 2.13.0 on a CPU:

    .venv/bin/python tests/torch/references/translation.py
"""
import json
import pathlib

import torch
from torch import nn

from networks import fill, rounded

FOLDER = pathlib.Path(__file__).parent
SOURCE_VOCABULARY, TARGET_VOCABULARY, LENGTH = 11, 9, 7
SOURCE = [[5, 4, 9, 10, 3], [7, 3, 0, 0, 0], [8, 8, 6, 3, 0]]
READ = [[2, 4, 8, 5], [2, 7, 0, 0], [2, 6, 6, 0]]
WRITTEN = [[4, 8, 5, 3], [7, 3, 0, 0], [6, 6, 3, 0]]


class Positions(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(LENGTH, width))

    def forward(self, x):
        return x + self.weight[: x.shape[1]]


class Side(nn.Module):
    def __init__(self, vocabulary, width, positions):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, width)
        if positions:
            self.positions = Positions(width)

    def forward(self, ids):
        x = self.embedding(ids)
        return self.positions(x) if hasattr(self, "positions") else x


class Block(nn.Module):
    def __init__(self, width, heads, expansion, decodes):
        super().__init__()
        self.norm1 = nn.LayerNorm(width)
        self.attention = nn.MultiheadAttention(width, heads, batch_first=True)
        if decodes:
            self.cross_norm = nn.LayerNorm(width)
            self.cross_attention = nn.MultiheadAttention(width, heads, batch_first=True)
        self.norm2 = nn.LayerNorm(width)
        self.expand = nn.Linear(width, expansion * width)
        self.project = nn.Linear(expansion * width, width)

    def forward(self, x, padding, memory=None, memory_padding=None):
        y = self.norm1(x)
        mask = None if memory is None else torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).triu(1)
        x = x + self.attention(y, y, y, key_padding_mask=padding, attn_mask=mask)[0]
        if memory is not None:
            x = x + self.cross_attention(self.cross_norm(x), memory, memory, key_padding_mask=memory_padding)[0]
        return x + self.project(nn.functional.gelu(self.expand(self.norm2(x))))


class Stack(nn.Module):
    def __init__(self, width, heads, expansion, depth, decodes):
        super().__init__()
        self.blocks = nn.ModuleList(Block(width, heads, expansion, decodes) for _ in range(depth))
        self.norm = nn.LayerNorm(width)

    def forward(self, x, padding, memory=None, memory_padding=None):
        for block in self.blocks:
            x = block(x, padding, memory, memory_padding)
        return self.norm(x)


class Transformer(nn.Module):
    def __init__(self, width="256", depth="3", heads="4", expansion="2", tieEmbeddings="true", dropout="0"):
        super().__init__()
        width, depth, heads, expansion = int(width), int(depth), int(heads), int(expansion)
        self.source = Side(SOURCE_VOCABULARY, width, True)
        self.encoder = Stack(width, heads, expansion, depth, False)
        self.target = Side(TARGET_VOCABULARY, width, True)
        self.decoder = Stack(width, heads, expansion, depth, True)
        if tieEmbeddings == "false":
            self.head = nn.Linear(width, TARGET_VOCABULARY)

    def forward(self, source, read):
        padding = source == 0
        memory = self.encoder(self.source(source), padding)
        y = self.decoder(self.target(read), read == 0, memory, padding)
        return self.head(y) if hasattr(self, "head") else y @ self.target.embedding.weight.T


class Named(nn.Module):
    def __init__(self, linear):
        super().__init__()
        self.linear = linear

    def forward(self, x):
        return torch.tanh(self.linear(x))


class LstmAttention(nn.Module):
    def __init__(self, width="256", depth="1", dropout="0"):
        super().__init__()
        width, depth = int(width), int(depth)
        self.source = Side(SOURCE_VOCABULARY, width, False)
        self.encoder = nn.LSTM(width, width, depth, batch_first=True, bidirectional=True)
        self.bridge = nn.Linear(2 * width, width)
        self.start = Named(nn.Linear(width, width))
        self.target = Side(TARGET_VOCABULARY, width, False)
        self.decoder = nn.LSTM(width, width, depth, batch_first=True)
        self.attention = nn.MultiheadAttention(width, 1, batch_first=True)
        self.combine = Named(nn.Linear(2 * width, width))
        self.head = nn.Linear(width, TARGET_VOCABULARY)

    def forward(self, source, read):
        padding = source == 0
        memory = self.bridge(self.encoder(self.source(source))[0])
        counts = (~padding).unsqueeze(2)
        start = self.start((memory * counts).sum(1) / counts.sum(1)).repeat(self.decoder.num_layers, 1, 1)
        states = self.decoder(self.target(read), (start, torch.zeros_like(start)))[0]
        context = self.attention(states, memory, memory, key_padding_mask=padding)[0]
        return self.head(self.combine(torch.cat([context, states], 2)))


NETWORKS = {"transformer": Transformer, "lstm-attention": LstmAttention}
CASES = [
    ("transformer", {"width": "12", "depth": "2", "heads": "3", "dropout": "0"}),
    ("transformer", {"width": "8", "depth": "1", "heads": "1", "expansion": "4", "tieEmbeddings": "false", "dropout": "0"}),
    ("lstm-attention", {"width": "6", "dropout": "0"}),
    ("lstm-attention", {"width": "5", "depth": "2", "dropout": "0"}),
]


def measured(kind, parameters):
    network = NETWORKS[kind](**parameters).to(torch.float64)
    fill(network)
    source, read, written = torch.tensor(SOURCE), torch.tensor(READ), torch.tensor(WRITTEN)
    logits = network(source, read)
    losses = {}
    for smoothing in (0.1, 0.0):
        network.zero_grad()
        loss = nn.functional.cross_entropy(logits.flatten(0, 1), written.flatten(), ignore_index=0, label_smoothing=smoothing)
        loss.backward(retain_graph=True)
        losses[str(smoothing)] = loss.item()
    return {"architecture": kind, "parameters": parameters, "names": [name for name, _ in network.named_parameters()],
            "logits": rounded(logits[written != 0].flatten().tolist()), "smoothedLoss": losses["0.1"], "loss": losses["0.0"],
            "gradientNorms": rounded([p.grad.norm().item() for p in network.parameters()])}


def main():
    lines = ",\n".join(json.dumps(measured(*case)) for case in CASES)
    (FOLDER / "translation.json").write_text(
        f'{{"torch": "{torch.__version__.split("+")[0]}", "sourceVocabulary": {SOURCE_VOCABULARY}, '
        f'"targetVocabulary": {TARGET_VOCABULARY}, "length": {LENGTH}, "source": {SOURCE}, "read": {READ}, "written": {WRITTEN}, '
        f'"cases": [\n{lines}\n]}}\n')


if __name__ == "__main__":
    main()
