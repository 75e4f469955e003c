"""The front door: what an analyst imports, and what other libraries make of what it returns."""

import json
import subprocess
import sys
from functools import cache

import altair as alt
import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest
from IPython.core.interactiveshell import InteractiveShell

import faiwatch as fw
from faiwatch import api

book = cache(lambda: fw.ledger("demo"))
nation = cache(lambda: fw.series())
shaanxi = cache(lambda: fw.series("Shaanxi"))
forecast = cache(lambda: shaanxi().forecast(12))
regions = cache(lambda: fw.panel())
FRAMES = {
    "observations": lambda: shaanxi().observations,
    "growth": lambda: shaanxi().growth(),
    "flags": lambda: shaanxi().flags(),
    "spells": lambda: shaanxi().spells(),
    "contributions": lambda: nation().contributions(),
    "forecast": lambda: forecast().table,
    "forecast_rows": lambda: forecast().rows,
    "forecast_targets": lambda: forecast().targets,
    "news": lambda: forecast().news,
    "scenario": lambda: forecast().scenario(-2.5),
    "panel": lambda: fw.panel(["Shaanxi", "Sichuan"]).growth(),
    "diffusion": lambda: regions().diffusion(),
    "catalog": lambda: fw.catalog(),
    "projects": lambda: book().projects,
    "issues": lambda: book().issues,
}
every_frame = pytest.mark.parametrize("name", FRAMES)


@pytest.fixture(scope="module")
def frames():
    return {name: make() for name, make in FRAMES.items()}


def test_the_names_are_listed_in_one_order_and_each_is_there():
    assert fw.__all__ == sorted(fw.__all__) == api.__all__
    assert set(fw.__all__) <= set(dir(fw))
    assert len(fw.__all__) <= 30
    assert all(getattr(fw, name) is not None for name in fw.__all__)


@pytest.mark.parametrize("name", [one for one in fw.__all__ if one[0].islower()])
def test_each_function_shows_how_it_is_used(name):
    words = getattr(api, name).__doc__
    assert "Parameters\n" in words or "Returns\n" in words
    assert "Returns\n" in words or "Examples\n" in words


def test_importing_it_loads_nothing_heavy():
    code = "import sys, faiwatch as fw; dir(fw); print('pandas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_room_of_the_same_name_answers_the_question():
    import faiwatch.ledger.files
    import faiwatch.run.jobs

    assert fw.ledger("demo", "2026-08").month == "2026-08"
    assert faiwatch.run.jobs.Job("02_monitor", {}).name
    assert faiwatch.ledger.files.ledger_file("demo").name == "ledger.xlsx"


@every_frame
def test_a_frame_holds_timestamps_and_plain_text(frames, name):
    kinds = frames[name].dtypes
    assert not any(isinstance(kind, pd.PeriodDtype | pd.CategoricalDtype) for kind in kinds)
    assert len(frames[name])


@every_frame
def test_altair_draws_a_frame_as_it_is(frames, name):
    frame = frames[name]
    month = next((one for one in frame if frame[one].dtype.kind == "M"), frame.columns[0])
    number = next((one for one in frame if frame[one].dtype.kind in "fi"), frame.columns[-1])
    drawn = alt.Chart(frame).mark_line().encode(x=month, y=number).to_dict()
    assert json.dumps(drawn)


@every_frame
def test_parquet_keeps_a_frame(frames, name, tmp_path):
    frame = frames[name]
    frame.to_parquet(tmp_path / "kept.parquet")
    back = pq.read_table(tmp_path / "kept.parquet").to_pandas()
    assert list(back) == list(frame)
    assert len(back) == len(frame)


@every_frame
def test_sql_reads_a_frame(frames, name):
    frame = frames[name]
    assert duckdb.sql("select count(*) from frame").fetchall() == [(len(frame),)]


def test_pandas_plots_a_wide_panel():
    import matplotlib  # no other test needs it

    matplotlib.use("agg")
    wide = fw.panel(["Shaanxi", "Sichuan"], lang="en").wide()
    assert isinstance(wide.index, pd.DatetimeIndex)
    assert len(wide.plot().lines) == 2


def test_a_series_says_what_its_page_says():
    nation = fw.series(as_of="2026-08", lang="en")
    assert "fell 7.2%" in repr(nation)
    assert nation.verdict.value == pytest.approx(-7.2)
    assert "fell 7.2%" in nation._repr_mimebundle_()["text/html"]


