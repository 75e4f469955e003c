"""Time every table of the page of projects on a made-up ledger of 5,000 projects and 36 sheets.

Run it with `python benchmarks/ledger.py`. How to read it: benchmarks/README.md.
"""

import os
import platform
from time import perf_counter, process_time

import numpy as np
import pandas as pd

from faiwatch.data.ledger_schema import ledger_frame
from faiwatch.data.light_rules import presets
from faiwatch.ledger.agenda import agenda, stopped_list, visit_list
from faiwatch.ledger.attribution import attribution
from faiwatch.ledger.compare import compare_sheets
from faiwatch.ledger.contracts import contract_funnel
from faiwatch.ledger.funding import (
    bond_use,
    element_matrix,
    element_rates,
    funds_in_place,
    local_match,
)
from faiwatch.ledger.light_board import light_board
from faiwatch.ledger.light_measures import region_measures
from faiwatch.ledger.pipeline import conversion, pipeline
from faiwatch.ledger.progress import lag_list, progress_table
from faiwatch.ledger.readiness import delivery
from faiwatch.ledger.reconcile import reconcile
from faiwatch.ledger.register import (
    issue_figures,
    issue_register,
    task_figures,
    task_list,
)
from faiwatch.ledger.scorecards import scorecard
from faiwatch.ledger.standing import Standings, standing
from faiwatch.ledger.starts import start_rates

N_PROJECTS, N_MONTHS, N_ISSUES = 5000, 36, 4000
AS_OF = pd.Period("2026-08", "M")
WANTED = 3.0  # seconds, together


def made_up(seed=20260831):
    """Return the tables of a ledger without meaning: only its size is right."""
    rng = np.random.default_rng(seed)
    months = pd.period_range(end=AS_OF, periods=N_MONTHS + 4, freq="M")
    months = months[months.month != 1][-N_MONTHS:]
    n = N_PROJECTS * len(months)
    each, month = np.tile(np.arange(N_PROJECTS), len(months)), months.repeat(N_PROJECTS)
    start = pd.Timestamp("2023-01-31") + pd.to_timedelta(rng.integers(0, 1500, N_PROJECTS), "D")
    finish = start + pd.to_timedelta(rng.integers(200, 1500, N_PROJECTS), "D")
    slip = pd.to_timedelta(rng.integers(0, 400, N_PROJECTS), "D")
    plan = rng.integers(500, 90_000, N_PROJECTS).astype("float64")
    done = rng.uniform(0, 0.15, n) * plan[each] * (rng.random(n) > 0.1)
    codes = np.array([f"2023-{610000 + one % 90:06d}-47-01-{one:06d}" for one in range(N_PROJECTS)])
    has_begun = start[each].to_period("M") <= month
    words = {
        "category": ["工业", "交通", "水利", "棚改"],
        "level": ["provincial", "city", "district"],
        "unit": [f"单位{one}" for one in range(40)],
        "lead": [f"领导{one}" for one in range(25)],
        "nature": ["new", "ongoing", "completed"],
        "land_status": ["done", "pending", "not_needed", ""],
        "env_status": ["done", "pending"],
    }
    chosen = {name: rng.choice(some, N_PROJECTS)[each] for name, some in words.items()}
    projects = pd.DataFrame(chosen).assign(
        asof=month,
        project_code=codes[each],
        name=np.char.add("项目", each.astype(str)),
        owner=np.char.add("公司", (each % 900).astype(str)),
        status=np.where(rng.random(n) < 0.02, "slow", ""),
        original_start=start[each],
        planned_start=start[each],
        actual_start=pd.Series(start[each]).where(has_begun),
        original_finish=finish[each],
        planned_finish=(finish + slip)[each],
        stop_date=pd.Series(start[each] + pd.Timedelta("300D")).where(each % 50 == 0),
        total_investment=3 * plan[each],
        annual_plan=plan[each],
        month_done=done.round(),
        ytd_done=(done * month.month).round(),
        cum_done_total=(2 * done * month.month).round(),
        funds_plan=plan[each],
        funds_arrived=plan[each] * rng.uniform(0, 1, n),
        in_stat_library=rng.random(n) > 0.2,
        stat_ytd_reported=(done * month.month * 0.9).round(),
    )
    about, day = rng.integers(0, N_PROJECTS, N_ISSUES), pd.Timestamp("2026-01-01")
    opened = day + pd.to_timedelta(rng.integers(0, 240, N_ISSUES), "D")
    issues = pd.DataFrame(
        {
            "issue_id": [f"W{one}" for one in range(N_ISSUES)],
            "project_code": codes[about],
            "class": rng.choice(["slow", "stopped", "not_started_due"], N_ISSUES),
            "cause": rng.choice(["land", "funds", "approval", "clearance"], N_ISSUES),
            "opened": opened,
            "due": opened + pd.Timedelta("60D"),
            "closed": pd.Series(opened + pd.Timedelta("90D")).where(about % 3 == 0),
        }
    )
    tasks = issues.rename(columns={"issue_id": "id", "closed": "done"}).assign(
        parent=issues["issue_id"], title="落实"
    )
    bonds = pd.DataFrame(
        {
            "project_code": codes[:800],
            "batch": "一",
            "issued": opened[:800],
            "amount": plan[:800],
            "paid": plan[:800] * rng.uniform(0, 1, 800),
        }
    )
    contracts = pd.DataFrame(
        {"id": codes[:1500], "name": codes[:1500], "signed": opened[:1500], "amount": plan[:1500]}
    )
    tables = {
        "projects": projects,
        "issues": issues,
        "tasks": tasks,
        "bonds": bonds,
        "contracts": contracts,
    }
    return {name: ledger_frame(name, frame) for name, frame in tables.items()}


