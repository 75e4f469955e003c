"""When the National Bureau of Statistics published: its release calendar, as far as it is known.

``data/official/release_dates.csv`` has a day for each release of which one was found, and how it is
known (``basis``): ``release`` or ``address`` of the release itself, ``calendar`` or ``notice`` of
the publisher, ``report`` of the press of that day, ``economic_calendar``; ``planned`` days were
announced, and nobody saw the release. For other releases there is a rule, the same as everywhere:
the last day of the month after their reference month (:mod:`faiwatch.data.newest`).
"""

from __future__ import annotations

import datetime
from functools import cache
from typing import TYPE_CHECKING

from faiwatch.data.reference import table_rows
from faiwatch.data.regions import NATION

if TYPE_CHECKING:
    import pandas as pd

PLANNED = "planned"
BY_RULE = "发布日期不详，按次月末计 | issue date not known, taken as the end of the next month"
AS_PLANNED = "发布日期按发布计划 | issue date as planned by the publisher"


@cache
def release_dates() -> dict[str, tuple[datetime.date, str]]:
    """Return the day of each known release, and how it is known, by reference month.

    Examples
    --------
    >>> release_dates()["2026-08"]
    (datetime.date(2026, 9, 15), 'release')
    """
    return {
        row["period"]: (datetime.date.fromisoformat(row["issued"]), row["basis"])
        for row in table_rows("official/release_dates.csv")
    }


def release_due(today: datetime.date) -> str:
    """Return the month whose national release should be out by a day, by the calendar.

    Examples
    --------
    >>> release_due(datetime.date(2026, 9, 20))
    '2026-08'
    """
    return max(month for month, (day, _) in release_dates().items() if day < today)


def dated(table: pd.DataFrame, *, today: datetime.date) -> pd.DataFrame:
    """Return Observations with an issue date in each row: the calendar's, or by rule.

    Parameters
    ----------
    table : DataFrame
        Observations. A date that stands in a row stays. The calendar is of national figures; other
        regions are dated by rule.
    today : date
        No row is dated later: what is here was published.

    Examples
    --------
    >>> import pandas as pd
    >>> month = pd.PeriodIndex(["2026-08", "2026-08"], freq="M")
    >>> rows = {"region_code": ["000000", "610000"], "period": month, "issued": pd.NaT, "note": ""}
    >>> told = dated(pd.DataFrame(rows), today=datetime.date(2026, 11, 27))
    >>> told["issued"].dt.strftime("%Y-%m-%d").tolist()
    ['2026-09-15', '2026-09-30']
    """
    import pandas as pd

    from faiwatch.data.newest import issue_dates

    limit = pd.Timestamp(today)
    undated = table["issued"].isna()
    known = release_dates()
    is_nation = table["region_code"] == NATION
    months = table["period"].astype("str").where(is_nation & undated, "")
    by_calendar = months.map({month: pd.Timestamp(day) for month, (day, _) in known.items()})
    days = by_calendar.astype("datetime64[ns]").fillna(issue_dates(table))
    days = days.where(days <= limit, limit)
    said = months.map({month: AS_PLANNED for month, (_, how) in known.items() if how == PLANNED})
    said = said.astype("object").where(by_calendar.notna(), BY_RULE).fillna("")
    notes = pd.Series(
        [_joined(*both) for both in zip(table["note"], said, strict=True)], table.index
    )
    return table.assign(
        issued=table["issued"].astype("datetime64[ns]").where(~undated, days),
        note=table["note"].where(~undated, notes).astype("str"),
    )


def _joined(note: str, more: str) -> str:
    """Return two notes as one, language by language."""
    if not note or not more:
        return note or more
    (zh, _, en), (more_zh, _, more_en) = note.partition(" | "), more.partition(" | ")
    return f"{zh}；{more_zh} | {en or zh}; {more_en}"
