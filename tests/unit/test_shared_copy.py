"""The copy of a site that is shared: what is in it, what is not, and what stops it."""

import hashlib
import json
import zipfile

import pandas as pd
import pytest
from made_site import a_record, keep_run, lay_down, make_site

from faiwatch.core.errors import ParameterError, PublicationBlockedError
from faiwatch.ledger.editions import Cell, Edition, Member, read_editions
from faiwatch.run.diff import Run, reproduce
from faiwatch.run.prune import runs_to_prune
from faiwatch.run.publish import MANIFEST, public_editions, publish, readers_of
from faiwatch.run.request import check_request
from faiwatch.run.single import PageRun, RunOptions
from faiwatch.site.site import page_address, read_records

PUBLIC = {"region": "990101", "ledger": "demo", "profile": "public"}
INTERNAL = {"region": "990101", "ledger": "demo", "profile": "internal"}
FILES = {"index.html", "index.en.html", "site.js", "overview.js", "releases.ics", "releases.atom"}


def page(site, body, *, notebook="06_projects", results=None, **changes):
    """Lay down a page of a run with the given body and result files; return its address."""
    parameters = changes.pop("parameters", PUBLIC)
    told = {"run_id": f"run-{len(list(site.glob('runs/run-*')))}", "parameters": parameters}
    told |= changes
    record = a_record(notebook, parameters["region"], "en", **told)
    keep_run(site, record, [])
    for name, content in (results or {}).items():
        (site / "runs" / record.run_id / "results" / name).write_bytes(content)
    (site / "runs" / record.run_id / "executed.ipynb").write_text("code of D:\\wang\\ledger.xlsx")
    text = f"<!DOCTYPE html><title>page</title>{body}".replace(
        "RUN", f"../../runs/{told['run_id']}"
    )
    lay_down(site, record, text)
    return page_address(record)


@pytest.fixture
def site(tmp_path):
    """Return a site with a page of figures, a public page and an internal one of a ledger."""
    place = tmp_path / "site"
    make_site(place, ["000000"], notebooks=["02_monitor"])
    page(
        place,
        '<a href="RUN/results/status.csv">CSV</a> <a href="06_projects.html">inside</a>'
        '<a href="../../index.en.html">all</a>',
        results={"status.csv": b"unit,n\n", "not_linked.csv": b"x"},
    )
    page(place, '<a href="RUN/results/projects.csv">CSV</a>', parameters=INTERNAL,
         results={"projects.csv": b"name\n"})  # fmt: skip
    return place


@pytest.fixture
def to(tmp_path):
    return tmp_path / "shared"


