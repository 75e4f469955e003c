"""How good the forecasts of one series were: errors, ranges, probabilities, early warnings.

Everything is read from one table, the rolling-origin record of
:func:`faiwatch.forecast.cached.track_record_of`. Method: ``docs/methods/track-record.md``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from faiwatch.core.phrases import texts_of
from faiwatch.forecast.accuracy import brier_score, interval_columns, reliability, skill
from faiwatch.forecast.backtest import SOON
from faiwatch.forecast.forecast import LEVELS
from faiwatch.forecast.members.members import MEMBERS, PLAIN
from faiwatch.stats.cumulative import RELEASES_A_YEAR, Array

CHOSEN, NO_CHANGE, LAST3 = "forecast", "no_change", "last3"
BASELINES = texts_of("forecast.words_baselines")
# What each Brier score is of, by column of the track record.
PROBABILITIES: Mapping[str, str] = {
    "brier": "p_negative",
    "brier_climatology": "own_share",
    "brier_same_sign": "was_negative",
}
WARN_FROM = 0.5  # a warning is given when a negative release is at least as likely as not
_TIE_PP = 1e-6  # errors this near each other differ by the arithmetic only
TURN_COLUMNS = ["period", "first_warning", "lead_releases", "is_event"]


def model_errors(record: pd.DataFrame) -> pd.DataFrame:
    """Return how large the errors of each model were, all horizons together.

    Parameters
    ----------
    record : DataFrame
        The track record of one series.

    Returns
    -------
    DataFrame
        ``model n mae_pp median_pp rmse_pp mase``, the forecast first, then members by error, then
        baselines; ``mase`` is the error over the mean change of growth over a year before each
        origin. Only forecasts that every model made count, so that the rows compare.
    """
    models = {f"{name}_pct": name for name in (CHOSEN, *MEMBERS, *BASELINES)}
    came = record[record["actual_pct"].notna()]
    made = [models[name] for name in came if name in models and came[name].notna().any()]
    came = came.dropna(subset=[f"{name}_pct" for name in made])
    rows = []
    for name in made:
        error = (came[f"{name}_pct"] - came["actual_pct"]).abs()
        rows.append(
            {
                "model": name,
                "n": len(error),
                "mae_pp": error.mean(),
                "median_pp": error.median(),
                "rmse_pp": np.sqrt((error**2).mean()),
                "mase": (error / came["scale"]).mean(),
                "rank": 0 if name == CHOSEN else 2 if name in BASELINES else 1,
            }
        )
    columns = ["model", "n", "mae_pp", "median_pp", "rmse_pp", "mase"]
    table = pd.DataFrame(rows, columns=[*columns, "rank"])
    return table.sort_values(["rank", "mae_pp"], ignore_index=True)[columns]


def is_beaten_by_seasonal_naive(record: pd.DataFrame) -> bool:
    """Return whether last year again was at least as good as the forecast; False when unknown.

    Parameters
    ----------
    record : DataFrame
        The track record of one series.
    """
    errors = model_errors(record).set_index("model")["mae_pp"]
    return bool(errors.get(PLAIN[0], np.inf) - errors.get(CHOSEN, -np.inf) < _TIE_PP)


def errors_by_horizon(record: pd.DataFrame) -> pd.DataFrame:
    """Return errors and ranges by how far ahead, beside both baselines.

    Returns
    -------
    DataFrame
        ``horizon n``, for ``forecast``, ``no_change`` and ``last3`` the columns ``median_<name>``
        and ``rmse_<name>`` in percentage points (NaN where the baseline does not exist),
        ``coverage_80 coverage_95`` as shares, ``score_80 score_95`` interval scores in percentage
        points, ``brier brier_climatology brier_same_sign`` (NaN beyond a year).
    """
    came = record[record["actual_pct"].notna()]
    horizon = came["horizon"].astype(int)
    columns: dict[str, object] = {"horizon": horizon}
    columns |= interval_columns(came["actual_pct"].to_numpy(), came, LEVELS)
    happened = _happened(came)
    for name, column in PROBABILITIES.items():
        squared = (came[column].to_numpy(dtype=float) - happened) ** 2
        columns[name] = np.where(horizon <= RELEASES_A_YEAR, squared, np.nan)
    of_horizon = pd.DataFrame(columns).groupby("horizon")
    table = of_horizon.mean()
    table.insert(0, "n", of_horizon.size())
    for name in (CHOSEN, NO_CHANGE, LAST3):
        error = (came[f"{name}_pct"] - came["actual_pct"]).abs().groupby(horizon)
        table[f"median_{name}"] = error.median()
        table[f"rmse_{name}"] = error.apply(lambda one: np.sqrt((one**2).mean()))
    return table.reset_index()


def probability_scores(record: pd.DataFrame) -> dict[str, float]:
    """Return how good the probabilities of negative growth were, up to a year ahead.

    Returns
    -------
    dict
        ``n``, Brier scores ``brier``, ``brier_climatology`` (the series' own share so far) and
        ``brier_same_sign`` (the sign of the last release goes on), and the skills ``skill_*``
        against both; NaN without forecasts or when a reference made no error.
    """
    near = _near(record)
    happened = _happened(near)
    score = {
        name: brier_score(happened, near[column].to_numpy(dtype=float))
        for name, column in PROBABILITIES.items()
    }
    skills = {
        f"skill_{name}": skill(score["brier"], score[f"brier_{name}"])
        for name in ("climatology", "same_sign")
    }
    return {"n": float(len(near)), **score, **skills}


def reliability_table(record: pd.DataFrame) -> pd.DataFrame:
    """Return how often growth was negative when a probability had been given, up to a year ahead.

    Columns as in :func:`faiwatch.forecast.accuracy.reliability`.
    """
    near = _near(record)
    return reliability(_happened(near), near["p_negative"].to_numpy(dtype=float))


def _near(record: pd.DataFrame) -> pd.DataFrame:
    return record[record["actual_pct"].notna() & (record["horizon"] <= RELEASES_A_YEAR)]


def _happened(rows: pd.DataFrame) -> Array:
    return np.asarray(rows["actual_pct"].to_numpy() < 0, dtype=np.float64)


def warnings_given(record: pd.DataFrame) -> pd.DataFrame:
    """Return each origin at which growth was not negative, and what the early-warning rule said.

    Returns
    -------
    DataFrame
        ``origin p_soon warned turned outcome``: ``turned`` whether any of the next three releases
        was negative, ``outcome`` one of ``hit``, ``false_alarm``, ``miss``, ``quiet``. Origins
        whose next three releases are not all known, and none negative so far, are left out.
    """
    soon = record[record["horizon"] <= SOON]
    origins = soon.groupby("origin", sort=True).agg(
        p_soon=("p_soon", "first"),
        was_negative=("was_negative", "first"),
        known=("actual_pct", "count"),
        lowest=("actual_pct", "min"),
    )
    turned = origins["lowest"] < 0
    judged = origins[(origins["was_negative"] == 0) & ((origins["known"] == SOON) | turned)]
    warned, turned = judged["p_soon"] >= WARN_FROM, turned[judged.index]
    outcome = np.select([warned & turned, warned, turned], ["hit", "false_alarm", "miss"], "quiet")
    return judged[["p_soon"]].assign(warned=warned, turned=turned, outcome=outcome).reset_index()


def turns(record: pd.DataFrame, *, events: Sequence[str] = ()) -> pd.DataFrame:
    """Return each time growth turned negative, and how long before the rule had warned.

    Parameters
    ----------
    record : DataFrame
        The track record of one series.
    events : sequence of str
        Months, ``YYYY-MM``, that no series could announce.

    Returns
    -------
    DataFrame
        ``period first_warning lead_releases is_event``: ``lead_releases`` counts from the earliest
        warning at the three releases before the turn; 0 and NaT = there was none.
    """
    if record.empty:
        return pd.DataFrame(columns=TURN_COLUMNS)
    first = record[record["horizon"] == 1].sort_values("origin", ignore_index=True)
    rows = []
    is_turn = (first["was_negative"] == 0) & (first["actual_pct"] < 0)
    for place in np.flatnonzero(is_turn):
        before = first.iloc[max(place - SOON + 1, 0) : place + 1]
        warned = before[(before["p_soon"] >= WARN_FROM) & (before["was_negative"] == 0)]
        lead = int(place - warned.index[0] + 1) if len(warned) else 0
        period = first["period"].iloc[place]
        began = warned["origin"].iloc[0] if lead else pd.NaT
        rows.append((period, began, lead, str(period) in events))
    return pd.DataFrame(rows, columns=TURN_COLUMNS)
