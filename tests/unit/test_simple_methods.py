"""Targets at which a simple method is better: found by counting, used without contradiction."""

import json

import numpy as np
import pandas as pd
import pytest

from faiwatch.forecast.change import CHANGE_COLUMNS
from faiwatch.forecast.series import ModelSeries, growth_paths
from faiwatch.forecast.simple import judged, simple_forecasts, target_places, with_simple
from faiwatch.forecast.track_record import CHOSEN
from faiwatch.stats.cumulative import release_periods
from faiwatch.view.charts.chart import Subject
from faiwatch.view.charts.forecast import news

SEASON = np.array([9.0, 8, 8, 9, 12, 8, 8, 8, 8, 8, 14]) / 100
FIRST = 2016 * 11
AHEAD = release_periods(FIRST + 84 + np.arange(12))  # from September 2023


def a_record(bad_at=1):
    """Return a record in which "no change" is off by 1 and ours by 0.5, at one horizon by 3."""
    rows = []
    for origin in release_periods(FIRST + 11 + np.arange(72)):
        number = release_periods_number(origin)
        for horizon in range(1, 13):
            period = release_periods(np.array([number + horizon]))[0]
            came = float(period.year - 2020)
            off = 3.0 if horizon == bad_at else 0.5
            rows.append((origin, period, horizon, came, came + off, came - 1.0, np.nan))
    columns = ["origin", "period", "horizon", "actual_pct", "forecast_pct", "no_change_pct"]
    return pd.DataFrame(rows, columns=[*columns, "last3_pct"])


def release_periods_number(period):
    return period.year * 11 + max(period.month - 2, 0)


NOW = {"no_change": np.full(12, -2.0)}


def test_a_target_is_judged_by_the_same_past_forecasts_counted_by_loops():
    record, events = a_record(), ["2020-02"]
    found = judged(record, NOW, AHEAD, events)
    assert found["horizon"].tolist() == list(range(1, 13))
    found = found[found["target"] != ""].set_index("target")
    wanted = {"next": (1, None), "year_end": (4, 12), "february": (5, 2), "year_on": (11, None)}
    assert list(found.index) == list(wanted)
    for target, (horizon, month) in wanted.items():
        ours, theirs = [], []
        for row in record.itertuples():
            if row.period.year in (2020, 2021):
                continue
            if month is None and row.horizon != horizon:
                continue
            if month and (row.period.month != month or abs(row.horizon - horizon) > 2):
                continue
            ours.append(abs(row.forecast_pct - row.actual_pct))
            theirs.append(abs(row.no_change_pct - row.actual_pct))
        one = found.loc[target]
        assert (one["horizon"], one["n"], one["simple"]) == (horizon, len(ours), "no_change")
        assert one["error_pp"] == pytest.approx(sum(ours) / len(ours))
        assert one["simple_error_pp"] == pytest.approx(sum(theirs) / len(theirs))
        better = sum(theirs) < sum(ours)
        assert one["used"] == ("no_change" if better else CHOSEN)
    assert found["used"].tolist() == ["no_change", CHOSEN, CHOSEN, CHOSEN]


def test_with_too_few_past_forecasts_nothing_is_judged_and_ours_is_used():
    record = a_record()
    early = record[record["origin"] < pd.Period("2017-09", "M")]
    found = judged(early, NOW, AHEAD, [])
    assert found["simple"].eq("").all()
    assert (found["used"] == CHOSEN).all()
    assert judged(record.head(0), NOW, AHEAD, [])["n"].eq(0).all()


def test_targets_that_fall_on_one_release_are_one():
    december = release_periods(FIRST + 10 + np.arange(12))
    assert target_places(december) == {"next": 0, "february": 1, "year_on": 10}
    assert target_places(december[:1]) == {"next": 0}


