"""The notebooks run as any notebook does, without the command line of faiwatch."""

import nbformat
import pytest
from jupytext.cli import jupytext


@pytest.fixture
def outside(project, tmp_path, monkeypatch):
    """Work in a folder that knows of the project by the environment alone, as kernels do."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FAIWATCH_ROOT", str(project))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "own"))


@pytest.fixture
def by_papermill(outside, papermill_says):  # noqa: ARG001
    """Type a line of papermill; return what it printed."""
    return lambda *words: papermill_says(*words).output


@pytest.fixture
def first_charts(project, tmp_path):
    """Return a function that copies the monitor as far as so many of its charts: they are alike."""

    def copy(count):
        notebook = nbformat.read(project / "notebooks/02_monitor.ipynb", as_version=4)
        charts = [at for at, cell in enumerate(notebook.cells) if "page.plot" in cell.source]
        del notebook.cells[charts[count - 1] + 1 :]
        nbformat.write(notebook, tmp_path / "mine.ipynb")
        return tmp_path / "mine.ipynb"

    return copy


def outputs_of(path):
    cells = nbformat.read(path, as_version=4).cells
    return [out for cell in cells if cell.cell_type == "code" for out in cell.outputs]


def test_papermill_takes_the_number_that_its_command_line_makes_of_a_region(
    by_papermill, first_charts, tmp_path
):
    done = tmp_path / "done.ipynb"
    given = ["-p", "region", "610000", "-p", "lang", "en"]
    by_papermill(first_charts(1), done, *given)
    shown = outputs_of(done)
    words = [out.data.get("text/plain", "") for out in shown if "data" in out]
    assert any("investment in Shaanxi" in one for one in words)
    assert any("image/svg+xml" in out.get("data", {}) for out in shown)


def test_papermill_lists_the_parameters_with_types_and_what_they_mean(by_papermill, project):
    told = by_papermill("--help-notebook", project / "notebooks/02_monitor.ipynb")
    assert "region: str" in told
    assert "region by code" in told
    assert "months: int" in told


@pytest.mark.usefixtures("outside")
def test_nbconvert_shows_the_charts(first_charts, tmp_path):
    from nbconvert.nbconvertapp import NbConvertApp  # loads every format that there is

    app, source = NbConvertApp(), str(first_charts(3))
    app.initialize(["--to", "html", "--execute", source, "--output-dir", str(tmp_path)])
    app.start()
    page = (tmp_path / "mine.html").read_text("utf-8")
    assert page.count('class="jp-RenderedSVG') >= 3
    assert "jp-OutputArea-output" in page


@pytest.mark.usefixtures("outside")
def test_jupytext_runs_a_notebook_that_was_kept_as_a_script(first_charts, tmp_path):
    script, done = tmp_path / "mine.py", tmp_path / "done.ipynb"
    jupytext(["--to", "py:percent", str(first_charts(1)), "-o", str(script)])
    assert 'fw.open_page("02_monitor", vars())' in script.read_text("utf-8")
    jupytext(["--to", "ipynb", "--execute", str(script), "-o", str(done)])
    assert not [out for out in outputs_of(done) if out.output_type == "error"]
    assert any("image/svg+xml" in out.get("data", {}) for out in outputs_of(done))


def test_a_slip_in_the_name_of_a_parameter_is_told(by_papermill, project, tmp_path):
    done = tmp_path / "done.ipynb"
    with pytest.raises(AssertionError, match="did you mean 'region'"):
        by_papermill(project / "notebooks/02_monitor.ipynb", done, "-p", "regoin", "610000")
