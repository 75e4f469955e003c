"""What is written down while a file is read: changes, what was left out, open questions."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple, TypedDict

from faiwatch.core.errors import DataInvalidError
from faiwatch.core.phrases import joined, say
from faiwatch.core.text import NOTHING, Language, Text, clean, echoed
from faiwatch.ingest.values import Value, address, shown


class Coercion(NamedTuple):
    """One cell that became something else than what stands in it.

    Attributes
    ----------
    sheet, cell : str
        Where.
    was, became : str
        As text; an empty `became` means that nothing was read from the cell.
    rule : str
        One of :data:`faiwatch.ingest.rules.RULES`.
    """

    sheet: str
    cell: str
    was: str
    became: str
    rule: str


class QuestionRow(TypedDict):
    """An open question as ``faiwatch ingest --json`` prints it."""

    id: str
    sheet: str
    cell: str
    question: str
    got: str
    flag: str  # the option that answers it
    proposal: str
    group: str


class CoercionRow(TypedDict):
    """A cell that became something else than what stands in it, see :class:`Coercion`."""

    sheet: str
    cell: str
    was: str
    became: str
    rule: str


class IngestAnswer(TypedDict):
    """What ``faiwatch ingest --json`` prints: the rows that were read, and how; None = missing."""

    kind: Literal["fai", "ledger"]
    rows: int
    table: list[dict[str, str | int | float | bool | None]]
    coercions: list[CoercionRow]
    questions: list[QuestionRow]


@dataclass(frozen=True, slots=True)
class Question:
    """Something that the file leaves open.

    Attributes
    ----------
    id : str
        ``unit``, ``growth_scale``, ``region``, ``indicator``, ``period``, ``label``, ``measure``,
        ``window``, ``number``, ``magnitude``, ``growth``, ``conflict``, ``formula``,
        ``subject``; in a ledger also ``table``, ``field``, ``as_of``, ``year``, ``date``,
        ``choice``, ``code``, ``required``, ``duplicate``, ``project``.
    sheet, cell : str
        Where it arose first.
    text : Text
        The question.
    got : str
        What stands there.
    flag : str
        Option of ``faiwatch ingest`` that answers it; empty when only the file can be mended.
    proposal : str
        The nearest known spelling, or what history or the file itself makes likely; proposed,
        never used.
    group : str
        Questions of one kind and group are shown as one, with their number, and answered by one
        option; empty where a question stands alone.
    """

    id: str
    sheet: str
    cell: str
    text: Text
    got: str = ""
    flag: str = ""
    proposal: str = ""
    group: str = ""

    def as_json(self, lang: Language) -> QuestionRow:
        """Return the question as plain values."""
        return {
            "id": self.id,
            "sheet": self.sheet,
            "cell": self.cell,
            "question": self.text.in_language(lang),
            "got": self.got,
            "flag": self.flag,
            "proposal": self.proposal,
            "group": self.group,
        }


def alike(questions: Sequence[Question]) -> list[list[Question]]:
    """Return questions by what one answer settles: of one kind and group, or with one option.

    Examples
    --------
    >>> one = Question("number", "一", "B2", Text("？", "?"), flag="--unreadable missing")
    >>> [len(some) for some in alike([one, replace(one, cell="B3")])]
    [2]
    """
    found: dict[tuple[str, ...], list[Question]] = {}
    for one in questions:
        key = (one.id, one.group or one.flag or f"{one.sheet}!{one.cell}")
        found.setdefault(key, []).append(one)
    return list(found.values())


def refused_as_open(
    questions: Sequence[Question], file: str, *, is_ingest: bool = False
) -> DataInvalidError:
    """Return the error for a file that leaves something open: its first question, and the answer.

    Parameters
    ----------
    questions : sequence of Question
        At least one.
    file : str
        How the file is called.
    is_ingest : bool
        ``faiwatch ingest`` says so, whose option the answer is; elsewhere it is told where to give
        it.
    """
    first, more = questions[0], len(alike(questions)) - 1
    others = say("ingest.log.more", more=more) if more else NOTHING
    answer = say("ingest.log.add", flag=first.flag) if first.flag else None
    if first.proposal:
        answer = say("ingest.log.is_it", proposal=first.proposal, flag=first.flag)
    if answer is not None and not is_ingest:
        answer = say("ingest.log.of_ingest", answer=answer)
    return DataInvalidError(
        joined([first.text, others], "", ""),
        where=f"{file} {first.sheet}!{first.cell}",
        got=first.got or None,
        todo=answer,
    )


@dataclass(slots=True)
class Log:
    """Notes of one reading, in the order in which they were made."""

    coercions: list[Coercion] = field(default_factory=list)
    dropped: list[Coercion] = field(default_factory=list)
    questions: dict[tuple[str, str], Question] = field(default_factory=dict)

    def coerced(self, sheet: str, cell: str, was: str, became: str, rule: str) -> None:
        """Note that a cell was read as something else."""
        self.coercions.append(Coercion(clean(sheet), cell, _echo(was), _echo(became), rule))

    def filled_down(self, sheet: str, row: int, column: int, above: Value) -> None:
        """Note that a blank cell was read as the one above it."""
        self.coerced(sheet, address(row, column), "", shown(above), "filled_down")

    def drop(self, sheet: str, cell: str, was: str, rule: str) -> None:
        """Note that a row, column or sheet was left out."""
        self.dropped.append(Coercion(clean(sheet), cell, _echo(was), "", rule))

    def ask(self, question: Question) -> None:
        """Note a question; the same one about the same thing is asked once."""
        echoed = replace(question, sheet=clean(question.sheet), got=_echo(question.got))
        self.questions.setdefault((question.id, question.got), echoed)


def map_flag(label: str, means: str) -> str:
    """Return the option that says what a label means, safe to be pasted into a shell.

    Examples
    --------
    >>> map_flag("民间透资", "private")
    "--map '民间透资=private'"
    """
    return "--map " + shlex.quote(f"{_echo(' '.join(label.split()))}={means}")


def _echo(text: str) -> str:
    return echoed(clean(text))
