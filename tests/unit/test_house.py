"""The files around the library agree with each other and with the house rules."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml
from library import LIBRARY, MODULES, nodes_of, place, tree_of
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import faiwatch
from faiwatch.core import errors
from faiwatch.core.extras import EXTRA_OF

PROJECT = Path(__file__).parents[2]
CONFIG = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))
MAKEFILE = (PROJECT / "Makefile").read_text("utf-8")
READMES = ["README.md", "README.zh.md"]

PYPI_NAME_OF = {
    "playwright-python": "playwright",
    "python-duckdb": "duckdb",
}  # where conda-forge has another name
NOT_IMPORTED = {
    "jupyterlab": "make lab",
}
LONGEST_MODULE, LONGEST_FUNCTION = 600, 60

# Written with classes around one letter, so that this file does not hold what it forbids.
OUTSIDE = re.compile(
    r"[/]work/|[/]tmp/w/|[/]root/\.|\.\.[/]shared|[p]ypi\.org|[p]ythonhosted|[n]pmjs\.|"
    r"[d]eb\.debian|[a]naconda\.org"
)


def named(requirements):
    found = map(Requirement, requirements)
    return {canonicalize_name(one.name): one.specifier for one in found}


def every(path, paths):
    return pytest.mark.parametrize(
        path, paths, ids=[str(one.relative_to(PROJECT)) for one in paths]
    )


def own_files():
    inside = ["lib", "notebooks", "data", "tests", "docs", "deploy", "benchmarks", ".ci"]
    files = [file for folder in inside for file in (PROJECT / folder).rglob("*") if file.is_file()]
    ours = {".lock", ".md", ".toml", ".yaml", ".yml", ""}
    top = [file for file in PROJECT.iterdir() if file.is_file() and file.suffix in ours]
    return [file for file in files + top if "__pycache__" not in file.parts]


def of_extras(*left_out):
    extras = CONFIG["project"]["optional-dependencies"]
    return named(one for name in extras.keys() - {"all", *left_out} for one in extras[name])


RUNS_ON = named(CONFIG["project"]["dependencies"])
WITH_EXTRAS = RUNS_ON | of_extras("akshare")  # what make setup installs, and the lock holds
DEVELOPED_WITH = named(CONFIG["dependency-groups"]["dev"])


def test_conda_and_pyproject_ask_for_the_same_packages():
    lines = re.findall(
        r"^ +- ([a-z][\w-]*) *([<>=][^\s#]*)?$",
        (PROJECT / "environment.yml").read_text("utf-8"),
        re.MULTILINE,
    )
    asked = {name: bounds for name, bounds in lines if name not in {"conda-forge", "pip"}}
    python = asked.pop("python")
    assert python == CONFIG["project"]["requires-python"]
    wanted = named(f"{PYPI_NAME_OF.get(name, name)}{bounds}" for name, bounds in asked.items())
    assert wanted == WITH_EXTRAS | DEVELOPED_WITH


def test_lock_pins_every_package_within_its_bounds_and_with_hashes():
    lock = (PROJECT / "requirements.lock").read_text("utf-8")
    entries = re.findall(r"^([\w.-]+)==([^\s;]+)(?: ; .*?)? \\\n((?: +--hash=.*\n)*)", lock, re.M)
    assert len(entries) == len(re.findall(r"^[\w.-]+==", lock, re.M))
    assert all("--hash=sha256:" in hashes for _, _, hashes in entries)
    versions = {}
    for name, version, _ in entries:
        versions.setdefault(name, []).append(version)
    for name, bounds in (WITH_EXTRAS | DEVELOPED_WITH).items():
        assert versions[name], name
        assert all(version in bounds for version in versions[name]), name


def test_the_build_backend_is_locked_because_the_build_is_not_isolated():
    assert set(named(CONFIG["build-system"]["requires"])) <= set(DEVELOPED_WITH)


def test_every_import_is_declared_and_everything_declared_is_used():
    tops = set()
    for module in MODULES:
        for node in nodes_of(tree_of(module)):
            if isinstance(node, ast.Import):
                tops |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                tops.add(node.module.split(".")[0])
    provided = packages_distributions()
    foreign = tops - set(sys.stdlib_module_names) - {"faiwatch"}
    used = {canonicalize_name(provided[top][0]) for top in foreign}
    declared = RUNS_ON | named(
        one for name in ("lab", "word") for one in CONFIG["project"]["optional-dependencies"][name]
    )
    assert used - set(declared) == set()
    assert set(declared) - used == set(NOT_IMPORTED)


def test_the_list_of_extras_says_what_pyproject_does():
    provided = packages_distributions()
    brought = {}
    for module, extra in EXTRA_OF.items():
        package = provided.get(module, [module])[0]  # akshare is not installed
        brought.setdefault(extra, set()).add(canonicalize_name(package))
    extras = CONFIG["project"]["optional-dependencies"]
    everything = ",".join(sorted(brought))
    assert extras["all"] == [f"faiwatch[{everything}]"]
    assert brought == {name: set(named(extras[name])) for name in extras.keys() - {"all"}}


def test_without_extras_only_what_needs_one_cannot_be_imported():
    imports = {}  # of each module, those at its top: what happens when it is imported
    for module in MODULES:
        body = tree_of(module).body
        names = [alias.name for one in body if isinstance(one, ast.Import) for alias in one.names]
        names += [one.module for one in body if isinstance(one, ast.ImportFrom)]
        imports[".".join(module.relative_to(LIBRARY.parent).with_suffix("").parts)] = names
    need_one = {
        name
        for name, asked in imports.items()
        if {one.partition(".")[0] for one in asked} & set(EXTRA_OF)
    }
    behind = ("faiwatch.briefing.word", "faiwatch.briefing.agenda", "faiwatch.briefing.notices")
    behind += ("faiwatch.page.pickers", "faiwatch.page.workbook_form")
    assert {name for name in need_one if not name.startswith(behind)} == set()
    for name, asked in imports.items():
        if not name.startswith(behind):
            assert not [one for one in asked if one.startswith(behind)], name


def test_whatever_loads_jsonschema_first_keeps_it_from_building_its_grammar():
    """Else a process that begins with it takes one to three seconds longer, see the module."""
    brings = {"altair", "nbclient", "nbconvert", "nbformat", "papermill"}
    without = {
        place(module)
        for module in MODULES
        if brings & {name.partition(".")[0] for name in imported_at_once(module)}
        and not any(
            "faiwatch.core.fast_import" in imported_at_once(one)
            for one in (module, *(at / "__init__.py" for at in module.parents[:-1]))
            if one.is_relative_to(LIBRARY)
        )
    }
    assert without == set()


def test_figures_and_ledgers_are_read_without_what_says_how_they_break_a_contract():
    """It takes a third of a second to import and ask."""
    asks = {
        place(module)
        for module in MODULES
        if any(name.startswith("pandera") for name in imported_at_once(module))
    }
    assert asks == set()


def imported_at_once(module):
    """Return the names of the modules that a module imports as it is imported itself."""
    for line in tree_of(module).body:
        if isinstance(line, ast.Import):
            yield from (one.name for one in line.names)
        elif isinstance(line, ast.ImportFrom):
            yield line.module


def test_a_module_fits_in_one_reading():
    lines = {place(one): len(one.read_text("utf-8").splitlines()) for one in MODULES}
    assert {name: n for name, n in lines.items() if n > LONGEST_MODULE} == {}


def test_a_function_fits_on_one_screen_and_names_its_arguments():
    for module in MODULES:
        for node in nodes_of(tree_of(module)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = node.end_lineno - node.lineno + 1
                if ast.get_docstring(node):
                    length -= node.body[0].end_lineno - node.body[0].lineno + 1
                told = f"{place(module)}: {node.name} has {length} lines"
                assert length <= LONGEST_FUNCTION, told


def test_the_project_stands_alone():
    found = {
        str(file.relative_to(PROJECT)): match[0]
        for file in own_files()
        if (match := OUTSIDE.search(file.read_bytes().decode("utf-8", errors="ignore")))
    }
    assert not found


def test_every_make_target_is_phony_and_explains_itself():
    targets = set(re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.M))
    helped = set(re.findall(r"^([a-z][a-z-]*):.*? ## \S", MAKEFILE, re.M))
    phony = set(re.findall(r"^\.PHONY: ([a-z-]+)$", MAKEFILE, re.M))
    kinds = {f"test-{kind}" for kind in re.search(r"^KINDS := (.*)$", MAKEFILE, re.M)[1].split()}
    assert targets == helped == phony | kinds


def test_every_folder_of_tests_has_a_make_target():
    kinds = set(re.search(r"^KINDS := (.*)$", MAKEFILE, re.M)[1].split())
    folders = {path.parent.name for path in (PROJECT / "tests").glob("*/test_*.py")}
    assert folders == kinds


def test_ci_runs_what_a_developer_runs():
    script = (PROJECT / ".ci/run").read_text("utf-8")
    assert script.endswith("\nmake check\nmake test\n")
    assert len(re.findall(r"^\s*make\b", script, re.M)) == 2


@pytest.mark.parametrize("readme", READMES)
def test_readme_lists_every_exit_code(readme):
    listed = set(map(int, re.findall(r"^\| (\d+) \|", (PROJECT / readme).read_text("utf-8"), re.M)))
    documented = set(map(int, re.findall(r"^(\d+) +\S", errors.__doc__, re.M)))
    assert listed == documented
    assert {error.exit_code for error in errors.FaiwatchError.__subclasses__()} <= listed


@pytest.mark.parametrize("readme", READMES)
def test_readme_names_only_make_targets_that_exist(readme):
    named_in_readme = set(
        re.findall(r"\bmake ([a-z][a-z-]*)", (PROJECT / readme).read_text("utf-8"))
    )
    assert named_in_readme <= set(re.findall(r"^([a-z][a-z-]*):.* ## ", MAKEFILE, re.M))


@every("page", [PROJECT / name for name in READMES] + sorted(PROJECT.glob("docs/**/*.md")))
def test_links_between_our_pages_lead_somewhere(page):
    links = re.findall(r"\]\((?!\w+:|#)([^)#]+)", page.read_text("utf-8"))
    broken = [link for link in links if not (page.parent / link).exists()]
    assert not broken


@every("record", sorted(PROJECT.glob("docs/adr/*.md")))
def test_every_decision_record_answers_the_same_questions(record):
    text = record.read_text("utf-8")
    assert text.startswith(f"# {record.name[:4]}: ")
    assert re.search(r"^\d{4}-\d{2}, [a-z ]+\.$", text, re.MULTILINE)
    headings = re.findall(r"^#{2,} (.+)$", text, re.MULTILINE)
    assert headings == ["Context", "Choice", "Cost", "How to undo"]


def test_what_other_programs_look_for_says_what_the_package_says():
    cited = yaml.safe_load((PROJECT / "CITATION.cff").read_text("utf-8"))
    package = CONFIG["project"]
    assert (cited["title"], cited["license"]) == (package["name"], package["license"])
    assert [one["name"] for one in cited["authors"]] == [one["name"] for one in package["authors"]]
    assert cited["version"] == faiwatch.__version__
    changes = (PROJECT / "CHANGELOG.md").read_text("utf-8")
    headings = re.findall(r"^## (.+)$", changes, re.MULTILINE)
    assert headings[:2] == ["[Unreleased]", f"{cited['version']} - {cited['date-released']}"]
    for page in PROJECT.glob("docs/**/*.md"):
        named = set(re.findall(r"faiwatch-(\d[\d.]*)-py3", page.read_text("utf-8")))
        assert named <= {faiwatch.__version__}, page.name
    versions = {f"3.{minor}" for minor in range(11, 15)}
    named = {one.rpartition(" ")[2] for one in package["classifiers"] if ":: Python :: 3" in one}
    assert named == versions
    for form in (PROJECT / ".github/ISSUE_TEMPLATE").glob("*.yml"):
        read = yaml.safe_load(form.read_text("utf-8"))
        assert {"name", "description", "body"} <= set(read), form.name
        assert any(one.get("validations", {}).get("required") for one in read["body"]), form.name


@pytest.mark.skipif(not (PROJECT / ".git").exists(), reason="unpacked from an archive")
def test_no_made_page_or_run_is_kept_in_git():
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    made = re.compile(r"(^|/)(executed\.ipynb|run\.json|page\.html|index(\.en)?\.html)$")
    assert [file for file in tracked.stdout.splitlines() if made.search(file)] == []


@pytest.mark.xdist_group("kept together")
def test_tests_that_share_something_dear_stay_on_one_worker(request):
    if not request.config.getoption("loadgroup", default=False):
        pytest.skip("not run side by side")
    assert request.node.nodeid.endswith("@kept together")
