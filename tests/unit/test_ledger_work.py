"""The register of work: each figure counted again by plain loops over the rows."""

import datetime
import math

import pandas as pd
import pytest
from register_ledger import (
    AUGUST,
    CODES,
    CONTRACTS,
    ISSUES,
    LEADS,
    MEASURES,
    MINUTES,
    NOTICES,
    PARKS,
    PROJECTS,
    RESERVE,
    TASKS,
    register_tables,
)

from faiwatch.core.text import Text
from faiwatch.ledger.road_map import by_month, road_map
from faiwatch.ledger.standing import standing
from faiwatch.ledger.work import study_work
from faiwatch.ledger.work_list import ladder, step_words, work_list

END = datetime.date(2026, 8, 31)


@pytest.fixture(scope="module")
def work():
    tables = register_tables()
    now, before = (
        standing(tables["projects"], tables["issues"], as_of=month)
        for month in (AUGUST, AUGUST - 1)
    )
    meeting = pd.Timestamp("2026-08-10")
    return study_work(tables, now, before, as_of=AUGUST, meeting=meeting)


def day(words):
    return datetime.date.fromisoformat(words) if words else None


def known(words):
    """A day that is not after the month."""
    found = day(words)
    return found if found and found <= END else None


def expected_items():
    """Every item as (item, id, words, unit, opened, due, done), from the raw rows."""
    for row in ISSUES:
        days = row["opened"], row.get("due"), row.get("closed")
        yield ("issue", row["issue_id"], row["action"], row["owner_unit"], *days)
    for row in TASKS:
        yield ("task", row["id"], row["title"], row["owner"], None, row["due"], None)
    for row in MINUTES:
        days = row["date"], row.get("due"), row.get("done")
        yield ("decision", row["id"], row["decision"], row["unit"], *days)
    for row in NOTICES:
        below = row["direction"] == "to_below"
        unit = row["owner_unit"] or (row["receiver"] if below else "")
        days = row["date"], row.get("due"), row.get("closed")
        yield ("notice", row["id"], row["problem"], unit, *days)


def test_the_list_of_work_holds_every_item_with_its_days(work):
    expected = {}
    for item, id, words, unit, opened, due, done in expected_items():
        opened, due, done = day(opened), day(due), known(done)
        age = ((done or END) - opened).days if opened else None
        late = 0 if done else (max(0, (END - due).days) if due else None)
        expected[item, id, words] = (unit, done is not None, age, late)
    rows = work.items.astype("object").where(work.items.notna(), None)
    found = {
        (row["item"], row["id"], row["title"]): (
            row["owner"],
            row["is_done"],
            row["age_days"],
            row["overdue_days"],
        )
        for row in rows.to_dict("records")
    }
    assert found == expected
    assert work.items["is_done"].is_monotonic_increasing  # open first


@pytest.mark.parametrize(
    ("id", "step"),
    [
        ("议-2", "remind"),  # ten days overdue
        ("议-3", "name_unit"),
        ("议-4", "set_due"),
        ("议-1", ""),
        ("任-1", "letter"),  # 92 days
        ("任-2", "name_unit"),
        ("问-1", "remind"),  # 30 days: not more than 30
        ("问-2", "add_evidence"),
        ("督-2", "carry_out"),
        ("去-1", "remind"),
        ("去-2", "add_evidence"),
    ],
)
def test_each_item_has_the_step_that_the_rules_ask_for(work, id, step):
    assert work.items.loc[work.items["id"] == id, "step"].to_list() == [step]
    assert step in {"", *step_words()}


def test_the_ladder_is_climbed_at_its_days():
    tables = register_tables()
    steps = {0: "carry_out", 1: "remind", 30: "remind", 31: "interview", 60: "interview"}
    for late, expected in (steps | {61: "letter"}).items():
        due = pd.Timestamp(END) - pd.Timedelta(days=late)
        one = tables["tasks"].head(1).assign(due=due)
        assert work_list({"tasks": one}, as_of=AUGUST)["step"].to_list() == [expected]
    assert [days for days, _ in ladder().values()] == sorted(days for days, _ in ladder().values())


