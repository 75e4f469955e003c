"""From settled figures to the tidy table, and the notes on how each became what it is."""

from __future__ import annotations

import datetime
import shlex
from collections.abc import Iterator
from typing import cast

import numpy as np
import pandas as pd

from faiwatch.core.errors import DataInvalidError
from faiwatch.core.phrases import say
from faiwatch.core.text import Text, clean
from faiwatch.data.reference import monthly_indicators
from faiwatch.data.schema import OBSERVATION_COLUMNS, observations
from faiwatch.ingest.figures import Figures, flagged
from faiwatch.ingest.log import Coercion, Log, Question, map_flag
from faiwatch.ingest.marks import NOTES
from faiwatch.ingest.takes import marks_of
from faiwatch.ingest.values import Value, address, column_letters, shown

READING_COLUMNS = [*OBSERVATION_COLUMNS, "file", "row", "sheet", "cell"]
_EPOCH = 1970 * 12  # pandas counts months from 1970-01
_MONTHS = 12 * 10_000


def tidy(settled: pd.DataFrame, figures: Figures, file: str, log: Log) -> pd.DataFrame:
    """Return Observations of figures in their final units.

    The same figure twice is kept once; two different ones of one place are asked about.

    Parameters
    ----------
    settled : DataFrame
        Figures with ``value``.
    figures : Figures
        What is said of them.
    file : str
        What the column ``file`` holds.
    log : Log
        Takes notes and questions.
    """
    # one number for each region, indicator and month
    series: dict[tuple[str | None, str | None], int] = {}
    codes = [
        series.setdefault((one.meaning.region, one.meaning.indicator), len(series))
        for one in figures.told
    ]
    code = np.array(codes or [0], dtype="int64")[settled["told"].to_numpy()]
    month = settled["year"] * 12 + settled["month"] - 1
    # in categories, because each comparison of words would be felt in a long table
    measures = pd.Categorical([one.meaning.measure for one in figures.told] or [None])
    measure = measures.take(settled["told"].to_numpy())
    frame = settled.assign(place=code * _MONTHS + month, measure=measure)
    again = frame.duplicated(["place", "measure"])
    if again.any():
        _note_repeated(frame, again, figures, log)
    frame = frame[~again]
    of_measure = [frame["measure"] == measure for measure in ("value", "growth")]
    value, growth = (frame["value"][one].set_axis(frame["place"][one]) for one in of_measure)
    rows = frame.drop_duplicates("place")
    told, places = rows["told"].to_numpy(), rows["place"]
    # one call of `address` for each figure would be felt in a long table
    letters = {column: column_letters(column) for column in rows["column"].unique().tolist()}
    cells = zip(rows["column"].tolist(), rows["row"].tolist(), strict=True)
    table = pd.DataFrame(
        {
            "region_code": _spread([str(one.meaning.region) for one in figures.told], told),
            "indicator": _spread([str(one.meaning.indicator) for one in figures.told], told),
            "period": pd.arrays.PeriodArray(
                places.to_numpy() % _MONTHS - _EPOCH, dtype=pd.PeriodDtype("M")
            ),
            "ytd_value_100m": value.reindex(places).to_numpy(dtype="float64"),
            "ytd_yoy_pct": growth.reindex(places).to_numpy(dtype="float64"),
            "row": rows["row"].to_numpy() + 1,
            "sheet": _spread([clean(one.sheet.name) for one in figures.told], told),
            "cell": [f"{letters[column]}{row + 1}" for column, row in cells],
            **_with_marks(_details(rows, figures), frame, places, figures),
        }
    ).assign(file=file)
    monthly = table["indicator"].isin(monthly_indicators())
    if monthly.any():  # the reader takes every figure for one of a year to date, and drops January
        raise DataInvalidError(
            say("ingest.tidy.cumulative_only"),
            where=f"{file} {table.loc[monthly, 'cell'].iloc[0]}",
            got=str(table.loc[monthly, "indicator"].iloc[0]),
            allowed=Text("累计公布的指标", "indicators of the cumulative calendar"),
            todo=say("ingest.tidy.monthly_as_csv"),
        )
    return observations(table)[READING_COLUMNS]


