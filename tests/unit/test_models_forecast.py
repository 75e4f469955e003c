"""What the forecasting modules promise one by one."""

import subprocess
import sys

import numpy as np
import pytest

from faiwatch.core.errors import DataMissingError, ParameterError
from faiwatch.forecast.accuracy import (
    brier_score,
    interval_score,
    reliability,
    seasonal_scale,
    skill,
)
from faiwatch.forecast.forecast import ensemble_of, forecast_array
from faiwatch.forecast.members.members import ENSEMBLE, MEMBERS, WIDER, member_paths


def seasonal(n=60, noise=1.0):
    rng = np.random.default_rng(5)
    return 50 + 10 * np.sin(2 * np.pi * np.arange(n) / 12) + rng.normal(0, noise, n)


@pytest.mark.parametrize(
    "y",
    [
        [1.0],
        [1.0, 9.0],
        [1.0, 2.0, 3.0],
        np.full(40, 7.0),
        np.zeros(50),
        -seasonal(),
        seasonal() * 1e300,
        seasonal() * 1e-300,
        [*seasonal(), np.inf],
        [np.nan] * 40 + [3.0] + [np.nan] * 9,
        np.exp(np.arange(60.0)),
        np.tile([-1.7e308, 1.7e308], 15),
        [*np.zeros(59), 1.0],
    ],
    ids=[
        "one",
        "two",
        "three",
        "constant",
        "zero",
        "negative",
        "huge",
        "tiny",
        "infinite",
        "nearly nothing known",
        "explosive",
        "largest floats",
        "a single event",
    ],
)
def test_no_series_fails(y):
    found = forecast_array(y, season_length=12, horizon=18)
    assert np.isfinite(found.paths).all()
    assert (found.lower[1] <= found.lower[0]).all()
    assert (found.lower[0] <= found.mean).all()
    assert (found.mean <= found.upper[0]).all()
    assert (found.upper[0] <= found.upper[1]).all()


HOSTILE = {
    "20 figures": seasonal(20),
    "outlier": np.where(np.arange(90) == 70, 1e9, seasonal(90)),
    "level shift": seasonal(90) + 200 * (np.arange(90) > 60),
    "run of gaps": np.where((np.arange(90) > 40) & (np.arange(90) < 65), np.nan, seasonal(90)),
    "rare counts": np.random.default_rng(0).poisson(0.05, 80),
    "late jump": np.r_[np.full(59, 3.0), 9.0],
}


@pytest.mark.parametrize("y", HOSTILE.values(), ids=HOSTILE)
def test_hostile_series_get_bands_that_widen(y):
    found = forecast_array(y, season_length=12, horizon=18)
    width = found.upper - found.lower
    assert np.isfinite(width).all()
    assert (width >= 0).all()
    assert (width[:, 9:].mean(axis=1) >= 0.9 * width[:, :9].mean(axis=1)).all()


def test_a_constant_goes_on():
    found = forecast_array(np.full(40, 7.0), season_length=12, horizon=3)
    assert (found.paths == 7.0).all()


def test_missing_values_at_the_end_are_forecast_along():
    y = seasonal(noise=0.1)
    late = np.concatenate([y[:-3], [np.nan] * 3])
    found = forecast_array(late, season_length=12, horizon=3)
    expected = 50 + 10 * np.sin(2 * np.pi * np.arange(60, 63) / 12)
    assert found.mean == pytest.approx(expected, abs=0.6)


def test_gaps_hardly_move_a_forecast():
    y = seasonal(96)
    gappy = np.where(np.arange(96) % 9 == 4, np.nan, y)
    whole, holed = (forecast_array(values, season_length=12, horizon=12) for values in (y, gappy))
    assert np.abs(whole.mean - holed.mean).max() < 1.5


def test_short_series_get_no_model_with_a_season():
    assert set(member_paths(np.ones(7), season_length=12, horizon=2, shocks=np.zeros((2, 2)))) == {
        "random_walk"
    }
    assert "airline" not in ensemble_of(seasonal(30), season_length=12, horizon=2).weights
    assert set(ensemble_of(seasonal(60), season_length=12, horizon=2).weights) < set(MEMBERS)


def test_an_absurd_member_is_left_out_and_weights_add_up():
    rng = np.random.default_rng(2)
    ensembles = [
        ensemble_of(np.exp(np.cumsum(rng.normal(0, 0.3, 45))), season_length=12, horizon=18)
        for _ in range(12)
    ]
    weights = [weight for ensemble in ensembles for weight in ensemble.weights.values()]
    assert min(weights) == 0
    assert [sum(ensemble.weights.values()) for ensemble in ensembles] == pytest.approx([1] * 12)


