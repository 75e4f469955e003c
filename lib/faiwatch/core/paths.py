"""Where the project's own files are, found by marker and never by the working directory.

The notebooks, figures, tables and rules stand at the top of a checkout, and in an installed package
in ``faiwatch/product``, where the wheel's build puts them from there. An office's workspace
(``faiwatch init``) stands before both: its notebooks and its ``rules/`` are used instead of ours.
Packages of rules that others installed (:mod:`faiwatch.core.plugins`) stand between the two.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from faiwatch.core.errors import DataMissingError
from faiwatch.core.phrases import say
from faiwatch.core.plugins import rule_packages

ROOT = "FAIWATCH_ROOT"
WORKSPACE = "FAIWATCH_WORKSPACE"
WORKSPACE_FILE = "faiwatch.toml"
_MARKERS = ("notebooks", "data/README.md")


def project_root() -> Path:
    """Return the folder that holds ``notebooks/`` and ``data/``.

    ``FAIWATCH_ROOT`` wins; otherwise it is in the package that this file lies in, or the checkout
    around that.

    Raises
    ------
    DataMissingError
        When no place holds the markers.
    """
    return root_named(os.environ.get(ROOT, ""))


@cache
def root_named(named: str) -> Path:
    """Return the root for a value of ``FAIWATCH_ROOT``, "" = not set; see `project_root`."""
    package = Path(__file__).resolve().parents[1]
    places = [Path(named)] if named else [package / "product", package.parents[1]]
    for root in places:
        if all((root / marker).exists() for marker in _MARKERS):
            return root
    raise DataMissingError(
        say("core.paths.no_root"),
        where=str(places[0]),
        todo=say("core.paths.set_root") if named else say("core.paths.install"),
    )


def workspace_root() -> Path | None:
    """Return the folder of the office's workspace that we work in, if we do.

    ``FAIWATCH_WORKSPACE`` wins, by which kernels learn of it; otherwise it is the working
    directory, if that holds ``faiwatch.toml``.
    """
    named = os.environ.get(WORKSPACE)
    if named:
        return Path(named)
    return Path.cwd() if Path(WORKSPACE_FILE).is_file() else None


@contextmanager
def without_workspace() -> Iterator[None]:
    """Use our own tables alone in this block, whatever workspace we work in."""
    before = os.environ.get(WORKSPACE)
    os.environ[WORKSPACE] = str(project_root())  # which holds no rules/ and is no workspace
    try:
        yield
    finally:
        del os.environ[WORKSPACE]
        if before is not None:
            os.environ[WORKSPACE] = before


def data_folder() -> Path:
    """Return the folder of the embedded figures."""
    return project_root() / "data"


def rule_file(name: str) -> Path:
    """Return a table or file of rules that people edit, from the last folder that has it.

    A file of the workspace that is still as we laid it out counts as ours.

    Parameters
    ----------
    name : str
        As in ``data/`` and in the ``rules/`` of a workspace, such as ``summons_rules.toml``.

    Examples
    --------
    >>> rule_file("summons_rules.toml").name
    'summons_rules.toml'
    """
    ours, *others = rule_folders()
    found = [file for folder in others if (file := folder / name).is_file()]
    own = ours / name
    if len(found) > 1 and own.is_file() and found[-1].read_bytes() == own.read_bytes():
        found.pop()
    return found[-1] if found else ours / name


def rule_files(pattern: str) -> list[Path]:
    """Return all files of rules of one kind, by name, each as :func:`rule_file` finds it.

    Examples
    --------
    >>> [file.stem for file in rule_files("light_rules/*.toml")][:2]
    ['four_rates', 'ouhai']
    """
    found = {
        file.relative_to(folder).as_posix()
        for folder in rule_folders()
        for file in folder.glob(pattern)
    }
    return [rule_file(name) for name in sorted(found)]


def rule_folders() -> list[Path]:
    """Return where tables and rules that people edit are; what stands in a later folder wins.

    Ours, then the packages of plug-ins by name, then those of the workspace.
    """
    workspace = workspace_root()
    own = [workspace / "rules"] if workspace else []
    return [data_folder(), *rule_packages().values(), *own]


def own_tables(name: str) -> tuple[tuple[str, int], ...]:
    """Return the workspace's table whose rows are added to ours, with when it was last written.

    What is read of a table is kept by this, so that a process sees a table that came or changed.

    Parameters
    ----------
    name : str
        In the ``rules/`` of a workspace: ``indicators.csv`` or ``regions.csv``.

    Examples
    --------
    >>> own_tables("indicators.csv")  # in no workspace
    ()
    """
    folder = os.environ.get(WORKSPACE)
    if not folder:
        if not os.path.isfile(WORKSPACE_FILE):  # noqa: PTH113 -- asked very often, so without Path
            return ()
        folder = os.getcwd()  # noqa: PTH109
    stamp = written(os.path.join(folder, "rules", name))  # noqa: PTH118
    return (stamp,) if stamp[1] else ()


def written(file: str) -> tuple[str, int]:
    """Return the path of a file with when it was last written, 0 where it is not there."""
    try:
        return file, os.stat(file).st_mtime_ns  # noqa: PTH116
    except OSError:
        return file, 0


def notebook_file(name: str) -> Path:
    """Return the path of a notebook, ``02_monitor`` and so on: the workspace's, or else ours."""
    return own_notebook(name) or project_root() / "notebooks" / f"{name}.ipynb"


def own_notebook(name: str) -> Path | None:
    """Return a notebook of the workspace, if it has one of that name."""
    workspace = workspace_root()
    file = workspace / "notebooks" / f"{name}.ipynb" if workspace else None
    return file if file and file.name == f"{name}.ipynb" and file.is_file() else None


def own_notebooks() -> dict[str, Path]:
    """Return the notebooks of the workspace by name, those that stand for ours among them."""
    workspace = workspace_root()
    files = sorted((workspace / "notebooks").glob("*.ipynb")) if workspace else []
    return {file.stem: file for file in files}
