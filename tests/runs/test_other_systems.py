"""Windows has no fcntl, no resource, no fork and no process groups: faiwatch works without them.

Nothing here ran on Windows: the modules and functions that it lacks are taken away from faiwatch,
in the process and in all that it starts, and processes are spawned.
"""

import os
import sys

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

    def ends(*words):
        with house.command(*words, **environment) as done:
            out, err = done.communicate(timeout=240)
        assert "Traceback" not in out + err
        assert done.returncode == 0, err
        return out

    site = ("--site", str(house.site))
    two = ("--regions", "610000,620000", "--notebooks", "02_monitor", "--lang", "en")
    ends("batch", *two, "--workers", "2", *site)
    assert [one["kernel"] for one in house.runs()] == ["cold", "cold"]
    ends("prune", *site)
    told = ends("ingest", str(tmp_path / "own.xlsx"), "--history", "none", "--json")
    assert "1.5" in told
    assert sys.platform != "linux" or hasattr(os, "fork")  # only the children went without
