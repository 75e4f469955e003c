"""What is asked of a user's CSV before pandas is loaded: its text, its regions, its delimiter.

Read without pandas, because parameters are checked against it before anything heavy is imported.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from pathlib import Path

from faiwatch.core.errors import DataInvalidError, DataMissingError
from faiwatch.core.files import bytes_of
from faiwatch.core.phrases import say
from faiwatch.core.text import Text

# Chinese Excel and WPS save CSV as GBK, of which GB 18030 is the superset; UTF-8 is tried first
# because GB 18030 reads almost any bytes as some text.
CSV_ENCODINGS = ("utf-8-sig", "gb18030")
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")  # Excel's "Unicode text", which no GB 18030 begins with
_OTHER_DELIMITERS = (";", "\t")  # Excel's where the comma is the decimal sign; its "text" format
_REGION = "region_code"
_ZEROS_OF_UTF_16 = 0.1
_RUNS_LOOKED_AT = 2000
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_DIGIT = re.compile(rb"\d")  # any bytes are letters of a code page; a table has digits
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
_MOST = 0.7


def decode_csv(content: bytes) -> str:
    """Return the text of a user's CSV in the encoding that reads it as text of some language.

    UTF-16 is told by its mark, or by the zero bytes of its digits and line ends. What is no UTF-8
    is GB 18030, Big5, or the Cyrillic or Western code page of Windows: that in which most letters
    are common ones.

    Raises
    ------
    UnicodeDecodeError
        None of them does.

    Examples
    --------
    >>> decode_csv("固定资产投资".encode("gbk")), decode_csv("固定資產投資".encode("big5"))
    ('固定资产投资', '固定資產投資')
    >>> decode_csv("Год 2025".encode("cp1251")), decode_csv("März 2025".encode("cp1252"))
    ('Год 2025', 'März 2025')
    """
    if content.startswith(_UTF_16_MARKS):
        return content.decode("utf-16")
    if content.count(0) > len(content) * _ZEROS_OF_UTF_16:
        is_little = content[1::2].count(0) > content[::2].count(0)
        return content.decode("utf-16-le" if is_little else "utf-16-be")
    try:
        return content.decode(CSV_ENCODINGS[0])
    except UnicodeDecodeError:
        if _CONTROL.search(content):  # no text at all
            raise
        shares = [(_common(content, name), name) for name in _NATIONAL]
    share, name = max(shares, key=lambda one: one[0])
    is_code_page = name.startswith("cp")
    if share < _MOST or (is_code_page and not _DIGIT.search(content)):
        name = CSV_ENCODINGS[1]  # which reads rare characters too, or says that it cannot
    return content.decode(name)


def _common(content: bytes, encoding: str) -> float:
    """Return the share of common letters among those beyond ASCII; 0 where it cannot be read."""
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return 0.0
    runs = [match[0] for match in islice(_BEYOND_ASCII.finditer(text), _RUNS_LOOKED_AT)]
    return sum(map(_NATIONAL[encoding], runs)) / max(sum(map(len, runs)), 1)


def _leads(encoding: str, *ranges: tuple[int, int]) -> Callable[[str], int]:
    """Return what counts the characters whose first byte is one of the common ones."""

    def count(run: str) -> int:
        leads = [letter.encode(encoding, "ignore")[:1] for letter in run]
        return sum(
            any(first <= lead[0] <= last for first, last in ranges) for lead in leads if lead
        )

    return count


def _letters(pattern: str) -> Callable[[str], int]:
    """Return what counts the characters that a pattern matches."""
    compiled = re.compile(pattern)
    return lambda run: sum(map(len, compiled.findall(run)))


# punctuation and the characters of the first level are in use, those of the second are rare; a
# Cyrillic letter hardly stands alone between Latin ones
_NATIONAL: Mapping[str, Callable[[str], int]] = {
    "gb18030": _leads("gb2312", (0xA1, 0xA3), (0xB0, 0xD7)),
    "big5": _leads("big5", (0xA1, 0xA2), (0xA4, 0xC6)),
    "cp1251": _letters("[а-яёА-ЯЁ]{2,}|[№«»–—\xa0]"),
    "cp1252": _letters("[à-öø-ÿß§°²³µ€–—’“”„«»\xa0ÄÖÜÉ]"),
}


def rows_of(path: Path) -> list[dict[str, str]]:
    """Return the rows of a small table that we wrote: one of the project, or a result file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def rows_of_office(
    path: Path, missing: Text, *, where: str, todo: Text | None = None
) -> list[dict[str, str]]:
    """Return the rows of a small table that an office keeps, without blanks around its cells.

    Parameters
    ----------
    path : Path
        A CSV in any encoding of :func:`decode_csv`.
    missing : Text
        What is said when it cannot be read.
    where : str
        How the file is called then.
    todo : Text, optional
        What can be done about it.

    Raises
    ------
    DataMissingError, DataInvalidError
        It cannot be read, see :func:`~faiwatch.core.files.bytes_of`; or not as text.
    """
    content = bytes_of(path, missing, where=where, todo=todo)
    try:
        lines = io.StringIO(decode_csv(content), newline="")
    except UnicodeDecodeError as error:
        raise DataMissingError(missing, where=where, got=str(error), todo=todo) from None
    return [
        {str(name): str(cell or "").strip() for name, cell in row.items()}
        for row in csv.DictReader(lines)
    ]


