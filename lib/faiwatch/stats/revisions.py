"""What changed between two states of knowledge: figures, flags, and the verdict.

Method: ``docs/methods/vintages.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from faiwatch.core.finding import Finding, InputRow
from faiwatch.core.phrases import joined, say, since_phrase, texts_of, with_stop
from faiwatch.core.provenance import Basis, result_rows, rows_behind
from faiwatch.core.text import NOTHING, Text
from faiwatch.data.definitions import definitions_of
from faiwatch.data.schema import KEYS
from faiwatch.stats.growth import measures
from faiwatch.stats.negative import DEFINITIONS, STATES, flags, runs

_MONTH = [*KEYS, "period"]
FIGURES = texts_of("stats.words_figures")
FIGURE_CHANGE_COLUMNS = [*_MONTH, "figure", "kind", "then", "now", "change", "issued", "source"]
STEPS = texts_of("stats.words_steps")


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed between two states of knowledge.

    Attributes
    ----------
    figures : DataFrame
        See :func:`figure_changes`.
    flags : DataFrame
        See :func:`flag_changes`.
    verdict : DataFrame
        How the verdict came from what it was to what it is, in two steps: ``region_code indicator
        definition step period state value_pct start n_releases n_months is_lower_bound``. For each
        series of now and each definition the steps ``then``, ``revised`` (the figures of then with
        what stands for them now) and ``now``. ``period`` is the latest release with published
        growth (NaT when there was none, ``state`` then being ``missing``); ``start`` (NaT),
        ``n_releases``, ``n_months`` (0) and ``is_lower_bound`` are of the run still going on.
    """

    figures: pd.DataFrame
    flags: pd.DataFrame
    verdict: pd.DataFrame


def changes_between(then: pd.DataFrame, now: pd.DataFrame, *, across_years: bool = True) -> Changes:
    """Return everything that changed between two states of knowledge.

    Parameters
    ----------
    then, now : DataFrame
        Observations as known at two times (:func:`faiwatch.stats.vintages.known_at`); `then`
        may be empty.
    across_years : bool
        Whether a run goes on over the year end.
    """
    judged = {"then": _judged(then), "now": _judged(now)}
    revised = with_revisions(then, now)
    figures = [*_MONTH, *(name for name in FIGURES if name in revised and name in then)]
    is_same = revised[figures].equals(then[figures].reset_index(drop=True))
    judged["revised"] = judged["then"] if is_same else _judged(revised)
    order = list(DEFINITIONS)
    each = now[KEYS].drop_duplicates().merge(pd.DataFrame({"definition": order}), how="cross")
    latest = [_latest(judged[step], each.assign(step=step), across_years) for step in STEPS]
    steps = pd.concat(latest, ignore_index=True)
    steps = steps.assign(rank=steps["definition"].map(order.index))
    steps = steps.sort_values([*KEYS, "rank"], kind="stable", ignore_index=True)
    return Changes(
        figure_changes(then, now),
        flag_changes(judged["then"], judged["now"]),
        steps.drop(columns="rank"),
    )


