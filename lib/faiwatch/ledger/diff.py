"""The answer of ``faiwatch ledger diff``, for people and programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

import pandas as pd

from faiwatch.core.errors import DataInvalidError, DataMissingError, refused
from faiwatch.core.text import Text, month_name
from faiwatch.data.parameter_types import LATEST, PREVIOUS
from faiwatch.ingest.ledger.reading import LedgerReading, as_plain
from faiwatch.ingest.log import refused_as_open
from faiwatch.ledger.compare import LedgerDiff
from faiwatch.ledger.sheets import months_of

Row = dict[str, str | int | float | bool | None]


class LedgerDiffAnswer(TypedDict):
    """What ``faiwatch ledger diff --json`` prints; None = not available."""

    as_of: str
    against: str
    summary: dict[str, str]
    new: list[Row]
    gone: list[Row]
    fields: list[Row]
    status_moves: list[Row]
    slipped: list[Row]
    repackaged: list[Row]
    checks: list[Row]


def two_months(
    tables: Mapping[str, pd.DataFrame], as_of: str, against: str
) -> tuple[pd.Period, pd.Period]:
    """Return the two months that are to be compared.

    Parameters
    ----------
    tables : mapping
        Tables of the ledger.
    as_of, against : str
        ``YYYY-MM``, ``latest`` for the last sheet, ``previous`` for the sheet before `as_of`.

    Raises
    ------
    DataMissingError
        The ledger has no projects.
    ParameterError
        A month has no sheet, or `against` is not the earlier one.
    """
    known = {str(month): month for month in months_of(projects_of(tables))}
    later = max(known) if as_of == LATEST else as_of
    if later not in known:
        raise refused("as-of", as_of, ", ".join(known))
    before = [month for month in known if month < later]
    earlier = before[-1] if against == PREVIOUS and before else against
    if earlier not in before:
        listed = ", ".join(before)
        allowed = Text(f"早于 {later} 的月份：{listed}", f"before {later}: {listed}")
        none = Text(f"{later} 之前没有表", f"there is no sheet before {later}")
        raise refused("against", against, allowed if before else none)
    return known[later], known[earlier]


def projects_of(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the table of projects.

    Raises
    ------
    DataMissingError
        The ledger has none.
    """
    if "projects" not in tables:
        raise DataMissingError(Text("台账没有项目表", "the ledger has no table of projects"))
    return tables["projects"]


def answered(reading: LedgerReading) -> Mapping[str, pd.DataFrame]:
    """Return the tables of a ledger that leaves nothing open.

    Raises
    ------
    DataInvalidError
        Something is open: the first question, and that ``faiwatch ingest`` takes the answer.
    """
    if not reading.questions:
        return reading.tables
    asked, first = refused_as_open(reading.questions, reading.file), reading.questions[0]
    flag = first.flag.split(" | ")[0]
    raise DataInvalidError(
        asked.what,
        where=asked.parts["where"],
        got=first.got or None,
        todo=Text(
            f"先 faiwatch ingest 文件 {flag} --out 文件夹，再比较该文件夹",
            f"faiwatch ingest FILE {flag} --out FOLDER, then compare that folder",
        ),
    )


def diff_answer(found: LedgerDiff, checks: pd.DataFrame) -> LedgerDiffAnswer:
    """Return changes and checks as plain values, with one sentence in both languages."""
    words = diff_summary(found)
    return {
        "as_of": str(found.as_of),
        "against": str(found.against),
        "summary": {"zh": words.zh, "en": words.en},
        "new": _rows(found.new),
        "gone": _rows(found.gone),
        "fields": _rows(found.fields),
        "status_moves": _rows(found.status_moves),
        "slipped": _rows(found.slipped),
        "repackaged": _rows(found.repackaged),
        "checks": _rows(checks),
    }


def diff_summary(found: LedgerDiff) -> Text:
    """Return what changed in one sentence, counted in projects."""
    zh, en = (
        (month_name(str(found.against), lang), month_name(str(found.as_of), lang))
        for lang in ("zh", "en")
    )
    late = found.slipped[found.slipped["days"] > 0]["project_code"].nunique()
    new, gone, moved = len(found.new), len(found.gone), len(found.status_moves)
    changed = found.fields["project_code"].nunique()
    return Text(
        f"{zh[0]}至{zh[1]}：新增 {new} 个项目，减少 {gone} 个；{changed} 个项目有变动，"
        f"其中状态变化 {moved} 个，工期推迟 {late} 个。",
        f"From {en[0]} to {en[1]}: projects new {new}, gone {gone}, changed {changed}; among them "
        f"{moved} with another status, {late} with a later planned date.",
    )


def _rows(frame: pd.DataFrame) -> list[Row]:
    return [
        {str(name): None if pd.isna(value) or value == "" else value for name, value in row.items()}
        for row in as_plain(frame).to_dict("records")
    ]
