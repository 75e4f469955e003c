"""Measure the house: rooms, the imports between them, and how much code there is.

    python benchmarks/structure.py [CHECKOUT ...]

A column for each checkout, this one when none is named, so that two states can be compared. What is
counted stands at each function; the limits are of docs/adr/0015-twelve-rooms.md.

The limit of code lines was set for the features of one day, so lines are counted by definition
(function, method, head of a class, constant): those of which that day's library had the name, and
those that share most of their tokens with one of its definitions, whatever has grown in them since.
That library is read from git; a copy without its history shows a dash.
"""

import ast
import io
import json
import subprocess
import sys
import tarfile
import textwrap
import tokenize
from collections import Counter
from functools import cache
from itertools import combinations
from pathlib import Path

HERE = Path(__file__).parents[1]
LIMITS = {
    "rooms": "12",
    "loose modules at the root": "≤ 4",
    "modules": "",
    "arrows": "≤ 75",
    "longest chain": "≤ 13",
    "code lines": "",
    "of definitions of that day": "≤ 26000",
    "of modules of that day": "",
    "functions": "",
    "private and used once, %": "≤ 20",
    "02_monitor: code lines": "≤ 55",
    "02_monitor: imports": "≤ 3",
}
# The library when the limits were set (29,128 code lines), and from which share of common tokens,
# of how many at least, a definition with another name is one of that day's.
THAT_DAY = "26e89b883ba6c1a8398524a951c69a0016c6fb4b"
ALIKE = 0.6
FEWEST_TOKENS = 12
# Modules that came after the redesign of 2026-11, for what was asked later, by what they serve. In
# them a name that was there ("findings", "words") says nothing; only tokens do.
LATER = {
    "register of work: minutes, notices, leads, reserve, parks, road map": """
        ledger/charts/road_map ledger/check_register ledger/export/minutes ledger/leads
        ledger/meeting ledger/notices ledger/parks ledger/reserve ledger/road_map ledger/tables/work
        ledger/tables/work_sections ledger/unit_targets ledger/work ledger/work_book
        ledger/work_findings ledger/work_list briefing/work briefing/timetable""",
    "city over its districts": """
        ledger/city/* briefing/city briefing/notices cli/city data/notices data/summons_rules
        stats/city stats/summons view/charts/city view/tables/city""",
    "letter, annexes, agenda and brief of the report": """
        briefing/agenda briefing/brief briefing/word/attached briefing/word/letter view/html/brief
        data/definitions""",
    "editions of public pages, compared over time, and a shared site": """
        ledger/editions ledger/table_changes run/publish cli/publish""",
    "offices' files: dialogue, answers, ledgers with a layout of their own": """
        ingest/answered ingest/answers_file ingest/concepts ingest/dialect ingest/dialogue
        ingest/dictionary ingest/fates ingest/lacking ingest/ledger/content ingest/ledger/days
        ingest/ledger/names ingest/ledger/sections ingest/ledger/sheet ingest/ledger/targets
        ingest/likeness ingest/marks ingest/parts ingest/takes page/workbook page/workbook_form
        view/tables/reading""",
    "releases from a bureau's own site, and their calendar": """
        data/live/documents data/live/pages data/live/release_notes data/live/release_table
        data/release_dates site/releases""",
    "overview, comparison and cards": """
        site/overview site/bar site/tile_map ledger/cards page/comparison stats/parts
        view/html/cards view/html/compare""",
    "simple methods, the new year, news and scenario of a forecast": """
        forecast/event_base forecast/members/complex_smoothing forecast/new_year forecast/quantiles
        forecast/simple page/ahead run/ahead stats/base_profile""",
    "workspace: init, lab, doctor, status, round, own notebooks": """
        cli/doctor cli/init cli/lab cli/round cli/status page/own_notebook run/guide
        run/workspace""",
    "packages, plugins, other subjects, open formats and schemas": """
        core/extras core/json_schema core/plugins cli/schema data/calendars data/package run/plugins
        site/api site/dataset stats/sdmx stats/spell stats/windows""",
}
FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef
IMPORT = ast.Import | ast.ImportFrom
HAS_DOCSTRING = FUNCTION | ast.ClassDef | ast.Module


