"""Laws of trends and turning points: unit-free, symmetric, long enough, in turn."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from faiwatch.forecast.series import ModelSeries
from faiwatch.forecast.trend import fit_trend
from faiwatch.forecast.turning_points import BLOCKS, QUARTERS, turning_points

FEW = settings(max_examples=8)
curves = st.lists(
    st.one_of(st.just(np.nan), st.integers(-20, 20).map(float)), min_size=0, max_size=120
).map(lambda values: np.array(values, dtype=float))
rules = st.sampled_from([BLOCKS, QUARTERS])


@given(curves, rules)
def test_turns_alternate_and_last_long_enough(values, rule):
    found = turning_points(values, rules=rule)
    places = np.array([turn.place for turn in found])
    assert all(one.kind != other.kind for one, other in pairwise(found))
    assert (np.diff(places) >= rule.phase).all()
    assert (places[2:] - places[:-2] >= rule.cycle).all()
    assert all(rule.window <= place < len(values) - rule.window for place in places)


@given(curves, rules)
def test_a_mirrored_series_has_mirrored_turns(values, rule):
    turns = [(turn.place, turn.kind) for turn in turning_points(values, rules=rule)]
    mirrored = [(turn.place, turn.kind) for turn in turning_points(-values, rules=rule)]
    other = {"peak": "trough", "trough": "peak"}
    assert mirrored == [(place, other[kind]) for place, kind in turns]


@FEW
@given(st.integers(0, 1000), st.sampled_from([1e-4, 0.1, 1e4]), st.sampled_from(["ucm", "stl"]))
def test_the_unit_of_the_level_does_not_matter(seed, factor, method):
    rng = np.random.default_rng(seed)
    level = 100 * np.exp(np.cumsum(rng.normal(0.003, 0.02, 88)))

    def growth(values):
        series = ModelSeries("comparable_level", values, values, 22110, 0.05, 0.0, 1.0)
        return fit_trend(series, method=method).growth_pct

    assert np.allclose(growth(level), growth(factor * level), atol=1e-3)
