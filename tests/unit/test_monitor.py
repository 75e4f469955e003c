import numpy as np
import pandas as pd
import pytest

from faiwatch.core.text import Text
from faiwatch.stats.changes import changes
from faiwatch.stats.coverage import coverage
from faiwatch.stats.diffusion import diffusion
from faiwatch.stats.growth import measures
from faiwatch.stats.monitor import monitor_findings, series_of, verdict_tone
from faiwatch.stats.negative import flags, runs
from faiwatch.stats.overview import data_findings, latest_shared_month, region_findings


def figures(months, growth, values=np.nan, region="000000"):
    return pd.DataFrame(
        {
            "region_code": region,
            "indicator": "total",
            "period": pd.PeriodIndex(months, freq="M"),
            "ytd_value_100m": values,
            "ytd_yoy_pct": growth,
            "file": "data/figures.csv",
            "row": range(2, 2 + len(months)),
            "issued": pd.Timestamp("2026-09-14"),
            "source": "S1",
        }
    )


def findings(table, definition="ytd"):
    measured = measures(table)
    flagged = flags(measured)
    name = Text("全国固定资产投资", "fixed-asset investment in China")
    series = series_of(
        (measured, flagged, runs(flagged)),
        region_code="000000",
        indicator="total",
        name=name,
        as_of="2026-08",
    )
    tone = verdict_tone(series, definition=definition)
    return monitor_findings(series, definition=definition), tone


MONTHS = ["2026-04", "2026-05", "2026-06", "2026-07", "2026-08"]
GROWTH = [-1.6, -4.1, -5.7, -6.7, -7.2]
VALUES = [141293, 178512, 226370, 260328, 293092]


def test_the_verdict_says_growth_change_and_run_in_both_languages():
    before = (["2026-03", *MONTHS], [1.7, *GROWTH], [np.nan, *VALUES])
    found, tone = findings(figures(*before))
    assert found["verdict"].zh == (
        "2026年1—8月，全国固定资产投资同比下降7.2%，降幅比1—7月扩大0.5个百分点，"
        "累计口径已连续5个月负增长（5次发布，自2026年4月起）。"
    )
    assert found["verdict"].en == (
        "January–August 2026: fixed-asset investment in China fell 7.2% on a year earlier; the "
        "decline widened by 0.5 percentage points from January–July; year-to-date growth has "
        "been negative for 5 months in a row (5 releases, since April 2026)."
    )
    assert tone == "negative"


def test_the_verdict_rests_on_every_release_of_its_run():
    found, _ = findings(figures(MONTHS, GROWTH, VALUES))
    rows = [(one.file, one.row, one.period, one.value) for one in found["verdict"].inputs]
    assert rows == [
        ("data/figures.csv", 2 + at, month, growth)
        for at, (month, growth) in enumerate(zip(MONTHS, GROWTH, strict=True))
    ]
    assert {one.issued for one in found["verdict"].inputs} == {"2026-09-14"}


def test_growth_only_series_say_that_the_block_is_not_available():
    # levels of the nation are published: a table without them merely does not hold them
    found, tone = findings(figures(MONTHS, GROWTH), definition="block")
    assert found["verdict"].state == "not_held"
    assert "只收录了增速而没有投资额" in found["verdict"].zh
    assert found["run_block"].value is None
    assert found["ytd_value"].zh == "本库尚未收录"
    assert tone == "missing"


def test_a_block_within_rounding_of_zero_is_not_called_negative():
    table = figures(["2026-02", "2026-03"], [0.0, 0.0], [52721, 102708])
    found, tone = findings(table, definition="block")
    assert found["verdict"].state == "indeterminate"
    assert "不判为负增长" in found["verdict"].zh
    assert tone == "indeterminate"


def test_the_first_release_of_a_year_is_compared_with_none():
    found, _ = findings(figures(["2025-12", "2026-02"], [-3.8, 1.8]))
    assert "比" not in found["verdict"].zh.replace("同比", "")
    assert found["run_ytd"].zh == "无"
    assert "ytd_change" not in found


def test_the_change_is_that_of_the_two_published_figures():
    found, _ = findings(figures(MONTHS, GROWTH, VALUES))
    change = found["ytd_change"]
    assert change.value == pytest.approx(GROWTH[-1] - GROWTH[-2])
    assert (change.zh, change.en) == ("−0.5个百分点", "−0.5 pp")
    assert [one.value for one in change.inputs] == GROWTH[-2:]


def test_details_tell_the_definitions_that_the_verdict_does_not_use():
    found, _ = findings(figures(MONTHS, GROWTH, VALUES), definition="rolling3")
    assert {name for name in found if name.startswith("detail_")} == {"detail_ytd", "detail_block"}


def two_regions(last_of_second="2026-08"):
    second = figures(["2026-07", last_of_second], [2.0, 1.0], region="120000")
    return pd.concat([figures(["2026-07", "2026-08"], [-1.0, -2.0], region="110000"), second])


def test_regions_are_compared_at_the_last_month_that_nearly_all_have():
    early = two_regions().query("not (region_code == '120000' and ytd_yoy_pct == 1.0)")
    flagged = flags(early)
    assert str(latest_shared_month(diffusion(flagged))) == "2026-07"
    found = region_findings(diffusion(flagged), runs(flagged), measures(early), as_of="2026-08")
    assert found["n_negative"].zh == "1 / 2"
    assert found["diffusion_index"].value == 0
    assert "2026年1—7月" in found["verdict"].zh


def test_months_without_a_figure_count_in_no_share():
    early = two_regions().query("not (region_code == '120000' and ytd_yoy_pct == 1.0)")
    last = diffusion(flags(early)).iloc[-1]
    assert (last["n_regions"], last["n_missing"], last["share_negative_pct"]) == (2, 1, 100)


def test_changes_put_then_and_now_side_by_side():
    found = changes(figures(MONTHS, GROWTH), against="2026-05").iloc[0]
    assert (str(found["period_then"]), found["yoy_then_pct"]) == ("2026-05", -4.1)
    assert (str(found["period_now"]), found["n_new_releases"]) == ("2026-08", 3)


@pytest.mark.parametrize(("as_of", "behind"), [("2026-08", 0), ("2026-11", 3), ("2027-01", 4)])
def test_january_is_never_waited_for(as_of, behind):
    assert coverage(figures(MONTHS, GROWTH), as_of=as_of)["lag_releases"].item() == behind


def test_the_data_verdict_counts_what_the_checks_found():
    table = figures(MONTHS, GROWTH, VALUES)
    records = pd.DataFrame({"severity": ["error", "warning", "warning", "note"]})
    found = data_findings(coverage(table, as_of="2026-08"), records, table, as_of="2026-08")
    assert (found["n_errors"].value, found["n_warnings"].value) == (1, 2)
    assert found["n_figures"].value == 10
    assert "发现1个错误" in found["verdict"].zh


def test_a_run_that_ends_long_before_the_figures_is_not_going_on():
    levels = [*VALUES[:3], np.nan, np.nan]
    found = runs(flags(figures(MONTHS, GROWTH, levels))).set_index("definition")
    assert found.loc["ytd", "ongoing"]
    assert not found.loc["block", "ongoing"]
    assert found.loc["block", "is_lower_bound"]


def test_a_run_of_figures_that_are_more_than_three_releases_late_is_not_going_on():
    table = figures(MONTHS, GROWTH)
    for as_of, ongoing in (("2026-11", True), ("2026-12", False)):
        found = runs(flags(table, as_of=as_of)).query("definition == 'ytd'")
        assert found["ongoing"].tolist() == [ongoing]
