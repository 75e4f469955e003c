"""What two runs of a page have in common.

Runs are compared by what they found, not by their bytes: a page holds times and run ids, findings
hold numbers. Where they differ, the record says what may be the cause: parameters, data, code,
package versions.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypedDict

from faiwatch.core.errors import DataMissingError, ParameterError
from faiwatch.core.finding import Finding
from faiwatch.core.text import Text
from faiwatch.site.run_record import RUN_FILE, RunRecord, findings_of, read_record
from faiwatch.site.site import read_records

Kind = Literal["changed", "gone", "new"]
_MADE_ANEW = (
    *("run_id", "page", "started", "seconds", "cells", "threads", "results"),
    *("kernel", "inputs", "because"),  # what the inputs are stands in the other fields
)


@dataclass(frozen=True)
class Run:
    """One finished run: its folder, its record, and what it found by id."""

    folder: Path
    record: RunRecord
    findings: dict[str, Finding]


class FindingChange(TypedDict):
    """One finding that is not the same in both runs; None = not there."""

    id: str
    kind: Kind
    then: str | None
    now: str | None


class RunsAnswer(TypedDict):
    """What ``faiwatch diff RUN RUN --json`` and ``reproduce --json`` print."""

    then: str
    now: str
    identical: bool
    n_findings: int
    findings: list[FindingChange]
    circumstances: dict[str, list[str]]


def read_run(run: str, site: Path) -> Run:
    """Return a finished run.

    Parameters
    ----------
    run : str
        Its folder, or its run id (or the beginning of one) in `site`.
    site : Path
        Folder of the site.

    Raises
    ------
    ParameterError
        More than one run begins so.
    DataMissingError
        There is no such run.
    """
    folder = Path(run)
    if not (folder / RUN_FILE).is_file():
        folder = _in_site(run, site)
    return Run(folder, read_record(folder / RUN_FILE), findings_of(folder))


def _in_site(run: str, site: Path) -> Path:
    known = [record.run_id for record in read_records(site)]
    matching = [run_id for run_id in known if run_id.startswith(run)] if run else []
    if len(matching) > 1:
        raise ParameterError(
            Text("不止一次运行以此开头", "more than one run begins so"),
            where="RUN",
            got=run,
            allowed=", ".join(matching[:5]),
        )
    if not matching:
        raise DataMissingError(
            Text("没有这次运行", "there is no such run"),
            where=str(site / "runs"),
            got=run,
            allowed=", ".join(known[:5]) or None,
        )
    return site / "runs" / matching[0]


def compare_runs(then: Run, now: Run) -> RunsAnswer:
    """Return which findings differ between two runs, and what else does.

    A finding differs when its number, its state or its words do; where it stands in a file may
    change without that.

    Parameters
    ----------
    then, now : Run
        The earlier and the later one.
    """
    ids = {**then.findings, **now.findings}
    told = [_change(id, then.findings.get(id), now.findings.get(id)) for id in ids]
    changes = [one for one in told if one is not None]
    ended_alike = then.record.verdict == now.record.verdict
    return {
        "then": then.record.run_id,
        "now": now.record.run_id,
        "identical": ended_alike and not changes,
        "n_findings": len(ids),
        "findings": changes,
        "circumstances": _circumstances(then.record, now.record),
    }


def _change(id: str, then: Finding | None, now: Finding | None) -> FindingChange | None:
    if _said(then) == _said(now):
        return None
    kind: Kind = "new" if then is None else "gone" if now is None else "changed"
    return {"id": id, "kind": kind, "then": _told(then), "now": _told(now)}


def _said(finding: Finding | None) -> tuple[object, ...]:
    return (finding.value, finding.state, finding.zh, finding.en) if finding else ()


def _told(finding: Finding | None) -> str | None:
    if finding is None:
        return None
    return finding.zh if finding.value is None else f"{finding.zh} [{finding.value!r}]"


def _circumstances(then: RunRecord, now: RunRecord) -> dict[str, list[str]]:
    """Return the fields of the records that differ, as what they were and what they are."""
    before, after = (one.model_dump(exclude=set(_MADE_ANEW)) for one in (then, now))
    return {
        name: [_short(before[name]), _short(after[name])]
        for name in before
        if before[name] != after[name]
    }


def _short(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(f"{one['file']} {one['sha256'][:12]}" for one in value)
    return (
        ", ".join(f"{k}={v}" for k, v in value.items()) if isinstance(value, dict) else f"{value}"
    )
