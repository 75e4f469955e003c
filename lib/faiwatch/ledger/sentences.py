"""What the page of a ledger says in sentences: the verdict, and the details below it.

Method: ``docs/methods/ledger-page.md``.
"""

from __future__ import annotations

import math

from faiwatch.core.phrases import count_of
from faiwatch.core.text import LANGUAGES, Text, number, percent
from faiwatch.data.ledger_fields import ledger_tables
from faiwatch.forecast.target.words import amount
from faiwatch.ledger.light_board import not_judged_words
from faiwatch.ledger.progress import BEHIND
from faiwatch.ledger.readiness import Delivery
from faiwatch.ledger.reconcile import AS_REPORTED, EXEMPT, LEDGER
from faiwatch.ledger.schedule import MONTHS
from faiwatch.ledger.sheets import PER_100M, in_10k, in_yuan, total_10k
from faiwatch.ledger.status import status_words
from faiwatch.ledger.study import LedgerStudy

_MOST_NAMED = 3
_DECIMALS = ((1.0, 1), (0.1, 2))  # an amount of 100 million, and how it is said; less in 万元


def ledger_sentences(study: LedgerStudy) -> dict[str, Text]:
    """Return ``verdict`` and each ``detail_…`` that there is something to say of.

    Parameters
    ----------
    study : LedgerStudy
        From :func:`faiwatch.ledger.study.study_ledger`.
    """
    told = {
        "verdict": verdict_words(study),
        "detail_statuses": _status_words(study),
        "detail_change": _change_words(study),
        "detail_units": _unit_words(study),
        "detail_causes": _cause_words(study),
        "detail_statistics": _statistics_words(study),
        "detail_lights": not_judged_words(study.board.scales),
        "detail_delivery": delivery_words(study.delivery) if study.delivery else Text("", ""),
    }
    return {name: words for name, words in told.items() if words.zh}


def money(value_10k: float) -> Text:
    """Say an amount of 万元 in 100 million, with as many decimals as a small one needs.

    Examples
    --------
    >>> money(246_604.0).zh, money(4_120.0).en, money(85.0).zh
    ('24.7', '0.41', '0.0085')
    """
    value = value_10k / PER_100M
    decimals = next((n for least, n in _DECIMALS if abs(value) >= least), 4)
    if decimals == 1:
        return amount(value)
    zh, en = (number(value, lang, decimals) for lang in LANGUAGES)
    return Text(zh, en)


def verdict_words(study: LedgerStudy) -> Text:
    """Say how many projects lag, by how much, and what that means for the year."""
    found = study.totals
    short = money(found.shortfall_10k)
    lagging = Text(
        f"{found.n}个项目中{found.n_lagging}个滞后，比均衡进度少完成{short.zh}亿元",
        f"{found.n_lagging} of {count_of(found.n, 'project')} lag, {short.en} (100m yuan) behind "
        "even pace",
    )
    if not found.n_lagging:
        lagging = Text(f"{found.n}个项目没有滞后的", f"None of {count_of(found.n, 'project')} lags")
    year = _year_words(study)
    return Text(f"{lagging.zh}；{year.zh}。", f"{lagging.en}; {year.en}.")


def delivery_words(found: Delivery) -> Text:
    """Say whether the projects could deliver what turning positive by December still takes."""
    required = money(found.required_10k)
    if not found.required_10k:
        return Text("全年转正已不需要更多投资。", "Turning positive takes no more investment.")
    could = money(total_10k(found.projects["workload_10k"]))
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
    times = Text("", "")
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


def _status_words(study: LedgerStudy) -> Text:
    counts = study.lag["status"].value_counts()
    words = status_words()
    told = [(words[name], int(counts[name])) for name in BEHIND if name in counts]
    if not told:
        return Text("", "")
    return Text(
        f"其中{'，'.join(f'{word.zh}{n}个' for word, n in told)}。",
        f"Of these: {'; '.join(f'{word.en} {n}' for word, n in told)}.",
    )


