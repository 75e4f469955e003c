"""A process draws the charts of many kernels; without it each kernel draws the same for itself."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from multiprocessing.connection import Client

import psutil
import pytest

from faiwatch.run.beside import private_folder
from faiwatch.view import drawing
from faiwatch.view.charts.theme import FONTS
from faiwatch.view.drawing import VARIABLE, drawn, own_drawer, painted

SPEC = {"mark": "bar", "data": {"values": [{"a": 1}]}, "encoding": {"x": {"field": "a"}}}
LONGEST_WAIT = 30  # seconds


def until(condition):
    """Wait until something is so."""
    end = time.monotonic() + LONGEST_WAIT
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def listens(place):
    """Return whether somebody answers there; the file is there a moment before."""
    with suppress(OSError), Client(str(place), "AF_UNIX"):
        return True
    return False


@pytest.fixture(scope="module")
def drawer():
    """The socket of a drawer that runs and listens."""
    with private_folder() as folder, own_drawer(folder / "d"):
        until(lambda: listens(folder / "d"))
        yield folder / "d"


@pytest.fixture
def place(drawer, monkeypatch):
    """The same socket, known to this process as it is to kernels."""
    monkeypatch.setenv(VARIABLE, str(drawer))
    return drawer


@pytest.mark.usefixtures("place")
def test_a_drawer_draws_what_a_kernel_would(monkeypatch):
    with monkeypatch.context() as helpless:
        helpless.setattr(drawing, "_svg", None)
        from_drawer = drawn(SPEC)
    monkeypatch.delenv(VARIABLE)
    assert from_drawer == drawn(SPEC)
    assert from_drawer.startswith("<svg")


@pytest.mark.usefixtures("place")
def test_a_picture_for_paper_is_painted_from_what_the_drawer_drew(monkeypatch):
    with monkeypatch.context() as helpless:
        helpless.setattr(drawing, "_svg", None)
        from_drawer = painted(SPEC, FONTS, 2)
    monkeypatch.delenv(VARIABLE)
    drawing._for_paper.cache_clear()
    drawing._png.cache_clear()
    assert painted(SPEC, FONTS, 2) == from_drawer
    assert len(painted(SPEC, FONTS, 1)) < len(from_drawer)
    assert from_drawer.startswith(b"\x89PNG")


def test_what_cannot_be_drawn_fails_in_its_kernel_and_harms_nobody_else(place, monkeypatch):
    with pytest.raises(ValueError, match="SVG"):
        drawn({"mark": 7})
    with Client(str(place), "AF_UNIX"):  # somebody who hangs up without a word
        pass
    monkeypatch.setattr(drawing, "_svg", None)
    assert drawn(SPEC).startswith("<svg")


@pytest.mark.parametrize("kind", ["nothing there", "nobody listens"])
def test_without_a_drawer_a_kernel_draws_for_itself(kind, tmp_path, monkeypatch):
    place = tmp_path / "d"
    if kind == "nobody listens":
        place.touch()
    monkeypatch.setenv(VARIABLE, str(place))
    assert drawn(SPEC).startswith("<svg")


def test_a_kernel_does_not_wait_for_ever_for_another_ones_chart(place, monkeypatch):
    monkeypatch.setattr(drawing, "_LONGEST_DRAWING", 0.2)
    with Client(str(place), "AF_UNIX"):  # says nothing, and the drawer waits for it
        assert drawn(SPEC).startswith("<svg")
    assert VARIABLE not in os.environ


def test_a_drawer_ends_with_its_owner_even_a_killed_one():
    code = (
        "import pathlib, sys, time\n"
        "from faiwatch.view.drawing import own_drawer\n"
        "with own_drawer(pathlib.Path('d')):\n"
        "    time.sleep(600)\n"
    )
    with private_folder() as folder:
        owner = subprocess.Popen([sys.executable, "-c", code], cwd=folder)
        until((folder / "d").exists)
        (drawer,) = psutil.Process(owner.pid).children()
        os.kill(owner.pid, signal.SIGKILL)
        owner.wait()
        until(lambda: not drawer.is_running() or drawer.status() == psutil.STATUS_ZOMBIE)