def test_decisions_of_the_last_meeting_are_told_with_their_state(work):
    expected = {}
    for row in MINUTES:
        done, due = known(row.get("done")), day(row.get("due"))
        overdue = bool(due) and not done and due < END
        expected[row["id"]] = "done" if done else "overdue" if overdue else "open"
    assert dict(zip(work.decisions["id"], work.decisions["state"], strict=True)) == expected
    latest = max(row["date"] for row in MINUTES)
    assert work.decided["id"].to_list() == [row["id"] for row in MINUTES if row["date"] == latest]


def test_notices_are_counted_by_direction(work):
    for figures in work.notice_figures.to_dict("records"):
        rows = [row for row in NOTICES if row["direction"] == figures["direction"]]
        closed = [row for row in rows if known(row.get("closed"))]
        is_open = [row for row in rows if not known(row.get("closed"))]
        due = [day(row.get("due")) for row in is_open]
        assert figures["n_notices"] == len({row["id"] for row in rows})
        assert figures["n_problems"] == len(rows)
        assert figures["n_open"] == len(is_open)
        assert figures["n_overdue"] == sum(one is not None and one < END for one in due)
        assert figures["n_without_due"] == due.count(None)
        assert figures["closure_rate_pct"] == 100 * len(closed) / len(rows)
        assert figures["n_without_evidence"] == sum(not row.get("evidence") for row in closed)
    assert work.notice_figures["direction"].to_list() == ["from_above", "to_below"]


def test_leads_find_their_projects_by_code_or_by_a_name_that_one_project_has(work):
    assert work.leads["project_code"].to_list() == [CODES[0], CODES[2], "", ""]
    for figures in work.lead_figures.to_dict("records"):
        rows = [row for row in LEADS if row["official"] == figures["official"]]
        assert (figures["n_projects"], figures["visits"]) == (
            len(rows),
            sum(row["visits"] for row in rows),
        )
        told = [row["solved"] for row in rows if "solved" in row]
        assert figures["solved_n"] == len(told)
        # one of two rows tells nothing: more than 5 % are unknown, and the sum is not available
        assert math.isnan(figures["solved"]) == (len(told) < len(rows))


def test_the_reserve_is_counted_by_stage_and_its_moves_by_month(work):
    now = [row for row in RESERVE if row["asof"] == "2026-08"]
    for row in work.stages.to_dict("records"):
        there = [one for one in now if one["stage"] == row["stage"]]
        amounts = [one["total_investment"] for one in there]
        assert row["n"] == len(there)
        assert row["total_10k"] == sum(filter(None, amounts))
        assert row["n_unknown_total"] == amounts.count(None)
    order = ["idea", "reserve", "preparing", "ready", "started"]
    found = work.conversions.set_index(work.conversions["month"].astype("str")).to_dict("index")
    for before, after in [("2026-06", "2026-07"), ("2026-07", "2026-08")]:
        then, later = (
            {row["id"]: row["stage"] for row in RESERVE if row["asof"] == month}
            for month in (before, after)
        )
        both = {id: (stage, later[id]) for id, stage in then.items() if id in later}
        kept = [pair for pair in both.values() if "dropped" not in pair]
        waiting = [id for id, stage in then.items() if stage not in {"started", "dropped"}]
        started = sum(later.get(id) == "started" for id in waiting)
        moved = [order.index(became) - order.index(was) for was, became in kept]
        one = found[after]
        assert one["n_waiting"] == len(waiting)
        assert one["n_came"] == len(later.keys() - then.keys())
        assert one["n_left"] == len(then.keys() - later.keys())
        assert one["n_moved_on"] == sum(step > 0 for step in moved)
        assert one["n_moved_back"] == sum(step < 0 for step in moved)
        assert one["n_dropped"] == sum(pair[1] == "dropped" for pair in both.values())
        assert (one["n_started"], one["start_pct"]) == (started, 100 * started / len(waiting))


def test_parks_add_up_over_those_that_tell_both_figures(work):
    figures = work.park_figures.set_index("part").to_dict("index")
    for part, plan, done in [
        ("works", "works_plan", "works_done"),
        ("funds", "funds_plan", "funds_arrived"),
    ]:
        rows = [row for row in PARKS if row.get(plan)]
        planned, achieved = (sum(row[name] for row in rows) for name in (plan, done))
        one = figures[part]
        assert (one["n"], one["n_known"]) == (len(rows), len(rows))
        assert (one["planned"], one["done"]) == (planned, achieved)
        assert one["done_pct"] == 100 * achieved / planned
    assert (figures["land"]["n"], figures["land"]["n_known"]) == (2, 1)
    assert math.isnan(figures["land"]["done_pct"])  # half of the parks do not tell


