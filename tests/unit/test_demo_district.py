import runpy
import sys

import numpy as np
import pandas as pd
import pytest

from faiwatch.data.source import data_source


@pytest.fixture(scope="module")
def district():
    return data_source("demo").newest()


@pytest.fixture(scope="module")
def values(district):
    return district.pivot(index="period", columns="indicator", values="ytd_value_100m")


@pytest.fixture(scope="module")
def growth(district):
    return district.pivot(index="period", columns="indicator", values="ytd_yoy_pct")


def test_running_the_generator_again_gives_the_same_bytes(project, tmp_path, monkeypatch):
    again = tmp_path / "again.csv"
    script = project / "data" / "demo" / "generate_district.py"
    monkeypatch.setattr(sys, "argv", [str(script), str(again)])
    runpy.run_path(str(script), run_name="__main__")
    assert again.read_bytes() == script.with_name("district.csv").read_bytes()


def test_every_year_has_eleven_releases_and_no_january(values):
    per_year = values.groupby(values.index.year).size()
    assert (per_year.loc[:2025] == 11).all()
    assert 1 not in values.index.month
    assert (str(values.index[0]), str(values.index[-1])) == ("2014-02", "2026-08")


def test_sectors_add_up_to_the_total(values):
    parts = values[["primary", "secondary", "tertiary"]].sum(axis=1)
    assert (parts - values["total"]).abs().max() < 0.005


def test_parts_are_smaller_than_what_they_are_part_of(values):
    assert (values["manufacturing"] < values["secondary"]).all()
    assert (values["real_estate_development"] + values["infrastructure"] < values["tertiary"]).all()
    assert (values["private"] < values["total"]).all()


def test_the_size_is_that_of_a_district(values):
    years = values.loc[values.index.month == 12, "total"]
    assert years.between(200, 400).all()


def test_there_is_one_run_of_negative_releases_and_it_goes_on(growth):
    negative = growth.index[growth["total"] < 0]
    assert negative.tolist() == growth.loc["2025-10":].index.tolist()
    assert len(negative) == 10


def test_growth_from_levels_has_the_wrong_sign_in_some_months(values, growth):
    naive = values["total"] / values["total"].shift(11) - 1
    assert ((naive < 0) & (growth["total"] > 0)).sum() > 12


def test_the_base_is_revised_by_another_share_each_year(values, growth):
    base = values["total"] / (1 + growth["total"] / 100)
    revision = (base / values["total"].shift(11) - 1)[lambda found: found.index.month == 12]
    assert revision.dropna().round(3).nunique() >= 8
    assert revision.min() > -0.08


def test_figures_are_published_in_the_middle_of_the_next_month(district):
    assert (district["issued"].dt.to_period("M") == district["period"] + 1).all()
    assert district["issued"].dt.day.between(16, 18).all()
    assert np.is_busday(district["issued"].to_numpy().astype("datetime64[D]")).all()


def test_figures_are_rounded_as_published(project):
    text = pd.read_csv(project / "data" / "demo" / "district.csv", dtype="str", encoding="utf-8")
    assert text["ytd_value_100m"].str.fullmatch(r"\d+\.\d\d").all()
    assert text["ytd_yoy_pct"].str.fullmatch(r"-?\d+\.\d").all()
    assert not text["ytd_yoy_pct"].eq("-0.0").any()
