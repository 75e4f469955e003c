"""Results kept by content: the same figures, files, options and code are worked on once.

A key is the hash of everything a result depends on, so nothing in here ever goes stale: a new
figure, another seed, a changed line of code or another numpy is another key. What cannot be read
back whole is computed again, and what cannot be written is simply not kept: a full disk, a
read-only folder or somebody else's never fails a run. Decision: ``docs/adr/0010-cache.md``.
"""

from __future__ import annotations

import hashlib
import io
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from faiwatch.core.files import atomic_write_bytes, take_lock

if TYPE_CHECKING:
    import pandas as pd

Arrays = dict[str, npt.NDArray[Any]]
_T = TypeVar("_T")

_VARIABLE = "FAIWATCH_CACHE"
_MOST_RESULTS = 400  # about 100 MB of sample paths; the longest unused go first
_MOST_BYTES = 512 << 20  # in all
_DIGEST = hashlib.sha256().digest_size
_PRIVATE = 0o700
# whose source decides what a fit gives
_OF_FITS = ("forecast/**/*.py", "stats/**/*.py", "core/sentences/*.toml", "data/newest.py")
_LIBRARIES = ("numpy", "pandas", "python-calamine", "scipy", "statsmodels")


def kept_arrays(
    parts: Mapping[str, object], fit: Callable[[], Arrays], *, code: Sequence[str] = _OF_FITS
) -> Arrays:
    """Return what `fit` returns, from the cache when it was computed before.

    Parameters
    ----------
    parts : mapping of str to object
        Everything that the result depends on beside code and libraries: arrays, frames, numbers,
        text, None, and tuples, lists, sets or mappings of them.
    fit : function
        Without arguments; returns arrays by name (no arrays of objects).
    code : sequence of str
        Which source of the package decides what `fit` gives, as patterns for files.
    """
    return _kept(key_of(parts, code), fit, write=_npz, read=_from_npz)


