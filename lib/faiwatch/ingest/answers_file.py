"""What the user says about files: by options, in ``answers.toml``, or as a mapping in Python.

All three call an answer as the options of ``faiwatch ingest`` do. Answers add up: an option wins
over the file that is named, that over those kept beside the workbook and in the store. A label is
given its meaning piece by piece, by each of them.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cache, reduce
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, create_model

from faiwatch.core.errors import ParameterError, nearest, refused
from faiwatch.core.files import atomic_write, bytes_of
from faiwatch.core.phrases import say
from faiwatch.core.text import Text
from faiwatch.data.reference import known_indicators
from faiwatch.data.regions import code_of_region
from faiwatch.ingest.ledger.answers import LedgerAnswers, ledger_words, mapped_label
from faiwatch.ingest.meaning import NOTHING, Meaning, mapped
from faiwatch.ingest.reading import Answers
from faiwatch.ingest.takes import TAKES, taken
from faiwatch.ingest.units import VALUE_UNITS, unit_named

MAP = "map"
TAKE = "take"
# Said again each time: they make other files of the folder something else than they say they are.
NOT_KEPT = ("history", "subject_is_investment")
_SPELT = {"labels": MAP, "sheets": "sheet", "unreadable_is_missing": "unreadable"}
_FIRST_YEAR, _LAST_YEAR = 1950, 2099
_FORMS: Mapping[str, tuple[str, Text]] = {
    "region": (r"\d{6}", Text("六位数字或地区名称", "six digits, or the name of a region")),
    "indicator": (r"[a-z][a-z0-9_]{0,59}", Text("小写英文名", "a lower-case name")),
    "as_of": (r"\d{4}-(?:0[1-9]|1[0-2])", Text("YYYY-MM", "YYYY-MM")),
}
_HEADING = re.compile(r"^\s*\[", re.MULTILINE)
_MAP_HEADING = re.compile(rf"^\s*\[\s*{MAP}\s*\][^\n]*\n?", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Said:
    """Answers by the names of the options.

    Attributes
    ----------
    values : mapping
        Option to value, ``map`` aside.
    labels : mapping
        Label to what it means, the weakest answer first: each adds to those before it.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def over(self, other: Said) -> Said:
        """Return these answers, filled up with those of another.

        Examples
        --------
        >>> mine, theirs = Said({"year": 2026}, {"额": ("value",)}), Said({"year": 2025})
        >>> mine.over(theirs).values, mine.over(Said({}, {"额": ("total",)})).labels
        ({'year': 2026}, {'额': ('total', 'value')})
        """
        labels = {
            label: (*other.labels.get(label, ()), *self.labels.get(label, ()))
            for label in {**other.labels, **self.labels}
        }
        values = {**other.values, **self.values}
        if TAKE in values:  # of each kind of figures, the last counts
            values[TAKE] = (*other.values.get(TAKE, ()), *self.values.get(TAKE, ()))
        return Said(values, labels)

    def without(self, *names: str) -> Said:
        """Return all answers but some."""
        kept = {name: one for name, one in self.values.items() if name not in names}
        return Said(kept, self.labels)

    def for_figures(self) -> Answers:
        """Return what concerns tables of figures."""
        known = tuple(known_indicators())
        labels: dict[str, Meaning] = {}
        for label, answers in self.labels.items():
            for one in answers:
                try:
                    means = mapped(f"{label}={one}", known)[1]
                except ParameterError:
                    continue  # understood for a ledger, see `_check_label`
                labels[label] = means.over(labels.get(label, NOTHING))
        return Answers(**self._fields(Answers), labels=labels)

    def for_ledger(self) -> LedgerAnswers:
        """Return what concerns a ledger; of several meanings of a label the strongest counts."""
        own = self.values.get("headers")
        labels = {} if own is None else ledger_words(own)
        for label, answers in self.labels.items():
            for one in answers:
                try:
                    labels |= [mapped_label(f"{label}={one}")]
                except ParameterError:
                    continue
        return LedgerAnswers(**self._fields(LedgerAnswers), labels=labels)

    def _fields(self, kind: type[Answers] | type[LedgerAnswers]) -> dict[str, Any]:
        found = {}
        for one in fields(kind):
            name = _SPELT.get(one.name, one.name)
            if name in self.values:
                found[one.name] = self.values[name]
        if "unreadable" in self.values:
            found["unreadable_is_missing"] = self.values["unreadable"] == "missing"
        return found


@cache
def answer_options() -> Mapping[str, Any]:
    """Return the options that are answers, and the type of each."""
    hints: dict[str, Any] = get_type_hints(LedgerAnswers) | get_type_hints(Answers)
    found = {_SPELT.get(name, name): hint for name, hint in hints.items()}
    return found | {"unreadable": Literal["ask", "missing"]}


