"""The run record ``run.json``: what ran, on which bytes, with which code, and how it ended.

It lies beside the executed notebook and is all that pages, the index and ``faiwatch diff`` know
about a run. It is written once, by one rename, after the verdict is known.
"""

from __future__ import annotations

import csv
import hashlib
import importlib.metadata
import logging
import os
import platform
import subprocess
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from faiwatch.core import __version__
from faiwatch.core.errors import DataMissingError
from faiwatch.core.files import atomic_write, set_aside
from faiwatch.core.finding import Finding, read_findings
from faiwatch.core.paths import project_root
from faiwatch.core.phrases import say
from faiwatch.core.text import Text, user_language
from faiwatch.data.encoding import rows_of

Verdict = Literal[
    "ok",
    "skipped",
    "late",
    "invalid_data",
    "parameters",
    "cell_error",
    "deadline",
    "kernel_died",
    "blocked",
]
# names make paths: a damaged record must not lead elsewhere
_Name = Annotated[str, Field(pattern=r"^[^/\\\x00]*$")]
CellStatus = Literal["pending", "completed", "failed"]

RUN_FILE, NOTEBOOK_FILE, RESULTS_FOLDER = "run.json", "executed.ipynb", "results"
FINDINGS_FILE, KERNEL_LOG = "findings.json", "kernel.log"
PAGE_FILE = "page.html"  # as it was published, kept with the run
LOCK_FILE = "requirements.lock"
RECORD_VERSION = 1  # goes up when a reader of the form before would misunderstand a record
_DESCRIBED = ("pandas", "numpy", "altair", "papermill", "nbclient", "ipykernel", "nbconvert")


_log = logging.getLogger(__name__)


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DataFile(_Part):
    """One file that the run read.

    Attributes
    ----------
    file : str
        Path from the project root, or the bare name of a user's own file.
    sha256 : str
        Hash of its bytes, hexadecimal.
    rows : int or None
        Records below the heading; None when it is not a CSV.
    latest_issued : str
        Latest ``issued`` date in it, empty when it has none.
    """

    file: str
    sha256: str
    rows: int | None = None
    latest_issued: str = ""


class CellRecord(_Part):
    """How one code cell went.

    Attributes
    ----------
    index : int
        Number among the code cells of the executed notebook, counted from 1.
    heading : str
        Nearest heading above it in the page's language, empty when there is none.
    seconds : float or None
        Time it took; None when it never started.
    peak_mb : float or None
        Largest resident memory of the kernel seen while it ran, in 1e6 bytes.
    status : {"pending", "completed", "failed"}
        `pending` = never started.
    """

    index: int
    heading: str
    seconds: float | None = None
    peak_mb: float | None = None
    status: CellStatus = "pending"


class ResultFile(_Part):
    """One file in the results folder of the run; `file` is relative to that folder."""

    file: str
    sha256: str
    bytes: int


class RunRecord(_Part):
    """Everything that is kept about one run.

    Attributes
    ----------
    version : int
        Of the form of this record, see :data:`RECORD_VERSION`.
    run_id : str
        Name of the folder under ``site/runs``.
    notebook, region, lang : str
        Which page.
    as_of, data_as_of : str
        Month as asked (``latest`` or ``YYYY-MM``), and the latest month that was used (empty
        when the run did not get so far).
    verdict, cause : str
        How it ended; `cause` is one line in the language of the page, empty when ``ok``.
    parameters : dict
        Checked parameters, defaults included, without the results folder.
    inputs : dict
        Fingerprints of everything that the page was made from, see
        :func:`faiwatch.run.reuse.inputs_of`; empty in records of older versions.
    because : str
        Why it was run and no earlier run reused, in the language of the page.
    data, results, cells : tuple
        Files read, files written, and how each code cell went.
    code_version : str
        Commit of the checkout (``-dirty`` when it had changes), else the package's version.
    lock_sha256 : str
        Hash of the lock file, empty when there is none.
    seeds, threads, versions : dict
        Seeds, thread limits and package versions of the kernel.
    kernel : str
        ``cold`` = started as a new process, ``warm`` = forked from one that had imported the
        stack, ``cold: `` and the reason when it was to be warm.
    started : str
        UTC, ISO 8601.
    seconds : float
        Wall time of the run.
    is_made_up : bool
        Whether the figures are made up; such pages are marked.
    title : Text or None
        What a notebook of the office's own is called; ours have their titles.
    subject : Text or None
        What the page is about; None = fixed-asset investment.
    page : str
        Published page relative to the site, empty when nothing was published.
    """

    version: int = 1
    run_id: _Name
    notebook: _Name
    region: _Name
    as_of: str
    data_as_of: Annotated[str, Field(pattern=r"^(\d{4}-(0[1-9]|1[0-2]))?$")] = ""
    lang: Literal["zh", "en"]
    verdict: Verdict
    cause: str = ""
    parameters: dict[str, str | int | bool | float]
    inputs: dict[str, str] = {}
    because: str = ""
    data: tuple[DataFile, ...] = ()
    code_version: str
    lock_sha256: str = ""
    seeds: dict[str, int]
    threads: dict[str, int]
    versions: dict[str, str]
    kernel: str = "cold"
    started: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT")]
    seconds: float
    cells: tuple[CellRecord, ...] = ()
    results: tuple[ResultFile, ...] = ()
    is_made_up: bool = False
    title: Text | None = None
    subject: Text | None = None
    page: str = ""


def write_record(record: RunRecord, path: Path) -> None:
    """Write a run record so that a reader meets the old file or the whole new one."""
    atomic_write(path, record.model_dump_json(indent=1) + "\n")


