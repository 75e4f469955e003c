"""Forecast published growth from every earlier release, and hold it against "no change".

Run it with `python benchmarks/record.py` (nation and components) and `--provinces` (all 31, half an
hour of one core). Everything is the code of today on the figures of today, each origin knowing only
what came before it. How to read the tables: docs/methods/track-record.md.
"""

import argparse

import numpy as np
import pandas as pd

import faiwatch as fw
from faiwatch.data.regions import provinces
from faiwatch.forecast.cached import track_record_of

HORIZON = 18
EVENT_YEARS = (2020, 2021)  # as in data/events.csv: the pandemic, and the year whose base it is
COMPONENTS = ("real_estate_development", "manufacturing", "private")
DRAWS = 2000


def record(region, indicator):
    """Return the record of one series, where something came."""
    figures = fw.series(region, indicator).figures
    table = track_record_of(figures, horizon=HORIZON)
    return table[table["actual_pct"].notna()].assign(series=f"{region}.{indicator}")


def scores(rows):
    """Return what the issue of a forecast is judged by, of one set of rows."""
    near = rows[rows["horizon"] <= 12]
    calm = near[~near["period"].dt.year.isin(EVENT_YEARS)]
    februaries = rows[
        (rows["period"].dt.month == 2)
        & rows["origin"].dt.month.between(6, 12)
        & (rows["period"].dt.year == rows["origin"].dt.year + 1)
        & ~rows["period"].dt.year.isin(EVENT_YEARS)
    ]
    found = {}
    for name, column in (("forecast", "forecast_pct"), ("no change", "no_change_pct")):
        error = near[column] - near["actual_pct"]
        calm_error = calm[column] - calm["actual_pct"]
        february = februaries[column] - februaries["actual_pct"]
        found[name] = {
            "mean error 1-12": error.abs().mean(),
            "median error 1-12": error.abs().median(),
            "RMSE 1-12": (error**2).mean() ** 0.5,
            "mean error, without event years": calm_error.abs().mean(),
            "RMSE, without event years": (calm_error**2).mean() ** 0.5,
            "next February, mean error": february.abs().mean(),
            "next February, bias": february.mean(),
        }
    was = (rows["actual_pct"] < 0).astype(float)
    for name, column in (("forecast", "p_negative"), ("no change", "was_negative")):
        squared = (rows[column] - was) ** 2
        for first, last in ((1, 11), (1, 12), (12, 18)):
            found[name][f"Brier {first}-{last}"] = squared[
                rows["horizon"].between(first, last)
            ].mean()
    for first, last in ((1, 3), (4, 6), (7, 9), (10, 12), (13, 18)):
        part = rows[rows["horizon"].between(first, last)]
        for level in (80, 95):
            held = part["actual_pct"].between(part[f"lower_{level}"], part[f"upper_{level}"])
            found["forecast"][f"{level} % range held, {first}-{last}"] = held.mean()
    return pd.DataFrame(found)


def paired(rows, of, rng):
    """Return the 95 % interval of forecast less no change, drawing whole years of origins."""
    squares = {
        "mean error 1-12": ("forecast_pct", "no_change_pct", 12, False),
        "mean error, without event years": ("forecast_pct", "no_change_pct", 12, True),
    }
    ours, theirs, last, is_calm = squares[of]
    part = rows[rows["horizon"] <= last]
    if is_calm:
        part = part[~part["period"].dt.year.isin(EVENT_YEARS)]
    gap = (part[ours] - part["actual_pct"]).abs() - (part[theirs] - part["actual_pct"]).abs()
    by_year = gap.groupby(part["origin"].dt.year).agg(["sum", "size"]).to_numpy()
    drawn = by_year[rng.integers(len(by_year), size=(DRAWS, len(by_year)))].sum(axis=1)
    return np.quantile(drawn[:, 0] / drawn[:, 1], [0.025, 0.975])


def show(title, rows):
    table = scores(rows)
    origins = rows[["series", "origin"]].drop_duplicates()
    print(f"\n{title}: {len(origins)} origins, horizons 1-{HORIZON}")
    print(table.round(3).to_string(na_rep=""))
    rng = np.random.default_rng(20260831)
    for of in ("mean error 1-12", "mean error, without event years"):
        low, high = paired(rows, of, rng)
        gap = table.loc[of, "forecast"] - table.loc[of, "no change"]
        print(f"{of}, forecast less no change: {gap:+.2f} [{low:+.2f}, {high:+.2f}]")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--provinces", action="store_true", help="all 31 provinces instead")
    parser.add_argument("--save", help="a CSV of every origin and horizon")
    options = parser.parse_args()
    if options.provinces:
        groups = {"provinces": [(code, "total") for code in provinces()]}
    else:
        groups = {"nation": [("000000", "total")]}
        groups["components"] = [("000000", name) for name in COMPONENTS]
    parts = []
    for title, names in groups.items():
        rows = pd.concat([record(*name) for name in names], ignore_index=True)
        show(title, rows)
        parts.append(rows)
    if options.save:
        pd.concat(parts).to_csv(options.save, index=False)


if __name__ == "__main__":
    main()
