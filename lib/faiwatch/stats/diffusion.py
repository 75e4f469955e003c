"""How widely growth is negative over many regions. Method: ``docs/methods/diffusion.md``."""

from __future__ import annotations

import pandas as pd


def diffusion_index(n_up: int, n_down: int, n_same: int) -> float:
    """Return ``100 (up - down) / N``: +100 when all rise, -100 when all fall, NaN for none.

    The form used by the Philadelphia Fed for its state coincident indexes.

    Examples
    --------
    >>> diffusion_index(46, 2, 2), diffusion_index(35, 9, 6)
    (88.0, 52.0)
    """
    known = n_up + n_down + n_same
    return 100 * (n_up - n_down) / known if known else float("nan")


_NEARLY_ALL = 0.9


def are_shared(diffused: pd.DataFrame) -> pd.Series:
    """Return in which months nearly all regions (nine tenths) have a figure, to be compared."""
    told = diffused["n_negative"] + diffused["n_non_negative"]
    return told >= _NEARLY_ALL * diffused["n_regions"]


def diffusion(flagged: pd.DataFrame, *, definition: str = "ytd") -> pd.DataFrame:
    """Return, for each month, how many regions fall and the diffusion index of growth.

    Parameters
    ----------
    flagged : DataFrame
        Flags of several regions and one indicator.
    definition : str
        Which definition is counted.

    Returns
    -------
    DataFrame
        ``period n_regions n_negative n_non_negative n_missing share_negative_pct
        diffusion_index``, one row a month. Shares are of the regions with a figure that can be
        told from zero; `n_missing` counts the others (missing or indeterminate). A growth of
        exactly 0.0 counts as "same" in the index and as not negative.
    """
    of_definition = flagged[flagged["definition"] == definition]
    state, value = of_definition["state"], of_definition["value_pct"]
    told = state.isin(["negative", "non_negative"])
    counted = of_definition.assign(
        n_regions=1,
        n_negative=state == "negative",
        n_non_negative=state == "non_negative",
        n_missing=~told,
        n_up=told & (state != "negative") & (value > 0),
    )
    counts = ["n_regions", "n_negative", "n_non_negative", "n_missing", "n_up"]
    by_month = counted.groupby("period", sort=True)[counts].sum().astype("int64").reset_index()
    known = (by_month["n_negative"] + by_month["n_non_negative"]).where(lambda n: n > 0)
    return by_month.assign(
        share_negative_pct=100 * by_month["n_negative"] / known,
        diffusion_index=100 * (by_month["n_up"] - by_month["n_negative"]) / known,
    ).drop(columns="n_up")
