"""A store under attack: several writers, a kill in mid-write, a full disk, damage, and real S3."""

import datetime
import json
import shutil
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, closing

import pytest

from faiwatch.core.errors import DataInvalidError
from faiwatch.data import store
from faiwatch.data.csv_file import read_observations
from faiwatch.data.store import Ingest, read_vintages
from faiwatch.data.store_files import DataRoot

pytestmark = pytest.mark.xdist_group("forked")  # their server is made once
HEADER = "region_code,indicator,period,ytd_yoy_pct\n"
BUCKET = "s3://statistics/fai"

# Stands still with a whole draft on the disk and its name not given yet.
STOPS = """
import os, sys, time
from faiwatch.cli.app import main
left = [int(sys.argv.pop(1))]
sync = os.fsync
def stop(file):
    sync(file)
    left[0] -= 1
    if left[0] == 0:
        print("here", flush=True)
        time.sleep(60)
os.fsync = stop
main()
"""
# Has room for files of 1,000 bytes; a table takes more.
HAS_NO_ROOM = """
import resource
from faiwatch.cli.app import main
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
main()
"""


@pytest.fixture(scope="module")
def one_month_kept(tmp_path_factory):
    """Return a folder with a file for each of six months, whose store holds the first."""
    folder = tmp_path_factory.mktemp("kept")
    for month in range(2, 8):
        path = folder / f"{month}.csv"
        path.write_text(f"{HEADER}840000,total,2026-{month:02d},{month / 10}\n")
    (folder / "stops.py").write_text(STOPS)
    (folder / "has_no_room.py").write_text(HAS_NO_ROOM)
    keep_here(folder, 2)
    return folder


@pytest.fixture
def folder(one_month_kept, tmp_path):
    """Return a copy of that folder."""
    return shutil.copytree(one_month_kept, tmp_path, dirs_exist_ok=True)


@pytest.fixture
def start(folder, forked):
    """Return a function that starts ``python -m`` in the folder, as a context in which it runs."""
    return lambda *words, **environment: closing(forked(folder, *words, **environment))


def keep(month, root="store"):
    return ["keep", f"{month}.csv", "--data", root, "--issued", f"2026-{month + 1:02d}-15"]


def keep_here(folder, *wanted):
    """Keep months in this process, as the command does but without its start."""
    for month in wanted:
        path = folder / f"{month}.csv"
        day = datetime.date(2026, month + 1, 15)
        fetched = datetime.datetime(2026, 11, 2, tzinfo=datetime.UTC)
        ingest = Ingest(path.name, path.read_bytes(), "own", fetched, day)
        store.keep(read_observations(path, name=path.name), ingest, address=f"{folder}/store")


def months(root):
    return read_vintages(str(root))["period"].dt.month.tolist()


def test_writers_at_once_lose_nothing_and_readers_see_whole_vintages(folder, start):
    seen = []
    with ExitStack() as stack:
        writers = [stack.enter_context(start("faiwatch", *keep(month))) for month in (3, 4, 4)]
        while any(writer.poll() is None for writer in writers):
            seen.append(months(folder / "store"))  # raises if a vintage is half there
            time.sleep(0.02)
    assert [writer.returncode for writer in writers] == [0, 0, 0]
    assert months(folder / "store") == [2, 3, 4]
    assert seen == sorted(seen, key=len)


@pytest.mark.parametrize("file", [1, 2, 3], ids=["original", "table", "manifest"])
def test_a_kill_in_mid_write_leaves_what_was_there(folder, start, file):
    with start("stops", str(file), *keep(3)) as killed:
        while killed.said()[0] != "here\n":
            assert killed.poll() is None, killed.said()
            time.sleep(0.01)
        drafts = list((folder / "store").rglob(".*"))
    assert killed.returncode == -signal.SIGKILL
    assert len(drafts) == 1
    assert months(folder / "store") == [2]
    keep_here(folder, 3)
    assert months(folder / "store") == [2, 3]


