"""What becomes of figures that are no year to date by themselves: whole years, quarters, months.

Each kind is asked about once for the whole file, with the option ``--take KIND=HOW`` that answers
it. A figure of a whole year is the year to date at December. Figures of quarters may be either;
those of single months are never taken for the year to date, but can be added up to it where a year
is complete from its start. Growth of a single quarter or month is never growth of the year to date,
whatever is answered. Nor is a forecast a published figure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from faiwatch.core.errors import ParameterError
from faiwatch.core.phrases import texts_of
from faiwatch.core.text import Text
from faiwatch.ingest.figures import UNKNOWN, Figures, flagged
from faiwatch.ingest.lacking import name_of
from faiwatch.ingest.log import Log, Question, map_flag

Kind = Literal["annual", "quarterly", "monthly", "dates", "commas", "triangles"]
Take = Mapping[str, str]
TAKES: Mapping[str, tuple[str, ...]] = {
    "annual": ("ytd", "skip"),
    "quarterly": ("ytd", "cumulate", "skip"),
    "monthly": ("cumulate", "skip"),
    "dates": ("release", "month"),
    "commas": ("decimal", "thousands"),
    "triangles": ("minus", "plus"),
}
TAKE_WORDS = texts_of("ingest.words_ways")
_QUESTIONS = texts_of("ingest.words_kinds")
_DECEMBER, _DECIMALS = 12, 9
ROUNDING = 0.9995  # a revision within rounding is no fall of a cumulative figure


def taken(answer: str) -> tuple[str, str]:
    """Return kind and way of one ``--take KIND=HOW``.

    Raises
    ------
    ParameterError
        There is no such kind, or it cannot be taken this way.

    Examples
    --------
    >>> taken("annual=ytd")
    ('annual', 'ytd')
    """
    kind, _, how = (part.strip() for part in answer.partition("="))
    if how not in TAKES.get(kind, ()):
        raise ParameterError(
            Text("--take 的写法不对", "this --take is not understood"),
            where="--take",
            got=answer,
            allowed=", ".join(f"{kind}={'|'.join(hows)}" for kind, hows in TAKES.items()),
        )
    return kind, how


def flag_of(kind: Kind, *first: str) -> str:
    """Return the options that answer a kind, the likely ones first.

    Examples
    --------
    >>> flag_of("monthly")
    '--take monthly=cumulate | --take monthly=skip'
    """
    hows = dict.fromkeys((*first, *TAKES[kind]))
    return " | ".join(f"--take {kind}={how}" for how in hows)


def is_asked(kind: Kind, log: Log) -> bool:
    """Return whether it is open how figures of this kind are taken."""
    return any(one.flag == flag_of(kind) for one in log.questions.values())


def propose(kind: Kind, how: str | None, log: Log) -> None:
    """Say of the question about this kind which answer is likely; None where nothing is."""
    for key, one in log.questions.items():
        if how and one.flag == flag_of(kind):
            log.questions[key] = replace(one, flag=flag_of(kind, how), proposal=f"{kind}={how}")


class Taking(NamedTuple):
    """Takes the figures of a file by kind.

    Attributes
    ----------
    figures : Figures
        What is said of them.
    take : mapping
        The user's answers: kind to way.
    log : Log
        Takes notes and questions.
    """

    figures: Figures
    take: Take
    log: Log
    last: pd.Period | None = None

    def published(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return figures without those that are marked as an estimate or a forecast."""
        forecast = marks_of(frame, self.figures) == "forecast"
        return self._without(frame, forecast, "forecast")

    def dated(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return figures with the month that their date stands for.

        A release stands in the month after the one it is about. The first and the last day of a
        month are its name; any other day is asked about.
        """
        months, how = self.figures.months, self.take.get("dates")
        is_day = flagged((one.is_day for one in months), frame["cell_month"])
        if how is None and is_day.any():
            self._ask("dates", frame[is_day])
        if how == "release":
            names = (bool(one.month and one.year and not one.window) for one in months)
            is_moved = flagged(names, frame["cell_month"])
            ordinal = frame["year"] * 12 + frame["month"] - 1 - is_moved
            moved = frame.assign(
                year=(ordinal // 12).where(is_moved, frame["year"]),
                month=(ordinal % 12 + 1).where(is_moved, frame["month"]),
            )
            self._note(moved[is_moved], "release_day")
            return moved
        if how == "month":
            self._note(frame[is_day], "day_of_month")
        return frame

    def windowed(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return figures that are, or add up to, the year to date.

        The column ``flow`` holds the number of months of a figure that is to be added up, 0 of all
        others.
        """
        months = self.figures.months
        place = frame["cell_month"].to_numpy()
        of_month = np.array([one.every for one in months] or [None], dtype=object)[place]
        every = np.where(of_month == None, self.figures.said(frame, "every"), of_month)  # noqa: E711
        window = self.figures.said(frame, "window")
        own_year = flagged((one.year is not None for one in months), frame["cell_month"])
        headed = (one.column.meaning.year is not None for one in self.figures.told)
        own_year |= flagged(headed, frame["told"])
        annual = (frame["month"] == UNKNOWN).to_numpy() & own_year
        is_december = (window == "ytd") & (frame["month"] == _DECEMBER).to_numpy()
        annual |= (every == "annual") & ~is_december
        quarterly = ~annual & (every == "quarterly") & (window != "ytd")
        single = ~annual & ~quarterly & (window == "single")
        if not (annual | quarterly | single).any():
            return frame.assign(flow=0)
        rest = frame[~annual & ~quarterly & ~single].assign(flow=0)
        parts = [
            rest,
            self._of_years(frame[annual]),
            self._of_quarters(frame[quarterly]),
            self.of_months(frame[single], rest),
        ]
        parts = [part for part in parts if len(part)]
        found: pd.DataFrame = pd.concat(parts or [rest], ignore_index=True)
        return found

    def _of_years(self, frame: pd.DataFrame) -> pd.DataFrame:
        if self.last is not None:  # no clock here: what is held says which years are over
            whole = self.last.year - (self.last.month < _DECEMBER)
            frame = self._without(frame, (frame["year"] > whole).to_numpy(), "year_not_over")
        if self.take.get("annual") == "skip":
            return self._without(frame, np.ones(len(frame), dtype="bool"), "not_taken")
        if "annual" not in self.take:
            self._ask("annual", frame)
        self._note(frame, "whole_year")
        return frame.assign(month=_DECEMBER, flow=0)

    def _of_quarters(self, frame: pd.DataFrame) -> pd.DataFrame:
        values = frame[self.figures.said(frame, "measure") == "value"]
        ordered = values.sort_values(["told", "year", "month"])
        before = ordered.groupby(["told", "column", "year"])["number"].shift(1)
        how, falls = self.take.get("quarterly"), bool((ordered["number"] < before * ROUNDING).any())
        if how == "skip":
            return self._without(frame, np.ones(len(frame), dtype="bool"), "not_taken")
        is_growth = self.figures.said(frame, "measure") == "growth"
        if how == "ytd" and not falls:
            self._note(frame, "quarter_to_date")
            return frame.assign(flow=0)
        if how != "cumulate":  # whatever is answered, a year to date does not fall
            self._ask("quarterly", frame, *(("cumulate",) if falls else ()))
            return frame.assign(flow=np.where(is_growth, 0, 3))
        later = is_growth & (frame["month"] > 3).to_numpy()  # of the first it is both
        kept = self._without(frame, later, "single_growth")
        return kept.assign(flow=np.where(is_growth[~later], 0, 3))

    def of_months(self, frame: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
        """Return values of single months where they are to be added up.

        They follow from the year to date where the file has it; where it has nothing else, it is
        asked whether to add them up.
        """
        how = self.take.get("monthly")
        is_value = self.figures.said(frame, "measure") != "growth"
        if how == "cumulate":
            frame = self._without(frame, ~is_value, "single_growth")
            return frame.assign(flow=1)
        if how is None and others.empty and is_value.any():
            self._ask("monthly", frame[is_value])
            kept: pd.DataFrame = frame[is_value].assign(flow=1)
            return kept  # what else is open of them is asked at once
        elif how is None and others.empty and len(frame):
            one = next(self.figures.spots(frame))
            text, flag = _QUESTIONS["growth"], map_flag(name_of(one), "growth ytd")
            self.log.ask(Question("window", one.sheet, one.cell, text, one.was, flag))
        held = set(self._series(others[self.figures.said(others, "measure") != "growth"]))
        alone = is_value & np.array([one not in held for one in self._series(frame)], dtype="bool")
        rule = "not_taken" if how == "skip" else "single_alone"
        frame = self._without(frame, alone, rule)
        return self._without(frame, np.ones(len(frame), dtype="bool"), "single_month")

    def _series(self, frame: pd.DataFrame) -> list[tuple[object, object]]:
        names = ("region", "indicator")
        return list(zip(*(self.figures.said(frame, name) for name in names), strict=True))

    def _without(self, frame: pd.DataFrame, out: np.ndarray, rule: str) -> pd.DataFrame:
        if not out.any():
            return frame
        for one in self.figures.spots(frame[out], "told", "column"):
            self.log.drop(one.sheet, one.cell, one.column, rule)
        kept: pd.DataFrame = frame[~out]
        return kept

    def _note(self, frame: pd.DataFrame, rule: str) -> None:
        firsts = frame.drop_duplicates(["told", "column"])
        whens = firsts[["year", "month"]].itertuples(index=False)
        for (year, month), one in zip(whens, self.figures.spots(firsts), strict=True):
            became = f"{year}-{_DECEMBER if rule == 'whole_year' else month:02d}"
            self.log.coerced(one.sheet, one.cell, one.was, became, rule)

    def _ask(self, kind: Kind, frame: pd.DataFrame, *first: str) -> None:
        for one in self.figures.spots(frame.head(1)):
            spelt = self.figures.months[int(frame["cell_month"].iloc[0])].spelt
            got = spelt[0][1] if spelt else one.header
            id = {"dates": "period", "annual": "month"}.get(kind, "window")
            flag = flag_of(kind, *first)
            if kind == "monthly":
                flag = f"{flag} | {map_flag(name_of(one), 'value ytd')}"
            self.log.ask(Question(id, one.sheet, one.cell, _QUESTIONS[kind], got, flag))


def marks_of(frame: pd.DataFrame, figures: Figures) -> np.ndarray:
    """Return the mark of each figure: of its cell, its month or its header; empty where none."""
    of_cell = np.array([one.mark for one in figures.spellings], dtype=object)
    of_month = np.array([one.mark for one in figures.months] or [""], dtype=object)
    of_label = np.array([one.meaning.mark or "" for one in figures.told] or [""], dtype=object)
    if not any((*of_cell, *of_month, *of_label)):
        return np.full(len(frame), "", dtype=object)
    cell = of_cell[frame["spelling"].to_numpy()]
    month = of_month[frame["cell_month"].to_numpy()]
    label = of_label[frame["told"].to_numpy()]
    either = np.where(cell != "", cell, np.where(month != "", month, label))
    is_forecast = (cell == "forecast") | (month == "forecast") | (label == "forecast")
    found: np.ndarray = np.where(is_forecast, "forecast", either)
    return found


def added_up(values: pd.DataFrame, figures: Figures, log: Log) -> pd.DataFrame:
    """Return values with single months and quarters added up to the year to date.

    A year counts as far as it is complete from its start. Where a series never has a January, its
    February is the release of January and February. A figure of the year to date in the file wins.

    Parameters
    ----------
    values : DataFrame
        Figures with ``value`` and ``flow``.
    figures : Figures
        What is said of them.
    log : Log
        Takes what is left out.
    """
    is_flow = (values["flow"] > 0).to_numpy()
    if not is_flow.any():
        return values
    names = ["region", "indicator"]
    keyed = values.assign(**{name: figures.said(values, name) for name in names})
    keyed = keyed.sort_values([*names, "year", "month", "flow"], kind="stable")
    kept = [keyed[keyed["flow"] == 0]]
    for _, series in keyed.groupby(names, sort=False, dropna=False):
        flows = series[series["flow"] > 0].drop_duplicates(["year", "month"])
        has_january = bool((flows["month"] == 1).any())
        for _, year in series.groupby("year", sort=False):
            kept.append(_sums_of_year(year, has_january=has_january, figures=figures, log=log))
    found: pd.DataFrame = pd.concat(kept, ignore_index=True)[list(values.columns)]
    return found


def _sums_of_year(
    year: pd.DataFrame, *, has_january: bool, figures: Figures, log: Log
) -> pd.DataFrame:
    """Return the sums of one year of one series, as far as it is complete."""
    told = year[year["flow"] == 0].set_index("month")["value"]
    flows = year[year["flow"] > 0].drop_duplicates("month")
    if flows.empty:
        return flows
    step = int(flows["flow"].iloc[0])
    first = step if has_january or step > 1 else 2
    sums: dict[int, float] = {}
    by_month = dict(zip(flows["month"], flows["value"], strict=True))
    for month in range(first, _DECEMBER + 1, step):
        before = sums.get(month - step, 0.0 if month == first else None)
        if month in told.index:
            sums[month] = float(told[month].iloc[0] if told.index.has_duplicates else told[month])
        elif month in by_month and before is not None:
            sums[month] = round(before + by_month[month], _DECIMALS)
    is_sum = flows["month"].isin([month for month in sums if month not in told.index])
    gone = ~is_sum & ~flows["month"].isin(told.index)
    for one in figures.spots(flows[gone].head(1)):
        log.drop(one.sheet, one.cell, one.was, "incomplete_year")
    kept = flows[is_sum & (flows["month"] > 1)]
    rules = [f"{rule}+added_up".lstrip("+") for rule in kept["rule"]]
    return kept.assign(value=kept["month"].map(sums), rule=rules, flow=0)
