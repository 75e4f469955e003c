"""``faiwatch ingest FILE``: a workbook or CSV of any shape, read and reported.

Figures become Observations, a project ledger becomes its tables; which of the two a file holds is
told by its headers, or by ``--kind``.
"""

from __future__ import annotations

import datetime
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

import typer

from faiwatch.cli.options import (
    AnswersOption,
    IssuedOption,
    JsonOption,
    KeepInOption,
    SourceOption,
    argument,
    check_ending,
    issue_day,
    option,
    print_json,
    print_table,
    say_files,
    store_address,
    told,
)
from faiwatch.core.errors import FaiwatchError, refused
from faiwatch.core.phrases import say
from faiwatch.core.text import NOTHING, Text, user_language
from faiwatch.data.parameter_types import EMBEDDED

if TYPE_CHECKING:
    import pandas as pd

    from faiwatch.ingest.answered import Source
    from faiwatch.ingest.answers_file import Said
    from faiwatch.ingest.dialogue import Asked, Choice
    from faiwatch.ingest.ledger.reading import LedgerReading
    from faiwatch.ingest.reading import Reading

_NONE = "none"
_ROWS_SHOWN = 24
_LATER, _END = "s", "q"
_MOST_QUESTIONS = 6  # on a terminal, so that with the rest it has ten lines at most

FileArgument = Annotated[Path, argument(say("cli.ingest.file"))]
RegionAnswer = Annotated[str | None, option(say("cli.ingest.region"))]
IndicatorAnswer = Annotated[str | None, option(say("cli.ingest.indicator"))]
YearAnswer = Annotated[int | None, option(say("cli.ingest.year"), min=1950, max=2099)]
UnitAnswer = Annotated[str | None, option(say("cli.ingest.unit"))]
ScaleAnswer = Annotated[Literal["percent", "fraction"] | None, option(say("cli.ingest.scale"))]
SheetAnswer = Annotated[list[str] | None, option(say("cli.ingest.sheet"), "--sheet")]
MapAnswer = Annotated[list[str] | None, option(say("cli.ingest.map"), "--map")]
UnreadableAnswer = Annotated[Literal["ask", "missing"] | None, option(say("cli.ingest.unreadable"))]
HeadersOption = Annotated[Path | None, option(say("cli.ingest.headers"))]
HistoryOption = Annotated[str, option(say("cli.ingest.history"))]
SubjectAnswer = Annotated[
    bool | None,
    option(
        say("cli.ingest.subject"),
        "--subject-is-investment/",  # there is no option that says the contrary
    ),
]
TakeAnswer = Annotated[list[str] | None, option(say("cli.ingest.take"), "--take")]
KindOption = Annotated[Literal["fai", "ledger"] | None, option(say("cli.ingest.kind"))]
AsOfAnswer = Annotated[str | None, option(say("cli.ingest.as_of"))]
DuplicatesAnswer = Annotated[
    Literal["ask", "first", "last", "keep"] | None, option(say("cli.ingest.duplicates"))
]
WriteAnswersOption = Annotated[bool, option(say("cli.ingest.write_answers"), "--write-answers")]
AskOption = Annotated[bool, option(say("cli.ingest.ask"), "--ask")]
OutOption = Annotated[Path | None, option(say("cli.ingest.out"))]
ReportOption = Annotated[Path | None, option(say("cli.ingest.report"))]


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
    unreadable: UnreadableAnswer = None,
    as_of: AsOfAnswer = None,
    duplicates: DuplicatesAnswer = None,
    subject_is_investment: SubjectAnswer = None,
    take: TakeAnswer = None,
    headers: HeadersOption = None,
    history: HistoryOption = EMBEDDED,
    answers: AnswersOption = None,
    write_answers: WriteAnswersOption = False,
    ask: AskOption = False,
    out: OutOption = None,
    report: ReportOption = None,
    data: KeepInOption = None,
    issued: IssuedOption = None,
    source: SourceOption = "own",
    as_json: JsonOption = False,
) -> None:
    """Read a file; what it leaves open is asked (exit code 11), and answered by options."""
    check_ending("report", report, ".xlsx", ".html")
    if ask and as_json:
        raise refused("ask", "--json", Text("二者取一", "one of the two"))
    store = None if data is None else store_address(data)
    wanted = _Wanted(file, out, report, as_json, store, issue_day(issued), source)
    options: dict[str, object] = {"region": region, "indicator": indicator, "year": year}
    options |= {"unit": unit, "growth_scale": growth_scale}
    options |= {"as_of": as_of, "duplicates": duplicates}
    options |= {"sheet": sheet, "unreadable": unreadable, "headers": headers}
    options |= {"subject_is_investment": subject_is_investment, "take": take}

    from faiwatch.ingest.answered import Source
    from faiwatch.ingest.answers_file import kept_answers, said
    from faiwatch.ingest.places import kept_files, place_of_answers

    now = said(options)
    opened = Source.open(file, kind=kind, history=None if history == _NONE else history)
    now = now.over(_labels(map or (), is_ledger=opened.is_ledger))
    place = answers or place_of_answers(file, store)
    is_new = (ask or write_answers) and not place.exists()
    files = kept_files(file, named=None if is_new else answers, store=store)
    say_files(files, err=as_json)
    kept = kept_answers(files)
    reading = opened.read(now, kept)
    if ask and reading.questions:
        reading = asked_on_terminal(opened, reading, now, kept, place=place)
    if write_answers and reading.questions:
        written_answers(reading, now, place=place)
    _finish(reading, wanted)


