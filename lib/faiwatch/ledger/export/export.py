"""What ``faiwatch ledger export`` writes: one month of a ledger, judged, as a workbook."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from faiwatch.core.errors import nearest, refused
from faiwatch.core.text import Language
from faiwatch.data.light_rules import presets
from faiwatch.data.parameter_types import LATEST, NONE
from faiwatch.ingest.ledger.reading import LedgerReading, is_made_up
from faiwatch.ledger.book import chosen_books
from faiwatch.ledger.checks import check_ledger
from faiwatch.ledger.compare import answered, projects_of
from faiwatch.ledger.editions import Edition
from faiwatch.ledger.export.public import public_workbook
from faiwatch.ledger.export.workbook import LedgerExport, ledger_workbook
from faiwatch.ledger.findings import ledger_findings
from faiwatch.ledger.load import ledger_columns, ledger_totals
from faiwatch.ledger.page import published_of, with_average
from faiwatch.ledger.public_study import public_study
from faiwatch.ledger.study import Published, ledger_month, study_ledger
from faiwatch.ledger.work_findings import work_findings
from faiwatch.page.monitor import MonitorPage


def ledger_export(
    reading: LedgerReading,
    *,
    as_of: str,
    rules: str,
    figures: tuple[str, str] | None,
    city_average_pct: str = NONE,
) -> LedgerExport:
    """Return one month of a ledger, judged.

    Parameters
    ----------
    reading : LedgerReading
        How the ledger was read.
    as_of : str
        ``latest`` or ``YYYY-MM``: the latest sheet up to then.
    rules : str
        ``all``, or names of rule books separated by commas.
    figures : tuple of str, optional
        Region and data that hold the published figures; without them the statistic is not known.
    city_average_pct : str
        Growth of the whole city, a number, or ``none``: that of the targets, if they tell it.

    Raises
    ------
    ParameterError
        A rule book, or the region or data, does not exist.
    DataMissingError, DataInvalidError
        The ledger leaves something open, or has no sheet up to the month.
    """
    unknown = [name for name in rules.split(",") if name not in {"all", *presets()}]
    if unknown:
        known = list(presets())
        raise refused("rules", unknown[0], ", ".join(["all", *known]), nearest(unknown[0], known))
    tables = answered(reading)
    projects = projects_of(tables)
    last = projects["asof"].max() if as_of == LATEST else pd.Period(as_of, "M")
    month = ledger_month(projects, as_of=last)
    published = Published()
    if figures is not None:
        region, data = figures
        asked = {"region": region, "data": data, "as_of": str(month)}
        published = published_of(MonitorPage.checked(asked)[1], region, month)
    published = with_average(published, city_average_pct)
    study = study_ledger(tables, published, chosen_books(rules), as_of=month)
    checks = check_ledger(tables, columns=ledger_columns(reading), totals=ledger_totals(reading))
    made_up = is_made_up(reading)
    found = ledger_findings(study) | work_findings(study.work)
    return LedgerExport(study, found, checks, reading.file, made_up)


def export_bytes(
    export: LedgerExport,
    *,
    is_public: bool,
    lang: Language,
    earlier: Sequence[Edition] | None = None,
) -> bytes:
    """Return the workbook: everything, or what everybody may see beside earlier editions."""
    if is_public:
        found = public_study(export.study, earlier)
        return public_workbook(found, is_made_up=export.is_made_up, lang=lang)
    return ledger_workbook(export, lang=lang)
