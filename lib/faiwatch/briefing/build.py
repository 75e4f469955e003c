"""From an open page to a filled briefing. Method: ``docs/methods/briefing.md``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

from faiwatch.briefing.changes import SentenceChange, changed_sentences, sentences_of
from faiwatch.briefing.contradictions import contradictions
from faiwatch.briefing.filling import Material
from faiwatch.briefing.lists import contract_findings, event_findings, issue_findings
from faiwatch.briefing.outlook import outlook_findings
from faiwatch.briefing.projects import project_findings
from faiwatch.briefing.record import Briefing
from faiwatch.briefing.series import part_findings, series_findings
from faiwatch.briefing.template import fill, own_template, standard_template
from faiwatch.briefing.timetable import tables_of
from faiwatch.briefing.work import work_findings
from faiwatch.core.errors import DataInvalidError, DataMissingError
from faiwatch.core.finding import Finding
from faiwatch.core.text import LANGUAGES, Language, block_name, month_name, window_name
from faiwatch.data.parameter_types import NONE, STANDARD
from faiwatch.ledger.load import ledger_columns, ledger_reading
from faiwatch.page.page import SeriesPage
from faiwatch.page.parameters import BriefingParameters
from faiwatch.stats.cumulative import month_before
from faiwatch.stats.negative import DEFINITIONS


def material_of(page: SeriesPage) -> Material:
    """Return what the briefing of a page is filled from: its figures and its ledger.

    Raises
    ------
    DataMissingError, DataInvalidError
        The ledger cannot be read.
    """
    parameters = page.parameters
    assert isinstance(parameters, BriefingParameters)
    if parameters.ledger == NONE:
        return Material(page, parameters, {}, {})
    reading = ledger_reading(parameters.ledger)
    return Material(page, parameters, reading.settled(), ledger_columns(reading))


def fill_briefing(
    material: Material,
    *,
    findings: Mapping[str, Finding] | None = None,
    languages: Sequence[Language] = LANGUAGES,
) -> Briefing:
    """Return the briefing that some material makes.

    Parameters
    ----------
    material : Material
        Figures, ledger and parameters.
    findings : mapping of str to Finding, optional
        Those of the material, where they are known already.
    languages : sequence of {"zh", "en"}
        Of its documents.

    Returns
    -------
    Briefing
        Blocked, without documents, when its figures contradict each other.

    Raises
    ------
    DataMissingError, DataInvalidError
        The template cannot be read.
    ParameterError
        The template is broken.
    """
    findings = findings or findings_of(material)
    page, asked, month = material.page, material.parameters, material.page.as_of
    blocked = contradictions(material, findings)
    documents = {}
    for lang in () if blocked else languages:
        if asked.template != STANDARD and lang == asked.lang:
            source = own_template(Path(asked.template))
        else:
            draft = "report" if material.ledger else "note"
            source = standard_template("sent" if asked.form == "report" else draft, lang)
        words = {  # what a template may say beside figures
            "region": page.region.name.in_language(lang),
            "source": page.source_words.in_language(lang),
            "window": window_name(month, lang),
            "month": month_name(month, lang),
            "block": block_name(month, lang),
            "year": str(material.month.year),
            "definition": DEFINITIONS[asked.definition].in_language(lang),
            "has_ledger": bool(material.ledger),
        }
        tables = tables_of(material, lang) if material.ledger else {}
        documents[lang] = fill(source, findings, words, lang, tables)
    return Briefing(
        region=page.region,
        as_of=month,
        source=page.source_words,
        findings=findings,
        documents=documents,
        blocked=blocked,
        is_confidential=asked.confidential,
        form=asked.form,
    )


def changes_since(
    material: Material, briefing: Briefing, lang: Language
) -> tuple[SentenceChange, ...]:
    """Return what a briefing says that the one of an earlier month did not.

    Parameters
    ----------
    material : Material
        What it was filled from; its parameter ``against`` names the month, by default that of the
        release before.
    briefing : Briefing
        Not blocked.
    lang : {"zh", "en"}
        Language of the sentences.

    Raises
    ------
    DataMissingError
        There are no figures for that month.
    DataInvalidError
        One of the two is blocked.
    """
    month = month_compared(material)
    values = material.parameters.model_dump() | {"as_of": month, "results": ""}
    earlier = replace(material, page=type(material.page).open(values))
    then = fill_briefing(earlier, languages=[lang])
    return changed_sentences(briefing, sentences_of(then, lang), lang)


def month_compared(material: Material) -> str:
    """Return the month whose briefing this one is compared with: by default the release before."""
    asked = material.parameters.against
    return str(month_before(material.month)) if asked == NONE else asked


def changes_if_told(
    material: Material, briefing: Briefing, lang: Language
) -> tuple[SentenceChange, ...] | None:
    """Return what :func:`changes_since` does; None when nobody named a month and none is there.

    Raises
    ------
    DataMissingError, DataInvalidError
        A month was named, and there is no briefing of it.
    """
    try:
        return changes_since(material, briefing, lang)
    except (DataMissingError, DataInvalidError):
        if material.parameters.against != NONE:
            raise
        return None


def findings_of(material: Material) -> dict[str, Finding]:
    """Return every figure of a briefing by id; those that cannot be told say what is missing."""
    found = chain(
        series_findings(material),
        part_findings(material),
        project_findings(material),
        issue_findings(material),
        contract_findings(material),
        event_findings(material),
        work_findings(material),
        outlook_findings(material),
    )
    return {finding.id: finding for finding in found}
