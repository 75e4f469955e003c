"""Times papermill on a small notebook: a warm kernel against the plain one of the same environment.

    python benchmarks/kernels.py        # 9 pairs
    python benchmarks/kernels.py 3

The notebook imports what an analyst of series does, fits a line to a made-up series and shows a
table and what a chart is drawn from. Two times of each kernel: the whole command
``papermill -k KERNEL``, and the run alone, as a process that has imported papermill sees it. To
import papermill, which no kernel can shorten, stands beside them. The run that starts the server
of kernels is not timed. Both kernels must leave the same outputs, or the benchmark stops.
"""

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from faiwatch.core.processes import cores

KERNELS = {"plain": "python3", "warm": "faiwatch-warm"}
AT_LEAST, AIM = 4.0, 6.0
CELLS = (
    "import altair as alt\nimport pandas as pd\nimport statsmodels.api as sm",
    "months = pd.period_range('2022-01', periods=48, freq='M').to_timestamp()\n"
    "made_up = pd.DataFrame({'month': months, 'growth': [5 - i / 8 for i in range(48)]})\n"
    "made_up.describe()",
    "sm.OLS(made_up['growth'], sm.add_constant(range(48))).fit().params",
    "alt.Chart(made_up).mark_line().encode(x='month', y='growth').to_dict()",
)
RUN = """
import sys, time
import papermill.cli
source, done, kernel = sys.argv[1:]
started = time.perf_counter()
papermill.execute_notebook(source, done, kernel_name=kernel, progress_bar=False)
print(time.perf_counter() - started)
"""


def timed(*words):
    """Return how long a Python command takes, start to end, and what it prints."""
    # as papermill's command sets it; a kernel with another environment has another server
    environment = os.environ | {"PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, *words], capture_output=True, text=True, check=False, env=environment
    )
    if done.returncode:
        sys.exit(f"failed: {words}\n{done.stderr[-2000:]}")
    return time.perf_counter() - started, done.stdout


def outputs(path):
    """Return what the cells of an executed notebook show."""
    cells = nbformat.read(path, as_version=4).cells
    return [output.get("data") for cell in cells for output in cell.get("outputs", ())]


def told(name, times):
    print(f"{name:13} {statistics.median(times):6.2f} s  ({min(times):.2f} .. {max(times):.2f})")


def main():
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    print(f"{platform.platform()}, {cores()} cores, Python {platform.python_version()}")
    command, alone = {kind: [] for kind in KERNELS}, {kind: [] for kind in KERNELS}
    with tempfile.TemporaryDirectory() as name:
        source = str(Path(name, "small.ipynb"))
        nbformat.write(new_notebook(cells=[new_code_cell(code) for code in CELLS]), source)
        done = {kind: str(Path(name, f"{kind}.ipynb")) for kind in KERNELS}

        def by_command(kind):
            words = ("-m", "papermill", "-k", KERNELS[kind], "--no-progress-bar")
            return timed(*words, source, done[kind])[0]

        for kind in KERNELS:  # files get into the system's cache, the server starts
            by_command(kind)
        if outputs(done["plain"]) != outputs(done["warm"]):
            sys.exit("the kernels differ in what they show")
        for _ in range(pairs):
            for kind, kernel in KERNELS.items():
                command[kind].append(by_command(kind))
                alone[kind].append(float(timed("-c", RUN, source, done[kind], kernel)[1]))
        own = [timed("-c", "import papermill.cli")[0] for _ in range(pairs)]
    told("papermill", own)
    for what, taken in (("command", command), ("run", alone)):
        for kind, times in taken.items():
            told(f"{what}, {kind}", times)
        ratios = [plain / warm for plain, warm in zip(taken["plain"], taken["warm"], strict=True)]
        wanted = f", at least {AT_LEAST}, aim {AIM}" if what == "run" else ""
        least, most = min(ratios), max(ratios)
        middle = statistics.median(ratios)
        print(f"{what}, plain / warm {middle:.1f} x ({least:.1f} .. {most:.1f}){wanted}")
    print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
