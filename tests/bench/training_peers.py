# SPDX-License-Identifier: GPL-3.0-or-later
"""Ours against Python torch, for the cases of training_cases.h: the same networks written as a user would write them (as many
parameters each, or it fails), batch sizes, optimizer, loss and number of threads, resident data, pictures channels-last.

    .venv/bin/python tests/bench/training_peers.py build/release/bench/bench_training > training_peers.json

Variants: "eager"; "compile", torch.compile in its default mode; "lightning", a LightningModule in a Trainer with its defaults, fed by
a DataLoader. Turn by turn: ours in a fresh process, then each variant in a process that lives on, warm from its first turn, all held
to the same two cores: two threads on cores that share a cache are half as fast again as on two that do not. A time is the mean of the
steps behind the warm-up. Prints JSON with the ratios ours / theirs; a variant that fails is null, with the reason.

--set goes to ours as it is (training.precision=bfloat16); with --precision bfloat16 the peers run under torch.autocast, or Lightning's
"bf16-mixed".
"""
import argparse
import contextlib
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
import traceback
import warnings

import torch
from torch import nn
import torch.nn.functional as F


def tiny_mlp(case):
    return nn.Sequential(nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, case["outputs"]))


def mnist_cnn(case):
    layers, channels = [], 1
    for width in (16, 32, 64):
        layers += [nn.Conv2d(channels, width, 3, padding=1, bias=False), nn.BatchNorm2d(width), nn.ReLU(inplace=True), nn.MaxPool2d(2)]
        channels = width
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(64 * 9, case["outputs"]))


def normalised(inputs, outputs, kernel=3, stride=1, groups=1):
    return [nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False), nn.BatchNorm2d(outputs)]


class BasicBlock(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.branch = nn.Sequential(*normalised(inputs, outputs, stride=stride), nn.ReLU(inplace=True), *normalised(outputs, outputs))
        self.shortcut = nn.Sequential(*normalised(inputs, outputs, 1, stride)) if stride != 1 or inputs != outputs else nn.Identity()

    def forward(self, x):
        return F.relu(self.branch(x) + self.shortcut(x), inplace=True)


def resnet_stages(width):
    stages, before = nn.ModuleList(), width
    for stage in range(4):
        channels = width << stage
        stages.append(nn.Sequential(BasicBlock(before, channels, 2 if stage else 1), BasicBlock(channels, channels, 1)))
        before = channels
    return stages


def resnet18(case):
    return nn.Sequential(*normalised(3, 64), nn.ReLU(inplace=True), *resnet_stages(64), nn.AdaptiveAvgPool2d(1), nn.Flatten(),
                         nn.Linear(512, case["outputs"]))


class InvertedResidual(nn.Module):
    def __init__(self, inputs, outputs, expansion, stride):
        super().__init__()
        hidden = inputs * expansion
        expand = [*normalised(inputs, hidden, 1), nn.ReLU6(inplace=True)] if expansion > 1 else []
        self.layers = nn.Sequential(*expand, *normalised(hidden, hidden, 3, stride, hidden), nn.ReLU6(inplace=True),
                                    *normalised(hidden, outputs, 1))
        self.adds = stride == 1 and inputs == outputs

    def forward(self, x):
        return x + self.layers(x) if self.adds else self.layers(x)


def mobilenet_v2(case):
    """As for pictures of 32x32: the first two places that would halve do not."""
    layers, before = [*normalised(3, 32), nn.ReLU6(inplace=True)], 32
    for expansion, channels, blocks, stride in ((1, 16, 1, 1), (6, 24, 2, 1), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2),
                                                (6, 320, 1, 1)):
        for block in range(blocks):
            layers.append(InvertedResidual(before, channels, expansion, stride if block == 0 else 1))
            before = channels
    return nn.Sequential(*layers, *normalised(320, 1280, 1), nn.ReLU6(inplace=True), nn.AdaptiveAvgPool2d(1), nn.Flatten(),
                         nn.Dropout(0.2), nn.Linear(1280, case["outputs"]))


