"""What the briefing of a city tells: counts and names of its districts, and the week's changes.

Method: ``docs/methods/city.md``. Every finding is of the city as it is looked at; of a week, of
what happened after its first day and up to its last.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator

import pandas as pd

from faiwatch.core.finding import Finding, InputRow
from faiwatch.core.phrases import change_phrase, growth_phrase, number_phrase, percent_phrase
from faiwatch.core.provenance import Basis, result_rows, rows_behind
from faiwatch.core.text import Text
from faiwatch.data.definitions import definitions_of
from faiwatch.data.regions import region_named
from faiwatch.ledger.agenda import agenda
from faiwatch.ledger.city.book import City
from faiwatch.ledger.city.findings import names_of

DEFINITIONS = definitions_of("city_briefing")
MOST = 3  # districts named at either end
LEVELS = {"n_remind": "remind", "n_interview": "interview", "n_supervise": "supervise"}
WEEK = {"n_week_new": "new", "n_week_overdue": "overdue", "n_week_closed": "closed"}
_DATED = ("issues", "tasks", "minutes", "notices")  # what happens on a day
_YOY = "ytd_yoy_pct"
_SENT = {"n_sent": "issued", "n_answered": "answered"}


def told_findings(city: City, *, since: datetime.date | None = None) -> dict[str, Finding]:
    """Return every figure of the briefing of a city: its own findings, and those told in names.

    Parameters
    ----------
    city : City
        The city.
    since : date, optional
        Day of the last briefing; without it what happened since is missing.
    """
    found = {name: one for name, one in city.findings.items() if not name.startswith("detail_")}
    for one in (*_growth(city), *_districts(city), *_summons(city), *_week(city, since)):
        found[one.id] = one
    return found


def _basis(city: City, inputs: tuple[InputRow, ...] = ()) -> Basis:
    return Basis(city.month, city.month, inputs)


def _growth(city: City) -> Iterator[Finding]:
    """Yield growth of the city as a phrase, and its change since the release before."""
    facts = city.facts
    own = facts.growth[facts.city]
    now, before = facts.city_growth_pct, float(own.get(facts.before, math.nan))
    found = city.findings["city_growth"]
    if not math.isnan(now):
        found = found.model_copy(update={"forms": {"phrase": growth_phrase(now)}})
    yield found
    what = DEFINITIONS["city_change"]
    if math.isnan(now) or math.isnan(before) or facts.month.month == 2:
        yield _basis(city).missing("city_change", what)
        return
    is_city = facts.measured["region_code"].eq(facts.city)
    of_both = facts.measured["period"].isin([facts.month, facts.before])
    inputs = rows_behind(facts.measured[is_city & of_both], "ytd_yoy_pct")
    told = number_phrase(now - before, 1)
    phrase = change_phrase(now, before, str(facts.before))
    one = _basis(city, inputs).finding("city_change", now - before, what, told)
    yield one.model_copy(update={"forms": {"phrase": phrase}})


def _districts(city: City) -> Iterator[Finding]:
    """Yield how many districts stand where, each with their names."""
    facts, known, standing = city.facts, city.facts.known, city.standing
    yield _counted(city, "n_districts", facts.standing)
    yield _counted(city, "n_known", known)
    falling = known[known["ytd_yoy_pct"] < 0]
    own = city.findings["n_negative"]
    forms = {
        "names": names_of(falling["region_code"].iloc[::-1]),
        "times": number_phrase(len(falling), 0),
    }
    yield own.model_copy(update={"forms": forms})
    most = min(MOST, max(1, len(known) // 2))  # so that nobody stands at both ends
    for id, some in (("highest", known.head(most)), ("lowest", known.iloc[::-1].head(most))):
        if some.empty:
            yield _basis(city).missing(id, DEFINITIONS[id])
            continue
        value, inputs = float(some["ytd_yoy_pct"].iloc[0]), result_rows(some, "standing.csv", _YOY)
        one = _basis(city, inputs).finding(id, value, DEFINITIONS[id], percent_phrase(value))
        told = [
            (region_named(str(code)).name, percent_phrase(float(growth)))
            for code, growth in some[["region_code", _YOY]].itertuples(index=False)
        ]
        words = Text(
            "、".join(f"{name.zh}（{growth.zh}）" for name, growth in told),
            ", ".join(f"{name.en} ({growth.en})" for name, growth in told),
        )
        yield one.model_copy(update={"forms": {"told": words}})
    turned = facts.turned
    for id in ("turned_negative", "turned_positive"):
        codes = turned.loc[turned["direction"].eq(id), "region_code"]
        some = facts.standing[facts.standing["region_code"].isin(codes)]
        yield _counted(city, f"n_{id}", some)
    gaps = ("target_gap_pp", "month_target_gap_pp", "month_gap_100m")
    for name, column in zip(("target", "month_target", "month_goal"), gaps, strict=True):
        has = standing[standing[column].notna()] if column in standing else standing.iloc[:0]
        yield _counted(city, f"n_with_{name}", has)
        yield _counted(city, f"n_below_{name}", has[has[column] < 0] if len(has) else has)


def _counted(city: City, id: str, rows: pd.DataFrame, file: str = "standing.csv") -> Finding:
    """Return how many districts some rows are, with their names."""
    what = DEFINITIONS.get(id) or definitions_of("city")[id]
    inputs = result_rows(rows, file, "region_code")
    one = _basis(city, inputs).finding(id, len(rows), what, number_phrase(len(rows), 0))
    return one.model_copy(update={"forms": {"names": names_of(rows["region_code"])}})


def _summons(city: City) -> Iterator[Finding]:
    """Yield how many districts have each level, and what became of the notices."""
    for id, level in LEVELS.items():
        yield _counted(city, id, city.summons[city.summons["level"].eq(level)], "summons.csv")
    notices = city.notices
    sent = notices[notices["issued"].notna()]
    late = notices[notices["state"].eq("overdue")]
    for id, some in (("n_notices", sent), ("n_notices_answered", sent[sent["answered"].notna()])):
        yield _counted(city, id, some, "notices.csv")
    overdue = city.findings["n_notices_overdue"]
    if not overdue.is_open:
        overdue = overdue.model_copy(update={"forms": {"names": names_of(late["region_code"])}})
    yield overdue


def _week(city: City, since: datetime.date | None) -> Iterator[Finding]:
    """Yield what happened since a day: in the registers of the districts, and with the notices."""
    first, last = pd.Timestamp(since or city.inputs.day), pd.Timestamp(city.inputs.day)
    tables = city.rollup.tables if city.inputs.ledgers else {}
    dated = {name: table for name, table in tables.items() if name in _DATED}
    found = agenda(dated, since=first, until=last) if dated and since else None
    for id, kind in WEEK.items():
        if found is None:
            yield _basis(city).missing(id, DEFINITIONS[id])
            continue
        rows = found[found["kind"].eq(kind)]
        inputs = rows_behind(rows.assign(period=""), "id")
        told = number_phrase(len(rows), 0)
        yield _basis(city, inputs).finding(id, len(rows), DEFINITIONS[id], told)
    for id, day in _SENT.items():
        if since is None or city.inputs.notices is None:
            yield _basis(city).missing(id, DEFINITIONS[id])
            continue
        on = city.notices[day]
        yield _counted(city, id, city.notices[on.gt(first) & on.le(last)], "notices.csv")
