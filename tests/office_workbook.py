"""Projects of an office and what belongs to them, as they are; the books are in ``office_books``.

Nothing of the library is used here. An :class:`Office` makes up its 85 projects, their issues,
contracts, bonds, tasks and targets in the fields of the library, before any of it is written.
"""

import datetime
import random

YEAR, MONTH = 2026, 8
TOWNS = ["城关街道", "东塔街道", "河湾镇", "白马镇", "石门乡", "高新区"]
UNITS = ["区住建局", "区交通运输局", "区工信局", "区水利局", "区教体局", "区文旅局"]
LEVELS = {"provincial": "省级", "city": "市级", "district": "区级"}
TYPES = {
    "new_build": "新建",
    "expansion": "扩建",
    "reconstruction": "改建",
    "technical": "技改",
    "relocation": "迁建",
    "purchase": "单纯购置",
}
NATURES = {"new": "新开工", "ongoing": "续建", "early": "前期"}
THINGS = ["标准化厂房", "污水处理厂", "中学迁建", "高标准农田", "物流园", "冷链仓储", "二级公路"]
THINGS += ["棚户区改造", "充电桩", "康养中心", "防洪堤"]
LEADS = ["王建国", "李秀英", "张伟", "赵敏", "孙志强"]
CAUSES = {
    "approval": ["审批手续", "手续办理"],
    "planning": ["规划", "规划调整"],
    "land": ["用地", "土地指标"],
    "forest": ["林地", "使用林地"],
    "energy": ["用能", "能耗指标"],
    "funds": ["资金", "资金短缺"],
    "clearance": ["征拆", "征地拆迁"],
}
CLASSES = {
    "slow": ["进展缓慢", "推进缓慢"],
    "not_in_library": ["应入库未入库", "应统未统"],
    "papers_missing": ["手续不全", "手续不齐"],
    "not_started_due": ["应开未开", "未开工"],
}


