"""The words of the page around the blocks, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from faiwatch.core.phrases import say
from faiwatch.core.text import Language, Text
from faiwatch.data.parameter_types import CONFIDENTIAL, INTERNAL, PUBLIC
from faiwatch.site.run_record import RunRecord
from faiwatch.site.site import edition_of

NOTEBOOK_TITLES: Mapping[str, Text] = {
    "00_explore": Text("分析工作台", "The analyst's bench"),
    "01_data": Text("数据与核查", "Data and checks"),
    "02_monitor": Text("投资运行监测", "Investment monitor"),
    "03_trend": Text("趋势与周期", "Trend and cycle"),
    "04_forecast": Text("走势预测与负增长概率", "Forecast and probability of negative growth"),
    "05_target": Text("年度目标与转正测算", "Annual target"),
    "06_projects": Text("项目台账调度", "Project ledger review"),
    "07_regions": Text("地区对比", "Regions compared"),
    "08_briefing": Text("简报", "Briefing"),
    "09_city": Text("全市与各县市区", "A city over its districts"),
    "10_brief": Text("一页纸", "One-page brief"),
}

EDITIONS: Mapping[str, Text] = {
    PUBLIC: Text("公开版", "public"),
    INTERNAL: Text("内部版", "internal"),
    CONFIDENTIAL: Text("内部资料", "confidential"),
}

HAPPENED: Mapping[str, Text] = {
    "skipped": Text("没有新数据，沿用上一期页面。", "No new figures: the previous page stands."),
    "late": Text("数据缺失或迟到，本次没有出页。", "Figures are missing or late: no page."),
    "invalid_data": Text(
        "数据未通过核查，本次没有出页。", "Figures did not pass the checks: no page."
    ),
    "parameters": Text("参数不可用，本次没有运行。", "A parameter was refused: nothing was run."),
    "cell_error": Text("计算出错，本次没有出页。", "The calculation failed: no page."),
    "deadline": Text("运行超时被中止，本次没有出页。", "The run was stopped at its deadline."),
    "kernel_died": Text(
        "计算进程意外终止，本次没有出页。", "The calculation process died: no page."
    ),
    "blocked": Text("页面违反发布规则，已被拦下。", "The page broke a rule for pages."),
}

MADE_UP_MARK = Text("【演示数据】", "[made-up data] ")  # before a title or a subject

_WORDS: Mapping[str, Text] = {
    "skip": Text("跳到正文", "Skip to content"),
    "brand": Text("固定资产投资监测", "Fixed-asset investment watch"),
    "language": Text("语言", "Language"),
    "made_up": Text(
        "演示数据：本页数字均为虚构，不代表任何地区。",
        "演示数据 · Made-up figures for demonstration: they describe no real place.",
    ),
    "tag": Text("演示数据", "演示数据 · made up"),
    "internal": Text("内部资料", "Confidential"),
    "contents": Text("目录", "Contents"),
    "data_as_of": Text("数据截至", "Data as of"),
    "stale": Text(
        "提示：按发布日程，比本页更新的数据应已公布，请以新一期为准。",
        "By the release calendar, newer figures than these should be out by now.",
    ),
    "code_label": Text("代码", "Code"),
    "provenance": Text("本页从何而来", "Where this page comes from"),
    "run": Text("运行编号", "Run"),
    "started": Text("运行时间", "Run at"),
    "took": Text("，用时 {} 秒", ", took {} s"),
    "asked": Text("要求的数据月份", "Month asked for"),
    "parameters": Text("参数", "Parameters"),
    "code": Text("代码版本", "Code version"),
    "more": Text("数据指纹、环境与种子", "Data fingerprints, environment and seeds"),
    "data": Text("数据文件", "Data file"),
    "rows": Text("{} 行", "{} rows"),
    "issued": Text("最近发布 {}", "latest issued {}"),
    "lock": Text("锁定文件", "Lock file"),
    "seeds": Text("随机种子", "Seeds"),
    "threads": Text("线程", "Threads"),
    "versions": Text("版本", "Versions"),
    "not_published": Text("未出页", "Not published"),
    "last_good": Text("上一期正常页面", "Last good page"),
    "no_last_good": Text("尚无", "none yet"),
    "stopped_at": Text("停在", "Stopped at"),
    "too_large": Text(
        "图未随信寄出：缩到最小仍超过邮件大小上限（100 kB），请看网页。",
        "No picture: even at its smallest it takes the letter over 100 kB. See the page.",
    ),
    "no_chart": Text("本页没有图。", "This page has no chart."),
    "whole_page": Text("查看完整页面", "See the whole page"),
    "executed": Text("已执行的笔记本", "Executed notebook"),
    "place": Text("所在位置", "Where this is"),
    "pick": Text("换地区", "Go to region"),
    "pick_hint": Text("名称、拼音首字母或代码", "name or code"),
    "none_found": Text("没有相符的地区", "no such region"),
    "tabs": Text("本地区各页", "Pages of this region"),
    "editions": Text("版别", "Editions"),
    "previous": Text("上一个地区", "Previous region"),
    "next": Text("下一个地区", "Next region"),
    "neighbours": Text("相邻地区", "Regions beside it"),
    "print": Text("打印", "Print"),
    "calendar": Text("发布日程", "Release calendar"),
    "subscribe": Text("订阅", "Subscribe"),
    "earlier": Text("本页以往各月的结论", "What this page said of other months"),
    "kept_copy": Text("存档页，出页日期 {}。", "A page kept as it was made on {}."),
    "now": Text("查看现在的页面", "See the page as it is now"),
    "search": Text("查找", "Find"),
    "within": Text("范围", "Within"),
    "all_regions": Text("全部地区", "all regions"),
    "any_light": Text("全部", "all"),
    "rows_shown": Text("显示 {n} 个，共 {all} 个地区", "{n} of {all} regions shown"),
    "days_old": Text("{n}天前", "{n} d ago"),
    "map": Text("方块图", "Tile map"),
    "table": Text("各地区概览", "Regions at a glance"),
    "every_page": Text(
        "各地区的全部页面与运行情况", "Every page of each region, and how its runs went"
    ),
    "by_parent": Text(
        "地区超过{}个。没有脚本时，请按上级查看：",
        "More than {} regions. Without scripts, see them by the region above:",
    ),
    "n_regions": Text("{}个地区", "{} regions"),
    "none_above": Text("其他", "others"),
    "not_made": Text("最近一次未出页", "latest run made no page"),
    "index_title": Text("固定资产投资监测", "Fixed-asset investment watch"),
    "no_runs": Text("还没有运行记录。", "There are no runs yet."),
    "unknown": Text("待补", "not available"),
    "built": Text("更新于", "Built"),
}


def words_in(lang: Language) -> dict[str, str]:
    """Return the words of one language, and of the link to the other one."""
    words = {name: text.in_language(lang) for name, text in _WORDS.items()}
    return words | {"other_language": "English" if lang == "zh" else "中文"}


_INVESTMENT = {"zh": "(?:固定资产)?投资", "en": "(?:fixed-asset )?investment"}


def in_subject(words: str, subject: Text, lang: Language) -> str:
    """Return a title or the first words of a page about another subject than investment.

    Examples
    --------
    >>> in_subject("Investment monitor", Text("零售额", "retail sales"), "en")
    'Retail sales monitor'
    """

    def named(found: re.Match[str]) -> str:
        name = subject.in_language(lang)
        return name[:1].upper() + name[1:] if found[0][:1].isupper() else name

    return re.sub(_INVESTMENT[lang], named, words, flags=re.IGNORECASE)


def subject_shared(records: Iterable[RunRecord]) -> Text | None:
    """Return what all pages are about; None where that is fixed-asset investment, or not one."""
    subjects = {one.subject for one in records}
    return subjects.pop() if len(subjects) == 1 else None


def title_of(record: RunRecord, lang: Language) -> str:
    """Return what a page is called in indexes, letters and on failure pages.

    Parameters
    ----------
    record : RunRecord
        Its run: of a notebook of an office's own it holds the title, and of pages that are made
        for some readers or for all, and of other subjects, it says so.
    lang : {"zh", "en"}
        Language of the title.

    Examples
    --------
    >>> ran = RunRecord.model_construct(notebook="06_projects", parameters={"profile": "public"})
    >>> title_of(ran, "en"), title_of(ran, "zh")
    ('Project ledger review (public)', '项目台账调度（公开版）')
    """
    known = NOTEBOOK_TITLES.get(record.notebook, record.title)
    title = known.in_language(lang) if known else record.notebook
    if record.subject:
        told = in_subject(title, record.subject, lang)
        title = told if told != title else _beside(title, record.subject, lang)
    # the usual edition may have a name
    edition = edition_of(record.parameters) or str(record.parameters.get("profile", ""))
    return _beside(title, EDITIONS[edition], lang) if edition in EDITIONS else title


def _beside(title: str, words: Text, lang: Language) -> str:
    return say("site.words.beside", title=title, words=words).in_language(lang)
