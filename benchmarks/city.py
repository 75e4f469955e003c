"""Time a city over its districts at sizes that no city has: 3,000 counties, and 100 ledgers.

Run it with `python benchmarks/city.py`. Figures: 3,000 made-up counties and their city, 15 years of
published growth each, measured, flagged, ranked and held against the summons rules. Ledgers: 100 of
1,000 projects, each judged, and all together as one. How to read it: benchmarks/README.md.
"""

import argparse
import platform
import resource
from time import perf_counter, process_time

import ledger as made_up_ledger
import numpy as np
import pandas as pd

from faiwatch.core.text import Text
from faiwatch.data.notices import read_notices
from faiwatch.data.summons_rules import summons_rules
from faiwatch.ledger.city.findings import city_findings
from faiwatch.ledger.city.rollup import roll_up
from faiwatch.stats.city import CityFacts
from faiwatch.stats.growth import measures
from faiwatch.stats.summons import summoned

CITY, MONTH = "100000", pd.Period("2026-08", "M")


def codes(count):
    """Return so many six-digit codes."""
    return [f"{200000 + at}" for at in range(count)]


def figures(districts, years, seed=20260831):
    """Return growth without meaning of a city and its districts: only its size is right."""
    rng = np.random.default_rng(seed)
    months = pd.period_range(end=MONTH, periods=12 * years, freq="M")
    months = months[months.month != 1]
    regions = [CITY, *districts]
    growth = rng.normal(3, 8, (len(regions), len(months))).cumsum(axis=1) / 10
    return pd.DataFrame(
        {
            "region_code": np.repeat(regions, len(months)),
            "indicator": "total",
            "period": pd.PeriodIndex(np.tile(months, len(regions))),
            "ytd_value_100m": np.nan,
            "ytd_yoy_pct": growth.round(1).ravel(),
        }
    )


def timed(name, work):
    """Do something and print its seconds, and the most memory of the process so far."""
    clock, cpu = perf_counter(), process_time()
    found = work()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{name:42} {perf_counter() - clock:7.2f} s  {process_time() - cpu:7.2f} s of work"
        f"  {memory:6.0f} MB",
        flush=True,
    )
    return found


def main():
    """Run both parts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counties", type=int, default=3000)
    parser.add_argument("--years", type=int, default=15)
    parser.add_argument("--ledgers", type=int, default=100)
    parser.add_argument("--projects", type=int, default=1000)
    asked = parser.parse_args()
    print(f"{platform.machine()}, Python {platform.python_version()}, pandas {pd.__version__}")

    districts = codes(asked.counties)
    table = timed("figures made up", lambda: figures(districts, asked.years))
    measured = timed("measured", lambda: measures(table))
    facts = CityFacts(CITY, tuple(districts), MONTH, measured)
    timed("flags and spells", lambda: (facts.flagged, facts.runs))
    timed("ranked", lambda: facts.standing)
    told = facts.standing.rename(
        columns={"n_releases_ytd": "n_releases", "n_months_ytd": "n_months"}
    )
    found = timed("held against the summons rules", lambda: summoned(told, summons_rules()))
    notices = read_notices(None, today=pd.Timestamp("2026-09-20").date())
    timed("findings", lambda: city_findings(facts, found, notices, None, name=Text("全市", "city")))

    made_up_ledger.N_PROJECTS, made_up_ledger.N_MONTHS = asked.projects, 2
    made_up_ledger.N_ISSUES = asked.projects
    many = codes(asked.ledgers)
    tables = timed(
        "ledgers made up",
        lambda: {code: made_up_ledger.made_up(seed=int(code)) for code in many},
    )
    rolled = timed(
        "each judged",
        lambda: roll_up(tables, tuple(many), {}, month=MONTH, city_growth_pct=-1.0),
    )
    timed("all together judged", lambda: rolled.findings)
    timed("table of districts", lambda: rolled.table)
    print(f"{rolled.study.totals.n:,} projects, {rolled.study.totals.n_lagging:,} lag")


if __name__ == "__main__":
    main()
