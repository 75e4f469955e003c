"""Forecast rows: the table that is written, compared and scored later."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from faiwatch.data.schema import KEYS
from faiwatch.forecast.members.members import ENSEMBLE
from faiwatch.forecast.probability import negative_probabilities
from faiwatch.forecast.series import GrowthPaths
from faiwatch.stats.cumulative import Array

FORECAST_COLUMNS = [
    *("origin", *KEYS, "target", "period", "horizon", "model", "output_type", "output_type_id"),
    "value",
]
MODEL, RANDOM_WALK = "ensemble", "random_walk"
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
    outputs: dict[tuple[str, str, str], Array] = {}
    for target in ("ytd_yoy_pct", "block_yoy_pct", "ytd_value_100m"):
        paths = getattr(found, target)
        if np.isnan(paths).all():
            continue
        outputs[target, "mean", ""] = paths.mean(axis=0)
        cuts = np.quantile(paths, QUANTILES, axis=0)
        for probability, cut in zip(QUANTILES, cuts, strict=True):
            outputs[target, "quantile", f"{probability:g}"] = cut
    chance = negative_probabilities(found)["probability"].to_numpy()
    outputs["ytd_yoy_pct", "probability", "negative"] = chance
    names = ["target", "output_type", "output_type_id"]
    table = pd.DataFrame(outputs).rename_axis(columns=names).melt(ignore_index=False)
    table = table[table["value"].notna() | (table["output_type"] != "probability")]
    place, (region, indicator) = table.index, key
    table = table.assign(
        origin=pd.PeriodIndex([found.origin] * len(place)),
        region_code=region,
        indicator=indicator,
        period=found.periods[place],
        horizon=place + 1,
        model=model,
    )
    return table.reset_index(drop=True)[FORECAST_COLUMNS]


def model_of(found: GrowthPaths, names: Sequence[str]) -> str:
    """Return what the column ``model`` calls the members `names` that `found` comes from."""
    fitted = {name for weights in found.weights for name in weights}
    if fitted == {RANDOM_WALK}:
        return RANDOM_WALK
    return MODEL if tuple(names) == ENSEMBLE else "+".join(names)