def page(tables):
    """Yield the name of each part of the page and what computes it."""
    projects, issues = tables["projects"], tables["issues"]
    made = {}

    def keep(name, value):
        made[name] = value
        return value

    before = AS_OF - 3
    yield "standing", lambda: keep("now", standing(projects, issues, as_of=AS_OF))
    yield "standing, 3 months before", lambda: keep("then", standing(projects, as_of=before))
    yield "progress", lambda: progress_table(made["now"], ["level"], before=made["then"])
    yield "lag list", lambda: lag_list(made["now"])
    yield "starts", lambda: start_rates(made["now"], as_of=AS_OF)
    yield (
        "stages, conversion",
        lambda: (pipeline(made["now"]), conversion(made["now"], made["then"])),
    )
    yield "register", lambda: keep("register", issue_register(issues, as_of=AS_OF))
    yield "issues in numbers", lambda: issue_figures(made["register"])
    yield "tasks", lambda: keep("tasks", task_list(tables["tasks"], issues, as_of=AS_OF))
    yield (
        "scorecards",
        lambda: (
            [scorecard(made["now"], by, tasks=made["tasks"]) for by in ("unit", "lead")]
            + [task_figures(made["tasks"])]
        ),
    )
    yield (
        "lights",
        lambda: light_board(
            tables,
            list(presets().values()),
            Standings(projects, issues),
            as_of=AS_OF,
            region=region_measures(
                ledger_frame("targets", pd.DataFrame()),
                as_of=AS_OF,
                growth_pct=-5.0,
                average_pct=0.0,
            ),
        ),
    )
    yield (
        "agenda of a month",
        lambda: agenda(tables, since=pd.Timestamp("2026-07-31"), until=pd.Timestamp("2026-08-31")),
    )
    yield (
        "visits, stopped",
        lambda: (
            visit_list(made["now"]),
            stopped_list(made["now"], projects, as_of=AS_OF),
        ),
    )
    yield (
        "comparison of two sheets",
        lambda: compare_sheets(projects, as_of=AS_OF, against=AS_OF - 1),
    )
    yield (
        "funds, match, elements",
        lambda: (
            funds_in_place(projects, as_of=AS_OF),
            local_match(projects, as_of=AS_OF),
            element_rates(element_matrix(projects, as_of=AS_OF)),
        ),
    )
    yield (
        "bonds, contracts",
        lambda: (
            bond_use(tables["bonds"], as_of=AS_OF),
            contract_funnel(tables["contracts"], as_of=AS_OF),
        ),
    )
    yield "reconciliation", lambda: reconcile(projects, issues, as_of=AS_OF, ytd_value_100m=9000.0)
    yield (
        "attribution",
        lambda: attribution(projects, as_of=AS_OF, ytd_value_100m=9000.0, ytd_yoy_pct=-5.0),
    )
    yield "turn-positive workload", lambda: delivery(projects, as_of=AS_OF, required_10k=1e7)


def main():
    print(
        f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, pandas {pd.__version__}, numpy {np.__version__}"
    )
    tables = made_up()
    print(f"{N_PROJECTS:,} projects x {N_MONTHS} sheets, {len(tables['projects']):,} rows")
    names = [name for name, _ in page(tables)]
    wall, busy = (dict.fromkeys(names, float("inf")) for _ in range(2))
    for _ in range(3):  # the best of three: the others waited for the machine
        for name, work in page(tables):
            start, worked = perf_counter(), process_time()
            work()
            wall[name] = min(wall[name], perf_counter() - start)
            busy[name] = min(busy[name], process_time() - worked)
    for name in names:
        print(f"  {name:<28} {wall[name]:6.3f} s, of which at work {busy[name]:6.3f} s")
    together = sum(wall.values()), sum(busy.values())
    print(f"  {'together':<28} {together[0]:6.3f} s, of which at work {together[1]:6.3f} s")
    print(f"wanted: below {WANTED:.0f} s of work")
    return together[1] < WANTED


if __name__ == "__main__":
    raise SystemExit(not main())
