"""The analyst's bench without a front end: what is picked, computed, drawn and saved."""

import json
import sys

import altair as alt
import numpy as np
import pandas as pd
import pytest

import faiwatch as fw
from faiwatch.page.explore import GET_DUCKDB
from faiwatch.page.formula import evaluated
from faiwatch.page.parameters import check_parameters
from faiwatch.view.charts.explore import binned


@pytest.fixture(scope="module")
def bench():
    return fw.explore(as_of="2026-08", lang="en")


def test_it_opens_with_the_other_indicators_of_the_region_or_else_the_nation(bench):
    assert bench.keys[0] == ("000000", "total")
    assert {code for code, _ in bench.keys} == {"000000"}
    assert 1 < len(bench.keys) <= 5
    assert fw.explore(region="陕西").keys == [("610000", "total"), ("000000", "total")]


def test_regions_by_name_and_indicators_are_compared_together():
    one = fw.explore(compare=["Shaanxi", 510000, "private"], lang="en")
    assert one.keys[1:] == [("610000", "total"), ("510000", "total"), ("000000", "private")]
    assert list(one.wide()) == ["total", "r610000", "r510000", "private"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"compare": "610000,620000,510000,420000,430000"},
        {"compare": "privat"},
        {"definition": "monthly"},
        {"region": "Guangdnog"},
        {"formula": "main; others"},
        {"regoin": "610000"},
    ],
    ids=lambda wrong: "-".join(map(str, wrong.items())),
)
def test_what_is_wrong_is_refused_and_changes_nothing(wrong):
    one = fw.explore(lang="en")
    before = one.choice
    with pytest.raises(fw.ParameterError):
        one.choose(**wrong)
    assert one.choice == before
    assert "China" in repr(one)


def test_the_bench_says_what_the_series_says(bench):
    nation = fw.series(as_of="2026-08", lang="en")
    assert repr(bench) == repr(nation)
    shown = bench._bundle()
    assert nation.verdict.en in shown["text/html"]
    assert "What is chosen" in shown["text/html"]
    frame, wide = bench.frame, bench.wide()
    last = frame[frame["month"] == "2026-08-01"].set_index("indicator")["value_pct"]
    assert last["total"] == -7.2
    assert wide.iloc[-1].to_dict() == last.to_dict()


def test_compared_lines_hold_the_published_growth(bench):
    table = bench.plot.compare().chart.table.set_index("Period")
    official = fw.series(indicator="private", as_of="2026-08").observations.set_index("month")
    assert table["private investment"].iloc[-1] == official["ytd_yoy_pct"].iloc[-1]
    assert table.shape[1] == 5
    with pytest.raises(fw.ParameterError, match="five"):
        fw.panel("all", lang="en").plot.compare()


@pytest.mark.parametrize("definition", ["ytd", "block", "rolling3"])
def test_the_heat_map_holds_each_release_once(definition):
    nation = fw.series(as_of="2026-08", lang="en")
    table = nation.plot.heat_map(definition=definition, months=24).table.set_index("Year")
    flags = nation.flags()
    by_hand = flags[(flags["definition"] == definition) & (flags["month"] >= "2025-01-01")]
    assert list(table.index) == ["2026", "2025"]
    for row in by_hand.itertuples():
        cell = table.loc[str(row.month.year)].iloc[row.month.month - 2]
        assert cell == pytest.approx(round(row.value_pct, 1), abs=0.0501)
    assert table.loc["2026"].isna().sum() == 4  # September to December are still to come


def test_where_the_sign_is_open_the_heat_map_calls_nothing_negative():
    chart = fw.series(as_of="2026-08", lang="en").plot.heat_map(months=132)
    (rows,) = chart.chart.to_dict()["datasets"].values()
    june = next(row for row in rows if row["window"] == "June 2025")
    assert june["value_pct"] < 0
    assert june["grade"] == "Sign open (?)"
    assert june["told"].endswith("?")


