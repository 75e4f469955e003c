"""How checks write down what they find: one record per row, or one per series with a count."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd

from faiwatch.core.phrases import say, texts_of
from faiwatch.core.text import Text
from faiwatch.data.reference import CheckException
from faiwatch.data.schema import KEYS

RECORD_COLUMNS = ["check", "severity", *KEYS, "period", "value", "zh", "en", "file", "row"]
SEVERITY_WORDS = texts_of("stats.words_severities")
SEVERITIES = tuple(SEVERITY_WORDS)  # the worst first

Row = dict[Any, Any]
Record = dict[str, Any]
Words = Callable[[Row], Text] | Text


def record(row: Row, check: str, severity: str, value: float, words: Text) -> Record:
    """Return the record of `check` about one row of a table."""
    told = {"check": check, "severity": severity, "value": value, "zh": words.zh, "en": words.en}
    return {name: row[name] for name in (*KEYS, "period", "file", "row")} | told


def each(
    rows: pd.DataFrame, check: str, severity: str, words: Words, *, value: str = "ytd_yoy_pct"
) -> list[Record]:
    """Return one record per row; `value` is the column that the sentence speaks of."""
    if rows.empty:  # of most checks
        return []
    return [
        record(row, check, severity, row[value], words if isinstance(words, Text) else words(row))
        for row in rows.to_dict("records")
    ]


def per_series(
    rows: pd.DataFrame, check: str, severity: str, words: Words, *, value: str = "count"
) -> list[Record]:
    """Return one record per series, at its first row; `words` also gets ``count`` and ``last``."""
    if rows.empty:
        return []
    months = rows.groupby(KEYS, sort=False)["period"]
    counted = rows.assign(count=months.transform("size"), last=months.transform("max"))
    return each(counted.drop_duplicates(KEYS), check, severity, words, value=value)


def as_table(found: Iterable[Record], exceptions: Iterable[CheckException]) -> pd.DataFrame:
    """Return records as a table, the most severe first; what is excused becomes a note."""
    known = {(one.check, one.region_code, one.indicator, one.period): one for one in exceptions}
    excused = []
    for one in found:
        exception = known.get((one["check"], *(one[key] for key in KEYS), str(one["period"])))
        if exception is None:
            excused.append(one)
            continue
        found_words = Text(one["zh"], one["en"])
        words = say("stats.check_records.known", found=found_words, reason=exception.reason)
        excused.append(one | {"severity": "note", "zh": words.zh, "en": words.en})
    excused.sort(key=lambda one: (SEVERITIES.index(one["severity"]), *(one[key] for key in KEYS)))
    table = pd.DataFrame(excused, columns=RECORD_COLUMNS)
    table["period"] = pd.PeriodIndex(table["period"], freq="M")
    return table.astype({"value": "float64", "row": "int64"})
