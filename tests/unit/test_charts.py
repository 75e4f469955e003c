"""Charts: valid, harmless, readable without colour, and true to the numbers."""

import io
import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path

import altair as alt
import pandas as pd
import pytest
import vl_convert

from faiwatch.core.text import Text
from faiwatch.data.measures import label
from faiwatch.data.reference import ScopeBreak, scope_breaks
from faiwatch.data.regions import region_named
from faiwatch.data.schema import observations
from faiwatch.forecast.cycle import cycle_of
from faiwatch.forecast.series import model_series
from faiwatch.stats.contributions import contributions
from faiwatch.stats.diffusion import diffusion
from faiwatch.stats.growth import measures
from faiwatch.stats.negative import flags, runs
from faiwatch.view import drawing
from faiwatch.view.charts import (
    base_trap,
    clock,
    components,
    coverage,
    growth,
    heat_map,
    regions,
    theme,
    trend,
)
from faiwatch.view.charts.chart import Chart, Subject, slug
from faiwatch.view.drawing import VEGALITE_VERSION

HOSTILE = "<script>alert(1)</script>\"'&</svg>" + "长" * 10_000
NAMES = {
    "zh": {"total": "投资", "private": "民间投资", "real_estate_development": "房地产开发"},
    "en": {"total": "Total", "private": "Private", "real_estate_development": "Real estate"},
}
PARTS = ["private", "real_estate_development"]
LARGEST_SVG = 120_000  # bytes
MONTHS = [
    month
    for month in pd.period_range("2023-02", "2026-08", freq="M")
    if month.month != 1  # the first release of a year stands at February
]


def series(region, indicator, start, step):
    """Growth that falls by `step` a release from `start`, and values that follow it."""
    yoy = [round(start - step * place, 1) for place in range(len(MONTHS))]
    value = [
        1000.0 * month.month * (1 + growth / 300) for month, growth in zip(MONTHS, yoy, strict=True)
    ]
    return pd.DataFrame(
        {
            "region_code": region,
            "indicator": indicator,
            "period": MONTHS,
            "ytd_value_100m": value,
            "ytd_yoy_pct": yoy,
        }
    )


@pytest.fixture(scope="module")
def figures():
    table = pd.concat(
        [
            series("610000", "total", 8.0, 0.4),
            series("610000", "private", 5.0, 0.5),
            series("610000", "real_estate_development", 2.0, 0.5),
            series("320000", "total", 3.0, 0.3),
            series("440000", "total", 6.0, 0.1),
        ]
    )
    table.loc[
        (table["region_code"] == "440000") & (table["period"] == MONTHS[-1]), "ytd_yoy_pct"
    ] = None
    return observations(table)


def subject(lang, **changed):
    words = {
        "zh": ("陕西省", "固定资产投资", "国家统计局"),
        "en": ("Shaanxi", "fixed-asset investment", "National Bureau of Statistics of China"),
    }[lang]
    parts = (
        dict(zip(("region", "indicator", "source"), words, strict=True))
        | {"as_of": "2026-08"}
        | changed
    )
    return Subject(lang, **parts)


def charts(figures, about, names):
    """Every chart there is, by name."""
    measured = measures(figures)
    flagged = flags(measured)
    found = runs(flagged)
    one = (flagged["region_code"] == "610000") & (flagged["indicator"] == "total")
    of_region = measured[measured["region_code"] == "610000"]
    total = of_region[of_region["indicator"] == "total"]
    totals = flagged[flagged["indicator"] == "total"]
    places = {
        code: region_named(code).name.in_language(about.lang) for code in figures["region_code"]
    }
    breaks = pd.DataFrame(
        {"period": pd.PeriodIndex(["2011-02", "2024-02"], freq="M"), "label": about.indicator}
    )
    return {
        "ytd": growth.ytd_growth(flagged[one], subject=about, runs=found, breaks=breaks),
        "block": growth.block_growth(flagged[one], subject=about, breaks=breaks),
        "tiles": heat_map.region_tiles(totals, subject=about, names=places),
        "trap": base_trap.base_trap(total, subject=about),
        "revisions": base_trap.revisions(total, subject=about),
        "components": components.component_growth(
            flagged[flagged["region_code"] == "610000"], subject=about, names=names
        ),
        "contributions": components.contributions(
            contributions(of_region),
            subject=about,
            parts=PARTS,
            names=names,
            total_yoy_pct=total.set_index("period")["ytd_yoy_pct"],
        ),
        "coverage": coverage.coverage(of_region, subject=about, names=names),
        "heat": heat_map.negative_heat_map(totals, subject=about, names=places),
        "ranking": regions.spell_length_ranking(
            found[found["indicator"] == "total"], subject=about, names=places
        ),
        "diffusion": regions.diffusion(diffusion(totals), subject=about),
    }


