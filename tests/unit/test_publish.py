"""Pages and site: rules for pages, the two languages, and nothing good ever overwritten."""

import base64
import hashlib
import re
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from faiwatch.core import files
from faiwatch.core.errors import PublicationBlockedError
from faiwatch.core.finding import Finding, write_findings
from faiwatch.core.text import Text
from faiwatch.page.parameters import NOTEBOOKS
from faiwatch.run.request import check_request
from faiwatch.run.single import PageRun, RunOptions
from faiwatch.site import templates
from faiwatch.site.article import read_article
from faiwatch.site.html import render_failure_page, render_page
from faiwatch.site.index import build_index
from faiwatch.site.run_record import CellRecord, ResultFile, RunRecord, write_record
from faiwatch.site.site import last_good_date, page_address, page_ready
from faiwatch.site.templates import (
    asset_name,
    page_style,
    template_file,
    whole_script,
    write_assets,
)
from faiwatch.site.words import HAPPENED, NOTEBOOK_TITLES
from faiwatch.view.html import LEFT_OUT, WITHHELD, annex
from faiwatch.view.html.result_files import linked


def a_record(**changes):
    told = {
        "run_id": "r1",
        "notebook": "02_monitor",
        "region": "000000",
        "as_of": "latest",
        "data_as_of": "2026-08",
        "lang": "zh",
        "verdict": "ok",
        "parameters": {"region": "000000", "months": 96},
        "code_version": "1a2b3c4",
        "seeds": {"numpy": 0},
        "threads": {},
        "versions": {"python": "3.11"},
        "started": "2026-09-20T01:02:03+00:00",
        "seconds": 12.34,
    }
    return RunRecord(**(told | changes))


def html_output(html):
    return new_output("display_data", {"text/html": html, "text/plain": "<object>"})


def tagged(cell, *tags):
    cell.metadata["tags"] = list(tags)
    return cell


@pytest.fixture
def executed(tmp_path):
    def write(*more):
        cells = [
            tagged(new_markdown_cell("# 投资下降吗\n\n给读者。"), "zh"),
            tagged(new_markdown_cell("# Is it falling\n\nFor readers."), "en"),
            tagged(new_code_cell("months = 96  # default"), "parameters"),
            tagged(new_code_cell("months = 24  # injected"), "injected-parameters"),
            new_code_cell("load = 1", outputs=[new_output("stream", name="stderr", text="Warned")]),
            new_code_cell("show()", outputs=[html_output("<p>BLOCK</p>")]),
            tagged(new_markdown_cell("## 增速\n\n<b>raw</b>"), "zh"),
            tagged(new_markdown_cell("## Growth"), "en"),
            *more,
        ]
        path = tmp_path / "executed.ipynb"
        nbformat.write(new_notebook(cells=cells), path)
        return path

    return write


def test_a_section_that_is_withheld_goes_with_its_heading_and_others_stay(executed):
    withheld = new_output("display_data", {WITHHELD: ""})
    path = executed(
        new_code_cell("show()", outputs=[html_output("<p>BLOCK</p>")]),
        tagged(new_markdown_cell("## 内部"), "zh"),
        tagged(new_markdown_cell("## Internal"), "en"),
        new_code_cell("secret()", outputs=[withheld]),
        tagged(new_markdown_cell("## 方法"), "zh"),
        tagged(new_markdown_cell("## Method"), "en"),
        new_code_cell("save()"),
    )
    article = read_article(path, "zh")
    assert [heading for _, heading in article.contents] == ["增速", "方法"]
    assert "secret()" not in article.body


