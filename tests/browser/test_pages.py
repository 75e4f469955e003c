"""What holds for the built pages in a real browser with the network off."""

import re
import shutil
import subprocess
from importlib.resources import files

import pytest

DESKTOP = {"width": 1440, "height": 900}
TWO_SCREENS = 2 * DESKTOP["height"]
PHONE = {"width": 390, "height": 844}
BAR = ".fw-figure[id^=fig-ytd-growth] .fw-live .mark-rect.role-mark[class*=main] path"


def test_charts_become_interactive_and_answer_the_pointer(opened, monitor):
    with opened(monitor, viewport=DESKTOP, open_annex=True) as page:
        assert page.locator(".fw-figure[data-chart=live]").count() >= 4
        assert not page.locator(".fw-static").first.is_visible()
        page.locator(BAR).last.hover(force=True)
        tip = page.locator("#vg-tooltip-element.visible")
        tip.wait_for()
        assert "%" in tip.inner_text()
        assert page.troubles == []


def test_without_scripts_every_chart_is_a_picture(opened, monitor):
    with opened(monitor, java_script_enabled=False, open_annex=True) as page:
        pictures = page.locator(".fw-static svg")
        assert pictures.count() == page.locator(".fw-figure").count() >= 4
        assert all(picture.is_visible() for picture in pictures.all())
        assert not any(live.is_visible() for live in page.locator(".fw-live").all())
        assert page.locator(".fw-sentence").is_visible()


def test_a_chart_that_fails_leaves_its_picture(opened, small_monitor):
    with opened(small_monitor, wait_for_charts=False, own_tab=True) as page:
        page.context.add_init_script(
            "Object.defineProperty(window, 'vegaEmbed',"
            " {get: () => () => Promise.reject(new Error('no')), set: () => {}})"
        )
        page.reload()
        page.wait_for_function("document.readyState === 'complete'")
        assert page.locator(".fw-static svg").first.is_visible()
        assert not page.locator(".fw-live").first.is_visible()


def test_the_policy_stops_what_the_page_does_not_hold(opened, small_monitor):
    with opened(small_monitor) as page:
        page.evaluate(
            "() => { const s = document.createElement('script'); s.text = 'window.intruder = 1';"
            " document.body.append(s); }"
        )
        assert page.evaluate("window.intruder") is None
        assert any("Content Security Policy" in trouble for trouble in page.troubles)


# Axe looks at every element, so what is alike goes first: of the rows of a table two of each look
# stay, of the first twelve, and of those of an origin two, since the others differ in nothing but
# words; of the marks, labels and lines of a chart twelve of each kind; and nothing that is hidden,
# on which axe does not judge.
THIN_OUT = """() => {
  const look = (row) => [row, ...row.querySelectorAll("*")]
    .map((one) => [one.tagName, one.getAttribute("class"), one.dataset.light]).join();
  for (const body of document.querySelectorAll("tbody")) {
    const seen = {};
    [...body.rows].forEach((row, at) => {
      const known = look(row);
      seen[known] = (seen[known] ?? 0) + 1;
      if (seen[known] > 2 || at > 11) row.remove();
    });
  }
  for (const origin of document.querySelectorAll(".fw-rows")) {
    [...origin.querySelectorAll(".fw-row")].slice(2).forEach((one) => one.remove());
  }
  for (const marks of document.querySelectorAll(".fw-live svg [class*=' role-']")) {
    [...marks.children].slice(12).forEach((one) => one.remove());
  }
  for (const one of document.querySelectorAll("main *")) {
    const isBox = one instanceof HTMLElement && !one.closest("select,datalist");
    if (isBox && !one.checkVisibility()) one.remove();
  }
}"""
# Five sixths of its time went into contrast. That of a text follows from its colour and size, and
# from what is painted behind it: of the texts that have all this in common it judges the first two,
# on whichever page they stand; in a chart, where marks lie behind a text, of each kind of page.
MARK_LOOKS = """([seen, kind]) => {
  for (const one of document.body.querySelectorAll("*")) {
    one.removeAttribute("data-look");
    if (![...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue;
    if (!one.checkVisibility({ visibilityProperty: true })) continue;
    const { color, fill, fontSize, fontWeight } = getComputedStyle(one);
    const look = [one.tagName, one.getAttribute("class"), color, fill, fontSize, fontWeight];
    if (one instanceof SVGElement) look.push(kind);
    for (let at = one; at; at = at.parentElement) {
      const { backgroundColor, backgroundImage, opacity, position } = getComputedStyle(at);
      look.push(backgroundColor, backgroundImage, opacity, position);
    }
    seen[look] = (seen[look] ?? 0) + 1;
    if (seen[look] <= 2) one.setAttribute("data-look", "");
  }
  return seen;
}"""
CONTRAST_OF_LOOKS = "axe.configure({rules: [{id: 'color-contrast', selector: '[data-look]'}]})"

