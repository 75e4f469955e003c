"""Draws a chart as SVG, and as PNG from that: here, or in a process that draws for many.

To start the JavaScript engine takes longer than to draw all charts of a page. So a batch keeps one
process for it, and its kernels ask that one over a socket that only their user can reach. Whatever
goes wrong on the way, a kernel draws for itself.

To measure one text, the engine reads the whole font that it is set in: for Chinese 20 MB, ten
times in each chart. So charts are measured in ``metrics/``: fonts of some kilobytes that have the
widths of Noto Sans CJK SC and no letters (``.ci/metrics.py`` makes them). A picture is the same on
every machine, to a pixel or two of kerning as in that font, and takes a third of the time.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache, lru_cache
from multiprocessing.connection import Client, Listener
from pathlib import Path
from typing import Any

import vl_convert

VEGALITE_VERSION = "5.21"
VARIABLE = "FAIWATCH_DRAWER"  # environment: where a process listens that draws
_WAITING = 128  # kernels that may stand in line
_LONGEST_DRAWING = 20.0  # seconds for those in line and one's own, a hundred times as long as usual
_LONGEST_END = 10.0  # seconds
_MEASURED_IN = "faiwatch metrics"
_METRICS = Path(__file__).with_name("metrics")


def drawn(spec: Mapping[str, Any]) -> str:
    """Return a vega-lite specification as the text of an SVG picture.

    Its texts name the font that they were measured in: whoever shows it puts another in its place.

    Raises
    ------
    ValueError
        vega-lite cannot draw it.
    """
    return _drawn(_measured(spec))


def _measured(spec: Mapping[str, Any]) -> str:
    return json.dumps({**spec, "config": {**spec.get("config", {}), "font": _MEASURED_IN}})


def _drawn(told: str) -> str:
    if place := os.environ.get(VARIABLE):
        with suppress(OSError, EOFError), Client(place, "AF_UNIX") as drawer:
            drawer.send_bytes(told.encode())
            if drawer.poll(_LONGEST_DRAWING):
                return drawer.recv_bytes().decode()
            del os.environ[VARIABLE]  # another's chart holds it up
    return _svg(told)


def painted(spec: Mapping[str, Any], fonts: str, scale: float) -> bytes:
    """Return a vega-lite specification as PNG, with every word where it stands in the SVG.

    Parameters
    ----------
    spec : mapping
        As of `drawn`.
    fonts : str
        Families of the letters, as in CSS.
    scale : float
        Pixels of the picture for each px.

    Raises
    ------
    ValueError
        vega-lite cannot draw it.
    """
    return _png(_for_paper(_measured(spec)).replace(_MEASURED_IN, fonts.replace('"', "'")), scale)


# a report that is written again, in another form or for another reader, has the charts it had
_for_paper = lru_cache(maxsize=16)(_drawn)
_png = lru_cache(maxsize=16)(vl_convert.svg_to_png)


@contextmanager
def own_drawer(place: Path) -> Iterator[None]:
    """Keep a process that draws, as long as this block or this process.

    Parameters
    ----------
    place : Path
        Its socket, in a folder that only this user can open.
    """
    with (
        place.with_suffix(".log").open("ab") as log,
        subprocess.Popen(
            [sys.executable, "-m", __name__, str(place)],
            cwd=place.parent,  # no module of the user's own folder is ours
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            start_new_session=True,
        ) as process,
    ):
        try:
            yield
        finally:
            assert process.stdin is not None
            process.stdin.close()
            try:
                process.wait(_LONGEST_END)
            except subprocess.TimeoutExpired:
                process.kill()


@cache
def _know_metrics() -> None:
    vl_convert.register_font_directory(str(_METRICS))


def _svg(told: str) -> str:
    _know_metrics()
    return vl_convert.vegalite_to_svg(told, vl_version=VEGALITE_VERSION)


def _serve(place: str) -> None:
    """Draw for whoever asks, one after the other, until our parent has gone."""
    threading.Thread(target=_follow_parent, daemon=True).start()
    with Listener(place, "AF_UNIX", backlog=_WAITING) as listener:
        while True:
            # what cannot be drawn is not answered: its kernel tries, and fails with the reason
            with listener.accept() as asker, suppress(OSError, EOFError, ValueError):
                if asker.poll(_LONGEST_END):
                    asker.send_bytes(_svg(asker.recv_bytes().decode()).encode())


def _follow_parent() -> None:
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    _serve(sys.argv[1])
