"""The filters of the ledger page work in a browser with the network off; hostile cells do not."""

import nbformat
import pytest
from hostile_ledger import hostile_tables, ledger_page, show_all
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from playwright.sync_api import expect

from faiwatch.api import open_page
from faiwatch.site.html import render_page
from faiwatch.site.run_record import RunRecord

LAG = ".fw-table[data-columns^='name status shortfall']"
ROWS = f"{LAG} tbody tr"
UNIT = "演示区水利局"


@pytest.fixture(scope="session")
def projects_page(built_site):
    """Return the page of the made-up ledger."""
    return built_site / "zh/990101/06_projects.html"


def visible(page, rows=ROWS):
    told = "(all) => all.filter((row) => row.checkVisibility()).map((row) => row.innerText)"
    return page.locator(rows).evaluate_all(told)


def test_choosing_a_unit_leaves_its_projects_in_every_table(opened, projects_page):
    with opened(projects_page, open_annex=True) as page:
        everything = visible(page)
        page.get_by_role("combobox", name="责任单位").select_option(label=UNIT)
        left = visible(page)
        assert 0 < len(left) < len(everything)
        assert left == [row for row in everything if UNIT in row.split("\t")[5]]
        told = f"显示 {len(left)} 行，共 {len(everything)} 行"
        expect(page.locator(f"{LAG} .fw-cut")).to_have_text(told)
        expect(page.locator(".fw-filtered")).to_have_text(f"责任单位 {UNIT}")
        others = visible(page, ".fw-table[data-columns^='name unit readiness'] tbody tr")
        assert all(UNIT in row for row in others)
        assert page.troubles == []


def test_filters_go_together_and_are_cleared_by_keys(opened, projects_page):
    with opened(projects_page) as page:
        everything = len(visible(page))
        status = page.get_by_role("combobox", name="状态")
        status.focus()
        while "停建" not in status.locator("option:checked").inner_text():
            page.keyboard.press("ArrowDown")
        stopped = len(visible(page))
        assert 0 < stopped < everything
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowDown")
        assert len(visible(page)) < stopped
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator(".fw-filtered")).to_have_text("")
        assert len(visible(page)) == everything


def test_paper_shows_what_was_chosen_in_words_and_no_controls(opened, projects_page):
    with opened(projects_page) as page:
        page.get_by_role("combobox", name="责任单位").select_option(label=UNIT)
        left = len(visible(page))
        page.emulate_media(media="print")
        assert page.locator(".fw-filtered").is_visible()
        assert not page.locator(".fw-filter select").first.is_visible()
        assert len(visible(page)) == left


def test_without_scripts_every_row_is_there_and_no_dead_control(opened, projects_page):
    with opened(projects_page) as page:
        everything = len(visible(page))
    with opened(projects_page, java_script_enabled=False) as page:
        assert not page.locator(".fw-filter").is_visible()
        assert len(visible(page)) == everything


@pytest.fixture
def hostile_page(tmp_path):
    """Return the page of a ledger whose every text means harm, made without a kernel."""
    opened = open_page("06_projects", {"region": "990101", "data": "demo"})
    shown = show_all(ledger_page(opened, hostile_tables()))
    outputs = [new_output("display_data", data) for data in shown]
    cells = [new_markdown_cell("# 台账"), new_code_cell("show()", outputs=outputs)]
    nbformat.write(new_notebook(cells=cells), tmp_path / "executed.ipynb")
    record = RunRecord(
        run_id="r",
        notebook="06_projects",
        region="990101",
        as_of="2026-08",
        lang="zh",
        verdict="ok",
        parameters={},
        code_version="",
        seeds={},
        threads={},
        versions={},
        started="2026-09-16T00:00:00+00:00",
        seconds=1.0,
    )
    path = tmp_path / "page.html"
    path.write_text(render_page(tmp_path / "executed.ipynb", record, bundle="page"), "utf-8")
    return path


def test_hostile_cells_do_nothing_in_a_browser(opened, hostile_page):
    with opened(hostile_page, own_tab=True, open_annex=True) as page:
        page.on("dialog", lambda dialog: page.troubles.append(dialog.message))
        for choice in page.locator(".fw-filter select").all():
            choice.select_option(index=1)
        data = "[type='application/json'], [type='application/octet-stream']"  # never run
        assert page.locator(f"main img, main script:not({data})").count() == 0
        assert page.troubles == []
        assert len(visible(page)) < len(page.locator(ROWS).all())
