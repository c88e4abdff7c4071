# SPDX-License-Identifier: GPL-3.0-or-later
"""Batches of a folder of pictures, as fast as they come and without a network: torch's DataLoader (PIL, two workers, flips and
crops by torch on each picture, as torchvision's usual recipe) against ours. FOLDER holds a folder a class. Prints JSON with the seconds of an epoch, the first and
a later one.

    .venv/bin/python tests/bench/input_peer.py build/release/bench/bench_input FOLDER
"""
import json
import os
import subprocess
import sys
import time

import torch
from torch.utils.data import DataLoader, Dataset

try:
    from PIL import Image
except ImportError:
    sys.exit("Pillow is needed, and in none of our lists: .venv/bin/pip install Pillow")
import numpy


class Folder(Dataset):
    def __init__(self, root):
        classes = sorted(e.name for e in os.scandir(root) if e.is_dir())
        self.files = [(os.path.join(root, c, f), i) for i, c in enumerate(classes) for f in sorted(os.listdir(os.path.join(root, c)))]

    def __len__(self):
        return len(self.files)

    def __getitem__(self, index):
        path, label = self.files[index]
        with Image.open(path) as picture:
            x = torch.from_numpy(numpy.array(picture.convert("RGB"))).permute(2, 0, 1).float() / 255
        if torch.rand(()) < 0.5:
            x = x.flip(2)
        top, left = torch.randint(9, (2,)).tolist()
        x = torch.nn.functional.pad(x, (4, 4, 4, 4))[:, top:top + x.shape[1], left:left + x.shape[2]]
        return (x - 0.45) / 0.25, label


def main():
    program, root = sys.argv[1], sys.argv[2]
    loader = DataLoader(Folder(root), batch_size=128, shuffle=True, num_workers=2, persistent_workers=True)
    epochs = []
    for _ in range(2):
        start = time.perf_counter()
        count = sum(len(y) for _, y in loader)
        epochs.append(time.perf_counter() - start)
    ours = json.loads(subprocess.run([program, f"batches={root}"], capture_output=True, check=True, text=True).stdout)[0]
    print(json.dumps({"pictures": count, "dataLoaderSeconds": epochs, "ours": ours,
                      "ratioFirstEpoch": round((ours["secondsToDecode"] + ours["secondsOfAnEpoch"]) / epochs[0], 4),
                      "ratioLaterEpoch": round(ours["secondsOfAnEpoch"] / epochs[1], 4)}, indent=2))


main()
