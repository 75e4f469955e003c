"""Which districts are to be reminded, summoned or supervised, and why.

Method: ``docs/methods/city.md``.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from faiwatch.core.phrases import joined, number_phrase, percent_phrase
from faiwatch.core.text import LANGUAGES, Text
from faiwatch.data.light_rules import Condition
from faiwatch.data.summons_rules import GAPS, LEVELS, SUMMONS_MEASURES, SummonsRules

SUMMONS_COLUMNS = ["region_code", "level", "n_reasons", "rules", "reason_zh", "reason_en"]
_HOLDS: Mapping[str, Callable[[Any, Any], Any]] = {
    "below": operator.lt,
    "at_most": operator.le,
    "at_least": operator.ge,
    "above": operator.gt,
}
_DIGITS = 9  # so that a difference of two figures meets its threshold


def summoned(facts: pd.DataFrame, rules: SummonsRules) -> pd.DataFrame:
    """Return the districts that some rule is about, the strictest level first.

    Parameters
    ----------
    facts : DataFrame
        ``region_code`` and measures of :data:`faiwatch.data.summons_rules.SUMMONS_MEASURES`; a
        measure that is not a column, or NaN, is not known, and no rule about it holds.
    rules : SummonsRules
        The rules.

    Returns
    -------
    DataFrame
        Columns :data:`SUMMONS_COLUMNS`, a row a district; `rules` are the ids of those that hold,
        separated by blanks, the strictest first; the reasons are those of the level alone.

    Examples
    --------
    >>> from faiwatch.data.summons_rules import summons_rules
    >>> facts = pd.DataFrame(
    ...     {"region_code": ["1", "2"], "ytd_yoy_pct": [-3.0, 2.0], "n_releases": [1, 0]}
    ... )
    >>> found = summoned(facts.assign(n_months=[2, 0]), summons_rules())
    >>> found["reason_zh"].to_list()
    ['累计增速为负（−3.0%），已连续2个月（1次发布）']
    """
    strictness = list(LEVELS)
    known = facts.reindex(columns=["region_code", *SUMMONS_MEASURES])
    ordered = sorted(rules.rule, key=lambda rule: -strictness.index(rule.level))
    holds = {
        rule.id: pd.concat([_holds(known, one) for one in rule.when], axis="columns").all(
            axis="columns"
        )
        for rule in ordered
    }
    rows = []
    for place, (_, row) in enumerate(known.iterrows()):
        hold = [rule for rule in ordered if holds[rule.id].iloc[place]]
        if not hold:
            continue
        level, ids = hold[0].level, " ".join(rule.id for rule in hold)
        told = [_reason(rule.words, row) for rule in hold if rule.level == level]
        words = joined(told)
        rows.append((row["region_code"], level, len(told), ids, words.zh, words.en))
    found = pd.DataFrame(rows, columns=SUMMONS_COLUMNS)
    return found.sort_values(
        "level", key=lambda levels: -levels.map(strictness.index), kind="stable", ignore_index=True
    )


def _holds(facts: pd.DataFrame, condition: Condition) -> pd.Series:
    name, other = condition.comparison
    limit = facts[other] if isinstance(other, str) else other
    measured = facts[condition.measure].astype("float64").round(_DIGITS)
    found: pd.Series = _HOLDS[name](measured, limit)
    return found


def _reason(words: Text, row: pd.Series) -> Text:
    """Return the words of a rule with the measures of a district filled in."""
    told = {}
    for name, decimals in SUMMONS_MEASURES.items():
        value = abs(float(row[name])) if name in GAPS else float(row[name])
        is_growth = name == "ytd_yoy_pct"
        told[name] = percent_phrase(value) if is_growth else number_phrase(value, decimals)
    zh, en = ({name: one.in_language(lang) for name, one in told.items()} for lang in LANGUAGES)
    return Text(words.zh.format_map(zh), words.en.format_map(en))
