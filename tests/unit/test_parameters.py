"""A parameter that cannot be meant is refused at once, and the message helps to mend it."""

import subprocess
import sys
import time

import pytest

from faiwatch.core.errors import DataInvalidError, FaiwatchError, ParameterError, nearest
from faiwatch.page.parameters import (
    NOTEBOOKS,
    check_parameters,
    describe_parameters,
    parameters_of,
)

REFUSED = [
    ("months", "010"),
    ("months", "twelve"),
    ("months", "12.0"),
    ("months", "-24"),
    ("months", " 24"),
    ("months", "11"),
    ("months", "361"),
    ("months", "１２"),
    ("months", ""),
    ("months", True),
    ("months", 24.0),
    ("run_across_years", "False"),
    ("run_across_years", "0"),
    ("run_across_years", "no"),
    ("run_across_years", 1),
    ("as_of", "2026-13"),
    ("as_of", "2026-1"),
    ("as_of", "2026-00"),
    ("as_of", "202608"),
    ("as_of", "2026-08-01"),
    ("as_of", "1949-12"),
    ("as_of", "Latest"),
    ("as_of", "２０２６-08"),
    ("as_of", "2026-08\n"),
    ("region", "999999"),
    ("region", "61000"),
    ("region", "6100000"),
    ("region", "陕东"),
    ("region", True),
    ("region", "990101"),
    ("lang", "fr"),
    ("lang", "EN"),
    ("definition", "monthly"),
    ("base_shares", "true"),
    ("indicators", ""),
    ("indicators", "total,"),
    ("indicators", "total,total"),
    ("indicators", "Total"),
    ("indicators", "total; import os"),
    ("data", "../figures.csv"),
    ("data", "a/../../figures.csv"),
    ("data", "~/figures.csv"),
    ("data", "http://example.org/figures.csv"),
    ("data", "file:///etc/figures.csv"),
    ("data", "figures.csv\0"),
    ("data", "figures\n.csv"),
    ("data", "missing.csv"),
    ("data", "."),
    ("data", "/etc/passwd"),
    ("data", ""),
    ("results", "../elsewhere"),
    ("results", "~"),
    ("results", "s3://bucket/x"),
    ("results", "a\0b"),
]


@pytest.mark.parametrize(("name", "value"), REFUSED, ids=[f"{n}={v!r}" for n, v in REFUSED])
def test_refused_with_name_value_and_what_is_allowed(name, value):
    with pytest.raises(ParameterError) as told:
        check_parameters("02_monitor", {name: value})
    for lang, allowed in (("zh", "允许: "), ("en", "allowed: ")):
        message = told.value.message(lang)
        assert name in message
        assert repr(value) in message
        assert allowed in message
        assert "\n" not in message
    assert told.value.exit_code == 2


@pytest.mark.parametrize(
    ("name", "value", "meant"),
    [
        ("months", "24", 24),
        ("months", "360", 360),
        ("months", 48, 48),
        ("run_across_years", "false", False),
        ("run_across_years", "true", True),
        ("as_of", "2026-08", "2026-08"),
        ("as_of", "latest", "latest"),
        ("region", "610000", "610000"),
        pytest.param("region", 610000, "610000", id="region as papermill reads 610000"),
        ("region", 0, "000000"),
        ("region", "陕西", "610000"),
        ("region", "陕西省", "610000"),
        ("region", "Inner Mongolia", "150000"),
        ("indicators", "total,private", "total,private"),
        ("indicators", "my_own_1", "my_own_1"),
        ("results", "out", "out"),
    ],
)
def test_taken_as_meant(name, value, meant):
    taken = getattr(check_parameters("02_monitor", {name: value}), name)
    assert taken == meant
    assert type(taken) is type(meant)


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_defaults_pass_their_own_check(notebook):
    defaults = check_parameters(notebook, {}).model_dump()
    assert check_parameters(notebook, defaults).model_dump() == defaults
    assert defaults == {row.name: row.default for row in describe_parameters(notebook)}


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_every_parameter_is_explained_in_both_languages(notebook):
    for row in describe_parameters(notebook):
        assert row.type
        for text in (row.meaning, row.allowed):
            assert text.zh
            assert text.en
            assert text.zh != text.en or row.name == "definition"


@pytest.mark.parametrize(
    ("given", "meant"),
    [("regoin", "region"), ("as-of", "as_of"), ("month", "months"), ("defintion", "definition")],
)
def test_misspelt_name_is_met_with_the_nearest(given, meant):
    with pytest.raises(ParameterError) as told:
        check_parameters("02_monitor", {given: "1"})
    message = told.value.message("en")
    assert f"did you mean '{meant}'?" in message
    assert repr(given) in message
    assert "run_across_years" in message
    assert f"是否想写 '{meant}'" in told.value.message("zh")


