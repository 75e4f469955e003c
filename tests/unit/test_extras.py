"""What needs an extra says in one line how to get it; what does not, works without."""

import sys

import nbformat
import pytest

from faiwatch.briefing.files import city_files
from faiwatch.core.extras import EXTRA_OF, has_extra
from faiwatch.run.single import declared


@pytest.fixture
def lean(monkeypatch):
    """Let no extra be installed."""
    known = [name for name in sys.modules if name.partition(".")[0] in EXTRA_OF]
    for module in {*EXTRA_OF, *known}:
        monkeypatch.setitem(sys.modules, module, None)


@pytest.mark.usefixtures("lean")
@pytest.mark.parametrize(
    ("command", "extra"),
    [
        ("briefing --region 000000 --out {0}/x.docx", "word"),
        ("ledger agenda demo --out {0}/x.docx", "word"),
        ("fetch akshare", "akshare"),
    ],
)
def test_what_needs_an_extra_names_the_command_that_adds_it(
    command, extra, faiwatch_says, tmp_path, monkeypatch
):
    monkeypatch.delitem(sys.modules, "faiwatch.briefing.agenda", raising=False)
    code, out, err = faiwatch_says(*command.format(tmp_path).split(), "--lang", "en")
    assert code == 2
    assert out == ""
    assert err.count("\n") == 1
    assert err.endswith(f'what to do: pip install "faiwatch[{extra}]"\n')
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("lean")
def test_a_briefing_without_the_extra_keeps_its_text_and_says_how_to_get_word(small_briefing):
    assert not has_extra("docx")
    files = city_files(small_briefing, "en")
    assert [file.file for file in files] == ["briefing.txt", "slots.json"]
    assert 'pip install "faiwatch[word]"' in files[0].label


@pytest.mark.usefixtures("lean")
def test_a_notebook_leaves_a_word_file_only_where_word_is_there(project, monkeypatch):
    notebook = nbformat.read(project / "notebooks/08_briefing.ipynb", as_version=4)
    rest = ["findings.json", "slots.json", "briefing.txt"]
    assert declared(notebook) == rest
    monkeypatch.undo()
    assert sorted(declared(notebook)) == sorted([*rest, "briefing.docx"])
