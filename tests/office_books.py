"""Ledgers of seven sheets as three offices keep them, each with the key of what it must become.

A style (``A``, ``B``, ``C``) says how the sheets look: headers of three rows over sections by town,
one row of everyday words with merged towns, one long sheet in 亿元. The words over a column are
picked among those that such an office may use; none is taken from the lists of the library.
"""

import random
from pathlib import Path

import openpyxl
from office_workbook import (
    CAUSES,
    CLASSES,
    LEVELS,
    NATURES,
    TOWNS,
    TYPES,
    YEAR,
    other_name,
    spelt_day,
)
from openpyxl.comments import Comment
from openpyxl.utils import get_column_letter

# The words over a column, by style and field; a list is a choice among ways to say it.
WORDS = {
    "A": {
        "name": ["项目名称", "重点项目名称"],
        "content": ["主要建设内容及规模", "建设规模及主要内容"],
        "construction_type": ["建设性质"],
        "nature": ["新建/续建", "项目类别（新开工、续建、前期）"],
        "years": ["建设起止年限", "起止年限"],
        "total_investment": ["总投资", "估算总投资"],
        "annual_plan": ["年度计划投资", "2026年计划投资"],
        "month_done": ["8月完成投资", "当月完成投资"],
        "ytd_done": ["1-8月完成投资", "1—8月累计完成投资"],
        "plan_done_pct": ["占年度计划比例（%）", "完成年度计划（%）"],
        "cum_done_total": ["开工至今累计完成投资", "自开工累计完成"],
        "progress_note": ["形象进度", "目前形象进度"],
        "planned_start": ["计划开工时间", "拟开工时间"],
        "actual_start": ["实际开工时间"],
        "planned_finish": ["计划竣工时间", "计划建成时间"],
        "owner": ["项目单位", "建设单位"],
        "unit": ["主管部门", "行业主管部门", "包联单位"],
        "lead": ["挂联领导", "包抓领导", "联系区领导"],
        "in_stat_library": ["是否纳统", "是否入库"],
        "library_date": ["入库时间", "纳统时间"],
        "funds_arrived": ["资金到位情况（万元）", "到位资金"],
        "problem": ["存在问题", "卡点堵点", "存在的主要问题"],
        "remedy": ["下步打算", "下一步打算", "解决措施"],
        "remark": ["备注"],
        "phone": ["联系电话", "联系人及电话"],
        "class": ["问题类型", "问题类别"],
        "cause": ["问题成因", "要素类型"],
        "opened": ["提出时间", "建账时间"],
        "due": ["完成时限", "整改时限"],
        "owner_unit": ["责任单位", "牵头单位"],
        "action": ["解决措施", "办理情况"],
        "closed": ["销号时间"],
        "is_closed": ["是否销号"],
        "c.name": ["项目名称", "签约项目名称"],
        "investor": ["投资方", "投资企业名称"],
        "amount": ["协议投资额（亿元）", "协议总投资（亿元）"],
        "signed": ["签约时间"],
        "performed": ["履约时间"],
        "started": ["开工时间"],
        "arrived": ["到位资金（万元）"],
        "b.name": ["项目名称"],
        "batch": ["批次", "发行批次"],
        "issued": ["发行时间"],
        "b.amount": ["债券额度（万元）", "债券资金（万元）"],
        "paid": ["已支出（万元）", "累计支出（万元）"],
    },
    "B": {
        "name": ["项目", "工程名称", "项目名称"],
        "content": ["建设内容", "项目概况", "建设内容及规模"],
        "construction_type": ["建设性质", "建设类型"],
        "nature": ["续建或新开工", "新开工/续建", "项目状态（续建/新开工/前期）"],
        "total_investment": ["总投资(万元)", "投资总额(万元)", "计划总投资(万元)"],
        "annual_plan": ["2026年投资计划(万元)", "年度投资任务(万元)", "年内计划投资(万元)"],
        "month_done": ["本月完成(万元)", "当月完成投资(万元)"],
        "ytd_done": ["今年以来完成投资(万元)", "年初以来累计完成(万元)", "截至目前完成投资(万元)"],
        "plan_done_pct": ["完成率", "投资完成率", "占年度任务比例"],
        "progress_note": ["工程形象进度", "当前进展", "项目进展情况"],
        "planned_start": ["拟开工时间", "预计开工时间", "计划开工"],
        "actual_start": ["实际开工", "开工时间"],
        "planned_finish": ["预计完工时间", "拟竣工时间", "计划完工"],
        "owner": ["业主单位", "业主", "实施主体", "实施单位"],
        "unit": ["牵头部门", "责任部门", "包保单位"],
        "lead": ["包保领导", "牵头领导", "责任领导", "包挂领导"],
        "area": ["属地", "所在镇街", "所属镇办"],
        "in_stat_library": ["入库情况", "是否入统", "是否已入库"],
        "problem": ["难点堵点", "需协调解决问题", "困难问题", "存在困难"],
        "remedy": ["下步措施", "下一步工作计划", "对策建议", "工作打算"],
        "phone": ["手机", "联系方式"],
        "b.class": ["类别", "问题分类"],
        "cause": ["问题原因", "卡点类型"],
        "problem_text": ["具体问题", "问题描述", "堵点内容"],
        "due": ["办结时限", "拟解决时间", "要求办结时间"],
        "owner_unit": ["承办单位", "责任单位"],
        "action": ["办理进展", "推进措施", "整改情况"],
        "is_closed": ["是否办结", "销号情况", "是否解决"],
        "investor": ["客商名称", "投资主体", "企业名称"],
        "c.name": ["签约项目", "项目名称"],
        "amount": ["合同金额(万元)", "签约额(万元)"],
        "signed": ["签订时间", "签约日期"],
        "performed_text": ["履约情况", "是否履约"],
        "arrived": ["已到位资金(万元)", "到资额(万元)"],
        "b.name": ["债券项目", "项目名称"],
        "b.amount": ["发行额(万元)", "专债金额(万元)"],
        "issued": ["发行日期", "到账时间"],
        "paid": ["已使用(万元)", "支付金额(万元)", "已拨付(万元)"],
        "title": ["工作任务", "节点任务", "重点任务"],
        "t.due": ["完成时间要求", "时间节点", "时限要求"],
        "t.owner": ["责任单位", "牵头单位"],
        "t.project": ["所属项目", "项目名称"],
    },
}
WORDS["C"] = WORDS["A"] | WORDS["B"]


