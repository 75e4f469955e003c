"""Two more offices, in words of their own; see :mod:`office_workbook` for what they hold."""

import random

import openpyxl
from office_workbook import CAUSES, CLASSES, NATURES, TYPES, YEAR, other_name, spelt_day

LEVELS = {"provincial": "省列", "city": "市列", "district": "县列"}
HOW = ("month", "dots", "zh")

# field: ways to head it, for the office of a county and for that of a development zone
COUNTY = {
    "projects": {
        None: ["序号"],
        "name": ["项目名称（全称）", "工程（项目）名称"],
        "area": ["所在乡镇（街道）", "落地乡镇"],
        "content": ["建设规模及内容简介", "建设主要内容"],
        "construction_type": ["项目建设性质", "建设性质（新、扩、改、迁）"],
        "nature": ["续建/新开", "年度建设类别"],
        "total_investment": ["总投资（亿元）", "项目总投资额（亿元）"],
        "annual_plan": ["2026年度计划投资额（万元）", "本年度投资目标（万元）"],
        "month_done": ["8月份当月完成投资额（万元）", "8月当月完成（万元）"],
        "ytd_done": ["1—8月份累计完成投资额（万元）", "2026年1-8月完成投资（万元）"],
        "plan_done_pct": ["占年度计划投资比（%）", "完成年度计划比重（%）"],
        "progress_note": ["现场形象进度", "项目推进现状"],
        "planned_start": ["计划开工日期（年/月）", "拟开工日期"],
        "actual_start": ["实际开工日期（年/月）", "实际动工日期"],
        "planned_finish": ["计划完工投运时间", "预计竣工投产日期"],
        "owner": ["项目业主（法人）单位", "建设单位（业主）"],
        "unit": ["县级牵头部门", "责任单位（行业部门）"],
        "lead": ["县级包抓领导", "联系县级领导"],
        "phone": ["项目联系人及手机号", "业主电话"],
        "in_stat_library": ["统计入库情况", "是否已列入统计库"],
        "funds_arrived": ["累计到位资金（万元）", "资金到位额（万元）"],
        "problem": ["存在的主要困难和问题", "当前存在的堵点"],
        "remedy": ["下一阶段工作安排", "拟解决办法"],
    },
    "issues": {
        None: ["序号"],
        "project": ["项目名称"],
        "class": ["问题所属类别", "所属类型"],
        "cause": ["制约要素", "涉及要素类别"],
        "problem": ["卡点堵点具体情况", "问题具体表现"],
        "opened": ["收集时间", "问题收集日期"],
        "due": ["要求完成时限", "化解时限"],
        "owner_unit": ["牵头化解单位", "责任化解单位"],
        "action": ["化解举措", "具体解决措施"],
        "closed?": ["是否化解", "化解与否"],
    },
    "contracts": {
        None: ["序号"],
        "name": ["签约项目", "招引项目名称"],
        "investor": ["签约企业（客商）", "投资方（客商）"],
        "amount": ["签约金额（亿元）", "计划总投资（亿元）"],
        "signed": ["签约日期", "正式签约日期"],
        "performed": ["注册落地时间", "企业注册时间"],
        "started": ["开工建设时间", "项目开工日期"],
        "arrived": ["累计到位资金（万元）", "已到位资金（万元）"],
    },
    "bonds": {
        None: ["序号"],
        "project": ["项目名称"],
        "batch": ["发行批次", "批次（期次）"],
        "issued": ["资金到账日期", "发行到账时间"],
        "amount": ["到账债券资金（万元）", "债券总额（万元）"],
        "paid": ["累计支付资金（万元）", "实际支出资金（万元）"],
    },
    "tasks": {
        None: ["序号"],
        "project": ["项目名称"],
        "title": ["年度推进节点", "阶段工作任务"],
        "due": ["节点完成时限", "计划完成节点时间"],
        "owner": ["牵头推进单位", "责任推进单位"],
        "done?": ["是否按期完成", "完成与否"],
    },
}
ZONE = {
    "projects": COUNTY["projects"]
    | {
        "name": ["项目"],
        "area": ["片区（园区）", "所在功能区"],
        "content": ["主要建设内容"],
        "nature": ["项目类型", "项目所处阶段"],
        "total_investment": ["投资规模（万元）", "总投资额（万元）"],
        "annual_plan": ["今年投资目标（万元）", "2026年目标投资（万元）"],
        "month_done": ["本月投资（万元）", "当月投资额（万元）"],
        "ytd_done": ["年内累计投资（万元）", "今年已完成投资（万元）"],
        "plan_done_pct": ["目标完成率（%）", "年度目标完成比例"],
        "progress_note": ["最新进度", "推进动态"],
        "owner": ["投资企业", "项目公司", "企业（单位）名称"],
        "unit": ["服务部门", "专班牵头单位", "责任局办"],
        "lead": ["专班领导", "挂帅领导", "服务领导"],
        "in_stat_library": ["是否进库", "纳统与否"],
        "funds_arrived": ["已落实资金（万元）"],
        "problem": ["诉求及问题", "企业诉求", "需解决的困难"],
        "remedy": ["推进措施及打算", "工作思路"],
    },
    "issues": COUNTY["issues"]
    | {
        "class": ["诉求类别", "问题类型（大类）"],
        "cause": ["卡点所在", "要素制约类型"],
        "problem": ["诉求内容", "问题详细描述"],
        "opened": ["登记日期", "接诉时间"],
        "due": ["承诺办结时间", "应办结时间"],
        "owner_unit": ["首办部门", "责任局办"],
        "action": ["拟办意见", "解决办法和措施"],
        "closed?": ["是否办结", "办结与否"],
    },
    "contracts": COUNTY["contracts"] | {"investor": ["来区投资企业", "投资商"]},
    "bonds": COUNTY["bonds"],
    "tasks": COUNTY["tasks"] | {"title": ["月度任务", "任务要点"], "due": ["最迟完成时间"]},
}
# two more, written before the reader knew their words: a dispatch sheet, and a bureau's
DISPATCH = {
    "projects": {
        None: ["编号"],
        "name": ["重大项目名称", "项目全称"],
        "area": ["建设地点（乡镇、街道）", "所属镇街"],
        "content": ["建设规模与主要内容", "工程概况"],
        "construction_type": ["建设类型（新建/扩建/改建）", "性质（新建、改扩建）"],
        "nature": ["新建续建", "建设状态（新开工/续建/前期）"],
        "total_investment": ["计划总投资（亿元）", "概算总投资（亿元）"],
        "annual_plan": ["年度投资任务（万元）", "2026年计划完成投资（万元）"],
        "month_done": ["当月投资完成额（万元）", "8月完成投资额（万元）"],
        "ytd_done": ["年度累计完成投资（万元）", "自年初累计完成投资（万元）"],
        "plan_done_pct": ["投资完成率（%）", "年度任务完成率（%）"],
        "progress_note": ["目前工程进度", "截至目前形象进度"],
        "planned_start": ["计划开工月份", "预计开工时间"],
        "actual_start": ["开工时间（实际）", "实际开工建设时间"],
        "planned_finish": ["预计完工时间", "计划竣工日期"],
        "owner": ["项目承担单位", "实施主体"],
        "unit": ["责任主体", "牵头单位"],
        "lead": ["市级包联领导", "分管领导"],
        "phone": ["联系电话", "联系人及电话"],
        "in_stat_library": ["是否纳统入库", "纳入统计库情况"],
        "funds_arrived": ["资金到位（万元）", "已到位建设资金（万元）"],
        "problem": ["存在问题及原因", "需协调解决事项"],
        "remedy": ["下步工作计划", "下一步推进措施"],
    },
    "issues": {
        None: ["编号"],
        "project": ["所涉项目名称"],
        "class": ["问题分类", "问题类别"],
        "cause": ["主要制约因素", "问题原因类型"],
        "problem": ["问题描述", "存在的具体问题"],
        "opened": ["提出时间", "上报时间"],
        "due": ["办结时限", "限办时间"],
        "owner_unit": ["承办单位", "责任单位"],
        "action": ["办理措施", "整改措施"],
        "closed?": ["是否办结", "是否解决"],
    },
    "contracts": {
        None: ["编号"],
        "name": ["项目名称"],
        "investor": ["投资主体", "投资企业名称"],
        "amount": ["协议投资额（亿元）", "合同投资额（亿元）"],
        "signed": ["签约时间", "协议签订时间"],
        "performed": ["公司注册时间", "工商注册时间"],
        "started": ["开工时间", "落地开工时间"],
        "arrived": ["实际到位资金（万元）", "到资额（万元）"],
    },
    "bonds": {
        None: ["编号"],
        "project": ["债券项目名称"],
        "batch": ["发行批次", "第几批"],
        "issued": ["发行日期", "债券发行时间"],
        "amount": ["发行额度（万元）", "债券额度（万元）"],
        "paid": ["已使用金额（万元）", "支出金额（万元）"],
    },
    "tasks": {
        None: ["编号"],
        "project": ["项目名称"],
        "title": ["重点工作事项", "工作内容"],
        "due": ["完成时限", "时间节点"],
        "owner": ["责任部门", "落实单位"],
        "done?": ["完成情况（是/否）", "是否完成"],
    },
}
BUREAU = {
    "projects": {
        None: ["№"],
        "name": ["工程名称", "建设项目"],
        "area": ["属地", "所属镇街"],
        "content": ["主要建设规模和内容", "建设内容及工期"],
        "construction_type": ["项目性质", "新建/改建/扩建/技改"],
        "nature": ["新续建", "开复工类别"],
        "total_investment": ["投资总额（万元）", "总投资规模（万元）"],
        "annual_plan": ["今年计划投资额（万元）", "当年投资计划（万元）"],
        "month_done": ["本月新增完成投资（万元）", "本月实际完成（万元）"],
        "ytd_done": ["今年以来累计完成（万元）", "本年累计完成投资额（万元）"],
        "plan_done_pct": ["完成比例（%）", "完成年计划（%）"],
        "progress_note": ["项目进展情况说明", "施工进展"],
        "planned_start": ["开工计划时间", "拟开工年月"],
        "actual_start": ["动工时间", "实际开工"],
        "planned_finish": ["竣工计划时间", "拟竣工时间"],
        "owner": ["建设主体", "申报单位"],
        "unit": ["县直责任单位", "主责部门"],
        "lead": ["包保县领导", "县领导"],
        "phone": ["手机", "电话"],
        "in_stat_library": ["入统情况", "是否入统"],
        "funds_arrived": ["资金落实（万元）", "到账资金（万元）"],
        "problem": ["困难问题", "要素保障问题"],
        "remedy": ["推进计划", "建议措施"],
    },
    "issues": {
        None: ["№"],
        "project": ["项目名称"],
        "class": ["问题性质", "类型"],
        "cause": ["要素类别", "原因分类"],
        "problem": ["问题概述", "反映问题"],
        "opened": ["交办时间", "发现时间"],
        "due": ["整改时限", "销号时限"],
        "owner_unit": ["整改责任单位", "主办单位"],
        "action": ["解决方案", "处理意见"],
        "closed?": ["是否销号", "销号情况"],
    },
    "contracts": {
        None: ["№"],
        "name": ["合同项目名称", "项目名称"],
        "investor": ["客商名称", "合作方"],
        "amount": ["合同引资额（亿元）", "投资额（亿元）"],
        "signed": ["签订日期", "签约年月日"],
        "performed": ["履约时间", "注册时间"],
        "started": ["开工日期", "动工日期"],
        "arrived": ["到位内资（万元）", "资金到位情况（万元）"],
    },
    "bonds": {
        None: ["№"],
        "project": ["项目名称"],
        "batch": ["批次", "债券批次"],
        "issued": ["到位时间", "下达时间"],
        "amount": ["债券金额（万元）", "安排债券资金（万元）"],
        "paid": ["已支出（万元）", "累计支出（万元）"],
    },
    "tasks": {
        None: ["№"],
        "project": ["项目名称"],
        "title": ["目标任务", "推进事项"],
        "due": ["要求完成时间", "截止时间"],
        "owner": ["负责单位", "责任人单位"],
        "done?": ["是否已完成", "进展（是/否）"],
    },
}