# Charts take their new width in a task of their own. The one-page brief has no annex.
ABOVE_THE_ANNEX = """async () => {
  for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
  const annex = document.querySelector(".fw-annex, body:has(.fw-brief-lines) .foot-band");
  return annex && Math.round(annex.getBoundingClientRect().top + scrollY);
}"""


@pytest.fixture(scope="session")
def looked_at(opened, addresses):
    """Return what is wrong with each page, of which each is opened once, for it takes seconds.

    Its width on a telephone, what failed in it, what axe finds serious on a desktop, and how high
    there what stands before the annex is.
    """
    axe = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    found, seen = {}, {}
    for path in addresses:
        with opened(path, color_scheme="light", viewport=PHONE, open_annex=True) as page:
            width = page.evaluate("document.documentElement.scrollWidth")
            page.set_viewport_size(DESKTOP)
            summary = page.evaluate(ABOVE_THE_ANNEX)
            page.evaluate("document.querySelectorAll('.fw-origin').forEach((d) => (d.open = true))")
            page.evaluate(THIN_OUT)
            page.evaluate(axe)
            page.evaluate(CONTRAST_OF_LOOKS)
            seen = page.evaluate(MARK_LOOKS, [seen, path.name])
            bad = serious(page, "document")
            page.emulate_media(color_scheme="dark")  # differs in nothing but colours
            seen = page.evaluate(MARK_LOOKS, [seen, path.name])
            if page.locator("[data-look]").count():
                bad += serious(page, "'[data-look]'", "runOnly: ['color-contrast']")
            found[path] = (width, list(page.troubles), bad, summary)
    return found


def serious(page, where, rules=""):
    """Return what axe finds serious in a part of a page, with the beginning of each place."""
    asked = f"{{resultTypes: ['violations'], {rules}}}"
    return [
        (one["id"], node["html"][:150])
        for one in page.evaluate(f"axe.run({where}, {asked}).then((told) => told.violations)")
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"]
    ]


def test_no_page_has_an_error_or_anything_serious_for_axe_by_day_or_night(looked_at):
    for path, (_, troubles, bad, _) in looked_at.items():
        assert (troubles, bad) == ([], []), path


def test_the_dark_page_recolours_its_charts(opened, small_monitor):
    colours = []
    for scheme in ("light", "dark"):
        with opened(small_monitor, color_scheme=scheme) as page:
            ground = page.locator("html").evaluate("(e) => getComputedStyle(e).backgroundColor")
            bar = page.locator(BAR).last.evaluate("(e) => getComputedStyle(e).fill")
            colours.append((ground, bar))
    light, dark = colours
    assert light[0] != dark[0]
    assert light[1] != dark[1]


def test_a_telephone_needs_no_sideways_scrolling(looked_at):
    for path, (width, *_) in looked_at.items():
        assert width <= PHONE["width"], path


