"""A made-up ledger with every table of the register of work, as plain rows: tests count in them."""

import io
from functools import cache

import openpyxl
import pandas as pd

from faiwatch.data.ledger_fields import ledger_tables
from faiwatch.data.ledger_schema import ledger_frame
from faiwatch.ledger.export.template import ledger_template

AUGUST = pd.Period("2026-08", "M")
CODES = [f"2025-990101-47-03-{at:06d}" for at in range(1, 7)]


def _project(at, name, **row):
    return {
        "asof": "2026-08",
        "project_code": CODES[at],
        "name": name,
        "unit": "住建局" if at % 2 else "发改局",
        "lead": "赵区长",
        "annual_plan": 1200.0,
        "ytd_done": 500.0,
        "cum_done_total": 900.0,
        "total_investment": 3000.0,
    } | row


PROJECTS = [
    _project(
        0,
        "演示·城东快速路",
        cross_county="yes",
        actual_start="2025-03-01",
        planned_start="2025-03-01",
        planned_finish="2026-06-30",
        local_match=400.0,
        local_match_arrived=100.0,
    ),
    _project(
        1,
        "演示·河道治理",
        cross_county="yes",
        actual_start="2025-03-01",
        actual_finish="2026-05-20",
        planned_finish="2026-04-30",
        nature="completed",
        cum_done_total=3000.0,
        local_match=200.0,
        local_match_arrived=250.0,
    ),
    _project(
        2,
        "演示·标准厂房",
        planned_start="2026-10-31",
        ytd_done=0.0,
        cum_done_total=0.0,
        local_match=300.0,
    ),
    _project(
        3,
        "演示·供热管网",
        planned_start="2026-03-31",
        ytd_done=0.0,
        cum_done_total=0.0,
        cross_county="no",
    ),
    _project(4, "演示·同名", actual_start="2026-02-10", planned_start="2026-02-28"),
    _project(5, "演示·同名", actual_start="2026-02-10", planned_start="2026-01-31"),
]
JULY = [row | {"asof": "2026-07"} for row in PROJECTS[:5]]

MINUTES = [
    {
        "id": "议-1",
        "date": "2026-07-06",
        "meeting": "7月联席会",
        "decision": "完成河道治理征迁",
        "unit": "自然资源局",
        "due": "2026-07-20",
        "done": "2026-07-18",
        "result": "已腾地",
    },
    {
        "id": "议-2",
        "date": "2026-08-10",
        "meeting": "8月联席会",
        "decision": "落实快速路配套资金",
        "unit": "财政局",
        "due": "2026-08-21",
    },
    {
        "id": "议-3",
        "date": "2026-08-10",
        "meeting": "8月联席会",
        "decision": "梳理储备项目",
        "unit": "",
        "due": "2026-09-10",
    },
    {
        "id": "议-4",
        "date": "2026-08-10",
        "meeting": "8月联席会",
        "decision": "报送专项债需求",
        "unit": "财政局",
    },
    {
        "id": "议-5",
        "date": "2026-06-01",
        "meeting": "6月联席会",
        "decision": "入统一批项目",
        "unit": "统计局",
        "due": "2026-06-15",
        "done": "2026-06-30",
        "result": "完成",
    },
]


def _notice(id, problem, **row):
    return {
        "asof": "2026-08",
        "id": id,
        "direction": "from_above",
        "date": "2026-06-05",
        "title": "关于投资运行的督导通知",
        "sender": "市发展改革委",
        "receiver": "演示区",
        "problem": problem,
        "measure": f"整改：{problem}",
        "owner_unit": "发改局",
        "due": "2026-06-25",
    } | row


