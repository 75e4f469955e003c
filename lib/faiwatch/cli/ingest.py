"""``faiwatch ingest FILE``: a workbook or CSV of any shape, read and reported.

Figures become Observations, a project ledger becomes its tables; which of the two a file holds is
told by its headers, or by ``--kind``.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

import typer

from faiwatch.cli.options import (
    IssuedOption,
    JsonOption,
    KeepInOption,
    LangOption,
    SourceOption,
    argument,
    issue_day,
    option,
    print_json,
    print_table,
    store_address,
    told,
)
from faiwatch.core.errors import refused
from faiwatch.core.text import Text, harmless, user_language
from faiwatch.data.parameter_types import EMBEDDED

if TYPE_CHECKING:
    import pandas as pd

    from faiwatch.ingest.ledger.reading import LedgerReading
    from faiwatch.ingest.reading import Reading

_NONE = "none"
_ROWS_SHOWN = 24

FileArgument = Annotated[
    Path, argument(Text("表格文件或文件夹", "workbook, CSV, or a folder of them"))
]
RegionAnswer = Annotated[str | None, option(Text("地区代码", "region code"))]
IndicatorAnswer = Annotated[str | None, option(Text("指标", "indicator"))]
YearAnswer = Annotated[
    int | None,
    option(Text("文件未写的年份", "year, where the file does not state it"), min=1950, max=2099),
]
UnitAnswer = Annotated[
    str | None, option(Text("投资额的单位，如 万元", "unit of values, such as 万元"))
]
ScaleAnswer = Annotated[
    Literal["percent", "fraction"] | None,
    option(
        Text(
            "增速、比例：5.2（percent）或 0.052（fraction）",
            "growth and shares: 5.2 (percent) or 0.052 (fraction)",
        )
    ),
]
SheetAnswer = Annotated[
    list[str] | None, option(Text("只读这些工作表", "read these sheets only"), "--sheet")
]
MapAnswer = Annotated[
    list[str] | None,
    option(Text("标签的含义，标签=含义", "meaning of a label, LABEL=MEANING"), "--map"),
]
UnreadableAnswer = Annotated[
    Literal["ask", "missing"],
    option(Text("读不懂的单元格：询问或视为缺失", "unreadable cells: ask, or treat as missing")),
]
HeadersOption = Annotated[
    Path | None,
    option(Text("自己的同义词表 label,means", "own synonym table with label,means")),
]
HistoryOption = Annotated[
    str,
    option(
        Text(
            "与哪些已有数据核对量级和增速，或 none",
            "known figures to compare sizes and growth with, or none",
        )
    ),
]
SubjectAnswer = Annotated[
    bool,
    option(
        Text(
            "文件写明的是别的指标，实为投资",
            "it is investment, though the file names another subject",
        ),
        "--subject-is-investment",
    ),
]
KindOption = Annotated[
    Literal["fai", "ledger"] | None,
    option(
        Text(
            "投资数据或项目台账",
            "figures or a project ledger; by default recognised by the headers",
        )
    ),
]
AsOfAnswer = Annotated[
    str | None,
    option(
        Text(
            "台账未写的月份，如 2026-08",
            "month, where the ledger does not state it, such as 2026-08",
        )
    ),
]
DuplicatesAnswer = Annotated[
    Literal["ask", "first", "last", "keep"],
    option(
        Text(
            "台账中同一项的不同内容：取哪一行",
            "duplicate rows with different content: which to take",
        )
    ),
]
OutOption = Annotated[
    Path | None,
    option(Text("写成 CSV；台账写入文件夹", "write as CSV; a ledger goes into a folder")),
]
ReportOption = Annotated[
    Path | None,
    option(Text("读取报告 .xlsx 或 .html", "reading report, .xlsx or .html")),
]


HELP = Text("读取任意版式的表格文件", "Read a workbook or CSV of any shape.")


def ingest(  # noqa: PLR0913  options, not arguments
    file: FileArgument,
    kind: KindOption = None,
    region: RegionAnswer = None,
    indicator: IndicatorAnswer = None,
    year: YearAnswer = None,
    unit: UnitAnswer = None,
    growth_scale: ScaleAnswer = None,
    sheet: SheetAnswer = None,
    map: MapAnswer = None,
    unreadable: UnreadableAnswer = "ask",
    as_of: AsOfAnswer = None,
    duplicates: DuplicatesAnswer = "ask",
    subject_is_investment: SubjectAnswer = False,
    headers: HeadersOption = None,
    history: HistoryOption = EMBEDDED,
    out: OutOption = None,
    report: ReportOption = None,
    data: KeepInOption = None,
    issued: IssuedOption = None,
    source: SourceOption = "own",
    as_json: JsonOption = False,
    lang: LangOption = None,  # noqa: ARG001  its callback has done it
) -> None:
    """Read a file; what it leaves open is asked (exit code 11), and answered by options."""
    _check(region, indicator, unit, report, as_of)
    store = None if data is None else store_address(data)
    wanted = _Wanted(file, out, report, as_json, store, issue_day(issued), source)

    from faiwatch.data.reference import known_indicators
    from faiwatch.data.source import data_source
    from faiwatch.ingest.ledger.answers import LedgerAnswers, mapped_label
    from faiwatch.ingest.ledger.reading import is_ledger, ledger_sheets, read_ledger
    from faiwatch.ingest.meaning import added_up, mapped
    from faiwatch.ingest.reading import Answers, read_sheets

    shared: dict[str, Any] = {"year": year, "unit": unit, "growth_scale": growth_scale}
    shared |= {"sheets": tuple(sheet or ()), "unreadable_is_missing": unreadable == "missing"}
    sheets = ledger_sheets(file)
    if kind == "ledger" or (kind is None and is_ledger(sheets)):
        shared |= {"as_of": as_of, "duplicates": duplicates}
        labels = dict(mapped_label(one) for one in map or ())
        for_ledger = LedgerAnswers(labels=labels, **shared)
        _finish(read_ledger(sheets, name=str(file), answers=for_ledger), wanted)
    else:
        shared |= {"region": region, "indicator": indicator, "headers": headers}
        shared |= {"subject_is_investment": subject_is_investment}
        known = None if history == _NONE else data_source(history).newest()
        means = added_up(mapped(one, tuple(known_indicators())) for one in map or ())
        answers = Answers(labels=means, **shared)
        _finish(read_sheets(sheets, name=str(file), answers=answers, history=known), wanted)


class _Wanted(NamedTuple):
    """What becomes of a file."""

    file: Path
    out: Path | None
    report: Path | None
    as_json: bool
    root: str | None
    issued: datetime.date | None
    source: str


def _check(
    region: str | None,
    indicator: str | None,
    unit: str | None,
    report: Path | None,
    as_of: str | None,
) -> None:
    """Refuse at once what can never be an answer."""
    from faiwatch.ingest.units import VALUE_UNITS, unit_named

    if region is not None and not re.fullmatch(r"\d{6}", region):
        raise refused("region", region, Text("六位数字", "six digits"))
    if indicator is not None and not re.fullmatch(r"[a-z][a-z0-9_]{0,59}", indicator):
        raise refused("indicator", indicator, Text("小写英文名", "a lower-case name"))
    if as_of is not None and not re.fullmatch(r"\d{4}-(?:0[1-9]|1[0-2])", as_of):
        raise refused("as_of", as_of, "YYYY-MM")
    found = None if unit is None else unit_named(unit)
    if unit is not None and (found is None or not found.per_100m):
        raise refused("unit", unit, ", ".join(VALUE_UNITS))
    if report is not None and report.suffix.lower() not in {".xlsx", ".html"}:
        raise refused("report", str(report), ".xlsx, .html")


def _finish(reading: Reading | LedgerReading, wanted: _Wanted) -> None:
    """Write, keep and print what was asked for; leave with the first question if there is one."""
    from faiwatch.core.files import atomic_write_bytes
    from faiwatch.data.store import Ingest, keep
    from faiwatch.site.reading_report import reading_page, reading_tables, summary
    from faiwatch.site.sheets import reading_workbook

    lang = user_language()
    if wanted.report is not None:
        if wanted.report.suffix.lower() == ".xlsx":
            written = reading_workbook(reading, lang=lang)
        else:
            written = reading_page(reading, lang=lang).encode()
        atomic_write_bytes(wanted.report, written)
    if wanted.as_json:
        print_json(reading.as_json(lang))
    elif len(reading.questions) > 1:  # each on a line, so that all can be answered at once
        for one in reading.questions:
            parts = (f"{one.sheet}!{one.cell}", one.text.in_language(lang), one.got, one.flag)
            typer.echo("  ".join(filter(None, parts)))
    read = reading.settled()
    if wanted.out is not None:
        _write_csv(read, wanted.out)
    kept = ""
    if wanted.root is not None:
        if isinstance(read, Mapping):
            figures = Text(
                "投资数据；台账请用 --out 文件夹", "figures; a ledger goes to --out FOLDER"
            )
            raise refused("data", wanted.root, figures)
        now, name = datetime.datetime.now(datetime.UTC), wanted.file.name
        got = Ingest(name, wanted.file.read_bytes(), wanted.source, now, wanted.issued)
        # the name alone: where a file lies on this machine is nobody's business
        kept = keep(read.assign(file=name), got, address=wanted.root).id
    if wanted.as_json:
        return
    typer.echo(summary(reading, lang=lang))
    for line in getattr(reading, "told_left_out", ()):
        typer.echo(line.in_language(lang))
    table = reading_tables(reading, lang=lang)[1]
    rows, words = len(table.frame), table.note
    if rows > _ROWS_SHOWN:
        words = Text(
            f"最后 {_ROWS_SHOWN} 行，共 {rows} 行", f"the last {_ROWS_SHOWN} of {rows} rows"
        )
    shown = replace(table, frame=table.frame.tail(_ROWS_SHOWN), note=words)
    print_table(shown)
    if kept:
        typer.echo(told(f"已入库 {kept}", f"kept as {kept}"))


def _write_csv(read: pd.DataFrame | Mapping[str, pd.DataFrame], out: Path) -> None:
    """Write Observations as one file, or the tables of a ledger as one file each."""
    from faiwatch.core.files import atomic_write_bytes
    from faiwatch.ingest.ledger.reading import as_csv

    if isinstance(read, Mapping):
        if out.is_file() or out.suffix.lower() == ".csv":
            raise refused("out", str(out), Text("文件夹", "a folder"))
        contents = {out / f"{name}.csv": as_csv(frame) for name, frame in read.items()}
    else:
        table = read.drop(columns=["file", "row"]).map(harmless)
        contents = {out: table.to_csv(index=False, lineterminator="\n")}
    for path, content in contents.items():
        atomic_write_bytes(path, content.encode("utf-8-sig"))  # Excel and WPS know it by the mark
