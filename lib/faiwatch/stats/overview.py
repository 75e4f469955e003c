"""Findings over many series: how widely investment falls, and whether the figures are sound.

Method pages: ``docs/methods/diffusion.md`` and ``docs/methods/checks.md``.
"""

from __future__ import annotations

import math

import pandas as pd

from faiwatch.core.finding import Finding, Tone
from faiwatch.core.phrases import number_phrase, percent_phrase, say, spell_counts_phrase
from faiwatch.core.provenance import Basis, result_rows, rows_behind
from faiwatch.core.text import Text
from faiwatch.data.definitions import definitions_of
from faiwatch.data.regions import region_named
from faiwatch.data.schema import KEYS
from faiwatch.stats.cumulative import month_before
from faiwatch.stats.diffusion import are_shared


def latest_shared_month(diffused: pd.DataFrame) -> pd.Period:
    """Return the last month for which at least nine tenths of the regions have a figure.

    Parameters
    ----------
    diffused : DataFrame
        Result of :func:`faiwatch.stats.diffusion.diffusion`, not empty.
    """
    enough = diffused[are_shared(diffused)]
    return pd.Period((diffused if enough.empty else enough)["period"].iloc[-1])


def region_findings(
    diffused: pd.DataFrame, spells: pd.DataFrame, measured: pd.DataFrame, *, as_of: str
) -> dict[str, Finding]:
    """Return verdict and key numbers on how widely year-to-date growth is negative.

    Parameters
    ----------
    diffused : DataFrame
        Diffusion by month.
    spells : DataFrame
        Runs of the same regions.
    measured : DataFrame
        Measures of the same regions, whose rows the numbers rest on.
    as_of : str
        Month up to which figures were used.

    Returns
    -------
    dict of str to Finding
        ``verdict``, ``n_negative``, ``share_negative``, ``diffusion_index``, ``longest_run``.
    """
    month = latest_shared_month(diffused)
    now = diffused[diffused["period"] == month].iloc[0]
    inputs = rows_behind(measured[measured["period"] == month], "ytd_yoy_pct")
    basis = Basis(str(month), as_of, inputs)
    told = int(now["n_negative"] + now["n_non_negative"])
    falling, share = int(now["n_negative"]), float(now["share_negative_pct"])
    index = float(now["diffusion_index"])
    n_releases, run, of_run = _longest_run(spells, measured, basis)
    sentence = say(
        "stats.overview.falling",
        shown=month,
        told=told,
        falling=falling,
        share=share,
        index=index,
        run=run,
    )
    found = {
        "verdict": (falling, sentence, basis),
        "n_negative": (falling, Text(f"{falling} / {told}", f"{falling} / {told}"), basis),
        "share_negative": (share, percent_phrase(share), basis),
        "diffusion_index": (index, number_phrase(index), basis),
        "longest_run": (n_releases, run, of_run),
    }
    meant = definitions_of("regions")
    return {
        id: rows.finding(id, value, meant[id], words) for id, (value, words, rows) in found.items()
    }


def _longest_run(
    found: pd.DataFrame, measured: pd.DataFrame, basis: Basis
) -> tuple[int, Text, Basis]:
    """Return the longest spell still going on: how many releases, in words, and its figures.

    The figure before it, which is not part of it, is among them.
    """
    going_on = found[(found["definition"] == "ytd") & found["ongoing"]]
    if going_on.empty:
        return 0, Text("无", "none"), basis
    run = going_on.iloc[int(going_on["n_releases"].argmax())]
    end = str(run["end"])
    until = say("stats.overview.until", end=end)
    name, length = region_named(str(run["region_code"])).name, spell_counts_phrase(run, until)
    is_own = (measured[KEYS] == run[KEYS].tolist()).all(axis=1)
    months = measured["period"]
    inside = (months >= month_before(run["start"])) & (months <= run["end"])
    rows = rows_behind(measured[is_own & inside], "ytd_yoy_pct")
    words = Text(f"{name.zh}{length.zh}", f"{name.en}, {length.en}")
    return int(run["n_releases"]), words, Basis(end, basis.as_of, rows)


def region_tone(diffused: pd.DataFrame) -> Tone:
    """Return the tone of the regions' verdict: falling when more regions fall than rise."""
    month = latest_shared_month(diffused)
    index = float(diffused.loc[diffused["period"] == month, "diffusion_index"].iloc[0])
    if math.isnan(index):
        return "missing"
    if index == 0:
        return "indeterminate"
    return "negative" if index < 0 else "positive"


def data_findings(
    covered: pd.DataFrame, records: pd.DataFrame, observations: pd.DataFrame, *, as_of: str
) -> dict[str, Finding]:
    """Return verdict and key numbers on whether the figures are there and sound.

    Parameters
    ----------
    covered : DataFrame
        Result of :func:`faiwatch.stats.coverage.coverage`, saved as :data:`COVERAGE`.
    records : DataFrame
        Result of :func:`faiwatch.stats.checks.check_observations`, saved as :data:`CHECKS`.
    observations : DataFrame
        The figures themselves.
    as_of : str
        Month up to which figures were used.

    Returns
    -------
    dict of str to Finding
        ``verdict``, ``n_figures``, ``n_errors``, ``n_warnings``, ``n_late``.
    """
    latest = str(observations.loc[observations["ytd_yoy_pct"].notna(), "period"].max())
    figures = int(observations[["ytd_value_100m", "ytd_yoy_pct"]].notna().sum().sum())
    by_severity = {name: records[records["severity"] == name] for name in ("error", "warning")}
    errors, warnings = map(len, by_severity.values())
    n_late = int((covered["lag_releases"] > 0).sum())
    sound = Text("没有发现错误", "no errors were found")
    if errors:
        sound = say("stats.overview.errors_found", errors=errors)
    said = say(
        "stats.overview.figures_reach",
        latest=latest,
        figures=figures,
        sound=sound,
        n_warnings=warnings,
        n_covered=len(covered),
        n_late=n_late,
        as_of=as_of,
    )
    told, warned = (result_rows(rows, CHECKS, "severity") for rows in by_severity.values())
    held = result_rows(covered, COVERAGE, "n_growth", "n_values")
    late = result_rows(covered, COVERAGE, "lag_releases")
    found = {
        "verdict": (errors, said, told),
        "n_figures": (figures, number_phrase(figures, 0), held),
        "n_errors": (errors, number_phrase(errors, 0), told),
        "n_warnings": (warnings, number_phrase(warnings, 0), warned),
        "n_late": (n_late, number_phrase(n_late, 0), late),
    }
    meant = definitions_of("checks")
    return {
        id: Basis(latest, as_of, rows).finding(id, value, meant[id], words)
        for id, (value, words, rows) in found.items()
    }


COVERAGE, CHECKS = "coverage.csv", "checks.csv"  # the result files of page 01


def data_tone(records: pd.DataFrame) -> Tone:
    """Return the tone of the data verdict: sound unless a check found an error."""
    return "unsound" if (records["severity"] == "error").any() else "sound"