def names(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_public_copy_holds_pages_for_everybody_and_what_they_link_to(site, to):
    copy = publish(site, to, "public")
    found = names(to)
    assert found >= FILES | {"en/990101/06_projects.public.html", "zh/000000/02_monitor.html"}
    assert [one for one in found if one.startswith("runs/")] == ["runs/run-0/results/status.csv"]
    assert copy.left_out == ["en/990101/06_projects.html"]
    assert "06_projects.html" not in (to / "index.en.html").read_text()
    assert "990101" in (to / "site.js").read_text()


def test_links_to_what_is_left_out_keep_their_words(site, to):
    publish(site, to, "public")
    text = (to / "en/990101/06_projects.public.html").read_text()
    assert "inside" in text
    assert 'href="06_projects.html"' not in text
    publish(site, to, "internal")
    assert 'href="06_projects.html"' in (to / "en/990101/06_projects.public.html").read_text()


def test_a_wider_edition_has_the_rest_and_no_records(site, to):
    publish(site, to, "internal")
    found = names(to)
    assert "en/990101/06_projects.html" in found
    assert not [one for one in found if one.endswith(("run.json", ".ipynb", ".log", "linked.csv"))]


@pytest.mark.parametrize(
    ("notebook", "parameters", "readers"),
    [
        ("02_monitor", {"region": "000000"}, "public"),
        ("06_projects", PUBLIC, "public"),
        ("06_projects", INTERNAL, "internal"),
        ("08_briefing", {"region": "990101", "ledger": "own.xlsx"}, "internal"),
        ("08_briefing", {"region": "000000", "ledger": "none"}, "public"),
        ("09_city", {"region": "990100", "ledgers": "demo"}, "internal"),
        (
            "08_briefing",
            {"region": "990101", "ledger": "demo", "confidential": True},
            "confidential",
        ),
    ],
)
def test_who_may_read_a_page(notebook, parameters, readers):
    assert readers_of(a_record(notebook, "990101", "en", parameters=parameters)) == readers


def test_the_manifest_tells_every_file(site, to):
    publish(site, to, "public")
    told = json.loads((to / MANIFEST).read_text())
    assert told["edition"] == "public"
    assert {one["file"] for one in told["files"]} == names(to) - {MANIFEST}
    for one in told["files"]:
        content = (to / one["file"]).read_bytes()
        assert (one["bytes"], one["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())


def test_published_again_the_copy_follows_the_site(site, to):
    publish(site, to, "internal")
    publish(site, to, "public")
    assert "en/990101/06_projects.html" not in names(to)
    assert not [one for one in to.parent.iterdir() if one.name.startswith(".")]


def test_a_dry_run_writes_nothing(site, to):
    assert publish(site, to, "public", dry_run=True).files
    assert not to.exists()
    assert not list(to.parent.glob(".*"))


def archive(tmp_path, content):
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/sharedStrings.xml", content)
    return path.read_bytes()


@pytest.mark.parametrize(
    ("body", "packed", "got"),
    [
        ("<p>postgres://me:open-sesame@db/x</p>", "", "password in an address"),
        ("<p>made-up-secret/01</p>", "", "HF_TOKEN"),
        ("", "made-up-secret/01", "HF_TOKEN"),
        ("<p>/home/somebody/ledger.xlsx</p>", "", "/home/somebody"),
        ("", "<t>/Users/somebody/ledger.xlsx</t>", "/Users/somebody"),
        (r"<p>\\fileserver\plans\ledger.xlsx</p>", "", "fileserver"),
        (r"<p>D:\plans\ledger.xlsx</p>", "", "plans"),
        ("<p>/mnt/share/ledger.xlsx</p>", "", "/mnt/share"),
        ('<a href="nowhere.html">x</a>', "", "nowhere.html"),
        ('<a href="../../../etc/passwd">x</a>', "", "passwd"),
        ("<p>NAME</p>", "", "NAME"),
        ("", "<t>NAME</t>", "NAME"),
    ],
)  # fmt: skip
def test_what_must_not_be_shared_stops_it_and_the_copy_stays(
    site, to, tmp_path, monkeypatch, demo_ledger, body, packed, got
):
    monkeypatch.setenv("HF_TOKEN", "made-up-secret/01")
    publish(site, to, "public")
    before = names(to)
    name = demo_ledger.tables["projects"]["name"].iloc[7]
    body, packed, got = (one.replace("NAME", name) for one in (body, packed, got))
    results = {"x.xlsx": archive(tmp_path, packed)} if packed else {}
    page(site, body + ('<a href="RUN/results/x.xlsx">x</a>' if packed else ""), results=results)
    with pytest.raises(PublicationBlockedError) as blocked:
        publish(site, to, "public")
    assert got in str(blocked.value)
    assert names(to) == before
    assert not list(to.parent.glob(".*"))


def test_names_are_for_the_internal_edition(site, to, demo_ledger):
    page(site, f"<p>{demo_ledger.tables['projects']['name'].iloc[7]}</p>", parameters=INTERNAL)
    publish(site, to, "internal")


def test_a_ledger_that_is_gone_cannot_be_checked(site, to):
    page(site, "", parameters=PUBLIC | {"ledger": "gone.xlsx"})
    with pytest.raises(PublicationBlockedError):
        publish(site, to, "public")


@pytest.mark.parametrize("place", ["site", "site/zh", ".", "mine"])
def test_a_folder_that_is_not_a_copy_is_left_alone(site, tmp_path, place):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    with pytest.raises(ParameterError):
        publish(site, tmp_path / place, "public")
    assert (tmp_path / "mine" / "thesis.txt").exists()


def test_a_copy_killed_between_two_renames_is_put_back(site, to):
    publish(site, to, "public")
    to.rename(to.with_name(f".{to.name}.before"))
    page(site, '<a href="nowhere.html">x</a>')
    with pytest.raises(PublicationBlockedError):
        publish(site, to, "public")
    assert (to / "index.html").exists()


def test_the_command_says_how_much_and_where(site, to, faiwatch_says):
    code, out, err = faiwatch_says("publish", "--site", str(site), "--to", str(to), "--lang", "en")[
        :3
    ]
    assert (code, err) == (0, "")
    assert "1 pages are for fewer readers" in out
    page(site, "<p>/home/somebody/x</p>")
    code, out, err = faiwatch_says("publish", "--site", str(site), "--to", str(to), "--lang", "en")[
        :3
    ]
    assert code == 16
    assert len(err.splitlines()) == 1


def edition(month, n, base=0.0):
    member = Member(code="p1", unit="a", group="x", owner="", plan=1.0, done=0.0)
    cell = Cell(unit="a", group="x", plan=9.0, done=1.0, base=base)
    return Edition(month=month, members=(member,) * n, cells=(cell,))


def test_the_last_six_public_editions_that_differ_are_found_the_newest_first(site):
    for day in range(1, 10):
        parameters = INTERNAL if day == 9 else PUBLIC
        started = f"2026-11-{day:02d}T00:00:00+00:00"
        page(site, "", parameters=parameters, started=started, run_id=f"of-day-{day}")
        told = edition("2026-08", day if day != 7 else 8).model_dump_json()
        (site / "runs" / f"of-day-{day}" / "edition.json").write_text(told if day != 5 else "{")
    found = public_editions(site, "990101")
    assert [len(one.members) for one in found] == [8, 6, 4, 3, 2, 1]
    assert public_editions(site, "430000") == []
    assert (site / "runs" / "of-day-5" / "edition.json.unreadable").exists()


def test_an_edition_is_given_to_the_next_run_and_to_nobody_else(site, to):
    page(site, '<a href="RUN/results/status.csv">CSV</a>', results={"status.csv": b"n"}, run_id="r")
    for name in ("edition.json", "editions.json"):
        (site / "runs" / "r" / name).write_text("[]")
    publish(site, to, "confidential")
    assert not [one for one in names(to) if one.endswith(("edition.json", "editions.json"))]


def test_old_runs_that_the_next_edition_is_compared_with_are_kept(site):
    for day in range(1, 10):
        started = f"2020-01-{day:02d}T00:00:00+00:00"
        for parameters, name in ((PUBLIC, "public"), (INTERNAL, "internal")):
            page(site, "", parameters=parameters, started=started, run_id=f"{name}-{day}")
    gone = runs_to_prune(read_records(site), months=1, today=pd.Timestamp("2026-12-01", tz="UTC"))
    assert {one.run_id for one in gone} == {
        *(f"public-{day}" for day in range(1, 5)),  # one of this month's is kept by the fixture
        *(f"internal-{day}" for day in range(1, 10)),
    }


def test_the_report_says_how_to_share_it(site, faiwatch_says, monkeypatch):
    made = [a_record("02_monitor", "000000", "en", page="en/000000/02_monitor.html")]
    monkeypatch.setattr("faiwatch.run.report.report", lambda *_: made)
    code, out, _ = faiwatch_says("report", "--site", str(site))
    assert code == 0
    assert "faiwatch publish --site" in out.splitlines()[0]
    assert out.splitlines()[-1].endswith("index.en.html")


def test_a_public_run_is_given_the_editions_of_its_site_and_made_again_those_of_then(
    site, tmp_path
):
    page(site, "", run_id="before")
    told = edition("2026-07", 3)
    (site / "runs" / "before" / "edition.json").write_text(told.model_dump_json())
    then = tmp_path / "editions.json"
    then.write_text("[]")
    asked = check_request("06_projects", {"region": "990101", "data": "demo", "profile": "public"})
    for given, found in ((None, [told]), (tmp_path / "none.json", [told]), (then, [])):
        run = PageRun("06_projects", asked, RunOptions(site, editions=given))
        run.private.mkdir(parents=True)
        run.hand_over_editions()
        assert read_editions(run.private / "editions.json") == found


def test_a_run_made_again_is_compared_with_what_it_was_compared_with_then(site, monkeypatch):
    asked = []
    monkeypatch.setattr(
        "faiwatch.run.single.run_page", lambda *words: asked.append(words[2]) or now
    )
    monkeypatch.setattr("faiwatch.run.diff.read_run", lambda *_: then)
    then = Run(site / "runs" / "run-0", a_record("06_projects", "990101", "en"), {})
    now = a_record("06_projects", "990101", "en", page="x")
    reproduce(then, RunOptions(site))
    assert asked[0].editions == site / "runs" / "run-0" / "editions.json"
