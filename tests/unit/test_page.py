import json

import pandas as pd
import pytest

from faiwatch.errors import DataInvalidError, DataMissingError, ParameterError
from faiwatch.page import open_page
from faiwatch.signals.tracing import Basis, What
from faiwatch.text import Text

WHAT = What(Text("增速", "growth"), "pct", "g")


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


def test_an_indicator_without_figures_is_named():
    page = open_page("02_monitor", {})
    with pytest.raises(DataMissingError) as error:
        page.figures_of(["000000"], "total,hotels")
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


def test_regions_of_a_users_file_are_compared_without_the_pages_own(tmp_path):
    path = tmp_path / "own.csv"
    rows = [f"{code},total,2026-02,-1.0" for code in ("610702", "610721", "610722")]
    path.write_text(
        "\n".join(["region_code,indicator,period,ytd_yoy_pct", *rows]), encoding="utf-8"
    )
    page = open_page("07_regions", {"region": "610702", "data": str(path)})
    assert page.compared_regions() == ["610721", "610722"]


def test_base_shares_are_taken_from_the_nation_only_when_asked():
    assert open_page("02_monitor", {"region": "610000"}).base_shares() is None
    shares = open_page("02_monitor", {"region": "610000", "base_shares": "nation"}).base_shares()
    assert round(shares[pd.Period("2025-08", "M")]) == 324489


def test_a_late_region_says_how_far_its_figures_reach(monkeypatch):
    shown = []
    monkeypatch.setattr("faiwatch.page.publish_display_data", shown.append)
    page = open_page("02_monitor", {"region": "610000", "as_of": "2026-08", "lang": "en"})
    assert (page.reached, page.subject("total").as_of) == ("2026-06", "2026-06")
    page.show_verdict(Basis("2026-06", "2026-08", ()).missing("verdict", WHAT), tone="missing")
    assert any("Figures end June 2026, 2 releases before August 2026" in str(one) for one in shown)
