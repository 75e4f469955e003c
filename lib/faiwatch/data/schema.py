"""The Observations table: one row is one figure as published.

============== ======================= ====================================================
Column         Type                    Meaning
============== ======================= ====================================================
region_code    text, six digits        GB/T 2260 code; ``000000`` is the nation
indicator      text                    ``total``, ``private``, ... ; users may add their own
period         monthly Period          last month of the year-to-date window
ytd_value_100m float                   year to date, 100 million of the currency; NaN = not
                                       published; of a monthly series that of the month
ytd_yoy_pct    float                   published growth on a year earlier, percent,
                                       comparable basis; NaN = not published; of a monthly
                                       series that of the month
issued         timestamp               release date; NaT = unknown
source         text                    source id, explained in ``data/official/sources.csv``
note           text                    scope or doubt that belongs to this row
============== ======================= ====================================================

Loaders add ``file`` and ``row`` (line number as editors show it), so that every number can be
traced to where it was read. There is no January row: the first release of a year covers January
and February together and stands at February. A monthly series (:mod:`faiwatch.data.calendars`) has
one; files and frames call its figures ``value_100m`` and ``yoy_pct``, and nothing that is handed
out calls them a year to date.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from faiwatch.core.errors import DataInvalidError
from faiwatch.core.phrases import say, texts_of
from faiwatch.core.text import Text
from faiwatch.data.calendars import OF_THE_MONTH
from faiwatch.data.reference import monthly_indicators

if TYPE_CHECKING:
    import pandera.pandas as pa
    from pandera.errors import SchemaErrors

KEYS = ["region_code", "indicator"]
FIGURES = ["ytd_value_100m", "ytd_yoy_pct"]
# Text as Python's strings: to ask Arrow costs more, for a column of hundreds or thousands of rows,
# than the answer. For names of columns, too, which no contract reaches, and unless somebody has
# chosen for this process (docs/adr/0023-text-as-strings.md).
TEXT = pd.StringDtype("python", na_value=np.nan)
if pd.get_option("mode.string_storage") == "auto":
    pd.set_option("mode.string_storage", TEXT.storage)
NO_JANUARY, STANDS_TWICE = say("data.schema.no_january"), say("data.schema.twice")
OBSERVATION_COLUMNS = [*KEYS, "period", *FIGURES, "issued", "source", "note"]
_OPTIONAL_DEFAULTS: dict[str, Any] = {
    **dict.fromkeys(FIGURES, float("nan")),
    "issued": pd.NaT,
    "source": "",
    "note": "",
    "file": "",
    "row": 0,
}

_SPELT = {  # how keys are written, and what the rule is called
    "region_code": (r"^[0-9]{6}\Z", "six digits"),
    "indicator": (r"^[a-z][a-z0-9_]{0,59}\Z", "lower-case name"),
}


def finite() -> pa.Check:
    """Return the check that figures are finite."""
    import pandera.pandas as pa

    return pa.Check(lambda value: value.abs() < float("inf"), error="finite")


@cache
def contract() -> pa.DataFrameSchema:
    """Return the contract as a schema, which names every row that breaks it.

    To import it and ask it first takes a third of a second: only for what is wrong.
    """
    import pandera.pandas as pa

    return pa.DataFrameSchema(
        {
            **{
                name: pa.Column(TEXT, pa.Check.str_matches(pattern, error=rule))
                for name, (pattern, rule) in _SPELT.items()
            },
            "period": pa.Column(pd.PeriodDtype("M")),
            **{name: pa.Column(float, finite(), nullable=True) for name in FIGURES},
            "issued": pa.Column("datetime64[ns]", nullable=True, coerce=True),
            **{name: pa.Column(TEXT) for name in ("source", "note", "file")},
            "row": pa.Column(int),
        },
        strict=False,
        unique=[*KEYS, "period"],
    )


def observations(frame: pd.DataFrame) -> pd.DataFrame:
    """Return `frame` as a checked Observations table, sorted by region, indicator and period.

    Parameters
    ----------
    frame : DataFrame
        At least ``region_code``, ``indicator``, ``period`` and one of ``ytd_value_100m`` and
        ``ytd_yoy_pct``; text columns may hold missing values. Unknown columns are kept.

    Returns
    -------
    DataFrame
        A new frame with every column of the contract, ``RangeIndex``.

    Raises
    ------
    DataInvalidError
        A column is missing, or a row breaks the contract (bad code, a January row, the same
        month twice, infinite figures); the message names file, row, series and month.

    Examples
    --------
    >>> table = observations(
    ...     pd.DataFrame(
    ...         {
    ...             "region_code": ["000000"],
    ...             "indicator": ["total"],
    ...             "period": ["2026-08"],
    ...             "ytd_yoy_pct": [-7.2],
    ...         }
    ...     )
    ... )
    >>> table.loc[0, "period"], table.loc[0, "source"]
    (Period('2026-08', 'M'), '')
    """
    table = typed_columns(frame)
    january = (table["period"].dt.month == 1) & ~table["indicator"].isin(monthly_indicators())
    keys = [*KEYS, "period"]
    is_sound = (
        bool(table[keys].notna().all(axis=None))
        and not table.duplicated(keys).any()
        and not np.isinf(table[FIGURES].to_numpy()).any()
        and all(
            re.match(pattern, word)
            for name, (pattern, _) in _SPELT.items()
            for word in table[name].unique()
        )
    )
    if not is_sound:
        from pandera.errors import SchemaErrors

        try:
            contract().validate(table, lazy=True)
        except SchemaErrors as errors:
            raise _first_failure(table, errors) from None
    if january.any():
        row = table[january].iloc[0]
        raise DataInvalidError(NO_JANUARY, where=place_of(row), got=str(row["period"]))
    return table.sort_values(keys, ignore_index=True)


def typed_columns(frame: pd.DataFrame) -> pd.DataFrame:
    """Return `frame` with every column of the contract in its type, rows untouched.

    The rules about rows (no January, no month twice) are not applied yet: this is what the
    checks look at, so that they can list every broken row where :func:`observations` refuses.

    Parameters
    ----------
    frame : DataFrame
        As for :func:`observations`.

    Returns
    -------
    DataFrame
        A new frame in the order of `frame`, ``RangeIndex``.

    Raises
    ------
    DataInvalidError
        A column is missing, a cell is no month, number or date, or a figure of the month stands
        in a row of a series that is published since January.
    """
    frame = _figures_of_months(frame)
    missing = [name for name in (*KEYS, "period") if name not in frame.columns]
    if missing or not {*FIGURES} & set(frame.columns):
        raise DataInvalidError(
            Text("数据缺少必需的列", "the table lacks columns that are needed"),
            where=", ".join(missing or FIGURES),
            got=", ".join(map(str, frame.columns)),
            allowed=", ".join(OBSERVATION_COLUMNS),
        )
    table = frame.reset_index(drop=True).assign(
        **{name: value for name, value in _OPTIONAL_DEFAULTS.items() if name not in frame.columns}
    )
    typed = {
        **{name: table[name].astype(TEXT) for name in KEYS},
        "period": _as_periods(table),
        **{name: _as_numbers(table, name) for name in FIGURES},
        "issued": _as_dates(table),
        **{name: table[name].fillna("").astype(TEXT) for name in ("source", "note", "file")},
        "row": table["row"].astype("int64"),
    }
    return pd.DataFrame(dict(table.items()) | typed, index=table.index)


def _figures_of_months(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame whose figures of single months stand where observations have them."""
    named = {own: name for name, own in OF_THE_MONTH.items() if own in frame.columns}
    named = {own: name for own, name in named.items() if name in _OPTIONAL_DEFAULTS}
    if not named or "indicator" not in frame.columns:
        return frame
    is_monthly = frame["indicator"].astype("str").isin(monthly_indicators())
    for own, name in named.items():
        there = frame[own].notna() & frame[own].astype("str").str.strip().ne("")
        wrong = there & ~is_monthly
        if wrong.any():
            places = {one: frame.get(one, "") for one in ("file", "row")}
            row = frame.assign(**places)[wrong].iloc[0]
            raise DataInvalidError(
                say("data.schema.of_months_alone", column=own),
                where=place_of(row),
                got=row[own],
                allowed=name,
                todo=say("data.schema.monthly_says_so"),
            )
        cells = frame[name] if name in frame.columns else pd.Series(float("nan"), frame.index)
        frame = frame.assign(**{name: cells.astype("object").where(~there, frame[own])})
    return frame.drop(columns=list(named))


