# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes preparation.json, for tst_cleaning: what scikit-learn makes of a small table with gaps, fitted on its first rows
alone. Made with scikit-learn 1.9.1 in the environment of metrics.py:

    /tmp/metrics-venv/bin/python tests/core/references/preparation.py
"""
import json
import pathlib

import numpy as np
import sklearn
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, OrdinalEncoder, RobustScaler, StandardScaler

nan = float("nan")
numbers = [3.5, nan, -1.25, 8.0, 8.0, 0.5, 12.75, nan, 8.0, -4.0, 2.0, 1000.0, nan, 7.0]
colours = ["red", "blue", None, "red", "green", "blue", "red", "blue", None, "green", "red", "violet", None, "blue"]
train = 10

column = np.array(numbers).reshape(-1, 1)
result = {"scikit-learn": sklearn.__version__, "numbers": [None if np.isnan(x) else x for x in numbers], "colours": colours, "train": train,
          "scaled": {}}
for fill in ["mean", "median", "most_frequent"]:
    for name, scaler in [("standard", StandardScaler()), ("min-max", MinMaxScaler()), ("robust", RobustScaler())]:
        steps = make_pipeline(SimpleImputer(strategy=fill), scaler).fit(column[:train])
        result["scaled"][f"{fill.replace('_', '-')}/{name}"] = steps.transform(column).ravel().tolist()

words = np.array(colours, dtype=object).reshape(-1, 1)
filled = SimpleImputer(strategy="most_frequent", missing_values=None).fit(words[:train])
one_hot = OneHotEncoder(handle_unknown="ignore", sparse_output=False).fit(filled.transform(words[:train]))
result["oneHot"] = {"categories": one_hot.categories_[0].tolist(), "values": one_hot.transform(filled.transform(words)).tolist()}
ordinal = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1).fit(filled.transform(words[:train]))
result["ordinal"] = ordinal.transform(filled.transform(words)).ravel().tolist()
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(result, indent=1) + "\n")
