"""What a study says in sentences: the verdict, and what goes with it."""

from __future__ import annotations

import math

from faiwatch.core.phrases import (
    amount,
    chance_phrase,
    count_of,
    growth_phrase,
    joined,
    percent_phrase,
    say,
    with_stop,
)
from faiwatch.core.text import NOTHING, Text, number
from faiwatch.forecast.target.tables import BEST_YEARS, TargetStudy
from faiwatch.forecast.target.words import goal_words, growth_needed, rest_words, until_words


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
        return say("forecast.target_sentences.reached_already", name=name, goal=goal)
    guess, n = NOTHING, study.n_figures
    if study.is_short:
        figures = count_of(n, "figure")
        guess = say("forecast.target_sentences.guess_only", n_figures=n, figures=figures)
    return say(
        "forecast.target_sentences.reach",
        name=name,
        goal=goal,
        what=_what_it_takes(study),
        chance=chance_phrase(study.chance),
        guess=guess,
    )


def pace_words(study: TargetStudy) -> Text | None:
    """Say how much is done, against both paces; None when it cannot be known."""
    now = study.months.iloc[study.year.place]
    done, month = study.need.progress_pct, str(study.year.origin)
    if math.isnan(done):
        return None
    even = _apart(done - now["even_share_pct"])
    words = say("forecast.target_sentences.brought_so_far", month=month, done=done, even=even)
    if math.isnan(now["past_share_pct"]):
        return with_stop(words)
    past, years = _apart(done - now["past_share_pct"]), int(now["n_years"])
    return say(
        "forecast.target_sentences.against_mean_of_years", words=words, years=years, past=past
    )


def history_words(study: TargetStudy) -> Text | None:
    """Say whether past years have seen the growth that is required; None when not known."""
    best, need = study.months.iloc[-1], study.need.required_growth_pct
    if math.isnan(need) or math.isnan(best["best_growth_pct"]) or study.need.required_100m <= 0:
        return None
    seen = Text("所需增速在历史范围之内", "what is required lies within it")
    if need > best["best_growth_pct"]:
        seen = Text("所需增速超出历史最好水平", "what is required lies beyond it")
    n, first = int(best["n_years_compared"]), int(best["first_year"])
    years = say("forecast.target_sentences.in_comparable_years", first=first, n=n)
    if n == BEST_YEARS:
        years = say("forecast.target_sentences.last_years", best_years=BEST_YEARS)
    return say(
        "forecast.target_sentences.grew_best",
        years=years,
        rest=rest_words(study.year),
        growth=percent_phrase(best["best_growth_pct"]),
        year=int(best["best_year"]),
        seen=seen,
    )


def turning_words(study: TargetStudy) -> Text | None:
    """Say when growth may turn positive; of growth not negative now, how likely it stays so."""
    opened = study.months[study.months["is_open"]]
    chance = chance_phrase(float(opened["chance_non_negative"].iloc[-1]))
    if opened["chance_turned"].isna().all():
        return say("forecast.target_sentences.chance_of_staying", chance=chance)
    turned = chance_phrase(float(opened["chance_turned"].iloc[-1]))
    reach, known = NOTHING, opened[opened["is_within_best"].notna()]
    within = known[known["is_within_best"].astype(bool)]
    if len(within):
        until = until_words(study.year, int(within["period"].iloc[0].month))
        reach = say("forecast.target_sentences.with_best_growth", until=until)
    elif len(known):
        reach = say("forecast.target_sentences.not_with_best_growth")
    return say("forecast.target_sentences.chance_of_turning", turned=turned, reach=reach)


def assumption_words(study: TargetStudy) -> Text | None:
    """Say that the base is lent, where it is."""
    return say("forecast.target_sentences.base_is_lent") if study.year.basis == "profile" else None


def nothing_words(study: TargetStudy) -> Text:
    """Say why there is nothing to show of the rest of the year."""
    if not study.year.months_left:
        return Text("全年数据已公布，没有其余月份。", "The year is complete: no month is left.")
    if study.year.basis == "profile":
        return say("forecast.target_sentences.no_amounts")
    return say("forecast.target_sentences.no_base")


def _ended(study: TargetStudy, name: Text, goal: Text) -> Text:
    is_met, gap, shortfall = study.chance == 1, NOTHING, study.need.shortfall_100m
    if not is_met and not math.isnan(shortfall):
        gap = say("forecast.target_sentences.short_yuan", lacking=amount(shortfall))
    return say(
        "forecast.target_sentences.target",
        when=study.year.origin.year,
        name=name,
        growth=growth_phrase(study.year.growth_pct),
        goal=goal,
        met=Text("已实现", "reached") if is_met else Text("未实现", "missed"),
        gap=gap,
    )


def _what_it_takes(study: TargetStudy) -> Text:
    need, rest, amounts = study.need, rest_words(study.year), NOTHING
    if not math.isnan(need.required_100m):
        total, a_month = amount(need.required_100m), amount(need.required_per_month_100m)
        amounts = say("forecast.target_sentences.month_yuan", total=total, a_month=a_month)
    if not math.isnan(need.required_growth_pct):
        words = joined((rest, growth_needed(need.required_growth_pct)), "", " ")
        if amounts == NOTHING:
            return words
        return joined((words, say("forecast.target_sentences.rest_needs", amounts=amounts)), "", "")
    if amounts != NOTHING:
        return say("forecast.target_sentences.must_bring", rest=rest, amounts=amounts)
    size = number(abs(need.gap_pp), "zh")
    if need.gap_pp > 0:
        return say("forecast.target_sentences.growth_must_rise", size=size)
    return say("forecast.target_sentences.growth_above_target", size=size)


def _apart(points: float) -> Text:
    size = number(abs(points), "zh")
    if points < 0:
        return say("forecast.target_sentences.points_behind", size=size)
    return say("forecast.target_sentences.points_ahead", size=size)