WORDS = {"county": COUNTY, "zone": ZONE, "dispatch": DISPATCH, "bureau": BUREAU}
SHEETS = {
    "county": ("问题化解清单", "招商引资签约项目", "专项债券", "推进节点任务清单"),
    "zone": ("企业诉求问题清单", "签约项目", "专债项目", "任务清单"),
    "dispatch": ("存在问题台账", "签约项目台账", "地方政府专项债券", "工作任务分解表"),
    "bureau": ("问题交办单", "招商项目", "债券资金", "任务分解"),
}


class Plain:
    """A workbook of seven sheets with one header row each, in the words of an office."""

    def __init__(self, office, style, *, seed=0):
        self.office, self.style, self.key = office, style, {}
        self.chance = random.Random(f"{seed}{style}")
        self.words = WORDS[style]
        self.book = openpyxl.Workbook()
        self.book.remove(self.book.active)
        for level, word in LEVELS.items():
            rows = [one for one in office.projects if one["level"] == level]
            title = f"{YEAR}年{word}重点项目进展情况（截至{office.month}月底）"
            self._sheet(f"{word}重点项目", title, "projects", rows, ["level", "progress_pct"])
        for name, table in zip(SHEETS[style], list(COUNTY)[1:], strict=True):
            self._sheet(name, f"{YEAR}年{office.month}月{name}", table, getattr(office, table), [])

    def save(self, path):
        self.book.save(path)
        return path

    def _sheet(self, name, title, table, rows, besides):
        sheet = self.book.create_sheet(name)
        sheet.append([title])
        sheet.append([])
        headers = {field: self.chance.choice(some) for field, some in self.words[table].items()}
        sheet.append(list(headers.values()))
        for at, one in enumerate(rows):
            one = {"problem": "手续未办结", **one} if table == "issues" else one
            sheet.append([self._cell(field, one, at, headers[field]) for field in headers])
            told = [field for field in headers if field in one and field != "project"]
            named = one.get("project") or one["name"]
            kept = {field: one[field] for field in (*told, *besides)}
            self.key.setdefault(table, []).append({"_name": named} | kept)
        sheet.append([])
        sheet.append(["说明：本表由各责任单位填报。"])

    def _cell(self, field, one, at, header):
        if field is None:
            return at + 1
        if field == "phone":
            return f"李工 1380000{at:04d}"
        if field == "project":
            return other_name(one["project"], at + 3)
        if field in {"closed?", "done?"}:
            return "是" if one.get("closed") else "否"
        value = one[field]
        words = {"construction_type": TYPES, "nature": NATURES}
        lists = {"class": CLASSES, "cause": CAUSES}
        if field in words:
            return words[field][value]
        if field in lists:
            return lists[field][value][at % 2]
        if field == "in_stat_library":
            return "已入库" if value else "未入库"
        if "亿元" in header and value is not None:
            return value / 10000
        if field == "plan_done_pct" and value is not None and "%" not in header:
            return f"{value}%"
        if field in {"planned_start", "actual_start", "planned_finish", "performed", "started"}:
            return spelt_day(value, HOW[at % 3])
        if field == "due":
            return spelt_day(value, ("before", "bare")[at % 2])
        return value
