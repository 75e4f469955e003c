"""A city over its districts, recounted by plain loops over the raw rows."""

import csv
import datetime
import io
import json
import math
from dataclasses import replace

import docx
import openpyxl
import pandas as pd
import pytest
from schemas import complaints

import faiwatch as fw
from faiwatch.briefing.city import city_briefing
from faiwatch.briefing.notices import write_drafts
from faiwatch.briefing.plain import briefing_text
from faiwatch.briefing.word import word_document
from faiwatch.cli.city import city_answer, write_briefing
from faiwatch.core.errors import DataInvalidError, DataMissingError, ParameterError
from faiwatch.core.text import Text
from faiwatch.data.notices import read_notices
from faiwatch.data.regions import inside, region_named
from faiwatch.data.source import data_source
from faiwatch.ledger.city.inputs import city_figures, district_of_file, ledger_paths, target_rows
from faiwatch.ledger.city.rollup import with_unique_ids
from faiwatch.ledger.files import demo_ledgers
from faiwatch.ledger.load import load_ledger
from faiwatch.view.sheets.data_sheets import data_workbook
from faiwatch.view.tables.city import rank_table

CITY, MONTH = "430500", "2025-09"
DISTRICTS = inside(CITY)
TODAY = datetime.date(2025, 10, 30)


@pytest.fixture(scope="module")
def raw(project):
    """Published growth by code and month, straight from the file."""
    with (project / "data/official/cities.csv").open(encoding="utf-8") as file:
        return {
            (row["region_code"], row["period"]): float(row["ytd_yoy_pct"])
            for row in csv.DictReader(file)
            if row["indicator"] == "total" and row["ytd_yoy_pct"]
        }


@pytest.fixture(scope="module")
def shaoyang():
    return fw.city("邵阳市", as_of=MONTH, targets={"大祥区": 5.0, "北塔区": 4.0}, lang="zh")


@pytest.fixture(scope="module")
def demo():
    targets = {"990101": 3.0, "990102": 5.0, "990103": 4.0}
    return fw.city("演示市", data="demo-city", ledgers="demo", targets=targets, lang="en")


def before(month):
    year, number = int(month[:4]), int(month[5:])
    return f"{year - 1}-12" if number == 2 else f"{year}-{number - 1:02d}"


def spell(raw, code, month):
    """Return releases and months of the negative spell at a month."""
    releases = months = 0
    while raw.get((code, month), 0.0) < 0:
        releases, months = releases + 1, months + (2 if month.endswith("-02") else 1)
        month = before(month)
    return releases, months


def last_of_all(raw, code, month):
    """Return releases and months for which a district had the lowest growth."""
    releases = months = 0
    while True:
        known = [raw[one, month] for one in DISTRICTS if (one, month) in raw]
        if (code, month) not in raw or raw[code, month] > min(known):
            return releases, months
        releases, months = releases + 1, months + (2 if month.endswith("-02") else 1)
        month = before(month)


def test_the_rank_table_by_plain_loops(raw, shaoyang):
    now = {code: raw[code, MONTH] for code in DISTRICTS}
    then = {code: raw[code, "2025-08"] for code in DISTRICTS}
    assert list(shaoyang.table["region_code"]) == sorted(now, key=lambda code: -now[code])
    for row in shaoyang.table.itertuples():
        code = row.region_code
        assert row.ytd_yoy_pct == now[code]
        assert row.rank == 1 + sum(other > now[code] for other in now.values())
        assert row.rank_before == 1 + sum(other > then[code] for other in then.values())
        assert row.change_pp == pytest.approx(now[code] - then[code])
        assert row.city_gap_pp == pytest.approx(now[code] - raw[CITY, MONTH])
        assert (row.n_releases_ytd, row.n_months_ytd) == spell(raw, code, MONTH)
        assert (row.last_releases, row.last_months) == last_of_all(raw, code, MONTH)
        ahead = now[code] >= raw[CITY, MONTH]
        sign = "falling" if now[code] < 0 else "rising"
        assert row.place == f"{sign}_{'ahead' if ahead else 'behind'}"


