"""Look the locked packages up among known vulnerabilities.

``audit.py`` fails when a package has one. Without the network, or where the package index keeps no
advisories, it says so in one line and ends with 0; with ``--strict`` it fails then too. Whatever
else is given goes to pip-audit, such as ``--ignore-vuln ID``.
"""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

PROJECT = Path(__file__).parents[1]
LOCKS = (PROJECT / "requirements.lock", PROJECT / "docs/requirements.lock")
# Not in the lock: the tool would then be among the packages that it looks up, and everybody who
# only wants the report would install it with thirty packages of its own.
PIP_AUDIT = "2.10.1"
TOOL = PROJECT / ".venv/audit" / PIP_AUDIT
LONGEST_FETCH = 60.0  # seconds to fetch the tool, once; without the network pip gives up sooner
LONGEST_PROBE = 12.0  # seconds to look up one package
LONGEST = 300.0  # seconds to look up all of them, once one was answered
ASK = ("--disable-pip", "--no-deps", "--progress-spinner", "off", "--format", "json")


class NotPossibleError(Exception):
    """Nobody answers; the message says what is lacking."""


def said_by(module: str, *words: str, seconds: float) -> tuple[int, str]:
    """Return the exit code of a module and its stdout; -9 and '' when it takes longer."""
    with subprocess.Popen(
        [sys.executable, "-m", module, *words],
        env={**os.environ, "PYTHONPATH": str(TOOL)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            said = process.communicate(timeout=seconds)[0]
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return -signal.SIGKILL, ""
        return process.returncode, said


def looked_up(file: Path, more: Sequence[str], seconds: float) -> list[dict]:
    """Return what is told of each package of a requirements file; nothing without an answer."""
    _, said = said_by("pip_audit", *ASK, *more, "-r", str(file), seconds=seconds)
    try:
        return json.loads(said)["dependencies"]
    except (ValueError, KeyError):
        return []


def fetch() -> None:
    """Fetch the tool if it is not there; it gets its name when it is complete."""
    if TOOL.is_dir():
        return
    TOOL.parent.mkdir(parents=True, exist_ok=True)
    quick = ("--quiet", "--retries", "0", "--timeout", "5", "--disable-pip-version-check")
    with tempfile.TemporaryDirectory(prefix="half-", dir=TOOL.parent) as folder:
        made = Path(folder, "tool")
        words = ("install", *quick, "--target", str(made), f"pip-audit=={PIP_AUDIT}")
        code, _ = said_by("pip", *words, seconds=LONGEST_FETCH)
        if code == 0:
            with suppress(OSError):  # another one was faster
                made.rename(TOOL)
    if not TOOL.is_dir():
        raise NotPossibleError("pip-audit cannot be fetched")


def probe() -> None:
    """Look one package up, to see whether somebody answers."""
    first = re.search(r"^pandas==\S+", LOCKS[0].read_text("utf-8"), re.MULTILINE)
    assert first
    with tempfile.TemporaryDirectory() as folder:
        one = Path(folder, "one.txt")
        one.write_text(first[0], encoding="utf-8")
        told = looked_up(one, ("--timeout", "5"), LONGEST_PROBE)
    if not any("vulns" in package for package in told):
        raise NotPossibleError("no source of advisories answers")


def main(arguments: Sequence[str]) -> int:
    """Look everything up and return the exit code."""
    more = [word for word in arguments if word != "--strict"]
    try:
        fetch()
        probe()
        answers = [looked_up(lock, more, LONGEST) for lock in LOCKS]
        if not all(answers):
            raise NotPossibleError("the source of advisories gave no answer to the end")
    except NotPossibleError as error:
        print(f"audit: not possible here ({error})")
        return int("--strict" in arguments)
    told: list[dict] = []
    for answer in answers:  # both locks hold some packages
        told += [one for one in answer if one not in told]
    bad = [(one, known) for one in told for known in one.get("vulns", ())]
    for one, known in bad:
        mended = ", ".join(known.get("fix_versions", ())) or "no version yet"
        print(f"audit: {one['name']} {one['version']}: {known['id']}, mended in {mended}")
    unknown = [one["name"] for one in told if "vulns" not in one]
    if unknown:
        print(f"audit: without an answer: {', '.join(unknown)}")
    print(f"audit: {len(told) - len(unknown)} packages looked up, {len(bad)} vulnerabilities known")
    return int(bool(bad) or (bool(unknown) and "--strict" in arguments))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
