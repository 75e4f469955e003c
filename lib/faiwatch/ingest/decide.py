"""Decide what the file leaves between the lines: places, windows and units.

Decisions are made over all figures that belong together, reported, and refused when the figures
allow two readings. The growth scale has its own module, ``scale``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from faiwatch.core.text import Text
from faiwatch.ingest.figures import Figures, Told
from faiwatch.ingest.log import Log, Question, map_flag
from faiwatch.ingest.meaning import LEFT_OUT
from faiwatch.ingest.units import Unit, unit_named
from faiwatch.ingest.values import address, shown

RESULT_COLUMNS = ["value", "rule"]  # in the units of Observations; rules applied, joined by "+"
_ROUNDING = 0.9995  # a revision within rounding is no fall of a cumulative figure


def cell_of(figure: pd.Series) -> str:
    """Return the address of a figure."""
    return address(int(figure["row"]), int(figure["column"]))


def was_in(told: Told, figure: pd.Series) -> str:
    """Return what stands in the cell of a figure."""
    return shown(told.sheet.at(int(figure["row"]), int(figure["column"])))


def placed(frame: pd.DataFrame, figures: Figures, log: Log) -> pd.DataFrame:
    """Return the year-to-date figures, asking about what nobody tells of them.

    Single months are left out, since they follow from the year to date; so is January, which has no
    release of its own.

    Parameters
    ----------
    frame : DataFrame
        See :class:`~faiwatch.ingest.figures.Figures`.
    figures : Figures
        What is said of them.
    log : Log
        Takes notes and questions.
    """
    frame = _needed(frame, figures, log)
    single = figures.said(frame, "window") == "single"
    for _, figure in frame[single].drop_duplicates(["told", "column"]).iterrows():
        told = figures.told[int(figure["told"])]
        log.drop(told.sheet.name, cell_of(figure), told.column.words, "single_month")
    lacking = (frame["year"] == 0) | (frame["month"] == 0)
    for name in ("measure", "region", "indicator"):
        lacking |= figures.said(frame, name) == None  # noqa: E711  elementwise
    for _, figure in frame[lacking & ~single].drop_duplicates("told").iterrows():
        _ask_lacking(figure, figures.told[int(figure["told"])], log)
    for _, figure in frame[_contradicts(frame, figures)].drop_duplicates("told").iterrows():
        told = figures.told[int(figure["told"])]
        log.ask(_measure_question(figure, told, was_in(told, figure)))
    january = (frame["month"] == 1) & ~single
    for _, figure in frame[january].iterrows():
        told = figures.told[int(figure["told"])]
        log.drop(told.sheet.name, cell_of(figure), was_in(told, figure), "no_january")
    if single.any() and single.all():
        figure = frame.iloc[0]
        log.ask(_window_question(figure, figures.told[int(figure["told"])]))
    kept: pd.DataFrame = frame[~single & ~january].reset_index(drop=True)
    return kept


def _needed(frame: pd.DataFrame, figures: Figures, log: Log) -> pd.DataFrame:
    """Return the figures without those that a section or a sheet's name says to leave out."""
    measure = figures.said(frame, "measure")
    left_out = np.array([one in LEFT_OUT for one in measure], dtype="bool")
    for _, figure in frame[left_out].drop_duplicates(["told", "column"]).iterrows():
        told = figures.told[int(figure["told"])]
        rule = LEFT_OUT[told.meaning.measure]
        log.drop(told.sheet.name, cell_of(figure), told.column.words, rule)
    needed: pd.DataFrame = frame[~left_out].reset_index(drop=True)
    return needed


def _contradicts(frame: pd.DataFrame, figures: Figures) -> pd.Series:
    """Return which cells say percent where a value should be, or an amount where growth should."""
    spelling = frame["spelling"].to_numpy()
    says_percent = np.array([one.is_percent for one in figures.spellings])[spelling]
    says_amount = np.array([bool(one.unit) for one in figures.spellings])[spelling]
    measure = figures.said(frame, "measure")
    wrong = (says_percent & (measure == "value")) | (says_amount & (measure == "growth"))
    return pd.Series(wrong, index=frame.index, dtype=bool)


def _measure_question(figure: pd.Series, told: Told, got: str) -> Question:
    label = told.column.words.rpartition(" / ")[2] or "…"
    text = Text("是投资额还是增速？", "value or growth?")
    flag = map_flag(label, "value|growth")
    return Question("measure", told.sheet.name, cell_of(figure), text, got=got, flag=flag)


