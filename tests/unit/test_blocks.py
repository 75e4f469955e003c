"""Blocks: everything escaped, everything said in words, ids unique, numbers as given."""

import json
import re
from dataclasses import replace

import altair as alt
import pandas as pd
import pytest

from faiwatch.core.finding import Finding, InputRow
from faiwatch.core.text import Text
from faiwatch.view import html as blocks
from faiwatch.view.charts.chart import Chart
from faiwatch.view.html.tables import MOST_ROWS

DRAWABLE = "<script>alert(1)</script>\u202e7.2&\"'"
HOSTILE = DRAWABLE + "\x00"  # vl-convert itself ends the process when it meets a NUL


def a_finding(**changes):
    row = InputRow(
        file="data/official/national.csv",
        row=316,
        period="2026-08",
        column="ytd_yoy_pct",
        value=-7.2,
        issued="2026-09-15",
        source="nbs",
    )
    told = {
        "id": "ytd_yoy",
        "value": -7.2,
        "unit": "pct",
        "period": "2026-08",
        "as_of": "2026-08",
        "definition": "published growth",
        "definition_zh": "公布增速",
        "formula": "g as published",
        "inputs": (row,),
        "state": "ok",
        "zh": "−7.2%",
        "en": "−7.2%",
    }
    return Finding(**(told | changes))


@pytest.fixture
def figure():
    frame = pd.DataFrame({"月份": ["2026年7月", "2026年8月"], "增速": [-6.7, float("nan")]})
    values = alt.InlineData(values=[{"x": DRAWABLE, "y": -6.7}])
    return Chart(
        id="ytd",
        title=f"增速 {DRAWABLE}",
        caption=f"下降 {DRAWABLE}",
        chart=alt.layer(alt.Chart().mark_bar().encode(x="x:N", y="y:Q"), data=values),
        table=frame,
        units="%",
        source=DRAWABLE,
        as_of="2026-08",
        lang="zh",
    )


def assert_harmless(html):
    assert "<script>alert" not in html
    assert not re.search("[\x00\u202a-\u202e\u2066-\u2069]", html)


def test_every_block_escapes_what_it_shows(figure):
    found = a_finding(zh=HOSTILE, definition_zh=HOSTILE, formula=HOSTILE)
    frame = pd.DataFrame({"a": [HOSTILE]})
    labels = {"a": Text(HOSTILE, HOSTILE)}
    for html in (
        blocks.verdict(found, lang="zh", tone="negative", details=[found]),
        blocks.key_numbers([found], lang="zh"),
        blocks.figure(figure, lang="zh"),
        blocks.table(frame, lang="zh", title=HOSTILE, labels=labels, source=HOSTILE),
        blocks.note([HOSTILE], lang="zh", title=HOSTILE),
        blocks.steps([HOSTILE]),
        blocks.banner(HOSTILE),
        blocks.light_board([a_board(HOSTILE)], lang="zh"),
        blocks.filter_bar(
            {HOSTILE: {"unit": [HOSTILE]}, "b": {"unit": ["c"]}},
            choices={"unit": Text(HOSTILE, HOSTILE)},
            lang="zh",
        ),
    ):
        assert_harmless(html)
        assert "&lt;script&gt;" in html


def a_board(words):
    lights = [blocks.Light(colour, words, "3", words) for colour in ("green", "yellow", "red")]
    return blocks.Board(words, words, lights)


def test_every_light_has_a_shape_of_its_own_beside_its_word():
    html = blocks.light_board([a_board("灯")], lang="zh")
    assert len(set(re.findall(r' d="(.+?)"', html))) == 3
    assert html.count('class="fw-light-word">灯<') == 3


def test_the_sign_of_a_light_in_a_table_has_its_colour_and_its_word():
    frame = pd.DataFrame({"a": ["■ 红灯", "● 绿灯", "■■"]})
    html = blocks.table(frame, lang="zh", title="t", labels={"a": Text("a", "a")}, source="s")
    assert '<span class="fw-sign" data-light="red" aria-hidden="true">■</span> 红灯' in html
    assert html.count("fw-sign") == 2


def test_a_filter_bar_offers_each_word_once_and_hides_until_a_script_shows_it():
    projects = {
        "甲 厂": {"unit": ["住建局"], "cause": ["土地", "资金"]},
        "乙": {"unit": ["交通局"], "cause": [""]},
    }
    choices = {"unit": Text("单位", "Unit"), "cause": Text("原因", "Cause")}
    html = blocks.filter_bar(projects, choices=choices, lang="zh")
    assert '<form class="fw-filter" hidden' in html
    index = json.loads(re.search(r'class="fw-index">(.+?)</script>', html)[1])
    assert index["facets"] == ["unit", "cause"]
    told = {name: facts for name, *facts in index["projects"]}
    options = re.findall(r'<option value="(\d+)">(.+?)</option>', html)
    assert [words for _, words in options] == ["交通局", "住建局", "土地", "资金"]
    assert told == {"甲 厂": [[1], [0, 1]], "乙": [[0], []]}


