"""Times a batch of pages against a plain loop of papermill and nbconvert, and against no Jupyter.

Three ways to the same pages (02_monitor and 04_forecast, one language), each with an empty cache:

- ours: ``faiwatch batch``: warm kernels, a worker for each core, record, verdict, published page;
- loop: for each page ``papermill``, then ``jupyter nbconvert --to html``, one after the other;
- direct: the code cells of the same notebooks executed in one plain process for each core: no
  kernel, no executed notebook, no page.

The findings of all three must be the same, or the benchmark stops. Wall time depends on what else
the machine does, so the CPU seconds of each way stand beside it.

    python benchmarks/batch.py --provinces 31    # 62 pages
    python benchmarks/batch.py --provinces 6     # 12 pages
    python benchmarks/batch.py --provinces 4     # a sample, for a busy machine
    python benchmarks/batch.py --growth 10 100 1000
"""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import nbformat
import psutil
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from faiwatch.core.paths import project_root
from faiwatch.core.processes import cores
from faiwatch.data.regions import provinces
from faiwatch.page.parameters import check_parameters

NOTEBOOKS = ("02_monitor", "04_forecast")
LOOP_AT_LEAST, LOOP_AIM = {12: 6.5, 62: 8.5}, {12: 8.0, 62: 10.0}  # by the number of pages
DIRECT_AT_MOST = 1.5
EXECUTE = """
import json, pathlib, subprocess, sys
import nbformat
def make(notebook, region, results):
    pathlib.Path(results).mkdir(parents=True)
    source = pathlib.Path("notebooks", f"{notebook}.ipynb")
    scope = {}
    for cell in nbformat.read(source, as_version=4).cells:
        if cell.cell_type == "code":
            exec(cell.source, scope)
            if "parameters" in cell.metadata.get("tags", []):
                scope |= {"region": region, "results": results}
shares = json.loads(sys.argv[1])
if len(shares) == 1:
    for job in shares[0]:
        make(*job)
else:
    each = [[sys.executable, __file__, json.dumps([share])] for share in shares]
    sys.exit(max(one.wait() for one in [subprocess.Popen(words) for words in each]))
"""


PARTS = {
    **dict.fromkeys(("multiprocessing.spawn", "multiprocessing.forkserver"), "worker"),
    "warm.server": "server",
    "view.drawing": "drawer",
}