def test_the_parts_make_the_whole_again():
    parts = fw.series(as_of="2026-08").decomposition()
    whole = parts["trend_100m"] * (1 + parts["seasonal_pct"] / 100) * (1 + parts["rest_pct"] / 100)
    np.testing.assert_allclose(whole, parts["observed_100m"], rtol=1e-9)
    grown = fw.series("陕西", as_of="2026-06").decomposition()
    np.testing.assert_allclose(grown["trend_pct"] + grown["rest_pp"], grown["observed_pct"])
    published = fw.series("陕西", as_of="2026-06").observations.set_index("month")["ytd_yoy_pct"]
    assert grown["observed_pct"].iloc[-1] == published.iloc[-1]


def test_each_release_lies_in_one_bin_and_no_bin_mixes_rise_and_fall():
    flags = fw.series(as_of="2026-08").flags()
    known = flags[flags["definition"] == "ytd"].dropna(subset=["value_pct"])
    bins = binned(known)
    assert bins["n"].sum() == len(known)
    for row in bins.itertuples():
        inside = known["value_pct"].ge(row.from_pct) & known["value_pct"].lt(row.to_pct)
        assert (inside & known["state"].eq(row.state)).sum() == row.n
    assert not ((bins["from_pct"] < 0) & (bins["to_pct"] > 0)).any()
    assert bins.loc[bins["state"] == "negative", "to_pct"].max() <= 0


def test_the_distribution_says_where_the_latest_stands():
    nation = fw.series(as_of="2026-08", lang="en")
    values = nation.observations["ytd_yoy_pct"].dropna()
    lower, negative = (values < values.iloc[-1]).sum(), (values < 0).sum()
    told = nation.plot.distribution(months=360).caption
    assert f"{negative} negative" in told
    assert f"{lower} were lower" in told


def test_a_formula_is_pandas_and_nothing_else():
    growth = pd.DataFrame({"main": [1.0, 2.0, 4.0], "others": [0.0, 1.0, 1.0]})
    told = evaluated(growth, "main.rolling(2).mean() - others / 2")
    np.testing.assert_allclose(told, growth["main"].rolling(2).mean() - growth["others"] / 2)
    for wrong in ("main.to_csv(1)", "main.__class__", "wrong - others", "main if others else main"):
        with pytest.raises(fw.ParameterError):
            evaluated(growth, wrong)


def test_the_formula_is_drawn(bench):
    chart = bench.plot.formula().chart
    wide = bench.wide()
    by_hand = wide["total"] - wide.drop(columns="total").mean(axis=1)
    assert chart.table["main - others"].iloc[-1] == pytest.approx(by_hand.iloc[-1], abs=0.0051)


def test_own_figures_stand_beside_and_are_called_own(tmp_path):
    rows = ["610000,total,2026-05,,-1.1", "610000,total,2026-06,,-2.3"]
    path = tmp_path / "own.csv"
    path.write_text(
        "\n".join(["region_code,indicator,period,ytd_value_100m,ytd_yoy_pct", *rows]), "utf-8"
    )
    one = fw.explore(region="Shaanxi", own=str(path), as_of="2026-06", lang="en")
    chart = one.plot.beside().chart
    assert list(chart.table.columns[1:]) == [
        "Shaanxi, fixed-asset investment",
        "own: Shaanxi, fixed-asset investment",
    ]
    assert chart.table.iloc[-1, 1:].tolist() == [-10.4, -2.3]
    assert "own.csv" in chart.source
    assert "own figures" not in repr(fw.explore(lang="en").plot.beside()).lower()[:11]


def test_a_chart_of_ones_own_shows_itself_like_the_others(bench):
    drawn = alt.Chart(bench.frame).mark_line().encode(x="month:T", y="value_pct:Q", color="name:N")
    shown = bench.chart(drawn, "mine")._repr_mimebundle_()
    assert shown["image/svg+xml"].startswith("<svg")


