"""A map of equal tiles of the regions inside one: about where each lies, no borders drawn.

Places are made up and stand in ``data/tiles.csv``; where it places nobody, tiles stand in the
order of the table of regions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from faiwatch.core.phrases import say
from faiwatch.core.text import Language
from faiwatch.data.reference import tile_letters, tiles_of
from faiwatch.data.regions import inside, known_regions, region_named, short_name
from faiwatch.site.overview import RegionRow

_FEWEST, _MOST = 3, 60  # regions on a map
_MOST_MAPS = 3
WIDTH, HEIGHT, ROOM = 62, 40, 3  # of a tile, and between two
_COLUMNS = 6  # where no places are known
_LONG = 9  # characters of a name that needs smaller letters


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile: where it stands, what it says, and the row it leads to; None = no page."""

    x: int
    y: int
    name: str
    letters: str  # in its place on a narrow screen; empty = the name stays
    is_long: bool
    row: RegionRow | None


@dataclass(frozen=True, slots=True)
class TileMap:
    """Tiles of the regions inside one, and how much room they take."""

    title: str
    width: int
    height: int
    tiles: Sequence[Tile]


def tile_maps(rows: Sequence[RegionRow], lang: Language) -> list[TileMap]:
    """Return a map for each region that many rows lie in, at most three, the fullest first.

    Parameters
    ----------
    rows : sequence of RegionRow
        Those of the index.
    lang : {"zh", "en"}
        Their language.
    """
    below: dict[str, dict[str, RegionRow]] = {}
    for row in rows:
        if row.parent:
            below.setdefault(row.parent, {})[row.region.code] = row
    shown = [parent for parent, of in below.items() if _FEWEST <= len(of) <= _MOST]
    shown.sort(key=lambda parent: (region_named(parent).is_made_up, -len(below[parent]), parent))
    return [_tile_map(parent, below[parent], lang) for parent in shown[:_MOST_MAPS]]


def _tile_map(parent: str, rows: Mapping[str, RegionRow], lang: Language) -> TileMap:
    known = [*dict.fromkeys([*inside(parent), *rows])]
    order = sorted(rows, key=list(known_regions() | dict.fromkeys(rows)).index)
    places = tiles_of(order, a_row=_COLUMNS)
    tiles = []
    for code in known:
        if code in places:
            line, column = places[code]
            short = short_name(region_named(code), lang)
            x, y = column * (WIDTH + ROOM), line * (HEIGHT + ROOM)
            letters = tile_letters().get(code, "") if lang == "en" else ""
            tiles.append(Tile(x, y, short, letters, len(short) > _LONG, rows.get(code)))
    name = region_named(parent).name
    title = say("site.tile_map.title", name=name)
    return TileMap(
        title.in_language(lang),
        max(tile.x for tile in tiles) + WIDTH,
        max(tile.y for tile in tiles) + HEIGHT,
        tiles,
    )
