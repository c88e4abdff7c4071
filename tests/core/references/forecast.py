# SPDX-License-Identifier: GPL-3.0-or-later
"""What utilsforecast makes of random forecasts: writes forecast.json beside this file, for tst_forecast_metrics.
Nothing is read from Descent. Its sMAPE goes from 0 to 1; ours, as in the M4 competition, from 0 to 200 percent.
Made with utilsforecast 0.2.17:

    python3 -m venv /tmp/metrics-venv && /tmp/metrics-venv/bin/pip install utilsforecast
    /tmp/metrics-venv/bin/python tests/core/references/forecast.py

Values are stored as whole numbers of 1/256, which a float holds exactly.
"""
import json
import pathlib

import numpy
import pandas
from utilsforecast import losses

UNIT = 256


def judged(actual, forecast, training, season):
    series = numpy.concatenate([training, actual]) / UNIT
    frame = pandas.DataFrame({"unique_id": 0, "ds": range(len(series)), "y": series})
    train, test = frame.iloc[:len(training)], frame.iloc[len(training):].assign(model=numpy.asarray(forecast) / UNIT)
    plain = {name: float(getattr(losses, name)(test, ["model"])["model"].iloc[0]) for name in ("mse", "mae", "smape")}
    plain["smape"] *= 200
    plain["mase"] = float(losses.mase(test, ["model"], season, train)["model"].iloc[0])
    return {"actual": list(map(int, actual)), "forecast": list(map(int, forecast)), "training": list(map(int, training)),
            "season": season} | plain


def main():
    random = numpy.random.default_rng(20261124)
    cases = []
    for _ in range(16):
        season, length, horizon = int(random.integers(1, 8)), int(random.integers(12, 40)), int(random.integers(1, 15))
        whole = (400 * numpy.sin(numpy.arange(length + horizon) * 2 * numpy.pi / season)).astype(int)
        whole += random.integers(-500, 501, length + horizon)
        forecast = whole[length:] + random.integers(-300, 301, horizon)
        zero = random.random(horizon) < 0.1  # right where nothing is, and wrong by all
        cases.append(judged(numpy.where(zero, 0, whole[length:]), numpy.where(zero & (random.random(horizon) < 0.5), 0, forecast),
                            whole[:length], season))
    text = f'{{"unit": {UNIT}, "cases": [\n' + ",\n".join(json.dumps(case) for case in cases) + "]}\n"
    pathlib.Path(__file__).with_suffix(".json").write_text(text)


main()
