"""``make slowest`` adds the seconds of a test run up by file, and shows the slowest tenth."""

import importlib.util
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / ".ci/slowest.py"


def test_files_are_added_up_and_the_slowest_tenth_is_shown(tmp_path):
    spec = importlib.util.spec_from_file_location("slowest", SCRIPT)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    cases = [
        f'<testcase classname="tests.unit.test_{at}" name="test_x[{way}]@a.py" time="{at}.25"/>'
        for at in range(20)
        for way in ("a", "b")
    ]
    cases.append('<testcase classname="tests.unit.test_3" name="test_x[a]" time="90"/>')
    report = tmp_path / "tests.xml"
    report.write_text(f"<testsuites><testsuite>{''.join(cases)}</testsuite></testsuites>")
    head, *files, whole, share = script.slowest(report)
    assert head.split()[:2] == ["seconds", "tests"]
    assert [line.split(maxsplit=2) for line in files] == [
        ["96", "2", "tests/unit/test_3; test_x[a] 93"],
        ["38", "2", "tests/unit/test_19; test_x[a] 19"],
    ]
    assert whole.split(maxsplit=2) == ["480", "40", "all 20 files"]
    assert share == "The 2 slowest files take 28% of the time."
