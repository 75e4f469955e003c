"""Makes 22,400 small pages (2,800 counties x 8) as a batch on a cluster does, and measures it.

Real are the plan, the Dask scheduler, a task for each page, its archive through the exchange, the
checks of what a worker used, publishing, journal and index; and a second batch, which finds that
nothing has changed. A stand-in is what a worker computes: each of eight small notebooks is run once
with a kernel, and every other county gets a copy with its code in it.

Said is, for each number of counties: seconds and CPU of the machine that starts the batch for 1,000
pages in all and in the first and last tenth of them, its largest memory, journal, and index. What
grows with the number shows as seconds for 1,000 that do.

    python benchmarks/scale.py 350 700 1400 2800
"""

import datetime
import json
import os
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

NOTEBOOKS = [f"{number}_small" for number in range(21, 29)]


def dask_setup(_):  # what `dask worker --preload` calls
    """Let a worker copy pages instead of computing them."""
    from faiwatch.run import cluster

    cluster.run_page = copied


def copied(notebook, values, options, *, on_cell):
    """Do what `run_page` does, with what one run of the notebook left."""
    from faiwatch.run.request import check_request
    from faiwatch.run.single import PageRun
    from faiwatch.site.run_record import RUN_FILE, write_record
    from faiwatch.site.site import address_of

    parameters = check_request(notebook, values)
    run = PageRun(notebook, parameters, options)
    folder, record = _template(notebook, tuple(sorted(values.items())), options.warm)
    for cell in record.cells:
        on_cell(cell, len(record.cells))
    shutil.copytree(folder, run.public)
    page = run.public / "page.html"
    page.write_text(page.read_text("utf-8").replace(record.region, parameters.region), "utf-8")
    update = {
        "run_id": run.run_id,
        "region": parameters.region,
        "parameters": run.inputs.parameters,
        "inputs": run.inputs.hashes,
        "page": address_of(notebook, parameters.model_dump()),
        "started": run.started,
    }
    made = record.model_copy(update=update)
    write_record(made, run.public / RUN_FILE)
    return made


_templates = {}


def _template(notebook, values, warm):
    """Return folder and record of the one run of a notebook that this worker has made."""
    from faiwatch.run.jobs import RunOptions
    from faiwatch.run.single import run_page

    if notebook not in _templates:
        site = Path(tempfile.mkdtemp(prefix="faiwatch-scale-"))
        record = run_page(notebook, dict(values), RunOptions(site, warm=warm, both_languages=False))
        assert record.verdict == "ok", record.cause
        _templates[notebook] = (site / "runs" / record.run_id, record)
    return _templates[notebook]


def office(folder, number):
    """Lay out a workspace with eight small notebooks and figures of so many made-up counties."""
    (folder / "notebooks").mkdir(parents=True)
    (folder / "faiwatch.toml").write_text("")
    for name in NOTEBOOKS:
        cells = [
            new_markdown_cell(f"# 小页 {name}", metadata={"tags": ["zh"]}),
            new_code_cell('region: str = "100000"', metadata={"tags": ["parameters"]}),
            new_code_cell("import pandas as pd\n\npd.DataFrame({'region': [region] * 20})"),
        ]
        nbformat.write(new_notebook(cells=cells), folder / f"notebooks/{name}.ipynb")
    codes = [f"{100000 + one}" for one in range(number)]
    months = [f"2026-{month:02d}" for month in range(2, 9)]
    rows = "".join(f"{code},total,{month},1.0\n" for code in codes for month in months)
    (folder / "own.csv").write_text(f"region_code,indicator,period,ytd_yoy_pct\n{rows}")


@contextmanager
def cluster(folder):
    """Run a scheduler and one worker, and yield the scheduler's address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    dask = [sys.executable, "-m", "dask"]
    preload = ["--preload", str(Path(__file__).resolve())]
    commands = [
        [*dask, "scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"],
        [*dask, "worker", address, "--nthreads", "1", "--no-dashboard", *preload],
    ]
    (folder / "templates").mkdir()  # where the worker lays them down: they go with the folder
    there = os.environ | {"TMPDIR": str(folder / "templates")}
    with (folder / "cluster.log").open("ab") as log:
        running = [
            subprocess.Popen(
                one, cwd=folder, env=there, stdout=log, stderr=log, start_new_session=True
            )
            for one in commands
        ]
        try:
            yield address
        finally:
            for one in reversed(running):
                one.terminate()
                one.wait()


def batch(folder, *more):
    """Run a batch; return wall and CPU seconds and the largest memory of its process."""
    command = [sys.executable, "-m", "faiwatch", "batch", "--regions", "all", "--lang", "zh"]
    options = ["--notebooks", ",".join(NOTEBOOKS), "--data", str(folder / "own.csv")]
    started = time.perf_counter()
    with (folder / "batch.log").open("ab") as log:
        process = subprocess.Popen(
            [*command, *options, "--site", str(folder / "site"), *more],
            cwd=folder,
            stdout=log,
            stderr=log,
        )
        _, status, used = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"the batch failed: {(folder / 'batch.log').read_text()[-2000:]}")
    return time.perf_counter() - started, used.ru_utime + used.ru_stime, used.ru_maxrss / 1000


def journal(site):
    """Return the seconds at which pages ended, from the start of the batch, and its own size."""
    file = max((site / "logs").glob("*.jsonl"))
    events = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    times = [datetime.datetime.fromisoformat(one["time"]).timestamp() for one in events]
    runs = [at - times[0] for at, one in zip(times, events, strict=True) if one["event"] == "run"]
    return runs, times[-1] - times[0] - runs[-1], file.stat().st_size / 1e6


def measured(number):
    with tempfile.TemporaryDirectory(prefix="faiwatch-scale-") as name:
        folder = Path(name)
        office(folder, number)
        pages = number * len(NOTEBOOKS)
        with cluster(folder) as address:
            wall, cpu, memory = batch(folder, "--scheduler", address)
        runs, index, size = journal(folder / "site")
        assert len(runs) == pages
        tenth = max(1, pages // 10)
        first, last = runs[tenth] - runs[0], runs[-1] - runs[-1 - tenth]
        again, again_cpu, again_memory = batch(folder)
        files = sum(1 for one in folder.rglob("*") if one.is_file())
    print(
        f"{number:5} counties {pages:6} pages {wall:7.1f} s wall {cpu:7.1f} s CPU | for 1,000 "
        f"pages: CPU {1000 * cpu / pages:5.1f} s, first tenth {1000 * first / tenth:5.1f} s, last "
        f"tenth {1000 * last / tenth:5.1f} s | before the first {runs[0]:5.1f} s, index "
        f"{index:5.1f} s | {memory:5.0f} MB, journal {size:5.1f} MB, {files} files | unchanged "
        f"{again:6.1f} s wall {again_cpu:6.1f} s CPU {again_memory:5.0f} MB",
        flush=True,
    )


def main():
    print(
        f"{platform.platform()}, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}"
    )
    for number in map(int, sys.argv[1:] or ["350", "700", "1400", "2800"]):
        measured(number)


if __name__ == "__main__":
    main()
