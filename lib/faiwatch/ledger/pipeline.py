"""Projects by stage, and how many moved on. Method: ``docs/methods/ledger-progress.md``."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from faiwatch.data.ledger_fields import PROJECT_CODE
from faiwatch.ledger.sheets import choice_words, first_true, share_pct, total_10k

CAME, LEFT = "came", "left"
UNTOLD = "untold"
WAITING = ("planned", "reserve")
_UNDER_WAY = ("started", "in_production")


def stages_of(now: pd.DataFrame) -> pd.Series:
    """Return the stage of each project: as reported, else as its dates and progress tell.

    Parameters
    ----------
    now : DataFrame
        From ``standing()``.

    Returns
    -------
    Series
        ``planned``, ``reserve``, ``started``, ``in_production``, or ``untold``.
    """
    facts = {"in_production": now["rule_status"].eq("completed"), "started": now["started"]}
    return now["stage"].where(now["stage"].ne(""), first_true(facts, UNTOLD))


def pipeline(now: pd.DataFrame) -> pd.DataFrame:
    """Return how many projects are at each stage.

    Parameters
    ----------
    now : DataFrame
        From ``standing()``.

    Returns
    -------
    DataFrame
        ``stage n n_unknown_total total_10k plan_10k``, in the order of the stages; ``untold``
        only when there is one.
    """
    of_project = stages_of(now)
    counts = now.groupby(of_project).agg(
        n=("total_10k", "size"),
        n_unknown_total=("total_10k", lambda amounts: amounts.isna().sum()),
        total_10k=("total_10k", total_10k),
        plan_10k=("annual_plan_10k", total_10k),
    )
    counts = counts.reindex(_stages(of_project), fill_value=0)
    return counts.rename_axis("stage").reset_index()


@dataclass(frozen=True)
class Conversion:
    """How projects moved from stage to stage between two sheets.

    Attributes
    ----------
    moves : DataFrame
        ``was``, one column for each stage, ``left`` and ``n``: projects by the stage that they
        had (last row ``came``: not listed then) and the stage that they have.
    n_waiting, n_waiting_started : int
        Planned or in reserve in the earlier sheet, and how many of them have started since.
    reserve_start_pct : float
        Share of those (储备项目开工率); NaN when none waited.
    n_started, n_started_in_production : int
        Started in the earlier sheet, and how many of them are in production now.
    commissioning_pct : float
        Share of those; NaN when none was under way.
    """

    moves: pd.DataFrame
    n_waiting: int
    n_waiting_started: int
    reserve_start_pct: float
    n_started: int
    n_started_in_production: int
    commissioning_pct: float


def conversion(now: pd.DataFrame, before: pd.DataFrame) -> Conversion:
    """Return how many projects moved on between two sheets.

    Parameters
    ----------
    now, before : DataFrame
        From ``standing()`` of the later and the earlier month.

    Examples
    --------
    >>> then = pd.DataFrame({"project_code": ["甲", "乙"], "stage": ["reserve", "reserve"]})
    >>> now = then.assign(stage=["started", "reserve"])
    >>> facts = {"rule_status": "normal", "started": True}
    >>> found = conversion(now.assign(**facts), then.assign(**facts))
    >>> found.n_waiting, found.n_waiting_started, found.reserve_start_pct
    (2, 1, 50.0)
    """
    was, became = (
        pd.Series(stages_of(frame).to_numpy(), index=frame[PROJECT_CODE], dtype="str")
        for frame in (before, now)
    )
    codes = was.index.union(became.index, sort=False)
    was, became = was.reindex(codes, fill_value=CAME), became.reindex(codes, fill_value=LEFT)
    stages = _stages(pd.concat([was, became]))
    moves = pd.crosstab(was, became).reindex(
        index=[*stages, CAME], columns=[*stages, LEFT], fill_value=0
    )
    waited, worked = was.isin(WAITING), was.eq("started")
    begun = int((waited & became.isin(_UNDER_WAY)).sum())
    producing = int((worked & became.eq("in_production")).sum())
    n_waited, n_worked = int(waited.sum()), int(worked.sum())
    moves = moves.assign(n=moves.sum(axis="columns")).rename_axis(index="was", columns=None)
    return Conversion(
        moves=moves.reset_index(),
        n_waiting=n_waited,
        n_waiting_started=begun,
        reserve_start_pct=share_pct(begun, n_waited),
        n_started=n_worked,
        n_started_in_production=producing,
        commissioning_pct=share_pct(producing, n_worked),
    )


def _stages(found: pd.Series) -> list[str]:
    known = list(choice_words("projects", "stage"))
    return [*known, UNTOLD] if found.eq(UNTOLD).any() else known
