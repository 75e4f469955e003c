"""The ledgers of many districts as one: ids made unique, each judged, and all together.

A sum over districts is that of their projects, judged as one ledger by the rules of a single one:
what is not known of some projects makes it partial, or missing, exactly as there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from faiwatch.core.finding import Finding
from faiwatch.core.text import Text
from faiwatch.data.ledger_fields import AS_OF, PROJECT_CODE, ledger_tables
from faiwatch.data.light_rules import presets
from faiwatch.ledger.findings import ledger_findings
from faiwatch.ledger.light_board import scale_label
from faiwatch.ledger.study import LedgerStudy, Published, ledger_month, study_ledger

NUMBERS = ("progress", "start_rate_due", "lagging", "match_rate")
_DIVIDER = ":"


@dataclass(frozen=True)
class DistrictLedger:
    """What the ledger of one district comes to at its latest month up to the city's.

    The study itself is not kept: those of a hundred ledgers would fill memory.

    Attributes
    ----------
    region_code : str
        The district.
    tables : mapping
        Its tables, ids unique.
    month : Period
        The month of its latest sheet.
    n_projects, n_issues_overdue : int
        Its projects, and its open issues that are past their date.
    findings : mapping
        :data:`NUMBERS`, each with its coverage; their rows stand behind those of the city.
    lights : mapping of str to str
        Its light as a whole, by each scale about districts or groups.
    scale_names : mapping of str to Text
        What those scales are called.
    """

    region_code: str
    tables: Mapping[str, pd.DataFrame]
    month: pd.Period
    n_projects: int
    n_issues_overdue: int
    findings: Mapping[str, Finding]
    lights: Mapping[str, str]
    scale_names: Mapping[str, Text]


@dataclass(frozen=True)
class Rollup:
    """The ledgers of a city.

    Attributes
    ----------
    month : Period
        The city's month.
    ledgers : tuple of DistrictLedger
        One a district, in the order of the list.
    without : tuple of str
        Districts that handed in none.
    """

    month: pd.Period
    ledgers: tuple[DistrictLedger, ...]
    without: tuple[str, ...]

    @property
    def current(self) -> tuple[DistrictLedger, ...]:
        """Those that have a sheet of the month; the others say how things stood before."""
        return tuple(one for one in self.ledgers if one.month == self.month)

    @cached_property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """The tables of those with a sheet of the month, one below the other, ids unique."""
        return {
            name: pd.concat(parts, ignore_index=True)
            for name in ledger_tables()
            if (parts := [one.tables[name] for one in self.current if name in one.tables])
        }

    @cached_property
    def study(self) -> LedgerStudy | None:
        """All projects of the month judged as one ledger; None where no ledger has the month."""
        if not self.current:
            return None
        books = list(presets().values())
        return study_ledger(self.tables, Published(), books, as_of=self.month)

    @cached_property
    def findings(self) -> Mapping[str, Finding]:
        """:data:`NUMBERS` of all projects of the month, and the sentences that rest on them."""
        return {} if self.study is None else ledger_findings(self.study, names=NUMBERS)

    @cached_property
    def table(self) -> pd.DataFrame:
        """What each ledger comes to.

        Returns
        -------
        DataFrame
            ``region_code ledger_month n_projects n_issues_overdue lagging`` and ``progress
            start_rate_due match_rate`` (percent; NaN = missing), a row a district.
        """
        rows = [
            {
                "region_code": one.region_code,
                "ledger_month": one.month,
                "n_projects": one.n_projects,
                "n_issues_overdue": one.n_issues_overdue,
                **{name: one.findings[name].value for name in NUMBERS},
            }
            for one in self.ledgers
        ]
        return pd.DataFrame(rows)

    def words(self, name: str) -> dict[str, Text]:
        """Return a number of each district as readers see it, with its coverage."""
        return {
            one.region_code: Text(one.findings[name].words("zh"), one.findings[name].words("en"))
            for one in self.ledgers
        }

    @property
    def lights(self) -> pd.DataFrame:
        """The lights of each district as a whole.

        Returns
        -------
        DataFrame
            ``region_code scale light``; `scale` is ``preset.scale``.
        """
        rows = [
            (one.region_code, scale, light)
            for one in self.ledgers
            for scale, light in one.lights.items()
        ]
        return pd.DataFrame(rows, columns=["region_code", "scale", "light"])

    @property
    def scale_names(self) -> dict[str, Text]:
        """What each scale of :attr:`lights` is called."""
        return {name: words for one in self.ledgers for name, words in one.scale_names.items()}


def roll_up(
    given: Mapping[str, Mapping[str, pd.DataFrame]],
    districts: tuple[str, ...],
    growth: Mapping[str, float],
    *,
    month: pd.Period,
    city_growth_pct: float,
) -> Rollup:
    """Judge the ledgers of a city.

    Parameters
    ----------
    given : mapping
        The tables of the ledger of each district that handed one in.
    districts : tuple of str
        All districts of the city, in their order.
    growth : mapping
        Published growth of each at the month, percent, for rules about it.
    month : Period
        The city's month; of each ledger the latest sheet up to it counts.
    city_growth_pct : float
        Published growth of the city; NaN = not known.
    """
    books, ledgers = list(presets().values()), []
    for code in districts:
        if code not in given:
            continue
        tables = with_unique_ids(given[code], code)
        at = ledger_month(tables["projects"], as_of=month)
        told = growth.get(code, float("nan")) if at == month else float("nan")
        published = Published(growth_pct=told, city_average_pct=city_growth_pct)
        study = study_ledger(tables, published, books, as_of=at)
        found = ledger_findings(study, names=NUMBERS)
        scales = [scale for scale in study.board.scales if scale.is_one and scale.holds]
        ledgers.append(
            DistrictLedger(
                region_code=code,
                tables=tables,
                month=study.as_of,
                n_projects=study.totals.n,
                n_issues_overdue=int(
                    (study.register["is_open"] & study.register["overdue_days"].gt(0)).sum()
                ),
                findings={name: found[name].model_copy(update={"inputs": ()}) for name in NUMBERS},
                lights={
                    scale.name: next((name for name, n in scale.counts.items() if n), "missing")
                    for scale in scales
                },
                scale_names={scale.name: scale_label(scale) for scale in scales},
            )
        )
    without = tuple(code for code in districts if code not in given)
    return Rollup(month, tuple(ledgers), without)


def with_unique_ids(
    tables: Mapping[str, pd.DataFrame], region_code: str
) -> dict[str, pd.DataFrame]:
    """Return tables whose ids begin with their district: two may both have a project "3".

    Examples
    --------
    >>> projects = pd.DataFrame({"project_code": ["3", ""], "name": ["甲", "乙"]})
    >>> with_unique_ids({"projects": projects}, "430503")["projects"]["project_code"].to_list()
    ['430503:3', '']
    """
    known, found = ledger_tables(), {}
    for name, table in tables.items():
        ids = [
            field
            for field, about in known[name].fields.items()
            if field in table
            and field != AS_OF
            and (about.kind == "code" or field in {PROJECT_CODE, "issue_id", "id"})
        ]
        mark = f"{region_code}{_DIVIDER}"
        found[name] = table.assign(
            **{field: table[field].where(table[field].eq(""), mark + table[field]) for field in ids}
        )
    return found
