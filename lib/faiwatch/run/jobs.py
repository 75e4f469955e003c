"""What is to be made: one job for each page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from faiwatch.page.parameters import parameters_of
from faiwatch.run.workspace import parameters_for

# Regions whose pages in one language are made before those in the other: far enough apart that two
# workers do not wait for the same fit, near enough that it is still in the cache.
_REGIONS_AT_A_TIME = 16


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
    >>> plan = batch_plan(["610000", "620000"], ["02_monitor"], ["zh", "en"], {})
    >>> [job.name for job in plan][:2]
    ['02_monitor 610000 zh', '02_monitor 620000 zh']
    """
    every = list(dict.fromkeys(regions))
    given = {name: {**parameters_for(name), **values} for name in notebooks}
    return [
        Job(notebook, {**given[notebook], "region": region, "lang": language})
        for first in range(0, len(every), _REGIONS_AT_A_TIME)
        for language, region, notebook in product(
            dict.fromkeys(languages), every[first : first + _REGIONS_AT_A_TIME], given
        )
    ]