def cycle_charts(figures, about):
    """Charts of a trend, which needs a series of some length."""
    total = measures(
        figures[(figures["region_code"] == "610000") & (figures["indicator"] == "total")]
    )
    cycle = cycle_of(model_series(total, events={"2024-03"}), keys=("610000", "total"))
    return {
        "trend growth": trend.trend_growth(cycle, total, subject=about),
        "trend level": trend.trend_level(cycle, subject=about),
        "clock": clock.clock(cycle, subject=about),
        "season": clock.season_shares(cycle, subject=about),
    }


@pytest.fixture(scope="module")
def charts_in(figures):
    """Return every chart in a language, each made once."""
    return cache(
        lambda lang: (
            charts(figures, subject(lang), NAMES[lang]) | cycle_charts(figures, subject(lang))
        )
    )


@pytest.fixture(scope="module", params=["zh", "en"])
def drawn(request, charts_in):
    return charts_in(request.param)


@pytest.fixture(scope="module")
def pictures(drawn):
    return {name: figure.svg() for name, figure in drawn.items()}


def marks(svg, attribute):
    """Values of one attribute in a picture."""
    return [e.get(attribute) for e in ET.fromstring(svg).iter() if e.get(attribute)]


def leaves(node):
    if isinstance(node, dict | list):
        for child in node.values() if isinstance(node, dict) else node:
            yield from leaves(child)
    else:
        yield node


def test_every_spec_is_valid_and_names_the_version_jupyterlab_knows(drawn):
    for figure in drawn.values():
        spec = figure.spec()
        assert spec["$schema"].endswith("/vega-lite/v5.json")
        assert spec["width"] == "container"
        alt.LayerChart.validate({name: spec[name] for name in spec if name != "$schema"})


def test_nothing_from_pandas_is_left_in_a_spec(drawn):
    for figure in drawn.values():
        kinds = {type(leaf) for leaf in leaves(figure.spec())}
        assert kinds <= {str, int, float, bool, type(None)}
        json.dumps(figure.spec(), allow_nan=False)


def test_colours_are_tokens_only(pictures):
    allowed = {*theme.TOKENS.values(), "none", "transparent"}
    for name, svg in pictures.items():
        assert {*marks(svg, "fill"), *marks(svg, "stroke")} <= allowed, name
        assert "style" not in {key for e in ET.fromstring(svg).iter() for key in e.attrib}


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    "name", ["ink", "muted", "positive", "negative", "accent", "indeterminate"]
)
def test_colours_that_carry_meaning_reach_the_contrast_of_text(name):
    assert 1.05 / (luminance(theme.TOKENS[name]) + 0.05) >= 4.5


def test_a_picture_stands_alone_and_says_what_it_shows(drawn, pictures):
    for name, svg in pictures.items():
        figure, root = drawn[name], ET.fromstring(svg)
        assert root.get("role") == "img"
        assert root.get("aria-label").endswith(figure.caption)
        assert root.get("viewBox")
        assert len(svg.encode()) <= LARGEST_SVG
        assert not re.search(r"href|<script|<image|@import", svg)
        assert set(re.findall(r"https?://[^\s\"]+", svg)) == {"http://www.w3.org/2000/svg"}


def test_ids_are_the_figures_own(drawn, pictures):
    every = [one for svg in pictures.values() for one in marks(svg, "id")]
    assert len(every) == len(set(every)) > 0
    for name, svg in pictures.items():
        assert all(one.startswith(f"{drawn[name].id}-") for one in marks(svg, "id"))
        assert set(re.findall(r"url\(#([^)]+)\)", svg)) <= set(marks(svg, "id"))


