"""A batch keeps what is finished, makes only what changed, and ends cleanly however it ends."""

import io
import json
import os
import signal
import time
from contextlib import closing, suppress
from pathlib import Path

import psutil
import pytest
from rich.console import Console

from faiwatch.core.errors import ParameterError
from faiwatch.run import pool, reuse
from faiwatch.run.batch import check_plan, explanations, summary
from faiwatch.run.jobs import Job, batch_plan
from faiwatch.run.pool import OnThisMachine
from faiwatch.run.progress import LiveBatchProgress, PlainBatchProgress, batch_progress_on
from faiwatch.run.single import RunOptions, run_page

pytestmark = pytest.mark.xdist_group("forked")  # their server is made once
LONGEST_WAIT = 300  # seconds
TWO = ("110000", "120000")
HANGS_FOR_ONE = """
import os, pathlib, time
told = pathlib.Path(os.environ["GO"]).with_name(f"kernel-{region}")
done = told.write_text(str(os.getpid()))
while region == "120000" and not pathlib.Path(os.environ["GO"]).exists():
    time.sleep(0.1)
"""
TELLS_ITS_REGION = "done = pathlib.Path(results, 'region.txt').write_text(region)"
KILLS_ITS_WORKER_ONCE = """
import os, pathlib, signal, time
once = pathlib.Path(os.environ["GO"])
if not once.exists():
    once.touch()
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(60)
"""
OF_KERNELS = "{'pandas', 'pyarrow', 'boto3', 'soupsieve'} & {*__import__('sys').modules}"


def verdicts(batch):
    return [record.verdict for record in batch.runs]


def lines(path):
    return [json.loads(line) for line in Path(path).read_text().splitlines()]


def seen_until_both_end(house, *runners):
    """Return all that a reader meets at the place of each page while batches work."""
    seen = {}
    until = time.monotonic() + LONGEST_WAIT
    while any(runner.poll() is None for runner in runners) and time.monotonic() < until:
        for region in ("110000", "120000", "130000"):
            page = house.site / "en" / region / "02_monitor.html"
            content = page.read_bytes() if page.exists() else None
            seen.setdefault(page, set()).add(content)
        time.sleep(0.01)
    return seen


def shown(what):
    out = Console(file=io.StringIO(), width=200)
    out.print(what)
    return out.file.getvalue()


def test_an_unchanged_page_is_reused_and_said_so(warm_house):
    warm_house.write("1 + 1")
    first = warm_house.batch(TWO)
    page = (warm_house.site / first.runs[0].page).read_bytes()
    again = warm_house.batch(TWO)
    assert (verdicts(first), verdicts(again)) == (["ok"] * 2, ["skipped"] * 2)
    assert {record.because for record in first.runs} == {"first run of this page"}
    assert first.runs[0].run_id in again.runs[0].cause
    assert len(warm_house.runs()) == 2
    assert (warm_house.site / first.runs[0].page).read_bytes() == page
    assert "unchanged since" in shown(explanations(again.runs, "en"))


@pytest.mark.parametrize(
    ("change", "because"),
    [
        ("notebook", "changed: notebook"),
        ("parameters", "changed: parameters (months)"),
        ("data", "changed: data (own.csv)"),
        ("code", "changed: code"),
        ("page", "missing file: 02_monitor.html"),
        ("failed", "the previous run ended as cell_error"),
        ("force", "recalculation requested"),
    ],
)
def test_a_page_is_made_anew_when_something_changed_and_says_what(
    warm_house, tmp_path, monkeypatch, change, because
):
    own = tmp_path / "own.csv"
    own.write_text("region_code,indicator,period,ytd_yoy_pct\n000000,total,2026-08,1.5\n")
    warm_house.write("raise ValueError" if change == "failed" else "1 + 1")
    warm_house.batch(data=str(own))
    if change in {"notebook", "failed"}:
        warm_house.write("1 + 1 + 1")
    elif change == "data":
        own.write_text(own.read_text().replace("1.5", "1.6"))
    elif change == "code":
        monkeypatch.setattr(reuse, "code_hash", lambda: "another")
    elif change == "page":
        warm_house.page().unlink()
    more = {"months": "24"} if change == "parameters" else {}
    batch = warm_house.batch(data=str(own), force=change == "force", **more)
    assert verdicts(batch) == ["ok"]
    if change == "failed":  # the notebook was mended too, but that is not why
        because = "the previous run ended as cell_error"
    assert batch.runs[0].because == because
    assert warm_house.page().is_file()


