"""What is published elsewhere and not in the data is "not held"; "not published" is looked up."""

from dataclasses import replace

import pandas as pd
import pytest

from faiwatch.api import open_page
from faiwatch.briefing.build import fill_briefing, material_of
from faiwatch.core.text import Text
from faiwatch.data.reference import absence
from faiwatch.data.regions import provinces
from faiwatch.data.schema import observations
from faiwatch.data.source import data_source
from faiwatch.stats.growth import measures
from faiwatch.stats.monitor import monitor_findings, series_of
from faiwatch.stats.negative import flags, runs
from faiwatch.view.charts.chart import Subject
from faiwatch.view.charts.components import component_growth
from faiwatch.view.html.statements import key_numbers


def found_of(region, indicator="total", *, without=()):
    table = data_source("embedded").newest()
    own = table[(table["region_code"] == region) & (table["indicator"] == indicator)].copy()
    own.loc[own["period"].astype("str").isin(list(without)), "ytd_value_100m"] = float("nan")
    measured = measures(observations(own))
    flagged = flags(measured)
    series = series_of(
        (measured, flagged, runs(flagged)),
        region_code=region,
        indicator=indicator,
        name=Text("某序列", "a series"),
        as_of="2026-08",
    )
    return monitor_findings(series, definition="ytd")


def test_levels_of_a_province_are_known_not_to_be_published():
    found = found_of("610000")
    assert found["ytd_value"].state == "missing"
    assert found["ytd_value"].zh == "待补"
    assert "只公布各省增速，不公布投资额" in found["detail_block"].zh
    assert "no levels" in found["detail_block"].en
    assert "incomplete" not in found["detail_block"].en


def test_a_level_that_is_merely_absent_is_not_held():
    found = found_of("000000", without=["2026-08"])
    for name in ("ytd_value", "detail_block", "base_revision"):
        assert found[name].state == "not_held", name
        assert found[name].value is None
    assert (found["ytd_value"].zh, found["ytd_value"].en) == (
        "本库尚未收录",
        "not in this data set",
    )
    assert (found["block_yoy"].zh, found["block_yoy"].en) == (
        "本库尚未收录",
        "not in this data set",
    )
    assert "未公布" not in "".join(one.zh for one in found.values())


@pytest.mark.parametrize(
    ("key", "state"),
    [
        (("610000", "total", "ytd_value_100m", "2017-12"), "not_held"),
        (("610000", "total", "ytd_value_100m", "2018-02"), "missing"),
        (("610000", "total", "ytd_yoy_pct", "2026-08"), "not_held"),
        (("000000", "private", "ytd_value_100m", "2025-02"), "not_held"),
        (("000000", "private", "ytd_value_100m", "2026-08"), "missing"),
        (("000000", "primary", "ytd_yoy_pct", "2026-08"), "not_held"),
        (("990101", "total", "ytd_value_100m", "2026-08"), "not_held"),
    ],
)
def test_only_what_is_listed_is_called_not_published(key, state):
    assert absence(*key).state == state


def test_what_is_listed_as_not_published_is_not_held_either(project):
    listed = pd.read_csv(project / "data/not_published.csv", dtype=str)
    held = data_source("embedded").newest().astype({"period": "str"})
    for row in listed.itertuples():
        is_province = held["region_code"].isin(provinces())
        where = is_province if row.region == "provinces" else held["region_code"] == row.region
        own = held[where & (held["indicator"] == row.indicator) & (held["period"] >= row.since)]
        assert len(own)
        assert own[row.figure].isna().all()


def test_the_chart_of_parts_does_not_call_them_unpublished():
    table = data_source("embedded").newest()
    nation = table[(table["region_code"] == "000000") & (table["period"] >= "2026-02")]
    flagged = flags(measures(nation), as_of="2026-08")
    names = {name: name for name in nation["indicator"].unique()}
    for lang, said, never in (
        ("zh", "其余9项本库尚未收录", "未公布"),
        ("en", "9 more not in this data set", "not published"),
    ):
        subject = Subject(lang, "全国", "投资", "来源", "2026-08")
        finding = component_growth(flagged, subject=subject, names=names).caption
        assert said in finding
        assert never not in finding


def test_the_route_of_a_figure_is_told_where_it_stands():
    finding = found_of("000000", "other_expenses")["ytd_yoy"]
    assert finding.inputs[-1].source == "DB2"
    assert "DB2（数据库副本）" in key_numbers([finding], lang="zh")
    assert "DB2 (database copy)" in key_numbers([finding], lang="en")


@pytest.mark.parametrize(
    ("region", "lang", "said"),
    [
        ("000000", "zh", "国家统计局，部分取自公开仓库中的副本和数据库中的副本"),
        (
            "610000",
            "en",
            "National Bureau of Statistics of China, by way of copies in public repositories",
        ),
    ],
)
def test_the_source_line_names_the_copy(region, lang, said):
    page = open_page("02_monitor", {"region": region, "lang": lang})
    assert page.source == said
    assert page.series.subject_of_parts.source == said


def test_the_source_line_of_one_indicator_names_the_copies_of_its_own_figures():
    page = open_page("02_monitor", {"region": "000000", "lang": "en"})
    assert "database copies" in page.series.subject.source
    assert "database copies" not in replace(page.series, indicator="industry").subject.source


def test_the_page_of_regions_names_the_copies_of_the_regions_figures():
    page = open_page("07_regions", {"lang": "zh"})
    table = data_source("embedded").newest()
    of_regions = table[
        table["region_code"].isin(page.panel.regions) & table["indicator"].eq("total")
    ]
    routes = set(of_regions["growth_route"]) | set(of_regions["value_route"])
    assert ("数据库副本" in page.plot.ranking().source) == ("database copy" in routes)
    assert routes - {"", "release"}  # the claim above is about something


def test_a_briefing_tells_what_is_not_held_from_what_is_not_published():
    page = open_page("08_briefing", {"region": "610000", "lang": "zh"})
    slots = fill_briefing(material_of(page)).findings
    states = {id: slots[id].state for id in ("ytd_value", "ytd_yoy", "private_yoy")}
    assert states == {"ytd_value": "missing", "ytd_yoy": "ok", "private_yoy": "not_held"}
    assert "尚未收录" in slots["private_yoy"].missing.zh
    assert "待补" in slots["private_yoy"].text.zh
