"""What there is to tell after a batch: rules held against the newest runs of a site.

A rule speaks when it begins to hold for a region, and stays silent while it goes on. What held the
last time is kept in ``alerts.json`` beside the site's index, and is written for an audience only
after it was told: a message that could not be sent is tried again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import NotRequired, TypedDict

from pydantic import BaseModel, TypeAdapter

from faiwatch.core.files import atomic_write, set_aside
from faiwatch.core.finding import Finding
from faiwatch.core.phrases import say
from faiwatch.core.text import Text
from faiwatch.data.ledger_fields import CODE_FROM_NAME
from faiwatch.data.parameter_types import INTERNAL
from faiwatch.data.regions import region_named
from faiwatch.run.alert_rules import AlertRule
from faiwatch.run.verdict import VERDICT_WORDS
from faiwatch.site.run_record import RunRecord, findings_of
from faiwatch.site.site import edition_of, page_address, read_records
from faiwatch.site.words import MADE_UP_MARK

STATE_FILE = "alerts.json"
_MOST_NAMED = 5
_TOLD = {"ok", "partial"}  # states of a number that can be held against a rule


class Remembered(TypedDict):
    """What is kept of one rule and one page: whether it held, and the number (None = none).

    Rules that ask what joined keep fingerprints of what was counted, so that the file, which lies
    in the site, names nobody; and by which rule books, since others count other things.
    """

    holds: bool
    value: float | None
    counted: NotRequired[list[str]]
    books: NotRequired[str]


State = dict[str, Remembered]  # ``alerts.json``, by rule and page


class _Kept(BaseModel):
    holds: bool
    value: float | None
    counted: list[str] = []
    books: str = ""


_KEPT = TypeAdapter(dict[str, _Kept])


@dataclass(frozen=True)
class Seen:
    """The newest run of one page, and what its newest good run found."""

    newest: RunRecord
    good: RunRecord | None
    findings: Mapping[str, Finding]


@dataclass(frozen=True, slots=True)
class Alert:
    """Something to tell.

    Attributes
    ----------
    rule, audience, region, notebook : str
        Which rule, to whom, about what.
    title, body : Text
        What to say: region and event; the verdict sentence, or the cause of the failure.
    page : str
        Page to look at, relative to the site.
    """

    rule: str
    audience: str
    region: str
    notebook: str
    title: Text
    body: Text
    page: str


def seen_in(site: Path) -> list[Seen]:
    """Return what stands in a site, one for each page, both languages as one."""
    seen = []
    for _, of_page in groupby(sorted(read_records(site), key=_page), _page):
        records = list(of_page)
        good = next((record for record in records if record.verdict == "ok"), None)
        found = findings_of(site / "runs" / good.run_id) if good else {}
        seen.append(Seen(records[0], good, found))
    return seen


def _page(record: RunRecord) -> str:
    """Return a name for a page in either language, such as ``990101 06_projects public``."""
    return " ".join(filter(None, (record.region, record.notebook, edition_of(record.parameters))))


def alerts_of(
    rules: Iterable[AlertRule], seen: Iterable[Seen], state: State
) -> tuple[list[Alert], State]:
    """Return what is to be told now, and what to remember for the next time.

    Parameters
    ----------
    rules : iterable of AlertRule
        From :func:`faiwatch.run.alert_rules.alert_rules`.
    seen : iterable of Seen
        From :func:`seen_in`.
    state : dict
        What was remembered the last time; it is not changed. A number that is not available
        leaves what was remembered as it is.
    """
    alerts, remembered = [], dict(state)
    looked_at = list(seen)
    usual = {_page(one.newest) for one in looked_at if one.good}
    for rule in rules:
        for one in looked_at:
            record = one.newest
            if rule.notebook not in {"", record.notebook}:
                continue
            # a number is told once, though a page may have an edition for others
            page, whole = _page(record), f"{record.region} {record.notebook}"
            if not rule.verdicts and page != whole and whole in usual:
                continue
            key = f"{rule.id} {page}"
            before = state.get(key)
            now = _held(rule, one, before)
            if now is None:
                continue
            remembered[key] = now
            again = rule.grows or rule.joins
            is_first = rule.tell_at_first if before is None else not before["holds"] or again
            if now["holds"] and is_first:
                joined = _joined(one, rule.finding, before) if rule.joins else []
                alerts.append(_alert(rule, one, joined))
    return alerts, remembered


def _held(rule: AlertRule, seen: Seen, before: Remembered | None) -> Remembered | None:
    if rule.verdicts:
        return {"holds": seen.newest.verdict in rule.verdicts, "value": None}
    finding = seen.findings.get(rule.finding)
    if finding is None or finding.number is None or finding.state not in _TOLD:
        return None
    value = finding.number
    if rule.joins:
        joined, counted = _joined(seen, rule.finding, before), sorted(_counted(finding))
        return {"holds": bool(joined), "value": value, "counted": counted, "books": _books(seen)}
    if rule.above is not None:
        holds = value > rule.above
    elif rule.at_most is not None:
        holds = value <= rule.at_most
    else:
        holds = value > ((before["value"] if before else None) or 0.0)
    return {"holds": holds, "value": value}


def _counted(finding: Finding) -> dict[str, str]:
    """Return what a finding counts, as readers see it, by fingerprints that outlast its name."""
    counted = {}
    for row in finding.inputs:
        if isinstance(row.value, str):
            lasting = f"{row.value.partition(CODE_FROM_NAME)[0]} {row.column}"
            fingerprint = hashlib.sha256(lasting.encode()).hexdigest()[:16]
            counted[fingerprint] = f"{row.value} ({row.column})"
    return counted


def _books(seen: Seen) -> str:
    """Return the rule books that the numbers of a page were found by."""
    return str(seen.good.parameters.get("rules", "")) if seen.good else ""


def _joined(seen: Seen, finding: str, before: Remembered | None) -> list[str]:
    """Return what a finding counts and did not count the last time, by the same rule books."""
    if before and before.get("books") != _books(seen):
        return []
    known = set(before.get("counted", ())) if before else set()
    counted = _counted(seen.findings[finding])
    return sorted(words for one, words in counted.items() if one not in known)


def _alert(rule: AlertRule, seen: Seen, joined: Sequence[str]) -> Alert:
    record = seen.newest if rule.verdicts else seen.good
    assert record is not None  # a number comes from a good run
    region = region_named(record.region).name
    mark = MADE_UP_MARK if record.is_made_up else Text("", "")
    if rule.verdicts:
        words, cause = VERDICT_WORDS[record.verdict], f": {record.cause}" if record.cause else ""
        body = Text(f"{record.notebook} {words.zh}{cause}", f"{record.notebook} {words.en}{cause}")
    else:  # the verdict sentence of the page, or the finding itself where there is none
        said = seen.findings.get("verdict", seen.findings[rule.finding])
        body = Text(said.zh, said.en)
    if joined:
        # only this edition may name single projects
        told = _joined_words(joined, is_internal=record.parameters.get("profile") == INTERNAL)
        body = Text(f"{told.zh}\n{body.zh}", f"{told.en}\n{body.en}")
    return Alert(
        rule.id,
        rule.audience,
        record.region,
        record.notebook,
        Text(f"{mark.zh}{region.zh}：{rule.words.zh}", f"{mark.en}{region.en}: {rule.words.en}"),
        body,
        record.page or page_address(record),
    )


def _joined_words(joined: Sequence[str], *, is_internal: bool) -> Text:
    """Say how many are new, and on an internal page which, as far as a message has room."""
    n = len(joined)
    if not is_internal:
        return say("run.alerts.how_many_new", n=n)
    named, more = joined[:_MOST_NAMED], n - _MOST_NAMED
    rest = say("run.alerts.more", more=more) if more > 0 else Text("", "")
    return say(
        "run.alerts.named_new", named=Text("；".join(named), "; ".join(named)), n=n, rest=rest
    )


def read_state(site: Path) -> State:
    """Return what was remembered the last time; nothing where nothing was, or can be read."""
    path = site / STATE_FILE
    try:
        content = path.read_bytes()
        _KEPT.validate_json(content)
        state: State = json.loads(content)
        return state
    except FileNotFoundError:
        pass
    except (OSError, ValueError) as error:
        set_aside(path, error)
    return {}


def write_state(site: Path, state: State) -> None:
    """Remember for the next time."""
    atomic_write(site / STATE_FILE, json.dumps(state, ensure_ascii=False, indent=1) + "\n")
