"""Text as Python's strings or as Arrow's: whoever chose keeps it, and no number depends on it."""

import json
import os
import subprocess
import sys

import pandas as pd

PAGES = {
    "02_monitor": {"region": "430500"},
    "06_projects": {"region": "990101", "data": "demo", "ledger": "demo", "as_of": "2026-08"},
}
TELLS = """
import json
import sys

import pandas as pd

chosen, pages = json.loads(sys.argv[1])
pd.set_option("mode.string_storage", chosen)
from test_text_storage import told

print(json.dumps([pd.get_option("mode.string_storage"), *map(told, pages.items())]))
"""


def told(page):
    """Return what a page finds, as it is saved."""
    from faiwatch.api import open_page

    return [one.model_dump(mode="json") for one in open_page(*page).findings.values()]


def test_findings_are_the_same_where_text_is_arrows_and_that_choice_stays(project, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", TELLS, json.dumps(["pyarrow", PAGES])],
        cwd=project / "tests/unit",
        env={**os.environ, "FAIWATCH_CACHE": str(tmp_path)},  # it reads the ledger itself
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    chosen, *found = json.loads(done.stdout)
    assert chosen == "pyarrow"
    for page, others in zip(PAGES.items(), found, strict=True):
        assert len(others) > 10
        assert told(page) == others, page
    assert pd.get_option("mode.string_storage") == "python"
