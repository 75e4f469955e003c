"""What a page is about, for search engines and catalogues: a schema.org ``Dataset``.

It says nothing that the page does not say to its readers, and a page that is not for everybody has
none. It is data in the page; nothing is loaded.
"""

from __future__ import annotations

from pathlib import Path

from markupsafe import Markup

from faiwatch.core.text import LANGUAGE_TAGS
from faiwatch.data.measures import catalogue, measure
from faiwatch.data.regions import region_named
from faiwatch.data.source import data_source
from faiwatch.site.run_record import RESULTS_FOLDER, RunRecord, findings_of, result_rows
from faiwatch.site.site import API, NOTEBOOK_OF, edition_of, readers_of
from faiwatch.site.words import words_in
from faiwatch.stats.windows import WINDOWS
from faiwatch.view.html.rendering import json_for_html

_TYPES = {".csv": "text/csv", ".json": "application/json"}
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def dataset(
    record: RunRecord, folder: Path, *, title: str, lead: Markup, linked: list[str]
) -> Markup | None:
    """Return the JSON-LD of a page, or None for one that is not for everybody.

    Parameters
    ----------
    record : RunRecord
        Of the run that made the page.
    folder : Path
        Of that run, whose results tell months and indicators.
    title : str
        Title of the page.
    lead : Markup
        Its first words.
    linked : list of str
        Addresses of the result files that the page leads to, as they stand in it.
    """
    if readers_of(record) != "public":
        return None
    lang = record.lang
    name = region_named(record.region).name.in_language(lang)
    verdict = findings_of(folder).get("verdict")
    said = [
        words_in(lang)["made_up"] if record.is_made_up else "",
        verdict.words(lang) if verdict else "",
        " ".join(lead.striptags().split()),
    ]
    months, measured, indicators = _measured(folder)
    told_of = sorted({*months, record.data_as_of} - {""})
    given = record.parameters.get("data")
    source = data_source(str(given)) if given else None
    publishers = source.published_by([record.region]) if source else ()
    files = list(linked)
    if indicators and not edition_of(record.parameters):
        first = "total" if "total" in indicators else indicators[0]
        kinds = [kind for kind, notebook in NOTEBOOK_OF.items() if notebook == record.notebook]
        files += [f"../../{API}/{kind}/{record.region}/{first}.json" for kind in kinds]
    told = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": f"{title} · {name}",
        "description": (" " if lang == "en" else "").join(filter(None, said)),
        "inLanguage": LANGUAGE_TAGS[lang],
        "dateModified": record.started[:10],
        "spatialCoverage": {"@type": "Place", "name": name, "identifier": record.region},
        "temporalCoverage": "/".join(dict.fromkeys([*told_of[:1], *told_of[-1:]])),
        "variableMeasured": [
            {
                "@type": "PropertyValue",
                "name": one.name.in_language(lang),
                "alternateName": one.id,
                "unitText": one.unit[-1],
            }
            for one in map(measure, measured)
        ],
        "creator": {
            "@type": "Organization",
            "name": source.publisher_of([record.region]).in_language(lang),
        }
        if source
        else None,
        "isBasedOn": [one.address for one in publishers],
        "license": next((one.terms for one in publishers if one.terms), ""),
        "distribution": [
            {
                "@type": "DataDownload",
                "contentUrl": one,
                "encodingFormat": _TYPES.get(Path(one).suffix, _WORKBOOK),
            }
            for one in files
        ],
    }
    return json_for_html({name: one for name, one in told.items() if one})


def _measured(folder: Path) -> tuple[list[str], list[str], list[str]]:
    """Return months, measures and indicators of the series that a run is about."""
    names = ("measures.csv", "forecasts.csv")
    saved = next((one for one in names if (folder / RESULTS_FOLDER / one).is_file()), names[0])
    rows = result_rows(folder, saved)
    known = {row["target"] for row in rows if "target" in row} or {
        name for row in rows for name in WINDOWS if row.get(name)
    }
    measured = [name for name in WINDOWS if name in known and name in catalogue()]
    indicators = list(dict.fromkeys(row["indicator"] for row in rows))
    return [row["period"] for row in rows], measured, indicators