class Lstm(nn.Module):
    def __init__(self, case):
        super().__init__()
        self.embedding, self.words = nn.Embedding(case["inputs"][0]["vocabulary"], 128), nn.Dropout(0.5)
        self.recurrent = nn.LSTM(128, 128, batch_first=True, bidirectional=True)
        self.dropout, self.head = nn.Dropout(0.5), nn.Linear(256, case["outputs"])

    def forward(self, tokens):
        x, _ = self.recurrent(self.words(self.embedding(tokens)))
        return self.head(self.dropout(x.masked_fill((tokens == 0).unsqueeze(2), -math.inf).amax(1)))


class Attention(nn.Module):
    def __init__(self, width, heads, dropout):
        super().__init__()
        self.joined, self.out, self.heads, self.dropout = nn.Linear(width, 3 * width), nn.Linear(width, width), heads, dropout

    def forward(self, x, memory=None, seen=None, causal=False):
        batch, steps, width = x.shape
        if memory is None:
            parts = self.joined(x).split(width, 2)
        else:
            weights, biases = self.joined.weight, self.joined.bias
            parts = F.linear(x, weights[:width], biases[:width]), *F.linear(memory, weights[width:], biases[width:]).split(width, 2)
        q, k, v = (part.view(batch, part.shape[1], self.heads, -1).transpose(1, 2) for part in parts)
        y = F.scaled_dot_product_attention(q, k, v, seen, self.dropout if self.training else 0.0, causal)
        return self.out(y.transpose(1, 2).reshape(batch, steps, width))


class Block(nn.Module):
    """Pre-norm; looks back at a memory where it has one."""

    def __init__(self, width, heads, expansion, dropout, causal, has_memory):
        super().__init__()
        self.norm1, self.attention, self.causal = nn.LayerNorm(width), Attention(width, heads, dropout), causal
        if has_memory:
            self.cross_norm, self.cross_attention = nn.LayerNorm(width), Attention(width, heads, dropout)
        self.norm2, self.expand = nn.LayerNorm(width), nn.Linear(width, expansion * width)
        self.project = nn.Linear(expansion * width, width)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x, seen=None, memory=None, memory_seen=None):
        x = x + self.dropout(self.attention(self.norm1(x), seen=seen, causal=self.causal))
        if memory is not None:
            x = x + self.dropout(self.cross_attention(self.cross_norm(x), memory, memory_seen))
        return x + self.dropout(self.project(F.gelu(self.expand(self.norm2(x)))))


class Tokens(nn.Module):
    """Vectors of tokens at their places."""

    def __init__(self, described, width, dropout):
        super().__init__()
        self.embedding, self.positions = nn.Embedding(described["vocabulary"], width), nn.Embedding(described["shape"][0], width)
        self.dropout = nn.Dropout(dropout)
        for table in (self.embedding, self.positions):
            nn.init.normal_(table.weight, 0, 0.02)

    def forward(self, tokens):
        return self.dropout(self.embedding(tokens) + self.positions.weight[: tokens.shape[1]])


class Gpt(nn.Module):
    def __init__(self, case):
        super().__init__()
        self.tokens = Tokens(case["inputs"][0], 128, 0.0)
        self.blocks = nn.ModuleList(Block(128, 4, 4, 0.0, True, False) for _ in range(4))
        self.norm, self.head = nn.LayerNorm(128), nn.Linear(128, case["outputs"], bias=False)

    def forward(self, tokens):
        x = self.tokens(tokens)
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x))


class Translation(nn.Module):
    def __init__(self, case):
        super().__init__()
        self.source, self.target = (Tokens(described, 256, 0.1) for described in case["inputs"])
        self.encoder = nn.ModuleList(Block(256, 4, 2, 0.1, False, False) for _ in range(3))
        self.decoder = nn.ModuleList(Block(256, 4, 2, 0.1, True, True) for _ in range(3))
        self.encoder_norm, self.decoder_norm = nn.LayerNorm(256), nn.LayerNorm(256)

    def forward(self, source, target):
        seen = (source != 0)[:, None, None, :]
        memory = self.source(source)
        for block in self.encoder:
            memory = block(memory, seen)
        memory, x = self.encoder_norm(memory), self.target(target)
        for block in self.decoder:
            x = block(x, None, memory, seen)
        return F.linear(self.decoder_norm(x), self.target.embedding.weight)