def _ask_lacking(figure: pd.Series, told: Told, log: Log) -> None:
    """Ask about everything that nobody tells of a figure."""
    meaning, header = told.meaning, told.column.words.rpartition(" / ")[2]
    label = header or "…"
    asked = (
        ("region", meaning.region, Text("是哪个地区的数字？", "which region are these figures of?"),
         "--region 610000"),
        ("indicator", meaning.indicator, Text("是什么指标？", "which indicator is this?"),
         "--indicator total"),
        ("year", figure["year"] or None,
         Text("是哪一年的数字？", "which year are these figures of?"), "--year 2026"),
        ("month", figure["month"] or None,
         Text("是哪个月的数字？", "which month are these figures of?"), map_flag(label, "YYYY-MM")),
    )  # fmt: skip
    if meaning.measure is None:
        log.ask(_measure_question(figure, told, header))
    for id, known, text, flag in asked:
        if known is None:
            got = header if id in {"indicator", "month"} else ""
            cell = cell_of(figure)
            log.ask(Question(id, told.sheet.name, cell, text, got=got, flag=flag))


def check_windows(frame: pd.DataFrame, figures: Figures, log: Log) -> None:
    """Check that figures of no stated window can be year to date, and note that they are read so.

    A cumulative figure does not fall within a year; where it does, the window is asked for.
    """
    unstated = frame[figures.said(frame, "window") == None]  # noqa: E711  elementwise
    for _, figure in unstated.drop_duplicates(["told", "column"]).iterrows():
        told = figures.told[int(figure["told"])]
        log.coerced(told.sheet.name, cell_of(figure), told.column.words, "ytd", "taken_as_ytd")
    unstated = unstated[figures.said(unstated, "measure") == "value"]
    keys = ["region", "indicator"]
    kinds = unstated[["told", "spelling"]].drop_duplicates().itertuples(index=False)
    units = {(told, spelling): str(_unit_of(figures, told, spelling)) for told, spelling in kinds}
    ordered = unstated.assign(
        unit=by_kind(unstated, units), **{name: figures.said(unstated, name) for name in keys}
    ).sort_values([*keys, "year", "month"])
    before = ordered.groupby([*keys, "year", "unit"])["number"].shift(1)
    falls = ordered[ordered["number"] < before * _ROUNDING]
    for _, figure in falls.drop_duplicates(keys).iterrows():
        log.ask(_window_question(figure, figures.told[int(figure["told"])]))


def _window_question(figure: pd.Series, told: Told) -> Question:
    header = told.column.words.rpartition(" / ")[2] or "…"
    return Question(
        "window",
        told.sheet.name,
        cell_of(figure),
        Text("这是累计数还是当月数？", "is this year to date, or a single month?"),
        got=was_in(told, figure),
        flag=map_flag(header, "value ytd|value single"),
    )


def in_100m(frame: pd.DataFrame, figures: Figures, unit: str | None, log: Log) -> pd.DataFrame:
    """Return values in 100 million, by the unit of the cell, the option, row, header or title.

    Parameters
    ----------
    frame : DataFrame
        Values only.
    figures : Figures
        What is said of them.
    unit : str or None
        The user's ``--unit``; it wins over the words of the file, not over a unit in the cell.
    log : Log
        Takes the question when no unit is told.

    Returns
    -------
    DataFrame
        With ``RESULT_COLUMNS``; figures whose unit nobody tells are left out.
    """
    kinds = frame[["told", "spelling"]].drop_duplicates()
    units = {
        (told, spelling): _unit_of(figures, told, spelling, unit_named(unit) if unit else None)
        for told, spelling in kinds.itertuples(index=False)
    }
    per_100m = {pair: one.per_100m if one else np.nan for pair, (one, _) in units.items()}
    rules = {
        pair: _rules(figures.spellings[pair[1]].rules, rule if per_100m[pair] != 1 else "")
        for pair, (_, rule) in units.items()
    }
    factor = by_kind(frame, per_100m).astype("float64")
    for _, figure in frame[np.isnan(factor)].head(1).iterrows():
        told = figures.told[int(figure["told"])]
        log.ask(_unit_question(figure, told))
    found = frame.assign(value=frame["number"] / factor, rule=by_kind(frame, rules))
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


def by_kind(frame: pd.DataFrame, values: Mapping[tuple[int, int], object]) -> np.ndarray:
    """Return for each figure the value that belongs to its ``told`` and ``spelling``."""
    spelling = frame["spelling"].to_numpy()
    width = int(spelling.max(initial=0)) + 1
    distinct, codes = np.unique(frame["told"].to_numpy() * width + spelling, return_inverse=True)
    found = np.empty(len(distinct), dtype=object)
    found[:] = [values[divmod(int(one), width)] for one in distinct]
    spread: np.ndarray = found[codes]
    return spread


def _rules(spelling: Sequence[str], rule: str) -> str:
    return "+".join([*spelling, rule] if rule else spelling)


def _unit_question(figure: pd.Series, told: Told) -> Question:
    text = Text("投资额的单位是什么？", "what is the unit of the values?")
    flag = "--unit 万元 | --unit 亿元"
    return Question(
        "unit", told.sheet.name, cell_of(figure), text, got=told.column.words, flag=flag
    )
