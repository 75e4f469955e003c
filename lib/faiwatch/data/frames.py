"""Tables as analysts take them: months as timestamps, and names beside codes.

Inside the library a month is a pandas Period, which no chart library, Parquet file or database
takes. Whatever the public API returns passes through :func:`plain_frame`.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
from pandas.api.types import is_numeric_dtype

from faiwatch.core.errors import DataInvalidError
from faiwatch.core.finding import InputRow
from faiwatch.core.text import Language, Text, harmless
from faiwatch.data.calendars import OF_THE_MONTH, Calendar
from faiwatch.data.reference import indicator_named, monthly_indicators
from faiwatch.data.regions import code_of_region, region_named

_RENAMED = {"period": "month", "start": "start_month", "end": "end_month"}
_NAMES = ("region", "indicator_name")


def plain_frame(table: pd.DataFrame, *, lang: Language) -> pd.DataFrame:
    """Return a table of the library as altair, plotting, Parquet and SQL take it.

    Parameters
    ----------
    table : DataFrame
        With monthly Periods in any column; it is not changed.
    lang : {"zh", "en"}
        Language of the names.

    Returns
    -------
    DataFrame
        ``period`` is called ``month``; every Period is a timestamp at the first day of its month;
        categories are text; ``region`` and ``indicator_name`` stand behind the codes.

    Examples
    --------
    >>> table = pd.DataFrame(
    ...     {"region_code": ["610000"], "period": pd.PeriodIndex(["2026-08"], freq="M")}
    ... )
    >>> plain_frame(table, lang="en").to_dict("records")
    [{'region_code': '610000', 'region': 'Shaanxi', 'month': Timestamp('2026-08-01 00:00:00')}]
    """
    plain = without_ytd(table).rename(columns=_RENAMED).reset_index(drop=True)
    for name in plain.columns:
        kind = plain[name].dtype
        if isinstance(kind, pd.PeriodDtype):
            plain[name] = plain[name].dt.to_timestamp()
        elif isinstance(kind, pd.CategoricalDtype):
            plain[name] = plain[name].astype("str")
    if "region_code" in plain and "region" not in plain:
        names = {
            code: region_named(code).name.in_language(lang)
            for code in plain["region_code"].unique()
        }
        plain.insert(1, "region", plain["region_code"].map(names))
    if "indicator" in plain and "indicator_name" not in plain:
        names = {
            name: indicator_named(name).label.in_language(lang)
            for name in plain["indicator"].unique()
        }
        at = list(plain.columns).index("indicator") + 1
        plain.insert(at, "indicator_name", plain["indicator"].map(names))
    return plain


def without_ytd(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table that calls no figure of a monthly series a year to date.

    Within the library a published figure has one name; of a monthly series it is that of the month,
    and so its ``block`` too. What is handed out or saved tells the block alone, and calls published
    figures ``value_100m`` and ``yoy_pct``.
    """
    monthly = monthly_indicators() if "indicator" in table else frozenset()
    is_monthly = table["indicator"].isin(monthly) if monthly else pd.Series(dtype=bool)
    if not is_monthly.any():
        return table
    for column, twice in (("definition", "ytd"), ("target", "block_yoy_pct")):
        if column in table:
            table = table[~(is_monthly & table[column].eq(twice))].reset_index(drop=True)
            is_monthly = table["indicator"].isin(monthly)
    for column in {"target", "figure"} & set(table.columns):
        named = table[column].where(~is_monthly, table[column].replace(OF_THE_MONTH))
        table = table.assign(**{column: named})
    return table.rename(columns=OF_THE_MONTH) if is_monthly.all() else table


def harmless_frame(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table as a file may hold it: no text that a spreadsheet would run as a formula.

    Numbers and months are no text, and to look at each takes longest: they stay as they are.

    Examples
    --------
    >>> harmless_frame(pd.DataFrame({"name": ["=1+1", "x"], "row": [2, 3]})).to_dict("list")
    {'name': ["'=1+1", 'x'], 'row': [2, 3]}
    """

    def in_column(column: pd.Series) -> pd.Series:
        has_no_text = is_numeric_dtype(column) or isinstance(column.dtype, pd.PeriodDtype)
        return column if has_no_text else column.map(harmless)

    return table.apply(in_column)


def inputs_of(rows: Iterable[InputRow], calendar: Calendar) -> tuple[InputRow, ...]:
    """Return inputs of a finding, each called as the files of its series' calendar call it."""
    if calendar.is_cumulative:
        return tuple(rows)
    named = OF_THE_MONTH
    return tuple(
        one.model_copy(update={"column": named.get(one.column, one.column)}) for one in rows
    )


def observations_of(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the columns that the library reads out of an analyst's frame.

    Parameters
    ----------
    frame : DataFrame
        ``month`` (timestamps, dates or ``YYYY-MM``) or ``period``; ``ytd_value_100m`` or
        ``ytd_yoy_pct`` or both. ``region_code`` may be a name or a number and is the nation where
        it is missing; ``indicator`` is ``total`` where it is missing.

    Raises
    ------
    DataInvalidError
        There is no month, or one that cannot be read.
    """
    given = frame.drop(columns=[name for name in _NAMES if name in frame.columns])
    given = given.reset_index() if "month" in (given.index.names or ()) else given
    if "period" not in given.columns:
        if "month" not in given.columns:
            raise DataInvalidError(
                Text("表中没有月份列", "the frame has no column of months"),
                got=", ".join(map(str, frame.columns)),
                allowed="month, period",
            )
        try:
            months = pd.to_datetime(given["month"]).dt.to_period("M")
        except (ValueError, TypeError, AttributeError) as error:
            raise DataInvalidError(
                Text("月份列读不懂", "the column of months cannot be read"),
                where="month",
                got=str(error),
                allowed=Text("时间戳或 YYYY-MM", "timestamps or YYYY-MM"),
            ) from None
        given = given.drop(columns="month").assign(period=months)
    codes = given["region_code"] if "region_code" in given else pd.Series(0, index=given.index)
    return given.assign(
        region_code=[code_of_region(one) for one in codes],
        indicator=given.get("indicator", "total"),
    )
