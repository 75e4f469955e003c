"""What is asked of a user's CSV before pandas is loaded: its text, its regions, its delimiter.

Read with the standard library alone, because parameters are checked against it before anything
heavy is imported.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from faiwatch.core.errors import DataInvalidError, DataMissingError
from faiwatch.core.text import Text

# Chinese Excel and WPS save CSV as GBK, of which GB 18030 is the superset; UTF-8 is tried first
# because GB 18030 reads almost any bytes as some text.
CSV_ENCODINGS = ("utf-8-sig", "gb18030")
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")  # Excel's "Unicode text", which no GB 18030 begins with
_OTHER_DELIMITERS = (";", "\t")  # Excel's where the comma is the decimal sign; its "text" format
_REGION = "region_code"


def decode_csv(content: bytes) -> str:
    """Return the text of a user's CSV in the first encoding of `CSV_ENCODINGS` that reads it.

    UTF-16 is told by its mark.

    Raises
    ------
    UnicodeDecodeError
        None of them does.

    Examples
    --------
    >>> decode_csv("固定资产投资".encode("gbk"))
    '固定资产投资'
    """
    if content.startswith(_UTF_16_MARKS):
        return content.decode("utf-16")
    try:
        return content.decode(CSV_ENCODINGS[0])
    except UnicodeDecodeError:
        return content.decode(CSV_ENCODINGS[1])


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
            Text(
                f"各列以 {sign!r} 分隔，应为 ','",
                f"columns are separated by {sign!r}, expected ','",
            ),
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
