"""``data/datapackage.json``: the tables of the project, as Frictionless Data describes them.

Made from the tables themselves, the catalogue of measures, and the list in ``data/README.md``; it
is written by ``faiwatch schema datapackage.json`` and held in step by a test.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from faiwatch.core.paths import data_folder
from faiwatch.data.measures import catalogue
from faiwatch.data.schema import KEYS, OBSERVATION_COLUMNS
from faiwatch.data.source import GUANGDONG, NBS, SHAOYANG, Publisher

_LISTED = re.compile(r"^\| `(?P<file>\S+\.csv)` \| [\d,]+ \| (?P<words>.*) \|$", re.MULTILINE)
_TYPES: Mapping[str, str] = {  # the first that every cell is
    "yearmonth": r"\d{4}-(0[1-9]|1[0-2])",
    "date": r"\d{4}-\d\d-\d\d",
    "integer": r"-?(0|[1-9]\d{0,8})",
    "number": r"-?\d+(\.\d+)?",
}
_CODES = ("region_code", "parent", "word")  # digits that are no number
_PUBLISHERS: Mapping[str, Sequence[Publisher]] = {  # of official figures; else the NBS
    "cities.csv": (SHAOYANG,),
    "real_estate.csv": (GUANGDONG, NBS),
}
_OWN = {
    "name": "Apache-2.0",
    "title": "Apache License 2.0",
    "path": "https://www.apache.org/licenses/LICENSE-2.0",
}
_QUOTED = {"title": "Facts, quoted with attribution: see Terms", "path": "README.md"}
_MADE_UP = {"title": "made up by this project; no real place stands behind it"}
_OURS = {"title": "compiled by the faiwatch maintainers"}


def data_package() -> dict[str, Any]:
    """Return the descriptor of every CSV in ``data/``.

    Examples
    --------
    >>> [one["name"] for one in data_package()["resources"]][-1]
    'tiles'
    """
    folder = data_folder()
    readme = (folder / "README.md").read_text(encoding="utf-8")
    words = {one["file"]: one["words"] for one in _LISTED.finditer(readme)}
    return {
        "profile": "tabular-data-package",
        "name": "faiwatch-data",
        "title": "China's fixed-asset investment as published · 中国固定资产投资公布数据",
        "description": "Empty = not published or not found, never zero; see README.md.",
        "licenses": [_OWN],
        "resources": [
            _resource(path, path.relative_to(folder).as_posix(), words)
            for path in sorted(folder.rglob("*.csv"))
        ],
    }


def _resource(path: Path, name: str, words: Mapping[str, str]) -> dict[str, Any]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    is_figures = set(OBSERVATION_COLUMNS) <= set(header)
    fields = [
        _field(column, [row[at] for row in rows], is_figure=is_figures)
        for at, column in enumerate(header)
    ]
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if is_figures:
        schema["primaryKey"] = [*KEYS, "period"]
        schema["foreignKeys"] = [
            {"fields": key, "reference": {"resource": table, "fields": key}}
            for key, table in (("region_code", "regions"), ("indicator", "indicators"))
        ]
    folder, _, file_name = name.rpartition("/")
    publishers = _PUBLISHERS.get(file_name, (NBS,)) if folder == "official" else ()
    terms = [
        {"title": f"Terms of use: {one.name.en}", "path": one.terms}
        for one in publishers
        if one.terms
    ]
    sources = [{"title": one.name.en, "path": one.address} for one in publishers]
    return {
        "profile": "tabular-data-resource",
        "name": name.removesuffix(".csv").replace("/", "-").replace("_", "-"),
        "path": name,
        "description": words[name],
        "encoding": "utf-8",
        "format": "csv",
        "mediatype": "text/csv",
        "licenses": (terms or [_QUOTED]) if publishers else [_OWN],
        "sources": sources or [_MADE_UP if folder == "demo" else _OURS],
        "schema": schema,
    }


def _field(column: str, cells: Sequence[str], *, is_figure: bool) -> dict[str, Any]:
    """Return a column: its type by its cells; of figures, name and unit by the catalogue."""
    told = [cell for cell in cells if cell]
    kind = "string"
    if told and column not in _CODES:
        fits = (name for name, form in _TYPES.items() if all(re.fullmatch(form, x) for x in told))
        kind = next(fits, kind)
    field: dict[str, Any] = {"name": column, "type": kind}
    if is_figure and column in catalogue():
        measure = catalogue()[column]
        field["title"] = f"{measure.name.en} · {measure.name.zh}"
        if measure.format == "date":
            field["type"] = "date"  # though none is known yet
        if measure.unit:
            field["unit"] = measure.unit[-1]
            field["type"] = "number"  # though every cell so far is whole
    if len(told) == len(cells):
        field["constraints"] = {"required": True}
    return field