def unit_of(module):
    """Return the room or loose module in which a file lies."""
    return module.parts[0].removesuffix(".py")


def imported(tree, units):
    """Yield the units that a module imports anywhere in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            package, _, inside = name.partition(".")
            if package == "faiwatch":
                unit = inside.split(".")[0]
                yield unit if unit in units else "__init__"


def longest_chain(arrows, units):
    """Return how many units the longest chain of imports passes, each once, a circle as a whole."""
    reach = {unit: {unit} for unit in units}
    for _ in units:
        for unit, others in arrows.items():
            reach[unit] |= set().union(*(reach[other] for other in others))
    circle = {unit: frozenset(o for o in reach[unit] if unit in reach[o]) for unit in units}

    @cache
    def depth(members):
        below = {circle[other] for unit in members for other in arrows.get(unit, ())} - {members}
        return len(members) + max(map(depth, below), default=0)

    return max(depth(members) for members in circle.values())


def code_lines(source, tree):
    """Count lines with code: no blanks, comments, docstrings or imports."""
    left_out = set()
    for node in ast.walk(tree):
        first = node.body[0] if isinstance(node, HAS_DOCSTRING) and node.body else None
        if isinstance(node, IMPORT):
            left_out |= set(range(node.lineno, node.end_lineno + 1))
        elif first is not None and ast.get_docstring(node) is not None:
            left_out |= set(range(first.lineno, first.end_lineno + 1))
    empty = {
        tokenize.COMMENT,
        tokenize.NL,
        tokenize.NEWLINE,
        tokenize.INDENT,
        tokenize.DEDENT,
        tokenize.ENDMARKER,
    }
    with_code = {
        line
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type not in empty
        for line in range(token.start[0], token.end[0] + 1)
    }
    return len(with_code - left_out)


def definitions(source, tree):
    """Yield name, code lines and tokens of each function, method, head of a class and constant.

    A class has the lines that its methods leave over; what stands in a function is the function's.
    """

    def of_node(node):
        first = min([node, *getattr(node, "decorator_list", [])], key=lambda part: part.lineno)
        text = textwrap.dedent("\n".join(source.splitlines()[first.lineno - 1 : node.end_lineno]))
        parsed = ast.parse(text)
        said = {
            id(part.body[0].value)
            for part in ast.walk(parsed)
            if isinstance(part, HAS_DOCSTRING) and part.body and ast.get_docstring(part) is not None
        }
        words = Counter(
            getattr(part, "id", None) or getattr(part, "attr", None) or repr(part.value)
            for part in ast.walk(parsed)
            if isinstance(part, ast.Name | ast.Attribute | ast.Constant) and id(part) not in said
        )
        return code_lines(text, parsed), words

    for node in tree.body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield node.name, *of_node(node)
            case ast.ClassDef():
                whole, words = of_node(node)
                methods = [part for part in node.body if isinstance(part, FUNCTION)]
                for method in methods:
                    lines, tokens = of_node(method)
                    whole -= lines
                    yield method.name, lines, tokens
                yield node.name, whole, words
            case ast.Assign() | ast.AnnAssign():
                name = node.targets[0] if isinstance(node, ast.Assign) else node.target
                yield ast.unparse(name), *of_node(node)


@cache
def of_that_day(checkout):
    """Return the names of the definitions of that day, and the tokens of each; none without git."""
    archive = subprocess.run(
        ["git", "-C", str(checkout), "archive", THAT_DAY, "lib"], capture_output=True, check=False
    )
    if archive.returncode:
        return frozenset(), ()
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
        sources = [
            files.extractfile(one).read().decode() for one in files if one.name.endswith(".py")
        ]
    found = [one for source in sources for one in definitions(source, ast.parse(source))]
    return frozenset(name for name, _, _ in found), tuple(words for _, _, words in found)


def is_of_that_day(name, words, checkout, *, in_later):
    """Tell whether a definition was in the library of that day, by its name or its tokens."""
    names, tokens = of_that_day(checkout)
    n = words.total()
    return (name in names and not in_later) or (
        n >= FEWEST_TOKENS
        and any(
            (words & other).total() >= ALIKE * max(n, m)
            for other in tokens
            if ALIKE * n <= (m := other.total()) <= n / ALIKE
        )
    )


def used_once(tree):
    """Return how many functions a module has, and how many are private and named once in it."""
    functions = [node.name for node in ast.walk(tree) if isinstance(node, FUNCTION)]
    named = Counter(
        node.id if isinstance(node, ast.Name) else node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Name | ast.Attribute)
    )
    private = [name for name in functions if name.startswith("_") and not name.startswith("__")]
    return len(functions), sum(named[name] == 1 for name in private)


def notebook(path):
    """Return the code lines of a notebook, and how many lines begin an import."""
    cells = json.loads(path.read_text("utf-8"))["cells"]
    code = [
        line.strip()
        for cell in cells
        if cell["cell_type"] == "code"
        for line in "".join(cell["source"]).splitlines()
    ]
    code = [line for line in code if line and not line.startswith("#")]
    return len(code), sum(line.startswith(("import ", "from ")) for line in code)


def measure(checkout):
    """Return the figures of a checkout, by the names of LIMITS."""
    library = checkout / "lib/faiwatch"
    sources = {path.relative_to(library): path.read_text("utf-8") for path in library.rglob("*.py")}
    trees = {module: ast.parse(source) for module, source in sources.items()}
    units = {unit_of(module) for module in trees}
    arrows = {unit: set() for unit in units}
    for module, tree in trees.items():
        arrows[unit_of(module)] |= set(imported(tree, units)) - {unit_of(module)}
    lines_of = {module: code_lines(sources[module], tree) for module, tree in trees.items()}
    rooms = Counter()
    for module, n in lines_of.items():
        rooms[unit_of(module)] += n
    later = {
        reason: {
            module
            for module in trees
            if any(module.match(f"{pattern}.py") for pattern in patterns.split())
        }
        for reason, patterns in LATER.items()
    }
    left_out = {reason: sum(map(lines_of.get, modules)) for reason, modules in later.items()}
    in_later = set().union(*later.values())
    lines_of_that_day = sum(
        n
        for module, tree in trees.items()
        for name, n, words in definitions(sources[module], tree)
        if is_of_that_day(name, words, checkout, in_later=module in in_later)
    )
    functions, once = map(sum, zip(*map(used_once, trees.values()), strict=True))
    beside = {"models"} if (library / "core/rooms.py").exists() else set()
    lines, imports = notebook(checkout / "notebooks/02_monitor.ipynb")
    counted = {
        "rooms": len({unit_of(module) for module in trees if len(module.parts) > 1} - beside),
        "loose modules at the root": sum(len(module.parts) == 1 for module in trees),
        "modules": len(trees),
        "arrows": sum(a in arrows[b] or b in arrows[a] for a, b in combinations(sorted(units), 2)),
        "longest chain": longest_chain(arrows, units),
        "code lines": sum(lines_of.values()),
        "of definitions of that day": lines_of_that_day or "–",
        "of modules of that day": sum(lines_of.values()) - sum(left_out.values()),
        "functions": functions,
        "private and used once, %": f"{100 * once / functions:.1f}",
        "02_monitor: code lines": lines,
        "02_monitor: imports": imports,
    }
    return counted | {f"{room}/": rooms[room] for room in sorted(units)} | left_out


def main():
    checkouts = [Path(one).resolve() for one in sys.argv[1:]] or [HERE]
    measured = [measure(checkout) for checkout in checkouts]
    print(f"{'':28}{'limit':>9}" + "".join(f"{one.name[:12]:>14}" for one in checkouts))
    for name, limit in LIMITS.items():
        print(f"{name:28}{limit:>9}" + "".join(f"{one[name]:>14}" for one in measured))
    print("\ncode lines of each room, and of what came later")
    for name in dict.fromkeys(name for one in measured for name in one if name not in LIMITS):
        print(f"{name:67}" + "".join(f"{one.get(name, 0):>8}" for one in measured))


if __name__ == "__main__":
    main()
