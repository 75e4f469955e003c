"""Tables of the forecast page for readers: what comes next, models, track record, turns."""

from __future__ import annotations

import math

import pandas as pd

from faiwatch.core.phrases import chance_phrase
from faiwatch.core.text import Language, Text, band, month_name, number, percent, window_name
from faiwatch.forecast.change import STEPS
from faiwatch.forecast.forecast import LEVELS, summary
from faiwatch.forecast.members.members import MEMBERS
from faiwatch.forecast.prospect import Prospect, model_name
from faiwatch.forecast.record_findings import signed
from faiwatch.forecast.track_record import (
    BASELINES,
    CHOSEN,
    LAST3,
    NO_CHANGE,
    errors_by_horizon,
    model_errors,
    turns,
)
from faiwatch.view.tables import NO_NOTE, Table

FORECAST_LABELS = {
    "period": Text("统计期", "Period"),
    "forecast": Text("预测", "Forecast"),
    "range_80": Text("80%区间", "80% range"),
    "range_95": Text("95%区间", "95% range"),
    "chance": Text("为负的可能性", "Chance negative"),
}
NO_CHANCE_BEYOND = Text(
    "一年以外（11次发布之后）不给出可能性：没有模型在那里判断得准。",
    "Beyond a year (11 releases) no chance is given: no model can tell it there.",
)
_NOT_GIVEN = "—"


def forecast_table(prospect: Prospect, *, lang: Language) -> Table:
    """Return each release to come: centre, ranges, chance of a negative figure."""
    found = summary(prospect.paths.ytd_yoy_pct)
    chances = prospect.probabilities
    frame = pd.DataFrame(
        {
            "period": [window_name(str(one), lang) for one in prospect.paths.periods],
            "forecast": [percent(value, lang) for value in found.mean],
            **{
                f"range_{level}": [
                    band(*ends, lang) for ends in zip(found.lower[k], found.upper[k], strict=True)
                ]
                for k, level in enumerate(LEVELS)
            },
            "chance": [chance_within_a_year(one, lang) for one in chances["probability"]],
        }
    )
    return Table(
        frame,
        Text("逐期预测（累计同比）", "Forecast by release (year to date)"),
        FORECAST_LABELS,
        NO_CHANCE_BEYOND if chances["probability"].isna().any() else NO_NOTE,
    )


def chance_within_a_year(chance: float, lang: Language) -> str:
    """Return a chance in words, and a dash where none is given (NaN, beyond a year)."""
    return _NOT_GIVEN if math.isnan(chance) else chance_phrase(chance).in_language(lang)


_MODEL_LABELS = {
    "model": Text("模型", "Model"),
    "mae": Text("平均误差", "Mean error"),
    "median": Text("误差中位数", "Median error"),
    "rmse": Text("均方根误差", "RMSE"),
    "mase": Text("MASE", "MASE"),
    "share": Text("现在的权重", "Weight now"),
    "next": Text("对下一期的预测", "Says of the next release"),
}


def models_table(prospect: Prospect, *, lang: Language) -> Table:
    """Return the errors of each model at earlier releases, and what each says now."""
    errors = model_errors(prospect.record_asked)
    weights, centres = prospect.paths.weights, prospect.paths.centres
    frame = pd.DataFrame(
        {
            "model": [_model_words(name, prospect).in_language(lang) for name in errors["model"]],
            "mae": [number(value, lang, 2) for value in errors["mae_pp"]],
            "median": [number(value, lang, 2) for value in errors["median_pp"]],
            "rmse": [number(value, lang, 2) for value in errors["rmse_pp"]],
            "mase": [number(value, lang, 2) for value in errors["mase"]],
            "share": [
                " / ".join(percent(100 * one[name], lang, 0) for one in weights if name in one)
                or "–"
                for name in errors["model"]
            ],
            "next": [
                percent(centres[name][0], lang) if name in centres else "–"
                for name in errors["model"]
            ],
        }
    )
    count = int(errors["n"].iloc[0]) if len(errors) else 0
    return Table(
        frame,
        Text("各模型的历史误差", "Errors of each model so far"),
        _MODEL_LABELS,
        Text(
            f"误差单位为百分点，提前1—12期合计，各{count}次预测。MASE为误差与一年间增速平均变动之比。"
            "两个权重分别是水平模型与增速模型中的权重。",
            f"Errors in percentage points, 1 to 12 releases ahead, {count} forecasts each. MASE: "
            "error over the mean change of growth in a year. Two weights: in the pool of the level "
            "and in that of its growth.",
        ),
    )


def _model_words(name: str, prospect: Prospect) -> Text:
    if name == CHOSEN:
        return model_name(prospect.asked)
    return MEMBERS.get(name) or BASELINES[name]


