"""What a site remembers may be damaged: it is set aside, named once, and life goes on."""

import json
import logging
import os
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pytest

from faiwatch.cli.app import application
from faiwatch.core.errors import FaiwatchError, ParameterError
from faiwatch.core.files import sweep_temporary_folders, temporary_folder
from faiwatch.core.finding import Finding, write_findings
from faiwatch.data.store_files import DataRoot
from faiwatch.run.alerts import alerts_of, read_state, seen_in, write_state
from faiwatch.run.diff import read_run
from faiwatch.run.prune import prune, runs_to_prune, unreadable_runs
from faiwatch.site.index import build_index
from faiwatch.site.run_record import RECORD_VERSION, RunRecord, write_record
from faiwatch.site.site import latest_run, read_records

TODAY = pd.Timestamp("2026-10-01", tz="UTC")
PAGE = "en/000000/02_monitor.html"
RECORD = RunRecord(
    run_id="20260901-1", notebook="02_monitor", region="000000", as_of="latest",
    data_as_of="2026-08", lang="en", verdict="ok", parameters={"region": "000000", "lang": "en"},
    code_version="x", seeds={}, threads={}, versions={}, started="2026-09-01T00:00:00+00:00",
    seconds=1.0, page=PAGE,
)  # fmt: skip
VERDICT = Finding(
    id="verdict", value=-7.2, unit="pct", period="2026-08", as_of="2026-08", definition="growth",
    definition_zh="增速", formula="g", inputs=(), state="ok", zh="下降", en="falls",
)  # fmt: skip
RUN = f"runs/{RECORD.run_id}"
STATE_FILES = (
    f"{RUN}/run.json",
    f"{RUN}/results/findings.json",
    "alerts.json",
    f"runs/.pages/{PAGE}.good",
    f"runs/.pages/{PAGE}.latest",
)


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """Return a site with one page, and what was told of it."""
    site = tmp_path_factory.mktemp("sound")
    lay_out(site, RECORD)
    write_state(site, {"x 000000 02_monitor": {"holds": True, "value": -7.2}})
    for kind in ("good", "latest"):
        pointer = site / f"runs/.pages/{PAGE}.{kind}"
        pointer.parent.mkdir(parents=True, exist_ok=True)
        pointer.write_text(RECORD.run_id)
    return site


def lay_out(site, record):
    folder = site / "runs" / record.run_id
    (folder / "results").mkdir(parents=True)
    write_record(record, folder / "run.json")
    write_findings([VERDICT], folder / "results/findings.json")


