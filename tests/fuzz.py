"""Feed faiwatch what nobody would write, and count the tracebacks: ``make fuzz``.

Readers of files, the command line, settings, templates and records get cases that are made of sound
ones by chance. A case may be refused with its message; anything else is a fault and is printed with
its number: ``make fuzz FUZZ_OPTIONS="--only cells --start 4711 --cases 1"`` makes it again. A run
is bounded by the number of cases and by seconds. It asks nobody: services are at a closed port.
"""

import argparse
import contextlib
import io
import os
import random
import resource
import signal
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from pathlib import Path

import xlsxwriter

from faiwatch.briefing.changes import saved_sentences
from faiwatch.briefing.template import fill, own_template
from faiwatch.cli.app import main as faiwatch
from faiwatch.core.errors import FaiwatchError
from faiwatch.core.finding import Finding
from faiwatch.core.paths import rule_file
from faiwatch.data.light_rules import read_preset
from faiwatch.data.summons_rules import summons_rules
from faiwatch.ingest.answers_file import read_answers
from faiwatch.ingest.ledger.answers import ledger_words
from faiwatch.ingest.ledger.reading import is_ledger, read_ledger
from faiwatch.ingest.opening import open_sheets
from faiwatch.ingest.reading import read_sheets, read_workbook
from faiwatch.ingest.values import Percent, Sheet, Unusable
from faiwatch.run.alert_rules import alert_rules
from faiwatch.run.alerts import STATE_FILE, read_state
from faiwatch.site.run_record import RunRecord, known_record

SEED, CASES, SECONDS = 20261128, 10_000, 3600
LONGEST = 120  # seconds of the clock for one case
MEMORY = 8 << 30

FIGURES = [
    ["指标：固定资产投资（不含农户）", "", "", ""],
    ["时间", "累计值（亿元）", "累计同比（%）", "备注"],
    ["2025年1-2月", 52619.0, 4.1, ""],
    ["2025年1-3月", 103174.0, 4.2, "初步数"],
    ["2025年1-4月", 147024.0, 4.0, "↑4.0%"],
]
PROJECTS = [
    ["2026年8月重点项目台账", "", "", "", "", "", ""],
    ["序号", "项目名称", "责任单位", "总投资（万元）", "1-8月完成投资", "计划开工时间", "形象进度"],
    ["一、城关街道（2个）", "", "", "", "", "", ""],
    [1.0, "河湾中学迁建项目", "教育局", 1200.0, 300.0, "2026-03-15", "主体完成80%"],
    [2.0, "北区道路工程", "住建局", 800.0, 100.0, "2026.4", "在建"],
    ["合计", "", "", 2000.0, 400.0, "", ""],
]
ISSUES = [
    ["序号", "问题类别", "问题描述", "提出日期"],
    [2.0, "用地", "未批先建", "2026-03-01"],
]
CELLS = [
    "", " ", "—", "…", 0.0, -1.0, 1e308, 1e-308, float("inf"), 13.0, 2025.0, 202503.0, 45717.0,
    "2025", "1-2月", "2025年", "1季度", "13月", "同比", "累计", "亿元", "万元", "%", "合计", "小计",
    "北京", "全国", "固定资产投资", "第一产业", "制造业", "项目名称", "项目代码", "=1+1", "＝1+1",
    "'x", "\x00", "\u202e", "a" * 40_000, "1,234", "1.234,5", "(3.2)", "↓ 5.3%", "#REF!",
    "9999-12-31", "0000-00-00", "2025-02-30", "１２", "²", "Ⅳ", "٣", "注：", "续表", "数据来源：",
    Percent(0.05), Unusable("formula"), Unusable("error"), "2020-610702-47-03-012345",
]  # fmt: skip
WORDS = [
    "--region", "--indicator", "--data", "--as-of", "--json", "--history", "none", "--map",
    "*=skip", "--take", "annual=ytd", "--answers", "--out", "--sheet", "--unit", "亿元", "--kind",
    "ledger", "--year", "2025", "--issued", "2025-03-17", "9999-12-31", "--lang", "en", "zh",
    "-p", "a=b", "region=000000", "=", "-", "--", "", "'", "000000", "999999", "陕西", "2026-08",
    "2026-13",
    "latest", "embedded", "demo", "/dev/null", "/dev/zero", ".", "..", "case.csv", "case.toml",
    "a" * 300, "\udcff.csv", "*", "?", "http://[", "s3://", "--site", "--ledger", "--rules",
    "--month", "--horizon", "-1", "1e9", "nan", "--help", "total", "private", "--source", "x\ny",
    "\x1b[31m",
]  # fmt: skip
# verbs that neither draw pages nor send mail nor take minutes
VERBS = [
    "ingest", "flags", "diff", "revisions", "vintages", "keep", "alerts", "prune", "params",
    "fetch", "ledger", "template", "reproduce", "nonsense",
]  # fmt: skip
SERVICES = ("NBS", "NBS_RELEASE", "EASTMONEY", "FRED", "EUROSTAT", "WORLDBANK")
TEMPLATE = (
    "# 标题 {{ region }}\n\n{{ ytd_yoy }}。{% if ytd_yoy is known %}"
    "{{ ytd_yoy.phrase }}{% endif %}\n"
    "## 一\n[name] {{ ordinal }}是{{ window }}。\n> 给\n< 由\n+ [work] 附件\n"
)
SIGNS = [
    "{{",
    "}}",
    "{%",
    "%}",
    "{#",
    "|",
    "~",
    "(",
    ")",
    "[",
    "]",
    "'",
    '"',
    ".",
    "if",
    "for",
    "#",
]
SIGNS += [
    "\x00",
    "\ud800",
    "\n",
    "=",
    "[[",
    "null",
    "NaN",
    "1e999",
    "true",
    "-",
    "\\",
    "{",
    "}",
    "é",
]


