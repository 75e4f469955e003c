"""Run the tests of papermill, nbclient and jupyter_client with every kernel warm.

Each suite comes from the source distribution of the locked version and runs twice, with plain
kernels and with warm ones, in an environment of its own over ``.venv``. ``peers.py`` ends with 1
when a test fails with warm kernels that passes with plain ones, and prints both sides as a table.
A test that did so is asked again on both sides, by itself, since some depend on seconds.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import venv
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Sequence
from importlib.metadata import distributions, version
from pathlib import Path
from time import monotonic
from typing import Any

import psutil

PLACE = Path(__file__).parents[1] / ".cache/peers"
# suites, where their tests lie, and what these need beside what their packages need
PEERS = {
    "papermill": ("papermill/tests", "papermill[all,black]", "pytest-env", "pytest-mock", "moto"),
    "nbclient": ("tests", "nbclient[test]"),
    "jupyter_client": ("tests", "jupyter_client[test]"),
}
SIDES = {"plain": "local-provisioner", "warm": "faiwatch-warm"}
COUNTED = "FAIWATCH_PEERS_KERNELS"  # names the file that kernels are counted in
LONGEST = 1500  # seconds for one suite on one side
PYTEST = (
    *("-q", "-p", "no:randomly", "-p", "no:cacheprovider", "-p", "faiwatch_peers"),
    *("--timeout=120", "--timeout-method=signal"),
)


def main() -> int:
    """Run what is asked for and return the exit code."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--only", choices=PEERS, nargs="*", default=list(PEERS))
    asked.add_argument("-k", default="", help="tests, as pytest takes them")
    given = asked.parse_args()
    python = environment()
    print("| suite | kernels | passed | failed | skipped | started warm | seconds |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    worse: list[str] = []
    for peer in given.only:
        words = ("-k", given.k) if given.k else ()
        plain, warm = (outcomes(python, peer, side, words) for side in SIDES)
        lost = [test for test in plain if is_worse(plain, warm, test)]
        if lost:
            names = ("-k", " or ".join(sorted({test.split("[")[0] for _, test in lost})))
            again = [outcomes(python, peer, side, names, shown=False) for side in SIDES]
            lost = [test for test in lost if is_worse(*again, test) or test not in again[0]]
        worse += [f"{peer}: {file}::{test}" for file, test in lost]
    for test in worse:
        print(f"fails with warm kernels alone: {test}")
    print(f"{len(worse)} tests fail with warm kernels that pass with plain ones")
    return bool(worse)


def is_worse(plain: dict[Any, str], warm: dict[Any, str], test: tuple[str, str]) -> bool:
    """Return whether a test passes with plain kernels and not with warm ones."""
    return plain.get(test) == "passed" and warm.get(test) != "passed"


def environment() -> Path:
    """Return the Python of an environment that has what is locked, and what the tests need."""
    locked = {one.name: one.version for one in distributions() if one.name != "faiwatch"}
    folder = PLACE / "-".join(version(peer) for peer in PEERS)
    python = folder / "venv/bin/python"
    if not (folder / ".ready").exists():
        shutil.rmtree(folder, ignore_errors=True)
        venv.create(folder / "venv", with_pip=True)
        own = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder / "venv")}))
        # the packages of .venv are seen, and installed ones are not installed again
        line = f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})"
        (own / "locked.pth").write_text(line, encoding="utf-8")
        held = folder / "held.txt"
        held.write_text("".join(f"{one}=={locked[one]}\n" for one in locked), encoding="utf-8")
        pip = (str(python), "-m", "pip", "--quiet", "--disable-pip-version-check")
        needed = [word for _, *words in PEERS.values() for word in words]
        subprocess.run([*pip, "install", "-c", str(held), *needed], check=True)
        for peer in PEERS:
            # its source alone: what builds it may come as a wheel
            words = ("download", "--no-deps", "--no-binary", peer, "-d", str(folder))
            subprocess.run([*pip, *words, f"{peer}=={version(peer)}"], check=True)
        for file in folder.glob("*.tar.gz"):
            with tarfile.open(file) as packed:
                packed.extractall(folder, filter="data")
        (folder / ".ready").touch()
    own = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder / "venv")}))
    shutil.copy(__file__, own / "faiwatch_peers.py")
    return python


def outcomes(
    python: Path, peer: str, side: str, words: Sequence[str], *, shown: bool = True
) -> dict[tuple[str, str], str]:
    """Run a suite and return how each test ended; what did not end in time is not there."""
    tests, *_ = PEERS[peer]
    with tempfile.TemporaryDirectory(prefix="peers-") as home:  # short: a socket is in it
        kernels, report = Path(home, "kernels"), Path(home, "report.xml")
        kernels.touch()
        own = {"HOME": home, "XDG_RUNTIME_DIR": home, COUNTED: str(kernels)}
        own["PATH"] = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])
        log = PLACE / f"{peer}-{side}{'' if shown else '-again'}.log"
        began = monotonic()
        with log.open("wb") as said:
            process = subprocess.Popen(
                [python, "-m", "pytest", *PYTEST, f"--junitxml={report}", *words, tests],
                cwd=python.parents[2] / f"{peer}-{version(peer)}",
                env=os.environ | own | {"JUPYTER_DEFAULT_PROVISIONER_NAME": SIDES[side]},
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
            try:
                process.wait(LONGEST)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        found = ended(report) if report.exists() else {}
        if shown:
            how, started = Counter(found.values()), Counter(kernels.read_text("utf-8").splitlines())
            numbers = [how["passed"], how["failed"], how["skipped"]]
            of = f"{started['warm']} of {started.total()}" if side == "warm" else "none"
            row = [f"{peer} {version(peer)}", side, *numbers, of, round(monotonic() - began)]
            print("|", *row[:1], *(f"| {cell}" for cell in row[1:]), "|", flush=True)
            for reason in {*started} - {"warm"}:
                print(f"{started[reason]} started cold: {reason}", file=sys.stderr, flush=True)
        end_servers(home)
    return found


def ended(report: Path) -> dict[tuple[str, str], str]:
    """Return how each test of a report ended; a failure before or after a test is one of it."""
    found: dict[tuple[str, str], str] = {}
    for test in ET.parse(report).iter("testcase"):
        marks = {mark.tag for mark in test}
        name = test.get("classname", ""), test.get("name", "")
        if marks & {"failure", "error"} or found.get(name) == "failed":
            found[name] = "failed"
        else:
            found[name] = "skipped" if "skipped" in marks else "passed"
    return found


def end_servers(home: str) -> None:
    """End the servers that lie in a folder, and their kernels with them."""
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or []
        if "faiwatch.run.warm.server" in words and json.loads(words[-1])["folder"].startswith(home):
            process.kill()


def pytest_configure() -> None:
    """Count in the process of the tests which kernels are started warm."""
    from faiwatch.run.warm.provisioner import WarmProvisioner

    launch = WarmProvisioner.launch_kernel

    async def counted(self: WarmProvisioner, cmd: list[str], **kwargs: object) -> Any:
        told = await launch(self, cmd, **kwargs)
        with Path(os.environ[COUNTED]).open("a", encoding="utf-8") as kernels:
            kernels.write(f"{self.why_cold or 'warm'}\n")
        return told

    WarmProvisioner.launch_kernel = counted


if __name__ == "__main__":
    sys.exit(main())
