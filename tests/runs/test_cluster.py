"""A batch on a real Dask scheduler and real workers comes to what it comes to on one machine."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import psutil
import pytest

from faiwatch.errors import ParameterError
from faiwatch.run.cluster import OnCluster

THREE = ("110000", "120000", "130000")
LONGEST_WAIT = 240  # seconds
# The page of one region waits for a signal, and tells which process its worker is.
WAITS_FOR_ONE = """
import os, pathlib, psutil, time
go = pathlib.Path(os.environ["GO"])
while region == "110000" and not go.exists():
    worker = [p.pid for p in psutil.Process().parents() if "dask_worker" in " ".join(p.cmdline())]
    draft = go.with_name("draft")
    draft.write_text(str(worker[0]))
    draft = draft.replace(go.with_name("worker"))
    time.sleep(0.1)
"""
KILLS_EVERY_WORKER = """
import os, psutil, signal, time
if region == "110000":
    parents = [p for p in psutil.Process().parents() if "dask_worker" in " ".join(p.cmdline())]
    parents[0].send_signal(signal.SIGKILL)
    time.sleep(60)
"""


class Cluster:
    """A scheduler and its workers, as an administrator starts them."""

    def __init__(self, house, folder, failures):
        self.house, self.folder, self.file = house, folder, folder / "scheduler.json"
        self.go, self.started = folder / "go", []
        self.environment = {
            "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": str(failures),
            "GO": str(self.go),
        }
        self.start("scheduler", "--port", "0", "--no-dashboard", "--host", "127.0.0.1")

    def start(self, what, *words):
        command = [sys.executable, "-m", f"distributed.cli.dask_{what}", *words]
        with (self.folder / f"{what}-{len(self.started)}.log").open("w") as log:
            process = subprocess.Popen(
                [*command, "--scheduler-file", str(self.file)],
                env={**os.environ, **self.environment},
                cwd=self.folder,
                stdout=log,
                stderr=log,
            )
        self.started.append(process)
        return process

    def worker(self):
        """Start a worker with one thread and without a nanny that would start it again."""
        place = self.folder / f"w{len(self.started)}"
        words = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", str(place)]
        return self.start("worker", *words)

    @property
    def address(self):
        return json.loads(wait_for(lambda: self.file.exists() and self.file.read_text()))["address"]

    def batch(self, *words, **environment):
        """Start the batch of three pages on this cluster."""
        return batch(self.house, "--scheduler", self.address, *words, **environment)


def batch(house, *words, **environment):
    regions = ["--regions", ",".join(THREE), "--notebooks", "02_monitor", "--lang", "en"]
    return house.command("batch", *regions, "--site", str(house.site), *words, **environment)


@contextmanager
def cluster(house, folder, *, failures=3):
    folder.mkdir()
    made = Cluster(house, folder, failures)
    try:
        yield made
    finally:
        for process in reversed(made.started):
            process.kill()
            process.wait()


def wait_for(found):
    until = time.monotonic() + LONGEST_WAIT
    while time.monotonic() < until:
        if value := found():
            return value
        time.sleep(0.05)
    pytest.fail("waited in vain")


def answer(runner):
    out, said = runner.communicate(timeout=LONGEST_WAIT)
    assert out, said
    return json.loads(out), runner.returncode


def lasting(page, record):
    """Return a page without what differs between two runs of the same."""
    text = page.read_text().replace(record["run_id"], "RUN")
    return re.sub(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?|[\d.]+ (s|MB)\b", "TIME", text)


def test_a_worker_is_killed_and_the_batch_equals_the_local_one(house, tmp_path, save_findings):
    house.write("region", WAITS_FOR_ONE, save_findings, declared=["findings.json"])
    with cluster(house, tmp_path / "c") as dask:
        workers = [dask.worker(), dask.worker()]
        runner = dask.batch("--json")
        told = dask.folder / "worker"
        pid = int(wait_for(lambda: told.exists() and told.read_text()))
        assert pid in {worker.pid for worker in workers}
        os.kill(pid, signal.SIGKILL)
        wait_for(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == "zombie")
        dask.go.touch()
        there, code = answer(runner)
    assert (code, there["verdicts"]) == (0, {"ok": 3})
    assert not list(house.site.glob("runs/.exchange/*"))
    assert not house.unfinished()
    pages = [lasting(house.site / run["page"], run) for run in there["runs"]]
    findings = [read_findings(house, run) for run in there["runs"]]
    again, _ = answer(batch(house, "--json"))
    assert again["verdicts"] == {"skipped": 3}  # what a cluster made stands here
    here, _ = answer(batch(house, "--json", "--force", GO=str(dask.go)))
    assert [lasting(house.site / run["page"], run) for run in here["runs"]] == pages
    assert [read_findings(house, run) for run in here["runs"]] == findings
    for one, other in zip(here["runs"], there["runs"], strict=True):
        for field in ("inputs", "parameters", "data", "results", "versions", "threads", "page"):
            assert one[field] == other[field]


def read_findings(house, run):
    return (house.site / "runs" / run["run_id"] / "results/findings.json").read_bytes()


def test_a_page_that_kills_every_worker_is_told_and_the_others_are_made(house, tmp_path):
    house.write(KILLS_EVERY_WORKER)
    with cluster(house, tmp_path / "c", failures=0) as dask:
        for _ in range(3):  # two die for the guilty page: among the others, then alone
            dask.worker()
        found, code = answer(dask.batch("--json"))
    assert code == 15
    assert [run["verdict"] for run in found["runs"]] == ["kernel_died", "ok", "ok"]
    assert "every worker" in found["runs"][0]["cause"]
    assert (house.site / "en/110000/02_monitor.failed.html").is_file()


def test_workers_of_another_version_are_refused(house, tmp_path):
    house.write("1 + 1")
    other = tmp_path / "other"
    other.mkdir()
    for name in ("notebooks", "data"):
        (other / name).symlink_to(house.root / name)
    (other / "requirements.lock").write_text("another==1\n")
    with cluster(house, tmp_path / "c") as dask:
        dask.worker()
        runner = dask.batch(FAIWATCH_ROOT=str(other))
        _, said = runner.communicate(timeout=LONGEST_WAIT)
    assert runner.returncode == 2
    assert "a worker has another version than this machine" in said
    assert not house.runs()


@pytest.mark.parametrize(
    ("scheduler", "code", "told"),
    [
        ("tcp://127.0.0.1:9", 10, "the scheduler does not answer"),
        ("10.0.0.5", 2, "not the address of a scheduler"),
    ],
)
def test_a_scheduler_that_is_not_there_is_told_soon(house, scheduler, code, told):
    house.write("1 + 1")
    began = time.monotonic()
    runner = batch(house, "--scheduler", scheduler)
    _, said = runner.communicate(timeout=LONGEST_WAIT)
    assert runner.returncode == code
    assert told in said
    assert "Traceback" not in said
    assert time.monotonic() - began < 60  # seconds on a busy machine; five of them are Dask's


def test_the_extra_that_is_missing_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ParameterError, match=r"faiwatch\[cluster\]"):
        OnCluster("tcp://127.0.0.1:9", "site")
