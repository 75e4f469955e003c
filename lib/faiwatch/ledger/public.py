"""What of a ledger may be published: tables from which no single project can be worked out.

Method: ``docs/methods/ledger-public.md``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations, product

import numpy as np
import pandas as pd

from faiwatch.core.errors import DataInvalidError
from faiwatch.core.text import Text
from faiwatch.data.ledger_fields import ledger_tables
from faiwatch.ledger.disclosure import few_subjects, suppress, unsafe_amounts
from faiwatch.ledger.sheets import YUAN, as_yuan

TOTAL, MERGED = "(total)", "(merged)"
WORDS: Mapping[str, Text] = {
    TOTAL: Text("合计", "total"),
    MERGED: Text("其余（合并）", "others, merged"),
    "": Text("未填", "not stated"),
}

PRIVATE = ("project_code", "name", "lead", "owner", "investor")
_WORDS_TO_CUT_BY = frozenset({"unit", "owner_unit", "area", "category"})
_EVERYBODY = "everybody"
_CONTRIBUTOR = "owner"

Cut = tuple[str, ...]


def public_tables(
    rows: pd.DataFrame,
    cuts: Sequence[Cut],
    *,
    amounts: Mapping[Cut, Sequence[str]] | None = None,
    subject: str = "",
) -> dict[Cut, pd.DataFrame]:
    """Return tables of one population that may be published together.

    Parameters
    ----------
    rows : DataFrame
        One row for each project (or issue) with the fields of the cuts and the amounts, and where
        it has them the fields of :data:`PRIVATE`, whose words are kept out of the tables.
    cuts : sequence of tuples
        One or two fields for each table: ``("unit",)``, ``("unit", "status")``. All tables of a
        population are asked for at once: what another call shows is not known here.
    amounts : mapping, optional
        Cut to the columns in 万元 that are added up in it; NaN = not known, left out. Whose an
        amount is says the column ``owner``; where it is absent or blank, each row is alone.
    subject : str
        Column that says what a row is about, where several may be about one project (issues):
        three of them are needed behind a cell, not three rows. By default each row is one.

    Returns
    -------
    dict
        For each cut a frame with its fields as text (:data:`TOTAL` and :data:`MERGED` among them),
        ``n``, and each amount; margins stand in rows of their own. NaN = withheld.

    Raises
    ------
    DataInvalidError
        A cut names a field that must not be shown, or two-way cuts form a circle.

    Examples
    --------
    >>> rows = pd.DataFrame({"unit": list("aaaaabbbbb"), "status": list("xxxyyxxyyy")})
    >>> table = public_tables(rows, [("unit", "status")])["unit", "status"]
    >>> table.set_index(["unit", "status"])["n"]["a"].to_dict()
    {'x': nan, 'y': nan, '(total)': 5.0}
    """
    _refuse(cuts)
    given = rows.reset_index(drop=True)
    wanted = {cut: list((amounts or {}).get(cut, ())) for cut in cuts}
    whole = given.assign(**{_EVERYBODY: ""})
    never = {
        one
        for one in {one for names in wanted.values() for one in names}
        if unsafe_amounts(whole, [_EVERYBODY], one, _CONTRIBUTOR).any()
    }
    shown = {cut: [one for one in names if one not in never] for cut, names in wanted.items()}
    of_field: dict[str, list[str]] = {name: [] for cut in cuts for name in cut}
    for cut, names in shown.items():
        for name in cut:
            of_field[name] += names
    merged = {name: _merged(given, name, of_field[name], subject) for name in of_field}
    classes = given.assign(**merged)
    closed = _drawn_by_another(classes, cuts)
    tables = {}
    for cut in cuts:
        table = _counted(classes, cut, shown[cut])
        if len(cut) > 1:
            bad = {one: unsafe_amounts(classes, list(cut), one, _CONTRIBUTOR) for one in shown[cut]}
            few = few_subjects(classes, list(cut), subject)
            table = _without_unsafe(table, few, bad, is_closed=cut in closed)
        if given.empty or few_subjects(whole, [_EVERYBODY], subject).any():
            table = table.assign(n=np.nan)
        tables[cut] = table.reset_index().reindex(columns=[*cut, "n", *wanted[cut]])
    return tables


def _refuse(cuts: Sequence[Cut]) -> None:
    """Raise for fields that must not be shown, and for two-way cuts that form a circle."""
    fields = {name: one for table in ledger_tables().values() for name, one in table.fields.items()}
    head: dict[str, str] = {}
    for cut in cuts:
        for name in cut:
            free = name in fields and fields[name].kind in {"text", "code"}
            if name in PRIVATE or (free and name not in _WORDS_TO_CUT_BY):
                raise DataInvalidError(
                    Text("公开版不能按此项分组", "a public table cannot be cut by this field"),
                    got=name,
                )
        ends = {head.get(name, name) for name in cut}
        if len(cut) > 2 or len(ends) < len(cut):
            raise DataInvalidError(
                Text("这些表互相约束，不能同时公开", "these tables restrict each other"),
                got=" × ".join(cut),
                allowed=Text("一项或两项，互不成环", "one or two fields, without a circle"),
            )
        head |= {name: min(ends) for name in {*head, *cut} if head.get(name, name) in ends}


def _merged(rows: pd.DataFrame, name: str, amounts: Sequence[str], subject: str) -> pd.Series:
    """Return the classes of a field, with those that cannot stand alone put together."""
    labels = _as_words(rows[name])
    sizes = labels.value_counts().sort_index().sort_values(kind="stable")
    unsafe = _unsafe_classes(rows.assign(**{name: labels}), name, amounts, subject)
    unsafe |= {str(label) for label in sizes.index if _tells_of_one(str(label), rows)}
    if not unsafe:
        return labels
    for label in map(str, sizes.index):
        together = rows[labels.isin(unsafe)].assign(**{_EVERYBODY: ""})
        if len(unsafe) > 1 and not _unsafe_classes(together, _EVERYBODY, amounts, subject):
            break
        unsafe.add(label)
    return labels.mask(labels.isin(unsafe), MERGED)


def _unsafe_classes(
    rows: pd.DataFrame, name: str, amounts: Sequence[str], subject: str
) -> set[str]:
    found = [few_subjects(rows, [name], subject)]
    found += [unsafe_amounts(rows, [name], one, _CONTRIBUTOR) for one in amounts]
    return {str(label) for bad in found for label in bad.index[bad]}


def _as_words(values: pd.Series) -> pd.Series:
    if pd.api.types.is_bool_dtype(values.dtype):
        values = values.astype("object").map({True: "yes", False: "no"})
    return pd.Series(values.astype("object").where(values.notna(), "").astype("str"))


def _tells_of_one(label: str, rows: pd.DataFrame) -> bool:
    """Whether a class is called by something that the public profile does not show."""
    if label in {TOTAL, MERGED}:
        return True
    words = {word for name in PRIVATE if name in rows for word in rows[name].dropna().unique()}
    return any(word and str(word) in label for word in words)


def _drawn_by_another(classes: pd.DataFrame, cuts: Sequence[Cut]) -> set[Cut]:
    """Return the two-way cuts whose inside follows from that of a cut named before them."""
    closed: set[Cut] = set()
    for first, then in combinations([cut for cut in cuts if len(cut) > 1], 2):
        shared = set(first) & set(then)
        if shared and first not in closed:
            (one,), (other,) = set(first) - shared, set(then) - shared
            if _groups(classes[one], classes[other]) > 1:
                closed.add(then)
    return closed


def _groups(one: pd.Series, other: pd.Series) -> int:
    """Return into how many parts the rows fall along lines that both fields draw."""
    part = pd.Series(pd.factorize(one)[0], index=one.index)
    while True:
        joined = part.groupby(other).transform("min").groupby(part).transform("min")
        if joined.equals(part):
            return int(part.nunique())
        part = joined


def _counted(classes: pd.DataFrame, cut: Cut, amounts: Sequence[str]) -> pd.DataFrame:
    """Return counts and amounts of every cell and margin, indexed by the fields of the cut."""
    yuan = {name: as_yuan(classes[name]) for name in amounts}
    figures = pd.DataFrame({"n": 1.0} | yuan, index=classes.index)
    parts = []
    for kept in product([True, False], repeat=len(cut)):
        keys = [
            classes[name] if keep else pd.Series(TOTAL, index=classes.index, name=name)
            for name, keep in zip(cut, kept, strict=True)
        ]
        parts.append(figures.groupby(keys).sum())
    order = [[*_order(classes[name]), TOTAL] for name in cut]
    index = pd.MultiIndex.from_product(order, names=cut)
    table = pd.concat(parts)
    table = table.reindex(index if len(cut) > 1 else index.get_level_values(0), fill_value=0.0)
    return table.assign(**{name: table[name] / YUAN for name in amounts})


def _order(labels: pd.Series) -> list[str]:
    """Return the classes, the largest first; what was merged or not stated comes last."""
    sizes = labels.value_counts()
    return sorted(map(str, sizes.index), key=lambda one: (one in WORDS, -int(sizes[one]), one))


def _without_unsafe(
    table: pd.DataFrame, few: pd.Series, unsafe: Mapping[str, pd.Series], *, is_closed: bool
) -> pd.DataFrame:
    """Return a two-way table with NaN in the cells that must not be shown."""
    margin = [table.index.get_level_values(level) == TOTAL for level in (0, 1)]
    is_inside = ~(margin[0] | margin[1])
    wide = {str(name): table[name][is_inside].unstack() for name in table}
    counts = wide.pop("n")
    small, *bad = (
        cells.unstack(fill_value=False).reindex_like(counts).fillna(False)
        for cells in (few, *unsafe.values())
    )
    found = suppress(counts, few=small, amounts=wide, unsafe=dict(zip(unsafe, bad, strict=True)))
    told = table.copy()
    for name in told:
        cells = found.counts if name == "n" else found.amounts
        stacked = cells.stack().astype("bool")  # of no cells at all it is made of floats
        hidden = stacked.reindex(table.index, fill_value=False).to_numpy(dtype=bool)
        told[name] = told[name].mask(is_inside & (hidden | is_closed))
    return told