def test_a_failure_is_told_with_cause_and_place_and_the_others_go_on(warm_house):
    warm_house.write("assert region != '120000', 'no figures'")
    batch = warm_house.batch((*TWO, "130000"))
    assert verdicts(batch) == ["ok", "cell_error", "ok"]
    told = shown(summary(batch, warm_house.site, "en"))
    assert "02_monitor 120000 en" in told
    assert "no figures" in told
    assert batch.runs[1].run_id in told.replace("\n", "")
    log = lines(batch.log)
    assert (log[0]["event"], log[0]["total"]) == ("batch_started", 3)
    assert (log[-1]["event"], log[-1]["done"], log[-1]["stopped_by"]) == ("batch_ended", 3, "")
    runs = [line for line in log if line["event"] == "run"]
    assert [(run["verdict"], run["kernel"]) for run in runs] == [
        ("ok", "warm"),
        ("cell_error", "warm"),
        ("ok", "warm"),
    ]
    assert {line["status"] for line in log if line["event"] == "cell"} == {"completed", "failed"}


def test_a_job_that_would_be_refused_is_refused_before_anything_runs():
    with pytest.raises(ParameterError, match="999999"):
        check_plan(batch_plan(["000000", "999999"], ["02_monitor"], ["zh"], {}))


def test_plan_keeps_the_languages_of_a_page_apart_but_near():
    plan = batch_plan([f"{one:06}" for one in range(40)], ["02_monitor"], ["zh", "en"], {})
    names = [job.name for job in plan]
    assert len(set(names)) == 80
    apart = names.index("02_monitor 000020 en") - names.index("02_monitor 000020 zh")
    assert apart == 16


def test_progress_is_a_bar_on_a_terminal_and_lines_elsewhere(warm_house):
    warm_house.write("raise ValueError('[red]')")
    (record,) = warm_house.batch().runs
    plain, live = io.StringIO(), io.StringIO()
    with batch_progress_on(Console(file=plain), "en", 2) as progress:
        assert isinstance(progress, PlainBatchProgress)
        progress.ended("x", record)
        progress.beat(1, 2, ["y"])
    assert plain.getvalue().startswith("1/2  x  cell error: code cell 3 failed: ValueError: [red]")
    assert plain.getvalue().endswith("1/2  running  y\n")
    terminal = Console(file=live, force_terminal=True, width=150)
    with batch_progress_on(terminal, "en", 2) as progress:
        assert isinstance(progress, LiveBatchProgress)
        progress.cell("x", record.cells[2], 3)
        progress.ended("x", record)
    assert "1/2" in live.getvalue()
    assert "✕ x  cell error" in live.getvalue()


# --- the command line, as a scheduler starts it -------------------------------------------------


def asks(house, *words, regions=TWO):
    regions = ["--regions", ",".join(regions), "--notebooks", "02_monitor", "--lang", "en"]
    return ["batch", *regions, "--site", str(house.site), "--workers", "2", *words]


@pytest.fixture
def started(house, forked):
    """Return a function that starts a batch, as a context in which it runs."""

    def start(*words, go, regions=TWO):
        asked = asks(house, *words, regions=regions)
        return closing(forked(house.root, "little", *asked, GO=str(go)))

    return start


def wait_for(found):
    until = time.monotonic() + LONGEST_WAIT
    while time.monotonic() < until:
        if value := found():
            return value
        time.sleep(0.05)
    pytest.fail("waited in vain")


@pytest.mark.parametrize("how", ["SIGKILL", "SIGINT"])
def test_a_stopped_batch_leaves_nothing_running_and_goes_on_when_started_again(
    house, started, tmp_path, monkeypatch, how, faiwatch_says
):
    house.write(HANGS_FOR_ONE)
    go = tmp_path / "go"
    if how == "SIGKILL":  # nobody can take away the sockets of a killed batch
        (tmp_path / "t").mkdir()
        monkeypatch.setenv("TMPDIR", str(tmp_path / "t"))
    with started(go=go) as runner:
        wait_for(lambda: len(house.runs()) == 1 and (tmp_path / "kernel-120000").exists())
        everything = psutil.Process(runner.pid).children(recursive=True)
        runner.send_signal(getattr(signal, how))
        _, said = runner.communicate(timeout=LONGEST_WAIT)
    assert runner.returncode == (-signal.SIGKILL if how == "SIGKILL" else 130), said
    assert len(everything) >= 4  # workers, server, kernel
    assert not psutil.wait_procs(everything, timeout=10)[1]
    assert [run["region"] for run in house.runs()] == ["110000"]
    if how == "SIGINT":
        (log,) = house.site.glob("logs/*.jsonl")
        assert lines(log)[-1]["stopped_by"] == "KeyboardInterrupt"
        assert not house.unfinished()
        assert "en/110000/02_monitor.html" in (house.site / "index.en.html").read_text()

    go.touch()
    monkeypatch.setenv("GO", str(go))
    code, out, said = faiwatch_says(*asks(house, "--json"))
    assert code == 0, said
    answer = json.loads(out)
    assert [(run["region"], run["verdict"]) for run in answer["runs"]] == [
        ("110000", "skipped"),
        ("120000", "ok"),
    ]
    assert answer["verdicts"] == {"ok": 1, "skipped": 1}
    assert sorted(run["region"] for run in house.runs()) == list(TWO)


