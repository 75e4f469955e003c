"""The index as an overview: rows from findings, counts by plain code, the bar, the calendar."""

import datetime
import json
import math
import re
from xml.etree import ElementTree

import pandas as pd
import pytest
from made_site import (
    MONTHS,
    a_record,
    figures_of,
    finding,
    findings_of,
    keep_run,
    lay_down,
    make_site,
)

from faiwatch.core.finding import read_findings
from faiwatch.core.phrases import percent_phrase
from faiwatch.core.text import Text
from faiwatch.data.reference import tile_letters, tile_places
from faiwatch.data.regions import initials, inside, known_regions, provinces, region_named
from faiwatch.data.release_dates import release_dates
from faiwatch.run.prune import runs_to_prune
from faiwatch.site import index as index_module
from faiwatch.site.html import EarlierPage, render_page
from faiwatch.site.index import build_index
from faiwatch.site.overview import figures_told, row_of
from faiwatch.site.releases import calendar_file, calendar_line, feed_file
from faiwatch.site.site import earlier_pages, read_records

CODES = ["000000", "430000", "430500", *inside("430500"), "990101"]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("overview") / "site"
    make_site(folder, CODES, pages=())
    build_index(folder)
    return folder


def rows_in(html):
    """Return the rows that stand in the page without scripts: the words of each cell."""
    body = html[html.index("<tbody>") : html.index("</tbody>")]
    cells = [
        re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL) for row in body.split("<tr>")[1:]
    ]
    return [[re.sub(r"<[^>]*>", " ", cell).split() for cell in row] for row in cells]


def site_in(folder):
    """Return what ``site.js`` tells, each region with what it shares with others."""
    script = (folder / "site.js").read_text()
    told = json.loads(script.partition("=")[2].partition(";\n")[0])
    for region in told["regions"]:
        region[4] = told["above"][region[4]]
        region[6:8] = [told["held"][at] for at in region[6:8]]
    return told


def data_in(folder, lang="zh"):
    """Return the rows of an index as its script puts them together, in the order drawn."""
    regions = site_in(folder)["regions"]
    script = (folder / "overview.js").read_text()
    told = json.loads(script.partition("=")[2].partition(";\n")[0])
    at, rows = ("zh", "en").index(lang), []
    for row in told["rows"] + told["only"][lang]:
        code, zh, en, spelt = regions[row[0]][:4]
        cells = [told["cells"][place] for place in row[7:]]
        texts = [cell[1:][at] if len(cell) > 2 else cell[1] for cell in cells]
        searched = f"{spelt} {(en, zh)[at]}"
        head = [code, (zh, en)[at], searched, *told["pages"][row[6]][:1], told["words"][row[5]][0]]
        rows.append([*head, row[1], row[2], texts, [cell[0] for cell in cells], row[3]])
    worst = [math.inf if row[8][0] is None else row[8][0] for row in rows]
    order = sorted(range(len(rows)), key=lambda at: (rows[at][6], rows[at][5], worst[at]))
    return [rows[at] for at in order]


@pytest.mark.parametrize(("lang", "file"), [("zh", "index.html"), ("en", "index.en.html")])
def test_every_cell_is_what_a_page_found(site, lang, file):
    html = (site / file).read_text()
    by_code = {row[0]: row for row in data_in(site, lang)}
    assert set(by_code) == set(CODES)
    for code in CODES:
        found = {}
        for notebook in ("02_monitor", "04_forecast", "05_target"):
            path = site / "runs" / f"{notebook}-{code}-{lang}" / "results/findings.json"
            found |= {one.id: one for one in read_findings(path)}
        ids = ("ytd_yoy", "ytd_change", "run_ytd", "p_next_negative", "p_full_year_negative", "gap")
        units = (" pp", "个百分点")
        told = [found[id].words(lang).replace(units[0], "").replace(units[1], "") for id in ids]
        assert by_code[code][7] == told
        assert by_code[code][8] == [pytest.approx(found[id].value, abs=1e-4) for id in ids]
    drawn = [[*" ".join(row[at]).split()] for row in rows_in(html) for at in range(2, 8)]
    assert drawn == [text.split() for row in data_in(site, lang) for text in row[7]]


