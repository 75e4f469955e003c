"""A batch on a real Dask scheduler and real workers comes to what it comes to on one machine."""

import json
import os
import re
import shutil
import signal
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial

import psutil
import pytest

from faiwatch.core.errors import ParameterError
from faiwatch.core.files import take_lock
from faiwatch.core.processes import cores
from faiwatch.core.text import Text
from faiwatch.run import cluster as cluster_module
from faiwatch.run.cluster import OnCluster, adopt_run, lost_run
from faiwatch.run.jobs import Job
from faiwatch.run.single import PageRun, RunOptions, run_page
from faiwatch.run.unfinished import unfinished
from faiwatch.site.site import page_lock

pytestmark = pytest.mark.xdist_group("forked")  # their server is made once
THREE = ("110000", "120000", "130000")
LONGEST_WAIT = 240  # seconds
# The page of one region waits for a signal, and tells which process its worker is.
WAITS_FOR_ONE = """
import os, pathlib, time
go = pathlib.Path(os.environ["GO"])
if region == "110000" and not go.exists():
    draft = go.with_name("draft")
    done = draft.write_text(os.environ["PART"])
    draft = draft.replace(go.with_name("worker"))
while region == "110000" and not go.exists():
    time.sleep(0.1)
"""
TELLS_THAT_IT_RAN = "go.with_name(f'ran-{region}').touch()"
KILLS_EVERY_WORKER = """
import os, signal, time
if region == "110000":
    os.kill(int(os.environ["PART"]), signal.SIGKILL)
    time.sleep(60)
"""
# A scheduler or a worker as its own command starts it, but that distributed is imported already
PART = """
import os, sys
import dask, little
from distributed.cli import dask_scheduler, dask_worker

dask.config.refresh()  # by the environment of this process
os.environ["PART"] = str(os.getpid())
{"scheduler": dask_scheduler, "worker": dask_worker}[sys.argv.pop(1)].main()
"""


class Cluster:
    """A scheduler and its workers, as an administrator starts them."""

    def __init__(self, house, folder, forked, failures, environment):
        self.house, self.folder, self.file = house, folder, folder / "scheduler.json"
        self.go, self.started = folder / "go", []
        (house.root / "part.py").write_text(PART)
        settings = {
            "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": str(failures),
            "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",  # Dask's own, of each task
        }
        self._forked = partial(forked, house.root, GO=str(self.go), **settings, **environment)
        self.start("scheduler", "--port", "0", "--host", "127.0.0.1")

    def start(self, what, *words):
        more = ["--no-dashboard", "--scheduler-file", str(self.file)]
        self.started.append(self._forked("part", what, *words, *more))
        return self.started[-1]

    def worker(self):
        """Start a worker with one thread and without a nanny that would start it again."""
        place = str(self.folder / f"w{len(self.started)}")
        return self.start("worker", "--nthreads", "1", "--no-nanny", "--local-directory", place)

    @property
    def address(self):
        return json.loads(wait_for(lambda: self.file.exists() and self.file.read_text()))["address"]

    def batch(self, *words):
        """Return the command line of the batch of three pages on this cluster."""
        return batch(self.house, "--scheduler", self.address, *words)


def made_here(house, **options):
    """Make the three pages in this process and return what ``--json`` tells of them."""
    return house.batch(THREE, workers=cores(), **options).model_dump(mode="json")


def batch(house, *words):
    regions = ["--regions", ",".join(THREE), "--notebooks", "02_monitor", "--lang", "en"]
    return ["batch", *regions, "--site", str(house.site), *words]


@contextmanager
def cluster(house, folder, forked, *, failures=3, **environment):
    folder.mkdir()
    made = Cluster(house, folder, forked, failures, environment)
    try:
        yield made
    finally:
        for process in reversed(made.started):
            process.close()


def wait_for(found):
    until = time.monotonic() + LONGEST_WAIT
    while time.monotonic() < until:
        if value := found():
            return value
        time.sleep(0.05)
    pytest.fail("waited in vain")


@pytest.fixture(scope="module")
def one_worker(tmp_path_factory, new_house, server, forked):
    """Return a cluster of one worker, which reaches S3."""
    folder = tmp_path_factory.mktemp("cluster")
    house = new_house(folder)
    with cluster(house, folder / "c", forked, FAIWATCH_ROOT=str(house.root), **server) as dask:
        dask.worker()
        yield dask


@pytest.fixture
def worker_house(house, one_worker, monkeypatch):
    """Return the house whose notebooks that worker runs, with a site of its own."""
    monkeypatch.setenv("FAIWATCH_ROOT", str(one_worker.house.root))
    return replace(house, root=one_worker.house.root)


