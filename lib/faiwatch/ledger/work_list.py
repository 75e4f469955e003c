"""One list of what somebody has to do: issues, tasks, decisions of meetings, notices.

Method: ``docs/methods/ledger-register.md``. Days are whole days up to the end of a month; NaN = not
known.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pandas as pd

from faiwatch.core.errors import DataInvalidError
from faiwatch.core.paths import rule_file
from faiwatch.core.phrases import joined, say
from faiwatch.core.text import Text
from faiwatch.data.encoding import rows_of
from faiwatch.data.ledger_fields import PROJECT_CODE
from faiwatch.data.ledger_schema import TRACE
from faiwatch.ledger.funding import latest_rows
from faiwatch.ledger.notices import notice_register
from faiwatch.ledger.register import projects_of_tasks
from faiwatch.ledger.sheets import days_of, first_true

CARRIED_OUT: dict[str, Text] = {
    "done": Text("已落实", "carried out"),
    "overdue": Text("逾期未落实", "overdue, not carried out"),
    "open": Text("尚未落实", "not carried out"),
}
DECISIONS = [
    "id",
    "date",
    "meeting",
    "decision",
    "unit",
    "due",
    "done",
    "state",
    "age_days",
    "overdue_days",
    "result",
    *TRACE,
]
WORK = [
    "item",
    "id",
    PROJECT_CODE,
    "title",
    "source",
    "owner",
    "opened",
    "due",
    "done",
    "is_done",
    "is_late",
    "age_days",
    "overdue_days",
    "step",
    *TRACE,
]
_LADDER = ("step", "overdue_days_above", "zh", "en")
_FEWEST_STEPS = 2  # the agenda shows what is beyond the second
_STEPS: dict[str, Text] = {
    "name_unit": Text("明确责任单位", "name a unit"),
    "set_due": Text("明确完成时限", "set a day"),
    "carry_out": Text("按期办理", "carry out in time"),
    "add_evidence": Text("补充销号依据", "say why it is closed"),
}


@cache
def ladder() -> Mapping[str, tuple[int, Text]]:
    """Return the steps of escalation: each with the days overdue above which it is taken.

    Examples
    --------
    >>> {step: days for step, (days, _) in ladder().items()}
    {'remind': 0, 'interview': 30, 'letter': 60}
    """
    return read_ladder(rule_file("escalation_rules.csv"))


def read_ladder(path: Path) -> Mapping[str, tuple[int, Text]]:
    """Return the steps that a file like ``data/escalation_rules.csv`` holds.

    Raises
    ------
    DataInvalidError
        It does not have its four columns filled, fewer than two steps, or days that do not grow.
    """
    steps: dict[str, tuple[int, Text]] = {}
    for number, row in enumerate(rows := rows_of(path) or [{}], start=2):
        days = row.get("overdue_days_above") or ""
        above = max((before for before, _ in steps.values()), default=-1)
        is_whole = sorted(map(str, row)) == sorted(_LADDER) and all(row.values())
        if not is_whole or not days.isdecimal() or int(days) <= above or len(rows) < _FEWEST_STEPS:
            raise DataInvalidError(
                Text("督办升级规则不合约定", "the rules of escalation break their format"),
                where=f"{path.name}:{number}",
                got=", ".join(map(str, row.values())),
                allowed=say(
                    "ledger.work_list.columns_by_step",
                    ladder=Text("、".join(_LADDER), ", ".join(_LADDER)),
                ),
            )
        steps[row["step"]] = (int(days), Text(row["zh"], row["en"]))
    return steps


def step_words() -> Mapping[str, Text]:
    """Return what each next step is called."""
    return _STEPS | {step: words for step, (_, words) in ladder().items()}


def ladder_words() -> Text:
    """Return the rule of escalation in a sentence, to be printed with what follows it.

    Examples
    --------
    >>> ladder_words().zh
    '逾期即提醒责任单位；逾期超过30天，约谈责任单位；逾期超过60天，下发督办函'
    """
    return joined(
        say("ledger.work_list.overdue_by", days=days, words=words)
        if days
        else say("ledger.work_list.overdue", words=words)
        for days, words in ladder().values()
    )


def decision_list(
    minutes: pd.DataFrame, *, as_of: pd.Period, day: pd.Timestamp | None = None
) -> pd.DataFrame:
    """Return every decision taken up to the end of a month, and whether it is carried out.

    Parameters
    ----------
    minutes : DataFrame
        Table ``minutes``.
    as_of : Period
        The month.
    day : Timestamp, optional
        Look at this day instead of the end of the month.

    Returns
    -------
    DataFrame
        Columns :data:`DECISIONS`, the latest meeting first, then in the order of the sheet. `done`
        after the month is blank; `overdue_days` is NaN where no day is set.

    Examples
    --------
    >>> from faiwatch.data.ledger_schema import ledger_frame
    >>> rows = {"id": ["1"], "date": "2026-08-03", "meeting": "联席会", "decision": "腾地"}
    >>> minutes = ledger_frame("minutes", pd.DataFrame(rows | {"due": "2026-08-21"}))
    >>> found = decision_list(minutes, as_of=pd.Period("2026-08", "M"))
    >>> found[["state", "overdue_days"]].values.tolist()
    [['overdue', 10.0]]
    """
    end = as_of.end_time.normalize() if day is None else day
    rows = minutes[minutes["date"].le(end)].drop_duplicates("id")
    done = rows["done"].where(rows["done"].le(end))
    told = rows.assign(done=done, **days_of(rows["date"], rows["due"], done, end))
    state = first_true({"done": done.notna(), "overdue": told["overdue_days"].gt(0)}, "open")
    told = told.assign(state=state)
    return told.sort_values("date", ascending=False, kind="stable", ignore_index=True)[DECISIONS]


def decided_on(decisions: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Return what was decided last time: at the latest meeting with minutes up to a day.

    Parameters
    ----------
    decisions : DataFrame
        From :func:`decision_list`.
    day : Timestamp
        That of the last meeting.
    """
    before = decisions[decisions["date"].le(day)]
    return before[before["date"].eq(before["date"].max())].reset_index(drop=True)


