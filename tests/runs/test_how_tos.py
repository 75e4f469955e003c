"""README and each how-to are followed in order, in both languages: what they say is typed.

Verbs run in this process, in a folder for each page. What other tests hold is stood in for: a page
is opened and says its verdict, but no kernel runs; a service has one release, asked for by its
address, and nothing else; web hooks are on this machine. What a briefing is filled with is found
once for each month: its lines are about one district, and differ in form.
"""

import ast
import csv
import io
import os
import re
import shlex
import shutil
from pathlib import Path

import docx
import openpyxl
import pandas as pd
import pytest
from made_releases import page as release_page
from made_site import make_site
from service import Service, reply

from faiwatch.api import open_page
from faiwatch.briefing import build
from faiwatch.cli import round as rounds
from faiwatch.run.batch import check_plan
from faiwatch.site.run_record import read_record

PROJECT = Path(__file__).parents[2]
HOW_TOS = PROJECT / "docs/how-to"
TUTORIALS = "".join(one.read_text("utf-8") for one in PROJECT.glob("docs/tutorial/*.md"))
README = "README"
NAMES = [README, *sorted(path.name.removesuffix(".zh.md") for path in HOW_TOS.glob("*.zh.md"))]
ELSEWHERE = {
    "accessibility": "nothing is typed",
    "errors": "tests/unit/test_docs.py compares each answer",
    "watch-another-subject": "tests/unit/test_docs.py follows it",
}
NOT_HERE = {
    "make report": "a site: it is built once for all tests, by the command behind it",
    "make test": "this is it",
    "conda": "no conda was at hand: tests/unit/test_house.py compares its list of packages",
    "make wheel": "minutes and a package index: make test-wheel",
    "pip install": "a package index: make test-wheel",
    "faiwatch lab": "a server and a browser: tests/browser/test_lab.py",
    "dask": "machines of a cluster: tests/runs/test_cluster.py",
    "faiwatch batch --regions all --data s3:": "the same",
    "papermill": "a process is the claim: tests/runs/test_warm.py",
    "jupyter nbconvert": "the same",
    "sudo": "changes the machine: tests/unit/test_deploy.py reads the unit and the crontab",
    "podman": "builds an image: deploy/check and tests/unit/test_deploy.py read the recipe",
    "kubectl": "a cluster of containers: deploy/check and tests/unit/test_deploy.py",
    "schtasks": "Windows: tests/unit/test_deploy.py reads the task",
    "faiwatch fetch fred -p key_env": "a key over an encrypted line: tests/runs/test_fetch.py",
}
# by what a line begins with, the longest that fits; all others end with 0
EXITS = {
    "faiwatch doctor": {0, 2, 10},  # what this computer lacks
    "faiwatch fetch": {10},
    "faiwatch fetch nbs_release": {0},
    "faiwatch fetch nbs_release --new": {10},
    "faiwatch fetch nbs_release -p month=2026-08": {10},
    "faiwatch ingest 投资月报.csv": {11},
    "faiwatch ingest 投资月报.xlsx": {11},
    "faiwatch ingest 投资月报.xlsx --": {0},
    "faiwatch round": {0, 20},
}
BLOCK = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
BRANCH = re.compile(r"\S+\) +(?:(faiwatch .+?)|exit \d)? *;;")
WRITES = re.compile(r"--(?:out|report|write|briefing|minutes|notices) (\S+)")
TITLE = "2026年1—2月份全国固定资产投资基本情况"
RELEASE = "202603/t20260316_1962785.html"
LIST = f'<ul><li><a href="./{RELEASE}" title="{TITLE}">{TITLE}</a></ul>'
CITY = (
    "临江市统计局\n发布时间：2026-09-18\n1—8月，全市固定资产投资同比下降9.9%。"
    "分产业看，第一产业投资增长3.0%，第二产业投资下降12.4%，第三产业投资下降9.1%。"
)
SHAOYANG = {"430500", "430503", "430511", "430522"}  # the city, and three of twelve districts
# made up
OWN = pd.DataFrame({"region_code": "610702", "period": ["2026-07", "2026-08"], "ytd_yoy_pct": 1.5})
MONTHS = [f"{year}-{month:02}" for year in (2024, 2025, 2026) for month in range(2, 13)][:30]


# --- what is there before a page is begun -------------------------------------------------------


def figures(path, region, months):
    """Write growth of a region, made up."""
    rows = [f"{region},total,{month},,{(at * 7) % 11 - 4}.5\n" for at, month in enumerate(months)]
    head = "region_code,indicator,period,ytd_value_100m,ytd_yoy_pct\n"
    Path(path).write_text(head + "".join(rows), "utf-8")


def monthly(path):
    """Write a workbook as a bureau keeps it, which says nothing of its region."""
    book = openpyxl.Workbook()
    for row in (
        ["固定资产投资月报"],
        ["月份", "固定资产投资累计值(亿元)", "累计同比(%)"],
        ["2026年1-2月", 30.1, 2.0],
        ["2026年1-3月", 62.4, 1.1],
        ["2026年1-4月", 88.0, -0.8],
    ):
        book.active.append(row)
    book.save(path)


