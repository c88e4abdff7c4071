# SPDX-License-Identifier: GPL-3.0-or-later
"""What Python torch makes of the architectures that forecast series: writes forecast_networks.json beside this file.

The networks are written here a second time, in plain torch.nn, from the papers and their authors' descriptions; nothing is read
from Descent. Weights and inputs follow the formula of networks.py. Made with torch 2.13.0 on a CPU:

    .venv/bin/python tests/torch/references/forecast_networks.py
"""
import json
import pathlib

import torch
from networks import TransformerBlock, drawn, fill, rounded
from torch import nn

FOLDER = pathlib.Path(__file__).parent
BATCH, STEPS, HORIZON = 3, 20, 7


class WindowNorm:
    """Reversible instance normalisation without learnt factors, of the first `targets` features."""

    def __init__(self, x, targets, on):
        self.on = on == "true"
        self.mean = x[:, :, :targets].mean(1, keepdim=True)
        self.deviation = (x[:, :, :targets].var(1, keepdim=True, unbiased=False) + 1e-5).sqrt()
        self.targets = targets

    def apply(self, x):
        if not self.on:
            return x
        return torch.cat([(x[:, :, :self.targets] - self.mean) / self.deviation, x[:, :, self.targets:]], 2)

    def restore(self, y):
        return y * self.deviation + self.mean if self.on else y


class DLinear(nn.Module):
    def __init__(self, features, targets, kernel="25", windowNorm="false"):
        super().__init__()
        self.targets, self.kernel, self.window_norm = targets, int(kernel), windowNorm
        self.Linear_Seasonal = nn.Linear(STEPS, HORIZON)
        self.Linear_Trend = nn.Linear(STEPS, HORIZON)

    def forward(self, x):
        norm = WindowNorm(x, self.targets, self.window_norm)
        x = norm.apply(x)[:, :, :self.targets].transpose(1, 2)
        before = (self.kernel - 1) // 2
        padded = torch.cat([x[:, :, :1].repeat(1, 1, before), x, x[:, :, -1:].repeat(1, 1, self.kernel - 1 - before)], 2)
        trend = padded.unfold(2, self.kernel, 1).mean(3)
        return norm.restore((self.Linear_Seasonal(x - trend) + self.Linear_Trend(trend)).transpose(1, 2))


class RnnForecaster(nn.Module):
    def __init__(self, features, targets, cell="lstm", width="64", layers="1", dropout="0", windowNorm="true"):
        super().__init__()
        self.targets, self.window_norm = targets, windowNorm
        self.rnn = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}[cell](features, int(width), int(layers), batch_first=True)
        self.head = nn.Linear(int(width), HORIZON * targets)

    def forward(self, x):
        norm = WindowNorm(x, self.targets, self.window_norm)
        y = self.head(self.rnn(norm.apply(x))[0][:, -1])
        return norm.restore(y.view(-1, HORIZON, self.targets))


class CausalConv(nn.Conv1d):
    def forward(self, x):
        return super().forward(nn.functional.pad(x, ((self.kernel_size[0] - 1) * self.dilation[0], 0)))


class TemporalBlock(nn.Module):
    def __init__(self, before, width, kernel, dilation):
        super().__init__()
        self.conv1 = CausalConv(before, width, kernel, dilation=dilation)
        self.conv2 = CausalConv(width, width, kernel, dilation=dilation)
        if before != width:
            self.downsample = nn.Conv1d(before, width, 1)

    def forward(self, x):
        y = torch.relu(self.conv2(torch.relu(self.conv1(x))))
        return torch.relu(y + (self.downsample(x) if hasattr(self, "downsample") else x))


class TemporalConvolution(nn.Module):
    def __init__(self, features, targets, width="32", kernel="3", blocks="0", dropout="0", windowNorm="true"):
        super().__init__()
        self.targets, self.window_norm = targets, windowNorm
        width, kernel, count = int(width), int(kernel), int(blocks)
        if count == 0:
            seen = 1
            while seen < STEPS:
                seen += 2 * (kernel - 1) * 2**count
                count += 1
        self.blocks = nn.Sequential(*[TemporalBlock(width if i else features, width, kernel, 2**i) for i in range(count)])
        self.head = nn.Linear(width, HORIZON * targets)

    def forward(self, x):
        norm = WindowNorm(x, self.targets, self.window_norm)
        y = self.head(self.blocks(norm.apply(x).transpose(1, 2))[:, :, -1])
        return norm.restore(y.view(-1, HORIZON, self.targets))


