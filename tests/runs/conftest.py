"""A house of its own for each test: the real code and figures, notebooks written by the test."""

import io
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from rich.console import Console

from faiwatch.run.batch import run_batch
from faiwatch.run.beside import inherited, private_folder, warm_server
from faiwatch.run.jobs import Job, batch_plan
from faiwatch.run.pool import OnThisMachine
from faiwatch.run.progress import batch_progress_on, progress_on
from faiwatch.run.report import report
from faiwatch.run.single import RunOptions
from faiwatch.run.warm.client import Wanted, fork_kernel, own_server
from faiwatch.run.watch import Limits

NOTEBOOK = "02_monitor"
FINDING = {
    "id": "verdict",
    "value": -7.2,
    "unit": "pct",
    "period": "2026-08",
    "as_of": "2026-08",
    "definition": "growth",
    "definition_zh": "增速",
    "formula": "g",
    "inputs": [
        {
            "file": "x.csv",
            "row": 2,
            "period": "2026-08",
            "column": "ytd_yoy_pct",
            "value": -7.2,
            "issued": "",
            "source": "x",
        }
    ],
    "state": "ok",
    "zh": "下降",
    "en": "falls",
}
SAVE_FINDINGS = f"""
import json, pathlib
text = json.dumps([{FINDING!r}])
done = pathlib.Path(results, "findings.json").write_text(text)
"""

# A server of kernels imports for seconds what pages call, and a process draws their charts:
# notebooks of tests mostly call nothing and draw nothing. Workers of a batch import this, too.
LITTLE = """
from contextlib import nullcontext
from faiwatch.run import beside, kernels

beside.OF_PAGES = kernels.OF_PAGES = ("ipykernel.kernelapp",)
beside.LATER, beside.own_drawer = (), nullcontext
if __name__ == "__main__":
    from faiwatch.cli.app import main
    main()
"""
FORKS = """#!{}
import os, sys
from pathlib import Path
from faiwatch.run.warm.client import Wanted, fork_kernel

environment = os.environ | {{"PYTHONHASHSEED": "0"}}  # as its server has it
wanted = Wanted((sys.executable, *sys.argv[1:]), environment, os.getcwd())
sys.exit(fork_kernel(wanted, preload={!r}, server=Path({!r})).wait())
"""
# What commands import for seconds before they do anything, and workers of Dask
OF_COMMANDS = (
    *("faiwatch.cli.app", "faiwatch.run.batch", "faiwatch.run.cluster", "faiwatch.site.index"),
    *("faiwatch.data.store", "distributed"),
)


class Here:
    """An executor of another kind: one job after the other in this process."""

    def outcomes(self, jobs, options, on_cell):
        for job in jobs:
            yield from OnThisMachine().outcomes([job], options, on_cell)


class Forked:
    """``python -m`` with some words as a process, forked from one that has imported a lot."""

    def __init__(self, server, folder, *words, **environment):
        self._files = [tempfile.TemporaryFile() for _ in range(2)]  # noqa: SIM115  see close
        wanted = Wanted(
            (sys.executable, "-m", *words),
            {**inherited(), "FAIWATCH_LANG": "en", **environment},
            str(folder),
            tuple(file.fileno() for file in self._files),
        )
        self._process = fork_kernel(wanted, preload=OF_COMMANDS, server=server)

    def __getattr__(self, name):
        return getattr(self._process, name)

    def close(self):
        """Kill it, unless it has ended."""
        self.kill()
        self.wait()
        for file in self._files:
            file.close()

    def said(self):
        """Return what it has said so far on its standard output and its standard error."""
        return [os.pread(file.fileno(), 10**7, 0).decode() for file in self._files]

    def communicate(self, timeout):
        """Wait for its end, and return what it has said."""
        self.wait(timeout)
        return self.said()


