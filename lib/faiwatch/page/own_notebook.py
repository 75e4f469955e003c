"""A notebook of the office's own: what it is called, and the parameters that its cell declares.

How one is written: ``docs/how-to/extend-it.md``.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, TypeAdapter, ValidationError, create_model
from pydantic.fields import FieldInfo

from faiwatch.core.errors import DataInvalidError
from faiwatch.core.files import bytes_of
from faiwatch.core.text import LANGUAGES, Language, Text, other_language
from faiwatch.data.parameter_types import Help, as_text, truth

Model = TypeVar("Model", bound=BaseModel)
_WRONG = Text("本单位的笔记本不可用", "a notebook of your own cannot be used")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")  # it stands in addresses
_HEADING = re.compile(r"^#\s+(.+?)\s*#*\s*$", re.MULTILINE)
_TAG = "parameters"


def _number(value: object) -> object:
    try:
        return ast.literal_eval(value) if isinstance(value, str) else value
    except (SyntaxError, ValueError):
        return value


def _as_float(value: object) -> object:
    number = _number(value)
    return float(number) if isinstance(number, int) and not isinstance(number, bool) else number


_KINDS: Mapping[str, tuple[Any, Text]] = {
    "str": (Annotated[str, BeforeValidator(as_text)], Text("文字", "text")),
    "int": (Annotated[int, BeforeValidator(_number)], Text("整数", "a whole number")),
    "float": (Annotated[float, BeforeValidator(_as_float)], Text("数值", "a number")),
    "bool": (Annotated[bool, BeforeValidator(truth)], Text("true 或 false", "true or false")),
}


def own_model(
    file: Path, base: type[Model], known: Mapping[str, Sequence[FieldInfo]]
) -> type[Model]:
    """Return the parameter model of a notebook, from its cell with the tag ``parameters``.

    Parameters
    ----------
    file : Path
        The notebook. A line of the cell is ``name: type = value  # meaning``.
    base : type
        What every notebook takes.
    known : mapping
        Parameters of our notebooks: one of the same name takes the same values, if the value in
        the cell is one of them. Any other is text, a number, or true or false.

    Raises
    ------
    DataInvalidError
        The notebook cannot be read, or a line of its cell is no parameter.
    """
    if not _NAME.fullmatch(file.stem):
        allowed = Text(
            "字母、数字、_ 和 -，以便用作网址", "letters, digits, _ and -, for addresses of pages"
        )
        raise DataInvalidError(_WRONG, where=file.name, got=file.stem, allowed=allowed)
    fields: dict[str, Any] = {}
    for name, kind, value, meaning in _declared(file):
        if name in base.model_fields:
            field = base.model_fields[name]
        else:
            field = next(
                (one for one in known.get(name, ()) if _takes(one, value)), _own(kind, meaning)
            )
        if not _takes(field, value):
            raise DataInvalidError(
                _WRONG,
                where=f"{file.name} {name}",
                got=value,
                allowed=next(one for one in field.metadata if isinstance(one, Help)).allowed,
            )
        fields[name] = (_type_of(field), value)
    return create_model(file.stem, __base__=base, **fields)


def own_title(file: Path) -> Text:
    """Return what a notebook is called: its first heading in each language, or else its name."""
    found: dict[str, str] = {}
    for cell in _cells(file):
        tags = set(cell.get("metadata", {}).get("tags", []))
        headings = _HEADING.findall(_source(cell)) if cell.get("cell_type") == "markdown" else []
        for lang in LANGUAGES:
            if headings and other_language(lang) not in tags:
                found.setdefault(lang, headings[0])

    def told(lang: Language) -> str:
        return found.get(lang) or found.get(other_language(lang)) or file.stem

    return Text(told("zh"), told("en"))


def _declared(file: Path) -> Iterator[tuple[str, str, object, str]]:
    """Yield name, kind, value and meaning of each parameter of the tagged cell."""
    tagged = [one for one in _cells(file) if _TAG in one.get("metadata", {}).get("tags", [])]
    for source in map(_source, tagged):
        lines = source.splitlines()
        try:
            statements = ast.parse(source).body
        except SyntaxError as error:
            line = lines[(error.lineno or 1) - 1] if lines else ""
            raise DataInvalidError(_WRONG, where=file.name, got=line, allowed="Python") from None
        for one in statements:
            line, end = lines[one.lineno - 1], (one.end_lineno or one.lineno) - 1
            try:
                name, kind, value = _assigned(one)
            except (ValueError, TypeError):
                allowed = Text(
                    "名称: str、int、float 或 bool = 值  # 含义",
                    "name: str, int, float or bool = value  # meaning",
                )
                raise DataInvalidError(_WRONG, where=file.name, got=line, allowed=allowed) from None
            rest = lines[end].encode()[one.end_col_offset :]
            yield name, kind, value, rest.decode().partition("#")[2].strip()


def _assigned(statement: ast.stmt) -> tuple[str, str, object]:
    """Return name, kind and value of ``name: kind = value`` (`ValueError` for anything else)."""
    match statement:
        case ast.AnnAssign(
            target=ast.Name(id=name), annotation=ast.Name(id=kind), value=ast.expr()
        ):
            value = ast.literal_eval(statement.value)  # type: ignore[arg-type]
        case ast.Assign(targets=[ast.Name(id=name)]):
            value = ast.literal_eval(statement.value)
            kind = type(value).__name__
        case _:
            raise ValueError(statement)
    if kind not in _KINDS:
        raise ValueError(kind)
    return name, kind, value


def _cells(file: Path) -> list[dict[str, Any]]:
    missing = Text("读不到笔记本", "the notebook cannot be read")
    try:
        cells = json.loads(bytes_of(file, missing, where=file.name))["cells"]
        return [cell for cell in cells if isinstance(cell, dict)]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        again = Text("在 JupyterLab 中打开并重新保存", "open it in JupyterLab and save it again")
        raise DataInvalidError(
            _WRONG, where=file.name, got=str(error), allowed="nbformat 4", todo=again
        ) from None


def _source(cell: Mapping[str, Any]) -> str:
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(map(str, source))


def _own(kind: str, meaning: str) -> FieldInfo:
    checked, allowed = _KINDS[kind]
    told = Help(Text(meaning or "—", meaning or "—"), allowed)
    annotated: Any = Annotated[checked, told]
    return FieldInfo.from_annotation(annotated)


def _type_of(field: FieldInfo) -> Any:  # noqa: ANN401  a type made of what a field says
    return Annotated[field.annotation, *field.metadata]


def _takes(field: FieldInfo, value: object) -> bool:
    try:
        TypeAdapter(_type_of(field)).validate_python(value, strict=True)
    except ValidationError:
        return False
    return True
