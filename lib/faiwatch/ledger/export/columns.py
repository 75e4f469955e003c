"""Columns and words that several sheets of a ledger have in common."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from faiwatch.core.text import Language, Text
from faiwatch.data.ledger_fields import ledger_tables
from faiwatch.ledger.status import status_words
from faiwatch.ledger.tables.cells import cause_words
from faiwatch.view.sheets.data_sheets import Column

CODE = Column(Text("项目代码", "Code"), widest=16)
NAME = Column(Text("项目名称", "Project"))
UNIT = Column(Text("责任单位", "Unit"), widest=16)
LEAD = Column(Text("包抓领导", "Lead official"), widest=14)
STATUS = Column(Text("状态", "Status"), widest=16)
CAUSES = Column(Text("原因", "Causes"), widest=14)
PLACE = Column(Text("台账位置", "In the ledger"), widest=14)
PROJECTS = Column(Text("项目数", "Projects"), "count")
DONE_PCT = Column(Text("完成计划（%）", "Of the plan (%)"), "percent")
EVEN_PP = Column(Text("较均衡进度（百分点）", "Against even pace (points)"), "points")
OWN_PP = Column(Text("较自身计划（百分点）", "Against its own schedule (points)"), "points")
WHO = {"name": NAME, "unit": UNIT, "lead": LEAD}


def money(zh: str, en: str) -> Column:
    """Return a column of amounts, its unit in the header."""
    return Column(Text(f"{zh}（万元）", f"{en} (10,000 yuan)"), "money")


BEHIND = money("比均衡进度少", "Behind even pace")
PLAN = money("年度计划", "Plan of the year")
DONE = money("已完成", "Done this year")


def said(values: pd.Series, words: Mapping[str, Text], lang: Language) -> list[str]:
    """Return values as readers see them; what has no words stays as it is."""
    return [words[one].in_language(lang) if one in words else str(one) for one in values]


def choices(values: pd.Series, table: str, lang: Language) -> list[str]:
    """Return the words of a field that is chosen from a list; the series is called like it."""
    listed = ledger_tables()[table].fields[str(values.name)].choices
    return said(values, {one.value: one.label for one in listed}, lang)


def with_words(rows: pd.DataFrame, lang: Language) -> pd.DataFrame:
    """Return projects with status and causes in words, and the place in the ledger."""
    return rows.assign(
        status=said(rows["status"], status_words(), lang),
        causes=cause_words(rows["causes"], lang),
        place=places(rows),
    )


def places(rows: pd.DataFrame) -> list[str]:
    """Return where in the ledger each row stands."""
    return [f"{sheet}!{row}" for sheet, row in zip(rows["sheet"], rows["row"], strict=True)]
