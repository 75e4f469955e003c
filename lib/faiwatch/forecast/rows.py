"""Forecast rows: the table that is written, compared and scored later."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from faiwatch.forecast.members.members import POOL
from faiwatch.forecast.probability import negative_probabilities
from faiwatch.forecast.series import GrowthPaths
from faiwatch.stats.cumulative import Array

FORECAST_COLUMNS = [
    "origin",
    "region_code",
    "indicator",
    "target",
    "period",
    "horizon",
    "model",
    "output_type",
    "output_type_id",
    "value",
]
MODEL, RANDOM_WALK = "pool", "random_walk"
QUANTILES = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)


def forecast_rows(found: GrowthPaths, *, key: tuple[str, str], model: str = MODEL) -> pd.DataFrame:
    """Return one row for each target, release and kind of output.

    Parameters
    ----------
    found : GrowthPaths
        From :func:`faiwatch.forecast.series.growth_paths`.
    key : (str, str)
        Region code and indicator.
    model : str
        Name of the model in the column of that name.

    Returns
    -------
    DataFrame
        :data:`FORECAST_COLUMNS`; ``output_type`` is ``mean`` (of the paths), ``quantile``
        (``output_type_id`` its probability; 0.5 is the centre that pages print) or
        ``probability`` (``negative``). Targets that a growth-only series has not are left out, and
        so are probabilities beyond a year ahead.
    """
    parts = []
    for target in ("ytd_yoy_pct", "block_yoy_pct", "ytd_value_100m"):
        paths = getattr(found, target)
        if np.isnan(paths).all():
            continue
        cuts = np.quantile(paths, QUANTILES, axis=0)
        parts.append(_rows(found, target, "mean", "", paths.mean(axis=0)))
        parts += [
            _rows(found, target, "quantile", f"{probability:g}", cut)
            for probability, cut in zip(QUANTILES, cuts, strict=True)
        ]
    chance = negative_probabilities(found)["probability"].to_numpy()
    chances = _rows(found, "ytd_yoy_pct", "probability", "negative", chance)
    region, indicator = key
    table = pd.concat([*parts, chances.dropna(subset="value")], ignore_index=True)
    return table.assign(region_code=region, indicator=indicator, model=model)[FORECAST_COLUMNS]


def model_of(found: GrowthPaths, names: Sequence[str]) -> str:
    """Return what the column ``model`` calls the members `names` that `found` comes from."""
    fitted = {name for weights in found.weights for name in weights}
    if fitted == {RANDOM_WALK}:
        return RANDOM_WALK
    return MODEL if tuple(names) == POOL else "+".join(names)


def _rows(
    found: GrowthPaths, target: str, output_type: str, output_type_id: str, value: Array
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "origin": found.origin,
            "target": target,
            "period": found.periods,
            "horizon": np.arange(1, len(found.periods) + 1),
            "output_type": output_type,
            "output_type_id": output_type_id,
            "value": value,
        }
    )
