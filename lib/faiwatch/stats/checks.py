"""Checks of published figures: what is wrong or odd in a table, as records and not as a crash.

Every complaint is one row: which check, how severe, which series and month, the figure, a
sentence in both languages, and the line of the file it stands on. ``error`` means that the table
must not be used, ``warning`` that somebody should look, ``note`` that a reader should know. What
each check compares, and why its limits are what they are: ``docs/methods/checks.md``.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from faiwatch.core.errors import DataInvalidError
from faiwatch.core.phrases import say
from faiwatch.core.text import Text, number
from faiwatch.data.calendars import CUMULATIVE, MONTHLY
from faiwatch.data.reference import (
    CheckException,
    ScopeBreak,
    indicator_named,
    monthly_indicators,
)
from faiwatch.data.schema import FIGURES, KEYS, NO_JANUARY, typed_columns
from faiwatch.stats.check_records import Record, Row, as_table, each, per_series, record
from faiwatch.stats.cumulative import release_periods, series_of_rows

# A growth rate further from its series' median than this many scaled median absolute deviations
# is worth a look. Eight leaves a dozen of the 5,616 provincial figures, all of 2010-2011 or of the
# lockdowns and their base effects; five would leave forty.
EXTREME_DEVIATIONS = 8.0
MAD_TO_SIGMA = 1.4826  # makes the median absolute deviation equal sigma for a normal series
SMALLEST_SPREAD_PP = 2.0  # a series that hardly moves is not extreme when it moves by a point
FEWEST_RELEASES = 22  # two years; below that a median says little
# |log10| from which value and published growth cannot both be right: a factor above 6, between the
# revisions seen (below 1.5) and the smallest unit mistake (10).
UNIT_JUMP_LOG10 = 0.8


def check_observations(
    frame: pd.DataFrame,
    *,
    exceptions: Iterable[CheckException] = (),
    breaks: Iterable[ScopeBreak] = (),
) -> pd.DataFrame:
    """Return everything that is wrong or odd in a table of figures.

    Parameters
    ----------
    frame : DataFrame
        Observations, or the rows of a file before :func:`faiwatch.data.schema.observations` has
        refused any: months twice, January rows and unsorted rows are reported here.
    exceptions : iterable of CheckException, optional
        Complaints known to be true figures: they become notes that give the reason.
    breaks : iterable of ScopeBreak, optional
        Scope breaks that a series may cross.

    Returns
    -------
    DataFrame
        Columns ``check severity region_code indicator period value zh en file row``, the most
        severe first. ``period`` is the month (the first one where a record sums up several),
        ``value`` the figure, factor or count that the sentence speaks of, ``file`` and ``row``
        where it stands (empty and 0 when the table did not come from a file).

    Raises
    ------
    DataInvalidError
        A column is missing or a cell cannot be read at all.

    Examples
    --------
    >>> rows = pd.DataFrame(
    ...     {
    ...         "region_code": "000000",
    ...         "indicator": "total",
    ...         "period": ["2026-01", "2026-02"],
    ...         "ytd_yoy_pct": [1.8, -120.0],
    ...     }
    ... )
    >>> check_observations(rows)[["check", "severity", "value"]].values.tolist()[:2]
    [['january_row', 'error', 1.8], ['impossible_growth', 'error', -120.0]]
    """
    given = typed_columns(frame)
    # one number for each series, since grouping by words again and again would be felt
    given = given.assign(series=series_of_rows(given, KEYS)[0])
    table = given.sort_values([*KEYS, "period"], kind="stable", ignore_index=True)
    repeated = table.duplicated([*KEYS, "period"])
    january = (table["period"].dt.month == 1) & ~table["indicator"].isin(monthly_indicators())
    sound = table[~repeated & ~january].reset_index(drop=True)
    found = [
        *_repeated_months(table, repeated),
        *each(table[january], "january_row", "error", NO_JANUARY),
        *_unsorted(given),
        *_impossible_figures(sound),
        *_unit_jumps(sound),
        *_falling_values(sound[~sound["indicator"].isin(monthly_indicators())]),
        *_extreme_growth(sound),
        *_missing_releases(sound),
        *_one_sided(sound),
        *_crossed_breaks(sound, breaks),
    ]
    return as_table(found, exceptions)


def raise_on_errors(records: pd.DataFrame) -> None:
    """Refuse a table whose records hold errors, naming the first and how many there are.

    Raises
    ------
    DataInvalidError
        At least one record is an error.
    """
    errors = records[records["severity"] == "error"]
    if errors.empty:
        return
    first = errors.iloc[0]
    stands = f"{first['file']}:{first['row']}" if first["file"] else ""
    named = [stands, first["region_code"], first["indicator"], str(first["period"])]
    raise DataInvalidError(
        say("stats.checks.errors_found", said=Text(first["zh"], first["en"]), n_errors=len(errors)),
        where=" ".join(filter(None, named)),
        todo=Text("改正数据文件后重新运行", "mend the data file and run again"),
    )


def _repeated_months(table: pd.DataFrame, repeated: pd.Series) -> list[Record]:
    same = table.duplicated([*KEYS, "period", *FIGURES])
    alike = Text("同一月份出现两次，数值相同", "the month stands twice, with the same figures")
    unlike = Text("同一月份出现两次，数值不同", "the month stands twice, with different figures")
    return [
        *each(table[repeated & same], "repeated_month", "error", alike),
        *each(table[repeated & ~same], "repeated_month", "error", unlike),
    ]


def _unsorted(given: pd.DataFrame) -> list[Record]:
    month = given["period"].dt.year * 12 + given["period"].dt.month
    backwards = month.groupby(given["series"]).diff() < 0
    return per_series(
        given[backwards],
        "period_order",
        "note",
        lambda many: say("stats.checks.out_of_order", count=many["count"]),
    )


def _impossible_figures(sound: pd.DataFrame) -> list[Record]:
    def below(row: Row) -> Text:
        return say("stats.checks.growth_impossible", ytd_yoy_pct=row["ytd_yoy_pct"])

    def negative(row: Row) -> Text:
        return say("stats.checks.negative", windowed=_windowed(row))

    growth, values = sound[sound["ytd_yoy_pct"] < -100], sound[sound["ytd_value_100m"] < 0]
    return [
        *each(growth, "impossible_growth", "error", below),
        *each(values, "impossible_value", "error", negative, value="ytd_value_100m"),
    ]


def _unit_jumps(sound: pd.DataFrame) -> list[Record]:
    """Compare value with the same month a year earlier; published growth is the witness."""
    month = sound["series"] * 1_000_000 + sound["period"].dt.year * 12 + sound["period"].dt.month
    value = sound["ytd_value_100m"].where(sound["ytd_value_100m"] > 0)
    before = value.set_axis(month).reindex(month - 12).to_numpy()
    growth = sound["ytd_yoy_pct"].where(sound["ytd_yoy_pct"] > -95)
    jump = np.log10(value / before / (1 + growth.fillna(0) / 100))
    far = jump.abs() >= UNIT_JUMP_LOG10
    hits = sound[far].assign(factor=10 ** jump[far].round(), witnessed=growth.notna()[far])

    def words(many: Row) -> Text:
        factor = number(many["factor"], "zh", 0 if many["factor"] >= 1 else 4)
        said = Text("且无公布增速可核对", "with no published growth to confirm it")
        if many["witnessed"]:
            said = Text("与公布增速不符", "which the published growth contradicts")
        level, count = _level(many), many["count"]
        return say("stats.checks.unit_doubtful", said=said, count=count, level=level, factor=factor)

    return [
        *per_series(hits[hits["witnessed"]], "unit_jump", "error", words, value="factor"),
        *per_series(hits[~hits["witnessed"]], "unit_jump", "warning", words, value="factor"),
    ]


def _falling_values(sound: pd.DataFrame) -> list[Record]:
    year = [sound["series"], sound["period"].dt.year]
    before = sound["ytd_value_100m"].groupby(year).ffill().groupby(year).shift()
    falls = sound["ytd_value_100m"] < before
    hits = sound[falls].assign(before=before[falls])

    def words(row: Row) -> Text:
        was, now = row["before"], row["ytd_value_100m"]
        return say("stats.checks.value_falls", level=_level(row), was=was, now=now)

    return each(hits, "falling_value", "warning", words, value="ytd_value_100m")


def _extreme_growth(sound: pd.DataFrame) -> list[Record]:
    growth, series = sound["ytd_yoy_pct"], sound["series"]
    by_series = growth.groupby(series)
    median = by_series.transform("median")
    spread = MAD_TO_SIGMA * (growth - median).abs().groupby(series).transform("median")
    away = (growth - median).abs() / spread.clip(lower=SMALLEST_SPREAD_PP)
    extreme = (away > EXTREME_DEVIATIONS) & (by_series.transform("count") >= FEWEST_RELEASES)

    def words(row: Row) -> Text:
        growth, usual = row["ytd_yoy_pct"], row["median"]
        return say("stats.checks.growth_far_off", growth=growth, usual=usual)

    extreme &= growth >= -100
    return each(sound[extreme].assign(median=median[extreme]), "extreme_growth", "warning", words)


def _missing_releases(sound: pd.DataFrame) -> list[Record]:
    # a running number of releases, eleven a year, with no hole where January would be
    a_year = np.where(
        sound["indicator"].isin(monthly_indicators()), MONTHLY.a_year, CUMULATIVE.a_year
    )
    release = sound["period"].dt.year * a_year + sound["period"].dt.month + a_year - 13
    absent = release.groupby(sound["series"]).diff() - 1
    hits = sound[KEYS].assign(absent=absent, begin=release - absent, end=release - 1)[absent > 0]
    records = []
    by_series = hits.groupby(KEYS, sort=False, as_index=False)
    of_series = by_series.agg({"absent": "sum", "begin": "first", "end": "last"})
    for gaps in of_series.to_dict("records"):
        calendar = indicator_named(gaps["indicator"]).calendar
        ends = np.array([gaps["begin"], gaps["end"]], dtype="int64")
        start, end = release_periods(ends, calendar)
        count = int(gaps["absent"])
        words = say("stats.checks.releases_missing", count=count, start=start, end=end)
        row = gaps | {"period": start, "file": "", "row": 0}
        records.append(record(row, "missing_releases", "warning", count, words))
    return records


def _one_sided(sound: pd.DataFrame) -> list[Record]:
    has_value, has_growth = sound["ytd_value_100m"].notna(), sound["ytd_yoy_pct"].notna()
    return [
        *per_series(
            sound[has_growth & ~has_value],
            "growth_without_value",
            "note",
            lambda many: say(
                "stats.checks.growth_without_value",
                first=many["period"],
                last=many["last"],
                count=many["count"],
                level=_level(many),
            ),
        ),
        *per_series(
            sound[has_value & ~has_growth],
            "value_without_growth",
            "note",
            lambda many: say(
                "stats.checks.value_without_growth",
                first=many["period"],
                last=many["last"],
                count=many["count"],
                level=_level(many),
            ),
        ),
    ]


def _crossed_breaks(sound: pd.DataFrame, breaks: Iterable[ScopeBreak]) -> list[Record]:
    spans = sound.groupby(KEYS, sort=False)["period"].agg(["min", "max"]).reset_index()
    series = spans.to_dict("records")
    records = []
    for known in breaks:
        month = pd.Period(known.period, "M")
        severity = "warning" if known.severity == "do_not_join" else "note"
        for span in series:
            crossed = span["min"] < month <= span["max"]
            if crossed and known.concerns(span["region_code"], span["indicator"]):
                row = span | {"period": month, "file": "", "row": 0}
                records.append(record(row, "scope_break", severity, np.nan, known.what))
    return records


def _level(row: Row) -> str:
    """Return what the level of a row's series is called in Chinese."""
    return indicator_named(row["indicator"]).level.zh


def _windowed(row: Row) -> Text:
    """Return what the published value of a row's series is called."""
    if indicator_named(row["indicator"]).calendar.is_cumulative:
        return say("stats.checks.level_ytd", level=_level(row))
    return say("stats.checks.level_of_month", level=_level(row))
