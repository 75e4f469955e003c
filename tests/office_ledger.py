"""A ledger as an office keeps it, and its figures counted by plain loops over the same rows.

Nothing of the library is used here: the workbook is written with ``openpyxl``, and what is true of
it is counted from the rows before they are written.
"""

import datetime
import random

import openpyxl

YEAR, MONTHS = 2026, (5, 6, 7, 8)
UNITS = ["住建局", "交通局", "工信局", "水利局", "文旅局"]
TOP = [
    *("序号", "项目代码", "项目名称", "项目级别", "责任单位", "建设地点", "建设性质", "总投资"),
    *("开工时间", "", "竣工时间", "", "年度投资", "", "", ""),
    *("是否入库", "统计上报数", "备注"),
]
BELOW = {8: "计划", 9: "实际", 10: "计划", 11: "实际", 12: "计划", 13: "本月完成", 14: "累计完成"}
BELOW |= {15: "占年度计划（%）"}
HIDDEN = "F"  # 建设地点
LEVELS = ("市级", "区级")
STOPPED = 5  # how many projects have an open issue that they stand still


def day(month, year=YEAR):
    """Return the last day of a month."""
    return datetime.date(year + month // 12, month % 12 + 1, 1) - datetime.timedelta(1)


class Office:
    """One made-up office: its projects, and what it wrote down month by month.

    ``silent`` started projects tell nothing of what they did since July; each has `silent_plan` of
    the year's plan. ``undated`` ones have not begun and say nothing of when they will.
    """

    def __init__(self, *, silent=0, silent_plan=100, undated=0):
        self.chance = random.Random(20260831)
        self.projects = [self._project(at) for at in range(86)]
        under_way = [one for one in self.projects if one["began"] and not one["over"]]
        under_way.sort(key=lambda one: one["level"] != LEVELS[0])
        for one in under_way[:silent]:
            one |= {"silent": True, "plan": silent_plan}
        waiting = [one for one in self.projects if not one["began"] and one["nature"] == "新开工"]
        for one in waiting[:undated]:
            one["planned"] = None
        halted = [one for one in under_way[silent:] if not one["silent"]][:STOPPED]
        self.issues = [
            (f"W{at}", one["name"], "停建", day(at % 3 + 4), None if at % 2 else day(7))
            for at, one in enumerate(halted)
        ]

    def _project(self, at):
        chance = self.chance
        nature = ("续建", "新开工", "新开工", "前期")[at % 4] if at % 8 != 7 else "续建"
        planned = {"续建": day(chance.randint(3, 11), YEAR - 1), "前期": None}.get(
            nature, day(chance.randint(2, 11))
        )
        is_late = at % 3 == 0
        began = planned and (planned if nature == "续建" or not is_late else None)
        if began and began > day(8):
            began = None
        over = day(7) if nature == "续建" and at % 5 == 0 else None
        return {
            "code": f"2025-610702-47-03-{100000 + at}",
            "name": f"{UNITS[at % 5][:2]}第{at + 1}项目",
            "level": LEVELS[at % 5 > 1],
            "unit": UNITS[at % 5],
            "nature": nature,
            "planned": planned,
            "began": began,
            "over": over,
            "plan": chance.randint(2, 90) * 100,
            "speed": chance.choice([0.2, 0.5, 0.9, 1.1, 1.3]),
            "silent": False,
        }

    def row(self, one, month):
        """Return what the office wrote of a project: what is blank is None."""
        end = day(month)
        began = one["began"] if one["began"] and one["began"] <= end else None
        first = 1 if began and began.year < YEAR else (began.month if began else 13)
        gone = max(0, month - first + 1)
        done = round(one["plan"] * one["speed"] * gone / 12) if began else None
        last = round(one["plan"] * one["speed"] * max(0, gone - 1) / 12) if began else None
        if one["silent"] and month >= 7:
            done = None
        return one | {
            "began": began,
            "over": one["over"] if one["over"] and one["over"] <= end else None,
            "done": done,
            "month": None if done is None else done - last,
        }

    def rows(self, month):
        return [self.row(one, month) for one in self.projects]

    def write(self, path):
        book = openpyxl.Workbook()
        book.remove(book.active)
        for month in MONTHS:
            self._write_month(book.create_sheet(f"{YEAR}年{month}月"), month)
        issues = book.create_sheet("问题清单")
        issues.append(["问题清单"])
        issues.append(["问题编号", "项目名称", "问题类别", "提出日期", "销号日期"])
        for row in self.issues:
            issues.append(row)
        book.save(path)
        return path

    def _write_month(self, sheet, month):
        sheet.append(["重点项目推进台账"])
        sheet.merge_cells("A1:S1")
        sheet.append(["填报单位：发改局", *[""] * 16, "单位：万元"])
        sheet.append([f"截至{YEAR}年{month}月底"])
        sheet.append(TOP)
        sheet.append([BELOW.get(at, "") for at in range(len(TOP))])
        for at in range(len(TOP)):
            letter = openpyxl.utils.get_column_letter(at + 1)
            if at not in BELOW:
                sheet.merge_cells(f"{letter}4:{letter}5")
        for span in ("I4:J4", "K4:L4", "M4:P4"):
            sheet.merge_cells(span)
        sheet.column_dimensions[HIDDEN].hidden = True
        number = 0
        for at, level in enumerate(LEVELS):
            sheet.append([f"{'一二'[at]}、{level}重点项目"])
            group = [one for one in self.rows(month) if one["level"] == level]
            for one in group:
                number += 1
                sheet.append(self._cells(number, one))
            sheet.append(self._sum("小计", group))
        sheet.append(self._sum("合计", self.rows(month)))
        sheet.append(["注：未开工项目累计完成不填。"])

    def _cells(self, number, one):
        done, share = one["done"], None
        if done is not None:
            share = round(100 * done / one["plan"], 1)
        return [
            *(number, one["code"], one["name"], one["level"], one["unit"], "城关", one["nature"]),
            *(one["plan"] * 3, one["planned"], one["began"], day(6, YEAR + 1), one["over"]),
            *(one["plan"], one["month"], done, share),
            *("是" if one["began"] else "否", done, None),
        ]

    def _sum(self, word, rows):
        plan, done = sum(one["plan"] for one in rows), sum(one["done"] or 0 for one in rows)
        month = sum(one["month"] or 0 for one in rows)
        cells = ["", "", word, *[""] * 4, plan * 3, *[""] * 4]
        return [*cells, plan, month, done, round(100 * done / plan, 1), "", done, ""]


def truth(office, month):
    """Return what is true of a month, counted one row at a time."""
    end, even = day(month), 100 * month / 12
    halted = {
        name
        for _, name, _, opened, closed in office.issues
        if opened <= end and not (closed and closed <= end)
    }
    found = dict.fromkeys(("n", "lagging", "unjudged", "by_rule", "silent"), 0)
    found |= dict.fromkeys(("plan", "done", "short", "planned", "started", "due", "due_started"), 0)
    found |= dict.fromkeys(("key_plan", "key_done"), 0)
    for one in office.rows(month):
        found["n"] += 1
        plan, done, began = one["plan"], one["done"], one["began"]
        if done is None and began is None and (one["planned"] or one["nature"] == "前期"):
            found["by_rule"] += 1
            done = 0
        if done is not None:
            found["plan"] += plan
            found["done"] += done
            if one["level"] == "市级":
                found["key_plan"] += plan
                found["key_done"] += done
        else:
            found["silent"] += 1
        is_due = one["planned"] is not None and one["planned"] <= end
        if one["over"]:
            status = "completed"
        elif one["name"] in halted:
            status = "behind"
        elif began is None:
            status = "behind" if is_due else "waits"
            if one["planned"] is None and one["nature"] != "前期":
                status = "unjudged"
        elif done is None:
            status = "unjudged"
        else:
            status = "behind" if 100 * done / plan - even <= -10 else "normal"
        found["unjudged"] += status == "unjudged"
        found["lagging"] += status == "behind"
        if status == "behind":
            found["short"] += max(0, plan * month / 12 - done)
        if one["planned"] and one["planned"].year == YEAR:
            found["planned"] += 1
            found["started"] += began is not None
            found["due"] += is_due
            found["due_started"] += is_due and began is not None
    return found