def lasting(page, record):
    """Return a page without what differs between two runs of the same."""
    text = page.read_text().replace(record["run_id"], "RUN")
    return re.sub(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?|[\d.]+ (s|MB)\b", "TIME", text)


def test_a_worker_is_killed_and_the_batch_equals_the_local_one(
    house, warm, tmp_path, forked, save_findings, monkeypatch, faiwatch_says
):
    house.write("region", WAITS_FOR_ONE, save_findings, declared=["findings.json"])
    with cluster(house, tmp_path / "c", forked) as dask, ThreadPoolExecutor(1) as beside:
        workers = [dask.worker(), dask.worker()]

        def kill():
            told = dask.folder / "worker"
            pid = int(wait_for(lambda: told.exists() and told.read_text()))
            os.kill(pid, signal.SIGKILL)
            wait_for(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == "zombie")
            dask.go.touch()
            return pid

        killed = beside.submit(kill)
        code, out, said = faiwatch_says(*dask.batch("--json"))
        assert killed.result() in {worker.pid for worker in workers}
    there = json.loads(out)
    assert (code, there["verdicts"]) == (0, {"ok": 3}), said
    assert not list(house.site.glob("runs/.exchange/*"))
    assert not house.unfinished()
    pages = [lasting(house.site / run["page"], run) for run in there["runs"]]
    findings = [read_findings(house, run) for run in there["runs"]]
    monkeypatch.setenv("GO", str(dask.go))
    house = replace(house, warm=warm)
    assert made_here(house)["verdicts"] == {"skipped": 3}  # what a cluster made stands here
    here = made_here(house, force=True)
    assert [lasting(house.site / run["page"], run) for run in here["runs"]] == pages
    assert [read_findings(house, run) for run in here["runs"]] == findings
    for one, other in zip(here["runs"], there["runs"], strict=True):
        for field in ("inputs", "parameters", "data", "results", "versions", "threads", "page"):
            assert one[field] == other[field]


def read_findings(house, run):
    return (house.site / "runs" / run["run_id"] / "results/findings.json").read_bytes()


def test_a_page_that_kills_every_worker_is_told_and_the_others_are_made(
    house, tmp_path, forked, faiwatch_says
):
    house.write(KILLS_EVERY_WORKER)
    with cluster(house, tmp_path / "c", forked, failures=0) as dask:
        for _ in range(3):  # two die for the guilty page: among the others, then alone
            dask.worker()
        code, out, said = faiwatch_says(*dask.batch("--json"))
    assert code == 15, said
    found = json.loads(out)
    assert [run["verdict"] for run in found["runs"]] == ["kernel_died", "ok", "ok"]
    assert "every worker" in found["runs"][0]["cause"]
    assert (house.site / "en/110000/02_monitor.failed.html").is_file()


def test_a_scheduler_that_is_lost_in_mid_batch_is_told_and_what_was_made_is_kept(
    house, warm, tmp_path, forked, monkeypatch
):
    house.write("region", WAITS_FOR_ONE.replace(THREE[0], THREE[-1]))
    with cluster(house, tmp_path / "c", forked) as dask:
        worker = dask.worker()
        with closing(forked(house.root, "little", *dask.batch("--json"))) as runner:
            wait_for(lambda: (dask.folder / "worker").exists() and len(house.runs()) == 2)
            dask.started[0].kill()
            _, said = runner.communicate(timeout=LONGEST_WAIT)
        dask.go.touch()
        worker.wait(LONGEST_WAIT)  # it leaves when what it was doing is done
    assert runner.returncode == 10
    assert "the scheduler is not responding" in said
    assert "finished pages are kept" in said
    assert "Traceback" not in said
    assert sorted(run["region"] for run in house.runs()) == list(THREE[:-1])
    assert "en/120000/02_monitor.html" in (house.site / "index.en.html").read_text()
    assert nothing_is_left(house)
    monkeypatch.setenv("GO", str(dask.go))
    assert made_here(replace(house, warm=warm))["verdicts"] == {"ok": 1, "skipped": 2}


def test_a_page_to_be_tried_again_when_the_scheduler_has_gone_is_told(house, tmp_path, forked):
    from distributed import Client  # takes long to import, in every worker of the tests

    house.write("1 + 1")
    job = Job("02_monitor", {"lang": "en"})
    with cluster(house, tmp_path / "c", forked) as dask, Client(dask.address, timeout=1) as client:
        dask.started[0].kill()
        wait_for(lambda: client.status == "closed")
        ends = list(OnCluster(dask.address, "x")._ends(client, [job, job], RunOptions(), "x"))
    assert len(ends) == 2
    assert all("the scheduler is not responding" in end.message("en") for _, end in ends)


def test_runs_come_back_through_s3_and_nothing_stays_there(
    worker_house, one_worker, save_findings, s3_here, faiwatch_says
):
    house = worker_house
    house.write(save_findings, declared=["findings.json"])
    asked = batch(house, "--scheduler", one_worker.address)
    code, out, said = faiwatch_says(*asked, "--json", "--exchange", "s3://statistics/exchange")
    made = json.loads(out)
    assert (code, made["verdicts"]) == (0, {"ok": 3}), said
    for run in made["runs"]:
        folder = house.site / "runs" / run["run_id"]
        assert (house.site / run["page"]).read_bytes() == (folder / "page.html").read_bytes()
        assert json.loads(read_findings(house, run))[0]["value"] == -7.2
    assert s3_here.find("statistics/exchange") == []
    assert nothing_is_left(house)
    assert not (house.site / "runs/.exchange").exists()
    code, _, said = faiwatch_says(*asked, "--exchange", "s3://nobody/x", "--force")
    assert code == 10  # an exchange that is not there is told before a page is made
    assert "s3://nobody/x" in said
    assert len(house.runs()) == 3


def test_ctrl_c_calls_the_cluster_off(worker_house, one_worker, forked):
    from distributed import Client  # takes long to import

    house, dask = worker_house, one_worker
    house.write(WAITS_FOR_ONE, TELLS_THAT_IT_RAN)
    asked = batch(house, "--scheduler", dask.address)
    with closing(forked(house.root, "little", *asked)) as runner:
        wait_for((dask.folder / "worker").exists)
        runner.send_signal(signal.SIGINT)
        _, said = runner.communicate(timeout=LONGEST_WAIT)
    assert runner.returncode == 130, said
    assert "Traceback" not in said
    assert nothing_is_left(house)
    with Client(dask.address) as other:
        wait_for(lambda: len(other.scheduler_info()["workers"]) == 1)
        after = other.submit(os.getpid)  # by the one thread, when it has ended what it was at
        dask.go.touch()
        after.result(LONGEST_WAIT)
    ran = {path.name for path in dask.folder.glob("ran-*")}
    assert ran == {"ran-110000"}  # the others had not begun
    assert nothing_is_left(house)
    assert not house.runs()


def nothing_is_left(house):
    return not house.unfinished() and not list(house.site.glob("runs/.exchange/*"))


def test_workers_of_another_version_are_refused(
    worker_house, one_worker, tmp_path, monkeypatch, faiwatch_says
):
    house = worker_house
    house.write("1 + 1")
    other = tmp_path / "other"
    other.mkdir()
    for name in ("notebooks", "data"):
        (other / name).symlink_to(house.root / name)
    (other / "requirements.lock").write_text("another==1\n")
    monkeypatch.setenv("FAIWATCH_ROOT", str(other))
    code, _, said = faiwatch_says(*batch(house, "--scheduler", one_worker.address))
    assert code == 2
    assert "a worker has a different version from this machine" in said
    assert not house.runs()


@pytest.mark.parametrize(
    ("scheduler", "code", "told"),
    [
        ("tcp://127.0.0.1:9", 10, "the scheduler is not responding"),
        ("10.0.0.5", 2, "not a scheduler address"),
    ],
)
def test_a_scheduler_that_is_not_there_is_told_soon(house, scheduler, code, told, faiwatch_says):
    house.write("1 + 1")
    began = time.monotonic()
    left, _, said = faiwatch_says(*batch(house, "--scheduler", scheduler))
    assert left == code
    assert told in said
    assert "Traceback" not in said
    assert time.monotonic() - began < 60  # seconds on a busy machine; five of them are Dask's


def test_the_extra_that_is_missing_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ParameterError, match=r"faiwatch\[cluster\]"):
        OnCluster("tcp://127.0.0.1:9", "site")