def test_sections_of_the_annex_fold_under_their_headings_and_those_before_it_do_not(executed):
    path = executed(
        new_code_cell("show()", outputs=[html_output("<p>SUMMARY</p>")]),
        new_code_cell("page.annex()", outputs=[html_output(annex(lang="zh"))]),
        tagged(new_markdown_cell("## 检验\n\n过去如何。"), "zh"),
        tagged(new_markdown_cell("## Record"), "en"),
        new_code_cell("record()", outputs=[html_output("<p>RECORD</p>")]),
        tagged(new_markdown_cell("## 方法\n\n说明。"), "zh"),
        new_code_cell("save()"),
    )
    article = read_article(path, "zh")
    assert article.contents == (
        ("s1", "增速"), ("s2", "附录"), ("s3", "检验"), ("s4", "方法")
    )  # fmt: skip
    before, *folded = article.body.split('<details class="annex">')
    assert "SUMMARY" in before
    assert "附录" in before
    assert "page.annex()" not in article.body
    assert [section.count("</details>") for section in folded] == [2, 1]  # a fold of code is one
    assert folded[0].startswith('<summary><h2 id="s3">检验</h2></summary>')
    assert "过去如何。" in folded[0]
    assert "RECORD" in folded[0]
    assert folded[1].startswith('<summary><h2 id="s4">方法</h2></summary>')
    assert article.body.rstrip().endswith("</details>")


def test_what_has_no_data_is_left_out_with_its_heading_and_named_once(executed):
    def lacking(title):
        return new_output("display_data", {LEFT_OUT: title, "text/plain": f"{title} (待补)"})

    path = executed(
        new_code_cell("show()", outputs=[html_output("<p>BLOCK</p>"), lacking("当月增速")]),
        tagged(new_markdown_cell("## 空"), "zh"),
        new_code_cell("draw()", outputs=[lacking("图一")]),
        new_code_cell("draw_again()", outputs=[lacking("当月增速")]),
    )
    article = read_article(path, "zh")
    assert [heading for _, heading in article.contents] == ["增速"]
    assert "draw()" not in article.body
    assert article.body.count("当月增速") == article.body.count("图一") == 1
    assert "待补" not in article.body
    assert "没有数据、未列出的内容" in article.body


def test_a_page_holds_one_language_and_what_readers_need(executed):
    html = render_page(executed(), a_record(), bundle="site")
    assert '<html lang="zh-CN">' in html
    assert "<title>投资下降吗 · 全国 · 2026年8月</title>" in html
    assert html.count("<h1") == 1
    assert "<p>BLOCK</p>" in html
    assert '<a href="#s1">增速</a>' in html
    assert 'href="../../en/000000/02_monitor.html"' in html
    assert 'href="../../index.html"' in html
    for absent in ("Is it falling", "Growth", "Warned", "# default", "# injected", "&lt;object"):
        assert absent not in html


def test_a_link_to_a_result_file_leads_to_where_the_file_lies(executed):
    words = linked(Text("见 lag.csv", ""), "lag.csv", lang="zh")
    cell = new_code_cell("cut()", outputs=[html_output(f"<p>{words}</p>")])
    files = [ResultFile(file="lag.csv", sha256="", bytes=1)]
    html = render_page(executed(cell), a_record(results=files), bundle="site")
    assert '<p>见 <a href="../../runs/r1/results/lag.csv">lag.csv</a></p>' in html
    assert "<p>见 lag.csv</p>" in render_page(executed(cell), a_record(), bundle="site")
    alone = render_page(executed(cell), a_record(results=files), bundle="page")
    assert "<p>见 lag.csv</p>" in alone


def test_a_users_file_is_shown_by_its_name_alone(executed):
    parameters = {"data": "/srv/figures/own.csv", "months": 96}
    html = render_page(executed(), a_record(parameters=parameters), bundle="site")
    assert "data=own.csv" in html
    assert "/srv/figures" not in html


def test_the_english_page_links_back(executed):
    html = render_page(executed(), a_record(lang="en"), bundle="site")
    assert '<html lang="en">' in html
    assert 'href="../../zh/000000/02_monitor.html"' in html
    assert 'href="../../index.en.html"' in html


def test_a_single_file_links_nowhere(executed):
    html = render_page(executed(), a_record(), bundle="page")
    assert not re.search(r'(?:href|src)="(?!#|data:)', html)


def test_markup_in_markdown_is_shown_not_obeyed(executed):
    assert "&lt;b&gt;raw" in render_page(executed(), a_record(), bundle="site")


def test_code_is_folded_and_silent_cells_share_the_next_fold(executed):
    html = render_page(executed(), a_record(), bundle="site")
    folds = re.findall(r'<details class="code">.*?</details>', html, re.DOTALL)
    assert len(folds) == 1
    assert "load = 1" in folds[0]
    assert "show()" in folds[0]


