"""The tables that live sources return.

``observations``: see :mod:`faiwatch.data.schema`. ``series``, for figures that are not year to
date:

========= ========= =========================================================================
Column    Type      Meaning
========= ========= =========================================================================
area      text      as the source calls it: ``US``, ``CHN``, ``ES``; not a six-digit code
series    text      id in the source's own words
name      text      name as the reply gives it; empty when it gives none
frequency text      ``M``, ``Q`` or ``A``
period    text      ``2026-08``, ``2026-Q3`` or ``2026``
value     float     as published; NaN = the source says that there is none
unit      text      as the reply gives it; empty when it gives none, never supposed
issued    timestamp day on which this value was first published; NaT = unknown
source    text      source id
note      text      flags of the source
========= ========= =========================================================================
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

import pandas as pd

from faiwatch.core.errors import DataInvalidError
from faiwatch.core.phrases import say
from faiwatch.core.text import Text
from faiwatch.data.live import Got, Kind, Missing
from faiwatch.data.schema import FIGURES, KEYS, OBSERVATION_COLUMNS, finite, observations

if TYPE_CHECKING:
    import pandera.pandas as pa

SERIES_COLUMNS = ["area", "series", "name", "frequency", "period"]
SERIES_COLUMNS += ["value", "unit", "issued", "source", "note"]
_SERIES_KEYS = ["area", "series", "unit", "period", "issued"]


@cache
def series_contract() -> pa.DataFrameSchema:
    """Return what a series table has to be; to import it takes a fifth of a second."""
    import pandera.pandas as pa

    text = ("area", "series", "name", "unit", "source", "note")
    period = r"^\d{4}(?:-(?:0[1-9]|1[0-2]|Q[1-4]))?$"
    return pa.DataFrameSchema(
        {
            **{name: pa.Column(str) for name in text},
            "frequency": pa.Column(str, pa.Check.isin(["M", "Q", "A"])),
            "period": pa.Column(str, pa.Check.str_matches(period)),
            "value": pa.Column(float, finite(), nullable=True),
            "issued": pa.Column("datetime64[ns]", nullable=True, coerce=True),
        },
        strict=True,
        unique=_SERIES_KEYS,
    )


def observation_rows(figures: Iterable[Mapping[str, object]], *, source: str) -> pd.DataFrame:
    """Return checked Observations from single figures.

    Parameters
    ----------
    figures : iterable of mapping
        ``region_code``, ``indicator``, ``period`` (``YYYY-MM``) and one or both of
        ``ytd_value_100m`` and ``ytd_yoy_pct``; ``issued`` and ``note`` where known. Value and
        growth of a month may come apart and become one row.
    source : str
        Source id of all rows.

    Returns
    -------
    DataFrame
        Columns of Observations without ``file`` and ``row``; empty when there is no figure.

    Raises
    ------
    DataInvalidError
        A January row, or a month twice with different figures.
    """
    rows: dict[tuple[object, ...], dict[str, object]] = {}
    for figure in figures:
        key = tuple(figure[name] for name in (*KEYS, "period"))
        row = rows.setdefault(key, {"source": source})
        for name, value in figure.items():
            if name in row and row[name] != value:
                raise DataInvalidError(
                    Text("同一个数给出了两个值", "one figure came with two values"),
                    where=" ".join(map(str, key)),
                    got=f"{row[name]} / {value}",
                )
            row[name] = value
    if not rows:
        return joined([], "observations")
    return observations(pd.DataFrame(list(rows.values())))[OBSERVATION_COLUMNS]


def series_rows(figures: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    """Return a checked series table; columns that are not given are empty.

    Raises
    ------
    DataInvalidError
        A figure breaks the contract; the message says which rule.
    """
    table = pd.DataFrame(list(figures)).reindex(columns=SERIES_COLUMNS)
    texts = [name for name in SERIES_COLUMNS if name not in {"value", "issued"}]
    typed = table.assign(
        **{name: table[name].astype("object").fillna("").astype("str") for name in texts},
        value=table["value"].astype("float64"),
        issued=pd.to_datetime(table["issued"]).astype("datetime64[ns]"),
    )
    from pandera.errors import SchemaError

    try:
        checked = series_contract().validate(typed)
    except SchemaError as error:
        raise DataInvalidError(
            Text("应答中的数不合约定", "figures of the reply break the contract"),
            got=str(error.failure_cases)[:200],
            allowed=str(error.check),
        ) from None
    return checked.sort_values(_SERIES_KEYS, ignore_index=True)


def series_got(figures: Sequence[Mapping[str, object]], name: str) -> Got:
    """Return what a part about one series brought; without a figure the series is missing."""
    if figures:
        return Got(series_rows(figures))
    nothing = Text("应答中没有数", "the reply holds no figure")
    return Got(joined([], "series"), (Missing(name, nothing),))


def refuse_other_series(asked: str, got: str) -> None:
    """Raise `DataInvalidError` where a reply is about another series than was asked for."""
    if got != asked:
        raise DataInvalidError(
            Text("应答的不是所问的序列", "the reply is about another series"), where=asked, got=got
        )


def number_in(value: str, where: str) -> float:
    """Return a figure of a reply (`DataInvalidError` when it is no number)."""
    try:
        return float(value)
    except ValueError:
        raise DataInvalidError(
            Text("应答中的值不是数", "a value of the reply is no number"), where=where, got=value
        ) from None


def joined(tables: Sequence[pd.DataFrame], kind: Kind) -> pd.DataFrame:
    """Return the rows of several tables of one kind as one, sorted; none make an empty table."""
    filled = [table for table in tables if len(table)]
    if not filled:
        columns = OBSERVATION_COLUMNS if kind == "observations" else SERIES_COLUMNS
        return pd.DataFrame({name: pd.Series(dtype="object") for name in columns})
    rows = pd.concat(filled, ignore_index=True)
    if kind == "observations":
        # value and growth of a month may have come in different parts
        whole = rows.groupby([*KEYS, "period"], as_index=False).first()
        return observations(whole)[OBSERVATION_COLUMNS]
    return rows.sort_values(_SERIES_KEYS, ignore_index=True)


def without_contradictions(
    tables: Sequence[pd.DataFrame], kind: Kind
) -> tuple[list[pd.DataFrame], tuple[Missing, ...]]:
    """Return tables without the figures that two of them state differently, and which those are."""
    filled = [table for table in tables if len(table)]
    if kind == "series" or len(filled) < 2:
        return list(tables), ()
    every = pd.concat(filled, ignore_index=True)
    key = [*KEYS, "period"]
    lost, missing = set(), []
    for column in FIGURES:
        differs = every.groupby(key)[column].nunique()
        for place in differs[differs > 1].index:
            rows = every[(every[key] == list(place)).all(axis=1)]
            figures = " / ".join(f"{one:.10g}" for one in rows[column].dropna().unique())
            reason, name = say("data.rows.differ", figures=figures), " ".join(map(str, place))
            missing.append(Missing(name, reason, DataInvalidError.exit_code))
            lost.add(place)
    sure = [
        table[[one not in lost for one in list(table[key].itertuples(index=False, name=None))]]
        for table in filled
    ]
    return sure, tuple(missing)


def without_figure(
    table: pd.DataFrame, asked: Iterable[tuple[str, str, str]], until: str
) -> tuple[Missing, ...]:
    """Return which of the series asked for have no figure, or none for the month asked for.

    Parameters
    ----------
    table : DataFrame
        Observations.
    asked : iterable of (region_code, indicator, column)
        What was asked for.
    until : str
        ``YYYY-MM`` when a month was named; empty: any figure will do.
    """
    missing = []
    for region, indicator, column in asked:
        rows = table[(table["region_code"] == region) & (table["indicator"] == indicator)]
        known = rows.loc[rows[column].notna(), "period"].astype("str")
        if known.empty:
            reason = say("data.rows.no_figure")
        elif until and until not in set(known):
            reason = say("data.rows.not_yet", month=until, last=known.max())
        else:
            continue
        missing.append(Missing(f"{region} {indicator} {column}", reason))
    return tuple(missing)