def horizon_table(record: pd.DataFrame, *, lang: Language) -> Table:
    """Return errors by how far ahead, beside those of both baselines."""
    found = errors_by_horizon(record)
    columns = {"horizon": found["horizon"].map(str), "n": found["n"].map(str)}
    for kind in ("median", "rmse"):
        for name in (CHOSEN, NO_CHANGE, LAST3):
            column = f"{kind}_{name}"
            columns[column] = found[column].map(lambda value: number(value, lang, 2))
    return Table(
        pd.DataFrame(columns),
        Text("提前几期、误差多大（百分点）", "Errors by how far ahead (percentage points)"),
        {
            "horizon": Text("提前期数", "Releases ahead"),
            "n": Text("次数", "Forecasts"),
            "median_forecast": Text("误差中位数：本页", "Median error: this"),
            "median_no_change": Text("不变", "no change"),
            "median_last3": Text("近三期", "last three"),
            "rmse_forecast": Text("均方根误差：本页", "RMSE: this"),
            "rmse_no_change": Text("不变", "no change"),
            "rmse_last3": Text("近三期", "last three"),
        },
        Text(
            "“不变”：增速与上期相同；“近三期”：最近三期的增速延续，按上年基数重算累计增速。",
            "“No change”: growth stays as published. “Last three”: the growth of the last three "
            "releases goes on, year-to-date growth rebuilt with last year's base.",
        ),
    )


def ranges_table(record: pd.DataFrame, *, lang: Language) -> Table:
    """Return how often ranges held and what they score, by how far ahead."""
    found = errors_by_horizon(record)
    columns = {"horizon": found["horizon"].map(str)}
    for level in LEVELS:
        columns[f"coverage_{level}"] = found[f"coverage_{level}"].map(
            lambda value: percent(100 * value, lang, 0)
        )
        columns[f"score_{level}"] = found[f"score_{level}"].map(
            lambda value: number(value, lang, 1)
        )
    return Table(
        pd.DataFrame(columns),
        Text("区间靠不靠得住", "How often ranges held"),
        {
            "horizon": Text("提前期数", "Releases ahead"),
            "coverage_80": Text("80%区间包含", "80% range held"),
            "score_80": Text("80%区间得分", "80% score"),
            "coverage_95": Text("95%区间包含", "95% range held"),
            "score_95": Text("95%区间得分", "95% score"),
        },
        Text(
            "区间得分（百分点）＝宽度加上落在区间外的代价，越小越好。",
            "Interval score (percentage points): width plus what misses cost; lower is better.",
        ),
    )


def turns_table(record: pd.DataFrame, *, events: list[str], lang: Language) -> Table:
    """Return each time growth turned negative, and whether the rule had warned before."""
    found = turns(record, events=events)
    none = Text("未预警", "no warning").in_language(lang)
    event = Text("是（突发事件）", "yes (an event)").in_language(lang)
    frame = pd.DataFrame(
        {
            "period": [window_name(str(one), lang) for one in found["period"]],
            "warned": [
                none if pd.isna(one) else month_name(str(one), lang)
                for one in found["first_warning"]
            ],
            "lead": [str(lead) if lead else "–" for lead in found["lead_releases"]],
            "event": [event if one else "–" for one in found["is_event"]],
        }
    )
    return Table(
        frame,
        Text("历次转负与预警", "Each turn to negative growth, and the warning before it"),
        {
            "period": Text("转负", "Turned negative"),
            "warned": Text("最早预警", "First warning"),
            "lead": Text("提前期数", "Releases before"),
            "event": Text("不可预见", "Unforeseeable"),
        },
        Text(
            "预警规则：增速未为负，且此后三期内出现负增长的可能性不低于一半。",
            "Rule: growth is not negative, and the chance that one of the next three releases is "
            "negative is at least one half.",
        ),
    )


def left_out_table(found: pd.DataFrame, *, lang: Language) -> Table:
    """Return events and changes of scope, and what models do about them."""
    frame = pd.DataFrame(
        {
            "period": [month_name(period, lang) for period in found["period"]],
            "what": found[f"what_{lang}"],
            "effect": found[f"effect_{lang}"],
        }
    )
    return Table(
        frame,
        Text("事件与口径变化", "Events and changes of scope"),
        {
            "period": Text("月份", "Month"),
            "what": Text("发生了什么", "What happened"),
            "effect": Text("模型如何处理", "What the models do"),
        },
    )


def change_table(change: pd.DataFrame, *, lang: Language) -> Table:
    """Return how the forecast of the full year came from what it was to what it is."""
    frame = pd.DataFrame(
        {
            "step": [STEPS[step].in_language(lang) for step in change["step"]],
            "effect": [
                "" if pd.isna(value) else signed(value, lang) for value in change["effect_pp"]
            ],
            "forecast": [percent(value, lang, 2) for value in change["forecast_pct"]],
        }
    )
    return Table(
        frame,
        Text("全年预测为什么变了", "Why the forecast of the full year changed"),
        {
            "step": Text("步骤", "Step"),
            "effect": Text("影响（百分点）", "Effect (pp)"),
            "forecast": Text("之后的预测", "Forecast after it"),
        },
    )