class Detector(nn.Module):
    """ResNet-18 of a quarter of the width, a pyramid of 32 channels down to stride 4, a head for classes and one for boxes."""

    def __init__(self, case):
        super().__init__()
        self.stem = nn.Sequential(*normalised(3, 16, 7, 2), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, 1))
        self.stages = resnet_stages(16)
        self.lateral = nn.ModuleList(nn.Conv2d(16 << stage, 32, 1) for stage in range(4))
        self.smooth = nn.Sequential(*normalised(32, 32), nn.ReLU(inplace=True))
        self.heat, self.box = self.head(case["outputs"], -4.595), self.head(4, 1.0)

    @staticmethod
    def head(outputs, starts_at):
        last = nn.Conv2d(32, outputs, 1)
        nn.init.normal_(last.weight, 0, 0.01)
        nn.init.constant_(last.bias, starts_at)
        return nn.Sequential(*normalised(32, 32), nn.ReLU(inplace=True), last)

    def forward(self, x):
        x, features = self.stem(x), []
        for stage in self.stages:
            x = stage(x)
            features.append(x)
        merged = self.lateral[3](features[3])
        for stage in (2, 1, 0):
            fine = self.lateral[stage](features[stage])
            merged = fine + F.interpolate(merged, fine.shape[2:])
        x = self.smooth(merged)
        return torch.cat([self.heat(x), self.box(x)], 1)


def bell(low, high, places, stride):
    middle = ((low + high) / (2 * stride)).floor().clamp(0, places - 1)
    radius = (0.54 * (high - low) / (2 * stride)).floor()
    distance = (torch.arange(places) - middle.unsqueeze(-1)).abs()
    return (-0.5 * (distance / ((2 * radius + 1) / 6).unsqueeze(-1)).square()).exp().masked_fill(distance > radius.unsqueeze(-1), 0)


def within(low, high, places, stride):
    middles = (torch.arange(places) + 0.5) * stride
    return (middles >= low.unsqueeze(-1)) & (middles <= high.unsqueeze(-1))


def area(boxes):
    return (boxes[..., 2] - boxes[..., 0]).clamp_min(0) * (boxes[..., 3] - boxes[..., 1]).clamp_min(0)


@torch.no_grad()
def detection_targets(boxes, classes, rows, columns, stride):
    batch, most, _ = boxes.shape
    left, top, right, bottom, kind, difficult = boxes.unbind(2)
    ignored = (kind >= 0) & (difficult > 0)
    learnt = (kind >= 0) & ~ignored
    bells = (bell(top, bottom, rows, stride).unsqueeze(3) * bell(left, right, columns, stride).unsqueeze(2)).flatten(2)
    bells = bells.masked_fill(~learnt.unsqueeze(2), 0)
    index = kind.clamp_min(0).long().unsqueeze(2).expand(batch, most, rows * columns)
    heat = torch.zeros(batch, classes, rows * columns).scatter_reduce(1, index, bells, "amax")
    inside = (within(top, bottom, rows, stride).unsqueeze(3) & within(left, right, columns, stride).unsqueeze(2)).flatten(2)
    counts = ~(inside & ignored.unsqueeze(2)).any(1, keepdim=True)
    size = area(boxes).unsqueeze(2)
    smallest, owner = size.expand(batch, most, rows * columns).masked_fill(bells == 0, math.inf).min(1)
    shares = bells * size.log1p() / bells.sum(2, keepdim=True).clamp_min(1e-6)
    weight = shares.gather(1, owner.unsqueeze(1)).squeeze(1).masked_fill(smallest.isinf(), 0)
    return heat, counts, boxes[..., :4].gather(1, owner.unsqueeze(2).expand(batch, rows * columns, 4)), weight


def giou_loss(found, truth):
    inner = (torch.minimum(found[..., 2:], truth[..., 2:]) - torch.maximum(found[..., :2], truth[..., :2])).clamp_min(0).prod(-1)
    hull = (torch.maximum(found[..., 2:], truth[..., 2:]) - torch.minimum(found[..., :2], truth[..., :2])).prod(-1).clamp_min(1e-6)
    either = (area(found) + area(truth) - inner).clamp_min(1e-6)
    return 1 - inner / either + (hull - either) / hull


