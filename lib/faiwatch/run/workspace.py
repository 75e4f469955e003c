"""An office's workspace: the settings in its ``faiwatch.toml``, and the files that lay it out.

Decision: ``docs/adr/0017-workspace.md``.
"""

from __future__ import annotations

import difflib
import io
import json
import os
import sys
import zipfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from faiwatch.core import __version__
from faiwatch.core.errors import DataInvalidError, ParameterError, nearest
from faiwatch.core.files import atomic_write, atomic_write_bytes, hash_of, set_aside
from faiwatch.core.paths import WORKSPACE_FILE, project_root, without_workspace
from faiwatch.core.text import Language, Text
from faiwatch.core.toml_file import Settings, read_toml
from faiwatch.page.parameters import NOTEBOOKS, known_notebooks, parameters_of

LOCK = "faiwatch.lock"  # the hash of each file as it was laid out
_WRONG = Text("工作目录设置有误", "the settings of the workspace are wrong")
_OFFICE = Path(__file__).with_name("office")
# rules that people edit; any other table of data/ may be put beside them by hand
_RULES = ("alert_rules.toml", "summons_rules.toml", "escalation_rules.csv", "headers.csv")
_TEXTS = {  # in the workspace: ours, by language
    WORKSPACE_FILE: "faiwatch.{lang}.toml",
    "README.md": "README.{lang}.md",
    "Makefile": "Makefile.{lang}.mk",
    "schedule.md": "schedule.{lang}.md",
    "data/answers.toml": "answers.{lang}.toml",
    "start.ipynb": "start.{lang}.ipynb",
    "start.bat": "start.bat",
    "start.sh": "start.sh",
    "faiwatch.desktop": "faiwatch.desktop",
}
_ASKING = ("flags", "forecast", "briefing", "batch")  # verbs whose options are page parameters
Change = Literal["added", "updated", "kept", "differs", "gone"]


class WorkspaceSettings(Settings):
    """What ``faiwatch.toml`` holds."""

    model_config = ConfigDict(title="Settings")
    lang: Language | None = None
    site: str = Field(default="site", min_length=1)
    notebooks: tuple[str, ...] = ()
    parameters: Mapping[str, str | int | float | bool] = {}


def settings() -> WorkspaceSettings:
    """Return the settings of the folder that we work in; those of none where it is no workspace.

    Raises
    ------
    DataInvalidError
        The file breaks its format; the message names the key and what is allowed.
    """
    file = Path(WORKSPACE_FILE)
    if not file.is_file():
        return WorkspaceSettings()
    found = read_toml(file, WorkspaceSettings, what=_WRONG)
    notebooks = known_notebooks()
    known = {name for model in NOTEBOOKS.values() for name in model.model_fields}
    if not known.issuperset(found.parameters):  # of a notebook of the office's own
        for notebook in notebooks[len(NOTEBOOKS) :]:
            with suppress(DataInvalidError):  # told when it is asked for
                known |= parameters_of(notebook).model_fields.keys()
    known -= {"results", "lang"}  # that of the runner, and the key above
    for given, allowed, place in (
        (found.notebooks, notebooks, "notebooks"),
        (found.parameters, known, "parameters"),
    ):
        for name in given:
            if name not in allowed:
                raise DataInvalidError(
                    _WRONG,
                    where=f"{WORKSPACE_FILE} {place}",
                    got=name,
                    allowed=", ".join(sorted(allowed)),
                    todo=nearest(name, allowed),
                )
    return found


def parameters_for(notebook: str) -> dict[str, str]:
    """Return the workspace's parameters that a notebook takes, as words of a command line.

    Examples
    --------
    >>> parameters_for("02_monitor")  # in no workspace
    {}
    """
    taken = parameters_of(notebook).model_fields
    given = settings().parameters.items()
    return {name: _word(value) for name, value in given if name in taken}


