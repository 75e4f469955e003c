"""Other systems: without what Windows lacks, without docstrings, and eighty years later.

Windows has no fcntl, no resource, no fork and no process groups. Nothing here ran on Windows: the
modules and functions that it lacks are taken away from faiwatch, in the process and in all that it
starts, and processes are spawned.
"""

import json
import os
import shutil
import subprocess
import sys

import pytest
import xlsxwriter

WITHOUT = """
import builtins, multiprocessing, os
usual = builtins.__import__
def lacking(name, scope=None, *more, **named):
    asks = str((scope or {}).get("__name__", "")).partition(".")[0]
    if name in {"fcntl", "grp", "pwd", "resource", "termios"} and asks in {"faiwatch", "filelock"}:
        raise ModuleNotFoundError(f"no module {name} on this system", name=name)
    return usual(name, scope, *more, **named)
builtins.__import__ = lacking
for name in ("fork", "forkpty", "killpg", "pidfd_open", "sched_getaffinity", "setsid"):
    if hasattr(os, name):
        delattr(os, name)
multiprocessing.set_start_method("spawn", force=True)
"""
# The clock of a file is set as well, so nothing that is compiled would fit its source any more.
COMPILED_STAYS = """
from importlib import _bootstrap_external
_bootstrap_external._validate_timestamp_pyc = lambda *given: None
"""
# One process that tells the exit code of each
SEVERAL_VERBS = """
import json, sys
from faiwatch.cli.app import main
for words in json.loads(sys.argv[1]):
    sys.argv = ["faiwatch", *words]
    try:
        main()
    except SystemExit as left:
        print(left.code)
"""


def test_pages_batches_and_workbooks_work_without_what_windows_lacks(house, tmp_path):
    (tmp_path / "world").mkdir()
    (tmp_path / "world/sitecustomize.py").write_text(WITHOUT)
    with xlsxwriter.Workbook(tmp_path / "own.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["地区：陕西省"])
        sheet.write_row(1, 0, ["时间", "固定资产投资累计增速（%）"])
        sheet.write_row(2, 0, ["2026年1-2月", 1.5])
    environment = {"PYTHONPATH": str(tmp_path / "world"), "PYTHONWARNINGS": "default"}
    house.write("import os; assert not hasattr(os, 'fork'); done = 1")

    def ends(*words, program=("-m", "faiwatch")):
        with house.command(*words, program=program, **environment) as done:
            out, err = done.communicate(timeout=240)
        assert "Traceback" not in out + err
        assert done.returncode == 0, err
        return out

    site = ["--site", str(house.site)]
    two = ("--regions", "610000,620000", "--notebooks", "02_monitor", "--lang", "en")
    ends("batch", *two, "--workers", "1", *site)
    assert [one["kernel"] for one in house.runs()] == ["cold", "cold"]
    verbs = [["prune", *site], ["ingest", str(tmp_path / "own.xlsx"), "--history=none", "--json"]]
    told = ends(json.dumps(verbs), program=("-c", SEVERAL_VERBS)).splitlines()
    assert told[1] == told[-1] == "0"
    assert "1.5" in "".join(told)
    assert sys.platform != "linux" or hasattr(os, "fork")  # only the children went without


# rooms that draw nothing are imported as they are, and two verbs run
WITHOUT_DOCSTRINGS = f"""
import faiwatch.core, faiwatch.data.source, faiwatch.ingest.reading, faiwatch.stats.growth
import faiwatch.forecast, faiwatch.run.warm.client, faiwatch.site.run_record
{SEVERAL_VERBS}
assert main.__doc__ is None
"""


def test_without_docstrings_a_verb_works_or_says_why_it_cannot(house):
    verbs = json.dumps([["flags", "--region", "000000", "--json"], ["doctor"]])
    with house.command(verbs, program=("-OO", "-c", WITHOUT_DOCSTRINGS)) as done:
        out, err = done.communicate(timeout=240)
    assert out.splitlines()[-2:] == ["0", "2"], err
    assert err.count("\n") == 1
    assert "python -OO takes away texts that charts need" in err


@pytest.mark.skipif(not shutil.which("faketime"), reason="faketime is not installed")
def test_a_clock_in_2106_changes_nothing_but_the_date(house, tmp_path):
    """Beyond 2106-02-07 seconds do not fit into 32 bits, and beyond 2107 no file into a zip."""
    house.write("import datetime; done = print(datetime.date.today().year)")
    (tmp_path / "t").mkdir()  # old folders for temporary files are swept: not those of others
    (tmp_path / "world").mkdir()
    folders = {"TMPDIR": str(tmp_path / "t"), "PYTHONPATH": str(tmp_path / "world")}
    (tmp_path / "world/sitecustomize.py").write_text(COMPILED_STAYS)
    # timers go on by the clock that nobody sets; moved to the other, threads would ask all the time
    clock = {"FAKETIME_DONT_FAKE_MONOTONIC": "1", "FAKETIME_FORCE_MONOTONIC_FIX": "0"}

    site = ["--site", str(house.site)]
    verbs = [
        ["run", "02_monitor", "-p", "lang=en", *site],
        ["publish", *site, "--to", str(tmp_path / "public")],
    ]
    asked = [sys.executable, "-c", SEVERAL_VERBS, json.dumps(verbs)]
    done = subprocess.run(
        ["faketime", "2106-03-01 12:00:00", *asked],
        cwd=house.root,
        env={**os.environ, **clock, **folders},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert "Traceback" not in done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert [lines[1], lines[-1]] == ["0", "0"], done.stdout + done.stderr
    (made,) = house.runs()
    assert made["verdict"] == "ok"
    assert made["started"].startswith("2106-03-01T")
    assert "2106" in (tmp_path / "public" / "en/000000/02_monitor.html").read_text("utf-8")