def test_what_both_languages_share_stands_once_and_what_they_do_not_twice(tmp_path):
    for lang, growth in (("zh", 1.0), ("en", 2.0)):
        told = finding("ytd_yoy", growth, Text(f"{growth}", f"{growth}"))
        keep_run(tmp_path, a_record("02_monitor", "110000", lang), [told])
        told = finding("run_ytd", 3.0, Text("3个月", "3 months"))
        keep_run(tmp_path, a_record("02_monitor", "120000", lang), [told])
    keep_run(tmp_path, a_record("02_monitor", "130000", "en"), [told])
    build_index(tmp_path)
    script = (tmp_path / "overview.js").read_text()
    found = json.loads(script.partition("=")[2].partition(";\n")[0])
    counts = [len(found["rows"]), *(len(found["only"][lang]) for lang in ("zh", "en"))]
    assert counts == [1, 1, 2]
    assert [3.0, "3个月", "3 months"] in found["cells"]
    zh, en = ({row[0]: row[7] for row in data_in(tmp_path, lang)} for lang in ("zh", "en"))
    assert zh.keys() == {"110000", "120000"}
    assert (zh["110000"][0], en["110000"][0]) == ("1.0", "2.0")
    assert (zh["120000"][1], en["120000"][1]) == ("3个月", "3 months")  # no page tells a change


def test_a_site_of_months_tells_their_growth_and_leaves_out_what_no_row_fills(tmp_path):
    for lang in ("zh", "en"):
        record = a_record("02_monitor", "610000", lang, data_as_of="2026-01")
        told = [
            finding("block_yoy", -1.2, Text("-1.2%", "-1.2%")),
            finding("block_change", -1.5, Text("-1.5个百分点", "-1.5 pp"), "pp"),
            finding("run_block", 1.0, Text("1个月", "1 month"), "releases"),
        ]
        keep_run(tmp_path, record, told)
        rows = "indicator,period,yoy_pct\nown,2025-12,0.3\nown,2026-01,-1.2\n"
        (tmp_path / "runs" / record.run_id / "results/measures.csv").write_text(rows)
    build_index(tmp_path)
    html = (tmp_path / "index.en.html").read_text()
    assert re.findall('data-column="(.*?)"', html) == [
        *("light", "region", "month_yoy_pct", "last_change_pp", "negative_run"),
        *("two_years", "data_until", "page_made"),
    ]
    [row] = rows_in(html)
    assert [" ".join(cell) for cell in row[2:5]] == ["-1.2%", "-1.5", "1 month"]
    assert "Growth, month (2026-01): Shaanxi -1.2%" in html
    assert "turned negative: Shaanxi" in html  # January after December
    [[*_, light, _, texts, keys, heights]] = data_in(tmp_path, "en")
    assert (light, texts[0], keys[0], heights[-3:-1]) == (0, "-1.2%", -1.2, "0g")
    regions = json.loads((tmp_path / "api/regions.json").read_text())["regions"]
    assert list(regions[0]["figures"]) == ["month_yoy_pct", "last_change_pp", "negative_run"]


def test_rows_stand_by_light_then_growth_with_made_up_ones_last(site):
    rows = data_in(site)
    last = {code: figures_of(code)[-1] for code in CODES}
    real = sorted(CODES[:-1], key=lambda code: (last[code] >= 0, last[code]))
    lights = [row[5] for row in rows[:-1]]
    assert lights == sorted(lights)
    assert [row[0] for row in rows if last[row[0]] < 0][:3] == real[:3]
    assert rows[-1][0] == "990101"
    assert 'class="tag"' in (site / "index.html").read_text()


def test_the_sentences_count_what_plain_code_counts(site):
    now = {code: figures_of(code)[-1] for code in CODES if not code.startswith("99")}
    before = {code: figures_of(code)[-2] for code in now}
    districts = inside("430500")
    down = sum(now[code] < 0 for code in districts)
    html = (site / "index.html").read_text()
    falling, turned, worst = re.findall(r"<li>(.*?)</li>", html[html.index('<ul class="told">') :])[
        :3
    ]
    assert f"12个县市区中{down}个负增长" in falling
    assert f"湖南省{str(now['430000']).replace('-', '−')}%" in falling
    for code in now:
        is_told = region_named(code).name.zh in turned.replace(
            "邵阳县", "_" if code == "430500" else "邵阳县"
        )
        assert is_told == ((now[code] < 0) != (before[code] < 0)), (code, turned)
    deepest = min(now, key=now.get)
    assert f"降幅最大：{region_named(deepest).name.zh}" in worst


