"""A bureau's own workbook by the commands of the README: ingest, pages, what was known then."""

import io
import json
from contextlib import redirect_stderr

import nbformat
import pytest
import xlsxwriter

from faiwatch.cli.app import application
from faiwatch.page.parameters import NOTEBOOKS as EVERY
from faiwatch.run.single import RunOptions, run_page

# all but the page of a city over its districts: a district has none
NOTEBOOKS = [name for name in EVERY if name != "09_city"]
REGION = "610702"
PARTS = [
    ("固定资产投资", 90000, 2.0),
    ("其中：民间投资", 45000, -3.0),
    ("房地产开发投资", 12000, -8.0),
]
YEARS = (2023, 2024, 2025, 2026)
LEDGER, WITH_LEDGER = "台账.csv", ("06_projects", "08_briefing")
PROJECTS = """截至月份,项目代码,项目名称,责任单位,年度计划投资(万元),1-n月完成(万元),实际开工日期
2026-07,2026-610702-47-01-000001,汉江路改造,住建局,12000,5000,2026-03-01
2026-07,2026-610702-47-01-000002,工业园厂房,工信局,24000,15000,2026-02-01
2026-08,2026-610702-47-01-000001,汉江路改造,住建局,12000,5600,2026-03-01
2026-08,2026-610702-47-01-000002,工业园厂房,工信局,24000,17000,2026-02-01
"""


def workbook(path, *, until, revised=0.0):
    """Write a sheet for each year, months down, as bureaus keep them; growth of July is revised."""
    with xlsxwriter.Workbook(path) as book:
        for year in YEARS:
            sheet = book.add_worksheet(f"{year}年")
            sheet.write(0, 0, f"汉台区{year}年固定资产投资完成情况")
            sheet.write(1, 3, "单位：万元、%")
            sheet.write_row(2, 0, ["月份", "指标名称", "本月止累计", "同比增长"])
            row = 3
            for month in range(2, 13 if year < YEARS[-1] else until + 1):
                for at, (name, value, growth) in enumerate(PARTS):
                    label = f"1-{month}月" if at == 0 else ""
                    slower = growth - (year - YEARS[0]) * (2 + month / 10)
                    slower += revised if (year, month) == (2026, 7) else 0
                    sheet.write_row(row, 0, [label, name, value * month, round(slower, 1)])
                    row += 1
            sheet.write(row + 1, 0, "注：数据为快报数。")
    return path


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """Return a folder with two ingested workbooks as a store and as a plain CSV."""
    folder = tmp_path_factory.mktemp("own")
    (folder / "regions.csv").write_text("region_code,name_zh,name_en\n610702,汉台区,Hantai\n")
    (folder / LEDGER).write_text(PROJECTS, encoding="utf-8")
    july = workbook(folder / "七月.xlsx", until=7)
    august = workbook(folder / "八月.xlsx", until=8, revised=9.0)
    keep = ["--data", "vintages", "--issued"]
    kept = [august, *keep, "2026-09-20", "--out", "own.csv"]
    with pytest.MonkeyPatch.context() as patch, redirect_stderr(io.StringIO()) as said:
        patch.chdir(folder)
        patch.setenv("FAIWATCH_REGIONS", str(folder / "regions.csv"))
        patch.setenv("FAIWATCH_LANG", "en")
        for words in ([july, *keep, "2026-08-20"], kept):
            code = application("ingest")(["ingest", *map(str, words)], standalone_mode=False)
            assert not code, said.getvalue()
            assert said.getvalue() == ""
    return folder


def asked(notebook, data):
    """Return the parameters of a page over own figures."""
    values = {"region": REGION, "data": data, "lang": "zh"}
    return values | ({"ledger": LEDGER} if notebook in WITH_LEDGER else {})


@pytest.fixture
def here(own, monkeypatch):
    """Work in the folder of the workbooks, whose region is named in a file."""
    monkeypatch.chdir(own)
    monkeypatch.setenv("FAIWATCH_REGIONS", str(own / "regions.csv"))


