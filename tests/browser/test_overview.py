"""The way through a site without a network: from the index down, with mouse and with keyboard."""

import re

import pytest
from made_site import a_record, figures_of, keep_run, lay_down, make_site

from faiwatch.data.regions import inside, provinces
from faiwatch.site.html import render_page
from faiwatch.site.index import build_index

WIDTHS = ({"width": 1440, "height": 900}, {"width": 390, "height": 844})
CODES = ["000000", *provinces(), "430500", *inside("430500")]
WALKED = ["000000", "430000", "430500", "430503", "430511"]
NAMES = {
    "zh": ("全国", "湖南省", "邵阳市", "大祥区"),
    "en": ("China", "Hunan", "Shaoyang", "Daxiang District"),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("walk") / "site"
    make_site(folder, CODES, pages=WALKED, notebooks=["02_monitor", "05_target"])
    build_index(folder)
    return folder


def stands_at(page, lang, code, notebook="02_monitor"):
    page.wait_for_url(f"**/{lang}/{code}/{notebook}.html")
    assert page.troubles == []


@pytest.mark.parametrize(("lang", "size"), [("zh", WIDTHS[0]), ("en", WIDTHS[1])])
def test_a_mouse_walks_from_the_nation_to_a_district_and_back_up(opened, site, lang, size):
    nation, province, city, district = NAMES[lang]
    index = site / ("index.html" if lang == "zh" else "index.en.html")
    with opened(index, viewport=size) as page:
        page.get_by_role("rowheader", name=nation).get_by_role("link").click()
        stands_at(page, lang, "000000")
        page.locator(".tabs a").last.click()  # the other page of the nation
        stands_at(page, lang, "000000", "05_target")
        page.locator("main .fw-grid a", has_text=province).click()  # page and language stay
        stands_at(page, lang, "430000", "05_target")
        page.locator("main .fw-grid a", has_text=city).click()
        stands_at(page, lang, "430500", "05_target")
        page.locator("main .fw-grid a", has_text=district).click()
        stands_at(page, lang, "430503", "05_target")
        assert page.locator(".way li").last.inner_text() == district
        page.locator(".beside .next").click()
        stands_at(page, lang, "430511", "05_target")
        for code in ("430500", "430000", "000000"):
            page.locator(f".way li[data-code='{code}'] a").click()
            stands_at(page, lang, code, "05_target")
        page.locator("a.switch").click()
        stands_at(page, "en" if lang == "zh" else "zh", "000000", "05_target")
        page.locator("a.brand").click()
        page.locator(".map a", has=page.locator("title", has_text=NAMES["en"][1])).or_(
            page.locator(".map a", has=page.locator("title", has_text=NAMES["zh"][1]))
        ).first.click()
        page.wait_for_url("**/430000/02_monitor.html")


@pytest.mark.parametrize(
    ("lang", "asked", "code"), [("zh", "dxq", "430503"), ("en", "daxiang", "430503")]
)
def test_a_keyboard_walks_the_same_way(opened, site, lang, asked, code):
    for size in WIDTHS:
        with opened(site / f"{lang}/000000/05_target.html", viewport=size) as page:
            page.locator("#pick").focus()
            page.keyboard.type("430500")
            assert (
                page.locator("#picks [aria-selected=true]").inner_text().startswith(NAMES[lang][2])
            )
            page.keyboard.press("Enter")
            stands_at(page, lang, "430500", "05_target")
            for _ in range(30):  # by Tab alone to the box that takes a name
                page.keyboard.press("Tab")
                if page.evaluate("document.activeElement.id") == "pick":
                    break
            assert page.locator("#pick").get_attribute("aria-expanded") == "true"
            page.keyboard.press("Escape")
            assert page.locator("#picks").is_hidden()
            page.keyboard.type("zz-nothing")
            page.keyboard.press("Enter")  # no such region: nobody is led anywhere
            page.locator("#pick").fill(asked)
            page.keyboard.press("ArrowDown")
            page.keyboard.press("ArrowUp")
            page.keyboard.press("Enter")
            stands_at(page, lang, code, "05_target")


def test_the_table_is_found_filtered_and_sorted(opened, site):
    with opened(site / "index.html", viewport=WIDTHS[0]) as page:
        rows = page.locator("#overview tbody tr")
        assert rows.count() == len(CODES)
        whole = "[...document.querySelectorAll('#overview tbody tr')]" + (
            ".filter((row) => row.getBoundingClientRect().bottom <= innerHeight).length"
        )
        assert page.evaluate(whole) >= 31
        page.locator("[name=words]").fill("cqs")
        assert rows.locator("th").all_inner_texts() == ["重庆市"]
        page.locator("[name=words]").fill("")
        page.locator("[name=parent]").select_option("430500")
        assert rows.count() == 13
        page.locator("[name=light]").select_option("0")
        falling = [code for code in ["430500", *inside("430500")] if figures_of(code)[-1] < 0]
        assert rows.count() == len(falling)
        page.locator("[name=light]").select_option("")
        page.locator("[name=parent]").select_option("")
        head = page.locator("#overview th", has_text="累计同比")
        head.get_by_role("button").click()
        assert head.get_attribute("aria-sort") == "ascending"
        shown = rows.locator("td:nth-child(3)").all_inner_texts()
        growth = [float(text.replace("−", "-").rstrip("%")) for text in shown]
        assert growth == sorted(figures_of(code)[-1] for code in CODES)
        head.get_by_role("button").press("Enter")
        assert head.get_attribute("aria-sort") == "descending"
        assert page.troubles == []


def test_thirty_one_rows_of_every_column_stand_on_one_screen_below_three_sentences(
    opened, tmp_path
):
    make_site(tmp_path / "site", CODES, pages=())
    for index in build_index(tmp_path / "site"):
        with opened(index, viewport=WIDTHS[0]) as page:
            assert page.locator(".told li").count() == 3
            bottoms = "(all) => all.map((row) => row.getBoundingClientRect().bottom)"
            rows = page.locator("#overview tbody tr").evaluate_all(bottoms)
            assert sum(bottom <= WIDTHS[0]["height"] for bottom in rows) >= 31, index.name


def test_without_scripts_or_without_its_file_a_page_leads_to_the_index(opened, site, tmp_path):
    with opened(site / "index.html", java_script_enabled=False) as page:
        assert page.locator("#overview tbody tr").count() == len(CODES)
        assert not page.locator("form.find").is_visible()
        page.locator("#overview a", has_text="全国").click()
        assert not page.locator("#tools").is_visible()
        page.locator("a.brand").click()
        assert page.url.endswith("/index.html")
    alone = tmp_path / "zh/430503/02_monitor.html"  # as somebody sends it by mail
    alone.parent.mkdir(parents=True)
    alone.write_bytes((site / "zh/430503/02_monitor.html").read_bytes())
    with opened(alone) as page:
        assert page.locator("h1").is_visible()
        assert "邵阳市" in page.locator(".way").inner_text()
        assert not page.locator("#tools").is_visible()


def test_a_kept_copy_says_that_it_is_one(opened, site):
    kept = site / "runs/20260920T010203Z-02_monitor-000000-zh-abcdef/page.html"
    kept.parent.mkdir()
    kept.write_bytes((site / "zh/000000/02_monitor.html").read_bytes())
    with opened(kept) as page:
        assert "2026-09-20" in page.locator(".kept").inner_text()
        page.locator(".kept a").click()
        stands_at(page, "zh", "000000")


def test_a_public_page_names_no_page_for_few(opened, tmp_path):
    folder = tmp_path / "site"
    make_site(folder, ["000000"], notebooks=["02_monitor"])
    for profile, name in (("public", "p"), ("internal", "i")):
        given = {"region": "000000", "profile": profile}
        record = a_record("06_projects", "000000", "zh", run_id=name, parameters=given)
        keep_run(folder, record, [])
        executed = folder / "runs/02_monitor-000000-zh/executed.ipynb"
        lay_down(folder, record, render_page(executed, record, bundle="site"))
    build_index(folder)
    told = {}
    for name in ("06_projects.public", "06_projects"):
        with opened(folder / f"zh/000000/{name}.html") as page:
            links = page.locator(".top a").evaluate_all("(all) => all.map((a) => a.href)")
            told[name] = {link.rpartition("/")[2] for link in links}
    assert {"06_projects.public.html", "06_projects.html", "02_monitor.html"} <= told["06_projects"]
    assert "06_projects.html" not in told["06_projects.public"]


def test_marks_of_charts_and_rows_of_a_heat_map_lead_to_their_region(opened, built_site):
    with opened(built_site / "zh/430500/07_regions.html", viewport=WIDTHS[0]) as page:
        page.locator(".fw-live text", has_text="大祥区").first.click()
        stands_at(page, "zh", "430503")
    city = built_site / "zh/430500/09_city.html"
    with opened(city, viewport=WIDTHS[0], open_annex=True) as page:
        words = page.locator("[id^=fig-city-tiles] .fw-live .mark-text text")
        at = words.all_text_contents().index("大祥区")  # names first, then figures in their order
        words.filter(has_text="%").nth(at).click()
        stands_at(page, "zh", "430503")


@pytest.mark.parametrize(
    ("lang", "size", "by_key"),  # each with each other
    [
        ("zh", WIDTHS[0], False),
        ("zh", WIDTHS[1], True),
        ("en", WIDTHS[0], True),
        ("en", WIDTHS[1], False),
    ],
)
def test_the_way_goes_on_from_a_city_to_a_project_and_its_cells(
    opened, built_site, lang, size, by_key
):
    city, district, cells = {
        "zh": ("演示市", "演示区", "数据出处"),
        "en": ("Demo City", "Demo District", "The rows it comes from"),
    }[lang]

    def follow(link):
        link.focus()
        page.keyboard.press("Enter") if by_key else link.click()

    index = built_site / ("index.html" if lang == "zh" else "index.en.html")
    with opened(index, viewport=size, wait_for_charts=False) as page:
        follow(page.get_by_role("rowheader", name=city).get_by_role("link"))
        stands_at(page, lang, "990100", "09_city")
        follow(page.locator("main .fw-grid a", has_text=district).first)
        page.wait_for_url(f"**/{lang}/990101/*.html")
        follow(page.locator(".tabs a[href*='06_projects']"))
        stands_at(page, lang, "990101", "06_projects")
        name = page.locator(".fw-table .fw-to-card").first
        told = name.inner_text()
        follow(name)
        card = page.get_by_role("dialog", name=told)
        card.wait_for()
        assert cells in card.inner_text()
        assert re.search(r"![A-Z]{1,2}\d+", card.inner_text())  # a cell of a sheet of the ledger
        assert page.troubles == []
