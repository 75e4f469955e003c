"""Every number of the built site follows from the rows that it lists."""

import math

import pytest
from replay import error_table_again, table_at, wrong_findings

from faiwatch.site.run_record import RUN_FILE, read_record


@pytest.fixture(scope="module")
def runs(built_site):
    """Return notebook, address and results of every run that the site is made of."""
    folders = sorted(path.parent for path in built_site.glob(f"runs/*/{RUN_FILE}"))
    found = [(read_record(one / RUN_FILE), one / "results") for one in folders]
    assert found
    return [(record.notebook, results) for record, results in found]


def test_every_finding_follows_from_its_rows(runs):
    wrong = [one for notebook, results in runs for one in wrong_findings(notebook, results)]
    assert wrong == []


def test_errors_by_horizon_follow_from_the_track_record(runs):
    checked = 0
    for notebook, results in runs:
        if notebook != "04_forecast":
            continue
        again = error_table_again(table_at(results / "track_record.csv"))
        for line in table_at(results / "errors.csv"):
            for name, value in again[int(line["horizon"])].items():
                assert math.isclose(float(line[name]), value, rel_tol=1e-9, abs_tol=1e-12), name
                checked += 1
    assert checked
