"""Own indicators, regions, subjects and the monthly calendar of a workspace. All series made up."""

import json
import re
from functools import partial

import nbformat
import numpy as np
import pandas as pd
import pytest
from made_site import a_record, keep_run

import faiwatch as fw
from faiwatch.core.errors import DataInvalidError, FaiwatchError, ParameterError
from faiwatch.core.text import Text
from faiwatch.data.calendars import MONTHLY
from faiwatch.data.reference import breaks_of, calendar_of, indicator_named, known_indicators
from faiwatch.data.regions import region_named
from faiwatch.data.schema import observations
from faiwatch.forecast.series import ModelSeries
from faiwatch.forecast.trend import fit_trend
from faiwatch.ingest.headers import Synonyms, known_synonyms
from faiwatch.page.forecast import ForecastPage
from faiwatch.page.monitor import MonitorPage
from faiwatch.page.trend import TrendPage
from faiwatch.site.article import read_article, subject_of
from faiwatch.site.bar import site_script
from faiwatch.site.index import build_index
from faiwatch.site.words import title_of
from faiwatch.stats.checks import check_observations
from faiwatch.stats.growth import measures
from faiwatch.stats.negative import flags, runs
from faiwatch.stats.sdmx import sdmx

HEADER = "indicator,name_zh,name_en,subject,calendar,levels"
ROWS = (
    "retail,社会消费品零售总额,retail sales,,,",
    "retail_goods,商品零售额,retail sales of goods,retail,,",
    "us_construction,建筑支出,construction spending,,monthly,comparable",
    "us_housing,住宅建筑支出,housing construction,us_construction,monthly,",
)
MADE_UP = "演示数据 | made-up data"


def laid_out(folder, *rows, regions="840000,美国,United States"):
    rules = folder / "rules"
    rules.mkdir(parents=True, exist_ok=True)
    (folder / "faiwatch.toml").touch()
    (rules / "indicators.csv").write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8")
    (rules / "regions.csv").write_text(f"region_code,name_zh,name_en\n{regions}\n", "utf-8")
    return folder


