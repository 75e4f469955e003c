"""The light board in the reader's words: one board for each scale of each rule book."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from faiwatch.core.light_names import LIGHTS, MISSING, NOT_APPLICABLE, UNDEFINED
from faiwatch.core.phrases import say, texts_of
from faiwatch.core.text import Language, Text, number
from faiwatch.ledger.light_board import ScaleLights
from faiwatch.ledger.study import LedgerStudy
from faiwatch.view.html.lights import Board, Colour, Light

_SUBJECTS = texts_of("ledger.words_subjects")
_HERE = Text("✓", "✓")


def light_boards(
    study: LedgerStudy, *, lang: Language, chosen: Sequence[ScaleLights] | None = None
) -> list[Board]:
    """Return one board for each scale: every colour with its meaning, and how many have it."""
    order = list(_SUBJECTS)
    all_scales = study.board.scales if chosen is None else chosen
    scales = sorted(all_scales, key=lambda one: order.index(one.scale.subject))
    boards = []
    for one in scales:
        book, when, gap = one.preset, one.preset.validity, one.why_not
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
        said = [
            _SUBJECTS[one.scale.subject],
            say("ledger.tables_lights.written", scope=book.scope),
            say("ledger.tables_lights.valid", when=when),
            say("ledger.tables_lights.source", source=book.source),
        ]
        if gap.zh and not any(one.counts.values()):  # else it stands beside the light
            said.append(say("ledger.tables_lights.judged", gap=gap))
        title = Text(f"{book.name.zh}：{one.scale.name.zh}", f"{book.name.en}: {one.scale.name.en}")
        about = " · ".join(part.in_language(lang) for part in said)
        boards.append(Board(title.in_language(lang), about, lights))
    return boards
