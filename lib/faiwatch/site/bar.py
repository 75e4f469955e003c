"""The bar of every page: what its script knows of the site, in one small file beside the pages.

Pages are made one by one, by many workers, and none of them knows what else there will be. So a
page says only where it stands, and reads ``site.js``, which is written anew whenever the index is.
Where the file is absent (a page sent by mail) or scripts are off, the bar is a link to the index.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence

from faiwatch.core.text import LANGUAGES, Language
from faiwatch.data.regions import ancestors, initials, known_regions, region_named
from faiwatch.site.run_record import RunRecord
from faiwatch.site.site import edition_of, page_address
from faiwatch.site.templates import template_file
from faiwatch.site.words import subject_shared, title_of, words_in

SITE_FILE = "site.js"


def way_up(code: str, lang: Language) -> list[tuple[str, str]]:
    """Return code and name of every region from the top down to one.

    Examples
    --------
    >>> [name for _, name in way_up("430503", "en")]
    ['China', 'Hunan', 'Shaoyang', 'Daxiang District']
    """
    codes = [*reversed(ancestors(code)), code]
    return [(one, region_named(one).name.in_language(lang)) for one in codes]


def place_in_site(record: RunRecord) -> dict[str, str]:
    """Return what a page tells its bar: which page it is."""
    edition = edition_of(record.parameters)
    return {
        "region": record.region,
        "notebook": record.notebook,
        "edition": edition,
        "page": page_address(record).rpartition("/")[2],
    }


def in_order(codes: Collection[str]) -> list[str]:
    """Return regions in the order of their table, those that are made up last."""
    order = {code: at for at, code in enumerate(known_regions())}
    return sorted(
        codes, key=lambda code: (region_named(code).is_made_up, order.get(code, len(order)), code)
    )


def site_script(records: Iterable[RunRecord], codes: Sequence[str]) -> str:
    """Return ``site.js``: the pages that stand, and the script that makes the bar of them.

    Parameters
    ----------
    records : iterable of RunRecord
        One of each page that stands.
    codes : sequence of str
        Every region that the site tells of, though its pages may be gone, in the order of the bar.
    """
    standing = list(records)
    of_kind: dict[tuple[str, str], list[RunRecord]] = {}
    for one in standing:
        of_kind.setdefault(_kind(one), []).append(one)
    kinds = sorted(of_kind)
    pages: dict[str, dict[str, set[int]]] = {
        code: {lang: set() for lang in LANGUAGES} for code in codes
    }
    for one in standing:
        pages[one.region][one.lang].add(kinds.index(_kind(one)))
    above = sorted({region_named(code).parent for code in codes})
    held = sorted({tuple(sorted(of[lang])) for of in pages.values() for lang in LANGUAGES})
    # a title fits all of one kind, though they may be of several subjects
    shared = {
        kind: of[-1].model_copy(update={"subject": subject_shared(of)})
        for kind, of in of_kind.items()
    }
    told = {
        "tag": {lang: words_in(lang)["tag"] for lang in LANGUAGES},
        "kinds": [
            {
                "notebook": kind[0],
                "edition": kind[1],
                **{lang: title_of(shared[kind], lang) for lang in LANGUAGES},
            }
            for kind in kinds
        ],
        # what many regions share stands once, and they name its place
        "above": above,
        "held": held,
        "regions": [_told(code, pages[code], above, held) for code in codes],
    }
    data = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return f"const faiwatchSite={data};\n{template_file('site.js')}"


def _kind(record: RunRecord) -> tuple[str, str]:
    return record.notebook, edition_of(record.parameters)


def _told(
    code: str, pages: Mapping[str, set[int]], above: list[str], held: list[tuple[int, ...]]
) -> Sequence[object]:
    """Return code, both names, initials, the region above, whether made up, and its pages."""
    region = region_named(code)
    of = [held.index(tuple(sorted(pages[lang]))) for lang in LANGUAGES]
    names = region.name.zh, region.name.en
    up = above.index(region.parent)
    return [code, *names, initials(region.name.zh), up, int(region.is_made_up), *of]