class Book:
    """One workbook of an office, and its key."""

    def __init__(self, office, style, *, seed=0):
        self.office, self.style = office, style
        self.chance = random.Random(f"{seed}{style}")
        self.spelt = {name: self.chance.choice(words) for name, words in WORDS[style].items()}
        self.book = openpyxl.Workbook()
        self.book.remove(self.book.active)
        self.key = {}
        getattr(self, f"_style_{style.lower()}")()

    def save(self, path):
        self.book.save(path)
        return Path(path)

    def _hold(self, table, name, one, fields):
        self.key.setdefault(table, []).append({"_name": name} | {at: one[at] for at in fields})

    # -- A: sheets by level, sections by town, header of three rows -----------------------------
    def _style_a(self):
        for level, word in LEVELS.items():
            group = [one for one in self.office.projects if one["level"] == level]
            self._a_projects(self.book.create_sheet(f"{word}重点项目"), word, group)
        self._a_issues()
        self._a_contracts()
        self._a_bonds()
        self._a_targets()

    def _a_projects(self, sheet, word, group):
        month, w = self.office.month, self.spelt
        # field, top, middle, bottom
        columns = [
            (None, "序号", "", ""), ("name", w["name"], "", ""), ("content", w["content"], "", ""),
            ("construction_type", w["construction_type"], "", ""), ("nature", w["nature"], "", ""),
            ("years", w["years"], "", ""), ("total_investment", w["total_investment"], "", ""),
            ("annual_plan", "投资完成情况", "", w["annual_plan"]),
            ("month_done", "", "其中", w["month_done"]), ("ytd_done", "", "", w["ytd_done"]),
            ("plan_done_pct", "", "", w["plan_done_pct"]),
            ("cum_done_total", w["cum_done_total"], "", ""),
            ("progress_note", "推进情况", w["progress_note"], ""),
            ("planned_start", "", w["planned_start"], ""),
            ("actual_start", "", w["actual_start"], ""),
            ("planned_finish", "", w["planned_finish"], ""),
            ("owner", "责任落实", w["owner"], ""), ("unit", "", w["unit"], ""),
            ("lead", "", w["lead"], ""), ("phone", "", w["phone"], ""),
            ("in_stat_library", "纳统情况", w["in_stat_library"], ""),
            ("library_date", "", w["library_date"], ""),
            ("funds_arrived", w["funds_arrived"], "", ""), ("problem", w["problem"], "", ""),
            ("remedy", w["remedy"], "", ""), ("remark", w["remark"], "", ""),
        ]  # fmt: skip
        wide = len(columns)
        sheet.append([f"{YEAR}年{word}重点项目推进情况表"])
        sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=wide)
        sheet.append([f"（截至{YEAR}年{month}月31日）", *[""] * (wide - 3), "单位：万元、%"])
        for level in range(1, 4):
            sheet.append([column[level] for column in columns])
        for at, (_, top, middle, bottom) in enumerate(columns, start=1):
            if top and not middle and not bottom:
                sheet.merge_cells(start_row=3, start_column=at, end_row=5, end_column=at)
            elif middle and middle != "其中":
                sheet.merge_cells(start_row=4, start_column=at, end_row=5, end_column=at)
            elif at == 8:
                sheet.merge_cells(start_row=4, start_column=at, end_row=4, end_column=at)
        for span in ("H3:K3", "I4:K4", "M3:P3", "Q3:T3", "U3:V3"):
            sheet.merge_cells(span)
        sums = ("total_investment", "annual_plan", "month_done", "ytd_done", "cum_done_total")
        names = [column[0] for column in columns]

        def total(label, rows):
            cells = ["", label] + [""] * (wide - 2)
            for name in sums:
                cells[names.index(name)] = sum(one[name] or 0 for one in rows)
            return cells

        sheet.append(total(f"合计（{len(group)}个）", group))
        told = [*filter(None, names), "level", "area", "progress_pct"]
        told = [name for name in told if name not in {"phone", "years"}]
        number = 0
        for at, town in enumerate(TOWNS):
            rows = [one for one in group if one["area"] == town]
            if not rows:
                continue
            sheet.append([f"{'一二三四五六'[at]}、{town}（{len(rows)}个）"])
            sheet.merge_cells(
                start_row=sheet.max_row, start_column=1, end_row=sheet.max_row, end_column=6
            )
            for one in rows:
                number += 1
                sheet.append([self._a_cell(name, one, number) for name in names])
                self._hold("projects", one["name"], one, told)
            sheet.append(total("小计", rows))
        sheet.append([])
        sheet.append(["注：1.年度计划投资以区政府下达为准；2.未开工项目不填完成投资。"])
        sheet.append(["填报人：张三", "", "", "审核人：李四"])
        sheet.column_dimensions[get_column_letter(names.index("content") + 1)].hidden = True
        sheet.row_dimensions[8].hidden = True
        sheet.cell(8, 2).comment = Comment("名称以批复为准", "办公室")
        sheet.cell(9, 2).fill = openpyxl.styles.PatternFill("solid", fgColor="FFFF00")

    def _a_cell(self, name, one, number):
        if name is None:
            return number
        if name == "years":
            return f"{one['planned_start'].year}-{one['planned_finish'].year}"
        value = one.get(name)
        if name == "phone":
            return f"1390916{number:04d}"
        if name == "construction_type":
            return TYPES[value]
        if name == "nature":
            return NATURES[value]
        if name in {"planned_start", "planned_finish"}:
            return spelt_day(value, ("dots", "before", "month")[number % 3])
        if name in {"actual_start", "library_date"}:
            return spelt_day(value, ("dots", "day")[number % 2])
        if name == "in_stat_library":
            return "是" if value else "否"
        return value

    def _a_issues(self):
        w, sheet = self.spelt, self.book.create_sheet("问题清单")
        sheet.append([f"{YEAR}年{self.office.month}月重点项目问题清单"])
        sheet.append(["序号", "项目名称", w["class"], w["cause"], w["opened"], w["due"],
                      w["owner_unit"], w["action"], w["is_closed"], w["closed"]])  # fmt: skip
        for at, one in enumerate(self.office.issues):
            sheet.append([
                at + 1, other_name(one["project"], at), CLASSES[one["class"]][at % 2],
                CAUSES[one["cause"]][at % 2], one["opened"],
                spelt_day(one["due"], ("bare", "before")[at % 2]),
                one["owner_unit"], one["action"], "是" if one["closed"] else "否",
                spelt_day(one["closed"], "zh"),
            ])  # fmt: skip
            self._hold(
                "issues",
                one["project"],
                one,
                ["class", "cause", "opened", "due", "owner_unit", "action", "closed"],
            )

    def _a_contracts(self):
        w, sheet = self.spelt, self.book.create_sheet("招商引资签约项目")
        sheet.append([f"{YEAR}年招商引资签约项目履约情况表（截至{self.office.month}月底）"])
        sheet.append(["序号", w["c.name"], w["investor"], w["amount"], w["signed"], w["performed"],
                      w["started"], w["arrived"], "备注"])  # fmt: skip
        for at, one in enumerate(self.office.contracts):
            sheet.append([
                at + 1, one["name"], one["investor"], one["amount"] / 10000, one["signed"],
                spelt_day(one["performed"], "dots"), spelt_day(one["started"], "month"),
                one["arrived"],
                "外资" if at % 5 == 0 else None,
            ])  # fmt: skip
            self._hold(
                "contracts",
                one["name"],
                one,
                ["investor", "amount", "signed", "performed", "started", "arrived"],
            )

    def _a_bonds(self):
        w, sheet = self.spelt, self.book.create_sheet("专项债券")
        sheet.append([f"专项债券使用情况表（{YEAR}年{self.office.month}月）"])
        sheet.append(["序号", w["b.name"], w["batch"], w["issued"], w["b.amount"], w["paid"]])
        top = 3
        for at, one in enumerate(sorted(self.office.bonds, key=lambda one: one["batch"])):
            sheet.append(
                [
                    at + 1,
                    other_name(one["project"], at + 2),
                    one["batch"],
                    one["issued"],
                    one["amount"],
                    one["paid"],
                ]
            )
            self._hold("bonds", one["project"], one, ["batch", "issued", "amount", "paid"])
        spans = {}
        for row in range(top, sheet.max_row + 1):
            spans.setdefault(sheet.cell(row, 3).value, []).append(row)
        for rows in spans.values():
            for row in rows[1:]:
                sheet.cell(row, 3).value = None
            sheet.merge_cells(start_row=rows[0], start_column=3, end_row=rows[-1], end_column=3)
        sheet.append(["", "合计", "", "", sum(one["amount"] for one in self.office.bonds),
                      sum(one["paid"] for one in self.office.bonds)])  # fmt: skip

    def _a_targets(self):
        sheet = self.book.create_sheet("目标任务")
        sheet.append([f"{YEAR}年固定资产投资目标任务分解表"])
        sheet.append(["", "单位：万元"])
        sheet.append(["序号", "镇（街道）", "全年目标", "上半年目标"])
        for at, one in enumerate(self.office.targets):
            half = one["value"] / 2
            sheet.append([at + 1, one["unit"], one["value"], half])
            self._hold(
                "targets", one["unit"], one, ["year", "month", "metric", "value", "value_unit"]
            )
            self._hold(
                "targets",
                one["unit"],
                one | {"month": 6.0, "value": half},
                ["year", "month", "metric", "value", "value_unit"],
            )
        sheet.append(["", "合计", sum(one["value"] for one in self.office.targets),
                      sum(one["value"] / 2 for one in self.office.targets)])  # fmt: skip

    # -- B: one header row, everyday words, the level in the name of the sheet ------------------
    def _style_b(self):
        for level, word in LEVELS.items():
            group = [one for one in self.office.projects if one["level"] == level]
            self._b_projects(self.book.create_sheet(f"{word[0]}重点"), group)
        self._b_issues()
        self._b_contracts()
        self._b_bonds()
        self._b_tasks()

    def _b_projects(self, sheet, group):
        w, month = self.spelt, self.office.month
        names = ["name", "area", "owner", "content", "construction_type", "nature",
                 "total_investment", "annual_plan", "month_done", "ytd_done", "plan_done_pct",
                 "progress_note", "planned_start", "actual_start", "planned_finish",
                 "in_stat_library", "problem", "remedy", "unit", "lead", "phone"]  # fmt: skip
        sheet.append([f"重点项目{month}月份调度台账"])
        sheet.append(["序号", *[w[name] for name in names], "督办级别"])
        previous = None
        for at, one in enumerate(sorted(group, key=lambda one: one["area"])):
            cells = [self._b_cell(name, one, at) for name in names]
            if one["area"] == previous:
                cells[1] = None
            elif previous is not None:
                sheet.append([])
            previous = one["area"]
            sheet.append([at + 1, *cells, "一般" if at % 2 else "重点"])
            self._hold(
                "projects",
                one["name"],
                one,
                [name for name in (*names, "level", "progress_pct") if name != "phone"],
            )
        row = 3
        while row <= sheet.max_row:  # the town stands in a merged cell
            last = row
            while (
                last < sheet.max_row
                and sheet.cell(last + 1, 2).value
                and not sheet.cell(last + 1, 3).value
            ):
                last += 1
            if last > row:
                sheet.merge_cells(start_row=row, start_column=3, end_row=last, end_column=3)
            row = last + 1
        sums = {
            name: sum(one[name] or 0 for one in group)
            for name in ("total_investment", "annual_plan", "ytd_done")
        }
        sheet.append(["合计", *[sums.get(name) for name in names]])

    def _b_cell(self, name, one, at):
        value = one.get(name)
        if name == "phone":
            return 13909160000 + at
        if name in {"construction_type", "nature"}:
            return {**TYPES, **NATURES}[value]
        if name == "plan_done_pct" and value is not None:
            return f"{value}%"
        if name in {"planned_start", "actual_start", "planned_finish"}:
            if value is None:
                return "未开工" if name == "actual_start" else None
            return spelt_day(value, ("month", "dots", "zh")[at % 3])
        if name == "in_stat_library":
            return "已入库" if value else "未入库"
        return value

    def _b_issues(self):
        w, sheet = self.spelt, self.book.create_sheet("卡点堵点清单")
        sheet.append(["卡点堵点问题清单"])
        sheet.append(["序号", "项目名称", w["b.class"], w["cause"], w["problem_text"], w["due"],
                      w["owner_unit"], w["action"], w["is_closed"]])  # fmt: skip
        for at, one in enumerate(self.office.issues):
            sheet.append([
                at + 1, other_name(one["project"], at + 1), CLASSES[one["class"]][(at + 1) % 2],
                CAUSES[one["cause"]][(at + 1) % 2], "手续未办结，影响后续施工",
                "长期" if at == 5 else spelt_day(one["due"], ("month", "dots")[at % 2]),
                one["owner_unit"], one["action"], "已销号" if one["closed"] else "未销号",
            ])  # fmt: skip
            told = one | ({"due": None} if at == 5 else {})
            self._hold(
                "issues", one["project"], told, ["class", "cause", "due", "owner_unit", "action"]
            )

    def _b_contracts(self):
        w, sheet = self.spelt, self.book.create_sheet("招商项目")
        sheet.append(["招商引资项目履约台账"])
        sheet.append(
            [
                "序号",
                w["c.name"],
                w["investor"],
                w["amount"],
                w["signed"],
                w["performed_text"],
                w["arrived"],
            ]
        )
        for at, one in enumerate(self.office.contracts):
            words = "已履约" if one["performed"] else "未履约"
            sheet.append(
                [
                    at + 1,
                    one["name"],
                    one["investor"],
                    one["amount"],
                    spelt_day(one["signed"], "zh"),
                    words,
                    one["arrived"],
                ]
            )
            self._hold("contracts", one["name"], one, ["investor", "amount", "signed", "arrived"])

    def _b_bonds(self):
        w, sheet = self.spelt, self.book.create_sheet("专项债")
        sheet.append([f"{YEAR}年专项债券项目支出进度"])
        sheet.append(["序号", w["b.name"], w["issued"], w["b.amount"], w["paid"], "支出进度(%)"])
        for at, one in enumerate(self.office.bonds):
            sheet.append([at + 1, other_name(one["project"], at), spelt_day(one["issued"], "zh"),
                          one["amount"], one["paid"],
                          round(100 * one["paid"] / one["amount"], 1)])  # fmt: skip
            self._hold("bonds", one["project"], one, ["issued", "amount", "paid"])

    def _b_tasks(self):
        w, sheet = self.spelt, self.book.create_sheet("任务清单")
        sheet.append(["重点项目推进任务清单"])
        sheet.append(["序号", w["t.project"], w["title"], w["t.due"], w["t.owner"], "完成情况"])
        for at, one in enumerate(self.office.tasks):
            how = ("bare", "month")[at % 2]
            due = "按月推进" if at == 3 else spelt_day(one["due"], how)
            sheet.append(
                [at + 1, other_name(one["project"], at), one["title"], due, one["owner"], "未完成"]
            )
            self._hold(
                "tasks",
                one["project"],
                one | ({"due": None} if at == 3 else {}),
                ["title", "due", "done", "owner"],
            )

    # -- C: one long sheet with the level as a column, units in the header, amounts in 亿元 -----
    def _style_c(self):
        sheet, w = self.book.create_sheet("项目总表"), self.spelt
        names = ["level", "name", "area", "construction_type", "content", "total_investment",
                 "annual_plan", "ytd_done", "plan_done_pct", "progress_pct", "progress_note",
                 "problem", "remedy", "owner", "unit", "lead", "in_stat_library"]  # fmt: skip
        said = w | {"level": "级别", "progress_pct": "形象进度（%）", "progress_note": "进展情况"}
        said |= {
            name: f"{w[name].partition('(')[0]}"
            for name in ("total_investment", "annual_plan", "ytd_done")
        }
        sheet.append(["全区重点项目建设进展情况统计表"])
        sheet.append([f"统计截止时间：{YEAR}年{self.office.month}月", *[""] * 14, "金额单位：亿元"])
        top = ["序号", *[said[name] for name in names]]
        groups = {"total_investment": "投资（亿元）", "owner": "责任主体"}
        sheet.append([groups.get(([None, *names])[at], "" if ([None, *names])[at] in
                     {"annual_plan", "ytd_done", "plan_done_pct", "unit", "lead"} else word)
                      for at, word in enumerate(top)])  # fmt: skip
        inside = {
            "total_investment",
            "annual_plan",
            "ytd_done",
            "plan_done_pct",
            "owner",
            "unit",
            "lead",
        }
        sheet.append(
            [word if ([None, *names])[at] in inside else "" for at, word in enumerate(top)]
        )
        for at, name in enumerate([None, *names], start=1):
            if name not in inside:
                sheet.merge_cells(start_row=3, start_column=at, end_row=4, end_column=at)
        for first, last in (("total_investment", "plan_done_pct"), ("owner", "lead")):
            sheet.merge_cells(
                start_row=3,
                start_column=names.index(first) + 2,
                end_row=3,
                end_column=names.index(last) + 2,
            )
        number = 0
        for at, nature in enumerate(NATURES):
            group = [one for one in self.office.projects if one["nature"] == nature]
            sheet.append([f"（{'一二三'[at]}）{NATURES[nature]}项目{len(group)}个"])
            for one in group:
                number += 1
                sheet.append([number, *[self._c_cell(name, one) for name in names]])
                self._hold("projects", one["name"], one, [*names, "nature"])
            sheet.append(["", "", "小 计", *[
                round(sum(one[name] or 0 for one in group) / 10000, 6)
                if name in {"total_investment", "annual_plan", "ytd_done"} else ""
                for name in names[2:]
            ]])  # fmt: skip
        for table in ("issues", "contracts", "bonds", "tasks"):
            getattr(self, f"_b_{table}")()
        self._c_targets()
        hidden = self.book.create_sheet("下拉选项")
        hidden.append(["省级", "市级", "区级"])
        hidden.sheet_state = "hidden"

    def _c_cell(self, name, one):
        value = one.get(name)
        if name == "level":
            return f"{LEVELS[value]}重点"
        if name in {"total_investment", "annual_plan", "ytd_done"}:
            return None if value is None else value / 10000
        if name == "in_stat_library":
            return "√" if value else "×"
        if name == "construction_type":
            return TYPES[value]
        return "—" if value is None and name in {"problem", "remedy"} else value

    def _c_targets(self):
        sheet = self.book.create_sheet("投资目标")
        sheet.append([f"{YEAR}年分月投资目标（万元）"])
        sheet.append(["镇办", "1-8月", "1-9月", "全年"])
        fields = ["year", "month", "metric", "value", "value_unit"]
        for one in self.office.targets:
            shares = {8.0: 0.6, 9.0: 0.7, None: 1.0}
            values = {at: round(one["value"] * share) * 1.0 for at, share in shares.items()}
            sheet.append([one["unit"], *values.values()])
            for month, value in values.items():
                self._hold("targets", one["unit"], one | {"month": month, "value": value}, fields)