def changed(chance, content):
    """Return bytes with some of them cut, doubled, replaced or put in."""
    content = bytearray(content)
    for _ in range(chance.randrange(1, 8)):
        at = chance.randrange(len(content) + 1)
        length = chance.choice((1, 1, 2, 8, 60))
        kind = chance.randrange(5)
        if kind == 0:
            del content[at : at + length]
        elif kind == 1:
            content[at:at] = chance.choice(SIGNS).encode("utf-8", "surrogatepass")
        elif kind == 2:
            content[at : at + 1] = bytes([chance.randrange(256)])
        elif kind == 3:
            content[at:at] = content[at : at + length] * chance.choice((1, 2, 50))
        else:
            content = content[:at] if chance.random() < 0.3 else content
    return bytes(content)


def changed_rows(chance, rows):
    """Return the rows of a sheet with cells replaced, and rows and columns moved or doubled."""
    rows = [list(row) for row in rows]
    for _ in range(chance.randrange(1, 12)):
        row = chance.randrange(len(rows))
        column = chance.randrange(len(rows[row]))
        kind = chance.randrange(6)
        if kind < 3:
            rows[row][column] = chance.choice(CELLS)
        elif kind == 3:
            rows.insert(row, list(chance.choice(rows)))
        elif kind == 4 and len(rows) > 1:
            del rows[row]
        else:
            other = chance.randrange(len(rows[row]))
            for one in rows:
                one[column], one[other] = one[other], one[column]
    return rows


def sheets_of(chance):
    """Return sheets of a workbook, as they come out of the file."""
    found = []
    for number in range(chance.choice((1, 1, 2, 3))):
        rows = changed_rows(chance, chance.choice((FIGURES, PROJECTS, ISSUES)))
        name = chance.choice(("Sheet1", "2026年8月", "问题清单", "固投", "", "a" * 40)) + str(
            number
        )
        edge = (len(rows), len(rows[0]))
        merges = []
        for _ in range(chance.choice((0, 0, 1, 2))):
            top, left = (chance.randrange(most) for most in edge)
            bottom, right = (
                chance.randrange(first, most) for first, most in zip((top, left), edge, strict=True)
            )
            merges.append((top, left, bottom, right))
        found.append(Sheet(name, rows, merges, chance.random() < 0.1))
    return found


def cells(chance, folder):  # noqa: ARG001  one signature for all
    """Read sheets as figures or as a ledger."""
    sheets = sheets_of(chance)
    if chance.random() < 0.5 or is_ledger(sheets):
        read_ledger(sheets, name="case.xlsx").as_json("zh")
    else:
        read_sheets(sheets, name="case.xlsx").as_json("en")


def text(chance, folder):
    """Read a CSV."""
    rows = changed_rows(chance, chance.choice((FIGURES, PROJECTS)))
    sign = chance.choice(",,,;\t|")
    lines = [sign.join(str(cell) for cell in row) for row in rows]
    encoding = chance.choice(("utf-8", "utf-8-sig", "gb18030", "utf-16"))
    content = "\n".join(lines).encode(encoding, "replace")
    path = folder / chance.choice(("case.csv", "case.tsv", "case.txt", "case.xls", "case.xlsx"))
    path.write_bytes(changed(chance, content) if chance.random() < 0.7 else content)
    read_workbook(path).as_json("zh")


def package(chance, folder):
    """Read a workbook whose file or whose parts are damaged."""
    path = folder / "case.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for rows in (FIGURES, PROJECTS):
            sheet = book.add_worksheet()
            for row, one in enumerate(rows):
                sheet.write_row(row, 0, one)
    if chance.random() < 0.3:
        path.write_bytes(changed(chance, path.read_bytes()))
    else:
        with zipfile.ZipFile(path) as parts:
            held = {name: parts.read(name) for name in parts.namelist()}
        name = chance.choice(list(held))
        held[name] = changed(chance, held[name])
        with zipfile.ZipFile(path, "w") as parts:
            for one, content in held.items():
                parts.writestr(one, content)
    sheets = open_sheets(path, name="case.xlsx")
    read_sheets(sheets, name="case.xlsx")


