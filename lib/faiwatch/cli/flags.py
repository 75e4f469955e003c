"""``faiwatch flags``: states and negative spells of one series."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NotRequired, TypedDict, cast

from faiwatch.cli.options import (
    AsOfOption,
    DataOption,
    FormatOption,
    IndicatorOption,
    JsonOption,
    OutputOption,
    RegionOption,
    form_of,
    plain_rows,
    print_as,
)
from faiwatch.core.errors import DataMissingError, nearest, refused
from faiwatch.core.phrases import say
from faiwatch.core.text import Language, Text, percent, user_language
from faiwatch.data.measures import label, measure
from faiwatch.data.parameter_types import EMBEDDED, LATEST
from faiwatch.data.regions import NATION, region_named
from faiwatch.page.parameters import check_parameters
from faiwatch.run.request import check_request
from faiwatch.stats.spell import Definition, Spell

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

_NOTEBOOK = "02_monitor"  # whose parameters these are
_LAST_RELEASES = 12


class FlagRow(TypedDict):
    """State of one release by one definition; None = not available."""

    period: str
    definition: Definition
    state: Literal["negative", "non_negative", "indeterminate", "missing"]
    value_pct: float | None
    lo_pct: float | None
    hi_pct: float | None


class FlagsAnswer(TypedDict):
    """What ``faiwatch flags --json`` prints."""

    region_code: str
    indicator: str
    as_of: str
    flags: list[FlagRow]
    runs: list[Spell]
    is_made_up: NotRequired[bool]  # only there when the figures are made up


def flags(
    region: RegionOption = NATION,
    indicator: IndicatorOption = "total",
    as_of: AsOfOption = LATEST,
    data: DataOption = EMBEDDED,
    as_json: JsonOption = False,
    form: FormatOption = "table",
    out: OutputOption = None,
) -> None:
    """Answer for one series."""
    form = form_of(form, out, as_json=as_json)
    check_request(_NOTEBOOK, {"region": region, "as_of": as_of, "data": data})

    import pandas as pd
    from rich.console import Console

    answer = flags_answer(region, indicator, as_of=as_of, data=data)
    if form != "table":
        keys = {name: answer[name] for name in ("region_code", "indicator", "as_of")}
        print_as(form, out, answer, pd.DataFrame([keys | row for row in answer["flags"]]))
        return
    console = Console()
    console.print(spells_table(answer, user_language()))
    console.print(flags_table(answer, user_language()))


def flags_answer(region: str, indicator: str, *, as_of: str, data: str) -> FlagsAnswer:
    """Return flags and runs of one series.

    Parameters
    ----------
    region, indicator : str
        The series.
    as_of : str
        ``YYYY-MM``, or ``latest`` for the last month with a growth rate.
    data : str
        ``embedded``, ``demo``, the path of a CSV file, or a store of vintages.

    Returns
    -------
    FlagsAnswer
        Plain values, unrounded; ``as_of`` is the month up to which figures were used, and
        ``is_made_up`` is there only when the figures are made up.

    Raises
    ------
    ParameterError
        Something asked for does not exist.
    DataMissingError
        The series has no growth, or it ends more than three releases before `as_of`.
    DataInvalidError
        A check found an error in the figures.

    Examples
    --------
    >>> answer = flags_answer("000000", "total", as_of="2026-08", data="embedded")
    >>> [run["n_releases"] for run in answer["runs"] if run["definition"] == "ytd"]
    [7, 4, 5]
    """
    asked = check_parameters(_NOTEBOOK, {"region": region, "as_of": as_of, "data": data})
    region = asked.region  # its code, however it was named

    import pandas as pd

    from faiwatch.data.frames import without_ytd
    from faiwatch.data.reference import check_exceptions, indicator_named, scope_breaks
    from faiwatch.data.source import data_source
    from faiwatch.stats import negative
    from faiwatch.stats.checks import check_observations, raise_on_errors
    from faiwatch.stats.cumulative import refuse_late
    from faiwatch.stats.growth import measures
    from faiwatch.stats.vintages import known_at

    known = known_at(data_source(data).vintages(), as_of)
    of_series = _series(known.query("region_code == @region"), indicator)
    raise_on_errors(
        check_observations(of_series, exceptions=check_exceptions(), breaks=scope_breaks())
    )
    last = of_series.loc[of_series["ytd_yoy_pct"].notna(), "period"].max()
    until = str(last) if as_of == LATEST else as_of
    refuse_late(last, pd.Period(until, "M"), indicator_named(indicator).calendar)
    flagged = negative.flags(measures(of_series, breaks=scope_breaks()), as_of=until)
    found = negative.runs(flagged, breaks=scope_breaks())
    answer: FlagsAnswer = {
        "region_code": region,
        "indicator": indicator,
        "as_of": until,
        "flags": cast(
            "list[FlagRow]", plain_rows(without_ytd(flagged)[list(FlagRow.__annotations__)])
        ),
        "runs": cast("list[Spell]", plain_rows(without_ytd(found)[list(Spell.__annotations__)])),
    }
    if data_source(data).is_made_up or region_named(region).is_made_up:
        answer["is_made_up"] = True
    return answer


def _series(of_region: pd.DataFrame, indicator: str) -> pd.DataFrame:
    """Return the rows of one indicator; without a growth rate there is nothing to flag."""
    names = sorted(of_region["indicator"].unique())
    if indicator not in names:
        raise refused("indicator", indicator, ", ".join(names), nearest(indicator, names))
    found = of_region[of_region["indicator"] == indicator]
    if found["ytd_yoy_pct"].notna().any():
        return found
    what = Text("这个序列没有公布增速", "no growth rate is published for this series")
    if found["ytd_value_100m"].isna().all():
        what = Text("没有这个序列的数据", "no data for this series")
    where = f"{found['region_code'].iloc[0]} {indicator}"
    raise DataMissingError(what, where=where, todo=say("cli.flags.add_growth"))


def spells_table(answer: FlagsAnswer, lang: Language) -> Table:
    """Return the runs as a table for a terminal."""
    from faiwatch.data.reference import indicator_named
    from faiwatch.run.progress import headed_table
    from faiwatch.stats.negative import DEFINITIONS

    region = region_named(answer["region_code"]).name
    indicator = indicator_named(answer["indicator"]).label
    title = "  ".join([region.in_language(lang), indicator.in_language(lang), answer["as_of"]])
    ids = ("definition", "from", "to", "n_releases", "n_months", "lowest_pct")
    table = headed_table(lang, *(measure(id).heading for id in ids), title=title)
    going_on = label("ongoing", lang)
    for row in answer["runs"]:
        at_least = "≥" if row["is_lower_bound"] else ""
        table.add_row(
            DEFINITIONS[row["definition"]].in_language(lang),
            row["start"],
            f"{row['end']} {going_on}" if row["ongoing"] else row["end"],
            f"{at_least}{row['n_releases']}",
            f"{at_least}{row['n_months']}",
            percent(row["lowest_pct"], lang),
        )
    return table


def flags_table(answer: FlagsAnswer, lang: Language) -> Table:
    """Return the flags of the last twelve releases as a table for a terminal."""
    from faiwatch.run.progress import headed_table
    from faiwatch.stats.negative import DEFINITIONS, STATES

    by_month: dict[str, dict[str, FlagRow]] = {}
    for row in answer["flags"]:
        by_month.setdefault(row["period"], {})[row["definition"]] = row
    there = {row["definition"] for row in answer["flags"]}  # a month is no year to date
    told = {name: words for name, words in DEFINITIONS.items() if name in there}
    table = headed_table(lang, measure("month").name, *told.values())
    for month in sorted(by_month)[-_LAST_RELEASES:]:
        cells = []
        for name in told:
            row = by_month[month][name]
            value = "" if row["value_pct"] is None else f"{percent(row['value_pct'], lang)} "
            cells.append(value + STATES[row["state"]].in_language(lang))
        table.add_row(month, *cells)
    return table