@dataclass(frozen=True)
class House:
    """A project folder with one notebook, and a site; `warm` = who forks its kernels."""

    root: Path
    site: Path
    warm: Path | None = None

    def write(self, *code, declared=(), name=NOTEBOOK):
        """Write the notebook: title, parameters, then one headed cell per piece of code."""
        defaults = (
            "region = '000000'\nas_of = 'latest'\nlang = 'zh'\ndata = 'embedded'\nresults = ''"
        )
        parameters = new_code_cell(defaults, metadata={"tags": ["parameters"]})
        cells = [
            new_markdown_cell("# 监测\n\n问题", metadata={"tags": ["zh"]}),
            new_markdown_cell("# Monitor\n\nquestion", metadata={"tags": ["en"]}),
            parameters,
        ]
        for number, source in enumerate(code, start=1):
            cells.append(new_markdown_cell(f"## 第{number}节", metadata={"tags": ["zh"]}))
            cells.append(new_markdown_cell(f"## Part {number}", metadata={"tags": ["en"]}))
            cells.append(new_code_cell(source))
        notebook = new_notebook(cells=cells, metadata={"faiwatch": {"results": list(declared)}})
        # a name that no machine has: the runner must not care
        notebook.metadata["kernelspec"] = {"name": "somebody-elses", "display_name": "x"}
        path = self.root / "notebooks" / f"{name}.ipynb"
        nbformat.write(notebook, path)
        return path

    def run(self, *, deadline=60.0, cell=60.0, grace=1.0, memory=1e6, reuse=False, **values):
        """Run the notebook in this process and return its record."""
        limits = Limits(deadline, cell, grace, memory)
        options = RunOptions(self.site, limits, reuse=reuse, warm=self.warm)
        plan = [Job(NOTEBOOK, {"lang": "en", **values})]
        with progress_on(Console(file=io.StringIO()), "en") as progress:
            return report(plan, options, progress)[0]

    def batch(self, regions=("000000",), *, force=False, workers=1, **values):
        """Make the pages of regions in this process, one after the other, and return the batch."""
        plan = batch_plan(regions, [NOTEBOOK], ["en"], values)
        options = RunOptions(self.site, workers=workers, reuse=not force, warm=self.warm)
        progress = batch_progress_on(Console(file=io.StringIO()), "en", len(plan))
        return run_batch(plan, options, progress, executor=Here())

    def command(self, *words, program=("-m", "faiwatch"), **environment):
        """Start ``faiwatch`` as its users do."""
        return subprocess.Popen(
            [sys.executable, *program, *words],
            cwd=self.root,
            env={**os.environ, "FAIWATCH_LANG": "en", **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def folder(self, record):
        """Return the folder of a run."""
        return self.site / "runs" / record.run_id

    def executed(self, record):
        """Return the executed notebook of a run."""
        return nbformat.read(self.folder(record) / "executed.ipynb", as_version=4)

    def page(self, *, lang="en", failed=False):
        """Return the place of the published page."""
        ending = ".failed.html" if failed else ".html"
        return self.site / lang / "000000" / f"{NOTEBOOK}{ending}"

    def runs(self):
        """Return every record of the site as JSON has it."""
        return [json.loads(path.read_text()) for path in self.site.glob("runs/*/run.json")]

    def unfinished(self):
        """Return what was left in the folder of unfinished runs."""
        return list(self.site.glob("runs/.unfinished/*"))


@pytest.fixture(scope="session")
def new_house(project):
    """Return a function that makes a house with the project's data and no notebook yet."""

    def make(folder):
        (folder / "house/notebooks").mkdir(parents=True)
        (folder / "house/data").symlink_to(project / "data")
        (folder / "house/little.py").write_text(LITTLE)
        return House(folder / "house", folder / "site")

    return make


@pytest.fixture
def house(tmp_path, new_house, monkeypatch):
    """Return a house of the test's own, where this process looks for its files."""
    house = new_house(tmp_path)
    monkeypatch.setenv("FAIWATCH_ROOT", str(house.root))
    return house


@pytest.fixture(scope="session")
def warm():
    """Return the folder of a server that forks kernels for all tests of a worker."""
    with warm_server() as folder:
        yield folder


@pytest.fixture(scope="session")
def commands():
    """Return the folder of a server that forks commands for all tests of a worker."""
    with (
        private_folder() as folder,
        own_server(folder / "c", inherited(), preload=OF_COMMANDS) as server,
    ):
        yield server


@pytest.fixture(scope="session")
def forked(commands):
    """Return a function that starts ``python -m`` in a folder, as `Forked`: a second saved each."""
    return partial(Forked, commands)


@pytest.fixture(scope="session")
def forking_python(commands):
    """Return a program that takes ``-m`` and words as Python does, and forks what they ask for."""
    program = commands / "python"
    program.write_text(FORKS.format(sys.executable, OF_COMMANDS, str(commands)))
    program.chmod(0o755)
    return program


@pytest.fixture
def here():
    """Return an executor that does jobs in this process."""
    return Here()


@pytest.fixture
def warm_house(house, warm):
    """Return the house with kernels that are forked: for what is alike in every kernel."""
    return replace(house, warm=warm)


@pytest.fixture(params=["cold", "warm"])
def either_house(house, request):
    """Return the house with kernels that are started, and with kernels that are forked."""
    if request.param == "cold":
        return house
    return request.getfixturevalue("warm_house")


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """Return the environment of an S3-compatible server process with an empty bucket."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = (tmp_path_factory.mktemp("s3") / "log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=log,
        stderr=log,
    )
    address = f"http://127.0.0.1:{port}"
    env = {
        "AWS_ENDPOINT_URL": address,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    make = urllib.request.Request(f"{address}/statistics", method="PUT")
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        urllib.request.urlopen(make).close()
        yield env
    finally:
        process.terminate()
        process.wait(10)
        log.close()


@pytest.fixture
def s3_here(server, monkeypatch):
    """Let this process reach that server, which its client asks the environment for but once."""
    from s3fs import S3FileSystem  # takes long to import

    for name, value in server.items():
        monkeypatch.setenv(name, value)
    yield S3FileSystem(use_listings_cache=False)
    S3FileSystem.clear_instance_cache()


@pytest.fixture(scope="session")
def save_findings():
    """Return code of a cell that saves one finding as its notebook should."""
    return SAVE_FINDINGS
