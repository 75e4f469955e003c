"""SDMX-CSV 2.0: figures, flags and forecasts as statistical offices exchange them.

The columns and codes are explained in ``docs/how-to/build-on-it.md``. The time of a figure that
adds up months is the whole of them, ``2026-01-01/P8M``, so that nobody takes a year to date for a
month.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from faiwatch.data.calendars import CALENDARS
from faiwatch.data.reference import breaks_of, monthly_indicators
from faiwatch.data.regions import region_named
from faiwatch.data.schema import KEYS
from faiwatch.stats.cumulative import monthly_periods, release_number, release_periods
from faiwatch.stats.windows import WINDOWS

STRUCTURE_ID = "FAIWATCH:FAI(1.0.0)"
DIMENSIONS = ["FREQ", "REF_AREA", "INDICATOR", "MEASURE", "STATISTIC", "AS_OF", "TIME_PERIOD"]
ATTRIBUTES = ["UNIT_MEASURE", "UNIT_MULT", "OBS_STATUS", "LOWER", "UPPER", "STATE", "IS_MADE_UP"]
SDMX_COLUMNS = ["STRUCTURE", "STRUCTURE_ID", "ACTION", *DIMENSIONS, "OBS_VALUE", *ATTRIBUTES]
_PUBLISHED = ("ytd_value_100m", "ytd_yoy_pct", "value_100m", "yoy_pct")
_RELEASES_BEFORE = {"block": 0, "rolling3": 2}  # that a window has beside the release itself
# Codes of CL_OBS_STATUS, the cross-domain list.
_STATUS = {"published": "A", "implied": "E", "forecast": "F", "missing": "O", "break": "B"}


def measured(table: pd.DataFrame) -> pd.DataFrame:
    """Return flags or forecast rows with ``measure``: what each is of, see :data:`WINDOWS`.

    Examples
    --------
    >>> flags = pd.DataFrame({"indicator": ["total"], "definition": ["rolling3"]})
    >>> measured(flags)["measure"].tolist()
    ['rolling3_yoy_pct']
    """
    if "target" in table:
        return table.assign(measure=table["target"])
    if "definition" not in table:
        return table
    measure = table["definition"].astype("str") + "_yoy_pct"
    is_published = table["indicator"].isin(monthly_indicators()) & (measure == "block_yoy_pct")
    return table.assign(measure=measure.mask(is_published, "yoy_pct"))


def windows(table: pd.DataFrame) -> pd.DataFrame:
    """Return the months that figures cover: ``window_start`` and ``window_months``.

    Parameters
    ----------
    table : DataFrame
        ``indicator``, ``measure`` (see :data:`WINDOWS`), and ``period``, the last month of each.

    Returns
    -------
    DataFrame
        The first day of the first month, and the number of months, indexed as `table`. January
        and February are one release, but of a monthly series.

    Examples
    --------
    >>> rows = pd.DataFrame({"indicator": "total", "period": ["2026-08", "2026-08", "2026-04"]})
    >>> found = windows(rows.assign(measure=["ytd_yoy_pct", "block_yoy_pct", "rolling3_yoy_pct"]))
    >>> found["window_start"].dt.strftime("%Y-%m").tolist(), found["window_months"].tolist()
    (['2026-01', '2026-08', '2026-01'], [8, 1, 4])
    """
    last = pd.PeriodIndex(table["period"], freq="M")
    first = np.asarray(last.asi8 - (last.month - 1))  # of the year
    kinds = table["measure"].map(WINDOWS).to_numpy()
    is_monthly = table["indicator"].isin(monthly_indicators()).to_numpy()
    for kind, before in _RELEASES_BEFORE.items():
        for calendar in CALENDARS.values():
            here = (kinds == kind) & (is_monthly != calendar.is_cumulative)
            number = release_number(last[here], calendar) - before
            earliest = release_periods(number, calendar)
            is_double = calendar.is_cumulative & (earliest.month == calendar.first_month)
            first[here] = earliest.asi8 - is_double
    start = monthly_periods(first).to_timestamp()
    months = last.asi8 - first + 1
    return pd.DataFrame({"window_start": start, "window_months": months}, index=table.index)


def sdmx(table: pd.DataFrame) -> pd.DataFrame:
    """Return figures, flags or forecasts in the columns of SDMX-CSV 2.0.

    Parameters
    ----------
    table : DataFrame
        Observations or measures, flags (``definition``, ``state``), forecast rows
        (``output_type``), or any rows with ``measure`` and ``value``; with ``period`` or
        ``month``. All frames of ``fw.series`` will do. ``as_of``, the month up to which figures
        were used, is the last of the table where it is no column; a forecast tells its origin.

    Returns
    -------
    DataFrame
        :data:`SDMX_COLUMNS`, all text but ``OBS_VALUE``, ``LOWER`` and ``UPPER``; write it with
        ``to_csv(index=False)``. A row a figure; a figure that is not there has no value and the
        status ``O``.

    Examples
    --------
    >>> rows = pd.DataFrame(
    ...     {
    ...         "region_code": ["000000"],
    ...         "indicator": ["total"],
    ...         "period": pd.PeriodIndex(["2026-08"], freq="M"),
    ...         "ytd_yoy_pct": [-7.2],
    ...     }
    ... )
    >>> sdmx(rows)[["MEASURE", "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS"]].to_numpy().tolist()
    [['ytd_yoy_pct', '2026-01-01/P8M', -7.2, 'A']]
    """
    given = table.rename(columns={"month": "period"})
    given = given.assign(period=pd.PeriodIndex(given["period"], freq="M"))
    rows = _rows(given if "as_of" in given else given.assign(as_of=given["period"].max()))
    window = windows(rows)
    start = window["window_start"].dt.strftime("%Y-%m-%d")
    is_money = rows["measure"].astype("str").str.endswith("_100m")
    is_chance = rows["statistic"] == "P_NEGATIVE"
    codes = set(rows["region_code"]) if not given.get("is_made_up", pd.Series()).any() else set()
    real = {code for code in codes if not region_named(code).is_made_up}
    found = {
        "STRUCTURE": "dataflow",
        "STRUCTURE_ID": STRUCTURE_ID,
        "ACTION": "I",
        "FREQ": "M",
        "REF_AREA": rows["region_code"],
        "INDICATOR": rows["indicator"],
        "MEASURE": rows["measure"],
        "STATISTIC": rows["statistic"],
        "AS_OF": rows["as_of"].astype("str"),
        "TIME_PERIOD": start + "/P" + window["window_months"].astype("str") + "M",
        "OBS_VALUE": rows["value"].astype("float64"),
        "UNIT_MEASURE": np.select([is_money, is_chance], ["XDC", "PURE_NUMB"], "PT"),
        "UNIT_MULT": np.where(is_money, "8", "0"),
        "OBS_STATUS": np.where(rows["value"].isna(), _STATUS["missing"], _status(rows)),
        "LOWER": rows["lo_pct"].astype("float64"),
        "UPPER": rows["hi_pct"].astype("float64"),
        "STATE": rows["state"].astype("str"),
        "IS_MADE_UP": np.where(rows["region_code"].isin(real), "false", "true"),
    }
    return pd.DataFrame(found, index=rows.index, columns=SDMX_COLUMNS).reset_index(drop=True)


def _rows(given: pd.DataFrame) -> pd.DataFrame:
    """Return one figure a row, whatever kind of table they come from."""
    given = measured(given)
    if "output_type" in given:
        share = pd.to_numeric(given["output_type_id"], errors="coerce") * 100
        quantile = "Q" + share.map("{:g}".format).str.replace(".", "_")
        kinds = {"mean": "MEAN", "probability": "P_NEGATIVE"}
        rows = given.assign(
            statistic=given["output_type"].map(kinds).fillna(quantile),
            as_of=pd.PeriodIndex(given["origin"], freq="M").astype("str"),
            kind="forecast",
        )
    else:
        rows = given
        if "definition" in given:
            rows = given.assign(value=given["value_pct"])
        elif "measure" not in given:
            names = [name for name in WINDOWS if name in given]
            keys = [*KEYS, "period", "as_of"]
            rows = given[[*keys, *names]].melt(keys, var_name="measure")
        # a month's block is what is published of a monthly series
        is_monthly = rows["indicator"].isin(monthly_indicators())
        as_published = is_monthly & rows["measure"].str.startswith("block_")
        is_published = rows["measure"].isin(_PUBLISHED) | as_published
        kind = np.where(is_published, "published", "implied")
        rows = rows.assign(statistic="VALUE", kind=kind)
    if "state" in rows:
        return rows
    return rows.assign(lo_pct=np.nan, hi_pct=np.nan, state="")


def _status(rows: pd.DataFrame) -> pd.Series:
    """Return the status of figures that are there; a series breaks where its scope changes."""
    series = rows[KEYS].drop_duplicates().itertuples(index=False)
    broken = {(*key, one.period) for key in series for one in breaks_of(*key)}
    place = zip(*(rows[name].astype("str") for name in (*KEYS, "period")), strict=True)
    breaks = np.array([one in broken for one in place], dtype=bool)
    return rows["kind"].mask(breaks & (rows["kind"] == "published"), "break").map(_STATUS)
