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
from pathlib import Path
from time import monotonic

PROJECT = Path(__file__).parents[1]
LOCK = PROJECT / "requirements.lock"
TOOL = PROJECT / ".venv/audit"  # pip-audit, apart from the packages that it looks up
LONGEST_PROBE = 12.0  # seconds to fetch the tool and to look up one package
LONGEST = 300.0  # seconds to look up all of them, once one was answered
ASK = ("--disable-pip", "--no-deps", "--progress-spinner", "off", "--format", "json")


class NotPossibleError(Exception):
    """Nobody answers; the message says what is lacking."""


def said_by(module: str, *words: str, seconds: float) -> str:
    """Return what a module says on stdout; '' when it takes longer."""
    with subprocess.Popen(
        [sys.executable, "-m", module, *words],
        env={**os.environ, "PYTHONPATH": str(TOOL)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            return process.communicate(timeout=max(seconds, 0.1))[0]
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return ""


def looked_up(file: Path, more: Sequence[str], seconds: float) -> list[dict]:
    """Return what is told of each package of a requirements file; nothing without an answer."""
    said = said_by("pip_audit", *ASK, *more, "-r", str(file), seconds=seconds)
    try:
        return json.loads(said)["dependencies"]
    except (ValueError, KeyError):
        return []


def probe() -> None:
    """Fetch the tool if it is not there, and look one package up."""
    until = monotonic() + LONGEST_PROBE
    if not (TOOL / "pip_audit").is_dir():
        quick = ("--quiet", "--retries", "0", "--timeout", "5", "--disable-pip-version-check")
        said_by("pip", "install", *quick, "--target", str(TOOL), "pip-audit", seconds=LONGEST_PROBE)
    if not (TOOL / "pip_audit").is_dir():
        raise NotPossibleError("pip-audit cannot be fetched")
    first = re.search(r"^pandas==\S+", LOCK.read_text("utf-8"), re.MULTILINE)
    assert first
    with tempfile.TemporaryDirectory() as folder:
        one = Path(folder, "one.txt")
        one.write_text(first[0], encoding="utf-8")
        told = looked_up(one, ("--timeout", "5"), until - monotonic())
    if not any("vulns" in package for package in told):
        raise NotPossibleError("no source of advisories answers")


def main(arguments: Sequence[str]) -> int:
    """Look everything up and return the exit code."""
    more = [word for word in arguments if word != "--strict"]
    try:
        probe()
        told = looked_up(LOCK, more, LONGEST)
        if not told:
            raise NotPossibleError("the source of advisories gave no answer to the end")
    except NotPossibleError as error:
        print(f"audit: not possible here ({error})")
        return int("--strict" in arguments)
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
