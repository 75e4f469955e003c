"""An office's ledger, read, judged and told; every figure held against a count by plain loops."""

import io
import math

import openpyxl
import pytest
from hostile_ledger import html_of
from office_ledger import MONTHS, Office, truth

from faiwatch.api import open_page
from faiwatch.briefing.filling import Material
from faiwatch.briefing.projects import project_findings
from faiwatch.core.finding import read_findings
from faiwatch.core.text import Text
from faiwatch.ledger.export.export import export_bytes, ledger_export
from faiwatch.ledger.load import ledger_columns, ledger_reading
from faiwatch.ledger.page import open_ledger
from faiwatch.run.alert_rules import AlertRule
from faiwatch.run.alerts import Seen, alerts_of
from faiwatch.site.run_record import RunRecord

PER_100M = 1e4
WHERE = {"region": "610000", "data": "embedded", "profile": "internal"}


class Told:
    """What page, export, JSON, alert and briefing say of one month of a workbook."""

    def __init__(self, path, month, folder):
        as_of = f"2026-{month:02}"
        values = WHERE | {"ledger": str(path), "as_of": as_of, "results": str(folder)}
        folder.mkdir()
        page = open_ledger(values)
        outputs = [*page.verdict().outputs(), *page.numbers().outputs()]
        page.save()
        self.page, self.html = page.findings, html_of(outputs)
        self.json = {one.id: one for one in read_findings(folder / "findings.json")}
        self.reading = ledger_reading(str(path))
        export = ledger_export(self.reading, as_of=as_of, rules="all", figures=None)
        content = export_bytes(export, is_public=False, lang="zh")
        self.book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
        self.export = {row[0]: row for row in self.book["摘要"].iter_rows(values_only=True)}
        asked = {key: value for key, value in values.items() if key not in {"profile", "results"}}
        brief = open_page("08_briefing", asked)
        columns = ledger_columns(self.reading)
        material = Material(brief, brief.parameters, self.reading.settled(), columns)
        self.slots = {one.id: one for one in project_findings(material)}

    def alerts(self, name, above):
        """Whether an alert on a number speaks up at a threshold, as ``faiwatch alerts`` asks it."""
        rule = AlertRule(
            id="asked", audience="readers", words=Text("问", "asked"), notebook="06_projects",
            finding=name, above=above,
        )  # fmt: skip
        run = RunRecord(
            run_id="r", notebook="06_projects", region="610000", as_of="latest", lang="zh",
            verdict="ok", code_version="1", seeds={}, threads={}, versions={}, parameters={},
            started="2026-09-20T08:00:00+00:00", seconds=1.0,
        )  # fmt: skip
        told, _ = alerts_of([rule], [Seen(run, run, self.json)], {})
        return bool(told)

    def agree(self, name, value):
        """Hold one number of page, JSON, export and alert against what is true."""
        found = self.page[name]
        if value is None:
            assert not self.alerts(name, -1e9), name
        else:
            assert (self.alerts(name, value - 0.01), self.alerts(name, value + 0.01)) == (
                True,
                False,
            )
        if value is None:
            assert (found.state, found.value, found.zh) == ("missing", None, "待补"), name
            assert self.export[found.definition_zh][1] is None, name
        else:
            assert found.value == pytest.approx(value), name
            assert self.export[found.definition_zh][1] == pytest.approx(value, abs=0.051), name
        assert self.json[name] == found


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """Return how to tell a month of an office's workbook, each once."""
    known = {}

    def tell(month, **office):
        key = month, *sorted(office.items())
        if key not in known:
            made = Office(**office)
            folder = tmp_path_factory.mktemp("office")
            path = made.write(folder / "台账.xlsx")
            known[key] = Told(path, month, folder / "results"), truth(made, month)
        return known[key]

    return tell


def numbers_of(true, month):
    """Return what is true as the page counts it."""
    left = (true["plan"] - true["done"]) / (12 - month) / PER_100M
    share = 100 * true["done"] / true["plan"]
    return {
        "lagging": true["lagging"],
        "shortfall": true["short"] / PER_100M,
        "progress": share,
        "deviation": share - 100 * month / 12,
        "required_per_month": left,
        "start_rate_due": 100 * true["due_started"] / true["due"],
        "start_rate_planned": 100 * true["started"] / true["planned"],
    }


