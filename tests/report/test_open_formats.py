"""What programs read of the whole site: every file by its schema, every number that of a page."""

import csv
import json
import re
from functools import cache
from pathlib import Path

import pytest
from schemas import complaints

LD = re.compile(r'<script type="application/ld\+json">(.*?)</script>')
FILES = {"run.json": 40, "findings.json": 5}  # how many, for time


@pytest.fixture(scope="module")
def regions(built_site):
    return json.loads((built_site / "api/regions.json").read_text())["regions"]


@cache
def results_of(site, run, name):
    with (site / "runs" / run / "results" / name).open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def rows_of(site, run, name, region, indicator):
    key = (region["region_code"], indicator)
    rows = results_of(site, run, name)
    return [row for row in rows if (row["region_code"], row["indicator"]) == key]


@pytest.mark.parametrize("name", FILES)
def test_what_runs_leave_is_what_its_schema_says(name, built_site):
    found = sorted(built_site.glob(f"runs/*/**/{name}"))
    assert found
    for path in found[-FILES[name] :]:
        assert complaints(json.loads(path.read_text()), name) == [], path


def test_files_of_the_api_are_what_their_schemas_say(built_site):
    api = built_site / "api"
    for path in [*api.glob("*.json"), *api.glob("*/*/total.json"), *api.glob("*/*/private.json")]:
        kind = path.relative_to(api).parts[0].removesuffix(".json")
        assert complaints(json.loads(path.read_text()), f"api/{kind}") == [], path


def test_series_are_the_figures_of_the_runs_whose_pages_stand(built_site, regions):
    compared = 0
    for region in regions:
        for indicator in region["series"]:
            path = built_site / f"api/series/{region['region_code']}/{indicator}.json"
            told = json.loads(path.read_text())
            rows = rows_of(built_site, told["run"], "measures.csv", region, indicator)
            assert told["month"] == [row["period"] for row in rows]
            for name, column in told["columns"].items():
                assert ["" if one is None else repr(one) for one in column] == [
                    repr(float(row[name])) if row[name] else "" for row in rows
                ]
                compared += len(column)
    assert compared > 1000


def test_flags_are_those_of_the_runs(built_site, regions):
    for region in regions:
        for indicator in region["flags"]:
            path = built_site / f"api/flags/{region['region_code']}/{indicator}.json"
            told = json.loads(path.read_text())
            rows = rows_of(built_site, told["run"], "flags.csv", region, indicator)
            states = {
                (name, month): state
                for name, of in told["states"].items()
                for state, months in of.items()
                for month in months
            }
            for row in rows:
                state = states.pop((row["definition"], row["period"]), "missing")
                assert state == row["state"]
            assert not states
            spells = rows_of(built_site, told["run"], "runs.csv", region, indicator)
            assert [str(one["n_months"]) for one in told["spells"]] == [
                row["n_months"] for row in spells
            ]


def test_the_growth_of_a_region_is_the_last_of_its_series(built_site, regions):
    told = [one for one in regions if "total" in one["series"]]
    monitored = {page.parent.name for page in built_site.glob("[ez][nh]/*/02_monitor.html")}
    assert {region["region_code"] for region in told} == monitored
    assert len(told) > 4
    for region in told:
        path = built_site / f"api/series/{region['region_code']}/total.json"
        growth = json.loads(path.read_text())["columns"]["ytd_yoy_pct"]
        last = [one for one in growth if one is not None][-1]
        assert region["figures"]["ytd_yoy_pct"]["value"] == last


def test_each_page_for_everybody_says_what_data_it_holds(built_site):
    described = set()
    for page in built_site.glob("[ez][nh]/*/*.html"):
        found = LD.findall(page.read_text())
        if not found:
            continue
        (told,) = map(json.loads, found)
        described.add(page.relative_to(built_site).as_posix())
        assert (told["@context"], told["@type"]) == ("https://schema.org", "Dataset")
        assert told["spatialCoverage"]["identifier"] == page.parent.name
        assert 50 <= len(told["description"]) <= 5000 or page.parts[-3] == "zh"
        assert re.fullmatch(r"\d{4}-\d\d(/\d{4}-\d\d)?", told["temporalCoverage"])
        for one in told.get("distribution", ()):
            assert (page.parent / one["contentUrl"]).resolve().is_file(), page
    of_no_ledger = {
        run["page"]
        for run in map(json.loads, map(Path.read_text, built_site.glob("runs/*/run.json")))
        if {run["parameters"].get(name, "none") for name in ("ledger", "ledgers")} == {"none"}
    }
    assert described == of_no_ledger
    assert len(described) > 30


def test_pages_that_are_not_for_everybody_have_no_such_words(built_site):
    for page in built_site.glob("*/990101/06_projects.html"):
        assert not LD.findall(page.read_text())