def figure_changes(then: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """Return the figures that are new and those that were revised.

    Returns
    -------
    DataFrame
        ``region_code indicator period figure kind then now change issued source``. ``kind`` is
        ``new`` (not published then; ``then`` and ``change`` are NaN) or ``revised``; ``issued``
        and ``source`` are those of the row that stands now.

    Examples
    --------
    >>> months = pd.PeriodIndex(["2026-07", "2026-08"], freq="M")
    >>> now = pd.DataFrame(
    ...     {
    ...         "region_code": "000000",
    ...         "indicator": "total",
    ...         "period": months,
    ...         "ytd_yoy_pct": [-6.5, -7.2],
    ...     }
    ... )
    >>> then = now.head(1).assign(ytd_yoy_pct=-6.7)
    >>> figure_changes(then, now)["kind"].tolist()
    ['revised', 'new']
    """
    unknown: dict[str, Any] = {"issued": pd.NaT, "source": ""}
    now = now.assign(**{name: unknown[name] for name in unknown if name not in now.columns})
    found = []
    for figure in [name for name in FIGURES if name in now.columns]:
        before = then[[*_MONTH, figure]].rename(columns={figure: "then"})
        both = now.rename(columns={figure: "now"}).merge(before, on=_MONTH, how="left")
        both = both[both["now"].notna() & (both["then"] != both["now"])]
        found.append(
            both.assign(
                figure=figure,
                kind=np.where(both["then"].isna(), "new", "revised"),
                change=both["now"] - both["then"],
            )[FIGURE_CHANGE_COLUMNS]
        )
    return pd.concat(found).sort_values([*_MONTH, "figure"], ignore_index=True)


def flag_changes(then: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """Return the flags that a revision added or withdrew, of the flags then and now.

    Returns
    -------
    DataFrame
        ``region_code indicator period definition kind state_then state_now then_pct now_pct``.
        Only releases that could be judged then are listed: a first judgement is news, not a
        revision. ``kind`` is ``added`` (negative only now) or ``withdrawn`` (negative only then).
    """
    both = then.merge(now, on=[*_MONTH, "definition"], suffixes=("_then", "_now"))
    both = both.rename(columns={"value_pct_then": "then_pct", "value_pct_now": "now_pct"})
    was, is_now = both["state_then"] == "negative", both["state_now"] == "negative"
    both = both.assign(kind=np.where(is_now, "added", "withdrawn"))
    columns = [*_MONTH, "definition", "kind", "state_then", "state_now", "then_pct", "now_pct"]
    changed = both.loc[(was != is_now) & (both["state_then"] != "missing"), columns]
    return changed.reset_index(drop=True)


def with_revisions(then: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """Return the figures of then with what stands for them now, and nothing new among them."""
    known_then = now.merge(then[_MONTH], on=_MONTH)
    before = known_then[_MONTH].merge(then, on=_MONTH, how="left")
    figures = [name for name in FIGURES if name in now.columns]
    return known_then.assign(
        **{name: known_then[name].where(before[name].notna()) for name in figures}
    )


def _latest(flagged: pd.DataFrame, latest: pd.DataFrame, across_years: bool) -> pd.DataFrame:
    """Add to each series and definition its latest release, and the run that goes on."""
    published = flagged[(flagged["definition"] == "ytd") & (flagged["state"] != "missing")]
    last = published.groupby(KEYS, sort=False)["period"].max().reset_index()
    at = flagged.merge(last, on=[*KEYS, "period"])
    found = runs(flagged, across_years=across_years)
    latest = latest.merge(last, on=KEYS, how="left")
    unknown: dict[str, Any] = {
        "state": "missing",
        "n_releases": 0,
        "n_months": 0,
        "is_lower_bound": False,
    }
    for table, told in (
        (at, ["state", "value_pct"]),
        (found[found["ongoing"]], ["start", "n_releases", "n_months", "is_lower_bound"]),
    ):
        keys = [*KEYS, "definition"]
        latest = latest.merge(table[[*keys, *told]], on=keys, how="left")
    for name, value in unknown.items():
        latest[name] = latest[name].astype("object").fillna(value).astype(type(value))
    return latest


_NOTHING_JUDGED = pd.DataFrame(
    {name: pd.Series(dtype="str") for name in (*KEYS, "definition", "state")}
    | {name: pd.Series(dtype="float64") for name in ("value_pct", "block_months")}
    | {"period": pd.PeriodIndex([], freq="M")}
)


def _judged(table: pd.DataFrame) -> pd.DataFrame:
    if table.empty:
        return _NOTHING_JUDGED.copy()
    return flags(measures(table)).astype({"definition": "str", "state": "str"})


FLAG_CHANGES = "flag_changes.csv"  # the result file that the pages save `Changes.flags` in


def change_findings(
    changes: Changes, now: pd.DataFrame, *, indicator: str, definition: str, as_of: str
) -> dict[str, Finding]:
    """Return what changed as findings.

    Parameters
    ----------
    changes : Changes
        Of one region.
    now : DataFrame
        Observations of the region as known now, whose rows the findings rest on.
    indicator, definition : str
        Whose verdict the sentence speaks of.
    as_of : str
        Month up to which figures were used.

    Returns
    -------
    dict of str to Finding
        ``n_new``, ``n_revised``, ``n_flags_changed``, and the sentence ``change``.
    """
    new, revised = (int((changes.figures["kind"] == kind).sum()) for kind in ("new", "revised"))
    flagged_rows = result_rows(changes.flags, FLAG_CHANGES, "state_now")
    steps = changes.verdict
    mine = steps[(steps["indicator"] == indicator) & (steps["definition"] == definition)]
    added = int((changes.flags["kind"] == "added").sum())
    withdrawn = len(changes.flags) - added
    told = [say("stats.revisions.new_and_revised", new=new, revised=revised)]
    if added or withdrawn:
        told.append(say("stats.revisions.flags_changed", added=added, withdrawn=withdrawn))
    told.append(_effect(mine.set_index("step"), DEFINITIONS[definition]))
    meant, last = definitions_of("changes"), str(now["period"].max())
    bases = {
        "n_new": (new, Basis(last, as_of, _rows_of(changes, now, "new"))),
        "n_revised": (revised, Basis(last, as_of, _rows_of(changes, now, "revised"))),
        "n_flags_changed": (added + withdrawn, Basis(last, as_of, flagged_rows)),
    }
    findings = {
        id: basis.finding(id, count, meant[id], Text(str(count), str(count)))
        for id, (count, basis) in bases.items()
    }
    words = with_stop(joined(told))
    return findings | {"change": bases["n_new"][1].finding("change", new, meant["change"], words)}


def _rows_of(changes: Changes, now: pd.DataFrame, kind: str) -> tuple[InputRow, ...]:
    """Return the published row of each figure of one kind: one input for each that is counted."""
    found = changes.figures[changes.figures["kind"] == kind]
    return tuple(
        row
        for figure in found["figure"].unique()
        for row in rows_behind(
            now.merge(found.loc[found["figure"] == figure, _MONTH], on=_MONTH), figure
        )
    )


def _effect(steps: pd.DataFrame, definition: Text) -> Text:
    """Say what became of the verdict, and whether revisions or news did it."""
    state = {step: str(steps.loc[step, "state"]) for step in STEPS}
    then, now = STATES[state["then"]], STATES[state["now"]]
    if state["then"] == "missing":
        return say("stats.revisions.first_time", definition=definition, now=now)
    if state["then"] == state["now"]:
        since = NOTHING
        was, is_now = (steps.loc[[step]].iloc[0] for step in ("then", "now"))
        if not pd.isna([was["start"], is_now["start"]]).any() and was["start"] != is_now["start"]:
            began, begins = since_phrase(was), since_phrase(is_now)
            since = say("stats.revisions.begins_elsewhere", began=began, begins=begins)
        return say("stats.revisions.still", definition=definition, now=now, since=since)
    by = (
        Text("修订所致", "by revision")
        if state["revised"] == state["now"]
        else Text("新公布所致", "by the new figures")
    )
    return say("stats.revisions.went", definition=definition, then=then, now=now, by=by)
