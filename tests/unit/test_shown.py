"""The value of a cell: it can be worked with, and shows what the published page is made of."""

import pytest
from IPython.core.interactiveshell import InteractiveShell

import faiwatch as fw
from faiwatch.page.known import known_figures
from faiwatch.page.shown import Block, Section, Withheld
from faiwatch.view.html import LEFT_OUT, PAGE_HTML, WITHHELD

ASKED = {"region": "610000", "as_of": "2026-06", "lang": "en"}


@pytest.fixture(scope="module")
def page():
    return fw.open_page("02_monitor", ASKED)


def test_numbers_are_worked_with_unrounded(page):
    frame = page.numbers("ytd_yoy", "run_ytd").frame
    assert frame["id"].tolist() == ["ytd_yoy", "run_ytd"]
    own = page.series.observations["ytd_yoy_pct"].iloc[-1]
    assert frame["value"].iloc[0] == own
    assert frame["definition"].iloc[0] == "published growth, year to date"


def test_numbers_without_names_are_the_key_numbers_and_the_missing_are_left_out(page):
    shown = page.numbers()
    assert [one.id for one in shown.findings] == list(page.key_numbers)
    lacking = [one for one in shown.findings if one.state == "missing"]
    outputs = shown.outputs()
    assert lacking
    assert [one[LEFT_OUT] for one in outputs[:-1]] == [one.definition for one in lacking]
    assert "fw-" in outputs[-1]["text/html"]


def test_a_slip_in_the_name_of_a_number_is_met_with_the_nearest(page):
    with pytest.raises(fw.ParameterError) as told:
        page.numbers("ytd_yo")
    assert "'ytd_yoy'" in told.value.message("en")


def test_the_charts_of_a_page_are_those_of_the_series(page):
    series = fw.series("Shaanxi", as_of="2026-06", lang="en")
    for draw in ("growth", "parts", "base_revisions"):
        mine, theirs = (getattr(one.plot, draw)() for one in (page, series))
        assert mine.title == theirs.title
        assert mine.source == theirs.source
        assert mine.table.equals(theirs.table)


def test_a_value_at_the_end_of_a_cell_shows_every_output_of_it(page, monkeypatch):
    shell = InteractiveShell.instance()
    published = []
    monkeypatch.setattr(shell.display_pub, "publish", lambda data, **_: published.append(data))
    chart = page.plot.growth()
    shell.user_ns["shown"] = Section([chart, Block("<p>words</p>", "words"), Withheld()])
    shell.run_cell("shown")
    InteractiveShell.clear_instance()
    assert [PAGE_HTML in published[0], published[1]["text/plain"]] == [True, "words"]
    assert published[2] == {WITHHELD: ""}
    assert Block("", "nothing").outputs() == []


def test_a_region_borrows_the_base_of_the_nation_when_told_to():
    own = fw.series("Shaanxi", as_of="2026-06")
    lent = own.growth(base_shares="nation")
    assert "base_shares" in set(lent["block_basis"])
    assert "base_shares" not in set(own.growth()["block_basis"])
    assert lent["block_yoy_pct"].notna().sum() > own.growth()["block_yoy_pct"].notna().sum()


def test_figures_of_others_are_known_but_only_those_used_must_be_sound(page):
    known = known_figures(page.known.source, ["610000"], "2026-06")
    assert known.figures["region_code"].nunique() > 30
    assert set(known.of(["610000"])["region_code"]) == {"610000"}
