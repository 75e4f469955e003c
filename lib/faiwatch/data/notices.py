"""Notices that a city has sent to its districts: the list, and what became of each.

The list is a CSV that the office keeps: ``faiwatch city --notices FOLDER`` adds a row for each
notice it drafts, somebody fills in when it was sent, answered and closed, and the next run reads
it again.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from faiwatch.core.errors import DataInvalidError
from faiwatch.core.files import atomic_write_bytes, bytes_of
from faiwatch.core.text import Text
from faiwatch.data.encoding import decoded
from faiwatch.data.frames import harmless_frame
from faiwatch.data.regions import code_of_region
from faiwatch.data.summons_rules import LEVELS, SummonsRules

FILE = "notices.csv"
NOTICE_COLUMNS = [
    "notice_id",
    "region_code",
    "level",
    "month",
    "issued",
    "due",
    "answered",
    "closed",
    "reason_zh",
    "reason_en",
    "answer",
]
_DAYS = ("issued", "due", "answered", "closed")
STATES: Mapping[str, Text] = {
    "draft": Text("草稿，未发出", "draft, not sent"),
    "sent": Text("待回复", "answer awaited"),
    "overdue": Text("逾期未回复", "past its date, not answered"),
    "answered": Text("已回复，未销号", "answered, not closed"),
    "closed": Text("销号、办结", "closed"),
}


def read_notices(path: str | Path | None, *, today: datetime.date) -> pd.DataFrame:
    """Return the notices of a list, each with its state on a day.

    Parameters
    ----------
    path : str, Path or None
        The CSV, or the folder that holds ``notices.csv``; None = there is no list.
    today : date
        What is due before it and not answered is overdue.

    Returns
    -------
    DataFrame
        Columns :data:`NOTICE_COLUMNS` and ``state`` (:data:`STATES`); days as timestamps.

    Raises
    ------
    DataMissingError, DataInvalidError
        The file cannot be read, lacks a column, or a day or level is wrong.
    """
    if path is None:
        return _with_state(pd.DataFrame(columns=NOTICE_COLUMNS), today)
    file = Path(path) / FILE if Path(path).is_dir() else Path(path)
    missing = Text("读不到通知台账", "the list of notices cannot be read")
    text = decoded(bytes_of(file, missing, where=file.name), file.name)
    table = pd.read_csv(
        io.StringIO(text), dtype="str", keep_default_na=False, skipinitialspace=True
    )
    if any(name not in table for name in NOTICE_COLUMNS[:6]):
        raise _wrong(file, 1, ", ".join(table.columns), ", ".join(NOTICE_COLUMNS))
    table = table.reindex(columns=NOTICE_COLUMNS, fill_value="")
    for line, level in enumerate(table["level"], start=2):
        if level not in LEVELS:
            raise _wrong(file, line, level, ", ".join(LEVELS))
    table["region_code"] = table["region_code"].map(code_of_region)
    for name in _DAYS:
        days = pd.to_datetime(table[name].mask(table[name].eq("")), format="mixed", errors="coerce")
        bad = table.index[days.isna() & table[name].ne("")]
        if len(bad):
            got = f"{name}={table.loc[bad[0], name]}"
            raise _wrong(file, int(bad[0]) + 2, got, Text("日期 2026-09-30", "a day, 2026-09-30"))
        table[name] = days
    return _with_state(table, today)


def _wrong(file: Path, line: int, got: str, allowed: Text | str) -> DataInvalidError:
    return DataInvalidError(
        Text("通知台账的这一行不可用", "this row of the notices cannot be used"),
        where=f"{file.name}:{line}",
        got=got,
        allowed=allowed,
    )


def _with_state(table: pd.DataFrame, today: datetime.date) -> pd.DataFrame:
    days = {name: pd.to_datetime(table[name]) for name in _DAYS}
    state = pd.Series("sent", index=table.index, dtype="str")
    state = state.mask(days["due"] < pd.Timestamp(today), "overdue")
    state = state.mask(days["issued"].isna(), "draft")
    state = state.mask(days["answered"].notna(), "answered")
    return table.assign(**days, state=state.mask(days["closed"].notna(), "closed"))


def drafted(
    summons: pd.DataFrame,
    kept: pd.DataFrame,
    rules: SummonsRules,
    *,
    month: pd.Period,
    today: datetime.date,
) -> pd.DataFrame:
    """Return the list with a row for each district that is to have a notice and has none yet.

    Parameters
    ----------
    summons : DataFrame
        From :func:`faiwatch.stats.summons.summoned`.
    kept : DataFrame
        From :func:`read_notices`.
    rules : SummonsRules
        Whose days say when an answer is due.
    month : Period
        Month of the figures; a district has one notice of a level a month.
    today : date
        When the answer's days begin.

    Returns
    -------
    DataFrame
        `kept`, unchanged, with the new ones below it as drafts: `issued` is for the office to
        fill in when it is sent, and `due` is what the draft says.
    """
    has = set(zip(kept["region_code"], kept["level"], kept["month"].astype(str), strict=True))
    rows = [
        {
            "notice_id": f"{row.region_code}-{month}-{row.level}",
            "region_code": row.region_code,
            "level": row.level,
            "month": str(month),
            "issued": pd.NaT,
            "due": pd.Timestamp(today) + pd.Timedelta(days=getattr(rules.days, str(row.level))),
            "answered": pd.NaT,
            "closed": pd.NaT,
            "reason_zh": row.reason_zh,
            "reason_en": row.reason_en,
            "answer": "",
        }
        for row in summons.itertuples()
        if (row.region_code, row.level, str(month)) not in has
    ]
    if not rows:
        return kept
    new = _with_state(pd.DataFrame(rows, columns=NOTICE_COLUMNS), today)
    return new if kept.empty else pd.concat([kept, new], ignore_index=True)


def write_notices(notices: pd.DataFrame, folder: Path) -> Path:
    """Write the list to a folder; what somebody filled in stays as it was read."""
    told = notices[NOTICE_COLUMNS].copy()
    for name in _DAYS:
        told[name] = pd.to_datetime(told[name]).dt.strftime("%Y-%m-%d").fillna("")
    content = harmless_frame(told).to_csv(index=False, lineterminator="\n")
    file = folder / FILE
    atomic_write_bytes(file, ("\ufeff" + content).encode())
    return file


def n_overdue_by_district(notices: pd.DataFrame) -> pd.Series:
    """Return how many notices of each district are past their date and not answered."""
    return notices[notices["state"].eq("overdue")].groupby("region_code").size()