def of_readme():
    monthly("mine.xlsx")
    figures("mine.csv", "610702", MONTHS)
    ledger("ledger.xlsx")
    ledger("台账.xlsx")


def bureaus_workbook():
    monthly("投资月报.xlsx")
    Path("投资月报.csv").write_text(
        "2026年固定资产投资（亿元）,,,\n月份,全社会完成投资,增速,民间透资\n"
        "1-2月,1200.5,-3.1,-5.2\n1-3月,2345.6,-4,-6.1\n1-4月,3456.7,-4.6,-6.8\n",
        "utf-8",
    )


def ledger(path, year=2026):
    """Write a ledger of four months and two projects, as an office fills it in."""
    book = openpyxl.Workbook()
    book.active.title = "项目"
    heads = "截至月份,项目代码,项目名称,责任单位,年度计划投资(万元),1-n月完成(万元),实际开工日期"
    book.active.append(heads.split(","))
    for month in (6, 7, 8, 9):
        for code, name, done in (("000001", "汉江路改造", 700), ("000002", "工业园厂房", 2100)):
            project = [f"{year}-610702-47-01-{code}", name, "住建局", 24000, done * month]
            book.active.append([f"{year}-{month:02}", *project, f"{year}-02-01"])
    book.save(path)


def city():
    Path("figures").mkdir()
    Path("ledgers").mkdir()
    with (PROJECT / "data/official/cities.csv").open(encoding="utf-8", newline="") as rows:
        few = [row for row in csv.DictReader(rows) if row["region_code"] in SHAOYANG]
    for code, own in pd.DataFrame(few).groupby("region_code"):
        own.drop(columns=["growth_route", "value_route"]).to_csv(f"figures/{code}.csv", index=False)
    Path("targets.csv").write_text("县市区,年度目标\n大祥区,5.0\n北塔区,4.0\n", "utf-8")
    ledger("ledgers/430503.xlsx", 2025)


def release():
    return release_page("2026-02").replace("<body>", f"<title>{TITLE}</title><body>").encode()


def releases():
    Path("saved-pages").mkdir()
    for name in ("saved-pages/1.html", "a.html", "b.html"):
        Path(name).write_bytes(release())
    Path("city.html").write_text(CITY, "utf-8")


def letterhead():
    document = docx.Document()
    document.add_paragraph("{{ body }}")
    document.save("ours.docx")


def two_releases():
    figures("2026-08.csv", "610702", MONTHS[:-1])
    figures("2026-09.csv", "610702", MONTHS)


BRINGS = {
    README: of_readme,
    "fetch-the-new-release": releases,
    "keep-a-ledger": lambda: figures("figures.csv", "610000", MONTHS),
    "look-after-a-city": city,
    "read-my-bureaus-workbook": bureaus_workbook,
    "run-many-regions": lambda: figures("districts.csv", "610702", MONTHS),
    "see-what-was-known-then": two_releases,
    "share-the-site": lambda: make_site(Path("site"), ["000000"], notebooks=["02_monitor"]),
    "write-the-briefing": letterhead,
}


# --- who follows --------------------------------------------------------------------------------


@pytest.fixture(scope="module", autouse=True)
def found_once():
    """Find what a briefing of a month is filled with once, whatever form it takes."""

    def once(find):
        found = {}

        def kept(material, *more):
            page, asked = material.page, material.parameters
            about = (page.region.code, page.as_of, asked.data, asked.ledger, asked.definition)
            if (about, more) not in found:
                found[about, more] = find(material, *more)
            return found[about, more]

        return kept

    with pytest.MonkeyPatch.context() as patch:
        for name in ("findings_of", "tables_of"):
            patch.setattr(build, name, once(getattr(build, name)))
        yield


@pytest.fixture(scope="module")
def desk(tmp_path_factory, built_site):
    """Return the folder in which all are followed, and the lines that were typed by page."""
    folder = tmp_path_factory.mktemp("how-tos")
    shutil.copytree(built_site, folder / "site", copy_function=os.link)
    return folder, {}


@pytest.fixture
def service(monkeypatch):
    """Return a service with one release, which takes messages too, in place of every source."""
    running = Service()

    def answer(asked):
        if asked.path.endswith((RELEASE, "t20260715_1964124.html")):  # the one of the page
            return reply(release())
        there = {"/sj/zxfb/": LIST.encode(), "/hook": b"{}"}
        return reply(there.get(asked.path, b"none"), 200 if asked.path in there else 404)

    running.answer = answer
    for name in ("NBS", "NBS_RELEASE", "FRED", "EUROSTAT", "WORLDBANK"):
        monkeypatch.setenv(f"FAIWATCH_{name}_URL", running.url)
    yield running
    running.close()


