"""What a study says in sentences: the verdict, and what goes with it."""

from __future__ import annotations

import math

from faiwatch.core.phrases import amount, chance_phrase, count_of, growth_phrase, percent_phrase
from faiwatch.core.text import Text, number, percent, window_name
from faiwatch.forecast.target.tables import BEST_YEARS, TargetStudy
from faiwatch.forecast.target.words import (
    goal_words,
    growth_needed,
    rest_words,
    until_words,
)

_NOTHING = Text("", "")


def verdict_words(study: TargetStudy, name: Text) -> Text:
    """Say what the target takes and how likely it is; of a complete year, whether it was reached.

    Parameters
    ----------
    study : TargetStudy
        From :func:`faiwatch.forecast.target.tables.study`.
    name : Text
        Region and indicator as they stand in a sentence.
    """
    goal = goal_words(study.year, study.need, is_value=study.target.value_100m is not None)
    if not study.year.months_left:
        return _ended(study, name, goal)
    if study.need.required_100m <= 0:
        return Text(
            f"{name.zh}要实现的目标（{goal.zh}）已经达到，其余月份无论完成多少都不低于目标。",
            f"The target of {name.en}, {goal.en}, is reached already, whatever the rest of the "
            "year brings.",
        )
    what, chance = _what_it_takes(study), chance_phrase(study.chance)
    guess, figures = _NOTHING, count_of(study.n_figures, "figure")
    if study.is_short:
        guess = Text(f"（只有{study.n_figures}个增速，仅供参考）", f", a guess from {figures} only")
    return Text(
        f"{name.zh}要实现{goal.zh}，{what.zh}；概率{chance.zh}{guess.zh}。",
        f"For {name.en} {goal.en}, {what.en}; the chance is {chance.en}{guess.en}.",
    )


def pace_words(study: TargetStudy) -> Text | None:
    """Say how much is done, against both paces; None when it cannot be known."""
    now = study.months.iloc[study.year.place]
    done, month = study.need.progress_pct, str(study.year.origin)
    if math.isnan(done):
        return None
    even = _apart(done - now["even_share_pct"])
    words = Text(
        f"{window_name(month, 'zh', year=False)}已完成目标所需全年的{percent(done, 'zh')}，"
        f"比序时进度{even.zh}",
        f"{window_name(month, 'en', year=False)} brought {percent(done, 'en')} of the target, "
        f"{even.en} even pace",
    )
    if math.isnan(now["past_share_pct"]):
        return Text(f"{words.zh}。", f"{words.en}.")
    past, years = _apart(done - now["past_share_pct"]), int(now["n_years"])
    return Text(
        f"{words.zh}，比近{years}年同期平均{past.zh}。",
        f"{words.en} and {past.en} the mean of the last {years} years.",
    )


def history_words(study: TargetStudy) -> Text | None:
    """Say whether past years have seen the growth that is required; None when not known."""
    best, need = study.months.iloc[-1], study.need.required_growth_pct
    if math.isnan(need) or math.isnan(best["best_growth_pct"]) or study.need.required_100m <= 0:
        return None
    rest, year = rest_words(study.year), int(best["best_year"])
    growth = percent_phrase(best["best_growth_pct"])
    seen = (
        Text("所需增速在历史范围之内", "what is required lies within it")
        if need <= best["best_growth_pct"]
        else Text("所需增速超出历史最好水平", "what is required lies beyond it")
    )
    n, first = int(best["n_years_compared"]), int(best["first_year"])
    years = (
        Text(f"近{BEST_YEARS}年", f"In the last {BEST_YEARS} years")
        if n == BEST_YEARS
        else Text(
            f"{first}年以来可比的{n}年中，",
            f"In the {count_of(n, 'year')} since {first} that can be compared,",
        )
    )
    return Text(
        f"{years.zh}{rest.zh}合计增速最高为{growth.zh}（{year}年），{seen.zh}。",
        f"{years.en} {rest.en} grew by {growth.en} at best ({year}); {seen.en}.",
    )