def test_a_season_beside_a_trend_is_found_once_the_trend_is_taken_off():
    season = np.tile([6.0, -4, 2, -8, 5, -1, 3, -6, 4, -2, 7, -6], 5)
    noise = np.random.default_rng(1).normal(0, 1, 60)
    y = (200 + 2 * np.arange(60) + season + noise)[:48]
    found = {
        detrended: member_paths(
            y,
            season_length=12,
            horizon=12,
            shocks=np.zeros((2, 12)),
            names=("theta",),
            detrended=detrended,
        )["theta"][0]
        for detrended in (False, True)
    }
    swings = {name: np.std(np.diff(path)) for name, path in found.items()}
    assert swings[False] < 0.1  # a trend makes every autocorrelation large
    assert np.corrcoef(np.diff(found[True]), np.diff(season[48:]))[0, 1] > 0.98


def test_a_season_taken_off_widens_what_is_left_by_its_degrees_of_freedom():
    y, shocks = seasonal(48), np.eye(2)[:1]
    tested, counted = (
        member_paths(
            y, season_length=12, horizon=2, shocks=shocks, names=("theta",), detrended=counts
        )["theta"][0]
        for counts in (False, True)
    )
    centre = member_paths(
        y, season_length=12, horizon=2, shocks=0 * shocks, names=("theta",), detrended=True
    )["theta"][0]
    ratio = (counted[0] - centre[0]) / (tested[0] - centre[0])
    assert ratio == pytest.approx((48 / (48 - 11)) ** 0.5, rel=0.01)  # hardly drawn towards zero


def test_a_member_that_is_less_trusted_judges_no_other():
    rng = np.random.default_rng(4)
    for _ in range(12):  # too short for a look back: weights are soundness alone
        y = np.exp(np.cumsum(rng.normal(0, 0.2, 40)))
        four, five = (
            ensemble_of(y, season_length=12, horizon=18, names=names).weights
            for names in (ENSEMBLE, WIDER)
        )
        among = 1 - five["complex_smoothing"]
        assert {name: five[name] / among for name in ENSEMBLE} == pytest.approx(four)


def test_tails_are_heavier_than_normal_and_the_middle_is_not():
    walk = np.cumsum(np.random.default_rng(4).normal(0, 1, 100))
    member = ensemble_of(walk, season_length=1, horizon=6).members["theta"]
    low, near, centre, far, high = np.quantile(member, [0.025, 0.1, 0.5, 0.9, 0.975], axis=0)
    assert ((high - low) / (far - near) > 1.53 * 1.03).all()  # normal: 1.53
    assert np.abs(low + high - 2 * centre).max() < 1e-9 + 0.02 * (high - low).max()


def test_a_member_that_was_better_before_weighs_more():
    ensemble = ensemble_of(seasonal(120), season_length=12, horizon=12)
    kept = {
        name: ensemble.past_errors[name] for name, weight in ensemble.weights.items() if weight > 0
    }
    assert max(kept, key=ensemble.weights.get) == min(kept, key=kept.get)


def test_several_processes_give_the_same_in_order():
    # a fresh interpreter: forking a test runner that has threads is warned of
    code = (
        "import numpy as np\n"
        "from faiwatch.forecast.forecast import forecast_array, forecast_arrays\n"
        "ys = [np.arange(20.0) + k for k in range(5)]\n"
        "found = forecast_arrays(ys, season_length=4, horizon=2, workers=2)\n"
        "one = [forecast_array(y, season_length=4, horizon=2) for y in ys]\n"
        "assert all((a.paths == b.paths).all() for a, b in zip(found, one))\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"season_length": 0}, "season_length"),
        ({"horizon": 0}, "horizon"),
        ({"levels": (80, 100)}, "levels"),
        ({"y": [[1.0, 2.0]]}, "y"),
    ],
)
def test_wrong_arguments_are_named(wrong, where):
    arguments = {"y": seasonal(), "season_length": 12, "horizon": 3} | wrong
    with pytest.raises(ParameterError) as caught:
        forecast_array(arguments.pop("y"), **arguments)
    assert caught.value.parts["where"] == where


def test_nothing_known_is_said():
    with pytest.raises(DataMissingError):
        forecast_array([np.nan, np.nan], season_length=12, horizon=3)


def test_scores_by_hand():
    assert seasonal_scale(np.array([2.0, 4.0, np.nan, 7.0]), 1) == 2.0
    assert np.isnan(seasonal_scale(np.ones(5), 1))
    # 10 wide, 1 below the lower end: 10 + 2 / 0.05 * 1
    assert interval_score(np.array([-1.0]), np.array([0.0]), np.array([10.0]), 95) == 50
    assert brier_score(np.array([1.0, np.nan]), np.array([0.5, 0.5])) == 0.25
    assert skill(0.1, 0.2) == 0.5
    assert reliability(np.array([1.0, 0.0]), np.array([1.0, 1.0]))["share_happened"].tolist() == [
        0.5
    ]
