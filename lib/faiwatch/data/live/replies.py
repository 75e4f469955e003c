"""What comes over the wire: is it what was asked for, and how is it kept.

A service may answer 200 with a page that asks for patience, or with half of a document. Both look
like success to HTTP, so a reply counts when it can be read.
"""

from __future__ import annotations

import datetime
import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ValidationError

from faiwatch.core.errors import DataInvalidError
from faiwatch.core.phrases import say
from faiwatch.core.text import Text, clean
from faiwatch.data.encoding import decode_csv

Keep = Callable[[str, bytes, datetime.datetime], None]
Model = TypeVar("Model", bound=BaseModel)
_EXCERPT = 160
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # of the ZIP format: equal replies make equal bundles


def _no_truth(value: Any) -> Any:  # noqa: ANN401  whatever a service sends
    if isinstance(value, bool):
        raise ValueError("a number")
    return value


Figure = Annotated[float | None, BeforeValidator(_no_truth)]  # pydantic makes 1.0 of true


class UnreadableError(Exception):
    """A reply is not what was asked for; the next one may be."""

    def __init__(self, what: Text, got: str) -> None:
        super().__init__(what.en)
        self.what, self.got = what, got


@dataclass(frozen=True, slots=True)
class Archive:
    """What a client knows of time and of earlier replies.

    Attributes
    ----------
    clock : callable
        The time, with time zone.
    keep : callable
        Told the name, the bytes and the time of each reply that could be read.
    replies : mapping
        Replies that are here already, by name: these are not asked for again.
    """

    clock: Callable[[], datetime.datetime]
    keep: Keep = lambda *_: None
    replies: Mapping[str, bytes] = field(default_factory=dict)


def as_json(content: bytes) -> object:
    """Return a reply as JSON.

    Raises
    ------
    UnreadableError
        It is a page, or not whole.

    Examples
    --------
    >>> as_json(b'{"success": true}')
    {'success': True}
    """
    with suppress(ValueError, RecursionError):  # not UTF-8 is a ValueError too
        reply: object = json.loads(content)
        return reply
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise UnreadableError(say("data.replies.page"), excerpt(content))
    what = Text("应答不是完整的 JSON", "the reply is not whole JSON")
    raise UnreadableError(what, excerpt(content))


def as_text(content: bytes, holds: str) -> str:
    """Return a reply as text (`UnreadableError` when it does not hold the words `holds`)."""
    try:
        text = decode_csv(content)
    except UnicodeDecodeError:
        text = ""
    if holds not in text:
        what = Text(f"应答中没有“{holds}”", f"the reply does not hold {holds!r}")
        raise UnreadableError(what, excerpt(content))
    return text


def excerpt(content: bytes) -> str:
    """Return the first words of a reply for a message, without tags.

    Examples
    --------
    >>> excerpt(b"<html><title>Please wait</title>")
    'Please wait'
    """
    words = re.sub(r"<[^>]*>?", " ", content[:2000].decode("utf-8", errors="replace"))
    return clean(" ".join(words.split()))[:_EXCERPT]


def bundle(replies: Mapping[str, bytes]) -> bytes:
    """Return the replies of a fetch as one ZIP file; equal replies make equal bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(replies):
            archive.writestr(zipfile.ZipInfo(name, _FIRST_DAY), replies[name])
    return buffer.getvalue()


def unbundled(content: bytes) -> dict[str, bytes]:
    """Return the replies of a bundle by name.

    Examples
    --------
    >>> unbundled(bundle({"provinces.json": b"{}"}))
    {'provinces.json': b'{}'}
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    except zipfile.BadZipFile:
        raise DataInvalidError(
            Text("留存的应答不是 ZIP 文件", "the kept replies are not a ZIP file")
        ) from None


def shaped(model: type[Model], reply: object) -> Model:
    """Return a JSON reply as the model of what this service sends.

    Parameters
    ----------
    model : type of BaseModel
        Only the fields that are used; others are ignored.
    reply : object
        From :func:`as_json`.

    Raises
    ------
    DataInvalidError
        The service sends something else today; the message names the first difference.
    """
    try:
        return model.model_validate(reply)
    except ValidationError as error:
        first = error.errors()[0]
        raise DataInvalidError(
            Text("应答的结构与约定不同", "the reply has another structure than agreed"),
            where=".".join(map(str, first["loc"])) or "reply",
            got=first["input"],
            allowed=first["msg"],
        ) from None
