"""Decide what the file leaves between the lines: places, windows, units and the scale of growth.

Decisions are made over all figures that belong together, reported, and refused when the figures
allow two readings.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from faiwatch.core.phrases import say
from faiwatch.core.text import Text
from faiwatch.ingest.figures import COLUMNS, Figures, flagged
from faiwatch.ingest.lacking import ask_lacking, ask_unit, name_of, not_asked_measure, which_measure
from faiwatch.ingest.log import Log, Question, map_flag
from faiwatch.ingest.meaning import LEFT_OUT
from faiwatch.ingest.numbers import exact
from faiwatch.ingest.takes import ROUNDING, Take, Taking, flag_of
from faiwatch.ingest.units import (
    PLAINLY_PERCENT,
    SCALE_FLAG,
    GrowthScale,
    Unit,
    decimals,
    growth_scale,
    unit_named,
)

RESULT_COLUMNS = ["value", "rule"]  # in the units of Observations; rules applied, joined by "+"


def placed(
    frame: pd.DataFrame,
    figures: Figures,
    take: Take,
    log: Log,
    history: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the year-to-date figures, asking about what nobody tells of them.

    Left out are figures of which a section or a sheet's name says so, forecasts, and January, which
    has no release of its own; of whole years, quarters and single months see :mod:`.takes`.

    Parameters
    ----------
    frame : DataFrame
        See :class:`~faiwatch.ingest.figures.Figures`.
    figures : Figures
        What is said of them.
    take : mapping
        The user's ``--take``.
    log : Log
        Takes notes and questions.
    history : DataFrame or None
        Observations known before, for proposals.

    Returns
    -------
    DataFrame
        With the column ``flow``, see :meth:`~faiwatch.ingest.takes.Taking.windowed`.
    """
    left_out = flagged((one.meaning.is_left_out for one in figures.told), frame["told"])
    for one in figures.spots(frame[left_out], "told", "column"):
        log.drop(one.sheet, one.cell, one.column, LEFT_OUT[one.told.meaning.measure])
    last = None if history is None or history.empty else history["period"].max()
    taking = Taking(figures, take, log, last)
    frame = frame[~left_out] if left_out.any() else frame
    frame = taking.windowed(taking.dated(taking.published(frame)))
    measure = figures.said(frame, "measure")
    ask_lacking(frame, figures, log, history)
    spelling = frame["spelling"]
    says_percent = flagged((one.is_percent for one in figures.spellings), spelling)
    says_amount = flagged((bool(one.unit) for one in figures.spellings), spelling)
    contradicts = (says_percent & (measure == "value")) | (says_amount & (measure == "growth"))
    for one in figures.spots(frame[contradicts], "told"):
        log.ask(which_measure(one, one.was))
    january = ((frame["month"] == 1) & (frame["flow"] == 0)).to_numpy()
    for one in figures.spots(frame[january]):
        log.drop(one.sheet, one.cell, one.was, "no_january")
    kept: pd.DataFrame = frame[~january] if january.any() else frame
    return kept.reset_index(drop=True)


