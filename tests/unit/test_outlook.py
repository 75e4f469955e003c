"""Pages that speak of one series read the same paths, kept or computed afresh."""

import numpy as np
import pytest

from faiwatch import outlook
from faiwatch.models.series import growth_paths
from faiwatch.outlook import outlook_of
from faiwatch.page import open_page


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("FAIWATCH_CACHE", str(tmp_path / "cache"))


@pytest.mark.parametrize("region", ["000000", "610000"], ids=["levels", "growth only"])
def test_kept_paths_are_the_computed_ones(region):
    figures = open_page("02_monitor", {"region": region}).figures_of([region], "total")
    first, kept = outlook_of(figures), outlook_of(figures)
    computed = growth_paths(first.series, horizon=12)
    for found in (first.paths, kept.paths):
        assert (found.periods == computed.periods).all()
        np.testing.assert_array_equal(found.ytd_yoy_pct, computed.ytd_yoy_pct)
        np.testing.assert_array_equal(found.block_yoy_pct, computed.block_yoy_pct)
        assert found.weights == computed.weights
        assert {name: path.tolist() for name, path in found.centres.items()} == {
            name: path.tolist() for name, path in computed.centres.items()
        }


def test_a_page_that_looks_less_far_reads_the_same_paths(monkeypatch):
    page = open_page("02_monitor", {})
    whole = page.forecast("total")
    monkeypatch.setattr(outlook, "_as_arrays", None)  # nothing is fitted again
    near = page.forecast("total", horizon=4)
    np.testing.assert_array_equal(near.ytd_yoy_pct, whole.ytd_yoy_pct[:, :4])
    assert (near.periods == whole.periods[:4]).all()


def test_figures_before_a_break_of_scope_are_not_looked_at():
    page = open_page("02_monitor", {})
    series = outlook_of(page.figures_of(["000000"], "infrastructure")).series
    assert str(series.periods[0]) == "2026-02"
