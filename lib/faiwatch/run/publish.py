"""A copy of the site to be shared: pages, what they link to, and nothing else.

The site itself holds the record of each run beside its pages: executed notebooks, logs, names of
users' files, tables of single projects. A copy holds none of them. It is made whole in a draft
folder, checked there, and takes the place of the copy before it by renaming. How it is used, and
what the checks do not find: ``docs/how-to/share-the-site.md``.
"""

from __future__ import annotations

import datetime
import html
import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import TypedDict
from urllib.parse import unquote, urlsplit

from faiwatch.core.errors import FaiwatchError, ParameterError, PublicationBlockedError
from faiwatch.core.files import alone, disk_full_as_error, flush_to_disk, hash_of, set_aside
from faiwatch.core.secrets import known_secrets
from faiwatch.core.text import Text
from faiwatch.data.parameter_types import NONE, PUBLIC
from faiwatch.ledger.editions import MOST_EDITIONS, Edition
from faiwatch.ledger.files import EDITION_FILE
from faiwatch.ledger.load import ledger_reading
from faiwatch.ledger.public import PRIVATE
from faiwatch.run.leaks import parts_of, secrets_in
from faiwatch.site.index import build_index
from faiwatch.site.run_record import RunRecord
from faiwatch.site.site import (
    API,
    Audience,
    edition_of,
    page_address,
    page_lock,
    read_records,
    readers_of,
)
from faiwatch.site.templates import HOME_PATH

MANIFEST = "manifest.json"
_VERSION = 1
_ASSETS = "assets/"  # the script of every page, made by this program alone
_LINK = re.compile(r"<(?:a|link|script|img)\b[^>]*?\s(?:href|src)=\"([^\"]*)\"")
_PLACES = re.compile(
    "|".join(
        (
            HOME_PATH,
            r"(?<![\\\w])\\{2}(?:\\{2})?[A-Za-z][\w.-]*\\{1,2}[A-Za-z][\w$.-]*",  # \\server\share
            r"\b(?:file|smb|afp|nfs)://[^\s\"'<>]+",
            r"(?<![\w:/.])(?:/mnt|/media|/Volumes|/net)/[^\s\"'<>]+",
            r"(?<![\w:])[A-Za-z]:\\{1,2}\w[^\s\"'<>]*",
        )
    ).encode()
)
_MEND = Text("改正后重新运行该页面，再发布", "mend it, run the page again, then publish")
_SHORTEST_NAME = 2  # characters; a single one stands in any text


class SharedFile(TypedDict):
    """One file of a copy."""

    file: str
    bytes: int
    sha256: str


class Manifest(TypedDict):
    """``manifest.json`` of a copy: what is in it, for whom, and when it was made (UTC)."""

    version: int
    edition: Audience
    made: str
    files: list[SharedFile]


class PublishAnswer(Manifest):
    """What ``faiwatch publish --json`` prints: the manifest, where, and what was left out."""

    to: str
    dry_run: bool
    left_out: list[str]


@dataclass(frozen=True)
class Copy:
    """A copy of a site.

    Attributes
    ----------
    folder : Path
        Where it is.
    edition : {"public", "internal", "confidential"}
        Who may read it.
    files : mapping of str to tuple of int and str
        Bytes and SHA-256 of each file, without the manifest.
    pages : list of str
        Addresses of its pages, without indexes and earlier pages.
    left_out : list of str
        Addresses of the pages of the site that are for fewer readers.
    """

    folder: Path
    edition: Audience
    files: Mapping[str, tuple[int, str]]
    pages: list[str]
    left_out: list[str]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(size for size, _ in self.files.values())

    def manifest(self) -> Manifest:
        """Return what ``manifest.json`` says."""
        return {
            "version": _VERSION,
            "edition": self.edition,
            "made": f"{datetime.datetime.now(datetime.UTC):%Y-%m-%dT%H:%M:%SZ}",
            "files": [
                {"file": file, "bytes": size, "sha256": digest}
                for file, (size, digest) in self.files.items()
            ],
        }


def public_editions(site: Path, region: str) -> list[Edition]:
    """Return the last public editions of the ledger of a region that differ, the newest first.

    Every public page that was made in the site counts as published. What cannot be read is set
    aside; an edition that an older version made told nothing of whose its amounts were.
    """
    found: list[Edition] = []
    for record in read_records(site):
        if record.region != region or edition_of(record.parameters) != PUBLIC:
            continue
        file = site / "runs" / record.run_id / EDITION_FILE
        try:
            edition = Edition.model_validate_json(file.read_bytes())
        except FileNotFoundError:
            continue
        except (OSError, ValueError) as error:
            set_aside(file, error)
            continue
        if record.verdict == "ok" and edition not in found:
            found.append(edition)
    return found[:MOST_EDITIONS]


