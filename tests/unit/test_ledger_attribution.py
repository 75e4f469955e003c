"""Which projects moved investment: each class, what is unknown, and the made-up district."""

import pandas as pd
import pytest

from faiwatch.core.errors import DataMissingError
from faiwatch.data.ledger_schema import ledger_frame
from faiwatch.data.source import data_source
from faiwatch.ledger.attribution import EFFECTS, attribution

THEN, NOW = "2025-08", "2026-08"
AUGUST = pd.Period(NOW, "M")


def row(code, month, done, **fields):
    return {"asof": month, "project_code": code, "name": code, "ytd_done": done} | fields


def ledger(*rows):
    others = [row("别", month, 1.0) for month in (THEN, NOW)]
    return ledger_frame("projects", pd.DataFrame([*others, *rows]))


def effects(*rows, **figures):
    found = attribution(ledger(*rows), as_of=AUGUST, **figures).projects
    return dict(found.set_index("project_code")["effect"].drop("别"))


@pytest.mark.parametrize(
    ("effect", "rows"),
    [
        ("faster", [row("甲", THEN, 2.0), row("甲", NOW, 3.0, status="stopped")]),
        ("slower", [row("甲", THEN, 2.0), row("甲", NOW, 1.0)]),
        ("unchanged", [row("甲", THEN, 2.0), row("甲", NOW, 2.0)]),
        ("newly_started", [row("甲", NOW, 2.0)]),
        ("newly_started", [row("甲", THEN, 0.0), row("甲", NOW, 2.0)]),
        ("completed", [row("甲", THEN, 2.0), row("甲", NOW, 1.0, actual_finish="2026-08-31")]),
        ("slower", [row("甲", THEN, 2.0), row("甲", NOW, 1.0, actual_finish="2026-09-01")]),
        ("completed", [row("甲", THEN, 2.0), row("甲", "2025-12", 3.0, status="completed")]),
        ("stopped", [row("甲", THEN, 2.0), row("甲", NOW, 0.0, stop_date="2026-01-31")]),
        ("stopped", [row("甲", THEN, 2.0), row("甲", NOW, 0.0, status="investor_exit")]),
        ("left", [row("甲", THEN, 2.0), row("甲", "2025-12", 3.0)]),
        ("not_compared", [row("甲", THEN, None), row("甲", NOW, 2.0)]),
        ("not_compared", [row("甲", THEN, 2.0), row("甲", NOW, None)]),
        ("not_compared", [row("甲", "2025-07", 2.0), row("甲", NOW, 2.0)]),
    ],
)
def test_each_project_is_in_the_class_that_the_method_says(effect, rows):
    assert effects(*rows) == {"甲": effect}


def test_later_sheets_are_not_looked_at():
    rows = [row("甲", THEN, 2.0), row("甲", NOW, 1.0)]
    later = row("甲", "2026-09", 1.0, status="completed", actual_finish="2026-08-31")
    assert effects(*rows, later) == {"甲": "slower"}


def test_a_split_project_is_compared_as_one():
    parts = [row(code, NOW, 2.0, remark="由 甲 拆分") for code in ("乙", "丙")]
    found = attribution(ledger(row("甲", THEN, 5.0), *parts), as_of=AUGUST).projects
    family = found[found["project_code"] == "甲"].iloc[0]
    assert (family["codes"], family["change_10k"], family["effect"]) == ("甲 乙 丙", -1.0, "slower")


def test_without_published_figures_the_classes_stand_and_the_residual_is_missing():
    found = attribution(ledger(row("甲", NOW, 2.0)), as_of=AUGUST)
    assert found.effects.set_index("effect")["change_10k"]["newly_started"] == 2.0
    assert found.effects["change_10k"].isna().tolist() == [False] * len(EFFECTS) + [True]


def test_a_year_without_its_sheet_is_refused():
    with pytest.raises(DataMissingError, match="2025-09"):
        attribution(ledger(row("甲", "2026-09", 1.0)), as_of=AUGUST + 1)


def test_the_fall_of_the_made_up_district_is_split_to_the_yuan(demo_ledger):
    totals = data_source("demo").newest().query("indicator == 'total'").set_index("period")
    month = totals.loc[AUGUST]
    projects = demo_ledger.tables["projects"]
    figures = {name: float(month[name]) for name in ("ytd_value_100m", "ytd_yoy_pct")}
    found = attribution(projects, as_of=AUGUST, **figures)
    parts = found.effects.set_index("effect")
    # 196.47 and -7.4 %: 196.47 - 196.47 / 0.926 = -15.700626 (100 million)
    assert found.total_10k == pytest.approx(-157006.26, abs=0.01)
    assert sum(round(one * 1e4) for one in parts["change_10k"]) == round(found.total_10k * 1e4)
    assert parts.loc["completed", "change_10k"] < 0 < parts.loc["newly_started", "change_10k"]
    # with levels instead of the comparable base the ledger would be 45 % of the change
    explained = parts["change_10k"].drop("residual").sum()
    assert explained == pytest.approx(0.45 * (196.47 - 218.73) * 1e4, rel=0.03)


def test_changes_are_those_of_a_loop_over_the_rows(demo_ledger):
    projects = demo_ledger.tables["projects"]
    found = attribution(projects, as_of=AUGUST).projects
    single = found[~found["codes"].str.contains(" ")]
    done = {
        (str(one["asof"]), one["project_code"]): one["ytd_done"]
        for one in projects.to_dict("records")
    }
    for one in single.dropna(subset="change_10k").to_dict("records"):
        code = one["project_code"]
        assert one["change_10k"] == done.get((NOW, code), 0.0) - done.get((THEN, code), 0.0)
