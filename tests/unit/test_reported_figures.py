"""Nobody's target becomes a reported figure: not in a column, not in a function, not by mistake.

Reported figures are what a unit or the statistics office said. Targets, plans, forecasts and what
they require stand in other columns, and nothing that is reported is worked out from them.
"""

import ast

import numpy as np
import pandas as pd
import pytest
from library import LIBRARY, MODULES, nodes_of, place, tree_of

from faiwatch.data.ledger_fields import ledger_tables
from faiwatch.data.light_rules import presets
from faiwatch.ledger.study import Published, study_ledger

READERS = {"data", "ingest"}
JUDGED = [one for one in MODULES if one.relative_to(LIBRARY).parts[0] not in READERS]
REPORTED = {
    "projects": {
        "cum_done_total",
        "month_done",
        "ytd_done",
        "plan_done_pct",
        "progress_pct",
        "funds_arrived",
        "local_match_arrived",
        "stat_ytd_reported",
        "central_funds",
        "bond_funds",
    },
    "contracts": {"arrived"},
    "bonds": {"paid", "paid_pct"},
    "leads": {"visits", "solved"},
    "parks": {"works_done", "land_done", "funds_arrived"},
}
WANTED = {
    "projects": {"total_investment", "annual_plan", "funds_plan", "local_match"},
    "contracts": {"amount"},
    "bonds": {"amount"},
    "targets": {"value"},
    "pipeline": {"total_investment", "plan_year"},
    "parks": {"works_plan", "land_plan", "funds_plan"},
}
PUBLISHED = {"ytd_value_100m", "ytd_yoy_pct"}
SHARES = {"plan_done_pct", "progress_pct"}  # of a plan, whoever works them out
COLUMNS = PUBLISHED | set().union(*REPORTED.values()) - SHARES
# Columns of what the ledger works out that hold reported figures, and sums or differences of them.
DERIVED = {
    "month_done_10k",
    "ytd_done_10k",
    "cum_done_10k",
    "done_10k",
    "reported_10k",
    "gap_10k",
    "then_10k",
    "now_10k",
    "change_10k",
    "paid_10k",
}
ASKED_FOR = ("plan", "target", "required", "forecast", "expected", "workload", "quantile")


def written_columns(tree):
    """Yield name and value of every column that code writes, in any of the ways of pandas."""
    for node in nodes_of(tree):
        if isinstance(node, ast.Call):
            yield from ((one.arg, one.value) for one in node.keywords if one.arg)
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant):
                    yield key.value, value
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Subscript):
                    names = [one.value for one in ast.walk(target.slice)
                             if isinstance(one, ast.Constant)]  # fmt: skip
                    yield from ((name, node.value) for name in names)


def words_in(value):
    """Return the names and texts that an expression is made of."""
    return {
        str(getattr(node, "id", getattr(node, "attr", getattr(node, "value", ""))))
        for node in ast.walk(value)
        if isinstance(node, ast.Name | ast.Attribute | ast.Constant)
    }


def from_a_target(tree):
    """Return the reported columns that code makes out of something somebody asks for."""
    return [
        (name, sorted(bad))
        for name, value in written_columns(tree)
        if name in COLUMNS | DERIVED
        and (bad := {word for word in words_in(value) if any(one in word for one in ASKED_FOR)})
    ]


def test_every_amount_of_a_ledger_is_reported_or_asked_for_and_none_is_both():
    for table in ledger_tables().values():
        numbers = {
            name
            for name, field in table.fields.items()
            if field.kind in {"money", "percent", "number"} and name not in {"year", "month"}
        }
        reported, wanted = REPORTED.get(table.name, set()), WANTED.get(table.name, set())
        assert not reported & wanted
        assert reported | wanted == numbers


def test_no_code_makes_a_reported_column_out_of_a_target():
    found = {place(module): from_a_target(tree_of(module)) for module in JUDGED}
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "code",
    [
        "frame.assign(ytd_done=frame['annual_plan'] * 8 / 12)",
        "frame['stat_ytd_reported'] = targets['value'] - rest",
        "frame.loc[late, 'month_done'] = required / 4",
        "pd.DataFrame({'ytd_value_100m': forecast.mean})",
        "rows.assign(reported_10k=workload)",
    ],
)
def test_the_rule_finds_each_way_of_breaking_it(code):
    assert from_a_target(ast.parse(code))


def study_of(tables, *, required):
    published = Published(196.47, -7.4, required, pd.DataFrame(columns=["file", "sheet", "row"]))
    return study_ledger(
        tables, published, list(presets().values()), as_of=pd.Period("2026-08", "M")
    )


def with_other_targets(tables, rng):
    changed = {}
    for name, frame in tables.items():
        factors = {
            field: frame[field] * rng.uniform(0.2, 5.0, len(frame))
            for field in WANTED.get(name, ())
        }
        changed[name] = frame.assign(**factors)
    return changed


def frames_of(study):
    yield "standing", study.standing.sort_values("project_code")
    yield "bonds", study.bonds.sort_values(["project_code", "batch"])
    yield "reconciliation", study.reconciliation.projects
    yield "steps", study.reconciliation.steps
    yield "attribution", study.attribution.projects
    yield "effects", study.attribution.effects


def test_what_is_reported_is_the_same_whatever_anybody_asks_for(demo_ledger):
    tables = dict(demo_ledger.settled())
    before = {name: frame.copy(deep=True) for name, frame in tables.items()}
    one = study_of(tables, required=40.0)
    other = study_of(with_other_targets(tables, np.random.default_rng(3)), required=400.0)
    assert one.totals.plan_10k != other.totals.plan_10k  # the targets did change
    compared = 0
    for (name, then), (_, now) in zip(frames_of(one), frames_of(other), strict=True):
        whole = name in {"reconciliation", "steps", "attribution", "effects"}
        columns = [column for column in then if whole or column in DERIVED]
        compared += len(columns)
        pd.testing.assert_frame_equal(
            then[columns].reset_index(drop=True), now[columns].reset_index(drop=True)
        )
    assert compared > 20
    for name, frame in tables.items():
        pd.testing.assert_frame_equal(frame, before[name])
