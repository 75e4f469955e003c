"""What the page of a ledger says in sentences: the verdict, and the details below it.

Method: ``docs/methods/ledger-page.md``.
"""

from __future__ import annotations

import math

from faiwatch.core.phrases import joined, lagging_phrase, say, texts_of
from faiwatch.core.text import NOTHING, Text, both, percent
from faiwatch.ledger.coverage import coverage_words, money, state_of
from faiwatch.ledger.light_board import not_judged_words
from faiwatch.ledger.progress import BEHIND
from faiwatch.ledger.readiness import Delivery
from faiwatch.ledger.reconcile import EXEMPT
from faiwatch.ledger.schedule import MONTHS
from faiwatch.ledger.sheets import choice_words, total_10k
from faiwatch.ledger.status import status_words
from faiwatch.ledger.study import LedgerStudy

_MOST_NAMED = 3
UNJUDGED = texts_of("ledger.words_unjudged")


def ledger_sentences(study: LedgerStudy) -> dict[str, Text]:
    """Return ``verdict`` and each ``detail_…`` that there is something to say of.

    Parameters
    ----------
    study : LedgerStudy
        From :func:`faiwatch.ledger.study.study_ledger`.
    """
    over = coverage_words(study.totals.progress)
    if over.zh:
        over = say("ledger.sentences.done", over=over)
    causes = NOTHING
    counts = study.issues.loc[study.issues["cause"].ne(""), "cause"].value_counts()
    if len(counts):
        labels = choice_words("issues", "cause")
        top = [(labels[str(cause)], int(n)) for cause, n in counts.head(_MOST_NAMED).items()]
        causes = say(
            "ledger.sentences.open_issues",
            top=joined(
                (say("ledger.sentences.cause", word=word, n=n) for word, n in top), "、", ", "
            ),
            n_issues=len(study.issues),
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
        lagging = say("ledger.sentences.none_lags", n=found.n)
    else:
        lagging = say("ledger.sentences.none_judged_lags", judged=judged)
    short = NOTHING
    if found.n_lagging and not math.isnan(found.shortfall_10k):
        short = say("ledger.sentences.behind_even_pace", size=money(found.shortfall_10k))
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
        said = reasons[0][0]
    else:
        counted = (say("ledger.sentences.reason", why=why, n=n) for why, n in reasons)
        said = joined(counted, "、", ", ")
    other = "另有" if found.n_unjudged < found.n else ""
    return say(
        "ledger.sentences.judged", said=said, other=other, n_unjudged=found.n_unjudged, n=found.n
    )


def delivery_words(found: Delivery) -> Text:
    """Say whether the projects could deliver what turning positive by December still takes."""
    required = money(found.required_10k)
    if math.isnan(found.workload_10k) and found.required_10k:
        n = found.coverage.n - found.coverage.n_known
        return say("ledger.sentences.turn_unknown", required=required, n=n)
    if not found.required_10k:
        return Text("全年转正已不需要更多投资。", "Turning positive takes no more investment.")
    could = money(found.workload_10k)
    if found.gap_10k:
        gap = money(found.gap_10k)
        return say("ledger.sentences.turn_gap", required=required, could=could, gap=gap)
    n = int(found.projects["covers"].argmax()) + 1
    return say("ledger.sentences.turn_covered", required=required, n=n)


def _year_words(study: LedgerStudy) -> Text:
    found = study.totals
    if math.isnan(found.done_pct):
        return say("ledger.sentences.year_unknown")
    if found.done_pct >= 100:
        return Text("全年计划已完成", "the plans of the year are fulfilled")
    if math.isnan(found.required_per_month_10k):
        return say("ledger.sentences.share_of_plans_done", share=both(percent, found.done_pct))
    needed = money(found.required_per_month_10k)
    left = MONTHS - study.as_of.month
    times = NOTHING
    if found.pace_per_month_10k > 0:
        ratio = found.required_per_month_10k / found.pace_per_month_10k
        times = say("ledger.sentences.times_the_pace", month=study.as_of.month, ratio=ratio)
    return say("ledger.sentences.needed_a_month", left=left, needed=needed, times=times)


def _lag_details(study: LedgerStudy) -> dict[str, Text]:
    """Say of the lagging projects: their statuses, how many more they are, whose they are."""
    details = {}
    counts = study.lag["status"].value_counts()
    words = status_words()
    told = [(words[name], int(counts[name])) for name in BEHIND if name in counts]
    if told:
        details["detail_statuses"] = say(
            "ledger.sentences.these",
            told=joined((say("ledger.sentences.status", word=word, n=n) for word, n in told), "，"),
        )
    found = study.totals
    change = found.n_lagging - found.n_lagging_before
    if found.n_lagging_before >= 0:
        more = Text("增加", "more") if change > 0 else Text("减少", "fewer")
        details["detail_change"] = (
            say("ledger.sentences.release_before", more=more, change=abs(change))
            if change
            else Text("滞后项目数与上期相同。", "As many lag as at the release before.")
        )
    lag = study.lag[study.lag["unit"].ne("") & study.lag["shortfall_10k"].gt(0)]
    if len(lag) and not math.isnan(found.shortfall_10k):
        groups = lag.groupby("unit")["shortfall_10k"].agg(["sum", "size"])
        top = groups.sort_values("sum", ascending=False).head(_MOST_NAMED)
        short = [(unit, money(float(row["sum"])), int(row["size"])) for unit, row in top.iterrows()]
        units = joined(
            say("ledger.sentences.unit", unit=unit, size=size, n=n) for unit, size, n in short
        )
        details["detail_units"] = say("ledger.sentences.largest_shortfalls", said=units)
    return details


def _statistics_words(study: LedgerStudy) -> Text:
    """Say what was not reported, and what is done on projects that the library does not ask for."""
    gap, told = not_reported_10k(study), NOTHING
    compared = study.reconciliation.projects
    exempt = compared[compared["class"].isin(EXEMPT)]
    size = money(abs(gap))
    if gap > 0:
        told = say("ledger.sentences.not_reported", size=size)
    elif gap < 0:
        told = say("ledger.sentences.reported_beyond_ledger", size=size)
    elif gap == 0 and exempt.empty:
        told = say("ledger.sentences.all_reported")
    if exempt.empty:
        return told
    done = money(total_10k(exempt["done_10k"]))
    rest = say("ledger.sentences.need_not_be_in_library", n=len(exempt), done=done)
    return Text(told.zh + rest.zh, f"{told.en} {rest.en}".strip())


def not_reported_10k(study: LedgerStudy) -> float:
    """Return what the ledger has done beyond what was reported of it; NaN = not known.

    Projects that the library does not ask for are left out.
    """
    if state_of(study.reconciliation.coverage) == "missing":
        return math.nan
    compared = study.reconciliation.projects
    return -total_10k(compared.loc[~compared["class"].isin(EXEMPT), "gap_10k"])