def _as_periods(table: pd.DataFrame) -> pd.Series:
    if isinstance(table["period"].dtype, pd.PeriodDtype):
        return pd.Series(table["period"].dt.asfreq("M"))
    words = table["period"].astype("str").str.strip()
    bad = ~words.str.fullmatch(r"\d{4}-(?:0[1-9]|1[0-2])").astype(bool)
    if bad.any():
        raise _bad_cell(table, bad, "period", "YYYY-MM")
    # by way of timestamps, because pandas parses periods one by one
    return pd.to_datetime(words, format="%Y-%m").dt.to_period("M")


def _as_numbers(table: pd.DataFrame, column: str) -> pd.Series:
    given = table[column]
    if pd.api.types.is_float_dtype(given.dtype):
        return given.astype("float64")
    numbers = pd.to_numeric(given, errors="coerce").astype("float64")
    blank = given.isna() | (given.astype("str").str.strip() == "")
    bad = numbers.isna() & ~blank
    if bad.any():
        allowed = Text("数字或空（空 = 未公布）", "a number or blank (not published)")
        raise _bad_cell(table, bad, column, allowed)
    return numbers


def _as_dates(table: pd.DataFrame) -> pd.Series:
    given = table["issued"]
    if pd.api.types.is_datetime64_any_dtype(given.dtype):
        return given.astype("datetime64[ns]")
    words = given.astype("str").str.strip()
    blank = given.isna() | (words == "")
    dates = pd.to_datetime(words.where(~blank), format="%Y-%m-%d", errors="coerce")
    bad = ~dates.between(pd.Timestamp.min, pd.Timestamp.max) & ~blank  # 9999-12-31 is no day
    if bad.any():
        allowed = Text("YYYY-MM-DD 或空（空 = 不详）", "YYYY-MM-DD or blank (unknown)")
        raise _bad_cell(table, bad, "issued", allowed)
    return dates.astype("datetime64[ns]")


