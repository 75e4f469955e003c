"""However a run ends, verdict, exit code and executed notebook tell the truth about it."""

import json
import re
import sys
import zlib
from dataclasses import replace

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


@pytest.fixture(scope="module", params=["cold", "warm"])
def good_run(request, new_house, tmp_path_factory, save_findings):
    """Return a house and a run in it that went well, by either kind of kernel."""
    house = new_house(tmp_path_factory.mktemp("good"))
    if request.param == "warm":
        house = replace(house, warm=request.getfixturevalue("warm"))
    house.write(save_findings, SURROUNDINGS, declared=["findings.json", "told.json"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FAIWATCH_ROOT", str(house.root))
        patch.setenv("PYTHONSTARTUP", "/nowhere.py")
        return house, house.run()


def test_a_good_run_keeps_what_it_did(good_run):
    house, record = good_run
    assert (record.verdict, record.cause, EXIT_CODES[record.verdict]) == ("ok", "", 0)
    assert statuses(record.cells) == ["completed"] * 4
    assert [cell.heading for cell in record.cells] == ["Monitor", "Monitor", "Part 1", "Part 2"]
    assert all(cell.seconds >= 0 and cell.peak_mb > 10 for cell in record.cells)
    assert [file.file for file in record.results] == ["findings.json", "told.json"]
    assert all(file.bytes > 10 for file in record.results)
    assert record.data_as_of == "2026-08"
    assert {file.rows > 20 for file in record.data} == {True}
    assert house.page().read_text() == (house.folder(record) / "page.html").read_text()
    assert not house.unfinished()


def test_kernel_is_this_python_in_a_world_of_its_own(good_run):
    house, record = good_run
    told = json.loads((house.folder(record) / "results/told.json").read_text())
    assert told["python"] == zlib.crc32(sys.executable.encode())  # a result holds no home folder
    assert told["cwd"] == str(house.root / "notebooks")
    assert (told["FAIWATCH_LANG"], told["PYTHONSTARTUP"]) == ("en", None)
    assert int(told["OMP_NUM_THREADS"]) == record.threads["OMP_NUM_THREADS"]
    assert int(told["PYTHONHASHSEED"]) == record.seeds["PYTHONHASHSEED"]
    assert "fw-" in told["IPYTHONDIR"]


def test_executed_notebook_names_no_folder_of_this_machine(good_run):
    house, record = good_run
    text = (house.folder(record) / "executed.ipynb").read_text()
    assert str(house.site) not in text
    assert str(house.root) not in text


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


def test_a_run_whose_kernel_leaves(either_house):
    cause = "exited with code 3 in code cell 3"
    check_broken_off(either_house, "import os; os._exit(3)", "kernel_died", 15, cause)


@pytest.mark.parametrize(
    ("code", "verdict", "exit_code", "cause"),
    [
        ("import os; os.kill(os.getpid(), 9)", "kernel_died", 15, KILLED),
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
    ids=["killed", "raises", "exits", "invalid data", "late data", "parameters"],
)
def test_a_run_that_is_broken_off(warm_house, code, verdict, exit_code, cause):
    check_broken_off(warm_house, code, verdict, exit_code, cause)


def test_a_kernel_beyond_its_memory_is_killed_and_says_so(either_house):
    either_house.write("import time\nhoard = bytes(range(256)) * 3_000_000", "time.sleep(60)")
    record = either_house.run(memory=600)
    assert (record.verdict, EXIT_CODES[record.verdict]) == ("kernel_died", 15)
    assert "signal 9 (SIGKILL)" in record.cause
    assert re.search(r"peak memory [678]\d\d MB of 600 MB$", record.cause)


@pytest.mark.parametrize(
    "code",
    ["while True: pass", SWALLOWS, ENDS_WHEN_INTERRUPTED, DEAF],
    ids=["heeds the interrupt", "swallows it", "ends as if all were well", "hears none"],
)
def test_a_cell_beyond_its_limit_is_stopped_whatever_it_does(warm_house, code):
    warm_house.write(code, "never = 1")
    record = warm_house.run(cell=1, grace=0.5)
    assert (record.verdict, EXIT_CODES[record.verdict]) == ("deadline", 14)
    assert "1 s for a cell exceeded in code cell 3 (Part 1)" in record.cause
    assert statuses(record.cells) == ["completed", "completed", "failed", "pending"]
    assert record.cells[2].seconds < 30  # not for ever: a busy machine takes its time


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
