"""What the site shows is finished and true, whatever happens to a run or to the runner."""

import json
import os
import signal
import time
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

pytestmark = pytest.mark.xdist_group("forked")  # their server is made once
LONGEST_WAIT = 120  # seconds
# The command line, standing still at one moment of the publication until it is killed.
STOPS = """
import os, pathlib, sys, time
from faiwatch.cli.app import main
moment = sys.argv.pop(1)
sync, rename, replace = os.fsync, pathlib.Path.rename, pathlib.Path.replace
def stop(now):
    if now:
        pathlib.Path("stands").touch()
        time.sleep(600)
def fsync(file):
    sync(file)
    stop(moment == "page written" and "/.02_monitor.html." in os.readlink(f"/proc/self/fd/{file}"))
def named(path, target):
    rename(path, target)
    stop(moment == "run named" and ".unfinished" in path.parts)
def replaced(path, target):
    replace(path, target)
    stop(moment == "page named" and target.name == "02_monitor.html")
os.fsync, pathlib.Path.rename, pathlib.Path.replace = fsync, named, replaced
main()
"""
HANGS = """
import os, pathlib, time
done = pathlib.Path(results, "..", "kernel").write_text(str(os.getpid()))
time.sleep(60)
"""


@pytest.fixture
def house(house, warm):
    """Return the house with kernels that are forked: a page is laid down alike from all."""
    return replace(house, warm=warm)


@pytest.fixture
def command(house, forked):
    """Return what starts a module on a command line, as a context in which it runs."""

    def start(*words, module="faiwatch", **environment):
        return closing(forked(house.root, module, *words, **environment))

    return start


def wait_for(found):
    """Return what `found` returns once it is something."""
    until = time.monotonic() + LONGEST_WAIT
    while time.monotonic() < until:
        if value := found():
            return value
        time.sleep(0.05)
    pytest.fail("waited in vain")


def started_kernel(house):
    """Return the process of the kernel whose cell hangs."""
    told = wait_for(lambda: list(house.site.glob("runs/.unfinished/*/kernel")))[0]
    return psutil.Process(int(wait_for(told.read_text)))


def test_a_failed_run_leaves_the_last_good_page_alone(house):
    house.write("1 + 1")
    good = house.run()
    page = house.page().read_text()
    house.write("raise ValueError('spoilt')")
    bad = house.run()
    assert house.page().read_text() == page
    assert good.started[:10] in house.page(failed=True).read_text()
    assert bad.page == "en/000000/02_monitor.failed.html"
    assert {run["run_id"] for run in house.runs()} == {good.run_id, bad.run_id}

    house.write("1 + 1")
    assert house.run().page == "en/000000/02_monitor.html"
    assert not house.page(failed=True).exists()


def test_a_page_that_breaks_a_rule_is_held_back(house):
    house.write("from IPython.display import HTML; HTML('<p>/home/somebody/x</p>')")
    record = house.run()
    assert record.verdict == "blocked"
    assert "/home/somebody" in record.cause
    assert not house.page().exists()
    assert house.page(failed=True).is_file()
    assert [run["verdict"] for run in house.runs()] == ["blocked"]


def test_all_of_a_run_and_its_page_are_on_the_disk_before_it_gets_its_name(house, monkeypatch):
    house.write("open(results + '/table.csv', 'w').write('a,b')")
    flush_to_disk, rename, synced, not_yet = os.fsync, Path.rename, set(), []

    def sync(file):
        synced.add(os.fstat(file).st_ino)
        flush_to_disk(file)

    def name(folder, target):
        files = [
            *folder.rglob("*"),
            *house.site.glob("en/*/.*"),
            *house.site.glob("runs/.pages/*/*/.*"),
        ]
        assert {"table.csv", "run.json", "page.html"} < {file.name for file in files}
        assert (
            len([file for file in files if file.name[0] == "."]) == 4
        )  # page, two pointers, history
        not_yet.extend(f for f in files if f.is_file() and f.stat().st_ino not in synced)
        return rename(folder, target)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(Path, "rename", name)
    assert house.run().verdict == "ok"
    assert not_yet == []


@pytest.mark.parametrize(
    ("signal_name", "language"),
    [("SIGINT", []), ("SIGTERM", ["--lang", "en"])],
    ids=["workers by Ctrl-C", "one page by a polite kill"],
)
def test_a_stopped_runner_cleans_up(house, command, signal_name, language):
    house.write(HANGS)
    with command("run", "02_monitor", "--site", str(house.site), *language) as runner:
        kernel = started_kernel(house)
        runner.send_signal(getattr(signal, signal_name))
        assert runner.wait(LONGEST_WAIT) == 130
    assert not kernel.is_running()
    assert not house.unfinished()
    assert not house.runs()


