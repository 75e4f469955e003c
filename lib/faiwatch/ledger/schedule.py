"""Where a project should be by now, and by how many months it is late.

Method: ``docs/methods/ledger-status.md``. Months are counted whole, NaN = a date is not known.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from faiwatch.core.phrases import texts_of
from faiwatch.data.schema import TEXT

MONTHS = 12  # of a year
DELAY_BANDS = texts_of("ledger.words_delays")
_BAND_ENDS = (0, 12, 24, 60)  # months; those of the flash reports of India's MoSPI
DELAYS = [
    *("delay_start_months", "delay_start_months_latest"),
    *("delay_finish_months", "delay_finish_months_latest"),
]


def time_pct(month: pd.Period) -> float:
    """Return the even pace (序时进度): the share of the year that is gone.

    Examples
    --------
    >>> time_pct(pd.Period("2020-06", "M"))
    50.0
    """
    return 100 * month.month / MONTHS


def schedule_pct(sheet: pd.DataFrame, month: pd.Period) -> pd.Series:
    """Return how much of the year's plan is due by the project's own dates.

    Parameters
    ----------
    sheet : DataFrame
        Rows of one month of ``projects``.
    month : Period
        That month.

    Returns
    -------
    Series
        Percent: months gone of the months of this year between planned start and planned finish,
        both counted in. 0 before the start, 100 after the finish; NaN where a date is missing or
        the finish is before the start.

    Examples
    --------
    >>> dates = {"planned_start": ["2026-07-31", "2020-01-31"], "original_start": None}
    >>> dates |= {"planned_finish": ["2027-06-30", "2027-06-30"], "original_finish": None}
    >>> dates |= {"actual_start": None}
    >>> sheet = pd.DataFrame(dates).apply(pd.to_datetime)
    >>> schedule_pct(sheet, pd.Period("2026-09", "M")).to_list()
    [50.0, 75.0]
    """
    january, now = _number(month) - month.month + 1, _number(month)
    planned = sheet["planned_start"].fillna(sheet["original_start"])
    start = month_numbers(planned.fillna(sheet["actual_start"]))
    finish = month_numbers(sheet["planned_finish"].fillna(sheet["original_finish"]))
    first = start.clip(lower=january)
    last = finish.clip(upper=january + MONTHS - 1)
    share = ((now - first + 1) / (last - first + 1).where(last >= first)).clip(0.0, 1.0)
    share = share.mask(start > january + MONTHS - 1, 0.0).mask(finish < january, 1.0)
    return 100 * share.where(finish >= start)


def delays(
    sheet: pd.DataFrame, month: pd.Period, *, started: pd.Series, finished: pd.Series
) -> pd.DataFrame:
    """Return by how many months start and finish are late, against two schedules.

    Parameters
    ----------
    sheet : DataFrame
        Rows of one month of ``projects``.
    month : Period
        That month; what is to come is expected no sooner than now.
    started, finished : Series
        Whether it has; without its date the delay is not known.

    Returns
    -------
    DataFrame
        Columns :data:`DELAYS`: against the original schedule, and ``…_latest`` against the one in
        force. Negative = early.
    """
    found = {}
    for step, has_been in (("start", started), ("finish", finished)):
        actual = sheet[f"actual_{step}"]
        known = actual.where(actual <= month.end_time)
        original, planned = sheet[f"original_{step}"], sheet[f"planned_{step}"]
        planned = planned.fillna(original)
        to_come = month_numbers(planned).clip(lower=_number(month)).mask(has_been)
        expected = month_numbers(known).fillna(to_come)
        found[f"delay_{step}_months"] = expected - month_numbers(original)
        found[f"delay_{step}_months_latest"] = expected - month_numbers(planned)
    return pd.DataFrame(found)[DELAYS]


def delay_band(months_late: pd.Series) -> pd.Series:
    """Return the band of :data:`DELAY_BANDS` that a delay falls into.

    Examples
    --------
    >>> delay_band(pd.Series([-1.0, 12.0, 13.0, 61.0, float("nan")])).to_list()
    ['none', 'months_1_12', 'months_13_24', 'over_60', 'unknown']
    """
    names = list(DELAY_BANDS)
    at = np.searchsorted(_BAND_ENDS, months_late.fillna(0.0))
    bands = pd.Series(np.array(names)[at], index=months_late.index, dtype=TEXT)
    return bands.mask(months_late.isna(), "unknown")


def month_numbers(dates: pd.Series) -> pd.Series:
    """Return months as numbers that can be subtracted; NaN = no date.

    Examples
    --------
    >>> month_numbers(pd.Series(pd.to_datetime(["2026-01-31", "2025-12-01"]))).diff().iloc[1]
    np.float64(-1.0)
    """
    months = dates.to_numpy().astype("datetime64[M]")  # ten times as fast as `dates.dt`
    numbers = np.where(np.isnat(months), np.nan, months.astype("int64") + MONTHS * 1970 + 1)
    return pd.Series(numbers, index=dates.index, name=dates.name)


def _number(month: pd.Period) -> int:
    return MONTHS * month.year + month.month
