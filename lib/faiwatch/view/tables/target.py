"""Tables for readers of the target page; see :mod:`faiwatch.view.tables`."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from faiwatch.core.phrases import amount, chance_phrase
from faiwatch.core.text import NOT_AVAILABLE, Language, Text, block_name, half_up, percent
from faiwatch.forecast.target.tables import TargetStudy
from faiwatch.forecast.target.words import NOT_FOR_REPORTING, SCENARIOS
from faiwatch.view.tables import NO_NOTE, Table

_ATTAINABLE = {
    True: Text("有过", "seen"),
    False: Text("没有过", "not seen"),
    None: Text("无可比", "no figure"),
}
_MET = {True: Text("达到", "reached"), False: Text("达不到", "missed")}

_TURNING = {
    "period": Text("到何月", "By"),
    "total": Text("其间须完成（亿元）", "Required (100m yuan)"),
    "a_month": Text("月均（亿元）", "A month"),
    "growth": Text("所需增速", "Required growth"),
    "best": Text("往年同期最好", "Best of past years"),
    "attainable": Text("历史上", "In the past"),
    "chance_non_negative": Text("该月不为负的可能性", "Chance not negative then"),
    "chance_turned": Text("到该月为止转正的可能性", "Chance turned by then"),
}
_LADDER = {
    "target": Text("全年增速不低于", "Growth of the year at least"),
    "chance": Text("可能性", "Chance"),
    "growth": Text("其余月份所需增速（测算）", "Required growth of the rest (workload)"),
    "total": Text("其余月份须完成（亿元，测算）", "Required (100m yuan, workload)"),
}
_SCENARIO = {
    "scenario": Text("其余月份的情景", "Rest of the year"),
    "rest": Text("其余月份增速", "Growth of the rest"),
    "year": Text("全年累计增速（测算）", "Growth of the year (scenario)"),
    "value": Text("全年投资额（亿元，测算）", "Value of the year (100m yuan, scenario)"),
    "met": Text("目标", "Target"),
}


def turning_table(study: TargetStudy, *, lang: Language) -> Table:
    """Return what it takes for growth to be zero by each month left, and how likely that is."""
    opened = study.months[study.months["is_open"]]
    frame = pd.DataFrame(
        {
            "period": [block_name(str(period), lang, year=False) for period in opened["period"]],
            "total": _amounts(opened["required_turn_100m"], lang),
            "a_month": _amounts(opened["required_turn_per_month_100m"], lang),
            "growth": _percents(opened["required_turn_growth_pct"], lang),
            "best": [
                f"{percent(best, lang)} ({int(year)})" if year else percent(best, lang)
                for best, year in zip(opened["best_growth_pct"], opened["best_year"], strict=True)
            ],
            "attainable": [_ATTAINABLE[one].in_language(lang) for one in opened["is_within_best"]],
        }
    )
    compared = _years_compared(opened)
    chances = ["chance_non_negative", "chance_turned"]
    for name in chances if len(opened) else []:
        frame[name] = _chances(opened[name], lang)
    return Table(
        frame,
        Text("逐月转正测算（工作量，不是上报数）", "Turning positive month by month (workload)"),
        _where_known(_TURNING, frame, lang),
        Text(
            f"{NOT_FOR_REPORTING.zh}。所需增速指上次发布之后到该月各期合计对可比基数的增速；"
            f"目前不为负时，是还能下降多少而不转负。{compared.zh}",
            f"{NOT_FOR_REPORTING.en}. Required growth is that of all months after the last "
            "release up to that month on their comparable base; where growth is not negative now, "
            f"it says how far they may fall.{compared.en}",
        ),
    )


def _years_compared(opened: pd.DataFrame) -> Text:
    """Say how many past years the best is the best of; nothing where there is none."""
    most = int(opened["n_years_compared"].max()) if len(opened) else 0
    if not most:
        return NO_NOTE
    first = int(opened.loc[opened["n_years_compared"].eq(most), "first_year"].iloc[0])
    return Text(
        f"往年指{first}年以来可比的年份（{most}年）。",
        f" Past years are those since {first} that can be compared ({most}).",
    )


def _where_known(
    labels: Mapping[str, Text], frame: pd.DataFrame, lang: Language
) -> dict[str, Text]:
    """Return the labels of columns that hold something; one without any figure is left out."""
    nothing = {NOT_AVAILABLE[lang], _ATTAINABLE[None].in_language(lang)}
    return {
        name: words
        for name, words in labels.items()
        if name in frame and (frame.empty or not frame[name].isin(nothing).all())
    }


def ladder_table(study: TargetStudy, *, lang: Language) -> Table:
    """Return how likely other targets are, and what each requires; the page's is marked."""
    found = study.ladder
    mark = Text("（本页目标）", " (this page's)").in_language(lang)
    frame = pd.DataFrame(
        {
            "target": [
                _exact(growth, lang) + (mark if is_target else "")
                for growth, is_target in zip(
                    found["target_growth_pct"], found["is_target"], strict=True
                )
            ],
            "chance": _chances(found["chance"], lang),
            "growth": _percents(found["required_growth_pct"], lang),
            "total": _amounts(found["required_100m"], lang),
        }
    )
    return Table(
        frame,
        Text("全年增速不低于多少，可能性多大", "How likely growth of the year is at least"),
        _where_known(_LADDER, frame, lang),
        Text(
            "可能性取自预测的样本路径；按公布的小数位判断是否达到。",
            "Chances are shares of the forecast's sample paths; reached as growth is published.",
        ),
    )


def scenarios_table(study: TargetStudy, *, lang: Language) -> Table:
    """Return what scenarios of the rest of the year lead to."""
    found = study.scenarios
    frame = pd.DataFrame(
        {
            "scenario": [SCENARIOS[name].in_language(lang) for name in found["scenario"]],
            "rest": _percents(found["scenario_rest_yoy_pct"], lang),
            "year": _percents(found["scenario_ytd_yoy_pct"], lang),
            "value": _amounts(found["scenario_value_100m"], lang),
            "met": [_MET[bool(one)].in_language(lang) for one in found["is_met"]],
        }
    )
    return Table(
        frame,
        Text("情景测算", "Scenarios"),
        _where_known(_SCENARIO, frame, lang),
        Text(
            f"{NOT_FOR_REPORTING.zh}。设其余各期对可比基数的增速相同。",
            f"{NOT_FOR_REPORTING.en}. Every month left grows alike on its comparable base.",
        ),
    )


def _percents(values: pd.Series, lang: Language) -> list[str]:
    return [percent(value, lang) for value in values]


def _amounts(values: pd.Series, lang: Language) -> list[str]:
    return [amount(float(value)).in_language(lang) for value in values]


def _chances(values: pd.Series, lang: Language) -> list[str]:
    return [chance_phrase(float(value)).in_language(lang) for value in values]


def _exact(growth: float, lang: Language) -> str:
    """Return a rung of the ladder with the decimals it has."""
    return percent(growth, lang, 1 if half_up(growth, 2) == half_up(growth, 1) else 2)
