"""What each figure of a briefing is: its definition, unit and formula, by id."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from faiwatch.core.provenance import What
from faiwatch.core.text import Text
from faiwatch.data.ledger_fields import ledger_tables
from faiwatch.stats.contributions import EXCLUDING_REAL_ESTATE, SECTORS
from faiwatch.view.tables import part_name

ESTATE = "real_estate_development"
PARTS = (*SECTORS, "infrastructure", "manufacturing", ESTATE, "private", EXCLUDING_REAL_ESTATE)
LEVELS = {
    "all": Text("台账全部项目", "all projects of the ledger"),
    "national": Text("国家级项目", "national projects"),
    "provincial": Text("省级项目", "provincial projects"),
    "district": Text("区级项目", "district projects"),
    "unlevelled": Text("未填级别的项目", "projects without a level"),
}
DATED = ("interview", "site_review", "meeting", "inspection")  # events whose latest day is told
SERIES = {
    "ytd_value": What(
        Text("累计完成额（亿元）", "year to date, 100 million yuan"), "100m_cny", "C[m]"
    ),
    "ytd_yoy": What(Text("公布的累计增速", "published growth, year to date"), "pct", "g[m]"),
    "ytd_before": What(Text("上次发布的累计增速", "growth of the release before"), "pct", "g[m-1]"),
    "ytd_change": What(
        Text("累计增速比上次发布的变动", "change of growth since the last release"),
        "pp",
        "g[m] - g[m-1]",
    ),
    "block_yoy": What(
        Text("推算的当月增速", "implied single-month growth"),
        "pct",
        "(C[m] - C[m-1]) / (B[m] - B[m-1]) - 1, B = C / (1 + g)",
    ),
    "negative_run_length": What(
        Text("连续负增长的月数", "months of negative growth in a row"),
        "months",
        "sum of months of the releases h[m], h[m-1], ... < 0; January-February counts two",
        "由期末往回数，h[m]、h[m-1]……均小于0的各次发布的月数合计；1—2月计两个月",
    ),
    "negative_run_releases": What(
        Text("连续负增长的发布次数", "releases of negative growth in a row"),
        "releases",
        "max n: h[m] < 0, h[m-1] < 0, ..., h[m-n+1] < 0",
        "由期末往回数，h[m]、h[m-1]……连续小于0的发布次数",
    ),
    "avg_from": What(
        Text("年均增速的首个增长年", "first year of the average growth"),
        "year",
        "parameter avg_from, or avg_to - 4",
        "所选首年；未选时为末年 − 4",
    ),
    "avg_to": What(
        Text("年均增速的末年", "last year of the average growth"),
        "year",
        "parameter avg_to, or the last complete year",
        "所选末年；未选时为最近的完整年份",
    ),
    "avg_annual_growth": What(
        Text("年均增速（公布增速连乘）", "average annual growth, published growth chained"),
        "pct",
        "(prod(1 + g[y,12] / 100))^(1/n) - 1, y = avg_from ... avg_to",
        "各年（首年至末年，共n年）1 + g[y,12] ÷ 100 连乘，开n次方，减1",
    ),
}
OUTLOOK = {
    "target_growth": What(Text("全年增速目标", "target of growth for the year"), "pct", "g*"),
    "target_gap": What(Text("累计增速与目标之差", "growth against the target"), "pp", "g[m] - g*"),
    "required_total": What(
        Text("其余月份须完成（亿元，测算）", "required of the rest (100m yuan, workload)"),
        "100m_cny",
        "B[12] (1 + g*) - C[m], B[12] = C'[12] B[m] / C'[m], B = C / (1 + g)",
    ),
    "required_per_month": What(
        Text("每月须完成（亿元，测算）", "required a month (100m yuan, workload)"),
        "100m_cny",
        "(B[12] (1 + g*) - C[m]) / (12 - m)",
    ),
    "required_growth": What(
        Text("其余月份所需增速（测算）", "growth required of the rest (workload)"),
        "pct",
        "100 ((B[12] (1 + g*) - C[m]) / (B[12] - B[m]) - 1)",
    ),
    "target_chance": What(
        Text("实现目标的可能性", "chance of reaching the target"), "pct", "P(g[12] >= g*)"
    ),
    "next_negative_chance": What(
        Text("下次发布为负增长的可能性", "chance that the next release is negative"),
        "pct",
        "P(g[m+1] < 0)",
    ),
    "year_negative_chance": What(
        Text("全年为负增长的可能性", "chance that the year's growth is negative"),
        "pct",
        "P(g[12] < 0)",
    ),
}
KEY_PROJECTS = {
    "n_key_projects": What(
        Text("市级重点项目数", "key projects of the city's list"),
        "projects",
        "distinct project codes, level = city",
        "级别为市级的不重复项目代码数",
    ),
    "annual_plan": What(
        Text("市级重点项目年度计划投资（亿元）", "investment planned this year, 100 million yuan"),
        "100m_cny",
        "sum of the plans of the year, level = city",
        "市级项目年度计划投资合计",
    ),
    "key_done": What(
        Text("市级重点项目累计完成投资（亿元）", "done this year to date, 100 million yuan"),
        "100m_cny",
        "sum of what is done this year, level = city",
        "市级项目本年累计完成投资合计",
    ),
    "key_done_rate": What(
        Text("市级重点项目计划完成率", "share of the year's plan that is done"),
        "pct",
        "100 (sum done this year) / (sum of the plans), level = city",
        "市级项目：100 × 本年累计完成合计 ÷ 年度计划合计",
    ),
    "key_pace_gap": What(
        Text("计划完成率与时间进度之差", "share done against even pace"),
        "pp",
        "100 (sum done this year) / (sum of the plans) - 100 m / 12",
        "市级项目计划完成率 − 100 × 月份 ÷ 12",
    ),
    "n_starts_planned": What(
        Text("计划本年开工的市级重点项目数", "key projects planned to start this year"),
        "projects",
        "level = city, planned start in the year",
        "市级项目中计划开工日期在本年的个数",
    ),
    "n_started": What(
        Text("其中已开工的项目数", "of these, projects that have started"),
        "projects",
        "level = city, planned start in the year, started",
        "市级项目中计划本年开工、截至期末已开工的个数",
    ),
    "start_rate": What(
        Text("年度计划开工率", "start rate, of those planned this year"),
        "pct",
        "100 started / planned this year",
        "100 × 已开工个数 ÷ 计划本年开工个数",
    ),
}
RENEWAL = {
    "n_renewal": What(
        Text("棚改项目数", "renewal projects"),
        "projects",
        "distinct codes, name or category says renewal",
        "项目名称或类别含“棚改”“棚户”的不重复项目代码数",
    ),
    "n_slow": What(
        Text("进展缓慢的棚改项目数", "renewal projects that are slow"),
        "projects",
        "name or category says renewal, and status = slow",
        "棚改项目中状态为“进展缓慢”的个数",
    ),
    "n_no_funds": What(
        Text("资金不到位、无实质进展的棚改项目数", "renewal projects without funds or progress"),
        "projects",
        "name or category says renewal, and status = funds missing",
        "棚改项目中状态为“资金不到位无实质进展”的个数",
    ),
    "n_exit": What(
        Text("投资主体退出的棚改项目数", "renewal projects whose investor has withdrawn"),
        "projects",
        "name or category says renewal, and status = investor has withdrawn",
        "棚改项目中状态为“投资主体退出”的个数",
    ),
}
BLOCKED = {
    "n_factor_blocked": What(
        Text(
            "因土地、环保、资金未开工或进展缓慢的市级重点项目数",
            "key projects not started though due, or slow, for land, environment or funds",
        ),
        "projects",
        "level = city, slow or not started though due, an open cause: land, environment or funds",
        "市级项目中未开工（到期）或进展缓慢，且有土地、环保、资金类未销号问题的个数",
    ),
    "n_factor_blocked_all": What(
        Text(
            "因土地、环保、资金未开工或进展缓慢的项目数（各级）",
            "projects of every level not started though due, or slow, for land, environment or "
            "funds",
        ),
        "projects",
        "slow or not started though due, an open cause: land, environment or funds",
        "各级项目中未开工（到期）或进展缓慢，且有土地、环保、资金类未销号问题的个数",
    ),
}
ISSUES = {
    "n_issues_open": What(
        Text("未销号问题", "open issues"),
        "issues",
        "opened <= as_of < closed",
        "截至期末已提出、未销号的问题数",
    ),
    "n_issues_closed": What(
        Text("已销号问题数", "closed issues"), "issues", "closed <= as_of", "截至期末已销号的问题数"
    ),
    "close_rate": What(
        Text("问题销号率", "share of issues closed"),
        "pct",
        "100 closed / (closed + open)",
        "100 × 已销号 ÷（已销号 + 未销号）",
    ),
    "n_issues_overdue": What(
        Text("逾期未销号问题数", "open issues past their date"),
        "issues",
        "due < as_of, still open",
        "时限早于期末、仍未销号的问题数",
    ),
}
CONTRACTS = {
    "signed_count": What(
        Text("签订合同项目数", "contracts signed"),
        "contracts",
        "signed in the window",
        "签订日期在所列期间的合同数",
    ),
    "signed_investment": What(
        Text("签订合同总投资（亿元）", "investment contracted, 100 million yuan"),
        "100m_cny",
        "sum of amount / 10^4, signed in the window",
        "签订日期在所列期间的合同金额合计（万元 ÷ 10000）",
    ),
    "performed_count": What(
        Text("其中已履约项目数", "contracts of these that are performed"),
        "contracts",
        "signed in the window and performed <= as_of",
        "签订日期在所列期间、截至期末已履约的合同数",
    ),
    "signed_not_started": What(
        Text("签约未开工项目数", "contracts signed and not started"),
        "contracts",
        "signed in the window and not started <= as_of",
        "签订日期在所列期间、截至期末未开工的合同数",
    ),
}

WORK = {
    "notice": What(
        Text("答复的来文", "notice that is answered"),
        "",
        "latest notice from above, up to the end of the month after",
        "期末次月底以前最近一份上级来文",
    ),
    "addressee": What(
        Text("主送单位", "addressee"),
        "",
        "parameter addressee, or the sender of the notice",
        "参数所给，或来文的发文单位",
    ),
    "issuer": What(
        Text("发文单位", "issued by"),
        "",
        "parameter issuer, or the receiver of the notice",
        "参数所给，或来文的受文单位",
    ),
    "report_date": What(
        Text("成文日期", "day of the report"),
        "date",
        "parameter report_date",
        "参数所给",
    ),
    "n_meetings": What(
        Text("本年会议次数", "meetings this year"),
        "times",
        "events of the three types of meeting, in the year up to as_of",
        "本年截至期末会议、推进会、专题会议的行数",
    ),
    "meeting_after_review": What(
        Text("观摩后最近一次会议", "latest meeting after the site review"),
        "date",
        "latest meeting later than the latest site review",
        "晚于最近一次观摩的最近一次会议",
    ),
    "n_events_planned": What(
        Text("期末以后安排的活动", "events planned after the month"),
        "times",
        "events dated after as_of",
        "日期在期末以后的行数",
    ),
    "n_joint_meetings": What(
        Text("本年联席会议次数", "joint meetings this year"),
        "times",
        "distinct days and names of meetings, in the year up to as_of",
        "本年截至期末不重复的会议日期、名称数",
    ),
    "n_decisions": What(
        Text("本年议定事项数", "decisions this year"),
        "items",
        "decisions of these meetings",
        "上述会议的议定事项行数",
    ),
    "n_decisions_done": What(
        Text("已落实议定事项数", "decisions carried out"),
        "items",
        "done <= as_of",
        "完成日期不晚于期末的行数",
    ),
    "n_decisions_overdue": What(
        Text("逾期未落实议定事项数", "decisions past their date"),
        "items",
        "due < as_of, not done",
        "时限早于期末、尚未完成的行数",
    ),
    "n_leads": What(
        Text("包抓领导人数", "officials who lead projects"),
        "people",
        "distinct officials",
        "不重复的包抓领导数",
    ),
    "n_led": What(
        Text("包抓项目个数", "projects that are led"),
        "projects",
        "distinct projects",
        "不重复的包抓项目数",
    ),
    "lead_visits": What(
        Text("包抓领导到场次数合计", "visits to sites by officials"),
        "times",
        "sum of visits this year",
        "本年到场次数合计",
    ),
    "lead_solved": What(
        Text("包抓领导解决问题合计", "problems solved by officials"),
        "issues",
        "sum of problems solved this year",
        "本年解决问题数合计",
    ),
    "n_leads_reported": What(
        Text("已汇报的包抓领导人数", "officials who have reported"),
        "people",
        "distinct officials with a day of report <= as_of",
        "汇报日期不晚于期末的不重复包抓领导数",
    ),
    "n_target_units": What(
        Text("承担年度目标的单位数", "units with a target of the year"),
        "units",
        "distinct units of the year's targets but the region itself",
        "本年目标表中除本地区外不重复的单位数",
    ),
    "n_tasks": What(
        Text("任务清单项数", "tasks of the timetable"),
        "tasks",
        "rows of the task list",
        "任务清单行数",
    ),
    "n_tasks_done": What(
        Text("已完成任务数", "tasks done"),
        "tasks",
        "done <= as_of",
        "完成日期不晚于期末的行数",
    ),
    "n_tasks_overdue": What(
        Text("逾期任务数", "tasks past their date"),
        "tasks",
        "due < as_of, not done",
        "时限早于期末、尚未完成的行数",
    ),
    "n_pipeline": What(
        Text("在库谋划储备项目数", "projects in the pipeline"),
        "projects",
        "rows not started and not dropped",
        "未开工、未退出的行数",
    ),
    "pipeline_investment": What(
        Text("谋划储备项目估算总投资（亿元）", "investment of the pipeline, 100 million yuan"),
        "100m_cny",
        "sum of total investment / 10^4",
        "总投资合计（万元 ÷ 10000）",
    ),
    "n_pipeline_ready": What(
        Text("具备开工条件的储备项目数", "projects ready to start"),
        "projects",
        "stage = ready to start",
        "阶段为具备开工条件的行数",
    ),
    "n_pipeline_next": What(
        Text("申报列入下年度计划的储备项目数", "projects put forward for next year"),
        "projects",
        "plan year = year of as_of + 1",
        "列入年度为期末所在年份 + 1 的行数",
    ),
    "n_parks": What(
        Text("园区个数", "industrial parks"),
        "parks",
        "rows of the month",
        "本月园区行数",
    ),
    "n_parks_behind": What(
        Text("基础设施进度慢于时间进度的园区数", "parks whose works are behind even pace"),
        "parks",
        "100 done / planned < 100 m / 12",
        "基础设施完成 ÷ 年度计划低于月份 ÷ 12 的园区数",
    ),
    "n_measures_in_force": What(
        Text("已实施的营商环境举措数", "measures in force"),
        "measures",
        "state = in force",
        "状态为已实施的行数",
    ),
    "n_measures_drafting": What(
        Text("拟定中的营商环境举措数", "measures being drafted"),
        "measures",
        "state = being drafted",
        "状态为拟定中的行数",
    ),
}
PROJECT_WORK = {
    "n_completed": What(
        Text(
            "比上年同期少完成投资的竣工项目数",
            "completed projects that make less than a year before",
        ),
        "projects",
        "effect = completed",
        "归因类别为已竣工的项目数",
    ),
    "completed_loss": What(
        Text(
            "已竣工项目少完成的投资（亿元）",
            "investment that completed projects no longer make, 100 million yuan",
        ),
        "100m_cny",
        "-(done this year - done by the same month of last year), effect = completed",
        "−（本年累计完成 − 上年同期累计完成），归因类别为已竣工",
    ),
    "n_cross_finished": What(
        Text("本年和上年竣工的跨县区项目数", "cross-county projects finished this year and last"),
        "projects",
        "crosses counties, actual finish in the two years up to as_of",
        "跨县区、实际竣工日期在上年初至期末的项目数",
    ),
    "n_not_started": What(
        Text("到期未开工项目数", "projects not started though due"),
        "projects",
        "status = not started though due",
        "状态为未开工（到期）的项目数",
    ),
    "n_going_slow": What(
        Text("进展缓慢项目数", "projects that are slow"),
        "projects",
        "status = slow",
        "状态为进展缓慢的项目数",
    ),
    "match_needed": What(
        Text("应配套地方资金（亿元）", "local match required, 100 million yuan"),
        "100m_cny",
        "sum of local match required / 10^4, of projects that tell both",
        "同时填报应配、已配的项目应配套合计（万元 ÷ 10000）",
    ),
    "match_paid": What(
        Text("已配套地方资金（亿元）", "local match paid, 100 million yuan"),
        "100m_cny",
        "sum of local match paid / 10^4",
        "同上项目已配套合计（万元 ÷ 10000）",
    ),
    "match_rate": What(
        Text("地方配套到位率", "share of local match paid"),
        "pct",
        "100 sum(min(paid, required)) / sum(required)",
        "100 × 各项目min（已配，应配）合计 ÷ 应配合计",
    ),
    "n_match_short": What(
        Text("地方配套未到位的项目数", "projects whose local match is not paid in full"),
        "projects",
        "paid < required",
        "已配小于应配的项目数",
    ),
}


@cache
def definitions() -> Mapping[str, What]:
    """Return what every figure is by id."""
    told = SERIES | OUTLOOK | KEY_PROJECTS | RENEWAL | BLOCKED | ISSUES | CONTRACTS
    told |= WORK | PROJECT_WORK
    told["time_progress"] = What(Text("时间进度", "even pace"), "pct", "100 m / 12")
    told["plan_year"] = What(
        Text("下一计划年度", "the next plan year"), "year", "year of as_of + 1", "期末所在年份 + 1"
    )
    for name in PARTS:
        label, is_rest = part_name(name), name == EXCLUDING_REAL_ESTATE
        told[f"{name}_yoy"] = What(
            Text(f"{label.zh}累计增速", f"growth of {label.en}, year to date"),
            "pct",
            "((C - C[i]) / (B - B[i]) - 1) 100" if is_rest else "g[i,m]",
        )
        told[f"{name}_pp"] = What(
            Text(f"{label.zh}对投资增长的拉动", f"contribution of {label.en}"),
            "pp",
            "g - 100 (C[i] - B[i]) / B" if is_rest else "100 (C[i] - B[i]) / B, B = C / (1 + g)",
        )
    for scope, whose in LEVELS.items():
        told |= _of_level(scope, whose)
    kinds = ledger_tables()["events"].fields["type"].choices
    events = {"n_events": Text("合计", "in all")}
    events |= {f"n_event_{kind.value}": kind.label for kind in kinds}
    for id, label in events.items():
        told[id] = What(
            Text(f"本年事件数（{label.zh}）", f"events this year ({label.en})"),
            "times",
            "number of rows in the year up to as_of",
            "本年截至期末的行数",
        )
    for kind in DATED:
        label = events[f"n_event_{kind}"]
        told[f"event_{kind}"] = What(
            Text(f"本年最近一次{label.zh}的日期", f"day of the latest {label.en} this year"),
            "date",
            "latest date of this type in the year up to as_of",
            "本年截至期末该类型日期中最晚的一个",
        )
    return told


def _of_level(scope: str, whose: Text) -> dict[str, What]:
    """Return what count, plan and done of the projects of a level are."""
    return {
        f"n_{scope}": What(
            Text(f"{whose.zh}数", f"{whose.en}: how many"),
            "projects",
            "distinct project codes of the month's sheet, by level",
            "本月表中该级别的不重复项目代码数",
        ),
        f"plan_{scope}": What(
            Text(f"{whose.zh}年度计划投资（亿元）", f"{whose.en}: plan, 100 million yuan"),
            "100m_cny",
            "sum of the plans of the year, by level",
            "该级别项目年度计划投资合计",
        ),
        f"done_{scope}": What(
            Text(f"{whose.zh}本年完成投资（亿元）", f"{whose.en}: done, 100 million yuan"),
            "100m_cny",
            "sum of what is done this year, by level",
            "该级别项目本年累计完成投资合计",
        ),
    }