def test_gaps_to_targets_are_of_those_that_have_one(raw, shaoyang):
    table = shaoyang.table.set_index("region_code")
    assert table.loc["430503", "target_gap_pp"] == pytest.approx(raw["430503", MONTH] - 5.0)
    assert table["target_gap_pp"].notna().sum() == 2
    # the rule book cannot say green or yellow without a target; red it can
    assert set(table.loc[table["ytd_yoy_pct"] < 0, "light"]) == {"red"}
    assert set(table.loc[table["ytd_yoy_pct"] >= 0, "light"]) == {"missing"}


def test_who_turned_and_the_counts_of_the_verdict(raw, shaoyang):
    fell = {c for c in DISTRICTS if raw[c, MONTH] < 0 <= raw[c, "2025-08"]}
    rose = {c for c in DISTRICTS if raw[c, MONTH] >= 0 > raw[c, "2025-08"]}
    turned = shaoyang.facts.turned
    assert set(turned.loc[turned["direction"] == "turned_negative", "region_code"]) == fell
    assert set(turned.loc[turned["direction"] == "turned_positive", "region_code"]) == rose
    found = shaoyang.findings
    negative = sum(raw[code, MONTH] < 0 for code in DISTRICTS)
    assert (found["n_negative"].value, found["n_turned_negative"].value) == (negative, len(fell))
    assert f"12个县市区中{negative}个负增长" in shaoyang.verdict.zh
    assert found["city_growth"].value == raw[CITY, MONTH]


def test_the_example_rules_by_plain_loops(raw, shaoyang):
    expected = {}
    for code in DISTRICTS:
        growth, gap = raw[code, MONTH], round(raw[code, MONTH] - raw[CITY, MONTH], 9)
        releases, _ = spell(raw, code, MONTH)
        _, last = last_of_all(raw, code, MONTH)
        target = {"430503": 5.0, "430511": 4.0}.get(code, math.nan)
        if releases >= 6 and gap <= -10:
            expected[code] = "supervise"
        elif releases >= 3 or last >= 3 or (growth < 0 and gap <= -10):
            expected[code] = "interview"
        elif releases >= 1 or gap <= -5 or growth - target <= -5:
            expected[code] = "remind"
    found = shaoyang.summons.set_index("region_code")["level"].to_dict()
    assert found == expected
    assert list(shaoyang.summons["level"]) == sorted(
        shaoyang.summons["level"], key=["supervise", "interview", "remind"].index
    )


def test_without_levels_sizes_and_contributions_are_absent_and_it_is_said():
    page = fw.open_page("09_city", {"as_of": MONTH, "lang": "en"})
    assert not page.city.facts.has_levels
    assert page.plot.contributions().is_without_data
    shown = page.ranking().where_known()
    assert "weight_pct" not in shown.columns
    assert "plan_done" not in shown.columns
    assert "target_gap_pp" not in shown.columns
    assert "publish no levels" in page.ranking().note.en
    assert page.tables["standing"].shape[0] == 12


def test_a_made_up_city_with_levels_adds_up(demo, project):
    values = {}
    for name in ("district", "city"):
        with (project / f"data/demo/{name}.csv").open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                if row["indicator"] == "total" and row["period"] == "2026-08":
                    level, growth = float(row["ytd_value_100m"]), float(row["ytd_yoy_pct"])
                    values[row["region_code"]] = (level, level / (1 + growth / 100))
    districts = [code for code in values if code != "990100"]
    bases = sum(values[code][1] for code in districts)
    for row in demo.table.itertuples():
        level, base = values[row.region_code]
        assert row.weight_pct == pytest.approx(100 * base / bases)
        assert row.contribution_pp == pytest.approx(100 * (level - base) / bases)
    total = 100 * (sum(values[code][0] for code in districts) / bases - 1)
    assert demo.table["contribution_pp"].sum() == pytest.approx(total)
    assert total == pytest.approx(values["990100"][0] / values["990100"][1] * 100 - 100, abs=0.1)
    assert values["990100"][0] == pytest.approx(sum(values[code][0] for code in districts))
    assert list(demo.table["light"]) == ["green", "yellow", "red"]