def _change_words(study: LedgerStudy) -> Text:
    found = study.totals
    if found.n_lagging_before < 0:
        return Text("", "")
    change = found.n_lagging - found.n_lagging_before
    if not change:
        return Text("滞后项目数与上期相同。", "As many lag as at the release before.")
    more = Text("增加", "more") if change > 0 else Text("减少", "fewer")
    return Text(
        f"滞后项目比上期{more.zh}{abs(change)}个。",
        f"{abs(change)} {more.en} than at the release before.",
    )


def _unit_words(study: LedgerStudy) -> Text:
    lag = study.lag[study.lag["unit"].ne("") & study.lag["shortfall_10k"].gt(0)]
    if lag.empty:
        return Text("", "")
    groups = lag.groupby("unit")["shortfall_10k"].agg(["sum", "size"])
    top = groups.sort_values("sum", ascending=False).head(_MOST_NAMED)
    zh, en = [], []
    for unit, row in top.iterrows():
        short, n = money(float(row["sum"])), int(row["size"])
        zh.append(f"{unit}{short.zh}亿元（{n}个）")
        en.append(f"{unit} {short.en} ({n})")
    return Text(
        f"差额最大的单位：{'；'.join(zh)}。",
        f"Largest shortfalls by unit (100m yuan): {'; '.join(en)}.",
    )


def _cause_words(study: LedgerStudy) -> Text:
    labels = {one.value: one.label for one in ledger_tables()["issues"].fields["cause"].choices}
    counts = study.issues.loc[study.issues["cause"].ne(""), "cause"].value_counts()
    top = counts.head(_MOST_NAMED)
    if top.empty:
        return Text("", "")
    told = [(labels[str(cause)], int(n)) for cause, n in top.items()]
    return Text(
        f"未销号问题{len(study.issues)}个，主要因"
        f"{'、'.join(f'{word.zh}（{n}个）' for word, n in told)}。",
        f"{count_of(len(study.issues), 'issue')} open, mostly because of "
        f"{', '.join(f'{word.en} ({n})' for word, n in told)}.",
    )


def _statistics_words(study: LedgerStudy) -> Text:
    gap, exempt = not_reported_10k(study), _exempt_words(study)
    if math.isnan(gap) or (not gap and exempt.zh):
        return exempt
    size = money(abs(gap))
    told = Text(
        f"台账已完成投资中，有{size.zh}亿元未上报统计。",
        f"{size.en} (100m yuan) of what the ledger has done was not reported.",
    )
    if gap < 0:
        told = Text(
            f"统计上报比台账多{size.zh}亿元。",
            f"{size.en} (100m yuan) more was reported than the ledger has.",
        )
    return Text(told.zh + exempt.zh, f"{told.en} {exempt.en}".strip())


def _exempt_words(study: LedgerStudy) -> Text:
    """Say what is done on projects that the library does not ask for."""
    found = study.reconciliation.projects
    rows = found[found["class"].isin(EXEMPT)]
    if rows.empty:
        return Text("", "")
    size = money(total_10k(rows["done_10k"]))
    return Text(
        f"另有{len(rows)}个项目不足500万元或属房地产（另表上报），不需入库，已完成{size.zh}亿元。",
        f"{count_of(len(rows), 'project')} below 5 million yuan or of real estate, which is "
        f"reported on another form, need not be in the library; {size.en} (100m yuan) done.",
    )


def not_reported_10k(study: LedgerStudy) -> float:
    """Return what the ledger has done beyond what was reported of it; NaN = not known.

    Projects that the library does not ask for are left out.
    """
    steps = study.reconciliation.steps.set_index("step")["amount_10k"]
    exempt = in_yuan(float(steps[list(EXEMPT)].sum()))
    return in_10k(in_yuan(steps[LEDGER]) - in_yuan(steps[AS_REPORTED]) + exempt)
