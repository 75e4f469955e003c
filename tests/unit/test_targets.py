"""The annual target: every case says what it can, marks workload, and invents nothing."""

import json
import xml.etree.ElementTree as ET
from dataclasses import replace

import altair as alt
import numpy as np
import pandas as pd
import pytest

from faiwatch.core.errors import DataMissingError, ParameterError
from faiwatch.core.text import Text
from faiwatch.data.reference import ScopeBreak
from faiwatch.forecast.series import GrowthPaths
from faiwatch.forecast.target.findings import numbers_shown, target_findings, target_tone
from faiwatch.forecast.target.position import Target, base_of_year, year_so_far
from faiwatch.forecast.target.sentences import history_words
from faiwatch.forecast.target.tables import best_growth, pace, study
from faiwatch.page.parameters import check_parameters
from faiwatch.stats.growth import measures
from faiwatch.stats.scopes import scope_in_force
from faiwatch.view.charts import scenario, target, theme
from faiwatch.view.charts.chart import Subject
from faiwatch.view.tables.target import ladder_table, scenarios_table, turning_table

NAME = Text("陕西固定资产投资", "fixed-asset investment in Shaanxi")
MONTHS = [f"{year}-{month:02d}" for year in range(2021, 2026) for month in range(2, 13)]
SUBJECT = {
    "zh": Subject("zh", "陕西", "固定资产投资", "演示", "2025-08"),
    "en": Subject("en", "Shaanxi", "fixed-asset investment", "demo", "2025-08"),
}


def figures(until="2025-08", growth=-4.0, *, has_level=True):
    """1,000 a month, every year `growth` percent more than the year before it."""
    level = 1000 * (1 + growth / 100) ** np.repeat(np.arange(5), 11)
    frame = pd.DataFrame(
        {
            "region_code": "610000",
            "indicator": "total",
            "period": pd.PeriodIndex(MONTHS, freq="M"),
            "ytd_value_100m": level * np.tile(np.arange(2, 13), 5) if has_level else np.nan,
            "ytd_yoy_pct": growth,
        }
    )
    return measures(frame[frame["period"] <= until])


def certain(measured, growth, *, has_level=True):
    """Paths that all bring the same year-to-date growth in every month left."""
    year = year_so_far(measured)
    opened = year.periods[year.is_open]
    ytd = np.full((10, len(opened)), float(growth))
    value = year.base[year.is_open] * (1 + ytd / 100) if has_level else np.full_like(ytd, np.nan)
    return GrowthPaths(year.origin, opened, ytd, ytd, value, 0.05, (), {})


def studied(goal, until="2025-08", growth=-4.0, *, comes=-4.0, has_level=True, profile=None):
    measured = figures(until, growth, has_level=has_level)
    paths = certain(measured, comes, has_level=has_level)
    return study(measured, paths, goal, base_profile=profile), measured


def said(found, measured, lang="en"):
    findings = target_findings(found, measured, name=NAME, as_of="2025-08")
    return {name: finding.words(lang) for name, finding in findings.items()}


@pytest.mark.parametrize(
    ("goal", "comes", "tone", "zh"),
    [
        (
            Target(),
            -4.0,
            "unlikely",
            "陕西固定资产投资要实现2025年全年不下降，9—12月须同比增长8.0%",
        ),
        (Target(growth_pct=-5.0), -4.0, "likely", "降幅不超过5%，9—12月同比降幅须在7.0%以内"),
        (Target(growth_pct=3.5), -4.0, "unlikely", "要实现2025年增长3.5%，9—12月须同比增长18.5%"),
        (Target(value_100m=10000.0), -4.0, "likely", "要实现2025年完成10,000亿元，"),
        (Target(value_100m=5000.0), -4.0, "reached", "（2025年完成5,000亿元）已经达到"),
    ],
)
def test_the_verdict_says_what_it_takes_and_how_likely(goal, comes, tone, zh):
    found, measured = studied(goal, comes=comes)
    assert zh in said(found, measured, "zh")["verdict"]
    assert target_tone(found) == tone


