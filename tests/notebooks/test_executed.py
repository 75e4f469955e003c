"""Every notebook runs from top to bottom as it stands, in both languages."""

import json
from itertools import product

import altair as alt
import nbformat
import pytest

from faiwatch.core.text import LANGUAGES
from faiwatch.page.parameters import NOTEBOOKS
from faiwatch.run.report import report_plan


@pytest.fixture(scope="module")
def records(built_site):
    """Return folder and record of each run by notebook, region and language."""
    runs = built_site.glob("runs/*/run.json")
    found = {path: json.loads(path.read_text("utf-8")) for path in runs}
    return {
        (record["notebook"], record["region"], record["lang"]): (path.parent, record)
        for path, record in found.items()
    }


PUBLISHED = sorted({job.notebook for job in report_plan()})


def test_every_notebook_is_published_but_the_bench():
    assert set(NOTEBOOKS) - set(PUBLISHED) == {"00_explore"}  # tests/notebooks/test_explore.py


@pytest.fixture(params=product(PUBLISHED, LANGUAGES), ids="-".join)
def run(request, records):
    """Return folder and record of one notebook in one language, for the region it opens with."""
    notebook, lang = request.param
    region = NOTEBOOKS[notebook].model_fields["region"].default
    return records[notebook, region, lang]


def test_it_ran_to_the_end(run):
    folder, record = run
    assert record["verdict"] == "ok"
    notebook = nbformat.read(folder / "executed.ipynb", as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in code)
    assert not [out for cell in code for out in cell.outputs if out.output_type == "error"]


def test_no_warning_reached_the_notebook(run):
    notebook = nbformat.read(run[0] / "executed.ipynb", as_version=4)
    outputs = [out for cell in notebook.cells for out in cell.get("outputs", [])]
    assert not [out.text for out in outputs if out.output_type == "stream"]


def test_its_charts_are_valid_vega_lite(run):
    notebook = nbformat.read(run[0] / "executed.ipynb", as_version=4)
    for cell in notebook.cells:
        for out in cell.get("outputs", []):
            for spec in [part for kind, part in out.get("data", {}).items() if "vegalite" in kind]:
                alt.LayerChart.validate({name: spec[name] for name in spec if name != "$schema"})


def test_it_left_the_results_it_declares(run, project):
    folder, record = run
    source = nbformat.read(project / f"notebooks/{record['notebook']}.ipynb", as_version=4)
    left = {path.name for path in (folder / "results").iterdir()}
    assert set(source.metadata.faiwatch.results) <= left


def test_its_verdict_is_a_finding_in_both_languages(run):
    findings = json.loads((run[0] / "results/findings.json").read_text("utf-8"))
    (verdict,) = (finding for finding in findings if finding["id"] == "verdict")
    assert verdict["zh"]
    assert verdict["en"]
