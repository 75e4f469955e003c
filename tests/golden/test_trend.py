"""Trend and turning points against what others published or compute.

Origins:

- Business cycle dates: National Bureau of Economic Research, *US Business Cycle Expansions and
  Contractions* (quarters of peaks and troughs since 1960). Series: US real GDP 1959Q1-2009Q3, the
  ``macrodata`` that statsmodels ships.
- STL: output of the authors' Fortran program (netlib ``a/stl``) for monthly CO2 at Mauna Loa,
  1959-1987, which statsmodels ships as ``stl_test_results.csv`` beside its own tests.
- Smooth trend: the filter of Hodrick and Prescott in statsmodels; for a series without gaps and
  season the smoother with a diffuse start is the same thing.
"""

from importlib.resources import files

import numpy as np
import pandas as pd
import pytest

from faiwatch.forecast.series import ModelSeries
from faiwatch.forecast.trend import SMOOTHNESS, fit_trend, seasonal_trend
from faiwatch.forecast.turning_points import QUARTERS, turning_points

NBER = {
    "peak": ["1960Q2", "1969Q4", "1973Q4", "1980Q1", "1981Q3", "1990Q3", "2001Q1", "2007Q4"],
    "trough": ["1961Q1", "1970Q4", "1975Q1", "1980Q3", "1982Q4", "1991Q1", "2001Q4"],
}
# GDP did not fall in two quarters running in 2001; the NBER looks at more than GDP
NOT_IN_GDP = {"2001Q1", "2001Q4"}


@pytest.fixture
def statsmodels():
    """Return the package, which takes seconds to import: every worker imports each file."""
    from statsmodels import api

    return api


def test_us_turning_points_are_those_of_the_nber(statsmodels):
    table = statsmodels.datasets.macrodata.load_pandas().data
    quarters = pd.PeriodIndex.from_fields(year=table["year"], quarter=table["quarter"], freq="Q")
    found = turning_points(np.log(table["realgdp"].to_numpy()), rules=QUARTERS)
    dated = [(turn.kind, quarters[turn.place].ordinal) for turn in found]
    official = sorted(
        (pd.Period(date).ordinal, kind)
        for kind, dates in NBER.items()
        for date in dates
        if date not in NOT_IN_GDP
    )
    assert [kind for kind, _ in dated] == [kind for _, kind in official]
    off = [abs(mine - theirs) for (_, mine), (theirs, _) in zip(dated, official, strict=True)]
    assert max(off) <= 3
    assert sum(one <= 1 for one in off) == 10


def test_stl_is_that_of_its_authors():
    folder = files("statsmodels.tsa.stl.tests") / "results"
    co2 = np.loadtxt(str(folder / "stl_co2.csv"))
    theirs = pd.read_csv(str(folder / "stl_test_results.csv"), skipinitialspace=True)
    theirs.columns = theirs.columns.str.strip()
    theirs = theirs[theirs["scenario"].str.strip() == "baseline"]
    settings = {"period": 12, "seasonal": 35, "trend": 19, "low_pass": 13}
    jumps = {"seasonal_jump": 4, "trend_jump": 2, "low_pass_jump": 2}
    trend, season = seasonal_trend(
        co2, settings=settings | jumps, iterations={"inner_iter": 1, "outer_iter": 2}
    )
    assert trend == pytest.approx(theirs["trend"].to_numpy(), rel=1e-9)
    assert season == pytest.approx(theirs["season"].to_numpy(), abs=1e-9)


def test_without_season_the_trend_is_that_of_hodrick_and_prescott(statsmodels):
    growth = statsmodels.datasets.macrodata.load_pandas().data["infl"].to_numpy()[:120]
    series = ModelSeries("published_growth", growth, growth, 22022, 0.05, 0.0, growth[-1])
    _, theirs = statsmodels.tsa.filters.hpfilter(growth, lamb=1 / SMOOTHNESS)
    assert fit_trend(series).growth_pct == pytest.approx(theirs, abs=1e-4)
