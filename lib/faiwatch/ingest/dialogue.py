"""The questions of a file as a dialogue: alike ones as one, in order, with what may be answered.

A question comes with the option that answers it (``Question.flag``). Here that option is taken
apart into choices, and it is worked out what a question holds up, what stands around its cell, and
which answers are proposed.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, NamedTuple

from faiwatch.core.phrases import joined, say, texts_of
from faiwatch.core.text import NOTHING as NO_WORDS
from faiwatch.core.text import Language, Text, clean
from faiwatch.data.ledger_fields import ledger_tables
from faiwatch.data.reference import known_indicators
from faiwatch.data.regions import known_regions
from faiwatch.ingest.answers_file import MAP, NOT_KEPT, Entry, Said, said
from faiwatch.ingest.headers import Synonyms, known_synonyms
from faiwatch.ingest.ledger.answers import SKIP
from faiwatch.ingest.ledger.reading import LedgerReading
from faiwatch.ingest.log import Question, alike
from faiwatch.ingest.meaning import FILLER, NOTHING, WORDS, spelt
from faiwatch.ingest.numbers import is_figure
from faiwatch.ingest.reading import Reading
from faiwatch.ingest.takes import TAKE_WORDS
from faiwatch.ingest.values import Sheet, position, shown

_OPEN = re.compile(r"…|YYYY-MM")  # where an answer is left for the user to fill in
_EXAMPLES = {"region", "indicator", "year", "as_of"}  # a flag with these shows how it is written
_NEIGHBOURS = 2
_LOOKED_AT = 60  # rows or columns away
_LONGEST = 40
_WORDS = {**texts_of("ingest.words_answers"), **TAKE_WORDS}
_MEANINGS = (  # what is filled in for a label; the synonym table knows these and many more
    Text("累计 投资额", "value ytd"),
    Text("累计增速", "growth ytd"),
    Text("民间投资 累计投资额", "private value ytd"),
    Text("民间投资 累计增速", "private growth ytd"),
    Text("制造业 累计增速", "manufacturing growth ytd"),
    Text("陕西", "Shaanxi"),
)
_OPTIONS: Mapping[str, Text] = {
    "sheet": Text("只读工作表", "read only sheet"),
    "subject_is_investment": Text("确是投资，读入", "it is investment: read it"),
}


class Choice(NamedTuple):
    """One answer that a question takes.

    Attributes
    ----------
    pairs : tuple of tuple
        Options and their values.
    """

    pairs: tuple[tuple[str, str], ...]

    @property
    def flag(self) -> str:
        """As it is given to ``faiwatch ingest``, safe to be pasted into a shell.

        Examples
        --------
        >>> Choice((("map", "民间透资=private"),)).flag
        "--map '民间透资=private'"
        """
        words = []
        for option, value in self.pairs:
            words += [f"--{option.replace('_', '-')}", *([value] if value else [])]
        return shlex.join(words)

    @property
    def is_open(self) -> bool:
        """Whether the user has to fill something in."""
        return any(_OPEN.search(value.rpartition("=")[2]) for _, value in self.pairs) or any(
            value.startswith("…=") for _, value in self.pairs
        )

    @property
    def ignores_history(self) -> bool:
        """Whether it says that what is known does not count; of this reading only."""
        return ("history", "none") in self.pairs

    def filled(self, words: str) -> Choice:
        """Return the choice with the user's own words as the answer."""
        *before, (option, value) = self.pairs
        if option != MAP:
            return Choice((*before, (option, words)))
        label, _, means = value.rpartition("=")
        given = f"{words}={means}" if label == "…" else f"{label}={_in_grammar(words)}"
        return Choice((*before, (option, given)))

    @property
    def words(self) -> Text:
        """What it means, for readers.

        Examples
        --------
        >>> Choice((("map", "完成额=growth ytd"),)).words.en
        'growth, year to date'
        """
        said = []
        for option, value in self.pairs:
            if option != MAP:
                words = _word(value) if value else NO_WORDS
                if option in _OPTIONS:
                    words = joined([_OPTIONS[option], words], "", " ")
                    words = Text(words.zh, words.en.rstrip())
                said.append(words)
                continue
            label, _, means = value.rpartition("=")
            parts = [_word(one) for one in means.split()]
            whole = joined(parts, "", ", ")
            if label == "*":
                whole = say("ingest.dialogue.all_else", means=whole)
            said.append(whole)
        return joined(said, "，", ", ")


