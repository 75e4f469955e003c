"""Public editions of a ledger taken together: no project's amount follows from their differences.

Method: ``docs/methods/ledger-public.md``, "Editions taken together". One month by itself is
protected by :mod:`faiwatch.ledger.public`; here its amounts are compared with earlier editions.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, TypeAdapter

from faiwatch.core.errors import DataInvalidError
from faiwatch.core.phrases import joined, say, with_stop
from faiwatch.core.text import NOTHING, Language, Text
from faiwatch.data.ledger_fields import PROJECT_CODE
from faiwatch.ledger.disclosure import unsafe_amounts
from faiwatch.ledger.public import MERGED, TOTAL, WORDS

MOST_EDITIONS = 6
PLAN, DONE = "annual_plan_10k", "ytd_done_10k"
ROUNDED = "rounded_to_10k"
_APART = 0.2  # of an amount, by which least and greatest possible value must be apart
_FEW = 3  # projects that changed their figure, fewer of which a difference would tell of
_FIRST_STEP = 0.1  # of the largest figure to be protected, that is rounded to at first
_STEPS = 6
_WITHHELD = _STEPS  # after the last step
_SLACK = 1e-3  # 万元, within which an exact amount is met
_AMOUNTS = {PLAN: "plan", DONE: "done"}
Amount = tuple[str, str]  # code of a project, and which of its amounts
Sum = tuple[np.ndarray, float]  # which projects are added up, and what the sum is rounded to


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Member(_Part):
    """A project behind the amounts of an edition, in the classes that it was published in."""

    code: str
    unit: str
    group: str
    owner: str
    plan: float
    done: float


class Cell(_Part):
    """A row of the amounts of an edition: None = withheld; `base` = rounded to, 0 = exact."""

    unit: str
    group: str
    plan: float | None
    done: float | None
    base: float = 0.0


class Edition(_Part):
    """What one public edition told of amounts, and whose they were: never shown to readers.

    Attributes
    ----------
    month : str
        ``YYYY-MM``.
    members : tuple of Member
        Every project whose plan and investment are both known.
    cells : tuple of Cell
        Every row of the table by unit.
    """

    version: int = 1
    month: str
    members: tuple[Member, ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class OverTime:
    """The table by unit as it may be told beside earlier editions.

    Attributes
    ----------
    table : DataFrame
        With the column :data:`ROUNDED`: to what the amounts of a row are rounded, NaN = exact.
    edition : Edition
        To be kept for the editions to come.
    note : Text
        With what it was compared, what was done about it, and why.
    """

    table: pd.DataFrame
    edition: Edition
    note: Text = field(default=NOTHING)

    @property
    def base(self) -> float:
        """To what the whole total is rounded, 0 = exact."""
        whole = self.table[(self.table[["unit", "group"]] == TOTAL).all(axis="columns")]
        return float(whole[ROUNDED].fillna(0.0).sum())


def read_editions(file: Path) -> list[Edition] | None:
    """Return the editions that a run was given, None when it was given none to compare with."""
    try:
        return TypeAdapter(list[Edition]).validate_json(file.read_bytes())
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise DataInvalidError(
            Text("此前的公开版记录已损坏", "the earlier public editions cannot be read"),
            where=file.name,
        ) from error


def over_time(
    rows: pd.DataFrame, table: pd.DataFrame, month: str, earlier: Sequence[Edition] | None
) -> OverTime:
    """Return the table by unit of a month as it may be told beside earlier editions.

    Parameters
    ----------
    rows : DataFrame
        The projects of the month: code, unit, group, and both amounts in 万元, NaN = not known.
    table : DataFrame
        By unit and group, from :func:`faiwatch.ledger.public.public_tables`.
    month : str
        ``YYYY-MM``.
    earlier : sequence of Edition, optional
        The last editions, the newest first; at most :data:`MOST_EDITIONS` count. None = it is not
        known which there are.
    """
    known = rows[rows[[PLAN, DONE]].notna().all(axis="columns")]
    words = {
        name: known[name].astype("object").fillna("").astype("str") for name in ("unit", "group")
    }
    named = {name: word.where(word.isin(set(table[name])), MERGED) for name, word in words.items()}
    nobody = pd.Series("", index=known.index)
    code = known.get(PROJECT_CODE, nobody).fillna("").astype("str")
    code = code.where(code.ne(""), known.get("name", nobody).astype("str"))
    listed = pd.DataFrame(
        {
            "code": code,
            **named,
            "owner": known.get("owner", nobody).fillna("").astype("str"),
            "plan": known[PLAN].astype("float64"),
            "done": known[DONE].astype("float64"),
        }
    ).sort_values("code", kind="stable")
    plain = table[["unit", "group", PLAN, DONE]].rename(columns=_AMOUNTS).astype("object")
    exact = Edition(
        month=month,
        members=tuple(Member.model_validate(one) for one in listed.to_dict("records")),
        cells=tuple(
            Cell.model_validate(one) for one in plain.where(plain.notna(), None).to_dict("records")
        ),
    )
    before = list(earlier or ())[:MOST_EDITIONS]
    whose = [(cell.unit, cell.group) for cell in exact.cells]
    standing = next(  # of the same month, made from the same rows
        (
            one
            for one in before
            if (one.month, one.members) == (month, exact.members)
            and [(cell.unit, cell.group) for cell in one.cells] == whose
        ),
        None,
    )
    others = [one for one in before[::-1] if one is not standing]
    chosen = standing or next(_safe(exact, others))
    told = pd.DataFrame([cell.model_dump() for cell in chosen.cells])
    by_row = told.set_index(["unit", "group"]).reindex(table.set_index(["unit", "group"]).index)
    shown = table.assign(
        **{name: by_row[short].to_numpy(dtype="float64") for name, short in _AMOUNTS.items()},
        **{ROUNDED: by_row["base"].replace(0.0, math.nan).to_numpy(dtype="float64")},
    )
    return OverTime(shown, chosen, _note(exact, chosen, None if earlier is None else others))


def _safe(exact: Edition, others: Sequence[Edition]) -> Iterator[Edition]:
    """Yield the editions of a month that may be told, the one that tells most first."""
    everybody = [one for edition in (*others, exact) for one in edition.members]
    amounts = {(one.code, name) for one in everybody for name in ("plan", "done")}
    silent = _with(exact, lambda _: None)
    # what earlier editions give away whatever is told now, and a zero that its margin tells
    asked = amounts - _exposed([*others, silent], amounts) - _exposed([exact], amounts)
    moved = _moved(exact, others)
    if not moved and not _exposed([*others, exact], asked, is_one_enough=True):
        yield exact
    units = _with(exact, lambda cell: None if cell.group != TOTAL else 0.0)
    exposed = _exposed([*others, units], asked)
    if not moved and not exposed:
        yield units
    codes = {code for code, _ in exposed}
    figures = [max(one.plan, one.done) for one in everybody if one.code in codes]
    figures += [max(sum(one.plan for one in exact.members) / max(len(exact.members), 1), 1.0)]
    least = max([_FIRST_STEP * max(figures), *(_APART * change for change in moved.values())])
    steps = [*_steps(least), None]  # None = withheld
    at = dict.fromkeys({TOTAL, *moved} | _rows_of(codes, everybody), 0)
    while True:
        told = _with(units, _stepped({row: steps[step] for row, step in at.items()}))
        # the same cells told less finely expose nobody else; fewer cells may
        exposed = _exposed([*others, told], asked if _WITHHELD in at.values() else exposed)
        if not exposed:
            yield told
        rows = _rows_of({code for code, _ in exposed}, everybody)
        left = {row for row in rows if at.get(row, 0) < _WITHHELD} or {TOTAL}
        if at[TOTAL] == _WITHHELD and left == {TOTAL}:
            break
        at |= {row: at.get(row, -1) + 1 for row in left}
        at[TOTAL] = max(at[TOTAL], *(min(at[row], _WITHHELD - 1) for row in left))
    yield silent


def _stepped(bases: Mapping[str, float | None]) -> Callable[[Cell], float | None]:
    return lambda cell: bases.get(cell.unit, 0.0)


def _rows_of(codes: AbstractSet[str], members: Sequence[Member]) -> set[str]:
    """Return the rows that add up some projects, in any edition, or any that they stood with.

    A unit may have been merged with others in one edition and stand by itself in the next.
    """
    rows = {one.unit for one in members if one.code in codes}
    beside = {one.code for one in members if one.unit in rows}
    return {one.unit for one in members if one.code in beside}


def _with(edition: Edition, base_of: Callable[[Cell], float | None]) -> Edition:
    """Return an edition with each row rounded to what a function says of it, None = withheld."""

    def told(cell: Cell) -> Cell:
        base = base_of(cell)
        if base is None:
            return cell.model_copy(update={"plan": None, "done": None, "base": 0.0})
        amounts = {name: getattr(cell, name) for name in ("plan", "done")}
        for name, value in amounts.items():
            if base and value is not None:
                amounts[name] = base * math.floor(value / base + 0.5)
        is_told = any(value is not None for value in amounts.values())
        return cell.model_copy(update=amounts | {"base": base if is_told else 0.0})

    return edition.model_copy(update={"cells": tuple(map(told, edition.cells))})


def _steps(least: float) -> Iterator[float]:
    """Yield 1, 2 or 5 times a power of ten, from the first that is not below `least`.

    Examples
    --------
    >>> list(_steps(300.0))
    [500.0, 1000.0, 2000.0, 5000.0, 10000.0, 20000.0]
    """
    power = 10.0 ** math.floor(math.log10(max(least, 1.0)))
    series = [step * power * 10.0**more for more in range(3) for step in (1.0, 2.0, 5.0)]
    yield from [step for step in series if step >= least][:_STEPS]


def _moved(now: Edition, others: Sequence[Edition]) -> dict[str, float]:
    """Return units in which one or two projects changed a figure since an edition, and how far."""
    found: dict[str, float] = {}
    for edition in others:
        then = {one.code: one for one in edition.members}
        both = [(one, then[one.code]) for one in now.members if one.code in then]
        for unit in {TOTAL, *(one.unit for one in now.members)}:
            for name in ("plan", "done"):
                changes = [
                    abs(getattr(one, name) - getattr(before, name))
                    for one, before in both
                    if unit in {TOTAL, one.unit} and (unit == TOTAL or before.unit == unit)
                ]
                changes = [change for change in changes if change > 0]
                is_told = any(
                    (cell.unit, cell.group) == (unit, TOTAL) and getattr(cell, name) is not None
                    for cell in edition.cells
                )
                if is_told and 0 < len(changes) < _FEW:
                    found[unit] = max(found.get(unit, 0.0), *changes)
    return found


def _exposed(
    editions: Sequence[Edition], asked: AbstractSet[Amount], *, is_one_enough: bool = False
) -> set[Amount]:
    """Return which of some amounts the editions together tell too closely; of many, perhaps one."""
    newest = {one.code: one for edition in editions for one in edition.members}
    codes = sorted(newest)
    whose = [newest[code].owner for code in codes]
    found: set[Amount] = set()
    for name in ("plan", "done"):
        cells = _cells(editions, codes, name)
        values = np.array([max(getattr(newest[code], name), 0.0) for code in codes])
        is_asked = np.array([(code, name) in asked for code in codes], dtype=bool)
        for at in _too_near(cells, values, whose, is_asked):
            found.add((codes[at], name))
            if is_one_enough:
                return found
    return found & asked


def _cells(editions: Sequence[Edition], codes: Sequence[str], amount: str) -> list[Sum]:
    """Return which projects each published amount adds up, and how finely it is told."""
    place = {code: at for at, code in enumerate(codes)}
    finest: dict[bytes, Sum] = {}
    for edition in editions:
        at = [place[one.code] for one in edition.members]
        classes = {"unit": np.full(len(codes), "", dtype=object)}
        classes["group"] = classes["unit"].copy()
        is_there = np.zeros(len(codes), dtype=bool)
        is_there[at] = True
        for name, of in classes.items():
            of[at] = [getattr(one, name) for one in edition.members]
        for cell in edition.cells:
            if getattr(cell, amount) is None:
                continue
            inside = is_there.copy()
            for name, of in classes.items():
                if getattr(cell, name) != TOTAL:
                    inside &= of == getattr(cell, name)
            told = finest.get(inside.tobytes())
            if inside.any() and (told is None or cell.base < told[1]):
                finest[inside.tobytes()] = (inside, cell.base)
    return list(finest.values())


def _too_near(
    cells: Sequence[Sum], values: np.ndarray, whose: Sequence[str], is_asked: np.ndarray
) -> Iterator[int]:
    """Yield the projects whose block is unsafe, is asked for, and can be told to within too little.

    A block are the projects that the same cells add up: no sum of cells tells one from another.
    """
    if not cells or not is_asked.any():
        return
    # a tenth of a second, and only public editions need it
    from scipy.optimize import linprog  # type: ignore[import-untyped]

    blocks, block = np.unique([inside for inside, _ in cells], axis=1, return_inverse=True)
    block = block.ravel()
    frame = pd.DataFrame({"block": block, "owner": list(whose), "amount": values})
    unsafe = unsafe_amounts(frame, ["block"], "amount", "owner")
    totals = frame.groupby("block")["amount"].sum().to_numpy()
    bases = np.array([base for _, base in cells])
    sums = blocks @ totals
    steps = np.where(bases > 0, bases, 1.0)
    middle = np.where(bases > 0, steps * np.floor(sums / steps + 0.5), sums)
    room = np.maximum(bases / 2, _SLACK)
    limits = np.vstack([blocks, -blocks.astype("float64")])
    ends = np.concatenate([middle + room, room - middle])
    average = float(values.mean())
    wanted_blocks = np.bincount(block, weights=is_asked, minlength=len(totals)) > 0
    for at in np.flatnonzero(unsafe.to_numpy() & blocks.any(axis=0) & wanted_blocks):
        wanted = (np.arange(len(totals)) == at).astype("float64")
        low, high = (
            sign * found.fun if (found := linprog(sign * wanted, limits, ends)).status == 0 else inf
            for sign, inf in ((1.0, 0.0), (-1.0, math.inf))
        )
        if high - low < _APART * max(totals[at], average) - 2 * _SLACK:
            yield from np.flatnonzero(block == at).tolist()


def _note(exact: Edition, chosen: Edition, others: Sequence[Edition] | None) -> Text:
    """Say with what an edition was compared, what was done about it, and why."""
    if others is None:
        return Text(
            "未与此前的公开版对照。", "It was not compared with any earlier public edition."
        )
    if not others:
        return Text("此前没有公开版可对照。", "There is no earlier public edition to compare with.")
    months = ", ".join(sorted({one.month for one in others}))
    checked = say("ledger.editions.checked", n=len(others), months=months)
    rounded: dict[float, list[str]] = {}
    withheld: list[str] = []
    for before, cell in zip(exact.cells, chosen.cells, strict=True):
        if cell.group == TOTAL and cell.base:
            rounded.setdefault(cell.base, []).append(cell.unit)
        elif cell.group == TOTAL and before.plan is not None and cell.plan is None:
            withheld.append(cell.unit)
    done = [
        say(
            "ledger.editions.amounts_rounded_yuan",
            units=Text(_units(units, "zh"), _units(units, "en")),
            base=base,
        )
        for base, units in rounded.items()
    ]
    if withheld:
        done.append(
            say(
                "ledger.editions.amounts_withheld",
                units=Text(_units(withheld, "zh"), _units(withheld, "en")),
            )
        )
    if any(
        before.plan is not None and cell.plan is None and cell.group != TOTAL
        for before, cell in zip(exact.cells, chosen.cells, strict=True)
    ):
        done.append(Text("各推进状态的金额不公开", "amounts by state are withheld"))
    if not done:
        return with_stop(checked)
    return say("ledger.editions.because_of_differences", said=checked, done=joined(done))


def _units(units: Sequence[str], lang: Language) -> str:
    words = [WORDS[unit].in_language(lang) if unit in WORDS else unit for unit in units]
    return ("、" if lang == "zh" else ", ").join(words)
