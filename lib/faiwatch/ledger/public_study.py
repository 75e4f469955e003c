"""One month of a ledger for everybody: tables and findings without any single project.

Method: ``docs/methods/ledger-public.md``. Everything is made from the published cells, so that a
sentence tells no more than the tables do.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from faiwatch.core.finding import Coverage, Finding, InputRow
from faiwatch.core.phrases import count_of
from faiwatch.core.provenance import Basis, What, rows_behind
from faiwatch.core.text import Text, half_up, number, percent
from faiwatch.data.ledger_fields import PROJECT_CODE
from faiwatch.ledger.coverage import NOTHING, covered
from faiwatch.ledger.progress import BEHIND
from faiwatch.ledger.public import TOTAL, public_tables
from faiwatch.ledger.schedule import time_pct
from faiwatch.ledger.scorecards import FEWEST
from faiwatch.ledger.study import LedgerStudy
from faiwatch.stats.monitor import Tone

GROUPS: dict[str, Text] = {
    "behind": Text("滞后", "behind"),
    "in_order": Text("正常", "in order"),
    "completed": Text("已竣工", "completed"),
    "other": Text("未到开工期或未判定", "not due or not judged"),
}
PLAN, DONE = "annual_plan_10k", "ytd_done_10k"
_BY_UNIT, _BY_LEVEL, _BY_CATEGORY = ("unit", "group"), ("level", "group"), ("category",)
_ISSUES = ("class", "cause")
_WHATS = {
    "projects": What(Text("项目数", "number of projects"), "projects", "n", "个数"),
    "lagging": What(
        Text("滞后项目数", "projects that lag"),
        "projects",
        "n(group = behind)",
        "滞后一组的项目数",
    ),
    "progress": What(
        Text("年度计划完成率", "done of the year's plans"),
        "pct",
        "100 sum(done) / sum(plan)",
        "100 × 已完成合计 ÷ 年度计划合计",
    ),
    "deviation": What(
        Text("比均衡进度（m/12）", "against even pace (m/12)"),
        "pp",
        "100 * sum(done) / sum(plan) - 100 * m / 12",
        "100 × 已完成合计 ÷ 年度计划合计 − 100 × m ÷ 12",
    ),
    "open_issues": What(
        Text("未销号问题（个）", "issues open"), "issues", "n(open)", "未销号问题数"
    ),
}
Cells = tuple[InputRow, ...]
PUBLIC_NUMBERS = tuple(_WHATS)


@dataclass(frozen=True)
class PublicStudy:
    """What may be told of one month.

    Attributes
    ----------
    as_of : Period
        Month of the sheet.
    by_unit, by_level, by_category, issues : DataFrame
        Counts (`n`), and in `by_unit` amounts in 万元, from
        :func:`faiwatch.ledger.public.public_tables`. NaN = withheld, or too much is not known.
    progress : Coverage
        Of the amounts, see :mod:`faiwatch.ledger.coverage`.
    unjudged : Text
        How many projects no rule could judge, as far as it may be told; empty when there are none.
    """

    as_of: pd.Period
    by_unit: pd.DataFrame
    by_level: pd.DataFrame
    by_category: pd.DataFrame
    issues: pd.DataFrame
    progress: Coverage
    unjudged: Text = NOTHING


def public_study(study: LedgerStudy) -> PublicStudy:
    """Return what may be told of one month of a ledger.

    Parameters
    ----------
    study : LedgerStudy
        From :func:`faiwatch.ledger.study.study_ledger`.
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
    return PublicStudy(
        study.as_of,
        amounts,
        told[_BY_LEVEL],
        told[_BY_CATEGORY],
        issues[_ISSUES],
        study.totals.progress,
        _unjudged(study.totals.n_unjudged, int(named.eq("other").sum())),
    )