@pytest.fixture(scope="module")
def site(own, warm):
    """Return a site with every page from a store."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(own)
        patch.setenv("FAIWATCH_REGIONS", str(own / "regions.csv"))
        for notebook in NOTEBOOKS:
            run_page(notebook, asked(notebook, "vintages"), RunOptions(own / "site", warm=warm))
    return own / "site"


def findings_of(site, notebook):
    """Return by id what the run of a page found."""
    (kept,) = site.glob(f"runs/2*-{notebook}-*/results/findings.json")
    return {one["id"]: one for one in json.loads(kept.read_text("utf-8"))}


@pytest.mark.parametrize("notebook", sorted(NOTEBOOKS))
def test_every_page_takes_a_store(site, notebook):
    page = (site / "zh" / REGION / f"{notebook}.html").read_text("utf-8")
    assert "汉台区" in page
    (run,) = site.glob(f"runs/2*-{notebook}-*/run.json")
    record = json.loads(run.read_text("utf-8"))
    assert (record["verdict"], record["data_as_of"]) == ("ok", "2026-08")


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("notebook", sorted(NOTEBOOKS))
def test_every_page_takes_a_csv_and_finds_what_the_store_says(site, notebook, project, tmp_path):
    cells = nbformat.read(project / f"notebooks/{notebook}.ipynb", 4).cells
    parameters, *asking = (cell.source for cell in cells if cell.cell_type == "code")
    names = {}
    exec(parameters, names)
    names |= asked(notebook, "own.csv") | {"results": str(tmp_path)}
    for source in asking:
        exec(source, names)
    page = names["page"] if "page" in names else names["bench"].series
    assert (page.region.name.zh, page.as_of) == ("汉台区", "2026-08")
    stored = findings_of(site, notebook)
    found = {one["id"]: one for one in json.loads((tmp_path / "findings.json").read_text("utf-8"))}
    assert found.keys() == stored.keys()
    assert found["verdict"]["zh"] == stored["verdict"]["zh"]


def test_a_page_that_cannot_be_made_lists_every_error_of_the_file(
    tmp_path, monkeypatch, faiwatch_says
):
    rows = [
        "2026-02,10,-1",
        "2026-03,20,-1.5",
        "2026-03,20,-1.7",
        "2026-04,-5,-2",
        "2026-05,40,-150",
    ]
    lines = [f"{REGION},total,{row}" for row in rows]
    header = "region_code,indicator,period,ytd_value_100m,ytd_yoy_pct"
    (tmp_path / "own.csv").write_text("\n".join([header, *lines]), "utf-8")
    monkeypatch.chdir(tmp_path)
    given = ["-p", "data=own.csv", "-p", f"region={REGION}", "-p", "lang=en"]
    code, _, told = faiwatch_says("run", "01_data", *given, "--site", "site")
    assert code == 11, told
    page = (tmp_path / "site/en" / REGION / "01_data.failed.html").read_text("utf-8")
    assert [place for place in range(2, 8) if f">own.csv:{place}<" in page] == [4, 5, 6]


def test_a_number_of_a_page_is_traced_to_the_sheet_of_the_workbook(site):
    row = findings_of(site, "02_monitor")["ytd_yoy"]["inputs"][-1]
    assert (row["file"], row["sheet"], row["row"]) == ("八月.xlsx", "2026年", 22)


@pytest.mark.usefixtures("here")
def test_the_past_is_as_it_was_known_and_the_change_is_told(faiwatch_says):
    def answer(*words):
        about = ["--data", "vintages", "--region", REGION, "--json"]
        code, out, told = faiwatch_says(*words, *about)
        assert code == 0, told
        return json.loads(out)["flags"]

    answers = {}
    for as_of in ("2026-07", "2026-08"):
        rows = answer("flags", "--as-of", as_of)
        answers[as_of] = {row["period"]: row["state"] for row in rows if row["definition"] == "ytd"}
    assert answers["2026-07"]["2026-07"] == "negative"
    assert answers["2026-08"]["2026-07"] == "non_negative"
    withdrawn = {
        (row["indicator"], row["definition"], row["period"])
        for row in answer("diff")
        if row["kind"] == "withdrawn"
    }
    assert ("total", "ytd", "2026-07") in withdrawn
