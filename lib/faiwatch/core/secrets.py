"""Secrets: named by an environment variable, read where they are used, and never shown.

A parameter holds the NAME of a variable, which has to end in ``_KEY``, ``_TOKEN``, ``_SECRET`` or
``_PASSWORD``. The scan for leaks takes in more: every usual name of a secret, in capitals or not,
and whatever stands as a password in an address or a connection string. What it finds, and what it
does not, is told in ``docs/how-to/share-the-site.md``.
"""

from __future__ import annotations

import base64
import html
import io
import json
import os
import re
import urllib.parse
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from faiwatch.core.errors import ParameterError
from faiwatch.core.phrases import say
from faiwatch.core.text import Text

SECRET_NAME = r"[A-Z][A-Z0-9_]{0,60}_(?:KEY|TOKEN|SECRET|PASSWORD)"
HIDDEN = "***"
_SHORTEST = 8  # shorter values stand in any text by chance
_NAMES = re.compile(
    r"(?:.*(?:tokens?|secrets?|passwd|passwords?|passphrase|connection_?string)"
    r"|(?:.*[^a-z])?(?:(?:access|api|account|app|auth|client|private)?keys?"
    r"|pass|pwd|credentials?|dsn|auth|cookie))(?:[^a-z](?:id|value|b64|base64|\d+))?"
)
_FOLDERS = frozenset({"pwd", "oldpwd"})  # names the shell gives to folders
# what is secret inside a value whose name need not say so
_INSIDE = (
    re.compile(r"\w://[^\s/@:]*:(?P<secret>[^\s/@]+)@"),
    re.compile(r"(?i)(?:password|passwd|pwd|accountkey|secret|token)\s*=\s*(?P<secret>[^;&\s]+)"),
)


class _Shape(NamedTuple):
    """What is a secret by its looks, whoever's it is."""

    signs: tuple[bytes, ...]  # without one of them it is not there: found a hundred times as fast
    pattern: re.Pattern[bytes]


_SHAPES: Mapping[Text, _Shape] = {
    Text("网址中的密码", "a password in an address"): _Shape(
        (b"://",),
        re.compile(
            rb"\b[a-z][a-z0-9+.-]{1,20}://[^\s/@:\"'<>]{1,80}:(?P<secret>[^\s/@:\"'<>]{3,200})@"
        ),
    ),
    Text("私钥", "a private key"): _Shape(
        (b"PRIVATE KEY",),
        re.compile(rb"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----(?P<secret>[^-]{20,8000})-----END"),
    ),
    Text("HTTP 认证信息", "HTTP authorization"): _Shape(
        (b"authorization",),
        re.compile(
            rb"(?i)authorization[\"']?\s*[:=]\s*[\"']?(?:basic|bearer)\s+(?P<secret>[\w.~+/=-]{8,})"
        ),
    ),
    Text("云服务密钥编号", "a key id of a cloud service"): _Shape(
        (b"AKIA", b"ASIA", b"LTAI", b"AKID"),
        re.compile(
            rb"(?<![A-Za-z0-9])(?P<secret>(?:AKIA|ASIA|LTAI|AKID)[A-Za-z0-9]{12,32})(?![A-Za-z0-9])"
        ),
    ),
    Text("代码托管令牌", "a token of a code host"): _Shape(
        (*(b"gh%c_" % one for one in b"opsur"), b"github_pat_", b"glpat-", b"xox"),
        re.compile(
            rb"(?<![A-Za-z0-9])(?P<secret>(?:gh[opsur]_|github_pat_|glpat-|xox[abp]-)[\w-]{16,})"
        ),
    ),
}
_DATA_ADDRESS = re.compile(rb"data:[\w/+.;=-]{0,100};base64,([A-Za-z0-9+/]{8,}={0,2})")
_DEEPEST, _MOST_UNPACKED = 3, 200 << 20  # packages in packages; bytes of one of them


def secret_named(name: str) -> str:
    """Return the value of the environment variable `name`, which holds a secret.

    Raises
    ------
    ParameterError
        The variable is not set, is empty, or its value is too short to be found if it leaked.
        The value is not in the message.
    """
    value = os.environ.get(name, "").strip()
    if len(value) < _SHORTEST:
        raise ParameterError(
            say("core.secrets.not_set", name=name),
            where=name,
            allowed=Text(f"至少 {_SHORTEST} 个字符", f"at least {_SHORTEST} characters"),
            todo=say("core.secrets.set_it", name=name),
        )
    return value


