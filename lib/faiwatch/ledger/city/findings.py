"""The findings of a city: verdict, sentences below it, and key numbers, each with its rows."""

from __future__ import annotations

import math

import pandas as pd

from faiwatch.core.finding import Finding, InputRow, Tone
from faiwatch.core.phrases import (
    change_phrase,
    growth_phrase,
    joined,
    number_phrase,
    percent_phrase,
    say,
    with_stop,
)
from faiwatch.core.provenance import Basis, result_rows, rows_behind
from faiwatch.core.text import Text
from faiwatch.data.definitions import definitions_of
from faiwatch.data.regions import region_named
from faiwatch.data.summons_rules import LEVELS
from faiwatch.ledger.city.rollup import Rollup
from faiwatch.stats.city import CityFacts

LEDGER_NUMBERS = ("lagging", "progress", "start_rate_due", "match_rate")
DEFINITIONS = definitions_of("city")
NUMBERS = tuple(DEFINITIONS)


def city_findings(
    facts: CityFacts,
    summons: pd.DataFrame,
    notices: pd.DataFrame,
    rollup: Rollup | None,
    *,
    name: Text,
) -> dict[str, Finding]:
    """Return verdict, details and key numbers of a city by name.

    Parameters
    ----------
    facts : CityFacts
        The city.
    summons, notices : DataFrame
        Who is summoned, and the notices sent so far.
    rollup : Rollup or None
        Its ledgers; None = there are none.
    name : Text
        What it is called.

    Returns
    -------
    dict of str to Finding
        ``verdict``, ``detail_*``, :data:`NUMBERS`, and those of the ledgers as ``ledger_*``.
    """
    every = facts.measured["region_code"].isin(facts.districts)
    now = facts.measured["period"] == facts.month
    month, at = str(facts.month), facts.measured[every & now]
    basis = Basis(month, month, rows_behind(at, "ytd_yoy_pct"))
    known, turned = facts.known, facts.turned
    negative = known[known["ytd_yoy_pct"] < 0]
    counts = {
        "n_negative": len(negative),
        "n_turned_negative": int(turned["direction"].eq("turned_negative").sum()),
        "n_summoned": len(summons),
        "n_supervise": int(summons["level"].eq("supervise").sum()),
        "n_notices_overdue": int(notices["state"].eq("overdue").sum()),
    }
    found = {
        "verdict": basis.finding(
            "verdict", counts["n_negative"], DEFINITIONS["n_negative"], _verdict(facts, name)
        )
    }
    before = facts.measured["period"] == facts.before
    rows = {
        "n_turned_negative": rows_behind(facts.measured[every & (before | now)], "ytd_yoy_pct"),
        "n_summoned": _who(summons, list(LEVELS)),
        "n_supervise": _who(summons, ["supervise"]),
    }
    details = {
        "detail_turned": (_turned(turned), "n_turned_negative"),
        "detail_summons": (_summons(summons), "n_summoned"),
    }
    for id, (words, number) in details.items():
        if words is not None:
            of = Basis(month, month, rows[number])
            found[id] = of.finding(id, counts[number], DEFINITIONS[number], words)
    if rollup is not None:
        found |= _of_ledgers(rollup)
    growth, what = facts.city_growth_pct, DEFINITIONS["city_growth"]
    own = facts.measured[facts.measured["region_code"].eq(facts.city) & now]
    of_city = Basis(month, month, rows_behind(own, "ytd_yoy_pct"))
    if math.isnan(growth):
        found["city_growth"] = of_city.missing("city_growth", what)
    else:
        found["city_growth"] = of_city.finding("city_growth", growth, what, percent_phrase(growth))
    for id, count in counts.items():
        told = number_phrase(count, 0)
        if id == "n_negative":
            told = Text(f"{count} / {len(known)}", f"{count} / {len(known)}")
        of = Basis(month, month, rows.get(id, basis.inputs))
        found[id] = of.finding(id, count, DEFINITIONS[id], told)
    if notices.empty:
        found["n_notices_overdue"] = basis.missing(
            "n_notices_overdue", DEFINITIONS["n_notices_overdue"]
        )
    return found


