"""What plain papermill and nbconvert do to a run, and what the runner here does with the same.

Each test has two halves: the fault, seen with the locked versions, and its absence. Where another
test of this folder proves our half at length, it is named and not repeated. Two things have no
plain half, because plain papermill does nothing about them at all: telling people how a run ended
(ours: ``test_alerts_sent.py``) and figures that are late (ours: ``late`` in ``test_endings.py``).
"""

import io
import json
import re
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat
import papermill
import pytest
from jupyter_client.kernelspec import NoSuchKernel
from jupyter_client.manager import KernelManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbconvert import HTMLExporter
from nbformat.v4 import new_code_cell, new_notebook
from papermill.exceptions import PapermillExecutionError
from rich.console import Console

from faiwatch.core.errors import ParameterError
from faiwatch.page.parameters import check_parameters
from faiwatch.run.progress import last_line, progress_on
from faiwatch.run.report import Job, report
from faiwatch.run.single import RunOptions
from faiwatch.site.site import read_records

SECRET = "open-sesame-0123456789"
LEAVES = "import os; os._exit(3)"
NAP, LIMIT = "import time; time.sleep(0.4)", 3
NAPS = [NAP] * 12
SEES_ITS_PAGE = """
import json, pathlib
place = pathlib.Path({place})
seen = sorted(str(path.relative_to(place)) for path in place.rglob("*"))
told = pathlib.Path({told}).write_text(json.dumps(seen))
"""
SURROUNDINGS = """
import json, os, pathlib, stat
from ipykernel import get_connection_info
connection = json.loads(get_connection_info())
private = pathlib.Path(connection["ip"]).parent
told = {
    "cwd": os.getcwd(),
    "threads": os.environ.get("OMP_NUM_THREADS"),
    "transport": connection["transport"],
    "address": connection["ip"],
    "mode": stat.S_IMODE(private.stat().st_mode) if private.is_absolute() else None,
    "sockets": sorted(one.name for one in private.glob("s-*")) if private.is_absolute() else [],
}
"""
MAKES_NOTHING = "try:\n    report = 1 / 0\nexcept ArithmeticError:\n    pass"
TELLS = "done = pathlib.Path({told}).write_text(json.dumps(told))"


@dataclass(frozen=True)
class Plain:
    """papermill as it comes, in a folder of its own."""

    folder: Path

    @property
    def output(self):
        """Return the path that the executed notebook is asked to lie at."""
        return self.folder / "output.ipynb"

    def write(self, *code):
        """Write a notebook of a parameters cell and some code, and return its path."""
        cells = [new_code_cell("token = ''", metadata={"tags": ["parameters"]})]
        notebook = new_notebook(cells=cells + [new_code_cell(source) for source in code])
        notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python"}
        notebook.metadata.language_info = {"name": "python"}
        path = self.folder / "input.ipynb"
        nbformat.write(notebook, path)
        return path

    def run(self, *code, **options):
        """Execute code as papermill's users do and return the notebook that it leaves."""
        papermill.execute_notebook(
            self.write(*code), self.output, progress_bar=False, log_output=False, **options
        )
        return self.left()

    def left(self):
        """Return the notebook at the path of the output."""
        return nbformat.read(self.output, as_version=4)


@pytest.fixture
def plain(tmp_path):
    folder = tmp_path / "plain"
    folder.mkdir()
    return Plain(folder)


@pytest.fixture
def house(house, warm):
    """Return the house with kernels that are forked: a verdict asks not how one started."""
    return replace(house, warm=warm)


@dataclass(frozen=True)
class Twice:
    """What two runs of one notebook, parameter and output left, in two folders and of two figures.

    `told` is what each cell said of itself, `counted` what a cell added to a file of its own.
    """

    notebooks: tuple[nbformat.NotebookNode, ...]
    texts: tuple[str, ...]
    told: tuple[dict, ...]
    counted: str


