"""What changed between two monthly sheets of a ledger, and the answer of ``faiwatch ledger diff``.

Method: ``docs/methods/ledger-compare.md``.

Projects are the same when their codes are. Projects that were merged or split change their codes:
:func:`repackaged` finds which codes belong together, by what the ledger says and never by guess.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any, TypedDict

import pandas as pd

from faiwatch.core.errors import DataInvalidError, DataMissingError, refused
from faiwatch.core.phrases import say
from faiwatch.core.text import Text
from faiwatch.data.ledger_fields import AS_OF, PROJECT_CODE, ledger_tables
from faiwatch.data.parameter_types import LATEST, PREVIOUS
from faiwatch.ingest.ledger.reading import LedgerReading, as_plain
from faiwatch.ingest.log import refused_as_open
from faiwatch.ledger.sheets import months_of, required_sheet, total_10k

REPACKAGED_COLUMNS = ["kind", "basis", "gone_code", "gone_name", "new_code", "new_name"]
FIELD_COLUMNS = [PROJECT_CODE, "name", "field", "was", "became", "sheet", "row"]
SLIP_COLUMNS = [PROJECT_CODE, "name", "field", "was", "became", "days", "sheet", "row"]
PLANNED = ("planned_start", "planned_finish")
_MERGED = ("打包", "合并", "并入", "merged")
_SPLIT = ("拆分", "分拆", "拆为", "split")
_HALF_A_YUAN = 0.5e-4
_LISTED = [PROJECT_CODE, "name", "unit", "total_investment", "sheet", "row"]


Row = dict[str, str | int | float | bool | None]


@dataclass(frozen=True)
class LedgerDiff:
    """What changed between two sheets.

    Attributes
    ----------
    as_of, against : Period
        The later and the earlier month.
    new, gone : DataFrame
        ``project_code name unit total_investment sheet row`` of codes in one of them only.
    fields : DataFrame
        ``project_code name field was became sheet row``: each field that changed, as text (empty =
        blank); sheet and row are those of the later month.
    status_moves : DataFrame
        The same for the reported status, without ``field``.
    slipped : DataFrame
        ``project_code name field was became days sheet row`` of planned dates, the longest first;
        negative days were brought forward.
    repackaged : DataFrame
        ``kind basis gone_code gone_name new_code new_name``, see :func:`repackaged`.
    """

    as_of: pd.Period
    against: pd.Period
    new: pd.DataFrame
    gone: pd.DataFrame
    fields: pd.DataFrame
    status_moves: pd.DataFrame
    slipped: pd.DataFrame
    repackaged: pd.DataFrame


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
    tables: list[Row]
    checks: list[Row]


def compare_sheets(projects: pd.DataFrame, *, as_of: pd.Period, against: pd.Period) -> LedgerDiff:
    """Return what changed between two monthly sheets.

    Parameters
    ----------
    projects : DataFrame
        Table ``projects`` with every sheet kept.
    as_of, against : Period
        The later and the earlier month.

    Raises
    ------
    DataMissingError
        One of the months has no sheet.

    Examples
    --------
    >>> from faiwatch.data.ledger_schema import ledger_frame
    >>> rows = {"asof": ["2026-07", "2026-08"], "project_code": ["甲", "甲"], "name": ["厂", "厂"]}
    >>> projects = ledger_frame("projects", pd.DataFrame(rows | {"status": ["", "stopped"]}))
    >>> months = {"as_of": pd.Period("2026-08", "M"), "against": pd.Period("2026-07", "M")}
    >>> compare_sheets(projects, **months).status_moves["became"].to_list()
    ['stopped']
    """
    then, now = (required_sheet(projects, month) for month in (against, as_of))
    came, left = now.index.difference(then.index), then.index.difference(now.index)
    both = now.index.intersection(then.index, sort=False)
    old, new = then.loc[both], now.loc[both]
    parts = [pd.DataFrame(columns=FIELD_COLUMNS).astype({"row": "int64"})]
    for name, field in ledger_tables()["projects"].fields.items():
        if name in {AS_OF, PROJECT_CODE}:
            continue
        was, became = old[name], new[name]
        if field.kind in {"money", "number", "percent"}:
            same = (was - became).abs().le(_HALF_A_YUAN)
        else:
            same = was.eq(became).fillna(False).astype("bool")
        changed = ~(same | (was.isna() & became.isna()))
        if not changed.any():  # most fields of most months
            continue
        told = new[["name", "sheet", "row"]].assign(field=name, was=was, became=became)[changed]
        words = {side: told[side].map(_word).astype("str") for side in ("was", "became")}
        parts.append(told.assign(**words).reset_index()[FIELD_COLUMNS])
    fields = pd.concat(parts, ignore_index=True).astype(dict.fromkeys(FIELD_COLUMNS[:-1], "str"))
    moves = fields[fields["field"] == "status"].drop(columns="field")
    dates = fields[fields["field"].isin(PLANNED) & fields["was"].ne("") & fields["became"].ne("")]
    days = (pd.to_datetime(dates["became"]) - pd.to_datetime(dates["was"])).dt.days
    slipped = dates.assign(days=days)[SLIP_COLUMNS]
    return LedgerDiff(
        as_of=as_of,
        against=against,
        new=now.loc[came].reset_index()[_LISTED],
        gone=then.loc[left].reset_index()[_LISTED],
        fields=fields,
        status_moves=moves.reset_index(drop=True),
        slipped=slipped.sort_values("days", ascending=False, kind="stable", ignore_index=True),
        repackaged=repackaged(then.loc[left], now.loc[came]),
    )


def repackaged(gone: pd.DataFrame, came: pd.DataFrame) -> pd.DataFrame:
    """Return which codes that left and which that came belong together (打包/拆分).

    Parameters
    ----------
    gone, came : DataFrame
        Projects of the earlier and of the later sheet that are in one of them only, by code.

    Returns
    -------
    DataFrame
        ``kind`` is ``merged`` or ``split``. ``basis`` is ``stated`` where the remark of the new
        project names the old code, ``amounts`` where only their total investments agree: a
        proposal to be confirmed.
    """
    pairs = [
        (kind, "stated", str(old), str(code))
        for code, remark in came["remark"].map(str).items()
        if (kind := _kind_stated(remark)) is not None
        for old in gone.index
        if _names(remark, str(old))
    ]
    taken = {code for pair in pairs for code in pair[2:]}
    gone_rest, came_rest = (side[~side.index.isin(taken)] for side in (gone, came))
    # one owner, one project against several, and their total investments agree
    for owner, old in gone_rest[gone_rest["owner"] != ""].groupby("owner", sort=True):
        new = came_rest[came_rest["owner"] == owner]
        amounts = [side["total_investment"] for side in (old, new)]
        is_known = all(side.notna().all() for side in amounts)
        one_to_many = min(len(old), len(new)) == 1 < max(len(old), len(new))
        if one_to_many and is_known and total_10k(amounts[0]) == total_10k(amounts[1]):
            kind = "merged" if len(new) == 1 else "split"
            pairs += [(kind, "amounts", *codes) for codes in product(old.index, new.index)]
    found = pd.DataFrame(pairs, columns=["kind", "basis", "gone_code", "new_code"], dtype="str")
    named = {"gone_name": found["gone_code"].map(gone["name"])}
    named |= {"new_name": found["new_code"].map(came["name"])}
    return found.assign(**named)[REPACKAGED_COLUMNS].astype("str")


def families(projects: pd.DataFrame) -> Mapping[str, str]:
    """Return the family of every code that was merged or split, as the ledger states it.

    Parameters
    ----------
    projects : DataFrame
        Table ``projects``; the remarks of all its sheets are looked at.

    Returns
    -------
    mapping
        Code to the first code of its family; codes without one are not in it.
    """
    codes = {str(code) for code in projects[PROJECT_CODE].unique()}
    stated = projects[[PROJECT_CODE, "remark"]].drop_duplicates()
    stated = stated[stated["remark"].map(_kind_stated).notna()]
    head: dict[str, str] = {}
    for new, remark in zip(stated[PROJECT_CODE].map(str), stated["remark"].map(str), strict=True):
        for old in sorted(code for code in codes if code != new and _names(remark, code)):
            first, other = head.get(old, old), head.get(new, new)
            head |= {old: first, new: first}
            head |= {code: first for code, top in head.items() if top == other}
    return head


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
        allowed = say("ledger.compare.before", later=later, listed=", ".join(before))
        none = say("ledger.compare.no_sheet_before", later=later)
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
    raise DataInvalidError(
        asked.what,
        where=asked.parts["where"],
        got=first.got or None,
        todo=say("ledger.compare.how_to_compare", flag=first.flag.split(" | ")[0]),
    )


def diff_answer(found: LedgerDiff, others: pd.DataFrame, checks: pd.DataFrame) -> LedgerDiffAnswer:
    """Return changes and checks as plain values, with one sentence in both languages.

    Parameters
    ----------
    found : LedgerDiff
        What changed in the projects.
    others : DataFrame
        What changed in the other tables, from
        :func:`faiwatch.ledger.table_changes.table_changes`.
    checks : DataFrame
        From :func:`faiwatch.ledger.checks.check_ledger`.
    """
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
        "tables": _rows(others),
        "checks": _rows(checks),
    }


def diff_summary(found: LedgerDiff) -> Text:
    """Return what changed in one sentence, counted in projects."""
    return say(
        "ledger.compare.what_changed",
        before=found.against,
        now=found.as_of,
        new=len(found.new),
        gone=len(found.gone),
        changed=found.fields[PROJECT_CODE].nunique(),
        moved=len(found.status_moves),
        late=found.slipped.loc[found.slipped["days"] > 0, PROJECT_CODE].nunique(),
    )


def _word(value: Any) -> str:  # noqa: ANN401  whatever a field holds
    """Return a value as text that a program reads back; what is missing is empty."""
    if pd.isna(value):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.12g}"
    return f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else str(value)


def _names(remark: str, code: str) -> bool:
    """Whether a remark names a code, and not a longer one that holds it."""
    if code not in remark:  # most are not, and this is quick
        return False
    longer = r"[0-9A-Za-z-]"
    return re.search(rf"(?<!{longer}){re.escape(code)}(?!{longer})", remark) is not None


def _kind_stated(remark: str) -> str | None:
    if any(word in remark for word in _SPLIT):
        return "split"
    return "merged" if any(word in remark for word in _MERGED) else None


def _rows(frame: pd.DataFrame) -> list[Row]:
    return [
        {str(name): None if pd.isna(value) or value == "" else value for name, value in row.items()}
        for row in as_plain(frame).to_dict("records")
    ]
