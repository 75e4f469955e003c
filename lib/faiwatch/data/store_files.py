"""The place where vintages are kept: a folder or an S3-compatible store, given by its address.

``<root>/originals/<sha256>``
    what came, byte for byte
``<root>/tables/<sha256>.parquet``
    what was read from it: Observations with their issue dates
``<root>/manifests/<issued>-<digest>.json``
    one ingest; written last, by one rename or one PUT, so that an ingest is there or is not

Nothing is ever changed: files are named by their content. A file that lies about its content is
noticed when it is read. Without pandas, because parameters are checked against the manifests
before anything heavy is imported.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Literal

import fsspec  # type: ignore[import-untyped]
from pydantic import BaseModel, ConfigDict, ValidationError

from faiwatch.core.errors import DataInvalidError, DataMissingError, DiskFullError, FaiwatchError
from faiwatch.core.extras import lacking
from faiwatch.core.files import atomic_write_bytes, hash_of, remove_partial_files
from faiwatch.core.phrases import say
from faiwatch.core.text import Text
from faiwatch.data.parameter_types import MANIFESTS, REMOTE

ORIGINALS, TABLES = "originals", "tables"
# What S3 clients raise besides OSError; they are not installed everywhere, so go by their names.
_CLIENTS = {"aiobotocore", "aiohttp", "botocore", "s3fs"}
_S3_OPTIONS = {
    "use_listings_cache": False,  # another writer's vintage is seen at once
    "config_kwargs": {
        "connect_timeout": 5,
        "read_timeout": 60,
        "retries": {"mode": "standard", "max_attempts": 3},
    },
}
_CHECK_AND_MEND = say("data.store_files.mend")


class Vintage(BaseModel):
    """The manifest of one ingest.

    Attributes
    ----------
    id : str
        ``<issued>-<digest>``; the digest is of everything below but `fetched`, so the same thing
        kept twice is one vintage.
    issued : str
        Issue date, ``YYYY-MM-DD``: when these figures were known at the latest.
    source : str
        Source id.
    fetched : str
        When we got it, UTC, ISO 8601.
    original, original_sha256 : str
        Name and hash of what came.
    table_sha256 : str
        Hash of the Parquet file.
    rows : int
        Its length.
    regions, indicators : tuple of str
        What it holds, sorted.
    first_period, last_period : str
        Reference months, ``YYYY-MM``.
    seal : str
        Hash of everything above.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1] = 1
    id: str = ""
    issued: str
    source: str
    fetched: str
    original: str
    original_sha256: str
    table_sha256: str
    rows: int
    regions: tuple[str, ...]
    indicators: tuple[str, ...]
    first_period: str
    last_period: str
    seal: str = ""

    def named(self) -> Vintage:
        """Return the manifest with the id and the seal that its content gives it."""
        id = f"{self.issued}-{self._hash({'id', 'fetched', 'seal'})[:16]}"
        named = self.model_copy(update={"id": id})
        return named.model_copy(update={"seal": named._hash({"seal"})})

    def _hash(self, without: set[str]) -> str:
        told = self.model_dump(mode="json", exclude=without)
        return hash_of(json.dumps(told, sort_keys=True).encode())

    @property
    def file(self) -> str:
        """Where the manifest stands below the root."""
        return f"{MANIFESTS}/{self.id}.json"

    @property
    def table_file(self) -> str:
        """Where its table stands below the root."""
        return f"{TABLES}/{self.table_sha256}.parquet"