def test_nothing_to_choose_from_makes_no_filter_bar():
    facts = {"a": {"unit": ["x"]}, "b": {"unit": ["x"]}}
    assert blocks.filter_bar(facts, choices={"unit": Text("单位", "Unit")}, lang="zh") == ""


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_verdict_tells_its_tone_by_word_and_shape(lang):
    tones = ["negative", "positive", "indeterminate", "missing"]
    pages = [blocks.verdict(a_finding(), lang=lang, tone=tone) for tone in tones]
    words = {re.search(r"</svg>(.+?)</p>", page)[1] for page in pages}
    shapes = {re.search(r' d="(.+?)"', page)[1] for page in pages}
    assert len(words) == len(shapes) == 4


def test_a_verdict_on_the_figures_themselves_does_not_speak_of_growth():
    html = blocks.verdict(a_finding(), lang="zh", tone="sound")
    assert "未见错误" in html
    assert "负增长" not in html


def test_a_key_number_says_where_it_comes_from():
    html = blocks.key_numbers([a_finding()], lang="en")
    for told in (
        "<details",
        "g as published",
        "data/official/national.csv",
        "row 316",
        "2026-09-15",
    ):
        assert told in html


def test_a_band_stands_apart_from_its_number():
    html = blocks.key_numbers([a_finding(zh="−11.0% [−11.8, −10.2]")], lang="zh")
    assert '−11.0% <span class="fw-band">[−11.8, −10.2]</span>' in html


def test_a_missing_number_stays_and_says_so():
    gap = a_finding(value=None, state="missing", zh="待补", en="not available", inputs=())
    html = blocks.key_numbers([gap], lang="zh")
    assert 'data-state="missing"' in html
    assert "待补" in html


def test_input_rows_beyond_the_limit_are_counted():
    rows = tuple(a_finding().inputs[0].model_copy(update={"row": row}) for row in range(1, 31))
    html = blocks.key_numbers([a_finding(inputs=rows)], lang="en")
    assert "6 more rows" in html
    assert "row 25" not in html


def test_a_figure_carries_picture_specification_caption_table_and_csv(figure):
    html = blocks.figure(figure, lang="zh")
    assert html.count('role="img"') == 1
    spec = json.loads(re.search(r'class="vega-spec">(.*?)</script>', html, re.DOTALL)[1])
    assert spec["layer"]
    assert "$schema" not in spec
    for part in ("<figcaption>", "fw-grid", 'download="ytd.csv"', "待补"):
        assert part in html


def test_two_figures_on_a_page_share_no_id(figure):
    other = replace(figure, id="block")
    ids = re.findall(r'\bid="([^"]+)"', blocks.figure(figure, lang="zh"))
    ids += re.findall(r'\bid="([^"]+)"', blocks.figure(other, lang="zh"))
    assert len(ids) == len(set(ids))


def test_a_table_shows_its_strings_unrounded_and_puts_numbers_to_the_right():
    frame = pd.DataFrame({"m": ["2026年8月", "2026年7月"], "v": ["−7.25", None], "unused": [1, 2]})
    labels = {"m": Text("月份", "Month"), "v": Text("增速", "Growth")}
    html = blocks.table(frame, lang="en", title="T", labels=labels, source="NBS")
    assert '<th class="fw-left" scope="row">2026年8月</th>' in html
    assert "−7.25" in html
    assert "not available" in html
    assert "unused" not in html
    assert re.findall(r'<th class="fw-(left|right)" scope="col"', html) == ["left", "right"]


def test_a_table_has_no_inline_style(figure):
    frame = pd.DataFrame({"m": ["1"]})
    html = blocks.table(frame, lang="zh", title="T", labels={"m": Text("月", "m")}, source="")
    assert "style" not in html + blocks.figure(figure, lang="zh").replace("vega-spec", "")


def test_a_long_table_is_cut_and_says_so():
    frame = pd.DataFrame({"m": [f"row{n}" for n in range(MOST_ROWS + 5)]})
    html = blocks.table(frame, lang="en", title="T", labels={"m": Text("月", "m")}, source="")
    assert f"row{MOST_ROWS - 1}<" in html
    assert f"row{MOST_ROWS}<" not in html
    assert str(MOST_ROWS + 5) in html


def test_blocks_leave_the_frame_they_are_given_alone():
    frame = pd.DataFrame({"m": ["a", None]})
    before = frame.copy()
    blocks.table(frame, lang="zh", title="T", labels={"m": Text("月", "m")}, source="")
    pd.testing.assert_frame_equal(frame, before)