def test_one_month_left_is_named_alone():
    found, measured = studied(Target(), "2025-11")
    assert "12月须同比增长" in said(found, measured, "zh")["verdict"]
    assert ", December must grow by" in said(found, measured)["verdict"]


@pytest.mark.parametrize(
    ("goal", "tone", "words"),
    [
        (Target(), "missed", "was missed, short by 424.7"),
        (Target(growth_pct=-4.0), "reached", "was reached"),
    ],
)
def test_a_complete_year_has_an_outcome_and_requires_nothing(goal, tone, words):
    found, measured = studied(goal, "2025-12")
    findings = target_findings(found, measured, name=NAME, as_of="2025-12")
    assert words in findings["verdict"].en
    assert target_tone(found) == tone
    assert findings["required_total"].state == "missing"
    assert all(findings[name].state == "ok" for name in numbers_shown(found))
    for table in (turning_table, ladder_table, scenarios_table):
        assert table(found, lang="en").frame.empty
    assert scenario.sliders(found, measured, subject=SUBJECT["en"]).table.empty


def test_growth_only_gives_gap_and_chance_and_no_amount():
    found, measured = studied(Target(), has_level=False)
    findings = target_findings(found, measured, name=NAME, as_of="2025-08")
    assert "累计增速须再提高4.0个百分点" in findings["verdict"].zh
    assert findings["required_growth"].zh == findings["required_total"].zh == "待补"
    assert (findings["gap"].value, findings["chance_target"].state) == (4.0, "ok")
    assert scenario.sliders(found, measured, subject=SUBJECT["zh"]).table.empty
    assert target.pace(found, subject=SUBJECT["zh"]).table.empty
    assert target.blocks(found, subject=SUBJECT["zh"]).table.empty


def test_growth_only_takes_a_lent_profile_for_growth_but_not_for_amounts():
    lent = base_of_year(figures())
    found, measured = studied(Target(), has_level=False, profile=lent)
    with_levels, _ = studied(Target())
    assert found.need.required_growth_pct == pytest.approx(with_levels.need.required_growth_pct)
    assert np.isnan(found.need.required_100m)
    assert said(found, measured)["required_total"] == "not available"
    assert len(scenario.sliders(found, measured, subject=SUBJECT["en"]).table) > 0


@pytest.mark.parametrize(
    ("until", "has_level", "words"),
    [("2025-12", True, "the year is complete"), ("2025-08", False, "base_shares=nation")],
)
def test_an_empty_chart_says_why(until, has_level, words):
    found, measured = studied(Target(), until, has_level=has_level)
    figure = scenario.sliders(found, measured, subject=SUBJECT["en"])
    assert words in figure.caption.lower()
    assert words in target.blocks(found, subject=SUBJECT["en"]).caption.lower()


def test_a_lent_profile_is_told_and_columns_without_figures_are_not_shown():
    found, measured = studied(Target(), has_level=False, profile=base_of_year(figures()))
    assert "assumes" in said(found, measured)["detail_assumption"]
    assert "required_turn_100m" not in turning_table(found, lang="zh").columns
    assert "required_turn_growth_pct" in turning_table(found, lang="zh").columns


def test_result_tables_name_their_series():
    found, _ = studied(Target())
    for table in (found.months, found.scenarios, found.ladder):
        assert list(table)[:2] == ["region_code", "indicator"]
        assert set(table["region_code"]) == {"610000"}


def test_a_value_target_without_values_is_refused():
    with pytest.raises(ParameterError, match="target_growth_pct"):
        studied(Target(value_100m=1.0), has_level=False)


def test_growth_that_is_not_negative_can_still_turn():
    found, measured = studied(Target(), growth=4.0, comes=2.0)
    words = said(found, measured)
    assert (
        "not negative now; the chance that it is not in December is above 99.9%"
        in words["detail_turning"]
    )
    assert words["chance_turned"] == "not available"
    assert "chance_turned" not in turning_table(found, lang="en").columns
    assert (found.months["required_turn_growth_pct"].dropna() < 0).all()