def run_here(job, options):
    return run_page(job.notebook, job.values, options)


def made_elsewhere(job, options):
    there = replace(options, site=options.site.with_name("there"))
    record = run_here(job, there)
    with unfinished(options.site, record.run_id) as folder:
        shutil.copytree(there.site / "runs" / record.run_id, folder, dirs_exist_ok=True)
        return adopt_run(job, options, folder)


def lost(job, options):
    return lost_run(job, options, Text("没了", "gone"))


@pytest.mark.parametrize("publish", [run_here, made_elsewhere, lost])
def test_whoever_publishes_a_page_keeps_others_from_it(house, warm, monkeypatch, publish):
    house.write("1 + 1")
    lay_down, was_free = PageRun.publish, {}

    def look(run, record, page):
        with page_lock(run.options.site, "en/000000/02_monitor.html").open("a") as lock:
            was_free[run.options.site] = take_lock(lock, wait=False)
        return lay_down(run, record, page)

    monkeypatch.setattr(PageRun, "publish", look)
    record = publish(Job("02_monitor", {"lang": "en"}), RunOptions(house.site, warm=warm))
    assert was_free[house.site] is False
    assert (house.site / record.page).is_file()
    assert not house.unfinished()


def test_pages_are_published_side_by_side_and_never_more_than_a_few(monkeypatch):
    inside, most, lock = set(), [], threading.Lock()
    meet = threading.Barrier(cluster_module._PUBLISHERS)

    def taken(job, end, _options, _place):
        with lock:
            inside.add(job.name)
            most.append(len(inside))
        meet.wait(30)  # so many are at work at once, or this breaks
        with lock:
            inside.discard(job.name)
        return end

    monkeypatch.setattr(cluster_module, "_taken", taken)
    jobs = [Job("02_monitor", {"region": f"{code}"}) for code in range(100000, 100032)]
    given = iter([(job, job.values["region"]) for job in jobs])
    found = cluster_module._published(given, RunOptions(), "place")
    assert sorted(job.name for job, _ in found) == sorted(job.name for job in jobs)
    assert max(most) == cluster_module._PUBLISHERS