def test_two_batches_at_once_make_each_page_once_and_do_not_mix(house, started, tmp_path):
    house.write(HANGS_FOR_ONE, "region", TELLS_ITS_REGION, declared=["region.txt"])
    go, three = tmp_path / "go", ("110000", "120000", "130000")
    with (
        started("--json", go=go, regions=three[:2]) as one,
        started("--json", go=go, regions=three[1:]) as other,
    ):
        # both are at work: one of them makes the page in the middle, for which the other waits
        wait_for(lambda: all((tmp_path / f"kernel-{region}").exists() for region in three))
        go.touch()
        seen = seen_until_both_end(house, one, other)
        said = [runner.communicate(timeout=LONGEST_WAIT) for runner in (one, other)]
    assert [one.returncode, other.returncode] == [0, 0], said
    runs = {run["region"]: run for run in house.runs()}
    assert (sorted(runs), len(house.runs())) == (list(three), 3)
    assert {run["kernel"] for run in runs.values()} == {"warm"}
    answers = [json.loads(out) for out, _ in said]
    assert sorted(str(answer["verdicts"]) for answer in answers) == [
        "{'ok': 1, 'skipped': 1}",
        "{'ok': 2}",
    ]
    index = (house.site / "index.en.html").read_text()
    for region, run in runs.items():
        page, folder = house.site / run["page"], house.site / "runs" / run["run_id"]
        assert seen[page] <= {page.read_bytes(), None}  # whole from the first moment on
        assert page.read_bytes() == (folder / "page.html").read_bytes()
        assert run["run_id"] in page.read_text()
        assert (folder / "results/region.txt").read_text() == region
        assert run["page"] in index
    assert not house.unfinished()
    assert len({answer["log"] for answer in answers}) == 2
    for answer in answers:
        ended = [line for line in lines(answer["log"]) if line["event"] == "run"]
        assert {line["run_id"] for line in ended} <= {run["run_id"] for run in answer["runs"]}
        assert {line["page"].split()[1] for line in ended} == {
            run["region"] for run in answer["runs"]
        }


def test_a_killed_worker_is_replaced(house, tmp_path, monkeypatch):
    monkeypatch.setenv("GO", str(tmp_path / "once"))
    house.write(KILLS_ITS_WORKER_ONCE)
    plan = [Job("02_monitor", {"region": region, "lang": "en"}) for region in TWO]
    options = RunOptions(house.site, workers=2)
    outcomes = OnThisMachine().outcomes(plan, options, lambda *_: None)
    done = {job.name: record.verdict for job, record in outcomes}
    assert done == dict.fromkeys((job.name for job in plan), "ok")


def test_a_stop_that_something_swallowed_ends_the_page_at_its_next_cell_and_its_worker(monkeypatch):
    def made(_job, _options, on_cell):
        with suppress(SystemExit):  # as a bare `except:` of somebody's import does
            os.kill(os.getpid(), signal.SIGTERM)
        on_cell("a page", None, 1)
        return "published"

    monkeypatch.setattr(pool, "_made", made)
    monkeypatch.setattr(pool, "_is_stopping", False)
    left = []
    monkeypatch.setattr("os._exit", left.append)
    before = signal.signal(signal.SIGTERM, pool._stop)
    try:
        with pytest.raises(SystemExit):
            pool._work(None, None)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert left == [1]


def test_a_worker_makes_a_page_without_what_only_kernels_need(tmp_path, warm):
    values, options = {"region": "610000", "months": 12}, RunOptions(tmp_path, warm=warm)
    with pool._workers(1, lambda *_: None) as worker:
        record = worker.submit(run_page, "02_monitor", values, options).result()
        loaded = worker.submit(eval, OF_KERNELS).result()
    assert (record.verdict, loaded) == ("ok", set()), record.cause
