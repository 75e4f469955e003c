"""Over which months each figure is that can be told to other programs."""

from __future__ import annotations

from collections.abc import Mapping

from faiwatch.stats.spell import Definition

# Growth worked out from levels is none of them: it is nothing to pass on.
WINDOWS: Mapping[str, Definition] = {
    "ytd_value_100m": "ytd",
    "ytd_yoy_pct": "ytd",
    "block_value_100m": "block",
    "block_yoy_pct": "block",
    "rolling3_yoy_pct": "rolling3",
    "value_100m": "block",  # of a monthly series
    "yoy_pct": "block",
}
