"""Fitted results are found again by content, and the cache never fails a run."""

import os
import pickle

import numpy as np
import pandas as pd
import pytest

from faiwatch.core import cache
from faiwatch.core.cache import kept_arrays, kept_table, key_of


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    place = tmp_path / "cache"
    monkeypatch.setenv("FAIWATCH_CACHE", str(place))
    return place


class Fit:
    """Counts how often it was asked."""

    def __init__(self, found=None):
        self.times = 0
        self.found = {"y": np.array([1.5, np.nan])} if found is None else found

    def __call__(self):
        self.times += 1
        return self.found


def test_the_same_is_fitted_once_and_comes_back_to_the_last_bit():
    fit = Fit()
    first, second = (kept_arrays({"seed": 0}, fit) for _ in range(2))
    assert fit.times == 1
    np.testing.assert_array_equal(first["y"], second["y"])


def test_tables_keep_months_words_and_gaps():
    table = pd.DataFrame(
        {
            "period": pd.PeriodIndex(["2025-12", "2026-02"], freq="M"),
            "model": ["ensemble", "theta"],
            "value": [1.0, np.nan],
        }
    )
    fit = Fit(table)
    for _ in range(2):
        pd.testing.assert_frame_equal(kept_table({"h": 3}, fit), table)
    assert fit.times == 1


@pytest.mark.parametrize(
    "other",
    [
        {"y": np.array([1.0, 2.5]), "seed": 0},
        {"y": np.array([1.0, 2.0], dtype="float32"), "seed": 0},
        {"y": np.array([[1.0, 2.0]]), "seed": 0},
        {"y": np.array([1.0, 2.0]), "seed": "0"},
        {"y": np.array([1.0, 2.0]), "seed": 0, "events": ()},
        {"y": pd.DataFrame({"y": [1.0, 2.0]}), "seed": 0},
    ],
)
def test_another_content_is_another_key(other):
    assert key_of(other) != key_of({"y": np.array([1.0, 2.0]), "seed": 0})


def test_sets_have_one_key_in_any_order_and_lists_do_not_run_together():
    assert key_of({"a": {"x", "y"}}) == key_of({"a": {"y", "x"}})
    assert key_of({"a": [["x"], ["y"]]}) != key_of({"a": [["x", "y"], []]})


def test_other_code_is_another_key(monkeypatch):
    before = key_of({})
    monkeypatch.setattr(cache, "_code_and_libraries", lambda _: "changed")
    assert key_of({}) != before


def spoil(kept):
    kept.write_bytes(kept.read_bytes()[:-3])


def swap(kept):
    kept_arrays({"seed": 1}, Fit({"y": np.array([9.0])}))
    (other,) = (file for file in kept.parent.iterdir() if file != kept)
    kept.write_bytes(other.read_bytes())


def plant(kept):
    kept.write_bytes(pickle.dumps({"y": "not ours"}))


@pytest.mark.parametrize("damage", [spoil, swap, plant])
def test_a_damaged_or_foreign_file_is_computed_again(damage, folder):
    fit = Fit()
    kept_arrays({"seed": 0}, fit)
    (kept,) = folder.iterdir()
    damage(kept)
    assert kept_arrays({"seed": 0}, fit)["y"][0] == 1.5
    assert fit.times == 2


def test_only_the_user_can_open_it_and_a_shared_folder_is_not_used(folder):
    fit = Fit()
    kept_arrays({"seed": 0}, fit)
    assert folder.stat().st_mode & 0o077 == 0
    folder.chmod(0o777)
    kept_arrays({"seed": 0}, fit)
    assert fit.times == 2


@pytest.mark.parametrize("error", [OSError(28, "no space left"), PermissionError(13, "read-only")])
def test_what_cannot_be_written_fails_no_run(error, monkeypatch):
    def refuse(*_):
        raise error

    monkeypatch.setattr(cache, "atomic_write_bytes", refuse)
    fit = Fit()
    assert kept_arrays({"seed": 0}, fit)["y"][0] == 1.5
    assert kept_arrays({"seed": 0}, fit)["y"][0] == 1.5
    assert fit.times == 2


def test_a_file_in_place_of_the_folder_fails_no_run(folder):
    folder.write_text("")
    assert kept_arrays({"seed": 0}, Fit())["y"][0] == 1.5


def test_the_longest_unused_go_first(folder, monkeypatch):
    monkeypatch.setattr(cache, "_MOST_RESULTS", 2)
    for seed in range(3):
        kept_arrays({"seed": seed}, Fit())
        for place, file in enumerate(sorted(folder.iterdir(), key=lambda f: f.stat().st_mtime)):
            os.utime(file, (place, place))
    assert len(list(folder.iterdir())) == 2
    last = Fit()
    kept_arrays({"seed": 2}, last)
    assert last.times == 0
