"""The one-page brief says what the other pages say, and leads to them."""

import json

import pytest

REGIONS = {"000000": ("02", "04", "05"), "990101": ("02", "04", "05", "06"), "430500": ("02",)}
SAME = {  # a line of the brief, and the page and finding that it repeats
    "verdict": ("02_monitor", "verdict"),
    "ytd_yoy": ("02_monitor", "ytd_yoy"),
    "p_next_negative": ("04_forecast", "p_next_negative"),
    "forecast": ("04_forecast", "outlook"),
    "target": ("05_target", "verdict"),
    "projects": ("06_projects", "verdict"),
}


@pytest.fixture(scope="module")
def findings(built_site):
    """Return the words of every finding, by notebook, region, and id."""
    told = {}
    for record in built_site.glob("runs/*/run.json"):
        run = json.loads(record.read_text("utf-8"))
        path = record.parent / "results/findings.json"
        if run["lang"] == "zh" and path.is_file():
            rows = json.loads(path.read_text("utf-8"))
            told[run["notebook"], run["region"]] = {
                one["id"]: (one["zh"], one["en"], one["value"]) for one in rows
            }
    return told


@pytest.mark.parametrize("region", REGIONS)
def test_no_line_says_something_else_than_its_page(findings, region):
    brief, compared = findings["10_brief", region], 0
    for id, (notebook, original) in SAME.items():
        if (notebook, region) in findings and id in brief:
            assert brief[id] == findings[notebook, region][original], (id, notebook)
            compared += 1
    assert compared >= 2


@pytest.mark.parametrize("region", ["000000", "990101"])
def test_pages_of_a_region_say_one_chance_of_a_negative_year(findings, built_site, region):
    _, _, chance = findings["04_forecast", region]["p_full_year_negative"]
    _, _, not_negative = findings["05_target", region]["chance_non_negative"]
    assert 100 - not_negative == pytest.approx(chance)
    (report,) = built_site.glob(f"runs/*-08_briefing-{region}-zh-*/results/slots.json")
    slots = {one["id"]: one["value"] for one in json.loads(report.read_text("utf-8"))["slots"]}
    assert slots["year_negative_chance"] == pytest.approx(chance)


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_its_lines_lead_to_the_pages_there_are(pages, region, lang):
    page = pages[f"{lang}/{region}/10_brief.html"]
    linked = {link.get("href", "")[:2] for link in page.all("a")}
    assert set(REGIONS[region]) <= linked
    assert 'href="page:' not in page.html