def _labels(given: Sequence[str], *, is_ledger: bool) -> Said:
    """Return what ``--map`` says, after refusing what this kind of file does not know."""
    from faiwatch.data.reference import known_indicators
    from faiwatch.ingest.answers_file import Said
    from faiwatch.ingest.ledger.answers import mapped_label
    from faiwatch.ingest.meaning import mapped

    labels: dict[str, tuple[str, ...]] = {}
    for one in given:
        label = mapped_label(one)[0] if is_ledger else mapped(one, tuple(known_indicators()))[0]
        labels[label] = (*labels.get(label, ()), one.rpartition("=")[2].strip())
    return Said({}, labels)


class _Wanted(NamedTuple):
    """What becomes of a file."""

    file: Path
    out: Path | None
    report: Path | None
    as_json: bool
    root: str | None
    issued: datetime.date | None
    source: str


def _finish(reading: Reading | LedgerReading, wanted: _Wanted) -> None:
    """Write, keep and print what was asked for; leave with the first question if there is one."""
    from faiwatch.core.files import atomic_write_bytes
    from faiwatch.data.store import Ingest, keep
    from faiwatch.ingest.dialogue import asked_of
    from faiwatch.ingest.log import refused_as_open
    from faiwatch.site.reading_report import reading_page
    from faiwatch.site.sheets import reading_workbook
    from faiwatch.view.tables.reading import reading_tables, summary

    lang = user_language()
    if wanted.report is not None:
        if wanted.report.suffix.lower() == ".xlsx":
            written = reading_workbook(reading, lang=lang)
        else:
            written = reading_page(reading, lang=lang).encode()
        atomic_write_bytes(wanted.report, written)
    if wanted.as_json:
        print_json(reading.as_json(lang))
    if asked := asked_of(reading):
        # a file about another subject is refused in the one line of the error
        is_told = not wanted.as_json and any(one.first.id != "subject" for one in asked)
        for line in question_lines(asked, sys.argv[1:]) if is_told else ():
            typer.echo(line)
        raise refused_as_open([one.first for one in asked], reading.file, is_ingest=True)
    read = reading.settled()
    if wanted.out is not None:
        _write_csv(read, wanted.out)
    kept = ""
    if wanted.root is not None:
        if isinstance(read, Mapping):
            raise refused("data", wanted.root, say("cli.ingest.only_figures"))
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
        words = say("cli.ingest.last_rows", shown=_ROWS_SHOWN, rows=rows)
    print_table(replace(table, frame=table.frame.tail(_ROWS_SHOWN), note=words))
    if kept:
        typer.echo(say("cli.ingest.kept", id=kept))


def question_lines(asked: Sequence[Asked], command: Sequence[str]) -> list[str]:
    """Return open questions for a terminal: those that hold up most, and how to answer them.

    The last line but one is the whole command with every answer that is proposed, to be pasted.
    """
    from faiwatch.ingest.dialogue import pasted

    lang = user_language()
    lines = [f"{at}. {one.line(lang)}" for at, one in enumerate(asked[:_MOST_QUESTIONS], 1)]
    if more := len(asked) - len(lines):
        lines.append(str(say("cli.ingest.more", more=more)))
    again = [one for one in command if one not in {"--ask", "--write-answers"}]
    if line := pasted(["faiwatch", *again], asked):
        lines.append(f"{Text('采用全部建议：', 'All proposals: ').in_language(lang)}{line}")
    return [*lines, str(say("cli.ingest.ways"))]


