"""The light board in the reader's words: one board for each scale of each rule book."""

from __future__ import annotations

from collections.abc import Sequence
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
_HERE = Text("✓", "✓")


def light_boards(
    study: LedgerStudy, *, lang: Language, chosen: Sequence[ScaleLights] | None = None
) -> list[Board]:
    """Return one board for each scale: every colour with its meaning, and how many have it."""
    order = list(_SUBJECTS)
    all_scales = study.board.scales if chosen is None else chosen
    scales = sorted(all_scales, key=lambda one: order.index(one.scale.subject))
    return [_board(one, lang) for one in scales]


def _board(one: ScaleLights, lang: Language) -> Board:
    gap = one.why_not
    outside = Text("不在这条规则的范围内", "outside what the rule is about")
    unjudged = {MISSING: gap, NOT_APPLICABLE: outside if one.holds else gap}
    told = {rule.colour: rule.meaning for rule in one.scale.light}
    told |= {UNDEFINED: one.scale.undefined}
    told |= {name: words for name, words in unjudged.items() if one.counts[name]}
    lights = []
    for name, word in LIGHTS.items():
        if name in told:
            count = number(one.counts[name], lang, 0)
            if one.is_one:
                count = _HERE.in_language(lang) if one.counts[name] else ""
            means = told[name].in_language(lang)
            lights.append(Light(cast("Colour", name), word.in_language(lang), count, means))
    between = Text("：", ": ").in_language(lang)
    title = [one.preset.name.in_language(lang), one.scale.name.in_language(lang)]
    return Board(between.join(title), _about(one).in_language(lang), lights)


def _about(one: ScaleLights) -> Text:
    """Say what gets the light, what the rules were written for, when they hold, and whose."""
    book, subject = one.preset, _SUBJECTS[one.scale.subject]
    when, gap = book.validity, one.why_not
    said = [
        subject,
        Text(f"适用：{book.scope.zh}", f"written for: {book.scope.en}"),
        Text(f"有效：{when.zh}", f"valid: {when.en}"),
        Text(f"出处：{book.source.zh}", f"source: {book.source.en}"),
    ]
    if gap.zh and not any(one.counts.values()):  # else it stands beside the light
        said.append(Text(f"未判断：{gap.zh}", f"not judged: {gap.en}"))
    return Text(" · ".join(part.zh for part in said), " · ".join(part.en for part in said))
