"""A room imports only rooms above it, and some things live in one room only."""

import ast
import re
from pathlib import Path

import pytest
from library import LIBRARY, MODULES, nodes_of, place, tree_of

from faiwatch.core.rooms import BESIDE, LOOSE, ROOMS

PROJECT = Path(__file__).parents[2]
LONGEST_ALIAS = 10

ORDER = list(ROOMS)
MAY_IMPORT = {room: set(ORDER[:place]) for place, room in enumerate(ORDER)}
MAY_IMPORT |= {room: {leads_to} for room, leads_to in BESIDE.items()}
MAY_IMPORT |= {"__init__": {"api", "core"}, "api": set(ORDER) - {"cli"}, "__main__": {"cli"}}

ONLY_IN = {
    "altair": {"view", "ledger"},
    "distributed": {"run"},
    "vl_convert": {"view"},
    "nbclient": {"run"},
    "papermill": {"run"},
    "nbconvert": {"site"},
    "docx": {"briefing"},
    "docxtpl": {"briefing"},
}
DRAWS = re.compile(r"^(view|ledger)/charts/")
READS_FIGURES = {"data"}
# These rooms are pure: no files, no network, no chance.
PURE = {"stats", "forecast"}
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
HAS_A_CLOCK = {"page", "site", "briefing", "run", "cli"}
CLOCKS = {"now", "today", "utcnow"}


def room_of(path):
    return path.relative_to(LIBRARY).parts[0].removesuffix(".py")


def imports_of(tree):
    """Yield dotted names; ``from faiwatch import core`` counts as ``faiwatch.core``."""
    for node in nodes_of(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def packages_of(tree):
    return {name.split(".")[0] for name in imports_of(tree)}


def attributes_of(tree):
    return {node.attr for node in nodes_of(tree) if isinstance(node, ast.Attribute)}


def test_the_house_has_the_rooms_of_the_list_and_no_others():
    folders = {path.name for path in LIBRARY.iterdir() if any(path.glob("**/*.py"))}
    assert folders == set(ROOMS) | set(BESIDE)
    assert {path.stem for path in LIBRARY.glob("*.py")} <= set(LOOSE)


def test_imports_lead_to_rooms_above():
    for module in MODULES:
        room = room_of(module)
        rooms = {
            name.split(".")[1]
            for name in imports_of(tree_of(module))
            if name.startswith("faiwatch.") and (LIBRARY / name.split(".")[1]).is_dir()
        }
        assert not rooms - {room} - MAY_IMPORT[room], place(module)


@pytest.mark.parametrize("room", BESIDE)
def test_beside_the_rooms_are_aliases_only(room):
    for module in (LIBRARY / room).glob("*.py"):
        assert len(module.read_text("utf-8").splitlines()) <= LONGEST_ALIAS
        assert not any(isinstance(node, ast.FunctionDef) for node in nodes_of(tree_of(module)))


def test_what_lives_in_one_room_stays_there():
    for module in MODULES:
        names = packages_of(tree_of(module))
        strays = {name for name in names & set(ONLY_IN) if room_of(module) not in ONLY_IN[name]}
        assert strays == set(), place(module)
        assert "altair" not in names or DRAWS.match(place(module)), place(module)


def test_figures_are_read_in_data_only():
    for module in MODULES:
        readers = {name for name in attributes_of(tree_of(module)) if "read_csv" in name}
        assert not readers or room_of(module) in READS_FIGURES, place(module)


def test_no_clock_where_figures_are_made():
    for module in MODULES:
        clocks = CLOCKS & attributes_of(tree_of(module))
        assert not clocks or room_of(module) in HAS_A_CLOCK, place(module)


def test_arithmetic_is_pure():
    for module in MODULES:
        impure = packages_of(tree_of(module)) & IMPURE
        assert not impure or room_of(module) not in PURE, place(module)


@pytest.mark.parametrize(
    ("page", "row"),
    [
        ("README.md", r"^  (\w+)/ +(.+)$"),
        ("CONTRIBUTING.md", r"^\| `(\w+)/` \| ([^|]+?) \|"),
    ],
)
def test_maps_of_the_house_show_the_rooms_of_the_list(page, row):
    found = re.findall(row, (PROJECT / page).read_text("utf-8"), re.MULTILINE)
    assert [pair for pair in found if pair[0] in ROOMS] == list(ROOMS.items())


def routes():
    text = (LIBRARY.parents[1] / "CONTRIBUTING.md").read_text("utf-8")
    section = text.partition("## From a number to where it is made")[2].partition("\n## ")[0]
    rows = [line.split("|")[1:3] for line in section.splitlines() if "→" in line]
    return {number.strip(): re.findall(r"`([\w/]+)\.py`", files) for number, files in rows}


@pytest.mark.parametrize("number", routes())
def test_where_a_number_is_made_is_found_in_five_files(number):
    files = routes()[number]
    assert len(files) <= 5
    reached = set(files[:1])
    for file in files:
        assert file in reached, file
        names = imports_of(tree_of(LIBRARY / f"{file}.py"))
        reached |= {"/".join(name.split(".")[1:end]) for name in names for end in (3, 4)}


def test_ten_numbers_are_followed():
    assert len(routes()) == 10