def asked_on_terminal(
    source: Source, reading: Reading | LedgerReading, now: Said, kept: Said, *, place: Path
) -> Reading | LedgerReading:
    """Ask what is open, read again after each answer, and offer to keep the answers.

    Nothing is taken without Enter. The end of the input leaves what is still open.
    """
    from faiwatch.ingest.dialogue import asked_of, said_by

    given: list[tuple[str, str]] = []
    later: set[tuple[str, str]] = set()
    try:
        while open_ones := [one for one in asked_of(reading) if one.key not in later]:
            one = open_ones[0]
            choice = _answer(one, len(open_ones))
            if choice is None:
                later.add(one.key)
                continue
            try:
                adding = said_by([choice])
                read_from = source.without_history() if choice.ignores_history else source
                again = read_from.read(adding.over(now), kept)
            except FaiwatchError as error:
                typer.echo(error.message(user_language()))
                continue
            given += choice.pairs
            source, now, reading = read_from, adding.over(now), again
            if one.key in {other.key for other in asked_of(reading)}:
                typer.echo(told("仍未解决，先跳过", "this is still open; left for later"))
                later.add(one.key)
    except (typer.Abort, EOFError, _Ended):
        typer.echo("")
    _offer(given, place)
    return reading


def written_answers(reading: Reading | LedgerReading, now: Said, *, place: Path) -> None:
    """Write what is said and what is proposed into a file of answers, and say where it is."""
    from faiwatch.ingest.answers_file import write_answers
    from faiwatch.ingest.dialogue import asked_of, entries_of, heading

    entries = entries_of(now)
    for one in asked_of(reading):
        entries += one.entries(user_language())
    write_answers(place, entries, heading=heading(user_language()))
    typer.echo(say("cli.ingest.written_open", place=place), err=True)


class _Ended(Exception):
    """The user ends the dialogue."""


def _answer(one: Asked, left: int) -> Choice | None:
    """Return the answer to one question, None for later."""
    from faiwatch.ingest.dialogue import said_by

    lang = user_language()
    where = f"{one.first.sheet}!{one.first.cell}"
    typer.echo(
        f"\n[{left}] {where}  {one.first.text.in_language(lang)}{one.count.in_language(lang)}"
    )
    if one.first.got:
        typer.echo(f"    {say('cli.ingest.there', got=one.first.got)}")
    if seen := one.seen.in_language(lang):
        typer.echo(f"    {seen}")
    if not one.first.flag:
        typer.echo(told("    只能在文件里改", "    only the file itself can be mended"))
        return None
    for at, choice in enumerate(one.choices, 1):
        mark = told("（建议）", " (proposed)") if choice == one.proposed else ""
        typer.echo(f"    {at}  {choice.words.in_language(lang)}{mark}  {choice.flag}")
    free = say("cli.ingest.own_words", hint=one.hint) if one.is_free else NOTHING
    ask = say("cli.ingest.number", free=free, later=_LATER, end=_END)
    while True:
        words = typer.prompt(f"    {ask}", default="1" if one.proposed is not None else None)
        words = str(words).strip()
        if words == _LATER:
            return None
        if words == _END:
            raise _Ended
        if words.isdecimal() and 1 <= int(words) <= len(one.choices):
            return one.choices[int(words) - 1]
        for choice in one.choices:
            value = choice.pairs[-1][1]  # any of these is a choice typed in full
            typed = {value, value.rpartition("=")[2], choice.flag, str(choice.words)}
            if words and words in typed:
                return choice
        if one.is_free and words:
            filled = one.example.filled(words)
            try:
                said_by([filled])
            except FaiwatchError as error:
                typer.echo(error.message(lang))
                continue
            return filled
        typer.echo(told("没有这个选项", "there is no such choice"))


def _offer(given: list[tuple[str, str]], place: Path) -> None:
    """Offer to keep answers for the next time."""
    from faiwatch.ingest.answers_file import NOT_KEPT, Entry, write_answers
    from faiwatch.ingest.dialogue import heading

    kept = [Entry(*pair, is_set=True) for pair in given if pair[0] not in NOT_KEPT]
    if not kept:
        return
    try:
        if not typer.confirm(str(say("cli.ingest.keep_answers", place=place)), default=True):
            return
    except (typer.Abort, EOFError):
        typer.echo("")
        return
    write_answers(place, kept, heading=heading(user_language()))
    typer.echo(say("cli.ingest.written", place=place))


def _write_csv(read: pd.DataFrame | Mapping[str, pd.DataFrame], out: Path) -> None:
    """Write Observations as one file, or the tables of a ledger as one file each."""
    from faiwatch.core.files import atomic_write_bytes
    from faiwatch.ingest.ledger.reading import as_csv

    if isinstance(read, Mapping):
        if out.is_file() or out.suffix.lower() == ".csv":
            raise refused("out", str(out), Text("文件夹", "a folder"))
        contents = {out / f"{name}.csv": as_csv(frame) for name, frame in read.items()}
    else:
        from faiwatch.data.frames import harmless_frame

        table = harmless_frame(read.drop(columns=["file", "row"]))
        contents = {out: table.to_csv(index=False, lineterminator="\n")}
    for path, content in contents.items():
        atomic_write_bytes(path, content.encode("utf-8-sig"))  # Excel and WPS know it by the mark