def test_ledgers_rolled_up_by_plain_loops(demo):
    month, end = pd.Period("2026-08", "M"), pd.Timestamp("2026-08-31")
    plan = done = overdue = projects = 0.0
    for path in demo_ledgers().values():
        tables = load_ledger(str(path))
        seen = set()
        asked = ["asof", "project_code", "annual_plan", "ytd_done"]
        for row in tables["projects"][asked].itertuples():
            if row.asof != month or row.project_code in seen:
                continue
            seen.add(row.project_code)
            projects += 1
            if not math.isnan(row.annual_plan) and not math.isnan(row.ytd_done):
                plan, done = plan + row.annual_plan, done + row.ytd_done
        issues = tables["issues"]
        latest = issues["asof"].max()
        ids = set()
        for row in issues.itertuples():
            if row.asof != latest or row.issue_id in ids or row.opened > end:
                continue
            ids.add(row.issue_id)
            still_open = pd.isna(row.closed) or row.closed > end
            overdue += still_open and not pd.isna(row.due) and row.due < end
    assert demo.rollup.study.totals.n == projects
    assert demo.table["n_issues_overdue"].sum() == overdue
    assert demo.findings["ledger_progress"].value == pytest.approx(100 * done / plan, abs=0.3)
    each = [one.findings["lagging"].value for one in demo.rollup.ledgers]
    assert demo.findings["ledger_lagging"].value == sum(each)


def test_ids_of_two_districts_never_meet(demo):
    codes = demo.rollup.tables["projects"]
    assert set(codes["project_code"].str[:7]) == {"990101:", "990102:", "990103:"}
    issues = demo.rollup.tables["issues"]
    assert issues["project_code"].isin(codes["project_code"]).all()
    two = {"projects": pd.DataFrame({"project_code": ["1"], "name": ["甲"]})}
    assert with_unique_ids(two, "1" * 6)["projects"]["project_code"].to_list() == ["111111:1"]


def test_a_folder_of_files_is_read_whole_and_the_name_says_whose(tmp_path):
    rows = "2025-02,1.0\n2025-03,-2.5\n"
    for name in ("大祥区", "430511 9月"):
        (tmp_path / f"{name}.csv").write_text(f"月份,固定资产投资累计增速%\n{rows}", "utf-8")
    figures = city_figures(tmp_path).newest()
    assert set(figures["region_code"]) == {"430503", "430511"}
    found = fw.city("430500", data=tmp_path, lang="en")
    assert (found.month, list(found.table["ytd_yoy_pct"])) == ("2025-03", [-2.5, -2.5])
    assert found.findings["city_growth"].state == "missing"
    assert "2 of 2 districts negative" in found.verdict.en
    assert found.table["city_gap_pp"].isna().all()


def test_a_figure_in_two_files_is_refused(tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.csv").write_text(
            "region_code,indicator,period,ytd_yoy_pct\n430503,total,2025-02,1.0\n", "utf-8"
        )
    with pytest.raises(DataInvalidError, match="430503"):
        city_figures(tmp_path)


def test_a_district_without_the_months_figure_has_no_rank(tmp_path):
    path = tmp_path / "own.csv"
    lines = ["region_code,indicator,period,ytd_yoy_pct"]
    lines += [f"{code},total,2025-02,{growth}" for code, growth in (("430500", 1), ("430503", 2))]
    lines += ["430511,total,2025-02,-3", "430500,total,2025-03,1.5", "430503,total,2025-03,-1"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = fw.city("430500", data=path, lang="zh")
    table = found.table.set_index("region_code")
    assert list(table.index) == ["430503", "430511"]
    assert math.isnan(table.loc["430511", "rank"])
    assert math.isnan(table.loc["430511", "n_months_ytd"])
    assert "2个县市区中1个负增长（1个缺数）" in found.verdict.zh


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("地区,目标增速\n大祥区,5\n大祥区,4\n", ":3"),
        ("地区,目标增速\n无名区,5\n", ":2"),
        ("地区,目标增速\n大祥区,高\n", ":2"),
        ("县,数\n大祥区,5\n", ":1"),
    ],
)
def test_targets_are_refused_with_their_line(tmp_path, content, said):
    path = tmp_path / "targets.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataInvalidError, match=said):
        target_rows(path)


def test_targets_of_a_file(tmp_path):
    path = tmp_path / "targets.csv"
    path.write_text("县市区,年度目标\n大祥区,5%\n北塔区,\n430502,4.5\n", encoding="utf-8")
    assert target_rows(path) == {("430503", 12): 5.0, ("430502", 12): 4.5}


