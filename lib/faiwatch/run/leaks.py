"""What a run must not show: values of secret variables, and folders of somebody's home.

Secrets are blanked wherever the run left them, log and executed notebook included, and said by
name. A document or workbook is packed: one that holds a secret is taken away whole. The record of
a run names the files that it read, which is what ``reproduce`` needs, and what was found here; it
stays where it is: :mod:`faiwatch.run.publish` copies pages and what they link to, no records.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from faiwatch.core.errors import PublicationBlockedError
from faiwatch.core.phrases import say
from faiwatch.core.secrets import (
    HIDDEN,
    known_secrets,
    leaked,
    redact,
    shaped,
    unpacked,
    without_data,
)
from faiwatch.core.text import Text
from faiwatch.site.run_record import KERNEL_LOG, NOTEBOOK_FILE
from faiwatch.site.templates import HOME_PATH, may_show_home


def withhold_secrets(folder: Path) -> list[str]:
    """Blank what is secret in every file of a run; take packed files that hold it away.

    Parameters
    ----------
    folder : Path
        Executed notebook, results and log of one run, not yet shown to anybody.

    Returns
    -------
    list of str
        Names of the variables whose values stood there, and of what its shape gave away, sorted.
    """
    secrets, found = known_secrets(), set()
    for path in (one for one in folder.rglob("*") if one.is_file()):
        content = path.read_bytes()
        names, shapes = leaked(content, secrets), shaped(content)
        for values in shapes.values():
            for value in values:
                content = content.replace(value, HIDDEN.encode())
        if names or shapes:
            content = redact(content, [secrets[name] for name in names])
            path.write_bytes(content)
        found |= {*names, *map(str, shapes)}
        with suppress(PublicationBlockedError):  # what nobody can look into is refused below
            parts = parts_of(content, where=path.name)
            packed = {name for part in parts for name in secrets_in(part, secrets)}
            if packed and zipfile.is_zipfile(path):
                path.unlink()
            elif packed:  # in data addresses, such as the CSV of a table
                path.write_bytes(without_data(content))
            found |= packed
    return sorted(found)


def secrets_in(content: bytes, secrets: Mapping[str, str]) -> list[str]:
    """Return the names of the secrets in some bytes, known by their values or by their shape."""
    return [*leaked(content, secrets), *map(str, shaped(content))]


def refuse_home_paths(results: Path) -> None:
    """Raise `PublicationBlockedError` when a result file shows a path of somebody's home folder.

    Parameters
    ----------
    results : Path
        Results folder of one run: what readers may download.
    """
    pattern = re.compile(HOME_PATH.encode())
    for path in sorted(one for one in results.rglob("*") if one.is_file()):
        content = path.read_bytes()
        for part in (content, *parts_of(content, where=path.name)):
            if may_show_home(part) and (shown := pattern.search(part)):
                raise PublicationBlockedError(
                    say("run.leaks.home_path"),
                    where=path.relative_to(results).as_posix(),
                    got=shown[0].decode(errors="replace"),
                )


def shorten_home_paths(folder: Path) -> None:
    """Write ``~`` for somebody's home folder in the executed notebook and the log of a run.

    Both lie in the site, and hold warnings and tracebacks that no page shows.

    Parameters
    ----------
    folder : Path
        Folder of one run, not yet shown to anybody.
    """
    for path in (folder / NOTEBOOK_FILE, folder / KERNEL_LOG):
        if path.is_file():
            content = path.read_bytes()
            shown = re.sub(HOME_PATH.encode(), b"~", content) if may_show_home(content) else content
            if shown != content:
                path.write_bytes(shown)


def parts_of(content: bytes, *, where: str, todo: Text | None = None) -> Iterator[bytes]:
    """Yield what is packed in a file.

    Parameters
    ----------
    content : bytes
        What stands in it.
    where : str
        How it is called.
    todo : Text, optional
        What can be done where it cannot be looked into.

    Raises
    ------
    PublicationBlockedError
        It is packed so that nobody can look into it.
    """
    try:
        yield from unpacked(content)
    except ValueError as error:
        raise PublicationBlockedError(
            Text("无法检查压缩包的内容", "a package cannot be looked into"),
            where=where,
            got=str(error),
            todo=todo,
        ) from None


def shows_no_secret(words: str) -> str:
    """Return words of a run with the values of secret variables blanked."""
    return redact(words.encode(), known_secrets().values()).decode()


def leak_error(names: list[str]) -> PublicationBlockedError:
    """Return the error for a run that showed the values of these variables."""
    return PublicationBlockedError(
        say("run.leaks.secrets_shown"), where=", ".join(names), todo=say("run.leaks.replace_secret")
    )
