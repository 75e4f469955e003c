"""What page ``04_forecast`` asks of an open page: forecast, track record, why it changed."""

from __future__ import annotations

import pandas as pd

from faiwatch.core.text import Text
from faiwatch.data.events import event_months, events
from faiwatch.data.reference import EVERY_INDICATOR, breaks_of
from faiwatch.data.schema import KEYS
from faiwatch.data.source import data_source
from faiwatch.forecast.cached import SHARED_HORIZON, outlook_of, track_record_of
from faiwatch.forecast.change import forecast_change
from faiwatch.forecast.members.members import PLAIN, names_of
from faiwatch.forecast.probability import full_year_negative
from faiwatch.forecast.prospect import Prospect
from faiwatch.forecast.track_record import is_beaten_by_seasonal_naive
from faiwatch.page.page import Page
from faiwatch.stats.cumulative import RELEASES_A_YEAR, release_number, release_periods
from faiwatch.stats.scopes import scope_in_force

LEFT_OUT_COLUMNS = ["period", "what_zh", "what_en", "effect_zh", "effect_en"]


def prospect_of(
    page: Page, indicator: str, *, horizon: int = SHARED_HORIZON, models: str = "pool"
) -> Prospect:
    """Return what comes next in one series of the page's region, and how good it was before.

    Parameters
    ----------
    page : Page
        Open.
    indicator : str
        Its name.
    horizon : int
        Releases ahead, a year at least.
    models : str
        ``pool``, or names of members separated by commas. What is no better than seasonal naive
        on this series, by its track record, is replaced by seasonal naive.

    Raises
    ------
    DataMissingError
        The series has no figure, or no growth is published.
    """
    figures = page.figures_of([page.parameters.region], indicator)
    vintages = None
    if data_source(page.parameters.data).keeps_vintages:
        vintages = page.issued_of(figures)
    asked = names_of(models)
    tracked = record = track_record_of(figures, vintages=vintages, names=asked)
    used = PLAIN[:1] if is_beaten_by_seasonal_naive(tracked) else asked
    if used != asked:
        record = track_record_of(figures, vintages=vintages, names=used)
    found = outlook_of(figures, horizon=horizon, names=used)
    return Prospect(
        page.name(indicator),
        found.measured,
        found.series,
        found.paths,
        record,
        tracked,
        asked,
        used,
        page.as_of,
    )


def change_of(page: Page, prospect: Prospect) -> pd.DataFrame:
    """Return why the forecast of the full year is not what it was before the last release.

    Returns
    -------
    DataFrame
        As of :func:`faiwatch.forecast.change.forecast_change`.
    """
    indicator = str(prospect.measured["indicator"].iloc[0])
    figures = page.figures_of([page.parameters.region], indicator)
    then = page.before_last_release(figures)
    year = full_year_negative(prospect.paths)
    assert year is not None  # the page's horizon is a year at least
    return forecast_change(
        scope_in_force(then),
        scope_in_force(figures),
        period=year[0],
        events=sorted(event_months(indicator)),
        names=prospect.used,
    )


def left_out(prospect: Prospect) -> pd.DataFrame:
    """Return the releases that the fit leaves out, and where the scope changed, with reasons.

    Returns
    -------
    DataFrame
        :data:`LEFT_OUT_COLUMNS`: what happened and what the models do about it, in both
        languages; only of the months that the series reaches.
    """
    region, indicator = prospect.measured[KEYS].iloc[0]
    rows = []
    for one in events():
        if one.indicator in {EVERY_INDICATOR, indicator}:
            rows.append((one.period, one.what, _NOT_FITTED))
            if prospect.series.basis == "published_growth":
                rows.append((_a_year_later(one.period), one.what, _BASE_OF_A_YEAR_LATER))
    rows += [
        (change.period, change.what, _CUT if change.divides else _CHAINED)
        for change in breaks_of(region, indicator)
    ]
    months = prospect.measured["period"].astype(str)
    return pd.DataFrame(
        [
            (period, what.zh, what.en, effect.zh, effect.en)
            for period, what, effect in sorted(rows, key=lambda row: row[0])
            if months.min() <= period <= months.max()
        ],
        columns=LEFT_OUT_COLUMNS,
    )


def _a_year_later(month: str) -> str:
    number = release_number(pd.PeriodIndex([month], freq="M")) + RELEASES_A_YEAR
    return str(release_periods(number)[0])


_NOT_FITTED = Text(
    "不参与拟合；仍在增速的基数中", "left out of the fit; stays in the base of growth"
)
_BASE_OF_A_YEAR_LATER = Text(
    "次年同期也不参与拟合：基数是事件月", "a year later, left out too: its base is the event"
)
_CUT = Text("只用此后的数据", "only figures from here on are used")
_CHAINED = Text("两侧增速各自可比，照常使用", "growth is comparable on either side and is used")