def test_a_region_that_is_likely_to_turn_has_a_light_of_its_own(tmp_path):
    for code, growth, chance in (
        ("110000", 1.0, 50.0),
        ("120000", 1.0, 49.9),
        ("130000", 0.0, 0.0),
    ):
        record = a_record("02_monitor", code, "zh")
        keep_run(tmp_path, record, [finding("ytd_yoy", growth, Text("1", "1"))])
        told = [finding("p_next_negative", chance, Text("5", "5"))]
        keep_run(tmp_path, a_record("04_forecast", code, "zh"), told)
    missing = finding("ytd_yoy", None, Text("待补", "not available"))
    keep_run(tmp_path, a_record("02_monitor", "140000", "zh"), [missing])
    build_index(tmp_path)
    rows = data_in(tmp_path)
    assert {row[0]: row[5] for row in rows} == {"110000": 1, "120000": 2, "130000": 2, "140000": 3}


def test_growth_of_a_city_that_has_its_own_page_alone_is_what_that_page_says(tmp_path):
    growth = finding("city_growth", -1.5, percent_phrase(-1.5))
    keep_run(tmp_path, a_record("09_city", "990100", "zh"), [growth])
    row = row_of(tmp_path, [a_record("09_city", "990100", "zh")], lambda _: "a")
    assert (row.growth, row.growth_told.text, row.light) == (-1.5, "−1.5%", "negative")
    assert figures_told([row]) == ["ytd_yoy_pct"]


def test_a_gap_in_the_figures_is_a_gap_of_the_line(tmp_path):
    keep_run(
        tmp_path, a_record("02_monitor", "110000", "zh"), findings_of([1.0, 2.0])["02_monitor"]
    )
    table = "region_code,indicator,period,ytd_yoy_pct\n" + "".join(
        f"110000,total,{month},{value}\n"
        for month, value in (("2020-02", 9), ("2025-12", 1), ("2026-02", 2), ("2026-05", 4))
    )
    (tmp_path / "runs/02_monitor-110000-zh/results/measures.csv").write_text(table)
    html = build_index(tmp_path)[0].read_text()
    (row,) = data_in(tmp_path)
    # two releases in a row across the New Year, then one by itself; what is older is not drawn
    assert row[9] == "-" * 7 + "~" + "-" * 10 + "c~8--0" + "g"
    assert 'd="M66 13L73 9M84 1"' in html
    assert "2025年12月至2026年5月" in html


def test_a_long_index_holds_data_and_leads_to_a_plain_page_for_each_region_above(
    site, tmp_path, monkeypatch
):
    make_site(tmp_path, CODES, pages=(), notebooks=["02_monitor"])
    monkeypatch.setattr(index_module, "MOST_WHOLE", 10)
    html = build_index(tmp_path)[0].read_text()
    assert rows_in(html) == []
    assert len(data_in(tmp_path)) == len(data_in(tmp_path, "en")) == len(CODES)
    plain = tmp_path / "zh/430500/index.html"
    assert f'href="{plain.relative_to(tmp_path)}"' in html
    told = plain.read_text()
    assert len(rows_in(told)) == 12
    assert '<a href="../430503/02_monitor.html">' in told
    assert len(rows_in((site / "index.html").read_text())) == len(CODES)


def test_the_bar_knows_the_pages_that_stand_and_no_others(tmp_path):
    make_site(tmp_path, ["000000", "430503"], pages=(), notebooks=["02_monitor", "05_target"])
    (tmp_path / "en/430503/05_target.html").unlink()
    build_index(tmp_path)
    told = site_in(tmp_path)
    assert [kind["notebook"] for kind in told["kinds"]] == ["02_monitor", "05_target"]
    nation, district = told["regions"]
    assert nation == ["000000", "全国", "China", "qg", "", 0, [0, 1], [0, 1]]
    assert district == ["430503", "大祥区", "Daxiang District", "dxq", "430500", 0, [0, 1], [0]]


