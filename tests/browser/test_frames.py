"""The frames of charts and tables, the card of a project, and what WCAG 2.2 AA asks of a page."""

import json
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import expect

from faiwatch.core.text import Text
from faiwatch.site.templates import page_script, page_style
from faiwatch.view import html as blocks

DESKTOP = {"width": 1280, "height": 900}
TWICE = {"width": 640, "height": 450}  # what a window of 1280 shows at 200 %
PHONE = {"width": 390, "height": 844}
UNITS = [f"局{at}" for at in range(40)]
MOST_PROJECTS = 5_000

# Contrast of every text that stands in the page, worked out: colour over what lies behind it. Where
# a gradient lies behind, its stops are what is told, and the worst of them counts.
CONTRAST = """() => {
  const read = (text) => {
    const [r, g, b, a = 1] = (text.match(/[\\d.]+/g) ?? []).map(Number);
    return text.startsWith("color(srgb") ? [255 * r, 255 * g, 255 * b, a] : [r, g, b, a];
  };
  const over = (top, below) => below.map((one, at) => top[3] * top[at] + (1 - top[3]) * one);
  const light = (colour) => {
    const [r, g, b] = colour.map((one) => one / 255)
      .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (one, other) => {
    const [high, low] = [light(one), light(other)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  };
  const ground = (element) => {
    const behind = [];
    for (let at = element; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      const stops = style.backgroundImage.match(/(rgba?|color)\\([^)]*\\)/g);
      behind.push({ colour: read(style.backgroundColor), stops: stops?.map(read) });
    }
    let found = [[255, 255, 255]];
    for (const { colour, stops } of behind.reverse()) {
      found = found.map((below) => over(colour, below));
      if (stops) found = found.flatMap((below) => stops.map((stop) => over(stop, below)));
    }
    return found;
  };
  const told = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || !element.checkVisibility({ visibilityProperty: true })) continue;
    if (element.closest("script,style,[disabled],.skip")) continue;
    const style = getComputedStyle(element);
    const isDrawn = element instanceof SVGElement;
    if (isDrawn && element.closest(".mark-text")) continue; // words on marks: see the unit test
    const ink = read(isDrawn ? style.fill : style.color);
    const size = parseFloat(style.fontSize);
    const isLarge = element.matches(".fw-sign") || // a sign is a graphic: 3:1
      size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const worst = Math.min(...ground(element).map((below) => ratio(over(ink, below), below)));
    if (worst < (isLarge ? 3 : 4.5)) {
      told.push([node.data.trim().slice(0, 30), worst.toFixed(2), element.className.toString()]);
    }
  }
  return told;
}"""
LANDMARKS = """() => [...document.querySelectorAll("nav,aside,form,section,[role=region]")]
  .filter((one) => one.checkVisibility())
  .map((one) => [one.tagName, one.ariaLabel ?? one.getAttribute("aria-labelledby")])
  .map(String)"""
