"""How good the same forecast was before, as findings; and why it is not what it was.

Method: ``docs/methods/track-record.md``.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

import pandas as pd

from faiwatch.core.finding import Finding, InputRow
from faiwatch.core.phrases import count_of
from faiwatch.core.provenance import Basis, What, result_rows
from faiwatch.core.text import Language, Text, half_up, number, percent, window_name
from faiwatch.forecast.change import STEPS
from faiwatch.forecast.members.members import PLAIN
from faiwatch.forecast.prospect import Prospect, model_name
from faiwatch.forecast.track_record import (
    CHOSEN,
    LAST3,
    NO_CHANGE,
    errors_by_horizon,
    model_errors,
    probability_scores,
    turns,
    warnings_given,
)
from faiwatch.stats.cumulative import RELEASES_A_YEAR

ERRORS, CHANGE = "errors.csv", "forecast_change.csv"  # result files of page 04
_COVERAGES = ("coverage_80", "coverage_95")
_MEDIAN = ("mean over horizons of median |forecast - g|", "各预测步长 |预测 − g| 中位数的平均")
_RMSE = ("mean over horizons of sqrt(mean (forecast - g)^2)", "各预测步长（预测 − g）均方根的平均")
_BRIER = (
    "sum(n Brier) / sum(n) over horizons up to eleven, Brier = mean (p - [g < 0])^2",
    "至多提前十一次发布：n × 布里尔分数之和 ÷ n 之和，布里尔分数为（p − [g < 0]）² 的平均",
)
_ERRORS = {
    CHOSEN: Text("本页预测", "this forecast"),
    NO_CHANGE: Text("基准“增速不变”", "baseline “no change”"),
    LAST3: Text("基准“近三期延续”", "baseline “last three go on”"),
}

ERROR_NUMBERS = (
    "n_origins",
    *(f"{kind}_{name}" for kind in ("median", "rmse") for name in _ERRORS),
    "coverage_80",
    "coverage_95",
)
CHANCE_NUMBERS = ("brier", "skill_climatology", "skill_same_sign")
CHANGE_NUMBERS = ("change_revised", "change_new", "change_model")
WARNING_NUMBERS = ("n_hits", "n_misses", "n_false_alarms", "lead")


def record_findings(prospect: Prospect, *, events: Sequence[str]) -> dict[str, Finding]:
    """Return how good forecasts like this one were, by name; missing for a short series.

    Parameters
    ----------
    prospect : Prospect
        With its track record.
    events : sequence of str
        Months that no series could announce; their turns are counted apart.

    Returns
    -------
    dict of str to Finding
        ``detail_record``, ``detail_model``, ``n_origins``, ``median_<name>`` and ``rmse_<name>``
        of the forecast and both baselines, ``coverage_80``, ``coverage_95``, ``brier``,
        ``skill_climatology``, ``skill_same_sign``, ``n_hits``, ``n_misses``, ``n_false_alarms``,
        ``lead``.
    """
    record = prospect.record
    mean = errors_by_horizon(record).mean() if len(record) else pd.Series(dtype="float64")
    numbers = {"n_origins": (float(record["origin"].nunique()), "", 0)}
    for name in _ERRORS:
        for kind in ("median", "rmse"):
            numbers[f"{kind}_{name}"] = (mean.get(f"{kind}_{name}", math.nan), "pp", 2)
    for level in (80, 95):
        numbers[f"coverage_{level}"] = (100 * mean.get(f"coverage_{level}", math.nan), "pct", 0)
    scores = probability_scores(record) if len(record) else {}
    numbers["brier"] = (scores.get("brier", math.nan), "", 3)
    for name in ("climatology", "same_sign"):
        numbers[f"skill_{name}"] = (100 * scores.get(f"skill_{name}", math.nan), "pct", 0)
    numbers |= _warning_numbers(record, events)
    rows = _evidence(prospect, events)
    found = {id: _number(prospect.on(*rows[id]), id, *given) for id, given in numbers.items()}
    return {
        "detail_record": _record_sentence(prospect, found),
        "detail_model": _model_sentence(prospect),
        **found,
    }


def record_tables(prospect: Prospect, *, events: Sequence[str]) -> dict[str, pd.DataFrame]:
    """Return the tables that the numbers of a track record are read from, to be saved beside them.

    Parameters
    ----------
    prospect : Prospect
        With its track record.
    events : sequence of str
        Months that no series could announce.

    Returns
    -------
    dict of str to DataFrame
        ``errors`` by horizon, ``warnings`` given by origin, ``turns`` to negative growth,
        ``models`` (errors of each).
    """
    record = prospect.record
    found = turns(record, events=events)
    return {
        "errors": errors_by_horizon(record) if len(record) else pd.DataFrame(columns=["horizon"]),
        "warnings": warnings_given(record)
        if len(record)
        else pd.DataFrame(columns=["origin", "outcome"]),
        "turns": found,
        "models": model_errors(prospect.record_asked),
    }


def _evidence(prospect: Prospect, events: Sequence[str]) -> Mapping[str, tuple[InputRow, ...]]:
    """Return the rows of the result files that each number is computed from."""
    tables = record_tables(prospect, events=events)
    record, errors = prospect.record, tables["errors"]
    of_year = errors[errors["horizon"] <= RELEASES_A_YEAR]
    outcomes = {"n_hits": "hit", "n_misses": "miss", "n_false_alarms": "false_alarm"}
    turned, told = tables["turns"], tables["warnings"]
    rows: dict[str, tuple[InputRow, ...]] = defaultdict(tuple)
    rows["lead"] = result_rows(
        turned[~turned["is_event"].astype(bool)], "turns.csv", "lead_releases"
    )
    rows |= {
        id: result_rows(told[told["outcome"] == outcome], "warnings.csv", "outcome")
        for id, outcome in outcomes.items()
    }
    if record.empty:
        return rows
    rows["n_origins"] = result_rows(
        record.drop_duplicates("origin"), "track_record.csv", "forecast_pct"
    )
    rows["brier"] = result_rows(of_year, ERRORS, "n", "brier")
    for name in ("climatology", "same_sign"):
        rows[f"skill_{name}"] = result_rows(of_year, ERRORS, "n", "brier", f"brier_{name}")
    for id in (*(f"{kind}_{name}" for kind in ("median", "rmse") for name in _ERRORS), *_COVERAGES):
        rows[id] = result_rows(errors, ERRORS, id)
    return rows


def _warning_numbers(
    record: pd.DataFrame, events: Sequence[str]
) -> dict[str, tuple[float, str, int]]:
    if record.empty:
        return dict.fromkeys(WARNING_NUMBERS, (math.nan, "", 0))
    outcomes = warnings_given(record)["outcome"].value_counts()
    found = turns(record, events=events)
    foreseeable = found[~found["is_event"].astype(bool)]
    return {
        "n_hits": (float(outcomes.get("hit", 0)), "", 0),
        "n_misses": (float(outcomes.get("miss", 0)), "", 0),
        "n_false_alarms": (float(outcomes.get("false_alarm", 0)), "", 0),
        "lead": (float(foreseeable["lead_releases"].mean()), "releases", 1),
    }


_WHAT = {
    "n_origins": (Text("回测的起点数", "origins of the track record"), "n(origins)", "起点个数"),
    "coverage_80": (
        Text("80%区间实际包含", "80% ranges held"),
        "100 mean over horizons",
        "100 × 各预测步长的平均",
    ),
    "coverage_95": (
        Text("95%区间实际包含", "95% ranges held"),
        "100 mean over horizons",
        "100 × 各预测步长的平均",
    ),
    "brier": (Text("布里尔分数（越小越好）", "Brier score (lower is better)"), *_BRIER),
    "skill_climatology": (
        Text("相对气候值（自身负增长占比）的技巧", "skill against its own share of negatives"),
        "100 (1 - Brier / Brier of the share so far)",
        "100（1 − 布里尔分数 ÷ 以历史占比为预测的布里尔分数）",
    ),
    "skill_same_sign": (
        Text("相对“与上期同号”的技巧", "skill against “same sign as last release”"),
        "100 (1 - Brier / Brier of the last sign)",
        "100（1 − 布里尔分数 ÷ 以上期正负号为预测的布里尔分数）",
    ),
    "n_hits": (
        Text("预警命中", "warnings that came true"),
        "n(warned and negative within three)",
        "发出预警、三次发布内转负的次数",
    ),
    "n_misses": (
        Text("漏报", "misses"),
        "n(not warned and negative within three)",
        "未预警、三次发布内转负的次数",
    ),
    "n_false_alarms": (
        Text("虚警", "false alarms"),
        "n(warned and not negative within three)",
        "发出预警、三次发布内未转负的次数",
    ),
    "lead": (
        Text(
            "转负前平均提前几期预警（事件月除外）", "mean lead, releases before a turn (no events)"
        ),
        "mean over turns of releases from the earliest warning, at most three",
        "各次转负距最早预警的发布次数（至多三次）的平均",
    ),
}


def _number(basis: Basis, id: str, value: float, unit: str, decimals: int) -> Finding:
    if id in _WHAT:
        what = What(_WHAT[id][0], unit, *_WHAT[id][1:])
    else:
        kind, _, name = id.partition("_")
        who = _ERRORS[name]
        label = {
            "median": Text(f"{who.zh}：误差中位数（百分点）", f"{who.en}: median error (pp)"),
            "rmse": Text(f"{who.zh}：均方根误差（百分点）", f"{who.en}: RMSE (pp)"),
        }[kind]
        what = What(label, unit, *(_MEDIAN if kind == "median" else _RMSE))
    if math.isnan(value):
        return basis.missing(id, what)
    say = percent if unit == "pct" else number
    return basis.finding(
        id, value, what, Text(say(value, "zh", decimals), say(value, "en", decimals))
    )


def _record_sentence(prospect: Prospect, found: dict[str, Finding]) -> Finding:
    what = What(Text("过去预测得怎样", "how good it was before"), "pp", *_MEDIAN)
    if found["n_origins"].value == 0:
        words = Text(
            "序列太短，无法回测：区间只来自序列自身的波动，请谨慎使用。",
            "The series is too short for a track record: the range comes from its own movements "
            "alone; take it with care.",
        )
        return prospect.basis.finding("detail_record", None, what, words, "missing")
    count = int(found["n_origins"].value or 0)
    told = {id: found[id] for id in (f"median_{name}" for name in _ERRORS)}
    ours, same, last3 = told.values()
    last3_words = (
        Text("", "")
        if last3.state == "missing"
        else Text(f"，“近三期延续”{last3.zh}", f", “last three go on” {last3.en}")
    )
    doubt = _doubt(found, ours, [same, last3])
    words = Text(
        f"同样的预测过去做{count}次：误差中位数{ours.zh}个百分点，“增速不变”{same.zh}"
        f"{last3_words.zh}；80%区间包含了{found['coverage_80'].zh}的实际数。{doubt.zh}"
        f"{_how_real(prospect).zh}",
        f"The same forecast {count_of(count, 'time')} before: median error {ours.en} percentage "
        f"points, “no change” {same.en}{last3_words.en}; 80% ranges held "
        f"{found['coverage_80'].en} of what came. {doubt.en}{_how_real(prospect).en}",
    )
    return ours.model_copy(
        update={
            "id": "detail_record",
            "definition": what.label.en,
            "definition_zh": what.label.zh,
            "zh": words.zh,
            "en": words.en,
        }
    )


def _doubt(found: Mapping[str, Finding], ours: Finding, baselines: Sequence[Finding]) -> Text:
    """Say where the record is no better than what needs no model, nothing where it is."""
    best = min((one.number for one in baselines if one.number is not None), default=None)
    skill = found["skill_climatology"].number
    told = []
    if ours.number is not None and best is not None and ours.number >= best:
        told.append(Text("误差不小于简单方法", "errors are no smaller than those of a plain rule"))
    if skill is not None and skill < 0:
        told.append(
            Text(
                "可能性不如自身负增长占比准",
                "chances are worse than the series' own share of negative releases",
            )
        )
    if not told:
        return Text("", "")
    zh, en = "，".join(one.zh for one in told), " and ".join(one.en for one in told)
    return Text(f"{zh}，请谨慎使用。", f"{en[0].upper()}{en[1:]}: take it with care. ")


def _how_real(prospect: Prospect) -> Text:
    of_origin = prospect.record.drop_duplicates("origin")["is_real_time"].astype(bool)
    count, real = len(of_origin), int(of_origin.sum())
    if real == 0:
        return Text(
            "回测用今天的数据（伪实时）。",
            "From today's figures, not those of the day (pseudo-real-time).",
        )
    return Text(
        f"其中{real}次用当时已发布的数据（实时），{count - real}次用今天的数据（伪实时）。",
        f"{real} of them from the figures of the day (real time), {count - real} from today's "
        "(pseudo-real-time).",
    )


def _model_sentence(prospect: Prospect) -> Finding:
    what = What(Text("所用模型", "model used"), "pp", "mean |forecast - g|", "|预测 − g| 的平均")
    used = prospect.model_name()
    words = Text(f"所用模型：{used.zh}。", f"Model: {used.en}.")
    table = model_errors(prospect.record_asked)
    errors = table.set_index("model")["mae_pp"]
    if prospect.is_fallback:
        asked = model_name(prospect.asked)
        ours, plain = float(errors[CHOSEN]), float(errors["seasonal_naive"])
        words = Text(
            f"在这个序列上，{asked.zh}的平均误差（{number(ours, 'zh', 2)}个百分点）不小于季节朴素"
            f"（{number(plain, 'zh', 2)}），因此改用季节朴素：重复上年。",
            f"On this series {asked.en} (mean error {number(ours, 'en', 2)} pp) is no better than "
            f"seasonal naive ({number(plain, 'en', 2)}), so seasonal naive is used: last year "
            "again.",
        )
    value = None if errors.empty else float(errors[CHOSEN])
    rows = result_rows(table[table["model"].isin({CHOSEN, *PLAIN[:1]})], "models.csv", "mae_pp")
    return prospect.on(*rows).finding("detail_model", value, what, words)


def change_findings(prospect: Prospect, change: pd.DataFrame) -> dict[str, Finding]:
    """Return why the forecast is not what it was before the last release.

    Parameters
    ----------
    prospect : Prospect
        The forecast of now.
    change : DataFrame
        Result of :func:`faiwatch.forecast.change.forecast_change`.

    Returns
    -------
    dict of str to Finding
        ``change_revised``, ``change_new``, ``change_model`` in percentage points, and the sentence
        ``detail_change``; missing when nothing was known before.
    """
    ids = ("revised", "new", "model")
    meant = {id: What(STEPS[id], "pp", "effect_pp", "预测值的变化 effect_pp") for id in ids}
    whole = What(
        Text("预测为什么变了", "why the forecast changed"),
        "pp",
        "forecast[now] - forecast[then]",
        "现在的预测 − 当时的预测",
    )
    if change.empty:
        nothing = {f"change_{id}": prospect.basis.missing(f"change_{id}", meant[id]) for id in ids}
        return nothing | {"detail_change": prospect.basis.missing("detail_change", whole)}
    rows = change.set_index("step")
    effect = {id: float(rows["effect_pp"][id]) for id in ids}
    findings = {
        f"change_{id}": prospect.on(
            *result_rows(change[change["step"] == id], CHANGE, "effect_pp")
        ).finding(
            f"change_{id}",
            effect[id],
            meant[id],
            Text(signed(effect[id], "zh"), signed(effect[id], "en")),
        )
        for id in ids
    }
    then, now = (float(rows["forecast_pct"][step]) for step in ("then", "now"))
    month = str(change["period"].iloc[0])
    words = Text(
        f"{window_name(month, 'zh')}全年预测由{percent(then, 'zh')}变为{percent(now, 'zh')}："
        f"修订的数据{signed(effect['revised'], 'zh')}，"
        f"新公布的数据{signed(effect['new'], 'zh')}，"
        f"模型{signed(effect['model'], 'zh')}（百分点）。",
        f"Full year {window_name(month, 'en')} went from {percent(then, 'en')} to "
        f"{percent(now, 'en')}: revised data {signed(effect['revised'], 'en')}, new data "
        f"{signed(effect['new'], 'en')}, model {signed(effect['model'], 'en')} (pp).",
    )
    return findings | {
        "detail_change": prospect.on(
            *result_rows(change[change["step"].isin(["then", "now"])], CHANGE, "forecast_pct"),
            *result_rows(change, CHANGE, "effect_pp"),
        ).finding("detail_change", now - then, whole, words)
    }


def signed(value: float, lang: Language) -> str:
    """Return an effect with its sign.

    Examples
    --------
    >>> signed(0.361, "en"), signed(-0.034, "zh"), signed(0.001, "en")
    ('+0.36', '−0.03', '0.00')
    """
    words = number(value, lang, 2)
    return f"+{words}" if half_up(value, 2) > 0 else words
