"""The agenda of the next meeting: what was decided, what has happened, what is open, what comes.

Method: ``docs/methods/ledger-agenda.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from faiwatch.ledger.agenda import agenda
from faiwatch.ledger.road_map import road_map
from faiwatch.ledger.study import Meeting, last_meeting
from faiwatch.ledger.work_list import decided_on, decision_list, work_list

DAYS_AHEAD = 30


@dataclass(frozen=True)
class Agenda:
    """What a meeting talks about.

    Attributes
    ----------
    last : Meeting
        The one before.
    until : Timestamp
        Day of this one.
    decided : DataFrame
        What was decided last time, and whether it is carried out.
    happened : DataFrame
        New, overdue, escalated and closed since, from :func:`faiwatch.ledger.agenda.agenda`.
    open : DataFrame
        Everything that is open, with its next step, the longest overdue first.
    coming : DataFrame
        What must happen within :data:`DAYS_AHEAD` days.
    """

    last: Meeting
    until: pd.Timestamp
    decided: pd.DataFrame
    happened: pd.DataFrame
    open: pd.DataFrame
    coming: pd.DataFrame


def meeting_agenda(
    tables: Mapping[str, pd.DataFrame],
    *,
    as_of: pd.Period,
    since: pd.Timestamp | None = None,
    until: pd.Timestamp | None = None,
) -> Agenda:
    """Return the agenda of a meeting.

    Parameters
    ----------
    tables : mapping
        Every table of the ledger; those that it lacks are empty.
    as_of : Period
        Month of the latest sheet.
    since : Timestamp, optional
        Day of the last meeting; by default the last of events and minutes before `until`.
    until : Timestamp, optional
        Day of this meeting; the end of the month by default.
    """
    day = as_of.end_time.normalize() if until is None else until
    month = day.to_period("M")
    known = {name: tables[name] for name in ("events", "minutes")}
    known = {name: rows[rows["date"] < day] for name, rows in known.items()}
    last = last_meeting(known["events"], known["minutes"], as_of=month)
    if since is not None:
        last = Meeting(since, last.title if last.day == since else "")
    items = work_list(tables, as_of=month, day=day)
    decisions = decision_list(tables["minutes"], as_of=month, day=day)
    plan = road_map(tables, as_of, work=items)
    ahead = day + pd.Timedelta(days=DAYS_AHEAD)
    is_near = plan["day"].between(day, ahead) & plan["state"].ne("done")
    return Agenda(
        last=last,
        until=day,
        decided=decided_on(decisions, last.day),
        happened=agenda(tables, since=last.day, until=day),
        open=items[~items["is_done"]].reset_index(drop=True),
        coming=plan[is_near].reset_index(drop=True),
    )
