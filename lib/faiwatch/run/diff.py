"""What two runs of a page have in common, and a run made again to see whether it finds the same.

Runs are compared by what they found, not by their bytes: a page holds times and run ids, findings
hold numbers. Where they differ, the record says what may be the cause: parameters, data, code,
package versions.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypedDict

from faiwatch.core.errors import DataInvalidError, DataMissingError, DiskFullError, ParameterError
from faiwatch.core.files import UNREADABLE, temporary_folder
from faiwatch.core.finding import Finding
from faiwatch.core.text import Text
from faiwatch.site.run_record import RUN_FILE, RunRecord, findings_of, known_record
from faiwatch.site.site import existing, read_records

if TYPE_CHECKING:
    from faiwatch.run.jobs import RunOptions

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
    DataInvalidError
        Its record or its findings cannot be read.
    """
    folder = Path(run)
    if not (folder / RUN_FILE).is_file():
        known = [record.run_id for record in read_records(existing(site))]
        matching = [run_id for run_id in known if run_id.startswith(run)] if run else []
        if len(matching) > 1:
            raise ParameterError(
                Text("不止一次运行以此开头", "more than one run id begins with this"),
                where="RUN",
                got=run,
                allowed=", ".join(matching[:5]),
            )
        if not matching:
            raise DataMissingError(
                Text("没有这次运行", "no such run"),
                where=str(site / "runs"),
                got=run,
                allowed=", ".join(known[:5]) or None,
            )
        folder = site / "runs" / matching[0]
    record, findings = known_record(folder / RUN_FILE), findings_of(folder)
    aside = next(folder.rglob(f"*{UNREADABLE}"), None)
    if record is None or aside is not None:
        raise DataInvalidError(
            Text("这次运行的记录无法读取", "the record of this run cannot be read"),
            where=str(aside or folder / RUN_FILE),
            todo=Text("重新运行该页", "run the page again"),
        )
    return Run(folder, record, findings)


def reproduce(run: Run, options: RunOptions) -> RunsAnswer:
    """Run the same notebook with the same parameters again, and compare what it finds.

    Nothing is published: the new run lies in a folder of its own that is taken away.

    Parameters
    ----------
    run : Run
        The run to make again.
    options : RunOptions
        Limits; the site is not touched.

    Raises
    ------
    DiskFullError
        There is no room for temporary files, so that nothing was kept to compare.
    """
    # heavy, and comparing does without
    from faiwatch.ledger.files import EDITIONS_FILE
    from faiwatch.run.single import run_page

    with temporary_folder() as site:
        # what was public then: the editions since, this one among them, count for later ones
        options = replace(options, site=site, editions=run.folder / EDITIONS_FILE)
        made = run_page(run.record.notebook, run.record.parameters, options)
        if not made.page:
            raise DiskFullError.at(site.parent)
        return compare_runs(run, read_run(made.run_id, site))


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
    changes: list[FindingChange] = []
    for id in ids:
        was, is_now = then.findings.get(id), now.findings.get(id)
        if _said(was) != _said(is_now):
            kind: Kind = "new" if was is None else "gone" if is_now is None else "changed"
            changes.append({"id": id, "kind": kind, "then": _told(was), "now": _told(is_now)})
    ended_alike = then.record.verdict == now.record.verdict
    before, after = (one.record.model_dump(exclude=set(_MADE_ANEW)) for one in (then, now))
    return {
        "then": then.record.run_id,
        "now": now.record.run_id,
        "identical": ended_alike and not changes,
        "n_findings": len(ids),
        "findings": changes,
        "circumstances": {
            name: [_short(before[name]), _short(after[name])]
            for name in before
            if before[name] != after[name]
        },
    }


def _said(finding: Finding | None) -> tuple[object, ...]:
    return (finding.value, finding.state, finding.zh, finding.en) if finding else ()


def _told(finding: Finding | None) -> str | None:
    if finding is None:
        return None
    return finding.zh if finding.value is None else f"{finding.zh} [{finding.value!r}]"


def _short(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(f"{one['file']} {one['sha256'][:12]}" for one in value)
    return (
        ", ".join(f"{k}={v}" for k, v in value.items()) if isinstance(value, dict) else f"{value}"
    )