def known_secrets(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the secrets of the environment by the name of their variable.

    Variables whose names say so count whole; of any other only what stands in its value as a
    password: in an address (``http_proxy``, ``DATABASE_URL``) or a connection string.

    Examples
    --------
    >>> known_secrets({"FRED_API_KEY": "0123456789", "HOME": "/srv", "A_KEY": "short"})
    {'FRED_API_KEY': '0123456789'}
    >>> known_secrets({"https_proxy": "http://me:open-sesame@proxy:3128", "PWD": "/srv/faiwatch"})
    {'https_proxy': 'open-sesame'}
    """
    values = os.environ if environment is None else environment
    found = {}
    for name, given in values.items():
        value = given.strip()
        inside = next((hit["secret"] for one in _INSIDE if (hit := one.search(value))), "")
        if len(inside) >= _SHORTEST:
            found[name] = urllib.parse.unquote(inside) if "://" in value else inside
        elif len(value) >= _SHORTEST and is_secret_name(name):
            found[name] = value
    return found


def is_secret_name(name: str) -> bool:
    """Return whether the name of a variable says that its value is secret.

    Examples
    --------
    >>> [
    ...     one
    ...     for one in ["hf_token", "AWS_ACCESS_KEY_ID", "apiKey", "KEYBOARD", "PWD"]
    ...     if is_secret_name(one)
    ... ]
    ['hf_token', 'AWS_ACCESS_KEY_ID', 'apiKey']
    """
    lower = name.lower()
    return lower not in _FOLDERS and _NAMES.fullmatch(lower) is not None


def leaked(content: bytes, secrets: Mapping[str, str]) -> list[str]:
    """Return the names of the secrets whose values stand in `content`, in any form of `_ways`.

    Examples
    --------
    >>> leaked(b"key=0123456789", {"FRED_API_KEY": "0123456789", "B_KEY": "another one"})
    ['FRED_API_KEY']
    """
    return [name for name, value in secrets.items() if any(way in content for way in _ways(value))]


def shaped(content: bytes) -> dict[Text, list[bytes]]:
    """Return what in `content` is a secret by its shape, by the name of the shape.

    Examples
    --------
    >>> [name.en for name in shaped(b"postgres://me:open-sesame@host/db")]
    ['a password in an address']
    """
    small = content.lower()
    found = {}
    for name, (signs, pattern) in _SHAPES.items():
        text = small if pattern.flags & re.IGNORECASE else content
        if any(sign in text for sign in signs):
            hits = (hit["secret"] for hit in pattern.finditer(content))
            found[name] = [hit for hit in hits if set(hit) != {42}]  # *: blanked before
    return {name: values for name, values in found.items() if values}


def redact(content: bytes, values: Iterable[str]) -> bytes:
    """Return `content` with each of the values replaced by ``***``.

    Examples
    --------
    >>> redact(b"api_key=0123456789", ["0123456789"])
    b'api_key=***'
    """
    for value in values:
        for way in _ways(value):
            content = content.replace(way, HIDDEN.encode())
    return content


def unpacked(content: bytes, depth: int = 0) -> Iterator[bytes]:
    """Yield what is packed in `content`, and what is packed in that.

    The parts of a zip, workbook or document, data addresses in a page, and text in UTF-16 as
    UTF-8. A package that unpacks to more than 200 MB, or that needs a password, raises
    `ValueError`: nobody has looked into it.

    Examples
    --------
    >>> list(unpacked(b'<a href="data:text/csv;base64,b3BlbiBzZXNhbWU=">'))
    [b'open sesame']
    """
    parts: list[bytes] = []
    if content[:2] == b"PK" and zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if sum(part.file_size for part in package.infolist()) > _MOST_UNPACKED:
                message = "too large when unpacked"
                raise ValueError(message)
            try:
                parts += [package.read(name) for name in package.namelist()]
            except (RuntimeError, NotImplementedError, zipfile.BadZipFile) as error:
                raise ValueError(str(error)) from None
    elif b"\0" in content[:200] or content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        order = "utf-16-be" if content[:2] == b"\xfe\xff" or content[:1] == b"\0" else "utf-16-le"
        parts.append(content.decode(order, errors="ignore").encode())
    else:
        parts += map(_from_base64, _DATA_ADDRESS.findall(content))
    for part in parts:
        yield part
        if depth < _DEEPEST:
            yield from unpacked(part, depth + 1)


def without_data(content: bytes) -> bytes:
    """Return `content` with what its data addresses hold replaced by ``***``."""
    return _DATA_ADDRESS.sub(lambda hit: hit[0].replace(hit[1], HIDDEN.encode()), content)


def _from_base64(text: bytes) -> bytes:
    return base64.b64decode(text.rstrip(b"=") + b"=" * (-len(text.rstrip(b"=")) % 4))


def _ways(value: str) -> list[bytes]:
    """Return the forms in which a value can stand in text, JSON, HTML or an address, or encoded.

    Base64 looks different at each of three places in what is encoded (such as a user name before a
    password); what it has in common there, cut to whole characters, is looked for.
    """
    text = {
        value,
        json.dumps(value)[1:-1],
        json.dumps(value, ensure_ascii=False)[1:-1],
        html.escape(value),
        urllib.parse.quote(value, safe=""),
        urllib.parse.quote_plus(value),
    }
    plain = value.encode()
    ways = {way.encode() for way in text} | {plain.hex().encode(), plain.hex().upper().encode()}
    ways |= {value.encode("utf-16-le"), value.encode("utf-16-be")}
    for before in range(3):
        whole = base64.b64encode(bytes(before) + plain)
        first, last = -(-before * 8 // 6), (before + len(plain)) * 8 // 6
        ways |= {whole[first:last], whole[first:last].translate(bytes.maketrans(b"+/", b"-_"))}
    return sorted(ways, key=len, reverse=True)
