"""``faiwatch ledger``: what changed in it, its judged workbook, its register and agenda."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import Annotated

import typer

from faiwatch.cli.options import (
    AsOfOption,
    JsonOption,
    KernelAnswersOption,
    LangOption,
    SiteOption,
    argument,
    check_ending,
    helped,
    option,
    parameter,
    print_json,
    print_table,
    say_answers,
    verb,
)
from faiwatch.core.errors import refused
from faiwatch.core.phrases import say, texts_of
from faiwatch.core.text import Text, user_language
from faiwatch.data.parameter_types import DEMO, LATEST, MONTH, NONE, NUMBER, PREVIOUS
from faiwatch.data.regions import DEMO_DISTRICT
from faiwatch.page.ledger_parameter_types import Profile

_NOTEBOOK = "06_projects"  # whose parameters these are
FileArgument = Annotated[str, argument(say("cli.ledger.file"))]
LaterOption = Annotated[str, option(say("cli.ledger.later"))]
AgainstOption = Annotated[str, option(say("cli.ledger.against"))]

OutOption = Annotated[Path, option(say("cli.ledger.out"))]
RulesOption = Annotated[str, parameter(_NOTEBOOK, "rules")]
ProfileOption = Annotated[Profile, parameter(_NOTEBOOK, "profile")]
FiguresRegionOption = Annotated[str | None, parameter(_NOTEBOOK, "region")]
FiguresOption = Annotated[str | None, parameter(_NOTEBOOK, "data")]
CityAverageOption = Annotated[str, parameter(_NOTEBOOK, "city_average_pct")]

RegisterOutOption = Annotated[Path | None, option(say("cli.ledger.register_out"))]
AgendaOption = Annotated[Path | None, option(say("cli.ledger.agenda"))]
MinutesOption = Annotated[Path | None, option(say("cli.ledger.minutes"))]
SinceOption = Annotated[str | None, option(say("cli.ledger.since"))]
UntilOption = Annotated[str | None, option(say("cli.ledger.until"))]

ledger = typer.Typer(no_args_is_help=True)
helped(ledger.info, Text("项目台账", "The project ledger."))


@ledger.callback()
def _ledger(lang: LangOption = None) -> None:  # its callback has done it
    """Take the language before the verb too."""


def diff(
    file: FileArgument,
    as_of: LaterOption = LATEST,
    against: AgainstOption = PREVIOUS,
    answers: KernelAnswersOption = None,  # noqa: ARG001  its callback has done it
    as_json: JsonOption = False,
) -> None:
    """List new and gone projects, changed fields, status moves, slipped dates and checks."""
    _check("as-of", as_of, LATEST)
    _check("against", against, PREVIOUS)

    from faiwatch.ledger.checks import check_ledger
    from faiwatch.ledger.compare import answered, compare_sheets, diff_answer, two_months
    from faiwatch.ledger.load import ledger_columns, ledger_reading, ledger_totals
    from faiwatch.ledger.table_changes import table_changes

    say_answers(file)
    reading = ledger_reading(file)
    tables = answered(reading)
    later, earlier = two_months(tables, as_of, against)
    found = compare_sheets(tables["projects"], as_of=later, against=earlier)
    checks = check_ledger(tables, columns=ledger_columns(reading), totals=ledger_totals(reading))
    checks = checks[checks["month"].isin([later, earlier]) | checks["month"].isna()]
    others = table_changes(tables, as_of=later, against=earlier)
    answer = diff_answer(found, others, checks)
    if as_json:
        print_json(answer)
        return

    from faiwatch.ledger.tables.diff import diff_tables

    spoken = user_language()
    typer.echo(answer["summary"][spoken])
    for table in diff_tables(found, others, checks, lang=spoken):
        print_table(table)


def export(  # noqa: PLR0913  options, not arguments
    file: FileArgument,
    out: OutOption,
    as_of: AsOfOption = LATEST,
    rules: RulesOption = "all",
    profile: ProfileOption = "internal",
    region: FiguresRegionOption = None,
    data: FiguresOption = None,
    city_average_pct: CityAverageOption = NONE,
    site: SiteOption = Path("site"),
    answers: KernelAnswersOption = None,  # noqa: ARG001  its callback has done it
) -> None:
    """Write one sheet for each question, or with ``--profile public`` the public tables."""
    _check("as-of", as_of, LATEST)
    check_ending("out", out, ".xlsx")
    if not re.fullmatch(rf"none|{NUMBER}", city_average_pct):
        allowed = Text("none，或一个数，如 2.5", "none, or a number such as 2.5")
        raise refused("city-average-pct", city_average_pct, allowed)
    if (region is None) != (data is None):
        both = Text("region 与 data 同时给出", "region and data together")
        raise refused("region", str(region), both)
    if file == DEMO and region is None:
        region, data = DEMO_DISTRICT, DEMO
    if data is not None and (file == DEMO) != (data == DEMO):
        raise refused("data", data, say("cli.ledger.together"))

    from faiwatch.core.files import atomic_write_bytes
    from faiwatch.ledger.export.export import export_bytes, ledger_export
    from faiwatch.ledger.load import ledger_reading
    from faiwatch.run.publish import public_editions

    say_answers(file)
    figures = None if region is None or data is None else (region, data)
    found = ledger_export(
        ledger_reading(file),
        as_of=as_of,
        rules=rules,
        figures=figures,
        city_average_pct=city_average_pct,
    )
    is_public = profile == "public"
    earlier = public_editions(site, region) if is_public and region and site.is_dir() else None
    content = export_bytes(found, is_public=is_public, lang=user_language(), earlier=earlier)
    atomic_write_bytes(out, content)
    typer.echo(str(out))


def register(
    file: FileArgument,
    out: RegisterOutOption = None,
    as_of: AsOfOption = LATEST,
    as_json: JsonOption = False,
) -> None:
    """Print what is open; write everything to a workbook or, as CSV, to a folder."""
    _check("as-of", as_of, LATEST)

    from faiwatch.api import register as open_register
    from faiwatch.ledger.tables.work import open_table

    found = open_register(file, as_of, lang=user_language())
    if out is not None:
        found.save(out)
    if as_json:
        print_json(found.as_json())
    elif out is not None:
        typer.echo(str(out))
    else:
        typer.echo(repr(found))
        print_table(open_table(found.book.study.work, lang=found.lang))


def agenda(
    file: FileArgument,
    out: AgendaOption = None,
    minutes: MinutesOption = None,
    as_of: AsOfOption = LATEST,
    since: SinceOption = None,
    until: UntilOption = None,
) -> None:
    """Write the agenda of a meeting, and a form for its minutes that is read back."""
    _check("as-of", as_of, LATEST)
    check_ending("out", out, ".docx")
    check_ending("minutes", minutes, ".xlsx")
    for name, day in (("since", since), ("until", until)):
        if day is not None and not _is_day(day):
            raise refused(name, day, Text("日期 YYYY-MM-DD", "a day, YYYY-MM-DD"))
    if since is not None and until is not None and since >= until:
        raise refused("since", since, say("cli.ledger.before", until=until))
    if out is None and minutes is None:
        raise refused("out", "", Text("--out 或 --minutes", "--out or --minutes"))

    from faiwatch.api import register as open_register
    from faiwatch.briefing.agenda import agenda_document
    from faiwatch.core.files import atomic_write_bytes
    from faiwatch.ledger.export.minutes import minutes_form

    book = open_register(file, as_of, lang=user_language())
    found = book.meeting(since=since, until=until)
    if out is not None:
        atomic_write_bytes(
            out, agenda_document(found, is_made_up=book.is_made_up, lang=user_language())
        )
        typer.echo(str(out))
    if minutes is not None:
        atomic_write_bytes(minutes, minutes_form(found, lang=user_language()))
        typer.echo(str(minutes))


def _is_day(word: str) -> bool:
    try:
        return f"{datetime.date.fromisoformat(word)}" == word
    except ValueError:
        return False


def _check(name: str, value: str, word: str) -> None:
    if value != word and not re.fullmatch(MONTH, value):
        raise refused(name, value, say("cli.ledger.or_month", word=word))


for _verb in (diff, export, register, agenda):
    verb(ledger, _verb, texts_of("cli.words_ledger_verbs")[_verb.__name__])
