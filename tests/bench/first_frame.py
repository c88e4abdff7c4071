# SPDX-License-Identifier: GPL-3.0-or-later
"""From the start of the process to the window's first frame, in milliseconds: median of several starts. Prints JSON.

    QT_QPA_PLATFORM=offscreen python3 tests/bench/first_frame.py build/release/bin/descent-studio
"""
import json
import os
import statistics
import subprocess
import sys
import tempfile

runs = int(sys.argv[2]) if len(sys.argv) > 2 else 9
with tempfile.TemporaryDirectory() as home:
    times = []
    for _ in range(runs + 1):   # the first one warms up
        output = subprocess.run([sys.argv[1], "--exit-after-first-frame"], capture_output=True, text=True, check=True,
                                env={**os.environ, "DESCENT_HOME": home})
        times.append(json.loads(output.stdout)["firstFrameMs"])
print(json.dumps({"firstFrameMs": {"median": statistics.median(times[1:]), "least": min(times[1:]), "most": max(times[1:])}, "runs": runs}))