def test_a_runner_killed_in_mid_run_leaves_the_site_as_it_was(house, command, tmp_path_factory):
    house.write("1 + 1")
    house.run()
    before = {path: path.read_bytes() for path in house.site.rglob("*.*") if path.is_file()}
    house.write(HANGS)
    sockets = str(tmp_path_factory.mktemp("t"))  # a killed runner cannot take them away
    words = ["run", "02_monitor", "--site", str(house.site), "--lang", "en"]
    with command(*words, TMPDIR=sockets):
        kernel = started_kernel(house)
    with suppress(psutil.NoSuchProcess):
        kernel.wait(LONGEST_WAIT)
    after = {
        path: path.read_bytes()
        for path in house.site.rglob("*.*")
        if path.is_file() and ".unfinished" not in path.parts
    }
    assert after == before
    assert house.unfinished()
    house.write("1 + 1")
    house.run()
    assert not house.unfinished()


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="looks which file is written")
@pytest.mark.parametrize("moment", ["page written", "run named", "page named"])
def test_a_kill_in_mid_publication_leaves_a_whole_page_and_is_mended_by_the_next_run(
    house, command, moment
):
    house.write("1 + 1")
    good = house.run()
    old = house.page().read_bytes()
    house.write("2 + 2")
    (house.root / "stops.py").write_text(STOPS)
    words = [moment, "run", "02_monitor", "--site", str(house.site), "--lang", "en"]
    with command(*words, module="stops"):
        assert wait_for((house.root / "stands").exists)
    made = [run for run in house.runs() if run["run_id"] != good.run_id]
    assert [run["verdict"] for run in made] == ([] if moment == "page written" else ["ok"])
    for run in made:  # what has a name is whole
        assert sorted(path.name for path in (house.site / "runs" / run["run_id"]).iterdir()) == [
            "executed.ipynb",
            "page.html",
            "results",
            "run.json",
        ]
    if moment == "page named":
        page = house.site / "runs" / made[0]["run_id"] / "page.html"
        assert house.page().read_bytes() == page.read_bytes()
    else:
        assert house.page().read_bytes() == old

    for path in house.site.rglob(".*.draft-*"):
        os.utime(path, (time.time() - 4000,) * 2)
    again = house.run(reuse=True)
    assert again.verdict == "ok"
    assert again.run_id in house.page().read_text()
    assert not house.unfinished()
    hidden = {path.name for path in house.site.rglob(".*")}
    assert hidden == {".unfinished", ".pages"}


def test_a_stopped_report_stops_its_workers(house, command):
    for notebook in ("01_data", "02_monitor", "07_regions"):
        house.write(HANGS, name=notebook)
    words = ["report", "--site", str(house.site), "--workers", "2"]
    with command(*words, module="little") as runner:
        kernel = started_kernel(house)
        workers = psutil.Process(runner.pid).children(recursive=True)
        runner.send_signal(signal.SIGTERM)
        assert runner.wait(LONGEST_WAIT) == 130
    assert not kernel.is_running()
    assert not psutil.wait_procs(workers, timeout=5)[1]
    assert not house.unfinished()
    assert not house.runs()


def test_no_socket_stays_behind(house, tmp_path_factory, monkeypatch):
    short = tmp_path_factory.mktemp("t")
    monkeypatch.setattr("tempfile.tempdir", str(short))
    house.write("1 + 1")
    assert house.run().verdict == "ok"
    assert not list(short.iterdir())


def test_command_line_keeps_stdout_for_the_answer(house):
    house.write("print('noise')", "import os; os.write(1, b'more noise')")
    with house.command(
        "run", "02_monitor", "--site", str(house.site), "--lang", "en", "--json"
    ) as runner:
        out, err = runner.communicate(timeout=LONGEST_WAIT)
    assert runner.returncode == 0
    assert [run["verdict"] for run in json.loads(out)["runs"]] == ["ok"]
    lines = err.splitlines()
    assert [line.split("  ")[1:3] for line in lines[:-1]] == [
        ["1/4", "Monitor"],
        ["2/4", "Monitor"],
        ["3/4", "Part 1"],
        ["4/4", "Part 2"],
    ]
    assert lines[-1].startswith("02_monitor 000000 en  done")