@pytest.fixture(scope="module")
def twice(tmp_path_factory):
    """Run a good notebook twice by plain papermill: no test changes what it left."""
    plain = Plain(tmp_path_factory.mktemp("twice"))
    told, counted, figures = (plain.folder / name for name in ("told.json", "counted", "figures"))
    cells = (
        SURROUNDINGS + TELLS.format(told=repr(str(told))),
        SEES_ITS_PAGE.format(place=repr(str(plain.folder)), told=repr(f"{told}.seen")),
        f"counted = open({str(counted)!r}, 'a').write('made again ')",
        f"figures = open({str(figures)!r}).read()",
        MAKES_NOTHING,
    )
    left, texts, said = [], [], []
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("OMP_NUM_THREADS", raising=False)
        for place in ("here", "there"):
            (plain.folder / place).mkdir()
            patch.chdir(plain.folder / place)
            figures.write_text(place)
            left.append(plain.run(*cells, parameters={"token": SECRET}))
            texts.append(plain.output.read_text())
            seen = json.loads((plain.folder / "told.json.seen").read_text())
            said.append(json.loads(told.read_text()) | {"seen": seen})
    return Twice(tuple(left), tuple(texts), tuple(said), counted.read_text())


def marks(notebook):
    return [one.metadata.papermill.status for one in notebook.cells if one.cell_type == "code"]


def told_by(house, record):
    return json.loads((house.folder(record) / "results/told.json").read_text())


def test_a_dead_kernel_is_not_called_completed_and_its_end_is_told(plain, house):
    with pytest.raises(DeadKernelError, match=r"^Kernel died$"):
        plain.run(LEAVES, "never = 1")
    left = plain.left()
    assert marks(left) == ["completed"] * 3
    assert left.metadata.papermill.exception is None
    page, _ = HTMLExporter().from_notebook_node(left)
    shown = page[page.index("<body") :]
    assert "never = 1" in re.sub(r"<[^>]+>", "", shown)
    assert not re.search("kernel|died|exit code|error|failed", shown, re.IGNORECASE)

    house.write(LEAVES, "never = 1")
    record = house.run()
    assert marks(house.executed(record))[-2:] == ["failed", "pending"]
    assert "exited with code 3 in code cell 3 (Part 1); peak memory" in record.cause
    assert record.cause in house.page(failed=True).read_text()
    assert not house.page().exists()


def test_a_cell_beyond_its_limit_is_not_called_completed(plain):
    with pytest.raises(CellTimeoutError):
        plain.run("import time; time.sleep(60)", "never = 1", execution_timeout=1)
    assert marks(plain.left()) == ["completed"] * 3
    assert plain.left().metadata.papermill.exception is None
    # ours: test_a_cell_beyond_its_limit_is_stopped_whatever_it_does in test_endings.py


def test_a_run_has_a_limit_however_short_its_cells(plain, house):
    assert plain.run(*NAPS, execution_timeout=LIMIT).metadata.papermill.duration > LIMIT + 1

    house.write(*NAPS)
    record = house.run(deadline=LIMIT, cell=LIMIT)
    assert record.verdict == "deadline"
    assert record.cells[-1].status == "pending"


def test_a_run_that_made_nothing_is_no_success(twice, house):
    assert twice.notebooks[0].metadata.papermill.exception is None

    house.write(MAKES_NOTHING, declared=["findings.json"])
    assert house.run().verdict == "blocked"


def test_what_is_said_about_a_failed_run_names_its_notebook_and_leaves_the_good_one(plain, house):
    good = plain.run("answer = 42")
    with pytest.raises(PapermillExecutionError) as error:
        plain.run("1 / 0")
    assert plain.output.name not in str(error.value)
    assert plain.left() != good

    house.write("answer = 42")
    good = house.run()
    page, executed = house.page().read_bytes(), house.executed(good)
    house.write("1 / 0")
    bad = house.run()
    said = last_line([bad], house.site, "en")
    assert str(house.folder(bad) / "executed.ipynb") in said
    assert bad.cause in said
    assert house.page().read_bytes() == page
    assert house.executed(good) == executed
    assert {record.run_id for record in read_records(house.site)} == {good.run_id, bad.run_id}


def test_nothing_half_done_lies_where_a_reader_looks(twice, house):
    assert "output.ipynb" in twice.told[0]["seen"]

    site = "pathlib.Path(results).parents[3]"
    house.write(SEES_ITS_PAGE.format(place=site, told="results, 'told.json'"))
    seen = told_by(house, house.run())
    assert [name for name in seen if name.startswith("runs/.unfinished/")]
    assert not [name for name in seen if name.endswith("02_monitor.html") or "run.json" in name]
    # killed at that moment: test_a_runner_killed_in_mid_run_leaves_the_site_as_it_was