def last_day(year, month):
    return datetime.date(year + month // 12, month % 12 + 1, 1) - datetime.timedelta(1)


class Office:
    """The truth of one office: rows by table, in the fields of the library."""

    def __init__(self, seed=0, *, n=85, month=MONTH):
        self.chance, self.month = random.Random(seed), month
        self.projects = [self._project(at) for at in range(n)]
        at_issue = [one for one in self.projects if one["actual_start"]][:24]
        self.issues = [self._issue(at, one) for at, one in enumerate(at_issue)]
        self.contracts = [self._contract(at) for at in range(14)]
        held = self.chance.sample(self.projects, 10)
        self.bonds = [self._bond(at, one) for at, one in enumerate(held)]
        self.tasks = [self._task(at, one) for at, one in enumerate(self.chance.sample(held, 8))]
        self.targets = [
            {"unit": unit, "year": float(YEAR), "month": None, "metric": "investment"}
            | {"value": float(self.chance.randint(20, 400) * 100), "value_unit": "10k"}
            for unit in TOWNS
        ]

    def _project(self, at):
        chance = self.chance
        nature = ("ongoing", "new", "new", "ongoing", "early")[at % 5]
        town = TOWNS[at % 6]
        plan = chance.randint(5, 120) * 100
        total = plan * chance.randint(2, 6)
        start = {
            "ongoing": last_day(YEAR - 1, chance.randint(3, 11)),
            "new": last_day(YEAR, chance.randint(2, 7)),
            "early": None,
        }[nature]
        began = start if nature != "early" and not (nature == "new" and at % 4 == 1) else None
        share = chance.choice([35, 50, 62, 71, 88])
        done = round(plan * share / 100) if began else None
        pct = chance.choice([10, 30, 45, 65, 80]) if began else None
        note = (
            f"主体完成{pct}%"
            if began and at % 3
            else ("正在进行基础施工" if began else "正在办理前期手续")
        )
        phase = "" if at < 11 else f"（{at // 11 + 1}期）"
        return {
            "name": f"{town[:2]}{THINGS[at % 11]}{phase}建设项目",
            "level": list(LEVELS)[0 if at % 17 == 0 else 1 if at % 3 == 0 else 2],
            "area": town,
            "content": f"建筑面积{chance.randint(1, 90) * 100}平方米，配套建设给排水、供电设施",
            "unit": UNITS[at % 6],
            "lead": LEADS[at % 5],
            "owner": f"{town[:2]}建设投资有限公司",
            "construction_type": list(TYPES)[(at * 7 + at // 6) % 6],
            "nature": nature,
            "planned_start": start if nature != "early" else last_day(YEAR, 12),
            "actual_start": began,
            "planned_finish": last_day(YEAR + 1, chance.randint(3, 12)),
            "total_investment": float(total),
            "annual_plan": float(plan),
            "month_done": float(round(done / 8)) if done else None,
            "ytd_done": float(done) if done is not None else None,
            "cum_done_total": float(done + (plan if nature == "ongoing" else 0)) if done else None,
            "plan_done_pct": round(100 * done / plan, 1) if done is not None else None,
            "progress_note": note,
            "progress_pct": float(pct) if began and at % 3 else None,
            "in_stat_library": began is not None and at % 7 != 3,
            "library_date": last_day(YEAR, 3) if began and at % 7 != 3 else None,
            "funds_arrived": float(done) if done is not None else None,
            "problem": "土地指标未落实" if began and at % 6 == 0 else None,
            "remedy": "加快组件报批" if began and at % 6 == 0 else None,
            "remark": "与二期统筹实施" if at % 20 == 5 else None,
        }

    def _issue(self, at, one):
        closed = last_day(YEAR, 7) if at % 4 == 0 else None
        return {
            "project": one["name"],
            "class": list(CLASSES)[at % 4],
            "cause": list(CAUSES)[at % 7],
            "opened": datetime.date(YEAR, at % 5 + 2, 10),
            "due": last_day(YEAR, at % 4 + 8),
            "owner_unit": one["unit"],
            "action": "倒排工期，专人盯办",
            "closed": closed,
        }

    def _contract(self, at):
        signed = datetime.date(YEAR, at % 7 + 1, 18)
        performed = last_day(YEAR, at % 7 + 1) if at % 3 else None
        return {
            "name": f"{THINGS[at % 11]}装备制造项目{at + 1}号",
            "investor": f"江州{THINGS[-(at % 11) - 1]}集团有限公司",
            "amount": float(self.chance.randint(3, 60) * 1000),
            "signed": signed,
            "performed": performed,
            "started": last_day(YEAR, 8) if at % 3 == 1 else None,
            "arrived": float(self.chance.randint(1, 9) * 100) if at % 3 else None,
        }

    def _bond(self, at, one):
        amount = self.chance.randint(5, 60) * 100
        return {
            "project": one["name"],
            "batch": f"2026年第{'一二三'[at % 3]}批",
            "issued": datetime.date(YEAR, at % 3 * 2 + 2, 25),
            "amount": float(amount),
            "paid": float(round(amount * 0.4)),
        }

    def _task(self, at, one):
        return {
            "project": one["name"],
            "title": f"完成{('施工许可证办理', '主体封顶', '设备招标', '竣工验收')[at % 4]}",
            "due": last_day(YEAR, at % 4 + 9),
            "done": None,
            "owner": one["unit"],
        }


def spelt_day(day, how):
    """Write the last day of a month, or a day, as offices do."""
    if day is None:
        return None
    return {
        "dots": f"{day.year}.{day.month}" if day.month != 10 else f"{day.year}年10月",
        "month": f"{day.year}年{day.month}月",
        "before": f"{day.year}年{day.month}月底前",
        "bare": f"{day.month}月底",
        "day": day,
        "zh": f"{day.year}年{day.month}月{day.day}日",
    }[how]


def other_name(name, at):
    """Write the name of a project a little otherwise, as another desk of the office does."""
    return [
        name,
        name.removesuffix("建设项目"),
        name.replace("（", "(").replace("）", ")"),
        name.removesuffix("项目") + "工程",
        f" {name[:2]} {name[2:]}",
    ][at % 5]


def measured(key, found):
    """Return how many fields of the key there are, and which of them are wrong.

    ``found`` is rows by table in plain values: dates, floats, words, booleans, None. Rows are found
    by the name of the project (unit, title) that they are about.
    """
    wrong, n = [], 0
    for table, rows in key.items():
        by_name = {}
        for row in found.get(table, ()):
            by_name.setdefault(row["_name"], []).append(row)
        for want in rows:
            told = {name: value for name, value in want.items() if not name.startswith("_")}
            n += len(told)
            near = by_name.get(want["_name"], [])
            scores = [
                [name for name in told if not _same(told[name], row.get(name))] for row in near
            ]
            bad = min(scores, key=len, default=list(told))
            wrong += [(table, want["_name"], name, told[name]) for name in bad]
    return n, wrong


def _same(wanted, got):
    if isinstance(wanted, float):
        return isinstance(got, float | int) and abs(wanted - got) < 1e-6
    return wanted == got or (wanted is None and got in (None, ""))