def read_record(path: Path) -> RunRecord:
    """Read what :func:`write_record` wrote.

    Raises
    ------
    NewerRecordError
        A newer version of faiwatch wrote it in a form that this one does not know.
    ValueError
        It is damaged.
    OSError
        It is not there, or cannot be opened.
    """
    content = path.read_bytes()
    try:
        # a newer version may have added fields: what we know of them is all that we need
        record = RunRecord.model_validate_json(content, extra="ignore")
    except ValidationError as error:
        if _Form.model_validate_json(content).version > RECORD_VERSION:
            raise NewerRecordError from error
        raise
    if record.version > RECORD_VERSION:
        raise NewerRecordError
    return record


def known_record(path: Path) -> RunRecord | None:
    """Return a record, or None when it cannot be read; a damaged one is set aside."""
    try:
        record = read_record(path)
        if record.run_id != path.parent.name:  # by its name its folder is moved and removed
            raise ValueError(f"run_id: {record.run_id}")
        return record
    except NewerRecordError:
        _say_newer(path)
    except FileNotFoundError:  # taken away, or set aside before
        pass
    except (OSError, ValueError) as error:
        set_aside(path, error)
    return None


class NewerRecordError(ValueError):
    """A record in a form of a newer version: it is left as it is."""


class _Form(BaseModel):
    version: int = 1


@cache
def _say_newer(path: Path) -> None:
    told = say("site.run_record.newer_version", path=path)
    _log.warning("%s", told.in_language(user_language()))


def findings_of(folder: Path) -> dict[str, Finding]:
    """Return what the run in a folder found, by id; nothing where it saved no findings.

    Findings that cannot be read are set aside.
    """
    path = folder / RESULTS_FOLDER / FINDINGS_FILE
    try:
        return {one.id: one for one in read_findings(path)}
    except FileNotFoundError:
        pass
    except (OSError, ValueError, TypeError, RecursionError) as error:
        set_aside(path, error)
    return {}


def result_rows(folder: Path, name: str) -> list[dict[str, str]]:
    """Return the rows of a result file of the run in a folder, none where it saved no such file."""
    path = folder / RESULTS_FOLDER / name
    return rows_of(path) if path.is_file() else []


def sha256_of(path: Path) -> str:
    """Return the hash of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def describe_data(files: Iterable[Path]) -> tuple[DataFile, ...]:
    """Return the fingerprints of the files that a run reads.

    Raises
    ------
    DataMissingError
        One of them is not there.
    """
    root, found = project_root().resolve(), []
    for path in files:
        if not path.is_file():
            raise DataMissingError(Text("数据文件不存在", "data file not found"), where=path.name)
        whole = path.resolve()
        inside = whole.is_relative_to(root)
        name = whole.relative_to(root).as_posix() if inside else whole.name
        status = whole.stat()
        described = _described(whole, status.st_mtime_ns, status.st_size)
        found.append(described.model_copy(update={"file": name}))
    return tuple(found)


def describe_store(address: str) -> tuple[DataFile, ...]:
    """Return the fingerprints of the vintages that a run reads.

    Raises
    ------
    DataMissingError, DataInvalidError
        The store cannot be read, or a manifest is damaged.
    """
    from faiwatch.data.store_files import DataRoot  # fsspec, which runs on other data do not need

    return tuple(
        DataFile(file=one.file, sha256=one.table_sha256, rows=one.rows, latest_issued=one.issued)
        for one in DataRoot(address).vintages()
    )


@cache
def _described(path: Path, _mtime_ns: int, _size: int) -> DataFile:
    """Return the fingerprint of a file; a batch asks for the same one a thousand times."""
    if path.suffix.lower() != ".csv":
        return DataFile(file=path.name, sha256=sha256_of(path))
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        issued = [row.get("issued") or "" for row in csv.DictReader(file)]
    return DataFile(
        file=path.name,
        sha256=sha256_of(path),
        rows=len(issued),
        latest_issued=max(issued, default=""),
    )


def describe_results(folder: Path) -> tuple[ResultFile, ...]:
    """Return name, hash and size of every file below a results folder, by name."""
    return tuple(
        ResultFile(
            file=path.relative_to(folder).as_posix(),
            sha256=sha256_of(path),
            bytes=path.stat().st_size,
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    )


@cache
def package_versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that shape a page.

    Looked up once: a batch asks thousands of times, and each look reads seven long files.
    """
    return {
        "python": platform.python_version(),
        "faiwatch": __version__,
        **{name: importlib.metadata.version(name) for name in _DESCRIBED},
    }


def lock_hash() -> str:
    """Return the hash of the lock file, empty when this is not a checkout."""
    path = project_root() / LOCK_FILE
    return sha256_of(path) if path.is_file() else ""


def code_version() -> str:
    """Return the commit of the checkout, ``-dirty`` added when it has changes.

    Without git, outside a checkout or before the first commit it is the package's version.
    """
    root = project_root()
    if not (root / ".git").exists():
        return __version__
    # a hook's GIT_DIR would make git describe another checkout than the one we lie in
    environment = {name: value for name, value in os.environ.items() if name[:4] != "GIT_"}
    try:
        lines = subprocess.run(
            ["git", "-C", str(root), "status", "--porcelain=v2", "--branch"],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=10,
        ).stdout.splitlines()
    except (OSError, subprocess.SubprocessError):
        return __version__
    commit = next(line.split()[-1] for line in lines if line.startswith("# branch.oid "))
    changed = any(not line.startswith("#") for line in lines)
    return (__version__ if commit == "(initial)" else commit) + "-dirty" * changed
