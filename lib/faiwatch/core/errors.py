"""Errors that are shown to the user without a traceback, and the exit codes they stand for.

Every message says what is wrong, where, what came, what is allowed and what to do, in the
user's language. A scheduler learns the cause from the exit code alone:

==== ==========================================================
Code Meaning
==== ==========================================================
0    done
1    bug
2    parameters
10   data missing or late
11   data invalid
12   model
13   cell error
14   deadline
15   kernel died
16   publication blocked
20   alert raised (only with ``--exit-on-alert``)
==== ==========================================================
"""

from __future__ import annotations

import difflib
import html
import traceback
from collections.abc import Iterable
from typing import ClassVar

from faiwatch.core.text import Language, Text, echoed, user_language

_PARTS: tuple[tuple[str, Text], ...] = (
    ("where", Text("位置", "where")),
    ("got", Text("收到", "got")),
    ("allowed", Text("允许", "allowed")),
    ("todo", Text("请", "what to do")),
)
_TRACE = Text("调用过程（供开发者）", "traceback (for developers)")
_BOX = "border-left:4px solid #b3261e;padding:.5em 1em;max-width:50em"
ERROR_BOX = "faiwatch_error"  # in the metadata of the box: pages of failed runs have their own


class FaiwatchError(Exception):
    """Base of every error that a user can cause and mend.

    Parameters
    ----------
    what : Text
        What is wrong.
    where : Text or str, optional
        Parameter, file, sheet, row, series or month.
    got : object, optional
        The value that came; quoted, at most 200 characters.
    allowed : Text or str, optional
        What would have been accepted.
    todo : Text or str, optional
        What to do now.
    """

    exit_code: ClassVar[int] = 1
    verdict: ClassVar[str] = "cell_error"

    def __init__(
        self,
        what: Text,
        *,
        where: Text | str | None = None,
        got: object = None,
        allowed: Text | str | None = None,
        todo: Text | str | None = None,
    ) -> None:
        super().__init__(what)
        self.what = what
        self.parts = {
            "where": where,
            "got": got if got is None or isinstance(got, Text) else echoed(repr(got)),
            "allowed": allowed,
            "todo": todo,
        }

    def message(self, lang: Language) -> str:
        """Return the whole message in one language, in one line."""
        lines = [f"{label}: {part}" for label, part in self._told(lang)]
        return ("; " if lang == "en" else "；").join([self.what.in_language(lang), *lines])

    def _told(self, lang: Language) -> list[tuple[str, str]]:
        """Return the parts that are known, each with what it is called."""
        return [
            (label.in_language(lang), part.in_language(lang) if isinstance(part, Text) else part)
            for name, label in _PARTS
            if (part := self.parts[name]) is not None
        ]

    def __str__(self) -> str:
        return self.message(user_language())

    def _render_traceback_(self) -> list[str]:
        """Show IPython a short box, the traceback folded in it, and return the message.

        IPython asks an error for this instead of printing its own traceback.
        """
        from IPython.display import publish_display_data

        lang = user_language()
        rows = "".join(
            f"<dt>{label}</dt><dd>{html.escape(part)}</dd>" for label, part in self._told(lang)
        )
        trace = html.escape("".join(traceback.format_exception(self)))
        box = (
            f'<div role="alert" style="{_BOX}"><strong>{html.escape(self.what.in_language(lang))}'
            f"</strong><dl>{rows}</dl><details><summary>{_TRACE.in_language(lang)}</summary>"
            f"<pre>{trace}</pre></details></div>"
        )
        publish_display_data(  # type: ignore[no-untyped-call]
            {"text/html": box, "text/plain": self.message(lang)}, metadata={ERROR_BOX: True}
        )
        return [f"{type(self).__name__}: {self.message(lang)}"]


class ParameterError(FaiwatchError):
    """A parameter has an unknown name or a value that is not allowed."""

    exit_code = 2
    verdict = "parameters"


class DataMissingError(FaiwatchError):
    """Figures that are needed are not there (yet)."""

    exit_code = 10
    verdict = "late"


class DataInvalidError(FaiwatchError):
    """Figures are there but contradict the contract of their table."""

    exit_code = 11
    verdict = "invalid_data"


class PublicationBlockedError(FaiwatchError):
    """A finished run breaks a rule for pages, so nothing is published."""

    exit_code = 16
    verdict = "blocked"


class DiskFullError(PublicationBlockedError):
    """There is no room to write a file, so nothing of it is there."""

    @classmethod
    def at(cls, where: object) -> DiskFullError:
        """Return the error for a file or folder that there is no room for."""
        return cls(
            Text("磁盘已满", "the disk is full"),
            where=str(where),
            todo=Text(
                "腾出空间后重新运行；已有页面未受影响",
                "free some space and run again; published pages are unaffected",
            ),
        )


def nearest(value: str, known: Iterable[str]) -> Text | None:
    """Return "did you mean ..." for a misspelt name, or None when nothing is near.

    A name that is known is not misspelt: what is wrong with it is something else.

    Examples
    --------
    >>> nearest("regoin", ["region", "lang"]).en
    "did you mean 'region'?"
    """
    matches = difflib.get_close_matches(value, list(known), n=1, cutoff=0.6)
    if not matches or matches[0] == value:
        return None
    return Text(f"是否想写 '{matches[0]}'？", f"did you mean '{matches[0]}'?")


def refused(
    name: str, got: object, allowed: Text | str, todo: Text | str | None = None
) -> ParameterError:
    """Return the error for a value that a parameter does not take."""
    return ParameterError(
        Text(f"参数 {name} 的值无效", f"invalid value for {name}"),
        where=name,
        got=got,
        allowed=allowed,
        todo=todo,
    )
