"""The documentation: both languages say the same, its links lead somewhere, its examples are true.

Links between pages and the names of commands are held by test_house.py and test_deploy.py too;
README, tutorials and how-tos are followed by test_how_tos.py and test_tutorials.py in tests/runs.
"""

import importlib.util
import json
import re
import shlex
from pathlib import Path

import openpyxl
import pytest

import faiwatch as fw
from faiwatch.page.parameters import check_parameters
from faiwatch.run.verdict import EXIT_CODES, VERDICT_WORDS

PROJECT = Path(__file__).parents[2]
DOCS = PROJECT / "docs"
FENCE = re.compile(r"^ *```(\{?[\w-]*\}?)[^\n]*\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
ENGLISH = [p for p in sorted(DOCS.rglob("*.md")) if not p.name.endswith(".zh.md")]
# decisions are for whoever changes the code
PAIRED = [p for p in ENGLISH if "adr" not in p.parts]
BOTH = [*PAIRED, PROJECT / "README.md"]


def each(pages):
    return pytest.mark.parametrize("page", pages, ids=lambda p: str(p.relative_to(PROJECT)))


def chinese(page):
    return page.with_suffix(".zh.md")


def shape(page):
    """Return what both languages must have alike: headings by level, code, rows, pictures."""
    text = page.read_text("utf-8")
    prose = FENCE.sub("", text)
    return {
        "headings": [len(found) for found in re.findall(r"^(#+) ", prose, re.MULTILINE)],
        "code": [kind for kind, _ in FENCE.findall(text)],
        "rows of tables": len(re.findall(r"^\|", prose, re.MULTILINE)),
        "pictures": len(re.findall(r"!\[", prose)),
    }


@each(BOTH)
def test_both_languages_have_the_page_with_the_same_headings_code_and_tables(page):
    assert shape(chinese(page)) == shape(page)


def asked(page):
    """Return the commands of a page: verb and options, without words of a language."""
    blocks = "\n".join(block for _, block in FENCE.findall(page.read_text("utf-8")))
    lines = re.findall(r"^(?:\$ |\.venv/bin/)?faiwatch (.+)$", blocks.replace("\\\n", " "), re.M)
    options = [re.findall(r"(?<!\S)--?[a-z][\w-]*", line.partition(" # ")[0]) for line in lines]
    verbs = [line.split()[0] for line in lines]
    return [(verb, set(more) - {"--lang", "-p"}) for verb, more in zip(verbs, options, strict=True)]


@each(BOTH)
def test_both_languages_show_the_same_commands(page):
    assert asked(chinese(page)) == asked(page)


@each(BOTH)
def test_each_language_leads_to_the_other_and_stays_in_its_own(page):
    here, other = page.read_text("utf-8"), chinese(page).read_text("utf-8")
    assert f"\n[中文]({chinese(page).name})\n" in here
    assert f"\n[English]({page.name})" in other
    links = re.findall(r"\]\((?!\w+:|#)([^)#\s]+\.md)", other)
    translated = [link for link in links if not link.endswith(".zh.md") and link != page.name]
    missed = [link for link in translated if chinese(page.parent / link).resolve().exists()]
    assert not missed


@each(PAIRED)
def test_a_chinese_page_is_written_in_chinese(page):
    prose = re.sub(
        r"`[^`\n]*`|\$[^$\n]*\$|\]\([^)]*\)", "", FENCE.sub("", chinese(page).read_text("utf-8"))
    )
    sources = prose.partition("## 来源")
    english = [
        line
        for line in (sources[0]).splitlines()
        if len(re.findall(r"\b[a-z]{2,}\b", line)) > 12 and not re.search(r"[\u4e00-\u9fff]", line)
    ]
    assert not english


def anchors(page):
    text = FENCE.sub("", page.read_text("utf-8"))
    heads = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.strip().lower()).replace(" ", "-") for head in heads}


@each([*BOTH, *map(chinese, BOTH)])
def test_links_into_a_page_find_their_heading(page):
    for link, anchor in re.findall(r"\]\((?!\w+:)([^)#\s]*)#([^)\s]+)\)", page.read_text("utf-8")):
        target = page.parent / link if link else page
        assert anchor in anchors(target), f"{link}#{anchor}"


