"""``api/`` of a site: what its runs found, and nothing that no page stands for."""

import csv
import json
import logging
import shutil

import pytest
from made_site import MONTHS, a_record, figures_of, finding, keep_run, make_site
from markupsafe import Markup
from schemas import complaints

from faiwatch.core.text import Text
from faiwatch.forecast.rows import FORECAST_COLUMNS
from faiwatch.run.publish import publish
from faiwatch.site.dataset import dataset
from faiwatch.site.index import build_index
from faiwatch.stats.negative import SPELL_COLUMNS

GROWTH = figures_of("990101")
FLAGS = """region_code,indicator,period,definition,state,value_pct,lo_pct,hi_pct,block_months
000000,total,2026-07,ytd,negative,-6.7,-6.75,-6.65,1
000000,total,2026-07,block,missing,,,,1
000000,total,2026-08,ytd,negative,-7.2,-7.25,-7.15,1
000000,total,2026-08,block,indeterminate,0.1,-0.5,0.6,1
000000,total,2026-09,ytd,non_negative,0.4,0.35,0.45,1
000000,total,2026-09,block,missing,,,,1
"""
RUNS = f"""{",".join(SPELL_COLUMNS)}
000000,total,ytd,2026-07,2026-08,2,2,False,-7.2,True
"""
FORECASTS = f"""{",".join(FORECAST_COLUMNS)}
2026-08,000000,total,ytd_yoy_pct,2026-09,1,ensemble,mean,,-7.5
2026-08,000000,total,ytd_yoy_pct,2026-10,2,last3,mean,,-8.25
2026-08,000000,total,ytd_yoy_pct,2026-09,1,ensemble,quantile,0.5,-7.4
2026-08,000000,total,ytd_yoy_pct,2026-10,2,last3,quantile,0.5,-8.5
2026-08,000000,total,ytd_yoy_pct,2026-09,1,ensemble,probability,negative,1.0
2026-08,000000,total,ytd_yoy_pct,2026-10,2,last3,probability,negative,
"""


@pytest.fixture
def site(tmp_path):
    """Return a site of two regions, one of which has flags and a forecast beside its growth."""
    place = tmp_path / "site"
    make_site(place, ["000000", "990101"], pages=(), notebooks=["02_monitor", "04_forecast"])
    for lang in ("zh", "en"):
        results = place / f"runs/02_monitor-000000-{lang}/results"
        (results / "flags.csv").write_text(FLAGS, encoding="utf-8-sig")
        (results / "runs.csv").write_text(RUNS, encoding="utf-8-sig")
        results = place / f"runs/04_forecast-000000-{lang}/results"
        (results / "forecasts.csv").write_text(FORECASTS, encoding="utf-8-sig")
    build_index(place)
    return place


def read(site, name):
    return json.loads((site / "api" / name).read_text())


def test_it_begins_with_an_index_and_every_file_is_what_its_schema_says(site):
    index = read(site, "index.json")
    assert complaints(index, "api/index") == []
    regions = read(site, index["regions"])
    assert complaints(regions, "api/regions") == []
    assert {one["region_code"] for one in regions["regions"]} == {"000000", "990101"}
    for one in regions["regions"]:
        for kind in ("series", "flags", "forecasts"):
            for indicator in one[kind]:
                name = index[kind].format(region=one["region_code"], indicator=indicator)
                assert complaints(read(site, name), f"api/{kind}") == []
        for address in one["pages"].values():
            assert (site / address).is_file()
    schemas = {name: read(site, path)["$id"] for name, path in index["schemas"].items()}
    assert schemas["series"] == "urn:faiwatch:schema:1:api/series"


def test_regions_tell_what_the_index_tells(site):
    nation, demo = read(site, "regions.json")["regions"]
    assert (nation["region_code"], nation["is_made_up"], demo["is_made_up"]) == (
        "000000",
        False,
        True,
    )
    growth = figures_of("000000")[-1]
    assert nation["figures"]["ytd_yoy_pct"]["value"] == growth
    assert "target_above_pp" not in nation["figures"]  # no page tells it
    assert nation["verdict"] == {"zh": f"同比{growth:.1f}%。", "en": f"Growth {growth:.1f}%."}
    assert (nation["flags"], demo["flags"]) == (["total"], [])


def test_series_flags_and_forecasts_are_the_results_of_the_runs(site):
    series = read(site, "series/000000/total.json")
    assert series["month"] == MONTHS
    assert series["columns"] == {"ytd_yoy_pct": figures_of("000000")}
    assert series["windows"] == {"ytd_yoy_pct": "ytd"}
    assert series["run"].startswith("02_monitor-000000-")
    flags = read(site, "flags/000000/total.json")
    assert flags["states"] == {
        "ytd": {"negative": ["2026-07", "2026-08"], "non_negative": ["2026-09"]},
        "block": {"indeterminate": ["2026-08"]},
    }
    assert (flags["first"], flags["last"]) == ("2026-07", "2026-09")
    assert [(one["n_months"], one["is_lower_bound"]) for one in flags["spells"]] == [(2, True)]
    (target,) = read(site, "forecasts/000000/total.json")["targets"].values()
    assert target == {
        "month": ["2026-09", "2026-10"],
        "model": ["ensemble", "last3"],
        "mean": [-7.5, -8.25],
        "quantiles": {"0.5": [-7.4, -8.5]},
        "negative": [1.0, None],
    }


