import json

import pandas as pd
import pytest

from faiwatch.api import open_page
from faiwatch.core.errors import DataInvalidError, DataMissingError, ParameterError


def test_latest_is_the_last_month_of_the_region_itself():
    assert open_page("02_monitor", {"region": "610000"}).as_of == "2026-06"
    assert open_page("02_monitor", {}).as_of == "2026-08"


def test_a_page_knows_nothing_after_its_month():
    page = open_page("02_monitor", {"as_of": "2025-08"})
    assert str(page.figures["period"].max()) == "2025-08"


def test_a_month_far_beyond_the_figures_is_refused_as_late():
    with pytest.raises(DataMissingError):
        open_page("02_monitor", {"as_of": "2027-05"})


def test_a_month_a_little_beyond_the_figures_of_a_region_is_answered():
    assert open_page("02_monitor", {"region": "610000", "as_of": "2026-08"}).as_of == "2026-08"


def test_parameters_are_checked_in_the_notebook_too():
    with pytest.raises(ParameterError):
        open_page("02_monitor", {"regoin": "610000"})


def test_figures_that_a_check_calls_wrong_open_no_page(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text(
        "region_code,indicator,period,ytd_yoy_pct\n610702,total,2026-02,-120\n", encoding="utf-8"
    )
    with pytest.raises(DataInvalidError):
        open_page("02_monitor", {"region": "610702", "data": str(path)})


TWO_REGIONS = "\n".join(
    [
        "region_code,indicator,period,ytd_yoy_pct",
        "610702,total,2026-02,-1.0",
        "610721,total,2026-02,-120",
        "610722,total,2026-02,3.0",
    ]
)


def test_errors_of_a_region_that_the_page_does_not_use_do_not_stop_it(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text(TWO_REGIONS, encoding="utf-8")
    values = {"region": "610702", "data": str(path)}
    page = open_page("02_monitor", values)
    assert "error" in page.known.records_of(["610721"])["severity"].tolist()
    assert open_page("07_regions", values | {"regions": "610722"}).as_of == "2026-02"
    for regions in ("all", "610721,610722"):
        with pytest.raises(DataInvalidError):
            open_page("07_regions", values | {"regions": regions})


def test_errors_of_the_nation_stop_a_page_that_assumes_its_base(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text(TWO_REGIONS.replace("610721", "000000"), encoding="utf-8")
    values = {"region": "610702", "data": str(path)}
    assert open_page("02_monitor", values).as_of == "2026-02"
    with pytest.raises(DataInvalidError):
        open_page("02_monitor", values | {"base_shares": "nation"})


def test_an_indicator_without_figures_is_named():
    page = open_page("02_monitor", {})
    with pytest.raises(DataMissingError) as error:
        page.known.of(["000000"], "total,hotels")
    assert "hotels" in str(error.value)


def test_nothing_is_saved_without_a_results_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    open_page("02_monitor", {}).save({}, {"flags": pd.DataFrame({"a": [1]})})
    assert not list(tmp_path.iterdir())


def test_results_are_saved_where_the_runner_says(tmp_path):
    folder = tmp_path / "results"
    page = open_page("02_monitor", {"results": str(folder)})
    page.save({}, {"flags": pd.DataFrame({"a": [1]})})
    assert json.loads((folder / "findings.json").read_text()) == []
    assert (folder / "flags.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_saved_tables_of_a_made_up_region_say_so(tmp_path):
    tables = {"flags": pd.DataFrame({"a": [1, 2]})}
    for values in ({"region": "990101", "data": "demo"}, {}):
        open_page("02_monitor", values | {"results": str(tmp_path)}).save({}, tables)
        saved = pd.read_csv(tmp_path / "flags.csv")
        if values:
            assert list(saved) == ["a", "note"]
            assert saved["note"].str.contains("演示数据").all()
        else:
            assert list(saved) == ["a"]
    assert list(tables["flags"]) == ["a"]


@pytest.mark.parametrize(("lang", "words"), [("zh", "演示数据（虚构）"), ("en", "made up")])
def test_chart_data_of_the_demo_page_say_that_they_are_made_up(lang, words):
    page = open_page("02_monitor", {"region": "990101", "data": "demo", "lang": lang})
    told = page.plot.base_revisions().csv()
    assert any(words in line for line in told.splitlines() if line.startswith("# "))


def test_regions_of_a_users_file_are_compared_without_the_pages_own(tmp_path):
    path = tmp_path / "own.csv"
    rows = [f"{code},total,2026-02,-1.0" for code in ("610702", "610721", "610722")]
    path.write_text(
        "\n".join(["region_code,indicator,period,ytd_yoy_pct", *rows]), encoding="utf-8"
    )
    page = open_page("07_regions", {"region": "610702", "data": str(path)})
    assert page.panel.regions == ("610721", "610722")


def test_base_shares_are_taken_from_the_nation_only_when_asked():
    plain = open_page("02_monitor", {"region": "610000"}).series
    lent = open_page("02_monitor", {"region": "610000", "base_shares": "nation"}).series
    assert "base_shares" not in set(plain.measured["block_basis"])
    assert "base_shares" in set(lent.measured["block_basis"])
    shares = lent.known.nation.set_index("period")["base_100m"]
    assert round(shares[pd.Period("2025-08", "M")]) == 324489


def test_a_late_region_says_how_far_its_figures_reach():
    page = open_page("02_monitor", {"region": "610000", "as_of": "2026-08", "lang": "en"})
    assert (page.known.reached, page.series.subject.as_of) == ("2026-06", "2026-06")
    shown = page.verdict().outputs()
    assert any("Figures end June 2026, 2 releases before August 2026" in str(one) for one in shown)
