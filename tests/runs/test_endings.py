"""However a run ends, verdict, exit code and executed notebook tell the truth about it."""

import json
import re
import sys
import zlib

import pytest

from faiwatch.run.verdict import EXIT_CODES

SURROUNDINGS = """
import json, os, pathlib, sys, zlib
names = ["PYTHONHASHSEED", "OMP_NUM_THREADS", "FAIWATCH_LANG", "IPYTHONDIR", "PYTHONSTARTUP"]
told = {name: os.environ.get(name) for name in names}
told |= {"cwd": os.getcwd(), "python": zlib.crc32(sys.executable.encode())}
done = pathlib.Path(results, "told.json").write_text(json.dumps(told))
"""
SWALLOWS = """
import time
while True:
    try:
        time.sleep(60)
    except KeyboardInterrupt:
        pass
"""
DEAF = """
import signal
signal.signal(signal.SIGINT, signal.SIG_IGN)
while True:
    signal.pause()
"""
ENDS_WHEN_INTERRUPTED = """
import time
try:
    time.sleep(60)
except KeyboardInterrupt:
    pass
"""
KILLED = "signal 9 (SIGKILL) in code cell 3 (Part 1); peak memory"


def statuses(cells):
    return [cell.status for cell in cells]


def test_a_good_run_keeps_what_it_did(either_house, save_findings):
    either_house.write(save_findings, "1 + 1", declared=["findings.json"])
    record = either_house.run()
    assert (record.verdict, record.cause, EXIT_CODES[record.verdict]) == ("ok", "", 0)
    assert statuses(record.cells) == ["completed"] * 4
    assert [cell.heading for cell in record.cells] == ["Monitor", "Monitor", "Part 1", "Part 2"]
    assert all(cell.seconds >= 0 and cell.peak_mb > 10 for cell in record.cells)
    assert [(file.file, file.bytes > 10) for file in record.results] == [("findings.json", True)]
    assert record.data_as_of == "2026-08"
    assert {file.rows > 20 for file in record.data} == {True}
    assert (
        either_house.page().read_text() == (either_house.folder(record) / "page.html").read_text()
    )
    assert not either_house.unfinished()


def test_kernel_is_this_python_in_a_world_of_its_own(either_house, monkeypatch):
    monkeypatch.setenv("PYTHONSTARTUP", "/nowhere.py")
    either_house.write(SURROUNDINGS, declared=["told.json"])
    record = either_house.run()
    told = json.loads((either_house.folder(record) / "results/told.json").read_text())
    assert told["python"] == zlib.crc32(sys.executable.encode())  # a result holds no home folder
    assert told["cwd"] == str(either_house.root / "notebooks")
    assert (told["FAIWATCH_LANG"], told["PYTHONSTARTUP"]) == ("en", None)
    assert int(told["OMP_NUM_THREADS"]) == record.threads["OMP_NUM_THREADS"]
    assert int(told["PYTHONHASHSEED"]) == record.seeds["PYTHONHASHSEED"]
    assert "fw-" in told["IPYTHONDIR"]


def test_executed_notebook_names_no_folder_of_this_machine(warm_house):
    warm_house.write("1 + 1")
    text = (warm_house.folder(warm_house.run()) / "executed.ipynb").read_text()
    assert str(warm_house.site) not in text
    assert str(warm_house.root) not in text


def check_broken_off(house, code, verdict, exit_code, cause):
    house.write(code, "never = 1")
    record = house.run()
    assert (record.verdict, EXIT_CODES[record.verdict]) == (verdict, exit_code)
    assert cause in record.cause
    assert "\n" not in record.cause
    assert statuses(record.cells) == ["completed", "completed", "failed", "pending"]
    executed = house.executed(record)
    assert record.cause in executed.cells[0].source
    marks = [c.metadata.papermill.status for c in executed.cells if c.cell_type == "code"]
    assert marks == statuses(record.cells)
    assert executed.metadata.papermill.exception is True
    assert house.page(failed=True).is_file()
    assert not house.page().exists()


@pytest.mark.parametrize(
    ("code", "verdict", "exit_code", "cause"),
    [
        ("import os; os._exit(3)", "kernel_died", 15, "exited with code 3 in code cell 3"),
        ("import os; os.kill(os.getpid(), 9)", "kernel_died", 15, KILLED),
    ],
    ids=["leaves", "killed, and tells its memory"],
)
def test_a_run_whose_kernel_breaks_off(either_house, code, verdict, exit_code, cause):
    check_broken_off(either_house, code, verdict, exit_code, cause)


