import numpy as np
import pytest

from faiwatch.stats.rounding import Term, banded_growth, seen_half_width


@pytest.mark.parametrize(
    ("figures", "half_width"),
    [
        ([1.2, 3.4, 5.0, 6.7, 8.9, 1.1, 2.3, 4.5, 6.1, 0.2], 0.05),
        ([1.25, 3.41, 5.02, 6.77, 8.93, 1.18, 2.34, 4.56, 6.10, 0.21], 0.005),
        ([3.0, 5.0, 2.0, 7.0, 4.0, 6.0, 1.0, 8.0, 9.0, 2.0], 0.5),
        ([3.0, 5.0, 2.0], 0.05),  # too few to call the series coarse
    ],
)
def test_half_width_is_read_from_the_figures(figures, half_width):
    seen = seen_half_width(np.array([figures]), fewest_decimals=1)
    assert seen[0, -1] == pytest.approx(half_width)


def test_one_finer_figure_does_not_change_what_a_series_is_rounded_to():
    figures = [[1.2, 3.4, 5.1, 6.7, 8.9, 1.1, 2.3, 4.5, 6.1, 2.45, 0.3]]
    assert seen_half_width(np.array(figures), fewest_decimals=1)[0, -1] == pytest.approx(0.05)


def test_missing_figures_say_nothing_about_rounding():
    figures = np.array([[np.nan, 1.2, np.nan, 3.4]])
    assert seen_half_width(figures, fewest_decimals=1)[0].tolist() == [0.05] * 4


def terms(values, growths, value_half=0.5, growth_half=0.05):
    shape = [np.array([value]) for value in values], [np.array([growth]) for growth in growths]
    return [
        Term(sign, value, growth, np.array([value_half]), np.array([growth_half]))
        for sign, value, growth in zip((1, -1), *shape, strict=True)
    ]


def test_band_agrees_with_trying_every_corner():
    values, growths = (326111.0, 288229.0), (0.5, 1.6)
    found = banded_growth(terms(values, growths))
    tried = []
    for steps in np.stack(np.meshgrid(*[[-1, 0, 1]] * 4), -1).reshape(-1, 4):
        c, p = values[0] + steps[0] * 0.5, values[1] + steps[1] * 0.5
        g, h = growths[0] + steps[2] * 0.05, growths[1] + steps[3] * 0.05
        tried.append(100 * ((c - p) / (c / (1 + g / 100) - p / (1 + h / 100)) - 1))
    assert found[1].item() == pytest.approx(min(tried), abs=1e-9)
    assert found[2].item() == pytest.approx(max(tried), abs=1e-9)


def test_a_base_that_could_be_zero_leaves_growth_open():
    growth, lo, hi = banded_growth(terms((100.4, 100.0), (5.0, 5.0)))
    assert np.isfinite(growth).all()
    assert np.isnan(lo).all()
    assert np.isnan(hi).all()


def test_a_base_below_zero_has_no_growth():
    growth, _, _ = banded_growth(terms((100.0, 200.0), (5.0, 5.0)))
    assert np.isnan(growth).all()


def test_a_series_that_has_become_coarser_is_coarse():
    fine = [1.25, 3.41, 5.02, 6.77, 8.93, 1.18, 2.34, 4.56, 6.11, 0.21, 7.77] * 4
    coarse = [1.2, 3.4, 5.0, 6.7, 8.9, 1.1, 2.3, 4.5, 6.1, 0.2, 7.7]
    seen = seen_half_width(np.array([fine + coarse]), fewest_decimals=1)
    assert (seen[0, 43], seen[0, -1]) == (0.005, 0.05)
