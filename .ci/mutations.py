"""What a mutant is: one place of a module, changed in one way that a test should notice.

The changes themselves are cosmic-ray's; what counts as a place is said here. Not counted: types,
decorators, the words of messages, and ``strict=`` (a guard against a slip in the same line).
"""

import ast
import hashlib
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

PROJECT = Path(__file__).parents[1]
# Not in the lock, like pip-audit: it brings a database and a web server that nobody else needs.
# Its operators alone need parso and attrs, which are there.
COSMIC_RAY = "8.7.0"
HASH = "759510a02cf2b23ba15a00680ecc1fd6c74d3082622e5a7d2d514b5227267659"
TOOL = PROJECT / ".venv/mutants" / COSMIC_RAY

# One operator is swapped for another that gives a figure of the same kind, not for one that fails.
_ALIKE = (
    {"Add", "Sub", "Mul", "Div", "FloorDiv", "Mod"},
    {"BitAnd", "BitOr", "BitXor"},
    {"Eq", "NotEq", "Lt", "LtE", "Gt", "GtE"},
    {"Is", "IsNot"},
    {"Delete", "USub"},
    {"Delete", "Invert"},
    {"Delete", "Not"},
)
_LEFT_OUT = {"RemoveDecorator", "VariableReplacer", "VariableInserter", "ExceptionReplacer"}

Position = tuple[int, int]


class Mutant(NamedTuple):
    """A change of one place.

    Attributes
    ----------
    module, function : str
        ``stats/growth`` and the function in it; ``<module>`` outside of one.
    was, now : str
        The changed lines, their blanks made one: how equivalents are named.
    text : str
        The whole module with the change.
    """

    module: str
    function: str
    was: str
    now: str
    text: str

    @property
    def key(self) -> str:
        """Return what names the mutant however its module moves about it."""
        return " | ".join([self.module, self.function, self.was, self.now])


class _Place(NamedTuple):
    start: Position
    function: str
    line: str
    ways: tuple[tuple[str, int], ...]  # operator and which of its positions


def fetch() -> None:
    """Make cosmic-ray importable; fetch it once, checked by its hash."""
    if not TOOL.is_dir():
        TOOL.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="half-", dir=TOOL.parent) as folder:
            asked, made = Path(folder, "asked.txt"), Path(folder, "tool")
            asked.write_text(f"cosmic-ray=={COSMIC_RAY} --hash=sha256:{HASH}\n", encoding="utf-8")
            words = ("install", "--quiet", "--disable-pip-version-check", "--no-deps")
            subprocess.run(
                [sys.executable, "-m", "pip", *words, "--target", made, "-r", asked], check=True
            )
            with suppress(OSError):  # another one was faster
                made.rename(TOOL)
    sys.path.append(str(TOOL))


def mutants(module: str, source: str, seed: str) -> Iterator[tuple[str, "_Lazy"]]:
    """Yield, for each place of a module, its rank in a sample and its mutant, made when asked for.

    The rank depends on the place's own line only, so a sample stays much the same while the code
    around it changes.
    """
    met: dict[tuple[str, str], int] = {}
    for place in _places(source):
        same = (place.function, place.line)
        met[same] = met.get(same, -1) + 1
        words = [seed, module, *same, str(met[same])]
        numbered = enumerate(place.ways)
        ways = sorted((_rank(*words, name, str(at)), name, nth) for at, (name, nth) in numbered)
        yield _rank(*words), _Lazy(module, place.function, source, [way[1:] for way in ways])


class _Lazy(NamedTuple):
    module: str
    function: str
    source: str
    ways: list[tuple[str, int]]

    def made(self) -> Mutant | None:
        """Return the mutant; None when no way to change the place makes other code."""
        for name, position in self.ways:
            text = _changed(self.source, name, position)
            with suppress(SyntaxError):
                if ast.dump(ast.parse(text)) != ast.dump(ast.parse(self.source)):
                    was, now = _difference(self.source, text)
                    return Mutant(self.module, self.function, was, now, text)
        return None


def _rank(*words: str) -> str:
    return hashlib.sha256("\0".join(words).encode()).hexdigest()


def _places(source: str) -> list[_Place]:
    tree = ast.parse(source)
    ignored = list(_ignored(tree))
    functions = list(_functions(tree))
    lines = source.splitlines()
    ways: dict[tuple[Position, str], list[tuple[str, int]]] = {}
    for name in _operators():
        for index, (_, _, start) in enumerate(_positions(source, name)):
            if name == "RemoveStatement" or not any(a <= start < b for a, b in ignored):
                ways.setdefault((start, _family(name)), []).append((name, index))
    places = []
    for (start, _), found in sorted(ways.items()):
        inside = [name for name, first, last in functions if first <= start[0] <= last]
        line = " ".join(lines[start[0] - 1].split())
        places.append(_Place(start, inside[-1] if inside else "<module>", line, tuple(found)))
    return places