def arguments(chance, folder):
    """Run a command line; a bug is what the command line itself calls so."""
    (folder / "case.csv").write_text(
        "region_code,indicator,period,ytd_yoy_pct\n000000,total,2025-02,1"
    )
    (folder / "case.toml").write_text("year = 2025")
    words = [chance.choice(VERBS), *(chance.choice(WORDS) for _ in range(chance.randrange(6)))]
    if words[0] == "ingest" and chance.random() < 0.7:
        words.insert(1, "case.csv")
    sys.argv = ["faiwatch", *words]
    said = io.StringIO()
    code = None
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            faiwatch()
        except SystemExit as left:
            code = left.code
    if code not in {0, 2, 10, 11, 12, 20}:
        raise AssertionError(f"{words} ended with {code}: {said.getvalue()[-3000:]}")


def settings(chance, folder):
    """Read a file of settings."""
    own = "label,means\n帮办专员,contact\nstatus:有点慢,slow\n"
    answers = 'year = 2025\nregion = "000000"\n[map]\n"甲" = "skip"\n"乙" = "growth ytd"\n'
    name, read, sound = chance.choice(
        [
            ("alert_rules.toml", alert_rules, None),
            ("summons_rules.toml", summons_rules, None),
            ("light_rules/ouhai.toml", read_preset, None),
            ("answers.toml", read_answers, answers),
            ("own.csv", ledger_words, own),
        ]
    )
    content = rule_file(name).read_bytes() if sound is None else sound.encode()
    path = folder / Path(name).name
    path.write_bytes(changed(chance, content))
    read(path)


def template(chance, folder):
    """Fill a template of a user's, or read a briefing that was saved."""
    path = folder / "case.txt"
    if chance.random() < 0.2:
        path.write_bytes(changed(chance, b'{"lang": "zh", "sentences": {"a": "b"}}'))
        saved_sentences(path, "zh")
        return
    path.write_bytes(changed(chance, TEMPLATE.encode()))
    finding = Finding(
        id="ytd_yoy", value=-7.2, unit="pct", period="2026-08", as_of="2026-08", formula="g",
        definition="growth", definition_zh="增速", inputs=(), state="ok", zh="−7.2%", en="−7.2%",
    )  # fmt: skip
    fill(own_template(path), {"ytd_yoy": finding}, {"region": "甲", "window": "1—8月"}, "zh")


def record(chance, folder):
    """Read what a site remembers."""
    sound = RunRecord(
        run_id="20260901-1", notebook="02_monitor", region="000000", as_of="latest", lang="en",
        data_as_of="2026-08", verdict="ok", parameters={}, code_version="x", seeds={}, threads={},
        versions={}, started="2026-09-01T00:00:00+00:00", seconds=1.0, page="a.html",
    )  # fmt: skip
    if chance.random() < 0.3:
        (folder / STATE_FILE).write_bytes(
            changed(chance, b'{"a 000000": {"holds": true, "value": -7.2}}')
        )
        read_state(folder)
    else:
        (folder / "run.json").write_bytes(changed(chance, sound.model_dump_json().encode()))
        known_record(folder / "run.json")


# how many of a hundred cases
KINDS = {text: 26, template: 25, settings: 24, record: 12, cells: 7, arguments: 4, package: 2}


def too_slow(*_):
    raise TimeoutError(f"more than {LONGEST} s")


def tried(kind, seed, number, folder):
    """Return the traceback of a case, or None; one that is refused is none."""
    chance = random.Random(f"{seed} {kind.__name__} {number}")
    signal.signal(signal.SIGALRM, too_slow)
    signal.alarm(LONGEST)
    try:
        kind(chance, folder)
    except FaiwatchError as error:
        error.message("zh"), error.message("en")
    except Exception:
        return traceback.format_exc(limit=-6)
    finally:
        signal.alarm(0)
        os.chdir(folder)
        for path in folder.iterdir():
            with contextlib.suppress(OSError):
                path.unlink()
    return None


def main():
    parser = argparse.ArgumentParser(description="Feed faiwatch what nobody would write.")
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="stop after so many")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--only", choices=[kind.__name__ for kind in KINDS])
    parser.add_argument("--start", type=int, default=0, help="number of the first case")
    given = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    os.environ |= {f"FAIWATCH_{name}_URL": "http://127.0.0.1:1" for name in SERVICES}
    os.environ |= {"FAIWATCH_DEBUG": "1", "FAIWATCH_LANG": "en"}
    kinds = [kind for kind in KINDS if given.only in {None, kind.__name__}]
    began, done, faults = time.monotonic(), Counter(), 0
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        os.chdir(folder)
        for number in range(given.start, given.start + given.cases):
            if time.monotonic() - began > given.seconds:
                break
            chance = random.Random(f"{given.seed} {number}")
            (kind,) = chance.choices(kinds, [KINDS[one] for one in kinds])
            fault = tried(kind, given.seed, number, folder)
            done[kind.__name__] += 1
            if fault is not None:
                faults += 1
                sys.stdout.write(
                    f"--seed {given.seed} --only {kind.__name__} --start {number}\n{fault}\n"
                )
        os.chdir("/")
    told = ", ".join(f"{name} {n:,}" for name, n in done.most_common())
    seconds = time.monotonic() - began
    line = f"fuzz: {done.total():,} cases ({told}) in {seconds:.0f} s, {faults} tracebacks"
    sys.stdout.write(f"{line}\n")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
