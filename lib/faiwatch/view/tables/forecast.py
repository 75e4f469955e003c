"""Tables of the forecast page for readers: what comes next, models, track record, turns."""

from __future__ import annotations

import math

import pandas as pd

from faiwatch.core.phrases import say
from faiwatch.core.text import NOTHING, Language, Text, band, month_name, percent
from faiwatch.data.calendars import CUMULATIVE, Calendar
from faiwatch.data.measures import measures_of
from faiwatch.forecast.change import STEPS
from faiwatch.forecast.forecast import LEVELS, summary
from faiwatch.forecast.members.members import MEMBERS
from faiwatch.forecast.prospect import Prospect, model_name
from faiwatch.forecast.record_findings import signed
from faiwatch.forecast.simple import SIMPLE, TARGETS
from faiwatch.forecast.track_record import (
    BASELINES,
    CHOSEN,
    LAST3,
    NO_CHANGE,
    errors_by_horizon,
    model_errors,
    turns,
)
from faiwatch.view.tables import NO_NOTE, Table, in_words

FORECAST_COLUMNS = measures_of(period="window", forecast="forecast_pct") | measures_of(
    "range_80", "range_95", chance="chance_negative"
)


def no_chance_beyond(calendar: Calendar) -> Text:
    """Say from where on no chance is given."""
    return say("view.tables_forecast.no_chance_beyond", releases=calendar.a_year)


_NOT_GIVEN = "—"


def forecast_table(prospect: Prospect, *, lang: Language) -> Table:
    """Return each release to come: centre, ranges, chance of a negative figure."""
    calendar = prospect.paths.calendar
    window = calendar.window
    found, chances = summary(prospect.paths.ytd_yoy_pct), prospect.probabilities["probability"]
    ranges = {
        f"range_{level}": [
            band(*ends, lang) for ends in zip(found.lower[k], found.upper[k], strict=True)
        ]
        for k, level in enumerate(LEVELS)
    }
    frame = pd.DataFrame(
        {
            "period": [window(str(one), lang) for one in prospect.paths.periods],
            "forecast": found.mean,
            **ranges,
            "chance": chances_within_a_year(chances),
        }
    )
    return Table(
        frame,
        Text("逐期预测（累计同比）", "Forecast by release (year to date)")
        if calendar.is_cumulative
        else Text("逐月预测（当月同比）", "Forecast by month"),
        FORECAST_COLUMNS,
        lang,
        no_chance_beyond(calendar) if chances.isna().any() else NO_NOTE,
    )


def targets_table(prospect: Prospect, *, lang: Language) -> Table:
    """Return the best simple method for each target, its error beside ours, and what is used."""
    found, none = prospect.targets, Text("无从比较", "cannot be compared").in_language(lang)
    ours = Text("本页预测", "this forecast").in_language(lang)
    names = {name: words.in_language(lang) for name, words in SIMPLE.items()} | {CHOSEN: ours}
    frame = found.assign(
        target=in_words(found["target"], TARGETS, lang),
        period=[prospect.paths.calendar.window(str(one), lang) for one in found["period"]],
        simple=[names[one] if one else none for one in found["simple"]],
        used=[names[one] for one in found["used"]],
    )
    return Table(
        frame,
        Text("各预测目标：本页与最好的简单方法", "This forecast and the best simple method"),
        measures_of(target="forecast_target", period="window", n="n_forecasts")
        | measures_of("error_pp", "simple_error_pp", simple="simple_method", used="method_used"),
        lang,
        say("view.tables_forecast.errors_of_targets"),
    )


def chances_within_a_year(chances: pd.Series) -> list[object]:
    """Return chances, and a dash where none is given (NaN, beyond a year)."""
    return [_NOT_GIVEN if math.isnan(chance) else chance for chance in chances]


