"""Files as people have them, each with the tidy table that must come out (made by workbooks.py)."""

import importlib.util
from pathlib import Path

import pandas as pd
import pytest

from faiwatch.ingest.meaning import meaning_of
from faiwatch.ingest.reading import Answers, read_workbook
from faiwatch.ingest.rules import RULES

_FILE = Path(__file__).with_name("workbooks.py")
_spec = importlib.util.spec_from_file_location("workbooks", _FILE)
workbooks = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(workbooks)

CASES = workbooks.CASES
FIGURES = ["region_code", "indicator", "period", "ytd_value_100m", "ytd_yoy_pct"]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_the_tidy_table_comes_out(case, tmp_path):
    if case.name.endswith(workbooks.OFFICE_FORMATS) and not workbooks.has_office():
        pytest.skip("LibreOffice makes the real .xls and .ods files (soffice is not installed)")
    path = tmp_path / case.name
    case.make(path)
    labels = {label: meaning_of(words) for label, words in case.answers.get("labels", {}).items()}
    reading = read_workbook(path, answers=Answers(**case.answers | {"labels": labels}))
    found = reading.settled()[FIGURES].astype({"period": "str"})
    expected = pd.DataFrame(case.expected, columns=FIGURES).astype(
        {"ytd_value_100m": "float64", "ytd_yoy_pct": "float64"}
    )
    expected = expected.sort_values(FIGURES[:3], ignore_index=True)
    pd.testing.assert_frame_equal(found, expected, check_dtype=False, rtol=0, atol=1e-9)
    told = (*reading.coercions, *reading.dropped)
    assert len(set(told)) == len(told)
    rules = {rule for one in told for rule in one.rule.split("+")}
    assert case.rules <= rules <= set(RULES)


def test_the_corpus_is_as_large_as_promised():
    assert len({case.name for case in CASES}) >= 25
