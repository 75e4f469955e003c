"""Which months a source is asked for."""

from __future__ import annotations

import datetime

import pandas as pd

from faiwatch.core.errors import ParameterError
from faiwatch.core.text import Text
from faiwatch.data.live import MonthsSource

_USUAL_MONTHS = 24


def wanted_months(asked: MonthsSource, today: datetime.date) -> tuple[str, str]:
    """Return the first and the last month that were asked for, ``YYYY-MM``.

    Raises
    ------
    ParameterError
        The first is after the last.

    Examples
    --------
    >>> from faiwatch.data.live import checked
    >>> wanted_months(checked("eastmoney", {"until": "2026-08"}), datetime.date(2026, 11, 2))
    ('2024-09', '2026-08')
    """
    last = asked.until or f"{today:%Y-%m}"
    first = asked.since or str(pd.Period(last, "M") - (_USUAL_MONTHS - 1))
    if first > last:
        raise ParameterError(
            Text("起始月份晚于截止月份", "the first month is after the last"),
            where="since, until",
            got=f"{first}, {last}",
        )
    return first, last