NOTICES = [
    _notice("督-1", "入统率低", closed="2026-07-01", evidence="统计局证明"),
    _notice("督-1", "开工率低"),
    _notice("督-1", "资金到位慢", due=None),
    _notice("督-2", "投资负增长", date="2026-08-03", due="2026-09-15", closed="2026-09-02"),
    _notice(
        "去-1",
        "供热管网未开工",
        direction="to_below",
        date="2026-07-20",
        sender="区专班",
        receiver="住建局",
        owner_unit="",
        due="2026-08-10",
    ),
    _notice(
        "去-2",
        "报表迟报",
        direction="to_below",
        date="2026-07-20",
        sender="区专班",
        receiver="统计站",
        due="2026-07-31",
        closed="2026-07-30",
    ),
]
LEADS = [
    {"official": "赵区长", "post": "区长", "project": CODES[0], "visits": 3.0, "solved": 2.0},
    {"official": "赵区长", "post": "区长", "project": "演示·标准厂房", "visits": 1.0},
    {"official": "钱副区长", "project": "演示·同名", "visits": 2.0, "solved": 0.0},
    {"official": "钱副区长", "project": "没有的项目", "visits": 1.0, "solved": 1.0},
]
LEADS = [{"asof": "2026-08", "reported": "2026-08-10"} | row for row in LEADS]
_STAGES = {  # what each project of the reserve was in June, July and August
    "储-1": ("idea", "reserve", "preparing"),
    "储-2": ("reserve", "ready", "started"),
    "储-3": ("ready", "preparing", "preparing"),
    "储-4": ("idea", "idea", "dropped"),
    "储-5": (None, "idea", "idea"),
    "储-6": ("reserve", None, None),
}
RESERVE = [
    {
        "asof": f"2026-0{month}",
        "id": id,
        "name": f"演示·储备{id}",
        "stage": stage,
        "unit": "招商局",
        "total_investment": None if id == "储-3" else 1000.0 * at,
        "planned_start": "2026-11-30" if id == "储-1" else None,
        "plan_year": 2027.0,
    }
    for at, (id, stages) in enumerate(_STAGES.items(), start=1)
    for month, stage in zip((6, 7, 8), stages, strict=True)
    if stage
]
PARKS = [
    {
        "asof": "2026-08",
        "name": "演示高新区",
        "works_plan": 8000.0,
        "works_done": 5000.0,
        "land_plan": 300.0,
        "land_done": 120.0,
        "funds_plan": 4000.0,
        "funds_arrived": 1000.0,
        "problem": "征迁慢",
    },
    {
        "asof": "2026-08",
        "name": "演示物流园",
        "works_plan": 2000.0,
        "works_done": 1500.0,
        "land_plan": 100.0,
        "funds_plan": 0.0,
        "funds_arrived": 0.0,
    },
]
MEASURES = [
    {"id": "营-1", "title": "百日攻坚", "kind": "action", "state": "in_force"},
    {"id": "营-2", "title": "联席会议制度", "kind": "rule", "state": "in_force"},
    {"id": "营-3", "title": "帮办代办", "kind": "service", "state": "done"},
    {"id": "营-4", "title": "首问负责", "kind": "rule", "state": ""},
]
MEASURES = [
    {"asof": "2026-08", "unit": "行政审批局", "date": "2026-03-01"} | row for row in MEASURES
]
TASKS = [
    {"asof": "2026-08", "id": "任-1", "title": "清表", "due": "2026-05-31", "owner": "住建局"},
    {"asof": "2026-08", "id": "任-2", "title": "初设", "due": "2026-12-31", "owner": ""},
]
ISSUES = [
    {
        "asof": "2026-08",
        "issue_id": "问-1",
        "project_code": CODES[0],
        "class": "slow",
        "cause": "land",
        "opened": "2026-04-01",
        "due": "2026-08-01",
        "owner_unit": "自然资源局",
        "action": "加快报批",
    },
    {
        "asof": "2026-08",
        "issue_id": "问-2",
        "project_code": CODES[1],
        "class": "slow",
        "cause": "funds",
        "opened": "2026-04-01",
        "due": "2026-05-01",
        "closed": "2026-05-10",
        "owner_unit": "财政局",
        "action": "拨付",
    },
]
CONTRACTS = [
    {
        "asof": "2026-08",
        "id": "招-1",
        "name": "演示·光伏组件",
        "investor": "演示新能源",
        "amount": 50000.0,
        "signed": "2026-03-15",
        "performed": "2026-05-01",
        "started": "2026-09-20",
        "arrived": 5000.0,
    },
    {"asof": "2026-08", "id": "招-2", "name": "演示·冷链", "signed": "2026-04-01"},
    {"asof": "2026-08", "id": "招-3", "name": "去年的", "amount": 9.0, "signed": "2025-04-01"},
]
EVENTS = [{"date": "2026-08-10", "type": "meeting", "title": "8月联席会"}]

ROWS = {
    "projects": [*JULY, *PROJECTS],
    "issues": ISSUES,
    "contracts": CONTRACTS,
    "tasks": TASKS,
    "events": EVENTS,
    "minutes": MINUTES,
    "notices": NOTICES,
    "leads": LEADS,
    "pipeline": RESERVE,
    "parks": PARKS,
    "measures": MEASURES,
}


def register_tables():
    """Return the tables as a reading has them; the flags of projects as booleans."""
    return {name: table.copy() for name, table in _tables().items()}


@cache
def _tables():
    found = {}
    for name, rows in ROWS.items():
        frame = pd.DataFrame(rows)
        if "cross_county" in frame:
            frame["cross_county"] = frame["cross_county"].map({"yes": True, "no": False})
        trace = {"file": "register.xlsx", "sheet": name, "row": range(2, len(rows) + 2)}
        found[name] = ledger_frame(name, frame.assign(**trace))
    return found


def save_register(path, lang="zh", *, without=()):
    """Write the ledger as a filled template, and return the path."""
    book = openpyxl.load_workbook(io.BytesIO(ledger_template(lang=lang)))
    for name, rows in ROWS.items():
        fields = ledger_tables()[name].fields
        sheet = book[ledger_tables()[name].label.in_language(lang)]
        for row in rows if name not in without else ():
            cells = []
            for field in fields.values():
                value = row.get(field.name)
                words = {one.value: one.label.in_language(lang) for one in field.choices}
                value = words.get(value, value) if words else value
                is_day = field.kind == "date" and value
                cells.append(pd.Timestamp(value).to_pydatetime() if is_day else value or None)
            zero = [at for at, one in enumerate(fields) if row.get(one) == 0]
            for at in zero:
                cells[at] = 0
            sheet.append(cells)
    book.save(path)
    return path
