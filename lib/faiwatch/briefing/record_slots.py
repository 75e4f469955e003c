"""Slots that come from contracts and the calendar.

Method: ``docs/methods/briefing.md``.
"""

from __future__ import annotations

import pandas as pd

from faiwatch.briefing.filling import Material, filled, lacking, noted, plain_number, said, whole
from faiwatch.briefing.record import Slot
from faiwatch.core.provenance import What
from faiwatch.core.text import Text, month_name, window_name
from faiwatch.data.parameter_types import NONE
from faiwatch.ledger.contracts import STEPS, contract_funnel
from faiwatch.ledger.sheets import PER_100M, total_10k

_SIGNED = {
    "signed_count": What(
        Text("签订合同项目数", "contracts signed"),
        "contracts",
        "signed in the window",
        "签订日期在所列期间的合同数",
    ),
    "signed_investment": What(
        Text("签订合同总投资（亿元）", "investment contracted, 100 million yuan"),
        "100m_cny",
        "sum of amount / 10^4, signed in the window",
        "签订日期在所列期间的合同金额合计（万元 ÷ 10000）",
    ),
    "performed_count": What(
        Text("其中已履约项目数", "contracts of these that are performed"),
        "contracts",
        "signed in the window and performed <= as_of",
        "签订日期在所列期间、截至期末已履约的合同数",
    ),
}
_PLAN_YEAR = What(
    Text("下一计划年度", "the next plan year"), "year", "year of as_of + 1", "期末所在年份 + 1"
)


def record_slots(material: Material) -> dict[str, Slot]:
    """Return the slots of contracts and plan years by id."""
    year = material.month.year + 1
    slots = _signed(material)
    slots.append(filled("plan_year", _PLAN_YEAR, year, Text(str(year), str(year))))
    return {slot.id: slot for slot in slots}


def _signed(material: Material) -> list[Slot]:
    rows, missing = material.rows_of("contracts")
    if missing:
        return [lacking(id, what, missing) for id, what in _SIGNED.items()]
    asked, month = material.parameters.signed_from, material.month
    since = pd.Period(f"{month.year}-01" if asked == NONE else asked, "M")
    funnel = contract_funnel(rows, as_of=month, since=since)
    n = funnel.steps.set_index("step")["n"].astype(int)
    rows = rows[rows["signed"].between(since.start_time, month.end_time)]
    performed = rows[rows["performed"].le(month.end_time)]
    counts = {"signed_count": ("signed", rows), "performed_count": ("performed", performed)}
    note = _not_the_same(n, since, month)
    slots = {
        id: noted(
            filled(
                id, _SIGNED[id], int(n[step]), whole(int(n[step])), material.cells(counted, step)
            ),
            note,
        )
        for id, (step, counted) in counts.items()
    }
    signed = said(slots["signed_count"], window=_window(since, month))
    return [signed, _investment(material, rows), slots["performed_count"]]


def _window(since: pd.Period, month: pd.Period) -> Text:
    """Say the window: the year to date, or from one month to another."""
    first, last = str(since), str(month)
    if since.year == month.year and since.month == 1 < month.month:
        return Text(window_name(last, "zh"), window_name(last, "en"))
    return Text(
        f"{month_name(first, 'zh')}至{month_name(last, 'zh')}",
        f"{month_name(first, 'en')} to {month_name(last, 'en')}",
    )


def _investment(material: Material, rows: pd.DataFrame) -> Slot:
    id = "signed_investment"
    blank = material.blank("contracts", rows, "amount")
    if blank:
        return lacking(id, _SIGNED[id], blank)
    value = total_10k(rows["amount"]) / PER_100M
    inputs = material.cells(rows, "amount") + material.cells(rows, "signed")
    return filled(id, _SIGNED[id], value, plain_number(value, 2), inputs)


def _not_the_same(n: pd.Series, since: pd.Period, month: pd.Period) -> Text:
    told = [(STEPS[step], int(n[step])) for step in STEPS]
    first, last = str(since), str(month)
    return Text(
        f"{month_name(first, 'zh')}至{month_name(last, 'zh')}签订的合同，截至期末："
        f"{'、'.join(f'{label.zh}{count}个' for label, count in told)}；签约不等于履约或开工。",
        f"Contracts signed {month_name(first, 'en')} to {month_name(last, 'en')}, by the end: "
        f"{', '.join(f'{count} {label.en}' for label, count in told)}; signed is neither "
        "performed nor started.",
    )