def _spread(values: list[str], told: np.ndarray) -> pd.api.extensions.ExtensionArray:
    """Return text for each figure from text for each kind of figure."""
    return pd.array(values or [""], dtype="str").take(told)


def conversions(settled: pd.DataFrame, figures: Figures) -> Iterator[Coercion]:
    """Yield what became of each figure, and of each cell that spells its month in another way."""
    changed = settled[settled["rule"] != ""]
    for told, row, column, value, rule in changed[
        ["told", "row", "column", "value", "rule"]
    ].itertuples(index=False):
        sheet = figures.told[told].sheet
        was = clean(shown(sheet.at(row, column)))
        yield Coercion(clean(sheet.name), address(row, column), was, f"{value:.15g}", rule)
    months = settled[flagged((bool(one.spelt) for one in figures.months), settled["cell_month"])]
    months = months.drop_duplicates(["cell_month", "row", "year", "month"])
    for told, cell_month, row, year, month in months[
        ["told", "cell_month", "row", "year", "month"]
    ].itertuples(index=False):
        sheet = clean(figures.told[told].sheet.name)
        for column, words, rule in figures.months[cell_month].spelt:
            yield Coercion(sheet, address(row, column), clean(words), f"{year}-{month:02d}", rule)


def _details(rows: pd.DataFrame, figures: Figures) -> dict[str, object]:
    """Return release date, source and note of each row; a date in any spelling becomes ISO."""
    if not any(told.details for told in figures.told):
        return {}
    found: dict[str, object] = {}
    for name in ("issued", "source", "note"):
        columns = [dict(one.details).get(name) for one in figures.told]
        cells = []
        for told, row in rows[["told", "row"]].itertuples(index=False):
            column, sheet = columns[told], figures.told[told].sheet
            cell: Value = "" if column is None else sheet.at(row, column)
            if isinstance(cell, datetime.date):
                cell = cell.strftime("%Y-%m-%d")
            cells.append(clean(shown(cell)))
        found[name] = pd.array(cells, dtype="str")
    return found


def _with_marks(
    details: dict[str, object], frame: pd.DataFrame, places: pd.Series, figures: Figures
) -> dict[str, object]:
    """Return the details of rows, the notes with the marks of their figures."""
    marks = marks_of(frame, figures)
    if not marks.any():
        return details
    found: dict[int, dict[str, None]] = {}
    for place, mark in zip(frame["place"].to_numpy()[marks != ""], marks[marks != ""], strict=True):
        found.setdefault(place, {})[f"{NOTES[mark].zh} | {NOTES[mark].en}"] = None
    said = [list(found.get(place, ())) for place in places]
    before = details.get("note")
    own = [""] * len(said) if before is None else list(cast("list[str]", before))
    notes = ["; ".join(filter(None, (one, *more))) for one, more in zip(own, said, strict=True)]
    return {**details, "note": pd.array(notes, dtype="str")}


def _note_repeated(frame: pd.DataFrame, again: pd.Series, figures: Figures, log: Log) -> None:
    repeated, first = frame[again], frame[~again].set_index(["place", "measure"])
    others = first.loc[pd.MultiIndex.from_frame(repeated[["place", "measure"]])]
    both = repeated[["year", "month", "value"]].assign(before=others["value"].to_numpy())
    spots = zip(figures.spots(repeated), figures.spots(others), strict=True)
    for (one, other), told in zip(spots, both.itertuples(index=False), strict=True):
        year, month, value, before = told
        if before == value:
            log.drop(one.sheet, one.cell, one.was, "repeated")
            continue
        place = f"{one.told.meaning.region} {one.told.meaning.indicator} {year}-{month:02d}"
        where = clean(f"{other.sheet}!{other.cell}")
        text = say("ingest.tidy.two_figures", place=place, where=where)
        # which option leaves one of them out; none where the file has to tell
        flag = map_flag(one.header, "skip") if one.header != other.header else ""
        if one.sheet != other.sheet:
            flag = f"--sheet {shlex.quote(one.sheet)}"
        got = f"{before:.15g} ≠ {one.was}"
        log.ask(Question("conflict", one.sheet, one.cell, text, got, flag))