def work_list(
    tables: Mapping[str, pd.DataFrame], *, as_of: pd.Period, day: pd.Timestamp | None = None
) -> pd.DataFrame:
    """Return everything that somebody has to do, with its age and its next step.

    Parameters
    ----------
    tables : mapping
        The ledger: any of ``issues tasks minutes notices``.
    as_of : Period
        The month.
    day : Timestamp, optional
        Look at this day instead of the end of the month.

    Returns
    -------
    DataFrame
        Columns :data:`WORK`: what is open first, the longest overdue on top. `source` is the
        meeting of a decision and the title of a notice. A step is empty where nothing is left to
        do; NaN in days: not known.

    Examples
    --------
    >>> from faiwatch.data.ledger_schema import ledger_frame
    >>> rows = {"id": ["1"], "date": "2026-08-03", "meeting": "联席会", "decision": "腾地"}
    >>> minutes = ledger_frame("minutes", pd.DataFrame(rows | {"due": "2026-08-21"}))
    >>> found = work_list({"minutes": minutes}, as_of=pd.Period("2026-08", "M"))
    >>> found[["item", "age_days", "step"]].values.tolist()
    [['decision', 28.0, 'name_unit']]
    """
    end = as_of.end_time.normalize() if day is None else day
    parts = [_complete(one, end) for one in dated_work(tables, as_of=as_of, day=end) if len(one)]
    if not parts:
        days = dict.fromkeys(("opened", "due", "done"), "datetime64[ns]")
        numbers = dict.fromkeys(("age_days", "overdue_days"), "float64")
        flags = dict.fromkeys(("is_done", "is_late"), "bool")
        text = dict.fromkeys(WORK, "str")
        return pd.DataFrame(columns=WORK).astype(text | days | numbers | flags | {"row": "int64"})
    found = pd.concat(parts, ignore_index=True)
    order = ["is_done", "overdue_days", "due", "item", "id"]
    return found.sort_values(order, ascending=[True, False, True, True, True], ignore_index=True)


def dated_work(
    tables: Mapping[str, pd.DataFrame], *, as_of: pd.Period, day: pd.Timestamp | None = None
) -> list[pd.DataFrame]:
    """Return what has a day: issues, tasks, decisions, notices, with the same names of columns.

    Parameters
    ----------
    tables : mapping
        The ledger; those that it lacks are left out.
    as_of : Period
        The month.
    day : Timestamp, optional
        The last day that counts, instead of that of the month.

    Returns
    -------
    list of DataFrame
        Each has columns ``item id title source owner opened due done`` and that of the project's
        code; a task is set on no day.
    """
    parts = []
    if "issues" in tables:
        rows = latest_rows(tables["issues"], as_of).drop_duplicates("issue_id")
        names = {"issue_id": "id", "closed": "done", "owner_unit": "owner", "action": "title"}
        parts.append(rows.rename(columns=names).assign(item="issue", source=""))
    if "tasks" in tables:
        rows = latest_rows(tables["tasks"], as_of).drop_duplicates("id")
        about = {PROJECT_CODE: projects_of_tasks(rows, tables.get("issues"))}
        parts.append(rows.assign(item="task", source="", opened=None, evidence="", **about))
    if "minutes" in tables:
        rows = decision_list(tables["minutes"], as_of=as_of, day=day)
        names = {"date": "opened", "decision": "title", "meeting": "source", "unit": "owner"}
        parts.append(rows.rename(columns=names).assign(item="decision", **{PROJECT_CODE: ""}))
    if "notices" in tables:
        rows = notice_register(tables["notices"], as_of=as_of, day=day)
        owner, problem = rows["owner_unit"], rows["problem"]
        asked = rows["receiver"].where(rows["direction"].eq("to_below"), "")
        parts.append(
            rows.assign(
                item="notice",
                source=rows["title"],
                title=problem.where(problem.ne(""), rows["title"]),
                owner=owner.where(owner.ne(""), asked),
                opened=rows["date"],
                done=rows["closed"],
                **{PROJECT_CODE: ""},
            )
        )
    return parts


def _complete(rows: pd.DataFrame, end: pd.Timestamp) -> pd.DataFrame:
    opened = pd.to_datetime(rows["opened"]).astype("datetime64[ns]")
    rows = rows.assign(opened=opened)[opened.le(end) | rows["item"].eq("task")]
    done = rows["done"].where(rows["done"].le(end))
    told = rows.assign(done=done, **days_of(rows["opened"], rows["due"], done, end))
    told = told.assign(is_done=done.notna(), is_late=done.gt(rows["due"]))
    late, is_open = told["overdue_days"], done.isna()
    conditions = {
        "name_unit": is_open & told["owner"].eq(""),
        "set_due": is_open & told["due"].isna(),
    }
    for step, (days, _) in reversed([*ladder().items()]):
        conditions[step] = is_open & late.gt(days)
    conditions["carry_out"] = is_open
    if "evidence" in told:  # a task and a decision ask for none
        has_to_say = told["item"].isin(["issue", "notice"])
        conditions["add_evidence"] = has_to_say & told["evidence"].eq("")
    return told.assign(step=first_true(conditions, ""))[WORK]
