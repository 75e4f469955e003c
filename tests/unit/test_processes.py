"""Work over processes comes back in order, and as many are used as the run may use."""

import math
from concurrent.futures.process import BrokenProcessPool

import pytest

from faiwatch.core import processes
from faiwatch.core.processes import allowed_processes, cores, side_by_side


@pytest.mark.parametrize("number", [1, 2])
def test_results_come_back_in_order(number):
    assert side_by_side(math.sqrt, [9.0, 1.0, 4.0], processes=number) == [3.0, 1.0, 2.0]


def test_processes_that_cannot_start_are_done_without(monkeypatch):
    def refuse(*_, **__):
        raise BrokenProcessPool

    monkeypatch.setattr(processes, "ProcessPoolExecutor", refuse)
    assert side_by_side(math.sqrt, [9.0, 4.0], processes=2) == [3.0, 2.0]


@pytest.mark.parametrize(("told", "expected"), [("1", 1), ("", None), ("many", None), ("0", None)])
def test_the_runner_says_how_many(told, expected, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", told)
    assert allowed_processes() == (expected or cores())