def test_a_page_keeps_what_it_said_of_other_months(tmp_path):
    runs = [("2026-06", "a"), ("2026-07", "b"), ("2026-07", "c"), ("2026-08", "d")]
    for at, (month, run_id) in enumerate(runs):
        started = f"2026-10-{at + 10}T00:00:00+00:00"
        record = a_record("02_monitor", "000000", "zh", run_id=run_id, data_as_of=month)
        record = record.model_copy(update={"started": started})
        keep_run(tmp_path, record, [finding("verdict", 1.0, Text(f"{run_id}说", "says"))])
        (tmp_path / "runs" / run_id / "page.html").write_text("as it was")
        lay_down(tmp_path, record, "page")
    earlier = earlier_pages(tmp_path, record)
    assert [one.run_id for one in earlier] == ["c", "a"]
    (tmp_path / "runs/a/page.html").unlink()
    assert [one.run_id for one in earlier_pages(tmp_path, record)] == ["c"]
    later = pd.Timestamp("2036-01-01", tz="UTC")
    old = runs_to_prune(read_records(tmp_path), months=1, today=later)
    assert [one.run_id for one in old] == ["b"]  # the others are what a month's page said


def test_a_page_lists_its_earlier_copies_where_it_can_lead_to_them(tmp_path):
    make_site(tmp_path, ["000000"], notebooks=["02_monitor"])
    record = a_record("02_monitor", "000000", "en")
    then = record.model_copy(update={"run_id": "then", "data_as_of": "2026-05"})
    earlier = [EarlierPage(then, finding("verdict", 1.0, Text("说", "It <rose>.")))]
    executed = tmp_path / "runs" / record.run_id / "executed.ipynb"
    html = render_page(executed, record, bundle="site", earlier=earlier)
    assert '<a href="../../runs/then/page.html">May 2026</a>' in html
    assert "It &lt;rose&gt;." in html
    assert "runs/then" not in render_page(executed, record, bundle="page", earlier=earlier)


def test_the_calendar_says_what_is_planned_and_what_is_not_known():
    said = calendar_line(datetime.date(2026, 9, 15), "en")
    assert "last 2026-09-15 (January–August 2026)" in said
    assert "next 2026-10-19 (January–September 2026, planned)" in said
    assert calendar_line(datetime.date(2011, 1, 1), "zh").startswith("国家统计局发布日程：上次待补")
    assert calendar_line(datetime.date(2036, 1, 1), "zh").endswith("下次待补")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_calendar_files_hold_every_release_once(lang):
    lines = calendar_file(lang).split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    days = [line.removeprefix("DTSTART;VALUE=DATE:") for line in lines if line[:7] == "DTSTART"]
    assert days == [f"{day:%Y%m%d}" for day, _ in release_dates().values()]
    ids = [line for line in lines if line.startswith("UID:")]
    assert len(set(ids)) == len(days)
    assert "STATUS:TENTATIVE" in lines
    feed = ElementTree.fromstring(feed_file(lang, "index.html").encode())
    space = {"a": "http://www.w3.org/2005/Atom"}
    entries = feed.findall("a:entry", space)
    assert len(entries) > 10
    for entry in (feed, *entries):
        assert all(
            entry.find(f"a:{name}", space) is not None for name in ("id", "title", "updated")
        )
    assert "2026-12-15" in entries[0].find("a:title", space).text


def test_each_region_of_a_map_has_a_tile_of_its_own():
    places = tile_places()
    assert set(provinces()) <= set(places)
    for parent in ("000000", "430000", "430500"):
        taken = [places[code] for code in inside(parent) if code in places]
        assert len(set(taken)) == len(taken) >= 12


def test_every_province_has_letters_for_where_its_name_has_no_room():
    letters = [tile_letters()[code] for code in provinces()]
    assert len(set(letters)) == len(letters) == 31
    assert all(re.fullmatch("[A-Z]{2}", one) for one in letters)
    # as the standard has them where two names begin alike
    known = {"130000": "HE", "410000": "HA", "420000": "HB", "430000": "HN", "460000": "HI"}
    assert {code: tile_letters()[code] for code in known} == known


def test_every_name_of_the_table_is_found_by_its_initials():
    told = {name.zh: initials(name.zh) for name in (one.name for one in known_regions().values())}
    assert all(len(letters) == len(name) for name, letters in told.items())
    known = {"重庆市": "cqs", "陕西省": "sxs", "长沙市": "css", "郴州市": "czs", "隆回县": "lhx"}
    assert {name: told[name] for name in known} == known
    assert len(MONTHS) == 40
