"""One month of a ledger for everybody: tables and findings without any single project.

Method: ``docs/methods/ledger-public.md``. Everything is made from the published cells, so that a
sentence tells no more than the tables do.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from faiwatch.core.finding import Coverage, Finding, Tone
from faiwatch.core.phrases import joined, lagging_phrase, say, texts_of, with_stop
from faiwatch.core.provenance import Basis, What, result_rows
from faiwatch.core.text import NOTHING, Text
from faiwatch.data.ledger_fields import PROJECT_CODE
from faiwatch.ledger.coverage import covered
from faiwatch.ledger.editions import DONE, PLAN, Edition, OverTime, over_time
from faiwatch.ledger.findings import DEFINITIONS, pace_tone
from faiwatch.ledger.progress import BEHIND
from faiwatch.ledger.public import TOTAL, public_tables
from faiwatch.ledger.schedule import time_pct
from faiwatch.ledger.scorecards import FEWEST
from faiwatch.ledger.study import LedgerStudy

GROUPS = texts_of("ledger.words_groups")
_BY_UNIT, _BY_LEVEL, _BY_CATEGORY = ("unit", "group"), ("level", "group"), ("category",)
_ISSUES = ("class", "cause")
_DEFINITIONS = {
    "projects": What(Text("项目数", "number of projects"), "projects", "n", "个数"),
    "lagging": replace(
        DEFINITIONS["lagging"], formula="n(group = behind)", formula_zh="滞后一组的项目数"
    ),
    **{name: DEFINITIONS[name] for name in ("progress", "deviation", "open_issues")},
}
PUBLIC_NUMBERS = tuple(_DEFINITIONS)
_LEAST_OFF = 0.1  # points, the last digit that is shown
_OF_AMOUNTS = frozenset({"progress", "deviation"})


@dataclass(frozen=True)
class PublicStudy:
    """What may be told of one month.

    Attributes
    ----------
    as_of : Period
        Month of the sheet.
    by_level, by_category, issues : DataFrame
        Counts (`n`), from :func:`faiwatch.ledger.public.public_tables`. NaN = withheld, or too
        much is not known.
    units : OverTime
        The table by unit, with amounts in 万元 that may be told beside earlier editions.
    progress : Coverage
        Of the amounts, see :mod:`faiwatch.ledger.coverage`.
    unjudged : Text
        How many projects no rule could judge, as far as it may be told; empty when there are none.
    """

    as_of: pd.Period
    units: OverTime
    by_level: pd.DataFrame
    by_category: pd.DataFrame
    issues: pd.DataFrame
    progress: Coverage
    unjudged: Text = NOTHING

    @property
    def by_unit(self) -> pd.DataFrame:
        """Counts and amounts by unit and state."""
        return self.units.table


def public_study(study: LedgerStudy, earlier: Sequence[Edition] | None = None) -> PublicStudy:
    """Return what may be told of one month of a ledger.

    Parameters
    ----------
    study : LedgerStudy
        From :func:`faiwatch.ledger.study.study_ledger`.
    earlier : sequence of Edition, optional
        The public editions before it, the newest first; None = they are not known.
    """
    stands = study.standing
    known = stands[[PLAN, DONE]].notna().all(axis="columns")
    group = stands["status"].where(~stands["status"].isin(BEHIND), "behind")
    named = group.replace({"normal": "in_order", "not_due": "other", "unknown": "other"})
    rows = stands.assign(
        group=named, **{amount: stands[amount].where(known) for amount in (PLAN, DONE)}
    )
    cuts = [_BY_UNIT, _BY_LEVEL, _BY_CATEGORY]
    told = public_tables(rows, cuts, amounts={_BY_UNIT: [PLAN, DONE]})
    amounts = told[_BY_UNIT]
    if math.isnan(study.totals.done_10k):
        amounts = amounts.assign(**dict.fromkeys((PLAN, DONE), math.nan))
    issues = public_tables(study.issues, [_ISSUES], subject=PROJECT_CODE)
    n, n_other = study.totals.n_unjudged, int(named.eq("other").sum())
    unjudged = say("ledger.public_study.judged", n=n) if n else NOTHING
    if n and (n < FEWEST or 0 < n_other - n < FEWEST):  # a few, or all but a few of their group
        unjudged = Text("部分项目未判定", "some were not judged")
    return PublicStudy(
        study.as_of,
        over_time(rows, amounts, str(study.as_of), earlier),
        told[_BY_LEVEL],
        told[_BY_CATEGORY],
        issues[_ISSUES],
        study.totals.progress,
        unjudged,
    )


def public_findings(found: PublicStudy) -> dict[str, Finding]:
    """Return the verdict and the key numbers; each rests on published cells, never on rows."""
    month, values = str(found.as_of), _values(found)
    units = found.by_unit[found.by_unit["unit"].eq(TOTAL)].assign(period=month)
    whole = result_rows(units[units["group"].eq(TOTAL)], "status.csv", PLAN, DONE)
    cells = {
        "projects": result_rows(units[units["group"].eq(TOTAL)], "status.csv", "n"),
        "lagging": result_rows(units[units["group"].eq("behind")], "status.csv", "n"),
        "progress": whole,
        "deviation": whole,
        "open_issues": result_rows(_all_issues(found).assign(period=month), "issues.csv", "n"),
    }
    numbers = {}
    for name, what in _DEFINITIONS.items():
        over = found.progress if name in _OF_AMOUNTS else None
        told = _about(what, values) if name in _OF_AMOUNTS else what
        numbers[name] = covered(Basis(month, month, cells[name]), name, values[name], told, over)
    n, lagging, progress = (values[name] for name in ("projects", "lagging", "progress"))
    parts = []
    if not math.isnan(n) and not math.isnan(lagging):
        parts.append(lagging_phrase(int(lagging), int(n)))
    if parts and found.unjudged.zh:
        parts.append(found.unjudged)
    if not math.isnan(progress):
        deviation = values["deviation"]
        parts.append(
            say(
                "ledger.public_study.done",
                about=Text("约", "about ") if values["off"] > 0 else NOTHING,
                done=progress,
                side=Text("低于", "below") if deviation < 0 else Text("高于", "above"),
                gap=abs(deviation),
            )
        )
    words = with_stop(joined(parts))
    if not parts:
        words = Text("项目太少，不公开汇总数。", "There are too few projects to publish sums.")
    verdict = numbers["lagging"].model_copy(
        update={"id": "verdict", "zh": words.zh, "en": words.en}
    )
    return {"verdict": verdict} | numbers


def public_tone(found: PublicStudy) -> Tone:
    """Return the tone of the verdict."""
    return pace_tone(_values(found)["deviation"])


def _values(found: PublicStudy) -> dict[str, float]:
    cells = found.by_unit[found.by_unit["unit"] == TOTAL].set_index("group")
    plan, done, n = (float(cells[name].get(TOTAL, math.nan)) for name in (PLAN, DONE, "n"))
    progress = 100 * done / plan if plan > 0 else math.nan
    half = found.units.base / 2
    off = 100 * (done + half) / (plan - half) - progress if plan > half else math.nan
    return {
        "off": off if half else 0.0,
        "projects": n,
        "lagging": float(cells["n"].get("behind", math.nan)),
        "progress": progress,
        "deviation": progress - time_pct(found.as_of),
        "open_issues": float(_all_issues(found)["n"].sum(min_count=1)),
    }


def _about(what: What, values: dict[str, float]) -> What:
    """Return a definition that says how far off a number may be that is made of rounded sums."""
    if not values["off"] > 0:
        return what
    off = max(values["off"], _LEAST_OFF)
    return replace(
        what, label=say("ledger.public_study.from_rounded_sums", what=what.label, off=off)
    )


def _all_issues(found: PublicStudy) -> pd.DataFrame:
    return found.issues[(found.issues[list(_ISSUES)] == TOTAL).all(axis="columns")]
