"""Timetable and road map (时间表、路线图): month by month what must happen, who, what is late.

Method: ``docs/methods/ledger-register.md``.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from faiwatch.core.text import Text
from faiwatch.data.ledger_fields import PROJECT_CODE
from faiwatch.data.ledger_schema import TRACE
from faiwatch.ledger.reserve import GONE, reserve_list
from faiwatch.ledger.schedule import MONTHS
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
        finished = stands["actual_finish"].le(end) | stands["rule_status"].eq("completed")
        facts = {"start": stands["started"].astype("bool") | finished, "finish": finished}
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
    if len(tables.get("pipeline", ())):
        rows = reserve_list(tables["pipeline"], as_of=as_of)
        rows = rows[~rows["stage"].isin(GONE)]
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


NEXT_MONTHS = 3  # that a timetable looks ahead at least; else to the end of the year


def last_ahead(as_of: pd.Period) -> pd.Period:
    """Return the month up to which the timetable of a report looks ahead.

    Examples
    --------
    >>> str(last_ahead(pd.Period("2026-08", "M"))), str(last_ahead(pd.Period("2026-11", "M")))
    ('2026-12', '2027-02')
    """
    return max(pd.Period(year=as_of.year, month=MONTHS, freq="M"), as_of + NEXT_MONTHS)


def ahead(found: pd.DataFrame, tasks: pd.DataFrame | None, *, as_of: pd.Period) -> pd.DataFrame:
    """Return what is late, and what must happen in the months after: what a timetable tells.

    Parameters
    ----------
    found : DataFrame
        From :func:`road_map`.
    tasks : DataFrame, optional
        Table ``tasks``: an issue that a task of the list is about to close is told by its task.
    as_of : Period
        The month.

    Returns
    -------
    DataFrame
        Rows of `found` whose state is late or due, up to :func:`last_ahead`.
    """
    open_now = found[found["state"].ne("done") & found["month"].le(last_ahead(as_of))]
    if tasks is None:
        return open_now.reset_index(drop=True)
    told = tasks[tasks["id"].isin(open_now.loc[open_now["kind"].eq("task"), "id"])]
    by_task = open_now["kind"].eq("issue") & open_now["id"].isin(told["parent"])
    return open_now[~by_task].reset_index(drop=True)


def timetable(found: pd.DataFrame) -> pd.DataFrame:
    """Return what is late, then what is due month by month: a row for each kind of thing.

    Parameters
    ----------
    found : DataFrame
        From :func:`ahead`.

    Returns
    -------
    DataFrame
        ``month`` (NaT: late already) ``kind n items owners late_days``; `items` and `owners` are
        tuples, each once, in the order of the days; `late_days` is that of the latest one.
    """
    late = found["state"].eq("late")
    rows = found.assign(month=found["month"].mask(late), order=found["kind"].map(list(KINDS).index))
    grouped = rows.groupby(["month", "order"], dropna=False, sort=False)
    table = pd.DataFrame(
        [
            {
                "month": month,
                "kind": some["kind"].iloc[0],
                "n": len(some),
                "items": tuple(dict.fromkeys(some["item"])),
                "owners": tuple(dict.fromkeys(filter(None, some["owner"]))),
                "late_days": int(some["late_days"].max()),
                "order": order,
            }
            for (month, order), some in grouped
        ],
        columns=["month", "kind", "n", "items", "owners", "late_days", "order"],
    )
    table = table.astype({"month": pd.PeriodDtype("M")})
    sorted_ = table.sort_values(["month", "order"], na_position="first", ignore_index=True)
    return sorted_.drop(columns="order")
