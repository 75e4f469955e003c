"""What a city hands in of its districts: figures, targets and ledgers, in one file or in a folder.

A file of a folder belongs to the district that its name begins with, by code or by name
(``430503.xlsx``, 「大祥区 8月.xlsx」), unless the file says it itself.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from faiwatch.core.errors import DataInvalidError, DataMissingError
from faiwatch.core.files import bytes_of
from faiwatch.core.text import Text
from faiwatch.data.csv_file import read_observations
from faiwatch.data.encoding import decoded
from faiwatch.data.parameter_types import LEDGER_FORMATS, MANIFESTS
from faiwatch.data.regions import code_of_region, known_regions, region_named
from faiwatch.data.source import DataSource, Frame, data_source
from faiwatch.ingest.reading import Answers, read_workbook
from faiwatch.ledger.schedule import MONTHS
from faiwatch.ledger.unit_targets import WHOLE_DISTRICT

REGION, GROWTH, MONTH = "region", "target_growth_pct", "month"
_HEADERS = {
    REGION: ("region", "region_code", "地区", "县市区", "区县", "district"),
    GROWTH: ("target_growth_pct", "growth", "目标增速", "年度目标", "增速目标", "target"),
    MONTH: ("month", "月份", "月"),  # may be absent: then all are of the year
}


def city_figures(data: str | Path | pd.DataFrame | DataSource | Sequence[str | Path]) -> DataSource:
    """Return the figures of a city's districts.

    Parameters
    ----------
    data : str, Path, DataFrame, DataSource, or sequence of paths
        What :func:`faiwatch.data.source.data_source` takes, and a folder of workbooks or CSVs, or
        several files: one or more districts in each.

    Raises
    ------
    DataMissingError
        There is no file.
    DataInvalidError
        A file breaks the contract, leaves something open, or a figure stands in two files.
    """
    if isinstance(data, DataSource | pd.DataFrame):
        return data_source(data)
    if isinstance(data, str | Path):
        path = Path(data)
        has_many = path.is_dir() and not (path / MANIFESTS).is_dir()
        if not has_many and path.suffix.lower() not in set(LEDGER_FORMATS) - {".csv"}:
            return data_source(data)
        files = files_of(path)
    else:
        files = [file for one in data for file in files_of(Path(one))]
    tables = []
    for file in files:
        head = ""
        if file.suffix.lower() == ".csv":
            head = decoded(file.read_bytes(), file.name).partition("\n")[0]
        if {"region_code", "indicator", "period"} <= {one.strip() for one in head.split(",")}:
            tables.append(read_observations(file, name=file.name))  # a table of ours, as it is
        else:
            answers = Answers(region=district_of_file(file))
            tables.append(read_workbook(file, answers=answers).settled())
    whole = pd.concat(tables, ignore_index=True)
    keys = ["region_code", "indicator", "period"]
    twice = whole[whole.duplicated(keys, keep=False)]
    if len(twice):
        first = twice.iloc[0]
        raise DataInvalidError(
            Text("同一数字在两处出现", "a figure stands in two places"),
            where=" ".join(str(first[key]) for key in keys),
            got=", ".join(dict.fromkeys(twice["file"].astype(str)[:2])),
            todo=Text("只留一份文件", "keep one of the files"),
        )
    return Frame(whole)


def files_of(path: Path) -> list[Path]:
    """Return a file, or the workbooks and CSVs of a folder, in order.

    Raises
    ------
    DataMissingError
        There is none.
    """
    found = [path] if path.is_file() else sorted(path.glob("*")) if path.is_dir() else []
    files = [one for one in found if one.suffix.lower() in LEDGER_FORMATS]
    if not files:
        raise DataMissingError(
            Text("没有可读的文件", "there is no file to read"),
            where=path.name,
            allowed=" ".join(LEDGER_FORMATS),
        )
    return files


def district_of_file(file: Path) -> str | None:
    """Return the district that the name of a file begins with; None = it names none.

    Examples
    --------
    >>> district_of_file(Path("430503_2025.xlsx")), district_of_file(Path("大祥区 9月.xlsx"))
    ('430503', '430503')
    """
    stem = file.stem.strip()
    if stem[:6].isascii() and stem[:6].isdigit() and len(stem[:6]) == 6:
        return stem[:6]
    named = [
        (len(name), code)
        for code, region in known_regions().items()
        for name in (region.name.zh, region.name.en)
        if stem.casefold().startswith(name.casefold())
    ]
    return max(named)[1] if named else None


def target_rows(given: str | Path | Mapping[str, float] | None) -> dict[tuple[str, int], float]:
    """Return growth to be reached, percent, by the code of the district and month (12 = the year).

    Parameters
    ----------
    given : str, Path, mapping or None
        A CSV with a district and its growth in a row (地区, 目标增速 or ``region_code``,
        ``target_growth_pct``), or both by name; a blank growth is no target. A column of months
        (月份, ``month``, 1 to 12) tells growth since January by then.

    Raises
    ------
    DataMissingError, DataInvalidError
        The file cannot be read, or a row has no known district or no number; the message names
        file and line.

    Examples
    --------
    >>> target_rows({"大祥区": 5.0, "430511": 4})
    {('430503', 12): 5.0, ('430511', 12): 4.0}
    """
    if given is None:
        return {}
    if isinstance(given, Mapping):
        return {(code_of_region(name), MONTHS): float(value) for name, value in given.items()}
    path = Path(given)
    missing = Text("读不到目标文件", "the file of targets cannot be read")
    content = bytes_of(path, missing, where=path.name)
    rows = csv.reader(io.StringIO(decoded(content, path.name)))
    header = [cell.strip() for cell in next(rows, [])]
    at = {
        name: next((header.index(word) for word in words if word in header), -1)
        for name, words in _HEADERS.items()
    }
    if min(at[REGION], at[GROWTH]) < 0:
        wanted = ", ".join(_HEADERS[name][0] for name in (REGION, GROWTH))
        raise _wrong(path, 1, ", ".join(header), wanted)
    found: dict[tuple[str, int], float] = {}
    for line, row in enumerate(rows, start=2):
        cells = [cell.strip() for cell in row] + [""] * (len(header) + 1)
        named, growth = cells[at[REGION]], cells[at[GROWTH]].removesuffix("%")
        told = cells[at[MONTH]].removesuffix("月") if at[MONTH] >= 0 else ""
        if not named and not growth:
            continue
        code = code_of_region(named)
        if not (code.isascii() and code.isdigit() and len(code) == 6):
            raise _wrong(path, line, named, Text("地区名称或六位代码", "a region, by name or code"))
        if told not in {"", *map(str, range(1, MONTHS + 1))}:
            raise _wrong(path, line, told, Text("1至12，空白即全年", "1 to 12, blank for the year"))
        key = code, int(told or MONTHS)
        if key in found:
            once = Text("每个地区每月一行", "one row a district and month")
            raise _wrong(path, line, named, once)
        if growth:
            try:
                found[key] = float(growth)
            except ValueError:
                raise _wrong(path, line, growth, Text("百分数", "a percentage")) from None
    return found


def ledger_targets(
    ledgers: Mapping[str, Mapping[str, pd.DataFrame]], *, year: int
) -> dict[tuple[str, int], float]:
    """Return growth to be reached as the ledger of each district tells it of the district itself.

    Like :func:`target_rows`; where a ledger tells two for one month, none.
    """
    found: dict[tuple[str, int], float] = {}
    for code, tables in ledgers.items():
        if "targets" not in tables:
            continue
        rows = own_targets(tables["targets"], code, year=year)
        rows = rows[rows["metric"].eq("growth") & rows["value_unit"].eq("percent")]
        for month, some in rows.groupby(rows["month"].fillna(MONTHS)):
            values = some["value"].dropna().unique()
            if len(values) == 1:
                found[code, int(str(month).partition(".")[0])] = float(values[0])
    return found


def own_targets(targets: pd.DataFrame, code: str, *, year: int) -> pd.DataFrame:
    """Return the rows of a ledger's targets of a year that are about the district itself."""
    names = [region_named(code).name.zh, *WHOLE_DISTRICT]
    return targets[targets["unit"].isin(names) & targets["year"].eq(year)]