@pytest.fixture
def typed(desk, service, monkeypatch, faiwatch_says):
    """Return a function that types a command and returns what was said: (exit code, words)."""
    folder, _ = desk
    (any_record,) = [read_record(path) for path in sorted(folder.glob("site/runs/*/run.json"))[:1]]

    def made(plan, options, *_):
        """Check the pages of a plan as they are checked, and open a single one."""
        check_plan(plan)
        options.site.mkdir(parents=True, exist_ok=True)
        if len(plan) <= 2:  # one page, in its languages
            assert open_page(plan[0].notebook, dict(plan[0].values)).verdict()
        return [any_record] * len(plan)

    def on_its_way(line):
        """Return a line as it is typed here: its places are below the folder."""
        line = re.sub(r"/(srv|var/lib/faiwatch)\b", f"{folder}/\\1", line)
        line = line.replace("https://...", f"https://www.stats.gov.cn/sj/zxfb/{RELEASE}")
        return line.replace("faiwatch fetch", "faiwatch fetch --pause 0")

    def say(line):
        _, *words = shlex.split(on_its_way(line), comments=True)
        if words[:2] == ["ingest", "ledger.xlsx"]:
            ledger("ledger.xlsx")  # the template of the page, filled in
        if "last-month.json" in words:
            shutil.copy("report.json", "last-month.json")  # one saved with --out
        # a region, and to keep it
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"610702\ny\n")))
        code, out, err = faiwatch_says(*words)
        return code, out + err

    def within_a_round(*words, reads=False):
        code, out, _ = faiwatch_says(*words)
        return code, out if reads else ""

    monkeypatch.setattr("faiwatch.run.report.report", made)
    monkeypatch.setattr("faiwatch.run.batch.report", made)
    monkeypatch.setattr(rounds, "faiwatch", within_a_round)
    for audience in ("READERS", "OPERATORS"):
        hook = service.url.replace("http", "json", 1)
        monkeypatch.setenv(f"FAIWATCH_{audience}_SECRET", f"{hook}/hook")
    return say


def commands(name, lang):
    """Yield what a page has one do, in order: a kind, and a line or a block."""
    folder = PROJECT if name == README else HOW_TOS
    text = (folder / f"{name}{'.zh' if lang == 'zh' else ''}.md").read_text("utf-8")
    for kind, block in BLOCK.findall(text):
        if kind in {"console", "python", "text"}:
            yield kind, block
        elif kind in {"sh", ""}:
            for line in block.replace("\\\n", " ").splitlines():
                plain = line.strip().removeprefix(".venv/bin/")
                if kind == "" and not plain.startswith(("faiwatch ", *NOT_HERE)):
                    continue  # an answer
                yield "sh", plain.partition("  # ")[0].strip()


def expected(line):
    fits = [begin for begin in EXITS if line.startswith(begin)]
    return EXITS[max(fits, key=len)] if fits else {0}


def left_out(line):
    return next((begin for begin in NOT_HERE if line.startswith(begin)), None)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", [name for name in NAMES if name not in ELSEWHERE])
def test_a_how_to_is_followed(name, lang, desk, typed, monkeypatch):
    folder, (before, made) = desk[0] / name, desk[1].setdefault(name, (set(), {"my_frame": OWN}))
    is_new = not folder.exists()
    folder.mkdir(exist_ok=True)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("FAIWATCH_LANG", lang)
    if is_new:
        BRINGS.get(name, lambda: None)()
        if not Path("site").exists():
            Path("site").symlink_to(desk[0] / "site")
    first = ""
    for kind, line in commands(name, lang):
        if kind == "python":
            for statement in map(ast.unparse, ast.parse(line).body):
                if statement not in before:
                    before.add(statement)
                    exec(statement, made)
        elif kind == "text":
            Path("own.csv").write_text(line, "utf-8")
        elif kind == "console":
            (asked, *answers) = line.splitlines()
            Path("answers.toml").unlink(missing_ok=True)  # kept by the page above
            code, words = typed(asked.removeprefix("$ "))
            assert (code, [one for one in answers if one not in words.splitlines()]) == (11, [])
        elif line.startswith("faiwatch ") and not left_out(line):
            first = first or line
            line = line.replace("faiwatch briefing …", first)
            if line in before or f"\n{line}\n" in TUTORIALS:  # test_tutorials.py types it
                continue
            before.add(line)
            for part in line.split(" && "):
                code, words = typed(part)
                assert code in expected(part), f"{part}\n{words}"
                if code:
                    break
                for written in WRITES.findall(part):
                    assert Path(written).exists(), part
        elif line.startswith("cd "):
            monkeypatch.chdir(line.removeprefix("cd "))
        elif line.startswith("export FAIWATCH_STORE="):
            monkeypatch.setenv("FAIWATCH_STORE", str(desk[0] / "var/lib/faiwatch/store"))
        elif told := BRANCH.match(line):
            assert told[1] is None or typed(told[1])[0] == 0, line
        else:
            understood = ("#", "export ", "case $? in", "esac")
            assert not line or left_out(line) or line.startswith(understood), line


def test_what_is_not_followed_here_is_named_and_needed():
    assert set(ELSEWHERE) <= set(NAMES)
    pages = [commands(name, lang) for name in NAMES for lang in ("en", "zh")]
    lines = [line.removeprefix("$ ") for page in pages for _, line in page]
    assert set(NOT_HERE) == {left_out(line) for line in lines} - {None}
    assert [one for one in EXITS if not any(line.startswith(one) for line in lines)] == []
