"""What was known when: the newest figures, the triangle, its statistics, flags added or withdrawn.

The series is made up in the style of monthly construction spending abroad: year to date, issued
in the month after next, with the two months before it revised in every release.
"""

import numpy as np
import pandas as pd
import pytest

from faiwatch.core.errors import DataMissingError
from faiwatch.data.newest import newest_figures
from faiwatch.data.source import data_source
from faiwatch.stats.negative import flags
from faiwatch.stats.revisions import change_findings, changes_between
from faiwatch.stats.vintages import (
    before_last_release,
    issue_cutoff,
    known_at,
    revision_statistics,
    revision_triangle,
)

NAN = float("nan")
GROWTH = {  # issue date: growth of the months that it published
    "2025-09-02": {"2025-05": 0.6, "2025-06": 0.3, "2025-07": -0.2},
    "2025-10-01": {"2025-06": 0.3, "2025-07": 0.1, "2025-08": 0.2},
    "2025-11-03": {"2025-07": 0.1, "2025-08": -0.2, "2025-09": -0.3},
    "2025-12-01": {"2025-08": -0.2, "2025-09": 0.1, "2025-10": -0.6},
}


def vintages(growth=GROWTH):
    rows = [
        ("840000", "total", month, NAN, value, day, "made-up", f"{day}.csv", line)
        for day, months in growth.items()
        for line, (month, value) in enumerate(months.items(), start=2)
    ]
    names = "region_code indicator period ytd_value_100m ytd_yoy_pct issued source file row"
    table = pd.DataFrame(rows, columns=names.split())
    return table.assign(
        period=pd.PeriodIndex(table["period"], freq="M"),
        issued=pd.to_datetime(table["issued"]).astype("datetime64[ns]"),
    )


def growth_of(table):
    return dict(zip(table["period"].astype(str), table["ytd_yoy_pct"], strict=True))


def published_states(table):
    flagged = flags(table)
    ytd = flagged[flagged["definition"] == "ytd"]
    return dict(zip(ytd["period"].astype(str), ytd["state"], strict=True))


@pytest.mark.parametrize(
    ("as_of", "last_day"),
    [
        ("2026-08", "2026-09-30"),  # August is released in September
        ("2026-12", "2027-01-31"),
        ("2027-01", "2027-02-28"),
        ("2026-09-14", "2026-09-14"),
    ],
)
def test_a_month_knows_what_was_issued_by_the_end_of_the_month_after_it(as_of, last_day):
    assert issue_cutoff(as_of) == pd.Timestamp(last_day)


def test_as_of_flags_are_those_of_the_time():
    assert published_states(known_at(vintages(), "2025-08"))["2025-07"] == "negative"
    assert published_states(known_at(vintages(), "2025-09"))["2025-07"] == "non_negative"
    assert published_states(known_at(vintages(), "2025-10"))["2025-08"] == "negative"


def test_two_issues_of_one_month_are_told_apart_by_day():
    assert "2025-08" not in growth_of(known_at(vintages(), "2025-09-30"))
    assert growth_of(known_at(vintages(), "2025-10-01"))["2025-08"] == 0.2


def test_nothing_is_known_before_the_first_issue():
    with pytest.raises(DataMissingError) as refused:
        known_at(vintages(), "2025-07")
    assert "2025-09-02" in refused.value.message("en")


def test_the_newest_figure_counts_and_says_since_when_it_stands():
    newest = newest_figures(vintages()).set_index("period")
    assert newest.loc["2025-08", ["ytd_yoy_pct", "file"]].tolist() == [-0.2, "2025-11-03.csv"]
    assert growth_of(newest_figures(vintages()))["2025-09"] == 0.1


def test_a_blank_withdraws_nothing_and_each_figure_keeps_its_place():
    both = vintages({"2025-09-02": {"2025-07": NAN}, "2025-10-01": {"2025-07": -0.2}})
    both = both.assign(ytd_value_100m=[100.0, NAN], source=["values", "growth"])
    found = newest_figures(both).iloc[0]
    assert found[["ytd_value_100m", "ytd_yoy_pct", "source", "row"]].tolist() == [
        100.0,
        -0.2,
        "values growth",
        0,
    ]
    assert found["file"] == "2025-09-02.csv; 2025-10-01.csv"


def test_without_issue_dates_the_reference_month_decides_as_before():
    figures = data_source("embedded").newest()
    known = known_at(figures, "2025-08")
    expected = figures[figures["period"] <= pd.Period("2025-08", "M")].reset_index(drop=True)
    pd.testing.assert_frame_equal(known, expected)


def test_the_triangle_has_every_issue_of_every_month():
    triangle = revision_triangle(vintages())
    july = triangle[triangle["period"] == pd.Period("2025-07", "M")]
    assert july["release"].tolist() == [1, 2, 3]
    assert july["value"].tolist() == [-0.2, 0.1, 0.1]
    assert np.allclose(july["change"].iloc[1:], [0.3, 0.0])
    assert np.allclose(july["since_first"], [0.0, 0.3, 0.3])


def test_statistics_count_only_months_seen_from_their_first_release():
    found = revision_statistics(revision_triangle(vintages())).iloc[0]
    # July +0.3, August -0.4, September +0.4; May and June were old news in the first vintage
    assert found["n_revisions"] == 3
    assert np.allclose(found[["mean", "mean_absolute"]].astype(float), [0.1, 1.1 / 3])
    assert np.isnan(found["p_value"])
    assert not found["is_significant"]


