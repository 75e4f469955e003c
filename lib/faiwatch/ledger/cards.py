"""The card of each project: everything that a ledger says of it, section by section.

A page holds the cards of all its projects and shows one by its address, ``#project-CODE``. They
name projects, units and officials: the public page has none.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from faiwatch.core.light_names import MISSING, NOT_APPLICABLE, UNDEFINED
from faiwatch.core.text import YES_NO, Language, Text, clean, month_name, number
from faiwatch.data.ledger_fields import AS_OF, PROJECT_CODE, LedgerField, ledger_tables
from faiwatch.data.light_rules import MEASURES
from faiwatch.ledger.charts.rows import one_line
from faiwatch.ledger.light_board import ScaleLights, needs_words, scale_label
from faiwatch.ledger.schedule import MONTHS
from faiwatch.ledger.status import status_words
from faiwatch.ledger.study import LedgerStudy
from faiwatch.view.html.lights import light_words

Columns = Mapping[tuple[str, str], str]  # sheet and field to the letters of a column
Row = list[str]

_LONGEST = 200  # characters of one text on a card
_WHAT = (
    "category", "level", "nature", "stage", "area", "site", "content", "build_years",
    "unit", "line_department", "partner_unit", "lead", "owner", "approval_stage", "land_status",
    "env_status", "in_stat_library", "problem", "remedy", "progress_note", "remark",
)  # fmt: skip
_MONEY = (
    "total_investment", "cum_done_total", "annual_plan", "ytd_done", "month_done",
    "stat_ytd_reported", "funds_plan", "funds_arrived", "central_funds", "bond_funds",
    "local_match", "local_match_arrived",
)  # fmt: skip
_DATES = ("original_start", "planned_start", "actual_start")
_ENDS = ("original_finish", "planned_finish", "actual_finish")
_CHANGES = (
    "name", "status", "stage", "unit", "lead", "owner", "total_investment", "annual_plan",
    "planned_start", "actual_start", "planned_finish", "actual_finish", "stop_date",
)  # fmt: skip
_ISSUES = ("issue_id", "class", "cause", "opened", "due", "owner_unit", "action", "closed")
_HEADS: Mapping[str, tuple[Text, Sequence[Text]]] = {
    "what": (
        Text("基本情况", "What, where, who"),
        (Text("项", "Item"), Text("内容", "Content"), Text("单元格", "Cell")),
    ),
    "pace": (
        Text("计划与完成（万元）", "Plan against done (10,000 yuan)"),
        (Text("月份", "Month"), Text("序时进度", "Even pace"), Text("完成", "Done")),
    ),
    "schedule": (
        Text("工期", "Schedule"),
        (
            Text("节点", "Milestone"), Text("原计划", "Original schedule"),
            Text("最新计划", "Latest schedule"), Text("实际", "Actual"),
        ),
    ),
    "lights": (
        Text("各套规则的亮灯与理由", "Light under each rule, with the reason"),
        (Text("规则", "Rule"), Text("灯", "Light"), Text("原因", "Reason")),
    ),
    "issues": (Text("问题", "Issues"), ()),
    "money": (
        Text("投资与资金（万元）", "Investment and funds (10,000 yuan)"),
        (Text("项", "Item"), Text("金额", "Amount"), Text("单元格", "Cell")),
    ),
    "history": (
        Text("变更记录", "History of changes"),
        (
            Text("月份", "Month"), Text("项", "Item"), Text("原为", "Was"),
            Text("现为", "Is now"), Text("单元格", "Cell"),
        ),
    ),
    "cells": (
        Text("数据出处", "The rows it comes from"),
        (Text("月份", "Month"), Text("文件", "File"), Text("工作表", "Sheet"), Text("行", "Row")),
    ),
}  # fmt: skip
_START, _END = Text("开工", "Started"), Text("竣工", "Finished")
_OUTSIDE = Text("不在这条规则的范围内", "outside what the rule is about")


@dataclass(frozen=True)
class ProjectCards:
    """The cards of all projects of a month.

    Attributes
    ----------
    study : LedgerStudy
        The month.
    columns : mapping
        Sheet and field to the letters of the column, so that a cell has its address.
    lang : {"zh", "en"}
        Language of the cards; texts of the ledger stand as they are.
    """

    study: LedgerStudy
    columns: Columns
    lang: Language

    def data(self) -> dict[str, object]:
        """Return the cards, ready for JSON.

        Returns
        -------
        dict
            ``heads``: title and headings of each section by its name; ``projects``: code to
            ``name status unit`` and the rows of each section that has any.
        """
        heads = {
            name: [title.in_language(self.lang), *(one.in_language(self.lang) for one in heads)]
            for name, (title, heads) in _HEADS.items()
        }
        issues = ledger_tables()["issues"].fields
        heads["issues"] += [issues[name].label.in_language(self.lang) for name in _ISSUES]
        stands = self.study.standing
        words = {name: text.in_language(self.lang) for name, text in status_words().items()}
        projects: dict[str, dict[str, object]] = {}
        told = zip(
            *(stands[name] for name in (PROJECT_CODE, "name", "status", "unit")), strict=True
        )
        for code, name, status, unit in told:
            what = {"name": one_line(str(name)), "status": words[status], "unit": one_line(unit)}
            projects.setdefault(str(code), {**what, "sections": {}})
        register = self.study.register
        words_of = [self._words(register[name], issues[name]) for name in _ISSUES]
        issues_told = zip(register[PROJECT_CODE], *words_of, strict=True)
        sections = {
            "what": self._fields(_WHAT),
            "pace": self._pace(),
            "schedule": self._schedule(),
            "lights": self._lights(),
            "issues": ((code, list(row)) for code, *row in issues_told),
            "money": self._fields(_MONEY),
            "history": self._history(),
            "cells": self._cells(),
        }
        for section, rows in sections.items():
            for code, row in rows:
                if str(code) in projects:
                    held = projects[str(code)]["sections"]
                    held.setdefault(section, []).append(row)  # type: ignore[attr-defined]
        return {"heads": heads, "projects": projects}

    @cached_property
    def _sheet(self) -> pd.DataFrame:
        projects = self.study.tables["projects"]
        now = projects[projects[AS_OF] == self.study.as_of]
        return now.drop_duplicates(PROJECT_CODE)

    @cached_property
    def _past(self) -> pd.DataFrame:
        projects = self.study.tables["projects"]
        past = projects[projects[AS_OF] <= self.study.as_of].drop_duplicates([AS_OF, PROJECT_CODE])
        return past.sort_values([PROJECT_CODE, AS_OF], kind="stable", ignore_index=True)

    def _fields(self, names: Sequence[str]) -> Iterable[tuple[str, Row]]:
        """Yield label, words and cell of each field that a project tells."""
        fields, sheet = ledger_tables()["projects"].fields, self._sheet
        for name in names:
            words = self._words(sheet[name], fields[name])
            title = fields[name].label.in_language(self.lang)
            places = self._places(sheet, name)
            for code, told, place in zip(sheet[PROJECT_CODE], words, places, strict=True):
                if told:
                    yield code, [title, told, place]

    def _pace(self) -> Iterable[tuple[str, Row]]:
        past = self._past[self._past[AS_OF].dt.year == self.study.as_of.year]
        even = past["annual_plan"] * past[AS_OF].dt.month / MONTHS
        rows = zip(past[PROJECT_CODE], past[AS_OF], even, past["ytd_done"], strict=True)
        for code, month, plan, done in rows:
            yield code, [month_name(str(month), self.lang), self._amount(plan), self._amount(done)]

    def _schedule(self) -> Iterable[tuple[str, Row]]:
        sheet, fields = self._sheet, ledger_tables()["projects"].fields
        stopped = fields["stop_date"].label
        for title, names in ((_START, _DATES), (_END, _ENDS), (stopped, ("stop_date",))):
            days = [self._words(sheet[name], fields[name]) for name in names]
            blank = [""] * (len(_DATES) - len(names))  # a project only stops, it has no plan to
            for code, *told in zip(sheet[PROJECT_CODE], *days, strict=True):
                if any(told):
                    yield code, [title.in_language(self.lang), *blank, *told]

    def _lights(self) -> Iterable[tuple[str, Row]]:
        board = self.study.board
        asked = [PROJECT_CODE, *(name for name in MEASURES["projects"] if name in board.measured)]
        first = board.measured.drop_duplicates(PROJECT_CODE)[asked]
        measured = first.set_index(PROJECT_CODE).to_dict("index")
        lit = board.projects.drop_duplicates(PROJECT_CODE).set_index(PROJECT_CODE)
        needs = board.missing.set_index(["light", PROJECT_CODE])["needs"]
        lacking = {key: str(told) for key, told in needs.items()}
        for one in board.scales:
            if one.scale.subject != "projects":
                continue
            title = scale_label(one).in_language(self.lang)
            reasons: dict[str, tuple[Text, list[str]]] = {UNDEFINED: (one.scale.undefined, [])}
            for rule in one.scale.light:
                judged = dict.fromkeys(condition.measure for condition in rule.when)
                reasons.setdefault(rule.colour, (rule.meaning, list(judged)))
            for code, colour in zip(lit.index.astype("str"), lit[one.name], strict=True):
                word = light_words(colour, self.lang)
                why = self._reason(one, colour, reasons.get(colour), measured[code])
                if colour == MISSING:
                    why = needs_words(lacking.get((one.name, code), "").split())
                yield code, [title, word, why.in_language(self.lang)]

    def _reason(
        self,
        one: ScaleLights,
        colour: str,
        rule: tuple[Text, list[str]] | None,
        row: Mapping[Hashable, object],
    ) -> Text:
        if colour == NOT_APPLICABLE:
            return _OUTSIDE if one.holds else one.why_not
        if rule is None:
            return Text("", "")
        meaning, names = rule
        values = [(MEASURES["projects"][name], self._value(row[name])) for name in names]
        zh = "；".join(f"{measure.zh} {value}" for measure, value in values)
        en = "; ".join(f"{measure.en} {value}" for measure, value in values)
        if not values:
            return meaning
        return Text(f"{meaning.zh}（{zh}）", f"{meaning.en} ({en})")

    def _history(self) -> Iterable[tuple[str, Row]]:
        past, fields = self._past, ledger_tables()["projects"].fields
        same = past[PROJECT_CODE].eq(past[PROJECT_CODE].shift())
        found: list[tuple[int, str, Row]] = []
        for name in _CHANGES:
            words = pd.Series(self._words(past[name], fields[name]), index=past.index)
            before = words.shift(fill_value="")
            moved = past[same & words.ne(before)]
            title = fields[name].label.in_language(self.lang)
            places = self._places(moved, name)
            rows = zip(moved.index, moved[AS_OF], moved[PROJECT_CODE], places, strict=True)
            for at, month, code, place in rows:
                row = [month_name(str(month), self.lang), title, before[at], words[at], place]
                found.append((-month.ordinal, str(code), row))
        for _, code, row in sorted(found, key=lambda one: one[0]):  # the newest first
            yield code, row

    def _cells(self) -> Iterable[tuple[str, Row]]:
        past = self._past.iloc[::-1]
        rows = zip(
            *(past[name] for name in (PROJECT_CODE, AS_OF, "file", "sheet", "row")), strict=True
        )
        for code, month, *place in rows:
            yield code, [month_name(str(month), self.lang), *(clean(str(one)) for one in place)]

    def _places(self, rows: pd.DataFrame, field: str) -> list[str]:
        """Return sheet and cell of a field of several rows; the row alone without a column."""
        return [
            clean(f"{sheet}!{self.columns.get((sheet, field), '')}{row}")
            for sheet, row in zip(rows["sheet"], rows["row"], strict=True)
        ]

    def _words(self, values: pd.Series, field: LedgerField) -> list[str]:
        """Return the values of a field as readers see them; empty where it tells nothing."""
        choices = {one.value: one.label.in_language(self.lang) for one in field.choices}
        told = []
        for value in values.to_list():
            if value is None or pd.isna(value) or value == "":
                told.append("")
            elif field.kind == "flag" or isinstance(value, bool):
                told.append(YES_NO[bool(value)].in_language(self.lang))
            elif field.kind == "date":
                told.append(f"{value:%Y-%m-%d}")
            elif isinstance(value, float):
                told.append(number(value, self.lang, 0 if field.kind == "money" else 1))
            else:
                told.append(choices.get(str(value), one_line(clean(str(value)), longest=_LONGEST)))
        return told

    def _amount(self, value: float) -> str:
        return "" if math.isnan(value) else number(value, self.lang, 0)

    def _value(self, value: object) -> str:
        if value is None or pd.isna(value):  # type: ignore[call-overload]
            return "—"
        if isinstance(value, bool) or str(value) in {"True", "False"}:
            return YES_NO[bool(value)].in_language(self.lang)
        return number(float(value), self.lang)  # type: ignore[arg-type]