def _ignored(tree: ast.Module) -> Iterator[tuple[Position, Position]]:
    """Yield from where to where there is nothing that a figure depends on."""
    for node in ast.walk(tree):
        parts: list[ast.AST | None] = []
        if isinstance(node, ast.Raise) or _is_text(node) or getattr(node, "arg", "") == "strict":
            parts.append(node)
        elif isinstance(node, ast.AnnAssign | ast.arg):
            parts.append(node.annotation)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            parts += [getattr(node, "returns", None), *node.decorator_list]
        for part in parts:
            if part is not None:
                yield (part.lineno, part.col_offset), (part.end_lineno, part.end_col_offset)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Text"


def _functions(tree: ast.AST, above: str = "") -> Iterator[tuple[str, int, int]]:
    for node in ast.iter_child_nodes(tree):
        name = above
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            name = f"{above}.{node.name}".lstrip(".")
            yield name, node.lineno, node.end_lineno or node.lineno
        yield from _functions(node, name)


def _difference(source: str, text: str) -> tuple[str, str]:
    """Return the lines in which two texts differ, blanks made one."""
    one, other = source.splitlines(), text.splitlines()
    while one and other and one[0] == other[0]:
        del one[0], other[0]
    while one and other and one[-1] == other[-1]:
        del one[-1], other[-1]
    was, now = (" ".join(" ".join(lines).split()) for lines in (one, other))
    return was, re.sub(r"(?<=[(\[]) ", "", now)


# --- cosmic-ray -----------------------------------------------------------------------------


@cache
def _operators() -> dict[str, type]:
    from cosmic_ray.operators.operator import Operator
    from cosmic_ray.operators.provider import OperatorProvider

    class RemoveStatement(Operator):
        """A rule that is taken out whole: a refusal, an exclusion, a call for its effect."""

        def mutation_positions(self, node: Any) -> Iterator[tuple[Position, Position]]:
            if node.type == "simple_stmt" and _can_go(node.children[0]):
                yield node.start_pos, node.end_pos

        def mutate(self, node: Any, index: int) -> Any:  # noqa: ARG002
            import parso

            prefix = node.get_first_leaf().prefix
            return parso.parse(f"{prefix}pass\n").children[0]

        @classmethod
        def examples(cls) -> tuple[()]:
            return ()

    provider = OperatorProvider()
    found = {name: provider[name] for name in provider if name not in _LEFT_OUT and _is_alike(name)}
    return found | {"RemoveStatement": RemoveStatement}


def _can_go(node: Any) -> bool:
    """Whether a statement can be left out without another one missing a name."""
    if node.type == "expr_stmt":
        return node.children[1].get_code().strip() in {"+=", "-=", "*=", "/=", "|=", "&="}
    return node.type in {"raise_stmt", "atom_expr"}


def _is_alike(name: str) -> bool:
    """Whether an operator swaps like for like; names end in ``_FROM_TO``."""
    if "_" not in name:
        return True
    ends = set(name.split("_")[1:])
    return any(ends <= alike for alike in _ALIKE)


def _family(name: str) -> str:
    return name.split("_")[0]


def _positions(source: str, name: str) -> Iterator[tuple[Any, int, Position]]:
    """Yield each node that an operator changes, which of its changes, and where."""
    for node in _nodes(source):
        for index, (start, _) in enumerate(_ways(_operators()[name](), node)):
            yield node, index, start


def _ways(operator: Any, node: Any) -> list[tuple[Position, Position]]:
    """Return where an operator changes a node; the star among parameters is none."""
    is_marker = node.parent is not None and node.parent.type == "parameters"
    return [] if is_marker else list(operator.mutation_positions(node))


@cache
def _nodes(source: str) -> list[Any]:
    from cosmic_ray.ast import ast_nodes, get_ast

    return list(ast_nodes(get_ast(source)))


def _changed(source: str, name: str, position: int) -> str:
    """Return the source with one change of one operator."""
    from cosmic_ray.ast import Visitor, get_ast

    class Change(Visitor):
        left = position

        def visit(self, node: Any) -> Any:
            for index, _ in enumerate(_ways(operator, node)):
                self.left -= 1
                if self.left == -1:
                    node = operator.mutate(node, index)
            return node

    operator = _operators()[name]()
    return Change().walk(get_ast(source)).get_code()
