"""What changed between two sheets, what is wrong in them, and the command that says so."""

import json
import signal

import pandas as pd
import pytest

from faiwatch.cli import app as cli
from faiwatch.core.errors import DataMissingError
from faiwatch.data.ledger_schema import ledger_frame
from faiwatch.ledger.checks import check_ledger
from faiwatch.ledger.compare import compare_sheets, families
from faiwatch.ledger.load import ledger_columns

JULY, AUGUST = pd.Period("2026-07", "M"), pd.Period("2026-08", "M")


def project(code, month=AUGUST, **fields):
    return {"asof": str(month), "project_code": code, "name": code} | fields


def ledger(*rows):
    return ledger_frame("projects", pd.DataFrame(list(rows)))


def diff(*rows):
    return compare_sheets(ledger(*rows), as_of=AUGUST, against=JULY)


def checks(table, *rows):
    frame = ledger_frame(table, pd.DataFrame(list(rows)))
    return check_ledger({table: frame})


@pytest.fixture(scope="module")
def demo(demo_ledger):
    return demo_ledger.settled(), ledger_columns(demo_ledger)


def test_new_gone_and_changed_projects_are_told_apart():
    found = diff(
        project("甲", JULY, status="normal", planned_finish="2027-01-31", ytd_done=1.0),
        project("乙", JULY),
        project("甲", status="stopped", planned_finish="2027-02-28", ytd_done=1.0),
        project("丙"),
    )
    assert (found.new["project_code"].tolist(), found.gone["project_code"].tolist()) == (
        ["丙"],
        ["乙"],
    )
    assert set(found.fields["field"]) == {"status", "planned_finish"}
    assert found.status_moves[["was", "became"]].values.tolist() == [["normal", "stopped"]]
    assert found.slipped["days"].tolist() == [28]


@pytest.mark.parametrize(
    ("field", "was", "became"),
    [("ytd_done", None, 0.0), ("in_stat_library", None, False), ("stop_date", None, "2026-08-01")],
)
def test_blank_and_filled_are_a_change(field, was, became):
    found = diff(project("甲", JULY, **{field: was}), project("甲", **{field: became}))
    assert found.fields["field"].tolist() == [field]
    assert found.fields["was"].tolist() == [""]


def test_a_flag_is_told_as_yes_or_no_where_another_project_leaves_it_blank():
    rows = [project("甲", JULY), project("甲", in_stat_library=True)]
    rows += [project("乙", JULY, in_stat_library=False), project("乙")]
    found = diff(*rows).fields
    assert found[["was", "became"]].values.tolist() == [["", "yes"], ["no", ""]]


def test_a_month_without_a_sheet_is_refused_with_those_there_are():
    with pytest.raises(DataMissingError, match="2026-07"):
        compare_sheets(ledger(project("甲", JULY)), as_of=AUGUST, against=JULY)


def test_a_split_that_the_remark_states_is_found_and_makes_one_family():
    rows = [project("甲-1", JULY), project("甲-1-1", JULY), project("甲-1-1")]
    rows += [project(code, remark="由 甲-1 拆分") for code in ("乙", "丙")]
    found = diff(*rows).repackaged
    assert found[["kind", "basis", "gone_code"]].drop_duplicates().values.tolist() == [
        ["split", "stated", "甲-1"]
    ]
    family = families(ledger(*rows))
    assert set(family) == {"甲-1", "乙", "丙"}  # a longer code that holds 甲-1 is not named
    assert len(set(family.values())) == 1


@pytest.mark.parametrize(("total", "proposed"), [(30.0, 2), (31.0, 0)])
def test_a_merger_by_amounts_is_a_proposal_when_totals_agree(total, proposed):
    old = [project(code, JULY, owner="某公司", total_investment=15.0) for code in ("甲", "乙")]
    found = diff(*old, project("丙", owner="某公司", total_investment=total), project("丁", JULY))
    assert (found.repackaged["basis"] == "amounts").sum() == proposed
    assert families(ledger(*old)) == {}


@pytest.mark.parametrize(
    ("check", "fields"),
    [
        ("negative_amount", {"funds_plan": -1.0}),
        ("finish_before_start", {"planned_start": "2026-05-01", "planned_finish": "2026-04-30"}),
        ("date_in_future", {"actual_start": "2026-09-01"}),
        ("done_before_start", {"month_done": 5.0}),
        ("cum_below_ytd", {"cum_done_total": 5.0, "ytd_done": 6.0}),
        ("cum_above_total", {"cum_done_total": 130.0, "total_investment": 100.0}),
        ("share_disagrees", {"ytd_done": 6.0, "annual_plan": 10.0, "plan_done_pct": 61.0}),
        ("library_contradiction", {"in_stat_library": False, "stat_ytd_reported": 5.0}),
    ],
)
def test_each_fault_of_a_row_is_found_alone(check, fields):
    found = checks("projects", project("2026-990101-47-03-012345", **fields))
    assert found["check"].tolist() == [check]
    assert not found[["zh", "en"]].map(lambda words: "{" in words).any(axis=None)