def test_what_a_reader_needs_stands_on_two_screens(looked_at):
    heights = {
        "/".join(path.parts[-3:]): summary for path, (*_, summary) in looked_at.items() if summary
    }
    kinds = {one.rpartition("/")[2].partition("_")[0] for one in heights}
    assert kinds >= {"01", "02", "03", "04", "05", "06", "07", "08", "09", "10"}
    assert {one: height for one, height in heights.items() if height > TWO_SCREENS} == {}


@pytest.mark.parametrize("notebook", ["03_trend", "04_forecast"])
def test_what_a_trend_or_a_forecast_comes_to_is_one_line(opened, built_site, notebook):
    pages = sorted(built_site.glob(f"*/*/{notebook}.html"))
    assert {path.parts[-3] for path in pages} == {"zh", "en"}
    for page_of_lang in pages:
        with opened(page_of_lang, viewport=DESKTOP, wait_for_charts=False) as page:
            lines = "(e) => e.getBoundingClientRect().height / parseFloat(getComputedStyle(e)"
            said = page.locator(".fw-sentence")
            assert said.evaluate(f"{lines}.lineHeight)") < 1.5, page_of_lang
            # the eyebrow names the region, so that the length of its name takes no second line
            assert page.locator(".eyebrow span").first.inner_text() not in said.inner_text()


def test_a_table_in_a_summary_needs_no_scrolling_sideways_on_a_desktop(opened, built_site):
    for address in ("990101/06_projects", "990100/09_city", "430500/09_city"):
        for lang in ("zh", "en"):
            with opened(
                built_site / f"{lang}/{address}.html",
                viewport=DESKTOP,
                wait_for_charts=False,
            ) as page:
                first = page.locator(".fw-table .fw-scroll").first
                assert first.evaluate("(e) => e.scrollWidth - e.clientWidth") == 0, (lang, address)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_scrolls_sideways_in_an_annex_is_reached_by_keys_and_has_a_name(
    opened, built_site, lang
):
    path = built_site / f"{lang}/990101/06_projects.html"
    with opened(path, viewport=DESKTOP, open_annex=True) as page:
        wide = [
            one
            for one in page.locator(".fw-table .fw-scroll").all()
            if one.evaluate("(e) => e.scrollWidth > e.clientWidth")
        ]
        assert wide
        for one in wide:
            assert one.get_attribute("role") == "region"
            assert one.get_attribute("aria-label")
            one.focus()
            page.keyboard.press("ArrowRight")
            page.wait_for_function("(e) => e.scrollLeft > 0", arg=one.element_handle())  # it glides
            assert one.evaluate("(e) => e === document.activeElement && e.scrollLeft > 0")


@pytest.fixture(scope="module")
def paper(opened, monitor, tmp_path_factory):
    """Return a page as it is printed, its sentence, and the words of each sheet without blanks."""
    with opened(monitor) as page:
        sentence = "".join(page.locator(".fw-sentence").inner_text().split())
        return sentence, *printed(page, tmp_path_factory.mktemp("paper"))


def printed(page, folder):
    """Return a page as it is printed, and the words of each sheet, blanks left out."""
    paper = folder / "page.pdf"
    paper.write_bytes(page.pdf(prefer_css_page_size=True))
    if (program := shutil.which("pdftotext")) is None:
        return paper.read_bytes(), None
    told = subprocess.run([program, str(paper), "-"], capture_output=True, check=True).stdout
    return paper.read_bytes(), ["".join(sheet.split()) for sheet in told.decode().split("\f")]


def test_a_page_prints_on_a4_with_its_words(paper):
    sentence, file, words = paper
    sheets = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", file)
    assert 2 <= len(sheets) <= 3  # the annex is printed where a reader has opened it
    assert {(round(float(w)), round(float(h))) for w, h in sheets} == {(595, 842)}
    assert b"/ToUnicode" in file
    if words is not None:
        assert sentence in "".join(words)


