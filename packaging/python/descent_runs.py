# SPDX-License-Identifier: GPL-3.0-or-later
"""Logs a training of your own to Descent's history, where it appears live beside Descent's own runs.

    import descent_runs

    with descent_runs.Run("my network", config={"training": {"learningRate": 0.1}}, tags=["demo"]) as run:
        for step in range(1000):
            run.log({"loss/train": loss, "accuracy/validation": accuracy}, step=step)

Standard library only. Values are written by a thread of their own, a few times a second, in one transaction: log() takes microseconds,
and what flush() has returned from survives a kill. Any number of programs may write at once. A program that dies leaves its run
"interrupted", as Descent finds out by itself; one that ends by an exception "failed", with the exception as the reason.

The history is made by Descent: start it once, or have `descent` on the PATH.
"""
import array
import atexit
import json
import math
import os
import pathlib
import queue
import shutil
import sqlite3
import subprocess
import sys
import threading
import time

__all__ = ["Run", "data_folder"]

_SCHEMA_VERSION = 5
_TICK = 0.25  # seconds
_PATIENCE = 30  # seconds that another writer may keep the history
_MOST_WAITING = 1_000_000  # values; log() waits when so many are not written yet
_THUMBNAIL_SERIES, _THUMBNAIL_VALUES = "loss/train", 64


def data_folder():
    """Where Descent keeps its history: $DESCENT_HOME, else $XDG_DATA_HOME/descent, else ~/.local/share/descent."""
    if home := os.environ.get("DESCENT_HOME"):
        return pathlib.Path(home)
    if data := os.environ.get("XDG_DATA_HOME"):
        return pathlib.Path(data) / "descent"
    return pathlib.Path.home() / ".local" / "share" / "descent"


def _now():
    return time.time_ns() // 1_000_000


def _owner():
    """This process, so that Descent can tell when it is gone: number, start, boot."""
    try:
        fields = pathlib.Path(f"/proc/{os.getpid()}/stat").read_text().rpartition(")")[2].split()
        boot = pathlib.Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return os.getpid(), int(fields[19]), boot
    except OSError:
        return os.getpid(), 0, ""


def _text(sentence):
    """A text as Descent keeps it: what may be translated, and arguments."""
    return json.dumps({"source": "%1", "arguments": [sentence]}) if sentence else ""


class _Thumbnail:
    """The loss curve in at most 64 means of equally many values, kept as they come."""

    def __init__(self):
        self.bins, self.stride, self.sum, self.count = array.array("f"), 1, 0.0, 0

    def add(self, value):
        if not math.isfinite(value):
            return
        self.sum += value
        self.count += 1
        if self.count < self.stride:
            return
        self.bins.append(self.sum / self.count)
        self.sum, self.count = 0.0, 0
        if len(self.bins) == _THUMBNAIL_VALUES:
            self.bins = array.array("f", (0.5 * self.bins[i] + 0.5 * self.bins[i + 1] for i in range(0, _THUMBNAIL_VALUES, 2)))
            self.stride *= 2

    def bytes(self):
        bins = self.bins
        if sys.byteorder == "big":
            bins = array.array("f", bins)
            bins.byteswap()
        return bins.tobytes()


class _Best:
    """What was logged of validation at the step at which the run's metric was best."""

    def __init__(self, metric, higher_is_better):
        self.name, self.sign = f"{metric}/validation", 1 if higher_is_better else -1
        self.value, self.step, self.at_step, self.figures = -math.inf, None, {}, {}

    def add(self, name, step, value):
        """Whether figures are others now."""
        if not name.endswith("/validation"):
            return False
        if step != self.step:
            self.step, self.at_step = step, {}
        self.at_step[name] = value
        if name == self.name and self.sign * value > self.value:
            self.value, self.figures = self.sign * value, self.at_step
        return self.figures is self.at_step  # which may come before its metric or behind it


class _Series:
    def __init__(self, number, last_step):
        self.number, self.last_step = number, last_step


