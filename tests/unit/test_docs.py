"""The documentation: both languages say the same, its links lead somewhere, its examples are true.

Links between pages and the names of commands are held by test_house.py and test_deploy.py too.
"""

import re
import shlex
from pathlib import Path

import openpyxl
import pytest

PROJECT = Path(__file__).parents[2]
DOCS = PROJECT / "docs"
FENCE = re.compile(r"^ *```(\{?[\w-]*\}?)[^\n]*\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
ENGLISH = [p for p in sorted(DOCS.rglob("*.md")) if not p.name.endswith(".zh.md")]
# decisions are for whoever changes the code
PAIRED = [p for p in ENGLISH if not {"adr", "methods"} & set(p.parts)]
BOTH = PAIRED


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


@pytest.mark.parametrize("name", ["first-page.md", "first-page.zh.md"])
def test_the_first_page_of_the_tutorial_runs_as_it_stands(name):
    told = {}
    for kind, block in FENCE.findall((DOCS / "tutorial" / name).read_text("utf-8")):
        if kind == "python":
            exec(block, told)
    assert list(told["growth"]["ytd_yoy_pct"].tail(1)) == [-7.2]


@pytest.mark.parametrize("name", ["own-workbook.md", "own-workbook.zh.md"])
def test_the_workbook_of_the_tutorial_is_read_without_a_question(
    name, tmp_path, monkeypatch, faiwatch_says
):
    monkeypatch.chdir(tmp_path)
    blocks = FENCE.findall((DOCS / "tutorial" / name).read_text("utf-8"))
    Path("mine.csv").write_text(next(text for kind, text in blocks if kind == "text"), "utf-8")
    commands = [line for kind, text in blocks if kind == "sh" for line in text.splitlines()]
    answers = [  # a page takes its own tests
        faiwatch_says(*shlex.split(line)[1:]) for line in commands if " run " not in line
    ]
    assert [code for code, _, _ in answers] == [0, 0, 0]
    assert "2026-04" in answers[-1][1]
