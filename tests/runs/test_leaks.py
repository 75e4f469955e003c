"""A secret that a notebook shows is blanked everywhere, and the run is not published."""

import zipfile

import pytest

VALUE = "made-up+secret/0123456789"
SHOW = "import os; print(os.environ['FRED_API_KEY'])"
RESULT = (
    "import os, pathlib; d = pathlib.Path(results, 'x.txt').write_text(os.environ['FRED_API_KEY'])"
)
FAIL = "import os; raise ValueError(os.environ['FRED_API_KEY'])"
DOCUMENT = """
import os, pathlib, docx
document = docx.Document()
paragraph = document.add_paragraph(os.environ["FRED_API_KEY"])
document.save(pathlib.Path(results, "briefing.docx"))
"""
PACKED_HOME = """
import pathlib, zipfile
with zipfile.ZipFile(pathlib.Path(results, "x.xlsx"), "w", zipfile.ZIP_DEFLATED) as package:
    package.writestr("xl/sharedStrings.xml", "<t>/home/somebody/ledger.xlsx</t>")
"""
HOME = "import pathlib; done = pathlib.Path(results, 'x.csv').write_text('/home/somebody/x')"


def contents(path):
    """Return the bytes of a file, and of each part of it when it is packed."""
    if not zipfile.is_zipfile(path):
        return [path.read_bytes()]
    with zipfile.ZipFile(path) as package:
        return [package.read(name) for name in package.namelist()]


@pytest.mark.parametrize(
    "code", [SHOW, RESULT, FAIL, DOCUMENT], ids=["output", "result", "error", "document"]
)
def test_a_secret_in_an_output_blocks_publication(warm_house, monkeypatch, code):
    monkeypatch.setenv("FRED_API_KEY", VALUE)
    warm_house.write(code)
    record = warm_house.run()
    assert record.verdict == "blocked"
    assert "FRED_API_KEY" in record.cause
    assert not warm_house.page().exists()
    files = [path for path in warm_house.site.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files for part in contents(path) if VALUE.encode() in part]


@pytest.mark.parametrize("code", [HOME, PACKED_HOME], ids=["csv", "workbook"])
def test_a_result_that_names_a_home_folder_is_held_back(warm_house, code):
    warm_house.write(code)
    record = warm_house.run()
    assert record.verdict == "blocked"
    assert "/home/somebody" in record.cause
    assert not warm_house.page().exists()


def test_a_run_that_shows_no_secret_is_published(warm_house, monkeypatch):
    monkeypatch.setenv("FRED_API_KEY", VALUE)
    warm_house.write("1 + 1")
    assert warm_house.run().verdict == "ok"


# what goes to the process's own stderr lands in kernel.log, a warning in the notebook: no page
# shows either, but both lie in the site
ASIDE = """
import os, sys
words = {words}
written = os.write(sys.__stderr__.fileno(), words.encode())
print(words, file=sys.stderr)
"""


def asides(house, record):
    """Return the log and the executed notebook of a run, as text."""
    return [(house.folder(record) / name).read_text() for name in ("kernel.log", "executed.ipynb")]


def test_a_secret_that_no_page_shows_blocks_publication_too(warm_house, monkeypatch):
    monkeypatch.setenv("FRED_API_KEY", VALUE)
    warm_house.write(ASIDE.format(words="os.environ['FRED_API_KEY']"))
    record = warm_house.run()
    assert record.verdict == "blocked"
    assert all("***" in text and VALUE not in text for text in asides(warm_house, record))


@pytest.mark.parametrize(("then", "verdict"), [("", "ok"), ("1 / 0", "cell_error")])
def test_a_home_folder_that_no_page_shows_is_not_named_beside_it(warm_house, then, verdict):
    warm_house.write(ASIDE.format(words="'/home/somebody/lib/x.py:3: odd'") + then)
    record = warm_house.run()
    assert record.verdict == verdict, record.cause
    for text in asides(warm_house, record):
        assert "~/lib/x.py:3: odd" in text
        assert "/home/somebody" not in text
