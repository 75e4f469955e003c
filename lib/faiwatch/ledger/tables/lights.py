"""The light board in the reader's words: one board for each scale of each rule book."""

from __future__ import annotations

from typing import cast

from faiwatch.core.light_names import LIGHTS, MISSING, NOT_APPLICABLE, UNDEFINED
from faiwatch.core.text import Language, Text, number
from faiwatch.ledger.light_board import ScaleLights
from faiwatch.ledger.study import LedgerStudy
from faiwatch.view.html.lights import Board, Colour, Light

_SUBJECTS = {
    "projects": Text("逐个项目", "each project"),
    "bonds": Text("逐只债券", "each bond"),
    "regions": Text("全区", "the district"),
    "groups": Text("全部项目合计", "all projects together"),
}
_MEANINGS = {
    MISSING: Text("判断所需的数没有填，或本页不掌握", "a figure that it takes is not known here"),
    NOT_APPLICABLE: Text("不在这条规则的范围内", "outside what the rule is about"),
}
_HERE = Text("✓", "✓")


def light_boards(study: LedgerStudy, *, lang: Language) -> list[Board]:
    """Return one board for each scale: every colour with its meaning, and how many have it."""
    order = list(_SUBJECTS)
    scales = sorted(study.board.scales, key=lambda one: order.index(one.scale.subject))
    return [_board(one, lang) for one in scales]


def _board(one: ScaleLights, lang: Language) -> Board:
    told = {rule.colour: rule.meaning for rule in one.scale.light}
    told |= {UNDEFINED: one.scale.undefined}
    told |= {name: words for name, words in _MEANINGS.items() if one.counts[name]}
    order = [name for name in LIGHTS if name in told]
    lights = [
        Light(
            colour=cast("Colour", name),
            word=LIGHTS[name].in_language(lang),
            count=_count(one, name, lang),
            means=told[name].in_language(lang),
        )
        for name in order
    ]
    between = Text("：", ": ").in_language(lang)
    about = [_SUBJECTS[one.scale.subject].in_language(lang), one.preset.source.in_language(lang)]
    title = [one.preset.name.in_language(lang), one.scale.name.in_language(lang)]
    return Board(between.join(title), " · ".join(about), lights)


def _count(one: ScaleLights, name: str, lang: Language) -> str:
    if one.is_one:
        return _HERE.in_language(lang) if one.counts[name] else ""
    return number(one.counts[name], lang, 0)