class PatchTransformer(nn.Module):
    def __init__(self, features, targets, patch="16", stride="8", width="32", depth="2", heads="4", dropout="0", windowNorm="true"):
        super().__init__()
        self.targets, self.window_norm = targets, windowNorm
        self.patch, self.stride, width = int(patch), int(stride), int(width)
        patches = (STEPS + self.stride - self.patch) // self.stride + 1
        self.embed = nn.Linear(self.patch, width)
        self.position = nn.Embedding(patches, width)
        self.blocks = nn.Sequential(*[TransformerBlock(width, int(heads)) for _ in range(int(depth))])
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(patches * width, HORIZON)

    def forward(self, x):
        norm = WindowNorm(x, self.targets, self.window_norm)
        x = norm.apply(x)[:, :, :self.targets].transpose(1, 2)
        x = nn.functional.pad(x, (0, self.stride), mode="replicate").unfold(2, self.patch, self.stride)
        columns = [self.head(self.norm(self.blocks(self.embed(x[:, c]) + self.position.weight)).flatten(1)) for c in range(self.targets)]
        return norm.restore(torch.stack(columns, 2))


NETWORKS = {"dlinear": DLinear, "rnn-forecaster": RnnForecaster, "temporal-convolution": TemporalConvolution,
            "patch-transformer": PatchTransformer}
CASES = [
    ("dlinear", 3, 3, {"kernel": "5"}),
    ("dlinear", 4, 2, {"kernel": "6", "windowNorm": "true"}),
    ("rnn-forecaster", 3, 2, {"cell": "lstm", "width": "8", "layers": "2", "dropout": "0"}),
    ("rnn-forecaster", 2, 2, {"cell": "gru", "width": "6", "dropout": "0", "windowNorm": "false"}),
    ("rnn-forecaster", 2, 1, {"cell": "rnn", "width": "6", "dropout": "0"}),
    ("temporal-convolution", 3, 2, {"width": "6", "dropout": "0"}),
    ("temporal-convolution", 5, 5, {"width": "5", "kernel": "2", "blocks": "2", "dropout": "0", "windowNorm": "false"}),
    ("patch-transformer", 4, 3, {"patch": "6", "stride": "3", "width": "8", "depth": "2", "heads": "2", "dropout": "0"}),
    ("patch-transformer", 1, 1, {"patch": "5", "stride": "5", "width": "8", "depth": "1", "heads": "1", "dropout": "0", "windowNorm": "false"}),
]


def measured(kind, features, targets, parameters):
    network = NETWORKS[kind](features, targets, **parameters).to(torch.float64)
    fill(network)
    inputs = torch.from_numpy(drawn(BATCH * STEPS * features, 9999)).reshape(BATCH, STEPS, features)
    wanted = torch.from_numpy(drawn(BATCH * HORIZON * targets, 8888)).reshape(BATCH, HORIZON, targets)
    outputs = network(inputs)
    loss = nn.functional.mse_loss(outputs, wanted)
    loss.backward()
    return {"architecture": kind, "features": features, "targets": targets, "parameters": parameters,
            "names": [name for name, _ in network.named_parameters()], "outputs": rounded(outputs.flatten().tolist()),
            "loss": loss.item(), "gradientNorms": rounded([p.grad.norm().item() for p in network.parameters()])}


def main():
    lines = ",\n".join(json.dumps(measured(*case)) for case in CASES)
    (FOLDER / "forecast_networks.json").write_text(
        f'{{"torch": "{torch.__version__.split("+")[0]}", "batch": {BATCH}, "steps": {STEPS}, "horizon": {HORIZON}, "cases": [\n{lines}\n]}}\n')


if __name__ == "__main__":
    main()