def _bad_cell(
    table: pd.DataFrame, bad: pd.Series, column: str, allowed: Text | str
) -> DataInvalidError:
    first = bad[bad].index[0]
    return DataInvalidError(
        Text(f"列 {column} 中的值不可用", f"column {column} holds a value that cannot be used"),
        where=place_of(table.loc[first]),
        got=table.loc[first, column],
        allowed=allowed,
    )


def _first_failure(table: pd.DataFrame, errors: SchemaErrors) -> DataInvalidError:
    repeated = table.duplicated([*KEYS, "period"], keep="first")
    if repeated.any():
        return DataInvalidError(
            STANDS_TWICE,
            where=place_of(table[repeated].iloc[0]),
            todo=Text("只保留一行", "keep one of the rows"),
        )
    case, rules = errors.failure_cases.iloc[0], texts_of("data.rules")
    rule = next((text for name, text in rules.items() if name in str(case["check"])), None)
    place = None if pd.isna(case["index"]) else place_of(table.loc[case["index"]])
    return DataInvalidError(
        rule or say("data.schema.breaks_contract", column=case["column"]),
        where=place or str(case["column"]),
        got=str(case["failure_case"]),
        allowed=None if rule else re.sub(r"\s+", " ", str(case["check"])),
    )


def place_of(row: pd.Series) -> str:
    """Return "file:row region indicator month" of a row for messages, as far as they are known."""
    stands = f"{row['file']}:{row['row']}" if row["file"] else ""
    return " ".join(filter(None, [stands, *(str(row[name]) for name in (*KEYS, "period"))]))
