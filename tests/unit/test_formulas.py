"""A formula with words in it has them in both languages."""

import ast
import csv
import re

import pytest
from library import MODULES, nodes_of, tree_of

from faiwatch.briefing.build import findings_of
from faiwatch.core.finding import InputRow
from faiwatch.core.paths import data_folder
from faiwatch.data.input_labels import column_label, value_label

WORDS = re.compile(r"[A-Za-z]{2,}")
NOTATION = {"max", "min", "exp", "log", "UCM", "STL", "CHANGE_OVER"}
HAN = re.compile(r"[\u4e00-\u9fff]")


def formulas():
    """Yield place, formula and Chinese formula of every number that is defined, in data or code."""
    with (data_folder() / "findings.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield f"{row['section']}.{row['id']}", row["formula"], row["formula_zh"]
    for path in MODULES:
        for node in nodes_of(tree_of(path)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "What":
                told = [ast.unparse(one) for one in node.args[2:]]
                if told and not told[0].startswith(("*", "_", "row[")):
                    yield f"{path.name}:{node.lineno}", told[0], (told[1:] or [""])[0]


def test_every_formula_with_words_has_them_in_chinese():
    found = list(formulas())
    assert len(found) > 80
    lacking = [
        (place, formula)
        for place, formula, zh in found
        if set(WORDS.findall(formula)) - NOTATION and not HAN.search(zh) and " if " not in formula
    ]
    assert lacking == []


def test_every_section_of_findings_is_told_and_names_each_once():
    with (data_folder() / "findings.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    keys = [(row["section"], row["id"]) for row in rows]
    assert len(keys) == len(set(keys))
    assert all(row["zh"] and row["en"] and row["formula"] for row in rows)
    code = "".join(path.read_text("utf-8") for path in MODULES)
    asked = {section for section, _ in keys if f'"{section}"' in code}
    assert asked == {section for section, _ in keys}


def test_no_chinese_formula_of_a_briefing_holds_english_words(demo_material):
    for slot in findings_of(demo_material).values():
        assert not set(WORDS.findall(slot.formula_in("zh"))) - NOTATION, slot.id
        assert slot.formula_in("en") == slot.formula


@pytest.mark.parametrize(
    ("column", "value", "lang", "told"),
    [
        ("annual_plan", 5.0, "zh", ("年度计划投资", 5.0)),
        ("level", "city", "zh", ("项目级别", "市级")),
        ("level", "city", "en", ("Level", "city")),
        ("annual_plan_10k", 5.0, "zh", ("年度计划投资", 5.0)),
        ("ouhai.month", "a", "zh", ("瓯海 2020：三色管理 本月任务", "a")),
        ("overdue_days", 3.0, "en", ("days overdue", 3.0)),
        ("ytd_yoy_pct", -7.2, "zh", ("ytd_yoy_pct", -7.2)),
    ],
)
def test_a_row_of_the_ledger_is_told_by_the_labels_of_its_field(column, value, lang, told):
    row = InputRow(file="l.xlsx", row=5, period="2026-08", column=column, value=value)
    assert (column_label(row, lang), value_label(row, lang)) == told
