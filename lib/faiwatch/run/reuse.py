"""Is a page still what its run would make of it now? Compared by content, never by date."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from faiwatch.core.paths import rule_folders
from faiwatch.core.phrases import joined, say, texts_of
from faiwatch.core.text import Text
from faiwatch.data.regions import OWN_REGIONS
from faiwatch.page.parameters import PageParameters
from faiwatch.site.run_record import (
    RESULTS_FOLDER,
    DataFile,
    RunRecord,
    lock_hash,
    package_versions,
    sha256_of,
)

ASKED_AGAIN = Text("要求重新计算", "recalculation requested")
_CODE = {".py", ".j2", ".css", ".js", ".toml", ".txt"}  # sentences: .toml, standard text: .txt
_LIBRARY = Path(__file__).parents[1]
_WORDS = texts_of("run.words_inputs")


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a page is made from.

    Attributes
    ----------
    hashes : dict
        One fingerprint for each kind of input.
    data : tuple of DataFile
        Files that the run reads.
    parameters : dict
        Checked parameters without the results folder.
    """

    hashes: dict[str, str]
    data: tuple[DataFile, ...]
    parameters: dict[str, str | int | bool | float]


def inputs_of(
    source: Path, parameters: PageParameters, data: tuple[DataFile, ...], *, form: str
) -> Inputs:
    """Return everything that a page is made from.

    Parameters
    ----------
    source : Path
        The notebook.
    parameters : PageParameters
        Checked parameters.
    data : tuple of DataFile
        Files that the run reads, with their hashes.
    form : str
        What else decides what the page looks like.
    """
    given = parameters.model_dump(exclude={"results"})
    # the tables and rules beside the figures, which anybody may edit, and a user's own
    rules = [_hash_of_files([*it.glob("*.csv"), *it.rglob("*.toml")], it) for it in rule_folders()]
    named = os.environ.get(OWN_REGIONS, "")
    own = sha256_of(Path(named)) if named and Path(named).is_file() else ""
    hashes = {
        "notebook": sha256_of(source),
        "data": _hash([(one.file, one.sha256) for one in data]),
        "reference": _hash([*rules, own]),
        "parameters": _hash(given),
        "code": code_hash(),
        "packages": _hash([lock_hash(), package_versions()]),
        "page": form,
    }
    return Inputs(hashes, data, given)


def why_anew(earlier: RunRecord | None, now: Inputs, site: Path) -> Text | None:
    """Return why a page has to be made; None = the earlier run of it still stands.

    Parameters
    ----------
    earlier : RunRecord or None
        Latest run of the same page.
    now : Inputs
        What it would be made from now.
    site : Path
        Folder of the site.
    """
    if earlier is None:
        return Text("该页首次运行", "first run of this page")
    if earlier.verdict != "ok":
        return say("run.reuse.previous_verdict", verdict=earlier.verdict)
    changed = [name for name in _WORDS if earlier.inputs.get(name) != now.hashes[name]]
    if changed:
        told = [_change(name, earlier, now) for name in changed]
        return say("run.reuse.changed", told=joined(told, "、", ", "))
    folder = site / "runs" / earlier.run_id
    files = [site / earlier.page, *(folder / RESULTS_FOLDER / one.file for one in earlier.results)]
    gone = next((file.name for file in files if not file.is_file()), None)
    return say("run.reuse.missing_file", gone=gone) if gone else None


def reused(earlier: RunRecord) -> RunRecord:
    """Return the record of a run that was spared, because an earlier one still stands."""
    cause = say("run.reuse.unchanged_since", run_id=earlier.run_id)
    told = {"verdict": "skipped", "cause": cause.in_language(earlier.lang), "seconds": 0.0}
    return earlier.model_copy(update=told)


def _change(name: str, earlier: RunRecord, now: Inputs) -> Text:
    """Return the name of an input that changed, with which file or parameter it was."""
    if name == "data":
        before, after = ({(one.file, one.sha256) for one in run.data} for run in (earlier, now))
        details = sorted({Path(file).name for file, _ in before ^ after})
    elif name == "parameters":
        names = earlier.parameters.keys() | now.parameters.keys()
        details = sorted(
            one for one in names if earlier.parameters.get(one) != now.parameters.get(one)
        )
    else:
        return _WORDS[name]
    return Text(
        f"{_WORDS[name].zh}（{'、'.join(details)}）", f"{_WORDS[name].en} ({', '.join(details)})"
    )


def _hash(parts: object) -> str:
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _hash_of_files(files: Iterable[Path], root: Path) -> str:
    told = []
    for file in sorted(files):
        status = file.stat()
        digest = _digest(file, status.st_mtime_ns, status.st_size)
        told.append((file.relative_to(root).as_posix(), digest))
    return _hash(told)


@cache
def _digest(path: Path, _mtime_ns: int, _size: int) -> str:
    """Return the hash of a small file; a batch asks for the same one with every page."""
    return sha256_of(path)


@cache
def code_hash() -> str:
    """Return the hash of the library as it was when this process began to make pages."""
    return _hash_of_files((one for one in _LIBRARY.rglob("*") if one.suffix in _CODE), _LIBRARY)