@pytest.mark.parametrize(("page", "lang"), [("README.md", "en"), ("README.zh.md", "zh")])
def test_readme_calls_a_verdict_as_the_command_line_does(page, lang):
    text = (PROJECT / page).read_text("utf-8")
    for verdict in VERDICT_WORDS.keys() - {"ok", "skipped", "parameters"}:
        said = VERDICT_WORDS[verdict].in_language(lang).split(" exceeded")[0]
        assert f"| {EXIT_CODES[verdict]} | {said} |" in text


def test_every_picture_is_shown_somewhere():
    shown = {
        Path(link).name
        for page in [*DOCS.rglob("*.md"), *PROJECT.glob("README*.md")]
        for link in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", page.read_text("utf-8"))
    }
    assert {path.name for path in (DOCS / "images").iterdir()} == shown


# --- what is made at build time -----------------------------------------------------------------


@pytest.fixture(scope="module")
def build():
    spec = importlib.util.spec_from_file_location("docs_build", DOCS / "build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_reference_lists_each_public_name_once(build):
    assert sorted(" ".join(build.API.values()).split()) == sorted(fw.__all__)
    assert ".. autoclass:: faiwatch.api.Series\n   :members:" in build.api("en")


def test_links_of_a_staged_page_lead_to_staged_pages_and_to_copies_of_other_files(build):
    text = "[a](../methods/measures.zh.md#x) [b](../../data/breaks.csv) ![c](../images/brief.png)"
    assert build.linked(text, DOCS / "how-to/errors.zh.md", "how-to/errors.md", "zh") == (
        "[a](../methods/measures.md#x) [b](path:../repository/data/breaks.csv) "
        "![c](../repository/docs/images/brief.png)"
    )
    english = build.linked("[a](docs/faq.md#x)", PROJECT / "CONTRIBUTING.md", "project/c.md", "zh")
    assert english == "[a](../faq.md)"  # the Chinese page has other headings


def test_the_glossary_holds_concepts_labels_and_findings_in_both_languages(build):
    for lang in ("zh", "en"):
        page = build.glossary(lang)
        words = {"zh": "| 连续负增长 | negative spell |", "en": "| negative spell | 连续负增长 |"}
        assert words[lang] in page
        assert "[measures](../methods/measures.md)" in page
        assert "| `ytd` | 公布的累计增速 | published growth, year to date |" in page


def test_the_gallery_shows_each_chart_of_the_nation_beside_the_line_that_makes_it(build, tmp_path):
    def ran(region, svg):
        folder = tmp_path / "site/runs" / f"2026-{region}"
        folder.mkdir(parents=True)
        record = {"notebook": "02_monitor", "region": region, "lang": "en", "verdict": "ok"}
        (folder / "run.json").write_text(json.dumps(record))
        data = {"image/svg+xml": svg, "text/plain": "Title\nCaption."}
        cells = [
            {"cell_type": "markdown", "source": "# 投资运行监测"},
            {"cell_type": "markdown", "source": "# Investment monitor"},
            {"cell_type": "code", "source": "page.plot.growth()", "outputs": [{"data": data}]},
        ]
        (folder / "executed.ipynb").write_text(json.dumps({"cells": cells}))

    ran("000000", "<svg>nation</svg>")
    ran("610000", "<svg>province</svg>")
    assert "\n02_monitor\n" in build.gallery("en", tmp_path / "site", tmp_path)
    page = (tmp_path / "gallery/02_monitor.md").read_text("utf-8")
    assert page.startswith("# Investment monitor\n")
    assert "```python\npage.plot.growth()\n```\n\n![Caption.](02_monitor-1.svg)" in page
    assert (tmp_path / "gallery/02_monitor-1.svg").read_text() == "<svg>nation</svg>"


def test_what_is_loaded_from_outside_is_found(build, tmp_path):
    (tmp_path / "a.html").write_text('<a href="https://a.b/">fine</a><script src="//a.b/c.js">')
    (tmp_path / "b.css").write_text("@font-face { src: url(https://a.b/c.woff) }")
    assert len(build.outside(tmp_path)) == 2


# --- examples -------------------------------------------------------------------------------


@pytest.fixture
def an_office(tmp_path, monkeypatch):
    """A folder with the files that the examples of docs/how-to/errors.md speak of."""
    monkeypatch.chdir(tmp_path)
    Path("mine.txt").write_text("\n" * 38 + "{{ anual_plan }}\n", "utf-8")
    Path("semicolons.csv").write_text(
        "region_code;indicator;period;ytd_yoy_pct\n610702;total;2026-08;1,2\n", "utf-8"
    )
    rows = ["610702,total,2026-07,,1.4", "610702,total,2026-08,,1.2", "610702,total,2026-08,,1.3"]
    head = "region_code,indicator,period,ytd_value_100m,ytd_yoy_pct"
    Path("own.csv").write_text("\n".join([head, *rows, ""]), "utf-8")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "分省数据"
    for row in [
        ["数据库：分省年度数据"],
        ["指标：地区生产总值(亿元)"],
        ["地区", "2025年1-6月", "2026年1-6月"],
        ["陕西省", 16000.5, 16800.7],
    ]:
        sheet.append(row)
    book.save("gdp.xlsx")


def told(page):
    """Return the commands of a page and what it says that they answer."""
    found = []
    for kind, block in FENCE.findall(page.read_text("utf-8")):
        if kind == "":
            found += re.findall(r"^\$ faiwatch (.+)\n(?!\$|\n)(.+)$", block, re.MULTILINE)
    return found


@pytest.mark.usefixtures("an_office")
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_error_index_says_what_is_said(lang, faiwatch_says, monkeypatch):
    monkeypatch.setenv("FAIWATCH_LANG", lang)
    page = DOCS / "how-to" / ("errors.md" if lang == "en" else "errors.zh.md")
    # seconds each: test_briefing_template, test_briefing and test_workbook_windows say them
    dear = ("briefing", "ingest mine.csv")
    examples = [one for one in told(page) if not one[0].startswith(dear)]
    assert len(examples) >= 7
    for command, answer in examples:
        code, out, err = faiwatch_says(*shlex.split(command))
        assert code in {2, 10, 11}, command
        lines = [line for line in (out + err).splitlines() if line.strip()]
        assert answer in lines, f"{command}\n{answer}\n{lines}"


@pytest.mark.parametrize("name", ["watch-another-subject.md", "watch-another-subject.zh.md"])
def test_another_subject_is_watched_as_the_page_says(name, tmp_path, monkeypatch, faiwatch_says):
    monkeypatch.chdir(tmp_path)
    blocks = FENCE.findall((DOCS / "how-to" / name).read_text("utf-8"))
    files = ["rules/indicators.csv", "rules/regions.csv", "retail.csv", "construction.csv"]
    (tmp_path / "rules").mkdir()
    (tmp_path / "faiwatch.toml").touch()
    tables = [block for kind, block in blocks if kind == "text"]
    for file, table in zip(files, tables, strict=True):
        (tmp_path / file).write_text(table, encoding="utf-8")
    told = {}
    for kind, block in blocks:
        if kind == "python":
            exec(block, told)
    assert told["sentence"].startswith("January–May 2026: retail sales in Shaanxi fell 0.6%")
    spell = told["spells"].query("definition == 'block'").iloc[0]
    assert (str(spell["start_month"])[:7], spell["n_months"]) == ("2025-12", 3)
    commands = [line for kind, block in blocks if kind == "sh" for line in block.splitlines()]
    for line in commands:
        words = shlex.split(line)[1:]
        if words[0] == "flags":
            assert faiwatch_says(*words)[0] == 0, line
        else:  # the page itself is made elsewhere; its parameters hold
            given = dict(word.split("=", 1) for word in words if "=" in word)
            assert check_parameters(words[1], given).region in {"610000", "840000"}


def test_what_contributing_adds_works_as_it_stands(tmp_path, monkeypatch):
    monkeypatch.chdir(PROJECT)
    text = (PROJECT / "CONTRIBUTING.md").read_text("utf-8")
    section = text.partition("\n## How to add\n")[2].partition("\n## ")[0]
    made = {"folder": tmp_path}
    blocks = [block for kind, block in FENCE.findall(section) if kind == "python"]
    assert len(blocks) == 5
    for block in blocks:
        assert block.count("\n") < 30
        exec(block, made)
    assert made["spells"]["n_months"].tolist()[-1:] == [2]
    assert made["told"].query("definition == 'ytd'")["state"].tolist()[-2:] == ["negative"] * 2
    assert "mark" in made["chart"].spec()["layer"][0]
    assert made["mine"]["month"].is_monotonic_increasing
    assert made["lights"] == ["red", "undefined"]