def test_sql_asks_the_figures(bench):
    query = "select ytd_yoy_pct from figures where region_code = '000000' and indicator = 'total'"
    assert bench.sql(f"{query} order by month desc limit 1").iloc[0, 0] == -7.2
    assert bench.sql("select count(distinct name) from compared").iloc[0, 0] == 5


def test_without_duckdb_one_line_says_how_to_get_it(bench, monkeypatch):
    monkeypatch.setitem(sys.modules, "duckdb", None)
    assert bench.sql("select 1").iloc[0, 0] == GET_DUCKDB.en


def test_what_was_chosen_comes_back_from_its_file(tmp_path):
    chosen = {"region": "陕西", "definition": "block", "months": 48, "compare": "510000"}
    one = fw.explore(**chosen, lang="en")
    path = one.save(tmp_path / "mine.json")
    again = fw.explore(**json.loads(path.read_text("utf-8")), lang="en")
    assert again.choice == one.choice
    assert one.parameters("07_regions")["regions"] == "610000,510000"
    assert "compare" not in one.parameters("02_monitor")
    with pytest.raises(fw.ParameterError, match="json"):
        one.save(tmp_path / "mine.txt")


def test_the_file_is_what_a_scheduled_run_takes(tmp_path, monkeypatch, faiwatch_says):
    """Of the bench's own notebook such a run is made: ``tests/notebooks/test_explore.py``."""
    monkeypatch.chdir(tmp_path)
    fw.explore(region="Shaanxi", months=48, lang="en").save("mine.json", "02_monitor")
    jobs = []

    def planned(plan, *_):
        jobs.extend(plan)
        sys.exit(0)

    monkeypatch.setattr("faiwatch.run.report.report", planned)
    code, _, told = faiwatch_says("run", "02_monitor", "-f", "mine.json", "--lang", "en")
    assert code == 0, told
    (job,) = jobs
    asked = check_parameters(job.notebook, dict(job.values))
    assert (job.notebook, asked.region, asked.months) == ("02_monitor", "610000", 48)


@pytest.mark.parametrize("text", ["[1]", "{", '{"region": {"a": 1}}'])
def test_a_file_of_another_kind_is_refused(tmp_path, faiwatch_says, text):
    file = tmp_path / "wrong.json"
    file.write_text(text, "utf-8")
    code, _, told = faiwatch_says("run", "02_monitor", "-f", str(file))
    assert code == 2
    assert "wrong.json" in told
    assert "Traceback" not in told


def test_the_pickers_and_the_bench_say_the_same():
    one = fw.explore(lang="en")
    pickers = one.pickers
    pickers.region.value = "610000"
    assert one.choice.region == "610000"
    assert [value for _, value in pickers.indicator.options] == ["total"]
    pickers.compare.value = ("auto", "510000", "420000")
    assert one.choice.compare == "510000,420000"
    pickers.definition.value = "block"
    assert "single-month" in one.plot.compare().chart.title
    one.choose(region="000000", compare="none", definition="ytd")
    assert (pickers.region.value, pickers.compare.value) == ("000000", ())
    pickers.formula.value = "nothing - others"
    assert "formula" in repr(one.plot.formula()) or "nothing" in repr(one.plot.formula())


def test_a_file_that_is_chosen_is_shown_beside():
    one = fw.explore(lang="en")
    row = "region_code,indicator,period,ytd_value_100m,ytd_yoy_pct\n000000,total,2026-08,,-1.5\n"
    one.pickers._uploaded({"new": [{"name": "../mine.csv", "content": row.encode()}]})
    assert "mine.csv" in one.plot.beside().chart.source
    one.pickers._uploaded({"new": [{"name": "bad.csv", "content": b"a,b\n1,2\n"}]})
    assert "mine.csv" in one.choice.own


def test_saving_by_the_button_names_the_command(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    one = fw.explore(lang="en")
    one.pickers.save.click()
    assert "faiwatch run 02_monitor -f parameters.json" in one.pickers.said.value
    assert json.loads((tmp_path / "parameters.json").read_text("utf-8"))["months"] == 96