def test_a_rest_without_a_base_has_no_required_growth():
    measured = figures()
    flat = measured["ytd_value_100m"].where(measured["period"] != "2024-12", 7 * 1000.0)
    found = study(
        measures(measured[measured.columns[:5]].assign(ytd_value_100m=flat)),
        certain(measured, -4.0),
        Target(),
    )
    assert np.isnan(found.need.required_growth_pct)
    assert found.scenarios.empty


def test_months_that_last_year_did_not_publish_stay_unknown():
    measured = figures()
    holes = measured["ytd_value_100m"].mask(measured["period"] == "2024-10")
    table = measures(measured[measured.columns[:5]].assign(ytd_value_100m=holes))
    year = year_so_far(table)
    assert np.isnan(year.base[8])
    assert year.base[-1] == pytest.approx(year_so_far(measured).base[-1])


def test_values_of_another_scope_are_not_a_base():
    new_scope = ScopeBreak("total", "2025-02", "do_not_join", Text("", ""), "")
    plain = figures()[["region_code", "indicator", "period", "ytd_value_100m", "ytd_yoy_pct"]]
    measured = scope_in_force(measures(plain, breaks=[new_scope]), [new_scope])
    assert str(measured["period"].min()) == "2025-02"
    assert year_so_far(measured).basis == "growth_only"
    assert pace(measured, year_so_far(measured))["n_years"].eq(0).all()


def test_several_series_at_once_are_refused():
    two = pd.concat([figures(), figures().assign(indicator="private")])
    with pytest.raises(DataMissingError):
        year_so_far(two)


def test_events_and_the_year_after_are_not_the_best_of_history():
    measured = figures()
    year = year_so_far(measured)
    assert best_growth(measured, year)["n_years_compared"].tolist() == [4] * 4
    less = best_growth(measured, year, events={"2022-10"})
    assert less["n_years_compared"].tolist() == [4, 2, 2, 2]


def test_the_best_of_four_years_is_not_called_that_of_ten():
    found, _ = studied(Target(growth_pct=4.0))
    told = history_words(found)
    assert "10" not in told.zh.split("合计")[0]
    assert "2021年以来可比的4年中" in told.zh
    assert "4 years since 2021" in told.en
    note = turning_table(found, lang="zh").note
    assert "2021年以来可比的年份（4年）" in note.zh


def test_required_numbers_say_that_they_are_workload():
    found, measured = studied(Target())
    findings = target_findings(found, measured, name=NAME, as_of="2025-08")
    required = [finding for name, finding in findings.items() if name.startswith("required")]
    assert len(required) == 3
    assert all("测算" in one.definition_zh and "workload" in one.definition for one in required)
    for table in (turning_table, scenarios_table):
        assert "不是上报数" in table(found, lang="zh").note.zh


def test_key_numbers_rest_on_this_years_and_last_years_rows():
    found, measured = studied(Target())
    findings = target_findings(found, measured, name=NAME, as_of="2025-08")
    rows = {(row.period, row.column) for row in findings["required_total"].inputs}
    assert rows == {
        ("2025-12", "target_growth_pct"),  # what was asked for
        ("2025-08", "ytd_yoy_pct"),
        ("2025-08", "ytd_value_100m"),
        ("2024-08", "ytd_value_100m"),
        ("2024-12", "ytd_value_100m"),
    }


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_charts_are_valid_and_use_the_colours_of_the_house(lang):
    found, measured = studied(Target(growth_pct=1.0))
    drawn = [
        target.pace(found, subject=SUBJECT[lang]),
        target.blocks(found, subject=SUBJECT[lang]),
        scenario.sliders(found, measured, subject=SUBJECT[lang]),
    ]
    allowed = {*theme.TOKENS.values(), "none", "transparent"}
    for figure in drawn:
        spec = figure.spec()
        alt.LayerChart.validate({name: spec[name] for name in spec if name != "$schema"})
        json.dumps(spec, allow_nan=False)
        picture = ET.fromstring(figure.svg())
        used = {e.get(name) for e in picture.iter() for name in ("fill", "stroke")} - {None}
        assert used <= allowed, figure.id
        assert len(figure.table)


