"""The site for programs: ``api/``, JSON beside the pages, of what the runs of the pages found.

No figure is worked out here: series, flags and forecasts are the result files of the runs whose
pages stand, and the list of regions is that of the index. Written whenever the index is.
``docs/how-to/build-on-it.md`` shows how it is read.
"""

from __future__ import annotations

import csv
import json
import logging
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypedDict, cast

from faiwatch.core import __version__
from faiwatch.core.errors import FaiwatchError
from faiwatch.core.files import drafts
from faiwatch.core.json_schema import VERSION, json_schema
from faiwatch.core.text import LANGUAGES, Language, Text, user_language
from faiwatch.data.source import data_source
from faiwatch.site.overview import Light, RegionRow
from faiwatch.site.run_record import RESULTS_FOLDER, RunRecord, result_rows
from faiwatch.site.site import API, HEADLINE_NOTEBOOK, NOTEBOOK_OF, Kind, edition_of, page_address
from faiwatch.stats.spell import Definition, Spell
from faiwatch.stats.windows import WINDOWS

_log = logging.getLogger(__name__)
INDEX, REGIONS = "index.json", "regions.json"
Both = dict[Language, str]
_BOUNDS = ("block_yoy_lo_pct", "block_yoy_hi_pct", "rolling3_yoy_lo_pct", "rolling3_yoy_hi_pct")


class Figure(TypedDict):
    """A figure of a region: its value, None when not available, and its words."""

    value: float | str | None
    zh: str
    en: str


class ApiRegion(TypedDict):
    """A region of the site; lists name the indicators of which there is a file."""

    region_code: str
    name: Both
    level: str
    parent: str
    is_made_up: bool
    light: Light
    as_of: str  # the month up to which figures were used
    publisher: Both
    verdict: Both
    figures: dict[str, Figure]  # that its pages tell, by measure, see data/measures.csv
    pages: Both  # relative to the site
    runs: dict[Kind, str]
    series: list[str]
    flags: list[str]
    forecasts: list[str]


class ApiRegions(TypedDict):
    """``api/regions.json``: every region of the site, the most severe first."""

    version: int
    regions: list[ApiRegion]


class ApiIndex(TypedDict):
    """``api/index.json``: where to begin. Addresses are relative to this file."""

    version: int  # goes up when a reader of the files before would misunderstand them
    made_by: str
    regions: str
    series: str  # {region} and {indicator} are to be filled in
    flags: str
    forecasts: str
    schemas: dict[str, str]


class _About(TypedDict):
    version: int
    run: str  # which run of which page found it
    region_code: str
    indicator: str
    as_of: str  # the month up to which figures were used
    is_made_up: bool


class ApiSeries(_About):
    """A series: published figures and what they imply, a list a column; None = not available.

    ``month`` is the last month of each window; a column that is nowhere known is left out.
    """

    windows: dict[
        str, Definition
    ]  # which months a column is of: year to date, month, three releases
    month: list[str]
    columns: dict[str, list[float | None]]


class ApiFlags(_About):
    """States and spells of a series.

    ``states`` holds the months of each state by definition; by that definition nothing can be
    told of the other releases from ``first`` to ``last``.
    """

    first: str
    last: str
    states: dict[Definition, dict[Literal["negative", "non_negative", "indeterminate"], list[str]]]
    spells: list[Spell]


class ApiTarget(TypedDict):
    """The forecast of one figure, a list a column; a chance is None beyond a year ahead."""

    month: list[str]
    model: list[str]
    mean: list[float | None]
    quantiles: dict[str, list[float | None]]  # by probability
    negative: list[float | None]  # the chance; empty for a figure of which none is told


class ApiForecasts(_About):
    """What comes next in a series, by figure; all from the same sample paths."""

    targets: dict[str, ApiTarget]


API_FILES: Mapping[str, type] = {
    "index": ApiIndex,
    "regions": ApiRegions,
    "series": ApiSeries,
    "flags": ApiFlags,
    "forecasts": ApiForecasts,
}


@cache
def api_schemas() -> dict[str, bytes]:
    """Return the JSON Schema of each kind of file, which is the same for every site."""
    return {name: _packed(json_schema(kind, f"api/{name}")) for name, kind in API_FILES.items()}


