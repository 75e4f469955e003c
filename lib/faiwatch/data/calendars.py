"""The two calendars of releases, and everything that differs between them.

A *cumulative* series is published since January: its first release of a year covers January and
February, so eleven releases make a year and each figure is a year to date. A *monthly* series
has twelve releases a year, each the value and growth of its own month. An indicator names its
calendar (:mod:`faiwatch.data.reference`); decision: ``docs/adr/0020-calendars.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from faiwatch.core.text import Language, block_name, month_name, window_name

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a series is released, and what a release covers.

    Attributes
    ----------
    name : str
        As in the column ``calendar`` of a table of indicators.
    first_month : int
        Month of the first release of a year: 2 where January has none of its own, else 1.

    Examples
    --------
    >>> CUMULATIVE.a_year, CUMULATIVE.window("2026-08", "en"), MONTHLY.window("2026-08", "en")
    (11, 'January–August 2026', 'August 2026')
    """

    name: str
    first_month: int

    @property
    def is_cumulative(self) -> bool:
        """Whether figures are years to date; else each is of its month alone."""
        return self.first_month > 1

    @property
    def a_year(self) -> int:
        """Releases that make a year."""
        return 13 - self.first_month

    def before(self, month: pd.Period) -> pd.Period:
        """Return the month of the release before.

        Examples
        --------
        >>> import pandas as pd
        >>> [str(one.before(pd.Period("2026-02", "M"))) for one in (CUMULATIVE, MONTHLY)]
        ['2025-12', '2026-01']
        """
        return month - self.behind(month.month)

    def after(self, month: pd.Period) -> pd.Period:
        """Return the month of the release that follows."""
        return month + self.ahead(month.month)

    def behind(self, month: int) -> int:
        """Return how many months the release before one of a month of the year is away.

        Examples
        --------
        >>> CUMULATIVE.behind(2), CUMULATIVE.behind(8), MONTHLY.behind(2)
        (2, 1, 1)
        """
        return self.first_month if month == self.first_month else 1

    def ahead(self, month: int) -> int:
        """Return how many months the release after one of a month of the year is away.

        Examples
        --------
        >>> CUMULATIVE.ahead(12), CUMULATIVE.ahead(8), MONTHLY.ahead(12)
        (2, 1, 1)
        """
        return self.first_month if month == 12 else 1

    def window(self, month: str, lang: Language, *, year: bool = True) -> str:
        """Return what a published figure covers, in words."""
        return (window_name if self.is_cumulative else month_name)(month, lang, year=year)

    def block(self, month: str, lang: Language, *, year: bool = True) -> str:
        """Return what a release adds, in words."""
        return (block_name if self.is_cumulative else month_name)(month, lang, year=year)


CUMULATIVE = Calendar("cumulative", 2)
MONTHLY = Calendar("monthly", 1)
CALENDARS: Mapping[str, Calendar] = {one.name: one for one in (CUMULATIVE, MONTHLY)}
# The figures of an observation, and what they are called where a figure is of its month alone.
OF_THE_MONTH: Mapping[str, str] = {
    "ytd_value_100m": "value_100m",
    "ytd_yoy_pct": "yoy_pct",
    "ytd_yoy_lo_pct": "yoy_lo_pct",
    "ytd_yoy_hi_pct": "yoy_hi_pct",
}
