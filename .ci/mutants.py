"""Change the code that figures come from, one place at a time, and see whether a test notices.

``mutants.py`` takes a seeded sample over the modules of ``mutants.toml``, runs each module's tests
against each mutant in copies of the checkout, and ends with 1 when fewer are noticed than asked
for. What was found is kept in ``.cache/mutants`` for as long as the code and the tests it rests on
stay the same, so a run that was stopped goes on where it was.
"""

import argparse
import contextlib
import hashlib
import importlib
import json
import multiprocessing
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
import tomllib
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parent))
import hypothesis
import mutations
import pytest
from mutations import PROJECT, Mutant

CONFIG = Path(__file__).with_suffix(".toml")
FOUND = PROJECT / ".cache/mutants/found.jsonl"
NOT_COPIED = (".venv", ".git", ".cache", ".hypothesis", "site*", "__pycache__", ".*_cache")
LONGEST = 3.0  # times as long as the tests take without a mutant, in seconds of the processor
START = 10.0  # seconds of the processor on top
FIRST = 600.0  # seconds to collect a module's tests, or to run them for the first time
OWN = ("faiwatch", "test")
WAIT = 20.0  # times as long by the clock, however busy the machine is
MOST_MEMORY = 6 * 2**30
PYTEST = ("-x", "-q", "--no-header", "--hypothesis-profile=mutants")
WITHOUT = [word for name in ("randomly", "cacheprovider") for word in ("-p", f"no:{name}")]
# hypothesis is imported before pytest can rewrite its assertions
QUIET = ("-W", "ignore::pytest.PytestAssertRewriteWarning")


class Config(NamedTuple):
    """What is mutated: module to test files, and mutants that are no faults, with the reason."""

    seed: str
    sample: int
    killed_at_least: float
    slow_fixtures: Sequence[str]
    modules: Mapping[str, Sequence[str]]
    equivalents: Mapping[str, str]


def read_config(path: Path = CONFIG) -> Config:
    """Return the settings; raise SystemExit when a file that they name is not there."""
    told = tomllib.loads(path.read_text("utf-8"))
    if lost := [name for name in _named(told["modules"]) if not _is_there(name)]:
        sys.exit(f"mutants: {path.name} names what is not there: {', '.join(lost)}")
    same = {
        " | ".join(one[part] for part in ("module", "function", "was", "now")): one["reason"]
        for one in told.get("equivalent", ())
    }
    plain = ("seed", "sample", "killed_at_least", "slow_fixtures", "modules")
    return Config(*(told[name] for name in plain), same)