def test_style_that_a_notebook_shows_itself_is_left_out(executed):
    cell = new_code_cell("style()", outputs=[html_output("<style>p{color:red}</style>")])
    assert "color:red" not in render_page(executed(cell), a_record(), bundle="site")


def test_the_policy_names_style_and_script_by_hash_and_allows_no_eval(executed):
    chart = new_code_cell("c", outputs=[html_output('<script class="vega-spec">{}</script>')])
    html = render_page(executed(chart), a_record(), bundle="page")
    policy = re.search(r'Policy" content="([^"]+)"', html)[1].replace("&#39;", "'")
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)[1]
    script = re.search(r"<script>(.*?)</script>", html, re.DOTALL)[1]
    for part in (style, script):
        digest = base64.b64encode(hashlib.sha256(part.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("verdict", sorted(HAPPENED))
def test_a_run_that_did_not_end_well_is_no_normal_page(executed, verdict):
    with pytest.raises(PublicationBlockedError):
        render_page(executed(), a_record(verdict=verdict), bundle="site")


def test_a_cell_that_ended_in_an_error_blocks_the_page(executed):
    error = new_output("error", ename="E", evalue="e", traceback=["Traceback"])
    with pytest.raises(PublicationBlockedError, match=r"cell 9|第 9"):
        render_page(executed(new_code_cell("x", outputs=[error])), a_record(), bundle="site")


def test_a_page_that_is_too_large_names_its_biggest_figure(executed):
    figures = [("fig-small", 10), ("fig-big", 3_100_000)]
    html = "".join(f'<figure id="{id}">{"x" * size}</figure>' for id, size in figures)
    cell = new_code_cell("c", outputs=[html_output(html)])
    with pytest.raises(PublicationBlockedError, match="fig-big"):
        render_page(executed(cell), a_record(), bundle="site")


def test_a_path_of_a_home_folder_blocks_the_page(executed):
    cell = new_code_cell("c", outputs=[html_output("<p>/home/somebody/x.csv</p>")])
    with pytest.raises(PublicationBlockedError, match="/home/somebody"):
        render_page(executed(cell), a_record(), bundle="site")


def test_made_up_figures_are_marked(executed):
    for lang in ("zh", "en"):
        record = a_record(lang=lang, region="990101", is_made_up=True)
        assert "演示数据" in render_page(executed(), record, bundle="site")
    assert "演示数据" not in render_page(executed(), a_record(), bundle="site")


def test_an_internal_page_says_so_in_its_title_and_on_every_printed_sheet(executed):
    record = a_record(parameters={"confidential": True})
    html = render_page(executed(), record, bundle="site")
    assert "<title>内部资料 · " in html
    assert '@bottom-left{content:"内部资料 · ' in html
    assert "内部资料" not in render_page(executed(), a_record(), bundle="site")


def test_only_a_page_of_the_latest_month_can_grow_stale(executed):
    assert 'data-after="2026-10-20"' in render_page(executed(), a_record(), bundle="site")
    exercise = a_record(as_of="2026-08")
    assert "data-after" not in render_page(executed(), exercise, bundle="site")


def test_a_failure_page_says_what_why_when_and_where():
    record = a_record(
        verdict="deadline",
        cause="超过 <600> 秒",
        cells=(CellRecord(index=4, heading="增速", status="failed"),),
    )
    html = render_failure_page(record, last_good="2026-08-20")
    for told in (
        "运行超时",
        "超过 &lt;600&gt; 秒",
        "2026-09-20 01:02 UTC",
        "4. 增速",
        "r1/executed.ipynb",
    ):
        assert told in html
    assert '<a href="02_monitor.html">2026-08-20</a>' in html
    assert "尚无" in render_failure_page(record, last_good=None)


def lay_down(site, record, html):
    with page_ready(site, record, html) as publish:
        publish()
    good = site / page_address(record)
    return good if record.verdict == "ok" else good.with_suffix(".failed.html")


def test_a_failure_never_replaces_a_good_page_and_a_good_page_removes_the_failure(tmp_path):
    good = lay_down(tmp_path, a_record(), "GOOD")
    bad = lay_down(tmp_path, a_record(verdict="cell_error"), "BAD")
    assert good == tmp_path / "zh/000000/02_monitor.html"
    assert (good.read_text(), bad.read_text()) == ("GOOD", "BAD")
    assert bad.name == "02_monitor.failed.html"

    lay_down(tmp_path, a_record(), "BETTER")
    assert good.read_text() == "BETTER"
    assert [path.name for path in good.parent.iterdir()] == ["02_monitor.html"]


def test_a_write_that_breaks_off_leaves_the_old_page_and_no_rest(tmp_path, monkeypatch):
    page = lay_down(tmp_path, a_record(), "OLD")

    def break_off(_):
        raise OSError

    monkeypatch.setattr(files.os, "fsync", break_off)
    with pytest.raises(OSError):  # noqa: PT011  the error of a full disk has no words of its own
        lay_down(tmp_path, a_record(), "NEW")
    assert page.read_text() == "OLD"
    assert [path.name for path in page.parent.iterdir()] == [page.name]


def test_the_script_of_a_site_is_named_by_what_it_is_made_of(tmp_path, monkeypatch):
    path = write_assets(tmp_path)
    assert path == tmp_path / "assets" / asset_name()
    assert path.read_text() == whole_script()
    assert write_assets(tmp_path) == path
    names = {path.name}
    for part in ("bundle_version", "page_script"):
        with monkeypatch.context() as changed:
            changed.setattr(templates, part, lambda: "another")
            asset_name.cache_clear()
            names.add(asset_name())
    asset_name.cache_clear()
    assert len(names) == 3


def test_a_page_is_named_without_building_the_chart_library_and_an_index_needs_no_tables():
    code = """
import sys
from faiwatch.site import index, templates
templates.javascript_bundle = None
templates.asset_name()
sys.exit("pandas" in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", code], timeout=120).returncode == 0


def a_run(site, record, sentence="", number="−7.2%", value=-7.2):
    folder = site / "runs" / record.run_id
    (folder / "results").mkdir(parents=True)
    write_record(record, folder / "run.json")
    if record.verdict != "ok":
        return
    common = {
        "unit": "pct",
        "period": "2026-08",
        "as_of": "2026-08",
        "definition": "growth",
        "definition_zh": "增速",
        "formula": "",
        "inputs": (),
        "state": "ok",
        "value": value,
    }
    told = [
        Finding(id="verdict", zh=sentence, en=sentence, **common),
        Finding(id="ytd_yoy", zh=number, en=number, **common),
    ]
    write_findings(told, folder / "results" / "findings.json")
    lay_down(site, record, "page")


def test_the_index_lists_regions_by_severity_with_verdict_and_status(tmp_path):
    a_run(tmp_path, a_record(run_id="a"), "全国下降")
    demo = a_record(run_id="b", region="990101", is_made_up=True, started="2026-09-21T00:00:00Z")
    a_run(tmp_path, demo, "演示区<下降>")
    worse = a_record(run_id="d", region="610000", data_as_of="2026-09")
    a_run(tmp_path, worse, "陕西下降", "−9.1%", -9.1)
    failed = a_record(run_id="c", verdict="kernel_died", started="2026-09-19T00:00:00Z")
    a_run(tmp_path, failed.model_copy(update={"notebook": "01_data"}))
    zh, en = build_index(tmp_path)
    html = zh.read_text()
    order = [html.index(words) for words in ("陕西下降", "全国下降", "演示区&lt;下降&gt;")]
    assert order == sorted(order)
    assert html.count('class="tag">演示数据') == 2  # in the table, and among the pages
    assert 'href="zh/000000/02_monitor.html"' in html
    assert "2026-09-19 计算进程意外终止" in html
    assert "−7.2%" in html
    assert 'href="index.en.html"' in html
    assert "There are no runs yet" in en.read_text()


def test_the_index_keeps_the_last_good_verdict_when_the_newest_run_failed(tmp_path):
    a_run(tmp_path, a_record(run_id="a"), "八月下降")
    bad = a_record(run_id="b", verdict="late", started="2026-10-20T00:00:00Z", data_as_of="")
    a_run(tmp_path, bad)
    lay_down(tmp_path, bad, "failure")
    html = build_index(tmp_path)[0].read_text()
    for told in ("八月下降", "2026-10-20 数据缺失或迟到", "02_monitor.failed.html", "2026-09-20"):
        assert told in html
    assert last_good_date(tmp_path, bad) == "2026-09-20"


PUBLIC = {"profile": "public"}
EDITIONS = [
    ("06_projects", {"profile": "internal"}, "06_projects.html", "项目台账调度（内部版）"),
    ("06_projects", PUBLIC, "06_projects.public.html", "项目台账调度（公开版）"),
    ("08_briefing", {"confidential": False}, "08_briefing.html", "简报"),
    ("08_briefing", {"confidential": True}, "08_briefing.confidential.html", "简报（内部资料）"),
]


def test_editions_of_a_page_lie_beside_each_other_and_the_index_tells_them_apart(tmp_path):
    for at, (notebook, parameters, name, _) in enumerate(EDITIONS):
        record = a_record(run_id=f"r{at}", notebook=notebook, parameters=parameters)
        a_run(tmp_path, record, "八月")
        failed = record.model_copy(update={"run_id": f"f{at}", "verdict": "late"})
        assert lay_down(tmp_path, failed, "BAD").read_text() == "BAD"
        assert (tmp_path / "zh/000000" / name.replace(".html", ".failed.html")).is_file()
        assert last_good_date(tmp_path, failed) == "2026-09-20"
        assert f'<a href="{name}">' in render_failure_page(failed, last_good="2026-09-20")
    html = build_index(tmp_path)[0].read_text()
    listed = html[html.index('<ul class="pages">') :]
    links = re.findall(r'<a href="zh/000000/([^"]+)">([^<]+)</a>', listed)
    assert links == [(name, title) for _, _, name, title in EDITIONS]


def test_a_public_page_links_to_no_internal_one(executed, tmp_path):
    given = {"region": "990101", "data": "demo", "lang": "zh"}
    site, runs = RunOptions(tmp_path), {}
    for profile in ("internal", "public"):
        asked = check_request("06_projects", given | {"profile": profile})
        runs[profile] = PageRun("06_projects", asked, site)
    for name in ("en/990101/06_projects.html", "zh/990101/06_projects.html"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("internal")
    assert runs["internal"].has_other_language()
    assert not runs["public"].has_other_language()
    record = a_record(notebook="06_projects", region="990101", parameters=PUBLIC)
    html = render_page(executed(), record, bundle="site")
    assert "en/990101/06_projects.public.html" in html
    assert "06_projects.html" not in html


def test_the_index_of_a_site_with_public_pages_alone_names_no_internal_one(tmp_path):
    a_run(tmp_path, a_record(notebook="06_projects", parameters=PUBLIC), "八月")
    html = build_index(tmp_path)[0].read_text()
    assert "06_projects.public.html" in html
    assert "内部" not in html
    assert "06_projects.html" not in html


def test_every_notebook_has_a_title():
    assert set(NOTEBOOK_TITLES) == set(NOTEBOOKS)


def test_every_verdict_but_ok_has_words():
    assert set(HAPPENED) == set(RunRecord.model_fields["verdict"].annotation.__args__) - {"ok"}


def luminance(colour):
    def linear(part):
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_words_on_a_dark_screen_have_contrast():
    dark = template_file("page.css").partition("prefers-color-scheme:dark")[2]
    colours = dict(re.findall(r"--([\w-]+):(#\w{6});", dark))
    for name in ("ink", "muted", "positive", "negative", "indeterminate", "accent", "link"):
        for ground in ("paper", "ground", "tint"):
            lights = sorted([luminance(colours[name]), luminance(colours[ground])])
            assert (lights[1] + 0.05) / (lights[0] + 0.05) >= 4.5, (name, ground)


def test_the_style_is_small_and_names_no_file():
    assert len(page_style()) < 34_000
    assert "url(" not in page_style()
    assert "@import" not in page_style()