@dataclass(frozen=True)
class Asked:
    """Questions that one answer settles, shown as one.

    Attributes
    ----------
    questions : tuple of Question
        At least one; the first stands for all.
    holds : int
        How many figures, or cells of a ledger, wait for the answer.
    seen : Text
        What stands around the cell.
    is_of_ledger : bool
        Whether it is about a ledger.
    """

    questions: tuple[Question, ...]
    holds: int
    seen: Text
    is_of_ledger: bool = False

    @property
    def first(self) -> Question:
        """The question that stands for all."""
        return self.questions[0]

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from other questions, also when the file is read again."""
        return self.first.id, self.first.group or self.first.flag or self.first.got

    @cached_property
    def choices(self) -> tuple[Choice, ...]:
        """The answers it takes, without those the user has to fill in."""
        if self._is_example:
            return ()
        whole = tuple(one for one in choices_of(self.first) if not one.is_open)
        if not whole and self.first.id == "label" and MAP in dict(self.example.pairs):
            return (self.example.filled(SKIP),)
        return whole

    @cached_property
    def example(self) -> Choice:
        """How an answer in the user's own words is written."""
        found = choices_of(self.first)
        return next((one for one in found if one.is_open), next(iter(found), Choice(())))

    @property
    def is_free(self) -> bool:
        """Whether the user may fill in an answer."""
        return self.example.is_open or self._is_example

    @property
    def suggestions(self) -> tuple[Text, ...]:
        """What the user may fill in, for a list to choose from; other answers are good too."""
        option = self.example.pairs[-1][0] if self.example.pairs else ""
        if option == "region":
            return tuple(one.name for one in known_regions().values() if not one.is_made_up)
        if option == "indicator":
            return tuple(one.label for one in known_indicators().values())
        if option != MAP or self.first.id != "label":
            return ()
        if self.is_of_ledger:
            fields = [one for table in ledger_tables().values() for one in table.fields.values()]
            return tuple(dict.fromkeys(one.label for one in fields))
        return _MEANINGS

    @property
    def hint(self) -> Text:
        """How an answer in the user's own words may look."""
        option, value = self.example.pairs[-1] if self.example.pairs else ("", "")
        if option == "region":
            return Text("陕西，或 610000", "Shaanxi, or 610000")
        if self.suggestions:
            return self.suggestions[0]
        return Text(value, value) if self._is_example else Text("…", "…")

    @property
    def _is_example(self) -> bool:
        """Whether the flag only shows how an answer is written: nobody proposes this one."""
        options = {option for option, _ in self.example.pairs}
        return not self.first.proposal and bool(options & _EXAMPLES)

    @property
    def proposed(self) -> Choice | None:
        """The answer that is likely; it is never taken by itself."""
        found = choices_of(self.first)
        if not self.first.proposal or not found or found[0].is_open:
            return None
        says_nothing = found[0].pairs[-1][1].endswith(f"={FILLER}")  # the nearest word is a filler
        return None if says_nothing else found[0]

    @property
    def count(self) -> Text:
        """How many questions it stands for and what waits for it, in brackets; may be empty."""
        n = len(self.questions)
        parts = [say("ingest.dialogue.alike", n=n)] if n > 1 else []
        if self.holds > 1:
            parts.append(say("ingest.dialogue.holds", n=self.holds))
        return say("ingest.dialogue.count", said=joined(parts, "，", ", ")) if parts else NO_WORDS

    def told(self, lang: Language) -> list[str]:
        """Return in words where it is, what is asked, what stands there, and what around it."""
        first = self.first
        place = f"{first.sheet}!{first.cell}"
        words = [f"{place} {first.text.in_language(lang)}{self.count.in_language(lang)}"]
        if first.got and first.got not in words[0]:
            words.append(say("ingest.dialogue.there", got=first.got).in_language(lang))
        if self.seen != NO_WORDS:
            words.append(say("ingest.dialogue.seen", seen=self.seen).in_language(lang))
        return [" ".join(one.split()) for one in words]

    def line(self, lang: Language) -> str:
        """Return the question and its shortest answer on one line."""
        words = self.told(lang)
        if self.proposed is not None:
            proposal = say("ingest.dialogue.proposed", means=self.proposed.words)
            words.append(proposal.in_language(lang))
        answers = " | ".join(choice.flag for choice in choices_of(self.first))
        return "  ".join(words) + (f"  → {answers}" if answers else "")

    def entries(self, lang: Language) -> list[Entry]:
        """Return its answers for a file of answers, as proposals under the question."""
        choices = self.choices if self.first.proposal or not self.is_free else ()
        choices += (self.example.filled("…"),) if self.is_free else ()
        pairs = [pair for one in choices for pair in one.pairs if pair[0] not in NOT_KEPT]
        words = ["", *self.told(lang)]
        if self.is_free:
            words.append(say("ingest.dialogue.as_in", flag=self.example.flag).in_language(lang))
        return [Entry(*pair, () if at else tuple(words)) for at, pair in enumerate(pairs)]


