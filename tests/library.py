"""The modules of the library, each parsed once for all tests of a worker that look at code."""

import ast
from functools import cache
from pathlib import Path

LIBRARY = Path(__file__).parents[1] / "lib/faiwatch"
MODULES = sorted(LIBRARY.rglob("*.py"))


@cache
def tree_of(module):
    return ast.parse(module.read_text("utf-8"))


def nodes_of(tree):
    """Return all nodes of a tree; what was walked once is known."""
    if not hasattr(tree, "nodes"):
        tree.nodes = list(ast.walk(tree))
    return tree.nodes


def place(module):
    """Return where a module lies, as ``stats/growth.py``."""
    return module.relative_to(LIBRARY).as_posix()
