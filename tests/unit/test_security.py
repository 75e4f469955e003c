"""Nothing that a user, a file or another account writes is taken for code, a path or a page."""

import ast
from itertools import chain

import pytest
from library import MODULES, nodes_of, place, tree_of
from papermill.translators import translate_parameters

from faiwatch.core.errors import ParameterError
from faiwatch.page.parameters import NOTEBOOKS, check_parameters

HOSTILE = [
    '"; import os; os._exit(1); "',
    "'; import os #",
    "x'''\nimport os\n'''",
    "\\'; import os #",
    "\\x27; import os",
    "\\u0027 + open('x').read()",
    "\u2028import os",
    "{{ 7 * 7 }}",
    "$(touch x)",
    "`touch x`",
    "!touch x",
    "%run x.py",
    "../../etc/passwd",
    "/dev/stdin",
    "//server/share/x.csv",
    "\\\\server\\share\\x.csv",
    "file:///etc/passwd",
    "~root/x.csv",
    "x.csv\x00.png",
    "<script>alert(1)</script>",
]
# the folder of results is made by the runner, which gives its own whatever was asked for
TEXTS = [
    (notebook, name)
    for notebook, model in NOTEBOOKS.items()
    for name, field in model.model_fields.items()
    if name != "results" and not isinstance(field.default, bool | int)
]
UNSAFE_CALLS = {"eval", "exec", "__import__", "compile"}
UNSAFE_READERS = {"read_pickle", "to_pickle", "unsafe_load", "full_load"}
# The answer of a child that we started, on its stdout, never a file: see workbook/child.py.
PICKLES_FROM_A_PIPE = {"ingest/child.py", "ingest/opening.py"}


def test_every_notebook_has_text_to_attack():
    assert {notebook for notebook, _ in TEXTS} == set(NOTEBOOKS)
    assert {name for _, name in TEXTS} >= {"data", "ledger", "template", "letterhead", "rules"}


@pytest.mark.parametrize(("notebook", "name"), TEXTS)
def test_no_parameter_takes_code_or_a_path_elsewhere(notebook, name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for value in HOSTILE:
        with pytest.raises(ParameterError):
            check_parameters(notebook, {name: value})


@pytest.mark.parametrize("value", HOSTILE)
def test_what_goes_into_a_notebook_goes_in_as_one_literal(value):
    # a file may really be called so, and its path is a parameter like any other
    cell = ast.parse(translate_parameters("python3", "python", {"data": value}, "Parameters"))
    (assignment,) = cell.body
    assert ast.literal_eval(assignment.value) == value


def calls(module):
    for node in nodes_of(tree_of(module)):
        if isinstance(node, ast.Call):
            yield node, getattr(node.func, "id", getattr(node.func, "attr", ""))


def imports(module):
    for node in nodes_of(tree_of(module)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [getattr(node, "module", None) or "", *(one.name for one in node.names)]
            yield from (name.split(".")[0] for name in names)


def test_nothing_is_unpickled():
    packed = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}
    unpacks = {place(one): packed.intersection(imports(one)) for one in MODULES}
    assert {name for name, found in unpacks.items() if found} <= PICKLES_FROM_A_PIPE


def test_nothing_is_run_from_text():
    for node, name in chain.from_iterable(map(calls, MODULES)):
        unsafe = name in UNSAFE_CALLS and not isinstance(node.func, ast.Attribute)
        assert name not in UNSAFE_READERS, ast.unparse(node)
        assert not unsafe, ast.unparse(node)
        given = {one.arg: getattr(one.value, "value", None) for one in node.keywords}
        assert given.get("allow_pickle") is not True, ast.unparse(node)
        assert given.get("shell") is not True, ast.unparse(node)
