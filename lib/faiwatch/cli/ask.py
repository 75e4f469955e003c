"""The questions of a file, one by one on a terminal, and the file of answers that comes of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from faiwatch.cli.options import told
from faiwatch.core.errors import FaiwatchError
from faiwatch.core.text import user_language
from faiwatch.ingest.answers_file import NOT_KEPT, Entry, Said, said, write_answers
from faiwatch.ingest.dialogue import Asked, Choice, asked_of

if TYPE_CHECKING:
    from faiwatch.ingest.answered import Source
    from faiwatch.ingest.ledger.reading import LedgerReading
    from faiwatch.ingest.reading import Reading

_LATER, _END = "s", "q"


def asked_on_terminal(
    source: Source, reading: Reading | LedgerReading, now: Said, kept: Said, *, place: Path
) -> Reading | LedgerReading:
    """Ask what is open, read again after each answer, and offer to keep the answers.

    Nothing is taken without Enter. The end of the input leaves what is still open.
    """
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
                adding = said_by(choice)
                read_from = replace(source, history=None) if _ignores(choice) else source
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
    entries = [
        Entry(name, one, is_set=True)
        for name, value in now.values.items()
        for one in (value if isinstance(value, tuple) else (str(value),))
    ]
    entries += [
        Entry("map", f"{label}={means}", is_set=True)
        for label, several in now.labels.items()
        for means in several
    ]
    for one in asked_of(reading):
        entries += one.entries(_comments(one))
    write_answers(place, entries, heading=_heading())
    typer.echo(
        told(
            f"已写入 {place}：去掉要采用的行首的 #，再次运行即可",
            f"written to {place}: take off the # before each line that is right, and run again",
        )
    )


def said_by(choice: Choice) -> Said:
    """Return a choice as answers, checked; what only concerns this reading is not among them."""
    values: dict[str, object] = {}
    for option, value in choice.pairs:
        if option == "history":
            continue
        if option == "map":
            label, _, means = value.rpartition("=")
            values["map"] = {label.strip(): means}
        elif option in {"sheet", "take"}:
            values[option] = (*values.get(option, ()), value)  # type: ignore[misc]
        else:
            values[option] = value or True
    return said(values)


class _Ended(Exception):
    """The user ends the dialogue."""


def _ignores(choice: Choice) -> bool:
    return ("history", "none") in choice.pairs


def _answer(one: Asked, left: int) -> Choice | None:
    """Return the answer to one question, None for later."""
    lang = user_language()
    where = f"{one.first.sheet}!{one.first.cell}"
    typer.echo(
        f"\n[{left}] {where}  {one.first.text.in_language(lang)}{one.count.in_language(lang)}"
    )
    if one.first.got:
        typer.echo(told(f"    内容：{one.first.got}", f"    there: {one.first.got}"))
    if seen := one.seen.in_language(lang):
        typer.echo(f"    {seen}")
    if not one.first.flag:
        typer.echo(told("    只能在文件里改", "    only the file itself can be mended"))
        return None
    for at, choice in enumerate(one.choices, 1):
        mark = told("（建议）", " (proposed)") if choice == one.proposed else ""
        typer.echo(f"    {at}  {choice.words.in_language(lang)}{mark}  {choice.flag}")
    free = told(
        f"，或写出回答，如 {one.example.flag}", f", or your own words as in {one.example.flag}"
    )
    ask = told("编号", "number") + (free if one.is_free else "")
    ask += told(f"；{_LATER} 以后再说，{_END} 结束", f"; {_LATER} later, {_END} end")
    while True:
        words = typer.prompt(f"    {ask}", default="1" if one.proposed is not None else None)
        words = str(words).strip()
        if words == _LATER:
            return None
        if words == _END:
            raise _Ended
        if words.isdecimal() and 1 <= int(words) <= len(one.choices):
            return one.choices[int(words) - 1]
        typed = [choice for choice in one.choices if words in _spellings(choice)]
        if typed:
            return typed[0]
        if one.is_free and words:
            filled = one.example.filled(words)
            try:
                said_by(filled)
            except FaiwatchError as error:
                typer.echo(error.message(lang))
                continue
            return filled
        typer.echo(told("没有这个选项", "there is no such choice"))


def _spellings(choice: Choice) -> set[str]:
    """Return how a choice may be typed in full."""
    value = choice.pairs[-1][1]
    return {value, value.rpartition("=")[2], choice.flag, str(choice.words)} - {""}


def _offer(given: list[tuple[str, str]], place: Path) -> None:
    """Offer to keep answers for the next time."""
    kept = [Entry(*pair, is_set=True) for pair in given if pair[0] not in NOT_KEPT]
    if not kept:
        return
    ask = told(
        f"把这些回答存入 {place}，下次沿用？", f"Keep these answers in {place} for next time?"
    )
    try:
        if not typer.confirm(ask, default=True):
            return
    except (typer.Abort, EOFError):
        typer.echo("")
        return
    write_answers(place, kept, heading=_heading())
    typer.echo(told(f"已写入 {place}", f"written to {place}"))


def _heading() -> list[str]:
    return [
        told(
            "faiwatch 的回答文件：工作簿未写明的内容。每月沿用，可直接修改。",
            "Answers for faiwatch: what workbooks leave open. Used again each month; edit it.",
        ),
        told(
            "以 # 开头的是建议，不会自动采用；核对后去掉 # 才生效。文件已写明的，不受影响。",
            "A line after # is only proposed and never taken; take off the # if it is right. What "
            "a file states itself stays as it is.",
        ),
    ]


def _comments(one: Asked) -> list[str]:
    """Return what a file of answers says above the answers to one question."""
    lang = user_language()
    parts = [f"{one.first.sheet}!{one.first.cell} {one.first.text.in_language(lang)}"]
    parts[0] += one.count.in_language(lang)
    got = one.first.got
    if got and got not in parts[0]:
        parts.append(told(f"内容：{got}", f"there: {got}"))
    if seen := one.seen.in_language(lang):
        parts.append(seen)
    if one.is_free:
        parts.append(told(f"如 {one.example.flag}", f"as in {one.example.flag}"))
    return [" ".join(part.split()) for part in ["", *parts]]
