"""Labels of columns and axes, and the small phrases that captions are built from."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from faiwatch.core.phrases import say
from faiwatch.core.text import Language, Text, half_up
from faiwatch.data.measures import label, measure
from faiwatch.stats.negative import STATES


def rounded(values: pd.Series, decimals: int = 1) -> pd.Series:
    """Return `values` rounded half-up for a table; NaN stays NaN."""
    return values.map(lambda v: float(half_up(v, decimals)), na_action="ignore").astype("float64")


def side_of(difference: float) -> Text:
    """Say whether a figure lies above another, from which it differs by so much, or below it."""
    return say("view.charts_words.above") if difference >= 0 else say("view.charts_words.below")


def labelled(lang: Language, **columns: Iterable[object]) -> pd.DataFrame:
    """Return the table behind a chart: columns called, and rounded, as the catalogue says.

    Examples
    --------
    >>> labelled("en", ytd_yoy_pct=[-7.25], n_months=[12]).to_dict("records")
    [{'Growth, year to date (%)': -7.3, 'Months': 12}]
    """
    table = {}
    for id, given in columns.items():
        values = pd.Series(given).reset_index(drop=True)
        if isinstance(values.dtype, pd.PeriodDtype):
            values = values.astype("str")
        elif pd.api.types.is_float_dtype(values):
            values = rounded(values, len(measure(id).format.strip("%").partition(".")[2]))
        table[label(id, lang)] = values
    return pd.DataFrame(table)


def state_words(states: pd.Series, lang: Language) -> pd.Series:
    """Return states as readers see them."""
    return states.astype("str").map({name: word.in_language(lang) for name, word in STATES.items()})
