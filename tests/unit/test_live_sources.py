"""What the live sources promise before any service is asked."""

import csv
import importlib
import re
import subprocess
import sys

import pandas as pd
import pytest

from faiwatch.core.errors import DataInvalidError, ParameterError
from faiwatch.core.secrets import known_secrets, leaked, redact, secret_named
from faiwatch.data.live import SOURCES, base_address, checked, source_named
from faiwatch.data.live.replies import bundle, unbundled
from faiwatch.data.live.rows import joined, observation_rows, series_rows
from faiwatch.data.parameter_types import Help
from faiwatch.data.reference import known_indicators, known_sources
from faiwatch.data.schema import OBSERVATION_COLUMNS

DETAILS = ["What comes", "Units", "Missing", "Issued", "Trouble", "Terms"]
VALUE = 'pass"word&<1+1'  # made up; looks different in JSON, HTML and an address


@pytest.mark.parametrize("name", SOURCES)
def test_every_source_tells_its_details(name):
    module = importlib.import_module(f"faiwatch.data.live.{name}")
    assert re.findall(r"^([A-Z][\w ]+)$", module.__doc__, re.M)[1:] == DETAILS
    assert f"{source_named(name).KIND}" in {"observations", "series"}
    assert ("Observations" in module.__doc__.split("Units")[0]) or (
        "series table" in module.__doc__
    )


@pytest.mark.parametrize("name", SOURCES)
def test_every_parameter_is_explained_in_both_languages(name):
    for field in source_named(name).model_fields.values():
        (told,) = [one for one in field.metadata if isinstance(one, Help)]
        assert all([told.meaning.zh, told.meaning.en, told.allowed.zh, told.allowed.en])


def test_figures_that_become_observations_have_a_known_source():
    sources = [importlib.import_module(f"faiwatch.data.live.{name}") for name in SOURCES]
    ids = {one.SOURCE_ID for one in sources if one.Source.KIND == "observations"}
    assert ids <= set(known_sources())


@pytest.mark.parametrize(
    ("source", "values"),
    [
        ("nsb", {}),
        ("nbs", {"regions": "all"}),
        ("nbs", {"until": "2026-01"}),
        ("nbs", {"series": "nation"}),
        ("nbs", {"base": "http://user:password@host"}),
        ("nbs", {"base": "file:///etc/passwd"}),
        ("nbs_release", {"page": "../../etc/passwd"}),
        ("fred", {"series": "A B"}),
        ("worldbank", {"country": "CN"}),
    ],
)
def test_what_cannot_be_asked_is_refused(source, values):
    with pytest.raises(ParameterError):
        checked(source, values)


@pytest.mark.parametrize("given", ["0f1e2d3c4b5a69788796a5b4c3d2e1f0", "HOME", "A KEY"])
def test_a_key_in_place_of_its_name_is_refused_and_not_repeated(given):
    with pytest.raises(ParameterError) as refused:
        checked("fred", {"key_env": given})
    assert given not in str(refused.value)


def test_the_address_comes_from_parameter_environment_or_the_public_one(monkeypatch):
    monkeypatch.delenv("FAIWATCH_NBS_URL", raising=False)
    assert base_address("nbs", checked("nbs", {})).startswith("https://data.stats.gov.cn/")
    monkeypatch.setenv("FAIWATCH_NBS_URL", "http://127.0.0.1:1/")
    assert base_address("nbs", checked("nbs", {})) == "http://127.0.0.1:1"
    monkeypatch.setenv("FAIWATCH_FRED_URL", "ftp://host")
    with pytest.raises(ParameterError):
        base_address("fred", checked("fred", {}))
    given = checked("nbs", {"base": "http://localhost:2/portal"})
    assert base_address("nbs", given) == "http://localhost:2/portal"


