"""What each part adds to the growth of the total. Method: ``docs/methods/contributions.md``.

Parts belong to different cuts of one total (sectors, industries, ownership), which must not be
added across cuts. Only primary, secondary and tertiary add up to the total.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

SECTORS = ("primary", "secondary", "tertiary")
EXCLUDING_REAL_ESTATE = "excluding_real_estate"
OTHER = "other"
REAL_ESTATE_CUT = ("real_estate_development", EXCLUDING_REAL_ESTATE)
CONTRIBUTION_COLUMNS = [
    "region_code",
    "period",
    "indicator",
    "yoy_pct",
    "share_of_base_pct",
    "contribution_pp",
    "basis",
    "share_period",
]


def contributions(measured: pd.DataFrame, *, total: str = "total") -> pd.DataFrame:
    """Return the contribution of each part to the growth of the total, in percentage points.

    Parameters
    ----------
    measured : DataFrame
        Measures of the total and its parts, one or more regions.
    total : str
        The indicator that is the total.

    Returns
    -------
    DataFrame
        ``region_code period indicator yoy_pct share_of_base_pct contribution_pp basis
        share_period``, for every part with published growth, plus ``excluding_real_estate``
        (what the rest of the total did) and ``other`` (total less the three sectors: rounding
        and revision). ``basis`` is ``same_release`` when levels of part and total were published
        with the growth; ``earlier_release`` when the share comes from the same months one or two
        years before, or else from the last release of the same year that has one
        (``share_period``): an assumption that readers are told; ``missing`` when
        none is known, and then share and contribution are NaN.

    Notes
    -----
    ``c_i = (C_i - B_i) / B = (B_i / B) g_i`` with comparable bases ``B``; never differences of
    published levels.
    """
    month, figures = ["region_code", "period"], ["yoy_pct", "ytd_value_100m", "base_100m"]
    known = measured.assign(yoy_pct=measured["ytd_yoy_pct"])
    of_total = known.loc[known["indicator"] == total, [*month, *figures]]
    parts = known.loc[known["indicator"] != total, [*month, "indicator", *figures]]
    both = _with_shares(parts.merge(of_total, on=month, suffixes=("", "_total")))
    both = both[both["yoy_pct"].notna()]
    both = both.assign(contribution_pp=both["share_of_base_pct"] * both["yoy_pct"] / 100)
    rows = [both, _excluding_real_estate(both), _other(both)]
    found = pd.concat([part[CONTRIBUTION_COLUMNS] for part in rows], ignore_index=True)
    return found.sort_values(["region_code", "period", "indicator"], ignore_index=True)


def latest_parts(found: pd.DataFrame) -> pd.DataFrame:
    """Return the contributions of the latest month that has any, the largest drag first.

    Parameters
    ----------
    found : DataFrame
        Result of :func:`contributions` of one region.
    """
    ordered = found.sort_values("contribution_pp")
    latest: pd.DataFrame = ordered[ordered["period"] == found["period"].max()]
    return latest.reset_index(drop=True)


def _with_shares(both: pd.DataFrame) -> pd.DataFrame:
    """Add the share of the comparable base, and which published levels it rests on.

    Last year's published share is this year's base share but for the revision of the base. One
    year further back it is carried on with both growth rates of last year.
    """
    both = both.assign(
        exact=100 * both["base_100m"] / both["base_100m_total"],
        published=100 * both["ytd_value_100m"] / both["ytd_value_100m_total"],
        outgrowth=(1 + both["yoy_pct"] / 100) / (1 + both["yoy_pct_total"] / 100),
    )
    last, before = _months_ago(both, 12), _months_ago(both, 24)
    carried = before["published"] * last["outgrowth"]
    share = both["exact"].fillna(last["published"]).fillna(carried)
    months = np.select(
        [both["exact"].notna(), last["published"].notna(), carried.notna()], [0, 12, 24], -1
    )
    both = both.assign(
        share_of_base_pct=share,
        share_period=(both["period"] - pd.Series(months, both.index)).where(months >= 0),
        basis=np.select([months == 0, months > 0], ["same_release", "earlier_release"], "missing"),
    )
    return _within_the_year(both)


def _within_the_year(both: pd.DataFrame) -> pd.DataFrame:
    """Fill shares that no other year tells from the last release before of the same year.

    Only the past is used, so that later figures change no contribution of an earlier month.
    """
    ordered = both.sort_values(["region_code", "indicator", "period"])
    year = [ordered["region_code"], ordered["indicator"], ordered["period"].dt.year]
    shares = ordered[["share_of_base_pct", "share_period"]]
    filled = shares.groupby(year, sort=False).ffill().reindex(both.index)
    is_filled = both["share_of_base_pct"].isna() & filled["share_of_base_pct"].notna()
    basis = both["basis"].mask(is_filled, "earlier_release")
    return both.assign(
        basis=basis,
        share_of_base_pct=filled["share_of_base_pct"],
        share_period=filled["share_period"],
    )


def _months_ago(both: pd.DataFrame, months: int) -> pd.DataFrame:
    """Return published share and growth ratio of the same months of an earlier year, row by row."""
    keys = ["region_code", "indicator", "period"]
    then = both[[*keys, "published", "outgrowth"]].assign(period=both["period"] + months)
    return both[keys].merge(then, on=keys, how="left").set_index(both.index)


def _excluding_real_estate(both: pd.DataFrame) -> pd.DataFrame:
    """Return the rest of the total once real-estate development is taken out."""
    estate = both[
        (both["indicator"] == "real_estate_development") & both["contribution_pp"].notna()
    ]
    rest = 100 - estate["share_of_base_pct"]
    contribution = estate["yoy_pct_total"] - estate["contribution_pp"]
    return estate.assign(
        indicator=EXCLUDING_REAL_ESTATE,
        share_of_base_pct=rest,
        contribution_pp=contribution,
        yoy_pct=100 * contribution / rest,
    )


def _other(both: pd.DataFrame) -> pd.DataFrame:
    """Return what the three sectors leave over of the total, where all three are known."""
    sectors = both[both["indicator"].isin(SECTORS) & both["contribution_pp"].notna()]
    month = ["region_code", "period"]
    sizes = sectors.groupby(month, sort=False)["indicator"].transform("size")
    added = sectors[sizes == len(SECTORS)].groupby(month, sort=False, as_index=False)
    left = added.agg(
        yoy_pct_total=("yoy_pct_total", "first"),
        share_period=("share_period", "first"),
        contribution_pp=("contribution_pp", "sum"),
        share_of_base_pct=("share_of_base_pct", "sum"),
        basis=("basis", "min"),  # "earlier_release" sorts before "same_release"
    )
    return left.assign(
        indicator=OTHER,
        contribution_pp=left["yoy_pct_total"] - left["contribution_pp"],
        share_of_base_pct=100 - left["share_of_base_pct"],
        yoy_pct=float("nan"),
    )
