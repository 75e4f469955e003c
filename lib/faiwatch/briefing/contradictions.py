"""Figures that cannot all be true: with one of these no briefing is written.

Method: ``docs/methods/briefing.md``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from faiwatch.briefing.filling import Material
from faiwatch.briefing.outlook import target_rows
from faiwatch.briefing.record import Contradiction
from faiwatch.core.finding import Finding
from faiwatch.core.phrases import joined, say
from faiwatch.core.provenance import rows_behind
from faiwatch.core.text import Text, number
from faiwatch.data.ledger_fields import AS_OF, PROJECT_CODE, ledger_tables
from faiwatch.data.parameter_types import NONE
from faiwatch.ledger.funding import latest_rows
from faiwatch.page.known import TOTAL
from faiwatch.stats.contributions import SECTORS
from faiwatch.view.tables import part_name

# What may not be more than the whole that it is a part of.
WHOLES = (
    (("n_slow", "n_no_funds", "n_exit"), "n_renewal"),
    (("n_factor_blocked",), "n_key_projects"),
    (("performed_count",), "signed_count"),
)
_REPEATED = {
    "projects": (PROJECT_CODE, ("level", "category", "status", "annual_plan", "ytd_done")),
    "contracts": ("id", ("signed", "amount")),
    "issues": ("issue_id", ("opened", "closed", "cause")),
}


def contradictions(
    material: Material, findings: Mapping[str, Finding]
) -> tuple[Contradiction, ...]:
    """Return every contradiction among the figures of a briefing."""
    found = [*parts_above_whole(findings), *run_counts(material, findings)]
    found += [*parts_above_total(material), *repeated_rows(material), *two_targets(material)]
    return tuple(found)


def parts_above_whole(findings: Mapping[str, Finding]) -> Iterator[Contradiction]:
    """Yield counts of :data:`WHOLES` whose parts are more than the whole."""
    for parts, whole in WHOLES:
        told = [findings[id] for id in (*parts, whole)]
        if any(one.is_open for one in told):
            continue
        counts = [one.number or 0 for one in told]
        if sum(counts[:-1]) > counts[-1]:
            zh = "＋".join(f"{one.definition_zh}{one.zh}" for one in told[:-1])
            en = " + ".join(f"{one.definition} {one.en}" for one in told[:-1])
            last = told[-1]
            yield Contradiction(
                "parts_above_whole",
                say(
                    "briefing.contradictions.more",
                    said=Text(zh, en),
                    definition_zh=last.definition_zh,
                    last=last,
                    definition=last.definition,
                ),
                tuple(row for one in told[:-1] for row in one.inputs),
            )


def run_counts(material: Material, findings: Mapping[str, Finding]) -> Iterator[Contradiction]:
    """Yield when the run of the text is not what counting the published growth back gives."""
    asked, length = material.parameters, findings["negative_run_length"]
    releases = findings["negative_run_releases"]
    if length.is_open or asked.definition != "ytd" or not asked.run_across_years:
        return
    growth = material.measured.set_index("period")["ytd_yoy_pct"]
    months = counted = 0
    month = material.month
    while growth.get(month, 0.0) < 0:
        is_february = month.month == 2
        months, counted = months + (2 if is_february else 1), counted + 1
        month = month - (2 if is_february else 1)
    if (months, counted) != (length.value, releases.value):
        yield Contradiction(
            "run_counts",
            say(
                "briefing.contradictions.spell_lengths_differ",
                length=length,
                releases=releases,
                months=months,
                counted=counted,
            ),
            length.inputs,
        )


def parts_above_total(material: Material) -> Iterator[Contradiction]:
    """Yield parts of the published total that are more than it, beyond rounding."""
    page, month = material.page, material.month
    figures = page.figures[page.figures["region_code"] == page.region.code]
    now = figures[(figures["period"] == month) & figures["ytd_value_100m"].notna()]
    total = now[now["indicator"] == TOTAL]
    if total.empty:
        return
    whole = float(total["ytd_value_100m"].iloc[0])
    known = set(now["indicator"]) - {TOTAL}
    groups = [[name] for name in sorted(known)]
    if known.issuperset(SECTORS):
        groups.append(list(SECTORS))
    for names in groups:
        rows = now[now["indicator"].isin(names)]
        values = [*rows["ytd_value_100m"], whole]
        exponents = [Decimal(f"{one:.10g}").normalize().as_tuple().exponent for one in values]
        last = min([0, *(one for one in exponents if isinstance(one, int))])
        rounding = 0.5 * 10.0**last * len(values)  # each is rounded to its last digit
        part = rows["ytd_value_100m"].sum()
        if part > whole + rounding:
            said = joined(map(part_name, names), "、", ", ")
            yield Contradiction(
                "parts_above_total",
                say("briefing.contradictions.more_total", said=said, part=part, whole=whole),
                rows_behind(rows, "ytd_value_100m") + rows_behind(total, "ytd_value_100m"),
            )


def repeated_rows(material: Material) -> Iterator[Contradiction]:
    """Yield rows of the ledger that stand twice and say different things."""
    for table, (key, fields) in _REPEATED.items():
        frame = material.ledger.get(table)
        if frame is None:
            continue
        rows = latest_rows(frame, material.month)
        if table == "projects":
            rows = frame[frame[AS_OF] == material.month]
        rows = rows[rows.duplicated(key, keep=False)]
        if rows.empty:
            continue
        for field in fields:
            label = ledger_tables()[table].fields[field].label
            told = rows.groupby(key, sort=False)[field].transform("nunique", dropna=False)
            for name, group in rows[told > 1].groupby(key, sort=False):
                words = say("briefing.contradictions.two_values", name=name, label=label)
                yield Contradiction("repeated_figures", words, material.cells(group, field))


def two_targets(material: Material) -> Iterator[Contradiction]:
    """Yield when the growth target of the year is told differently in two places."""
    rows = target_rows(material)
    told = [] if rows.empty else [float(value) for value in rows["value"]]
    asked = material.parameters.target_growth_pct
    if asked != NONE:
        told.append(float(asked))
    if len(set(told)) > 1:
        both = [number(value, "en") for value in dict.fromkeys(told)]
        yield Contradiction(
            "two_targets",
            say(
                "briefing.contradictions.two_targets",
                both=Text("、".join(both), ", ".join(both)),
                n_told=len(set(told)),
            ),
            material.cells(rows, "value"),
        )
