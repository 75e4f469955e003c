"""The findings of a target: verdict sentence, details, and key numbers, each with its rows.

Method: ``docs/methods/target.md``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from functools import partial

import pandas as pd

from faiwatch.core.finding import Finding, InputRow, Tone
from faiwatch.core.phrases import amount, chance_phrase, percent_phrase, points_phrase
from faiwatch.core.provenance import Basis, result_rows, rows_behind
from faiwatch.core.text import Text
from faiwatch.data.definitions import definitions_of
from faiwatch.forecast.target.position import MONTHS_A_YEAR
from faiwatch.forecast.target.sentences import (
    assumption_words,
    history_words,
    pace_words,
    turning_words,
    verdict_words,
)
from faiwatch.forecast.target.tables import TargetStudy
from faiwatch.forecast.target.words import LIKELY, UNLIKELY

_REACHED = Text("已达到", "reached already")
_SHOWN = (
    *("required_growth", "required_per_month", "chance_target", "required_total"),
    *("shortfall", "pace_even", "pace_past"),
)
_SHOWN_BY_GROWTH = ("required_growth", "chance_target", "gap")
_SHOWN_AT_YEAR_END = ("gap", "shortfall", "progress")
# A required figure says in its label that it is workload: nobody is to report it.
_NUMBERS = definitions_of("target")


def target_findings(
    study: TargetStudy, measured: pd.DataFrame, *, name: Text, as_of: str
) -> dict[str, Finding]:
    """Return verdict, details and key numbers of a target by name.

    Parameters
    ----------
    study : TargetStudy
        From :func:`faiwatch.forecast.target.tables.study`.
    measured : DataFrame
        The measures that it was made from, whose rows the findings rest on.
    name : Text
        Region and indicator as they stand in a sentence.
    as_of : str
        Month up to which figures were used, ``YYYY-MM``.

    Returns
    -------
    dict of str to Finding
        ``verdict``; ``detail_pace``, ``detail_history``, ``detail_turning`` and
        ``detail_assumption`` where they can be told; the key numbers, ``missing`` where they
        cannot be known.
    """
    rows, values = _inputs(study, measured), _values(study)

    def on(id: str) -> Basis:
        return Basis(str(study.year.origin), as_of, rows.get(id, rows[_ANY]))

    verdict = verdict_words(study, name)
    found = {"verdict": _sentence(on, "verdict", "chance_target", values, verdict)}
    for id, (words_of, about) in _DETAILS.items():
        if study.year.months_left and (words := words_of(study)):
            found[id] = _sentence(on, id, about, values, words)
    return found | {id: _number(on(id), id, value, study) for id, value in values.items()}


def numbers_shown(study: TargetStudy) -> list[str]:
    """Return the key numbers that a page shows: those that the figures can answer."""
    if not study.year.months_left:
        return list(_SHOWN_AT_YEAR_END)
    if not study.year.has_value:
        return list(_SHOWN_BY_GROWTH)
    if study.target.value_100m is not None:
        return [*_SHOWN, "target_growth", "published_growth"]
    return [*_SHOWN, "target_value", "published_basis"]


def target_tone(study: TargetStudy) -> Tone:
    """Return the tone of the verdict: how likely the target is, in calibrated words."""
    if math.isnan(study.chance):
        return "missing"
    if not study.year.months_left:
        return "reached" if study.chance == 1 else "missed"
    if study.need.required_100m <= 0:
        return "reached"
    if study.is_short:
        return "open"
    if study.chance >= LIKELY:
        return "likely"
    return "unlikely" if study.chance <= UNLIKELY else "open"


_ANY = ""  # what rests on nothing but the figures of the two years and the target
_CHANCES, _MONTHS = "chances.csv", "target.csv"  # result files of page 05


def _inputs(study: TargetStudy, measured: pd.DataFrame) -> Mapping[str, tuple[InputRow, ...]]:
    """Return what each number is computed from, by its name."""
    origin, growth, value = study.year.origin, "ytd_yoy_pct", "ytd_value_100m"

    def of_years(years: Iterable[int], *columns: str) -> tuple[InputRow, ...]:
        """Return the figures of the origin's month and of December of some years."""
        ends = (origin.month, MONTHS_A_YEAR)
        months = [pd.Period(f"{year}-{month:02d}", "M") for year in years for month in ends]
        rows = measured[measured["period"].isin(months)]
        return tuple(row for name in columns for row in rows_behind(rows, name))

    # the target as the page was asked for it: a parameter, which stands in no file
    of_value = study.target.value_100m
    goal = InputRow(
        file="",
        row=0,
        period=f"{origin.year}-{MONTHS_A_YEAR}",
        column="target_growth_pct" if of_value is None else "target_value_100m",
        value=study.need.target_growth_pct if of_value is None else of_value,
    )
    now, last_year = measured[measured["period"] == origin], of_years([origin.year - 1], value)
    figures = (goal, *rows_behind(now, growth), *rows_behind(now, value), *last_year)
    n_years = int(study.months.iloc[study.year.place]["n_years"])
    month = measured["period"].dt
    is_complete = (month.month == MONTHS_A_YEAR) & (month.year < origin.year)
    years = month.year[is_complete & (measured[value] > 0)].tail(n_years)
    ladder, table = study.ladder, study.months
    last = table[table["is_open"].astype(bool)].tail(1)
    return {
        _ANY: figures,
        "best_growth": of_years(study.years_compared, growth, value),
        "pace_past": figures + of_years(years, value),
        "chance_target": result_rows(ladder[ladder["is_target"].astype(bool)], _CHANCES, "chance")
        + figures,
        **{
            id: result_rows(last, _MONTHS, id) + figures
            for id in ("chance_turned", "chance_non_negative")
            if id in table
        },
    }


