"""What is to be made, a job for each page, and how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from faiwatch.page.parameters import parameters_of
from faiwatch.run.watch import Limits
from faiwatch.run.workspace import parameters_for

if TYPE_CHECKING:
    from faiwatch.site.templates import Bundle

# Regions whose pages in one language are made before those in the other: far enough apart that two
# workers do not wait for the same fit, near enough that it is still in the cache.
_REGIONS_AT_A_TIME = 16
# Begun before others: a long page that is the last one leaves cores with nothing to do.
_LONG = ("04_forecast", "06_projects", "08_briefing", "09_city")


@dataclass(frozen=True, slots=True)
class Job:
    """One page to make: a notebook and the parameters given for it."""

    notebook: str
    values: Mapping[str, str]

    @property
    def name(self) -> str:
        """Name for progress lines."""
        region, lang = self.values.get("region"), self.values.get("lang", "")
        region = region or parameters_of(self.notebook).model_fields["region"].default
        return " ".join(filter(None, [self.notebook, region, lang]))


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How to run, whatever is run.

    Attributes
    ----------
    site : Path
        Folder of the site; made when it is not there.
    limits : Limits
        Time limits of each run.
    bundle : {"site", "page"}
        Whether pages share the site's scripts and styles or carry their own.
    workers : int
        Kernels that run side by side and share the cores.
    both_languages : bool
        Whether the same pages are made in the other language too, so that they can link to it.
    reuse : bool
        Whether a page is kept whose earlier run still stands, see :mod:`faiwatch.run.reuse`.
    warm : Path or None
        Folder of the server that forks kernels, see :func:`faiwatch.run.beside.warm_server`.
    editions : Path or None
        File with the public editions that a run made again was compared with; else the site's.
    """

    site: Path = Path("site")
    limits: Limits = field(default_factory=Limits)
    bundle: Bundle = "site"
    workers: int = 1
    both_languages: bool = False
    reuse: bool = False
    warm: Path | None = None
    editions: Path | None = None


def batch_plan(
    regions: Sequence[str],
    notebooks: Sequence[str],
    languages: Sequence[str],
    values: Mapping[str, str],
) -> list[Job]:
    """Return the pages of every region, in an order that lets them share their fits.

    Parameters
    ----------
    regions, notebooks, languages : sequence of str
        Each with each; what is named twice is made once.
    values : mapping
        Further parameters, the same for all; before what the workspace says of each notebook.

    Examples
    --------
    >>> plan = batch_plan(["610000", "620000"], ["02_monitor", "04_forecast"], ["zh", "en"], {})
    >>> [job.name for job in plan][1:3]
    ['04_forecast 620000 zh', '02_monitor 610000 zh']
    """
    every = list(dict.fromkeys(regions))
    long_first = sorted(notebooks, key=lambda name: name not in _LONG)
    given = {name: {**parameters_for(name), **values} for name in long_first}
    return [
        Job(notebook, {**given[notebook], "region": region, "lang": language})
        for first in range(0, len(every), _REGIONS_AT_A_TIME)
        for language, notebook, region in product(
            dict.fromkeys(languages), given, every[first : first + _REGIONS_AT_A_TIME]
        )
    ]
