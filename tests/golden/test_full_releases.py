"""Whole releases, as they were worded from 2021 to 2026: every figure of text and table is read."""

import math

import pytest
from made_releases import FIGURES, day, known, page, table, text

from faiwatch.data.live.pages import text_of
from faiwatch.data.live.release_text import read_release


def read(html, month):
    return read_release(text_of(html), issued=day(month))


@pytest.mark.parametrize("month", FIGURES)
def test_every_figure_of_a_whole_release_is_read(month):
    told = read(page(month), month)
    assert told.month == month
    found = {one.indicator: (one.value, one.growth) for one in told.figures}
    expected = known(month)
    assert len(expected) >= 25
    assert set(found) == set(expected)
    for name, pair in expected.items():
        assert found[name] == pytest.approx(pair, nan_ok=True, abs=0), name
    assert (told.conflicts, told.unread) == ((), ())
    assert told.month_on_month[-1] == (month, 0.17)
    assert (f"{month[:4]}-01", -0.3) in told.month_on_month


@pytest.mark.parametrize("month", FIGURES)
def test_text_alone_and_table_alone_say_the_same(month):
    words = "".join(f"<p>{one}</p>" for one in text(month))
    first = f"<p>{text(month)[0]}</p>"
    in_text = {one.indicator: one.growth for one in read(words, month).figures}
    in_table = {one.indicator: one.growth for one in read(first + table(month), month).figures}
    shared = set(in_text) & set(in_table)
    assert len(shared) >= 10
    assert {name: in_text[name] for name in shared} == {name: in_table[name] for name in shared}


def test_a_table_that_differs_from_the_text_is_told_and_neither_is_taken():
    changed = page("2026-02", change=lambda name, growth: 3.3 if name == "mining" else growth)
    told = read(changed, "2026-02")
    assert [(one.indicator, one.figures, one.is_table) for one in told.conflicts] == [
        ("mining", (13.0, 3.3), True)
    ]
    assert "mining" not in {one.indicator for one in told.figures}
    assert len(told.figures) == len(known("2026-02")) - 1


def test_rows_and_sentences_that_are_not_known_are_listed():
    html = (
        page("2024-08")
        .replace("</table>", "<tr><td>海洋牧场</td><td>4.1</td></tr></table>", 1)
        .replace("<p>附注", "<p>低空经济投资增长8.8%。</p><p>附注")
    )
    told = read(html, "2024-08")
    assert [one.words for one in told.unread] == ["低空经济投资增长8.8%", "海洋牧场 4.1"]


def test_a_table_of_another_window_is_not_taken():
    html = page("2024-08").replace("2024年1—8月份固定", "2024年1—7月份固定")
    told = read(html, "2024-08")
    assert "state_controlled" not in {one.indicator for one in told.figures}
    assert {one.reason.en for one in told.unread} == {"a table of another window"}


def test_a_table_with_values_and_growth_is_read_by_its_heads():
    html = (
        f"<p>{text('2024-08')[0]}</p><table><tr><td>指标</td><td colspan=2>1—8月份</td></tr>"
        "<tr><td></td><td>绝对量（亿元）</td><td>同比增长（%）</td></tr>"
        "<tr><td>固定资产投资（不含农户）</td><td>329,385</td><td>3.4</td></tr>"
        "<tr><td>第一产业</td><td>6146</td><td>2.9</td></tr><tr><td>制造业</td><td>…</td>"
        "<td>－9.1</td></tr></table>"
    )
    found = {one.indicator: (one.value, one.growth) for one in read(html, "2024-08").figures}
    assert found["primary"] == (6146, 2.9)
    assert found["manufacturing"] == (pytest.approx(math.nan, nan_ok=True), -9.1)
    assert found["total"] == (329385, 3.4)


def test_growth_on_the_month_before_is_no_year_to_date_and_a_difference_is_told():
    html = page("2024-08").replace(
        "<td>2024年8月</td><td>0.17</td>", "<td>2024年8月</td><td>0.2</td>"
    )
    told = read(html, "2024-08")
    assert "2024-08" not in dict(told.month_on_month)
    assert [one.reason.en for one in told.unread] == ["text and table differ on the month before"]
    assert {one.growth for one in told.figures if one.indicator == "total"} == {3.4}


def test_notes_on_scope_are_kept_and_their_figures_are_not():
    told = read(page("2026-02"), "2026-02")
    assert [(one.indicator, one.may_break) for one in told.scope] == [
        ("total", False),
        ("infrastructure", False),
        ("infrastructure", True),
        ("total", False),
        ("total", True),
    ]
    assert "口径调整为包含电力" in told.scope[2].words
    growths = {one.indicator: one.growth for one in told.figures}
    assert growths["manufacturing"] == 3.1
