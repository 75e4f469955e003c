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
def audit(tmp_path, monkeypatch, capsys):
    """Return the script with a tool that gives these answers: exit code and what it says."""
    spec = importlib.util.spec_from_file_location("audit", SCRIPT)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    monkeypatch.setattr(script, "TOOL", tmp_path)

    def run(answers, *words):
        (tmp_path / "pip_audit").mkdir()
        code = TOOL.format(answers=json.dumps(answers))
        (tmp_path / "pip_audit/__main__.py").write_text(code)
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
