"""A ledger that was kept by content reads as the file does, to the last bit."""

import shutil
from dataclasses import fields

import pandas as pd
import pytest

from faiwatch.core import cache
from faiwatch.core.errors import DataInvalidError, DataMissingError
from faiwatch.ingest.ledger import kept
from faiwatch.ledger import load
from faiwatch.ledger.files import demo_ledgers
from faiwatch.ledger.load import ledger_reading

ONE = (
    "截至月份,项目代码,项目名称,年度计划投资（万元）\n"
    "2026-08,2608-000000-04-01-000001,{name},{plan}\n"
)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    place = tmp_path / "cache"
    monkeypatch.setenv("FAIWATCH_CACHE", str(place))
    load._read_once.cache_clear()
    yield place
    load._read_once.cache_clear()


@pytest.fixture
def opened(monkeypatch):
    """Return the names of the ledgers that were really opened."""
    names = []
    real = load.Source.open

    def open_it(path, **more):
        names.append(path.name)
        return real(path, **more)

    monkeypatch.setattr(load.Source, "open", open_it)
    return names


def assert_same(one, other):
    assert list(one.tables) == list(other.tables)
    for name, table in one.tables.items():
        pd.testing.assert_frame_equal(table, other.tables[name], check_exact=True)
        assert table.to_csv() == other.tables[name].to_csv()
    for part in fields(one):
        if part.name not in {"tables", "known"}:
            assert getattr(one, part.name) == getattr(other, part.name), part.name
            assert repr(getattr(one, part.name)) == repr(getattr(other, part.name)), part.name


def one_row(tmp_path, name="甲厂", plan="1000"):
    path = tmp_path / "ledger.csv"
    path.write_text(ONE.format(name=name, plan=plan), encoding="utf-8")
    return path


@pytest.mark.parametrize("path", sorted(demo_ledgers().values()), ids=lambda one: one.stem)
def test_a_kept_ledger_is_the_one_that_was_read(tmp_path, path, opened, folder):
    own = shutil.copy(path, tmp_path)
    first, second = ledger_reading(own), ledger_reading(own)
    assert opened == [path.name]
    assert_same(first, second)
    assert len(list(folder.iterdir())) == 1


@pytest.mark.parametrize("name", ["=1+1", "a\u0000b", "<script>", "甲\ud800厂", "", "__reduce__"])
def test_hostile_words_come_back_as_they_were_read(tmp_path, name):
    path = one_row(tmp_path, "甲厂")
    path.write_bytes(ONE.format(name=name, plan="1").encode("utf-8", "surrogatepass"))
    read = []
    for _ in range(2):
        try:
            read.append(ledger_reading(str(path)))
        except (DataInvalidError, DataMissingError) as error:
            read.append(error.message("en"))
    if isinstance(read[0], str):
        assert read[0] == read[1]
    else:
        assert_same(*read)


def test_a_file_that_was_changed_is_read_anew(tmp_path, opened):
    first = ledger_reading(str(one_row(tmp_path, plan="1000")))
    second = ledger_reading(str(one_row(tmp_path, plan="2000")))
    assert first.tables["projects"]["annual_plan"].tolist() == [1000.0]
    assert second.tables["projects"]["annual_plan"].tolist() == [2000.0]
    assert len(opened) == 2


def test_a_file_that_is_written_while_it_is_read_is_not_kept(tmp_path, monkeypatch):
    path = one_row(tmp_path, plan="1000")
    before = path.read_bytes()
    real = load.Source.open

    def open_late(*given, **more):
        one_row(tmp_path, plan="2000")
        return real(*given, **more)

    monkeypatch.setattr(load.Source, "open", open_late)
    assert ledger_reading(str(path)).tables["projects"]["annual_plan"].tolist() == [2000.0]
    monkeypatch.setattr(load.Source, "open", real)
    path.write_bytes(before)
    assert ledger_reading(str(path)).tables["projects"]["annual_plan"].tolist() == [1000.0]


def test_another_rule_is_another_reading(tmp_path, monkeypatch):
    path = one_row(tmp_path)
    rules = tmp_path / "rules"
    rules.mkdir()
    monkeypatch.setattr(kept, "rule_folders", lambda: [rules])
    before = kept._state([path])
    (rules / "regions.csv").write_text("code,name\n")
    assert kept._state([path]) != before


def test_what_is_open_is_asked_each_time(tmp_path, opened):
    path = one_row(tmp_path, plan="多少")
    for _ in range(2):
        assert ledger_reading(str(path)).questions
    assert len(opened) == 2


@pytest.mark.parametrize("damage", [b"", b"x", None])
def test_a_damaged_entry_is_not_used(tmp_path, opened, folder, damage):
    path = one_row(tmp_path)
    first = ledger_reading(str(path))
    (entry,) = folder.iterdir()
    whole = entry.read_bytes()
    entry.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]) if damage is None else damage)
    assert_same(first, ledger_reading(str(path)))
    assert len(opened) == 2


def test_no_more_bytes_are_kept_than_there_is_room_for(tmp_path, folder, monkeypatch):
    monkeypatch.setattr(cache, "_MOST_BYTES", 30_000)
    for plan in range(8):
        ledger_reading(str(one_row(tmp_path, plan=str(plan + 1))))
    sizes = [one.stat().st_size for one in folder.iterdir()]
    assert 0 < sum(sizes) <= 30_000 + max(sizes)
    assert len(sizes) < 8
