"""``make check`` looks packages up where somebody answers, and only a vulnerability fails it."""

import importlib.util
import json
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / ".ci/audit.py"
CLEAN = {"name": "pandas", "version": "1", "vulns": []}
SKIPPED = {"name": "pandas", "skip_reason": "not found"}
BAD = {
    "name": "ours",
    "version": "2",
    "vulns": [{"id": "CVE-1", "fix_versions": ["3"], "aliases": [], "description": ""}],
}
# The tool as the script finds it: what it is asked decides what it tells.
TOOL = """
import json, sys, time
answers = json.loads({answers!r})
time.sleep(0 if answers else 60)
told = answers[:1] if sys.argv[-1].endswith("one.txt") else answers
print("" if told == ["broken"] else json.dumps({{"dependencies": told}}))
"""


@pytest.fixture
def script(tmp_path, monkeypatch):
    """Return the script with another place for its tool, which is not there yet."""
    spec = importlib.util.spec_from_file_location("audit", SCRIPT)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    monkeypatch.setattr(script, "TOOL", tmp_path / "tool")
    return script


@pytest.fixture
def audit(script, monkeypatch, capsys):
    """Return the script with a tool that gives these answers: exit code and what it says."""

    def run(answers, *words):
        (script.TOOL / "pip_audit").mkdir(parents=True)
        code = TOOL.format(answers=json.dumps(answers))
        (script.TOOL / "pip_audit/__main__.py").write_text(code)
        if not answers:
            monkeypatch.setattr(script, "LONGEST_PROBE", 1.0)
        return script.main(words), capsys.readouterr().out

    return run


@pytest.mark.parametrize(
    "answers", [[SKIPPED], ["broken"], []], ids=["no advisories", "no answer", "hangs"]
)
@pytest.mark.parametrize(("words", "code"), [((), 0), (("--strict",), 1)])
def test_where_nobody_answers_it_says_so_in_one_line(audit, answers, words, code):
    assert audit(answers, *words) == (
        code,
        "audit: not possible here (no source of advisories answers)\n",
    )


@pytest.mark.parametrize("words", [(), ("--strict",)])
def test_a_known_vulnerability_fails_and_names_the_version_that_mends_it(audit, words):
    code, said = audit([CLEAN, BAD], *words)
    assert code == 1
    assert "audit: ours 2: CVE-1, mended in 3\n" in said


def test_packages_without_an_answer_are_named_and_fail_only_when_all_must_be_known(audit):
    code, said = audit([CLEAN, SKIPPED | {"name": "other"}])
    assert (code, said.splitlines()[0]) == (0, "audit: without an answer: other")
    assert said.endswith("1 packages looked up, 0 vulnerabilities known\n")


def test_all_packages_known_to_be_well_end_with_0(audit):
    assert audit([CLEAN, CLEAN], "--strict") == (
        0,
        "audit: 2 packages looked up, 0 vulnerabilities known\n",
    )


def fetching(script, monkeypatch, end):
    """Let pip write a part of the tool and end so; return what was asked, and for how long."""
    asked = []

    def said_by(module, *words, seconds):
        asked.append((module, words[-1], seconds))
        if module == "pip_audit":
            return 0, json.dumps({"dependencies": [CLEAN]})
        target = Path(words[words.index("--target") + 1])
        (target / "pip_audit").mkdir(parents=True)
        if isinstance(end, BaseException):
            raise end
        return end, ""

    monkeypatch.setattr(script, "said_by", said_by)
    return asked


def test_one_version_is_fetched_once_and_leaves_the_look_up_its_own_time(
    script, monkeypatch, tmp_path
):
    asked = fetching(script, monkeypatch, 0)
    assert [script.main(["--strict"]), script.main(["--strict"])] == [0, 0]
    fetched = ("pip", f"pip-audit=={script.PIP_AUDIT}", script.LONGEST_FETCH)
    assert [one for one in asked if one[0] == "pip"] == [fetched]
    assert asked[1][::2] == ("pip_audit", script.LONGEST_PROBE)
    assert [path.name for path in tmp_path.iterdir()] == ["tool"]


@pytest.mark.parametrize("end", [-9, KeyboardInterrupt()], ids=["too long", "stopped"])
def test_half_a_tool_is_never_taken_for_the_tool(script, monkeypatch, end, capsys):
    fetching(script, monkeypatch, end)
    if end == -9:
        assert script.main(["--strict"]) == 1
        assert "pip-audit cannot be fetched" in capsys.readouterr().out
    else:
        with pytest.raises(KeyboardInterrupt):
            script.main([])
    assert not script.TOOL.exists()
    fetching(script, monkeypatch, 0)
    assert script.main(["--strict"]) == 0
