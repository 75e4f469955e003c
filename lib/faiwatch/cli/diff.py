"""``faiwatch diff`` and ``faiwatch revisions``: what was known when, and how it was revised.

With two runs ``diff`` compares what they found instead.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from faiwatch.cli.options import (
    DataOption,
    JsonOption,
    LangOption,
    RegionOption,
    SiteOption,
    print_json,
    print_table,
    told,
)
from faiwatch.cli.runs import show_runs
from faiwatch.core.errors import refused
from faiwatch.core.text import Text, user_language
from faiwatch.data.parameter_types import EMBEDDED, LAST_RELEASE, LATEST
from faiwatch.data.regions import NATION
from faiwatch.run.request import check_request

RunsArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[RUN RUN]",
        help=told("两次运行：文件夹或编号", "two runs: folders or ids"),
        show_default=False,
    ),
]
AsOfOption = Annotated[
    str,
    typer.Option(
        help=told("现在：latest、YYYY-MM 或 YYYY-MM-DD", "now: latest, YYYY-MM or YYYY-MM-DD")
    ),
]
AgainstOption = Annotated[
    str,
    typer.Option(
        help=told(
            "当时：last-release、YYYY-MM 或 YYYY-MM-DD",
            "then: last-release, YYYY-MM or YYYY-MM-DD",
        )
    ),
]


def register(app: typer.Typer) -> None:
    """Add the verbs to the application."""
    words = told(
        "两个时点之间变了什么；给出两次运行时，比较它们的结论",
        "What changed between two states of knowledge; given two runs, between what they found.",
    )
    app.command(help=words)(diff)
    app.command(help=told("修订三角与修订统计", "Revision triangle and statistics of one series."))(
        revisions
    )


def diff(  # noqa: PLR0913  options, not arguments
    runs: RunsArgument = None,
    as_of: AsOfOption = LATEST,
    against: AgainstOption = LAST_RELEASE,
    data: DataOption = EMBEDDED,
    region: RegionOption = NATION,
    indicator: Annotated[str, typer.Option(help=told("指标或 all", "indicator, or all"))] = "all",
    site: SiteOption = Path("site"),
    as_json: JsonOption = False,
    lang: LangOption = None,  # noqa: ARG001  its callback has done it
) -> None:
    """List new and revised figures, and what they did to flags, runs and verdict."""
    if runs:
        _diff_of_runs(runs, site, as_json=as_json)
        return
    check_request("02_monitor", {"region": region, "data": data, "indicators": indicator})

    from faiwatch.cli.diff_vintages import Question, compared, diff_answer
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


def _diff_of_runs(runs: list[str], site: Path, *, as_json: bool) -> None:
    if len(runs) != 2:
        raise refused("RUN", " ".join(runs), Text("两次运行", "two runs"))

    from faiwatch.run.diff import compare_runs, read_run

    show_runs(compare_runs(*(read_run(run, site) for run in runs)), as_json=as_json)


def revisions(
    data: DataOption = EMBEDDED,
    region: RegionOption = NATION,
    indicator: Annotated[str, typer.Option(help=told("指标", "indicator"))] = "total",
    figure: Annotated[
        Literal["ytd_yoy_pct", "ytd_value_100m"],
        typer.Option(help=told("哪个数", "which figure")),
    ] = "ytd_yoy_pct",
    as_of: AsOfOption = LATEST,
    as_json: JsonOption = False,
    lang: LangOption = None,  # noqa: ARG001  its callback has done it
) -> None:
    """Show what each release said of each month."""
    check_request("02_monitor", {"region": region, "data": data, "indicators": indicator})

    from faiwatch.cli.diff_vintages import Question, revisions_answer, triangle_of
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