def check_windows(frame: pd.DataFrame, figures: Figures, take: Take, log: Log) -> pd.DataFrame:
    """Return figures, after checking that those of no stated window can be year to date.

    That they are read so is noted. A cumulative figure does not fall within a year; where it does,
    it is of single months, and the window is asked for. Growth beside it is of single months too.
    """
    is_open = (figures.said(frame, "window") == None) & (frame["flow"] == 0).to_numpy()  # noqa: E711
    # numbers of series and units in their order, since comparing words would be felt
    named = [(one.meaning.region, one.meaning.indicator) for one in figures.told]
    in_order = sorted({one for one in named if None not in one})
    numbers = {one: at for at, one in enumerate(in_order)}
    series = np.array([numbers.get(one, -1) for one in named] or [0])
    unstated = frame[is_open].assign(series=series[frame["told"].to_numpy()[is_open]])
    values = unstated[figures.said(unstated, "measure") == "value"]
    kinds = values[["told", "spelling"]].drop_duplicates().itertuples(index=False)
    units = {(told, spelling): str(_unit_of(figures, told, spelling)) for told, spelling in kinds}
    places = {unit: at for at, unit in enumerate(dict.fromkeys(units.values()))}
    unit = _by_kind(values, {kind: places[one] for kind, one in units.items()}).astype("int64")
    ordered = values.assign(unit=unit).sort_values(["series", "year", "month"])
    ordered = ordered[ordered["series"] >= 0]  # of the others it is asked what they are
    before = ordered.groupby(["series", "year", "unit"])["number"].shift(1)
    falls = ordered[ordered["number"] < before * ROUNDING]
    if "monthly" not in take:
        # growth under a header such as 数值 falls; whether it is growth is asked before
        falls = not_asked_measure(falls, figures, log)
        for one in figures.spots(falls, "series"):
            text = Text("这是累计数还是当月数？", "is this year to date, or a single month?")
            flag = f"{flag_of('monthly')} | {map_flag(name_of(one), 'value ytd')}"
            log.ask(Question("window", one.sheet, one.cell, text, one.was, flag))
        single = unstated.head(0)
    else:
        single = unstated.loc[unstated["series"].isin(falls["series"].unique()), COLUMNS]
    for one in figures.spots(unstated.drop(index=single.index), "told", "column"):
        log.coerced(one.sheet, one.cell, one.column, "ytd", "taken_as_ytd")
    if single.empty:
        return frame
    flows = Taking(figures, take, log).of_months(single, frame.drop(index=single.index))
    found: pd.DataFrame = pd.concat([frame.drop(index=single.index), flows], ignore_index=True)
    return found