def _wrong(path: Path, line: int, got: str, allowed: Text | str) -> DataInvalidError:
    return DataInvalidError(
        Text("目标文件的这一行不可用", "this row of the targets cannot be used"),
        where=f"{path.name}:{line}",
        got=got,
        allowed=allowed,
    )


def ledger_paths(given: str | Path | Mapping[str, str | Path] | None) -> dict[str, Path]:
    """Return the ledger of each district by its code.

    Parameters
    ----------
    given : str, Path, mapping or None
        A folder with a file (or a folder of files) for each district, named by code or name; or
        districts and their ledgers.

    Raises
    ------
    DataMissingError
        The folder holds no ledger.
    DataInvalidError
        A file names no district, or two name the same.
    """
    if given is None:
        return {}
    if isinstance(given, Mapping):
        return {code_of_region(name): Path(path) for name, path in given.items()}
    folder = Path(given)
    inside = sorted(folder.iterdir()) if folder.is_dir() else [folder]
    found: dict[str, Path] = {}
    for one in inside:
        if not one.is_dir() and one.suffix.lower() not in LEDGER_FORMATS:
            continue
        code = district_of_file(one)
        if code is None or code in found:
            raise DataInvalidError(
                Text("看不出台账属于哪个县市区", "whose ledger this is cannot be told"),
                where=one.name,
                allowed=Text(
                    "文件名以代码或名称开头，每个县市区一份",
                    "a name that begins with the district's code or name, one for each district",
                ),
            )
        found[code] = one
    if not found:
        raise DataMissingError(
            Text("文件夹里没有台账", "the folder holds no ledger"), where=folder.name
        )
    return found
