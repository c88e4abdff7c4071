#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing scalars and opening them again: ours against TensorBoard's writer and reader and MLflow's SQLite store, turn about.

    store_peers.py build/release/bench/bench_store [--rounds 3] [--points 100000] [--opened 1000000]

Prints JSON: values a second of each and how many times as many ours are; seconds until a series is loaded, and ours until its first
picture. Peers write as their own loggers do: TensorBoard one scalar a call, MLflow a thousand a batch, which is the most it takes.
"""
import argparse
import json
import logging
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")


def timed(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def tensorboard_writes(folder, points):
    from tensorboard.summary import Writer

    writer = Writer(str(folder))

    def write():
        for step in range(points):
            writer.add_scalar("loss/train", 1 / (1 + step), step)
        writer.close()

    return points / timed(write)


def mlflow_writes(folder, points):
    from mlflow.entities import Metric
    from mlflow.tracking import MlflowClient

    client = MlflowClient(tracking_uri=f"sqlite:///{folder}/mlflow.db")
    run = client.create_run(client.create_experiment("bench")).info.run_id

    def write():
        for at in range(0, points, 1000):
            now = int(time.time() * 1000)
            client.log_batch(run, metrics=[Metric("loss", 1 / (1 + step), now, step) for step in range(at, min(at + 1000, points))])

    return points / timed(write)


def tensorboard_opens(folder, points):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    tensorboard_writes(folder, points)
    events = EventAccumulator(str(folder), size_guidance={"scalars": 0, "tensors": 0})
    seconds = timed(events.Reload)
    tags = events.Tags()
    loaded = sum(len(events.Scalars(tag)) for tag in tags["scalars"]) + sum(len(events.Tensors(tag)) for tag in tags["tensors"])
    assert loaded == points, loaded
    return seconds


def ours(program, what, points):
    return json.loads(subprocess.run([program, what, str(points)], check=True, stdout=subprocess.PIPE).stdout)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", help="build/release/bench/bench_store")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--points", type=int, default=100_000, help="written by TensorBoard; a fifth of it by MLflow")
    parser.add_argument("--opened", type=int, default=1_000_000)
    given = parser.parse_args()
    logging.disable(logging.WARNING)
    figures = {name: [] for name in ("bulk", "small", "tensorboard", "mlflow", "opened", "tensorboardOpened")}
    for _ in range(given.rounds):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder)
            written = ours(given.program, "write", 4_000_000)["pointsASecond"]
            figures["bulk"].append(written["1000000 a transaction"])
            figures["small"].append(written["250 a transaction"])
            figures["tensorboard"].append(tensorboard_writes(path / "board", given.points))
            figures["mlflow"].append(mlflow_writes(path, given.points // 5))
            figures["opened"].append(ours(given.program, "open", given.opened)["openedAndFirstPictureSeconds"])
            figures["tensorboardOpened"].append(tensorboard_opens(path / "opened", given.opened))
    medians = {name: statistics.median(values) for name, values in figures.items()}
    report = {
        "valuesASecond": {"oursInBulk": medians["bulk"], "ours250ATransaction": medians["small"], "tensorboard": medians["tensorboard"], "mlflow": medians["mlflow"]},
        "oursInBulkOverTensorboard": medians["bulk"] / medians["tensorboard"],
        "oursInBulkOverMlflow": medians["bulk"] / medians["mlflow"],
        "ours250OverTensorboard": medians["small"] / medians["tensorboard"],
        "ours250OverMlflow": medians["small"] / medians["mlflow"],
        "opened": {"points": given.opened, "oursFirstPictureSeconds": medians["opened"], "tensorboardLoadedSeconds": medians["tensorboardOpened"], "ratio": medians["tensorboardOpened"] / medians["opened"]},
        "rounds": given.rounds,
    }
    json.dump(report, sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()