def _unjudged(n: int, n_other: int) -> Text:
    """Say how many could not be judged; a few, or all but a few of their group, have no number."""
    if not n:
        return NOTHING
    if n < FEWEST or 0 < n_other - n < FEWEST:
        return Text("部分项目未判定", "some were not judged")
    return Text(f"另有{n}个未判定", f"{n} not judged")


def public_findings(found: PublicStudy) -> dict[str, Finding]:
    """Return the verdict and the key numbers; each rests on published cells, never on rows."""
    values, cells = _values(found), _cells(found)
    numbers = {}
    for name, what in _WHATS.items():
        basis, value = Basis(str(found.as_of), str(found.as_of), cells[name]), values[name]
        over = found.progress if name in {"progress", "deviation"} else None
        numbers[name] = covered(basis, name, value, what, over)
    words = _verdict_words(values, found.unjudged)
    verdict = numbers["lagging"].model_copy(
        update={"id": "verdict", "zh": words.zh, "en": words.en}
    )
    return {"verdict": verdict} | numbers


def public_tone(found: PublicStudy) -> Tone:
    """Return the tone of the verdict."""
    gap = _values(found)["deviation"]
    if math.isnan(gap):
        return "missing"
    return "behind" if half_up(gap, 1) < 0 else "on_pace"


def _values(found: PublicStudy) -> dict[str, float]:
    cells = found.by_unit[found.by_unit["unit"] == TOTAL].set_index("group")
    plan, done, n = (float(cells[name].get(TOTAL, math.nan)) for name in (PLAN, DONE, "n"))
    progress = 100 * done / plan if plan > 0 else math.nan
    whole = found.issues["class"].eq(TOTAL) & found.issues["cause"].eq(TOTAL)
    return {
        "projects": n,
        "lagging": float(cells["n"].get("behind", math.nan)),
        "progress": progress,
        "deviation": progress - time_pct(found.as_of),
        "open_issues": float(found.issues.loc[whole, "n"].sum(min_count=1)),
    }


def _cells(found: PublicStudy) -> dict[str, Cells]:
    """Return the cells of the result files that each number is made from."""

    def cells(file: str, table: pd.DataFrame, keys: tuple[str, str], *columns: str) -> Cells:
        first, second = (table[name].eq(key) for name, key in zip(table, keys, strict=False))
        row = table[first & second].assign(
            file=file, row=table.index[first & second] + 2, period=str(found.as_of)
        )
        return tuple(cell for column in columns for cell in rows_behind(row, column))

    whole = cells("status.csv", found.by_unit, (TOTAL, TOTAL), PLAN, DONE)
    return {
        "projects": cells("status.csv", found.by_unit, (TOTAL, TOTAL), "n"),
        "lagging": cells("status.csv", found.by_unit, (TOTAL, "behind"), "n"),
        "progress": whole,
        "deviation": whole,
        "open_issues": cells("issues.csv", found.issues, (TOTAL, TOTAL), "n"),
    }


def _verdict_words(values: dict[str, float], unjudged: Text) -> Text:
    n, lagging, progress = (values[name] for name in ("projects", "lagging", "progress"))
    zh, en = [], []
    if not math.isnan(n) and not math.isnan(lagging):
        zh.append(f"{int(n)}个项目中{int(lagging)}个滞后")
        en.append(f"{int(lagging)} of {count_of(int(n), 'project')} lag")
    if zh and unjudged.zh:
        zh.append(unjudged.zh)
        en.append(unjudged.en)
    if not math.isnan(progress):
        gap = number(abs(values["deviation"]), "zh")
        side = ("低", "below") if values["deviation"] < 0 else ("高", "above")
        zh.append(f"年度计划完成{percent(progress, 'zh')}，比均衡进度{side[0]}{gap}个百分点")
        en.append(
            f"{percent(progress, 'en')} of the year's plans is done, {gap} points {side[1]} even "
            "pace"
        )
    if not zh:
        return Text("项目太少，不公开汇总数。", "There are too few projects to publish sums.")
    return Text(f"{'；'.join(zh)}。", f"{'; '.join(en)}.")
