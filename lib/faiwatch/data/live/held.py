"""Growth that came, against the months already held: a service can be wrong with a straight face.

A series is refused whole when

- a growth is below −100 %: more than everything cannot be lost;
- most of the months that are held already came with another growth (by more than
  ``_REVISED`` percentage points: published growth is revised now and then, by a little);
- a month that is not held lies further from the release before it, of the same year, than any two
  neighbours of the series that are held, and by more than ``_USUAL_STEP`` points.
"""

from __future__ import annotations

from collections.abc import Mapping
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
    known = _series(held.merge(fetched.table[KEYS].drop_duplicates(), on=KEYS))
    refused: dict[tuple[str, str], Missing] = {}
    for key, growth in _series(fetched.table).items():
        if reason := _why_not(growth, known.get(key, {})):
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


def _series(table: pd.DataFrame) -> dict[tuple[str, str], dict[int, float]]:
    """Return the growth of each series, by region and indicator, then by the number of its month.

    Plain numbers: a series has few months, and there are many series.
    """
    rows = table.dropna(subset=["ytd_yoy_pct"]).sort_values([*KEYS, "period"])
    found: dict[tuple[str, str], dict[int, float]] = {}
    columns = (rows[name].tolist() for name in (*KEYS, "period", "ytd_yoy_pct"))
    for region, indicator, month, growth in zip(*columns, strict=True):
        found.setdefault((region, indicator), {})[month.ordinal] = growth
    return found


def _why_not(growth: Mapping[int, float], known: Mapping[int, float]) -> Text | None:
    """Return why the growth of a series, by month, cannot be; None: it can."""
    least = min(growth, key=lambda month: growth[month])
    if growth[least] < _LEAST:
        return say("data.held.below", month=_month(least), growth=growth[least])
    both = [month for month in growth if month in known]
    apart = [month for month in both if abs(growth[month] - known[month]) > _REVISED]
    if 2 * len(apart) > len(both):
        return say(
            "data.held.differs",
            n_held=len(both),
            n_apart=len(apart),
            month=_month(apart[-1]),
            came=growth[apart[-1]],
            held=known[apart[-1]],
        )
    if not known:
        return None
    largest = max([_USUAL_STEP, *map(abs, _steps(known).values())])
    for month, step in _steps({**known, **growth}).items():
        if month not in known and abs(step) > largest:
            return say("data.held.moves", month=_month(month), step=step, largest=largest)
    return None


def _steps(growth: Mapping[int, float]) -> dict[int, float]:
    """Return the change from the month before, within a year."""
    return {
        month: growth[month] - growth[month - 1]
        for month in sorted(growth)
        if month - 1 in growth and month % 12  # 0 = a January
    }


def _month(number: int) -> pd.Period:
    return pd.Period(ordinal=number, freq="M")