class Run:
    """One training in the history. Thread safety: any thread may log.

    name        what it is called
    experiment  the runs it belongs to
    config      settings, a dictionary that json can write; shown as its recipe, and asked for in queries as training.learningRate
    tags        texts
    metric      by which runs are compared, "accuracy"; higher_is_better says which way. Where "accuracy/validation" is logged, its best
                step is remembered with all that validation had there
    dataset, architecture, parameters
                what it was trained on, what it is, and how many weights it has: columns of the table, where they are given
    folder      of the history; data_folder() if it is not given

    Raises FileNotFoundError when there is no history yet and no `descent` to make one, RuntimeError when it is of another version.
    """

    def __init__(self, name, *, experiment="Default", config=None, tags=(), metric="accuracy", higher_is_better=True, dataset="", architecture="",
                 parameters=0, folder=None):
        self._folder = pathlib.Path(folder) if folder is not None else data_folder()
        self._waiting = queue.SimpleQueue()
        self._room = threading.Semaphore(_MOST_WAITING)
        self._wake, self._written = threading.Event(), threading.Condition()
        self._flushes_asked = self._flushes_done = 0
        self._error, self._ended, self._step = None, None, 0
        self._best = _Best(metric, higher_is_better)
        self._started = time.monotonic()
        self._process = os.getpid()
        connection = self._connect()
        try:
            about = (str(dataset), str(architecture), metric, int(higher_is_better), int(parameters))
            self.id = self._create(connection, name, experiment, config or {}, tags, about)
        finally:
            connection.close()
        self._writer = threading.Thread(target=self._write_all, name="descent-runs", daemon=True)
        self._writer.start()
        atexit.register(self._at_exit)

    def log(self, values, step=None):
        """values: numbers by the name of their series, "loss/train". step: counted on by one from the last if it is not given."""
        if self._ended is not None:
            raise RuntimeError("the run has ended")
        if self._error is not None:
            raise self._error
        if os.getpid() != self._process:
            raise RuntimeError("a forked process must make a run of its own")
        self._step = int(step) if step is not None else self._step + 1
        seconds = time.monotonic() - self._started
        for name, value in values.items():
            self._room.acquire()
            self._waiting.put((str(name), self._step, float(value), seconds))

    def flush(self):
        """Returns when all that was logged is written. Raises what writing failed with."""
        with self._written:
            self._flushes_asked += 1
            mine = self._flushes_asked
            self._wake.set()
            self._written.wait_for(lambda: self._flushes_done >= mine or not self._writer.is_alive())
        if self._error is not None:
            raise self._error

    def finish(self, status="completed", reason="", **figures):
        """Ends the run: "completed", "stopped" or "failed". figures: of the test, as in finish(accuracy=0.97)."""
        if status not in ("completed", "stopped", "failed"):
            raise ValueError(f'"{status}" is no way to end: completed, stopped or failed')
        if self._ended is not None:
            return
        self._ended = (status, reason, {name: float(value) for name, value in figures.items()})
        self._wake.set()
        self._writer.join()
        atexit.unregister(self._at_exit)
        if self._error is not None:
            raise self._error

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if kind is None:
            self.finish()
        elif issubclass(kind, KeyboardInterrupt):
            self.finish("stopped")
        else:
            self.finish("failed", f"{kind.__name__}: {error}")

    def _at_exit(self):
        if os.getpid() == self._process:
            self.finish("stopped", "the program ended before the run did")

    def _connect(self):
        file = self._folder / "descent.db"
        program = shutil.which("descent")
        if not file.exists():
            self._let_descent_make_it(program)
        if not file.exists():
            raise FileNotFoundError(f"{file} is not there: start Descent once, or run: descent runs")
        connection = sqlite3.connect(file, timeout=_PATIENCE, isolation_level=None)
        deadline = time.monotonic() + _PATIENCE
        while True:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version == _SCHEMA_VERSION:
                break
            if version > _SCHEMA_VERSION:
                connection.close()
                raise RuntimeError(f"{file} has version {version}, not {_SCHEMA_VERSION}: take this module from the newer Descent")
            if program is not None:
                self._let_descent_make_it(program)
                program = None
            elif version == 0 and time.monotonic() < deadline:  # another program makes it at this moment
                time.sleep(0.05)
            else:
                connection.close()
                raise RuntimeError(f"{file} has version {version}, not {_SCHEMA_VERSION}: start the present Descent once")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        return connection

    def _let_descent_make_it(self, program):
        """Or bring it to the present version: that is what opening it does."""
        if program is not None:
            subprocess.run([program, "runs"], env=os.environ | {"DESCENT_HOME": str(self._folder)}, stdout=subprocess.DEVNULL, check=True)

    def _create(self, connection, name, experiment, config, tags, about):
        now, (pid, start, boot) = _now(), _owner()
        recipe = json.dumps({"name": name} | config, indent=2, default=str)
        connection.execute("BEGIN IMMEDIATE")
        with connection:
            connection.execute("INSERT INTO experiment (name, created_at) VALUES (?, ?) ON CONFLICT (name) DO NOTHING", (experiment, now))
            number = connection.execute(
                "INSERT INTO run (experiment, name, status, dataset_kind, task, dataset_name, architecture, primary_metric, higher_is_better, "
                "parameter_count, created_at, updated_at, owner_pid, owner_start, owner_boot) "
                "VALUES ((SELECT id FROM experiment WHERE name = ?), ?, 'running', '', '', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (experiment, name, *about, now, now, pid, start, boot),
            ).lastrowid
            connection.execute("INSERT INTO recipe (run, json) VALUES (?, ?)", (number, recipe))
            connection.executemany("INSERT INTO tag (run, name) VALUES (?, ?) ON CONFLICT DO NOTHING", ((number, str(tag)) for tag in tags))
            connection.executemany(
                "INSERT INTO environment (run, name, value) VALUES (?, ?, ?)",
                ((number, "loggedBy", "descent_runs"), (number, "python", sys.version.split()[0]), (number, "command", " ".join(sys.argv))),
            )
            (self._folder / "runs" / str(number)).mkdir(parents=True, exist_ok=True)
        return number

    def _write_all(self):
        try:
            connection = self._connect()
            series, thumbnail = {}, _Thumbnail()
            while True:
                self._wake.wait(_TICK)
                self._wake.clear()
                with self._written:
                    flushes = self._flushes_asked
                ended = self._ended  # before the values are taken: none comes after it
                points = []
                while not self._waiting.empty():
                    points.append(self._waiting.get())
                if points or ended is not None:
                    self._write(connection, series, thumbnail, points, ended)
                for _ in points:
                    self._room.release()
                with self._written:
                    self._flushes_done = flushes
                    self._written.notify_all()
                if ended is not None:
                    connection.close()
                    return
        except Exception as error:  # told to whoever logs next
            self._error = error
            for _ in range(1000):
                self._room.release()
        with self._written:
            self._written.notify_all()

    def _write(self, connection, series, thumbnail, points, ended):
        connection.execute("BEGIN IMMEDIATE")
        with connection:
            rows, last, added, is_better = [], {}, {}, False
            for name, step, value, seconds in points:
                of = series.get(name)
                if of is None:
                    connection.execute("INSERT INTO series (run, name) VALUES (?, ?) ON CONFLICT DO NOTHING", (self.id, name))
                    of = series[name] = _Series(*connection.execute("SELECT id, last_step FROM series WHERE run = ? AND name = ?", (self.id, name)).fetchone())
                nth = 0
                if of.last_step is not None and step <= of.last_step:  # a step that passes again
                    connection.executemany("INSERT INTO point (series, step, nth, value, seconds) VALUES (?, ?, ?, ?, ?)", rows)
                    rows.clear()
                    (nth,) = connection.execute("SELECT coalesce(max(nth), -1) + 1 FROM point WHERE series = ? AND step = ?", (of.number, step)).fetchone()
                else:
                    of.last_step = step
                stored = None if math.isnan(value) else value
                rows.append((of.number, step, nth, stored, seconds))
                last[name] = stored
                added[name] = added.get(name, 0) + 1
                is_better = self._best.add(name, step, value) or is_better
                if name == _THUMBNAIL_SERIES:
                    thumbnail.add(value)
            connection.executemany("INSERT INTO point (series, step, nth, value, seconds) VALUES (?, ?, ?, ?, ?)", rows)
            connection.executemany("UPDATE series SET last_step = ?, points = points + ? WHERE id = ?", ((series[name].last_step, count, series[name].number) for name, count in added.items()))
            summary = "INSERT INTO summary (run, part, name, value) VALUES (?, ?, ?, ?) ON CONFLICT (run, part, name) DO UPDATE SET value = excluded.value"
            connection.executemany(summary, ((self.id, "last", name, value) for name, value in last.items()))
            if is_better:
                connection.execute("DELETE FROM summary WHERE run = ? AND part = 'best'", (self.id,))  # of an earlier step
                best = {name: None if math.isnan(value) else value for name, value in self._best.figures.items()}
                connection.executemany(summary, ((self.id, "best", name, value) for name, value in best.items()))
            if points:
                connection.execute(
                    "UPDATE run SET step = max(step, ?), seconds = ?, updated_at = ?, thumbnail = ?, thumbnail_stride = ?, thumbnail_sum = ?, thumbnail_count = ? WHERE id = ?",
                    (max(step for _, step, _, _ in points), points[-1][3], _now(), thumbnail.bytes(), thumbnail.stride, thumbnail.sum, thumbnail.count, self.id),
                )
            if ended is not None:
                status, reason, figures = ended
                connection.executemany(summary, ((self.id, "test", name, None if math.isnan(value) else value) for name, value in figures.items()))
                connection.execute("UPDATE run SET status = ?, reason = ?, ended_at = ? WHERE id = ?", (status, _text(reason), _now(), self.id))
