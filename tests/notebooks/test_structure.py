"""Notebooks are thin pages: they ask the library and show what it says, in both languages."""

import ast
import re
from pathlib import Path

import nbformat
import pytest

from faiwatch.page.parameters import NOTEBOOKS

FOLDER = Path(__file__).parents[2] / "notebooks"
FILES = sorted(FOLDER.glob("*.ipynb"))
MOST_STATEMENTS, MOST_LINES, MOST_IMPORTS = 12, 55, 3
BENCH, MOST_LINES_OF_BENCH = "00_explore", 90
PAGES = [file for file in FILES if file.stem != BENCH]

BANNED = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Lambda,
    ast.For,
    ast.AsyncFor,
    ast.While,
    ast.Try,
    ast.With,
)
every_notebook = pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])


def read(file):
    return nbformat.read(file, as_version=4)


def tags(cell):
    return cell.metadata.get("tags", [])


def code_cells(file):
    return [cell for cell in read(file).cells if cell.cell_type == "code"]


def nodes(file):
    return [node for cell in code_cells(file) for node in ast.walk(ast.parse(cell.source))]


def test_every_notebook_has_a_parameter_model_and_the_reverse():
    assert [file.stem for file in FILES] == sorted(NOTEBOOKS)
    assert all(re.fullmatch(r"\d\d_[a-z]+", file.stem) for file in FILES)


@every_notebook
def test_the_file_is_valid_and_holds_no_outputs(file):
    notebook = read(file)
    nbformat.validate(notebook)
    assert all(cell.outputs == [] for cell in code_cells(file))
    assert all(cell.execution_count is None for cell in code_cells(file))
    assert notebook.metadata.kernelspec.name == "python3"


@every_notebook
def test_cell_ids_are_words_that_stay(file):
    ids = [cell.id for cell in read(file).cells]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z][a-z0-9_-]{2,63}", one) for one in ids)


@every_notebook
def test_it_opens_with_its_question_in_both_languages_then_its_parameters(file):
    first, second, third, fourth = read(file).cells[:4]
    assert [first.cell_type, second.cell_type] == ["markdown", "markdown"]
    assert [tags(first), tags(second), tags(third)] == [["zh"], ["en"], ["parameters"]]
    assert first.source.startswith("# ")
    assert second.source.startswith("# ")
    assert fourth.cell_type == "code"


@every_notebook
def test_what_is_said_in_chinese_is_said_in_english_next(file):
    languages = [tags(cell) for cell in read(file).cells if cell.cell_type == "markdown"]
    assert languages == [["zh"], ["en"]] * (len(languages) // 2)
    kinds = "".join(cell.cell_type[0] for cell in read(file).cells)
    assert re.fullmatch(r"(mm|c+)+", kinds)


@every_notebook
def test_prose_states_no_figure(file):
    """Half-widths of rounding (±) belong to a method and may be named."""
    prose = " ".join(cell.source for cell in read(file).cells if cell.cell_type == "markdown")
    assert not re.search(r"(?<![±.\d])\d[\d.]*\s*(%|％|个百分点|percent|亿元)", prose)


@every_notebook
def test_the_parameters_cell_is_the_model_in_literals(file):
    (cell,) = (cell for cell in code_cells(file) if "parameters" in tags(cell))
    literals = {}
    for statement in ast.parse(cell.source).body:
        assert isinstance(statement, ast.Assign | ast.AnnAssign)
        target = statement.target if isinstance(statement, ast.AnnAssign) else statement.targets[0]
        literals[target.id] = ast.literal_eval(statement.value)
    model = NOTEBOOKS[file.stem].model_fields
    assert literals == {name: field.default for name, field in model.items()}


@every_notebook
def test_a_cell_is_short_and_shows_one_thing(file):
    for cell in code_cells(file):
        statements = ast.parse(cell.source).body
        shown = [one for one in statements if isinstance(one, ast.Expr)]
        assert len(statements) <= MOST_STATEMENTS or "parameters" in tags(cell)
        assert shown in ([], statements[-1:]), cell.id


@every_notebook
def test_the_notebook_is_short(file):
    lines = [line for cell in code_cells(file) for line in cell.source.splitlines()]
    most = MOST_LINES_OF_BENCH if file.stem == BENCH else MOST_LINES
    assert len([line for line in lines if line.strip()]) <= most
    imports = [node for node in nodes(file) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert len(imports) <= MOST_IMPORTS


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.stem)
def test_each_cell_is_one_call_whose_value_is_what_it_shows(file):
    for cell in code_cells(file)[2:]:
        (statement,) = ast.parse(cell.source).body
        assert isinstance(statement, ast.Expr), cell.id
        assert isinstance(statement.value, ast.Call), cell.id
        assert ast.unparse(statement.value.func).startswith("page."), cell.id


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.stem)
def test_it_says_how_headings_follow_the_language(file):
    (cell,) = (cell for cell in code_cells(file) if "parameters" in tags(cell))
    (line,) = (line for line in cell.source.splitlines() if line.startswith("lang: "))
    assert "the published page keeps its headings only" in line