class Memory(threading.Thread):
    """Samples the memory of a process and all below it: proportional, so that pages count once."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.root, self.whole, self.largest = psutil.Process(pid), 0.0, {}

    def run(self):
        while self.root.is_running():
            try:
                sizes = [_size(one) for one in (self.root, *self.root.children(recursive=True))]
            except psutil.Error:
                break
            self.whole = max(self.whole, sum(size for _, size in sizes))
            for kind, size in sizes:
                self.largest[kind] = max(self.largest.get(kind, 0.0), size)
            time.sleep(1)


def _size(process):
    try:
        kind = _kind(process)
        parent = process.parent()
        if kind == "server" and parent is not None and _kind(parent) == "server":
            kind = "kernel"  # forked from it
        return kind, process.memory_full_info().pss / 1e6
    except psutil.Error:
        return "gone", 0.0


def _kind(process):
    command = " ".join(process.cmdline())
    return next((kind for part, kind in PARTS.items() if part in command), "batch")


def timed(folder, *commands, watch=False):
    """Run commands one after the other; return wall and CPU seconds, and the memory if watched."""
    environment = {
        **os.environ,
        "FAIWATCH_CACHE": str(folder / "cache"),
        "PYTHONHASHSEED": "0",
        "FAIWATCH_LANG": "en",
    }
    before, started, memory = _cpu(), time.perf_counter(), None
    with (folder / "log").open("ab") as log:
        for command in commands:
            process = subprocess.Popen(
                command, cwd=project_root(), env=environment, stdout=log, stderr=log
            )
            if watch:
                memory = Memory(process.pid)
                memory.start()
            if process.wait():
                sys.exit(f"failed: {command[:6]}; see {folder / 'log'}")
    return time.perf_counter() - started, _cpu() - before, memory


def _cpu():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def ours(folder, regions):
    site = folder / "site"
    command = [sys.executable, "-m", "faiwatch", "batch", "--regions", ",".join(regions)]
    options = ["--notebooks", ",".join(NOTEBOOKS), "--lang", "zh", "--site", str(site), "--force"]
    spent = timed(folder, [*command, *options], watch=True)
    found = {}
    for path in site.glob("runs/*/run.json"):
        record = json.loads(path.read_text())
        found[record["notebook"], record["region"]] = path.parent / "results"
    return spent, found


def loop(folder, regions):
    found = {(nb, code): folder / code / nb for code in regions for nb in NOTEBOOKS}
    commands = []
    for (notebook, region), results in found.items():
        results.mkdir(parents=True)
        done = str(results / "done.ipynb")
        run = [sys.executable, "-m", "papermill", f"notebooks/{notebook}.ipynb", done]
        values = ["-r", "region", region, "-r", "results", str(results), "--cwd", "notebooks"]
        commands.append([*run, *values, "-k", "python3", "--no-progress-bar"])
        commands.append([sys.executable, "-m", "nbconvert", "--to", "html", done])
    return timed(folder, *commands), found


def direct(folder, regions):
    found = {(nb, code): folder / code / nb for code in regions for nb in NOTEBOOKS}
    shares = [regions[first :: cores()] for first in range(cores())]
    jobs = [
        [[nb, code, str(found[nb, code])] for code in share for nb in NOTEBOOKS]
        for share in shares
        if share
    ]
    script = folder / "direct.py"
    script.write_text(EXECUTE)
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    os.environ.update(threads)
    try:
        return timed(folder, [sys.executable, str(script), json.dumps(jobs)]), found
    finally:
        for name in threads:
            del os.environ[name]


def same_findings(*ways):
    """Stop unless every way found the same, page by page."""
    for key in ways[0]:
        told = [json.loads((way[key] / "findings.json").read_text()) for way in ways]
        if any(one != told[0] for one in told[1:]):
            sys.exit(f"the ways differ in {key}")


def compare(number):
    regions = provinces()[:number]
    pages = len(regions) * len(NOTEBOOKS)
    print(f"{platform.platform()}, {cores()} cores, Python {platform.python_version()}")
    print(f"{pages} pages: {len(regions)} provinces x {', '.join(NOTEBOOKS)}")
    spent, found = {}, {}
    with tempfile.TemporaryDirectory() as name:
        for way in (loop, ours, direct):
            folder = Path(name) / way.__name__
            folder.mkdir()
            load = os.getloadavg()[0]
            spent[way.__name__], found[way.__name__] = way(folder, regions)
            wall, cpu, _ = spent[way.__name__]
            print(
                f"{way.__name__:7} {wall:8.1f} s wall  {cpu:8.1f} s CPU"
                f"   {wall / pages:6.2f} s a page   load {load:.1f} .. {os.getloadavg()[0]:.1f}",
                flush=True,
            )
        same_findings(*found.values())
    wall, cpu = (spent["loop"][part] / spent["ours"][part] for part in (0, 1))
    wanted = f", at least {LOOP_AT_LEAST[pages]}, aim {LOOP_AIM[pages]}" * (pages in LOOP_AIM)
    print(f"{pages} pages: loop / ours {wall:.2f} x by the clock{wanted}; {cpu:.2f} x by CPU")
    wall, cpu = (spent["ours"][part] / spent["direct"][part] for part in (0, 1))
    print(f"ours / direct {wall:.2f} by the clock, at most {DIRECT_AT_MOST}; {cpu:.2f} by CPU")
    memory = spent["ours"][2]
    largest = [f"{kind} {size:.0f}" for kind, size in sorted(memory.largest.items())]
    print(f"peak of memory (PSS): {memory.whole:.0f} MB in all; largest {', '.join(largest)}")


def small_house(folder, number):
    """Write a project with one small notebook and figures of so many made-up regions."""
    (folder / "notebooks").mkdir(parents=True)
    (folder / "data").symlink_to(project_root() / "data")
    defaults = check_parameters("02_monitor", {}).model_dump()
    lines = "\n".join(f"{name} = {value!r}" for name, value in defaults.items())
    cells = [
        new_markdown_cell("# 小页", metadata={"tags": ["zh"]}),
        new_code_cell(lines, metadata={"tags": ["parameters"]}),
        new_code_cell("import pandas as pd; pd.DataFrame({'region': [region]})"),
    ]
    nbformat.write(new_notebook(cells=cells), folder / "notebooks/02_monitor.ipynb")
    codes = [f"{100000 + one}" for one in range(number)]
    rows = "".join(f"{code},total,2026-08,1.0\n" for code in codes)
    (folder / "own.csv").write_text(f"region_code,indicator,period,ytd_yoy_pct\n{rows}")
    return codes


def growth(numbers):
    """Time a batch of a small notebook for more and more regions, then once more unchanged."""
    for number in numbers:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            house = folder / "house"
            codes = small_house(house, number)
            command = [sys.executable, "-m", "faiwatch", "batch", "--regions", ",".join(codes)]
            options = [
                "--notebooks",
                "02_monitor",
                "--lang",
                "zh",
                "--data",
                str(house / "own.csv"),
            ]
            os.environ["FAIWATCH_ROOT"] = str(house)
            every = [*command, *options, "--site", str(folder / "site")]
            wall, cpu, memory = timed(folder, every, watch=True)
            again, again_cpu, _ = timed(folder, every)
            del os.environ["FAIWATCH_ROOT"]
            print(
                f"{number:5} runs {wall:7.1f} s wall {cpu:7.1f} s CPU "
                f"{1000 * cpu / number:6.0f} ms CPU a run, peak {memory.whole:.0f} MB; "
                f"unchanged {again:6.1f} s wall {again_cpu:6.1f} s CPU",
                flush=True,
            )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--provinces", type=int, default=31)
    parser.add_argument("--growth", type=int, nargs="*")
    given = parser.parse_args()
    if given.growth:
        growth(given.growth)
    else:
        compare(given.provinces)


if __name__ == "__main__":
    main()