def test_what_has_not_changed_is_neither_read_nor_written_again(site, monkeypatch):
    before = {path: path.stat().st_mtime_ns for path in (site / "api").rglob("*.json")}
    monkeypatch.setattr(csv, "DictReader", None)  # the index reads growth with it too
    monkeypatch.setattr("faiwatch.site.overview._history", lambda _: {})
    build_index(site)
    assert {path: path.stat().st_mtime_ns for path in (site / "api").rglob("*.json")} == before


def test_a_page_that_is_taken_away_takes_its_files_along(site):
    for lang in ("zh", "en"):
        (site / lang / "000000/04_forecast.html").unlink()
    build_index(site)
    assert not list((site / "api/forecasts").rglob("*.json"))
    assert "forecasts" not in read(site, "regions.json")["regions"][0]["runs"]
    assert (site / "api/flags/000000/total.json").is_file()


def test_damaged_files_are_made_again_and_damaged_results_are_named(site, caplog):
    whole = (site / "api/flags/000000/total.json").read_bytes()
    (site / "api/flags/000000/total.json").unlink()
    build_index(site)
    assert (site / "api/flags/000000/total.json").read_bytes() == whole
    (site / "api/regions.json").write_text("{")
    for lang in ("zh", "en"):
        (site / f"runs/02_monitor-000000-{lang}/results/runs.csv").write_text(
            "region_code,indicator\n000000,total\n"
        )
    with caplog.at_level(logging.WARNING):
        build_index(site)
    assert "02_monitor-000000" in caplog.text
    assert read(site, "regions.json")["regions"][0]["flags"] == []
    assert not (site / "api/flags/000000").exists() or not list(
        (site / "api/flags/000000").iterdir()
    )


def test_a_copy_has_what_its_pages_tell(site, tmp_path):
    for lang in ("zh", "en"):
        shutil.rmtree(site / lang / "990101")
    publish(site, tmp_path / "copy", "public")
    assert read(tmp_path / "copy", "series/000000/total.json") == read(
        site, "series/000000/total.json"
    )
    assert [one["region_code"] for one in read(tmp_path / "copy", "regions.json")["regions"]] == [
        "000000"
    ]
    told = json.loads((tmp_path / "copy/manifest.json").read_text())
    assert complaints(told, "manifest.json") == []
    assert "api/flags/000000/total.json" in {one["file"] for one in told["files"]}


def described(site, **changes):
    """Return the Dataset of a page of a made-up run, as a page holds it."""
    told = {"run_id": "one", "parameters": {"region": "990101", "data": "demo"}} | changes
    record = a_record("02_monitor", "990101", "en", **told)
    keep_run(site, record, [finding("verdict", -7.2, Text("跌", "It </script> fell"))], GROWTH)
    linked = ["../../runs/one/results/tables.xlsx"]
    made = dataset(
        record,
        site / "runs" / record.run_id,
        title="Monitor",
        lead=Markup("<p>Is it <b>falling</b>?</p>"),
        linked=linked,
    )
    assert made is None or "</script>" not in made
    return made and json.loads(made)


def test_a_page_says_what_it_holds_and_no_more(tmp_path):
    told = described(tmp_path)
    assert told["description"].endswith("It </script> fell Is it falling?")
    assert "made-up" in told["description"].casefold()
    assert told["temporalCoverage"] == f"{MONTHS[0]}/{MONTHS[-1]}"
    assert [one["alternateName"] for one in told["variableMeasured"]] == ["ytd_yoy_pct"]
    assert [one["contentUrl"].rpartition("/")[2] for one in told["distribution"]] == [
        "tables.xlsx",
        "total.json",
        "total.json",
    ]
    assert "license" not in told  # nobody's figures


@pytest.mark.parametrize(
    ("parameters", "is_told"),
    [
        ({"ledger": "demo", "profile": "internal"}, False),
        ({"ledger": "own.xlsx"}, False),
        ({"confidential": True}, False),
        ({"ledger": "demo", "profile": "public"}, True),
    ],
)
def test_only_pages_for_everybody_say_it(parameters, is_told, tmp_path):
    told = described(tmp_path, parameters={"region": "990101", **parameters})
    assert (told is not None) == is_told
    if told:  # an edition of a ledger has no series of its own in the API
        assert [one["contentUrl"] for one in told["distribution"]] == [
            "../../runs/one/results/tables.xlsx"
        ]