@pytest.mark.parametrize(
    ("code", "verdict", "exit_code", "cause"),
    [
        ("raise ValueError('no such\\nmonth')", "cell_error", 13, "ValueError: no such month"),
        ("import sys; sys.exit(0)", "cell_error", 13, "SystemExit"),
        (
            "from faiwatch.core.errors import DataInvalidError, Text\n"
            "raise DataInvalidError(Text('两次', 'twice'), where='row 7')",
            "invalid_data",
            11,
            "twice; where: row 7",
        ),
        (
            "from faiwatch.core.errors import DataMissingError, Text\n"
            "raise DataMissingError(Text('还没有', 'not yet'))",
            "late",
            10,
            "not yet",
        ),
        (
            "from faiwatch.page.parameters import check_parameters\n"
            "check_parameters('02_monitor', {'months': 1})",
            "parameters",
            2,
            "months",
        ),
    ],
    ids=["raises", "exits", "invalid data", "late data", "parameters"],
)
def test_a_run_that_an_error_breaks_off(warm_house, code, verdict, exit_code, cause):
    check_broken_off(warm_house, code, verdict, exit_code, cause)


def test_a_kernel_beyond_its_memory_is_killed_and_says_so(either_house):
    either_house.write("import time\nhoard = bytes(range(256)) * 3_000_000", "time.sleep(60)")
    record = either_house.run(memory=600)
    assert (record.verdict, EXIT_CODES[record.verdict]) == ("kernel_died", 15)
    assert "signal 9 (SIGKILL)" in record.cause
    assert re.search(r"peak memory [678]\d\d MB of 600 MB$", record.cause)


def check_stopped(house, code):
    house.write(code, "never = 1")
    record = house.run(cell=1, grace=0.5)
    assert (record.verdict, EXIT_CODES[record.verdict]) == ("deadline", 14)
    assert "1 s for a cell exceeded in code cell 3 (Part 1)" in record.cause
    assert statuses(record.cells) == ["completed", "completed", "failed", "pending"]
    assert record.cells[2].seconds < 5


@pytest.mark.parametrize(
    "code",
    ["while True: pass", SWALLOWS, ENDS_WHEN_INTERRUPTED],
    ids=["heeds the interrupt", "swallows it", "ends as if all were well"],
)
def test_a_cell_beyond_its_limit_is_stopped_whatever_it_does(warm_house, code):
    check_stopped(warm_house, code)


def test_a_cell_that_hears_no_interrupt_is_killed(either_house):
    check_stopped(either_house, DEAF)


def test_the_whole_run_has_a_deadline(either_house):
    either_house.write("import time; time.sleep(60)", "never = 1")
    record = either_house.run(deadline=6)
    assert (record.verdict, EXIT_CODES[record.verdict]) == ("deadline", 14)
    assert "6 s for the run" in record.cause
    assert statuses(record.cells)[-1] == "pending"
    assert 6 <= record.seconds < 20


def test_no_cell_starts_after_the_deadline(house):
    house.write("1 + 1")
    record = house.run(deadline=0.2)
    assert record.verdict == "deadline"
    assert "outside any cell" in record.cause or "in code cell 1" in record.cause
    assert statuses(record.cells)[-1] == "pending"


@pytest.mark.parametrize("code", ["1 + 1", "open(results + '/findings.json', 'w').write('{')"])
def test_a_declared_result_that_is_not_there_blocks(warm_house, code):
    warm_house.write(code, declared=["findings.json"])
    record = warm_house.run()
    assert (record.verdict, EXIT_CODES[record.verdict]) == ("blocked", 16)
    assert "findings.json" in record.cause


def test_cause_is_in_the_language_of_the_page(warm_house):
    warm_house.write("1 + 1", declared=["findings.json"])
    assert "缺少笔记本声明的结果文件" in warm_house.run(lang="zh").cause


def test_a_hidden_error_is_still_an_error(warm_house):
    path = warm_house.write("raise ValueError", "1 + 1")
    text = path.read_text()
    path.write_text(text.replace('"metadata": {}', '"metadata": {"tags": ["raises-exception"]}'))
    assert warm_house.run().verdict == "cell_error"