@pytest.fixture(scope="module")
def paths():
    t = np.arange(84)
    noise = np.exp(0.01 * np.random.default_rng(2).standard_normal(84))
    level = 1000 * 1.06 ** (t / 11) * np.tile(SEASON, 8)[:84] * noise
    series = ModelSeries("comparable_level", level, level, FIRST, 0.05, 0.001, 5.0)
    return series, growth_paths(series, horizon=13)


def test_every_number_of_a_replaced_target_comes_from_the_same_paths(paths):
    series, found = paths
    best = pd.DataFrame(
        {"horizon": [1, 4], "used": ["no_change", CHOSEN], "simple_pct": [-2.0, 0.0], "spread": 2.0}
    )
    told = with_simple(found, series, best)
    own, new = found.ytd_yoy_pct, told.ytd_yoy_pct
    assert np.median(new[:, 0]) == pytest.approx(-2.0)
    assert np.ptp(new[:, 0]) == pytest.approx(2 * np.ptp(own[:, 0]))
    assert (new[:, 1:] == own[:, 1:]).all()
    # by plain code: single months of September and October on their own base
    so_far = series.values[77:].sum()
    for k in range(40):
        base_to_date = found.ytd_value_100m[k] / (1 + own[k] / 100)
        value = told.ytd_value_100m[k]
        assert value[0] == pytest.approx(base_to_date[0] * (1 + new[k, 0] / 100))
        assert value[1] == pytest.approx(found.ytd_value_100m[k, 1])
        september = (found.ytd_value_100m[k, 0] - so_far) / (1 + found.block_yoy_pct[k, 0] / 100)
        assert told.block_yoy_pct[k, 0] == pytest.approx(
            100 * ((value[0] - so_far) / september - 1)
        )
        before = found.ytd_value_100m[k]
        october = (before[1] - before[0]) / (1 + found.block_yoy_pct[k, 1] / 100)
        assert told.block_yoy_pct[k, 1] == pytest.approx(
            100 * ((value[1] - value[0]) / october - 1)
        )
    # a year on the replaced month is the base: its growth to date stays, its value moves along
    moved = told.ytd_value_100m[:, 0] / found.ytd_value_100m[:, 0]
    assert told.ytd_value_100m[:, 11] / found.ytd_value_100m[:, 11] == pytest.approx(moved)


def test_paths_stay_as_they_are_where_no_simple_method_is_better(paths):
    series, found = paths
    assert with_simple(found, series, judged(a_record(0), NOW, AHEAD, [])) is found


def test_simple_forecasts_are_what_their_names_say(paths):
    series, _ = paths
    measured = pd.DataFrame({"rolling3_yoy_pct": [np.nan]})
    told = simple_forecasts(measured, series, horizon=12)
    assert set(told) == {"no_change", "seasonal_naive", "seasonal_drift"}
    assert (told["no_change"] == 5.0).all()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_waterfall_leads_from_the_forecast_before_to_the_one_of_now(lang):
    change = pd.DataFrame(
        {
            "period": pd.Period("2026-12", "M"),
            "step": ["then", "revised", "new", "model", "now"],
            "forecast_pct": [-8.0, -8.2, -9.1, -9.0, -9.0],
            "effect_pp": [np.nan, -0.2, -0.9, 0.1, np.nan],
        }
    )
    subject = Subject(lang, "X", "Y", "Z", "2026-08")
    chart = news(change, key=("000000", "total"), subject=subject)
    bars = next(iter(chart.spec()["datasets"].values()))
    assert [bar["start"] for bar in bars] == [-8.0, -8.0, -8.2, -9.1, -9.0]
    assert [bar["end"] for bar in bars] == [-8.0, -8.2, -9.1, -9.0, -9.0]
    assert [bar["sign"] for bar in bars][1:4] == ["lower", "lower", "higher"]
    assert "−8.0%" in chart.caption
    assert "−0.90" in chart.caption
    nothing = news(change.head(0)[CHANGE_COLUMNS], key=("000000", "total"), subject=subject)
    assert "vega" not in json.dumps(nothing._repr_mimebundle_())
    assert nothing.caption
