"""Make the made-up demonstration city (演示数据): ``city.csv`` and two more ledgers in ``city/``.

    python data/demo/generate_city.py [FOLDER]

The city has three districts: that of ``district.csv`` and two more, of which only the total is
made up. Its own total is the sum of the three, on their comparable bases. The ledgers come from
``generate_ledger.py`` with other seeds; of each the last two sheets are kept. No real place,
project or official stands behind any of it, and running this again gives the same files.
"""

from __future__ import annotations

import csv
import importlib.util
import sys
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd

CITY, FIRST_DISTRICT, NOTE = "990100", "990101", "演示数据 | made-up data"
HERE = Path(__file__).parent
# Two more districts: name, seed, investment of 2019 (100 million), and growth of each year in
# percent; two figures where the halves of a year differ.
OTHERS: Mapping[str, tuple[str, int, float, list[object]]] = {
    "990102": ("演示二区", 990102, 148.0, [5, 9, 8, 6, 5, 4, (5, 6)]),
    "990103": ("演示三区", 990103, 96.0, [3, 8, 7, 7, 6, 3, (4, -9)]),
}
GOALS = {"990102": 5.0, "990103": 4.0}  # growth of 2026 that they are to reach, percent
YEARS = range(2020, 2027)
# Share of a year's investment that each release adds, as in generate_district.py.
SEASON = [0.085, 0.098, 0.082, 0.091, 0.127, 0.079, 0.078, 0.097, 0.085, 0.084, 0.094]
NOISE_PP = 1.5
HEADER = [
    *("region_code", "indicator", "period", "ytd_value_100m", "ytd_yoy_pct"),
    *("issued", "source", "note"),
]


def rounded(value: float, digits: int) -> float:
    """Round as a release does: half away from zero."""
    step = Decimal(1).scaleb(-digits)
    return float(Decimal(repr(round(float(value), 9))).quantize(step, ROUND_HALF_UP))


def first_district() -> pd.DataFrame:
    """Return the total of the first district: value, growth and day of issue by month."""
    rows = pd.read_csv(HERE / "district.csv", dtype={"region_code": str})
    total = rows[rows["indicator"].eq("total") & rows["period"].ge(f"{YEARS[0]}-02")]
    return total.set_index("period")[["ytd_value_100m", "ytd_yoy_pct", "issued"]]


def other_district(seed: int, level: float, growth: list[object]) -> pd.DataFrame:
    """Return value and growth of a made-up total by month."""
    rng, rows = np.random.default_rng(seed), {}
    before = level * np.array(SEASON)
    for year, told in zip(YEARS, growth, strict=True):
        halves = told if isinstance(told, tuple) else (told, told)
        yearly = np.array([halves[at > 4] for at in range(len(SEASON))], dtype=float)
        block = before * (1 + (yearly + rng.normal(0, NOISE_PP, len(SEASON))) / 100)
        done, base = block.cumsum(), before.cumsum()
        for at in range(len(SEASON)):
            rows[f"{year}-{at + 2:02d}"] = (
                rounded(done[at], 2),
                rounded(100 * (done[at] / base[at] - 1), 1),
            )
        before = block
    return pd.DataFrame(rows, index=["ytd_value_100m", "ytd_yoy_pct"]).T


def figures() -> list[list[object]]:
    """Return the rows of ``city.csv``: the city, then the two districts."""
    first = first_district()
    parts = {code: other_district(*about[1:]) for code, about in OTHERS.items()}
    every = [first, *(one.loc[first.index] for one in parts.values())]
    value = sum(one["ytd_value_100m"] for one in every)
    base = sum(one["ytd_value_100m"] / (1 + one["ytd_yoy_pct"] / 100) for one in every)
    city = pd.DataFrame({"ytd_value_100m": value, "ytd_yoy_pct": 100 * (value / base - 1)})
    return [
        [code, "total", month, f"{rounded(row['ytd_value_100m'], 2):.2f}",
         f"{rounded(row['ytd_yoy_pct'], 1):.1f}", first.loc[month, "issued"], "DEMO", NOTE]
        for code, table in {CITY: city, **parts}.items()
        for month, row in table.loc[first.index].iterrows()
    ]  # fmt: skip


def ledger_module() -> ModuleType:
    """Return a fresh copy of ``generate_ledger.py``, to be told another district."""
    spec = importlib.util.spec_from_file_location("generate_ledger", HERE / "generate_ledger.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def write_ledger(code: str, target: Path) -> None:
    """Write the ledger of one of the two districts."""
    name, seed, level, growth = OTHERS[code]
    made = ledger_module()
    ytd = other_district(seed, level, growth)["ytd_value_100m"] * 1e4
    every_sheet, write_sheet = made.sheets, made.write_sheet

    def blocks() -> pd.Series:
        return pd.Series(
            {
                month: ytd[str(month)] - (0.0 if month.month == 2 else ytd[str(month - 1)])
                for month in made.MONTHS
            }
        )

    def last_sheets(known: pd.DataFrame, done: pd.DataFrame) -> dict[object, object]:
        return dict(list(every_sheet(known, done).items())[-2:])

    def named(book: object, sheet: str, titles: list[str], rows: list[dict[str, object]]) -> None:
        told = [
            {key: one.replace("演示区", name) if isinstance(one, str) else one
             for key, one in row.items()}
            for row in rows
        ]  # fmt: skip
        write_sheet(book, sheet, [title.replace("演示区", name) for title in titles], told)

    goal = GOALS[code]
    made.TARGET_100M, made.TARGET_PCT = rounded(ytd["2025-12"] / 1e4 * (1 + goal / 100), 0), goal
    made.SEED, made.REGION, made.district_blocks = seed, code, blocks
    made.sheets, made.write_sheet = last_sheets, named
    made.FATES = {"ongoing": 44, "completing": 20, "stopping": 6, "starting": 14, "waiting": 12}
    made.write_ledger(target)


def main(folder: Path) -> None:
    """Write everything."""
    with (folder / "city.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([HEADER, *figures()])
    (folder / "city").mkdir(exist_ok=True)
    for code in OTHERS:
        write_ledger(code, folder / "city" / f"{code}.xlsx")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else HERE)
