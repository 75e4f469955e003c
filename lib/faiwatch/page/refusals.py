"""Show everything that is wrong with figures before they are refused, not only the first of it."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pandas as pd
from IPython.display import publish_display_data

from faiwatch.core.errors import DataInvalidError
from faiwatch.core.text import Language
from faiwatch.data.csv_file import read_rows
from faiwatch.data.source import data_source
from faiwatch.stats.checks import check_observations, raise_on_errors
from faiwatch.view import html as blocks
from faiwatch.view.tables import checks_table

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
    told = blocks.table(
        table.frame,
        lang=lang,
        title=table.title.in_language(lang),
        labels=table.labels,
        source=Path(data).name,
    )
    if len(errors) > _MOST:
        told += blocks.note(table.note.in_language(lang), lang=lang)
    for html in (f"<style>{blocks.stylesheet()}</style>", told):
        shown = {"text/html": html, "text/plain": table.frame.to_string(index=False)}
        publish_display_data(shown)  # type: ignore[no-untyped-call]
