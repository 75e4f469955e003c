"""``faiwatch city``: a city over its districts, who is to be summoned, and the drafted notices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NotRequired, TypedDict

import typer

from faiwatch.cli.briefing import ENDINGS, endings_of, write_files
from faiwatch.cli.options import (
    AsOfOption,
    JsonOption,
    Row,
    argument,
    check_ending,
    option,
    parameter,
    plain_rows,
    print_json,
    print_table,
)
from faiwatch.core.phrases import say
from faiwatch.core.text import Language, Text, user_language
from faiwatch.data.parameter_types import EMBEDDED, LATEST, NONE
from faiwatch.data.regions import code_of_region

if TYPE_CHECKING:
    from faiwatch.ledger.city.book import City

_NOTEBOOK = "09_city"  # whose parameters these are
FilesArgument = Annotated[list[str] | None, argument(say("cli.city.files"))]
CityOption = Annotated[str, parameter(_NOTEBOOK, "region")]
DistrictsOption = Annotated[str, parameter(_NOTEBOOK, "regions", "--districts")]
TargetsOption = Annotated[Path | None, option(say("cli.city.targets"))]
LedgersOption = Annotated[str | None, option(say("cli.city.ledgers"))]
NoticesOption = Annotated[Path | None, option(say("cli.city.notices"))]
LightRulesOption = Annotated[str, parameter(_NOTEBOOK, "rules")]
SummonsOption = Annotated[Path | None, option(say("cli.city.summons"))]
BaseSharesOption = Annotated[str, parameter(_NOTEBOOK, "base_shares")]
BriefingOption = Annotated[list[Path] | None, option(say("cli.city.briefing"))]
SinceOption = Annotated[datetime | None, option(say("cli.city.since"), formats=["%Y-%m-%d"])]
TemplateOption = Annotated[Path | None, option(say("cli.city.template"))]
WriteOption = Annotated[Path | None, option(say("cli.city.write"))]


def city(  # noqa: PLR0913  options, not arguments
    files: FilesArgument = None,
    region: CityOption = "430500",
    districts: DistrictsOption = "all",
    as_of: AsOfOption = LATEST,
    targets: TargetsOption = None,
    ledgers: LedgersOption = None,
    notices: NoticesOption = None,
    rules: LightRulesOption = "tianjin_growth",
    summons: SummonsOption = None,
    base_shares: BaseSharesOption = NONE,
    write: WriteOption = None,
    briefing: BriefingOption = None,
    since: SinceOption = None,
    template: TemplateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Rank the districts, say who is to be summoned, and draft the notices."""
    for path in briefing or ():
        check_ending("briefing", path, *ENDINGS)
    check_ending("write", write, ".csv")

    from faiwatch.api import city as city_of
    from faiwatch.data.notices import FILE

    kept = notices if notices is not None and (notices / FILE).is_file() else None
    found = city_of(
        code_of_region(region),
        data=EMBEDDED if not files else files[0] if len(files) == 1 else files,
        districts=districts,
        targets=targets,
        ledgers=ledgers,
        notices=kept,
        rules=rules,
        summons=summons,
        base_shares=base_shares,
        as_of=as_of,
    )
    written: list[Path] = []
    if write is not None:
        from faiwatch.core.files import atomic_write_bytes

        figures = found.known.figures
        origin = figures["file"] + ":" + figures["row"].astype("str")
        table = figures.drop(columns=["file", "row"]).assign(origin=origin)  # a reader numbers rows
        atomic_write_bytes(write, table.to_csv(index=False, lineterminator="\n").encode())
        written.append(write)
    if notices is not None:
        from faiwatch.briefing.notices import write_drafts

        written += write_drafts(found, notices, lang=user_language())
    if briefing:
        day = since.date() if since else None
        written += write_briefing(found, briefing, since=day, template=template)
    if as_json:
        print_json(city_answer(found, written))
        return
    _print(found, written)


def write_briefing(
    found: City, files: list[Path], *, since: date | None = None, template: Path | None = None
) -> list[Path]:
    """Write the briefing of a city in the forms that some files ask for; return what was written.

    Where its figures come from is written beside a Word document.
    """
    from faiwatch.briefing.city import city_briefing
    from faiwatch.briefing.files import city_files

    endings = endings_of(files, where="--briefing")
    made, lang = city_briefing(found, since=since, template=template), user_language()
    return write_files(files, made, city_files(made, lang, endings=endings), lang)


class CityAnswer(TypedDict):
    """What ``faiwatch city --json`` prints; None = unknown, days ``YYYY-MM-DD``."""

    region_code: str
    month: str
    verdict: dict[Language, str]
    numbers: dict[str, int | float | str | None]
    districts: list[Row]
    summons: list[Row]
    notices: list[Row]
    files: list[str]
    is_made_up: NotRequired[bool]  # only there when the figures are made up


def city_answer(found: City, written: Sequence[Path] = ()) -> CityAnswer:
    """Return what ``--json`` prints: verdict, numbers, districts, summons, notices, files."""
    answer: CityAnswer = {
        "region_code": found.region.code,
        "month": found.month,
        "verdict": {"zh": found.verdict.words("zh"), "en": found.verdict.words("en")},
        "numbers": {
            name: one.value
            for name, one in found.findings.items()
            if name != "verdict" and not name.startswith("detail_")
        },
        "districts": plain_rows(_dated(found.standing)),
        "summons": plain_rows(found.summons),
        "notices": plain_rows(_dated(found.notices)),
        "files": [str(path) for path in written],
    }
    if found.known.source.is_made_up:
        answer["is_made_up"] = True
    return answer


def _dated(table: Any) -> Any:  # noqa: ANN401  a DataFrame; pandas is loaded late
    """Return a table with months and days as text."""
    told = table.copy()
    for name in told:
        if str(told[name].dtype).startswith("period"):
            told[name] = told[name].astype("str").where(told[name].notna(), None)
        elif str(told[name].dtype).startswith("datetime"):
            told[name] = told[name].dt.strftime("%Y-%m-%d").where(told[name].notna(), None)
    return told


def _print(found: City, written: list[Path]) -> None:
    from faiwatch.view.tables import city as tables

    lang, nothing = user_language(), Text("", "")
    typer.echo(found.verdict.words(lang))
    for name, one in found.findings.items():
        if name.startswith("detail_"):
            typer.echo(one.words(lang))
    print_table(tables.rank_table(found.standing_in_words, lang=lang, note=nothing).where_known())
    print_table(tables.summons_table(found.summons, lang=lang, note=nothing))
    for path in written:
        typer.echo(str(path))