def kept_table(parts: Mapping[str, object], fit: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    """Return the frame that `fit` returns, from the cache when it was computed before.

    Parameters
    ----------
    parts : mapping of str to object
        As for :func:`kept_arrays`.
    fit : function
        Without arguments; returns a frame.
    """

    def read(content: bytes) -> pd.DataFrame:
        import pandas as pd

        return pd.read_parquet(io.BytesIO(content))

    return _kept(key_of(parts), fit, write=lambda table: table.to_parquet(), read=read)


def cache_folder() -> Path:
    """Return where results are kept: ``FAIWATCH_CACHE``, else the user's cache folder.

    Examples
    --------
    >>> cache_folder().is_absolute()
    True
    """
    if named := os.environ.get(_VARIABLE):
        return Path(named).absolute()
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return (Path(base) if base else Path.home() / ".cache").absolute() / "faiwatch"


def key_of(parts: Mapping[str, object], code: Sequence[str] = _OF_FITS) -> str:
    """Return the key of a result: hash of `parts`, the code that makes it and the libraries.

    Examples
    --------
    >>> key_of({"y": np.array([1.0, 2.0])}) == key_of({"y": np.array([1.0, 2.0])})
    True
    >>> key_of({"y": np.array([1.0, 2.0])}) == key_of({"y": np.array([1.0, np.nan])})
    False
    """
    digest = hashlib.sha256(_code_and_libraries(tuple(code)).encode())
    _add(digest, dict(parts))
    return digest.hexdigest()


class _Digest(Protocol):
    def update(self, data: bytes, /) -> None: ...


def _kept(
    key: str,
    fit: Callable[[], _T],
    *,
    write: Callable[[_T], bytes],
    read: Callable[[bytes], _T],
) -> _T:
    content = _content(key)
    if content is None:
        with _alone(key):
            content = _content(key)  # somebody else may have computed it meanwhile
            if content is None:
                found = fit()
                _keep(key, write(found))
                return found
    return read(content)


@contextmanager
def _alone(key: str) -> Iterator[None]:
    """Let one process at a time compute a result: the same page runs in two languages at once.

    The lock ends with its holder. Where there is none to be had, both compute.
    """
    place = cache_folder() / f"{key}.lock"
    try:
        place.parent.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
        file = place.open("w")
    except OSError:
        yield
        return
    with file:
        take_lock(file, wait=True)
        try:
            yield
        finally:
            with suppress(OSError):
                place.unlink(missing_ok=True)


def _content(key: str) -> bytes | None:
    """Return what is kept under a key; None when there is nothing, or not what was written."""
    try:
        if not _is_own(cache_folder()):
            return None
        whole = (cache_folder() / key).read_bytes()
        os.utime(cache_folder() / key)
    except OSError:
        return None
    digest, content = whole[:_DIGEST], whole[_DIGEST:]
    return content if digest == _seal(key, content) else None


def _keep(key: str, content: bytes) -> None:
    folder = cache_folder()
    try:
        folder.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
        if not _is_own(folder):
            return
        atomic_write_bytes(folder / key, _seal(key, content) + content)
        kept = [(file.stat(), file) for file in folder.iterdir() if not file.suffix]
        kept.sort(key=lambda one: one[0].st_mtime, reverse=True)
        size = 0
        for number, (status, file) in enumerate(kept):
            size += status.st_size
            if number >= _MOST_RESULTS or (size > _MOST_BYTES and file.name != key):
                file.unlink(missing_ok=True)
    except OSError:  # a run is worth more than its cache
        return


def _is_own(folder: Path) -> bool:
    """Whether only this user can put results there: numbers of a page come from it."""
    if not hasattr(os, "getuid"):  # Windows: folders of the user's profile are the user's
        return folder.is_dir()
    status = folder.stat()
    return status.st_uid == os.getuid() and not status.st_mode & 0o022


def _seal(key: str, content: bytes) -> bytes:
    """Return a digest that a damaged file, or one moved from another key, does not have."""
    return hashlib.sha256(key.encode() + content).digest()


def _npz(arrays: Arrays) -> bytes:
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **arrays)
    return file.getvalue()


def _from_npz(content: bytes) -> Arrays:
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return dict(arrays)


@cache
def _code_and_libraries(code: tuple[str, ...]) -> str:
    digest = hashlib.sha256()
    here = Path(__file__).parents[1]
    for file in sorted(path for pattern in code for path in here.glob(pattern)):
        digest.update(file.relative_to(here).as_posix().encode() + b"\0" + file.read_bytes())
    return " ".join([digest.hexdigest(), *(f"{name}={version(name)}" for name in _LIBRARIES)])


def _add(digest: _Digest, part: object) -> None:
    """Add a value to the digest with its kind and size, so that no two values run together."""
    pandas = sys.modules.get("pandas")  # whoever has a frame has imported it; workers have none
    if pandas and isinstance(part, pandas.DataFrame):
        part = {"columns": list(part), **{str(name): part[name].to_numpy() for name in part}}
    if isinstance(part, np.ndarray) and part.dtype != object:
        head, body = f"array {part.dtype.str} {part.shape}", np.ascontiguousarray(part).tobytes()
    elif isinstance(part, Mapping):
        head, body = f"mapping {len(part)}", b""
    elif isinstance(part, set | frozenset):
        part = sorted(part)
        head, body = f"list {len(part)}", b""
    elif isinstance(part, list | tuple | np.ndarray):
        part = list(part)
        head, body = f"list {len(part)}", b""
    else:
        body = repr(part).encode()
        head = f"{type(part).__name__} {len(body)}"
    digest.update(head.encode() + b"\0" + body)
    inside = [cell for pair in part.items() for cell in pair] if isinstance(part, Mapping) else part
    for cell in inside if isinstance(inside, list) else []:
        _add(digest, cell)
