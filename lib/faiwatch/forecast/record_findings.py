"""How good the same forecast was before, as findings; and why it is not what it was.

Method: ``docs/methods/track-record.md``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from faiwatch.core.finding import Finding, InputRow
from faiwatch.core.phrases import joined, number_phrase, percent_phrase, say, with_capital
from faiwatch.core.provenance import What, result_rows
from faiwatch.core.text import LANGUAGES, NOTHING, Text, half_up, number
from faiwatch.data.definitions import definitions_of
from faiwatch.forecast.change import STEPS
from faiwatch.forecast.members.members import PLAIN
from faiwatch.forecast.prospect import Prospect, model_name
from faiwatch.forecast.simple import SIMPLE, TARGETS
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

# result files of page 04
ERRORS, CHANGE, TARGETS_FILE = "errors.csv", "forecast_change.csv", "targets.csv"
_COMPARED = (CHOSEN, NO_CHANGE, LAST3)
_OUTCOMES = {"n_hits": "hit", "n_misses": "miss", "n_false_alarms": "false_alarm"}

ERROR_NUMBERS = (
    "n_origins",
    *(f"{kind}_{name}" for kind in ("median", "rmse") for name in _COMPARED),
    "coverage_80",
    "coverage_95",
)


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
    told = _told(prospect.record, record_tables(prospect, events=events))
    found: dict[str, Finding] = {}
    for id, what in _NUMBERS.items():
        value, rows = told.get(id, (math.nan, ()))
        basis = prospect.on(*rows)
        if math.isnan(value):
            found[id] = basis.missing(id, what)
            continue
        phrase_of = percent_phrase if what.unit == "pct" else number_phrase
        words = phrase_of(value, _DECIMALS.get(id, _DECIMALS[what.unit]))
        found[id] = basis.finding(id, value, what, words)
    return {
        "detail_record": _record_sentence(prospect, found),
        "detail_model": _model_sentence(prospect),
        **found,
    }


def simple_findings(prospect: Prospect) -> dict[str, Finding]:
    """Return whether the forecast beats the best simple method at each target, by name.

    Returns
    -------
    dict of str to Finding
        ``detail_simple`` and ``gain_next``, ``gain_year_end``, ``gain_february``, ``gain_year_on``
        for the targets within the horizon; missing where too few past forecasts can be compared.
    """
    meant, found = definitions_of("simple"), prospect.targets
    findings: dict[str, Finding] = {}
    for at, row in enumerate(found.to_dict("records")):
        id = f"gain_{row['target']}"
        if not row["simple"]:
            findings[id] = prospect.basis.missing(id, meant[id])
            continue
        gain, name = row["simple_error_pp"] - row["error_pp"], SIMPLE[row["simple"]]
        words = say(
            "forecast.record_findings.gain",
            gain=signed(gain),
            ours=row["error_pp"],
            name=name,
            other=row["simple_error_pp"],
            n=row["n"],
        )
        cells = result_rows(found.iloc[[at]], TARGETS_FILE, "error_pp", "simple_error_pp")
        findings[id] = prospect.on(*cells).finding(id, gain, meant[id], words)
    return {"detail_simple": _simple_sentence(prospect)} | findings


def _simple_sentence(prospect: Prospect) -> Finding:
    """Say at which targets the forecast is better than any simple method, and where one is used."""
    found = prospect.targets[prospect.targets["simple"] != ""]
    what = _DETAILS["detail_simple"]
    if found.empty:
        return prospect.basis.missing("detail_simple", what)
    is_ours = found["used"] == CHOSEN
    better = [TARGETS[name] for name in found.loc[is_ours, "target"]]
    said = []
    for id, name in found.loc[~is_ours, ["target", "used"]].itertuples(index=False):
        target, at = TARGETS[id], _listed_en([TARGETS[id]])
        words = say(
            "forecast.record_findings.simple_better", name=SIMPLE[name], target=target, at=at
        )
        said.append(words)
    if better:
        where = Text("、".join(one.zh for one in better), _listed_en(better))
        said.insert(0, say("forecast.record_findings.ours_better", where=where))
    words = say("forecast.record_findings.beside_simple_methods", said=joined(said))
    cells = result_rows(found, TARGETS_FILE, "error_pp", "simple_error_pp")
    return prospect.on(*cells).finding("detail_simple", float(is_ours.sum()), what, words)


def _listed_en(names: Sequence[Text]) -> str:
    told = [f"the {one.en}".replace("the a ", "a ") for one in names]
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"


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
    errors, warned = pd.DataFrame(columns=["horizon"]), pd.DataFrame(columns=["origin", "outcome"])
    if len(record):
        errors, warned = errors_by_horizon(record), warnings_given(record)
    return {
        "errors": errors,
        "warnings": warned,
        "turns": turns(record, events=events),
        "models": model_errors(prospect.record_asked),
    }


def _told(
    record: pd.DataFrame, tables: Mapping[str, pd.DataFrame]
) -> dict[str, tuple[float, tuple[InputRow, ...]]]:
    """Return each number that is known, with the rows of the result files it is computed from."""
    if record.empty:
        return {"n_origins": (0.0, ())}
    origins = record.drop_duplicates("origin")
    rows = result_rows(origins, "track_record.csv", "forecast_pct")
    told = {"n_origins": (float(len(origins)), rows)}
    errors, warned, turned = (tables[name] for name in ("errors", "warnings", "turns"))
    for id, mean in errors.drop(columns="horizon").mean().items():
        share = 100 if str(id).startswith("coverage") else 1
        told[str(id)] = (share * mean, result_rows(errors, ERRORS, str(id)))
    scores, near = probability_scores(record), errors[errors["horizon"] <= RELEASES_A_YEAR]
    told["brier"] = (scores["brier"], result_rows(near, ERRORS, "n", "brier"))
    for name in ("climatology", "same_sign"):
        rows = result_rows(near, ERRORS, "n", "brier", f"brier_{name}")
        told[f"skill_{name}"] = (100 * scores[f"skill_{name}"], rows)
    for id, outcome in _OUTCOMES.items():
        such = warned[warned["outcome"] == outcome]
        told[id] = (float(len(such)), result_rows(such, "warnings.csv", "outcome"))
    lead = turned.loc[~turned["is_event"].astype(bool)]
    mean = float(lead["lead_releases"].mean())
    return told | {"lead": (mean, result_rows(lead, "turns.csv", "lead_releases"))}


_NUMBERS, _DETAILS = definitions_of("record"), definitions_of("record_details")
_DECIMALS = {"pct": 0, "pp": 2, "releases": 1, "": 0, "brier": 3}  # by unit, or of one number


def _record_sentence(prospect: Prospect, found: dict[str, Finding]) -> Finding:
    what = _DETAILS["detail_record"]
    if found["n_origins"].value == 0:
        words = say("forecast.record_findings.too_short")
        return prospect.basis.finding("detail_record", None, what, words, "missing")
    ours, same, last3 = (found[f"median_{name}"] for name in _COMPARED)
    last3_words = NOTHING
    if last3.state != "missing":
        last3_words = say("forecast.record_findings.last_three", last3=last3)
    words = say(
        "forecast.record_findings.track_record",
        count=int(found["n_origins"].value or 0),
        ours=ours,
        same=same,
        last3_words=last3_words,
        coverage_80=found["coverage_80"],
        doubt=_doubt(found, ours, [same, last3]),
        how_real=_how_real(prospect),
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
        plain = "errors are no smaller than those of a plain rule"
        told.append(Text("预测误差未低于简单外推", plain))
    if skill is not None and skill < 0:
        told.append(say("forecast.record_findings.chances_worse"))
    if not told:
        return NOTHING
    return say("forecast.record_findings.take_care", said=with_capital(joined(told, "，", " and ")))


def _how_real(prospect: Prospect) -> Text:
    of_origin = prospect.record.drop_duplicates("origin")["is_real_time"].astype(bool)
    count, real = len(of_origin), int(of_origin.sum())
    if real == 0:
        return say("forecast.record_findings.pseudo_real_time")
    return say("forecast.record_findings.real_and_pseudo_real_time", real=real, count=count - real)


def _model_sentence(prospect: Prospect) -> Finding:
    words = say("forecast.record_findings.model", used=prospect.model_name())
    table = model_errors(prospect.record_asked)
    errors = table.set_index("model")["mae_pp"]
    if prospect.is_fallback:
        words = say(
            "forecast.record_findings.no_better_than_simple",
            asked=model_name(prospect.asked),
            ours=errors[CHOSEN],
            plain=errors["seasonal_naive"],
        )
    value = None if errors.empty else float(errors[CHOSEN])
    rows = result_rows(table[table["model"].isin({CHOSEN, *PLAIN[:1]})], "models.csv", "mae_pp")
    return prospect.on(*rows).finding("detail_model", value, _DETAILS["detail_model"], words)


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
    meant = {
        f"change_{id}": What(STEPS[id], "pp", "effect_pp", "预测值的变化 effect_pp")
        for id in ("revised", "new", "model")
    }
    meant["detail_change"] = _DETAILS["detail_change"]
    if change.empty:
        return {id: prospect.basis.missing(id, what) for id, what in meant.items()}
    *effects, whole = meant
    findings, words = {}, {}
    for id in effects:
        rows = change[change["step"] == id.removeprefix("change_")]
        value = float(rows["effect_pp"].iloc[0])
        words[id] = signed(value)
        basis = prospect.on(*result_rows(rows, CHANGE, "effect_pp"))
        findings[id] = basis.finding(id, value, meant[id], words[id])
    ends = change[change["step"].isin(["then", "now"])]
    then, now = ends["forecast_pct"].tolist()
    told = say(
        "forecast.record_findings.full_year_revised",
        revised=words["change_revised"],
        new=words["change_new"],
        model=words["change_model"],
        month=str(change["period"].iloc[0]),
        then=then,
        now=now,
    )
    cells = result_rows(ends, CHANGE, "forecast_pct") + result_rows(change, CHANGE, "effect_pp")
    return findings | {whole: prospect.on(*cells).finding(whole, now - then, meant[whole], told)}


def signed(value: float) -> Text:
    """Return an effect with its sign.

    Examples
    --------
    >>> signed(0.361).en, signed(-0.034).zh, signed(0.001).en
    ('+0.36', '−0.03', '0.00')
    """
    sign = "+" if half_up(value, 2) > 0 else ""
    return Text(*(sign + number(value, lang, 2) for lang in LANGUAGES))
