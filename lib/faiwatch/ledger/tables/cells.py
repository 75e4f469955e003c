"""Cells of ledger tables: what columns are called, and texts, amounts and dates as words."""

from __future__ import annotations

import pandas as pd

from faiwatch.core.text import Language, Text, number
from faiwatch.data.ledger_fields import ledger_tables
from faiwatch.ledger.charts.rows import one_line
from faiwatch.view.tables import NO_NOTE

MOST = 60  # rows of a table that is not the lag list; result files have them all
NO_PLAN = Text("无计划", "no plan")
NAME = Text("项目", "Project")
UNIT = Text("责任单位", "Unit")
LEAD = Text("包抓领导", "Lead")
STATUS = Text("状态", "Status")
CAUSES = Text("原因", "Causes")
NEEDS = Text("未亮灯的原因", "Why a light is missing")
BEHIND = Text("差额（万元）", "Behind (10,000 yuan)")


def names(words: pd.Series) -> list[str]:
    """Return texts of a ledger as cells: on one line, and not too long."""
    return [one_line(str(one)) for one in words]


def whole(amounts: pd.Series, lang: Language) -> list[str]:
    """Return amounts of 万元 without decimals."""
    return [number(float(value), lang, 0) for value in amounts]


def cause_words(causes: pd.Series, lang: Language) -> list[str]:
    """Return causes that blanks separate as readers see them."""
    choices = ledger_tables()["issues"].fields["cause"].choices
    words = {one.value: one.label.in_language(lang) for one in choices}
    between = Text("、", "; ").in_language(lang)
    return [between.join(words[cause] for cause in told.split()) for told in causes]


def days(dates: pd.Series) -> list[str]:
    """Return dates as cells; a missing one is blank."""
    return ["" if pd.isna(day) else f"{day:%Y-%m-%d}" for day in dates]


def cut_words(rows: pd.DataFrame, most: int, file: str) -> Text:
    """Return the words below a table that is cut: how long it is, and the file of all its rows."""
    if len(rows) <= most:
        return NO_NOTE
    return Text(
        f"此处列出前 {most} 行，共 {len(rows)} 行，全表见结果文件 {file}。",
        f"The first {most} of {len(rows)} rows; the result file {file} has them all.",
    )
