"""The members that any model has to beat, the structural one, and choosing among them."""

import numpy as np
import pytest

from faiwatch.data.parameter_types import MODELS
from faiwatch.forecast.forecast import ensemble_of
from faiwatch.forecast.members.complex_smoothing import (
    fit_complex_smoothing,
    simulate_complex_smoothing,
)
from faiwatch.forecast.members.members import (
    CHOICES,
    ENSEMBLE,
    MEMBERS,
    names_of,
    simulate_last_season,
)
from faiwatch.forecast.members.structural import simulate_local_linear_trend

SERIES = {
    "constant": np.full(40, 7.0),
    "zero": np.zeros(40),
    "short": np.arange(5.0),
    "negative": -np.exp(np.arange(40) / 20),
    "a single event": np.r_[np.zeros(39), 1.0],
    "gappy": np.where(np.arange(40) % 7 == 3, np.nan, np.sin(np.arange(40.0))),
}


def test_the_parameter_knows_the_members():
    assert MODELS == CHOICES
    assert set(CHOICES) < set(MEMBERS)
    assert names_of("ensemble") == ENSEMBLE


@pytest.mark.parametrize("y", SERIES.values(), ids=SERIES)
@pytest.mark.parametrize("name", CHOICES)
def test_every_member_alone_survives_any_series(name, y):
    ensemble = ensemble_of(y, season_length=11, horizon=3, names=(name,))
    assert np.isfinite(ensemble.paths).all()
    assert set(ensemble.weights) <= {name, "random_walk"}


def test_steps_of_the_plain_members_add_up_over_cycles():
    y = np.array([1.0, 5.0, 2.0, 7.0, 4.0, 8.0])  # steps over a cycle: 1, 2, 2, 1
    shocks = np.random.default_rng(1).standard_normal((20_000, 4))
    naive = simulate_last_season(y, 2, shocks, drift=False)
    drift = simulate_last_season(y, 2, shocks, drift=True)
    square = (1 + 4 + 4 + 1) / 4
    assert naive.var(axis=0) == pytest.approx([square, square, 2 * square, 2 * square], rel=0.05)
    assert drift.mean(axis=0) == pytest.approx([5.5, 9.5, 7.0, 11.0], abs=0.03)


def test_paths_of_the_structural_model_have_the_moments_that_statsmodels_gives():
    from statsmodels.tsa.statespace.structural import UnobservedComponents  # takes a second

    rng = np.random.default_rng(3)
    y = np.cumsum(rng.normal(0.2, 1, 66)) + np.tile(rng.normal(0, 3, 11), 6)
    shocks = np.random.default_rng(5).standard_normal((40_000, 12))
    paths = simulate_local_linear_trend(y, 11, shocks)
    model = UnobservedComponents(y, level="local linear trend", seasonal=11)
    given = model.fit(disp=False, maxiter=60, cov_type="none", warn_convergence=False)
    expected = given.get_forecast(12)
    assert paths.mean(axis=0) == pytest.approx(expected.predicted_mean, abs=0.2)
    assert paths.std(axis=0) == pytest.approx(expected.se_mean, rel=0.03)


def test_fixed_weights_are_used_as_they_are():
    y = 50 + np.cumsum(np.random.default_rng(2).normal(size=80))
    ensemble = ensemble_of(y, season_length=11, horizon=6, names={"theta": 3.0, "airline": 1.0})
    assert ensemble.weights == {"theta": 0.75, "airline": 0.25}
    assert ensemble.widening == 1.0


@pytest.mark.parametrize("monthly", [0.996, 1.002, 1.006, 1.011])
def test_complex_smoothing_goes_on_as_a_series_grew(monthly):
    y = 100 * monthly ** np.arange(84.0)
    noise = np.random.default_rng(7).normal(0, 0.004, 84)
    fitted = fit_complex_smoothing(y * np.exp(noise))
    centre = simulate_complex_smoothing(fitted, np.zeros((1, 18)))[0]
    assert centre == pytest.approx(100 * monthly ** np.arange(84.0, 102), rel=0.02)


def test_no_pair_of_shocks_stands_in_two_members():
    y = 50 + np.cumsum(np.random.default_rng(2).normal(size=80))
    names = {"theta": 0.5, "autoregression": 0.5}
    ensemble = ensemble_of(y, season_length=1, horizon=2, names=names)
    theta, changes = (ensemble.members[name] for name in names)
    assert np.array_equal(ensemble.paths[:500], theta[:500])
    assert ensemble.paths[500:] == pytest.approx(changes[500:], rel=1e-9)
