"""``faiwatch revisions``: how the figures of one series were revised."""

from __future__ import annotations

from typing import Annotated, Literal, TypedDict

from faiwatch.cli.diff import MOMENTS, MomentOption, Question, asked_for, cutoff
from faiwatch.cli.options import (
    DataOption,
    FormatOption,
    IndicatorOption,
    JsonOption,
    OutputOption,
    RegionOption,
    Row,
    form_of,
    option,
    plain_rows,
    print_as,
    print_table,
)
from faiwatch.core.phrases import say
from faiwatch.core.text import user_language
from faiwatch.data.parameter_types import EMBEDDED, LATEST
from faiwatch.data.regions import NATION
from faiwatch.run.request import check_request

FigureOption = Annotated[
    Literal["ytd_yoy_pct", "ytd_value_100m"], option(say("cli.revisions.figure"))
]


class RevisionsAnswer(TypedDict):
    """What ``faiwatch revisions --json`` prints."""

    region_code: str
    indicator: str
    figure: str
    as_of: str
    triangle: list[Row]
    statistics: list[Row]


def revisions(  # noqa: PLR0913  options, not arguments
    data: DataOption = EMBEDDED,
    region: RegionOption = NATION,
    indicator: IndicatorOption = "total",
    figure: FigureOption = "ytd_yoy_pct",
    as_of: MomentOption = LATEST,
    as_json: JsonOption = False,
    form: FormatOption = "table",
    out: OutputOption = None,
) -> None:
    """Show what each release said of each month."""
    form = form_of(form, out, as_json=as_json)
    check_request("02_monitor", {"region": region, "data": data, "indicators": indicator})

    from faiwatch.data.frames import without_ytd
    from faiwatch.stats.vintages import revision_statistics, revision_triangle
    from faiwatch.view.tables.vintages import statistics_table, triangle_table

    cutoff("as-of", as_of, MOMENTS)
    vintages = asked_for(Question(data, region, indicator, as_of))
    triangle = revision_triangle(vintages, figure=figure, as_of=as_of)
    statistics = revision_statistics(triangle)
    if form != "table":
        answer: RevisionsAnswer = {
            "region_code": region,
            "indicator": indicator,
            "figure": figure,
            "as_of": as_of,
            "triangle": plain_rows(triangle),
            "statistics": plain_rows(statistics),
        }
        said = triangle["issued"].dt.strftime("%Y-%m-%d")
        rows = without_ytd(triangle.assign(as_of=said, figure=figure))
        print_as(form, out, answer, rows.rename(columns={"figure": "measure"}))
        return
    print_table(triangle_table(triangle, lang=user_language()))
    print_table(statistics_table(statistics, lang=user_language()))