# How each detail is said, and the number that it is about.
_DETAILS: Mapping[str, tuple[Callable[[TargetStudy], Text | None], str]] = {
    "detail_pace": (pace_words, "progress"),
    "detail_history": (history_words, "best_growth"),
    "detail_turning": (turning_words, "chance_turned"),
    "detail_assumption": (assumption_words, "required_growth"),
}


def _sentence(
    on: Callable[[str], Basis], id: str, about: str, values: Mapping[str, float], words: Text
) -> Finding:
    """Return a sentence as a finding with the number that it is about."""
    if about == "chance_turned" and math.isnan(values[about]):  # growth is not negative now
        about = "chance_non_negative"
    value, what = values[about], _NUMBERS[about]
    if math.isnan(value):
        return on(about).finding(id, None, what, words, "missing")
    return on(about).finding(id, value, what, words)


def _values(study: TargetStudy) -> dict[str, float]:
    """Return the key numbers by name, NaN where they cannot be known."""
    need, opened = study.need, study.months[study.months["is_open"]]
    now = study.months.iloc[study.year.place]
    last = opened.iloc[-1] if len(opened) else pd.Series(dtype="float64")
    numbers = {
        "required_growth": need.required_growth_pct,
        "required_total": need.required_100m,
        "required_per_month": need.required_per_month_100m,
        "chance_target": 100 * study.chance,
        "chance_turned": 100 * float(last.get("chance_turned", math.nan)),
        "chance_non_negative": 100 * float(last.get("chance_non_negative", math.nan)),
        "best_growth": float(last.get("best_growth_pct", math.nan)),
        "gap": need.gap_pp,
        "shortfall": need.shortfall_100m,
        "progress": need.progress_pct,
        "pace_even": need.progress_pct - now["even_share_pct"],
        "pace_past": need.progress_pct - now["past_share_pct"],
    }
    if study.target.value_100m is not None:
        return numbers | {
            "target_growth": need.target_growth_pct,
            "published_growth": need.published_basis_growth_pct,
        }
    return numbers | {
        "target_value": need.target_value_100m,
        "published_basis": need.published_basis_100m,
    }


def _number(basis: Basis, id: str, value: float, study: TargetStudy) -> Finding:
    what = _NUMBERS[id]
    if id == "shortfall" and value < 0:  # nobody reads "short of it by minus 5"
        return _number(basis, "surplus", -value, study).model_copy(update={"id": id})
    if math.isnan(value):
        return basis.missing(id, what)
    words = chance_phrase(value / 100) if id.startswith("chance") else _WORDS_OF[what.unit](value)
    if id == "required_total" and not math.isnan(study.open_range[0]):
        lo, hi = (amount(end) for end in study.open_range)
        words = Text(f"{words.zh} [{lo.zh}, {hi.zh}]", f"{words.en} [{lo.en}, {hi.en}]")
    if id.startswith("required") and study.need.required_100m <= 0:
        words = _REACHED
    return basis.finding(id, float(value), what, words)


_WORDS_OF: Mapping[str, Callable[[float], Text]] = {
    "pct": percent_phrase,
    "pp": partial(points_phrase, signed=True),
    "100m_cny": amount,
}