def city_tone(facts: CityFacts) -> Tone:
    """Return the tone of the verdict: the sign of the city, or of most of its districts."""
    growth = facts.city_growth_pct
    if math.isnan(growth):
        if facts.known.empty:
            return "missing"
        return "negative" if (facts.known["ytd_yoy_pct"] < 0).mean() > 0.5 else "positive"
    return "negative" if growth < 0 else "positive"


def _verdict(facts: CityFacts, name: Text) -> Text:
    month, known = str(facts.month), facts.known
    growth, n = facts.city_growth_pct, len(facts.districts)
    told = [say("ledger.city_findings.no_growth", month=month, name=name)]
    if not math.isnan(growth):
        grew = growth_phrase(growth)
        told = [say("ledger.city_findings.grew", month=month, name=name, growth=grew)]
        before = facts.growth[facts.city].get(facts.before, math.nan)
        if not math.isnan(before) and facts.month.month != 2:
            told.append(change_phrase(growth, before, str(facts.before)))
    negative = known[known["ytd_yoy_pct"] < 0]
    lacking = n - len(known)
    some = say("ledger.city_findings.without_figure", lacking=lacking) if lacking else Text("", "")
    told.append(say("ledger.city_findings.negative", n=n, n_negative=len(negative), without=some))
    if len(negative):
        worst = negative.iloc[-1]
        told.append(
            say(
                "ledger.city_findings.lowest",
                name=region_named(str(worst["region_code"])).name,
                growth=float(worst["ytd_yoy_pct"]),
                months=int(worst["n_months_ytd"]),
            )
        )
    words = joined(told, "，")
    return with_stop(words)


def _turned(turned: pd.DataFrame) -> Text | None:
    if turned.empty:
        return None
    told = []
    words = {
        "turned_negative": Text("由正转负", "turned negative"),
        "turned_positive": Text("由负转正（或持平）", "no longer negative"),
    }
    for direction, what in words.items():
        codes = turned.loc[turned["direction"] == direction, "region_code"]
        if len(codes):
            names = names_of(codes)
            told.append(Text(f"{what.zh}：{names.zh}", f"{what.en}: {names.en}"))
    return say("ledger.city_findings.release", parts_zh=joined(told))


def _summons(summons: pd.DataFrame) -> Text | None:
    if summons.empty:
        return None
    told = []
    for level in reversed(list(LEVELS)):
        codes = summons.loc[summons["level"] == level, "region_code"]
        if len(codes):
            names = names_of(codes)
            told.append(
                say("ledger.city_findings.asked", level=LEVELS[level], n=len(codes), names=names)
            )
    return say("ledger.city_findings.summons_rules", said=joined(told, "，"))


def _who(summons: pd.DataFrame, levels: list[str]) -> tuple[InputRow, ...]:
    """Return who has each level, a row a district: an alert tells who is new, or has moved up."""
    marked = by_level(summons)
    return result_rows(marked[marked["level"].isin(levels)], "summons.csv", *levels)


def by_level(summons: pd.DataFrame) -> pd.DataFrame:
    """Return the list with a column for each level that holds the name of who has it."""
    names = summons["region_code"].map(lambda code: region_named(code).name.zh)
    return summons.assign(
        **{level: names.where(summons["level"] == level, None) for level in LEVELS}
    )


def names_of(codes: pd.Series) -> Text:
    """Return what regions are called, one after the other.

    Examples
    --------
    >>> names_of(pd.Series(["430503", "430522"])).zh
    '大祥区、新邵县'
    """
    names = [region_named(str(code)).name for code in codes]
    return joined(names, "、", ", ")


def _of_ledgers(rollup: Rollup) -> dict[str, Finding]:
    """Return what all ledgers come to, and of how many districts that is."""
    n, current = len(rollup.ledgers) + len(rollup.without), len(rollup.current)
    lagging = rollup.findings.get("lagging")
    if lagging is None:
        return {}
    of = say("ledger.city_findings.districts_ledger", n=n, current=current)
    said = rollup.findings["verdict"]
    found = {
        "detail_ledgers": said.model_copy(
            update={
                "id": "detail_ledgers",
                "zh": f"{of.zh}；{said.zh}",
                "en": f"{of.en}. {said.en}",
            }
        )
    }
    for name in LEDGER_NUMBERS:
        id = f"ledger_{name}"
        found[id] = rollup.findings[name].model_copy(update={"id": id})
    return found
