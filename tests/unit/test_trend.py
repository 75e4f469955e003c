"""Trend, phase and turning points of one series, and what is said of them."""

import dataclasses
import functools

import numpy as np
import pandas as pd
import pytest

from faiwatch.core.errors import DataMissingError
from faiwatch.core.text import Text
from faiwatch.data.reference import ScopeBreak, breaks_of, scope_breaks
from faiwatch.forecast.cycle import cycle_of
from faiwatch.forecast.cycle_findings import cycle_findings, cycle_tone
from faiwatch.forecast.phases import phases
from faiwatch.forecast.series import ModelSeries, model_series
from faiwatch.forecast.trend import (
    fit_trend,
    look_back,
    season_ratios,
    series_in_use,
    trend_table,
)
from faiwatch.forecast.turning_points import Rules, turning_points
from faiwatch.stats.growth import measures
from faiwatch.stats.scopes import scope_in_force, scope_marks
from faiwatch.view.tables.trend import methods_table, ratios_table, turns_table

FIRST = 2010 * 11  # a February
SEASON = np.array([9.0, 8, 8, 9, 12, 8, 8, 8, 8, 8, 14]) / 100
NAME = Text("某地固定资产投资", "fixed-asset investment somewhere")


def series(values, fitted=None, basis="comparable_level"):
    fitted = values if fitted is None else fitted
    return ModelSeries(basis, values, fitted, FIRST, 0.05, 0.0, float(values[-1]))


def cycling(years=15, noise=0.01, basis="comparable_level"):
    """Return a series whose yearly growth swings between 0 and 10 percent every five years."""
    t = np.arange(years * 11)
    growth = 5 + 5 * np.sin(2 * np.pi * t / 55)
    chance = noise * np.random.default_rng(0).standard_normal(len(t))
    if basis == "published_growth":
        return growth + 100 * chance
    level = np.exp(np.cumsum(np.log1p(growth / 100) / 11) + chance)
    return 1000 * level * np.tile(SEASON, years) * 11


def growth_now(values, method):
    return fit_trend(series(values), method=method).growth_pct


@pytest.mark.parametrize("method", ["ucm", "stl"])
def test_both_methods_find_growth_that_is_there(method):
    found = growth_now(cycling(), method)
    t = np.arange(len(found))
    inside = slice(22, -22)
    assert np.abs(found - (5 + 5 * np.sin(2 * np.pi * t / 55)))[inside].max() < 2


def test_the_season_is_taken_off():
    found = fit_trend(series(cycling(noise=0.0)))
    assert found.adjusted == pytest.approx(found.level, rel=0.01)
    assert found.season[:11] == pytest.approx(
        SEASON * 11 / np.exp(np.log(SEASON * 11).mean()), rel=0.01
    )


def test_an_event_moves_nothing_but_its_own_adjusted_figure():
    values = cycling()
    hit = values.copy()
    hit[60] *= 0.5
    fitted = hit.copy()
    fitted[60] = np.nan
    left_out = fit_trend(series(hit, fitted))
    assert left_out.growth_pct == pytest.approx(fit_trend(series(values)).growth_pct, abs=0.3)
    assert left_out.adjusted[60] == pytest.approx(left_out.level[60] / 2, rel=0.05)
    table = trend_table(left_out, region_code="990101", indicator="total")
    assert table["state"].iloc[60] == "event"


def test_a_gap_stays_missing_and_the_trend_goes_through_it():
    values = cycling()
    values[80:83] = np.nan
    for method in ("ucm", "stl"):
        found = fit_trend(series(values), method=method)
        assert np.isnan(found.adjusted[80:83]).all()
        assert np.isfinite(found.growth_pct).all()
    assert (fit_trend(series(values)).hi_pct - fit_trend(series(values)).lo_pct)[81] > (
        fit_trend(series(cycling())).hi_pct - fit_trend(series(cycling())).lo_pct
    )[81]


def test_stl_has_no_band():
    assert np.isnan(fit_trend(series(cycling()), method="stl").hi_pct).all()


