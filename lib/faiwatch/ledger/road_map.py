"""Timetable and road map (时间表、路线图): month by month what must happen, who, what is late.

Method: ``docs/methods/ledger-register.md``.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from faiwatch.core.text import Text
from faiwatch.data.ledger_fields import PROJECT_CODE
from faiwatch.data.ledger_schema import TRACE
from faiwatch.ledger.reserve import DROPPED, STARTED, reserve_list
from faiwatch.ledger.sheets import first_true
from faiwatch.ledger.standing import standing
from faiwatch.ledger.work_list import work_list

KINDS: dict[str, Text] = {
    "start": Text("项目开工", "project starts"),
    "finish": Text("项目竣工", "project is finished"),
    "reserve_start": Text("储备项目开工", "reserve project starts"),
    "notice": Text("督导整改", "notice is answered"),
    "decision": Text("落实议定事项", "decision is carried out"),
    "task": Text("任务", "task"),
    "issue": Text("问题销号", "issue is closed"),
}
STATES: dict[str, Text] = {
    "late": Text("误期", "late"),
    "due": Text("待完成", "to come"),
    "done": Text("已办结", "settled"),
}
ROAD_MAP = [
    "month",
    "day",
    "kind",
    "id",
    PROJECT_CODE,
    "item",
    "owner",
    "state",
    "done",
    "is_late",
    "late_days",
    *TRACE,
]


def road_map(
    tables: Mapping[str, pd.DataFrame],
    as_of: pd.Period,
    *,
    stands: pd.DataFrame | None = None,
    work: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return what must happen, month by month: of projects, of the reserve, of the list of work.

    Parameters
    ----------
    tables : mapping
        The ledger; any table may be absent.
    as_of : Period
        The month at whose end it is looked at.
    stands : DataFrame, optional
        From ``standing()`` of the month; worked out when it is not given.
    work : DataFrame, optional
        From :func:`faiwatch.ledger.work_list.work_list` of the month; likewise.

    Returns
    -------
    DataFrame
        Columns :data:`ROAD_MAP`, by day: `month` and `day` are when it must happen, `state` one of
        :data:`STATES`, `done` the day when it did (NaT: not yet, or no day is told), `is_late`
        that it is late or was, `late_days` by how much. What was settled before January of the
        year is left out; what is late stays, however old.

    Examples
    --------
    >>> from faiwatch.data.ledger_schema import ledger_frame
    >>> rows = {"id": ["1", "2"], "title": ["腾地", "验收"], "due": ["2026-07-31", "2026-10-15"]}
    >>> tables = {"tasks": ledger_frame("tasks", pd.DataFrame(rows))}
    >>> found = road_map(tables, pd.Period("2026-08", "M"))
    >>> found[["item", "state", "late_days"]].values.tolist()
    [['腾地', 'late', 31], ['验收', 'due', 0]]
    """
    end = as_of.end_time.normalize()
    january = pd.Timestamp(as_of.year, 1, 1)
    if stands is None and "projects" in tables and len(tables["projects"]):
        stands = standing(tables["projects"], tables.get("issues"), as_of=as_of)
    work = work_list(tables, as_of=as_of) if work is None else work
    parts = [
        pd.DataFrame(columns=["day", "kind", "id", "item", "owner", "done", "is_done", *TRACE]),
        work.assign(kind=work["item"], day=work["due"], item=work["title"]),
    ]
    if stands is not None:
        parts += _steps(stands, end)
    if len(tables.get("pipeline", ())):
        rows = reserve_list(tables["pipeline"], as_of=as_of)
        rows = rows[~rows["stage"].isin([STARTED, DROPPED])]
        names = {"planned_start": "day", "name": "item", "unit": "owner"}
        told = rows.rename(columns=names).assign(done=None, is_done=False)
        parts.append(told.assign(kind="reserve_start", **{PROJECT_CODE: ""}))
    found = pd.concat([one for one in parts if len(one)] or parts[:2], ignore_index=True)
    dates = {name: pd.to_datetime(found[name]).astype("datetime64[ns]") for name in ("day", "done")}
    found = found.assign(**dates, is_done=found["is_done"].astype("bool"))
    day, done = found["day"], found["done"]
    over = done.fillna(end)
    late = (over - day).dt.days.clip(lower=0).where(done.notna() | ~found["is_done"], 0)
    found = found.assign(
        state=first_true({"done": found["is_done"], "late": late.gt(0)}, "due"),
        is_late=late.gt(0),
        late_days=late.fillna(0).astype("int64"),
    )
    settled = found["is_done"] & done.fillna(day).lt(january)
    kept = found[day.notna() & ~settled]
    kept = kept.assign(month=kept["day"].dt.to_period("M")).astype({"row": "int64"})
    return kept.sort_values(["day", "kind", "id"], kind="stable", ignore_index=True)[ROAD_MAP]


def by_month(found: pd.DataFrame) -> pd.DataFrame:
    """Return how much must happen in each month, and how much of it is done or late.

    Parameters
    ----------
    found : DataFrame
        From :func:`road_map`.

    Returns
    -------
    DataFrame
        ``month n done late due``.
    """
    states = list(STATES)
    counted = pd.crosstab(found["month"], found["state"]).reindex(columns=states, fill_value=0)
    counted = counted.assign(n=counted.sum(axis="columns")).rename_axis(columns=None)
    return counted.reset_index()[["month", "n", *states]]


def _steps(stands: pd.DataFrame, end: pd.Timestamp) -> list[pd.DataFrame]:
    """Return start and finish of each project."""
    finished = stands["actual_finish"].le(end) | stands["rule_status"].eq("completed")
    facts = {"start": stands["started"].astype("bool") | finished, "finish": finished}
    parts = []
    for step, is_done in facts.items():
        actual = stands[f"actual_{step}"]
        parts.append(
            stands.assign(
                day=stands[f"planned_{step}"].fillna(stands[f"original_{step}"]),
                kind=step,
                id=stands[PROJECT_CODE],
                item=stands["name"],
                owner=stands["unit"],
                done=actual.where(actual.le(end) & is_done),
                is_done=is_done,
            )[["day", "kind", "id", PROJECT_CODE, "item", "owner", "done", "is_done", *TRACE]]
        )
    return parts
