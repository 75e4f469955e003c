"""The tables of the ledger: one sound record of fields, codes told apart, checked frames."""

from collections import Counter

import pandas as pd
import pytest

from faiwatch.core.errors import DataInvalidError
from faiwatch.data.ledger_fields import MONEY_UNIT, ledger_tables
from faiwatch.data.ledger_schema import ledger_frame, ledger_schema
from faiwatch.data.project_codes import code_kind, spelt_code
from faiwatch.ingest.headers import normal
from faiwatch.ingest.units import unit_named

TABLES = ledger_tables()
FIELDS = [(table, field) for table in TABLES.values() for field in table.fields.values()]
CODE = "2020-610702-47-03-012345"


def words(one):
    return [one.label.zh, one.label.en, *one.synonyms]


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
def test_no_header_means_two_fields_of_a_table(table):
    spellings = [
        spelling
        for field in table.fields.values()
        for spelling in {normal(word) for word in (field.name, *words(field))}
    ]
    assert [word for word, times in Counter(spellings).items() if times > 1] == []


def test_no_name_of_a_sheet_means_two_tables():
    spellings = [
        spelling
        for table in TABLES.values()
        for spelling in {normal(word) for word in (table.name, *words(table))}
    ]
    assert max(Counter(spellings).values()) == 1


def test_every_field_has_what_its_kind_needs():
    for table, field in FIELDS:
        place = f"{table.name}.{field.name}"
        assert field.label.zh, place
        assert field.label.en, place
        assert bool(field.note.zh) == bool(field.note.en), place
        assert field.unit == {"money": MONEY_UNIT, "percent": "%"}.get(field.kind, ""), place
        assert bool(field.choices) == (field.kind in {"choice", "flag"}), place
        assert bool(field.longest) == (field.kind in {"text", "code"}), place
    assert unit_named(MONEY_UNIT).per_100m == 1e4


def test_no_word_is_two_choices_of_a_field():
    for table, field in FIELDS:
        spellings = [
            spelling
            for one in field.choices
            for spelling in {normal(word) for word in (one.value, *words(one))}
        ]
        assert len(spellings) == len(set(spellings)), f"{table.name}.{field.name}"


def test_keys_are_fields_and_each_monthly_table_keeps_its_month():
    for table in TABLES.values():
        assert set(table.key) <= set(table.fields)
        assert ("asof" in table.key) == ("asof" in table.fields)
    assert TABLES["projects"].key == ("asof", "project_code")


@pytest.mark.parametrize(
    ("given", "spelt", "kind"),
    [
        ("２０２０－６１０７０２－４７－０３－０１２３４５", CODE, "national"),
        ("2020 - 610702 — 47 – 03 − 012345", CODE, "national"),
        ("20206107024703012345", CODE, "national"),
        ("2112-990101-04-01-999999", "2112-990101-04-01-999999", "national"),
        ("2113-610702-04-01-999999", "2113-610702-04-01-999999", "doubtful"),
        ("2020-560702-47-03-012345", "2020-560702-47-03-012345", "doubtful"),
        ("2020-610702-47-03-01234", "2020-610702-47-03-01234", "legacy"),
        ("汉区发改〔2016〕12号", "汉区发改〔2016〕12号", "legacy"),
    ],
)
def test_codes_are_spelt_alike_and_marked(given, spelt, kind):
    assert spelt_code(given) == spelt
    assert code_kind(spelt) == kind


def test_a_frame_gets_every_column_in_its_type():
    frame = ledger_frame(
        "projects",
        pd.DataFrame({"asof": ["2026-08"], "project_code": [CODE], "name": ["甲"]}),
    )
    assert set(frame.columns) == set(ledger_schema("projects").columns)
    row = frame.iloc[0]
    assert (row["asof"], row["code_kind"]) == (pd.Period("2026-08", "M"), "national")
    assert row["lead"] == ""
    assert all(pd.isna(row[name]) for name in ("annual_plan", "stop_date", "in_stat_library"))


def test_what_is_let_through_keeps_to_the_whole_contract(demo_ledger):
    for name, table in demo_ledger.settled().items():
        ledger_schema(name).validate(table)


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("name", "", "name"),
        ("status", "推进慢", "slow"),
        ("annual_plan", float("inf"), "annual_plan"),
        ("annual_plan", "很多", "annual_plan"),
        ("asof", None, "asof"),
    ],
)
def test_a_frame_that_breaks_the_contract_is_refused_by_its_field(column, value, said):
    row = {"asof": "2026-08", "project_code": CODE, "name": "甲", column: value}
    with pytest.raises(DataInvalidError, match=said):
        ledger_frame("projects", pd.DataFrame([row]))
