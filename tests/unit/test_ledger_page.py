"""The page of a ledger: its sections, hostile cells, five thousand projects, the public version."""

import base64
import csv
import gzip
import itertools
import json
import re
import zipfile
from dataclasses import replace

import pandas as pd
import pytest
from hostile_ledger import hostile_tables, html_of, ledger_page, show_all

from faiwatch.api import open_page
from faiwatch.core.errors import ParameterError
from faiwatch.ledger.cards import ProjectCards
from faiwatch.ledger.page import SECTIONS, PublicLedgerPage
from faiwatch.page.shown import Withheld
from faiwatch.site.templates import MOST_BYTES, whole_script
from faiwatch.view import html as blocks

AUGUST = pd.Period("2026-08", "M")


def open_with(tmp_path=None, **values):
    results = {"results": str(tmp_path)} if tmp_path else {}
    return open_page("06_projects", {"region": "990101", "data": "demo"} | results | values)


@pytest.fixture(scope="module")
def read_once(demo_ledger):
    """Read the made-up ledger once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("faiwatch.ledger.page.ledger_reading", lambda _: demo_ledger)
        yield


@pytest.fixture(scope="module")
def internal(read_once):  # noqa: ARG001
    """Return the page of the made-up ledger for those who may see all of it; it saves nothing."""
    return open_with(profile="internal")


def saving(page, folder):
    return replace(page, parameters=page.parameters.model_copy(update={"results": str(folder)}))


def test_hostile_cells_do_nothing_on_the_page(internal):
    html = html_of(show_all(ledger_page(internal, hostile_tables())))
    assert html.count("&lt;script&gt;") > 20
    assert not re.search(r"<(?:script>alert|img)", html)
    assert not re.search(r"<[^>]*\sonerror=[^>]*>", re.sub(r'aria-label="[^"]*"', "", html))
    assert not re.search("[\x00-\x08\u202a-\u202e\u2066-\u2069]", html)
    assert "长" * 201 not in html
    held = re.findall(r'class="fw-(?:packed|more-rows)">([^<]*)<', html)
    assert held  # what a script unpacks is as clean, and is written as text alone
    for packed in held:
        assert not re.search("[\x00-\x08\u202a-\u202e\u2066-\u2069]", json.dumps(unpacked(packed)))


def test_hostile_cells_are_no_formulas_in_the_result_files(internal, tmp_path, capsys):
    ledger_page(saving(internal, tmp_path), hostile_tables()).save()
    files = list(tmp_path.glob("*.csv"))
    assert len(files) > 12
    for file in files:
        rows = list(csv.reader(file.read_text("utf-8-sig").splitlines()))
        cells = [cell for row in rows for cell in row]
        live = [cell for cell in cells if cell.startswith(("=", "+", "@"))]
        assert live == [], file.name
        assert all(float(cell) < 0 for cell in cells if cell.startswith("-")), file.name
        assert not re.search("[\x00\u202e\u2066]", "".join(cells)), file.name
    assert capsys.readouterr().out == ""


def test_five_thousand_projects_make_a_page_that_is_small_and_says_what_it_leaves_out(
    internal, demo_ledger, tmp_path
):
    tables = dict(demo_ledger.settled())
    sheet = tables["projects"][tables["projects"]["asof"] == AUGUST]
    copies = [
        sheet.assign(project_code=sheet["project_code"] + f"-{at}", name=sheet["name"] + str(at))
        for at in range(41)
    ]
    tables["projects"] = pd.concat(copies, ignore_index=True)
    assert len(tables["projects"]) > 5000
    html = html_of(show_all(ledger_page(saving(internal, tmp_path), tables)))
    assert len(html.encode()) + len(whole_script().encode()) < MOST_BYTES["page"]
    assert len(html.encode()) < MOST_BYTES["site"]
    lag = re.search(r'data-columns="name status shortfall.*?</figure>', html, re.DOTALL)[0]
    rest = unpacked(re.search(r'class="fw-more-rows">([^<]*)<', lag)[1])
    standing = lag[lag.index("<tbody>") : lag.index("fw-more-rows")].count("<tr>")
    assert standing == 60
    assert standing + len(rest) == len(lines_of(tmp_path / "lag.csv")) > 2000  # every row
    held = unpacked(re.search(r'class="fw-packed">([^<]*)<', html)[1])["projects"]
    assert len(held) == len(tables["projects"])
    words = r"<p>[^<]*此处列出前 (\d+) 行，共 (\d+) 行，全表见结果文件 "
    cut = re.findall(words + r'<a href="results/([a-z_]+.csv)">', html)
    for most, n, file in cut:
        assert int(most) < int(n) <= len(lines_of(tmp_path / file)), file


def words_in(file):
    """Return everything that a result file says, a workbook too."""
    if file.suffix != ".xlsx":
        return file.read_text("utf-8")
    with zipfile.ZipFile(file) as book:
        return "".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())


def unpacked(text):
    return json.loads(gzip.decompress(base64.b64decode(text)))


def test_a_card_tells_what_the_ledger_says_of_its_project_with_the_cells(internal, demo_ledger):
    (block,) = internal.cards().outputs()
    held = unpacked(re.search(r'class="fw-packed">([^<]*)<', block["text/html"])[1])
    projects = demo_ledger.settled()["projects"]
    now = projects[projects["asof"] == AUGUST]
    assert set(held["projects"]) == set(now["project_code"])
    for _, row in now.head(12).iterrows():
        card = held["projects"][row["project_code"]]["sections"]
        of_year = projects[projects["project_code"].eq(row["project_code"])]
        of_year = of_year[of_year["asof"].dt.year.eq(2026)]
        done = [cell.replace(",", "") for _, _, cell in card["pace"]]
        assert done == [
            "" if pd.isna(one) else f"{one + 1e-9:.0f}" for one in of_year["ytd_done"]
        ], row["project_code"]
        assert [row["file"], row["sheet"], str(row["row"])] == card["cells"][0][1:]
        (total,) = [line for line in card["money"] if line[0] == "总投资"]
        assert total[2] == f"{row['sheet']}!T{row['row']}"  # the column of the demo's template
        rules = [line[0] for line in card["lights"]]
        board = internal.book.study.board
        assert len(rules) == sum(one.scale.subject == "projects" for one in board.scales)
        assert all(reason for _, _, reason in card["lights"])


def test_what_changed_from_sheet_to_sheet_is_the_history_of_a_card(internal, demo_ledger):
    held = ProjectCards(internal.book.study, internal.book.columns, "zh").data()["projects"]
    projects = demo_ledger.settled()["projects"]
    n = 0
    for code, rows in projects.groupby("project_code"):
        if code not in held:
            continue
        plans = rows.sort_values("asof")["annual_plan"].to_list()
        moved = sum(a != b for a, b in itertools.pairwise(plans) if not pd.isna([a, b]).all())
        told = [
            row for row in held[code]["sections"].get("history", []) if row[1] == "年度计划投资"
        ]
        assert len(told) == moved, code
        n += moved
    assert n > 20


TABLE_OF = {
    "decisions": "minutes",
    "notices": "notices",
    "leads": "leads",
    "parks": "parks",
    "cross_county": "projects",
    "environment": "measures",
}


def test_every_section_of_the_made_up_ledger_shows_something(internal):
    for section in SECTIONS:
        shown = internal.section(section)
        if isinstance(shown, Withheld):  # its table has no rows in this ledger
            assert internal.book.study.tables[TABLE_OF[section]].empty or section == "cross_county"
            continue
        html = html_of(shown.outputs())
        assert "<table" in html, section
        assert "NaN" not in html, section
        assert "None" not in html, section


@pytest.fixture(scope="module")
def public(read_once, tmp_path_factory):  # noqa: ARG001
    """Return the public page, all that it shows, and the folder of its files."""
    results = tmp_path_factory.mktemp("public")
    ledger = open_with(results, profile="public")
    assert isinstance(ledger.cards(), Withheld)
    return ledger, html_of(show_all(ledger)), results


def lines_of(file):
    return list(csv.DictReader(file.read_text("utf-8-sig").splitlines()))


def private_words(demo_ledger):
    tables = demo_ledger.settled()
    fields = [
        ("projects", name)
        for name in ("project_code", "name", "lead", "owner", "problem", "remedy", "content")
    ]
    fields += [("issues", "issue_id"), ("issues", "action"), ("contracts", "investor")]
    fields += [("bonds", "batch"), ("tasks", "title")]
    return {
        word for table, field in fields for word in tables[table][field].unique() if len(word) > 3
    }


def test_the_public_page_and_its_files_name_no_project_code_or_official(public, demo_ledger):
    ledger, html, results = public
    assert isinstance(ledger, PublicLedgerPage)
    told = html + "".join(words_in(file) for file in results.iterdir())
    words = private_words(demo_ledger)
    assert len(words) > 300
    assert not [word for word in words if word in told]
    assert not re.search(r"20\d\d-990101-\d\d", told)


def test_the_public_page_counts_no_red_lights(public):
    assert "red_lights" not in public[0].findings


def test_the_public_page_leaves_out_every_section_but_its_own(public):
    shown = [one for section in SECTIONS for one in public[0].section(section).outputs()]
    assert shown == [{blocks.WITHHELD: ""}] * len(SECTIONS)


def test_public_numbers_rest_on_cells_of_the_published_files(public):
    results, checked = public[2], 0
    for finding in json.loads((results / "findings.json").read_text("utf-8")):
        for cell in finding["inputs"]:
            line = lines_of(results / cell["file"])[cell["row"] - 2]
            assert float(line[cell["column"]]) == cell["value"]
            checked += 1
    assert checked >= 6


def test_small_cells_are_not_published(public):
    for name in ("status", "level", "category", "issues"):
        counts = [float(line["n"]) for line in lines_of(public[2] / f"{name}.csv") if line["n"]]
        assert counts
        assert not [count for count in counts if 0 < count < 3], name


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"rules": "tianjin"}, "rules"),
        ({"ledger": "nothing.xlsx"}, "ledger"),
        ({"ledger": "../ledger.xlsx"}, "ledger"),
        ({"data": "embedded", "region": "000000"}, "ledger"),
        ({"profile": "secret"}, "profile"),
    ],
)
def test_parameters_that_do_not_fit_are_refused(values, name):
    with pytest.raises(ParameterError) as refused:
        open_with(**values)
    assert name in str(refused.value)
