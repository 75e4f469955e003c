"""A full disk is told as one, costs no page that stands, and does not stop the other pages."""

import json
import resource
import subprocess
from contextlib import closing

import pytest

from faiwatch.run.journal import Journal
from faiwatch.run.progress import last_line
from faiwatch.site.run_record import read_record

pytestmark = pytest.mark.xdist_group("forked")  # their server is made once
LONGEST_WAIT = 120  # seconds
WRITES = "done = open(results + '/half.csv', 'wb').write(bytes(30_000_000))"
MAY_WRITE_LITTLE = f"""
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
{WRITES}
"""
WRITES_BY_THE_HOUSE = """
import pathlib
from faiwatch.core.files import atomic_write_bytes
atomic_write_bytes(pathlib.Path(results, "half.csv"), bytes(30_000_000))
"""
# Takes all the room and says nothing: whoever writes next finds none.
TAKES_THE_ROOM = """
import contextlib, os, pathlib
with contextlib.suppress(OSError), pathlib.Path(results, "all").open("wb", buffering=0) as file:
    while region == "120000" or "{always}":
        file.write(bytes(4096))
"""


@pytest.fixture
def small_disk(warm_house):
    """Return the house with its site on a disk of 8 MB, where this user may mount one."""
    house = warm_house
    house.site.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(house.site)]
    if subprocess.run(words, capture_output=True).returncode:
        pytest.skip("this user may not mount a file system")
    yield house
    subprocess.run(["umount", "-l", str(house.site)], check=True)


def everything(site):
    """Return every file of a site with its content, less index and locks."""
    return {
        path: path.read_bytes()
        for path in site.rglob("*")
        if path.is_file() and path.suffix != ".lock" and path.parent != site
    }


@pytest.mark.parametrize(
    ("disk", "code"),
    [
        ("warm_house", MAY_WRITE_LITTLE),
        ("small_disk", WRITES),
        ("small_disk", WRITES_BY_THE_HOUSE),
    ],
    ids=["file too large", "no space", "no space for a whole file"],
)
def test_a_cell_without_room_says_so_and_leaves_nothing_half_written(request, disk, code):
    house = request.getfixturevalue(disk)
    house.write("1 + 1")
    good = house.run()
    page = house.page().read_bytes()
    house.write(code, "never = 1")
    record = house.run()
    assert record.verdict == "cell_error"
    assert "the disk was full when code cell 3 wrote a file" in record.cause
    assert "free some space" in record.cause
    assert str(house.site) not in record.cause
    assert [cell.status for cell in record.cells][2:] == ["failed", "pending"]
    assert read_record(house.folder(record) / "run.json") == record
    assert record.results == ()
    assert not (house.folder(record) / "results").exists()
    assert record.cause in house.executed(record).cells[0].source
    assert house.page().read_bytes() == page
    assert good.started[:10] in house.page(failed=True).read_text()
    assert not house.unfinished()


def test_a_page_without_room_is_blocked_and_leaves_the_site_as_it_was(small_disk):
    small_disk.write("1 + 1")
    small_disk.run()
    before = everything(small_disk.site)
    small_disk.write(TAKES_THE_ROOM.format(always=1))
    record = small_disk.run()
    assert record.verdict == "blocked"
    assert "the disk is full; where: " in record.cause
    assert "what to do: free some space" in record.cause
    assert [cell.status for cell in record.cells] == ["completed"] * 3
    assert (record.page, record.results) == ("", ())
    told = last_line([record], small_disk.site, "en")
    assert record.run_id not in told  # there is no such folder
    assert everything(small_disk.site) == before
    assert not small_disk.unfinished()
    small_disk.write("1 + 1 + 1")
    assert small_disk.run().verdict == "ok"


def test_a_batch_goes_on_when_one_page_takes_all_the_room(small_disk, forked):
    small_disk.write(TAKES_THE_ROOM.format(always=""))
    words = ["--regions", "120000,110000,130000", "--notebooks", "02_monitor", "--lang", "en"]
    more = ["--workers", "1", "--site", str(small_disk.site)]
    asked = ["batch", *words, *more, "--json"]
    with closing(forked(small_disk.root, "little", *asked)) as runner:
        out, said = runner.communicate(timeout=LONGEST_WAIT)
    assert runner.returncode == 16, said
    assert "Traceback" not in said
    answer = json.loads(out)
    assert [run["verdict"] for run in answer["runs"]] == ["blocked", "ok", "ok"]
    assert sorted(run["region"] for run in small_disk.runs()) == ["110000", "130000"]
    index = (small_disk.site / "index.en.html").read_text()
    assert "en/130000/02_monitor.html" in index
    assert "120000" not in index


def test_a_site_without_any_room_is_told_in_one_line(small_disk, faiwatch_says):
    with (small_disk.site / "all").open("wb", buffering=0) as file:
        while file.write(bytes(4096)) == 4096 and file.tell() < 8 * 1024**2:
            pass
    small_disk.write("1 + 1")
    code, _, said = faiwatch_says("run", "02_monitor", "--site", small_disk.site)
    assert code == 16
    assert said.startswith(f"the disk is full; where: {small_disk.site}")
    assert said.count("\n") == 1
    assert [path.name for path in small_disk.site.rglob("*") if path.is_file()] == ["all"]


def test_a_run_made_again_without_room_says_that_the_disk_is_full(
    small_disk, faiwatch_says, monkeypatch
):
    small_disk.write("1 + 1")
    record = small_disk.run()
    monkeypatch.setattr("tempfile.tempdir", str(small_disk.site))
    small_disk.write(
        TAKES_THE_ROOM.format(always=1).replace("results", f"{str(small_disk.site)!r}")
    )
    code, out, said = faiwatch_says("reproduce", record.run_id, "--site", small_disk.site)
    assert (code, out) == (16, "")
    assert said.startswith(f"the disk is full; where: {small_disk.site}; ")


def test_a_journal_without_room_goes_on_and_tells_what_it_lost(tmp_path):
    path = tmp_path / "log.jsonl"
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    with Journal(path, 1) as journal:
        resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 20, limits[1]))
        try:
            journal.write("lost")
            journal.write("lost")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        journal.write("kept")
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [line["event"] for line in lines] == [
        "batch_started",
        "lines_lost",
        "kept",
        "batch_ended",
    ]
    assert lines[1]["count"] == 2
