"""What the page of a ledger says in sentences: the verdict, and the details below it.

Method: ``docs/methods/ledger-page.md``.
"""

from __future__ import annotations

import math

from faiwatch.core.phrases import count_of, lagging_phrase
from faiwatch.core.text import Text, number, percent
from faiwatch.data.ledger_fields import ledger_tables
from faiwatch.ledger.coverage import NOTHING, coverage_words, money, state_of
from faiwatch.ledger.light_board import not_judged_words
from faiwatch.ledger.progress import BEHIND
from faiwatch.ledger.readiness import Delivery
from faiwatch.ledger.reconcile import EXEMPT
from faiwatch.ledger.schedule import MONTHS
from faiwatch.ledger.sheets import total_10k
from faiwatch.ledger.status import status_words
from faiwatch.ledger.study import LedgerStudy

_MOST_NAMED = 3
UNJUDGED = {  # rules that end in no status, and why
    "no_start_date": Text("缺计划开工日期", "no start date"),
    "no_figures": Text("缺计划或完成数", "no plan, or nothing told about what was done"),
}


def ledger_sentences(study: LedgerStudy) -> dict[str, Text]:
    """Return ``verdict`` and each ``detail_…`` that there is something to say of.

    Parameters
    ----------
    study : LedgerStudy
        From :func:`faiwatch.ledger.study.study_ledger`.
    """
    over = coverage_words(study.totals.progress)
    if over.zh:
        over = Text(f"完成数：{over.zh}。", f"What was done: {over.en}.")
    causes = NOTHING
    counts = study.issues.loc[study.issues["cause"].ne(""), "cause"].value_counts()
    if len(counts):
        labels = {one.value: one.label for one in ledger_tables()["issues"].fields["cause"].choices}
        top = [(labels[str(cause)], int(n)) for cause, n in counts.head(_MOST_NAMED).items()]
        causes = Text(
            f"未销号问题{len(study.issues)}个，主要因"
            f"{'、'.join(f'{word.zh}（{n}个）' for word, n in top)}。",
            f"{count_of(len(study.issues), 'issue')} open, mostly because of "
            f"{', '.join(f'{word.en} ({n})' for word, n in top)}.",
        )
    told = {
        "verdict": verdict_words(study),
        **_lag_details(study),
        "detail_causes": causes,
        "detail_statistics": _statistics_words(study),
        "detail_lights": not_judged_words(study.board.scales),
        "detail_coverage": NOTHING if math.isnan(study.totals.done_pct) else over,
        "detail_delivery": delivery_words(study.delivery) if study.delivery else NOTHING,
    }
    return {name: words for name, words in told.items() if words.zh}


def verdict_words(study: LedgerStudy) -> Text:
    """Say how many projects lag, by how much, and what that means for the year."""
    found = study.totals
    judged = found.n - found.n_unjudged
    open_, year = _unjudged_words(study), _year_words(study)
    if not judged:
        lagging, open_ = Text(open_.zh.removesuffix("；"), open_.en.removesuffix("; ")), NOTHING
    elif found.n_lagging:
        lagging = lagging_phrase(found.n_lagging, found.n)
    elif judged == found.n:
        lagging = Text(f"{found.n}个项目没有滞后的", f"None of {count_of(found.n, 'project')} lags")
    else:
        lagging = Text(
            f"已判定的{judged}个项目没有滞后的",
            f"None of the {count_of(judged, 'project')} that could be judged lags",
        )
    short = NOTHING
    if found.n_lagging and not math.isnan(found.shortfall_10k):
        size = money(found.shortfall_10k)
        short = Text(f"，低于序时进度{size.zh}亿元", f", {size.en} (100m yuan) behind even pace")
    return Text(
        f"{lagging.zh}{short.zh}；{open_.zh}{year.zh}。",
        f"{lagging.en}{short.en}; {open_.en}{year.en}.",
    )


def _unjudged_words(study: LedgerStudy) -> Text:
    """Say how many projects could not be judged, and why; they are no part of those that lag."""
    found = study.totals
    if not found.n_unjudged:
        return NOTHING
    reasons = [(UNJUDGED[rule], n) for rule, n in found.unjudged.items()]
    if len(reasons) == 1:
        zh, en = reasons[0][0].zh, reasons[0][0].en
    else:
        zh = "、".join(f"{why.zh}{n}个" for why, n in reasons)
        en = ", ".join(f"{why.en}: {n}" for why, n in reasons)
    other = "另有" if found.n_unjudged < found.n else ""
    return Text(
        f"{other}{found.n_unjudged}个未判定（{zh}）；",
        f"{found.n_unjudged} of {found.n} not judged: {en}; ",
    )


def delivery_words(found: Delivery) -> Text:
    """Say whether the projects could deliver what turning positive by December still takes."""
    required = money(found.required_10k)
    if math.isnan(found.workload_10k) and found.required_10k:
        n = found.coverage.n - found.coverage.n_known
        return Text(
            f"全年转正还需{required.zh}亿元；{n}个项目缺开工日期、计划或完成数，"
            "台账项目可完成多少无法判断。",
            f"Turning positive by December takes {required.en} (100m yuan); "
            f"{count_of(n, 'project')} lack a start date, a plan or what was done, so nothing can "
            "be said about what the ledger's could do.",
        )
    if not found.required_10k:
        return Text("全年转正已不需要更多投资。", "Turning positive takes no more investment.")
    could = money(found.workload_10k)
    if found.gap_10k:
        gap = money(found.gap_10k)
        return Text(
            f"全年转正还需{required.zh}亿元，台账项目全部按计划推进可完成{could.zh}亿元，"
            f"仍缺{gap.zh}亿元，须由台账以外的投资完成（测算）。",
            f"Turning positive by December takes {required.en}; the ledger's projects could do "
            f"{could.en} if all kept to plan, so {gap.en} must come from outside it (100m yuan, "
            "workload).",
        )
    n = int(found.projects["covers"].argmax()) + 1
    return Text(
        f"全年转正还需{required.zh}亿元，成熟度最高的{n}个项目按计划完成即可覆盖（测算）。",
        f"Turning positive by December takes {required.en} (100m yuan): the "
        f"{count_of(n, 'project')} that are most ready would cover it by keeping to plan "
        "(workload).",
    )


