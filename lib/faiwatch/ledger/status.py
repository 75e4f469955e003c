"""The status of a project by written rules. Method: ``docs/methods/ledger-status.md``.

The order of the rules is that of :func:`written_rules`, and the first that fits decides.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from faiwatch.core.phrases import say, texts_of
from faiwatch.core.text import Text
from faiwatch.data.ledger_fields import AS_OF, PROJECT_CODE
from faiwatch.ledger.sheets import choice_words, first_true
from faiwatch.stats.cumulative import month_before

UNKNOWN = "unknown"
UNKNOWN_WORDS = Text("缺数、未判定", "a figure is missing, not judged")
FACTOR_CAUSES = ("land", "environment", "funds")  # 土地、环保、资金
_DIGITS = 9  # of a share, so that 56.666… − 66.666… is −10


@dataclass(frozen=True, slots=True)
class StatusRules:
    """What may be chosen about the rules.

    Attributes
    ----------
    slow_from_pp : float
        A project is slow when its share of the year's plan is this many points from its pace, or
        fewer; negative.
    quiet_months : int
        Months without progress that make missing funds a status of their own.
    pace : {"even", "schedule"}
        Against what it is held: the months of the year gone, or its own dates.
    """

    slow_from_pp: float = -10.0
    quiet_months: int = 3
    pace: Literal["even", "schedule"] = "even"


@dataclass(frozen=True, slots=True)
class WrittenRule:
    """One rule as readers see it.

    Attributes
    ----------
    id : str
        What ``standing`` calls it.
    status : str
        The status it gives.
    words : Text
        When it fits.
    """

    id: str
    status: str
    words: Text


def status_words() -> Mapping[str, Text]:
    """Return what each status is called, :data:`UNKNOWN` last.

    Examples
    --------
    >>> list(status_words())[:3], status_words()["stopped"].zh
    (['normal', 'not_started_due', 'slow'], '停建')
    """
    return choice_words("projects", "status") | {UNKNOWN: UNKNOWN_WORDS}


def written_rules(rules: StatusRules | None = None) -> tuple[WrittenRule, ...]:
    """Return the rules in the order in which they are tried, with their thresholds in words.

    Examples
    --------
    >>> [rule.id for rule in written_rules()][:4]
    ['finished', 'in_production', 'exit_issue', 'stop_date']
    >>> next(rule.words.en for rule in written_rules() if rule.id == "behind_pace")
    'share of the plan at least 10.0 points below even pace (m/12)'
    """
    chosen = rules or StatusRules()
    months, points = str(chosen.quiet_months), -chosen.slow_from_pp
    pace = texts_of("ledger.words_paces")[chosen.pace]
    quiet = say("ledger.status.quiet", months=months)
    behind = say("ledger.status.behind", pace=pace, points=points)
    rows = (
        ("finished", "completed", "已到实际竣工日期", "an actual finish by the end of the month"),
        ("in_production", "completed", "阶段为投产", "its stage is in production"),
        (
            "exit_issue",
            "investor_exit",
            "有未销号的投资主体退出问题",
            "an open issue of that class",
        ),
        ("stop_date", "stopped", "已到停建日期", "a date of stopping by the end of the month"),
        ("stop_issue", "stopped", "有未销号的停建问题", "an open issue of that class"),
        ("start_overdue", "not_started_due", "未开工，计划开工已到", "planned start has passed"),
        ("start_to_come", "not_due", "未开工，计划开工在本月之后", "planned start after the month"),
        ("no_date_yet", "not_due", "前期、谋划或储备，未定开工日期", "early-stage, no date yet"),
        ("no_start_date", UNKNOWN, "未开工，缺计划开工日期", "not started, no planned start"),
        ("funds_and_quiet", "funds_missing", quiet.zh, quiet.en),
        ("no_figures", UNKNOWN, "缺计划或完成数", "no plan, or nothing told about what was done"),
        ("behind_pace", "slow", behind.zh, behind.en),
        ("keeps_pace", "normal", "以上都不是", "none of these"),
    )
    return tuple(WrittenRule(id, status, Text(zh, en)) for id, status, zh, en in rows)


def rule_of(facts: pd.DataFrame, rules: StatusRules) -> pd.Series:
    """Return the id of the rule that decides for each project.

    Parameters
    ----------
    facts : DataFrame
        ``is_finished stage nature is_started is_stopped start_due has_planned_start annual_plan
        done gap_pp quiet_months classes causes``: `classes` and `causes` are those of its open
        issues, separated by blanks, `gap_pp` the points from its pace.
    rules : StatusRules
        Thresholds.
    """
    waiting = ~facts["is_started"]
    early = facts["nature"].eq("early") | facts["stage"].isin(["planned", "reserve"])
    dated = facts["has_planned_start"]
    short_of_funds = named(facts["causes"], "funds")
    conditions = {
        "finished": facts["is_finished"],
        "in_production": facts["stage"].eq("in_production"),
        "exit_issue": named(facts["classes"], "investor_exit"),
        "stop_date": facts["is_stopped"],
        "stop_issue": named(facts["classes"], "stopped"),
        "start_overdue": waiting & facts["start_due"],
        "start_to_come": waiting & dated,
        "no_date_yet": waiting & early,
        "no_start_date": waiting,
        "funds_and_quiet": short_of_funds & facts["quiet_months"].ge(rules.quiet_months),
        "no_figures": facts["annual_plan"].isna() | facts["done"].isna(),
        "behind_pace": facts["gap_pp"].round(_DIGITS).le(rules.slow_from_pp),
    }
    *ids, otherwise = (rule.id for rule in written_rules(rules))
    return first_true({id: conditions[id] for id in ids}, otherwise)


def named(words: pd.Series, word: str) -> pd.Series:
    """Whether `word` is one of the words of each cell, which blanks separate.

    Examples
    --------
    >>> named(pd.Series(["land funds", "", "fund"]), "funds").to_list()
    [True, False, False]
    """
    return (" " + words + " ").str.contains(f" {word} ", regex=False)


def quiet_months(projects: pd.DataFrame, codes: pd.Index, *, as_of: pd.Period) -> pd.Series:
    """Return for how many months up to `as_of` each project has made no progress.

    Parameters
    ----------
    projects : DataFrame
        Table ``projects`` with every sheet kept.
    codes : Index
        Whose.
    as_of : Period
        The last month.

    Returns
    -------
    Series
        Months in a row, by code; January–February are two. A month counts when nothing, or less
        than nothing, was done in it; where that is blank, by the change of the year to date. A
        sheet or amount that is missing ends the count.
    """
    amounts = ["month_done", "ytd_done"]
    told = projects[[AS_OF, PROJECT_CODE, *amounts]].dropna(subset=AS_OF)
    told = told.drop_duplicates([AS_OF, PROJECT_CODE])
    by_month = told.pivot(index=PROJECT_CODE, columns=AS_OF).reindex(codes)
    cells = {key: column.to_numpy() for key, column in by_month.items()}
    count, quiet, month = np.zeros(len(codes), int), np.ones(len(codes), bool), as_of
    while ("ytd_done", month) in cells and quiet.any():
        in_month, so_far = cells["month_done", month], cells["ytd_done", month]
        before = cells.get(("ytd_done", month - 1), math.nan) if month.month > 2 else 0
        quiet &= np.where(np.isnan(in_month), so_far - before, in_month) <= 0
        count += quiet * (2 if month.month == 2 else 1)
        month = month_before(month)
    return pd.Series(count, index=codes)