def test_the_fit_starts_after_the_last_long_gap():
    values = cycling()
    values[1:11] = np.nan
    values[30:35] = np.nan  # five in a row are bridged
    used = series_in_use(series(values))
    assert used.first == FIRST + 11
    values[40:46] = np.nan  # six are not
    assert series_in_use(series(values)).first == FIRST + 46


def test_a_short_series_is_told_so():
    with pytest.raises(DataMissingError) as told:
        series_in_use(series(cycling(years=2)))
    assert "22" in told.value.message("en")
    assert "33" in told.value.message("zh")
    assert told.value.exit_code == 10
    with pytest.raises(DataMissingError, match="0"):
        series_in_use(series(np.full(40, np.nan)))


def test_only_the_scope_in_force_is_used():
    table = pd.DataFrame(
        {
            "region_code": "000000",
            "indicator": "infrastructure",
            "period": pd.PeriodIndex(["2025-12", "2026-02", "2026-03"], freq="M"),
        }
    )
    new = ScopeBreak("infrastructure", "2026-02", "do_not_join", Text("", ""), "")
    assert scope_in_force(table, [new])["period"].astype(str).tolist() == ["2026-02", "2026-03"]
    assert len(scope_in_force(table, [])) == 3


def test_the_trend_is_the_mean_over_season_ratios_by_likelihood_and_its_band_holds_their_spread():
    rng = np.random.default_rng(5)
    drifting = np.cumsum(rng.normal(0, 0.02, (15, 11)), axis=0).ravel()  # a season that moves
    one = series(cycling() * np.exp(drifting))
    found = season_ratios(one)
    weight, growth, low = (
        np.array([getattr(each, name) for each in found])
        for name in ("weight", "growth_pct", "lo_pct")
    )
    assert weight.sum() == pytest.approx(1)
    assert 0.05 < weight.max() < 0.95
    trend = fit_trend(one)
    pace = 100 * np.log1p(growth / 100)
    sd = pace - 100 * np.log1p(low / 100)
    mean = (weight * pace).sum()
    assert trend.growth_pct[-1] == pytest.approx(100 * np.expm1(mean / 100), abs=0.05)
    spread = np.sqrt((weight * (sd**2 + (1.2816 * (pace - mean)) ** 2)).sum())
    assert trend.lo_pct[-1] == pytest.approx(100 * np.expm1((mean - spread) / 100), abs=0.05)
    assert season_ratios(series(cycling(basis="published_growth"), basis="published_growth")) == []


