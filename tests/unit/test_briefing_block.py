"""The briefing on a page: numbers lead to their cards, hostile words stay words."""

import base64
import re

import pytest

from faiwatch.briefing import html
from faiwatch.briefing.changes import SentenceChange
from faiwatch.core.text import LANGUAGES


@pytest.fixture(scope="module", params=LANGUAGES)
def shown(request, small_briefing):
    return html.briefing(small_briefing, lang=request.param)


def card(shown, slot):
    return re.search(rf'<div class="fw-card" id="from-{slot}".*?</div>', shown, re.DOTALL)[0]


def test_every_number_leads_to_one_card_and_every_card_back(shown):
    links = re.findall(r'class="fw-slot"[^>]* href="#from-(\w+)"', shown)
    cards = re.findall(r'class="fw-card" id="from-(\w+)"', shown)
    assert links == cards == ["yoy", "keys", "plan"]
    back = re.findall(r'class="fw-close" href="#(say-\w+)"', shown)
    assert back == ["say-verdict", "say-keys", "say-keys"]
    assert all(f'id="{place}"' in shown for place in back)


def test_a_card_tells_definition_formula_and_every_row(shown):
    told = card(shown, "keys")
    assert "<code>n</code>" in told
    assert "ledger.xlsx · 2026年8月" in told
    assert re.findall(r"\((I\d+)\)", told) == ["I5", "I6", "I7", "I9"]
    assert re.search(r"\((?:第 140 行|row 140), (?:2026-09-16 发布|issued 2026-09-16)\)", shown)


def test_an_open_number_is_marked_and_says_what_it_lacks(shown):
    assert re.search(r'data-state="missing" href="#from-plan">(待补|not available)</a>', shown)
    assert re.search("台账缺列|the column is not there", card(shown, "plan"))


def test_marks_of_the_document_are_on_the_page(shown):
    marks = re.findall(r'<p class="fw-mark">(.*?)</p>', shown)
    assert marks in (
        ["演示数据（虚构）", "内部资料"],
        ["Demonstration data (made up)", "Confidential"],
    )


def test_hostile_words_stay_words(shown):
    assert "<script" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt; =1+1 {{ 7*7 }}" in shown
    assert not re.search("[\x00-\x08\x0c\u202e]", shown)


def test_a_page_holds_the_files_that_it_offers():
    file = html.Download("slots.json", 'a"b.json', "JSON", "application/json", b"{}")
    shown = html.downloads([file], "一、<b>", lang="zh")
    (address,) = re.findall(r'href="data:application/json;base64,([^"]+)"', shown)
    assert base64.b64decode(address) == b"{}"
    assert 'download="a&#34;b.json"' in shown
    assert "一、&lt;b&gt;</textarea>" in shown


def test_a_changed_sentence_shows_which_words_went_and_came():
    changes = [
        SentenceChange("level", "changed", "下降7.2%，降幅扩大。", "下降7.4%，降幅扩大。"),
        SentenceChange("old", "gone", "旧<b>", ""),
        SentenceChange("new", "new", "", "新句。"),
    ]
    shown = html.changes(changes, "2026-07", lang="zh")
    assert "下降<del>7.2</del><ins>7.4</ins>%，降幅扩大。" in shown
    assert "<del>旧&lt;b&gt;</del>" in shown
    assert "<ins>新句。</ins>" in shown
    assert "2026年7月" in shown


@pytest.mark.parametrize(("changes", "said"), [((), "没有变化"), (None, "没有更早的简报")])
def test_no_change_and_no_earlier_briefing_are_told_apart(changes, said):
    assert said in html.changes(changes, "2026-07", lang="zh")
