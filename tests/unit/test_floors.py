"""Imports only go down the floors of the house, and some things live in one room only."""

import ast
from pathlib import Path

import pytest

LIBRARY = Path(__file__).parents[2] / "lib/faiwatch"
MODULES = sorted(LIBRARY.rglob("*.py"))

FLOORS = [
    {
        "cache",
        "data_root",
        "errors",
        "findings",
        "lean",
        "parameter_types",
        "parameters",
        "places",
        "processes",
        "regions",
        "sources",
        "tables",
        "text",
        "files",
        "ledger_parameter_types",
        "ledger_schemas",
        "ledger_tables",
        "project_codes",
        "user_csv",
        "workbook",
    },
    {"series"},
    {"signals", "models", "ledger", "phrases", "targets"},
    {"charts"},
    {
        "blocks",
        "briefing",
        "ledger_page",
        "page",
        "reader_tables",
        "refusals",
        "outlook",
        "prospects",
    },
    {"run", "publish"},
    {"cli", "commands", "__main__"},
]
FLOOR_OF = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}

ONLY_IN = {
    "altair": {"charts"},
    "distributed": {"run"},
    "vl_convert": {"charts"},
    "nbclient": {"run"},
    "papermill": {"run"},
    "nbconvert": {"publish"},
    "docx": {"publish"},
    "docxtpl": {"publish"},
}
# Floors 1 and 2 are pure: no files, no clock, no network, no chance.
IMPURE = {
    "http",
    "io",
    "os",
    "pathlib",
    "random",
    "requests",
    "shutil",
    "socket",
    "subprocess",
    "tempfile",
    "time",
    "urllib",
}
CLOCKS = {"now", "today", "utcnow"}


def room_of(path):
    inside = path.relative_to(LIBRARY)
    return inside.parts[0].removesuffix(".py")


def imports_of(tree):
    """Yield dotted names; ``from faiwatch import page`` counts as ``faiwatch.page.page``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def attributes_of(tree):
    return {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def every(module):
    return pytest.mark.parametrize(
        module, MODULES, ids=[str(path.relative_to(LIBRARY)) for path in MODULES]
    )


def test_every_room_has_a_floor():
    rooms = {room_of(path) for path in MODULES} - {"__init__"}
    assert rooms <= set(FLOOR_OF)


@every("module")
def test_imports_only_go_down(module):
    floor = FLOOR_OF.get(room_of(module), -1)  # the package itself stands below the house
    rooms = {
        name.split(".")[1]
        for name in imports_of(ast.parse(module.read_text("utf-8")))
        if name.startswith("faiwatch.")
    }
    above = {room for room in rooms & set(FLOOR_OF) if FLOOR_OF[room] > floor}
    assert not above


@every("module")
def test_what_lives_in_one_room_stays_there(module):
    names = {name.split(".")[0] for name in imports_of(ast.parse(module.read_text("utf-8")))}
    strangers = {name for name in names & set(ONLY_IN) if room_of(module) not in ONLY_IN[name]}
    assert not strangers


@every("module")
def test_figures_are_read_in_sources_only(module):
    readers = {
        name for name in attributes_of(ast.parse(module.read_text("utf-8"))) if "read_csv" in name
    }
    assert not readers or room_of(module) == "sources"


@every("module")
def test_no_clock_below_floor_four(module):
    clocks = CLOCKS & attributes_of(ast.parse(module.read_text("utf-8")))
    assert not clocks or FLOOR_OF[room_of(module)] >= 4


@every("module")
def test_arithmetic_is_pure(module):
    names = {name.split(".")[0] for name in imports_of(ast.parse(module.read_text("utf-8")))}
    assert not names & IMPURE or FLOOR_OF[room_of(module)] not in {1, 2}