def test_name_that_resembles_nothing_lists_what_there_is():
    with pytest.raises(ParameterError, match="region, as_of, lang"):
        check_parameters("01_data", {"zzz": "1"})


def test_misspelt_notebook_is_met_with_the_nearest():
    with pytest.raises(ParameterError, match="did you mean '02_monitor'"):
        parameters_of("2_monitor")


def test_misspelt_region_is_met_with_the_nearest():
    with pytest.raises(ParameterError) as told:
        check_parameters("02_monitor", {"region": "610001"})
    assert "610000" in told.value.message("en")


def test_misspelt_name_of_a_region_is_met_with_the_nearest():
    with pytest.raises(ParameterError) as told:
        check_parameters("07_regions", {"regions": "陕西,Guangdnog"})
    assert "'Guangdong'" in told.value.message("en")


def test_lists_of_regions_take_names():
    given = check_parameters("07_regions", {"regions": "陕西,Guangdong,110000"})
    assert given.regions == "610000,440000,110000"


def test_district_is_pointed_to_its_data():
    with pytest.raises(ParameterError, match="data=demo"):
        check_parameters("02_monitor", {"region": "990101"})
    assert check_parameters("02_monitor", {"region": "990101", "data": "demo"}).data == "demo"


def test_nation_is_not_in_the_demo_figures():
    with pytest.raises(ParameterError, match="region"):
        check_parameters("02_monitor", {"data": "demo"})


def test_regions_of_a_list_are_each_looked_up():
    with pytest.raises(ParameterError, match="'619999'"):
        check_parameters("07_regions", {"regions": "610000,619999"})
    assert check_parameters("07_regions", {"regions": "610000,620000"})


def test_comparison_looks_back():
    with pytest.raises(ParameterError, match="against"):
        check_parameters("01_data", {"as_of": "2026-08", "against": "2026-08"})
    assert check_parameters("01_data", {"as_of": "2026-08", "against": "2026-07"})


def own_csv(folder, text="region_code,indicator,period,ytd_yoy_pct\n610702,total,2026-08,1.0\n"):
    path = folder / "own.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def test_own_figures_decide_which_regions_there_are(tmp_path):
    values = {"data": own_csv(tmp_path), "region": "610702"}
    assert check_parameters("02_monitor", values).region == "610702"
    with pytest.raises(ParameterError, match="allowed: 610702"):
        check_parameters("02_monitor", values | {"region": "610000"})


@pytest.mark.parametrize(
    "text",
    [b"code,value\n1,2\n", b"\x81 \xff\xff", b"region_code\n\x00\n"],
    ids=["other columns", "not text", "NUL"],
)
def test_own_figures_that_cannot_be_read(tmp_path, text):
    with pytest.raises((DataInvalidError, ParameterError)) as told:
        check_parameters("02_monitor", {"data": own_csv(tmp_path, text)})
    assert "\n" not in told.value.message("en")


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("", 10, "no figures"),
        ("region_code,indicator,period,ytd_yoy_pct\n,,,\n", 10, "no figures"),
        ("region_code,indicator,period,ytd_yoy_pct\n ,total,2026-08,1.0\n", 11, "is blank"),
        ("region_code;indicator\n610702;total\n", 11, "separated by ';', expected ','"),
        ("region_code\tindicator\n610702\ttotal\n", 11, "separated by '\\t', expected ','"),
    ],
    ids=["empty", "heading only", "no region", "semicolons", "tabs"],
)
def test_own_figures_that_answer_for_no_region(tmp_path, text, code, said):
    with pytest.raises(FaiwatchError) as told:
        check_parameters("02_monitor", {"data": own_csv(tmp_path, text), "region": "610702"})
    message = told.value.message("en")
    assert told.value.exit_code == code
    assert said in message
    assert "own.csv" in message
    assert str(tmp_path) not in message


def test_a_value_is_never_met_with_itself():
    assert nearest("total", ["total", "totals"]) is None
    assert nearest("totl", ["total"]) is not None


def test_long_value_is_not_poured_over_the_screen():
    with pytest.raises(ParameterError) as told:
        check_parameters("02_monitor", {"region": "6" * 100_000})
    assert len(told.value.message("en")) < 1000


def test_refused_before_anything_heavy_is_loaded():
    began = time.monotonic()
    done = subprocess.run(
        [
            sys.executable,
            "-X",
            "importtime",
            "-m",
            "faiwatch",
            "run",
            "02_monitor",
            "-p",
            "months=010",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.monotonic() - began
    assert done.returncode == 2
    assert done.stdout == ""
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert not loaded & {"pandas", "numpy", "altair", "papermill", "nbclient", "nbconvert"}
    assert seconds < 2.5
