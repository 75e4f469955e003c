"""The modules of the library, each parsed and walked once for all tests of a worker."""

import ast
from functools import cache
from pathlib import Path

LIBRARY = Path(__file__).parents[1] / "lib/faiwatch"
MODULES = sorted(LIBRARY.rglob("*.py"))


@cache
def tree_of(module):
    return ast.parse(module.read_text("utf-8"))


@cache
def nodes_of(tree):
    return list(ast.walk(tree))


def place(module):
    """Return where a module lies, as ``stats/growth.py``."""
    return module.relative_to(LIBRARY).as_posix()