def write_api(
    site: Path,
    place: Path,
    records: Sequence[RunRecord],
    rows: Mapping[Language, Sequence[RegionRow]],
    stands: Container[str],
) -> None:
    """Write what has changed of ``api/``, and take away what no page stands for any more.

    Parameters
    ----------
    site : Path
        Where the results of the runs lie.
    place : Path
        The site, or a copy of it.
    records : sequence of RunRecord
        Newest first.
    rows : mapping
        The rows of the index in each language.
    stands : container of str
        Addresses of the pages that stand.
    """
    folder = place / API
    found: dict[str, dict[Language, RegionRow]] = {}
    for lang in LANGUAGES:
        for row in rows[lang]:
            found.setdefault(row.region.code, {})[lang] = row
    good: dict[tuple[str, str], RunRecord] = {}
    for record in records:
        is_usual = record.verdict == "ok" and not edition_of(record.parameters)
        if is_usual and page_address(record) in stands:
            good.setdefault((record.region, record.notebook), record)
    told = [_region(code, of, good.get((code, HEADLINE_NOTEBOOK))) for code, of in found.items()]
    contents = _of_runs(site, folder, told, good)
    wanted = {
        folder / kind / one["region_code"] / f"{name}.json"
        for one in told
        for kind in NOTEBOOK_OF
        for name in one[kind]
    }
    contents |= {folder / "schema" / f"{name}.json": told for name, told in api_schemas().items()}
    contents[folder / INDEX] = _packed(_index())
    contents[folder / REGIONS] = _packed({"version": VERSION, "regions": told})  # last: it vouches
    with drafts({path: new for path, new in contents.items() if _is_new(path, new)}) as name_them:
        name_them()
    for path in folder.glob("*/*/*.json"):
        if path not in wanted:
            path.unlink()


def _of_runs(
    site: Path,
    folder: Path,
    regions: Sequence[ApiRegion],
    good: Mapping[tuple[str, str], RunRecord],
) -> dict[Path, bytes]:
    """Return the files to be written of what runs found; each region is told which it has."""
    before = _before(folder)
    contents: dict[Path, bytes] = {}
    for region in regions:
        for kind, notebook in NOTEBOOK_OF.items():
            record = good.get((region["region_code"], notebook))
            if record is None:
                continue
            here = folder / kind / record.region
            region["runs"][kind] = record.run_id
            kept = before.get((record.region, kind, record.run_id), [])
            if kept and all((here / f"{name}.json").is_file() for name in kept):
                region[kind] = kept
                continue
            run = site / "runs" / record.run_id
            try:
                made = dict(_READS[kind](run, record))
            except (OSError, ValueError, LookupError, csv.Error) as error:  # never fatal
                told = Text("读不到运行结果", "the results of a run cannot be read")
                results = run / RESULTS_FOLDER
                _log.warning("%s: %s: %r", told.in_language(user_language()), results, error)
                continue
            region[kind] = sorted(made)
            contents |= {here / f"{name}.json": _packed(one) for name, one in made.items()}
    return contents


def _index() -> ApiIndex:
    patterns = {kind: f"{kind}/{{region}}/{{indicator}}.json" for kind in NOTEBOOK_OF}
    return cast(
        ApiIndex,
        {
            "version": VERSION,
            "made_by": f"faiwatch {__version__}",
            "regions": REGIONS,
            **patterns,
            "schemas": {name: f"schema/{name}.json" for name in API_FILES},
        },
    )


def _region(
    code: str, by_lang: Mapping[Language, RegionRow], record: RunRecord | None
) -> ApiRegion:
    """Return what the index says of a region, in each language that it has a row in."""
    row = next(iter(by_lang.values()))
    region, publisher = row.region, {}
    with suppress(FaiwatchError):  # a file of the user's own that is gone
        if record and "data" in record.parameters:
            found = data_source(str(record.parameters["data"])).publisher_of([code])
            publisher = {"zh": found.zh, "en": found.en}
    figures = {
        id: cast(
            Figure,
            {"value": told.key} | {lang: one.cell(id).text for lang, one in by_lang.items()},
        )
        for id, told in row.figures.items()
    }
    return {
        "region_code": code,
        "name": {"zh": region.name.zh, "en": region.name.en},
        "level": region.level,
        "parent": row.parent,
        "is_made_up": row.is_made_up,
        "light": row.light,
        "as_of": row.month,
        "publisher": cast(Both, publisher),
        "verdict": {lang: one.verdict for lang, one in by_lang.items()},
        "figures": figures,
        "pages": {lang: one.address for lang, one in by_lang.items() if one.address},
        "runs": {},
        "series": [],
        "flags": [],
        "forecasts": [],
    }