def answers_model() -> type[BaseModel]:
    """Return the form of ``answers.toml``, for its schema; :func:`said` checks more than it."""
    ways = "|".join(f"{kind}=({'|'.join(hows)})" for kind, hows in TAKES.items())
    way: dict[str, Any] = {"type": "string", "pattern": f"^({ways})$"}
    several = Field(json_schema_extra={"anyOf": [way, {"type": "array", "items": way}]})
    forms: dict[str, Any] = {
        **answer_options(),
        "region": str | int,  # its name, or a code that TOML takes for a number
        "as_of": Annotated[str, Field(pattern=f"^({_FORMS['as_of'][0]})$")],
        "year": Annotated[int, Field(ge=_FIRST_YEAR, le=_LAST_YEAR)] | str,
        "sheet": str | list[str],
        "headers": str,
        MAP: dict[str, str | list[str]],
        TAKE: Annotated[Any, several],
    }
    fields: dict[str, Any] = {
        name: (hint, Field(default_factory=lambda: None)) for name, hint in forms.items()
    }
    words = "What a workbook leaves open, by the names of the options of ``faiwatch ingest``."
    forbid = ConfigDict(extra="forbid")
    model: type[BaseModel] = create_model("Answers", __config__=forbid, __doc__=words, **fields)
    return model


def said(given: Mapping[str, Any], *, where: str = "", folder: Path | None = None) -> Said:
    """Return answers that somebody gives by name, checked.

    Parameters
    ----------
    given : mapping
        Option to value; ``map`` holds labels and what they mean; None is no answer.
    where : str
        How messages call the place where they stand.
    folder : Path, optional
        From which paths go.

    Raises
    ------
    ParameterError
        There is no such option, or it takes no such value; the message holds the nearest.

    Examples
    --------
    >>> said({"region": "陕西", "map": {"完成额": "value ytd"}}).for_figures().region
    '610000'
    """
    values: dict[str, Any] = {}
    labels: dict[str, tuple[str, ...]] = {}
    for spelt, value in given.items():
        name = spelt.replace("-", "_")
        if name not in answer_options():
            known = sorted(answer_options())
            what = say("ingest.answers_file.unknown", name=spelt)
            todo = nearest(name, known)
            raise ParameterError(what, where=where or None, allowed=", ".join(known), todo=todo)
        if value is None:
            continue
        if name != MAP:
            values[name] = _checked(name, value, where, folder)
            continue
        if not isinstance(value, Mapping):
            raise _refused(MAP, value, where, Text("[map] 标签 = 含义", "[map] LABEL = MEANING"))
        for label, means in value.items():
            several = (means,) if isinstance(means, str) else tuple(means)
            labels[label] = tuple(_checked_label(label, one, where) for one in several)
    return Said(values, labels)