def test_a_ledger_of_nobody_or_of_another_city_is_refused(tmp_path):
    (tmp_path / "台账.xlsx").write_bytes(b"")
    with pytest.raises(DataInvalidError, match="台账"):
        ledger_paths(tmp_path)
    assert district_of_file(tmp_path / "台账.xlsx") is None
    with pytest.raises(ParameterError, match="ledgers"):
        fw.city("430500", ledgers={"990101": demo_ledgers()["990101"]})
    with pytest.raises(DataMissingError):
        ledger_paths({}.get("x", tmp_path / "none"))


def test_rules_and_districts_that_are_not_there_are_refused():
    with pytest.raises(ParameterError, match="tianjin_growth"):
        fw.city("430500", rules="ouhai")
    with pytest.raises(ParameterError, match="430599"):
        fw.city("430500", districts=["430599"])
    with pytest.raises(ParameterError):
        fw.city("610000")


def test_notices_are_drafted_once_and_followed(tmp_path, shaoyang):
    inputs = shaoyang.inputs.__class__(**{**vars_of(shaoyang.inputs), "day": TODAY})
    city = shaoyang.__class__(shaoyang.region, "zh", shaoyang.known, shaoyang.facts, inputs)
    written = write_drafts(city, tmp_path, lang="zh")
    assert len(written) == 1 + len(city.summons)
    assert written[0].name == "notices.csv"
    first = read_notices(tmp_path, today=TODAY)
    assert set(first["state"]) == {"draft"}
    days = {"remind": 15, "interview": 10, "supervise": 5}
    for row in first.itertuples():
        assert row.due == pd.Timestamp(TODAY) + pd.Timedelta(days=days[row.level])

    # the office sends three of them, one is answered, one closed
    table = pd.read_csv(tmp_path / "notices.csv", dtype=str, keep_default_na=False)
    table.loc[:2, "issued"] = "2025-10-30"
    table.loc[1, "answered"] = "2025-11-02"
    table.loc[2, ["answered", "closed"]] = ["2025-11-02", "2025-12-01"]
    table.to_csv(tmp_path / "notices.csv", index=False)
    later = read_notices(tmp_path, today=datetime.date(2025, 12, 31))
    assert list(later["state"][:4]) == ["overdue", "answered", "closed", "draft"]
    again = fw.city("430500", as_of=MONTH, notices=tmp_path / "notices.csv", lang="zh")
    assert again.findings["n_notices_overdue"].value == 1
    late = again.table.set_index("region_code")["n_notices_overdue"]
    assert late[table.loc[0, "region_code"]] == 1
    assert (
        "unanswered"
        in again.summons.set_index("region_code").loc[table.loc[0, "region_code"], "rules"]
    )
    kept = (tmp_path / "notices.csv").read_bytes()
    assert len(write_drafts(again, tmp_path, lang="zh")) == 1  # no notice twice
    told = pd.read_csv(tmp_path / "notices.csv", dtype=str, keep_default_na=False)
    pd.testing.assert_frame_equal(told, table)
    assert kept


def vars_of(inputs):
    return {name: getattr(inputs, name) for name in inputs.__dataclass_fields__}


def test_a_draft_says_what_its_rows_say_and_leaves_blanks(tmp_path, shaoyang):
    for lang, words in (
        ("zh", ("同比下降22.4%", "第11位", "9个月（8次发布）", "待补", "回执")),
        ("en", ("fell 22.4%", "rank 11 of the 12", "not available", "Reply")),
    ):
        written = write_drafts(shaoyang, tmp_path / lang, lang=lang)
        [path] = [one for one in written if "Daxiang" in one.name or "大祥" in one.name]
        document = docx.Document(str(path))
        text = "\n".join(one.text for one in document.paragraphs)
        for word in words:
            assert word in text
        [form] = document.tables
        assert len(form.rows) == 1 + len(
            shaoyang.summons.set_index("region_code").loc["430503", "reason_zh"].split("；")
        )
        # the form has a page of its own, and room to write in
        assert all(row.height.mm >= 20 for row in form.rows[1:])
        told = [(one.style.name, one.paragraph_format) for one in document.paragraphs]
        at = [name for name, _ in told].index("Attached")
        assert told[at][1].page_break_before
        assert told[at - 1][0] == "Signed"
        assert told[at - 1][1].keep_with_next is False
        blank = words[3] if lang == "zh" else words[2]
        runs = [run for one in document.paragraphs for run in one.runs if run.text == blank]
        assert len(runs) >= 3
        assert all(run.font.highlight_color is not None for run in runs)


