"""Ledgers as offices keep them: few questions, nearly all read without an answer, none wrong."""

import pandas as pd
import pytest
from office_books import Book
from office_styles import Plain
from office_workbook import Office, measured

from faiwatch.ingest.ledger.answers import LedgerAnswers, mapped_label
from faiwatch.ingest.ledger.reading import is_ledger, ledger_sheets, read_ledger

FEW, MOST = 3, 99.0  # questions, and percent of the fields that are right without an answer
STYLES = ["A", "B", "C", "county", "zone"]
_NAMES = {"projects": "name", "contracts": "name", "targets": "unit"}
_ABOUT = {"issues": "project_code", "bonds": "project_code", "tasks": "parent"}


def book_of(style, seed, tmp_path, *, month=8):
    office = Office(seed, month=month)
    book = (Book if len(style) == 1 else Plain)(office, style, seed=seed)
    path = tmp_path / f"2026年{month}月.xlsx"
    book.save(path)
    return book.key, path


def read(path, *maps):
    labels = dict(map(mapped_label, maps))
    return read_ledger(ledger_sheets(path), name=path.name, answers=LedgerAnswers(labels=labels))


def rows_of(tables):
    """Return rows in plain values, each with the name of what it is about."""
    names = dict(tables["projects"][["project_code", "name"]].itertuples(index=False, name=None))
    found = {}
    for table, frame in tables.items():
        found[table] = []
        for row in frame.to_dict("records"):
            plain = {
                name: value.date() if isinstance(value, pd.Timestamp) else value
                for name, value in row.items()
            }
            plain = {
                name: None if pd.api.types.is_scalar(value) and pd.isna(value) else value
                for name, value in plain.items()
            }
            about = _ABOUT.get(table)
            plain["_name"] = names.get(row[about]) if about else row.get(_NAMES.get(table))
            found[table].append(plain)
    return found


def questions(reading):
    return {(one.id, one.group or one.got) for one in reading.questions}


@pytest.mark.parametrize("style", STYLES)
def test_an_office_ledger_asks_little_and_is_right(style, tmp_path):
    key, path = book_of(style, 0, tmp_path)
    assert is_ledger(ledger_sheets(path))
    reading = read(path)
    assert len(questions(reading)) <= FEW
    n, wrong = measured(key, rows_of(reading.known))
    assert 100 * (1 - len(wrong) / n) >= MOST, wrong[:10]