@pytest.fixture(scope="module", autouse=True)
def _office(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        folder = laid_out(tmp_path_factory.mktemp("office"), *ROWS)
        patch.setenv("FAIWATCH_WORKSPACE", str(folder))
        yield


@pytest.fixture
def office(tmp_path, monkeypatch):
    """Another workspace, to be changed."""
    folder = laid_out(tmp_path / "office", *ROWS)
    monkeypatch.setenv("FAIWATCH_WORKSPACE", str(folder))
    return folder


@pytest.fixture(scope="module")
def spending(_office):
    """A monthly series whose growth comes from comparable levels."""
    return fw.series("840000", "us_construction", data=monthly(), lang="en")


@pytest.fixture
def saved(tmp_path):
    def save(frame):
        frame.to_csv(tmp_path / "made_up.csv", index=False)
        return str(tmp_path / "made_up.csv")

    return save


def monthly(n=44, *, growth=None, indicator="us_construction", first="2023-01"):
    """A made-up series of months: values with a season, that fall after a while."""
    at = np.arange(n)
    value = 1000 * (1 + 0.1 * np.sin(at * np.pi / 6)) * np.exp(0.004 * at - 0.0006 * at**2)
    months = pd.period_range(first, periods=n, freq="M")
    frame = pd.DataFrame({"region_code": "840000", "indicator": indicator, "period": months})
    frame["value_100m"], frame["note"] = value.round(1), MADE_UP
    return frame if growth is None else frame.assign(yoy_pct=growth)


def retail():
    months = [m for m in pd.period_range("2024-02", "2026-08", freq="M") if m.month != 1]
    block = pd.Series([200.0 if m.month == 2 else 100.0 for m in months])
    ytd = block.groupby([m.year for m in months]).cumsum()
    frame = pd.DataFrame({"region_code": "610000", "period": months, "ytd_value_100m": ytd})
    frame["ytd_yoy_pct"] = np.linspace(4, -2, len(months)).round(1)
    parts = [frame.assign(indicator=name, note=MADE_UP) for name in ("retail", "retail_goods")]
    return pd.concat(parts, ignore_index=True)


# --- own indicators and regions ------------------------------------------------------------------


def test_rows_of_a_workspace_are_added_to_ours():
    assert next(iter(known_indicators())) == "total"
    assert indicator_named("retail").label == Text("社会消费品零售总额", "retail sales")
    assert indicator_named("retail_goods").subject == "retail"
    assert region_named("840000").name.en == "United States"
    assert region_named("610000").name.zh == "陕西省"
    series = fw.series("美国", "建筑支出", data=monthly(), lang="en")
    assert series.indicator == "us_construction"
    assert "retail sales" in fw.catalog(retail(), lang="en")["indicator_name"].to_list()


def test_a_label_of_ones_own_is_understood_in_a_workbook():
    said = Synonyms(known_synonyms()).understand("社会消费品零售总额累计增速（%）")
    assert (said.indicator, said.measure, said.window) == ("retail", "growth", "ytd")


def test_a_table_that_changed_and_another_workspace_are_seen_at_once(office, monkeypatch):
    assert indicator_named("hotels").label.zh == "hotels"
    laid_out(office, *ROWS, "hotels,住宿,hotels,,,", regions="840000,美利坚,USA")
    assert indicator_named("hotels").label.zh == "住宿"
    assert region_named("840000").name.zh == "美利坚"
    monkeypatch.delenv("FAIWATCH_WORKSPACE")
    assert indicator_named("retail").label.zh == "retail"
    assert "retail" not in {one.indicator for one in known_synonyms().values()}


@pytest.mark.parametrize(
    ("row", "column", "told"),
    [
        ("total,总计,,,,", "indicator", "one of ours: take another"),
        ("retail,零售,,,,", "indicator", "given before: take another"),
        ("Retail,零售,,,,", "indicator", "a lower-case name"),
        ("hotels,,hotels,,,", "name_zh", "the name that readers see"),
        ("hotels,住宿,,,weekly,", "calendar", "cumulative, monthly"),
        ("hotels,住宿,,,monthy,", "calendar", "did you mean 'monthly'?"),
        ("hotels,住宿,,,,yes", "levels", "comparable"),
        ("hotels,住宿,,retial,,", "subject", "did you mean 'retail'?"),
        ("hotels,住宿,,retail,monthly,", "calendar", "a part has the calendar of its whole"),
    ],
)
def test_a_row_that_cannot_be_used_is_refused_with_its_place(office, row, column, told):
    laid_out(office, *ROWS, row)
    with pytest.raises(DataInvalidError) as refused:
        known_indicators()
    words = refused.value.message("en")
    assert f"rules/indicators.csv:6 {column}" in words
    assert told in words


# --- another subject with our calendar -----------------------------------------------------------


def test_sentences_and_parts_are_those_of_the_subject(saved):
    page = MonitorPage.open({"region": "610000", "data": saved(retail()), "lang": "zh"})
    assert page.series.indicator == "retail"
    assert page.verdict().finding.zh.startswith("2026年1—8月，陕西省社会消费品零售总额同比下降2.0%")
    assert page.series.flagged["indicator"].unique().tolist() == ["retail", "retail_goods"]
    assert dict(page.verdict().about) == {"zh": "社会消费品零售总额", "en": "retail sales"}
    told = [one.definition_zh + one.zh for one in page.findings.values()]
    told += [name.name.zh for name in page.base_register().columns.values()]
    assert not [words for words in told if "投资" in words]
    assert breaks_of("610000", "retail") == ()  # nothing that changed in investment concerns it


def test_another_subject_is_no_part_of_investment():
    total = retail().replace({"indicator": {"retail_goods": "total"}})
    series = fw.series("610000", "total", data=total, lang="en")
    assert series.measured["indicator"].unique().tolist() == ["total"]


def article_about(tmp_path, lang, **about):
    """The article of a notebook with cells for one calendar, for investment, and for all."""
    cells = [
        nbformat.v4.new_markdown_cell("# 投资运行监测\n投资在下降吗？", metadata={"tags": ["zh"]}),
        nbformat.v4.new_markdown_cell(
            "# Investment monitor\nIs it falling?", metadata={"tags": ["en"]}
        ),
        nbformat.v4.new_code_cell("page.verdict()"),
        *(
            nbformat.v4.new_markdown_cell(f"## {name}", metadata={"tags": ["zh"]} | metadata)
            for name, metadata in (
                ("累计", {"calendar": "cumulative"}),
                ("当月", {"calendar": "monthly"}),
                ("产业", {"subject": "investment"}),
                ("都有", {}),
            )
        ),
    ]
    if about:
        data = {"application/vnd.faiwatch.about+json": about}
        cells[2].outputs = [nbformat.v4.new_output("display_data", data=data)]
    path = tmp_path / "02_monitor.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return read_article(path, lang, subject_of(cells, {}))


def test_a_page_speaks_of_its_subject_and_shows_the_sections_of_its_calendar(tmp_path):
    plain = article_about(tmp_path, "zh")
    assert (plain.title, [name for _, name in plain.contents]) == (
        "投资运行监测",
        ["累计", "产业", "都有"],
    )
    told = article_about(tmp_path, "zh", zh="零售<额>", en="retail sales", calendar="monthly")
    assert told.title == "零售<额>运行监测"
    assert "零售&lt;额&gt;在下降吗" in told.lead
    assert [name for _, name in told.contents] == ["当月", "都有"]
    assert (
        article_about(tmp_path, "en", zh="零售", en="retail sales").title == "Retail sales monitor"
    )


def test_titles_in_an_index_name_the_subject():
    def title(notebook, lang, shown=(), **given):
        return title_of(a_record(notebook, "610000", lang, subject=subject_of(shown, given)), lang)

    assert title("02_monitor", "en", indicators="retail_goods") == "Retail sales monitor"
    assert title("04_forecast", "zh", indicator="retail").endswith("（社会消费品零售总额）")
    assert title("02_monitor", "zh", indicators="all") == "投资运行监测"
    # of "all" only the page itself can tell which subject it found
    about = {"application/vnd.faiwatch.about+json": {"zh": "零售", "en": "retail sales"}}
    output = nbformat.v4.new_output("display_data", data=about)
    shown = [nbformat.v4.new_code_cell("page.verdict()", outputs=[output])]
    assert title("02_monitor", "en", shown, indicators="all") == "Retail sales monitor"


def test_a_tab_that_leads_to_pages_of_several_subjects_names_none():
    about = [Text("零售额", "retail sales"), Text("增加值", "value added"), None]
    pages = [
        a_record("02_monitor", code, "en", subject=subject)
        for code, subject in zip(("610000", "620000", "630000"), about, strict=True)
    ]
    assert '"en":"Retail sales monitor"' in site_script(pages[:1], ["610000"])
    for several in (pages[:2], pages):
        told = site_script(several, [one.region for one in several])
        assert '"en":"Investment monitor"' in told


def test_a_site_about_one_other_subject_is_called_by_it(tmp_path):
    title = re.compile("<title>(.*?)</title>")
    for indicator, told in (
        ("retail", "Retail sales watch"),
        ("all", "Fixed-asset investment watch"),
    ):
        given = {"region": "610000", "indicators": indicator}
        told_of = subject_of((), given)
        record = a_record("02_monitor", "610000", "en", subject=told_of, run_id=indicator)
        keep_run(tmp_path / indicator, record, [])
        build_index(tmp_path / indicator)
        page = (tmp_path / indicator / "index.en.html").read_text("utf-8")
        assert title.findall(page) == [told]
        assert ("nvestment" in page) == (indicator == "all")
        assert ("NBS releases" in page) == (indicator == "all")


def test_an_own_indicator_stands_in_a_formula_of_the_bench_by_its_name(saved):
    bench = fw.explore(
        **{"region": "610000", "indicator": "retail", "data": saved(retail()), "lang": "en"},
        **{"compare": "retail_goods", "formula": "retail - retail_goods"},
    )
    assert bench.evaluate(bench.choice.formula).dropna().eq(0).all()
    shown = bench.plot.formula().chart
    assert shown.title == "By a formula: retail - retail_goods"


# --- a monthly calendar --------------------------------------------------------------------------


def test_measures_of_months_are_those_of_plain_arithmetic():
    growth = np.round(np.linspace(6, -6, 44), 1)
    found = measures(observations(monthly(growth=growth)))
    value = monthly()["value_100m"].to_numpy()
    base = value / (1 + growth / 100)
    assert found["block_value_100m"].to_numpy() == pytest.approx(value)
    assert found["block_yoy_pct"].to_numpy() == pytest.approx(growth)
    assert set(found["block_months"]) == {1}
    three = [
        100 * (value[k - 2 : k + 1].sum() / base[k - 2 : k + 1].sum() - 1) for k in range(2, 44)
    ]
    assert found["rolling3_yoy_pct"].to_numpy()[2:] == pytest.approx(three)
    assert found["naive_yoy_pct"].to_numpy()[12:] == pytest.approx(
        100 * (value[12:] / value[:-12] - 1)
    )
    assert found["base_revision_pct"].to_numpy()[12:] == pytest.approx(
        100 * (base[12:] / value[:-12] - 1)
    )
    assert found["chained_100m"].to_numpy()[-8:] == pytest.approx(value[-8:])  # this year's
    assert found["chained_100m"].to_numpy()[-20:-12] == pytest.approx(base[-8:])  # a year before


def test_spells_count_every_month_and_january_too():
    growth = np.full(44, 1.0)
    growth[10:14] = -0.1  # November to February
    flagged = flags(observations(monthly(growth=growth)))
    assert sorted(set(flagged["period"].dt.month)) == list(range(1, 13))
    by_month = flagged[flagged["definition"] == "block"]
    found = runs(by_month)
    assert found[["start", "end", "n_releases", "n_months"]].astype(str).values.tolist() == [
        ["2023-11", "2024-02", "4", "4"]
    ]
    apart = runs(by_month, across_years=False)
    assert apart["n_months"].tolist() == [2, 2]
    missing = flags(observations(monthly(growth=growth).drop(index=12)))
    states = missing[missing["definition"] == "block"].set_index("period")["state"]
    assert states["2024-01"] == "missing"


def test_a_zero_that_is_published_of_a_month_is_not_negative_nor_open():
    flagged = flags(observations(monthly(growth=np.zeros(44))))
    assert set(flagged[flagged["definition"] == "block"]["state"]) == {"non_negative"}


def test_checks_take_january_and_falling_values_but_miss_a_month_that_is_lacking():
    table = observations(monthly(growth=np.round(np.linspace(3, 1, 44), 1)))
    told = check_observations(table[table["period"] != "2024-01"].reset_index(drop=True))
    assert told["check"].tolist() == ["missing_releases"]
    assert "2024-01" in told["en"].iloc[0]
    cumulative = monthly(indicator="retail").rename(columns={"value_100m": "ytd_value_100m"})
    with pytest.raises(DataInvalidError, match=r"January|1 月"):
        observations(cumulative)


def test_growth_comes_from_levels_only_where_they_are_said_to_compare(spending):
    series = spending
    value = monthly()["value_100m"]
    expected = (100 * (value / value.shift(12) - 1)).round(1)
    told = series.observations["yoy_pct"]
    assert told.to_numpy() == pytest.approx(expected.to_numpy(), abs=0.051, nan_ok=True)
    assert told.notna().sum() == 32
    assert "computed from comparable levels" in series.source.en
    with pytest.raises(FaiwatchError, match=r"no growth is published|没有公布的增速"):
        fw.series("840000", "us_housing", data=monthly(indicator="us_housing"))
    published = fw.series("840000", "us_construction", data=monthly(growth=2.5), lang="en")
    assert published.observations["yoy_pct"].eq(2.5).all()
    assert "computed" not in published.source.en


def test_nothing_that_is_handed_out_calls_a_month_a_year_to_date(spending):
    series = spending
    frames = {"observations": series.observations, "growth": series.growth()}
    frames |= {"flags": series.flags(), "spells": series.spells(), "revisions": series.revisions()}
    ahead = series.forecast()
    frames |= {"rows": ahead.rows, "table": ahead.table}
    for name, frame in frames.items():
        assert not [column for column in frame if str(column).startswith("ytd")], name
        cells = frame.select_dtypes(exclude="number").to_numpy().ravel()
        assert not [cell for cell in cells if str(cell).startswith("ytd")], name
    assert set(series.flags()["definition"]) == {"block", "rolling3"}
    assert set(ahead.rows["target"]) == {"yoy_pct", "value_100m"}
    assert [month.month for month in ahead.table["month"]] == [9, 10, 11, 12, *range(1, 9)]
    assert ahead.table["negative_probability"].notna().all()
    words = [one.words(lang) for one in series.findings().values() for lang in ("zh", "en")]
    words += [
        one.definition_in(lang) for one in series.findings().values() for lang in ("zh", "en")
    ]
    assert not [one for one in words if "累计" in one or "year to date" in one or "January–" in one]
    assert series.verdict.en.startswith("August 2026: construction spending in United States fell")
    assert {row.column for row in series.verdict.inputs} == {"value_100m"}  # what growth is made of


def test_sdmx_tells_the_month_that_a_figure_is_of(spending):
    series = spending
    rows = sdmx(pd.concat([series.observations.tail(8), series.growth().tail(8)]))
    january = rows[rows["TIME_PERIOD"].str.startswith("2026-01-01")]
    assert set(january["TIME_PERIOD"]) == {"2026-01-01/P1M", "2026-01-01/P3M"}
    published = rows["MEASURE"].isin(["yoy_pct", "block_yoy_pct"]) & rows["OBS_VALUE"].notna()
    assert set(rows.loc[published, "OBS_STATUS"]) == {"A"}
    flagged = sdmx(series.flags())
    assert set(flagged["MEASURE"]) == {"yoy_pct", "rolling3_yoy_pct"}
    assert set(sdmx(series.forecast().rows)["MEASURE"]) == {"yoy_pct", "value_100m"}


def test_paths_of_growth_are_those_of_values_over_the_months_a_year_before(spending):
    paths = spending.prospect().paths
    a_year_before = monthly()["value_100m"].to_numpy()[-12:]
    implied = 100 * (paths.ytd_value_100m / a_year_before - 1)
    assert np.median(np.abs(implied - paths.ytd_yoy_pct)) < 0.1  # but for the rounding of growth
    assert paths.block_yoy_pct == pytest.approx(paths.ytd_yoy_pct)


def test_trend_growth_of_months_is_that_of_twelve_of_them():
    at = np.arange(48)
    level = 100 * 1.05 ** (at / 12) * (1 + (at % 12 == 4))
    steady = ModelSeries(
        "comparable_level", level, level, 2020 * 12, 0.05, 0.0, 5.0, calendar=MONTHLY
    )
    for method in ("ucm", "stl"):
        found = fit_trend(steady, method=method)
        assert found.growth_pct[-6] == pytest.approx(5.0, abs=0.01)
        months = found.series.periods
        assert [str(months[0]), str(months[-1])] == ["2020-01", "2023-12"]
    series = fw.series("840000", "us_construction", data=monthly(60, growth=1.0), lang="en")
    parts = series.decomposition(method="stl")
    whole = parts["trend_100m"] * (1 + parts["seasonal_pct"] / 100) * (1 + parts["rest_pct"] / 100)
    assert whole.to_numpy() == pytest.approx(parts["observed_100m"].to_numpy())
    assert parts["month"].dt.month.nunique() == 12


def test_a_monthly_page_leaves_out_what_years_to_date_imply(saved):
    values = {"region": "840000", "data": saved(monthly()), "lang": "en"}
    page = MonitorPage.open(values)
    assert set(page.key_numbers) <= set(page.findings)
    assert not {"ytd_yoy", "base_revision", "run_ytd"} & set(page.findings)
    assert page.tone == "negative"
    spells = page.spells()
    assert "January and February" not in spells.note.en
    assert page.plot.growth().title.endswith("published growth of the month")
    ahead = ForecastPage.open(values | {"indicator": "us_construction"})
    assert list(ahead.findings)[:6] == [
        *("verdict", "outlook"),
        *("next_yoy", "p_next_negative", "year_on_yoy", "p_year_on_negative"),
    ]
    assert not [one.en for one in ahead.findings.values() if "year to date" in one.en]
    assert "year to date" not in ahead.releases().title.en + ahead.plot.fan().title


def test_what_is_about_years_to_date_refuses_a_monthly_indicator(saved, spending):
    scenario = partial(spending.forecast(1).scenario, 0.0)
    for ask in (spending.cycle, spending.target, scenario):
        with pytest.raises(ParameterError, match=r"published since January|累计公布"):
            ask()
    with pytest.raises(ParameterError, match=r"published since January|累计公布"):
        fw.panel(["840000"], ["us_construction"], data=monthly())
    asked = {"region": "840000", "data": saved(monthly()), "indicator": "us_construction"}
    with pytest.raises(ParameterError, match=r"published since January|累计公布"):
        _ = TrendPage.open(asked).series
    with pytest.raises(ParameterError, match=r"side by side|不能放在一起"):
        calendar_of(["us_construction", "retail"])


def test_figures_of_a_month_do_not_stand_in_a_row_that_is_published_since_january():
    frame = monthly(indicator="retail").drop(index=[0, 12, 24, 36])
    with pytest.raises(DataInvalidError) as refused:
        observations(frame)
    assert "ytd_value_100m" in refused.value.message("en")


def test_the_command_line_answers_of_months(faiwatch_says, saved):
    code, out, _ = faiwatch_says(
        "flags", "--region", "840000", "--indicator", "us_construction", "--data", saved(monthly()),
        "--json",
    )  # fmt: skip
    answer = json.loads(out)
    assert code == 0
    assert {row["definition"] for row in answer["flags"]} == {"block", "rolling3"}
    assert {row["period"] for row in answer["flags"]} >= {"2026-01", "2026-08"}