def in_100m(
    frame: pd.DataFrame,
    figures: Figures,
    unit: str | None,
    log: Log,
    history: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return values in 100 million, by the unit of the cell, the option, row, header or title.

    Parameters
    ----------
    frame : DataFrame
        Values only.
    figures : Figures
        What is said of them.
    unit : str or None
        The user's ``--unit``, of the figures of which the file tells none; where it tells a unit of
        all, the answer is about that, and wins over its words but not over a unit in the cell.
    log : Log
        Takes the question when no unit is told.
    history : DataFrame or None
        Observations known before, for proposals.

    Returns
    -------
    DataFrame
        With ``RESULT_COLUMNS``; figures whose unit nobody tells are left out.
    """
    asked = unit_named(unit) if unit else None
    per_100m, rules = {}, {}
    kinds = list(frame[["told", "spelling"]].drop_duplicates().itertuples(index=False))
    is_open = any(_unit_of(figures, *kind)[0] is None for kind in kinds)
    for told, spelling in kinds:
        own = _unit_of(figures, told, spelling)
        used, rule = own if is_open and own[0] else _unit_of(figures, told, spelling, asked)
        per_100m[told, spelling] = used.per_100m if used else np.nan
        is_changed = bool(rule) and per_100m[told, spelling] != 1
        spelt = figures.spellings[spelling].rules
        rules[told, spelling] = "+".join([*spelt, rule] if is_changed else spelt)
    factor = _by_kind(frame, per_100m).astype("float64")
    if np.isnan(factor).any():
        ask_unit(frame[np.isnan(factor)], figures, log, history)
    found = frame.assign(value=frame["number"] / factor, rule=_by_kind(frame, rules))
    known: pd.DataFrame = found[~np.isnan(factor)]
    return known


def _unit_of(
    figures: Figures, told: int, spelling: int, asked: Unit | None = None
) -> tuple[Unit | None, str]:
    """Return the unit of a kind of figures, and the rule that says where it is told."""
    own = figures.spellings[spelling].unit
    if own:
        return unit_named(own), "unit_cell"
    if asked is not None:
        return asked, "unit_parameter"
    return figures.told[told].unit, figures.told[told].unit_rule


def _by_kind(frame: pd.DataFrame, values: Mapping[tuple[int, int], object]) -> np.ndarray:
    """Return for each figure the value that belongs to its ``told`` and ``spelling``."""
    spelling = frame["spelling"].to_numpy()
    width = int(spelling.max(initial=0)) + 1
    distinct, codes = np.unique(frame["told"].to_numpy() * width + spelling, return_inverse=True)
    found = np.empty(len(distinct), dtype=object)
    found[:] = [values[divmod(int(one), width)] for one in distinct]
    spread: np.ndarray = found[codes]
    return spread


def in_percent(
    frame: pd.DataFrame, figures: Figures, asked: GrowthScale | None, log: Log
) -> pd.DataFrame:
    """Return growth in percent, after deciding whether plain numbers are percent or fractions.

    Parameters
    ----------
    frame : DataFrame
        Growth only.
    figures : Figures
        What is said of it.
    asked : {"percent", "fraction"} or None
        The user's ``--growth-scale``.
    log : Log
        Takes each decision, and the question when there are two readings.

    Returns
    -------
    DataFrame
        With ``RESULT_COLUMNS``; empty when the scale is asked for.
    """
    spellings, told = figures.spellings, frame["told"]
    says_itself = flagged((one.is_percent for one in spellings), frame["spelling"])
    in_format = flagged(("percent_format" in one.rules for one in spellings), frame["spelling"])
    rule = np.array(["+".join(one.rules) for one in spellings], dtype=object)[frame["spelling"]]
    says_percent = flagged((one.says_percent for one in figures.told), told)
    is_index = flagged((one.is_index for one in figures.told), told)
    number = frame["number"].to_numpy()
    value = number.copy()
    value[is_index] = exact(number[is_index] - 100)
    rule[is_index] = "index"
    says_itself |= is_index
    names = [one.sheet.name for one in figures.told]
    sheet = np.array([names.index(name) for name in names], dtype="int64")[told]
    for says in (False, True):
        alike = ~says_itself & (says_percent == says)
        for one in np.unique(sheet[alike]):
            pool = np.flatnonzero(alike & (sheet == one))
            scale = asked or _scale_of(number[pool], number[alike], says_percent=says)
            if scale is None:
                largest = frame.iloc[pool[[np.abs(number[pool]).argmax()]]]
                text = say("ingest.decide.growth_scale")
                for at in figures.spots(largest):
                    log.ask(Question("growth_scale", at.sheet, at.cell, text, at.was, SCALE_FLAG))
                return frame.head(0).assign(value=0.0, rule="")
            if scale == "fraction":
                value[pool] = exact(number[pool] * 100)
            # that they are percent is said once
            noted = pool if scale == "fraction" else pool[:1]
            applied = "scale_parameter" if asked else f"scale_{scale}"
            rule[noted] = [f"{before}+{applied}".lstrip("+") for before in rule[noted]]
    if asked == "percent":  # 5.2 typed into a cell whose format shows 520%
        value[in_format] = exact(number[in_format] / 100)
        rule[in_format] = "scale_parameter"
    return frame.assign(value=value, rule=rule)


def _scale_of(numbers: np.ndarray, alike: np.ndarray, *, says_percent: bool) -> GrowthScale | None:
    """Return the scale of the growth on one sheet; where it has none of its own, that of the file.

    What the file tells is taken only where the sheet could not be read otherwise: percent has one
    decimal, a fraction more.
    """
    sizes = set(np.abs(numbers).tolist())
    own = growth_scale(sizes, says_percent=says_percent)
    if own is not None:
        return own
    shared = growth_scale(set(np.abs(alike).tolist()), says_percent=says_percent)
    has_one_decimal = all(decimals(size) <= 1 for size in sizes)
    is_small = max(sizes) < PLAINLY_PERCENT
    return shared if has_one_decimal == (shared == "percent") and is_small else None