def detection_loss(maps, boxes, stride=4):
    """engine/torch/task/detection_loss.cpp, line by line."""
    classes, (rows, columns) = maps.shape[1] - 4, maps.shape[2:]
    heat, counts, truth, weight = detection_targets(boxes, classes, rows, columns, stride)
    logits = maps[:, :classes].flatten(2)
    certain, is_middle = logits.sigmoid(), heat == 1
    middles = -F.logsigmoid(logits) * (1 - certain).square()
    others = -F.logsigmoid(-logits) * certain.square() * (1 - heat).pow(4) * counts
    heat_loss = torch.where(is_middle, middles, others).sum() / is_middle.sum().clamp_min(1)
    x, y = (torch.arange(columns) + 0.5) * stride, (torch.arange(rows) + 0.5) * stride
    places = torch.stack([x.expand(rows, columns), y.unsqueeze(1).expand(rows, columns)], -1).view(-1, 2)
    reach = maps[:, classes:].flatten(2).transpose(1, 2).clamp_max(8).exp() * stride
    found = torch.cat([places - reach[..., :2], places + reach[..., 2:]], 2)
    return heat_loss + 5 * (giou_loss(found, truth) * weight).sum() / weight.sum().clamp_min(1e-6)


def class_loss(scores, targets):
    return F.cross_entropy(scores, targets)


def token_loss(scores, targets):
    return F.cross_entropy(scores.flatten(0, 1), targets.flatten(), ignore_index=0)


MODELS = {
    "tiny-mlp": (tiny_mlp, class_loss),
    "mnist-cnn": (mnist_cnn, class_loss),
    "resnet18-32": (resnet18, class_loss),
    "mobilenet-v2-32": (mobilenet_v2, class_loss),
    "lstm": (Lstm, class_loss),
    "gpt-4x128": (Gpt, token_loss),
    "translation-transformer": (Translation, token_loss),
    "detector": (Detector, detection_loss),
}


def count_parameters(model):
    return sum(parameter.numel() for parameter in model.parameters())


def drawn_boxes(count, most, classes, height, width):
    """About as many on a picture as ours have: [count, most, 6] with left, top, right, bottom, class (-1: none), difficult."""
    size = torch.rand(count, most, 2) * 0.25 + 0.05
    corner = torch.rand(count, most, 2) * (1 - size)
    pixels = torch.tensor([width, height])
    kind = torch.randint(classes, (count, most, 1)).masked_fill(torch.rand(count, most, 1) < 0.4, -1)
    return torch.cat([corner * pixels, (corner + size) * pixels, kind.float(), torch.zeros(count, most, 1)], 2)


def drawn_samples(case, count):
    inputs = []
    for described in case["inputs"]:
        shape = (count, *described["given"])
        # The first ids are padding and marks.
        values = torch.randint(4, described["vocabulary"], shape) if described["vocabulary"] else torch.randn(shape)
        inputs.append(values.contiguous(memory_format=torch.channels_last) if values.dim() == 4 else values)
    shape = case["targetShape"]
    if case["model"] == "detector":
        return inputs, drawn_boxes(count, shape[0], case["outputs"], *case["inputs"][0]["shape"][1:])
    return inputs, torch.randint(4 if shape else 0, case["outputs"], (count, *shape))


def made(case):
    """Model, loss and samples."""
    torch.manual_seed(1)
    build, loss = MODELS[case["model"]]
    model = build(case)
    if len(case["inputs"][0]["shape"]) == 3:
        model = model.to(memory_format=torch.channels_last)
    return model, loss, drawn_samples(case, case["batch"] * min(case["steps"] + warm_up(case), 100))


def make_optimizer(case, model):
    if case["optimizer"] == "sgd":
        return torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    return torch.optim.AdamW(model.parameters(), lr=0.001, weight_decay=0.01)


