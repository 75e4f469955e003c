"""Periods, numbers and dialects as programs and portals write them (made by period_shapes.py).

Nothing is answered but what the reader itself names, and no figure comes out that is not published.
"""

import importlib.util
from pathlib import Path

import pandas as pd
import pytest

from faiwatch.data.source import data_source
from faiwatch.ingest.meaning import mapped
from faiwatch.ingest.reading import Answers, read_workbook
from faiwatch.ingest.rules import RULES

_FILE = Path(__file__).with_name("period_shapes.py")
_spec = importlib.util.spec_from_file_location("period_shapes", _FILE)
shapes = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(shapes)

FIGURES = ["period", "ytd_value_100m", "ytd_yoy_pct", "note"]
MOST_ANSWERS = 3


@pytest.fixture(scope="module")
def history():
    return data_source("embedded").newest()


def read(path, case, answers, history):
    take = tuple(one for one in answers if not one.startswith("growth"))
    labels = dict([mapped("yoy=growth single", ())]) if len(take) < len(answers) else {}
    given = Answers(region=case.region, take=take, labels=labels)
    return read_workbook(path, answers=given, history=history)


@pytest.mark.parametrize("case", shapes.CASES, ids=[case.name for case in shapes.CASES])
def test_what_is_published_comes_out(case, tmp_path, history):
    path = tmp_path / case.name
    case.make(path)
    assert len(case.answers) <= MOST_ANSWERS
    first = read(path, case, (), history)
    flags = " ".join(one.flag for one in first.questions)
    assert all(one in flags or one == "growth=single" for one in case.answers), first.questions
    assert bool(first.questions) == bool(case.answers), first.questions
    reading = read(path, case, case.answers, history)
    found = reading.settled()[FIGURES].astype({"period": "str"})
    expected = pd.DataFrame(case.expected, columns=FIGURES).astype(
        {"ytd_value_100m": "float64", "ytd_yoy_pct": "float64"}
    )
    expected = expected.sort_values("period", ignore_index=True)
    pd.testing.assert_frame_equal(found, expected, check_dtype=False, rtol=0, atol=1e-6)
    told = (*reading.coercions, *reading.dropped)
    assert {rule for one in told for rule in one.rule.split("+")} <= set(RULES)


@pytest.mark.parametrize("one", shapes.REFUSED, ids=[one.name for one in shapes.REFUSED])
def test_what_is_no_investment_is_said_in_one_line(one, tmp_path, faiwatch_says):
    path = tmp_path / one.name
    path.write_bytes(one.content)
    code, out, err = faiwatch_says("ingest", path, "--lang", "en")
    assert code == 11
    assert "it is not read, unless it is" in err
    assert len((out + err).strip().splitlines()) == 1


@pytest.mark.parametrize("wrong", ["quarterly=ytd", "annual=ytd", "dates=month"])
def test_a_wrong_answer_takes_no_single_period_for_the_year_to_date(wrong, tmp_path, history):
    """Single quarters fall, which no year to date does: the answer is asked for again."""
    (case,) = [one for one in shapes.CASES if one.name == "single-quarters.csv"]
    path = tmp_path / case.name
    case.make(path)
    reading = read(path, case, (wrong,), history)
    assert reading.table.empty
    assert "quarterly=cumulate" in reading.questions[0].flag


def test_estimates_are_left_out_and_said(tmp_path, history):
    (case,) = [one for one in shapes.CASES if one.name == "fiscal-with-forecast.csv"]
    path = tmp_path / case.name
    case.make(path)
    reading = read(path, case, case.answers, history)
    assert "forecast" in {one.rule for one in reading.dropped}
    assert 499999 not in set(reading.table["ytd_value_100m"])


def test_the_corpus_is_as_large_as_promised():
    assert len({case.name for case in shapes.CASES}) >= 25
