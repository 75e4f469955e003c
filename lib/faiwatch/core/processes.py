"""Work spread over processes: as many as the run may use, in the order given."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

_Part = TypeVar("_Part")
_Found = TypeVar("_Found")


def cores() -> int:
    """Return the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def default_workers() -> int:
    """Return how many runs to do side by side: one more than cores, as runs wait now and then."""
    return cores() + 1


def allowed_processes() -> int:
    """Return how many processes a run may use: as many as threads, or all cores.

    Runs side by side share the cores; the runner says with the usual thread variables how many
    are for each.
    """
    told = os.environ.get("OMP_NUM_THREADS", "")
    return min(int(told), cores()) if told.isdecimal() and int(told) > 0 else cores()


def side_by_side(
    work: Callable[[_Part], _Found], parts: Sequence[_Part], *, processes: int
) -> list[_Found]:
    """Return ``work(part)`` for each part, in order.

    Parameters
    ----------
    work : function
        Of a module, or a partial of one: it is sent to fresh interpreters. (A fork of a notebook's
        kernel would copy its threads in mid-step.)
    parts : sequence
        What is sent, one at a time.
    processes : int
        1 = here, one after the other.
    """
    if processes > 1 and len(parts) > 1:
        context = multiprocessing.get_context("spawn")
        try:
            with ProcessPoolExecutor(min(processes, len(parts)), mp_context=context) as pool:
                return list(pool.map(work, parts))
        except BrokenProcessPool:  # a script without a main guard, or no memory for a second one
            pass
    return [work(part) for part in parts]
