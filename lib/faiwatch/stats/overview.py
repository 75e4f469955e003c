"""Findings over many series: how widely investment falls, and whether the figures are sound.

Method pages: ``docs/methods/diffusion.md`` and ``docs/methods/checks.md``.
"""

from __future__ import annotations

import math

import pandas as pd

from faiwatch.core.finding import Finding, InputRow, Tone
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
    months = (diffused if enough.empty else enough)["period"]
    return pd.Period(months.iloc[-1])


def region_findings(
    diffused: pd.DataFrame, found: pd.DataFrame, measured: pd.DataFrame, *, as_of: str
) -> dict[str, Finding]:
    """Return verdict and key numbers on how widely year-to-date growth is negative.

    Parameters
    ----------
    diffused : DataFrame
        Diffusion by month.
    found : DataFrame
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
    n_releases, run, of_run = _longest_run(found, measured, basis)
    shown = str(month)
    sentence = say(
        "stats.overview.falling",
        shown=shown,
        told=told,
        falling=falling,
        share=share,
        index=index,
        run=run,
    )
    words = {
        "verdict": sentence,
        "n_negative": Text(f"{falling} / {told}", f"{falling} / {told}"),
        "share_negative": percent_phrase(share),
        "diffusion_index": number_phrase(index),
        "longest_run": run,
    }
    values = dict(zip(words, (falling, falling, share, index, n_releases), strict=True))
    return {
        id: (of_run if id == "longest_run" else basis).finding(id, values[id], what, words[id])
        for id, what in definitions_of("regions").items()
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
    counts = {
        "n_figures": int(observations[["ytd_value_100m", "ytd_yoy_pct"]].notna().sum().sum()),
        "n_errors": int((records["severity"] == "error").sum()),
        "n_warnings": int((records["severity"] == "warning").sum()),
        "n_late": int((covered["lag_releases"] > 0).sum()),
    }
    errors, figures = counts["n_errors"], counts["n_figures"]
    sound = Text("没有发现错误", "no errors were found")
    if errors:
        sound = say("stats.overview.errors_found", errors=errors)
    said = say(
        "stats.overview.figures_reach",
        latest=latest,
        figures=figures,
        sound=sound,
        n_warnings=counts["n_warnings"],
        n_covered=len(covered),
        n_late=counts["n_late"],
        as_of=as_of,
    )
    meant = definitions_of("checks")
    inputs: dict[str, tuple[InputRow, ...]] = {
        "n_figures": result_rows(covered, COVERAGE, "n_growth", "n_values"),
        "n_late": result_rows(covered, COVERAGE, "lag_releases"),
    } | {
        f"n_{severity}s": result_rows(records[records["severity"] == severity], CHECKS, "severity")
        for severity in ("error", "warning")
    }
    verdict = Basis(latest, as_of, inputs["n_errors"]).finding(
        "verdict", counts["n_errors"], meant["verdict"], said
    )
    return {"verdict": verdict} | {
        id: Basis(latest, as_of, inputs[id]).finding(
            id,
            count,
            meant[id],
            number_phrase(count, 0),
        )
        for id, count in counts.items()
    }


COVERAGE, CHECKS = "coverage.csv", "checks.csv"  # the result files of page 01


def data_tone(records: pd.DataFrame) -> Tone:
    """Return the tone of the data verdict: sound unless a check found an error."""
    return "unsound" if (records["severity"] == "error").any() else "sound"
