"""What was known when: figures as of an issue date, and how they were revised.

A table of vintages has the columns of Observations and one row for each time a figure was issued
(:meth:`faiwatch.data.source.DataSource.vintages`). Method: ``docs/methods/vintages.md``.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from faiwatch.core.errors import DataMissingError
from faiwatch.core.phrases import say
from faiwatch.data.newest import figure_steps, issue_dates, newest_figures
from faiwatch.data.schema import FIGURES, KEYS
from faiwatch.stats.cumulative import LATEST, Array

TRIANGLE_COLUMNS = [*KEYS, "period", "issued", "release", "value", "change", "since_first"]
STATISTICS_COLUMNS = [
    *KEYS,
    "n_revisions",
    "mean",
    "mean_absolute",
    "standard_error",
    "t_value",
    "p_value",
    "is_significant",
]
SIGNIFICANCE_LEVEL = 0.05
_FEWEST_REVISIONS = 8  # a t-test on fewer says more about luck than about the office


def issue_cutoff(as_of: str) -> pd.Timestamp | None:
    """Return the last day on which a figure may have been issued to be known.

    Parameters
    ----------
    as_of : str
        A reference month ``YYYY-MM``, whose release comes in the month after it: the last day
        of that month. A day ``YYYY-MM-DD``: that day. ``latest``: None, everything is known.

    Examples
    --------
    >>> issue_cutoff("2026-08").date().isoformat(), issue_cutoff("2026-09-14").day
    ('2026-09-30', 14)
    """
    if as_of == LATEST:
        return None
    if len(as_of) > len("YYYY-MM"):
        return pd.Timestamp(as_of)
    return (pd.Period(as_of, "M") + 1).to_timestamp(how="end").normalize()


def issued_by(vintages: pd.DataFrame, as_of: str) -> pd.DataFrame:
    """Return the rows that had been issued by then, and of no month after it.

    Parameters
    ----------
    vintages : DataFrame
        Observations, several rows a month allowed. A row without issue date counts as issued on
        the last day of the month after its reference month, so that a table without any issue
        date is cut by reference month alone.
    as_of : str
        As for :func:`issue_cutoff`.

    Raises
    ------
    DataMissingError
        When nothing had been issued; the message names the first issue date there is.
    """
    cutoff = issue_cutoff(as_of)
    if cutoff is None:
        return vintages.copy()
    dates = issue_dates(vintages)
    known = vintages[(dates <= cutoff) & (vintages["period"] <= pd.Period(as_of, "M"))]
    if known.empty and not vintages.empty:
        raise DataMissingError(
            say("stats.vintages.nothing_been_issued", as_of=as_of),
            where="as_of",
            got=as_of,
            allowed=say(
                "stats.vintages.first_issued", period=vintages["period"].min(), dates=dates.min()
            ),
        )
    return known.reset_index(drop=True)


def known_at(vintages: pd.DataFrame, as_of: str) -> pd.DataFrame:
    """Return the figures as they stood then: one row for each region, indicator and month.

    Parameters
    ----------
    vintages : DataFrame
        As for :func:`issued_by`.
    as_of : str
        ``YYYY-MM``, ``YYYY-MM-DD`` or ``latest``.

    Returns
    -------
    DataFrame
        Observations, sorted.

    Raises
    ------
    DataMissingError
        When nothing had been issued.

    Examples
    --------
    >>> frame = pd.DataFrame(
    ...     {
    ...         "region_code": "000000",
    ...         "indicator": "total",
    ...         "period": pd.PeriodIndex(["2026-08"] * 2, freq="M"),
    ...         "ytd_value_100m": float("nan"),
    ...         "ytd_yoy_pct": [0.1, -0.2],
    ...         "issued": pd.to_datetime(["2026-09-15", "2026-10-20"]),
    ...     }
    ... )
    >>> known_at(frame, "2026-08")["ytd_yoy_pct"].item(), known_at(frame, "latest").shape[0]
    (0.1, 1)
    """
    return newest_figures(issued_by(vintages, as_of))


def before_last_release(vintages: pd.DataFrame, as_of: str) -> pd.DataFrame:
    """Return the figures as they stood just before the last release known at `as_of`.

    Parameters
    ----------
    vintages : DataFrame
        Of the series that are looked at; the last release is the last that changed any of them.
    as_of : str
        ``YYYY-MM``, ``YYYY-MM-DD`` or ``latest``.

    Returns
    -------
    DataFrame
        Observations, sorted; empty when there was only one release. Where the last figures have
        no issue date, all of their reference month is the last release.
    """
    steps = figure_steps(issued_by(vintages, as_of))
    published = steps[steps[FIGURES].notna().any(axis=1)]
    dates = issue_dates(published)
    last = dates.max()
    of_last = published[dates == last]
    if of_last["issued"].isna().any():
        last = last.replace(day=1)  # its date is by rule; dated rows of that month belong to it
    return newest_figures(steps[issue_dates(steps) < last])


def revision_triangle(
    vintages: pd.DataFrame, *, figure: str = "ytd_yoy_pct", as_of: str = LATEST
) -> pd.DataFrame:
    """Return what each release said of each month.

    Parameters
    ----------
    vintages : DataFrame
        Observations, several rows a month.
    figure : {"ytd_yoy_pct", "ytd_value_100m"}
        Which published figure.
    as_of : str
        Leave out what was issued later.

    Returns
    -------
    DataFrame
        ``region_code indicator period issued release value change since_first``, by month and
        issue date. ``release`` counts from 1. ``change`` is against the release before (NaN for
        the first), ``since_first`` against the first. A release that repeats a figure has a row,
        with a change of 0; one that leaves it out has none.

    Examples
    --------
    >>> frame = pd.DataFrame(
    ...     {
    ...         "region_code": "000000",
    ...         "indicator": "total",
    ...         "period": pd.PeriodIndex(["2026-08"] * 2, freq="M"),
    ...         "ytd_yoy_pct": [1.0, -0.5],
    ...         "issued": pd.to_datetime(["2026-09-15", "2026-10-20"]),
    ...     }
    ... )
    >>> revision_triangle(frame)[["release", "value", "since_first"]].to_numpy().tolist()
    [[1.0, 1.0, 0.0], [2.0, -0.5, -1.5]]
    """
    known = issued_by(vintages, as_of)
    known = known.assign(issued=issue_dates(known), value=known[figure])
    release = [*KEYS, "period", "issued"]
    known = known[known["value"].notna()].sort_values(release, kind="stable", ignore_index=True)
    # two ingests of one day are one release; the later is the better reading
    known = known.drop_duplicates(release, keep="last", ignore_index=True)
    months = known.groupby([*KEYS, "period"], sort=False)
    return known.assign(
        release=months.cumcount() + 1,
        change=months["value"].diff(),
        since_first=known["value"] - months["value"].transform("first"),
    )[TRIANGLE_COLUMNS]


def revision_statistics(triangle: pd.DataFrame) -> pd.DataFrame:
    """Return how the figures of each series were revised from first to last release.

    Parameters
    ----------
    triangle : DataFrame
        Result of :func:`revision_triangle`.

    Returns
    -------
    DataFrame
        ``region_code indicator n_revisions mean mean_absolute standard_error t_value p_value
        is_significant``, one row a series. A month counts when it was released at least twice
        and was the newest month when it was first: the first vintage of a store holds months
        that were revised before anybody kept them. ``standard_error`` and the test are NaN below
        eight months, or when all revisions are equal; ``is_significant`` is then False.

    Notes
    -----
    Revision ``R = last - first``, in the unit of the figure. Mean ``sum(R) / n``, mean absolute
    ``sum(|R|) / n``. The t-value of the mean uses the Newey-West variance, because neighbouring
    months share their revisions; ``p_value`` is two-sided with n - 1 degrees of freedom.

    References
    ----------
    Newey, W. and West, K. (1987), Econometrica 55(3), 703-708, doi:10.2307/1913610.
    """
    months = triangle.groupby([*KEYS, "period"], sort=True)
    summary = months.agg(
        first=("issued", "first"), n=("release", "max"), revision=("since_first", "last")
    ).reset_index()
    summary = summary.sort_values([*KEYS, "first", "period"], ignore_index=True)
    month = summary["period"].dt.year * 12 + summary["period"].dt.month
    by_series = [summary[name] for name in KEYS]
    was_newest = (month == month.groupby(by_series).cummax()) & (
        month == month.groupby([*by_series, summary["first"]]).transform("max")
    )
    counted = summary[(summary["n"] > 1) & was_newest]
    rows = [
        dict(zip(KEYS, key, strict=True)) | _statistics(group["revision"].to_numpy())
        for key, group in counted.groupby(KEYS, sort=True)
    ]
    return pd.DataFrame(rows, columns=STATISTICS_COLUMNS)


def _statistics(revisions: Array) -> dict[str, float | int | bool]:
    error = t_value = p_value = float("nan")
    if len(revisions) >= _FEWEST_REVISIONS and np.ptp(revisions) > 0:
        # imported here, for this test alone, and not OLS, which takes a second to import
        from scipy.special import stdtr  # type: ignore[import-untyped]
        from statsmodels.stats.sandwich_covariance import (  # type: ignore[import-untyped]
            S_hac_simple,
        )

        n, mean = len(revisions), revisions.mean()
        lags = int(4 * (n / 100) ** (2 / 9))  # Newey and West's usual choice
        variance = float(S_hac_simple(revisions - mean, lags)[0, 0]) / n
        error = math.sqrt(variance / (n - 1))
        t_value = float(mean / error)
        p_value = float(2 * stdtr(n - 1, -abs(t_value)))
    return {
        "n_revisions": len(revisions),
        "mean": float(revisions.mean()),
        "mean_absolute": float(np.abs(revisions).mean()),
        "standard_error": error,
        "t_value": t_value,
        "p_value": p_value,
        "is_significant": p_value < SIGNIFICANCE_LEVEL,
    }
