"""Whatever became of a run, its record holds all that is promised, and only what is true."""

import datetime
import hashlib
import json
import platform
from dataclasses import replace

import nbformat
import pytest
from checkouts import git
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from faiwatch.page.parameters import check_parameters
from faiwatch.run.jobs import Job
from faiwatch.run.reuse import reused
from faiwatch.run.single import RunOptions, run_page, write_notebook
from faiwatch.site.run_record import read_record

LOCK = "pandas==3\n"
FIGURES = """region_code,indicator,period,ytd_yoy_pct,issued
000000,total,2026-07,1.5,2026-08-14
000000,total,2026-08,1.4,2026-09-16
"""
TELLS = """
import json, os, pathlib
names = [name for name in os.environ if name.endswith("_THREADS")] + ["PYTHONHASHSEED"]
told = json.dumps({name: int(os.environ[name]) for name in names})
done = pathlib.Path(results, "told.json").write_text(told)
"""
RAISES = "from faiwatch.core.errors import {0}, Text\nraise {0}(Text('坏', 'bad'))"
ENDINGS = {
    "ok": "1 + 1",
    "cell_error": "1 / 0",
    "deadline": "import time; time.sleep(60)",
    "kernel_died": "import os; os._exit(3)",
    "late": RAISES.format("DataMissingError"),
    "invalid_data": RAISES.format("DataInvalidError"),
    "parameters": RAISES.format("ParameterError"),
    "blocked": "done = pathlib.Path(results, 'findings.json').unlink()",
}


@pytest.fixture
def checkout(house, warm):
    """Return a house under version control, with a lock file and figures of its own."""
    (house.root / "requirements.lock").write_text(LOCK)
    (house.root / "own.csv").write_text(FIGURES)
    return replace(house, warm=warm)


def commit(root):
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "all")
    return git(root, "rev-parse", "HEAD")


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def as_of_disk(folder):
    """Return file, hash and size of every result that lies there."""
    files = sorted(path for path in (folder / "results").rglob("*") if path.is_file())
    return [(path.name, sha256(path), path.stat().st_size) for path in files]


def check_what_went_in(house, record, version):
    own = house.root / "own.csv"
    given = {"lang": "en", "data": str(own), "months": "24"}
    asked = check_parameters("02_monitor", given).model_dump(exclude={"results"})
    assert record.parameters == asked
    assert (record.notebook, record.region, record.lang) == ("02_monitor", "000000", "en")
    (data,) = record.data
    assert (data.file, data.sha256, data.rows) == ("own.csv", sha256(own), 2)
    assert data.latest_issued == "2026-09-16"
    assert record.code_version == version
    assert record.lock_sha256 == hashlib.sha256(LOCK.encode()).hexdigest()
    assert record.versions["python"] == platform.python_version()
    told = json.loads((house.folder(record) / "results/told.json").read_text())
    assert told == record.seeds | record.threads  # what the kernel itself saw
    assert len(record.threads) >= 3
    assert set(record.inputs) >= {"notebook", "data", "parameters", "code", "packages"}
    assert (record.because, record.kernel) == ("first run of this page", "warm")


def check_what_happened(record, verdict):
    began = datetime.datetime.fromisoformat(record.started)
    assert datetime.timedelta(0) < datetime.datetime.now(datetime.UTC) - began
    statuses = [cell.status for cell in record.cells]
    ended = {"ok": "completed", "blocked": "completed"}.get(verdict, "failed")
    after = "pending" if ended == "failed" else "completed"
    assert statuses == ["completed"] * 4 + [ended, after]
    assert [cell.index for cell in record.cells] == [1, 2, 3, 4, 5, 6]
    assert all(cell.heading for cell in record.cells)
    for cell in record.cells:
        has_run = cell.status != "pending"
        assert (cell.seconds is not None, cell.peak_mb is not None) == (has_run, has_run), cell
        assert not has_run or (cell.seconds >= 0 and cell.peak_mb > 10), cell
    assert sum(cell.seconds or 0 for cell in record.cells) <= record.seconds
    assert bool(record.cause) == (verdict != "ok")


def check_what_came_out(house, record, verdict):
    folder = house.folder(record)
    assert [(one.file, one.sha256, one.bytes) for one in record.results] == as_of_disk(folder)
    assert record.data_as_of == ("" if verdict == "blocked" else "2026-08")
    assert (house.site / record.page).read_text() == (folder / "page.html").read_text()
    assert record.page.endswith(".html" if verdict == "ok" else ".failed.html")
    assert not record.is_made_up


@pytest.mark.parametrize("verdict", ENDINGS)
def test_a_record_is_whole_and_true_however_the_run_ended(checkout, save_findings, verdict):
    code = [TELLS, save_findings, ENDINGS[verdict], "last = 1"]
    checkout.write(*code, declared=["findings.json"])
    version = commit(checkout.root)
    data = str(checkout.root / "own.csv")
    record = checkout.run(cell=1 if verdict == "deadline" else 60, data=data, months="24")
    assert record.verdict == verdict
    assert read_record(checkout.folder(record) / "run.json") == record
    check_what_went_in(checkout, record, version)
    check_what_happened(record, verdict)
    check_what_came_out(checkout, record, verdict)


def test_the_record_of_a_page_that_stands_is_the_one_that_made_it(checkout):
    checkout.write(TELLS)
    made = checkout.run()
    job = Job("02_monitor", {"lang": "en"})
    again = run_page(job.notebook, job.values, RunOptions(checkout.site, reuse=True))
    assert again == reused(made)
    assert (again.verdict, again.seconds) == ("skipped", 0)
    assert made.run_id in again.cause
    kept = {"verdict": made.verdict, "cause": made.cause, "seconds": made.seconds}
    assert again.model_copy(update=kept) == made  # all else is what that run was
    assert [run["verdict"] for run in checkout.runs()] == ["ok"]


def test_an_executed_notebook_is_written_as_jupyter_would_and_stays_as_it_is(tmp_path):
    chart = {"text/plain": "图\n2", "application/vnd.vegalite.v6+json": {"values": [1.5, None]}}
    outputs = [new_output("execute_result", data=chart), new_output("stream", text="一\n二\n")]
    cells = [new_markdown_cell("# 标题\n说明"), new_code_cell("1\n2", outputs=outputs)]
    notebook = new_notebook(cells=cells, metadata={"papermill": {"n": 1}})
    before = json.dumps(notebook)
    write_notebook(notebook, tmp_path / "ours.ipynb")
    assert json.dumps(notebook) == before
    nbformat.write(notebook, tmp_path / "theirs.ipynb")
    ours, theirs = ((tmp_path / f"{name}.ipynb").read_text("utf-8") for name in ("ours", "theirs"))
    assert json.loads(ours) == json.loads(theirs)
    assert ours.count("\n") == len(cells) + 2
