"""The ledger beside the statistics: each class, the steps, and the made-up district."""

import pandas as pd
import pytest

from faiwatch.core.errors import DataMissingError
from faiwatch.data.ledger_schema import ledger_frame
from faiwatch.data.reference import scope_breaks
from faiwatch.data.source import data_source
from faiwatch.ledger.findings import ledger_findings
from faiwatch.ledger.reconcile import CLASSES, reconcile
from faiwatch.ledger.scope import THRESHOLD_10K
from faiwatch.ledger.study import Published, study_ledger
from faiwatch.ledger.tables.statistics import reconciliation_table

AUGUST = pd.Period("2026-08", "M")
STARTED = {"actual_start": "2026-03-01"}


def projects(**fields):
    row = {"asof": "2026-08", "project_code": "甲", "name": "甲厂"} | fields
    return ledger_frame("projects", pd.DataFrame([row]))


def class_of(issues=None, **fields):
    return reconcile(projects(**fields), issues, as_of=AUGUST).projects["class"][0]


@pytest.mark.parametrize(
    ("expected", "done", "reported", "inside"),
    [
        ("not_started", None, None, False),
        ("not_in_library", 5.0, None, False),
        ("zero_reported", 5.0, 0.0, True),
        ("not_started", 0.0, 0.0, True),
        ("above_ledger", 5.0, 6.1, True),
        ("agrees", 5.0, 6.0, True),
        ("agrees", 5.0, 4.0, True),
        ("below_ledger", 5.0, 3.9, True),
        ("not_compared", 5.0, None, True),
        ("not_compared", 5.0, None, None),
        ("not_compared", None, 5.0, True),
        ("above_ledger", 5.0, 9.0, False),  # what was reported counts, whatever the flag says
    ],
)
def test_each_project_is_in_the_class_that_the_method_says(expected, done, reported, inside):
    fields = {"ytd_done": done, "stat_ytd_reported": reported, "in_stat_library": inside}
    assert class_of(**fields) == expected


def test_a_started_project_outside_the_library_is_told_before_it_has_investment():
    assert class_of(**STARTED, ytd_done=0.0, in_stat_library=False) == "not_in_library"


@pytest.mark.parametrize(
    ("expected", "fields"),
    [
        ("below_threshold", {"total_investment": 499.9}),
        ("not_in_library", {"total_investment": 500.0}),
        ("not_in_library", {"total_investment": 400.0, "cum_done_total": 600.0}),
        ("not_in_library", {}),  # of a size that nobody tells
        ("real_estate", {"total_investment": 9e4, "category": "房地产"}),
        ("real_estate", {"total_investment": 9e4, "category": "Real Estate"}),
        ("below_threshold", {"total_investment": 0.1, "ytd_done": 499.9}),
        ("not_in_library", {"total_investment": 0.1, "annual_plan": 500.0}),
        ("not_in_library", {"total_investment": 0.0}),  # nobody plans nothing
        ("real_estate", {"total_investment": 100.0, "name": "锦绣城商品住宅"}),
        ("not_in_library", {"total_investment": 9e4, "category": "棚改"}),
    ],
)
def test_what_the_library_does_not_ask_for_is_not_missing_from_it(expected, fields):
    given = {"ytd_done": 50.0, "in_stat_library": False} | STARTED | fields
    assert class_of(**given) == expected


def test_an_exempt_project_in_the_library_is_compared_like_any_other():
    fields = {"ytd_done": 50.0, "stat_ytd_reported": 9.0, "total_investment": 100.0}
    assert class_of(**fields, in_stat_library=True) == "below_ledger"


def test_the_threshold_is_the_one_of_the_breaks():
    since_2011 = next(one for one in scope_breaks() if one.period == "2011-02")
    assert f"计划总投资{THRESHOLD_10K:.0f}万元及以上" in since_2011.what.zh