@pytest.mark.parametrize(
    ("chart", "sign"), [("ytd", "triangle-down"), ("block", "triangle-down"), ("heat", "M-1,-.4")]
)
def test_negative_is_marked_by_a_shape_as_well(drawn, chart, sign):
    assert sign in json.dumps(drawn[chart].spec())


def test_the_crosses_of_the_trap_stand_where_the_signs_differ(drawn):
    figure = drawn["trap"]
    opposite = figure.table.iloc[:, 3].ne("").sum()
    spec = figure.spec()
    crosses = spec["datasets"][spec["layer"][-1]["data"]["name"]]
    assert len(crosses) == opposite > 0


def test_findings_say_the_numbers_of_the_data(charts_in):
    zh = charts_in("zh")
    # 8.0 falls by 0.4 a release: -7.6 at the 40th; below zero from the 22nd, 2024-12
    assert zh["ytd"].caption == (
        "2026年1—8月，陕西省固定资产投资同比下降7.6%；"
        "已连续21个月负增长（19次发布，自2024年12月起）；"
        "图中40次公布有19次为负。"
    )
    assert zh["components"].caption.startswith("2026年1—8月，陕西省已公布的3项中3项为负，")
    assert "房地产开发，同比下降17.5%" in zh["components"].caption
    en = charts_in("en")
    assert "negative for 21 months in a row (19 releases, since December 2024)" in en["ytd"].caption
    assert en["heat"].caption == (
        "January–August 2026: year-to-date growth negative in 2 of 2 regions that published."
    )


def test_every_chart_says_the_month_of_its_own_data(figures):
    older = figures[(figures["indicator"] == "total") | (figures["period"] <= "2026-02")]
    drawn = charts(older, subject("en"), NAMES["en"])
    assert drawn["ytd"].as_of == "2026-08"
    parts = drawn["contributions"]
    assert parts.as_of == "2026-02"
    assert "January–February 2026 (no data since)" in parts.title


def test_a_release_before_a_break_is_not_shown_beside_the_latest(figures):
    flagged = flags(figures[figures["region_code"] == "610000"])
    cut = ScopeBreak("real_estate_development", "2026-08", "do_not_join", Text("", ""), "")
    whole, broken = (
        components.component_growth(flagged, subject=subject("en"), names=NAMES["en"], breaks=one)
        for one in ([], [cut])
    )
    before = label("previous_pct", "en")
    gone = whole.table[before].notna() & broken.table[before].isna()
    assert whole.table.loc[gone, label("indicator", "en")].tolist() == [
        NAMES["en"]["real_estate_development"]
    ]


def test_a_series_of_growth_only_has_no_chart_of_single_months(figures):
    bare = figures[(figures["region_code"] == "610000") & (figures["indicator"] == "total")]
    flagged = flags(bare.assign(ytd_value_100m=float("nan")))
    drawn = growth.block_growth(flagged, subject=subject("en"))
    assert drawn.is_without_data


def test_a_month_that_few_regions_have_published_is_not_the_headline(figures):
    few = figures[(figures["region_code"] == "610000") | (figures["period"] < "2026-08")]
    flagged = flags(few[few["indicator"] == "total"])
    names = {code: code for code in few["region_code"]}
    heat = heat_map.negative_heat_map(flagged, subject=subject("en"), names=names)
    assert heat.caption == (
        "January–July 2026: year-to-date growth negative in 2 of 3 regions that published "
        "(January–August 2026: only 1 have figures)."
    )
    spread = regions.diffusion(diffusion(flagged), subject=subject("en"))
    assert spread.caption.startswith("January–July 2026: 2 of 3 regions")
    assert spread.table.iloc[-1, 0] == "2026-08"


def test_the_csv_is_the_table(drawn):
    for figure in drawn.values():
        text = figure.csv()
        head = [line for line in text.removeprefix("\ufeff").splitlines() if line.startswith("# ")]
        assert text.startswith("\ufeff# ")
        assert figure.title in head[0]
        assert [figure.units in head[1], figure.source in head[2]] == [True, True]
        read = pd.read_csv(io.StringIO(text.removeprefix("\ufeff")), comment="#")
        want = pd.read_csv(io.StringIO(figure.table.to_csv(index=False)))
        pd.testing.assert_frame_equal(read, want)


