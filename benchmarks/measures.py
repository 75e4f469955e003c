"""Time measures, flags and runs against a plain pandas loop of the same arithmetic.

Run it with `make benchmark`. What is compared and how to read it: benchmarks/README.md.
"""

import os
import platform
from time import perf_counter

import numpy as np
import pandas as pd

from faiwatch.stats.growth import measures
from faiwatch.stats.negative import flags, runs

YEARS = range(2011, 2026)
MONTHS = range(2, 13)
KEYS = ["region_code", "indicator"]
GROWTH_HALF, VALUE_HALF = 0.05, 0.5
DEFINITIONS = ["block", "rolling3", "ytd"]


def made_up(n_regions, seed=20260831):
    """Return observations of made-up regions: rounded year-to-date values and growth."""
    rng = np.random.default_rng(seed)
    shape = (n_regions, len(YEARS), len(MONTHS))
    season = np.array([9.0, 8, 8, 9, 12, 8, 8, 8, 8, 8, 14])
    growth = rng.normal(4, 4, (n_regions, len(YEARS), 1)) + rng.normal(0, 5, shape)
    level = (
        rng.uniform(20, 400, (n_regions, 1, 1)) * np.cumprod(1 + growth.mean(2) / 100, 1)[..., None]
    )
    base = level * season / season.sum() * 100
    value = base * (1 + growth / 100)
    ytd_value, ytd_base = value.cumsum(2), base.cumsum(2)
    periods = pd.PeriodIndex([f"{y}-{m:02d}" for y in YEARS for m in MONTHS], freq="M")
    codes = pd.Index([f"{100000 + number}" for number in range(n_regions)])
    return pd.DataFrame(
        {
            "region_code": codes.repeat(len(periods)),
            "indicator": "total",
            "period": np.tile(periods, n_regions),
            "ytd_value_100m": ytd_value.round().ravel(),
            "ytd_yoy_pct": (100 * (ytd_value / ytd_base - 1)).round(1).ravel(),
        }
    )


def ours(table):
    """Do the arithmetic with faiwatch."""
    flagged = flags(
        measures(table, growth_half_width_pct=GROWTH_HALF, value_half_width_100m=VALUE_HALF)
    )
    return flagged, runs(flagged)


def loop(table):
    """Do the same with one pandas pass per region, as an analyst would write it."""
    flagged = table.groupby(KEYS, group_keys=True)[
        ["period", "ytd_value_100m", "ytd_yoy_pct"]
    ].apply(region_flags)
    flagged = flagged.reset_index(KEYS).reset_index(drop=True)
    found = flagged.groupby([*KEYS, "definition"])[["period", "state", "block_months"]].apply(
        region_runs
    )
    return flagged, found


def region_flags(region):
    region = region.sort_values("period").reset_index(drop=True)
    value, growth, month = (
        region["ytd_value_100m"],
        region["ytd_yoy_pct"],
        region["period"].dt.month,
    )
    first = month == 2
    region["base_100m"] = value / (1 + growth / 100)
    region["base_revision_pct"] = 100 * (region["base_100m"] / value.shift(11) - 1)
    region["naive_yoy_pct"] = 100 * (value / value.shift(11) - 1)
    region["two_year_avg_pct"] = 100 * (
        np.sqrt((1 + growth / 100) * (1 + growth.shift(11) / 100)) - 1
    )
    region["block_months"] = np.where(first, 2, 1)
    block = [
        (1, value, growth),
        (-1, value.shift(1).mask(first, 0), growth.shift(1).mask(first, 0)),
    ]
    carried = [
        value.shift(1).where(month == 2, value.shift(2).where(month == 3, 0)),
        growth.shift(1).where(month == 2, growth.shift(2).where(month == 3, 0)),
    ]
    opened = [part.shift(3).mask(month == 4, 0) for part in (value, growth)]
    window = [(1, value, growth), (1, *carried), (-1, *opened)]
    parts = []
    for name, terms in (("block", block), ("rolling3", window), ("ytd", [(1, value, growth)])):
        part = region[["period", "block_months"]].assign(definition=name)
        part["value_pct"], part["lo_pct"], part["hi_pct"] = band(terms)
        if name == "ytd":
            part["value_pct"] = growth
        elif name == "block":
            part["value_pct"] = part["value_pct"].mask(first, growth)
            part["lo_pct"] = part["lo_pct"].mask(first, growth - GROWTH_HALF)
            part["hi_pct"] = part["hi_pct"].mask(first, growth + GROWTH_HALF)
        part["state"] = state(part, published=name == "ytd")
        parts.append(part)
    return pd.concat(parts)


