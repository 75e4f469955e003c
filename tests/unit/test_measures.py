"""The catalogue of measures: one name each, used, explained; and one English for one Chinese."""

import ast
import csv
import re
import subprocess
import sys
from collections import defaultdict

import pandas as pd
import pytest
from library import LIBRARY, MODULES, nodes_of, tree_of

from faiwatch.core.paths import data_folder
from faiwatch.core.phrases import sentences
from faiwatch.core.text import Text
from faiwatch.data.measures import UNITS, catalogue, measure, measures_of
from faiwatch.view.tables import Table

LONGEST = 14  # Chinese characters; what is longer is a sentence
# Parts of sentences (they end in a blank or a mark, hold a gap, or lack a subject), not labels.
FRAGMENT = re.compile(
    r"^[\s，；：、（(,;:]|^(the|a|it|in) |[\s，；：、。(（,;:]$|[{}]", re.IGNORECASE
)
WORDED = {"Text"}  # what takes Chinese, then English
# Words of sentences, which say the same thing differently by their place in them.
IN_SENTENCES = {"修订数", "增加", "减少", "提高", "回落", "累计增速", "达到", "达不到"}


def literal_texts(tree):
    for call in nodes_of(tree):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in WORDED:
            words = [one.value for one in call.args[:2] if isinstance(one, ast.Constant)]
            if len(words) == 2 and all(isinstance(one, str) for one in words):
                yield tuple(words)


@pytest.fixture(scope="module")
def trees():
    return {path: tree_of(path) for path in MODULES}


@pytest.fixture(scope="module")
def labels(trees):
    """Return every short label with where it stands."""
    found = [(one.name.zh, one.name.en, one.id) for one in catalogue().values()]
    with (data_folder() / "findings.csv").open(encoding="utf-8", newline="") as file:
        defined = [(row["zh"], row["en"], row["section"]) for row in csv.DictReader(file)]
    found += [
        (zh, en, where)
        for zh, en, where in defined
        if len(zh) <= LONGEST and not (FRAGMENT.search(zh) or FRAGMENT.search(en))
    ]
    catalogues = [path.stem for path in (LIBRARY / "core/sentences").glob("*.toml")]
    found += [
        (both["zh"], both["en"], f"{room}.{name}")
        for room in catalogues
        for name, both in sentences(room).items()
        if name.startswith("words_") or room == "cli"  # the help of options
        if both["zh"] and len(both["zh"]) <= LONGEST
        if not (FRAGMENT.search(both["zh"]) or FRAGMENT.search(both["en"]))
    ]
    found += [
        (zh, en, str(path.relative_to(LIBRARY)))
        for path, tree in trees.items()
        if path.name != "measures.py"  # units
        for zh, en in literal_texts(tree)
        if zh and len(zh) <= LONGEST and not (FRAGMENT.search(zh) or FRAGMENT.search(en))
    ]
    return [one for one in found if one[0] not in IN_SENTENCES]


@pytest.mark.parametrize(("of", "to"), [(0, 1), (1, 0)], ids=["chinese", "english"])
def test_a_label_has_one_name_in_the_other_language(labels, of, to):
    names = defaultdict(lambda: defaultdict(set))
    for label in labels:
        other = label[to].casefold()
        names[label[of].casefold()][other.removesuffix("s")].add(label[2])  # one or several
    several = {name: dict(others) for name, others in names.items() if len(others) > 1}
    assert not several


def test_every_measure_is_used(trees):
    words = {
        node.value if isinstance(node, ast.Constant) else node.arg
        for tree in trees.values()
        for node in nodes_of(tree)
        if isinstance(node, ast.Constant | ast.keyword)
    }
    families = {f"{kind}_{level}" for kind in ("range", "coverage", "score") for level in (80, 95)}
    assert set(catalogue()) - words - families == set()


def test_every_method_page_exists():
    pages = {page.stem for page in (data_folder().parent / "docs" / "methods").glob("*.md")}
    assert {one.method for one in catalogue().values()} - {""} <= pages


def test_every_unit_and_format_is_known():
    shapes = {"text", "month", "date", "flag", "light", "chance", "amount", "number"}
    for one in catalogue().values():
        assert set(one.unit) <= set(UNITS), one.id
        assert one.format in shapes or re.fullmatch(r"\+?0(\.0+)?%?", one.format), one.id


def test_no_id_stands_twice():
    with (data_folder() / "measures.csv").open(encoding="utf-8", newline="") as file:
        ids = [row["id"] for row in csv.DictReader(file)]
    assert len(ids) == len(set(ids))


def test_a_percentage_in_words_carries_its_sign_and_the_heading_does_not():
    growth = measure("ytd_yoy_pct")
    assert (growth.label.zh, growth.heading.zh) == ("累计同比（%）", "累计同比")
    required = measure("required_growth_pct")
    assert required.heading.en == "Growth required of the rest (workload)"
    assert measure("shortfall_10k").heading == measure("shortfall_10k").label


def ids_asked_for(call):
    """Return the ids that a call of the catalogue's functions names as literals."""
    name, words = getattr(call.func, "id", ""), [*call.args]
    if name in {"measures_of", "tooltips"}:
        words += [one.value for one in call.keywords]
    elif name == "labelled":
        yield from (one.arg for one in call.keywords if one.arg)
    elif name not in {"measure", "label"}:
        return
    for one in words:
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one.value


def test_every_id_that_code_asks_for_is_there(trees):
    for path, tree in trees.items():
        for call in (node for node in nodes_of(tree) if isinstance(node, ast.Call)):
            for id in ids_asked_for(call):
                assert measure(id).name.zh, (path, id)


def test_the_catalogue_is_read_without_pandas():
    told = (
        "import sys, faiwatch.data.measures as m\n"
        "m.measure('period'); print('pandas' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_table_holds_values_and_shows_words():
    rows = pd.DataFrame(
        {
            "period": pd.PeriodIndex(["2026-08", "2026-07"], freq="M"),
            "ytd_yoy_pct": [-7.25, float("nan")],
            "unused": [1, 2],
        }
    )
    columns = measures_of("period", "ytd_yoy_pct")
    table = Table(rows, Text("增速", "Growth"), columns, "zh", source="NBS")
    assert table.frame["period"].to_list() == [
        pd.Timestamp("2026-08-01"),
        pd.Timestamp("2026-07-01"),
    ]
    assert table.frame["ytd_yoy_pct"].iloc[0] == -7.25
    assert list(table.frame) == list(columns)
    assert table.words.to_numpy().tolist() == [["2026年8月", "−7.3%"], ["2026年7月", "待补"]]
    shown = table._repr_mimebundle_()
    assert "−7.3%" in shown["text/html"]
    assert "−7.3%" in shown["text/plain"]
    assert "累计同比" in table._repr_html_()


def test_an_empty_table_says_that_there_is_nothing_to_list():
    empty = Table(pd.DataFrame(columns=["note"]), Text("表", "T"), measures_of("note"), "en")
    assert "There is nothing to list." in empty._repr_html_()