def test_a_full_disk_keeps_nothing_and_harms_nothing(folder, start):
    before = sorted((folder / "store").rglob("*"))
    with start("has_no_room", *keep(3)) as writer:
        _, said = writer.communicate(timeout=60)
    assert writer.returncode == 10
    assert "disk is full" in said
    assert "Traceback" not in said
    left = [path for path in (folder / "store").rglob("*") if path not in before]
    assert [path.parent.name for path in left] == ["originals"]  # 60 bytes had room; no draft
    assert months(folder / "store") == [2]
    keep_here(folder, 3)
    assert months(folder / "store") == [2, 3]


@pytest.mark.parametrize("kind", ["tables", "manifests"])
@pytest.mark.parametrize("damage", ["flipped", "cut", "gone"])
def test_damage_is_noticed_named_and_mended_by_keeping_again(folder, kind, damage):
    keep_here(folder, 3)
    file = max((folder / "store" / kind).iterdir())
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    if damage == "gone":
        file.unlink()
    else:
        file.write_bytes(content if damage == "flipped" else content[:40])
    if (kind, damage) != ("manifests", "gone"):  # a manifest that is gone leaves no trace
        with pytest.raises(DataInvalidError) as noticed:
            read_vintages(str(folder / "store"))
        assert file.name in noticed.value.message("en")
    keep_here(folder, 2, 3)
    assert months(folder / "store") == [2, 3]


def test_a_manifest_that_was_edited_is_noticed(folder):
    (file,) = (folder / "store/manifests").iterdir()
    file.write_text(file.read_text().replace("2026-11-02T00", "2026-11-02T01"))
    with pytest.raises(DataInvalidError):
        read_vintages(str(folder / "store"))


@pytest.fixture
def says(folder, s3_here, faiwatch_says, monkeypatch):  # noqa: ARG001
    """Return a function that runs a command line in the folder, where S3 can be reached."""
    monkeypatch.chdir(folder)
    return faiwatch_says


def test_a_store_on_s3_answers_as_of_and_takes_two_writers(start, server, says):
    with ExitStack() as stack:
        asked = [("faiwatch", *keep(month, BUCKET)) for month in (2, 3, 3)]
        writers = [stack.enter_context(start(*words, **server)) for words in asked]
        said = [writer.communicate(timeout=60)[1] for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0, 0]
    assert said == ["", "", ""]
    listed = json.loads(says("vintages", "--data", BUCKET, "--json")[1])
    assert [one["last_period"] for one in listed] == ["2026-02", "2026-03"]
    ask = ["flags", "--data", BUCKET, "--region", "840000", "--json"]
    code, out, said = says(*ask, "--as-of", "2026-02")
    assert code == 0, said
    told = {row["period"] for row in json.loads(out)["flags"] if row["definition"] == "ytd"}
    assert told == {"2026-02"}


def test_damage_on_s3_is_noticed_and_mended(s3_here, says):
    root = f"{BUCKET}/damaged"
    assert says(*keep(4, root))[0] == 0
    for one in s3_here.ls(f"{root[5:]}/tables", detail=False):
        s3_here.pipe_file(one, b"spoilt")
    ask = ["flags", "--data", root, "--region", "840000"]
    code, _, said = says(*ask)
    assert code == 11
    assert "damaged" in said
    assert says(*keep(4, root))[0] == 0
    assert says(*ask)[0] == 0


@pytest.mark.parametrize("wrong", ["bucket", "server"])
def test_a_store_that_cannot_be_reached_is_one_clear_line(says, monkeypatch, wrong):
    root = "s3://nobody/fai" if wrong == "bucket" else BUCKET
    if wrong == "server":
        monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    code, _, said = says(*keep(5, root))
    assert code == 10
    assert "AWS_" in said or "nothing was kept" in said
    assert "testing" not in said
    assert said.count("\n") == 1


def test_reading_starts_no_pandas_before_a_parameter_is_refused(folder):
    look = (
        "import sys; from faiwatch.page.parameters import check_parameters;"
        "check_parameters('02_monitor', {'data': 'store', 'region': '840000'});"
        "print(sorted({'pandas', 'pyarrow', 'numpy'} & set(sys.modules)))"
    )
    out = subprocess.run([sys.executable, "-c", look], cwd=folder, capture_output=True, text=True)
    assert out.stdout == "[]\n"
    assert DataRoot(str(folder / "store")).vintages()[0].regions == ("840000",)