def damages(content):
    """Yield what may become of a file: cut, flipped, of another kind."""
    step = max(1, len(content) // 30)
    yield from (content[:cut] for cut in range(0, len(content), step))
    for at in range(0, len(content), step):
        yield content[:at] + bytes([content[at] ^ 0x55]) + content[at + 1 :]
    others = ("", "[]", "{}", "null", "7", '"x"', "[1]", '{"a": 1}', '{"a": {"holds": 7}}')
    yield from (one.encode() for one in others)
    yield from (
        b"\0" * 90,
        b"\xff\xfe{",
        b"[" * 50_000,
        b"../../..",
        b"a/b",
        b"..",
        b"{}" + content,
    )
    yield content.replace(b"20260901-1", b"../../../x")
    yield content.replace(b"null", b"[]").replace(b"1.0", b'"much"').replace(b"-7.2", b"NaN")


def live(site, *, index=True):
    """Do with a site what alerts, prune, the index and a new run of its page do."""
    alerts_of([], seen_in(site), read_state(site))
    if index:  # it reads nothing but runs
        build_index(site)
    for kind in ("good", "latest"):
        found = latest_run(site, PAGE, kind)
        assert found is None or found.run_id == RECORD.run_id
    prune(site, [one.run_id for one in runs_to_prune(read_records(site), months=1, today=TODAY)])
    unreadable_runs(site, months=1, today=TODAY)
    with suppress(FaiwatchError):
        read_run(RECORD.run_id, site)


def test_no_damaged_file_ends_in_a_bug(sound, tmp_path, caplog):
    caplog.set_level(logging.ERROR)
    tried = 0
    for name in STATE_FILES:
        content = (sound / name).read_bytes()
        for damaged in damages(content):
            site = tmp_path / "site"
            shutil.copytree(sound, site)
            (site / name).write_bytes(damaged)
            live(site, index=name.startswith(RUN))
            assert (site / RUN).is_dir()
            shutil.rmtree(site)
            tried += 1
    assert tried > 300


def test_what_cannot_be_read_is_named_once_and_kept(sound, tmp_path, caplog):
    site = tmp_path / "site"
    shutil.copytree(sound, site)
    (site / "alerts.json").write_text("[]")
    (site / RUN / "run.json").write_text('{"run_id": "2026')
    live(site)
    named = [record.getMessage() for record in caplog.records]
    assert len(named) == 2
    assert (site / "alerts.json.unreadable").read_text() == "[]"
    assert (site / RUN / "run.json.unreadable").is_file()
    live(site)
    assert len(caplog.records) == 2
    future = pd.Timestamp.now("UTC") + pd.DateOffset(months=2)
    gone = unreadable_runs(site, months=1, today=future)
    assert gone == [RECORD.run_id]
    prune(site, gone)
    assert not (site / RUN).exists()


def test_a_record_of_a_newer_version_is_read_where_it_can_be_and_never_moved(sound, tmp_path):
    site = tmp_path / "site"
    shutil.copytree(sound, site)
    path = site / RUN / "run.json"
    told = json.loads(path.read_text())
    path.write_text(json.dumps({**told, "added_later": {"x": 1}}))
    assert [one.run_id for one in read_records(site)] == [RECORD.run_id]
    newer = json.dumps({**told, "version": RECORD_VERSION + 1, "verdict": "unheard of"})
    path.write_text(newer)
    live(site)
    assert path.read_text() == newer


KILLED = """
import os, signal, sys
from faiwatch.core.files import temporary_folder
with temporary_folder(sys.argv[1]) as folder:
    (folder / "kernel.json").write_text("a key")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_temporary_folders_of_killed_processes_are_swept_and_others_stay(tmp_path):
    subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False)
    (left,) = tmp_path.glob("fw-*")
    assert (left / "kernel.json").is_file()
    assert sweep_temporary_folders(str(tmp_path)) == []  # somebody may just be making it
    long_ago = time.time() - 90
    strange = tmp_path / "fw-strange"
    strange.mkdir()
    with temporary_folder(str(tmp_path)) as live:
        for folder in (left, live, strange):
            os.utime(folder, (long_ago, long_ago))
        assert sweep_temporary_folders(str(tmp_path)) == [left]
        assert live.is_dir()
        assert strange.is_dir()
    assert [*tmp_path.glob("fw-*")] == [strange]


@pytest.mark.parametrize(("days", "stays"), [(0.9, True), (2, False), (80 * 365, True)])
def test_a_folder_that_nobody_holds_is_swept_after_a_day_unless_the_clock_is_wrong(
    tmp_path, days, stays
):
    folder = tmp_path / "fw-bare"
    folder.mkdir()
    made = time.time() - days * 86_400
    os.utime(folder, (made, made))
    assert sweep_temporary_folders(str(tmp_path)) == ([] if stays else [folder])
    assert folder.is_dir() is stays


def test_a_temporary_folder_that_goes_while_it_is_looked_at_is_passed_over(tmp_path, monkeypatch):
    gone = tmp_path / "fw-gone"
    monkeypatch.setattr(Path, "glob", lambda *_: iter([gone]))  # swept by another process meanwhile
    assert sweep_temporary_folders(str(tmp_path)) == []


def test_drafts_that_a_killed_writer_left_in_a_store_are_swept(tmp_path):
    root = DataRoot(str(tmp_path))
    old, new = tmp_path / "tables/.a.draft-1", tmp_path / "tables/.b.draft-2"
    old.parent.mkdir()
    for draft in (old, new):
        draft.write_text("half")
    os.utime(old, (time.time() - 7200,) * 2)
    root.put("tables/c", b"whole")
    assert (old.exists(), new.exists()) == (False, True)


@pytest.mark.parametrize(
    "words", [["alerts"], ["prune"], ["mail", "x", "--out", "o"], ["reproduce", "x"]]
)
def test_a_site_that_is_not_there_is_said_to_be_missing(words, tmp_path):
    with pytest.raises(ParameterError, match=r"no such site folder|没有这个站点文件夹"):
        application()([*words, "--site", str(tmp_path / "none")], standalone_mode=False)