def band(terms):
    middle = growth_of(terms, 0, None)
    return middle, growth_of(terms, -1, middle), growth_of(terms, 1, middle)


def growth_of(terms, side, middle):
    total = base = 0
    for sign, value, growth in terms:
        if side:
            moved = value + side * VALUE_HALF * np.sign(sign * (growth - middle))
            value = moved.where(value != 0, 0)
            growth = growth + side * sign * GROWTH_HALF
        total = total + sign * value
        base = base + sign * value / (1 + growth / 100)
    return 100 * (total / base - 1)


def state(part, *, published):
    value, lo, hi = part["value_pct"], part["lo_pct"], part["hi_pct"]
    if published:
        lo = hi = value
    return np.select(
        [value.isna(), hi < 0, lo >= 0], ["missing", "negative", "non_negative"], "indeterminate"
    )


def region_runs(region):
    negative = region["state"] == "negative"
    run = (negative != negative.shift()).cumsum()[negative]
    return (
        region[negative]
        .groupby(run)
        .agg(
            start=("period", "first"),
            end=("period", "last"),
            n_releases=("period", "size"),
            n_months=("block_months", "sum"),
        )
    )


def best_of(times, work, table):
    """Return the shortest of several times (the others waited for the machine) and the result."""
    seconds = []
    for _ in range(times):
        start = perf_counter()
        result = work(table)
        seconds.append(perf_counter() - start)
    return min(seconds), result


def must_agree(our, their):
    """Stop unless both say the same of every release and every run."""
    keys = [*KEYS, "definition", "period"]
    flagged, other = (
        frame.astype({"definition": "str", "state": "str"}).sort_values(keys, ignore_index=True)
        for frame in (our[0], their[0])
    )
    pd.testing.assert_frame_equal(flagged[[*keys, "state"]], other[[*keys, "state"]])
    for name in ("value_pct", "lo_pct", "hi_pct"):
        both = other["definition"] != "ytd" if name != "value_pct" else slice(None)
        np.testing.assert_allclose(flagged.loc[both, name], other.loc[both, name], atol=1e-6)
    counted = [frame[["n_releases", "n_months"]].sum().tolist() for frame in (our[1], their[1])]
    assert len(our[1]) == len(their[1])
    assert counted[0] == counted[1]


def main():
    print(
        f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, pandas {pd.__version__}, numpy {np.__version__}"
    )
    for name, n_regions, n_looped in (("provinces", 31, 31), ("counties", 3000, 300)):
        table = made_up(n_regions)
        looped = table[table["region_code"].isin(table["region_code"].unique()[:n_looped])]
        our_seconds, _ = best_of(5, ours, table)
        loop_seconds, their = best_of(1, loop, looped)
        must_agree(ours(looped), their)
        loop_seconds *= n_regions / n_looped
        about = "" if n_looped == n_regions else f" (timed on {n_looped}, scaled up)"
        print(
            f"{n_regions:>5} {name} x {len(YEARS)} years, {len(table):>7,} rows: "
            f"faiwatch {our_seconds:6.3f} s, "
            f"pandas groupby-apply loop {loop_seconds:6.2f} s{about}, "
            f"ratio {loop_seconds / our_seconds:.0f}"
        )


if __name__ == "__main__":
    main()
