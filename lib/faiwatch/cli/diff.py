"""``faiwatch diff``: what was known when, and what changed since.

With two runs it compares what they found instead.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypedDict

import typer

from faiwatch.cli.options import (
    DataOption,
    JsonOption,
    RegionOption,
    Row,
    SiteOption,
    argument,
    option,
    parameter,
    plain_rows,
    print_json,
    print_table,
)
from faiwatch.core.errors import nearest, refused
from faiwatch.core.phrases import say
from faiwatch.core.text import Text, user_language
from faiwatch.data.parameter_types import EMBEDDED, LAST_RELEASE, LATEST
from faiwatch.data.regions import NATION
from faiwatch.run.request import check_request

if TYPE_CHECKING:
    import pandas as pd

    from faiwatch.run.diff import RunsAnswer
    from faiwatch.stats.revisions import Changes

_NOTEBOOK = "02_monitor"  # whose parameters these are
MOMENTS = Text("latest、YYYY-MM 或 YYYY-MM-DD", "latest, YYYY-MM or YYYY-MM-DD")
_EARLIER = say("cli.diff.earlier")

RunsArgument = Annotated[
    list[str] | None, argument(say("cli.diff.runs"), metavar="[RUN RUN]", show_default=False)
]
MomentOption = Annotated[str, parameter(_NOTEBOOK, "as_of", allowed=MOMENTS)]
AgainstOption = Annotated[
    str,
    option(say("cli.diff.against", earlier=_EARLIER)),
]
IndicatorsOption = Annotated[str, parameter(_NOTEBOOK, "indicators", "--indicator")]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: which figures, and when they are to have been known."""

    data: str
    region: str
    indicator: str
    as_of: str


class DiffAnswer(TypedDict):
    """What ``faiwatch diff --json`` prints; None = not available."""

    region_code: str
    indicator: str
    as_of: str
    against: str
    summary: dict[str, str]
    figures: list[Row]
    flags: list[Row]
    verdict: list[Row]


def diff(  # noqa: PLR0913  options, not arguments
    runs: RunsArgument = None,
    as_of: MomentOption = LATEST,
    against: AgainstOption = LAST_RELEASE,
    data: DataOption = EMBEDDED,
    region: RegionOption = NATION,
    indicator: IndicatorsOption = "all",
    site: SiteOption = Path("site"),
    as_json: JsonOption = False,
) -> None:
    """List new and revised figures, and what they did to flags, runs and verdict."""
    if runs:
        if len(runs) != 2:
            raise refused("RUN", " ".join(runs), Text("两次运行", "two runs"))

        from faiwatch.run.diff import compare_runs, read_run

        show_runs(compare_runs(*(read_run(run, site) for run in runs)), as_json=as_json)
        return
    check_request(_NOTEBOOK, {"region": region, "data": data, "indicators": indicator})

    from faiwatch.stats.revisions import changes_between

    question = Question(data, region, indicator, as_of)
    then, now = compared(question, against)
    changes = changes_between(then, now)
    answer = diff_answer(question, against, changes, now)
    if as_json:
        print_json(answer)
        return

    from faiwatch.view.tables.vintages import (
        figure_changes_table,
        flag_changes_table,
        verdict_steps_table,
    )

    spoken = user_language()
    typer.echo(answer["summary"][spoken])
    print_table(figure_changes_table(changes, lang=spoken))
    print_table(flag_changes_table(changes, lang=spoken))
    print_table(verdict_steps_table(changes, indicator=answer["indicator"], lang=spoken))


def show_runs(answer: RunsAnswer, *, as_json: bool) -> None:
    """Print what two runs have in common, for a program or for people."""
    if as_json:
        print_json(answer)
        return
    from faiwatch.view.tables.runs import circumstances_table, findings_table

    spoken = user_language()
    count, differ = answer["n_findings"], answer["findings"]
    if answer["identical"]:
        typer.echo(say("cli.diff.identical", count=count))
    else:
        typer.echo(say("cli.diff.differ", count=count, differ=len(differ)))
        print_table(findings_table(differ, lang=spoken))
    if answer["circumstances"]:
        print_table(circumstances_table(answer["circumstances"], lang=spoken))


def compared(question: Question, against: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the figures as known at two times.

    Parameters
    ----------
    question : Question
        `as_of` is the later time.
    against : str
        The earlier: ``YYYY-MM``, ``YYYY-MM-DD``, or ``last-release`` for the state of knowledge
        just before the last release.

    Returns
    -------
    then, now : DataFrame
        Observations.

    Raises
    ------
    ParameterError
        A time is not one, or `against` is not the earlier one; no such indicator.
    DataMissingError
        Nothing had been issued by one of the times.
    """
    from faiwatch.stats.vintages import before_last_release, known_at

    until = cutoff("as-of", question.as_of, MOMENTS)
    vintages = asked_for(question)
    if against == LAST_RELEASE:
        return before_last_release(vintages, question.as_of), known_at(vintages, question.as_of)
    earlier = cutoff("against", against, _EARLIER)
    if earlier is None or (until is not None and earlier >= until):
        raise refused("against", against, _EARLIER)
    return known_at(vintages, against), known_at(vintages, question.as_of)


def diff_answer(
    question: Question, against: str, changes: Changes, now: pd.DataFrame
) -> DiffAnswer:
    """Return changes as plain values with one sentence in both languages.

    Examples
    --------
    >>> from faiwatch.stats.revisions import changes_between
    >>> question = Question("embedded", "000000", "total", "2026-08")
    >>> then, now = compared(question, "2026-07")
    >>> answer = diff_answer(question, "2026-07", changes_between(then, now), now)
    >>> [(row["figure"], row["kind"]) for row in answer["figures"]]
    [('ytd_value_100m', 'new'), ('ytd_yoy_pct', 'new')]
    """
    from faiwatch.stats.revisions import change_findings

    there = list(now["indicator"].unique())
    indicator = "total" if "total" in there else str(there[0])
    found = change_findings(
        changes, now, indicator=indicator, definition="ytd", as_of=question.as_of
    )
    return {
        "region_code": question.region,
        "indicator": indicator,
        "as_of": question.as_of,
        "against": against,
        "summary": {"zh": found["change"].zh, "en": found["change"].en},
        "figures": plain_rows(changes.figures),
        "flags": plain_rows(changes.flags),
        "verdict": plain_rows(changes.verdict),
    }


def asked_for(question: Question) -> pd.DataFrame:
    """Return the vintages of the series asked for (`ParameterError` when there are none)."""
    from faiwatch.data.source import data_source

    vintages = data_source(question.data).vintages()
    of_region = vintages[vintages["region_code"] == question.region]
    if question.indicator == "all":
        return of_region
    names = sorted(of_region["indicator"].unique())
    for name in question.indicator.split(","):
        if name not in names:
            raise refused("indicator", name, ", ".join(names), nearest(name, names))
    return of_region[of_region["indicator"].isin(question.indicator.split(","))]


def cutoff(name: str, value: str, allowed: Text) -> pd.Timestamp | None:
    """Return the last day of issue, after checking what was typed."""
    from faiwatch.stats.vintages import issue_cutoff

    if value == LATEST:
        return None
    if not re.fullmatch(r"\d{4}-\d{2}(?:-\d{2})?", value):
        raise refused(name, value, allowed)
    try:
        datetime.date.fromisoformat(value if len(value) > len("YYYY-MM") else f"{value}-01")
    except ValueError:
        raise refused(name, value, allowed) from None
    return issue_cutoff(value)
