"""Files in the shapes of terminals, portals and analysts come out right (made by shapes.py).

Each is read as a person does who knows nothing but what the tool says: its questions are answered
by the very options that they show, or by what a person knows where nothing is proposed.
"""

import importlib.util
import shlex
import sys
from pathlib import Path

import pandas as pd
import pytest

from faiwatch.data.source import data_source
from faiwatch.ingest.answers_file import said
from faiwatch.ingest.reading import read_workbook
from faiwatch.ingest.rules import RULES
from faiwatch.ingest.values import column_letters


def _loaded(name):
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    found = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


shapes = _loaded("shapes")
_loaded("analyst_shapes")  # registers its files with those of shapes

FIGURES = ["region_code", "indicator", "period", "ytd_value_100m", "ytd_yoy_pct"]
_OPTIONS = {"--region": "region", "--indicator": "indicator", "--year": "year", "--unit": "unit"}
_ROUNDS = 3


@pytest.fixture(scope="module")
def history():
    return data_source("embedded").newest()


def answered(flags):
    """Return the answers that options on a command line are."""
    given, labels = {}, {}
    words = [word for flag in flags for word in shlex.split(flag)]
    for option, value in zip(words[::2], words[1::2], strict=True):
        if option == "--map":
            label, _, means = value.rpartition("=")
            labels.setdefault(label.strip(), []).append(means)
        else:
            given[_OPTIONS[option]] = value
    return said({"map": labels, **given}).for_figures()


def followed(path, says, history):
    """Return the reading after answering what is asked, and the answers that it took."""
    flags = []
    for _ in range(_ROUNDS):
        reading = read_workbook(path, answers=answered(flags), history=history)
        if not reading.questions:
            break
        for one in reading.questions:
            flag = one.flag if one.proposal or one.group or one.id not in says else says[one.id]
            if flag not in flags:
                flags.append(flag)
    return reading, flags


@pytest.mark.parametrize("shape", shapes.SHAPES, ids=[one.name for one in shapes.SHAPES])
def test_a_file_comes_out_right_by_what_the_tool_says(shape, tmp_path, history):
    path = tmp_path / shape.name
    shape.make(path)
    last = column_letters(len(shapes.WHEN))
    says = {id: flag.format(last=last) for id, flag in shape.says.items()}
    reading, flags = followed(path, says, history)
    assert len(flags) <= shape.most, flags
    assert not reading.questions, [one.text.en for one in reading.questions]
    found = reading.table[FIGURES].astype({"period": "str"})
    expected = pd.DataFrame(shape.expected, columns=FIGURES)
    expected = expected.sort_values(FIGURES[:3], ignore_index=True)
    expected = expected.astype({"ytd_value_100m": "float64", "ytd_yoy_pct": "float64"})
    pd.testing.assert_frame_equal(found, expected, check_dtype=False, rtol=0, atol=1e-6)
    told = (*reading.coercions, *reading.dropped)
    rules = {rule for one in told for rule in one.rule.split("+")}
    assert shape.rules <= rules <= set(RULES)


@pytest.mark.parametrize("shape", shapes.OTHERS, ids=[one.name for one in shapes.OTHERS])
def test_a_file_of_another_subject_is_refused_in_one_line(shape, tmp_path, history):
    path = tmp_path / shape.name
    shape.make(path)
    reading = read_workbook(path, history=history)
    assert [one.id for one in reading.questions] == ["subject"]
    assert reading.table.empty


def test_the_shapes_are_as_many_as_promised():
    assert len({one.name for one in (*shapes.SHAPES, *shapes.OTHERS)}) >= 70