needs_pdftotext = pytest.mark.skipif(
    shutil.which("pdftotext") is None,
    reason="pdftotext is not there: apt-get install poppler-utils",
)


@needs_pdftotext
def test_every_sheet_of_a_printed_table_has_its_head(opened, built_site, tmp_path):
    with opened(built_site / "zh/990101/06_projects.html") as page:
        _, sheets = printed(page, tmp_path)
    assert sum("红灯" in sheet for sheet in sheets) >= 2
    assert all("推进状态" in sheet for sheet in sheets if "红灯" in sheet)


@needs_pdftotext
def test_paper_names_each_release_once(paper):
    told = "".join(paper[-1])
    address = "https://www.stats.gov.cn/sj/zxfb/202609/t20260915_1965309.html"
    assert told.count(f"2026-09-15，{address}") == 1


def test_the_brief_prints_on_one_sheet(opened, built_site):
    for region, lang in (("000000", "zh"), ("990101", "en")):
        with opened(built_site / f"{lang}/{region}/10_brief.html") as page:
            printed = page.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/MediaBox \[0 0", printed)) == 1, (region, lang)


def test_paper_shows_pictures_and_origins_but_no_code_and_no_menus(opened, small_monitor):
    with opened(small_monitor, color_scheme="dark", open_annex=True) as page:
        page.emulate_media(media="print")
        assert page.locator(".fw-static svg").first.is_visible()
        assert page.locator(".fw-endnotes code").first.is_visible()
        for screen_only in (".fw-live", ".code", ".contents", ".switch"):
            assert not page.locator(screen_only).first.is_visible(), screen_only
        ground = page.locator("html").evaluate("(e) => getComputedStyle(e).backgroundColor")
        assert ground == "rgb(255, 255, 255)"


def test_the_keyboard_opens_where_a_number_comes_from(opened, built_site):
    with opened(built_site / "zh/000000/05_target.html") as page:
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.matches('.fw-origin summary')"):
                break
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none"
        page.keyboard.press("Enter")
        origin = page.locator(".fw-origin[open]")
        assert origin.count() == 1
        assert "data/official/national.csv" in origin.inner_text()


def test_readers_in_every_time_zone_see_the_same_months(opened, small_monitor):
    seen = {}
    for zone in ("Asia/Shanghai", "UTC", "America/Los_Angeles"):
        with opened(small_monitor, time_zone=zone, viewport=DESKTOP, open_annex=True) as page:
            assert page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone") == zone
            labels = page.locator(".fw-live .role-axis-label text").all_text_contents()
            seen[zone] = labels
    first = seen["UTC"]
    assert len([label for label in first if "年" in label]) >= 4
    assert all(labels == first for labels in seen.values())


def test_a_page_says_itself_when_newer_figures_are_due(opened, built_site):
    brief = built_site / "zh/000000/10_brief.html"
    with opened(brief, wait_for_charts=False, own_tab=True) as page:
        for today, stale in (("2026-10-01", False), ("2026-11-20", True)):
            page.clock.set_fixed_time(today)
            page.reload()
            assert page.locator(".stale").is_visible() == stale, today


@pytest.mark.parametrize("index", ["index.html", "index.en.html"])
def test_no_name_of_the_overview_is_cut(opened, built_site, index):
    with opened(built_site / index, viewport=DESKTOP, wait_for_charts=False) as page:
        cut = "(all) => all.filter((e) => e.scrollWidth > e.clientWidth).map((e) => e.innerText)"
        assert page.locator("#overview tbody th").evaluate_all(cut) == []


def test_links_lead_from_index_to_page_to_the_other_language_and_home(opened, built_site):
    with opened(built_site / "index.html") as page:
        page.locator("a[href='zh/430502/02_monitor.html']").first.click()
        page.locator("a.switch").click()
        assert page.locator("html").get_attribute("lang") == "en"
        page.locator("a.brand").click()
        assert page.url.endswith("index.en.html")