def turning_words(study: TargetStudy) -> Text | None:
    """Say when growth may turn positive; of growth not negative now, how likely it stays so."""
    opened = study.months[study.months["is_open"]]
    chance = chance_phrase(float(opened["chance_non_negative"].iloc[-1]))
    if opened["chance_turned"].isna().all():
        return Text(
            f"累计增速目前不为负，到年底仍不为负的概率{chance.zh}。",
            f"Growth is not negative now; the chance that it is not in December is {chance.en}.",
        )
    turned = chance_phrase(float(opened["chance_turned"].iloc[-1]))
    reach, known = _NOTHING, opened[opened["is_within_best"].notna()]
    within = known[known["is_within_best"].astype(bool)]
    if len(within):
        until = until_words(study.year, int(within["period"].iloc[0].month))
        reach = Text(
            f"；若重现历史最好增速，{until.zh}合计即可转正",
            f"; with the best growth of past years, {until.en} would do it",
        )
    elif len(known):
        reach = Text(
            "；即使重现历史最好增速，剩余各月也都转不了正",
            "; even the best growth of past years would not do it in any month left",
        )
    return Text(
        f"年内累计增速转正的概率{turned.zh}{reach.zh}。",
        f"The chance that growth turns positive this year is {turned.en}{reach.en}.",
    )


def assumption_words(study: TargetStudy) -> Text | None:
    """Say that the base is lent, where it is."""
    if study.year.basis != "profile":
        return None
    return Text(
        "本序列没有可用的投资额基数：所需增速假定其各月基数结构与全国相同。",
        "No base of its own can be worked out: required growth assumes that it is spread over the "
        "year as the nation's.",
    )


def nothing_words(study: TargetStudy) -> Text:
    """Say why there is nothing to show of the rest of the year."""
    if not study.year.months_left:
        return Text("全年数据已公布，没有其余月份。", "The year is complete: no month is left.")
    if study.year.basis == "profile":
        return Text(
            "没有公布投资额，算不出金额。", "No value is published, so there are no amounts."
        )
    return Text(
        "没有可用的投资额基数，算不出其余月份；可设参数 base_shares=nation，借用全国的基数结构。",
        "No base can be worked out, so nothing is known of the rest of the year; the parameter "
        "base_shares=nation lends the nation's.",
    )


def _ended(study: TargetStudy, name: Text, goal: Text) -> Text:
    is_met, shortfall = study.chance == 1, study.need.shortfall_100m
    gap, growth = _NOTHING, growth_phrase(study.year.growth_pct)
    if not is_met and not math.isnan(shortfall):
        lacking = amount(shortfall)
        gap = Text(f"，差{lacking.zh}亿元", f", short by {lacking.en} (100m yuan)")
    met = Text("已实现", "reached") if is_met else Text("未实现", "missed")
    when = study.year.origin.year
    return Text(
        f"{when}年，{name.zh}{growth.zh}，目标（{goal.zh}）{met.zh}{gap.zh}。",
        f"{when}: {name.en} {growth.en}; the target, {goal.en}, was {met.en}{gap.en}.",
    )


def _what_it_takes(study: TargetStudy) -> Text:
    need, rest, amounts = study.need, rest_words(study.year), _NOTHING
    if not math.isnan(need.required_100m):
        total, a_month = amount(need.required_100m), amount(need.required_per_month_100m)
        amounts = Text(
            f"完成{total.zh}亿元、月均{a_month.zh}亿元",
            f"{total.en}, or {a_month.en} a month (100m yuan)",
        )
    if not math.isnan(need.required_growth_pct):
        needed = growth_needed(need.required_growth_pct)
        also = _NOTHING if amounts == _NOTHING else Text(f"，即{amounts.zh}", f": {amounts.en}")
        return Text(f"{rest.zh}{needed.zh}{also.zh}", f"{rest.en} {needed.en}{also.en}")
    if amounts != _NOTHING:
        return Text(f"{rest.zh}须{amounts.zh}", f"{rest.en} must bring {amounts.en}")
    size = number(abs(need.gap_pp), "zh")
    if need.gap_pp > 0:
        return Text(
            f"累计增速须再提高{size}个百分点",
            f"year-to-date growth must rise by {size} percentage points",
        )
    return Text(
        f"累计增速目前不低于目标，高出{size}个百分点",
        f"year-to-date growth lies {size} percentage points above that now",
    )


def _apart(points: float) -> Text:
    size = number(abs(points), "zh")
    if points < 0:
        return Text(f"低{size}个百分点", f"{size} points behind")
    return Text(f"高{size}个百分点", f"{size} points ahead of")