def test_leaving_early_is_no_success_and_late_data_has_a_name_of_its_own(plain, house):
    left = plain.run("import sys; sys.exit(0)", "never = 1")  # returns, as a good run does
    assert left.metadata.papermill.exception is True
    with pytest.raises(PapermillExecutionError):  # one name for every other end
        plain.run("raise FileNotFoundError('no release yet')")

    house.write("import sys; sys.exit(0)", "never = 1")
    assert house.run().verdict == "cell_error"
    house.write(
        "from faiwatch.core.errors import DataMissingError, Text\n"
        "raise DataMissingError(Text('还没有', 'no release yet'))"
    )
    assert house.run().verdict == "late"


def test_what_has_not_changed_is_not_made_again(twice):
    assert twice.counted == "made again made again "
    # ours: test_an_unchanged_page_is_reused_and_said_so in test_batch.py


def test_no_parameter_holds_a_secret(twice):
    assert twice.texts[0].count(SECRET) >= 2  # in a cell and in the metadata
    with pytest.raises(ParameterError, match="token"):
        check_parameters("02_monitor", {"token": SECRET})
    # a notebook that shows the secret of a variable: test_leaks.py


def test_a_kernel_is_reached_through_a_folder_that_only_its_user_can_open(twice, house):
    for seen in twice.told:
        assert (seen["transport"], seen["address"]) == ("tcp", "127.0.0.1")
    advised = [KernelManager(transport="ipc").ip for _ in range(2)]
    assert advised == ["kernel-ipc"] * 2  # what is usually advised: one address for all of them

    house.write(SURROUNDINGS + TELLS.format(told="results, 'told.json'"))
    ours = [told_by(house, one.run()) for one in (house, replace(house, warm=None))]
    assert [(one["transport"], one["mode"] & 0o077) for one in ours] == [("ipc", 0)] * 2
    assert all(len(one["sockets"]) == 5 for one in ours)
    assert ours[0]["address"] != ours[1]["address"]
    # eight at once: test_eight_kernels_at_once in test_report.py


def test_the_kernel_that_a_notebook_names_need_not_exist(plain, house):
    source = house.write("1 + 1")
    with pytest.raises(NoSuchKernel, match="somebody-elses"):
        papermill.execute_notebook(source, plain.output, language="python", progress_bar=False)
    assert house.run().verdict == "ok"


def test_folder_and_threads_do_not_hang_on_who_starts_the_run(twice, house, monkeypatch):
    assert [Path(one["cwd"]).name for one in twice.told] == ["here", "there"]
    assert [one["threads"] for one in twice.told] == [None, None]  # each takes every core

    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    house.write(SURROUNDINGS + TELLS.format(told="results, 'told.json'"))
    record = replace(house, warm=None).run()
    ours = told_by(house, record)
    assert ours["cwd"] == str(house.root / "notebooks")
    assert int(ours["threads"]) == record.threads["OMP_NUM_THREADS"]


def test_a_log_holds_lines_and_no_bar(plain, house, papermill_says):
    done = papermill_says(plain.write("1 + 1"), plain.output)
    assert "\rExecuting" in done.stderr

    house.write("1 + 1")
    log = io.StringIO()
    with progress_on(Console(file=log), "en") as progress:
        report(
            [Job("02_monitor", {"lang": "en"})], RunOptions(house.site, warm=house.warm), progress
        )
    lines = log.getvalue().splitlines()
    assert "\r" not in log.getvalue()
    assert [line.split("  ")[1:3] for line in lines[:-1]] == [
        ["1/3", "Monitor"],
        ["2/3", "Monitor"],
        ["3/3", "Part 1"],
    ]


def test_a_page_says_what_it_was_made_from(twice, house):
    kept = [
        {name: one[name] for name in one if not re.search("time|duration", name)}
        for one in (notebook.metadata.papermill for notebook in twice.notebooks)
    ]
    assert kept[0] == kept[1]  # two sets of figures, one record

    house.write("1 + 1")
    record = house.run()
    assert all(len(file.sha256) == 64 for file in record.data)
    assert record.data
    assert record.versions["pandas"]
    assert record.seeds
    assert record.code_version[:7] in house.page().read_text()