UNNAMED = """() => [...document.querySelectorAll("button,a[href],input,select,summary,textarea")]
  .filter((one) => one.checkVisibility() && one.tabIndex >= 0)
  .filter((one) => !(one.textContent.trim() || one.getAttribute("aria-label") ||
    one.labels?.length))
  .map((one) => one.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="session")
def ledger_page(built_site):
    return built_site / "zh/990101/06_projects.html"


def test_text_has_contrast_by_day_and_by_night(opened, monitor, ledger_page, built_site):
    for path in (monitor, ledger_page, built_site / "zh/000000/07_regions.html"):
        with opened(path, viewport=DESKTOP, color_scheme="light", open_annex=True) as page:
            assert page.evaluate(CONTRAST) == [], path.name
            page.emulate_media(color_scheme="dark")
            assert page.evaluate(CONTRAST) == [], path.name


def test_a_page_has_one_title_landmarks_of_their_own_names_and_tables_with_scopes(
    opened, monitor, ledger_page
):
    for path in (monitor, ledger_page):
        with opened(path, viewport=DESKTOP, open_annex=True) as page:
            assert page.locator("h1").count() == 1
            names = page.evaluate(LANDMARKS)
            assert sorted(names) == sorted(set(names)), path.name
            assert page.evaluate(UNNAMED) == [], path.name
            heads = page.locator(".fw-grid thead th")
            assert heads.count() == page.locator(".fw-grid thead th[scope=col]").count() > 0
            assert page.locator(".fw-grid tbody th:not([scope=row])").count() == 0
            assert page.locator(".fw-static svg:not([role=img][aria-label])").count() == 0
            # nothing is cut off, and nothing scrolls sideways, at twice the size
            page.set_viewport_size(TWICE)
            assert page.evaluate("document.documentElement.scrollWidth") <= TWICE["width"]
            page.set_viewport_size(PHONE)
            page.wait_for_timeout(300)  # charts take the new width
            beyond = page.evaluate(
                "[...document.querySelectorAll('.fw-live svg .role-legend')]"
                ".filter((one) => one.checkVisibility())"
                ".map((one) => one.getBoundingClientRect().right -"
                " one.closest('svg').getBoundingClientRect().right)"
                ".filter((far) => far > 1)"
            )
            assert beyond == [], path.name


@pytest.mark.parametrize("address", ["zh/000000/02_monitor", "en/990101/10_brief"])
def test_words_over_a_spell_are_whole_on_a_telephone(opened, built_site, address):
    with opened(built_site / f"{address}.html", viewport=PHONE) as page:
        beyond = page.locator(".fw-figure").first.evaluate(
            "(figure) => { const left = figure.querySelector('.fw-live .role-axis-domain line')"
            ".getBoundingClientRect().left; return [...figure.querySelectorAll("
            "'.fw-live .role-mark.mark-text text')].filter((one) => one.textContent.trim())"
            ".filter((one) => one.getBoundingClientRect().left < left - 1)"
            ".map((one) => one.textContent); }"
        )
        assert beyond == []


def test_escape_closes_where_a_number_comes_from_and_keys_reach_every_tool(opened, small_monitor):
    with opened(small_monitor, viewport=DESKTOP, open_annex=True) as page:
        summary = page.locator(".fw-origin summary").first
        summary.focus()
        page.keyboard.press("Enter")
        assert page.locator(".fw-origin[open]").count() == 1
        page.keyboard.press("Escape")
        assert page.locator(".fw-origin[open]").count() == 0
        assert summary.evaluate("(one) => one === document.activeElement")
        wanted = page.evaluate(
            "[...document.querySelectorAll('main :is(button,a[href],input,select,summary)')]"
            ".filter((one) => one.checkVisibility({visibilityProperty: true}) && !one.disabled)"
            ".length"
        )
        page.evaluate("document.querySelector('main').focus()")
        reached = 0
        for _ in range(4 * wanted):
            page.keyboard.press("Tab")
            told = page.evaluate(
                "[document.activeElement.matches('main :is(button,a[href],input,select,summary)'),"
                " Boolean(document.activeElement.closest('main'))]"
            )
            if not told[1]:
                break
            reached += told[0]
        assert reached == wanted


def test_a_chart_saves_what_is_seen_and_a_zoom_is_said_and_undone(opened, monitor):
    with opened(monitor, viewport=DESKTOP) as page:
        chart = page.locator(".fw-figure[id^=fig-ytd-growth]")
        saved = {}
        for kind in ("PNG", "SVG"):
            with page.expect_download() as download:
                chart.get_by_role("button", name=kind).click()
            saved[kind] = Path(download.value.path()).read_bytes()
        assert saved["PNG"].startswith(b"\x89PNG")
        assert len(saved["PNG"]) > 20_000
        drawn = saved["SVG"].decode("utf-8")
        assert chart.locator(".fw-title").inner_text() in drawn
        assert "来源" in drawn
        with page.expect_download() as download:
            chart.get_by_role("link", name="数据说明").click()
        told = json.loads(Path(download.value.path()).read_text("utf-8"))
        assert {"unit", "source", "as_of", "licence", "columns"} <= set(told)
        assert any(column.get("formula") or column.get("unit") for column in told["columns"])
        reset = chart.locator("[data-do=reset]")
        assert not reset.is_visible()
        chart.locator(".fw-live svg").scroll_into_view_if_needed()
        box = chart.locator(".fw-live svg").bounding_box()
        middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(*middle)
        # a month above a shaded spell tells its own figure
        tip = page.locator("#vg-tooltip-element.visible")
        page.mouse.move(middle[0] + 1, middle[1] - 20)
        tip.wait_for()
        assert "累计同比" in tip.inner_text()
        page.mouse.down()
        page.mouse.move(middle[0] + 80, middle[1] - 20, steps=4)
        page.mouse.up()
        expect(reset).to_be_visible()
        reset.click()
        expect(reset).to_be_hidden()
        assert page.troubles == []


def test_a_chart_fills_the_screen_and_its_clock_goes_by_month(opened, built_site):
    path = built_site / "zh/000000/07_regions.html"
    with opened(path, viewport=DESKTOP, open_annex=True) as page:
        chart = page.locator(".fw-figure").first
        chart.get_by_role("button", name="全屏").click()
        page.wait_for_function("Boolean(document.fullscreenElement)")
        assert chart.evaluate("(one) => one === document.fullscreenElement")
        page.evaluate("document.exitFullscreen()")
        page.wait_for_function("!document.fullscreenElement")
        clock = page.locator(".fw-figure[id*=clock]")
        months = clock.locator("input[type=range]")
        dots = (
            "(one) => [...one.querySelectorAll('.fw-live .mark-symbol path')]"
            ".map((dot) => dot.outerHTML)"
        )
        before = clock.evaluate(dots)
        months.focus()
        for _ in range(6):
            page.keyboard.press("ArrowLeft")
        expect(clock.locator(".vega-bind").first).to_be_visible()
        page.wait_for_function(
            f"([one, before]) => JSON.stringify(({dots})(one)) !== JSON.stringify(before)",
            arg=[clock.element_handle(), before],
        )
        assert page.troubles == []


def test_a_table_is_copied_and_saved_as_csv_and_as_a_workbook(opened, small_monitor):
    with opened(small_monitor, viewport=DESKTOP, open_annex=True) as page:
        table = page.locator(".fw-table").first
        shown = table.locator("tbody tr").first.locator("th,td").all_inner_texts()
        with page.expect_download() as download:
            table.get_by_role("button", name="CSV").click()
        lines = Path(download.value.path()).read_text("utf-8-sig").splitlines()
        assert all(cell.replace("\n", " ") in lines[1] for cell in shown)
        table.get_by_role("button", name="复制").click()
        expect(table.locator(".fw-copied")).not_to_be_empty()
        book = small_monitor.parent / table.locator(".fw-workbook").get_attribute("href")
        assert book.resolve().read_bytes().startswith(b"PK")
        assert page.troubles == []


def test_a_card_opens_by_its_address_and_by_a_name_and_closes_by_escape(opened, ledger_page):
    with opened(ledger_page, viewport=DESKTOP) as page:
        link = page.locator(".fw-table .fw-to-card").first
        name, address = link.inner_text(), link.get_attribute("href")
        link.press("Enter")
        card = page.get_by_role("dialog", name=name)
        expect(card).to_be_visible()
        assert page.url.endswith(address)
        text = card.inner_text()
        for heading in ("基本情况", "计划与完成", "工期", "亮灯", "投资与资金", "数据出处"):
            assert heading in text
        assert card.locator(".fw-pace rect").count() > 0
        page.keyboard.press("Escape")
        expect(card).to_be_hidden()
        assert "#project" not in page.url
        page.evaluate("(address) => (location.hash = address)", address)
        expect(card).to_be_visible()
        page.evaluate("location.hash = '#project-nobody'")
        expect(page.get_by_role("dialog")).to_contain_text("nobody")
        assert page.troubles == []


def test_the_address_keeps_what_is_compared(opened, built_site):
    with opened(built_site / "zh/000000/07_regions.html", viewport=DESKTOP) as page:
        page.evaluate("location.hash = '#compare=610000,510000'")
        caption = page.locator("#fig-compared-ytd figcaption")
        expect(caption).to_contain_text("陕西省")
        page.get_by_role("combobox", name="选择要比较").fill("河南省")
        page.keyboard.press("Enter")
        expect(caption).to_contain_text("河南省")
        assert page.url.endswith("#compare=610000,510000,410000")
        legend = page.locator("#fig-compared-ytd .fw-live .role-legend-label text")
        expect(legend).to_have_text(["陕西省", "四川省", "河南省"])
        assert page.troubles == []


def large_page(folder):
    """Return a page of five thousand made-up projects, as page 06 frames them."""
    names = [f"项目{at:04}" for at in range(MOST_PROJECTS)]
    frame = pd.DataFrame({"name": names, "unit": [UNITS[at % 40] for at in range(MOST_PROJECTS)]})
    frame["gap"] = [f"{(at * 7919) % MOST_PROJECTS:,}" for at in range(MOST_PROJECTS)]
    labels = {"name": Text("项目", "p"), "unit": Text("单位", "u"), "gap": Text("差额", "gap")}
    facts = {name: {"unit": [unit]} for name, unit in zip(names, frame["unit"], strict=True)}
    body = blocks.filter_bar(facts, choices={"unit": Text("单位", "u")}, lang="zh")
    body += blocks.table(frame, lang="zh", title="表", labels=labels, source="made up")
    html = f"<!doctype html><html lang=zh><style>{page_style()}</style><body>{body}"
    path = folder / "large.html"
    path.write_text(f"{html}<script>{page_script()}</script></body></html>", "utf-8")
    return path


def test_five_thousand_rows_are_filtered_searched_and_sorted_within_a_second(opened, tmp_path):
    with opened(large_page(tmp_path), viewport=DESKTOP, wait_for_charts=False) as page:
        count = page.locator(".fw-cut")
        expect(page.locator(".fw-pager output")).to_have_text("第 1–60 行，共 5000 行")
        took = {}
        for name, act in {
            "filter": "s => { s.select.value = '7'; s.form.dispatchEvent(new Event('change')); }",
            "search": "s => { s.search.value = '1'; s.search.dispatchEvent(new Event('input')); }",
            "sort": "s => s.sort.click()",
        }.items():
            took[name] = page.evaluate(
                f"""() => {{
                  const find = (one) => document.querySelector(one);
                  const parts = {{ select: find(".fw-filter select"), form: find(".fw-filter"),
                    search: find("input[type=search]"), sort: find("thead .fw-right button") }};
                  const began = performance.now();
                  ({act})(parts);
                  document.body.getBoundingClientRect();
                  return performance.now() - began;
                }}"""
            )
        unit = page.locator(".fw-filter select option:checked").inner_text()
        kept = [at for at in range(MOST_PROJECTS) if UNITS[at % 40] == unit]
        gaps = {at: (at * 7919) % MOST_PROJECTS for at in kept}
        lines = {at: f"项目{at:04} {unit} {gaps[at]:,}" for at in kept}
        kept = [at for at in kept if "1" in lines[at]]
        expect(count).to_have_text(f"显示 {len(kept)} 行，共 5000 行")
        highest = max(kept, key=gaps.__getitem__)
        assert f"项目{highest:04}" in page.locator("tbody tr").first.inner_text()
        assert max(took.values()) < 1000, took
        assert page.troubles == []
