# SPDX-License-Identifier: GPL-3.0-or-later
"""What Python torch makes of our networks for texts: writes text_networks.json beside this file. Like networks.py, whose weights,
helpers and tolerances these are; token ids follow the same formula, and samples of a padded batch are of different lengths.

    .venv/bin/python tests/torch/references/text_networks.py
"""
import json
import pathlib

import torch
from torch import nn
import torch.nn.functional as F

from networks import drawn, fill, rounded

FOLDER = pathlib.Path(__file__).parent
VOCABULARY, STEPS, BATCH, CLASSES = 11, 9, 6, 3


def masked_mean(x, counts):
    return (x * counts[:, :, None]).sum(1) / counts.sum(1, keepdim=True)


class Block(nn.Module):
    def __init__(self, width, heads, causal):
        super().__init__()
        self.norm1 = nn.LayerNorm(width)
        self.attention = nn.MultiheadAttention(width, heads, batch_first=True)
        self.norm2 = nn.LayerNorm(width)
        self.expand = nn.Linear(width, 4 * width)
        self.project = nn.Linear(4 * width, width)
        self.causal = causal

    def forward(self, x, padding):
        y = self.norm1(x)
        later = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).triu(1) if self.causal else None
        x = x + self.attention(y, y, y, key_padding_mask=padding, attn_mask=later, need_weights=False)[0]
        return x + self.project(F.gelu(self.expand(self.norm2(x))))


class Transformer(nn.Module):
    def __init__(self, outputs, causal, width="12", depth="2", heads="3", **_):
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, int(width))
        self.positions = nn.Embedding(STEPS, int(width))
        self.blocks = nn.ModuleList(Block(int(width), int(heads), causal) for _ in range(int(depth)))
        self.norm = nn.LayerNorm(int(width))
        self.head = nn.Linear(int(width), outputs, bias=not causal)
        self.causal = causal

    def forward(self, tokens):
        padding = None if self.causal else tokens == 0
        x = self.embedding(tokens) + self.positions.weight
        for block in self.blocks:
            x = block(x, padding)
        x = self.norm(x)
        return self.head(x if self.causal else masked_mean(x, (~padding).to(x.dtype)))


class EmbeddingBag(nn.Module):
    def __init__(self, width="7", **_):
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, int(width))
        self.head = nn.Linear(int(width), CLASSES)

    def forward(self, tokens):
        x = self.embedding(tokens)
        return self.head(masked_mean(x, (tokens != 0).to(x.dtype)))


class Window(nn.Module):
    def __init__(self, width, filters, size):
        super().__init__()
        self.conv = nn.Conv1d(width, filters, size)
        self.before, self.after = (size - 1) // 2, size - 1 - (size - 1) // 2

    def forward(self, x, counts):
        y = self.conv(F.pad((x * counts[:, :, None]).transpose(1, 2), (self.before, self.after))).relu()
        return y.masked_fill(counts[:, None, :] == 0, float("-inf")).amax(2)


class TextCnn(nn.Module):
    def __init__(self, width="7", filters="5", windows="2, 3", **_):
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, int(width))
        sizes = [int(size) for size in windows.split(",")]
        for i, size in enumerate(sizes):
            self.add_module(f"window{i + 1}", Window(int(width), int(filters), size))
        self.head = nn.Linear(int(filters) * len(sizes), CLASSES)
        self.count = len(sizes)

    def forward(self, tokens):
        x = self.embedding(tokens)
        counts = (tokens != 0).to(x.dtype)
        return self.head(torch.cat([self.get_submodule(f"window{i + 1}")(x, counts) for i in range(self.count)], 1))


class Recurrent(nn.Module):
    def __init__(self, language, width="7", hidden="5", layers="1", cell="lstm", bidirectional="true", pool="max", **_):
        super().__init__()
        both = bidirectional == "true" and not language
        self.embedding = nn.Embedding(VOCABULARY, int(width))
        kind = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN}[cell]
        self.recurrent = kind(int(width), int(hidden), int(layers), batch_first=True, bidirectional=both)
        self.head = nn.Linear(int(hidden) * (2 if both else 1), VOCABULARY if language else CLASSES)
        self.language, self.pool = language, pool

    def forward(self, tokens):
        x = self.recurrent(self.embedding(tokens))[0]
        if self.language:
            return self.head(x)
        counts = (tokens != 0).to(x.dtype)
        if self.pool == "max":
            return self.head(x.masked_fill(counts[:, :, None] == 0, float("-inf")).amax(1))
        if self.pool == "mean":
            return self.head(masked_mean(x, counts))
        return self.head(x[torch.arange(len(x)), counts.sum(1).long() - 1])


NO_DROPOUT = {"dropout": "0", "embeddingDropout": "0"}
CASES = [
    ("embedding-bag", EmbeddingBag, {"width": "7"} | NO_DROPOUT),
    ("text-cnn", TextCnn, {"width": "7", "filters": "5", "windows": "2, 3"} | NO_DROPOUT),
    ("text-cnn", TextCnn, {"width": "4", "filters": "6", "windows": "20"} | NO_DROPOUT),
    ("lstm", lambda **k: Recurrent(False, **k), {"width": "7", "hidden": "5"} | NO_DROPOUT),
    ("lstm", lambda **k: Recurrent(False, **k), {"width": "6", "hidden": "4", "cell": "gru", "layers": "2", "pool": "mean"} | NO_DROPOUT),
    ("lstm", lambda **k: Recurrent(False, **k),
     {"width": "6", "hidden": "4", "cell": "rnn", "bidirectional": "false", "pool": "last"} | NO_DROPOUT),
    ("transformer-encoder", lambda **k: Transformer(CLASSES, False, **k), {"width": "12", "depth": "2", "heads": "3"} | NO_DROPOUT),
    ("gpt", lambda **k: Transformer(VOCABULARY, True, **k), {"width": "12", "depth": "2", "heads": "3", "dropout": "0"}),
    ("lstm-language-model", lambda **k: Recurrent(True, **k), {"width": "7", "hidden": "5", "layers": "2"} | NO_DROPOUT),
]


def measured(kind, make, parameters):
    network = make(**parameters).to(torch.float64)
    fill(network)
    language = kind in ("gpt", "lstm-language-model")
    numbers = torch.from_numpy(drawn(BATCH * STEPS, 9999)).reshape(BATCH, STEPS)
    tokens = 1 + ((numbers + 1) / 2 * (VOCABULARY - 1)).long()
    if not language:
        for i in range(BATCH):
            tokens[i, STEPS - i:] = 0
    outputs = network(tokens)
    flat = outputs.reshape(-1, outputs.shape[-1])
    loss = F.cross_entropy(flat, torch.arange(len(flat)) % flat.shape[1])
    loss.backward()
    return {"architecture": kind, "language": language, "parameters": parameters, "tokens": tokens.flatten().tolist(),
            "names": [name for name, _ in network.named_parameters()], "outputs": rounded(flat.flatten().tolist()),
            "loss": loss.item(), "gradientNorms": rounded([p.grad.norm().item() for p in network.parameters()])}


def main():
    lines = ",\n".join(json.dumps(measured(*case)) for case in CASES)
    (FOLDER / "text_networks.json").write_text(
        f'{{"torch": "{torch.__version__.split("+")[0]}", "vocabulary": {VOCABULARY}, "steps": {STEPS}, "batch": {BATCH}, '
        f'"classes": {CLASSES}, "cases": [\n{lines}\n]}}\n')


main()