def test_ids_of_the_portal_stand_once_with_name_and_unit(project):
    with (project / "data/nbs_series.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({row["id"] for row in rows}) == len(rows)
    units = {"ytd_yoy_pct": "%", "ytd_value_100m": "亿元"}
    for row in rows:
        assert all(re.fullmatch(r"[0-9a-f]{32}", row[name]) for name in ("root", "cid", "id"))
        assert row["unit"] == units[row["figure"]]
        assert row["indicator"] in known_indicators()
        assert row["name"].strip("*")


def test_the_command_line_loads_what_is_asked_and_never_what_fetches():
    words = """
import sys
from faiwatch.cli.app import application
application("run")
print({"faiwatch.cli.fetch", "faiwatch.cli.batch"} & set(sys.modules))
from faiwatch.cli import run as verb
from faiwatch.run import report
report.report = verb.finish = lambda *given, **named: []
verb.run("02_monitor", ["lang=en"])
print("faiwatch.run.single" in sys.modules, {"boto3", "pyarrow"} & set(sys.modules))
application()
print({"httpx", "sdmx", "pandas"} & set(sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["set()", "True", "set()", "set()"]


def test_value_and_growth_of_a_month_become_one_row():
    key = {"region_code": "000000", "indicator": "total", "period": "2026-08"}
    growth = observation_rows([{**key, "ytd_yoy_pct": -7.2}], source="A")
    value = observation_rows([{**key, "ytd_value_100m": 293092.0}], source="A")
    table = joined([growth, value], "observations")
    assert list(table.columns) == OBSERVATION_COLUMNS
    assert table.loc[0, ["ytd_value_100m", "ytd_yoy_pct"]].tolist() == [293092, -7.2]


def test_one_figure_with_two_values_is_refused():
    key = {"region_code": "000000", "indicator": "total", "period": "2026-08"}
    with pytest.raises(DataInvalidError):
        observation_rows([{**key, "ytd_yoy_pct": -7.2}, {**key, "ytd_yoy_pct": 7.2}], source="A")


@pytest.mark.parametrize("change", [{"frequency": "D"}, {"period": "2026-13"}, {"value": 1e999}])
def test_a_series_that_breaks_its_contract_is_refused(change):
    row = {"area": "US", "series": "X", "frequency": "M", "period": "2026-08", "value": 1.0}
    assert series_rows([row])["note"].tolist() == [""]
    with pytest.raises(DataInvalidError):
        series_rows([row | change])


def test_equal_replies_make_equal_bundles():
    replies = {"b.json": b"{}", "a.json": b"[]"}
    assert bundle(replies) == bundle(dict(reversed(replies.items())))
    assert unbundled(bundle(replies)) == replies
    with pytest.raises(DataInvalidError):
        unbundled(b"no bundle")


def test_a_secret_is_found_in_every_way_it_can_be_written():
    ways = [VALUE, 'pass\\"word&<1+1', "pass&quot;word&amp;&lt;1+1", "pass%22word%26%3C1%2B1"]
    for way in ways:
        text = f"x{way}y".encode()
        assert leaked(text, {"A_KEY": VALUE}) == ["A_KEY"], way
        assert redact(text, [VALUE]) == b"x***y"


def test_secrets_of_the_environment_are_those_whose_names_say_so():
    values = {"FRED_API_KEY": VALUE, "S3_SECRET": VALUE, "KEYBOARD": VALUE, "X_TOKEN": "short"}
    assert set(known_secrets(values)) == {"FRED_API_KEY", "S3_SECRET"}


def test_a_variable_that_is_not_set_is_named(monkeypatch):
    monkeypatch.setenv("FRED_API_KEY", "short")
    with pytest.raises(ParameterError) as refused:
        secret_named("FRED_API_KEY")
    assert "FRED_API_KEY" in str(refused.value)
    assert "short'" not in str(refused.value)


def test_an_empty_table_has_the_columns_of_its_kind():
    assert list(joined([], "observations").columns) == OBSERVATION_COLUMNS
    assert isinstance(joined([], "series"), pd.DataFrame)
