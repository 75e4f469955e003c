"""One distribution, whatever is asked, and the turn of the year: on figures made up here."""

from dataclasses import replace

import numpy as np
import pytest

from faiwatch.forecast.event_base import averaged, on_base, years_back
from faiwatch.forecast.forecast import forecast_array
from faiwatch.forecast.new_year import between, own_share_weight, reweighted, share_of_published
from faiwatch.forecast.series import ModelSeries, growth_paths

YEARS = 9
NO_EVENT = np.zeros(0, dtype=bool)
SEASON = np.array([2.0, 1.2, 1.3, 1.4, 1.9, 1.3, 1.3, 1.5, 1.4, 1.3, 1.6])


def made(growth):
    """Return blocks whose growth over a year is `growth` (years, 11), and the sums' growth."""
    level = np.empty_like(growth)
    level[0] = SEASON
    for year in range(1, len(growth)):
        level[year] = level[year - 1] * (1 + growth[year] / 100)
    sums = level.cumsum(axis=1)
    ytd = np.full(growth.shape, np.nan)
    ytd[1:] = 100 * (sums[1:] / sums[:-1] - 1)
    return level.ravel(), ytd.ravel()


def noisy():
    return 6 + 3 * np.random.default_rng(4).standard_normal((YEARS, 11))


def series(*, is_total=True, has_level=True, known=YEARS * 11 - 4):
    level, ytd = (part[:known] for part in made(noisy()))
    values = level if has_level else ytd
    basis = "comparable_level" if has_level else "published_growth"
    return ModelSeries(basis, values, values, 22000, 0.05, 0.01, float(ytd[-1]), ytd, ytd, is_total)


@pytest.mark.parametrize("has_level", [True, False])
def test_a_forecast_does_not_depend_on_how_far_is_asked(has_level):
    near, far = (growth_paths(series(has_level=has_level), horizon=h) for h in (5, 14))
    np.testing.assert_array_equal(near.ytd_yoy_pct, far.ytd_yoy_pct[:, :5])
    if has_level:
        np.testing.assert_array_equal(near.block_yoy_pct, far.block_yoy_pct[:, :5])
        np.testing.assert_array_equal(near.ytd_value_100m, far.ytd_value_100m[:, :5])


def test_an_array_does_not_depend_on_how_far_is_asked_either():
    y = made(noisy())[0]
    near, far = (forecast_array(y, season_length=11, horizon=h) for h in (3, 25))
    np.testing.assert_array_equal(near.paths, far.paths[:, :3])
    again = forecast_array(y, season_length=11, horizon=3)
    np.testing.assert_array_equal(near.paths, again.paths)


def test_ranges_widen_with_the_horizon():
    found = growth_paths(series(known=(YEARS - 1) * 11), horizon=18)  # from a December
    low, high = np.quantile(found.ytd_yoy_pct, [0.1, 0.9], axis=0)
    of_february = (high - low)[[0, 11]]
    assert of_february[1] > of_february[0] > 0


def test_value_growth_and_block_of_a_path_say_the_same():
    known = series()
    found = growth_paths(known, horizon=15)
    month = found.periods.month.to_numpy()
    december, feb = np.flatnonzero(month == 12)[0], np.flatnonzero(month == 2)[0]
    a_year_on = np.flatnonzero(month == 12)[-1]
    assert feb == december + 1
    if a_year_on > december:
        ratio = found.ytd_value_100m[:, a_year_on] / found.ytd_value_100m[:, december]
        np.testing.assert_allclose(100 * (ratio - 1), found.ytd_yoy_pct[:, a_year_on])
    # February is one block, so its growth is the growth of the year so far
    np.testing.assert_allclose(found.block_yoy_pct[:, feb], found.ytd_yoy_pct[:, feb])
    step = found.ytd_value_100m[:, feb + 1] - found.ytd_value_100m[:, feb]
    base = known.values[(YEARS - 1) * 11 + 1]
    np.testing.assert_allclose(100 * (step / base - 1), found.block_yoy_pct[:, feb + 1])


@pytest.mark.parametrize(("share", "weight"), [(0.0, 0.5), (1.0, 0.3), (0.4, 1.0), (0.2, 0.0)])
def test_as_many_paths_are_negative_as_both_say_together(share, weight):
    paths = np.random.default_rng(2).normal(1.0, 2.0, (400, 1))
    before = (paths < -0.05).mean()
    found = reweighted(paths, below=-0.05, share=share, weight=np.array([weight]))
    chance = (found < -0.05).mean()
    assert chance == pytest.approx((1 - weight) * before + weight * share, abs=0.5 / 400)
    below, above = np.quantile(found, [max(chance - 0.01, 0), min(chance + 0.01, 1)])
    assert below < -0.05 or chance < 0.01
    assert above >= -0.05 or chance > 0.99
    order = np.argsort(paths[:, 0], kind="stable")
    assert (np.diff(found[order, 0]) >= 0).all()  # every path at its old rank


def test_a_side_without_paths_is_the_figure_next_to_zero():
    found = reweighted(np.array([[-9.0], [-7.0]]), below=-0.05, share=0.0, weight=np.array([0.5]))
    assert sorted(found.ravel()) == [-8.0, -0.05]
    found = reweighted(np.array([[9.0], [7.0]]), below=-0.05, share=1.0, weight=np.array([0.5]))
    assert sorted(found.ravel()) == [-0.1, 8.0]


