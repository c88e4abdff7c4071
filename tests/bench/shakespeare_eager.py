# SPDX-License-Identifier: GPL-3.0-or-later
"""The template "shakespeare" against Python torch in eager mode: the same GPT (4 blocks, 4 heads, width 128, context 64) in plain
torch.nn with scaled_dot_product_attention, batch 12, AdamW as nanoGPT (decay on matrices, beta2 0.99, clip 1.0, cosine with
warm-up), windows drawn at random from the same text, the whole validation part judged at the end. Both are held to the same two
cores and two threads and run one after the other; prints JSON with both times and the ratio ours / Python.

    .venv/bin/python tests/bench/shakespeare_eager.py build/release/bin/descent ../shared/data/text/tinyshakespeare.txt [steps] [rounds]
"""
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time

import torch
from torch import nn
import torch.nn.functional as F

WIDTH, HEADS, DEPTH, CONTEXT, BATCH, SPECIAL = 128, 4, 4, 64, 12, 4
PEAK, FLOOR, WARM_UP = 1e-3, 1e-4, 100


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.joined, self.out = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.expand, self.project = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)

    def forward(self, x):
        batch, steps, _ = x.shape
        q, k, v = (part.view(batch, steps, HEADS, -1).transpose(1, 2) for part in self.joined(self.norm1(x)).split(WIDTH, 2))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.out(y.transpose(1, 2).reshape(batch, steps, WIDTH))
        return x + self.project(F.gelu(self.expand(self.norm2(x))))


class Gpt(nn.Module):
    def __init__(self, vocabulary):
        super().__init__()
        self.embedding, self.positions = nn.Embedding(vocabulary, WIDTH), nn.Embedding(CONTEXT, WIDTH)
        self.blocks, self.norm = nn.Sequential(*(Block() for _ in range(DEPTH))), nn.LayerNorm(WIDTH)
        self.head = nn.Linear(WIDTH, vocabulary, bias=False)
        for name, parameter in self.named_parameters():
            if parameter.dim() > 1:
                nn.init.normal_(parameter, 0, 0.02)
            elif name.endswith("bias"):
                nn.init.zeros_(parameter)

    def forward(self, tokens):
        return self.head(self.norm(self.blocks(self.embedding(tokens) + self.positions.weight[: tokens.shape[1]])))


def python_run(text, steps):
    torch.manual_seed(1)
    cut = int(len(text) * 0.9)
    code = {character: SPECIAL + i for i, character in enumerate(sorted(set(text[:cut])))}
    tokens = torch.tensor([code[character] for character in text])
    train, validation = tokens[:cut], tokens[cut - 1:]
    model = Gpt(SPECIAL + len(code))
    matrices = [p for p in model.parameters() if p.dim() > 1]
    vectors = [p for p in model.parameters() if p.dim() < 2]
    optimizer = torch.optim.AdamW([{"params": matrices, "weight_decay": 0.1}, {"params": vectors, "weight_decay": 0.0}], lr=PEAK,
                                  betas=(0.9, 0.99))
    start = time.perf_counter()
    for step in range(steps):
        share = (step - WARM_UP) / max(1, steps - WARM_UP)
        rate = PEAK * (step + 1) / WARM_UP if step < WARM_UP else FLOOR + (PEAK - FLOOR) * (1 + math.cos(math.pi * share)) / 2
        for group in optimizer.param_groups:
            group["lr"] = rate
        places = torch.randint(len(train) - CONTEXT, (BATCH,))
        x = torch.stack([train[i:i + CONTEXT] for i in places])
        y = torch.stack([train[i + 1:i + 1 + CONTEXT] for i in places])
        optimizer.zero_grad(set_to_none=True)
        loss = F.cross_entropy(model(x).flatten(0, 1), y.flatten())
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
    with torch.no_grad():
        total, count = 0.0, 0
        for i in range(0, len(validation) - 1, CONTEXT * 256):
            chunk = validation[i:i + CONTEXT * 256 + 1]
            whole = (len(chunk) - 1) // CONTEXT * CONTEXT
            scores = model(chunk[:whole].view(-1, CONTEXT))
            total += F.cross_entropy(scores.flatten(0, 1), chunk[1:whole + 1], reduction="sum").item()
            count += whole
    return {"seconds": time.perf_counter() - start, "validationLoss": total / count}


def our_run(program, text, steps):
    with tempfile.TemporaryDirectory() as home:
        settings = [f"dataset.path={text}", f"task.windowsPerEpoch={BATCH * steps}", "training.epochs=1", "training.threads=2",
                    f"training.warmupEpochs={WARM_UP / steps}"]
        command = [program, "train", "--json", "--template", "shakespeare", *(a for s in settings for a in ("--set", s))]
        run = subprocess.run(command, capture_output=True, check=True, text=True, env={**os.environ, "DESCENT_HOME": home})
    events = [json.loads(line) for line in run.stdout.strip().splitlines()]
    points = [p for e in events if e["event"] == "metrics" for p in e["points"] if p["series"] == "loss/validation"]
    return {"seconds": points[-1]["seconds"], "validationLoss": points[-1]["value"]}


def main():
    program, path = sys.argv[1], sys.argv[2]
    steps = int(sys.argv[3]) if len(sys.argv) > 3 else 2000
    rounds = int(sys.argv[4]) if len(sys.argv) > 4 else 1
    os.sched_setaffinity(0, set(sorted(os.sched_getaffinity(0))[:2]))   # children inherit it
    torch.set_num_threads(2)
    text = open(path, encoding="utf-8").read()
    ours, python = [], []
    for _ in range(rounds):
        ours.append(our_run(program, path, steps))
        python.append(python_run(text, steps))
    print(json.dumps({"steps": steps, "ours": ours, "python": python, "torch": torch.__version__,
                      "ratioToPythonEager": round(statistics.median(a["seconds"] / b["seconds"] for a, b in zip(ours, python)), 4)},
                     indent=2))


main()