def read_answers(path: Path) -> Said:
    """Return the answers of a file.

    Raises
    ------
    DataMissingError
        It cannot be read.
    ParameterError
        It is no TOML, or holds something that is no answer.
    """
    missing = Text("读不到回答文件", "the file of answers cannot be read")
    content = bytes_of(path, missing, where=str(path))
    try:
        given = tomllib.loads(content.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ParameterError(
            Text("回答文件的格式不对", "the file of answers is not valid TOML"),
            where=str(path),
            got=str(error),
            allowed=Text('UTF-8 文本，如 region = "610702"', 'UTF-8, such as region = "610702"'),
        ) from None
    return said(given, where=str(path), folder=path.parent)


def kept_answers(files: Sequence[Path]) -> Said:
    """Return the answers of several files, the first of which is the strongest."""
    return reduce(Said.over, map(read_answers, files), Said())


class Entry(NamedTuple):
    """One answer to be written into a file.

    Attributes
    ----------
    option, value : str
        As the flag of a question has them.
    comments : tuple of str
        Words above it.
    is_set : bool
        Whether the user has said so; else it is written as a comment, for the user to accept.
    """

    option: str
    value: str
    comments: tuple[str, ...] = ()
    is_set: bool = False


def write_answers(path: Path, entries: Sequence[Entry], *, heading: Sequence[str] = ()) -> None:
    """Write answers into a file; what stands in it already is kept.

    Parameters
    ----------
    path : Path
        It and its folder are made where they are not there.
    entries : sequence of Entry
        What is not kept (:data:`NOT_KEPT`) is passed over.
    heading : sequence of str
        Words at the top of a new file.
    """
    text = path.read_text(encoding="utf-8-sig") if path.exists() else ""
    text = text or "".join(f"# {one}\n" for one in heading)
    given = _parsed(text) or {}
    top: list[str] = []
    below: list[str] = []
    for one in entries:
        if one.option in NOT_KEPT or one.option not in answer_options():
            continue
        line = _line(one.option, one.value, given)
        if not one.is_set and f"# {line}\n" in text:
            continue  # proposed before
        told = tomllib.loads(line) if one.is_set else {}
        if told:
            given |= {MAP: given.get(MAP, {}) | told} if one.option == MAP else told
            keys = {line.partition(" = ")[0], next(iter(told))}
            pattern = rf"^(?:#\s*)?(?:{'|'.join(map(re.escape, keys))})\s*=[^\n]*\n?"
            if before := re.search(pattern, text, re.MULTILINE):  # said or proposed of the same
                rest = re.sub(pattern, "", text[before.end() :], flags=re.MULTILINE)
                text = f"{text[: before.start()]}{line}\n{rest}"
                continue
        lines = [words and f"# {words}" for words in one.comments]
        lines.append(line if told else f"# {line}")
        (below if one.option == MAP else top).append("\n".join(lines))
    text = _inserted(text, top, below)
    if _parsed(text) != given:  # written by hand in a form that lines cannot be put into
        plain = [_line(name, value, {}) for name, value in given.items() if name != MAP]
        labels = [_line(MAP, f"{label}={means}", {}) for label, means in given.get(MAP, {}).items()]
        text = _inserted("", plain, labels)
    atomic_write(path, text)


def _checked(name: str, value: Any, where: str, folder: Path | None) -> Any:  # noqa: ANN401
    """Return the value of one answer in its type."""
    hint = answer_options()[name]
    if get_origin(hint) in {Union, UnionType}:
        hint = next(one for one in get_args(hint) if one is not NoneType)
    if get_origin(hint) is Literal:
        if value not in get_args(hint):
            raise _refused(name, value, where, ", ".join(map(str, get_args(hint))))
    elif get_origin(hint) is tuple:
        value = (value,) if isinstance(value, str) else tuple(value)
        if not all(isinstance(one, str) for one in value):
            raise _refused(name, value, where, Text("文字", "text"))
        if name == TAKE:
            dict(map(taken, value))
    elif hint is Path:
        value = (folder or Path()) / str(value)
    elif hint is int:
        if type(value) is str and value.isdecimal():
            value = int(value)
        if type(value) is not int or not _FIRST_YEAR <= value <= _LAST_YEAR:
            raise _refused(name, value, where, f"{_FIRST_YEAR}–{_LAST_YEAR}")
    elif hint is bool:
        if type(value) is not bool:
            raise _refused(name, value, where, "true, false")
    else:
        words = value
        if name == "region" and type(value) in {int, str}:
            words = code_of_region(value)
        elif name == "indicator":
            named = (
                one for one in known_indicators().values() if value in {one.label.zh, one.label.en}
            )
            words = next((one.name for one in named), value)
        form, allowed = _FORMS.get(name, (".+", Text("文字", "text")))
        if not isinstance(words, str) or not re.fullmatch(form, words, re.ASCII | re.DOTALL):
            raise _refused(name, value, where, allowed)
        if name == "unit" and not ((unit := unit_named(words)) and unit.per_100m):
            raise _refused(name, value, where, ", ".join(VALUE_UNITS))
        value = words
    return value


def _checked_label(label: str, means: object, where: str) -> str:
    """Return the meaning of a label that is understood for figures or for a ledger."""
    given = f"{label}={means}"
    try:
        mapped(given, tuple(known_indicators()))
    except ParameterError as error:
        try:
            mapped_label(given)
        except ParameterError:
            if where:
                error.parts["where"] = f"{where} [{MAP}]"
            raise error from None
    return str(means)


def _refused(name: str, value: object, where: str, allowed: Text | str) -> ParameterError:
    error = refused(name, str(value), allowed)
    if where:
        error.parts["where"] = f"{where}: {name}"
    return error


def _quoted(words: str) -> str:
    """Return text as TOML writes it; its escapes are those of JSON."""
    return json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007f")


def _line(name: str, value: Any, given: Mapping[str, Any]) -> str:  # noqa: ANN401
    """Return one answer as a line, added to what is given for the same thing."""
    if name == MAP:
        label, _, means = str(value).rpartition("=")
        before = given.get(MAP, {}).get(label, "")
        known = before.split() if isinstance(before, str) else []
        words = [*known, *(one for one in means.split() if one not in known)]
        return f"{_quoted(label)} = {_quoted(' '.join(words))}"
    hint = answer_options()[name]
    if hint is bool:
        return f"{name} = true"
    if get_origin(hint) is tuple:
        several = [value] if isinstance(value, str) else value
        names = dict.fromkeys([*given.get(name, ()), *several])
        return f"{name} = [{', '.join(map(_quoted, names))}]"
    is_number = hint is int or (get_origin(hint) in {Union, UnionType} and int in get_args(hint))
    return f"{name} = {value if is_number else _quoted(str(value))}"


def _inserted(text: str, top: Sequence[str], below: Sequence[str]) -> str:
    """Return a file with answers before its first table, and labels in the table ``map``."""
    if text and not text.endswith("\n"):
        text += "\n"
    if below:
        labels = "".join(f"{one}\n" for one in below)
        heading = _MAP_HEADING.search(text)
        text = (
            f"{text[: heading.end()]}{labels}{text[heading.end() :]}"
            if heading
            else f"{text}\n[{MAP}]\n{labels}"
        )
    if top:
        heading = _HEADING.search(text)
        at = heading.start() if heading else len(text)
        text = text[:at] + "".join(f"{one}\n" for one in top) + text[at:]
    return text


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None
    return {name: one for name, one in given.items() if name != MAP or one}