def revised_by(revisions):
    months = pd.period_range("2020-02", periods=len(revisions) + 1, freq="M")
    months = [month for month in months if month.month != 1]
    growth = {f"{month + 1}-15": {str(month): 1.0} for month in months}
    for month, revision in zip(months, revisions, strict=False):
        growth[f"{month + 2}-15"] = growth.get(f"{month + 2}-15", {}) | {str(month): 1.0 + revision}
    return revision_statistics(revision_triangle(vintages(dict(sorted(growth.items()))))).iloc[0]


def test_the_t_value_is_the_mean_over_its_newey_west_error():
    revisions = np.array([0.3, 0.1, -0.2, 0.4, 0.2, 0.1, 0.3, -0.1, 0.2, 0.5])
    found = revised_by(revisions)
    n, rest = len(revisions), revisions - revisions.mean()
    lags = int(4 * (n / 100) ** (2 / 9))
    spread = rest @ rest
    for lag in range(1, lags + 1):
        spread += 2 * (1 - lag / (lags + 1)) * (rest[lag:] @ rest[:-lag])
    error = np.sqrt(spread / n**2 * n / (n - 1))
    assert found["n_revisions"] == n
    assert np.isclose(found["standard_error"], error)
    assert np.isclose(found["t_value"], revisions.mean() / error)
    assert found["is_significant"]


def test_equal_revisions_have_no_test():
    assert np.isnan(revised_by(np.full(10, 0.1))["t_value"])


def test_what_a_revision_did_to_flags_and_verdict():
    then, now = known_at(vintages(), "2025-10-01"), known_at(vintages(), "2025-12-01")
    changes = changes_between(then, now)
    figures = changes.figures.set_index(["period", "kind"])
    assert sorted(figures.index.map(lambda at: (str(at[0]), at[1]))) == [
        ("2025-08", "revised"),
        ("2025-09", "new"),
        ("2025-10", "new"),
    ]
    assert changes.flags[["kind", "state_then", "state_now"]].to_numpy().tolist() == [
        ["added", "non_negative", "negative"]
    ]
    ytd = changes.verdict[changes.verdict["definition"] == "ytd"].set_index("step")
    assert ytd["state"].to_dict() == {
        "then": "non_negative",
        "revised": "negative",
        "now": "negative",
    }
    assert ytd["n_releases"].to_dict() == {"then": 0, "revised": 1, "now": 1}
    said = change_findings(changes, now, indicator="total", definition="ytd", as_of="2025-10")
    assert "by revision" in said["change"].en
    assert "修订所致" in said["change"].zh
    assert [said[name].value for name in ("n_new", "n_revised", "n_flags_changed")] == [2, 1, 1]


def test_a_run_that_a_revision_broke_has_another_start():
    months = pd.PeriodIndex(["2026-06", "2026-07", "2026-08"], freq="M")
    now = pd.DataFrame({"region_code": "840000", "indicator": "total", "period": months})
    now = now.assign(ytd_yoy_pct=[-0.2, 0.2, -1.1], issued=pd.NaT, source="", file="", row=0)
    then = now.head(2).assign(ytd_yoy_pct=[-0.2, -0.8])
    changes = changes_between(then, now)
    said = change_findings(changes, now, indicator="total", definition="ytd", as_of="2026-08")
    assert "negative, since August 2026 and no longer since June 2026" in said["change"].en
    assert "起点由2026年6月或更早变为2026年8月" in said["change"].zh


def test_a_withdrawn_flag_is_listed():
    then, now = known_at(vintages(), "2025-09-02"), known_at(vintages(), "2025-10-01")
    assert changes_between(then, now).flags["kind"].tolist() == ["withdrawn"]


def test_since_the_last_release():
    then = before_last_release(vintages(), "latest")
    pd.testing.assert_frame_equal(then, known_at(vintages(), "2025-11-30"))


def test_since_the_last_release_of_figures_without_dates_is_since_the_month_before():
    undated = vintages({"2025-12-01": {"2025-09": 0.1, "2025-10": -0.6}}).assign(
        issued=pd.Series([pd.NaT] * 2, dtype="datetime64[ns]")
    )
    assert list(growth_of(before_last_release(undated, "latest"))) == ["2025-09"]


def test_before_the_only_release_nothing_was_known():
    only = vintages({"2025-09-02": GROWTH["2025-09-02"]})
    then = before_last_release(only, "latest")
    changes = changes_between(then, newest_figures(only))
    assert then.empty
    assert set(changes.figures["kind"]) == {"new"}
    assert changes.flags.empty
    assert changes.verdict.set_index(["definition", "step"]).loc[("ytd", "then"), "state"] == (
        "missing"
    )


def test_a_dated_release_is_not_widened_by_older_figures_without_a_date():
    days = {"2025-07-31": {"2025-06": 0.3}, "2025-09-05": {"2025-08": 1.5}}
    table = vintages(days | {"2025-09-15": {"2025-08": 2.0}})
    undated = table.assign(issued=table["issued"].where(table["period"] != "2025-06"))
    assert growth_of(before_last_release(undated, "latest")) == {"2025-06": 0.3, "2025-08": 1.5}
