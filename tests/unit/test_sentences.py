"""Sentences with values in them stand in one catalogue, and each is filled as it asks."""

import ast
import re
from functools import cache
from string import Formatter

import pytest
from library import LIBRARY, MODULES, nodes_of, place, tree_of

from faiwatch.core.phrases import joined, say, sentences
from faiwatch.core.provenance import Basis, What
from faiwatch.core.text import Text

CATALOGUES = sorted(path.stem for path in (LIBRARY / "core/sentences").glob("*.toml"))
IDEOGRAPH = re.compile("[\u4e00-\u9fff]")
# Rooms whose sentences all stand in the catalogue.
HELD = ["stats", "forecast", "view", "page", "ledger", "site", "briefing", "run", "cli"]


def fields_of(template):
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


@cache
def asked():
    """Return each call of ``say``: where, the sentence it names, and the values it gives.

    A table of words is read whole, and each of its words as it stands.
    """
    calls = [
        (place(module), node)
        for module in MODULES
        if "core.phrases import" in module.read_text("utf-8")
        for node in nodes_of(tree_of(module))
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)
    ]
    said, of_tables = [], []
    for where, node in calls:
        name, function = node.args[0].value, getattr(node.func, "id", "")
        if function == "say":
            said.append((where, name, {one.arg for one in node.keywords}))
        elif function in {"texts_of", "words_told"}:
            words = [one for one in SENTENCES if one.startswith(f"{name}.")]
            assert words, (where, name)
            of_tables += [
                (where, one, set().union(*map(fields_of, SENTENCES[one].values()))) for one in words
            ]
    return said + of_tables


SENTENCES = {
    f"{room}.{name}": both for room in CATALOGUES for name, both in sentences(room).items()
}


def test_each_call_names_a_sentence_and_gives_just_its_values():
    for where, name, given in asked():
        zh, en = map(fields_of, SENTENCES[name].values())
        assert given == zh | en, (where, name)


def test_each_sentence_is_said_in_the_room_of_its_catalogue():
    said = {(where.partition("/")[0], name) for where, name, _ in asked()}
    assert said == {(name.partition(".")[0], name) for name in SENTENCES}


@pytest.mark.parametrize("room", HELD)
def test_no_sentence_is_put_together_in_its_room(room):
    for module in (LIBRARY / room).rglob("*.py"):
        for node in nodes_of(tree_of(module)):
            if isinstance(node, ast.JoinedStr):
                words = [part.value for part in node.values if isinstance(part, ast.Constant)]
                assert not any(map(IDEOGRAPH.search, words)), f"{place(module)}:{node.lineno}"


def test_values_are_said_in_the_language_of_the_sentence():
    said = say("stats.revisions.flags_changed", added=1, withdrawn=Text("两", "two"))
    assert said == Text(
        "因修订新增1个、撤回两个负增长标记", "revisions added 1 negative flag and withdrew two"
    )
    shown = say("stats.checks.growth_far_off", growth=-7.25, usual=float("nan"))
    assert shown.zh == "增速 −7.3% 远离该序列的中位数 待补"
    assert shown.en == "growth of −7.3% is far from not available, the median of the series"


def test_a_finding_is_said_by_its_words():
    basis = Basis("2026-08", "2026-08", ())
    meant = What(Text("占比", "share"), "pct", "a / b", "a ÷ b")
    finding = basis.finding("share", 12.34, meant, Text("12.3%上下", "about 12.3%"))
    said = say("stats.revisions.flags_changed", added=2, withdrawn=finding)
    assert said == Text(
        "因修订新增2个、撤回12.3%上下个负增长标记",
        "revisions added 2 negative flags and withdrew about 12.3%",
    )


def test_a_quoted_value_is_quoted_in_the_language_of_the_sentence():
    said = say("briefing.filling.no_table", label=Text("项目", "Projects"))
    assert said.en.endswith("'Projects'")
    assert "Text(" not in said.zh


def test_a_value_too_few_is_no_sentence():
    with pytest.raises(KeyError, match="withdrawn"):
        say("stats.revisions.flags_changed", added=1)


def test_several_things_are_said_one_after_the_other():
    assert joined([Text("甲", "a"), Text("乙", "b")]) == Text("甲；乙", "a; b")
    assert joined([]) == Text("", "")
