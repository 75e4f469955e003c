"""Pages that speak of one series read the same paths, kept or computed afresh."""

import numpy as np
import pytest

from faiwatch.api import open_page
from faiwatch.forecast import cached as outlook
from faiwatch.forecast.cached import looked_back, outlook_of
from faiwatch.forecast.probability import full_year_negative
from faiwatch.forecast.series import growth_paths
from faiwatch.forecast.trend import look_back, series_in_use


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("FAIWATCH_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.mark.parametrize("region", ["000000", "610000"], ids=["levels", "growth only"])
def test_kept_paths_are_the_computed_ones(region):
    figures = open_page("02_monitor", {"region": region}).series.figures
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


@pytest.mark.parametrize("region", ["000000", "610000"], ids=["levels", "growth only"])
def test_looking_back_is_kept_as_computed(region, monkeypatch):
    figures = open_page("02_monitor", {"region": region}).series.figures
    series = series_in_use(outlook_of(figures).series)
    fitted, since = [], len(series.periods) - 30
    monkeypatch.setattr(
        outlook, "look_back", lambda *one, **how: fitted.append(look_back(*one, **how)) or fitted[0]
    )
    looked_back(series, since=since)
    monkeypatch.setattr(outlook, "look_back", None)  # nothing is fitted again
    kept, [computed] = looked_back(series, since=since), fitted
    assert (kept.known, kept.widening, kept.n_final) == (
        computed.known,
        computed.widening,
        computed.n_final,
    )
    for one, other in zip(kept.growth_pct, computed.growth_pct, strict=True):
        np.testing.assert_array_equal(one, other)


def test_what_one_page_fitted_the_next_reads(folder, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "1")  # here, not on fresh interpreters
    monkeypatch.setattr(outlook, "MOST_ORIGINS", 2)
    prospect = open_page("04_forecast", {"region": "610000"}).prospect
    kept = sorted(file.name for file in folder.iterdir())
    monkeypatch.setattr(outlook, "_as_arrays", None)  # nothing is fitted again
    paths = open_page("05_target", {"region": "610000"}).forecast("total")
    np.testing.assert_array_equal(paths.ytd_yoy_pct, prospect.paths.ytd_yoy_pct)
    assert sorted(file.name for file in folder.iterdir()) == kept


def test_pages_say_one_chance_where_a_simple_method_is_better(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setattr(outlook, "MOST_ORIGINS", 24)
    asked = {"region": "420000", "as_of": "2026-08"}
    pages = {name: open_page(name, asked) for name in ("04_forecast", "05_target", "10_brief")}
    told = {name: page.findings for name, page in pages.items()}
    whole = told["04_forecast"]["p_full_year_negative"].value
    assert told["10_brief"]["p_full_year_negative"].value == whole
    assert 100 - told["05_target"]["chance_non_negative"].value == pytest.approx(whole)
    of_report = open_page("08_briefing", asked).forecast("total")
    assert 100 * full_year_negative(of_report)[1] == pytest.approx(whole)
    own = outlook_of(pages["04_forecast"].series.figures).paths
    assert 100 * full_year_negative(own)[1] != pytest.approx(whole, abs=0.5)  # of the models alone


def test_a_page_that_looks_less_far_reads_the_same_paths(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setattr(outlook, "MOST_ORIGINS", 2)
    page = open_page("02_monitor", {})
    whole = page.forecast("total")
    monkeypatch.setattr(outlook, "_as_arrays", None)  # nothing is fitted again
    near = page.forecast("total", horizon=4)
    np.testing.assert_array_equal(near.ytd_yoy_pct, whole.ytd_yoy_pct[:, :4])
    assert (near.periods == whole.periods[:4]).all()


def test_figures_before_a_break_of_scope_are_not_looked_at():
    page = open_page("02_monitor", {})
    series = outlook_of(page.known.of(["000000"], "infrastructure")).series
    assert str(series.periods[0]) == "2026-02"
