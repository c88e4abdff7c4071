#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What TensorBoard reads of the folder OURS, and of the folder THEIRS, into which its own writers and torch's have written before.

    event_files.py OURS THEIRS

A line a value: "ours" or "theirs", tag, step, value, wall time. Exit status 77: TensorBoard is not installed.
"""
import sys

try:
    import numpy
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    from tensorboard.summary import Writer
    from tensorboard.util import tensor_util
except ImportError:
    sys.exit(77)


def scalars(folder):
    events = EventAccumulator(folder, size_guidance={"scalars": 0, "tensors": 0})
    events.Reload()
    for tag in events.Tags()["scalars"]:
        for one in events.Scalars(tag):
            yield tag, one.step, one.value, one.wall_time
    for tag in events.Tags()["tensors"]:
        for one in events.Tensors(tag):
            yield tag, one.step, tensor_util.make_ndarray(one.tensor_proto).item(), one.wall_time


def write(folder):
    writer = Writer(folder)
    for step in range(50):
        writer.add_scalar("tensor/scalar", 1 / (1 + step), step)
    writer.close()
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        return
    writer = SummaryWriter(folder)
    for step in range(50):
        writer.add_scalar("simple/value", step * 0.1, step)
    writer.add_histogram("weights", numpy.arange(3.0), 0)  # left out by the reader
    writer.add_text("note", "words")
    writer.close()


ours, theirs = sys.argv[1:]
write(theirs)
for name, folder in (("ours", ours), ("theirs", theirs)):
    for tag, step, value, wall_time in scalars(folder):
        if isinstance(value, (int, float)):
            print(f"{name} {tag} {step} {value:.17g} {wall_time:.17g}")
