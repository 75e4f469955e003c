"""Make the project ledger of the made-up demonstration district (演示数据): ``ledger.xlsx``.

    python data/demo/generate_ledger.py [FILE]

No real project, firm or official stands behind it. The seed is fixed, amounts are whole 万元 and
the workbook carries a fixed date, so running this again gives the same workbook. The projects
together make ``SHARE`` of the investment in ``district.csv``, month by month. How they come about,
and what is wrong with them on purpose: ``docs/methods/demo_ledger.md``.
"""

from __future__ import annotations

import csv
import datetime
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import xlsxwriter

SEED = 990106
SHARE = 0.45  # of the district's investment that the ledger's projects make
REGION, MARK = "990101", "演示数据"
MONTHS = [
    month for month in pd.period_range("2025-02", "2026-08", freq="M") if month.month != 1
]  # January is not surveyed
SHEETS = MONTHS[-14:]
LAST = MONTHS[-1]
NEVER = LAST + 600
# Targets of a month are since January; as shares of the year's.
TARGET_SHARES = {6: 0.42, 7: 0.50, 8: 0.59, 9: 0.69, 10: 0.79, 11: 0.89}
DONE_BY_AUGUST = 0.59  # share of a year's investment, from SEASON of generate_district.py

PLACES = (
    *("城东", "城南", "城西", "城北", "滨江", "东关", "西岭", "北原"),
    *("南湖", "河口", "新桥", "柳林", "石门", "青山", "金水", "高铁新区"),
)
OBJECTS = {
    "工业": ["新材料产业园", "装备制造基地", "食品加工厂", "电子元件生产线"],
    "交通": ["快速路", "公路改建", "跨河大桥"],
    "市政": ["雨污分流改造", "集中供热管网", "污水处理厂"],
    "棚改": ["棚户区改造", "城中村改造"],
    "水利": ["河道治理", "水库除险加固"],
    "农业": ["现代农业园", "冷链仓储"],
    "社会事业": ["中学迁建", "综合医院", "养老中心"],
}
UNITS = {
    "工业": "演示区工信局",
    "交通": "演示区交通局",
    "市政": "演示区住建局",
    "棚改": "演示区棚改办",
    "水利": "演示区水利局",
    "农业": "演示区农业局",
    "社会事业": "演示区发改局",
}
PUBLIC = ("交通", "市政", "棚改", "水利")  # built with money of the district's own budget
LEADS = [f"演示领导{name}" for name in "甲乙丙丁戊己"]
# How many projects live through what.
FATES = {"ongoing": 62, "completing": 26, "stopping": 9, "starting": 19, "waiting": 16}
CAUSES = ["土地", "环保", "资金", "征迁", "审批", "配套", "市场主体"]
MONTHLY = [
    "序号", "项目名称", "项目代码", "项目类别", "项目级别", "所在片区", "责任单位", "包抓领导",
    "建设单位", "新续建", "项目阶段", "项目状态", "原计划开工日期", "计划开工日期", "实际开工日期",
    "原计划竣工日期", "计划竣工日期", "实际竣工日期", "停建日期", "总投资", "自开工累计完成投资",
    "年度计划投资", "本月完成投资", "1-n月完成投资", "占年度计划%", "本年计划到位资金", "到位资金",
    "应配套地方资金", "已配套地方资金", "用地", "环评", "审批进展", "是否入库", "入库日期",
    "统计上报投资", "存在问题", "备注", "是否跨县区",
]  # fmt: skip