def decoded(content: bytes, shown: str) -> str:
    """Return the text of a user's CSV; `shown` is how messages call it.

    Raises
    ------
    DataInvalidError
        No encoding of `CSV_ENCODINGS` reads it.
    """
    try:
        return decode_csv(content)
    except UnicodeDecodeError:
        raise DataInvalidError(
            Text("文件编码无法识别", "the encoding of the file is not known"),
            where=shown,
            allowed=", ".join(CSV_ENCODINGS),
            todo=Text("另存为 UTF-8 编码的 CSV", "save it as CSV in UTF-8"),
        ) from None


def region_codes(path: Path) -> set[str]:
    """Return the region codes that a user's CSV has figures of.

    Parameters
    ----------
    path : Path
        The file; messages call it by its name.

    Raises
    ------
    DataMissingError
        It has no row below the header.
    DataInvalidError
        Its columns are not separated by commas, or no row names a region.
    KeyError, UnicodeDecodeError, csv.Error, OSError
        It cannot be read, or has no column of regions.
    """
    records = csv.reader(io.StringIO(decode_csv(path.read_bytes()), newline=""))
    rows = [[cell.strip() for cell in cells] for cells in records]
    header, *rows = [cells for cells in rows if any(cells)] or [[]]
    refuse_other_delimiter(header, path.name)
    if not rows:
        raise no_rows(path.name)
    if _REGION not in header:
        raise KeyError(_REGION)
    column = header.index(_REGION)
    codes = {cells[column] for cells in rows if len(cells) > column} - {""}
    if not codes:
        raise DataInvalidError(
            Text(f"列 {_REGION} 为空", f"the column {_REGION} is blank"),
            where=path.name,
            allowed=Text("六位地区代码", "region codes of six digits"),
        )
    return codes


def refuse_other_delimiter(header: Sequence[str], shown: str) -> None:
    """Refuse a file whose columns are not separated by commas, naming what separates them.

    Parameters
    ----------
    header : sequence of str
        Cells of the first line as they are when it is split at commas.
    shown : str
        How the file is called in the message.

    Raises
    ------
    DataInvalidError
        The whole line is one cell and holds another delimiter.
    """
    if len(header) != 1:
        return
    sign = next((one for one in _OTHER_DELIMITERS if one in header[0]), None)
    if sign is not None:
        raise DataInvalidError(
            say("data.encoding.other_delimiter", sign=sign),
            where=f"{shown}:1",
            got=header[0],
            todo=Text("另存为以逗号分隔的 CSV", "save it as CSV separated by commas"),
        )


def no_rows(shown: str) -> DataMissingError:
    """Return the error for a file that holds no figures; `shown` is how it is called."""
    return DataMissingError(
        Text("文件中没有数据行", "the file holds no figures"),
        where=shown,
        todo=Text("在表头下补充数据行", "add rows below the header"),
    )
