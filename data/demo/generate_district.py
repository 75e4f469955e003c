"""Make the figures of the made-up demonstration district (演示数据): ``district.csv``.

    python data/demo/generate_district.py [FILE]

No real place stands behind them. The seed is fixed and every figure is rounded as a release
rounds it, so running this again gives the same file byte for byte. How the figures come about,
and which properties tests hold them to: ``docs/methods/demo_district.md``.
"""

from __future__ import annotations

import sys
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import numpy as np
import pandas as pd

SEED = 990101
FIRST, LAST = "2014-02", "2026-08"
REGION, SOURCE, NOTE = "990101", "DEMO", "演示数据 | made-up data"

# Yearly comparable growth of a month on the same month a year earlier, percent; two figures where
# the halves of a year differ. The downturn of the total is the one run
# of negative year-to-date releases: 2025-10 to the end.
YEARS = range(2014, 2027)
GROWTH = {
    "agriculture": [14, 12, 10, 9, 8, 7, 4, 9, 7, 6, 5, (4, -1), (-3, -4)],
    "manufacturing": [17, 14, 10, 9, 10, 7, 4, 13, 10, 8, 9, (6, -7), (-4, -6)],
    "other_secondary": [12, 9, 7, 6, 5, 6, 5, 9, 11, 12, 12, (8, 1), (2, 1)],
    "infrastructure": [20, 18, 16, 15, 7, 6, 5, 5, 9, 8, 6, (5, -9), (-6, -8)],
    "real_estate_development": [15, 8, 9, 9, 11, 11, 8, 7, -6, -8, -9, (-8, -16), (-17, -14)],
    "other_tertiary": [15, 12, 10, 9, 8, 7, 4, 10, 8, 7, 6, (4, -5), (-4, -6)],
}
# Investment of 2013 as first published, 100 million yuan.
LEVEL_2013 = {
    "agriculture": 7.0,
    "manufacturing": 62.0,
    "other_secondary": 14.0,
    "infrastructure": 46.0,
    "real_estate_development": 43.0,
    "other_tertiary": 32.0,
}
PRIVATE_SHARE = {
    "agriculture": 0.60,
    "manufacturing": 0.86,
    "other_secondary": 0.35,
    "infrastructure": 0.08,
    "real_estate_development": 0.72,
    "other_tertiary": 0.48,
}
# What share of a year's investment each release adds: January and February together first.
SEASON = [0.085, 0.098, 0.082, 0.091, 0.127, 0.079, 0.078, 0.097, 0.085, 0.084, 0.094]
# Noise of a block's growth, percentage points. Infrastructure and real estate come in lumps.
NOISE_PP = 2.5
# Revised base of a year relative to the levels published the year before: checks after the
# release take projects out of the books. From 1 in most early years to 6.5 % less.
BASE_REVISION = dict(
    zip(
        YEARS,
        [1.0, 0.995, 0.99, 0.97, 0.955, 0.94, 0.96, 0.965, 0.955, 0.935, 0.95, 0.965, 0.97],
        strict=True,
    )
)
SECTORS = {
    "primary": ["agriculture"],
    "secondary": ["manufacturing", "other_secondary"],
    "tertiary": ["infrastructure", "real_estate_development", "other_tertiary"],
}
PUBLISHED = [
    "total",
    "private",
    "manufacturing",
    "infrastructure",
    "real_estate_development",
    *SECTORS,
]


def block_growth(rng: np.random.Generator) -> dict[int, pd.DataFrame]:
    """Return, per year, the comparable growth of the 11 blocks (rows) of each branch, percent."""
    paths = {}
    for place, year in enumerate(YEARS):
        halves = {
            name: values[place] if isinstance(values[place], tuple) else (values[place],) * 2
            for name, values in GROWTH.items()
        }
        frame = pd.DataFrame(
            {name: np.repeat(np.array(half, dtype=float), [5, 6]) for name, half in halves.items()}
        )
        paths[year] = frame + rng.normal(0.0, NOISE_PP, frame.shape)
    return paths


def year_to_date(rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return year-to-date values and their comparable bases: month by branch, private apart."""
    blocks = pd.DataFrame({name: np.array(SEASON) * level for name, level in LEVEL_2013.items()})
    share = pd.Series(PRIVATE_SHARE)
    private = blocks * share
    values, bases = [], []
    for year, growth in block_growth(rng).items():
        base = blocks * BASE_REVISION[year]
        private_base = private * BASE_REVISION[year]
        blocks = base * (1 + growth / 100)
        # private investment grows a little slower than the rest of the same branch since 2016
        slower = 0.0 if year < 2016 else 1.2
        private = private_base * (1 + (growth - slower) / 100)
        months = pd.period_range(f"{year}-02", f"{year}-12", freq="M")
        for parts, total, whole in (
            (blocks, private, values),
            (base, private_base, bases),
        ):
            table = parts.assign(private=total.sum(axis=1)).cumsum()
            whole.append(table.set_axis(months, axis=0))
    return pd.concat(values).loc[FIRST:LAST], pd.concat(bases).loc[FIRST:LAST]


def with_sums(branches: pd.DataFrame) -> pd.DataFrame:
    """Return the published indicators: the sectors and their sum, each branch once."""
    sums = {name: branches[parts].sum(axis=1) for name, parts in SECTORS.items()}
    return branches.assign(**sums, total=sum(sums.values()))[PUBLISHED]


def half_up(value: float, step: str) -> Decimal:
    """Round half away from zero, as a release does."""
    rounded = Decimal(repr(float(value))).quantize(Decimal(step), ROUND_HALF_UP)
    return abs(rounded) if rounded.is_zero() else rounded


def issued_after(month: pd.Period) -> str:
    """Return the day of release: the 16th of the next month, or the Monday after a weekend."""
    day = np.datetime64((month + 1).to_timestamp().date().replace(day=16), "D")
    return str(np.busday_offset(day, 0, roll="forward"))


def district() -> pd.DataFrame:
    """Return the district's figures in the Observations columns, as text ready to write."""
    values, bases = year_to_date(np.random.default_rng(SEED))
    # Branches are rounded before they are summed, so that the sectors add up to the total.
    values = with_sums(values.map(lambda value: float(half_up(value, "0.01"))))
    growth = (values / with_sums(bases) - 1) * 100
    rows = [
        {
            "region_code": REGION,
            "indicator": indicator,
            "period": str(month),
            "ytd_value_100m": half_up(round(values.loc[month, indicator], 6), "0.01"),
            "ytd_yoy_pct": half_up(growth.loc[month, indicator], "0.1"),
            "issued": issued_after(month),
            "source": SOURCE,
            "note": NOTE,
        }
        for indicator in PUBLISHED
        for month in values.index
    ]
    return pd.DataFrame(rows)


def main(arguments: list[str]) -> None:
    """Write the file named on the command line, or the one beside this script."""
    target = Path(arguments[0]) if arguments else Path(__file__).with_name("district.csv")
    district().to_csv(target, index=False, lineterminator="\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