def defaults_of(verbs: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return defaults of the options of verbs, for typer, and speak the workspace's language."""
    found = settings()
    if found.lang:
        os.environ.setdefault("FAIWATCH_LANG", found.lang)
    site = {"site": found.site} if "site" in found.model_fields_set else {}
    asked = {name: _word(value) for name, value in found.parameters.items()}
    if "region" in asked:
        asked["regions"] = asked["region"]  # of a batch
    if found.notebooks:
        asked["notebooks"] = ",".join(found.notebooks)
    return {verb: site | (asked if verb in _ASKING else {}) for verb in verbs}


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


class Lock(BaseModel):
    """What was laid out, so that a file that the office changed is told from one that is ours."""

    model_config = ConfigDict(frozen=True)

    version: str = __version__
    lang: Language = "zh"
    files: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Laid:
    """One file of a workspace, and what became of it.

    Attributes
    ----------
    file : str
        Its place in the workspace.
    change : str
        ``added``; ``updated`` (it was ours); ``kept`` (the office changed it, we did not);
        ``differs`` (both did: the office's is kept); ``gone`` (ours no longer has it).
    lines : tuple of (int, int)
        How many lines the office's has more, and fewer, than ours.
    difference : str
        The lines, as ``diff -u`` writes them; empty for a workbook.
    """

    file: str
    change: Change
    lines: tuple[int, int] = (0, 0)
    difference: str = ""


def read_lock(folder: Path) -> Lock | None:
    """Return what was laid out in a folder; None when it is no workspace."""
    if not (folder / WORKSPACE_FILE).is_file():
        return None
    try:
        return Lock.model_validate_json((folder / LOCK).read_bytes())
    except FileNotFoundError:
        return Lock(version="")
    except (OSError, ValidationError) as error:
        set_aside(folder / LOCK, error)
        return Lock(version="")


def lay_out(folder: Path, lang: Language | None, report: Callable[[Language], bytes]) -> list[Laid]:
    """Lay out a workspace, or bring what the office did not change in it up to date.

    Parameters
    ----------
    folder : Path
        Empty, not there yet, or a workspace.
    lang : {"zh", "en"}, optional
        By default that in which it was laid out.
    report : callable
        Returns the text of a briefing to edit, in a language.

    Returns
    -------
    list of Laid
        What was done, and what differs; files that stand as they are ours are left out.

    Raises
    ------
    ParameterError
        The folder holds something else.
    """
    lock = read_lock(folder)
    if lock is None:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise ParameterError(
                Text(
                    "文件夹不是空的，也不是工作目录", "the folder is neither empty nor a workspace"
                ),
                where=str(folder),
                allowed=Text("空文件夹或新名字", "an empty folder, or a new name"),
            )
        lock = Lock(lang=lang or "zh")
    contents = _contents(folder.resolve(), lang or lock.lang)
    contents["templates/report.txt"] = report(lang or lock.lang)
    done, hashes = [], {}
    for name, content in contents.items():
        path, ours, before = folder / name, fingerprint(content), lock.files.get(name)
        stands = fingerprint(path.read_bytes()) if path.is_file() else None
        hashes[name] = ours
        if stands is None or (stands == before and stands != ours):
            atomic_write_bytes(path, content)
            if path.suffix in {".sh", ".desktop"}:
                path.chmod(0o755)
            done.append(Laid(name, "added" if stands is None else "updated"))
        elif stands != ours:
            done.append(_compared(name, path, content, "kept" if ours == before else "differs"))
    gone = lock.files.keys() - contents.keys()
    done += [Laid(name, "gone") for name in sorted(gone) if (folder / name).is_file()]
    written = Lock(version=__version__, lang=lang or lock.lang, files=hashes)
    atomic_write(folder / LOCK, json.dumps(written.model_dump(), indent=1, sort_keys=True) + "\n")
    return done


def fingerprint(content: bytes) -> str:
    """Return the hash of what a file holds; of a workbook without the moment it was made."""
    if content[:2] == b"PK":
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as book:
                parts = sorted((one.filename, one.CRC) for one in book.infolist())
        except zipfile.BadZipFile:
            parts = []
        if parts:
            inside = [part for part in parts if part[0] != "docProps/core.xml"]
            content = json.dumps(inside).encode()
    return hash_of(content)


def _contents(folder: Path, lang: Language) -> dict[str, bytes]:
    """Return every file of a workspace as we lay it out."""
    from faiwatch.ledger.export.template import ledger_template
    from faiwatch.site.sheets import template_workbook

    places = {"{folder}": str(folder), "{python}": sys.executable}
    found = {}
    for name, source in _TEXTS.items():
        text = (_OFFICE / source.format(lang=lang)).read_text(encoding="utf-8")
        for mark, place in places.items():
            text = text.replace(mark, place)
        found[name] = (text.replace("\n", "\r\n") if name.endswith(".bat") else text).encode()
    root = project_root()
    ours = [*(root / "data" / name for name in _RULES), *root.glob("data/light_rules/*.toml")]
    for file in sorted(ours):
        found[f"rules/{file.relative_to(root / 'data').as_posix()}"] = file.read_bytes()
    for name in NOTEBOOKS:
        file = root / "notebooks" / f"{name}.ipynb"
        found[f"notebooks/{file.name}"] = file.read_bytes()
    with without_workspace():  # whose rules are being laid out
        found["templates/figures.xlsx"] = template_workbook(lang=lang)
        found["templates/ledger.xlsx"] = ledger_template(lang=lang)
    return found


def _compared(name: str, path: Path, ours: bytes, change: Change) -> Laid:
    """Return how an office's file differs from ours."""
    try:
        theirs, our = path.read_text(encoding="utf-8"), ours.decode()
    except UnicodeDecodeError:
        return Laid(name, change)
    before, after = our.splitlines(keepends=True), theirs.splitlines(keepends=True)
    named = f"faiwatch {__version__}/{name}"
    lines = list(difflib.unified_diff(before, after, named, name, n=1))
    signs = [line[0] for line in lines[2:]]
    return Laid(name, change, (signs.count("+"), signs.count("-")), "".join(lines))
