"""``faiwatch revisions``: how the figures of one series were revised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, TypedDict

import typer

from faiwatch.cli.diff import MOMENTS, MomentOption, Question, Row, asked_for, cutoff, plain_rows
from faiwatch.cli.options import (
    DataOption,
    IndicatorOption,
    JsonOption,
    LangOption,
    RegionOption,
    option,
    print_json,
    print_table,
    verb,
)
from faiwatch.core.text import Text, user_language
from faiwatch.data.parameter_types import EMBEDDED, LATEST
from faiwatch.data.regions import NATION
from faiwatch.run.request import check_request

if TYPE_CHECKING:
    import pandas as pd

FigureOption = Annotated[
    Literal["ytd_yoy_pct", "ytd_value_100m"], option(Text("哪个数", "which figure"))
]


class RevisionsAnswer(TypedDict):
    """What ``faiwatch revisions --json`` prints."""

    region_code: str
    indicator: str
    figure: str
    as_of: str
    triangle: list[Row]
    statistics: list[Row]


def register(app: typer.Typer) -> None:
    """Add the verb to the application."""
    words = Text("修订三角与修订统计", "Revision triangle and statistics of one series.")
    verb(app, revisions, words)


def revisions(
    data: DataOption = EMBEDDED,
    region: RegionOption = NATION,
    indicator: IndicatorOption = "total",
    figure: FigureOption = "ytd_yoy_pct",
    as_of: MomentOption = LATEST,
    as_json: JsonOption = False,
    lang: LangOption = None,  # noqa: ARG001  its callback has done it
) -> None:
    """Show what each release said of each month."""
    check_request("02_monitor", {"region": region, "data": data, "indicators": indicator})

    from faiwatch.stats.vintages import revision_statistics
    from faiwatch.view.tables.vintages import statistics_table, triangle_table

    question = Question(data, region, indicator, as_of)
    triangle = triangle_of(question, figure)
    statistics = revision_statistics(triangle)
    if as_json:
        print_json(revisions_answer(question, figure, triangle, statistics))
        return
    print_table(triangle_table(triangle, lang=user_language()))
    print_table(statistics_table(statistics, lang=user_language()))


def triangle_of(question: Question, figure: str) -> pd.DataFrame:
    """Return the revision triangle of the series asked for.

    Raises
    ------
    ParameterError, DataMissingError
        As :func:`faiwatch.cli.diff.compared`.
    """
    from faiwatch.stats.vintages import revision_triangle

    cutoff("as-of", question.as_of, MOMENTS)
    return revision_triangle(asked_for(question), figure=figure, as_of=question.as_of)


def revisions_answer(
    question: Question, figure: str, triangle: pd.DataFrame, statistics: pd.DataFrame
) -> RevisionsAnswer:
    """Return a revision triangle and its statistics as plain values."""
    return {
        "region_code": question.region,
        "indicator": question.indicator,
        "figure": figure,
        "as_of": question.as_of,
        "triangle": plain_rows(triangle),
        "statistics": plain_rows(statistics),
    }