@pytest.mark.parametrize(
    ("table", "check", "fields"),
    [
        (
            "issues",
            "closed_before_opened",
            {"issue_id": "1", "project_code": "甲", "opened": "2026-05-02", "closed": "2026-05-01"}
            | {"evidence": "纪要"},
        ),
        (
            "contracts",
            "steps_out_of_order",
            {"id": "1", "name": "甲", "signed": "2026-05-02", "performed": "2026-05-01"},
        ),
        (
            "bonds",
            "paid_above_amount",
            {
                "project_code": "甲",
                "batch": "1",
                "issued": "2026-05-02",
                "amount": 1.0,
                "paid": 2.0,
            },
        ),
    ],
)
def test_other_tables_are_checked_too(table, check, fields):
    assert checks(table, fields)["check"].tolist() == [check]


def test_the_first_month_of_a_year_adds_to_nothing():
    december = project("2026-990101-47-03-012345", "2025-12", month_done=5.0, ytd_done=90.0)
    february = december | {"asof": "2026-02", "ytd_done": 5.0}
    march = february | {"asof": "2026-03", "ytd_done": 12.0}
    rows = [one | {"actual_start": "2025-01-31"} for one in (december, february, march)]
    found = checks("projects", *rows)
    assert found[["check", "value"]].values.tolist() == [["ytd_not_sum", "12"]]


def test_what_was_done_since_the_start_goes_on_over_the_year():
    december = project("2026-990101-47-03-012345", "2025-12", month_done=5.0, cum_done_total=90.0)
    february = december | {"asof": "2026-02", "cum_done_total": 95.0}
    march = december | {"asof": "2026-03", "cum_done_total": 103.0}
    rows = [one | {"actual_start": "2025-01-31"} for one in (december, february, march)]
    found = checks("projects", *rows)
    assert found[["check", "value"]].values.tolist() == [["cum_not_sum", "103"]]


def test_months_without_a_sheet_are_told_at_the_sheet_after_them():
    rows = [project("2026-990101-47-03-012345", month) for month in ("2025-11", "2026-03")]
    found = checks("projects", *rows)
    assert found["check"].tolist() == ["missing_sheet"]
    assert "2025-12 2026-02" in found["en"][0]  # January has none


def test_every_kind_of_dirt_in_the_made_up_ledger_is_found_at_its_cell(demo):
    tables, columns = demo
    found = check_ledger(tables, columns=columns)
    counts = found.groupby("check").size()
    once = ["negative_amount", "finish_before_start", "missing_months", "same_name"]
    assert counts[once].eq(1).all()
    assert set(counts.index) - set(once) == {
        "ytd_not_sum",
        "cum_not_sum",
        "code_legacy",
        "closed_without_evidence",
    }
    amounts = found[found["check"].str.contains("not_sum|negative_amount")]
    assert amounts["zh"].str.contains("[0-9] 万元").all()
    assert amounts["en"].str.contains("(10,000 yuan)", regex=False).all()
    negative = found[found["check"] == "negative_amount"].iloc[0]
    assert (negative["sheet"], negative["cell"][0], negative["value"]) == ("2026年5月", "W", "-120")
    assert found["cell"].ne("").all()


def test_repackaged_projects_of_the_made_up_ledger_are_stated(demo):
    projects = demo[0]["projects"]
    months = [pd.Period(month, "M") for month in ("2026-05", "2026-04", "2026-03")]
    split, merged = (
        compare_sheets(projects, as_of=later, against=before).repackaged
        for later, before in (months[:2], months[1:])
    )
    assert split[["kind", "basis"]].values.tolist() == [["split", "stated"]] * 3
    assert merged[["kind", "basis"]].values.tolist() == [["merged", "stated"]] * 2


@pytest.fixture
def faiwatch_says(capsys, monkeypatch):
    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setenv("FAIWATCH_LANG", "en")

    def run(*words):
        monkeypatch.setattr("sys.argv", ["faiwatch", *map(str, words)])
        with pytest.raises(SystemExit) as left:
            cli.main()
        return left.value.code, *capsys.readouterr()

    yield run
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def own(tmp_path):
    for month, done in (("202607", 5), ("202608", 9)):
        rows = f"项目代码,项目名称,总投资（万元）,1-8月完成投资（万元）\n甲-1,甲厂,100,{done}\n"
        (tmp_path / f"{month}.csv").write_text(rows, encoding="utf-8")
    return tmp_path


