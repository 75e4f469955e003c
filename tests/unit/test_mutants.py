"""``make mutants`` looks at what is there, counts right, and lists only equivalents that can be."""

import importlib.util
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parents[2] / ".ci"
SLOWEST = "tests/unit/test_slowest.py"  # any that is quick


@pytest.fixture(scope="module")
def mutants():
    """Return the script; what it changes on ``sys.path`` is undone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [*sys.path])
        spec = importlib.util.spec_from_file_location("mutants", SCRIPTS / "mutants.py")
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        yield script


CORE = {
    "stats/growth", "stats/rounding", "stats/cumulative", "stats/vintages", "stats/checks",
    "stats/negative", "ledger/status", "ledger/reconcile", "ledger/attribution",
    "ledger/disclosure", "ledger/public", "forecast/probability", "forecast/target/position",
    "ingest/numbers",
}  # fmt: skip


def test_the_tests_of_a_module_run_with_the_plugins_that_are_left(mutants):
    words = [sys.executable, "-m", "pytest", "-q", *mutants.WITHOUT]
    done = subprocess.run([*words, SLOWEST], cwd=SCRIPTS.parent, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:]


def test_what_figures_rest_on_is_mutated_and_every_file_and_test_is_there(mutants):
    config = mutants.read_config()  # ends the program when something has moved
    assert set(config.modules) >= CORE
    assert all(config.modules.values())


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ('"stats/rounding"', '"series/roundings"'),
        ('"unit/test_rounding.py"', '"unit/test_roundings.py"'),
        ("test_runs_agree_with_a_plain_loop", "test_runs_agree_with_a_plain_lop"),
    ],
)
def test_a_module_or_test_that_has_moved_ends_the_program(mutants, tmp_path, was, now):
    text = mutants.CONFIG.read_text("utf-8")
    assert was in text
    (tmp_path / "mutants.toml").write_text(text.replace(was, now), encoding="utf-8")
    with pytest.raises(SystemExit, match=now.strip('"').split("/")[-1]):
        mutants.read_config(tmp_path / "mutants.toml")


def test_every_equivalent_names_code_that_stands_there_and_a_reason(mutants):
    for one in tomllib.loads(mutants.CONFIG.read_text("utf-8"))["equivalent"]:
        source = " ".join(mutants.module_file(one["module"]).read_text("utf-8").split())
        assert one["was"] in source, one
        name = one["function"].split(".")[-1]
        assert name == "<module>" or f"def {name}(" in source or f"class {name}" in source, one
        assert one["was"] != one["now"]
        assert len(one["reason"].split()) > 3, one


def test_an_equivalent_counts_neither_way_until_a_test_kills_it(mutants):
    outcomes = {"a": "killed", "b": "timeout", "c": "survived", "d": "survived", "e": "killed"}
    line, share = mutants.summary(outcomes, {"d": "a reason", "e": "another"})
    assert line == (
        "mutants: 5 tried, 2 killed, 1 timeout, 1 survived, 1 equivalent: 75.0% noticed"
    )
    assert share == 0.75


CODE = '''"""Nothing < in a docstring > is code."""


def few(number: int | None, *, least: int = 3) -> bool:
    if number is None:
        raise ValueError(f"{1 + 1} < 3")
    return number < least
'''


def test_annotations_words_and_decorators_are_no_places(mutants):
    tree = mutants.mutations.ast.parse(CODE)
    ignored = [start for start, _ in mutants.mutations._ignored(tree)]
    assert len(ignored) == 4  # two arguments, what is returned, what is raised
    assert {line for line, _ in ignored} == {4, 6}


def test_a_mutant_is_named_by_its_lines_only(mutants):
    moved = CODE.replace("number < least", "number <= least")
    told = mutants.mutations._difference(CODE, moved)
    assert told == ("return number < least", "return number <= least")
    assert mutants.mutations._difference("# more\n" + CODE, "# more\n" + moved) == told