def test_sliders_begin_at_the_forecast_and_reach_every_scenario():
    found, measured = studied(Target(growth_pct=1.0))
    figure = scenario.sliders(found, measured, subject=SUBJECT["en"])
    given = {one["name"]: one for one in figure.spec()["params"]}
    rests = found.scenarios["scenario_rest_yoy_pct"]
    assert (
        given["rest"]["bind"]["min"] <= rests.min() <= rests.max() <= given["rest"]["bind"]["max"]
    )
    middle = rests[found.scenarios["scenario"] == "forecast_mid"].item()
    assert abs(given["rest"]["value"] - middle) <= 0.05
    assert given["aim"]["value"] == 1.0
    assert figure.spec()["usermeta"]["says"] in given


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("target_growth_pct", "-100"),
        ("target_growth_pct", "5%"),
        ("target_growth_pct", "05"),
        ("target_growth_pct", "nan"),
        ("target_growth_pct", True),
        ("target_growth_pct", float("inf")),
        ("target_value_100m", "0"),
        ("target_value_100m", "-3"),
        ("target_value_100m", "1e5"),
        ("target_value_100m", "480,000"),
        ("indicator", "total,private"),
        ("indicator", ""),
    ],
)
def test_targets_that_cannot_be_meant_are_refused(name, value):
    with pytest.raises(ParameterError) as told:
        check_parameters("05_target", {name: value})
    assert name in told.value.message("en")
    assert "allowed: " in told.value.message("en")


def test_only_one_target_is_taken():
    with pytest.raises(ParameterError, match="target_growth_pct"):
        check_parameters("05_target", {"target_growth_pct": "3", "target_value_100m": "480000"})


@pytest.mark.parametrize(
    ("values", "goal"),
    [
        ({}, Target()),
        ({"target_growth_pct": 3.5}, Target(growth_pct=3.5)),
        ({"target_growth_pct": "-2"}, Target(growth_pct=-2.0)),
        ({"target_value_100m": 485186.5}, Target(value_100m=485186.5)),
    ],
)
def test_targets_are_taken_as_meant(values, goal):
    assert Target.of(check_parameters("05_target", values)) == goal


def test_few_figures_take_no_side_and_say_so():
    found, measured = studied(Target(growth_pct=3.5))
    few = replace(found, n_figures=6)
    assert (target_tone(found), target_tone(few)) == ("unlikely", "open")
    assert said(few, measured)["verdict"].endswith("a guess from 6 figures only.")
    assert "只有6个增速，仅供参考" in said(few, measured, "zh")["verdict"]


def test_being_ahead_of_a_target_is_not_called_short_of_it():
    found, measured = studied(Target(growth_pct=-40.0))
    finding = target_findings(found, measured, name=NAME, as_of="2025-08")["shortfall"]
    assert finding.value > 0
    assert "ahead of" in finding.definition


def test_one_target_has_one_chance():
    # a value target is held against values, a rung against growth: the paths may part them
    measured = figures()
    paths = certain(measured, -4.0)
    spread = np.linspace(0.9, 1.1, len(paths.ytd_yoy_pct))[:, None]
    paths = replace(paths, ytd_value_100m=paths.ytd_value_100m * spread)
    goal = Target(value_100m=float(np.quantile(paths.ytd_value_100m[:, -1], 0.7)))
    found = study(measured, paths, goal)
    assert 0 < found.chance < 1
    own = found.ladder[found.ladder["is_target"]]
    assert own["chance"].tolist() == [found.chance]
    printed = ladder_table(found, lang="en").frame["target"].str.removesuffix(" (this page's)")
    assert printed.is_unique