def models_table(prospect: Prospect, *, lang: Language) -> Table:
    """Return the errors of each model at earlier releases, and what each says now."""
    errors = model_errors(prospect.record_asked)
    weights, centres = prospect.paths.weights, prospect.paths.centres
    shares = [
        " / ".join(percent(100 * one[name], lang, 0) for one in weights if name in one) or "–"
        for name in errors["model"]
    ]
    called = {**BASELINES, **MEMBERS, CHOSEN: model_name(prospect.asked)}
    frame = errors.assign(
        model=[called[name].in_language(lang) for name in errors["model"]],
        share=shares,
        next=[
            percent(centres[name][0], lang) if name in centres else "–" for name in errors["model"]
        ],
    )
    return Table(
        frame,
        Text("各模型的历史误差", "Errors of each model so far"),
        measures_of("model", "mae_pp", "median_pp", "rmse_pp", "mase")
        | measures_of(share="weight", next="next_pct"),
        lang,
        say("view.tables_forecast.errors", n=int(errors["n"].iloc[0]) if len(errors) else 0),
    )


def horizon_table(
    record: pd.DataFrame, *, lang: Language, calendar: Calendar = CUMULATIVE
) -> Table:
    """Return errors by how far ahead, beside those of both baselines."""
    columns, rebuilt = measures_of("horizon", n="n_forecasts"), NOTHING
    if calendar.is_cumulative:
        rebuilt = say("view.tables_forecast.rebuilt")
    for kind, own in (("median", "median_forecast"), ("rmse", "rmse_forecast")):
        columns |= measures_of(
            **{f"{kind}_{CHOSEN}": own},
            **{f"{kind}_{NO_CHANGE}": "no_change", f"{kind}_{LAST3}": "last_three"},
        )
    return Table(
        errors_by_horizon(record),
        Text("提前几期、误差多大（百分点）", "Errors by how far ahead (percentage points)"),
        columns,
        lang,
        say("view.tables_forecast.baselines", rebuilt=rebuilt),
    )


def ranges_table(record: pd.DataFrame, *, lang: Language) -> Table:
    """Return how often ranges held and what they score, by how far ahead."""
    found = errors_by_horizon(record)
    held = {f"coverage_{level}": 100 * found[f"coverage_{level}"] for level in LEVELS}
    return Table(
        found.assign(**held),
        Text("区间覆盖率检验", "How often ranges held"),
        measures_of("horizon", "coverage_80", "score_80", "coverage_95", "score_95"),
        lang,
        say("view.tables_forecast.interval_score"),
    )


def turns_table(
    record: pd.DataFrame, *, events: list[str], lang: Language, calendar: Calendar = CUMULATIVE
) -> Table:
    """Return each time growth turned negative, and whether the rule had warned before."""
    found = turns(record, events=events)
    none = Text("未预警", "no warning").in_language(lang)
    event = Text("是（突发事件）", "yes (an event)").in_language(lang)
    frame = pd.DataFrame(
        {
            "period": [calendar.window(str(one), lang) for one in found["period"]],
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
        measures_of(period="turned_negative", warned="first_warning", lead="horizon")
        | measures_of(event="unforeseeable"),
        lang,
        say("view.tables_forecast.warning_rule"),
    )


def left_out_table(found: pd.DataFrame, *, lang: Language) -> Table:
    """Return events and changes of scope, and what models do about them."""
    return Table(
        found.assign(
            period=pd.PeriodIndex(found["period"], freq="M"),
            what=found[f"what_{lang}"],
            effect=found[f"effect_{lang}"],
        ),
        Text("事件与口径变化", "Events and changes of scope"),
        measures_of(period="month", what="event", effect="model_effect"),
        lang,
    )


def change_table(change: pd.DataFrame, *, lang: Language) -> Table:
    """Return how the forecast of the full year came from what it was to what it is."""
    effects = [
        "" if pd.isna(value) else signed(value).in_language(lang) for value in change["effect_pp"]
    ]
    return Table(
        change.assign(step=in_words(change["step"], STEPS, lang), effect_pp=effects),
        Text("全年预测为什么变了", "Why the forecast of the full year changed"),
        measures_of("step", "effect_pp", forecast_pct="forecast_after_pct"),
        lang,
    )