def test_the_own_share_counts_from_the_next_year_on():
    weight = own_share_weight(11 + 3, 18)  # known up to April
    assert (weight[:8] == 0).all()
    assert (np.diff(weight[8:]) >= 0).all()
    assert weight[-1] == 0.5


def test_published_growth_leads_where_late_months_carry_revisions():
    rng = np.random.default_rng(7)
    revised = 5 + np.zeros((YEARS, 11))
    revised[:, 7:] -= rng.uniform(15, 30, (YEARS, 1))  # autumn falls that February knows nothing of
    level, ytd = made(revised)
    share = share_of_published(ytd, level, 11, is_event=NO_EVENT)
    assert share[0] > 0.9
    assert (np.diff(share) <= 0).all()
    drifting = np.cumsum(np.full((YEARS, 11), 0.8).ravel()).reshape(YEARS, 11)
    level, ytd = made(drifting)  # block growth rises all the time, the sum lags behind
    assert share_of_published(ytd, level, 11, is_event=NO_EVENT)[0] == pytest.approx(0.25)


def test_quantiles_of_two_sets_meet_between_them():
    rng = np.random.default_rng(1)
    one, other = rng.normal(0, 1, (50, 3)), rng.normal(4, 3, (80, 3))
    np.testing.assert_allclose(between(one, other, np.zeros(3)), one)
    half = between(one, other, np.full(3, 0.5))
    middle = (np.median(one, axis=0) + np.median(other, axis=0)) / 2
    np.testing.assert_allclose(np.median(half, axis=0), middle, atol=0.2)
    assert (np.argsort(half, axis=0) == np.argsort(one, axis=0)).all()


def test_the_own_share_of_a_part_counts_half_as_much_as_that_of_the_total():
    whole, part = (own_share_weight(14, 18, is_total=is_total) for is_total in (True, False))
    assert whole.max() == 0.5
    assert np.array_equal(part, whole / 2)


def test_february_goes_to_published_growth_alone_where_that_was_the_better():
    revised = 5 + np.zeros((YEARS, 11))
    revised[:, 7:] -= np.random.default_rng(7).uniform(15, 30, (YEARS, 1))
    level, ytd = made(revised)
    share = share_of_published(ytd, level, 13, is_event=NO_EVENT)
    assert share[0] == 1
    assert 0.25 <= share[1] < 1
    assert (share[11:] == 0.25).all()


def test_published_growth_says_nothing_of_a_year_that_holds_an_event():
    level, ytd = made(noisy())
    known = (YEARS - 1) * 11 + 4  # up to May
    is_event = np.arange(known) == known - 2  # April
    share = share_of_published(ytd[:known], level[:known], 18, is_event=is_event)
    assert (share[:7] == 0).all()
    assert (share[7:] >= 0.25).all()


def with_event(years=10, dip=-30.0):
    """Return steady growth of 5 % whose March of the last year but two falls, and comes back."""
    block = np.full((years, 11), 5.0)
    hit = years - 3
    block[hit, 1] = dip
    block[hit + 1, 1] = 100 * (1.05**2 / (1 + dip / 100) - 1)
    level, ytd = made(block)
    return level, ytd, np.arange(years * 11) == hit * 11 + 1


@pytest.mark.parametrize("has_level", [True, False])
def test_growth_after_an_event_rests_on_the_base_that_is_known(has_level):
    level, ytd, is_event = with_event()
    known = (10 - 2) * 11  # up to the December of the event's year
    kept, left_out = ytd[11:known], is_event[11:known]
    fitted = np.where(left_out, np.nan, averaged(kept, left_out))
    values = level[11:known] if has_level else kept
    one = ModelSeries(
        "comparable_level" if has_level else "published_growth",
        values,
        np.where(left_out, np.nan, values),
        22000,
        0.05,
        0.0,
        float(kept[-1]),
        kept,
        fitted,
        is_event=left_out,
    )
    told, of_nothing = (
        np.median(growth_paths(each, horizon=3).ytd_yoy_pct[:, 1])
        for each in (one, replace(one, is_event=NO_EVENT))
    )
    came = ytd[known + 1]  # March again
    assert abs(told - came) < abs(5 - came) / 2
    assert has_level or of_nothing < 6


def test_averages_are_put_back_to_the_growth_that_they_came_from():
    _, ytd, is_event = with_event()
    mean = averaged(ytd, is_event)
    years = years_back(is_event, len(ytd))
    assert set(years) == {1, 2, 3}
    assert np.nanmax(np.abs(mean[(years > 1) & np.isfinite(ytd)] - 5)) < 2.5
    for known in (8 * 11, 8 * 11 + 5):  # the base of later releases is then among the paths
        told = on_base(mean[None, known:], ytd[:known], is_event[:known])
        np.testing.assert_allclose(told[0], ytd[known:])


def test_an_event_that_is_not_known_yet_changes_nothing():
    _, ytd, is_event = with_event()
    known = 7 * 11 + 1
    assert not is_event[:known].any()
    paths = np.full((2, 18), 3.0)
    np.testing.assert_array_equal(on_base(paths, ytd[:known], is_event[:known]), paths)
    np.testing.assert_array_equal(averaged(ytd[:known], is_event[:known]), ytd[:known])
