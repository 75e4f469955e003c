"""The forecast page on series of every kind: honest words, both languages, no look-ahead."""

import re
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from faiwatch.api import open_page
from faiwatch.core.errors import DataMissingError
from faiwatch.core.text import half_up
from faiwatch.data.events import event_months
from faiwatch.forecast import cached
from faiwatch.forecast.cached import track_record_of
from faiwatch.forecast.prospect import prospect_findings, prospect_tone
from faiwatch.forecast.record_findings import change_findings, record_findings, simple_findings
from faiwatch.forecast.track_record import errors_by_horizon, reliability_table
from faiwatch.page.ahead import Forecast
from faiwatch.page.forecast import left_out
from faiwatch.view.charts import forecast, track_record
from faiwatch.view.charts.theme import TOKENS
from faiwatch.view.tables.forecast import (
    change_table,
    forecast_table,
    horizon_table,
    left_out_table,
    models_table,
    ranges_table,
    targets_table,
    turns_table,
)

MONTHS = [f"{year}-{month:02d}" for year in range(2015, 2027) for month in range(2, 13)]
N = 40
NOISE = np.random.default_rng(1).normal(0, 1, N)
SERIES = {
    "one": np.array([1.0]),
    "short": np.array([1.0, -2.0, 3.0]),
    "constant": np.full(N, 4.0),
    "zero": np.zeros(N),
    "negative": -5 + NOISE,
    "gappy": np.where(np.arange(N) % 6 == 4, np.nan, 3 + NOISE),
    "turning": np.linspace(4, -1, N),
}


