"""Each tutorial is followed word by word, in both languages: what it says to type is typed.

A page that stands in the site of this test run with the same parameters is not made twice. Others
are made one after the other, in kernels that are forked.
"""

import ast
import json
import re
import shlex
import subprocess
from dataclasses import replace
from pathlib import Path

import docx
import openpyxl
import pandas as pd
import pytest

import faiwatch as fw
from faiwatch.page.parameters import check_parameters
from faiwatch.run.report import report

PROJECT = Path(__file__).parents[2]
TUTORIALS = PROJECT / "docs/tutorial"
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LEDGER_HEAD = 4  # the row of a template that rows follow
# six seconds: made in one language, and the site of this run has its page in both
IN_CHINESE = "09_city"


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """Return the folder that all tutorials are followed in, and what each line typed there said."""
    return tmp_path_factory.mktemp("office"), {}


@pytest.fixture(params=["en", "zh"])
def follow(request, office, monkeypatch, faiwatch_says, built_site, warm):
    """Return a function that follows a tutorial in a language; it returns what became of it."""
    lang, (folder, typed_before) = request.param, office
    monkeypatch.chdir(folder)
    monkeypatch.setenv("FAIWATCH_LANG", lang)
    there = [json.loads(path.read_text("utf-8")) for path in built_site.glob("runs/*/run.json")]
    there = {(one["notebook"], *sorted(one["parameters"].items())): one["verdict"] for one in there}

    def one_by_one(plan, options, progress):
        options = replace(options, warm=warm)
        return [record for job in plan for record in report([job], options, progress)]

    monkeypatch.setattr("faiwatch.run.report.report", one_by_one)

    def is_there(notebook, *more):
        """Whether the site of this test run has the page that is asked for."""
        given = dict(word.split("=", 1) for word in more if "=" in word)
        asked = check_parameters(notebook, given).model_dump(mode="json", exclude={"results"})
        assert asked["lang"] == given.get("lang", "zh")
        verdict = there.get((notebook, *sorted(asked.items())))
        assert verdict in {None, "ok"}
        return verdict == "ok" or (notebook == IN_CHINESE and lang == "en")

    def typed(line):
        _, verb, *words = shlex.split(line)
        if verb == "report" or (verb == "run" and is_there(*words)):
            return ""  # by `faiwatch report` that site was built
        if [verb, *words[:1]] == ["ingest", "ledger.xlsx"]:
            fill_in("ledger.xlsx")
        code, out, err = faiwatch_says(verb, *words)
        assert code == 0, f"{line}\n{out}{err}"
        return out

    def through(name):
        text = (TUTORIALS / f"{name}{'.zh' if lang == 'zh' else ''}.md").read_text("utf-8")
        made, said = {}, {}
        for kind, block in BLOCK.findall(text):
            if kind == "python":
                exec(block, made)
            elif kind == "text":  # the one file that a tutorial brings
                Path("mine.csv").write_text(block, "utf-8")
            else:
                for line in (
                    block.splitlines() if kind == "sh" else map(of_make, block.splitlines())
                ):
                    if (
                        line not in typed_before
                    ):  # the same in the other language is not typed again
                        typed_before[line] = typed(line)
                    said[line] = typed_before[line]
        return lang, made, said

    return through


def of_make(line):
    """Return the command that a line of Make stands for."""
    done = subprocess.run(
        [*shlex.split(line), "--dry-run", "--no-print-directory"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    last = done.stdout.replace("\\\n", " ").strip().splitlines()[-1]
    return " ".join(last.split()).removeprefix(".venv/bin/python -m ")


def fill_in(path):
    """Write the first project into an empty ledger: the three columns that need an answer."""
    book = openpyxl.load_workbook(path)
    projects = book.worksheets[1]
    heads = [cell.value for cell in projects[LEDGER_HEAD]]
    needed = [at for at, head in enumerate(heads, 1) if str(head).endswith("*")]
    values = ["2026-08", "2020-990101-47-03-012345", "甲项目"]
    for at, value in zip(needed, values, strict=True):
        projects.cell(LEDGER_HEAD + 1, at, value)
    book.save(path)


def paragraphs(path):
    return [one.text for one in docx.Document(path).paragraphs]


def test_every_tutorial_is_followed_here():
    body = ast.parse(Path(__file__).read_text("utf-8")).body
    here = {node.name for node in body if isinstance(node, ast.FunctionDef)}
    names = {path.name.partition(".")[0].replace("-", "_") for path in TUTORIALS.glob("*.md")}
    assert len(names) == 5
    assert {f"test_{name}" for name in names} <= here


def test_first_page(follow):
    _, made, said = follow("first-page")
    assert list(made["growth"]["ytd_yoy_pct"].tail(1)) == [-7.2]
    assert list(said) == ["faiwatch report", "faiwatch run 02_monitor -p 'region=Shaanxi'"]
    assert Path("site/zh/610000/02_monitor.html").exists()


def test_own_workbook(follow):
    lang, _, said = follow("own-workbook")
    (flags,) = (out for line, out in said.items() if " flags " in line)
    assert "2026-04" in flags
    assert Path(f"site/{lang}/610702/02_monitor.html").exists()


def test_own_ledger(follow):
    _, _, said = follow("own-ledger")
    (read,) = (out for line, out in said.items() if " ingest " in line)
    assert "1" in read
    assert len(paragraphs("report.docx")) > 20
    assert paragraphs("report.provenance.docx")


def test_weekly_round(follow):
    _, _, said = follow("weekly-round")
    assert len(said) == 4
    assert paragraphs("agenda.docx")
    assert openpyxl.load_workbook("minutes.xlsx").worksheets[0].max_row > 3
    assert len(openpyxl.load_workbook("judged.xlsx").sheetnames) > 5


def test_the_city(follow):
    follow("the-city")
    ours = fw.series("990101", data="demo-city").growth()
    again = fw.series("990101", data="city.csv").growth()
    held = ["month", "ytd_value_100m", "ytd_yoy_pct"]
    pd.testing.assert_frame_equal(again[held], ours[held])
    assert pd.read_csv("city.csv")["origin"].str.fullmatch(r"\S+\.csv:\d+").all()
    assert len(list(Path("notices").glob("*.docx"))) == 1
    assert paragraphs("briefing.docx")
