"""What runs beside the pages of a batch: a server that forks their kernels, a process that draws.

Apart from the kernels themselves, so that whoever only starts these need not import Jupyter.
"""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from faiwatch.core.files import temporary_folder
from faiwatch.core.paths import WORKSPACE, workspace_root
from faiwatch.run.warm.client import LATER, OF_PAGES, own_server, why_not_here
from faiwatch.run.warm.wire import UnfitError
from faiwatch.view.drawing import own_drawer

SEEDS: Mapping[str, int] = {"PYTHONHASHSEED": 0}
# sun_path holds 104 bytes on macOS and 108 on Linux; the sockets add "/s-5"
_LONGEST_FOLDER = 90
_log = logging.getLogger(__name__)


@contextmanager
def warm_server() -> Iterator[Path | None]:
    """Run a server that forks kernels as long as this block, and yield its folder.

    Beside it runs a process that draws their charts. None where kernels cannot be forked: then
    they are started cold, and the log says why.
    """
    with ExitStack() as stack:
        folder = None
        try:
            why_not_here()
            private = stack.enter_context(private_folder())
            server = own_server(private / "w", inherited(), preload=OF_PAGES, later=LATER)
            folder = stack.enter_context(server)
        except (UnfitError, OSError) as error:
            _log.warning("Kernels are started cold: %s", error)
        if folder is not None:
            stack.enter_context(own_drawer(drawer_of(folder)))
        yield folder


@contextmanager
def private_folder() -> Iterator[Path]:
    """Make a short folder that only this user can open, and remove it afterwards."""
    usual = tempfile.gettempdir()
    place = usual if len(os.fsencode(usual)) < _LONGEST_FOLDER - 16 else "/tmp"
    with temporary_folder(place) as folder:
        yield folder


def drawer_of(warm: Path) -> Path:
    """Return the socket of the process that draws for the kernels of a server."""
    return warm.parent / "d"


def inherited() -> dict[str, str]:
    """Return our environment without the user's start-up file, with the seeds and workspace."""
    workspace = workspace_root()
    at = {WORKSPACE: str(workspace.resolve())} if workspace else {}
    ours = {name: value for name, value in os.environ.items() if name != "PYTHONSTARTUP"}
    return ours | at | {name: str(value) for name, value in SEEDS.items()}
