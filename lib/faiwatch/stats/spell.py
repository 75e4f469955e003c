"""What answers for programs say of a negative spell; as light as a command line needs it."""

from __future__ import annotations

from typing import Literal, TypedDict

Definition = Literal["ytd", "block", "rolling3"]  # of negative growth, and of its months


class Spell(TypedDict):
    """One negative spell by one definition; a lower bound where a release beside it is unknown."""

    definition: Definition
    start: str
    end: str
    n_releases: int
    n_months: int
    ongoing: bool
    lowest_pct: float | None
    is_lower_bound: bool
