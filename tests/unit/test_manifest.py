"""The run record holds what is needed to do a run again, and is never half written."""

import hashlib
import json

import pytest
from checkouts import git
from pydantic import ValidationError

import faiwatch
from faiwatch.core.errors import DataMissingError, DiskFullError
from faiwatch.data.source import data_source
from faiwatch.site import run_record as manifest
from faiwatch.site.run_record import (
    RunRecord,
    code_version,
    describe_data,
    describe_results,
    lock_hash,
    package_versions,
    read_record,
    write_record,
)

RECORD = RunRecord(
    run_id="r",
    notebook="02_monitor",
    region="000000",
    as_of="latest",
    lang="zh",
    verdict="ok",
    parameters={"months": 24, "run_across_years": False, "region": "000000"},
    code_version="1",
    seeds={},
    threads={},
    versions={},
    started="2026-10-16T02:00:00+00:00",
    seconds=1.5,
)


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """Return an empty project folder that the library takes for its own."""
    root = tmp_path / "checkout"
    (root / "notebooks").mkdir(parents=True)
    (root / "data").mkdir()
    (root / "data/README.md").write_text("")
    monkeypatch.setenv("FAIWATCH_ROOT", str(root))
    return root


def test_what_is_written_is_read_back(tmp_path):
    write_record(RECORD, tmp_path / "run.json")
    assert read_record(tmp_path / "run.json") == RECORD
    assert json.loads((tmp_path / "run.json").read_text())["parameters"]["months"] == 24
    assert [path.name for path in tmp_path.iterdir()] == ["run.json"]


def test_a_record_is_not_changed_and_knows_its_fields():
    with pytest.raises(ValidationError):
        RECORD.verdict = "late"
    with pytest.raises(ValidationError):
        RunRecord(**RECORD.model_dump(), colour="red")
    with pytest.raises(ValidationError):
        RunRecord(**RECORD.model_dump() | {"verdict": "fine"})


def test_a_write_that_fails_leaves_the_old_record(tmp_path, monkeypatch):
    write_record(RECORD, tmp_path / "run.json")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(manifest.os, "fsync", full)
    with pytest.raises(DiskFullError, match=r"run\.json"):
        write_record(RECORD.model_copy(update={"run_id": "new"}), tmp_path / "run.json")
    assert read_record(tmp_path / "run.json") == RECORD


def test_data_is_described_by_its_bytes(project):
    (nation, *_) = describe_data(data_source("embedded").files)
    content = (project / "data/official/national.csv").read_bytes()
    assert nation.file == "data/official/national.csv"
    assert nation.sha256 == hashlib.sha256(content).hexdigest()
    assert nation.rows == content.decode("utf-8-sig").strip().count("\n")


def test_own_file_is_named_without_its_folder(tmp_path):
    path = tmp_path / "own.csv"
    path.write_bytes("region_code,issued,note\n1,2026-01-19,固定\n1,2026-03-16,\n".encode("gbk"))
    (told,) = describe_data([path])
    assert (told.file, told.rows, told.latest_issued) == ("own.csv", 2, "2026-03-16")


def test_missing_data_is_told_as_missing(tmp_path):
    with pytest.raises(DataMissingError, match=r"gone\.csv"):
        describe_data([tmp_path / "gone.csv"])


def test_results_are_described_by_their_bytes(tmp_path):
    (tmp_path / "b.csv").write_bytes(b"1")
    (tmp_path / "a").mkdir()
    (tmp_path / "a/findings.json").write_bytes(b"")
    found = describe_results(tmp_path)
    assert [(file.file, file.bytes) for file in found] == [("a/findings.json", 0), ("b.csv", 1)]
    assert found[1].sha256 == hashlib.sha256(b"1").hexdigest()


def test_code_version_is_the_commit_and_whether_it_was_changed(checkout):
    assert code_version() == faiwatch.__version__
    git(checkout, "init", "-q")
    assert code_version() == f"{faiwatch.__version__}-dirty"
    git(checkout, "add", "-A")
    git(checkout, "commit", "-q", "-m", "x")
    assert code_version() == git(checkout, "rev-parse", "HEAD")
    (checkout / "new").write_text("")
    assert code_version() == f"{git(checkout, 'rev-parse', 'HEAD')}-dirty"


def test_a_hook_of_another_repository_does_not_mislead(checkout, tmp_path, monkeypatch):
    git(checkout, "init", "-q")
    git(checkout, "add", "-A")
    git(checkout, "commit", "-q", "-m", "x")
    commit = git(checkout, "rev-parse", "HEAD")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    assert code_version() == commit


def test_without_git_the_package_tells_its_version(checkout, monkeypatch):
    git(checkout, "init", "-q")
    monkeypatch.setenv("PATH", "")
    assert code_version() == faiwatch.__version__


def test_lock_is_told_where_there_is_one(checkout):
    assert lock_hash() == ""
    (checkout / "requirements.lock").write_bytes(b"x")
    assert lock_hash() == hashlib.sha256(b"x").hexdigest()


def test_versions_name_what_shapes_a_page():
    versions = package_versions()
    assert versions["faiwatch"] == faiwatch.__version__
    assert {"python", "pandas", "altair", "papermill"} <= set(versions)
