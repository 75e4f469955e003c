"""From settled figures to the tidy table, and the notes on how each became what it is."""

from __future__ import annotations

import datetime
import shlex
from collections.abc import Iterator

import numpy as np
import pandas as pd

from faiwatch.core.text import Text, clean
from faiwatch.data.schema import OBSERVATION_COLUMNS, observations
from faiwatch.ingest.decide import cell_of, was_in
from faiwatch.ingest.figures import Figures, Told
from faiwatch.ingest.log import Coercion, Log, Question, map_flag
from faiwatch.ingest.values import Value, address, column_letters, shown

READING_COLUMNS = [*OBSERVATION_COLUMNS, "file", "row", "sheet", "cell"]
_EPOCH = 1970 * 12  # pandas counts months from 1970-01
_MONTHS = 12 * 10_000
_DETAILS = ("issued", "source", "note")


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
    frame = settled.assign(
        place=_places(settled, figures), measure=figures.said(settled, "measure")
    )
    again = frame.duplicated(["place", "measure"])
    if again.any():
        _note_repeated(frame, again, figures, log)
    frame = frame[~again]
    value, growth = (
        frame[frame["measure"] == measure].set_index("place")["value"]
        for measure in ("value", "growth")
    )
    rows = frame.drop_duplicates("place")
    told, places = rows["told"].to_numpy(), rows["place"]
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
            "cell": _addresses(rows),
            **_details(rows, figures),
        }
    ).assign(file=file)
    return observations(table)[READING_COLUMNS]


def _places(frame: pd.DataFrame, figures: Figures) -> np.ndarray:
    """Return one number for each region, indicator and month."""
    series: dict[tuple[str | None, str | None], int] = {}
    codes = [
        series.setdefault((one.meaning.region, one.meaning.indicator), len(series))
        for one in figures.told
    ]
    code = np.array(codes or [0], dtype="int64")[frame["told"].to_numpy()]
    month = frame["year"].to_numpy() * 12 + frame["month"].to_numpy() - 1
    places: np.ndarray = code * _MONTHS + month
    return places


def _addresses(rows: pd.DataFrame) -> list[str]:
    """Return the address of each figure; one call for each would be felt in a long table."""
    letters = {column: column_letters(column) for column in rows["column"].unique().tolist()}
    places = zip(rows["column"].tolist(), rows["row"].tolist(), strict=True)
    return [f"{letters[column]}{row + 1}" for column, row in places]


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
    spelt = np.array([bool(one.spelt) for one in figures.months] or [False])
    months = settled[spelt[settled["cell_month"]]]
    months = months.drop_duplicates(["cell_month", "row", "year", "month"])
    for told, cell_month, row, year, month in months[
        ["told", "cell_month", "row", "year", "month"]
    ].itertuples(index=False):
        sheet = clean(figures.told[told].sheet.name)
        for column, words, rule in figures.months[cell_month].spelt:
            became = f"{year}-{month:02d}"
            yield Coercion(sheet, address(row, column), clean(words), became, rule)


def _details(rows: pd.DataFrame, figures: Figures) -> dict[str, object]:
    """Return release date, source and note of each row; a date in any spelling becomes ISO."""
    if not any(told.details for told in figures.told):
        return {}
    found: dict[str, object] = {}
    for name in _DETAILS:
        columns = [dict(one.details).get(name) for one in figures.told]
        cells = [
            ""
            if columns[told] is None
            else _detail(figures.told[told].sheet.at(row, columns[told]))
            for told, row in rows[["told", "row"]].itertuples(index=False)
        ]
        found[name] = pd.array(cells, dtype="str")
    return found


def _detail(value: Value) -> str:
    if isinstance(value, datetime.date):
        return value.strftime("%Y-%m-%d")
    return clean(shown(value))


def _note_repeated(frame: pd.DataFrame, again: pd.Series, figures: Figures, log: Log) -> None:
    first = frame[~again].set_index(["place", "measure"])
    for _, figure in frame[again].iterrows():
        told = figures.told[int(figure["told"])]
        other = first.loc[(figure["place"], figure["measure"])]
        if other["value"] == figure["value"]:
            log.drop(told.sheet.name, cell_of(figure), was_in(told, figure), "repeated")
            continue
        place = f"{told.meaning.region} {told.meaning.indicator} "
        place += f"{figure['year']}-{figure['month']:02d}"
        sheet = figures.told[int(other["told"])].sheet.name
        where = clean(f"{sheet}!{cell_of(other)}")
        text = Text(
            f"{place} 有两个不同的数字（另一个在 {where}）：用哪一个？",
            f"{place} has two figures (the other in {where}): which counts?",
        )
        got = f"{other['value']:.15g} ≠ {was_in(told, figure)}"
        name, cell = told.sheet.name, cell_of(figure)
        flag = _which_counts(told, figures.told[int(other["told"])])
        log.ask(Question("conflict", name, cell, text, got=got, flag=flag))


def _which_counts(told: Told, other: Told) -> str:
    """Return the option that leaves one of two figures out; empty where the file has to tell."""
    if told.sheet.name != other.sheet.name:
        return f"--sheet {shlex.quote(told.sheet.name)}"
    header, others = (one.column.words.rpartition(" / ")[2] for one in (told, other))
    return map_flag(header, "skip") if header != others else ""
