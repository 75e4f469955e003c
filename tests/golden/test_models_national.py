"""Forecasts of national growth against what was published, beside the two plain baselines.

Origin of the figures: ``data/official/national.csv``. Every sixth origin of 2013-02 to 2026-07, so
that the test is quick; the whole table stands in ``docs/methods/series-for-models.md``.
"""

import numpy as np
import pytest

from faiwatch.data.events import event_months
from faiwatch.data.source import data_source
from faiwatch.forecast.backtest import forecasts_at, with_actual
from faiwatch.stats.cumulative import as_known


@pytest.fixture(scope="module")
def national():
    table = data_source("embedded").newest()
    is_total = (table["region_code"] == "000000") & (table["indicator"] == "total")
    return as_known(table[is_total].reset_index(drop=True), "2026-08")


@pytest.fixture(scope="module")
def past(national):
    months = national["period"]
    origins = months[(months >= "2013-02") & (months <= "2026-07")].tolist()
    known = [national[months <= origin] for origin in origins[::6]]
    rows = forecasts_at(known, horizon=12, events=event_months("total"))
    return with_actual(rows, national).dropna(subset="actual_pct")


@pytest.mark.parametrize("baseline", ["no_change_pct", "last3_pct"])
def test_the_forecast_beats_plain_baselines(past, baseline):
    def errors(column):
        return (past[column] - past["actual_pct"]).abs()

    assert errors("forecast_pct").median() < errors(baseline).median()
    assert np.sqrt((errors("forecast_pct") ** 2).mean()) < 0.9 * np.sqrt(
        (errors(baseline) ** 2).mean()
    )


def test_the_probability_of_negative_growth_beats_the_last_sign_and_climatology(past):
    happened = (past["actual_pct"] < 0).astype(float)

    def brier(column):
        return ((past[column] - happened) ** 2).mean()

    assert brier("p_negative") < 0.9 * brier("was_negative")
    assert brier("p_negative") < 0.9 * brier("own_share")


def test_bands_hold_about_as_often_as_they_say(past):
    inside = (past["actual_pct"] >= past["lower_80"]) & (past["actual_pct"] <= past["upper_80"])
    assert 0.7 < inside.mean() < 0.92
