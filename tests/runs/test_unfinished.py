"""What a killed process leaves is taken away; what another one is making just now never is."""

import errno
import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from filelock import FileLock, Timeout

from faiwatch.core.files import alone, take_lock
from faiwatch.run.unfinished import abandoned, sweep, unfinished, unfinished_place

LONGEST_WAIT = 120  # seconds
WORKS_IN_A_FOLDER = """
import sys, time
from pathlib import Path
from faiwatch.run.unfinished import unfinished
with unfinished(Path(sys.argv[1]), sys.argv[2]) as folder:
    (folder / "half").write_bytes(bytes(5000))
    print("here", flush=True)
    time.sleep(600)
"""
MAKES_AND_LOOKS = """
import sys
from pathlib import Path
from faiwatch.run.unfinished import unfinished
for number in range(300):
    with unfinished(Path(sys.argv[1]), f"{sys.argv[2]}-{number}") as folder:
        (folder / "half").write_text("")
        assert (folder / "half").exists()
    assert not folder.exists()
"""


@contextmanager
def process(code, *words):
    command = [sys.executable, "-c", code, *map(str, words)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as started:
        try:
            yield started
        finally:
            started.kill()


@pytest.fixture
def left(warm_house):
    """Return the house after one process was killed in its folder, while another is in its own."""
    site = warm_house.site
    with process(WORKS_IN_A_FOLDER, site, "live") as live:
        with process(WORKS_IN_A_FOLDER, site, "dead") as dead:
            assert [dead.stdout.readline(), live.stdout.readline()] == ["here\n"] * 2
            assert abandoned(site) == []
        yield warm_house


def names(folders):
    return sorted(folder.name for folder in folders)


def test_the_next_run_takes_away_what_a_killed_one_left(left):
    assert names(abandoned(left.site)) == ["dead"]
    left.write("1 + 1")
    assert left.run().verdict == "ok"
    assert names(left.unfinished()) == ["live", "live.lock"]
    assert (unfinished_place(left.site, "live") / "half").stat().st_size == 5000


def test_prune_lists_it_and_takes_it_away(left, faiwatch_says):
    words = ["prune", "--site", left.site]
    code, said, _ = faiwatch_says(*words, "--dry-run")
    assert (code, said) == (0, "dead\nto remove: 0 runs, 1 unfinished, 0.0 MB\n")
    assert "dead" in names(left.unfinished())
    code, said, _ = faiwatch_says(*words, "--json")
    answer = json.loads(said)
    assert (code, answer["unfinished"], answer["bytes"]) == (0, ["dead"], 5000)
    assert names(left.unfinished()) == ["live", "live.lock"]


def test_what_an_older_version_left_without_a_lock_goes_after_a_day(house):
    for name, age in (("old", 90_000), ("new", 60)):
        folder = unfinished_place(house.site, name)
        folder.mkdir(parents=True)
        os.utime(folder, (time.time() - age,) * 2)
    sweep(house.site)
    assert names(house.unfinished()) == ["new"]


def test_what_another_machine_works_in_stays_where_locks_do_not_reach_it(house):
    for name, age in (("old", 90_000), ("new", 60)):
        folder = unfinished_place(house.site, name)
        folder.mkdir(parents=True)
        folder.with_name(f"{name}.lock").write_text("another-machine")  # and nobody here holds it
        os.utime(folder, (time.time() - age,) * 2)
    sweep(house.site)
    assert [path.name for path in house.unfinished() if path.is_dir()] == ["new"]


def test_a_folder_that_was_moved_or_a_block_that_failed_leaves_nothing(house):
    with unfinished(house.site, "a") as folder:
        folder.rename(house.site / "a")
    with pytest.raises(ValueError, match="x"), unfinished(house.site, "b"):
        raise ValueError("x")
    assert house.unfinished() == []
    assert (house.site / "a").is_dir()


def test_nobody_sweeps_a_folder_that_is_just_being_made(house):
    words = [house.site, "a"], [house.site, "b"]
    with process(MAKES_AND_LOOKS, *words[0]) as one, process(MAKES_AND_LOOKS, *words[1]) as other:
        until = time.monotonic() + LONGEST_WAIT
        while (one.poll() is None or other.poll() is None) and time.monotonic() < until:
            sweep(house.site)
        assert [one.returncode, other.returncode] == [0, 0]
    assert house.unfinished() == []


def test_a_lock_keeps_out_others_of_the_same_library(tmp_path):
    lock = tmp_path / "one.lock"
    with alone(lock):
        with pytest.raises(Timeout):
            FileLock(lock, timeout=0).acquire()
        with lock.open("a") as again:
            assert not take_lock(again, wait=False)
    FileLock(lock, timeout=0).acquire()


def test_where_a_folder_has_no_locks_everybody_gets_in(tmp_path, monkeypatch):
    def no_locks(*_, **__):
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr("filelock.lock_descriptor", no_locks)
    with alone(tmp_path / "lock"), alone(tmp_path / "lock"):
        pass