def test_what_need_not_be_reported_is_not_called_unreported():
    rows = [
        {"project_code": "甲", "category": "房地产", "total_investment": 9e4, "ytd_done": 7e4},
        {"project_code": "乙", "category": "", "total_investment": 100.0, "ytd_done": 100.0},
        {"project_code": "丙", "category": "", "total_investment": 9e4, "ytd_done": 2e4},
    ]
    sheet = pd.DataFrame(rows).assign(asof="2026-08", name="厂", in_stat_library=False, **STARTED)
    tables = {"projects": ledger_frame("projects", sheet)}
    none = Published(float("nan"), float("nan"), float("nan"), pd.DataFrame())
    study = study_ledger(tables, none, [], as_of=AUGUST)
    findings = ledger_findings(study)
    assert findings["not_reported"].value == 2.0
    assert {row.value for row in findings["not_reported"].inputs} == {2e4}
    told = findings["detail_statistics"]
    assert "2.0亿元未上报统计" in told.zh
    assert "另有2个项目不足500万元或属房地产（另表上报），不需入库，已完成7.0亿元" in told.zh
    assert "2 projects below 5 million yuan or of real estate" in told.en
    only = {"projects": tables["projects"].head(2)}
    told = ledger_findings(study_ledger(only, none, [], as_of=AUGUST))["detail_statistics"]
    assert told.zh.startswith("另有2个项目")
    for lang, words in (("zh", "财务支出法"), ("en", "financial expenditure")):
        table = reconciliation_table(study, lang=lang)
        assert words in table.note.in_language(lang)
        assert len(table.frame) == 3


@pytest.mark.parametrize("where", ["problem", "remark"])
def test_missing_evidence_is_what_somebody_wrote(where):
    fields = {"ytd_done": 5.0, "stat_ytd_reported": 1.0, "in_stat_library": True}
    assert class_of(**fields, **{where: "入统凭证不全"}) == "evidence_missing"


@pytest.mark.parametrize(
    ("closed", "expected"),
    [
        (None, "evidence_missing"),
        ("2026-08-31", "below_ledger"),
        ("2026-09-01", "evidence_missing"),
    ],
)
def test_an_open_issue_may_say_it_too(closed, expected):
    issue = {"issue_id": "1", "project_code": "甲", "opened": "2026-05-01", "closed": closed}
    issues = ledger_frame("issues", pd.DataFrame([issue | {"action": "补齐，现凭证不全"}]))
    fields = {"ytd_done": 5.0, "stat_ytd_reported": 1.0, "in_stat_library": True}
    assert class_of(issues, **fields) == expected


def test_a_month_without_a_sheet_is_refused():
    with pytest.raises(DataMissingError, match="2026-08"):
        reconcile(projects(), as_of=AUGUST + 1)


@pytest.fixture(scope="module")
def demo(demo_ledger):
    totals = data_source("demo").newest().query("indicator == 'total'").set_index("period")
    tables = demo_ledger.settled()
    published = float(totals.loc[AUGUST, "ytd_value_100m"])
    found = reconcile(tables["projects"], tables["issues"], as_of=AUGUST, ytd_value_100m=published)
    return tables["projects"], found, published


def test_the_steps_of_the_made_up_district_add_up_to_the_published_figure(demo):
    _, found, published = demo
    yuan = (found.steps.set_index("step")["amount_10k"] * 1e4).round().astype("int64")
    assert yuan["statistics"] == round(published * 1e8)
    assert yuan["ledger_as_reported"] + yuan["residual"] == yuan["statistics"]
    parts = yuan.drop(["ledger_as_reported", "residual", "statistics"])
    assert parts.sum() == yuan["ledger_as_reported"]


def test_counts_are_those_of_a_loop_over_the_rows(demo):
    rows, found, _ = demo
    counts = dict.fromkeys(CLASSES, 0)
    for row in rows[rows["asof"] == AUGUST].to_dict("records"):
        done, told = row["ytd_done"], row["stat_ytd_reported"]
        if pd.isna(row["actual_start"]) and not done:
            counts["not_started"] += 1
        elif pd.isna(told):
            counts["not_in_library"] += 1
        elif abs(told - done) <= 1:
            counts["agrees"] += 1
        elif told == 0:
            counts["zero_reported"] += 1
        elif told > done:
            counts["above_ledger"] += 1
        else:
            counts["evidence_missing" if "凭证不全" in row["problem"] else "below_ledger"] += 1
    assert found.projects["class"].value_counts().to_dict() == {
        name: count for name, count in counts.items() if count
    }
    assert min(counts[name] for name in ("not_in_library", "zero_reported", "above_ledger")) > 0
    assert counts["evidence_missing"] > 0