@every_notebook
def test_logic_lives_in_the_library(file):
    banned = [node for node in nodes(file) if isinstance(node, BANNED)]
    assert not banned
    assert not any(re.search(r"^\s*[%!]", cell.source, re.M) for cell in code_cells(file))


@every_notebook
def test_it_imports_the_library_only(file):
    modules = {node.module for node in nodes(file) if isinstance(node, ast.ImportFrom)}
    modules |= {
        alias.name for node in nodes(file) if isinstance(node, ast.Import) for alias in node.names
    }
    assert modules
    allowed = {"faiwatch", "altair"} if file.stem == BENCH else {"faiwatch"}
    assert {name.split(".")[0] for name in modules} <= allowed
    first = next(node for node in nodes(file) if isinstance(node, ast.Import | ast.ImportFrom))
    assert ast.unparse(first).split()[1] == "faiwatch"  # it keeps a slow grammar away from others


@every_notebook
def test_it_names_no_file_path(file):
    words = [
        node.value
        for node in nodes(file)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    paths = [word for word in words if re.search(r"[/\\]|\.(csv|json|ipynb|html|xlsx?)$", word)]
    assert not paths


@every_notebook
def test_it_declares_the_results_it_leaves(file):
    results = read(file).metadata.faiwatch.results
    assert "findings.json" in results
    assert all(re.fullmatch(r"[a-z0-9_]+\.(csv|json|docx|txt)", name) for name in results)


def test_each_section_of_the_bench_ends_with_what_to_try_next():
    cells = [cell for cell in read(FOLDER / f"{BENCH}.ipynb").cells if cell.cell_type == "markdown"]
    for lang, starts in (("zh", "**接着试**："), ("en", "**Try next**: ")):
        told = [cell.source for cell in cells if tags(cell) == [lang]]
        assert all(text.startswith("#") for text in told[::2])
        assert all(text.startswith(starts) for text in told[1::2])
        assert len(told) == 2 * len(told[::2]) >= 18


def test_a_page_is_a_summary_of_few_calls_and_an_annex_that_folds():
    for file in PAGES:
        ids = [cell.id for cell in code_cells(file)]
        if file.stem == "10_brief":  # one sheet of paper
            assert "annex" not in ids
            continue
        before = ids[: ids.index("annex")]
        assert before[:3] == ["parameters", "load", "verdict"], file.stem
        shown = set(before) - {"public", "cards"}  # they stand in no place of their own
        assert len(shown) <= 6, (file.stem, before)  # two screens
        assert len(ids) > len(before) + 1


def test_the_forecast_page_says_that_parts_need_not_add_up_to_the_nation():
    cells = read(FOLDER / "04_forecast.ipynb").cells
    told = {cell.id: cell.source for cell in cells if cell.id.startswith("method")}
    assert len(told) == 4  # two calendars in two languages
    for name, source in told.items():
        is_zh = name.endswith("zh")
        assert ("未作调平" if is_zh else "not reconciled") in source, name
        assert (
            "不一定等于全国" if is_zh else "need not add up to the forecast of the nation"
        ) in source
