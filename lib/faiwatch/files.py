"""Writing files so that nobody ever meets half of one."""

from __future__ import annotations

import os
from pathlib import Path


def write_whole(path: Path, text: str) -> None:
    """Write a file so that a reader meets the old one or the whole new one, never a part.

    Parameters
    ----------
    path : Path
        Its folder is made when it is not there.
    text : str
        Written as UTF-8 with Unix line ends, to a draft beside `path` that is then renamed.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with draft.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