def choices_of(question: Question) -> tuple[Choice, ...]:
    """Return the answers in the flag of a question: ``A | B``, or ``LABEL=A|B`` of ``--map``.

    Examples
    --------
    >>> text = Text("？", "?")
    >>> flag = "--map 'yoy=growth ytd|skip' | --history none"
    >>> asked = Question("window", "一", "C1", text, flag=flag)
    >>> [one.flag for one in choices_of(asked)]
    ["--map 'yoy=growth ytd'", '--map yoy=skip', '--history none']
    """
    try:
        words = shlex.split(question.flag)
    except ValueError:
        return ()
    found: list[list[tuple[str, str]]] = [[]]
    option = ""
    for word in words:
        if word == "|":
            found.append([])
        elif re.fullmatch(r"--[a-z][a-z-]*", word):
            option = word[2:].replace("-", "_")
            found[-1].append((option, ""))
        elif found[-1] and not found[-1][-1][1]:
            found[-1][-1] = (option, word)
        else:
            found[-1].append((option, word))
    choices = []
    for pairs in found:
        *before, (option, value) = pairs or [("", "")]
        label, divider, means = value.rpartition("=")
        several = means.split("|") if option == MAP else [means]
        choices += [Choice((*before, (option, f"{label}{divider}{one}"))) for one in several]
    return tuple(one for one in choices if one.pairs[-1][0])


def asked_of(reading: Reading | LedgerReading) -> list[Asked]:
    """Return the questions of a reading, alike ones as one, those that hold up most first.

    Which table it is comes before what labels mean, that before units, that before single cells;
    among equals, those with a proposal, and those that more figures wait for.
    """
    if "asked" not in reading.__dict__:  # worked out once, as by a cached property
        around = _Around({clean(one.name): one for one in reading.workbook})
        is_of_ledger = isinstance(reading, LedgerReading)
        found = []
        for questions in alike(reading.questions):
            holds = around.waiting_for(questions)
            found.append(Asked(tuple(questions), holds, around.seen(questions[0]), is_of_ledger))
        found.sort(key=lambda one: (rank(one.first), one.proposed is None, -one.holds))
        reading.__dict__["asked"] = found
    asked: list[Asked] = reading.__dict__["asked"]
    return asked


def rank(question: Question) -> int:
    """Return how early a question is asked: the file, labels, units, single cells."""
    return next((at for at, ids in enumerate(_ORDER) if question.id in ids), _LABELS)


def pasted(command: Sequence[str], asked: Sequence[Asked]) -> str:
    """Return a command with every proposed answer, for a shell; empty where nothing is proposed.

    Parameters
    ----------
    command : sequence of str
        What was typed.
    asked : sequence of Asked
        What is open.
    """
    answers = dict.fromkeys(one.proposed.flag for one in asked if one.proposed is not None)
    return " ".join([shlex.join(command), *answers]) if answers else ""


def said_by(choices: Sequence[Choice]) -> Said:
    """Return choices as answers, checked; what only concerns one reading is not among them.

    Raises
    ------
    ParameterError
        What was filled in is no answer.
    """
    whole = Said()
    for option, value in (pair for one in choices for pair in one.pairs):
        label, _, means = value.rpartition("=")
        given: dict[str, Any] = {option: value or True}
        if option == MAP:
            given = {MAP: {label.strip(): means}}
        elif option in {"sheet", "take"}:
            given = {option: (*whole.values.get(option, ()), value)}
        if option != "history":
            whole = said(given).over(whole)
    return whole


def entries_of(answers: Said) -> list[Entry]:
    """Return answers as lines for a file of answers."""
    found = []
    for name, value in answers.values.items():
        several = value if isinstance(value, tuple) else (value,)
        found += [Entry(name, str(one), is_set=True) for one in several]
    for label, meanings in answers.labels.items():
        found += [Entry(MAP, f"{label}={one}", is_set=True) for one in meanings]
    return found


