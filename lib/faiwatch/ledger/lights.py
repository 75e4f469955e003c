"""Lights of a ledger by written rules, and several rule books beside each other.

Method: ``docs/methods/ledger-lights.md``. The rules come from
:mod:`faiwatch.data.light_rules`; here they are only applied.
"""

from __future__ import annotations

from collections.abc import Iterable
from operator import ge, gt, le, lt

import pandas as pd

from faiwatch.core.light_names import MISSING, NOT_APPLICABLE, UNDEFINED
from faiwatch.data.light_rules import Condition, Scale

_COMPARE = {"below": lt, "at_most": le, "at_least": ge, "above": gt}
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
    found, needs = (pd.Series("", index=frame.index, dtype="str") for _ in range(2))
    fits = _all_hold(frame, scale.applies)
    found = found.mask(fits.eq(False).fillna(False), NOT_APPLICABLE).mask(fits.isna(), MISSING)
    needs = needs.mask(fits.isna(), _unknown(frame, scale.applies))
    for rule in scale.light:
        fits = _all_hold(frame, rule.when)
        is_open = found.eq("")
        needs = needs.mask(is_open & fits.isna(), _unknown(frame, rule.when))
        found = found.mask(is_open & fits.fillna(False), rule.colour)
        found = found.mask(is_open & fits.isna(), MISSING)
    return found.mask(found.eq(""), UNDEFINED), needs


def _unknown(frame: pd.DataFrame, conditions: Iterable[Condition]) -> pd.Series:
    """Return the measures that conditions ask for and a row does not have."""
    told = pd.Series("", index=frame.index, dtype="str")
    asked = dict.fromkeys(
        name
        for condition in conditions
        for name in (condition.measure, condition.comparison[1])
        if isinstance(name, str)
    )
    for name in asked:
        told = told.mask(frame[name].isna(), told + " " + name)
    return told.str.strip()


def _all_hold(frame: pd.DataFrame, conditions: Iterable[Condition]) -> pd.Series:
    """Whether every condition holds; NA where that hangs on a figure that is not known."""
    held = pd.Series(True, index=frame.index, dtype="boolean")
    for condition in conditions:
        held = held & _holds(frame, condition)
    return held


def _holds(frame: pd.DataFrame, condition: Condition) -> pd.Series:
    operator, other = condition.comparison
    measure = frame[condition.measure]
    if operator == "is_":
        return pd.Series(measure.astype("boolean").eq(other))
    left = measure.astype("float64").round(_DIGITS)
    given = frame[other].astype("float64") if isinstance(other, str) else float(other)
    right = pd.Series(given, index=frame.index, dtype="float64").round(_DIGITS)
    compared = pd.Series(_COMPARE[operator](left, right), dtype="boolean")
    return compared.mask(left.isna() | right.isna())
