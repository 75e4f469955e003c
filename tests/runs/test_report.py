"""Many runs side by side: none disturbs another, and the worst one is told."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from faiwatch.core.errors import ParameterError
from faiwatch.run.execute import execute
from faiwatch.run.jobs import Job
from faiwatch.run.kernels import KernelSetup, thread_limits
from faiwatch.run.progress import last_line
from faiwatch.run.report import report, report_plan, worst_exit_code
from faiwatch.run.single import RunOptions
from faiwatch.run.watch import Limits, Watch

FAILS_FOR_ONE = "assert region != '120000'"


class Heard:
    """Remembers what it was told."""

    def __init__(self):
        self.cells, self.records = [], []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def cell(self, name, cell, total):
        self.cells.append((name, cell.index, cell.status, total))

    def ended(self, name, record):
        self.records.append((name, record.verdict))


def test_eight_kernels_of_both_kinds_at_once(house, warm, tmp_path):
    source = house.write("answer = region")

    def run(number):
        setup = KernelSetup("en", thread_limits(8), source.parent, warm if number % 2 else None)
        folder = tmp_path / str(number)
        folder.mkdir()
        values = {"region": f"{number:06}", "data": "embedded"}
        done = execute(source, values, folder, kernel=setup, watch=Watch(Limits(deadline=120)))
        asyncio.get_event_loop().close()  # jupyter_core leaves one open in each thread
        return done.kernel, done.ending.how, [cell.status for cell in done.cells]

    with ThreadPoolExecutor(8) as pool:
        endings = list(pool.map(run, range(8)))
    ended = ("finished", ["completed"] * 3)
    assert endings == [("cold", *ended), ("warm", *ended)] * 4


def test_one_bad_run_does_not_stop_the_others(house):
    house.write(FAILS_FOR_ONE)
    regions = ["000000", "120000", "610000"]
    plan = [Job("02_monitor", {"region": region, "lang": "en"}) for region in regions]
    heard = Heard()
    records = report(plan, RunOptions(house.site, workers=2), heard)
    verdicts = ["ok", "cell_error", "ok"]
    assert [(record.region, record.verdict) for record in records] == list(
        zip(regions, verdicts, strict=True)
    )
    assert worst_exit_code(records) == 13
    assert sorted(heard.records) == [
        (job.name, verdict) for job, verdict in zip(plan, verdicts, strict=True)
    ]
    assert ("02_monitor 610000 en", 3, "completed", 3) in heard.cells
    assert (house.site / "index.html").is_file()
    assert not house.unfinished()
    assert last_line(records, house.site, "en").startswith("2/3  cell error: ")


def test_a_job_that_is_refused_is_told_after_the_others(warm_house, here):
    house = warm_house
    house.write("1 + 1")
    plan = [Job("02_monitor", {"region": region, "lang": "en"}) for region in ("999999", "000000")]
    with pytest.raises(ParameterError, match="999999"):
        report(plan, RunOptions(house.site, warm=house.warm), Heard(), here)
    assert [run["verdict"] for run in house.runs()] == ["ok"]


def test_plan_holds_each_page_in_both_languages(project):
    plan = report_plan()
    written = {path.stem for path in (project / "notebooks").glob("*.ipynb")}
    assert {job.notebook for job in plan} == written - {"00_explore"}  # the bench is no page
    assert all(
        {job.values["lang"] for job in plan if job.notebook == one.notebook} == {"zh", "en"}
        for one in plan
    )