@pytest.mark.parametrize(
    "named", ["610000", 610000, "陕西", "陕西省", "Shaanxi", "shaanxi"], ids=repr
)
def test_a_region_is_called_as_people_call_it(named):
    assert fw.series(named).region.code == "610000"


@pytest.mark.parametrize("named", ["private", "民间投资", "private investment"])
def test_an_indicator_is_called_as_people_call_it(named):
    assert fw.series(indicator=named).indicator == "private"


def test_what_is_not_there_is_met_with_the_nearest():
    with pytest.raises(fw.ParameterError) as told:
        fw.series("Guangdnog")
    assert "'Guangdong'" in told.value.message("en")
    with pytest.raises(fw.ParameterError) as told:
        fw.series(indicator="privat")
    assert "'private'" in told.value.message("en")


@pytest.mark.parametrize(
    "months",
    [
        ["2026-02", "2026-03"],
        pd.to_datetime(["2026-02-01", "2026-03-31"]),
        pd.PeriodIndex(["2026-02", "2026-03"], freq="M"),
    ],
    ids=["words", "timestamps", "periods"],
)
def test_figures_may_be_a_frame_of_ones_own(months):
    own = pd.DataFrame({"month": months, "ytd_yoy_pct": [0.4, -1.2]})
    if isinstance(months, pd.PeriodIndex):
        own = own.rename(columns={"month": "period"})
    found = fw.series(data=own, lang="en")
    assert found.observations["ytd_yoy_pct"].tolist() == [0.4, -1.2]
    assert found.as_of == "2026-03"


def test_what_a_frame_returns_can_be_handed_in_again():
    given = fw.series("Shaanxi", lang="en")
    again = fw.series("Shaanxi", data=given.observations, lang="en")
    pd.testing.assert_series_equal(given.growth()["block_yoy_pct"], again.growth()["block_yoy_pct"])


def test_a_frame_with_a_january_is_refused_with_its_row():
    own = pd.DataFrame({"month": ["2026-01"], "ytd_yoy_pct": [1.0]})
    with pytest.raises(fw.DataInvalidError) as told:
        fw.series(data=own)
    assert "January" in told.value.message("en")
    with pytest.raises(fw.DataInvalidError, match="month"):
        fw.series(data=own.drop(columns="month"))


def test_only_what_was_known_then_is_used():
    then = fw.series(as_of="2025-08")
    assert then.observations["month"].max() == pd.Timestamp("2025-08-01")
    assert "fell" not in fw.series(as_of="2025-08", lang="en").verdict.en.split(";")[0]


def test_a_forecast_is_one_distribution():
    table = fw.series("Shaanxi").forecast(12).table
    assert len(table) == 12
    order = ["lo95_pct", "lo80_pct", "median_pct", "hi80_pct", "hi95_pct"]
    assert (table[order].diff(axis=1).iloc[:, 1:] >= 0).all(axis=None)
    told = table["negative_probability"].dropna()  # none is told beyond a year
    assert len(told) == 11
    assert told.between(0, 1).all()


def test_a_forecast_tells_the_news_of_its_page_however_far_it_looks():
    page = fw.open_page("04_forecast", {"region": "610000", "lang": "en"})
    news = fw.series("Shaanxi", lang="en").forecast(1).news
    saved = page.tables["forecast_change"]
    assert news["step"].tolist() == ["then", "revised", "new", "model", "now"]
    assert news["month"].dt.to_period("M").tolist() == saved["period"].tolist()
    pd.testing.assert_frame_equal(
        news[["forecast_pct", "effect_pp"]], saved[["forecast_pct", "effect_pp"]]
    )
    drawn = fw.series("Shaanxi", lang="en").forecast(1).plot.news()
    assert drawn.table.equals(page.plot.news().table)


def test_a_scenario_is_the_year_so_far_and_the_base_of_the_rest_grown_alike():
    recent = fw.series(as_of="2026-08").observations.tail(30)  # too few for a track record: fast
    one = fw.series(data=recent)
    growth = one.growth().set_index("month")
    august = growth.loc["2026-08-01"]
    told = one.forecast().scenario(10.0)
    assert told["month"].dt.month.tolist() == [9, 10, 11, 12]
    revision = 1 + august["base_revision_pct"] / 100
    for row in told.to_dict("records"):
        base = growth.loc[row["month"] - pd.DateOffset(years=1), "ytd_value_100m"] * revision
        whole = august["ytd_value_100m"] + 1.1 * (base - august["base_100m"])
        assert row["scenario_value_100m"] == pytest.approx(whole)
        assert row["scenario_ytd_yoy_pct"] == pytest.approx(100 * (whole / base - 1))
    middle = one.target().scenarios.set_index("scenario").loc["forecast_mid"]
    december = one.forecast().scenario(middle["scenario_rest_yoy_pct"]).iloc[-1]
    assert december["scenario_ytd_yoy_pct"] == pytest.approx(middle["scenario_ytd_yoy_pct"])