def test_a_cell_that_a_spreadsheet_would_run_is_put_behind_an_apostrophe():
    table = pd.DataFrame({"=name": ["=1+1", "@x", "fine"], "value": [-7.2, None, 0.1]})
    figure = Chart("x", "t", "f", alt.layer(), table, "%", "s", "", "en")
    assert figure.csv().splitlines()[4:] == ["'=name,value", "'=1+1,-7.2", "'@x,", "fine,0.1"]


def test_hostile_names_are_text_everywhere(figures):
    about = subject("en", region=HOSTILE, indicator=HOSTILE)
    for figure in charts(figures, about, dict.fromkeys(NAMES["en"], HOSTILE)).values():
        svg = figure.svg()
        assert "<script" not in svg
        assert len(re.findall("</svg>", svg)) == 1
        assert json.loads(json.dumps(figure.spec())) == figure.spec()
        assert re.fullmatch(r"[a-z0-9-]{1,100}", figure.id)


def test_nothing_published_is_said_not_drawn():
    lone = observations(
        pd.DataFrame(
            {"region_code": ["610000"], "indicator": ["total"], "period": ["2026-08"]}
        ).assign(ytd_yoy_pct=None)
    )
    for lang, words in (("zh", "待补"), ("en", "not available")):
        for name, figure in charts(lone, subject(lang), NAMES[lang]).items():
            if name != "ranking":  # no run is going on is a finding, not a gap
                assert words in figure.caption, name
            assert words in figure.svg(), name


def test_months_are_the_same_in_every_time_zone(charts_in, tmp_path):
    ytd = charts_in("en")["ytd"]
    spec = tmp_path / "spec.json"
    spec.write_text(json.dumps(ytd.spec(width=720)), encoding="utf-8")
    draw = (
        "import pathlib, sys, vl_convert;"
        f"print(vl_convert.vegalite_to_svg(pathlib.Path({str(spec)!r}).read_text(encoding='utf-8'),"
        f"vl_version={VEGALITE_VERSION!r}).encode())"
    )
    drawings = {
        subprocess.run(
            [sys.executable, "-c", draw],
            env=os.environ | {"TZ": zone},
            capture_output=True,
            check=True,
        ).stdout
        for zone in ("Asia/Shanghai", "America/Los_Angeles")
    }
    assert len(drawings) == 1


def test_specs_are_the_same_each_time_and_inputs_are_not_changed(figures, charts_in):
    first, before = charts_in("zh"), figures.copy(deep=True)
    again = charts(figures, subject("zh"), NAMES["zh"])
    for name in again:
        assert json.dumps(first[name].spec()) == json.dumps(again[name].spec())
    pd.testing.assert_frame_equal(figures, before)


def test_a_slug_is_safe():
    assert slug("Heat Map", "</x>", "a_b") == "heat-map-x-a-b"


def test_control_characters_in_names_do_not_reach_the_drawing_library(figures):
    about = subject("en", region="Sha\x00an\x01xi\u202e")
    total = figures[(figures["region_code"] == "610000") & (figures["indicator"] == "total")]
    flagged = flags(measures(total))
    drawn = growth.ytd_growth(flagged, subject=about, runs=runs(flagged))
    assert drawn.spec()["description"].startswith("Sha\ufffdan\ufffdxi\ufffd, ")
    assert "\x00" not in drawn.svg()


def test_contributions_on_assumed_shares_call_none_the_most():
    rows = [
        ("total", "2025-08", 326111, 0.5),
        ("real_estate_development", "2025-08", 60309, -12.9),
        ("total", "2026-08", 293092, -7.2),
        ("real_estate_development", "2026-08", None, -19.9),
    ]
    frame = pd.DataFrame(rows, columns=["indicator", "period", "ytd_value_100m", "ytd_yoy_pct"])
    measured = measures(observations(frame.assign(region_code="000000")))
    found = contributions(measured)
    cut = ["real_estate_development", "excluding_real_estate"]
    drawn = components.contributions(
        found,
        subject=subject("en"),
        parts=cut,
        names=dict.fromkeys(cut, "part"),
        total_yoy_pct=measured[measured["indicator"] == "total"].set_index("period")["ytd_yoy_pct"],
    )
    assert "an assumption" in drawn.caption
    assert "most" not in drawn.caption