def test_the_command_compares_the_last_two_months_of_a_folder(faiwatch_says, own):
    code, out, _ = faiwatch_says("ledger", "diff", own, "--json")
    answer = json.loads(out)
    assert (code, answer["as_of"], answer["against"]) == (0, "2026-08", "2026-07")
    assert [(row["field"], row["was"], row["became"]) for row in answer["fields"]] == [
        ("ytd_done", "5", "9")
    ]
    code, out, _ = faiwatch_says("ledger", "diff", own)
    assert code == 0
    assert "projects new 0, gone 0, changed 1" in out


def test_a_total_that_is_not_the_sum_of_its_rows_is_told_at_its_cell(faiwatch_says, own):
    rows = (
        "项目代码,项目名称,总投资（万元）,1-8月完成投资（万元）\n甲-1,甲厂,100,9\n乙-1,乙厂,50,\n"
    )
    (own / "202608.csv").write_text(f"{rows}合计,,250,9\n", encoding="utf-8")
    answer = json.loads(faiwatch_says("ledger", "diff", own, "--json")[1])
    (found,) = [one for one in answer["checks"] if one["check"] == "total_not_sum"]
    assert (found["sheet"], found["cell"], found["value"]) == ("202608.csv", "C4", "250")
    assert "填 250 万元，各行相加得 150 万元" in found["zh"]


def test_sections_with_totals_of_their_own_are_left_alone(faiwatch_says, own):
    rows = "项目代码,项目名称,总投资（万元）\n甲-1,甲厂,100\n合计,,100\n乙-1,乙厂,50\n合计,,50\n"
    (own / "202608.csv").write_text(rows, encoding="utf-8")
    answer = json.loads(faiwatch_says("ledger", "diff", own, "--json")[1])
    assert "total_not_sum" not in {one["check"] for one in answer["checks"]}


def test_two_rows_of_one_key_are_told_and_the_first_counts(faiwatch_says, own):
    rows = "项目代码,项目名称,总投资（万元）\n甲-1,甲厂,100\n甲-1,甲厂,70\n"
    (own / "202608.csv").write_text(rows, encoding="utf-8")
    code, out, _ = faiwatch_says("ledger", "diff", own, "--json")
    answer = json.loads(out)
    assert (code, [one["cell"] for one in answer["checks"] if one["severity"] == "error"]) == (
        0,
        ["A3"],
    )
    assert not [one for one in answer["fields"] if one["field"] == "total_investment"]


def test_a_ledger_without_projects_has_nothing_to_compare(faiwatch_says, tmp_path):
    path = tmp_path / "大事记.csv"
    path.write_text("日期,类型,名称\n2026-08-03,会议,调度会\n", encoding="utf-8")
    code, _, err = faiwatch_says("ledger", "diff", path)
    assert (code, "no table of projects" in err) == (10, True)


def test_what_a_ledger_leaves_open_is_answered_once_and_then_compared(faiwatch_says, own, tmp_path):
    for month, done in (("202607", 1), ("202608", 2)):
        rows = f"项目代码,项目名称,总投资\n甲-1,甲厂,{done}\n"
        (own / f"{month}.csv").write_text(rows, encoding="utf-8")
    code, _, err = faiwatch_says("ledger", "diff", own)
    assert code == 11
    assert "faiwatch ingest FILE --unit 万元 --out FOLDER" in err
    tables = tmp_path / "tables"
    assert faiwatch_says("ingest", own, "--unit", "亿元", "--out", tables)[0] == 0
    answer = json.loads(faiwatch_says("ledger", "diff", tables, "--json")[1])
    assert [row["became"] for row in answer["fields"]] == ["20000"]


def test_the_first_sheet_has_none_before_it(faiwatch_says, own):
    code, _, err = faiwatch_says("ledger", "diff", own, "--as-of", "2026-07")
    assert (code, "there is no sheet before 2026-07" in err) == (2, True)


def test_what_looks_like_markup_in_a_cell_is_printed_as_it_stands(faiwatch_says, own):
    header = "项目代码,项目名称,状态\n"
    for month, status in (("202607", "正常"), ("202608", "停建")):
        words = f"{header}甲-1,[/red]<script>,{status}\n"
        (own / f"{month}.csv").write_text(words, encoding="utf-8")
    code, out, _ = faiwatch_says("ledger", "diff", own)
    assert code == 0
    assert "[/red]<script>" in out


@pytest.mark.parametrize(
    "months",
    [["--as-of", "2026-09"], ["--as-of", "soon"], ["--against", "2026-08"], ["--as-of", "2026-07"]],
)
def test_months_without_a_sheet_are_refused(faiwatch_says, own, months):
    code, _, err = faiwatch_says("ledger", "diff", own, *months)
    assert code == 2
    assert "allowed" in err