def test_revisions_of_the_last_estimate_are_told_as_plain_code_counts_them():
    cycle, found = told()
    rows = cycle.direction.table
    trend = cycle.trend_by("ucm").set_index("period")["trend_growth_pct"]
    assert rows["growth_stands_pct"].to_numpy() == pytest.approx(trend[rows["period"]].to_numpy())
    both = zip(rows["growth_told_pct"], rows["growth_stands_pct"], strict=True)
    off = sorted(abs(then - now) for then, now in both)
    middle = (off[(len(off) - 1) // 2] + off[len(off) // 2]) / 2
    assert found["trend_revision"].value == pytest.approx(middle)
    assert f"最大{off[-1]:.1f}" in found["trend_revision"].zh
    assert f"worst {off[-1]:.1f}" in found["trend_revision"].en


@pytest.mark.parametrize(("swing", "small"), [(0.6, True), (4.0, False)])
def test_the_page_says_how_large_the_turn_was_and_whether_that_counts(swing, small):
    cycle, _ = told(has_level=False)
    turns = cycle.turns.copy()
    last = turns.index[turns["method"] == "ucm"][-2]
    turns.loc[last, ["swing", "is_small"]] = swing, small
    measured = measured_cycle(has_level=False)
    changed = dataclasses.replace(cycle, turns=turns)
    found = cycle_findings(changed, measured, name=NAME, as_of="2024-10")
    assert f"的高点此前升{swing}个百分点" in found["detail_turn"].zh
    assert ("（小于误差，不显著）" in found["detail_turn"].zh) == small
    assert ("not material" in found["detail_turn"].en) == small
    assert found["turn_swing"].value == swing
    assert ("不显著" in found["turn_swing"].zh) == small


def test_looking_back_uses_nothing_that_came_later():
    values = cycling(basis="published_growth")
    looked = look_back(series(values, basis="published_growth"))
    for known, told in zip(looked.known, looked.growth_pct, strict=True):
        alone = fit_trend(series(values[:known], basis="published_growth")).growth_pct
        assert told == pytest.approx(alone)
    assert looked.widening >= 1


@pytest.mark.parametrize(
    ("growth", "phase"),
    [
        (np.linspace(0, 10, 40), "expansion"),
        (np.linspace(10, 0, 40), "contraction"),
        (np.r_[np.linspace(0, 20, 36), 19.0, 18, 17, 16], "slowdown"),
        (np.r_[np.linspace(20, 0, 36), 1.0, 2, 3, 4], "recovery"),
    ],
)
def test_four_phases(growth, phase):
    found = phases(pd.DataFrame({"trend_growth_pct": growth}))
    assert found["phase"].iloc[-1] == phase
    assert found["phase"].iloc[:32].isna().all()


RULES = Rules(window=1, phase=2, cycle=4)


@pytest.mark.parametrize(
    ("values", "turns"),
    [
        ([0, 1, 2, 3, 4], ""),  # monotonic
        ([1, 1, 1, 1, 1], ""),  # constant: nothing is strictly higher
        ([0, 2, 4, 2, 0, 2, 4, 2, 0], "P2 T4 P6"),
        ([0, 3, 2, 1, 1.5, 0.5], "P1"),  # the trough is exceeded at the end
        ([9, 2, 3, 1, 0, 1, 2], "T4"),  # the peak is exceeded at the start
        ([0, 2, 5, 4, 6, 3, 0, 1, 2, 1], "P4 T6 P8"),  # phase and cycle too short: 5 goes
        ([0, 2, 5, 4, np.nan, 3, 0, 1, 2, 1], "P2 T6 P8"),  # beside a gap nothing is dated
    ],
)
def test_turning_points_worked_by_hand(values, turns):
    found = turning_points(np.array(values, dtype=float), rules=RULES)
    assert " ".join(f"{turn.kind[0].upper()}{turn.place}" for turn in found) == turns


MONTHS = [f"{year}-{month:02d}" for year in range(2012, 2025) for month in range(2, 13)]


def measured_cycle(until="2024-10", has_level=True):
    """Return measures of a series whose growth swings, quickening and slowing for years."""
    growth = np.round(5 + 5 * np.sin(2 * np.pi * np.arange(len(MONTHS)) / 55), 1)
    value = 1000 * np.tile(np.cumsum(SEASON), 13) * np.repeat(1.05 ** np.arange(13), 11)
    table = pd.DataFrame(
        {
            "region_code": "000000",
            "indicator": "total",
            "period": pd.PeriodIndex(MONTHS, freq="M"),
            "ytd_value_100m": value if has_level else np.nan,
            "ytd_yoy_pct": growth,
            "file": "data/figures.csv",
            "row": range(2, 2 + len(MONTHS)),
        }
    )
    return measures(table[table["period"] <= until])


@functools.cache
def told(method="ucm", **options):
    measured = measured_cycle(**options)
    cycle = cycle_of(model_series(measured), keys=("000000", "total"), method=method)
    return cycle, cycle_findings(cycle, measured, name=NAME, as_of="2024-10")


def test_one_line_says_growth_and_phase_and_the_next_band_and_turn():
    cycle, found = told(has_level=False)
    verdict = found["verdict"]
    assert verdict.zh.startswith("某地固定资产投资累计增速趋势")
    assert verdict.zh.endswith("%，处于“收缩”阶段。")
    assert verdict.en.endswith("%, in contraction.")
    assert found["detail_turn"].zh.startswith("2024年10月，80%区间[")
    assert "]；2023年" in found["detail_turn"].zh
    assert "]; the peak of " in found["detail_turn"].en
    assert found["detail_phase"].zh.endswith("：仍在回落。")
    assert found["detail_phase"].en.endswith(": it is still slowing.")
    assert verdict.inputs[-1].period == "2024-10"
    assert cycle_tone(cycle) == "positive"


def test_counts_of_releases_and_months_travel_together():
    cycle, found = told(has_level=False)
    turns = cycle.turns_by("ucm")
    now = turns.iloc[-1]
    months = (now["period"] - turns["period"].iloc[-2]).n
    assert (now["kind"], now["n_months"]) == ("now", months)
    assert found["since_turn"].zh == f"{months}个月（{int(now['n_releases'])}次发布）"


def test_a_direction_within_the_usual_error_is_not_called():
    cycle, found = told()
    error = cycle.direction.error_pp
    assert not cycle.direction.is_clear(error)
    assert cycle.direction.is_clear(-1.01 * error)
    change = cycle.trend_by("ucm")["change_pp"].iloc[-1]
    clear = abs(change) > error
    assert (found["phase"].state == "ok") == clear
    assert ("暂定" not in found["phase"].zh) == clear
    assert ("尚难判断" not in found["detail_phase"].zh) == clear


def test_growth_only_series_have_no_level_and_no_season():
    cycle, found = told(has_level=False)
    assert not cycle.has_level
    assert "detail_level" not in found
    assert set(cycle.turns["series"]) == {"growth"}
    assert cycle.trends["seasonal_pct"].isna().all()


def test_the_page_can_speak_by_stl_and_then_gives_no_band():
    cycle, found = told(method="stl")
    assert "区间" not in found["detail_turn"].zh
    assert found["detail_turn"].en.startswith("October 2024; the ")
    assert found["trend_growth"].value == cycle.trend_by("stl")["trend_growth_pct"].iloc[-1]


def test_a_turn_near_the_end_is_provisional():
    cycle, found = told(until="2023-12", has_level=False)
    turn = cycle.turns_by("ucm").iloc[-2]
    assert turn["is_provisional"]
    assert found["last_turn"].state == "indeterminate"
    assert "（暂定）" in found["detail_turn"].zh
    assert "暂定" in turns_table(cycle, lang="zh").frame["mark"].iloc[1]


def test_a_series_without_turns_and_without_a_past_says_so():
    steady = np.full(36, 4.0)
    cycle = cycle_of(series(steady, basis="published_growth"), keys=("000000", "total"))
    measured = measured_cycle(until="2015-05", has_level=False)
    found = cycle_findings(cycle, measured, name=NAME, as_of="2015-05")
    assert "没有转折点" in found["detail_turn"].zh
    for name in ("last_turn", "since_turn", "direction_stood", "turn_found"):
        assert found[name].state == "missing"
    assert turns_table(cycle, lang="en").frame.empty


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_tables_hold_words_for_every_cell(lang):
    cycle, _ = told()
    for show in (turns_table, methods_table, ratios_table):
        table = show(cycle, lang=lang)
        assert list(table.columns) == list(table.words.columns)
        assert not table.words.isin(["nan", "None"]).any(axis=None)
    assert len(methods_table(cycle, lang=lang).frame) == 2


def test_the_breaks_that_are_known_divide_unless_others_are_given():
    known = next(one for one in scope_breaks() if one.divides)
    month = pd.Period(known.period, "M")
    indicator = "total" if known.indicator == "*" else known.indicator
    table = pd.DataFrame(
        {
            "region_code": "000000",
            "indicator": indicator,
            "period": pd.PeriodIndex([month - 12, month], freq="M"),
        }
    )
    assert scope_in_force(table)["period"].tolist() == [month]
    assert known in breaks_of("000000", indicator)
    marks = scope_marks("000000", indicator, "zh")
    assert known.what.zh in marks.loc[marks["period"] == month, "label"].tolist()
