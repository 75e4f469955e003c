"""A secret that a notebook shows is blanked everywhere, and the run is not published."""

import pytest

VALUE = "made-up+secret/0123456789"
SHOW = "import os; print(os.environ['FRED_API_KEY'])"
RESULT = (
    "import os, pathlib; d = pathlib.Path(results, 'x.txt').write_text(os.environ['FRED_API_KEY'])"
)
FAIL = "import os; raise ValueError(os.environ['FRED_API_KEY'])"


@pytest.mark.parametrize("code", [SHOW, RESULT, FAIL], ids=["output", "result", "error"])
def test_a_secret_in_an_output_blocks_publication(house, monkeypatch, code):
    monkeypatch.setenv("FRED_API_KEY", VALUE)
    house.write(code)
    record = house.run()
    assert record.verdict == "blocked"
    assert "FRED_API_KEY" in record.cause
    assert not house.page().exists()
    files = [path for path in house.site.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if VALUE.encode() in path.read_bytes()]


def test_a_run_that_shows_no_secret_is_published(house, monkeypatch):
    monkeypatch.setenv("FRED_API_KEY", VALUE)
    house.write("1 + 1")
    assert house.run().verdict == "ok"