def test_measures_and_runs_are_not_joined_across_a_change_of_scope():
    months = ["2024-12", "2025-02", "2025-12", "2026-02", "2026-03"]
    frame = pd.DataFrame({"period": months, "ytd_yoy_pct": [2.0, 1.0, -1.0, -2.0, -3.0]})
    table = observations(frame.assign(region_code="000000", indicator="infrastructure"))
    assert measures(table)["two_year_avg_pct"].notna().sum() == 2
    assert measures(table, breaks=scope_breaks())["two_year_avg_pct"].notna().sum() == 1
    for breaks, n_releases in (((), [3]), (scope_breaks(), [1, 2])):
        found = runs(flags(table), breaks=breaks)
        assert found.query("definition == 'ytd'")["n_releases"].tolist() == n_releases


def test_no_process_waits_for_a_grammar_of_addresses():
    modules = (f"faiwatch.{one}" for one in ("page.page", "run.pool", "run.report", "site.article"))
    code = f"import sys, {', '.join(modules)}; sys.exit('rfc3987_syntax' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=120).returncode == 0


FONT = "Noto Sans CJK SC"
HAS_FONT = any(Path("/usr/share/fonts").rglob("NotoSansCJK*"))


@pytest.mark.skipif(not HAS_FONT and os.environ.get("CI") != "true", reason=f"no {FONT}")
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_chart_measured_in_metrics_is_laid_out_as_in_the_font_itself(charts_in, lang):
    ytd = charts_in(lang)["ytd"]
    spec = ytd.spec(width=720)
    real = vl_convert.vegalite_to_svg(json.dumps(spec), vl_version=VEGALITE_VERSION)
    assert FONT in real
    ours, theirs = (
        re.sub(r'clip\d+|font-family="[^"]*"', "", picture)
        for picture in (drawing.drawn(spec), real)
    )
    number = re.compile(r"-?\d+(?:\.\d+)?")
    assert number.sub("", ours) == number.sub("", theirs)
    # letters are not kerned: a pixel or two in a word
    places = [[float(one) for one in number.findall(picture)] for picture in (ours, theirs)]
    assert places[0] == pytest.approx(places[1], abs={"zh": 0, "en": 2}[lang])


def test_names_on_the_clock_cover_neither_each_other_nor_another_dot():
    codes = ["440000", "450000", "430000", "510000", "610000"]
    places = [(1.0, 10.0), (1.0, 10.0), (1.05, 10.2), (-3.0, -8.0), (3.9, 0.5)]
    cycles = pd.DataFrame(
        {
            "region_code": codes,
            "period": pd.PeriodIndex(["2026-06"] * 5, freq="M"),
            "phase": "expansion",
            "trend_growth_pct": [up for _, up in places],
            "long_run_pct": 0.0,
            "change_pp": [across for across, _ in places],
        }
    )
    names = {code: region_named(code).name.zh for code in codes}
    chart = clock.clock_of_regions(cycles, subject=subject("zh"), names=names)
    told = next(rows for rows in chart.spec()["datasets"].values() if "wide" in rows[0])
    sides = {row["name"]: row["wide"] for row in told}
    crowded = [sides[names[code]] for code in codes[:3]]
    assert len(set(crowded)) == len(crowded) == 3  # right, left, and none: the three lie together
    assert "" in crowded
    assert sides["四川省"] == "right"
    assert sides["陕西省"] == "left"  # there is no room before the edge
    assert {row["name"] for row in told} == set(names.values())


def test_outside_of_a_spell_the_tooltip_says_that_there_is_none(figures):
    flagged = flags(measures(figures))
    one = flagged[(flagged["region_code"] == "610000") & (flagged["indicator"] == "total")]
    bars = growth.ytd_growth(one, subject=subject("zh"), runs=runs(one)).spec()["datasets"]
    spells = {row["spell"] for rows in bars.values() for row in rows if "spell" in row}
    assert "无" in spells
    assert "" not in spells