def publish(site: Path, to: Path, edition: Audience, *, dry_run: bool = False) -> Copy:
    """Copy the pages of a site that some readers may see, and what they link to.

    Parameters
    ----------
    site : Path
        Folder of the site.
    to : Path
        Folder of the copy: a new or empty one, or an earlier copy, which is replaced.
    edition : {"public", "internal", "confidential"}
        ``public``: what everybody may read. ``internal``: pages that name projects too.
        ``confidential``: every page.
    dry_run : bool
        Do and check everything, and leave the folder as it is.

    Raises
    ------
    ParameterError
        The folder is not ours to replace, or the site has no page for these readers.
    PublicationBlockedError
        A check failed; the folder is as it was.
    """
    _refuse_place(site, to)
    with alone(page_lock(site, "publish")), _draft(to) as (draft, name_it):
        shared = _Shared(site, draft, edition)
        if not shared.pages:
            raise ParameterError(
                Text(
                    "站点中没有可供该范围读者阅读的页面", "no page of the site is for these readers"
                ),
                where="--edition",
                got=edition,
                todo=Text(
                    "先运行 faiwatch report，或用 --edition internal",
                    "run faiwatch report first, or take --edition internal",
                ),
            )
        copy = Copy(to, edition, shared.copied(), sorted(shared.pages), sorted(shared.fewer))
        (draft / MANIFEST).write_text(
            json.dumps(copy.manifest(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
        if not dry_run:
            flush_to_disk(draft)
            name_it()
    return copy


def _refuse_place(site: Path, to: Path) -> None:
    """Raise for a folder that holds something else than a copy: nothing of others is removed."""
    here, there = site.resolve(), to.resolve()
    inside = here == there or here in there.parents or there in here.parents
    others = to.exists() and (
        not to.is_dir() or (any(to.iterdir()) and not (to / MANIFEST).is_file())
    )
    if inside or others:
        raise ParameterError(
            Text("不能用作共享文件夹", "this folder cannot take the copy"),
            where="--to",
            got=str(to),
            allowed=Text(
                "站点以外的新文件夹、空文件夹，或此前发布的文件夹（含 manifest.json）",
                "outside the site: a new or empty folder, or an earlier copy (with manifest.json)",
            ),
        )


@contextmanager
def _draft(to: Path) -> Iterator[tuple[Path, Callable[[], None]]]:
    """Make a folder beside another, and yield it with what lets it take the other's place."""
    to = to.resolve()
    draft, before = (to.with_name(f".{to.name}.{kind}") for kind in ("draft", "before"))
    try:
        if before.exists() and not to.exists():  # killed between the two renames
            before.rename(to)
        for left in (draft, before):
            shutil.rmtree(left, ignore_errors=True)
        with disk_full_as_error(to):
            draft.mkdir(parents=True)

            def name_it() -> None:
                if to.exists():
                    to.rename(before)
                draft.rename(to)

            yield draft, name_it
    except PermissionError as error:
        raise ParameterError(
            Text("不能写入", "it cannot be written"), where="--to", got=error.filename or str(to)
        ) from None
    finally:
        for left in (draft, before) if to.exists() else (draft,):
            shutil.rmtree(left, ignore_errors=True)


@dataclass
class _Shared:
    """The pages of a site for some readers, copied into a draft and checked."""

    site: Path
    draft: Path
    edition: Audience
    pages: dict[str, RunRecord] = field(default_factory=dict)
    fewer: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        order = ("public", "internal", "confidential")
        self.secrets = known_secrets()
        self.runs: set[str] = set()
        for record in read_records(self.site):
            address = page_address(record)
            if order.index(readers_of(record)) > order.index(self.edition):
                self.fewer.add(address)
            elif (self.site / address).is_file():
                self.runs.add(record.run_id)
                if record.verdict == "ok":
                    self.pages.setdefault(address, record)
        self.fewer = {one for one in self.fewer - {*self.pages} if (self.site / one).is_file()}

    def copied(self) -> dict[str, tuple[int, str]]:
        """Copy and check everything; return bytes and hash of each file by its address."""
        wanted, done = [*self.pages], set()
        while wanted:
            address = wanted.pop()
            if address in done:
                continue
            done.add(address)
            content = (self.site / address).read_bytes()
            if address.endswith(".html"):
                text, links = self.leading(address, content.decode("utf-8"))
                content, wanted = text.encode(), [*wanted, *links]
            self.lay(address, content)
        build_index(self.site, copy=self.draft, pages=self.pages)
        files = {}
        for path in sorted(one for one in self.draft.rglob("*") if one.is_file()):
            address, content = path.relative_to(self.draft).as_posix(), path.read_bytes()
            if address not in done and address.endswith(".html"):  # indexes
                for link in _links(address, content.decode("utf-8")).values():
                    if not (self.draft / link).is_file():
                        raise _dead(address, link)
            self.check(address, content)
            files[address] = (len(content), hash_of(content))
        return files

    def lay(self, address: str, content: bytes) -> None:
        """Write a file into the draft."""
        path = self.draft / address
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def leading(self, address: str, text: str) -> tuple[str, list[str]]:
        """Return a page and the files it links to; of a link to what is left out the words stay.

        Index, calendar and ``site.js`` are made anew for the copy.
        """
        found = []
        for written, link in _links(address, text).items():
            if "/" not in link and not link.startswith("."):
                continue
            run = re.match(r"runs/([^/]+)/", link)
            if link in self.fewer or (run and run[1] not in self.runs):
                words = re.compile(rf'<a\b[^>]*\shref="{re.escape(written)}"[^>]*>(.*?)</a>', re.S)
                text = words.sub(r"\1", text)
            elif link.startswith("..") or not (self.site / link).is_file():
                raise _dead(address, link)
            else:
                found.append(link)
        return text, found

    def check(self, address: str, content: bytes) -> None:
        """Raise when a file, or what is packed in it, shows what must not be shared."""
        names = self.names_for(address)
        for part in (content, *parts_of(content, where=address, todo=_MEND)):
            if secrets := secrets_in(part, self.secrets):
                raise _blocked(
                    Text("文件含有密钥", "a file contains a secret"), address, ", ".join(secrets)
                )
            if not address.startswith(_ASSETS) and (place := _PLACES.search(part)):
                raise _blocked(
                    Text(
                        "文件含有本机或网络路径", "a file contains a path of a machine or network"
                    ),
                    address,
                    place[0].decode(errors="replace"),
                )
            if names:
                text = html.unescape(part.decode("utf-8", errors="ignore"))
                if shown := next((one for one in names if one in text), None):
                    raise _blocked(
                        Text("公开版含有项目的名称", "the public edition names a project"),
                        address,
                        shown,
                    )

    def names_for(self, address: str) -> frozenset[str]:
        """Return what a file must not name: in the public edition, the projects of its ledger.

        A page is told by its address, a result file by its run; indexes and ``api/`` tell of all
        pages.
        """
        if self.edition != "public":
            return frozenset()
        folder = PurePosixPath(address)
        tells_of_all = len(folder.parts) == 1 or folder.parts[0] == API
        return frozenset().union(
            *(
                _names_of(str(record.parameters["ledger"]))
                for page, record in self.pages.items()
                if record.parameters.get("ledger", NONE) != NONE
                and (page == address or record.run_id in folder.parts or tells_of_all)
            )
        )


def _links(address: str, text: str) -> dict[str, str]:
    """Return the links of a page that lead to files, as written, to where they lead."""
    found = {}
    for written in _LINK.findall(text):
        parts = urlsplit(html.unescape(written))
        if parts.path and not (parts.scheme or parts.netloc):
            beside = PurePosixPath(address).parent / unquote(parts.path)
            found[written] = normpath(str(beside))
    return found


@cache
def _names_of(ledger: str) -> frozenset[str]:
    """Return the words that the public edition of a ledger must not show."""
    try:
        projects = ledger_reading(ledger).tables["projects"]
    except FaiwatchError as error:
        raise PublicationBlockedError(
            Text(
                "无法读取台账，不能核对公开版是否含有项目名称",
                "the ledger cannot be read, so that nobody can tell whether its public edition "
                "names a project",
            ),
            got=error.what,
        ) from None
    columns = [projects[one].dropna().astype("str") for one in PRIVATE if one in projects]
    return frozenset(word for column in columns for word in column if len(word) >= _SHORTEST_NAME)


def _dead(address: str, link: str) -> PublicationBlockedError:
    return _blocked(Text("链接没有目标", "a link leads nowhere"), address, link)


def _blocked(what: Text, address: str, got: str) -> PublicationBlockedError:
    return PublicationBlockedError(what, where=address, got=got, todo=_MEND)
