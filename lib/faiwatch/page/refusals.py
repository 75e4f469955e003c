"""Show everything that is wrong with figures before they are refused, not only the first of it."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path

import pandas as pd
from IPython.display import publish_display_data

from faiwatch.core.errors import DataInvalidError
from faiwatch.core.text import Language
from faiwatch.data.csv_file import read_rows
from faiwatch.data.source import data_source
from faiwatch.stats.checks import check_observations, raise_on_errors
from faiwatch.view import html as blocks
from faiwatch.view.tables import NO_NOTE, checks_table

_MOST = 200  # a file with more faults than this has one fault, many times


def load_or_show(data: str, *, lang: Language) -> pd.DataFrame:
    """Return the vintages of :mod:`faiwatch.data.source`; what is refused is shown first.

    A CSV is refused at its first fault; here the checks look at all its rows.

    Raises
    ------
    DataMissingError, DataInvalidError
        As :meth:`faiwatch.data.source.DataSource.vintages`.
    """
    try:
        return data_source(data).vintages()
    except DataInvalidError:
        path = Path(data)
        if path.suffix.lower() == ".csv":
            with contextlib.suppress(DataInvalidError):  # no table at all, or cells of no kind
                _show(check_observations(read_rows(path, name=path.name)), data, lang)
        raise


def refuse_errors(records: pd.DataFrame, data: str, *, lang: Language) -> None:
    """Refuse the figures of `data` whose records hold errors, after showing all of them.

    Raises
    ------
    DataInvalidError
        At least one record is an error.
    """
    _show(records, data, lang)
    raise_on_errors(records)


def _show(records: pd.DataFrame, data: str, lang: Language) -> None:
    errors = records[records["severity"] == "error"]
    if errors.empty:
        return
    table = checks_table(errors, lang=lang, most=_MOST)
    note = table.note if len(errors) > _MOST else NO_NOTE
    told = replace(table, source=Path(data).name, note=note)._repr_mimebundle_()
    style = {"text/html": f"<style>{blocks.stylesheet()}</style>", "text/plain": ""}
    for shown in (style, told):
        publish_display_data(shown)  # type: ignore[no-untyped-call]