@pytest.mark.parametrize("month", MONTHS)
def test_every_output_gives_the_true_figures_of_each_month(told, month):
    found, true = told(month)
    assert true["n"] == 86
    assert min(true["lagging"], true["by_rule"]) > 9
    for name, value in numbers_of(true, month).items():
        found.agree(name, value)
    share = 100 * true["key_done"] / true["key_plan"]
    assert found.slots["key_done"].value == pytest.approx(true["key_done"] / PER_100M)
    assert found.slots["key_done_rate"].value == pytest.approx(share)
    assert found.slots["annual_plan"].value == pytest.approx(true["key_plan"] / PER_100M)


def test_a_blank_that_a_rule_makes_zero_is_counted_wherever_the_number_stands(told):
    found, true = told(8)
    words = f"{true['by_rule']}个未开工项目空白按0计"
    assert found.page["progress"].state == "ok"
    assert found.page["progress"].coverage.n_by_rule == true["by_rule"]
    for name in ("progress", "deviation", "required_per_month"):
        assert words in found.page[name].zh, name
        assert words in found.export[found.page[name].definition_zh][3], name
    assert words in found.page["detail_coverage"].zh
    assert words in found.html
    assert "未开工项目空白按0计" in found.slots["key_done"].note.zh
    listed = list(found.book["项目"].iter_rows(values_only=True))
    (header,) = (row for row in listed if row and "未开工空白按0计" in row)
    column = header.index("未开工空白按0计")
    assert sum(row[column] == "是" for row in listed) == true["by_rule"]


def test_a_few_light_blanks_leave_the_number_partial_and_counted(told):
    found, true = told(8, silent=2, silent_plan=100)
    assert true["silent"] == true["unjudged"] == 2
    for name, value in numbers_of(true, 8).items():
        found.agree(name, value)
    progress = found.page["progress"]
    assert (progress.state, progress.coverage.n_known, progress.coverage.n) == ("partial", 84, 86)
    assert "86个项目中84个有数" in progress.zh
    assert "84 of 86 projects" in progress.en
    slot = found.slots["key_done_rate"]
    assert slot.state == "partial"
    assert slot.value == pytest.approx(100 * true["key_done"] / true["key_plan"])
    assert "个项目中" in slot.forms["coverage"].zh
    assert "另有2个未判定（缺计划或完成数）" in found.page["verdict"].zh
    assert "2 of 86 not judged: no plan, or nothing told" in found.page["verdict"].en


def test_blanks_that_weigh_more_than_the_rule_allows_make_it_missing_everywhere(told):
    found, true = told(8, silent=6, silent_plan=9000)
    assert true["unjudged"] == 6
    for name in ("progress", "deviation", "required_per_month", "shortfall"):
        found.agree(name, None)
    found.agree("lagging", true["lagging"])
    assert "全年情况无法判断" in found.page["verdict"].zh
    assert {found.slots[id].state for id in ("key_done", "key_done_rate")} == {"missing"}
    assert found.slots["annual_plan"].value == pytest.approx(
        sum(one["plan"] for one in Office(silent=6, silent_plan=9000).rows(8)
            if one["level"] == "市级") / PER_100M
    )  # fmt: skip


def test_projects_without_a_start_date_are_counted_in_the_verdict(told):
    found, true = told(8, undated=4)
    assert true["unjudged"] == 4
    found.agree("lagging", true["lagging"])
    verdict = found.page["verdict"]
    assert f"86个项目中{true['lagging']}个滞后" in verdict.zh
    assert "另有4个未判定（缺计划开工日期）" in verdict.zh
    assert "4 of 86 not judged: no start date" in verdict.en
    assert verdict.state == "partial"


def test_what_the_office_wrote_itself_is_no_contradiction(told):
    found, _ = told(8)
    checks = {row[6] for row in found.book["数据核对"].iter_rows(values_only=True)}
    assert not [one for one in checks if one and ("合计" in one or "占年度计划" in one)]
    assert not math.isnan(found.page["progress"].value)