def _before(folder: Path) -> dict[tuple[str, str, str], list[str]]:
    """Return the indicators that were written of each region, kind and run."""
    try:
        told = json.loads((folder / REGIONS).read_bytes())
        return {
            (one["region_code"], kind, run): one[kind]
            for one in told["regions"] * (told["version"] == VERSION)
            for kind, run in one["runs"].items()
        }
    except (OSError, ValueError, TypeError, LookupError):  # the first time, or damaged
        return {}


def _is_new(path: Path, content: bytes) -> bool:
    try:
        return path.read_bytes() != content
    except OSError:
        return True


def _packed(told: Mapping[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _about(record: RunRecord, indicator: str) -> _About:
    return {
        "version": VERSION,
        "run": record.run_id,
        "region_code": record.region,
        "indicator": indicator,
        "as_of": record.data_as_of,
        "is_made_up": record.is_made_up,
    }


def _rows(run: Path, record: RunRecord, name: str) -> dict[str, list[dict[str, str]]]:
    """Return the rows of a result file about the region of its run, by indicator."""
    found: dict[str, list[dict[str, str]]] = {}
    for row in result_rows(run, name):
        if row["region_code"] == record.region:
            found.setdefault(row["indicator"], []).append(row)
    return found


def _number(word: str | None) -> float | None:
    return float(word) if word else None


def _series(run: Path, record: RunRecord) -> Iterator[tuple[str, ApiSeries]]:
    for indicator, rows in _rows(run, record, "measures.csv").items():
        columns = {name: [_number(row.get(name)) for row in rows] for name in (*WINDOWS, *_BOUNDS)}
        known = {name: one for name, one in columns.items() if any(x is not None for x in one)}
        yield (
            indicator,
            {
                **_about(record, indicator),
                "windows": {name: WINDOWS[name] for name in known if name in WINDOWS},
                "month": [row["period"] for row in rows],
                "columns": known,
            },
        )


def _flags(run: Path, record: RunRecord) -> Iterator[tuple[str, ApiFlags]]:
    spells = _rows(run, record, "runs.csv")
    for indicator, rows in _rows(run, record, "flags.csv").items():
        states: dict[Any, dict[Any, list[str]]] = {}
        for row in rows:
            if row["state"] != "missing":
                of = states.setdefault(row["definition"], {})
                of.setdefault(row["state"], []).append(row["period"])
        yield (
            indicator,
            {
                **_about(record, indicator),
                "first": rows[0]["period"],
                "last": rows[-1]["period"],
                "states": states,
                "spells": [_spell(row) for row in spells.get(indicator, [])],
            },
        )


def _spell(row: Mapping[str, str]) -> Spell:
    return {
        "definition": cast(Definition, row["definition"]),
        "start": row["start"],
        "end": row["end"],
        "n_releases": int(row["n_releases"]),
        "n_months": int(row["n_months"]),
        "ongoing": row["ongoing"] == "True",
        "lowest_pct": _number(row["lowest_pct"]),
        "is_lower_bound": row["is_lower_bound"] == "True",
    }


def _forecasts(run: Path, record: RunRecord) -> Iterator[tuple[str, ApiForecasts]]:
    for indicator, rows in _rows(run, record, "forecasts.csv").items():
        targets: dict[str, ApiTarget] = {}
        for row in rows:
            of = targets.setdefault(
                row["target"],
                {"month": [], "model": [], "mean": [], "quantiles": {}, "negative": []},
            )
            value = _number(row["value"])
            if row["output_type"] == "mean":
                of["month"].append(row["period"])
                of["model"].append(row["model"])
                of["mean"].append(value)
            elif row["output_type"] == "quantile":
                of["quantiles"].setdefault(row["output_type_id"], []).append(value)
            else:
                of["negative"].append(value)
        yield indicator, {**_about(record, indicator), "targets": targets}


_READS: Mapping[Kind, Callable[[Path, RunRecord], Iterator[tuple[str, Any]]]] = {
    "series": _series,
    "flags": _flags,
    "forecasts": _forecasts,
}