def test_the_answer_of_the_verb_is_json(shaoyang):
    told = json.loads(json.dumps(city_answer(shaoyang), allow_nan=False))
    assert complaints(told, "city") == []
    assert told["month"] == MONTH
    assert [row["region_code"] for row in told["summons"]][:1] == ["430524"]
    assert told["numbers"]["n_negative"] == 8
    assert "is_made_up" not in told


def test_targets_of_a_month_come_from_the_file_and_from_ledgers(tmp_path, demo):
    path = tmp_path / "targets.csv"
    path.write_text("地区,月份,目标增速\n大祥区,,5\n大祥区,9月,4.5\n北塔区,8,4\n", encoding="utf-8")
    assert target_rows(path) == {("430503", 12): 5.0, ("430503", 9): 4.5, ("430511", 8): 4.0}
    path.write_text("地区,月份,目标增速\n大祥区,13,5\n", encoding="utf-8")
    with pytest.raises(DataInvalidError, match=r"targets\.csv:2"):
        target_rows(path)

    rows = demo.standing.set_index("region_code")
    for code, file in demo_ledgers().items():
        goals = [
            row[4]
            for row in openpyxl.load_workbook(io.BytesIO(file.read_bytes()), read_only=True)[
                "目标分解"
            ].values
            if row[0] in {"演示区", "演示二区", "演示三区"} and row[2:4] == (8, "投资额")
        ]
        assert [rows.loc[code, "month_target_100m"]] == goals
        measured = demo.facts.measured
        of = measured[measured["region_code"].eq(code) & (measured["period"] == demo.facts.month)]
        gap = float(of["ytd_value_100m"].iloc[0]) - goals[0]
        assert rows.loc[code, "month_gap_100m"] == pytest.approx(gap)


def test_the_briefing_of_a_city_by_plain_loops(raw, shaoyang):
    made = city_briefing(shaoyang)
    falling = [code for code in DISTRICTS if raw[code, MONTH] < 0]
    turned = [code for code in falling if raw[code, before(MONTH)] >= 0]
    order = sorted(DISTRICTS, key=lambda code: -raw[code, MONTH])
    goals = {"430503": 5.0, "430511": 4.0}
    expected = {
        "n_districts": 12,
        "n_known": len(DISTRICTS),
        "n_negative": len(falling),
        "n_turned_negative": len(turned),
        "highest": raw[order[0], MONTH],
        "lowest": raw[order[-1], MONTH],
        "city_growth": raw[CITY, MONTH],
        "city_change": raw[CITY, MONTH] - raw[CITY, before(MONTH)],
        "n_with_target": 2,
        "n_below_target": sum(raw[code, MONTH] < goal for code, goal in goals.items()),
    }
    levels = list(shaoyang.summons["level"])
    for level in ("remind", "interview", "supervise"):
        expected[f"n_{level}"] = levels.count(level)
    for id, value in expected.items():
        assert made.findings[id].value == pytest.approx(value), id
        assert made.findings[id].inputs or not value, id
    for lang in ("zh", "en"):
        text = briefing_text(made, lang)
        names = [region_named(code).name.in_language(lang) for code in falling]
        assert all(name in text for name in names)
        ranking, summons = made.document(lang).attachments
        assert len(ranking.table.frame) == 12
        assert len(summons.table.frame) == len(levels)
        assert "week" not in {one.id for one in made.document(lang).sections}
        words = docx.Document(io.BytesIO(word_document(made, lang)))
        assert len(words.tables) == 2
        assert "28.8%" in text


