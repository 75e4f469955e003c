"""The page ``09_city``: a city over its districts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import pandas as pd

from faiwatch.core.finding import Finding, Tone
from faiwatch.core.light_names import MISSING
from faiwatch.core.phrases import joined, say
from faiwatch.core.text import Text
from faiwatch.data.notices import STATES
from faiwatch.data.parameter_types import DEMO, NONE, STANDARD
from faiwatch.data.source import data_source
from faiwatch.ledger.city.book import City, CityPlots, inputs_of, open_city
from faiwatch.ledger.city.findings import LEDGER_NUMBERS, NUMBERS, by_level, city_tone
from faiwatch.ledger.files import demo_ledgers
from faiwatch.page.known import lender_code
from faiwatch.page.page import Page, borrowed_note
from faiwatch.page.parameters import CityParameters, check_parameters
from faiwatch.page.shown import Block, Section, Withheld
from faiwatch.view.tables import Table
from faiwatch.view.tables import city as tables


@dataclass(frozen=True)
class CityPage(Page):
    """An open page of a city.

    Attributes
    ----------
    city : City
        The city, as :func:`faiwatch.city` returns it.
    """

    parameters: CityParameters
    city: City

    notebook: ClassVar[str] = "09_city"

    @classmethod
    def open(cls, values: Mapping[str, Any]) -> Self:
        """Check the parameters, read figures, ledgers and notices, and look at the city."""
        asked = check_parameters(cls.notebook, values)
        assert isinstance(asked, CityParameters)
        ledgers = demo_ledgers() if asked.ledgers == DEMO else _given(asked.ledgers)
        inputs = inputs_of(
            targets=_given(asked.targets),
            ledgers=ledgers,
            notices=_given(asked.notices),
            rules=asked.rules,
            summons=_given(asked.summons),
            base_shares=asked.base_shares,
        )
        city = open_city(
            data_source(asked.data),
            asked.region,
            asked.regions,
            inputs,
            as_of=asked.as_of,
            lang=asked.lang,
        )
        return cls(asked, city.known, city)

    @property
    def findings(self) -> Mapping[str, Finding]:
        """Verdict, details and key numbers."""
        return self.city.findings

    @property
    def key_numbers(self) -> list[str]:  # type: ignore[override]
        """Those that the city has: of ledgers and notices where there are any."""
        return [
            name
            for name in (*NUMBERS, *(f"ledger_{one}" for one in LEDGER_NUMBERS))
            if name in self.findings and (name != "n_notices_overdue" or len(self.city.notices))
        ]

    @property
    def tone(self) -> Tone:
        """Whether the city falls."""
        return city_tone(self.city.facts)

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Where each district stands, their flags and spells, and who is summoned."""
        one = self.city
        return {
            "standing": one.standing,
            "flags": one.facts.flagged,
            "runs": one.facts.runs,
            "summons": by_level(one.summons),
            "notices": one.notices,
        }

    @property
    def source_words(self) -> Text:
        """Who published the figures of the city and its districts, and by which copies."""
        return self.known.source_words([self.region.code, *self.city.districts])

    @property
    def plot(self) -> CityPlots:
        """The charts: those of :func:`faiwatch.city`."""
        return self.city.plot

    def ranking(self) -> Table:
        """Return where each district stands, and what of that is not of all districts."""
        facts, told = self.city.facts, []
        lacking = len(facts.districts) - len(facts.known)
        if lacking:
            told.append(say("ledger.city_page.not_ranked", n=lacking))
        if not facts.has_levels:
            told.append(
                Text(
                    "县市区未公布投资额，规模占比和拉动无从计算",
                    "districts publish no levels, so sizes and contributions are not known",
                )
            )
        targets = sum(code in facts.targets for code in facts.districts)
        if not targets and self.city.standing["light"].eq(MISSING).any():
            told.append(
                Text(
                    "没有给出各县市区年度目标，规则要用到目标的灯记“缺数”",
                    "no targets of districts are given, so lights that hang on one are not known",
                )
            )
        if 0 < targets < len(facts.districts):
            n = len(facts.districts)
            told.append(say("ledger.city_page.with_target", n=n, n_targets=targets))
        if self.city.inputs.ledgers:
            rollup = self.city.rollup
            if rollup.without:
                told.append(say("ledger.city_page.without_ledger", n=len(rollup.without)))
        said = joined(told)
        note = Text(f"{said.zh}。", f"{said.en.capitalize()}.") if told else Text("", "")
        return self.table(tables.rank_table(self.city.standing_in_words, lang=self.lang, note=note))

    def further(self) -> Table:
        """Return what else is known of each district beside its rank."""
        return self.table(tables.further_table(self.city.standing_in_words, lang=self.lang))

    def turned(self) -> Table:
        """Return the districts whose growth changed its sign."""
        return self.table(tables.turned_table(self.city.facts.turned, lang=self.lang))

    def summons(self) -> Table:
        """Return who is to be reminded, summoned or supervised, and why."""
        rules = self.city.rules
        note = say("ledger.city_page.rules", rules=rules.name, source=rules.source)
        return self.table(tables.summons_table(self.city.summons, lang=self.lang, note=note))

    def notices(self) -> Table | Withheld:
        """Return what became of the notices; nothing where no list of them is given."""
        if self.city.inputs.notices is None:
            return Withheld()
        return self.table(tables.notices_table(self.city.notices, STATES, lang=self.lang))

    def ledgers(self) -> Section | Withheld:
        """Return the ledgers rolled up, and the lights of each; nothing without ledgers."""
        if not self.city.inputs.ledgers:
            return Withheld()
        rollup, source = self.city.rollup, Text("各县市区台账汇总", "Ledgers of the districts")
        words = {
            name: {code: told.in_language(self.lang) for code, told in rollup.words(name).items()}
            for name in LEDGER_NUMBERS
        }
        shown = [
            tables.ledgers_table(rollup.table, words, lang=self.lang),
            tables.lights_table(rollup.lights, rollup.scale_names, lang=self.lang),
            tables.lagging_table(
                None if rollup.study is None else rollup.study.lag, lang=self.lang
            ),
        ]
        told = source.in_language(self.lang)
        return Section([self.table(one, source=told) for one in shown])

    def _notes(self) -> Sequence[Block]:
        """Return also whose base is borrowed."""
        notes = [*super()._notes()]
        code = lender_code(self.parameters.base_shares)
        return notes if code == NONE else [*notes, borrowed_note(code, self.lang)]


def _given(value: str) -> str | None:
    return None if value in {NONE, STANDARD} else value
