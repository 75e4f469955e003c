"""Whatever a path leads to, and whatever settings hold: one line, the right exit code."""

import os
import sys

import pytest

from faiwatch.cli.app import main

OWN = "region_code,indicator,period,ytd_value_100m,ytd_yoy_pct,issued,source,note\n"
ROWS = "990001,total,2025-02,,3.1,2025-03-17,x,\n990001,total,2025-03,,2.1,2025-04-17,x,\n"
LIMIT_MB = "4 MB"


@pytest.fixture
def ends(monkeypatch, capsys, tmp_path):
    """Return what runs a command line in `tmp_path` and returns its exit code and its one line."""
    (tmp_path / "own.csv").write_text(OWN + ROWS)
    (tmp_path / "far.csv").write_text(OWN + ROWS.replace("2025-03-17", "9999-12-31"))
    (tmp_path / "folder").mkdir()
    (tmp_path / "deep.toml").write_text("a = " + "[" * 20_000 + "]" * 20_000)
    (tmp_path / "deep.json").write_text("[" * 200_000)
    (tmp_path / "huge.toml").write_text('a = "' + "x" * (5 << 20) + '"')
    os.mkfifo(tmp_path / "pipe.csv")
    os.mkfifo(tmp_path / "pipe.xlsx")
    with open(os.fsencode(tmp_path) + "/陕西.csv".encode("gbk"), "w") as file:  # noqa: PTH123  bytes
        file.write(OWN + ROWS)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FAIWATCH_LANG", "en")

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["faiwatch", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr().err.strip().splitlines()
        return ended.value.code, said[-1] if said else ""

    return run


GBK = os.fsdecode("陕西.csv".encode("gbk"))


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["ingest", "pipe.csv"], 10, "not a regular file"),
        (["ingest", "pipe.xlsx"], 10, "not a regular file"),
        (["ingest", "folder"], 10, ""),
        (["ingest", "a" * 300 + ".csv"], 2, "File name too long"),
        (["ingest", GBK, "--history", "none"], 2, "陕西"),
        (["ingest", "own.csv", "--history", "none", "--out", "folder"], 2, "folder"),
        (["ingest", "own.csv", "--history", "none", "--out", "a" * 300 + ".csv"], 2, "too long"),
        (["ingest", "own.csv", "--history", "none", "--out", "/proc/a.csv"], 2, "/proc/a.csv"),
        (["ingest", "own.csv", "--data", "store", "--issued", "9999-12-31"], 2, "a day up to"),
        (["ingest", "far.csv", "--history", "none"], 11, "issued"),
        (["ingest", "own.csv", "--answers", "/dev/zero"], 10, "not a regular file"),
        (["ingest", "own.csv", "--answers", "deep.toml"], 2, "deep.toml"),
        (["alerts", "--site", ".", "--rules", "folder"], 10, "Is a directory"),
        (["alerts", "--site", ".", "--rules", "/dev/zero"], 10, "not a regular file"),
        (["alerts", "--site", ".", "--rules", "deep.toml"], 11, "nested too deeply"),
        (["alerts", "--site", ".", "--rules", "huge.toml"], 11, LIMIT_MB),
        (["run", "02_monitor", "-f", "/dev/zero"], 2, "not a regular file"),
        (["run", "02_monitor", "-f", "deep.json"], 2, "deep.json"),
    ],
    ids=lambda given: (
        " ".join(given)[:40].encode("ascii", "replace").decode()
        if isinstance(given, list)
        else None
    ),
)
def test_a_path_that_cannot_be_used_is_told_in_one_line(ends, words, code, said):
    found, line = ends(*words)
    assert found == code, line
    assert said in line
    assert "bug" not in line
    assert "Traceback" not in line
