"""Where answers about a file are kept; without what reads them: a run only names its inputs."""

from __future__ import annotations

import os
from pathlib import Path

from faiwatch.data.parameter_types import ANSWERS, ANSWERS_FILE, REMOTE


def kept_files(file: Path, *, named: Path | None = None, store: str | None = None) -> list[Path]:
    """Return the files whose answers are used for a workbook, the strongest first.

    Parameters
    ----------
    file : Path
        A workbook, a CSV or a folder of them: ``answers.toml`` beside or in it is for all.
    named : Path, optional
        One that the user names; by default what ``FAIWATCH_ANSWERS`` names.
    store : str, optional
        A store of vintages, which may hold answers too.
    """
    if named is None and os.environ.get(ANSWERS):
        named = Path(os.environ[ANSWERS])
    places = (place_of_answers(file), place_of_answers(file, store))
    found = [*([] if named is None else [named]), *filter(Path.is_file, places)]
    return list({one.resolve(): one for one in found}.values())


def place_of_answers(file: Path, store: str | None = None) -> Path:
    """Return where answers about a file are kept: in the store, or beside it."""
    if store is not None and not REMOTE.fullmatch(store):
        return Path(store) / ANSWERS_FILE
    return (file if file.is_dir() else file.parent) / ANSWERS_FILE
