"""Growth that came, against the months already held: a service can be wrong with a straight face.

A series is refused whole when

- a growth is below −100 %: more than everything cannot be lost;
- most of the months that are held already came with another growth (by more than
  ``_REVISED`` percentage points: published growth is revised now and then, by a little);
- a month that is not held lies further from the release before it, of the same year, than any two
  neighbours of the series that are held, and by more than ``_USUAL_STEP`` points.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from faiwatch.core.errors import DataInvalidError
from faiwatch.core.phrases import say
from faiwatch.core.text import Text
from faiwatch.data.live import Fetched, Missing
from faiwatch.data.live.rows import joined
from faiwatch.data.schema import FIGURES, KEYS

_REVISED = 0.5
_USUAL_STEP = 10.0
_LEAST = -100.0


def without_unlike(fetched: Fetched, held: pd.DataFrame) -> Fetched:
    """Return what a fetch brought without the series whose growth cannot be.

    Parameters
    ----------
    fetched : Fetched
        Observations.
    held : DataFrame
        Observations that are here already.

    Returns
    -------
    Fetched
        With a reason for each series that was refused, exit code 11.
    """
    known = dict(_series(held.merge(fetched.table[KEYS].drop_duplicates(), on=KEYS)))
    refused: dict[tuple[str, str], Missing] = {}
    for key, growth in _series(fetched.table):
        if reason := _why_not(growth, known.get(key, growth.iloc[:0])):
            refused[key] = Missing(" ".join(key), reason, DataInvalidError.exit_code)
    if not refused:
        return fetched
    is_refused = pd.MultiIndex.from_frame(fetched.table[KEYS]).isin(list(refused))
    return replace(
        fetched,
        table=joined([fetched.table[~is_refused]], fetched.kind),
        missing=(*fetched.missing, *refused.values()),
    )


def with_news(fetched: Fetched, held: pd.DataFrame) -> Fetched:
    """Return what a fetch brought if any figure of it is not held, else nothing, and that."""
    news = fetched.table
    if len(news):
        both = news.merge(held, how="left", on=[*KEYS, "period"], suffixes=("", "_held"))
        if any((both[one].notna() & (both[one] != both[f"{one}_held"])).any() for one in FIGURES):
            return fetched
    if fetched.missing and not len(news):
        return fetched
    nothing = Text("没有尚未收录的数：尚未发布", "nothing that is not held: not yet out")
    return replace(
        fetched,
        table=joined([], fetched.kind),
        missing=(*fetched.missing, Missing(fetched.source, nothing)),
    )


def _series(table: pd.DataFrame) -> Iterator[tuple[tuple[str, str], pd.Series]]:
    """Yield region and indicator of each series with its growth by month."""
    for (region, indicator), rows in table.dropna(subset=["ytd_yoy_pct"]).groupby(KEYS):
        growth = rows.set_index("period")["ytd_yoy_pct"].sort_index()
        yield (str(region), str(indicator)), growth


def _why_not(growth: pd.Series, known: pd.Series) -> Text | None:
    """Return why the growth of a series, by month, cannot be; None: it can."""
    if (growth < _LEAST).any():
        at = int(growth.to_numpy().argmin())
        month, least = growth.index[at], growth.iloc[at]
        return say("data.held.below", month=month, growth=least)
    both = pd.concat({"came": growth, "held": known}, axis=1, join="inner")
    apart = both[(both["came"] - both["held"]).abs() > _REVISED]
    if 2 * len(apart) > len(both):
        return say(
            "data.held.differs",
            n_held=len(both),
            n_apart=len(apart),
            month=apart.index[-1],
            came=apart["came"].iloc[-1],
            held=apart["held"].iloc[-1],
        )
    if known.empty:
        return None
    largest = max(_USUAL_STEP, _steps(known).abs().max() if len(known) > 1 else 0.0)
    steps = _steps(growth.combine_first(known).sort_index())
    new = steps[steps.index.isin(growth.index.difference(known.index)) & (steps.abs() > largest)]
    if new.empty:
        return None
    return say("data.held.moves", month=new.index[0], step=new.iloc[0], largest=largest)


def _steps(growth: pd.Series) -> pd.Series:
    """Return the change from the month before, within a year."""
    months = pd.PeriodIndex(growth.index)
    is_next = (months[1:] - 1 == months[:-1]) & (months[1:].month > 1)
    steps: pd.Series = growth.diff().iloc[1:].loc[is_next]
    return steps