def _named(modules: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for module, tests in modules.items():
        yield str(module_file(module).relative_to(PROJECT))
        yield from (f"tests/{test}" for test in tests)


def _is_there(name: str) -> bool:
    """Whether a file is there, and the test in it where ``file::test`` names one."""
    file, _, test = name.partition("::")
    return Path(PROJECT, file).is_file() and f"def {test}" in Path(PROJECT, file).read_text("utf-8")


def module_file(module: str, project: Path = PROJECT) -> Path:
    """Return the file of a module."""
    return project / "lib/faiwatch" / f"{module}.py"


def sampled(config: Config, sample: int, only: str) -> list[Mutant]:
    """Return the mutants of a sample, no line's change twice."""
    places = []
    for module in config.modules:
        if module.startswith(only):
            source = module_file(module).read_text("utf-8")
            places += mutations.mutants(module, source, config.seed)
    found: dict[str, Mutant] = {}
    for _, place in sorted(places, key=lambda one: one[0]):
        if len(found) == sample:
            break
        if mutant := place.made():
            found.setdefault(mutant.key, mutant)
    print(f"mutants: {len(found)} of {len(places)} places in {len(config.modules)} modules")
    return list(found.values())


# --- what is known already ------------------------------------------------------------------


def state(files: Iterable[Path]) -> str:
    """Return what stands for the contents of files."""
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(file.read_bytes() if file.is_file() else b"")
    return digest.hexdigest()[:16]


def library_state() -> str:
    """Return what stands for everything that tests run on."""
    inside = [file for folder in ("lib", "data") for file in (PROJECT / folder).rglob("*.*")]
    return state([*(one for one in inside if one.suffix != ".pyc"), PROJECT / "tests/conftest.py"])


class Found:
    """The outcomes on disk. A kill stands while the test that killed does, else all tests count."""

    def __init__(self, config: Config) -> None:
        self.config, self.library = config, library_state()
        self.known: dict[str, dict] = {}
        if FOUND.is_file():
            for line in FOUND.read_text("utf-8").splitlines():
                with contextlib.suppress(ValueError):  # the last line of a run that was stopped
                    one = json.loads(line)
                    if one["state"] == self._state(one["module"], one["by"]):
                        self.known[one["key"]] = one

    def _state(self, module: str, by: str) -> str:
        tests = [by] if by else [f"tests/{test}" for test in self.config.modules.get(module, ())]
        return self.library + state(PROJECT / test.partition("::")[0] for test in tests)

    def add(self, mutant: Mutant, outcome: str, by: str) -> None:
        """Keep one outcome."""
        one = {"key": mutant.key, "module": mutant.module, "outcome": outcome, "by": by}
        self.known[mutant.key] = one | {"state": self._state(mutant.module, by)}
        FOUND.parent.mkdir(parents=True, exist_ok=True)
        with FOUND.open("a", encoding="utf-8") as file:
            file.write(json.dumps(self.known[mutant.key], ensure_ascii=False) + "\n")


# --- running --------------------------------------------------------------------------------


class _Plugin:
    """A pytest plugin: the tests are collected once, and run in a fork for each mutant."""

    def __init__(self, slow_fixtures: Sequence[str], requests: Connection) -> None:
        self.slow, self.requests, self.by = set(slow_fixtures), requests, ""

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        items[:] = [item for item in items if not self.slow & set(item.fixturenames)]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> None:
        if session.testsfailed:
            return
        self.requests.send([name for name in sys.modules if not name.startswith(OWN)])
        while True:
            module, text, seconds = self.requests.recv()
            child = os.fork()
            if child:
                self.requests.send(_waited_for(child, WAIT * seconds))
                continue
            os.setpgid(0, 0)
            most = int(seconds) + 1
            resource.setrlimit(resource.RLIMIT_CPU, (most, most + 5))
            if text:
                put_in_place(importlib.import_module(module), text)
            return  # pytest goes on and runs the tests, in this fork

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed:
            self.by = self.by or report.nodeid

    pytest_collectreport = pytest_runtest_logreport


def put_in_place(module: ModuleType, text: str) -> None:
    """Give the functions of a module the code that they have in another text of it."""
    space = dict(vars(module))
    exec(compile(text, str(module.__file__), "exec", dont_inherit=True), space)
    _swap(vars(module), space, module.__name__)


def _swap(old: Mapping[str, Any], new: Mapping[str, Any], home: str) -> None:
    for name, was in list(old.items()):
        now = new.get(name)
        if isinstance(was, property):
            was, now = was.fget, now.fget
        was, now = (getattr(one, "__func__", one) for one in (was, now))
        was, now = (getattr(one, "__wrapped__", one) for one in (was, now))
        if was is now or getattr(was, "__module__", None) != home:
            continue
        if isinstance(was, FunctionType):
            was.__code__, was.__defaults__ = now.__code__, now.__defaults__
            was.__kwdefaults__ = now.__kwdefaults__
        elif isinstance(was, type):
            _swap(vars(was), vars(now), home)


def _waited_for(child: int, seconds: float) -> bool:
    """Wait for a process and whatever it left behind; return whether it ended by itself."""
    longest = time.monotonic() + seconds
    while not (done := os.waitpid(child, os.WNOHANG))[0]:
        if time.monotonic() > longest:
            os.killpg(child, signal.SIGKILL)
            done = os.waitpid(child, 0)
            break
        time.sleep(0.01)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)
    return os.WIFEXITED(done[1])