def test_the_briefing_of_a_week_tells_what_happened_since(demo):
    day, since = datetime.date(2026, 8, 31), datetime.date(2026, 8, 24)
    city = replace(demo, inputs=replace(demo.inputs, day=day))
    made = city_briefing(city, since=since)
    closed = late = 0
    ends = {
        "问题清单": "销号日期",
        "任务清单": "完成日期",
        "会议纪要": "完成日期",
        "督导通知": "销号日期",
    }
    for file in demo_ledgers().values():
        book = openpyxl.load_workbook(io.BytesIO(file.read_bytes()), read_only=True)
        for sheet, end in ends.items():
            header, *rows = list(book[sheet].values)[2:]
            for row in (dict(zip(header, one, strict=True)) for one in rows if one[1]):
                done = row[end].date() if row[end] else datetime.date.max
                due = row["完成时限"].date() if row["完成时限"] else datetime.date.max
                closed += since < done <= day
                late += since <= due < day < done
    assert made.findings["n_week_closed"].value == closed
    assert made.findings["n_week_overdue"].value == late
    assert "Since 24 August" in briefing_text(made, "en")
    assert made.findings["n_sent"].is_open  # no list of notices was given


def test_an_office_edits_the_words_of_the_citys_briefing(tmp_path, shaoyang):
    mine = tmp_path / "mine.txt"
    mine.write_text("# 通报\n[a] 全市{{ city_growth.phrase }}。\n", encoding="utf-8")
    made = city_briefing(shaoyang, template=mine)
    assert briefing_text(made, "zh").splitlines()[:3] == [
        "通报",
        "",
        "\u3000\u3000全市同比下降9.9%。",
    ]
    files = [tmp_path / f"b{ending}" for ending in (".docx", ".txt", ".json", ".html")]
    written = write_briefing(shaoyang, files)
    assert [one.name for one in written][:2] == ["b.docx", "b.provenance.docx"]
    assert all(one.is_file() for one in written)
    assert json.loads(files[2].read_text("utf-8"))["attachments"][0]["id"] == "ranking"


def test_no_word_document_is_made_that_nobody_asked_for(tmp_path, shaoyang, monkeypatch):
    for made in ("word_document", "provenance_document"):
        monkeypatch.setattr(
            f"faiwatch.briefing.word.{made}", lambda *_, **__: pytest.fail("made in vain")
        )
    written = write_briefing(shaoyang, [tmp_path / "b.txt", tmp_path / "b.json"])
    assert [one.name for one in written] == ["b.txt", "b.json"]


def test_a_workbook_of_the_rank_holds_lights_in_words(demo):
    ranking = rank_table(demo.standing_in_words, lang="en", note=Text("", ""))
    made = datetime.datetime(2026, 9, 16, tzinfo=datetime.UTC)
    book = data_workbook([ranking], lang="en", mark=Text("", ""), made=made)
    cells = [cell for row in openpyxl.load_workbook(io.BytesIO(book)).active.values for cell in row]
    assert {"red", "green"} <= {str(cell) for cell in cells}


@pytest.mark.parametrize(
    ("lang", "words"), [("zh", "● 绿灯 ▲ 黄灯 ■ 红灯"), ("en", "● green ▲ yellow ■ red")]
)
def test_a_light_of_the_rank_stands_with_its_sign(demo, lang, words):
    ranking = rank_table(demo.standing_in_words, lang=lang, note=Text("", ""))
    assert " ".join(ranking.words["light"]) == words


def test_prefectures_are_a_second_panel_as_of_their_own_last_month():
    panel = fw.panel(inside("430000"), as_of="2023-02", lang="en")
    assert panel.as_of == "2023-02"
    assert len(panel.wide().columns) == 14
    page = fw.open_page("09_city", {"region": "430000", "as_of": "2023-02", "lang": "en"})
    assert page.city.facts.known.shape[0] == 14
    assert not math.isnan(page.city.facts.city_growth_pct)


def test_pages_of_a_closed_collection_say_so_and_are_not_late():
    for notebook in ("02_monitor", "09_city"):
        page = fw.open_page(notebook, {"region": CITY, "as_of": MONTH, "lang": "zh"})
        shown = "".join(str(one) for one in page.verdict().outputs())
        assert "数据到此为止" in shown
        assert "未到所要求的月份" not in shown
    assert not data_source("embedded").ends_with("430000")


def test_growth_of_single_months_is_there_when_a_base_is_lent():
    plain = fw.city("430500", as_of=MONTH).table
    lent = fw.city("430500", as_of=MONTH, base_shares="nation").table
    assert plain["n_months_block"].isna().all()
    assert lent["n_months_block"].notna().any()