class DataRoot:
    """An open data root.

    Parameters
    ----------
    address : str
        Path of a folder, or ``file://`` or ``s3://bucket/prefix``. Credentials, region and
        endpoint of S3 come from the environment (``AWS_ACCESS_KEY_ID``, ``AWS_ENDPOINT_URL``...),
        never from the address.

    Raises
    ------
    DataMissingError
        The client for this kind of address is not installed.
    """

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")
        options = _S3_OPTIONS if REMOTE.fullmatch(address) else {}
        with _told_plainly(self.address):
            self._files, path = fsspec.core.url_to_fs(address, **options)
        self._base = str(path).rstrip("/")
        self.is_local = isinstance(self._files, fsspec.get_filesystem_class("file"))

    def place(self, name: str) -> str:
        """Return the address of a file for a message."""
        return f"{self.address}/{name}"

    def path(self, name: str) -> Path:
        """Return the path of a file of a local root."""
        return Path(self._base, name)

    def names(self, folder: str) -> list[str]:
        """Return the names of the files in a folder, sorted, drafts left out; empty if no such."""
        with _told_plainly(self.place(folder)):
            try:
                found = self._files.ls(f"{self._base}/{folder}", detail=False)
            except FileNotFoundError:
                return []
        names = (str(path).rpartition("/")[2] for path in found)
        return sorted(name for name in names if name and not name.startswith("."))

    def read(self, names: Sequence[str]) -> list[bytes]:
        """Return the content of some files; those of an S3 store are read at the same time.

        Raises
        ------
        DataInvalidError
            One of them is not there.
        DataMissingError
            The store cannot be reached.
        """
        paths = {f"{self._base}/{name}": name for name in names}
        with _told_plainly(self.address):
            found: dict[str, Any] = self._files.cat(list(paths), on_error="return") if paths else {}
        for path, content in found.items():
            if isinstance(content, FileNotFoundError):
                raise DataInvalidError(
                    Text("数据仓中缺一个文件", "a file of the store is missing"),
                    where=self.place(paths[path]),
                    todo=_CHECK_AND_MEND,
                )
            if isinstance(content, Exception):
                with _told_plainly(self.place(paths[path])):
                    raise content
        return [found[path] for path in paths]

    def read_sound(self, hashes: dict[str, str]) -> list[bytes]:
        """Return the content of files named with the hash that each must have.

        Raises
        ------
        DataInvalidError
            A file is missing or is not what it was when it was kept.
        """
        contents = self.read(list(hashes))
        for (name, sha256), content in zip(hashes.items(), contents, strict=True):
            if hash_of(content) != sha256:
                raise _damaged(self.place(name), f"sha256 {hash_of(content)}", f"sha256 {sha256}")
        return contents

    def put(self, name: str, content: bytes) -> None:
        """Write a file whole or not at all, unless it is there with this very content.

        Raises
        ------
        DataMissingError
            It cannot be written; nothing of it is left.
        """
        with _told_plainly(self.place(name), writing=True):
            try:
                is_there = self._files.cat_file(f"{self._base}/{name}") == content
            except FileNotFoundError:
                is_there = False
            if is_there:
                return
            if self.is_local:
                remove_partial_files(self.path(name).parent)
                atomic_write_bytes(self.path(name), content)
            else:
                self._files.pipe_file(f"{self._base}/{name}", content)  # one PUT shows it whole

    def remove(self, name: str) -> None:
        """Take away a file, or with an empty name everything; vintages are never taken away.

        Raises
        ------
        DataMissingError
            It cannot be done.
        """
        with _told_plainly(self.place(name), writing=True), suppress(FileNotFoundError):
            self._files.rm(f"{self._base}/{name}".rstrip("/"), recursive=not name)

    def vintages(self) -> list[Vintage]:
        """Return the manifests in the order in which their figures were issued, then fetched.

        Raises
        ------
        DataInvalidError
            A manifest is damaged; the message names it. The others are not read past it: an
            answer without it would be another answer.
        """
        names = [f"{MANIFESTS}/{name}" for name in self.names(MANIFESTS)]
        found = [
            self._manifest(name, content)
            for name, content in zip(names, self.read(names), strict=True)
        ]
        return sorted(found, key=lambda one: (one.issued, one.fetched, one.id))

    def vintage_named(self, id: str) -> Vintage | None:
        """Return one manifest, or None when it is not there or damaged."""
        name = f"{MANIFESTS}/{id}.json"
        if f"{id}.json" not in self.names(MANIFESTS):
            return None
        try:
            return self._manifest(name, self.read([name])[0])
        except DataInvalidError:
            return None

    def _manifest(self, name: str, content: bytes) -> Vintage:
        try:
            found = Vintage.model_validate_json(content)
        except ValidationError as error:
            first = error.errors()[0]
            told = ".".join(map(str, first["loc"])) or "JSON"
            raise _damaged(self.place(name), f"{told}: {first['msg']}", "JSON") from None
        if found != found.named() or found.file != name:
            raise _damaged(self.place(name), f"seal {found.seal}", f"seal {found.named().seal}")
        return found


def _damaged(where: str, got: str, allowed: str) -> DataInvalidError:
    return DataInvalidError(
        Text("数据仓中的文件已损坏", "a file of the store is damaged"),
        where=where,
        got=got,
        allowed=allowed,
        todo=_CHECK_AND_MEND,
    )


@contextmanager
def _told_plainly(where: str, *, writing: bool = False) -> Iterator[None]:
    """Turn what file systems and S3 clients raise into one message for the user."""
    try:
        yield
    except DiskFullError as error:
        raise _not_kept(where, error) from None
    except FaiwatchError:
        raise
    except Exception as error:
        is_theirs = type(error).__module__.partition(".")[0] in _CLIENTS
        if isinstance(error, ImportError):
            raise lacking("s3fs", where=where) from None
        if not is_theirs and not isinstance(error, OSError):
            raise
        if writing:
            raise _not_kept(where, error) from None
        raise DataMissingError(
            Text("读不到数据仓", "the store cannot be read"),
            where=where,
            got=f"{type(error).__name__}: {error}",
            todo=say("data.store_files.check_access"),
        ) from None


def _not_kept(where: str, error: Exception) -> DataMissingError:
    is_full = isinstance(error, DiskFullError)
    return DataMissingError(
        Text("磁盘已满，未入库", "the disk is full, so nothing was kept")
        if is_full
        else Text("写不进数据仓，未入库", "the store cannot be written, so nothing was kept"),
        where=where,
        got=None if is_full else f"{type(error).__name__}: {error}",
        todo=say("data.store_files.make_room"),
    )