class Copy:
    """A copy of the checkout in which tests run."""

    def __init__(self, folder: Path, slow_fixtures: Sequence[str]) -> None:
        self.folder, self.project, self.slow = folder, folder / "project", slow_fixtures
        shutil.copytree(PROJECT, self.project, ignore=shutil.ignore_patterns(*NOT_COPIED))
        self.told, self.said = folder / "told.json", folder / "said.txt"

    @contextlib.contextmanager
    def collected(self, tests: Sequence[str], seconds: float) -> Iterator["Collected"]:
        """Collect tests in a process of their own; it ends with the context."""
        self.told.unlink(missing_ok=True)
        ours, theirs = multiprocessing.Pipe()
        child = os.fork()
        if not child:
            self._collect(tests, theirs)
        theirs.close()
        try:
            modules = ours.recv() if ours.poll(seconds) else None
        except EOFError:
            modules = None
        try:
            yield Collected(self, ours, modules)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)

    def _collect(self, tests: Sequence[str], requests: Connection) -> None:
        try:
            os.setpgid(0, 0)
            os.chdir(self.project)
            said = os.open(self.said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            for stream in (1, 2):
                os.dup2(said, stream)
            resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
            sys.path.insert(0, str(self.project / "lib"))
            os.environ["PYTHONPATH"] = str(self.project / "lib")
            hypothesis.settings.register_profile(  # as in the house; a failure is not made smaller
                "mutants",
                max_examples=50,
                derandomize=True,
                deadline=None,
                database=None,
                phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
            )
            plugin = _Plugin(self.slow, requests)
            named = [f"--basetemp={self.folder / 'temp'}", *(f"tests/{one}" for one in tests)]
            code = pytest.main([*PYTEST, *WITHOUT, *QUIET, *named], plugins=[plugin])
            told = {"code": int(code), "by": plugin.by, "seconds": time.process_time()}
            self.told.write_text(json.dumps(told), encoding="utf-8")
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            os._exit(0)


class Collected:
    """Tests that are collected, and can be run as often as asked for."""

    def __init__(self, copy: Copy, requests: Connection, modules: Sequence[str] | None) -> None:
        self.copy, self.requests, self.modules = copy, requests, modules

    def run(self, seconds: float, module: str = "", text: str = "") -> tuple[str, dict]:
        """Run them, with another text of a module; return the outcome and what the tests told."""
        ended = True
        if self.modules is not None:
            self.copy.told.unlink(missing_ok=True)
            self.requests.send((f"faiwatch.{module.replace('/', '.')}", text, seconds))
            ended = self.requests.recv()
        if not self.copy.told.is_file():
            return ("killed" if ended else "timeout"), {"by": ""}
        told = json.loads(self.copy.told.read_text("utf-8"))
        return ("killed" if told["code"] else "survived"), told


def work(config: Config, queue: Any, results: Any) -> None:
    """Take modules from a queue and put the outcomes of their mutants into another."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = Copy(Path(folder), config.slow_fixtures)
        while (task := queue.get()) is not None:
            module, todo = task
            with copy.collected(config.modules[module], FIRST) as tests:
                outcome, told = tests.run(FIRST)
                if outcome != "survived":
                    said = copy.said.read_text("utf-8")[-2000:]
                    results.put((None, f"{module} fails without a mutant", said))
                    continue
                for name in tests.modules:  # libraries, once and for all forks to come
                    with contextlib.suppress(Exception):
                        importlib.import_module(name)
                seconds = LONGEST * told["seconds"] + START
                for mutant in todo:
                    outcome, told = tests.run(seconds, module, mutant.text)
                    if outcome == "survived" or not told["by"]:
                        outcome, told = _afresh(copy, mutant, config.modules[module], seconds)
                    results.put((mutant, outcome, told["by"]))
    results.put((None, "", ""))


def _afresh(copy: Copy, mutant: Mutant, tests: Sequence[str], seconds: float) -> tuple[str, dict]:
    """Run tests on a mutant that is imported, for what happens on import and never again."""
    file = module_file(mutant.module, copy.project)
    source = file.read_bytes()
    for old in file.parent.glob(f"__pycache__/{file.stem}.*"):
        old.unlink()
    file.write_text(mutant.text, encoding="utf-8")
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        with copy.collected(tests, FIRST) as collected:
            return collected.run(seconds)
    finally:
        sys.dont_write_bytecode = before
        file.write_bytes(source)


def run(config: Config, todo: Sequence[Mutant], workers: int) -> Iterator[tuple[Mutant, str, str]]:
    """Yield the outcome of each mutant as it comes."""
    context = multiprocessing.get_context("fork")
    queue, results = context.Queue(), context.Queue()
    of_module: dict[str, list[Mutant]] = {}
    for mutant in todo:
        of_module.setdefault(mutant.module, []).append(mutant)
    for module in sorted(of_module, key=lambda one: -len(of_module[one])):
        queue.put((module, of_module[module]))
    processes = []
    for _ in range(workers):
        queue.put(None)
        processes.append(context.Process(target=work, args=(config, queue, results)))
        processes[-1].start()
    ended = 0
    try:
        while ended < workers:
            mutant, outcome, by = results.get()
            if mutant is not None:
                yield mutant, outcome, by
            elif outcome:
                sys.exit(f"{by}\nmutants: {outcome}")
            else:
                ended += 1
    finally:
        for process in processes:
            process.terminate()


# --- telling --------------------------------------------------------------------------------


def summary(outcomes: Mapping[str, str], equivalents: Mapping[str, str]) -> tuple[str, float]:
    """Return one line, and the share of the mutants that tests noticed.

    A timeout is noticed. An equivalent is counted neither way, unless a test kills it: then it is
    none.
    """
    told = {
        key: "equivalent" if outcome == "survived" and key in equivalents else outcome
        for key, outcome in outcomes.items()
    }
    number = Counter(told.values())
    counted = len(told) - number["equivalent"]
    share = (number["killed"] + number["timeout"]) / counted if counted else 1.0
    parts = ", ".join(
        f"{number[one]} {one}" for one in ("killed", "timeout", "survived", "equivalent")
    )
    return f"mutants: {len(told)} tried, {parts}: {share:.1%} noticed", share


def main(arguments: Sequence[str]) -> int:
    """Run what is not known yet, list the survivors, and return the exit code."""
    config = read_config()
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--workers", type=int, default=2)
    asked.add_argument("--sample", type=int, default=config.sample)
    asked.add_argument("--seed", default=config.seed)
    asked.add_argument("--only", default="", help="modules whose name begins so")
    asked.add_argument("--afresh", action="store_true", help="forget what is known")
    words = asked.parse_args(arguments)
    # whoever is asked to end ends what it began; workers and their tests inherit this
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    config = config._replace(seed=words.seed)
    if words.afresh:
        FOUND.unlink(missing_ok=True)
    mutations.fetch()
    mutants = sampled(config, words.sample, words.only)
    found = Found(config)
    todo = [mutant for mutant in mutants if mutant.key not in found.known]
    began = time.monotonic()
    for done, (mutant, outcome, by) in enumerate(
        run(config, todo, words.workers) if todo else (), 1
    ):
        found.add(mutant, outcome, by)
        passed = time.monotonic() - began
        told = mutant.key if outcome == "survived" else mutant.module
        print(f"{done}/{len(todo)} {passed:.0f} s  {outcome}: {told}", flush=True)
    outcomes = {mutant.key: found.known[mutant.key]["outcome"] for mutant in mutants}
    for mutant in sorted(mutants):
        if outcomes[mutant.key] == "survived" and mutant.key not in config.equivalents:
            print(f"\n{mutant.module} {mutant.function}\n- {mutant.was}\n+ {mutant.now}")
    line, share = summary(outcomes, config.equivalents)
    print(f"\n{line}")
    return int(share < config.killed_at_least)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
