"""What is known now beside what was known at an earlier month."""

from __future__ import annotations

import pandas as pd

from faiwatch.data.schema import KEYS
from faiwatch.stats.cumulative import as_known
from faiwatch.stats.negative import flags


def changes(observations: pd.DataFrame, *, against: str) -> pd.DataFrame:
    """Return, for each series, the latest published growth at `against` and now.

    Parameters
    ----------
    observations : DataFrame
        Observations as known now.
    against : str
        Earlier month, ``YYYY-MM``.

    Returns
    -------
    DataFrame
        ``region_code indicator period_then yoy_then_pct state_then period_now yoy_now_pct
        state_now n_new_releases``, one row for each series that was known at `against`.

    Raises
    ------
    DataMissingError
        When nothing was known at `against`.

    Examples
    --------
    >>> frame = pd.DataFrame(
    ...     {
    ...         "region_code": "000000",
    ...         "indicator": "total",
    ...         "period": pd.PeriodIndex(["2026-03", "2026-04"], freq="M"),
    ...         "ytd_yoy_pct": [1.7, -1.6],
    ...     }
    ... )
    >>> changes(frame, against="2026-03").iloc[0][["state_then", "state_now"]].tolist()
    ['non_negative', 'negative']
    """
    published = observations[observations["ytd_yoy_pct"].notna()]
    both = _latest(as_known(published, against), "then").merge(_latest(published, "now"), on=KEYS)
    after = published[published["period"] > pd.Period(against, "M")]
    new = after.groupby(KEYS).size().rename("n_new_releases").reset_index()
    both = both.merge(new, on=KEYS, how="left").fillna({"n_new_releases": 0})
    return both.astype({"n_new_releases": "int64"})


def _latest(published: pd.DataFrame, when: str) -> pd.DataFrame:
    flagged = flags(published)
    ytd = flagged[(flagged["definition"] == "ytd") & (flagged["state"] != "missing")]
    latest = ytd.groupby(KEYS, sort=False).tail(1).astype({"state": "str"})
    names = {"period": f"period_{when}", "value_pct": f"yoy_{when}_pct", "state": f"state_{when}"}
    return latest.rename(columns=names)[[*KEYS, *names.values()]]
