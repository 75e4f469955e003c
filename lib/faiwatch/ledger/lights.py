"""Lights of a ledger by written rules, and several rule books beside each other.

Method: ``docs/methods/ledger-lights.md``. The rules come from
:mod:`faiwatch.data.light_rules`; here they are only applied.
"""

from __future__ import annotations

from collections.abc import Iterable
from operator import eq, ge, gt, le, lt

import numpy as np
import pandas as pd

from faiwatch.core.light_names import MISSING, NOT_APPLICABLE, UNDEFINED
from faiwatch.data.light_rules import Condition, Scale
from faiwatch.data.schema import TEXT

_COMPARE = {"is_": eq, "below": lt, "at_most": le, "at_least": ge, "above": gt}
_DIGITS = 9  # of what is compared, so that a third of a plan meets its threshold


def light(frame: pd.DataFrame, scale: Scale) -> pd.Series:
    """Return the light of each row, by the first rule that fits.

    Parameters
    ----------
    frame : DataFrame
        Has the measures that the scale names; NaN or NA = not known.
    scale : Scale
        The rules.

    Returns
    -------
    Series
        Words of :data:`faiwatch.core.light_names.LIGHTS`. ``undefined`` where no rule fits: the
        text leaves a gap.
        ``missing`` where it depends on a figure that is not known.

    Examples
    --------
    >>> from faiwatch.data.light_rules import presets
    >>> growth = presets()["tianjin_growth"].scale[0]
    >>> rows = {"ytd_yoy_pct": [-0.1, 5.0, 5.0, 0.0], "plan_growth_pct": [4.0, 5.0, None, 4.0]}
    >>> light(pd.DataFrame(rows | {"average_growth_pct": 4.0}), growth).to_list()
    ['red', 'green', 'missing', 'undefined']
    """
    return light_with_needs(frame, scale)[0]


def light_with_needs(frame: pd.DataFrame, scale: Scale) -> tuple[pd.Series, pd.Series]:
    """Return the light of each row, and what it hangs on that is not known.

    Parameters
    ----------
    frame : DataFrame
        As for :func:`light`.
    scale : Scale
        The rules.

    Examples
    --------
    >>> from faiwatch.data.light_rules import presets
    >>> growth = presets()["tianjin_growth"].scale[0]
    >>> rows = {"ytd_yoy_pct": [5.0], "plan_growth_pct": 4.0, "average_growth_pct": None}
    >>> [told.item() for told in light_with_needs(pd.DataFrame(rows), growth)]
    ['missing', 'average_growth_pct']
    """
    # a dozen rules on a hundred rows are quicker in arrays than in columns of a frame
    found, needs = (np.full(len(frame), "", dtype="object") for _ in range(2))
    fits, is_open = _all_hold(frame, scale.applies)
    found[~fits & ~is_open] = NOT_APPLICABLE
    found[is_open], needs[is_open] = MISSING, _unknown(frame, scale.applies)[is_open]
    for rule in scale.light:
        left = found == ""
        fits, is_open = _all_hold(frame, rule.when)
        needs[left & is_open] = _unknown(frame, rule.when)[left & is_open]
        found[left & fits], found[left & is_open] = rule.colour, MISSING
    found[found == ""] = UNDEFINED
    told = pd.DataFrame({"light": found, "needs": needs}, index=frame.index, dtype=TEXT)
    return told["light"], told["needs"]


def _unknown(frame: pd.DataFrame, conditions: Iterable[Condition]) -> np.ndarray:
    """Return the measures that conditions ask for and a row does not have."""
    told = np.full(len(frame), "", dtype="object")
    asked = dict.fromkeys(
        name
        for condition in conditions
        for name in (condition.measure, condition.comparison[1])
        if isinstance(name, str)
    )
    for name in asked:
        lacks = frame[name].isna().to_numpy()
        told[lacks] = [f"{before} {name}".strip() for before in told[lacks]]
    return told


def _all_hold(
    frame: pd.DataFrame, conditions: Iterable[Condition]
) -> tuple[np.ndarray, np.ndarray]:
    """Whether every condition holds, and whether that hangs on a figure that is not known."""
    fails, lacks = (np.zeros(len(frame), dtype="bool") for _ in range(2))
    for condition in conditions:
        operator, other = condition.comparison
        left = _figures(frame, condition.measure)
        right = _figures(frame, other) if isinstance(other, str) else round(float(other), _DIGITS)
        unknown = np.isnan(left) | np.isnan(right)
        fails |= ~unknown & ~_COMPARE[operator](left, right)
        lacks |= unknown
    return ~fails & ~lacks, lacks & ~fails


def _figures(frame: pd.DataFrame, measure: str) -> np.ndarray:
    """Return a measure as numbers, a yes as one; NaN = not known."""
    return np.round(frame[measure].to_numpy("float64", na_value=np.nan), _DIGITS)