@pytest.fixture(scope="module", autouse=True)
def folder(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FAIWATCH_CACHE", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("OMP_NUM_THREADS", "1")
        yield


def own_page(folder, growth):
    path = folder / "own.csv"
    frame = pd.DataFrame(
        {
            "region_code": "610702",
            "indicator": "total",
            "period": MONTHS[: len(growth)],
            "ytd_yoy_pct": np.round(growth, 1),
        }
    )
    frame.to_csv(path, index=False)
    return open_page("04_forecast", {"region": "610702", "data": str(path), "lang": "zh"})


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """Return the page of one of the series and its prospect, worked out once for both languages."""

    @cache
    def in_chinese(name):
        return own_page(tmp_path_factory.mktemp(name), SERIES[name])

    @cache
    def tell(name, lang):
        page = in_chinese(name)
        page = replace(page, parameters=page.parameters.model_copy(update={"lang": lang}))
        return page, page.series.prospect()

    return tell


def everything(page, prospect):
    """Return all findings, figures and tables of the page."""
    events = sorted(event_months("total"))
    change = Forecast(page.series, prospect).changed
    found = prospect_findings(prospect) | record_findings(prospect, events=events)
    found |= change_findings(prospect, change) | simple_findings(prospect)
    subject, key = page.series.subject, ("610702", "total")
    by_horizon = errors_by_horizon(prospect.record)
    figures = [
        forecast.fan(prospect.measured, prospect.paths, subject=subject, events=events),
        forecast.negative_chances(prospect.probabilities, key=key, subject=subject),
        track_record.errors(by_horizon, key=key, subject=subject),
        track_record.reliability(reliability_table(prospect.record), key=key, subject=subject),
    ]
    if len(change):
        figures.append(forecast.news(change, key=key, subject=subject))
    tables = [
        forecast_table(prospect, lang=page.lang),
        targets_table(prospect, lang=page.lang),
        models_table(prospect, lang=page.lang),
        horizon_table(prospect.record, lang=page.lang),
        ranges_table(prospect.record, lang=page.lang),
        turns_table(prospect.record, events=events, lang=page.lang),
        left_out_table(left_out(prospect), lang=page.lang),
        change_table(change, lang=page.lang),
    ]
    return found, figures, tables


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", SERIES)
def test_any_series_gets_a_whole_page(name, lang, told):
    page, prospect = told(name, lang)
    found, figures, tables = everything(page, prospect)
    assert all(finding.zh and finding.en for finding in found.values())
    assert not any("nan" in finding.zh + finding.en for finding in found.values())
    assert all(figure.caption and "<svg" in figure.svg() for figure in figures)
    assert all(set(table.columns) <= set(table.words) for table in tables)
    rows = prospect.rows()
    assert np.isfinite(rows["value"]).all()
    assert set(rows["output_type"]) == {"mean", "quantile", "probability"}
    assert label_of_december(figures[0]) <= lowest_near_december(prospect) + 1e-9


def label_of_december(figure):
    """Return at which value the words of the forecast of December hang, below all that is near."""
    spec = figure.spec()
    (label,) = [
        one
        for one in spec["layer"]
        if one["mark"]["type"] == "text" and one["encoding"]["text"].get("field") == "words"
    ]
    assert label["mark"]["baseline"] == "top"
    (row,) = spec["datasets"][label["data"]["name"]]
    return row["value_pct"]


def lowest_near_december(prospect):
    past = prospect.measured.dropna(subset="ytd_yoy_pct").tail(4)["ytd_yoy_pct"]
    centre = np.median(prospect.paths.ytd_yoy_pct, axis=0)
    december = [period.month for period in prospect.paths.periods].index(12)
    near = [*past.iloc[december:], *centre[max(0, december - 4) : december + 5]]
    return float(half_up(min(near), 1))  # as points are drawn


def test_the_page_is_a_short_verdict_and_says_where_a_simple_method_is_better(
    tmp_path,
):
    falling = np.linspace(4, -4, 62) + np.random.default_rng(3).normal(0, 0.3, 62)
    page = own_page(tmp_path, falling)
    verdict = page.verdict()
    assert [one.id for one in verdict.details] == ["detail_simple", "detail_change"]
    assert len(verdict.finding.zh) < 100
    record = page.record().plain
    assert page.findings["detail_record"].zh in record
    assert page.findings["detail_model"].zh in record
    told = page.prospect.targets
    assert told["target"].tolist() == ["next", "year_end", "february", "year_on"]
    for row in told.to_dict("records"):
        finding = page.findings[f"gain_{row['target']}"]
        if not row["simple"]:
            assert finding.state == "missing"
            continue
        assert finding.value == pytest.approx(row["simple_error_pp"] - row["error_pp"])
        rows = page.prospect.rows()
        models = set(rows.loc[rows["period"] == row["period"], "model"])
        assert models == {"ensemble" if row["used"] == "forecast" else row["used"]}
        assert (finding.value < -1e-6) == (row["used"] != "forecast")
    page_numbers = {f"gain_{name}" for name in told["target"]}
    assert page_numbers <= set(page.findings)


def test_a_series_too_short_for_a_model_takes_no_side(told):
    _, prospect = told("short", "zh")
    assert prospect_tone(prospect) == "indeterminate"
    verdict = prospect_findings(prospect)["verdict"]
    assert verdict.state == "indeterminate"
    assert "太短" in verdict.zh
    record = record_findings(prospect, events=[])
    assert record["detail_record"].state == record["brier"].state == "missing"
    assert record["detail_model"].en == "Model: random walk."


def test_what_is_no_better_than_last_year_again_is_replaced_and_said(tmp_path):
    season = np.random.default_rng(2).normal(0, 6, 11)
    repeating = np.tile(season, 5)[:48]
    prospect = own_page(tmp_path, repeating).series.prospect(models="damped_trend")
    assert prospect.is_fallback
    assert prospect.used == ("seasonal_naive",)
    assert "seasonal naive is used" in record_findings(prospect, events=[])["detail_model"].en
    assert set(prospect.rows()["model"]) == {"seasonal_naive"}
    np.testing.assert_allclose(
        np.median(prospect.paths.ytd_yoy_pct, axis=0)[:6], np.round(repeating[-11:-5], 1), atol=0.6
    )


def test_a_forecast_rests_on_its_own_series_and_on_no_other_region_or_indicator(tmp_path):
    page = own_page(tmp_path, SERIES["turning"])
    alone = page.series.prospect().paths.ytd_yoy_pct
    mine = pd.read_csv(tmp_path / "own.csv", dtype={"region_code": str})
    others = [
        mine.assign(region_code="000000", ytd_yoy_pct=-20.0),
        mine.assign(region_code="610000", ytd_yoy_pct=15.0),
        mine.assign(indicator="private", ytd_yoy_pct=30.0),
    ]
    pd.concat([mine, *others]).to_csv(tmp_path / "many.csv", index=False)
    words = {"region": "610702", "data": str(tmp_path / "many.csv")}
    among = open_page("04_forecast", words).series.prospect().paths.ytd_yoy_pct
    np.testing.assert_array_equal(alone, among)


def test_the_future_changes_no_forecast_of_a_track_record(tmp_path):
    page = own_page(tmp_path, 3 + NOISE)
    figures = page.known.of(["610702"], "total")
    changed = figures.assign(ytd_yoy_pct=figures["ytd_yoy_pct"].where(figures.index < N - 1, -50.0))
    before, after = (
        track_record_of(table).drop(columns="actual_pct") for table in (figures, changed)
    )
    pd.testing.assert_frame_equal(before, after)


def test_the_record_of_the_release_before_is_kept_with_it(tmp_path, monkeypatch):
    figures = own_page(tmp_path, 3 + NOISE).known.of(["610702"], "total")
    monkeypatch.setattr(cached, "MOST_ORIGINS", 2)
    monkeypatch.setenv("FAIWATCH_CACHE", str(tmp_path / "fresh"))
    fresh = track_record_of(figures.iloc[:-1])
    monkeypatch.setenv("FAIWATCH_CACHE", str(tmp_path / "kept"))
    assert track_record_of(figures)["origin"].nunique() == 2
    monkeypatch.setattr(cached, "side_by_side", None)  # nothing is fitted again
    pd.testing.assert_frame_equal(track_record_of(figures.iloc[:-1]), fresh)


def test_a_series_without_growth_is_told_and_not_a_fault(tmp_path):
    figures = own_page(tmp_path, 3 + NOISE).known.of(["610702"], "total")
    with pytest.raises(DataMissingError, match="with growth"):
        track_record_of(figures.assign(ytd_yoy_pct=np.nan))


def test_an_origin_that_a_store_can_answer_for_is_forecast_from_what_was_known(tmp_path):
    figures = own_page(tmp_path, 3 + NOISE).known.of(["610702"], "total")
    first = figures.assign(issued=(figures["period"] + 1).dt.to_timestamp(), source="own")
    revised = first.iloc[[-3]].assign(ytd_yoy_pct=9.0, issued=first["issued"].iloc[-1])
    vintages = pd.concat([first, revised], ignore_index=True)
    now = figures.assign(ytd_yoy_pct=figures["ytd_yoy_pct"].where(figures.index != N - 3, 9.0))
    real = track_record_of(now, vintages=vintages)
    assert real["is_real_time"].all()
    pseudo = track_record_of(now)
    assert not pseudo["is_real_time"].any()
    differs = real["forecast_pct"] != pseudo["forecast_pct"]
    assert set(real.loc[differs, "origin"].astype(str)) == {
        str(figures["period"].iloc[-3]),
        str(figures["period"].iloc[-2]),
    }


def test_events_are_shown_with_what_is_done_about_them(tmp_path):
    page = own_page(tmp_path, np.linspace(5, 1, 80))
    table = left_out(page.series.prospect())
    assert {"2020-02", "2021-02"} <= set(table["period"])


def test_charts_use_the_colours_of_the_house_only(told):
    _, figures, _ = everything(*told("turning", "en"))
    for figure in figures:
        colours = set(re.findall(r'(?:fill|stroke)="(#[0-9a-f]{3,6})"', figure.svg()))
        assert colours <= set(TOKENS.values()), figure.id


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", SERIES)
def test_no_release_has_a_chance_that_contradicts_its_range(name, lang, told):
    page, prospect = told(name, lang)
    table = prospect.rows().query("target == 'ytd_yoy_pct'")
    wide = table.pivot(
        index="horizon", columns=["output_type", "output_type_id"], values="value"
    ).sort_index()
    chance = wide["probability", "negative"]
    assert chance.loc[:11].notna().all()
    assert chance.loc[12:].isna().all()
    half = prospect.paths.yoy_half_pct
    for low, high, share in ((0.025, 0.975, 0.975), (0.1, 0.9, 0.9)):
        known = chance.loc[:11]
        below = wide["quantile", f"{high:g}"].loc[:11] < -half
        above = wide["quantile", f"{low:g}"].loc[:11] >= -half
        assert (known[below] >= share - 1e-3).all()
        assert (known[above] <= 1 - share + 1e-3).all()
    shown = forecast_table(prospect, lang=lang).words
    assert (shown["chance"].iloc[11:] == "—").all()
    assert not (shown["chance"].iloc[:11] == "—").any()
    bars = forecast.negative_chances(
        prospect.probabilities, key=("610702", "total"), subject=page.series.subject
    )
    assert len(bars.table) == 11
