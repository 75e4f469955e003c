"""``faiwatch briefing``: the report of a month, filled, for people and programs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from faiwatch.cli.options import (
    AsOfOption,
    DataOption,
    JsonOption,
    KernelAnswersOption,
    ParameterOption,
    RegionOption,
    check_ending,
    option,
    parameter,
    print_json,
    say_answers,
)
from faiwatch.core.errors import DataInvalidError
from faiwatch.core.phrases import say
from faiwatch.core.text import Language, Text, user_language
from faiwatch.data.parameter_types import EMBEDDED, LATEST, NONE, STANDARD
from faiwatch.data.regions import NATION
from faiwatch.run.request import check_request, given_values

if TYPE_CHECKING:
    from faiwatch.briefing.changes import SentenceChange
    from faiwatch.briefing.html import Download
    from faiwatch.briefing.record import Briefing

_NOTEBOOK = "08_briefing"
ENDINGS = (".docx", ".html", ".txt", ".json")
_ANNEX = "provenance.docx"
_MONTH = re.compile(r"\d{4}-\d{2}")

LedgerOption = Annotated[str, parameter(_NOTEBOOK, "ledger")]
TemplateOption = Annotated[str, parameter(_NOTEBOOK, "template")]
FormOption = Annotated[str, parameter(_NOTEBOOK, "form")]
AgainstOption = Annotated[str | None, option(say("cli.briefing.against"))]
_ENDINGS = Text("、".join(ENDINGS), ", ".join(ENDINGS))
OutOption = Annotated[list[Path] | None, option(say("cli.briefing.out", endings=_ENDINGS))]


def briefing(  # noqa: PLR0913  options, not arguments
    region: RegionOption = NATION,
    as_of: AsOfOption = LATEST,
    data: DataOption = EMBEDDED,
    ledger: LedgerOption = NONE,
    template: TemplateOption = STANDARD,
    form: FormOption = "draft",
    against: AgainstOption = None,
    out: OutOption = None,
    parameter: ParameterOption = None,
    answers: KernelAnswersOption = None,  # noqa: ARG001  its callback has done it
    as_json: JsonOption = False,
) -> int:
    """Print the briefing, or write it to the files that ``--out`` names."""
    files = out or []
    for path in files:
        check_ending("out", path, *ENDINGS)
    values = {"region": region, "as_of": as_of, "data": data, "ledger": ledger}
    values |= {"template": template, "form": form, "lang": user_language()} | given_values(
        parameter or []
    )
    if against is not None and _MONTH.fullmatch(against):
        values["against"] = against
    check_request(_NOTEBOOK, values)

    from faiwatch.briefing.record import refuse_blocked

    if values["ledger"] != NONE:
        say_answers(str(values["ledger"]))

    written = write_briefing(values, against=against, files=files)
    if as_json:
        print_json(written.answer())
        return DataInvalidError.exit_code if written.briefing.blocked else 0
    refuse_blocked(written.briefing)
    typer.echo(written.words(), nl=False)
    return 0


@dataclass(frozen=True)
class Written:
    """A briefing and what was made of it.

    Attributes
    ----------
    lang : {"zh", "en"}
        Language of the briefing.
    briefing : Briefing
        It may be blocked; then there are neither changes nor files.
    changes : tuple of SentenceChange or None
        Since an earlier one; None when none was named.
    files : tuple of Path
        Written.
    """

    lang: Language
    briefing: Briefing
    changes: tuple[SentenceChange, ...] | None
    files: tuple[Path, ...]

    def answer(self) -> dict[str, Any]:
        """Return it as ``--json`` prints it."""
        from faiwatch.briefing.plain import BriefingAnswer, slots_json

        told = slots_json(self.briefing, self.lang) | {"files": list(map(str, self.files))}
        if self.changes is not None:
            told["changes"] = [
                {"id": one.id, "kind": one.kind, "before": one.before, "now": one.now}
                for one in self.changes
            ]
        return BriefingAnswer.model_validate(told).model_dump(mode="json", exclude_unset=True)

    def words(self) -> str:
        """Return what is printed: changes when they were asked for, else files, else the text."""
        from faiwatch.briefing.changes import changes_text
        from faiwatch.briefing.plain import briefing_text

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
        See :class:`faiwatch.briefing.page.BriefingPage`.
    """
    from faiwatch.briefing.build import changes_since
    from faiwatch.briefing.changes import changed_sentences, saved_sentences
    from faiwatch.briefing.exhibits import exhibits_of
    from faiwatch.briefing.files import briefing_files
    from faiwatch.briefing.page import BriefingPage

    endings = endings_of(files, where="--out")
    page = BriefingPage.open(values)
    material, made = page.material, page.briefing
    if made.blocked:
        return Written(page.lang, made, None, ())
    changes = None
    if against is not None:
        changes = (
            changes_since(material, made, page.lang)
            if _MONTH.fullmatch(against)
            else changed_sentences(made, saved_sentences(Path(against), page.lang), page.lang)
        )
    exhibits = exhibits_of(material) if ".docx" in endings else ()
    downloads = briefing_files(page, made, exhibits, endings=endings) if endings else []
    written = write_files(files, made, downloads, page.lang)
    written.sort(key=lambda path: path not in files)  # what was asked for first
    return Written(page.lang, made, changes, tuple(written))


def endings_of(files: Iterable[Path], *, where: str) -> set[str]:
    """Return which kinds of file an option asks for (`ParameterError` without the extra word)."""
    from faiwatch.core.extras import extra

    endings = {path.suffix.lower() for path in files}
    if ".docx" in endings:
        extra("docx", where=where)
    return endings


def write_files(
    files: Sequence[Path], made: Briefing, downloads: Sequence[Download], lang: Language
) -> list[Path]:
    """Write a briefing into files by their endings, and return all that was written.

    Beside a Word document to be sent its figures are traced.
    """
    from faiwatch.briefing.files import briefing_page
    from faiwatch.core.files import atomic_write_bytes

    content = {one.file: one.content for one in downloads}
    annex = content.pop(_ANNEX, None)
    by_ending = {Path(name).suffix: file for name, file in content.items()}
    if any(path.suffix.lower() == ".html" for path in files):
        by_ending[".html"] = briefing_page(made, lang=lang).encode()
    written = []
    for path in files:
        ending = path.suffix.lower()
        atomic_write_bytes(path, by_ending[ending])
        written.append(path)
        if ending == ".docx" and annex is not None:
            written.append(path.with_name(f"{path.stem}.{_ANNEX}"))
            atomic_write_bytes(written[-1], annex)
    return written