def test_contracts_of_the_year_are_named_with_their_last_step(work):
    of_year = [row["id"] for row in CONTRACTS if row["signed"] >= "2026"]
    assert sorted(work.contracts["id"]) == of_year
    first = work.contracts.iloc[0]
    assert (first["step"], str(first["step_day"].date())) == ("performed", "2026-05-01")
    assert first["arrived_pct"] == 10.0
    assert math.isnan(work.contracts.iloc[1]["arrived_pct"])


def test_local_match_and_cross_county_projects(work):
    lacking = {
        row["project_code"]: max(0.0, row["local_match"] - row["local_match_arrived"])
        if "local_match_arrived" in row
        else None
        for row in PROJECTS
        if "local_match" in row
    }
    rows = work.match.astype("object").where(work.match.notna(), None)
    assert dict(zip(rows["project_code"], rows["lacking_10k"], strict=True)) == lacking
    crossing = [row for row in PROJECTS if row.get("cross_county") == "yes"]
    found = work.cross_county
    assert sorted(found.projects["project_code"]) == [row["project_code"] for row in crossing]
    done, total = (
        sum(row[name] for row in crossing) for name in ("cum_done_total", "total_investment")
    )
    assert found.cum_done_pct == 100 * done / total
    assert (found.n, found.n_completed, found.n_known) == (2, 1, 2)
    assert found.n_untold == sum("cross_county" not in row for row in PROJECTS)


def test_measures_are_counted_by_kind_and_state(work):
    for row in work.measure_counts.to_dict("records"):
        of_kind = [one for one in MEASURES if one["kind"] == row["kind"]]
        assert row["n"] == len(of_kind)
        for state in ("drafting", "in_force", "done", "untold"):
            assert row[state] == sum((one["state"] or "untold") == state for one in of_kind)


def test_the_road_map_tells_month_by_month_what_is_done_late_and_to_come(work):
    expected = {}
    for item, id, words, _, _, due, done in expected_items():
        due, done = day(due), known(done)
        if due and not (done and done < datetime.date(2026, 1, 1)):
            expected[item, id, words] = "done" if done else "late" if due < END else "due"
    for row in PROJECTS:
        over = row.get("nature") == "completed"
        began = "actual_start" in row
        for kind, name, settled in [
            ("start", "planned_start", began),
            ("finish", "planned_finish", over),
        ]:
            due = day(row.get(name))
            actual = day(row.get(name.replace("planned", "actual")))
            if due and not (settled and (actual or due).year < 2026):
                key = kind, row["project_code"], row["name"]
                expected[key] = "done" if settled else "late" if due < END else "due"
    for row in RESERVE:
        if row["asof"] == "2026-08" and row["planned_start"] and row["stage"] != "started":
            expected["reserve_start", row["id"], row["name"]] = "due"
    keys = work.road_map[["kind", "id", "item"]].itertuples(index=False, name=None)
    assert dict(zip(keys, work.road_map["state"], strict=True)) == expected
    for row in work.months.to_dict("records"):
        of_month = work.road_map[work.road_map["month"] == row["month"]]
        assert row["n"] == len(of_month) == row["done"] + row["late"] + row["due"]
    finished = work.road_map[work.road_map["item"] == "演示·河道治理"].iloc[0]
    assert (finished["state"], finished["is_late"], finished["late_days"]) == ("done", True, 20)


def test_every_row_leads_to_the_ledger(work):
    for frame in (work.items, work.notices, work.leads, work.parks, work.road_map, work.decisions):
        assert frame["row"].gt(1).all()
        assert frame["sheet"].ne("").all()


def test_a_ledger_without_these_tables_says_nothing():
    nothing = work_list({}, as_of=AUGUST)
    assert nothing.empty
    assert by_month(road_map({}, AUGUST)).empty
    assert all(isinstance(words, Text) for words in step_words().values())