def warm_up(case):
    """Steps, as many as ours."""
    return max(2, case["steps"] // 10)


class Loop:
    """As in a tutorial."""

    def __init__(self, case, precision, compiled):
        self.case, self.precision = case, precision
        self.model, self.loss, (self.inputs, self.targets) = made(case)
        self.optimizer = make_optimizer(case, self.model)
        self.run = torch.compile(self.model) if compiled else self.model
        self.model.train()

    def turn(self):
        batch, first_loss = self.case["batch"], None
        order = torch.randperm(len(self.targets))
        for step in range(warm_up(self.case) + self.case["steps"]):
            if step == warm_up(self.case):
                start = time.perf_counter()
            at = step * batch % len(order)
            rows = order[at:at + batch]
            self.optimizer.zero_grad()
            with torch.autocast("cpu", torch.bfloat16) if self.precision == "bfloat16" else contextlib.nullcontext():
                outputs = self.run(*(values[rows] for values in self.inputs))
            loss = self.loss(outputs.float(), self.targets[rows])
            loss.backward()
            self.optimizer.step()
            if first_loss is None:
                first_loss = loss.item()
        return {"microseconds": (time.perf_counter() - start) / self.case["steps"] * 1e6, "firstLoss": first_loss}


class Lightning:
    """A LightningModule, a DataLoader, and a Trainer as it comes: checkpoints, CSV log, progress bar."""

    def __init__(self, case, precision):
        import lightning

        class Module(lightning.LightningModule):
            def __init__(self, model, loss):
                super().__init__()
                self.model, self.loss = model, loss

            def training_step(self, batch, _):
                loss = self.loss(self.model(*batch[:-1]).float(), batch[-1])
                self.log("train_loss", loss, prog_bar=True)
                return loss

            def configure_optimizers(self):
                return make_optimizer(case, self.model)

        class Watch(lightning.Callback):
            def on_train_batch_end(self, trainer, module, outputs, batch, index):
                if index == 0:
                    self.first_loss = outputs["loss"].item()
                if index + 1 == warm_up(case):
                    self.start = time.perf_counter()
                if index + 1 == warm_up(case) + case["steps"]:
                    self.end = time.perf_counter()

        self.case, self.precision, self.trainer, self.watch = case, precision, lightning.Trainer, Watch
        model, loss, (inputs, targets) = made(case)
        self.module = Module(model, loss)
        # So many that one epoch is one turn.
        whole = torch.arange((warm_up(case) + case["steps"]) * case["batch"]) % len(targets)
        samples = torch.utils.data.TensorDataset(*(values[whole] for values in inputs), targets[whole])
        self.loader = torch.utils.data.DataLoader(samples, case["batch"], shuffle=True)

    def turn(self):
        watch = self.watch()
        with tempfile.TemporaryDirectory() as folder:
            trainer = self.trainer(max_epochs=1, accelerator="cpu", devices=1, default_root_dir=folder, callbacks=[watch],
                                   precision="bf16-mixed" if self.precision == "bfloat16" else "32-true")
            trainer.fit(self.module, self.loader)
        return {"microseconds": (watch.end - watch.start) / self.case["steps"] * 1e6, "firstLoss": watch.first_loss}


def serve(variant, precision):
    """A peer's process: reads the case, then answers each line with a turn. What libraries print goes to standard error."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    warnings.simplefilter("ignore")
    try:
        case = json.loads(sys.stdin.readline())
        torch.set_num_threads(case["threads"])
        peer = Lightning(case, precision) if variant == "lightning" else Loop(case, precision, variant == "compile")
        for _ in sys.stdin:
            print(json.dumps(peer.turn()), file=answers, flush=True)
    except Exception as error:   # the report says why; the others go on
        traceback.print_exc()
        print(json.dumps({"failed": f"{type(error).__name__}: {error}"[:500]}), file=answers, flush=True)


class Peer:
    def __init__(self, variant, precision, case, log):
        self.process = subprocess.Popen([sys.executable, __file__, "--serve", variant, "--precision", precision], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log)
        self.ask(json.dumps(case))

    def ask(self, line):
        with contextlib.suppress(BrokenPipeError):   # it has failed, and said so
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()

    def turn(self):
        self.ask("turn")
        answer = self.process.stdout.readline()
        return json.loads(answer) if answer else {"failed": "the process ended"}

    def end(self):
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.wait()


def our_turn(program, case, settings):
    command = [program, "one", "ours", case["model"], str(case["batch"]), str(case["steps"]), *settings]
    return json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


def compared(program, case, variants, options, log):
    described = our_turn(program, case, options.set)
    report = {key: described[key] for key in ("model", "batch", "steps", "threads", "optimizer", "parameterCount")}
    report["peerParameterCount"] = count_parameters(MODELS[case["model"]][0](described))
    if report["peerParameterCount"] != report["parameterCount"]:
        raise SystemExit(f"{case['model']}: Python's has {report['peerParameterCount']} parameters, ours {report['parameterCount']}")
    report["ourFirstLoss"] = round(described["losses"][0], 4)
    peers = {variant: Peer(variant, options.precision, described, log) for variant in variants}
    ours, theirs = [], {variant: [] for variant in variants}
    first = {variant: peer.turn() for variant, peer in peers.items()}   # warms up: libraries are read, kernels chosen or compiled
    reasons = {variant: answer["failed"] for variant, answer in first.items() if "failed" in answer}
    for _ in range(options.rounds):
        ours.append(our_turn(program, case, options.set)["microseconds"])
        for variant, peer in peers.items():
            if variant in reasons:
                continue
            answer = peer.turn()
            if "failed" in answer:
                reasons[variant] = answer["failed"]
            else:
                theirs[variant].append(answer["microseconds"])
    report["ourMicroseconds"] = round(statistics.median(ours), 1)
    for variant, peer in peers.items():
        peer.end()
        if variant in reasons:
            report[variant] = None
            report[variant + "Failed"] = reasons[variant]
            continue
        ratios = [mine / other for mine, other in zip(ours, theirs[variant])]
        report[variant] = {"ratio": round(statistics.median(ratios), 4), "least": round(min(ratios), 4), "most": round(max(ratios), 4),
                           "microseconds": round(statistics.median(theirs[variant]), 1), "firstLoss": round(first[variant]["firstLoss"], 4)}
    return report


def geometric_mean(values):
    return round(math.exp(statistics.mean(map(math.log, values))), 4) if values else None


def versions():
    from importlib.metadata import PackageNotFoundError, version
    found = {"python": sys.version.split()[0], "torch": torch.__version__}
    with contextlib.suppress(PackageNotFoundError):
        found["lightning"] = version("lightning")
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", nargs="?", help="build/release/bench/bench_training")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--steps", type=int, help="of a turn, in place of each case's own: to see quickly that all runs")
    parser.add_argument("--models", help="some of them, separated by commas")
    parser.add_argument("--variants", default="eager,compile,lightning")
    parser.add_argument("--precision", choices=("float32", "bfloat16"), default="float32", help="of the peers")
    parser.add_argument("--set", action="append", default=[], metavar="PATH=VALUE", help="a setting of our recipe")
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        return serve(options.serve, options.precision)
    cases = json.loads(subprocess.run([options.program, "list"], capture_output=True, check=True, text=True).stdout)
    models = options.models.split(",") if options.models else list(MODELS)
    if unknown := set(models) - {case["model"] for case in cases}:
        parser.error(f"no such model: {', '.join(unknown)}")
    os.sched_setaffinity(0, set(sorted(os.sched_getaffinity(0))[:2]))   # children inherit it
    variants, reports = options.variants.split(","), []
    with tempfile.TemporaryFile("w+") as log:
        for case in cases:
            if case["model"] not in models:
                continue
            case["steps"] = options.steps or case["steps"]
            report = compared(options.program, case, variants, options, log)
            reports.append(report)
            figures = ", ".join(f"{variant} {report[variant]['ratio'] if report[variant] else 'failed'}" for variant in variants)
            print(f"{report['model']}, batch {report['batch']}: {figures}", file=sys.stderr)
        means = {variant: geometric_mean([report[variant]["ratio"] for report in reports if report[variant]]) for variant in variants}
        print(json.dumps({"models": reports, "geometricMeans": means, "rounds": options.rounds, "precision": options.precision,
                          "settings": options.set, "versions": versions()}, indent=2))


if __name__ == "__main__":
    main()