def test_a_complete_year_and_a_year_without_a_base_have_no_scenario():
    recent = fw.series(as_of="2025-12").observations.tail(30)
    assert fw.series(data=recent).forecast().scenario(0).empty
    without_values = recent.iloc[:-1].assign(ytd_value_100m=None)
    told = fw.series(data=without_values).forecast().scenario(0)
    assert told["month"].dt.month.tolist() == [12]
    assert told["scenario_ytd_yoy_pct"].isna().all()


CHARTS = {
    "growth": lambda: shaanxi().plot.growth(),
    "single_month": lambda: nation().plot.single_month(),
    "parts": lambda: nation().plot.parts(),
    "sectors": lambda: nation().plot.contributions("sectors"),
    "real_estate": lambda: nation().plot.contributions("real_estate"),
    "levels_trap": lambda: nation().plot.levels_trap(),
    "base_revisions": lambda: nation().plot.base_revisions(),
    "trend": lambda: shaanxi().plot.trend(),
    "clock": lambda: shaanxi().plot.clock(),
    "seasons": lambda: nation().plot.seasons(),
    "forecast": lambda: shaanxi().plot.forecast(),
    "heat_map": lambda: regions().plot.heat_map(),
    "ranking": lambda: regions().plot.ranking(),
    "diffusion": lambda: regions().plot.diffusion(),
    "schedule": lambda: book().plot.schedule(),
    "issues": lambda: book().plot.issues(),
    "elements": lambda: book().plot.elements(),
    "bonds": lambda: book().plot.bonds(),
    "contracts": lambda: book().plot.contracts(),
    "reconciliation": lambda: book().plot.reconciliation(),
    "attribution": lambda: book().plot.attribution(),
}


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_shows_itself_wherever_it_is_opened(name):
    chart = CHARTS[name]()
    shown = chart._repr_mimebundle_()
    assert {"image/svg+xml", "text/plain"} <= set(shown)
    assert shown["image/svg+xml"].startswith("<svg")
    assert any(kind.startswith("application/vnd.vegalite") for kind in shown)
    assert repr(chart) == shown["text/plain"]
    assert chart.title in repr(chart)
    assert not chart.title.startswith((",", "，"))


def test_a_chart_is_saved_as_what_its_name_says(tmp_path):
    chart = fw.series("Shaanxi", lang="en").plot.growth()
    starts = {"svg": b"<svg", "png": b"\x89PNG", "html": b"<!doctype html>", "csv": b"\xef\xbb\xbf"}
    for ending, start in starts.items():
        assert chart.save(tmp_path / f"chart.{ending}").read_bytes().startswith(start)
    with pytest.raises(fw.ParameterError, match=r"\.svg, \.png, \.html, \.csv"):
        chart.save(tmp_path / "chart.doc")
    assert isinstance(chart.altair.properties(title="mine"), alt.LayerChart)


def test_a_saved_page_fetches_nothing(tmp_path):
    page = fw.series("Shaanxi").plot.growth().save(tmp_path / "chart.html").read_text("utf-8")
    assert "<script src" not in page
    assert "<link" not in page


def test_an_error_in_a_notebook_is_a_box_with_its_traceback_folded(capsys, monkeypatch):
    monkeypatch.setenv("FAIWATCH_LANG", "en")
    shell = InteractiveShell.instance()
    published = []
    monkeypatch.setattr(shell.display_pub, "publish", lambda data, **_: published.append(data))
    shell.run_cell("import faiwatch as fw; fw.series('Guangdnog')")
    InteractiveShell.clear_instance()
    [box] = published
    assert "did you mean" in box["text/html"]
    assert "<details>" in box["text/html"]
    shown = capsys.readouterr().out
    assert "Traceback" not in shown
    assert shown.count("\n") <= 3


def test_a_reading_leads_to_a_series(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text(
        "月份,累计投资（亿元）,累计同比（%）\n2026年1-2月,120.4,-3.1\n2026年1-3月,302.1,-4.0\n",
        "utf-8",
    )
    reading = fw.read_workbook(path, region=610702, indicator="total")
    assert reading.questions == ()
    found = fw.series("610702", data=reading.table, lang="en")
    assert found.observations["ytd_yoy_pct"].tolist() == [-3.1, -4.0]