def _year_words(study: LedgerStudy) -> Text:
    found = study.totals
    if math.isnan(found.done_pct):
        return Text(
            "缺年度计划或完成数，全年情况无法判断",
            "without plans and figures of what is done, nothing can be said about the year",
        )
    if found.done_pct >= 100:
        return Text("全年计划已完成", "the plans of the year are fulfilled")
    if math.isnan(found.required_per_month_10k):
        share = percent(found.done_pct, "zh"), percent(found.done_pct, "en")
        return Text(f"全年计划完成{share[0]}", f"{share[1]} of the year's plans is done")
    needed = money(found.required_per_month_10k)
    left = MONTHS - study.as_of.month
    times = NOTHING
    if found.pace_per_month_10k > 0:
        ratio = found.required_per_month_10k / found.pace_per_month_10k
        times = Text(
            f"，是前{study.as_of.month}个月月均的{number(ratio, 'zh')}倍",
            f", {number(ratio, 'en')} times the monthly pace so far",
        )
    return Text(
        f"要完成全年计划，其余{left}个月每月须完成{needed.zh}亿元{times.zh}（测算）",
        f"the plans of the year take {needed.en} (100m yuan) a month from now on{times.en} "
        "(workload)",
    )


def _lag_details(study: LedgerStudy) -> dict[str, Text]:
    """Say of the lagging projects: their statuses, how many more they are, whose they are."""
    details = {}
    counts = study.lag["status"].value_counts()
    words = status_words()
    told = [(words[name], int(counts[name])) for name in BEHIND if name in counts]
    if told:
        details["detail_statuses"] = Text(
            f"其中{'，'.join(f'{word.zh}{n}个' for word, n in told)}。",
            f"Of these: {'; '.join(f'{word.en} {n}' for word, n in told)}.",
        )
    found = study.totals
    change = found.n_lagging - found.n_lagging_before
    if found.n_lagging_before >= 0:
        more = Text("增加", "more") if change > 0 else Text("减少", "fewer")
        details["detail_change"] = (
            Text(
                f"滞后项目比上期{more.zh}{abs(change)}个。",
                f"{abs(change)} {more.en} than at the release before.",
            )
            if change
            else Text("滞后项目数与上期相同。", "As many lag as at the release before.")
        )
    lag = study.lag[study.lag["unit"].ne("") & study.lag["shortfall_10k"].gt(0)]
    if len(lag) and not math.isnan(found.shortfall_10k):
        groups = lag.groupby("unit")["shortfall_10k"].agg(["sum", "size"])
        top = groups.sort_values("sum", ascending=False).head(_MOST_NAMED)
        short = [(unit, money(float(row["sum"])), int(row["size"])) for unit, row in top.iterrows()]
        zh = "；".join(f"{unit}{size.zh}亿元（{n}个）" for unit, size, n in short)
        en = "; ".join(f"{unit} {size.en} ({n})" for unit, size, n in short)
        details["detail_units"] = Text(
            f"差额最大的单位：{zh}。", f"Largest shortfalls by unit (100m yuan): {en}."
        )
    return details


def _statistics_words(study: LedgerStudy) -> Text:
    """Say what was not reported, and what is done on projects that the library does not ask for."""
    gap, told = not_reported_10k(study), NOTHING
    compared = study.reconciliation.projects
    exempt = compared[compared["class"].isin(EXEMPT)]
    size = money(abs(gap))
    if gap > 0:
        told = Text(
            f"台账已完成投资中，有{size.zh}亿元未上报统计。",
            f"{size.en} (100m yuan) of what the ledger has done was not reported.",
        )
    elif gap < 0:
        told = Text(
            f"统计上报比台账多{size.zh}亿元。",
            f"{size.en} (100m yuan) more was reported than the ledger has.",
        )
    elif gap == 0 and exempt.empty:
        told = Text(
            "台账完成投资与统计上报数合计相等。",
            "What the ledger has done and what was reported add up to the same.",
        )
    if exempt.empty:
        return told
    done = money(total_10k(exempt["done_10k"]))
    return Text(
        f"{told.zh}另有{len(exempt)}个项目不足500万元或属房地产（另表上报），不需入库，"
        f"已完成{done.zh}亿元。",
        f"{told.en} {count_of(len(exempt), 'project')} below 5 million yuan or of real estate, "
        "which is reported on another form, need not be in the library; "
        f"{done.en} (100m yuan) done.".strip(),
    )


def not_reported_10k(study: LedgerStudy) -> float:
    """Return what the ledger has done beyond what was reported of it; NaN = not known.

    Projects that the library does not ask for are left out.
    """
    if state_of(study.reconciliation.coverage) == "missing":
        return math.nan
    compared = study.reconciliation.projects
    return -total_10k(compared.loc[~compared["class"].isin(EXEMPT), "gap_10k"])
