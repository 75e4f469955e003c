"""The answer of ``faiwatch briefing``: the briefing of a page, its changes, and its files."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from faiwatch.briefing.build import NOTEBOOK, changes_since, fill_briefing, material_of
from faiwatch.briefing.changes import (
    SentenceChange,
    changed_sentences,
    changes_text,
    saved_sentences,
)
from faiwatch.briefing.exhibits import exhibits_of
from faiwatch.briefing.files import briefing_files, briefing_page
from faiwatch.briefing.filling import Material
from faiwatch.briefing.plain import briefing_text, slots_json
from faiwatch.briefing.record import Briefing
from faiwatch.core.files import write_bytes_whole
from faiwatch.core.text import Language
from faiwatch.page.page import Page, open_page

_MONTH = re.compile(r"\d{4}-\d{2}")


@dataclass(frozen=True)
class Written:
    """A briefing and what was made of it.

    Attributes
    ----------
    page : Page
        The open page that it is of.
    briefing : Briefing
        It may be blocked; then there are neither changes nor files.
    changes : tuple of SentenceChange or None
        Since an earlier one; None when none was named.
    files : tuple of Path
        Written.
    """

    page: Page
    briefing: Briefing
    changes: tuple[SentenceChange, ...] | None
    files: tuple[Path, ...]

    @property
    def lang(self) -> Language:
        """Language of the briefing."""
        return self.page.lang

    def answer(self) -> dict[str, Any]:
        """Return it as ``--json`` prints it."""
        found = slots_json(self.briefing, self.lang) | {"files": list(map(str, self.files))}
        if self.changes is not None:
            found["changes"] = [
                {"id": one.id, "kind": one.kind, "before": one.before, "now": one.now}
                for one in self.changes
            ]
        return found

    def words(self) -> str:
        """Return what is printed: changes when they were asked for, else files, else the text."""
        if self.changes is not None:
            return changes_text(self.changes, self.lang)
        if self.files:
            return "".join(f"{path}\n" for path in self.files)
        return briefing_text(self.briefing, self.lang)


def write_briefing(
    values: Mapping[str, Any], *, against: str | None = None, files: Sequence[Path] = ()
) -> Written:
    """Make the briefing that some parameters ask for, and write it.

    Parameters
    ----------
    values : mapping
        Parameters of ``08_briefing``.
    against : str, optional
        A month, or a briefing saved as ``.json``, to tell the changes since.
    files : sequence of Path
        What to write: ``.docx``, ``.html``, ``.txt`` or ``.json``.

    Raises
    ------
    ParameterError, DataMissingError, DataInvalidError
        See :func:`faiwatch.page.page.open_page`, :func:`faiwatch.briefing.build.material_of` and
        :func:`faiwatch.briefing.build.fill_briefing`.
    """
    page = open_page(NOTEBOOK, values)
    material = material_of(page)
    made = fill_briefing(material)
    if made.blocked:
        return Written(page, made, None, ())
    changes = None
    if against is not None:
        changes = (
            changes_since(material, made, page.lang)
            if _MONTH.fullmatch(against)
            else changed_sentences(made, saved_sentences(Path(against), page.lang), page.lang)
        )
    _write(material, made, files)
    return Written(page, made, changes, tuple(files))


def _write(material: Material, made: Briefing, files: Sequence[Path]) -> None:
    page = material.page
    contents: dict[str, bytes] = {}
    endings = {path.suffix.lower() for path in files}
    if endings - {".html"}:
        downloads = briefing_files(page, made, exhibits_of(material) if ".docx" in endings else ())
        contents = {Path(one.file).suffix: one.content for one in downloads}
    if ".html" in endings:
        contents[".html"] = briefing_page(made, lang=page.lang).encode()
    for path in files:
        write_bytes_whole(path, contents[path.suffix.lower()])
