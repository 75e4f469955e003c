"""The figures that a page or an object of the API may know: loaded, cut at a month, checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from faiwatch.core.errors import DataMissingError, nearest, refused
from faiwatch.core.text import Text
from faiwatch.data.parameter_types import LATEST
from faiwatch.data.reference import check_exceptions, indicator_named, scope_breaks
from faiwatch.data.regions import code_of_region, nearest_region, region_named
from faiwatch.data.source import DataSource
from faiwatch.stats.checks import check_observations, raise_on_errors
from faiwatch.stats.cumulative import refuse_late
from faiwatch.stats.vintages import issued_by, known_at


@dataclass(frozen=True)
class Known:
    """Figures up to a month.

    Attributes
    ----------
    issued : DataFrame
        A row for each time a figure was issued.
    figures : DataFrame
        The newest of each month.
    as_of, reached : str
        The month asked for (with ``latest`` the last with growth), and the last with growth.
    """

    issued: pd.DataFrame
    figures: pd.DataFrame
    as_of: str
    reached: str


def known_figures(
    source: DataSource, regions: Sequence[str], as_of: str, *, indicator: str | None = None
) -> Known:
    """Return the figures of some regions as known at a month.

    Parameters
    ----------
    source : DataSource
        Where they come from.
    regions : sequence of str
        Codes; what is wrong with others is no business of whoever asks.
    as_of : str
        ``YYYY-MM`` or ``latest``.
    indicator : str, optional
        Name or label of the one whose last month ``latest`` means; any by default.

    Raises
    ------
    ParameterError
        There is no such region or indicator.
    DataMissingError
        No growth is published up to the month, or it ends more than three releases before it.
    DataInvalidError
        A check found an error in the figures of the regions.
    """
    issued = issued_by(source.vintages(), as_of)
    issued = issued[issued["region_code"].isin(regions)].reset_index(drop=True)
    _refuse_unknown(source, regions, issued, indicator)
    figures = known_at(issued, LATEST)
    raise_on_errors(
        check_observations(figures, exceptions=check_exceptions(), breaks=scope_breaks())
    )
    asked = figures
    if indicator is not None:
        name = indicator_asked(indicator, list(figures["indicator"].unique()))
        asked = figures[figures["indicator"] == name]
    last = asked.loc[asked["ytd_yoy_pct"].notna(), "period"].max()
    if pd.isna(last):
        raise DataMissingError(
            Text("截至该月没有公布的增速", "no growth is published up to this month"),
            where=" ".join([*regions, indicator or ""]).strip(),
            got=as_of,
        )
    if as_of == LATEST:
        return Known(issued, figures, str(last), str(last))
    refuse_late(last, pd.Period(as_of, "M"))
    return Known(issued, figures, as_of, str(last))


def region_asked(named: str | int, source: DataSource) -> str:
    """Return the code of a region that a source has figures of.

    Raises
    ------
    ParameterError
        It has none; the message holds the nearest name.
    """
    code, there = code_of_region(named), source.regions()
    if code in there:
        return code
    shown = sorted(there)[:8]
    words = "、".join(f"{one} {region_named(one).name.zh}" for one in shown)
    english = ", ".join(f"{one} {region_named(one).name.en}" for one in shown)
    more = Text(f"{words} 等{len(there)}个", f"{english} … ({len(there)} in all)")
    todo = nearest(code, there) or nearest_region(str(named))
    raise refused("region", named, more, todo)


def indicator_asked(named: str, there: Sequence[str]) -> str:
    """Return the name of an indicator that somebody calls by its name or label.

    Examples
    --------
    >>> indicator_asked("民间投资", ["total", "private"])
    'private'
    """
    wanted = named.strip().casefold()
    for name in there:
        label = indicator_named(name).label
        if wanted in {name, label.zh, label.en.casefold()}:
            return name
    allowed = ", ".join(sorted(there))
    raise refused("indicator", named, allowed, nearest(named, there))


def _refuse_unknown(
    source: DataSource, regions: Sequence[str], issued: pd.DataFrame, indicator: str | None
) -> None:
    for code in regions:
        of_region = issued[issued["region_code"] == code]
        if of_region.empty:
            region_asked(code, source)  # a code that the source knows is only not there yet
            raise DataMissingError(
                Text("截至该月没有该地区的数据", "there are no figures of this region by then"),
                where=code,
            )
        if indicator is not None:
            indicator_asked(indicator, list(of_region["indicator"].unique()))