def district_blocks() -> pd.Series:
    """Return what each month added to the district's investment, 万元; February with January."""
    with Path(__file__).with_name("district.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["indicator"] == "total"]
    ytd = {pd.Period(row["period"], "M"): float(row["ytd_value_100m"]) * 1e4 for row in rows}
    before = {month: 0.0 if month.month == 2 else ytd[month - 1] for month in MONTHS}
    return pd.Series({month: ytd[month] - before[month] for month in MONTHS})


def month_end(month: pd.Period) -> datetime.date:
    """Return the last day of a month."""
    return month.end_time.date()


def projects(rng: np.random.Generator) -> pd.DataFrame:
    """Return what does not change from month to month, one row for each project."""
    names = [
        (category, place, thing)
        for category, things in OBJECTS.items()
        for thing in things
        for place in PLACES
    ]
    fates = [fate for fate, count in FATES.items() for _ in range(count)]
    picked = rng.permutation(len(names))[: len(fates)]
    rows = []
    for number, (fate, pick) in enumerate(zip(fates, picked, strict=True)):
        category, place, thing = names[pick]
        start, finish = life(fate, rng)
        code = f"{min(start.year, 2026)}-{REGION}-{number % 60 + 10}-{1 + number % 2:02d}"
        legacy = fate == "ongoing" and number % 9 == 0
        rows.append(
            {
                "fate": fate,
                "name": f"演示·{place}{thing}",
                "code": f"演发改投{start.year}-{number}" if legacy
                else f"{code}-{rng.integers(100000, 999999)}",
                "category": category,
                "level": ["省级", "市级", "市级", "区级"][int(rng.integers(4))],
                "area": f"演示·{place}",
                "lead": LEADS[int(rng.integers(len(LEADS)))],
                "owner": f"演示{place}{'建设投资' if category in PUBLIC else '实业'}公司",
                "start": start,
                "finish": finish,
                "slip": int(rng.choice([0, 0, 3, 6, 9])),
                "slipped": MONTHS[int(rng.integers(6, len(MONTHS)))],
                "stop": MONTHS[int(rng.integers(6, 15))] if fate == "stopping" else NEVER,
                "size": float(rng.lognormal(0.0, 0.8)),
                "pace": float(rng.choice([0.45, 0.7, 1.0, 1.3])) if fate == "ongoing" else 1.0,
                "paid": float(rng.uniform(0.5, 1.1)),
                "cause": CAUSES[int(rng.integers(len(CAUSES)))],
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def life(fate: str, rng: np.random.Generator) -> tuple[pd.Period, pd.Period]:
    """Return the months in which a project starts and finishes."""
    back = int(rng.integers(8, 30))
    if fate == "completing":
        return MONTHS[0] - back, MONTHS[int(rng.integers(5, 17))]
    if fate == "starting":
        start = MONTHS[int(rng.integers(1, len(MONTHS)))]
        return start, start + int(rng.integers(14, 30))
    if fate == "waiting":
        start = LAST + int(rng.integers(-6, 9))
        return start, start + int(rng.integers(14, 30))
    return MONTHS[0] - back, LAST + int(rng.integers(3, 24))


def monthly_amounts(known: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return investment by project (rows) and month, whole 万元: ``SHARE`` of the district's."""
    weights = pd.DataFrame(0.0, index=known.index, columns=MONTHS)
    for row in known.itertuples():
        for month in MONTHS:
            works = row.start <= month <= row.finish and month < row.stop
            if works and row.fate != "waiting":
                pace = row.pace if month >= pd.Period("2025-09", "M") else 1.0
                weights.loc[row.Index, month] = row.size * pace * rng.uniform(0.6, 1.4)
    return (weights / weights.sum() * district_blocks() * SHARE).round()


def books(known: pd.DataFrame, done: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return `known` with total investment, what was done before, and the plans of both years."""
    years = {year: done[[one for one in MONTHS if one.year == year]].sum(axis=1)
             for year in (2025, 2026)}  # fmt: skip
    elapsed = pd.Series([max(0, (MONTHS[0] - row.start).n) for row in known.itertuples()])
    active = (done > 0).sum(axis=1).clip(lower=1)
    before = (elapsed * done.sum(axis=1) / active).round()
    left = pd.Series([max(0, (row.finish - LAST).n) for row in known.itertuples()])
    whole = before + done.sum(axis=1) * (1 + left / active)
    waiting = known["fate"].eq("waiting")
    whole = whole.where(~waiting, 20000 * known["size"])
    behind = rng.uniform(0.9, 1.1, len(known)) / known["pace"].clip(upper=1.0)
    plans = {2025: years[2025] * behind, 2026: years[2026] / DONE_BY_AUGUST * behind}
    return known.assign(
        before=before,
        total=(np.ceil(whole / 100) * 100).clip(lower=500),
        **{f"plan{year}": (plan.where(~waiting, whole / 5 if year == 2026 else 0)).round(-1)
           for year, plan in plans.items()},
    )  # fmt: skip


def status_of(row: pd.Series, month: pd.Period) -> str:
    """Return the state that somebody has written down; mostly nobody has."""
    if month >= row["stop"]:
        return "投资主体退出" if row.name % 3 == 0 else "停建"
    if row["fate"] == "completing" and month >= row["finish"]:
        return "竣工"
    if row["fate"] == "waiting" and month > row["start"]:
        return "资金不到位" if row["cause"] == "资金" else "未开工"
    if row["pace"] < 0.5 and month >= pd.Period("2025-12", "M"):
        return "进展缓慢"
    return ""


def monthly_row(row: pd.Series, done: pd.Series, month: pd.Period) -> dict[str, object] | None:
    """Return the row of one project in the sheet of one month; None while it is not yet listed."""
    started = row["fate"] != "waiting" and row["start"] <= month
    if row["fate"] == "starting" and month < row["start"] - 4:
        return None
    if row["fate"] == "completing" and month > row["finish"] + 5:
        return None  # half a year after its completion a project is taken off the list
    finished = row["fate"] == "completing" and month >= row["finish"]
    of_year = [one for one in MONTHS if one.year == month.year and one <= month]
    ytd, plan = done[of_year].sum(), row[f"plan{month.year}"]
    total_done = row["before"] + done[[one for one in MONTHS if one <= month]].sum()
    slip = row["slip"] if month >= row["slipped"] and not finished else 0
    match = round(plan * 0.15) if row["category"] in PUBLIC else None
    in_library = started and row.name % 17 != 3 and month >= row["start"] + 1
    return {
        "项目名称": row["name"], "项目代码": row["code"], "项目类别": row["category"],
        "项目级别": row["level"], "所在片区": row["area"], "责任单位": UNITS[row["category"]],
        "包抓领导": row["lead"], "建设单位": row["owner"],
        "新续建": "建成" if finished else "前期" if not plan else
        "新开工" if row["start"].year == month.year else "续建",
        "项目阶段": "投产" if finished else "开工" if started else "储备",
        "项目状态": status_of(row, month),
        "原计划开工日期": month_end(row["start"] - late_by(row)),
        "计划开工日期": month_end(row["start"]),
        "实际开工日期": month_end(row["start"]) if started else None,
        "原计划竣工日期": month_end(row["finish"]),
        "计划竣工日期": month_end(row["finish"] + slip),
        "实际竣工日期": month_end(row["finish"]) if finished else None,
        "停建日期": month_end(row["stop"]) if month >= row["stop"] else None,
        "总投资": row["total"], "自开工累计完成投资": total_done, "年度计划投资": plan,
        "本月完成投资": done[month], "1-n月完成投资": ytd,
        "占年度计划%": round(ytd / plan * 100, 1) if plan else None,
        "本年计划到位资金": round(plan * 0.9), "应配套地方资金": match,
        "到位资金": round(plan * 0.9 * min(1.0, month.month / 12 * row["paid"] * 1.2)),
        "已配套地方资金": None if match is None else round(match * min(1.0, row["paid"] * 0.8)),
        "用地": "办理中" if row["cause"] == "土地" and not started else "已办结",
        "环评": "不涉及" if row["category"] == "社会事业" else
        "办理中" if row["cause"] == "环保" and not started else "已批复",
        "审批进展": "施工许可" if started else "可研批复",
        "是否入库": "是" if in_library else "否",
        "入库日期": month_end(row["start"] + 1) if in_library else None,
        "统计上报投资": reported(row, ytd) if in_library else None,
        "存在问题": problem(row, month, started=started),
        "备注": MARK,
        "是否跨县区": "是" if row["category"] == "交通" and row.name % 2 else "否",
    }  # fmt: skip


def late_by(row: pd.Series) -> int:
    """Return by how many months the start was put off before the first sheet."""
    return int(row["slip"]) if row["fate"] in {"starting", "waiting"} else 0


def reported(row: pd.Series, ytd: float) -> float:
    """Return what went to the statistics office, year to date: mostly what the ledger says."""
    fault = row.name % 23
    factor = {5: 0.0, 9: 1.15, 14: 0.8, 19: 0.9}.get(fault, 1.0)
    return float(round(ytd * factor))


def problem(row: pd.Series, month: pd.Period, *, started: bool) -> str:
    """Return what the ledger says is wrong, empty when nothing is."""
    if started and row.name % 23 == 14:
        return "入统凭证不全"
    return f"{row['cause']}问题未解决" if status_of(row, month) not in {"", "竣工"} else ""


def sheets(known: pd.DataFrame, done: pd.DataFrame) -> dict[pd.Period, list[dict[str, object]]]:
    """Return the rows of every monthly sheet, with what is wrong in them on purpose."""
    found: dict[pd.Period, list[dict[str, object]]] = {}
    for month in SHEETS:
        rows = [monthly_row(known.loc[at], done.loc[at], month) for at in known.index]
        found[month] = [row for row in rows if row is not None]
    repackage(found)
    spoil(found)
    return found


AMOUNTS = [
    "总投资", "自开工累计完成投资", "年度计划投资", "本月完成投资", "1-n月完成投资", "统计上报投资",
    "本年计划到位资金", "到位资金", "应配套地方资金", "已配套地方资金",
]  # fmt: skip


def repackage(found: dict[pd.Period, list[dict[str, object]]]) -> None:
    """Make one project of two (打包) from April 2026, and three of one (拆分) from May 2026."""
    whole = [row["项目代码"] for row in found[LAST] if row["项目级别"] == "市级"]
    first, second, parent = whole[4], whole[11], whole[17]
    for month, rows in found.items():
        by_code = {row["项目代码"]: row for row in rows}
        if month >= pd.Period("2026-04", "M"):
            one, two = by_code[first], by_code[second]
            sums = {name: add(one[name], two[name]) for name in AMOUNTS}
            merged = one | sums | {
                "项目代码": f"2026-{REGION}-47-01-400001",
                "项目名称": "演示·产城融合打包项目",
                "占年度计划%": None,
                "备注": f"{MARK}；由 {first}、{second} 打包",
            }  # fmt: skip
            rows[rows.index(one)] = merged
            rows.remove(two)
        if month >= pd.Period("2026-05", "M"):
            old = by_code[parent]
            at = rows.index(old)
            rows[at : at + 1] = [part_of(old, number, parent) for number in range(3)]


def part_of(old: dict[str, object], number: int, parent: object) -> dict[str, object]:
    """Return one of the three parts of a project; the last takes what rounding leaves."""
    parts = {}
    for name in AMOUNTS:
        if old[name] is not None:
            third = int(float(str(old[name])) // 3)
            parts[name] = third if number < 2 else float(str(old[name])) - 2 * third
    return old | parts | {
        "项目代码": f"2026-{REGION}-47-02-50000{number}",
        "项目名称": f"{old['项目名称']}{'一二三'[number]}标",
        "占年度计划%": None,
        "备注": f"{MARK}；由 {parent} 拆分",
    }  # fmt: skip


def add(one: object, two: object) -> float | None:
    """Return a sum; nothing and nothing is nothing."""
    known = [float(str(value)) for value in (one, two) if value is not None]
    return sum(known) if known else None


def spoil(found: dict[pd.Period, list[dict[str, object]]]) -> None:
    """Put in the dirt of real ledgers: each kind once, where the page of the method says."""
    may, july = found[pd.Period("2026-05", "M")], found[pd.Period("2026-07", "M")]
    for month in ("2025-11", "2025-12"):  # one project forgotten for two months
        del found[pd.Period(month, "M")][40]
    negative = next(row for row in may if row["项目状态"] == "进展缓慢")
    negative["本月完成投资"] = -120.0
    wrong_sum = next(row for row in july if row["项目状态"] == "进展缓慢")
    wrong_sum["1-n月完成投资"] = float(str(wrong_sum["1-n月完成投资"])) + 300
    reversed_days = next(row for row in july if row["项目状态"] == "竣工")
    reversed_days["实际开工日期"] = datetime.date(2026, 7, 15)
    for month in MONTHS[-6:]:  # one small project kept twice, under its old code as well
        small = min(
            (row for row in found[month] if str(row["项目名称"]).endswith("养老中心")
             and row["是否入库"] == "是"),
            key=lambda row: float(str(row["总投资"])),
        )  # fmt: skip
        found[month].append(small | {"项目代码": "演发改投2019-77"})
    july.append(dict(july[7]))  # one row copied as it stands


def other_tables(
    known: pd.DataFrame, listed: list[dict[str, object]], rng: np.random.Generator
) -> dict[str, list[dict[str, object]]]:
    """Return issues, contracts, bonds, targets, tasks and events, by the name of their sheet."""
    there = {row["项目代码"]: row for row in listed}
    troubled = [row for _, row in known.iterrows() if row["code"] in there and (
        row["fate"] in {"stopping", "waiting"} or row["pace"] < 0.5)]  # fmt: skip
    issues, tasks = [], []
    for number, row in enumerate(troubled):
        opened = LAST.start_time.date() - datetime.timedelta(days=int(rng.integers(5, 400)))
        due = opened + datetime.timedelta(days=int(rng.choice([60, 90, 180])))
        closed = due if number % 4 == 0 and due <= month_end(LAST) else None
        issue = f"演示-W{number + 1:03d}"
        issues.append({
            "问题编号": issue, "项目代码": row["code"],
            "问题类别": there[row["code"]]["项目状态"] or "未开工", "问题原因": row["cause"],
            "提出日期": opened, "完成时限": due, "责任单位": UNITS[row["category"]],
            "整改措施": f"{MARK}：专班协调解决{row['cause']}问题", "销号日期": closed,
            "销号依据": f"{MARK}：会议纪要" if closed and number % 8 else "",
        })  # fmt: skip
        tasks.append({
            "任务编号": f"演示-R{number + 1:03d}", "所属项目或问题": issue,
            "任务内容": f"{MARK}：落实{row['cause']}要素", "完成时限": due,
            "完成日期": closed, "责任单位": UNITS[row["category"]],
        })  # fmt: skip
    return {
        "问题清单": issues,
        "招商合同": contracts(rng),
        "专项债券": bonds([row for row in listed if row["项目类别"] in PUBLIC], rng),
        "目标分解": targets(),
        "任务清单": tasks,
        "大事记": events(),
        **register(listed),
    }  # fmt: skip


def events() -> list[dict[str, object]]:
    """Return what the district did in 2026: who met, what was issued, who was summoned."""
    fields = ("类型", "名称", "组织单位", "参加人员", "文号", "议题", "涉及项目", "成效")
    told = (
        (
            2,
            18,
            "成立专班",
            "演示区稳投资工作专班",
            "演示区政府",
            "发改、工信、住建、交通等部门",
            "",
            "",
            "",
            "建立统筹协调机制",
        ),
        (
            2,
            25,
            "印发文件",
            "演示区稳投资工作专班工作方案",
            "演示区政府办公室",
            "",
            "演政办发〔2026〕5号",
            "",
            "",
            "",
        ),
        (
            3,
            12,
            "会议",
            "一季度投资分析会",
            "演示区政府",
            "专班成员单位",
            "",
            "一季度投资形势",
            "",
            "",
        ),
        (
            3,
            26,
            "印发文件",
            "关于做好演示区稳投资五类问题清单的通知",
            "演示区专班办公室",
            "",
            "演投专办〔2026〕2号",
            "",
            "",
            "",
        ),
        (
            4,
            9,
            "专题会议",
            "城东片区空间规划专题会",
            "演示区政府",
            "",
            "",
            "城东片区空间规划策划",
            "",
            "",
        ),
        (
            4,
            22,
            "培训",
            "投资政策及项目谋划培训班",
            "演示区发改局",
            "各镇办、部门项目负责人120人",
            "",
            "国家投资政策和专项债券申报",
            "",
            "",
        ),
        (
            5,
            12,
            "观摩",
            "重点项目观摩推进会",
            "演示区委书记、区长",
            "包抓区级领导",
            "",
            "",
            "演示·城东跨河大桥、演示·滨江综合医院、演示·南湖棚户区改造",
            "现场研究解决征迁、资金等问题6个",
        ),
        (
            5,
            20,
            "推进会",
            "稳增长稳投资工作推进会",
            "演示区政府",
            "各镇办、部门",
            "",
            "安排二季度后续工作",
            "",
            "",
        ),
        (6, 12, "督导检查", "稳投资督导检查", "演示市发改委", "演示区政府", "", "", "", ""),
        (
            6,
            16,
            "转发文件",
            "关于开展项目问题整改整治专项行动的通知",
            "演示区专班办公室",
            "",
            "演投专办〔2026〕6号",
            "",
            "",
            "",
        ),
        (
            6,
            25,
            "专题会议",
            "老旧小区改造和专项债券项目申报专题会",
            "演示区政府",
            "",
            "",
            "老旧小区改造、专项债券申报",
            "",
            "",
        ),
        (7, 8, "招商活动", "绿色循环经济项目合作交流活动", "演示区招商局", "", "", "", "", ""),
        (7, 15, "签约", "上半年重点项目集中签约仪式", "演示区政府", "", "", "", "", ""),
        (
            7,
            22,
            "调研",
            "稳投资工作调研",
            "演示市政府主要负责同志",
            "演示区政府",
            "",
            "抓项目、扩投资",
            "",
            "",
        ),
        (
            8,
            6,
            "项目谋划申报",
            "关于谋划申报2027年演示区重点项目的通知",
            "演示区发改局",
            "",
            "演发改〔2026〕31号",
            "2027年重点项目计划",
            "",
            "",
        ),
        (8, 12, "约谈", "投资增速下滑约谈", "演示市政府", "演示区政府", "", "", "", ""),
        (
            8,
            18,
            "印发文件",
            "关于做好当前经济工作确保完成全年目标任务的通知",
            "演示区政府",
            "",
            "演政发〔2026〕14号",
            "",
            "",
            "",
        ),
        (
            8,
            25,
            "推进会",
            "稳增长稳投资工作再推进会",
            "演示区政府",
            "各镇办、部门",
            "",
            "再安排再部署",
            "",
            "",
        ),
        (10, 20, "招商活动", "秋季产业招商推介会", "演示区招商局", "", "", "", "", ""),
    )
    return [
        {"日期": datetime.date(2026, month, day), **dict(zip(fields, words, strict=True))}
        for month, day, *words in told
    ]


def register(listed: list[dict[str, object]]) -> dict[str, list[dict[str, object]]]:
    """Return the register of work: minutes, notices, leads, pipeline, parks, measures."""
    day = datetime.date
    minutes = [
        (
            "J01",
            day(2026, 7, 6),
            "协调城东片区征迁遗留问题",
            "演示区住建局",
            day(2026, 7, 31),
            day(2026, 7, 28),
            "已完成签约腾退",
        ),
        (
            "J02",
            day(2026, 7, 6),
            "落实棚改项目融资方案",
            "演示区棚改办",
            day(2026, 8, 15),
            None,
            "",
        ),
        (
            "J03",
            day(2026, 7, 20),
            "倒排滞后项目工期并按周报送",
            "演示区发改局",
            day(2026, 7, 31),
            day(2026, 7, 30),
            "已按周报送",
        ),
        (
            "J04",
            day(2026, 7, 20),
            "完成专项债券项目前期要件",
            "演示区发改局",
            day(2026, 8, 20),
            day(2026, 8, 19),
            "要件已齐备",
        ),
        ("J05", day(2026, 8, 3), "跨河大桥用地报批", "演示区交通局", day(2026, 9, 15), None, ""),
        (
            "J06",
            day(2026, 8, 17),
            "应入库未入库项目逐个核实",
            "演示区发改局",
            day(2026, 8, 31),
            day(2026, 8, 29),
            "核实完毕",
        ),
        ("J07", day(2026, 8, 17), "园区路网工程复工", "演示区工信局", day(2026, 9, 30), None, ""),
    ]
    notices = [
        (
            "T01",
            "上级来文",
            day(2026, 6, 12),
            "关于开展稳投资工作督导检查的通知",
            "演示市发改发〔2026〕88号",
            "演示市发改委",
            "演示区政府",
            "入库不及时",
            "逐个核实、应统尽统",
            "演示区发改局",
            day(2026, 7, 31),
            day(2026, 7, 30),
            "入库清单",
        ),
        (
            "T02",
            "上级来文",
            day(2026, 9, 4),
            "关于报送稳投资工作进展情况的通知",
            "演示市发改发〔2026〕121号",
            "演示市发改委",
            "演示区政府",
            "投资增速持续为负",
            "紧盯滞后项目",
            "演示区发改局",
            day(2026, 9, 30),
            None,
            "",
        ),
        (
            "T03",
            "发给下级",
            day(2026, 8, 20),
            "关于滞后项目限期整改的通知",
            "演投专办〔2026〕9号",
            "演示区专班办公室",
            "演示区棚改办",
            "棚改项目进展缓慢",
            "一项一策",
            "演示区棚改办",
            day(2026, 9, 20),
            None,
            "",
        ),
    ]
    # one project is kept twice, under its old code as well
    led = list({row["项目名称"]: row for row in listed if row["项目级别"] == "市级"}.values())
    leads = [
        {"包抓领导": row["包抓领导"], "包抓项目": row["项目名称"], "到场次数": 1 + at % 4,
         "解决问题数": at % 3, "汇报日期": day(2026, 5, 12) if at % 2 else day(2026, 8, 25)}
        for at, row in enumerate(led)
    ]  # fmt: skip
    stages = ("谋划", "谋划", "储备", "储备", "储备", "前期", "前期", "具备开工条件", "已开工")
    started = [row["项目名称"] for row in listed if row["项目阶段"] == "开工"]
    pipeline = [
        {"储备编号": f"演示-C{at + 1:02d}",
         "项目名称": started[at] if stages[at % len(stages)] == "已开工"
         else f"演示·{PLACES[at % 16]}储备项目{at + 1}",
         "谋划阶段": stages[at % len(stages)], "项目类别": ("工业", "交通", "市政")[at % 3],
         "责任单位": list(UNITS.values())[at % 7], "总投资": 3000.0 + 1700 * (at % 11),
         "计划开工日期": day(2027, 3 + at % 9, 28), "列入年度": 2027 if at % 3 else None}
        for at in range(27)
    ]  # fmt: skip
    parks = [
        {"园区名称": "演示高新区", "基础设施年度计划": 52000.0, "基础设施完成投资": 21400.0,
         "应征迁土地（亩）": 860.0, "已征迁土地（亩）": 515.0, "本年计划到位资金": 46000.0,
         "到位资金": 17800.0, "存在问题": "征迁和配套资金滞后，路网工程停工"},
        {"园区名称": "演示现代农业园", "基础设施年度计划": 9000.0, "基础设施完成投资": 6300.0,
         "应征迁土地（亩）": 120.0, "已征迁土地（亩）": 120.0, "本年计划到位资金": 8000.0,
         "到位资金": 5600.0, "存在问题": ""},
    ]  # fmt: skip
    measures = [
        ("Y01", "优化提升营商环境专项行动", "专项行动", "已实施", day(2026, 4, 1), "演示区发改局"),
        ("Y02", "重大项目决策程序规定", "制度办法", "拟定中", None, "演示区政府办公室"),
        ("Y03", "重点项目领导包抓制度", "制度办法", "已实施", day(2026, 2, 25), "演示区政府办公室"),
        (
            "Y04",
            "重大投资项目保姆式服务实施办法（试行）",
            "企业服务",
            "拟定中",
            None,
            "演示区招商局",
        ),
    ]
    return {
        "会议纪要": rows_under(
            ("事项编号", "会议日期", "会议名称", "议定事项", "责任单位", "完成时限", "完成日期",
             "落实情况"),
            [(id, met, "稳投资联席会议", *words) for id, met, *words in minutes],
        ),
        "督导通知": rows_under(
            ("通知编号", "方向", "发文日期", "通知标题", "文号", "发文单位", "受文单位", "指出问题",
             "整改措施", "责任单位", "完成时限", "销号日期", "销号依据"), notices,
        ),
        "领导包抓": leads,
        "谋划储备": pipeline,
        "园区": parks,
        "营商环境": rows_under(
            ("举措编号", "举措名称", "举措类型", "举措状态", "印发日期", "责任单位"), measures
        ),
    }  # fmt: skip


def rows_under(headers: tuple[str, ...], told: list[tuple[object, ...]]) -> list[dict[str, object]]:
    """Return tuples as rows."""
    return [dict(zip(headers, one, strict=True)) for one in told]


def contracts(rng: np.random.Generator) -> list[dict[str, object]]:
    """Return signed contracts: each step is reached by fewer."""
    rows = []
    for number in range(30):
        signed = datetime.date(2025, 3, 1) + datetime.timedelta(days=int(rng.integers(0, 520)))
        steps = [signed + datetime.timedelta(days=90 * step) for step in (1, 2, 5)]
        reached = int(rng.choice([0, 1, 2, 3], p=[0.3, 0.25, 0.3, 0.15]))
        days = [
            day if step < reached and day <= month_end(LAST) else None
            for step, day in enumerate(steps)
        ]
        amount = float(round(rng.lognormal(9.3, 0.8), -2))
        rows.append({
            "合同编号": f"演示-H{number + 1:03d}",
            "项目名称": f"演示·{PLACES[number % 16]}招商项目",
            "投资方": f"演示{PLACES[number * 5 % 16]}集团",
            "合同总投资": amount, "签约日期": signed,
            "履约日期": days[0], "开工日期": days[1], "竣工日期": days[2],
            "到位资金": round(amount * 0.2 * sum(day is not None for day in days)),
        })  # fmt: skip
    return rows


def bonds(listed: list[dict[str, object]], rng: np.random.Generator) -> list[dict[str, object]]:
    """Return bonds of public projects, with what has been paid out of them."""
    rows = []
    for number, row in enumerate(listed[:18]):
        month = MONTHS[int(rng.integers(8, len(MONTHS)))]
        amount = 1000.0 * int(rng.integers(1, 9))
        expected = min(1.0, (LAST - month).n / 6)
        rows.append({
            "项目代码": row["项目代码"], "批次": f"演示{month.year}年第{number % 3 + 1}批",
            "发行日期": month_end(month), "债券额度": amount,
            "已支出": round(amount * expected * float(rng.choice([0.5, 0.8, 1.0]))),
        })  # fmt: skip
    return rows


def targets() -> list[dict[str, object]]:
    """Return the targets of the district and its units for 2026, and on the way to them."""
    whole = [("演示区", "投资额", 334.0, "亿元"), ("演示区", "投资增速", 3.0, "%")]
    parts = [(unit, "投资额", 18.0 + 3 * at, "亿元") for at, unit in enumerate(UNITS.values())]
    rows = [(unit, None, *told) for unit, *told in whole + parts]
    rows += [
        (unit, month, metric, round(share * value, 1), measure)
        for month, share in TARGET_SHARES.items()
        for unit, metric, value, measure in whole + parts
        if metric == "投资额"
    ]
    return [
        {
            "责任单位": unit, "年度": 2026, "月": month,
            "目标指标": metric, "目标值": value, "计量单位": measure,
        }
        for unit, month, metric, value, measure in rows
    ]  # fmt: skip


def write_sheet(
    book: xlsxwriter.Workbook, name: str, titles: list[str], rows: list[dict[str, object]]
) -> None:
    """Write one sheet as an office keeps it: titles, header, rows, a sum, a note."""
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for at, title in enumerate(titles):
        sheet.write_string(at, 0, title)
    headers = list(rows[0])
    for column, header in enumerate(headers):
        sheet.write_string(len(titles), column, header, bold)
    whole = [sum_row(rows)] if "项目名称" in headers and "序号" in headers else []
    for at, row in enumerate([*rows, *whole], start=len(titles) + 1):
        for column, header in enumerate(headers):
            value = row.get(header)
            if isinstance(value, datetime.date):
                sheet.write_datetime(at, column, datetime.datetime(*value.timetuple()[:3]), day)  # noqa: DTZ001  a day
            elif isinstance(value, str) and value:
                sheet.write_string(at, column, value)
            elif value is not None and value != "":
                sheet.write_number(at, column, float(str(value)))
    under = len(titles) + 1 + len(rows) + len(whole)
    sheet.write_string(under, 0, f"注：{MARK}，不对应任何真实的项目、单位或个人。")
    sheet.freeze_panes(len(titles) + 1, 3)
    sheet.set_column(0, len(headers) - 1, 14)
    sheet.set_landscape()
    sheet.repeat_rows(len(titles))


def sum_row(rows: list[dict[str, object]]) -> dict[str, object]:
    """Return the row under the projects that offices add; the reader leaves it out."""
    summed = [name for name in rows[0] if name in AMOUNTS or name.startswith("1-")]
    sums = {
        name: sum(float(str(row[name])) for row in rows if row[name] is not None) for name in summed
    }
    return {"项目名称": "合计"} | sums


def write_ledger(target: Path) -> None:
    """Write the whole workbook."""
    rng = np.random.default_rng(SEED)
    known = projects(rng)
    done = monthly_amounts(known, rng)
    known = books(known, done, rng)
    monthly = sheets(known, done)
    others = other_tables(known, monthly[LAST], rng)
    with xlsxwriter.Workbook(target, {"strings_to_formulas": False}) as book:
        book.set_properties(
            {"title": MARK, "created": datetime.datetime(2026, 9, 16)}  # noqa: DTZ001  no clock
        )
        for month, rows in monthly.items():
            until = f"1-{month.month}月完成投资"
            numbered = [
                {
                    name.replace("1-n月完成投资", until): {"序号": at}.get(name, row.get(name))
                    for name in MONTHLY
                }
                for at, row in enumerate(rows, start=1)
            ]
            titles = [
                f"演示区投资项目工作台账（{MARK}）",
                f"截至{month.year}年{month.month}月底　单位：万元",
            ]
            write_sheet(book, f"{month.year}年{month.month}月", titles, numbered)
        for name, table in others.items():
            titles = [f"演示区{name}（{MARK}）", f"截至{LAST.year}年{LAST.month}月底　单位：万元"]
            write_sheet(book, name, titles, table)


if __name__ == "__main__":
    write_ledger(Path(sys.argv[1]) if sys.argv[1:] else Path(__file__).with_name("ledger.xlsx"))