def heading(lang: Language) -> list[str]:
    """Return what stands at the top of a file of answers."""
    words = (
        Text(
            "faiwatch 的回答文件：工作簿未写明的内容。每月沿用，可直接修改。",
            "Answers for faiwatch: what workbooks leave open. Used again each month; edit it.",
        ),
        Text(
            "以 # 开头的是建议，不会自动采用；核对后去掉 # 才生效。文件已写明的，不受影响。",
            "A line after # is only proposed and never taken; take off the # if it is right. What "
            "a file states itself stays as it is.",
        ),
    )
    return [one.in_language(lang) for one in words]


_ORDER = (
    {"subject", "kind", "table", "region", "indicator", "year", "as_of"},
    {"label", "field", "measure", "window", "period", "month", "growth"},
    {"unit", "growth_scale", "magnitude"},
    {"number", "formula", "date", "choice", "code", "required", "duplicate", "project", "conflict"},
)
_LABELS = 1
CELLS = len(_ORDER) - 1


@dataclass
class _Around:
    """The sheets of a file, to look around a cell in."""

    sheets: Mapping[str, Sheet]

    def __post_init__(self) -> None:
        self._counts: dict[str, list[int]] = {}

    def waiting_for(self, questions: Sequence[Question]) -> int:
        """Return how many figures wait for one answer to all of some questions."""
        if rank(questions[0]) == 0:  # each is about its whole sheet
            questions = list({one.sheet: one for one in questions}.values())
        return sum(map(self.waiting, questions))

    def waiting(self, question: Question) -> int:
        """Return how many figures wait for an answer: of the sheet, the column or row, the cell."""
        sheet = self.sheets.get(question.sheet)
        order = rank(question)
        if sheet is None or order == CELLS:
            return 1
        if question.sheet not in self._counts:
            counts = [0] * max(map(len, sheet.rows), default=0)
            for cells in sheet.rows:
                for at, cell in enumerate(cells):
                    if cell != "":  # most cells are blank or plain numbers
                        counts[at] += type(cell) is float or is_figure(cell)
            self._counts[question.sheet] = counts
        counts = self._counts[question.sheet]
        if order == 0:
            return sum(counts)
        row, column = position(question.cell)
        in_row = sum(map(is_figure, sheet.rows[row][column:])) if row < len(sheet.rows) else 0
        return max(counts[column] if column < len(counts) else 0, in_row, 1)

    def seen(self, question: Question) -> Text:
        """Return what stands in a cell and next to it: below a header, right of a label."""
        sheet = self.sheets.get(question.sheet)
        if sheet is None:
            return NO_WORDS
        row, column = position(question.cell)
        below = self._next(sheet, ((at, column) for at in range(row + 1, row + _LOOKED_AT)))
        right = self._next(sheet, ((row, at) for at in range(column + 1, column + _LOOKED_AT)))
        here = _short(shown(sheet.at(row, column)))
        is_other = here and here != question.got
        parts = [say("ingest.dialogue.here", here=here)] if is_other else []
        if below:
            parts.append(say("ingest.dialogue.below", words=below))
        if right:
            parts.append(say("ingest.dialogue.right", words=right))
        return joined(parts, "，", "; ")

    def _next(self, sheet: Sheet, places: Iterable[tuple[int, int]]) -> str:
        words = filter(None, (_short(shown(sheet.at(*at))) for at in places))
        return ", ".join(islice(words, _NEIGHBOURS))


def _short(words: str) -> str:
    words = " ".join(clean(words).split())
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"


def _in_grammar(words: str) -> str:
    """Return an answer in the words of ``--map``, for one that is written as people write labels.

    Examples
    --------
    >>> _in_grammar("民间投资 累计增速"), _in_grammar("责任单位"), _in_grammar("value ytd")
    ('growth ytd private', 'unit', 'value ytd')
    """
    known = {*WORDS, *known_indicators()}
    if words == "…" or all(one in known for one in words.split()):
        return words
    for table in ledger_tables().values():
        for one in table.fields.values():
            if words in {one.label.zh, one.label.en}:
                return one.name
    meaning = Synonyms(known_synonyms()).understand(words)
    return words if meaning.unknown is not None or meaning == NOTHING else spelt(meaning)


def _word(word: str) -> Text:
    """Return one word of an answer as readers know it."""
    if word in _WORDS:
        return _WORDS[word]
    if word in known_indicators():
        return known_indicators()[word].label
    if word in known_regions():
        return known_regions()[word].name
    for table in ledger_tables().values():
        if word == table.name:
            return table.label
        if word in table.fields:
            return table.fields[word].label
    return Text(word, word)
