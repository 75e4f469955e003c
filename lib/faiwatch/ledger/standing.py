"""Where every project of a month stands: progress, delay, issues, and its status.

Method: ``docs/methods/ledger-status.md``. Amounts in 万元, shares in percent; NaN = not known.
"""

from __future__ import annotations

import pandas as pd

from faiwatch.data.ledger_fields import PROJECT_CODE
from faiwatch.data.ledger_schema import TRACE, ledger_frame
from faiwatch.data.schema import TEXT
from faiwatch.ledger.coverage import has_started, with_zeros_by_rule
from faiwatch.ledger.register import issues_of, open_issues
from faiwatch.ledger.schedule import DELAYS, delay_band, delays, schedule_pct, time_pct
from faiwatch.ledger.sheets import months_of, required_sheet
from faiwatch.ledger.status import StatusRules, quiet_months, rule_of, written_rules
from faiwatch.stats.cumulative import month_before

WORDS = ["name", "category", "level", "area", "unit", "lead", "owner", "nature", "stage"]
AMOUNTS = {
    "total_investment": "total_10k",
    "annual_plan": "annual_plan_10k",
    "month_done": "month_done_10k",
    "ytd_done": "ytd_done_10k",
    "cum_done_total": "cum_done_10k",
}
PROGRESS = [
    *("done_pct", "time_pct", "deviation_pp"),
    *("schedule_pct", "schedule_deviation_pp", "shortfall_10k"),
]
JUDGEMENT = ["rule_status", "rule", "given_status", "status", "is_overruled"]
ISSUES = ["n_open_issues", "causes"]
DATES = [
    *("original_start", "planned_start", "actual_start"),
    *("original_finish", "planned_finish", "actual_finish", "stop_date"),
]
COLUMNS = [
    *(PROJECT_CODE, *WORDS, *AMOUNTS.values(), "done_by_rule", *PROGRESS, *JUDGEMENT),
    *("start_due", "started", *DELAYS, "delay_band", "quiet_months"),
    *(*ISSUES, "in_stat_library", *DATES, *TRACE),
]


def standing(
    projects: pd.DataFrame,
    issues: pd.DataFrame | None = None,
    *,
    as_of: pd.Period,
    rules: StatusRules | None = None,
) -> pd.DataFrame:
    """Return one row for each project of a month's sheet, with its progress and its status.

    Parameters
    ----------
    projects : DataFrame
        Table ``projects`` with every sheet kept; later sheets are not looked at.
    issues : DataFrame, optional
        Table ``issues``.
    as_of : Period
        Month of the sheet.
    rules : StatusRules, optional
        Other thresholds.

    Returns
    -------
    DataFrame
        Columns :data:`COLUMNS`, rows in the order of the sheet, ``RangeIndex``. `status` is the
        one given by hand where there is one, else the rule's; `rule` names the rule that decided
        about `rule_status`. `shortfall_10k` is positive for a project behind even pace.
        `delay_band` is that of the finish against the original schedule. `causes` are those of
        its open issues, separated by blanks. `done_by_rule` says that a blank amount done counts
        as zero, see :mod:`faiwatch.ledger.coverage`.

    Raises
    ------
    DataMissingError
        The month has no sheet.

    Examples
    --------
    >>> from faiwatch.data.ledger_schema import ledger_frame
    >>> rows = {"asof": "2026-06", "project_code": ["甲", "乙"], "name": ["厂", "路"]}
    >>> rows |= {"actual_start": ["2026-01-31", None], "planned_start": "2026-04-30"}
    >>> rows |= {"annual_plan": [200.0, 300.0], "ytd_done": [80.0, 0.0]}
    >>> projects = ledger_frame("projects", pd.DataFrame(rows))
    >>> found = standing(projects, as_of=pd.Period("2026-06", "M"))
    >>> found[["status", "deviation_pp", "shortfall_10k"]].values.tolist()
    [['slow', -10.0, 20.0], ['not_started_due', -50.0, 150.0]]
    """
    chosen = rules or StatusRules()
    issues = ledger_frame("issues", pd.DataFrame()) if issues is None else issues
    sheet = with_zeros_by_rule(required_sheet(projects, as_of), as_of)
    progress = _progress(sheet, as_of)
    finished = sheet["actual_finish"].le(as_of.end_time)
    started = has_started(sheet, as_of) | finished
    planned = sheet["planned_start"].fillna(sheet["original_start"])
    due = planned.le(as_of.end_time)
    quiet = quiet_months(projects, sheet.index, as_of=as_of)
    produces = sheet["stage"].eq("in_production")
    late = delays(sheet, as_of, started=started, finished=finished | produces)
    facts = sheet.rename(columns=AMOUNTS).assign(
        **progress,
        is_finished=finished,
        is_started=started,
        is_stopped=sheet["stop_date"].le(as_of.end_time),
        start_due=due,
        has_planned_start=planned.notna(),
        annual_plan=sheet["annual_plan"],
        done=sheet["ytd_done"],
        gap_pp=progress["deviation_pp" if chosen.pace == "even" else "schedule_deviation_pp"],
        quiet_months=quiet,
        **issues_of(open_issues(issues, as_of=as_of), sheet.index),
        **late,
        delay_band=delay_band(late["delay_finish_months"]),
        started=started,
    )
    rule, given = rule_of(facts, chosen), facts["status"]
    by_rule = rule.map({one.id: one.status for one in written_rules(chosen)}).astype(TEXT)
    facts = facts.assign(
        rule_status=by_rule,
        rule=rule,
        given_status=given,
        status=given.where(given.ne(""), by_rule),
        is_overruled=given.ne("") & given.ne(by_rule),
    )
    return facts.reset_index()[COLUMNS]


class Standings:
    """Where the projects of a ledger stand in any of its months, each worked out once.

    Parameters
    ----------
    projects, issues : DataFrame
        As for :func:`standing`.
    """

    def __init__(self, projects: pd.DataFrame, issues: pd.DataFrame | None = None) -> None:
        self._tables = projects, issues
        self._months = frozenset(months_of(projects))
        self._known: dict[pd.Period, pd.DataFrame] = {}

    def of(self, month: pd.Period) -> pd.DataFrame:
        """Return :func:`standing` of a month; it is shared, so nobody changes it."""
        if month not in self._known:
            projects, issues = self._tables
            self._known[month] = standing(projects, issues, as_of=month)
        return self._known[month]

    @property
    def projects(self) -> pd.DataFrame:
        """Table ``projects``."""
        return self._tables[0]

    def before(self, month: pd.Period) -> pd.DataFrame | None:
        """Return that of the release before a month; None when it has no sheet."""
        before = month_before(month)
        return self.of(before) if before in self._months else None


def _progress(sheet: pd.DataFrame, as_of: pd.Period) -> dict[str, pd.Series | float]:
    plan, done = sheet["annual_plan"], sheet["ytd_done"]
    share, even = 100 * done / plan.where(plan > 0), time_pct(as_of)
    own = schedule_pct(sheet, as_of)
    values = (share, even, share - even, own, share - own, plan * as_of.month / 12 - done)
    return dict(zip(PROGRESS, values, strict=True))
