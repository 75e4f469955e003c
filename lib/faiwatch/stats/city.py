"""A city over its districts: who stands where, who turned, and what each adds.

Everything is read at one month, the city's. A district whose figure of that month is not known
stays in the list without a place, and whatever counts districts says of how many it speaks.
Method: ``docs/methods/city.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from faiwatch.core.text import Text
from faiwatch.stats.cumulative import month_before
from faiwatch.stats.negative import DEFINITIONS, flags, runs

# Sign of growth, and whether it reaches the city's: four classes that need no rule book.
CLASSES: Mapping[str, Text] = {
    "rising_ahead": Text("增长，不低于全市", "growing, at the city's rate or above"),
    "rising_behind": Text("增长，低于全市", "growing, below the city"),
    "falling_ahead": Text("下降，降幅不大于全市", "falling, no faster than the city"),
    "falling_behind": Text("下降，降幅大于全市或全市增长", "falling, below the city"),
    "missing": Text("待补", "not available"),
}


@dataclass(frozen=True)
class CityFacts:
    """Figures of a city and its districts up to a month.

    Attributes
    ----------
    city : str
        Code of the city.
    districts : tuple of str
        Codes of its districts, in the order of the list.
    month : Period
        The month that everything is read at.
    measured : DataFrame
        Measures of the total of all of them.
    targets : mapping of str to float
        Growth that a district (or the city) is to reach this year, percent; those that have none
        are not in it.
    month_targets : mapping of str to float
        Growth of the year to date that it is to reach by the month; likewise.
    """

    city: str
    districts: tuple[str, ...]
    month: pd.Period
    measured: pd.DataFrame
    targets: Mapping[str, float] = field(default_factory=dict)
    month_targets: Mapping[str, float] = field(default_factory=dict)

    @cached_property
    def flagged(self) -> pd.DataFrame:
        """Their flags."""
        return flags(self.measured, as_of=str(self.month))

    @cached_property
    def runs(self) -> pd.DataFrame:
        """Their spells of negative growth."""
        return runs(self.flagged)

    @cached_property
    def growth(self) -> pd.DataFrame:
        """Published growth: a row a release, a column a region; NaN = not known."""
        wide = self.measured.pivot(index="period", columns="region_code", values="ytd_yoy_pct")
        known = wide[wide.index <= self.month]
        return known.reindex(columns=[self.city, *self.districts])

    @property
    def city_growth_pct(self) -> float:
        """Growth of the city at the month; NaN = not known."""
        return float(self._at(self.month)[self.city])

    @property
    def before(self) -> pd.Period:
        """The release before the month."""
        return month_before(self.month)

    def _at(self, month: pd.Period) -> pd.Series:
        rows = self.growth[self.growth.index == month]
        return rows.iloc[0] if len(rows) else pd.Series(np.nan, index=self.growth.columns)

    @cached_property
    def standing(self) -> pd.DataFrame:
        """Where each district stands, best growth first; those without a figure last.

        Returns
        -------
        DataFrame
            ``region_code`` · ``rank`` and ``rank_before`` (1 = highest growth) · ``ytd_yoy_pct`` ·
            ``before_yoy_pct`` · ``change_pp`` · ``city_gap_pp`` (growth less the city's) ·
            ``target_growth_pct`` · ``target_gap_pp`` (growth less its own target) ·
            ``month_target_pct`` · ``month_target_gap_pp`` (likewise, of the month) · ``place``
            (:data:`CLASSES`) · ``n_releases n_months`` of the spell still going on by each
            definition (0 = none, NaN = the state of the month is not known) ·
            ``last_releases last_months`` (how long it has been last) · ``weight_pct`` (share of
            the districts' comparable base) · ``contribution_pp`` (to the growth of all districts
            together); NaN = not known.
        """
        codes = list(self.districts)
        now, then = self._at(self.month)[codes], self._at(self.before)[codes]
        january = self.month.month == 2  # a year to date has no release before it in February
        target, by_month = (
            pd.Series(some, dtype="float64").reindex(codes)
            for some in (self.targets, self.month_targets)
        )
        table = pd.DataFrame(
            {
                "region_code": codes,
                "rank": now.rank(ascending=False, method="min"),
                "rank_before": then.rank(ascending=False, method="min"),
                "ytd_yoy_pct": now,
                "before_yoy_pct": then,
                "change_pp": np.nan if january else now - then,
                "city_gap_pp": now - self.city_growth_pct,
                "target_growth_pct": target,
                "target_gap_pp": now - target,
                "month_target_pct": by_month,
                "month_target_gap_pp": now - by_month,
                "place": place_of(now, self.city_growth_pct),
            },
            index=pd.Index(codes, name="code"),
        )
        at = self.measured[self.measured["period"] == self.month].set_index("region_code")
        at = at.reindex(codes)
        weight = 100 * at["base_100m"] / at["base_100m"].sum(skipna=False)
        added = weight * at["ytd_yoy_pct"] / 100
        shares = pd.DataFrame({"weight_pct": weight, "contribution_pp": added})
        table = table.join(self._spells()).join(self._last()).join(shares)
        order = table["ytd_yoy_pct"].sort_values(ascending=False, kind="stable").index
        return table.loc[order].reset_index(drop=True)

    def _spells(self) -> pd.DataFrame:
        """Return how long each is negative by each definition, at the month."""
        codes = list(self.districts)
        found: dict[str, pd.Series] = {}
        for name in DEFINITIONS:
            at = self.flagged["definition"].eq(name) & (self.flagged["period"] == self.month)
            state = self.flagged[at].set_index("region_code")["state"].reindex(codes)
            open_now = self.runs["definition"].eq(name) & (self.runs["end"] == self.month)
            spell = self.runs[open_now].set_index("region_code").reindex(codes)
            unknown = state.astype("object").isin(["missing", np.nan]).to_numpy()
            for count in ("n_releases", "n_months"):
                told = spell[count].astype("float64").fillna(0.0)
                found[f"{count}_{name}"] = told.mask(unknown)
            if name == "ytd":
                found["since"] = spell["start"].astype(pd.PeriodDtype("M"))
                found["is_lower_bound"] = spell["is_lower_bound"].eq(True)
        return pd.DataFrame(found, index=codes)

    def _last(self) -> pd.DataFrame:
        """Return how long each has had the lowest growth of all, up to the month."""
        wide = self.growth[list(self.districts)]
        latest = wide.iloc[::-1]
        is_last = latest.eq(latest.min(axis="columns"), axis="index") & latest.notna()
        due, going_on = self.month, []
        for month in latest.index:  # back release by release, until one is missing
            if month != due:
                break
            going_on.append(month)
            due = month_before(due)
        lasting = is_last.loc[going_on].cummin() if going_on else is_last.iloc[:0]
        months = [2 if month.month == 2 else 1 for month in going_on]
        unknown = self._at(self.month)[list(self.districts)].isna()
        counted = {"last_releases": lasting, "last_months": lasting.mul(months, axis="index")}
        return pd.DataFrame(
            {name: each.sum().astype("float64").mask(unknown) for name, each in counted.items()}
        )

    @property
    def has_levels(self) -> bool:
        """Whether every district has a level at the month, so that sizes can be told."""
        return bool(self.standing["weight_pct"].notna().all())

    @property
    def known(self) -> pd.DataFrame:
        """The districts with a figure of the month."""
        return self.standing[self.standing["ytd_yoy_pct"].notna()]

    @cached_property
    def turned(self) -> pd.DataFrame:
        """Districts whose growth changed its sign with the last release.

        Returns
        -------
        DataFrame
            ``region_code direction before_yoy_pct ytd_yoy_pct``; `direction` is
            ``turned_negative`` or ``turned_positive`` (to zero or above).
        """
        table = self.known[self.known["before_yoy_pct"].notna()]
        fell = (table["before_yoy_pct"] >= 0) & (table["ytd_yoy_pct"] < 0)
        rose = (table["before_yoy_pct"] < 0) & (table["ytd_yoy_pct"] >= 0)
        told = table.assign(direction=np.where(fell, "turned_negative", "turned_positive"))
        columns = ["region_code", "direction", "before_yoy_pct", "ytd_yoy_pct"]
        return told.loc[fell | rose, columns].reset_index(drop=True)

    def places(self, months: int) -> pd.DataFrame:
        """Return the class of each district at each release of the last months.

        Returns
        -------
        DataFrame
            ``period region_code ytd_yoy_pct place``.
        """
        wide = self.growth[self.growth.index > self.month - months]
        tables = [
            pd.DataFrame(
                {
                    "period": wide.index,
                    "region_code": code,
                    "ytd_yoy_pct": wide[code],
                    "place": place_of(wide[code], wide[self.city]),
                }
            )
            for code in self.districts
        ]
        return pd.concat(tables, ignore_index=True)


def place_of(growth: pd.Series, city: pd.Series | float) -> pd.Series:
    """Return the class of each growth; without the city's growth a figure is its sign alone.

    A district is compared with the city as it is: where the city's growth is not known it counts
    as ahead when it grows and as behind when it falls, which is what its sign says.

    Examples
    --------
    >>> place_of(pd.Series([3.0, -1.0, -9.0, float("nan")]), -2.0).to_list()
    ['rising_ahead', 'falling_ahead', 'falling_behind', 'missing']
    >>> place_of(pd.Series([3.0, -1.0]), float("nan")).to_list()
    ['rising_ahead', 'falling_behind']
    """
    compared = growth * 0 + city
    ahead = (growth >= compared).where(compared.notna(), growth >= 0)
    sign = np.where(growth < 0, "falling", "rising")
    side = np.where(ahead.astype(bool), "ahead", "behind")
    told = pd.Series([f"{one}_{two}" for one, two in zip(sign, side, strict=True)], growth.index)
    return told.mask(growth.isna(), "missing")
