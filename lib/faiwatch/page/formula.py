"""What a formula makes of some series: pandas' own writing, and nothing else."""

from __future__ import annotations

import ast

import pandas as pd

from faiwatch.core.errors import nearest, refused
from faiwatch.core.phrases import say
from faiwatch.core.text import Text

_METHODS = frozenset({"shift", "diff", "rolling", "mean", "abs"})
_PARTS = (
    *(ast.Expression, ast.BinOp, ast.UnaryOp, ast.operator, ast.unaryop, ast.Load),
    *(ast.Call, ast.Attribute, ast.Name, ast.Constant),
)


def evaluated(frame: pd.DataFrame, formula: str) -> pd.Series:
    """Return what a formula makes of the columns of a frame.

    Parameters
    ----------
    frame : DataFrame
        A column a series.
    formula : str
        Columns, numbers, ``+ - * / ( )`` and ``.shift(n) .diff(n) .rolling(n).mean() .abs()``.

    Raises
    ------
    ParameterError
        There is anything else in it: a formula may come from a file.

    Examples
    --------
    >>> growth = pd.DataFrame({"main": [1.0, 2.0], "others": [0.5, 3.0]})
    >>> evaluated(growth, "main - others.shift(1)").tolist()
    [nan, 1.5]
    """
    names = [str(name) for name in frame.columns]
    allowed = say(
        "page.formula.numbers",
        names=Text("、".join(names), ", ".join(names)),
        methods=Text("、".join(sorted(_METHODS)), ", ".join(sorted(_METHODS))),
    )
    try:
        parsed = ast.parse(formula.strip(), mode="eval")
    except SyntaxError:
        raise refused("formula", formula, allowed) from None
    for node in ast.walk(parsed):
        if not isinstance(node, _PARTS):
            raise refused("formula", formula, allowed)
        if isinstance(node, ast.Name) and node.id not in names:
            raise refused("formula", node.id, allowed, nearest(node.id, names))
        if isinstance(node, ast.Attribute) and node.attr not in _METHODS:
            raise refused("formula", node.attr, allowed, nearest(node.attr, _METHODS))
        if isinstance(node, ast.Constant) and not isinstance(node.value, int | float):
            raise refused("formula", formula, allowed)
    found = frame.eval(formula.strip(), engine="python")
    return pd.Series(found, index=frame.index, dtype="float64")
