"""Every chosen rule book applied to one ledger: the light of each project, and counts.

Method: ``docs/methods/ledger-lights.md``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from faiwatch.core.light_names import LIGHTS
from faiwatch.data.ledger_fields import PROJECT_CODE
from faiwatch.data.ledger_schema import TRACE
from faiwatch.ledger.funding import bond_use
from faiwatch.ledger.light_measures import group_measures, project_measures
from faiwatch.ledger.light_rules import LightPreset, Scale, Semantics, Subject
from faiwatch.ledger.lights import compare_lights
from faiwatch.ledger.standing import Standings

_ONE = ("regions", "groups")
_WHERE = [PROJECT_CODE, "batch", *TRACE]


@dataclass(frozen=True)
class ScaleLights:
    """One scale of a rule book, and how many things have each of its lights.

    Attributes
    ----------
    preset : LightPreset
        The rule book.
    scale : Scale
        Its part.
    counts : mapping
        Words of :data:`faiwatch.core.light_names.LIGHTS` to how many.
    is_one : bool
        Whether there is one thing to judge: the district itself.
    """

    preset: LightPreset
    scale: Scale
    counts: Mapping[str, int]
    is_one: bool


@dataclass(frozen=True)
class LightBoard:
    """The lights of one month.

    Attributes
    ----------
    scales : tuple of ScaleLights
        In the order of the rule books.
    projects : DataFrame
        ``project_code`` and one column ``preset.scale`` for each scale about projects.
    red : DataFrame or None
        One row for each red light of a project or of a bond: ``project_code batch light file
        sheet row``, `light` being ``preset.scale`` and `batch` empty for projects; None when no
        scale is about either.
    """

    scales: tuple[ScaleLights, ...]
    projects: pd.DataFrame
    red: pd.DataFrame | None


def light_board(
    tables: Mapping[str, pd.DataFrame],
    chosen: Sequence[LightPreset],
    standings: Standings,
    *,
    as_of: pd.Period,
    growth_pct: float = np.nan,
) -> LightBoard:
    """Return what several rule books say of one month.

    Parameters
    ----------
    tables : mapping
        The seven tables of a ledger.
    chosen : sequence of LightPreset
        Rule books; those whose colours are about the climate are left out.
    standings : Standings
        Of its projects.
    as_of : Period
        The month; it has a sheet.
    growth_pct : float
        Published growth of the district, year to date; NaN = not published. The average of the
        city is not known here, so a light that hangs on it is missing.
    """
    books = [book for book in chosen if book.semantics == Semantics.PROGRESS]
    measured = _measured(tables, standings, as_of, growth_pct)
    lit = {
        subject: compare_lights(frame, books, subject=subject)
        for subject, frame in measured.items()
    }
    given = [
        (book, scale, lit[scale.subject][f"{book.id}.{scale.id}"])
        for book in books
        for scale in book.scale
    ]
    scales = tuple(
        ScaleLights(book, scale, _counted(lights), is_one=scale.subject in _ONE)
        for book, scale, lights in given
    )
    red = [
        measured[scale.subject][lights.eq("red")]
        .reindex(columns=_WHERE, fill_value="")
        .assign(light=f"{book.id}.{scale.id}")
        for book, scale, lights in given
        if scale.subject not in _ONE
    ]
    of_projects = measured["projects"][[PROJECT_CODE]].join(lit["projects"])
    return LightBoard(scales, of_projects, pd.concat(red, ignore_index=True) if red else None)


def _measured(
    tables: Mapping[str, pd.DataFrame], standings: Standings, as_of: pd.Period, growth_pct: float
) -> dict[Subject, pd.DataFrame]:
    """Return what the lights of each subject are judged by."""
    stands = project_measures(standings, as_of=as_of)
    return {
        "projects": stands,
        "bonds": bond_use(tables["bonds"], as_of=as_of),
        "groups": group_measures(stands, tables["projects"], as_of=as_of),
        "regions": pd.DataFrame(
            {
                "ytd_yoy_pct": [growth_pct],
                "plan_growth_pct": [planned_growth(tables["targets"], year=as_of.year)],
                "average_growth_pct": [np.nan],
            }
        ),
    }


def planned_growth(targets: pd.DataFrame, *, year: int) -> float:
    """Return the growth that the ledger's targets set for a year.

    Parameters
    ----------
    targets : DataFrame
        Table ``targets``.
    year : int
        Which year.

    Returns
    -------
    float
        Percent; NaN unless exactly one such target is there.
    """
    whole_year = targets["month"].isna() | targets["month"].eq(12)
    wanted = targets["metric"].eq("growth") & targets["value_unit"].eq("percent") & whole_year
    found = targets.loc[wanted & targets["year"].eq(year), "value"]
    return float(found.iloc[0]) if len(found) == 1 else np.nan


def _counted(lights: pd.Series) -> dict[str, int]:
    counts = lights.value_counts()
    return {name: int(counts.get(name, 0)) for name in LIGHTS}
