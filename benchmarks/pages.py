"""CPU of single pages with an empty cache, and of a batch before its first page begins.

A page runs as in a warm kernel: a process that has imported what kernels are forked with executes
the cells in IPython and shows every value, charts drawn. What it starts counts too, but for the
engine that draws, half a second which a batch pays once for all its pages. Imports do not: they
are in the last line, of ``faiwatch report`` with a worker for each core, from its start
to the end of the first cell (parameters only) of the first page, over all its processes.

    python benchmarks/pages.py            # all, with the limits of each row
    python benchmarks/pages.py 06 04      # pages whose notebook begins so
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil

from faiwatch.core.paths import project_root
from faiwatch.core.processes import cores

DEMO = {"region": "990101", "data": "demo"}
PAGES = (  # notebook, parameters beside the language, CPU seconds: at most, and aimed at
    ("01_data", {}, None, None),
    ("02_monitor", {}, None, None),
    ("02_monitor", {"region": "610000"}, None, None),
    ("03_trend", {}, None, None),
    ("04_forecast", {"region": "610000"}, 5.0, 4.0),
    ("04_forecast", {}, 22.0, 12.0),
    ("05_target", {"region": "610000"}, None, None),
    ("06_projects", DEMO, 4.0, 3.0),
    ("07_regions", {}, None, None),
    ("08_briefing", DEMO | {"ledger": "demo"}, None, None),
    ("09_city", {"region": "990100", "data": "demo-city", "ledgers": "demo"}, None, None),
    ("10_brief", DEMO | {"ledger": "demo"}, None, None),
)
BEFORE_FIRST_PAGE = (4.0, 2.0)
EXECUTE = """
import gc, json, os, resource, sys
import nbformat
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from faiwatch.run.warm.child import COLLECT_AFTER
from faiwatch.run.warm.client import LATER, OF_PAGES
from faiwatch.run.warm.server import _import
from faiwatch.view.drawing import drawn

class Hook(DisplayHook):
    def __call__(self, result=None):
        if result is not None:
            self.compute_format_data(result)

class Publisher(DisplayPublisher):
    def publish(self, *told, **more):
        pass

class Shell(InteractiveShell):
    displayhook_class, display_pub_class = Hook, Publisher

def used():
    kinds = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in kinds)

def main():
    notebook, values = json.loads(sys.argv[1])
    _import((*OF_PAGES, *LATER))
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER)
    shell = Shell.instance(user_module=sys.modules["__main__"])
    cells = nbformat.read(f"notebooks/{notebook}.ipynb", as_version=4).cells
    drawn({"data": {"values": []}, "mark": "point"})
    before = used()
    for cell in cells:
        if cell.cell_type == "code":
            shell.run_cell(cell.source).raise_error()
            if "parameters" in cell.metadata.get("tags", []):
                shell.push(values)
    print(json.dumps(used() - before), file=sys.__stderr__)
    os._exit(0)

if __name__ == "__main__":
    main()
"""


def cpu_of_page(notebook, values, folder):
    """Return the CPU seconds of a page in a fresh process with an empty cache."""
    script = folder / "execute.py"
    script.write_text(EXECUTE)
    cache = tempfile.mkdtemp(dir=folder)
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    ran = subprocess.run(
        [sys.executable, script, json.dumps([notebook, {**values, "results": f"{cache}-results"}])],
        cwd=project_root(),
        env={**os.environ, **threads, "FAIWATCH_CACHE": cache, "FAIWATCH_LANG": "zh"},
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        sys.exit(f"{notebook} failed: {ran.stderr[-2000:]}")
    return float(ran.stderr.splitlines()[-1])


def cpu_before_first_page(folder):
    """Return the CPU seconds of all processes of a report until its first cell has ended."""
    process = subprocess.Popen(
        [sys.executable, "-m", "faiwatch", "report", "--site", str(folder / "site")],
        cwd=project_root(),
        env={**os.environ, "FAIWATCH_CACHE": str(folder.parent / "kept"), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    line = process.stderr.readline()  # a line a cell; the first holds parameters only
    spent = 0.0
    whole = psutil.Process(process.pid)
    for one in (whole, *whole.children(recursive=True)):
        try:
            spent += sum(one.cpu_times()[:4])  # its own, and of those that it has waited for
        except psutil.NoSuchProcess:
            continue
    process.terminate()
    process.communicate()
    return spent if " 1/" in line else sys.exit(f"the report failed: {line}")


def told(value, limit, aim):
    wanted = "" if limit is None else f"   at most {limit:g}, aim {aim:g}"
    return f"{value:6.1f} s CPU{wanted}"


def main():
    print(f"{platform.platform()}, {cores()} cores, Python {platform.python_version()}")
    asked = tuple(sys.argv[1:])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for notebook, values, *wanted in PAGES:
            if not asked or notebook.startswith(asked):
                what = f"{notebook} {values.get('region', '000000')}"
                load = f"load {os.getloadavg()[0]:.1f}"
                spent = cpu_of_page(notebook, values, folder)
                print(f"{what:22} {told(spent, *wanted)}   {load}", flush=True)
        if not asked:
            best = min(cpu_before_first_page(Path(tempfile.mkdtemp(dir=name))) for _ in range(3))
            print(f"{'before the first page':22} {told(best, *BEFORE_FIRST_PAGE)}")


if __name__ == "__main__":
    main()
