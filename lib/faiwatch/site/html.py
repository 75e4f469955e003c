"""Executed notebook and run record in, one HTML page out."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from faiwatch.core.errors import PublicationBlockedError
from faiwatch.core.finding import Finding
from faiwatch.core.phrases import say
from faiwatch.core.text import month_name, number, other_language
from faiwatch.data.calendars import CUMULATIVE
from faiwatch.data.parameter_types import without_folder
from faiwatch.data.regions import region_named
from faiwatch.page.parameters import FILES
from faiwatch.site.article import read_article
from faiwatch.site.bar import SITE_FILE, place_in_site, way_up
from faiwatch.site.dataset import dataset
from faiwatch.site.releases import calendar_line
from faiwatch.site.run_record import NOTEBOOK_FILE, PAGE_FILE, RESULTS_FOLDER, RunRecord
from faiwatch.site.site import INDEX_FILES, page_address
from faiwatch.site.templates import (
    Bundle,
    asset_name,
    base_values,
    check_page,
    content_policy,
    page_script,
    render,
    whole_script,
)
from faiwatch.site.words import HAPPENED, in_subject, title_of, words_in
from faiwatch.view.html.brief import PAGE_ADDRESS
from faiwatch.view.html.result_files import RESULT_ADDRESS

# The release after a reference month comes out in the middle of the month that follows it; by
# then plus some days of grace a newer page is due.
_GRACE = datetime.timedelta(days=20)
_RESULT_LINK = re.compile(
    rf'<a (?P<only>class="fw-csv fw-workbook" )?href="{RESULT_ADDRESS}(?P<file>[\w.]+)">'
    r"(?P<words>[\w. ]+)</a>"
)
_LED = re.compile(rf'href="(\.\./\.\./runs/[^"/]+/{RESULTS_FOLDER}/[\w.]+)"')
_PAGE_LINK = re.compile(rf'<a href="{PAGE_ADDRESS}(?P<page>\w+)">(?P<words>[^<]+)</a>')


@dataclass(frozen=True, slots=True)
class EarlierPage:
    """An earlier page of the same address: the run that made it, and the sentence it said."""

    record: RunRecord
    verdict: Finding | None


def render_page(
    executed: Path,
    record: RunRecord,
    *,
    bundle: Bundle,
    has_other_language: bool = True,
    beside: Collection[str] = (),
    earlier: Sequence[EarlierPage] = (),
) -> str:
    """Return the page of a run that ended well.

    Parameters
    ----------
    executed : Path
        The executed notebook.
    record : RunRecord
        What ran; its `lang` is the language of the page.
    bundle : {"site", "page"}
        "site": the script lies once in the site's ``assets`` folder and pages link to each
        other. "page": one file that holds everything and links nowhere.
    has_other_language : bool
        Whether the page in the other language is there, or being made, to be linked to.
    beside : collection of str
        Notebooks whose pages lie beside this one: a link to another page shows its words alone.
    earlier : sequence of EarlierPage
        What the page said of other months, the newest first; a page alone links to none.

    Raises
    ------
    PublicationBlockedError
        The run did not end well, a cell holds an error, the page is too large (the message names
        the biggest figure) or shows a path of somebody's home folder.
    """
    if record.verdict != "ok":
        raise PublicationBlockedError(say("site.html.run_failed"), got=record.verdict, allowed="ok")
    article = read_article(executed, record.lang, record.subject)
    in_site = bundle == "site"
    has_charts = 'class="vega-spec"' in article.body
    script = "" if in_site else whole_script() if has_charts else page_script()
    other = record.model_copy(update={"lang": other_language(record.lang)})
    has_releases = not record.is_made_up and not record.subject  # the NBS's of investment
    ages = has_releases and record.as_of == "latest" and record.data_as_of
    shared = _shared(record, bundle, article.title)
    if record.subject:
        words = words_in(record.lang)
        brand = in_subject(words["brand"], record.subject, record.lang)
        shared["words"] = words | {"brand": brand}
    policy = content_policy(style=str(shared["style"]), inline_script=script, own_files=in_site)
    body = _with_pages(_with_results(article.body, record, bundle), beside)
    day = datetime.datetime.fromisoformat(record.started).date()
    values = {
        **shared,
        "csp": policy,
        "other": f"../../{page_address(other)}" if in_site and has_other_language else "",
        "lead": article.lead,
        "contents": article.contents,
        "calendar": calendar_line(day, record.lang) if has_releases else "",
        "earlier": [_earlier(one) for one in earlier] if in_site else [],
        "article": body,
        "dataset": dataset(
            record,
            executed.parent,
            title=article.title,
            lead=article.lead,
            linked=sorted(set(_LED.findall(body))),
        )
        if in_site
        else None,
        "stale_after": stale_after(record.data_as_of) if ages else "",
        "script": Markup(script),
        "script_address": f"../../assets/{asset_name()}" if in_site else "",
    }
    html = render("page", values)
    check_page(html, bundle)
    return html


def render_failure_page(
    record: RunRecord, *, last_good: str | None, shown: Markup | None = None
) -> str:
    """Return the short page of a run that did not end well.

    Parameters
    ----------
    record : RunRecord
        What ran, and why it ended as it did.
    last_good : str or None
        Date of the last good page of this notebook, shown as the words of the link to it.
    shown : Markup
        What is wrong, in full, where the cause names the first of it only.
    """
    stopped = next((cell for cell in record.cells if cell.status == "failed"), None)
    shared = _shared(record, "site", title_of(record, record.lang))
    values = {
        **shared,
        "csp": content_policy(style=str(shared["style"]), own_files=True),
        "happened": HAPPENED[record.verdict].in_language(record.lang),
        "last_good": last_good,
        "shown": shown or "",
        "last_good_address": Path(page_address(record)).name,
        "stopped_at": f"{stopped.index}. {stopped.heading}".strip() if stopped else "",
        "executed": f"runs/{record.run_id}/{NOTEBOOK_FILE}",
    }
    return render("failure", values)


def stale_after(data_as_of: str) -> str:
    """Return the day after which figures newer than `data_as_of` should be out.

    There is no January release, so a December page stays current until March.

    Examples
    --------
    >>> stale_after("2026-08"), stale_after("2026-12")
    ('2026-10-20', '2027-03-20')
    """
    year, month = map(int, data_as_of.split("-"))
    after = 12 * year + month + CUMULATIVE.ahead(month)  # the month behind the one of the release
    end = datetime.date(after // 12, after % 12 + 1, 1) - datetime.timedelta(days=1)
    return str(end + _GRACE)


def _earlier(page: EarlierPage) -> dict[str, str]:
    record, lang = page.record, page.record.lang
    return {
        "address": f"../../runs/{record.run_id}/{PAGE_FILE}",
        "month": month_name(record.data_as_of, lang) if record.data_as_of else record.started[:10],
        "made": record.started[:10],
        "said": page.verdict.words(lang) if page.verdict else "",
    }


def _with_results(body: Markup, record: RunRecord, bundle: Bundle) -> Markup:
    """Lead links to result files to where they lie in the site; a page alone keeps their names."""
    files = {one.file for one in record.results} if bundle == "site" else set()

    def led(link: re.Match[str]) -> str:
        if link["file"] not in files:
            return "" if link["only"] else link["words"]  # an invitation goes, a name stays
        address = f"../../runs/{record.run_id}/{RESULTS_FOLDER}/{link['file']}"
        return f'<a {link["only"] or ""}href="{address}">{link["words"]}</a>'

    return Markup(_RESULT_LINK.sub(led, body))


def _with_pages(body: Markup, beside: Collection[str]) -> Markup:
    """Lead links to other pages of the region to those that are there; of others the words stay."""

    def led(link: re.Match[str]) -> str:
        name, words = link["page"], link["words"]
        return f'<a href="{name}.html">{words}</a>' if name in beside else words

    return Markup(_PAGE_LINK.sub(led, body))


def _shared(record: RunRecord, bundle: Bundle, heading: str) -> dict[str, object]:
    """Return what page and failure page of a run have in common."""
    started = datetime.datetime.fromisoformat(record.started)
    region = region_named(record.region).name.in_language(record.lang)
    month = month_name(record.data_as_of, record.lang) if record.data_as_of else ""
    mark = words_in(record.lang)["internal"] if record.parameters.get("confidential") else ""
    return {
        # the title stands at the foot of every printed sheet
        **base_values(record.lang, " · ".join(filter(None, (mark, heading, region, month)))),
        "record": record,
        # where a user's file lies does not concern readers
        "parameters": {
            name: without_folder(str(value)) if name in FILES else value
            for name, value in record.parameters.items()
        },
        "heading": heading,
        "made_up": record.is_made_up,
        "home": f"../../{INDEX_FILES[record.lang]}" if bundle == "site" else "",
        "bar": place_in_site(record) if bundle == "site" else None,
        "bar_script": f"../../{SITE_FILE}",
        "root": "../../",
        "way_up": way_up(record.region, record.lang),
        "region": region,
        "data_as_of": month,
        "started": f"{started:%Y-%m-%d %H:%M} UTC",
        "moment": started.isoformat(timespec="seconds"),
        "seconds": number(record.seconds, record.lang),
    }
