"""The analyst's bench runs where nobody can click, and an export of it needs nothing from outside.

That it follows its pickers in JupyterLab: ``tests/browser/test_lab.py``.
"""

import json
import re

import nbformat
import pytest
from nbconvert import HTMLExporter

import faiwatch as fw


@pytest.fixture(scope="module")
def exported(project, tmp_path_factory, papermill_says):
    """Return the bench run by plain papermill from a saved choice, and its plain export."""
    folder = tmp_path_factory.mktemp("bench")
    chosen = fw.explore(region="Shaanxi", compare="Sichuan", months=60, lang="en")
    chosen.save(folder / "mine.json")
    source = project / "notebooks/00_explore.ipynb"
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("FAIWATCH_ROOT", str(project))
        patch.setenv("IPYTHONDIR", str(folder / "own"))
        mine, done = folder / "mine.json", folder / "done.ipynb"
        papermill_says(source, done, "-f", mine, "-p", "lang", "en")
    notebook = nbformat.read(done, 4)
    return notebook, HTMLExporter().from_notebook_node(notebook)[0]


def test_a_saved_choice_is_what_papermill_runs(exported):
    notebook, _ = exported
    outputs = [out for cell in notebook.cells for out in cell.get("outputs", [])]
    assert not [out for out in outputs if out.output_type in ("error", "stream")]
    words = [out.data["text/plain"] for out in outputs if "data" in out]
    assert words[0].startswith("January–June 2026: fixed-asset investment in Shaanxi fell")
    assert any("Sichuan" in one and "Series compared" in one for one in words)


def test_it_makes_no_widgets_where_nobody_can_click(exported):
    notebook, page = exported
    assert "widgets" not in notebook.metadata
    assert "widget-view" not in json.dumps(notebook)
    assert "html-manager" not in page


def test_an_export_shows_the_charts_as_pictures_and_needs_no_script(exported):
    _, page = exported
    outside = re.findall(r"<script[^>]*src=\"([^\"]+)\"", page)
    own = (
        r"https://cdnjs\.cloudflare\.com/ajax/libs/(require\.js|mathjax)/"  # every export has them
    )
    assert all(re.match(own, address) for address in outside)
    still = re.sub(r"<script\b.*?</script>", "", page, flags=re.DOTALL)
    assert still.count('class="jp-RenderedSVG') >= 5
    assert "fixed-asset investment in Shaanxi fell" in still
    assert "What is chosen" in still


def test_a_saved_choice_is_published_when_somebody_asks(
    project, tmp_path, monkeypatch, faiwatch_says
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FAIWATCH_ROOT", str(project))
    fw.explore(compare="private", months=48, as_of="2026-08", lang="en").save("mine.json")
    words = ["run", "00_explore", "-f", "mine.json", "--lang", "en", "--site", "site"]
    code, said, told = faiwatch_says(*words)
    assert code == 0, told
    assert said
    (record,) = tmp_path.glob("site/runs/2*/run.json")
    made = json.loads(record.read_text("utf-8"))
    assert (made["verdict"], made["data_as_of"]) == ("ok", "2026-08")
    asked = made["parameters"]
    assert (asked["compare"], asked["months"]) == ("private", 48)
    assert {"findings.json", "compared.csv"} <= {
        one.name for one in record.parent.glob("results/*")
    }
    page = (tmp_path / "site/en/000000/00_explore.html").read_text("utf-8")
    assert page.count('role="img"') >= 7
