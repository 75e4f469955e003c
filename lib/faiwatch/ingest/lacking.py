"""Ask about everything that nobody tells of figures, once, with what history makes likely."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from faiwatch.core.phrases import joined, say
from faiwatch.core.text import Text
from faiwatch.ingest.figures import UNKNOWN, Figures, Spot, flagged
from faiwatch.ingest.headers import EVERYTHING_ELSE, normal
from faiwatch.ingest.likeness import Held, Likeness, held_figures, in_common, likeness
from faiwatch.ingest.log import Log, Question, map_flag
from faiwatch.ingest.meaning import Meaning
from faiwatch.ingest.units import UNIT_FLAG
from faiwatch.ingest.values import place_words, position, shown

_WHICH = {
    "region": (
        Text("是哪个地区的数字？", "which region are these figures of?"),
        "--region 610000",
    ),
    "indicator": (Text("是什么指标？", "which indicator is this?"), "--indicator total"),
    "year": (Text("是哪一年的数字？", "which year are these figures of?"), "--year 2026"),
    "month": (Text("是哪个月的数字？", "which month are these figures of?"), ""),
}
BY_HISTORY = "history"  # group of the labels whose figures are held
_FEW = 3  # unknown labels that are asked about one by one
_MOST_SERIES = 40
_MEASURE = Text("是投资额还是增速？", "value or growth?")
_BOTH = Text("是什么指标，投资额还是增速？", "which indicator is this, and value or growth?")
_GENERIC = {"value", "values", "obs_value", "数值", "值", "数据", "amount", "investment", "投资"}


class _Open(NamedTuple):
    """Figures of which something is not told.

    Attributes
    ----------
    frame : DataFrame
        See :class:`~faiwatch.ingest.figures.Figures`.
    lacks : DataFrame
        Whether region, indicator, measure, year and month of each are not told.
    pool : DataFrame
        The same figures as :func:`~faiwatch.ingest.likeness.likeness` takes them.
    """

    frame: pd.DataFrame
    lacks: pd.DataFrame
    pool: pd.DataFrame

    def where(self, chosen: pd.Series) -> _Open:
        """Return some of them."""
        return _Open(self.frame[chosen], self.lacks[chosen], self.pool[chosen])


def ask_lacking(
    frame: pd.DataFrame, figures: Figures, log: Log, history: pd.DataFrame | None
) -> None:
    """Ask about everything that nobody tells of figures.

    Parameters
    ----------
    frame : DataFrame
        See :class:`~faiwatch.ingest.figures.Figures`.
    figures : Figures
        What is said of them.
    log : Log
        Takes the questions.
    history : DataFrame or None
        Observations known before: a series that equals one of them is proposed to be it.
    """
    lacking = {
        name: flagged((getattr(one.meaning, name) is None for one in figures.told), frame["told"])
        for name in ("region", "indicator", "measure")
    }
    lacking |= {name: frame[name].to_numpy() == UNKNOWN for name in ("year", "month")}
    may_be_growth = (  # under a header such as ``value`` alone
        one.unit is None
        and one.meaning.measure == "value"
        and normal(one.column.header) in _GENERIC
        and one.meaning.window != "single"
        for one in figures.told
    )
    generic = flagged(may_be_growth, frame["told"])
    if not generic.any() and not any(one.any() for one in lacking.values()):
        return
    lacks = pd.DataFrame(lacking, index=frame.index)
    held, pool = held_figures(history), _pool(frame, figures)
    asked: list[int] = []
    for _, part in frame[generic].groupby("told", sort=False):
        found = likeness(pool.loc[part.index].assign(measure=""), held)
        if found is not None and found.measure == "growth":
            one = next(figures.spots(part.head(1)))
            asked += part.index.tolist()
            log.ask(
                _proposed("measure", one, found, map_flag(name_of(one), found.means), one.header)
            )
    is_open = lacks.any(axis=1) & ~lacks.index.isin(asked)
    left = _Open(frame, lacks, pool).where(is_open)
    if left.frame.empty:
        return
    lacks = left.lacks
    known = _ask_subjects(left.where(lacks["indicator"] | lacks["measure"]), figures, log, held)
    of_file = (lacks["region"] | lacks["year"]) & ~lacks.index.isin(known)
    _ask_of_the_file(left.where(of_file), figures, log, held)
    for one in figures.spots(left.frame[lacks["month"]], "told"):
        text, _ = _WHICH["month"]
        flag = map_flag(name_of(one), "YYYY-MM")
        log.ask(Question("month", one.sheet, one.cell, text, one.header, flag))


def which_measure(one: Spot, got: str, name: str = "") -> Question:
    """Return the question whether figures are values or growth; `name` is that of a whole table."""
    flag = map_flag(name or name_of(one), "value|growth")
    return Question("measure", one.sheet, one.cell, _MEASURE, got, flag)


def name_of(one: Spot) -> str:
    """Return how an answer names the column of a figure: by its header, else by its letters."""
    return one.header or place_words(one.sheet, None, position(one.cell)[1])


def _pool(frame: pd.DataFrame, figures: Figures) -> pd.DataFrame:
    """Return figures as :func:`~faiwatch.ingest.likeness.likeness` takes them."""
    said = {
        name: pd.Series([one or "" for one in figures.said(frame, name)], frame.index, "object")
        for name in ("region", "indicator", "measure")
    }
    units = [one.unit.per_100m if one.unit else np.nan for one in figures.told]
    factor = np.array(units)[frame["told"].to_numpy()]
    return frame[["year", "month", "number"]].assign(factor=factor, **said)


def _ask_of_the_file(left: _Open, figures: Figures, log: Log, held: Held | None) -> None:
    """Ask for region and year, which are answered for the whole file, in one question if held."""
    frame, lacks, pool = left
    ids = [name for name in ("region", "year") if lacks[name].any()]
    if not ids:
        return
    known = ~lacks[["indicator", "measure", "month"]].any(axis=1)
    alike = (lacks[ids] == lacks[ids][known].any()).all(axis=1) & known
    found = _likeness_of_series(frame[alike], pool[alike], figures, held)
    if found is not None:
        one = next(figures.spots(frame[alike].head(1)))
        log.ask(_proposed(ids[-1], one, found, found.flags, ""))
        return
    for id in ids:
        one = next(figures.spots(frame[lacks[id]].head(1)))
        text, flag = _WHICH[id]
        log.ask(Question(id, one.sheet, one.cell, text, "", flag))


def _likeness_of_series(
    frame: pd.DataFrame, pool: pd.DataFrame, figures: Figures, held: Held | None
) -> Likeness | None:
    """Return what the series of a file are like together.

    Each is looked at for itself: one of a single month, or of another scope, is no witness against
    the others.
    """
    kinds = [
        (one.sheet.name, *one.meaning._replace(year=None, month=None, unit=None, unknown=None))
        for one in figures.told
    ]
    across = flagged((_is_of_table(one.column.meaning) for one in figures.told), frame["told"])
    line = frame["row"].where(across, frame["column"])
    pairs = zip(frame["told"], line, strict=True)
    keys = pd.Series([(kinds[at], one) for at, one in pairs], frame.index)
    every = [
        likeness(pool.loc[keys.index[keys == one]], held)
        for one in keys.value_counts().index[:_MOST_SERIES]
    ]
    return in_common([one for one in every if one is not None])


def not_asked_measure(frame: pd.DataFrame, figures: Figures, log: Log) -> pd.DataFrame:
    """Return the figures of which it is not asked whether they are values or growth."""
    asked = {header for id, header in log.questions if id == "measure"}
    is_sure = (one.column.header not in asked for one in figures.told)
    kept: pd.DataFrame = frame[flagged(is_sure, frame["told"])]
    return kept


def ask_unit(frame: pd.DataFrame, figures: Figures, log: Log, history: pd.DataFrame | None) -> None:
    """Ask in which unit values are that tell none, unless it is asked whether they are growth."""
    frame = not_asked_measure(frame, figures, log)
    if frame.empty:
        return
    one = next(figures.spots(frame.head(1)))
    if any("--unit " in asked.flag for asked in log.questions.values() if asked.proposal):
        return  # it is proposed together with the region
    found = _likeness_of_series(frame, _pool(frame, figures), figures, held_figures(history))
    text = Text("投资额的单位是什么？", "what is the unit of the values?")
    flag, unit = UNIT_FLAG, ""
    if found is not None and found.unit:
        text, unit = joined([text, found.in_words()], "", " "), found.unit
        flag = f"--unit {unit}"
    log.ask(Question("unit", one.sheet, one.cell, text, one.column, flag, unit))


def _ask_subjects(left: _Open, figures: Figures, log: Log, held: Held | None) -> list[int]:
    """Ask what figures are: once for a column, and once for a table with a month over each.

    Columns that are all like held series in one way are one question about their table. The
    figures whose region is proposed with it are returned.
    """
    frame, lacks, pool = left
    of_table = [_is_of_table(one.column.meaning) for one in figures.told]
    kinds = [
        (one.sheet.name, "" if is_table else one.column.header or f"\0{one.column.index}")
        for one, is_table in zip(figures.told, of_table, strict=True)
    ]
    names = pd.Series([kinds[at] for at in frame["told"]], index=frame.index)
    groups = list(frame.groupby(names, sort=False))
    alike = {key: likeness(pool.loc[part.index], held) for key, part in groups}
    known: list[int] = []
    for key, part in groups:
        one, lack, found = next(figures.spots(part.head(1))), lacks.loc[part.index], alike[key]
        sheet = one.told.sheet.name
        beside = {found and found.means for place, found in alike.items() if place[0] == sheet}
        is_table = of_table[part["told"].iloc[0]] or (found is not None and len(beside) == 1)
        name = sheet if is_table else name_of(one)
        got = name if is_table else one.header
        if found is not None:
            known += part.index.tolist() if found.region or not lack["region"].any() else []
            log.ask(_proposed("indicator", one, found, map_flag(name, found.means), got))
        elif lack["indicator"].any() and lack["measure"].any():
            flag = map_flag(name, "total value|total growth|skip")
            log.ask(Question("indicator", one.sheet, one.cell, _BOTH, got, flag))
        elif lack["measure"].any():
            log.ask(which_measure(one, got, name))
        else:
            text, flag = _WHICH["indicator"]
            log.ask(Question("indicator", one.sheet, one.cell, text, got, flag))
    return known


def _is_of_table(meaning: Meaning) -> bool:
    """Whether a header says nothing but a month, so that the table is what does not say it all."""
    return meaning.year is not None or meaning.month is not None


def _proposed(id: str, one: Spot, found: Likeness, flag: str, got: str) -> Question:
    text = say("ingest.lacking.is_it_that", like=found.in_words())
    return Question(id, one.sheet, one.cell, text, got, flag, proposal=found.means)


def propose_names(figures: Figures, log: Log, history: pd.DataFrame | None) -> None:
    """Propose for labels that nobody knows the held series that their figures equal.

    All that are told so are one question: each is a fact of its own, and one look settles them.

    Parameters
    ----------
    figures : Figures
        Those of the file, gathered as if such labels said nothing.
    log : Log
        Holds the questions what labels mean.
    history : DataFrame or None
        Observations known before.
    """
    frame = figures.frame()
    frame = frame[frame["month"] > UNKNOWN]
    pool, held = _pool(frame, figures), held_figures(history)
    headers = [(one.sheet.name, one.column.words.split(" / ")) for one in figures.told]
    found: dict[tuple[str, str], Likeness] = {}
    beside: dict[int, list[tuple[str, str]]] = {}  # by column: sheet and label of each figure
    labels = [(key, one) for key, one in log.questions.items() if one.id == "label"]
    for key, one in labels[:_MOST_SERIES]:
        is_headed = (at == one.sheet and one.got in words for at, words in headers)
        mine = flagged(is_headed, frame["told"])
        if not mine.any():
            at = position(one.cell)[1]
            if at not in beside:
                rows = zip(frame["told"], frame["row"], strict=True)
                sheets = [(figures.told[told].sheet, row) for told, row in rows]
                beside[at] = [(sheet.name, shown(sheet.at(row, at))) for sheet, row in sheets]
            mine = np.array([pair == (one.sheet, one.got) for pair in beside[at]], dtype="bool")
        like = likeness(pool[mine], held)
        if like is not None and like.indicator:
            found[key] = like
    means = {key: f"{like.means} ytd {like.unit}".strip() for key, like in found.items()}
    flag = " ".join(map_flag(log.questions[key].got, words) for key, words in means.items())
    for key, like in found.items():
        one = log.questions[key]
        text = say("ingest.lacking.is_the_label_that", label=one.got, like=like.in_words())
        log.questions[key] = replace(
            one, text=text, flag=flag, proposal=means[key], group=BY_HISTORY
        )


def group_labels(log: Log) -> None:
    """Make one question of many unknown labels: what is not needed is skipped by one answer.

    A few that are nearly a known label stand alone, each with its proposal.

    Parameters
    ----------
    log : Log
        Holds the questions.
    """
    every = {key: one for key, one in log.questions.items() if one.id == "label"}
    labels = {key: one for key, one in every.items() if one.group != BY_HISTORY}
    near = {key for key, one in labels.items() if one.proposal}
    if len(near) <= _FEW:
        labels = {key: one for key, one in labels.items() if key not in near}
    others = len({one.group or key for key, one in log.questions.items() if key not in labels})
    if len(labels) <= _FEW and not (others and len(labels) + others > _FEW and len(labels) > 1):
        return
    names = [one.got for one in labels.values()][:_FEW]
    named = Text("」「".join(names), ", ".join(map(repr, names)))
    text = say("ingest.lacking.unknown_labels", n=len(labels), named=named)
    for key, one in labels.items():
        log.questions[key] = replace(
            one, text=text, flag=map_flag(EVERYTHING_ELSE, "skip"), proposal="", group="label"
        )
