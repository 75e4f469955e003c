"""The notebooks run as any notebook does, without the command line of faiwatch."""

import os
import subprocess
import sys

import nbformat
import pytest


@pytest.fixture
def jupyter(project, tmp_path):
    """Run a module of Jupyter on a copy of the notebooks; return what it printed."""

    def run(module, *words):
        done = subprocess.run(
            [sys.executable, "-m", module, *map(str, words)],
            cwd=tmp_path,
            env=os.environ | {"FAIWATCH_ROOT": str(project), "IPYTHONDIR": str(tmp_path / "own")},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    return run


def outputs_of(path):
    cells = nbformat.read(path, as_version=4).cells
    return [out for cell in cells if cell.cell_type == "code" for out in cell.outputs]


def test_papermill_takes_the_number_that_its_command_line_makes_of_a_region(
    jupyter, project, tmp_path
):
    done = tmp_path / "done.ipynb"
    given = ["-p", "region", "610000", "-p", "lang", "en"]
    jupyter("papermill", project / "notebooks/02_monitor.ipynb", done, *given)
    shown = outputs_of(done)
    words = [out.data.get("text/plain", "") for out in shown if "data" in out]
    assert any("investment in Shaanxi" in one for one in words)
    assert any("image/svg+xml" in out.get("data", {}) for out in shown)


def test_papermill_lists_the_parameters_with_types_and_what_they_mean(jupyter, project):
    told = jupyter("papermill", "--help-notebook", project / "notebooks/02_monitor.ipynb")
    assert "region: str" in told
    assert "region by code" in told
    assert "months: int" in told


def test_nbconvert_shows_the_charts(jupyter, project, tmp_path):
    source = project / "notebooks/07_regions.ipynb"
    jupyter("nbconvert", "--to", "html", "--execute", source, "--output-dir", tmp_path)
    page = (tmp_path / "07_regions.html").read_text("utf-8")
    assert page.count('class="jp-RenderedSVG') >= 3
    assert "jp-OutputArea-output" in page


def test_jupytext_runs_a_notebook_that_was_kept_as_a_script(jupyter, project, tmp_path):
    script, done = tmp_path / "05_target.py", tmp_path / "05_target.ipynb"
    jupyter("jupytext", "--to", "py:percent", project / "notebooks/05_target.ipynb", "-o", script)
    assert 'fw.open_page("05_target", vars())' in script.read_text("utf-8")
    jupyter("jupytext", "--to", "ipynb", "--execute", script, "-o", done)
    assert not [out for out in outputs_of(done) if out.output_type == "error"]
    assert any("image/svg+xml" in out.get("data", {}) for out in outputs_of(done))


def test_a_slip_in_the_name_of_a_parameter_is_told(jupyter, project, tmp_path):
    done = tmp_path / "done.ipynb"
    with pytest.raises(AssertionError, match="did you mean 'region'"):
        jupyter("papermill", project / "notebooks/02_monitor.ipynb", done, "-p", "regoin", "610000")
