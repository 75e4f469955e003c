"""A forked kernel is like a fresh one: nothing of its siblings, its own chance, its true ending."""

import json
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import papermill
import psutil
import pytest
from jupyter_client.connect import write_connection_file
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager
from nbformat.v4 import new_code_cell, new_notebook

from faiwatch.run.warm import client
from faiwatch.run.warm.client import Wanted, fork_kernel, own_server
from faiwatch.run.warm.server import Server
from faiwatch.run.warm.wire import UnfitError, receive

LONGEST_WAIT = 60  # seconds
SMALL = ("json",)  # a server that imports next to nothing starts at once
TELLS = """
import json, os, pathlib, random, resource, signal, sys, tempfile, zlib
import numpy, pandas
told = {
    "chance": [random.random(), numpy.random.random(), tempfile.mktemp()],
    "clean": not hasattr(pandas, "mark") and "MARK" not in os.environ and "other" not in sys.path,
    "pid": [os.getpid(), os.getpgrp(), os.getsid(0)],
    "parent": os.getppid(),
    "world": {
        "cwd": os.getcwd(),
        "path": zlib.crc32(repr(sys.path).encode()),  # a result may hold no home folder
        "flags": str(sys.flags),
        "environment": sorted({*os.environ} - {"FAIWATCH_DRAWER"}),  # warm ones have help
        "signals": [str(signal.getsignal(one)) for one in (1, 2, 13, 15, 17)],
        "limits": resource.getrlimit(resource.RLIMIT_DATA),
        "main": [__name__, sorted(name for name in dir() if name[0] != "_")],
        "encoding": [sys.stdout.encoding, sys.getfilesystemencoding()],
    },
}
done = pathlib.Path(results, "told.json").write_text(json.dumps(told))
pandas.mark = os.environ["MARK"] = "spoilt"
sys.path.append("other")
os.chdir("/")
random.seed(1); numpy.random.seed(1)
"""


def told_by(house):
    """Run the notebook and return what it told of itself."""
    record = house.run()
    assert record.verdict == "ok", record.cause
    return record, json.loads((house.folder(record) / "results/told.json").read_text())


def test_two_warm_notebooks_share_nothing(house, warm):
    house.write(TELLS, declared=["told.json"])
    (cold, like_cold), (first, one), (second, other) = (
        told_by(at) for at in (house, *[type(house)(house.root, house.site, warm)] * 2)
    )
    assert [record.kernel for record in (cold, first, second)] == ["cold", "warm", "warm"]
    assert (one["clean"], other["clean"]) == (True, True)
    assert one["parent"] == other["parent"] != like_cold["parent"]
    assert one["pid"] != other["pid"]
    assert len({*one["pid"]}) == len({*other["pid"]}) == 1
    assert not {*one["chance"]} & {*other["chance"]}
    assert one["world"] == other["world"] == like_cold["world"]
    assert first.seeds == {"PYTHONHASHSEED": 0}
    assert set(first.threads.values()) == {1}
    assert not psutil.pid_exists(one["pid"][0])


def test_a_server_that_is_gone_means_a_cold_kernel_and_the_record_says_so(house, tmp_path):
    (tmp_path / "w").mkdir(mode=0o700)
    house.write("1 + 1")
    record = type(house)(house.root, house.site, tmp_path / "w").run()
    assert record.verdict == "ok"
    assert record.kernel.startswith("cold: no server of warm kernels")


# --- the server by itself, with modules that end as they are told -------------------------------


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Return a server and a folder of modules that it can be asked to run."""
    folder = tmp_path_factory.mktemp("modules")
    with own_server(folder / "w", os.environ, preload=SMALL) as server:
        yield server, folder


def started(small, code, **more):
    server, folder = small
    name = f"module{len(list(folder.glob('*.py')))}"
    (folder / f"{name}.py").write_text(code)
    wanted = Wanted((sys.executable, "-m", name), os.environ, str(folder), **more)
    return fork_kernel(wanted, preload=SMALL, server=server)


@pytest.mark.parametrize(
    ("code", "returncode"),
    [
        ("1", 0),
        ("import sys; sys.exit(3)", 3),
        ("import sys; sys.exit(-1)", 255),
        ("import sys; sys.exit('in words')", 1),
        ("import os; os._exit(4)", 4),
        ("raise ValueError", 1),
        ("import os; os.kill(os.getpid(), 15)", -15),
        ("import atexit, os; atexit.register(os._exit, 5)", 5),
    ],
)
def test_how_it_ended_is_told_as_it_was(small, code, returncode):
    process = started(small, code)
    assert process.wait(LONGEST_WAIT) == process.poll() == returncode
    assert not psutil.pid_exists(process.pid)


def test_what_it_leaves_open_is_written_and_what_is_to_happen_at_the_end_happens(
    small, tmp_path, monkeypatch
):
    leaves = """
import atexit, os, pathlib, sys, tempfile, threading, time, types
os.chdir(os.environ["LEFT"])
sys.modules["kept"] = kept = types.ModuleType("kept")  # outlives the module that is run
kept.text, kept.bytes, kept.pair = open("text", "w"), open("bytes", "wb"), open("pair", "w+b")
kept.text.write("written"), kept.bytes.write(b"written"), kept.pair.write(b"written")
kept.closed, kept.reader = open("closed", "w"), open(os.devnull)
kept.closed.close()
kept.folder = tempfile.TemporaryDirectory(dir=".")
def late():
    time.sleep(0.3)
    pathlib.Path("thread").write_text("written")
threading.Thread(target=late).start()
atexit.register(pathlib.Path("atexit").write_text, "written")
sys.__stdout__.reconfigure(write_through=False)  # whatever PYTHONUNBUFFERED says here
sys.stdout = open(os.devnull, "w")
sys.__stdout__.write("said")
"""
    left = tmp_path / "left"
    left.mkdir()
    monkeypatch.setenv("LEFT", str(left))
    with (tmp_path / "log").open("wb") as log:
        files = (log.fileno(), log.fileno())
        assert started(small, leaves, files=files).wait(LONGEST_WAIT) == 0
    assert (tmp_path / "log").read_text() == "said"
    found = {one.name: one.read_text() for one in left.iterdir()}
    names = ("text", "bytes", "pair", "thread", "atexit")
    assert found == {**dict.fromkeys(names, "written"), "closed": ""}


@pytest.fixture
def kernel(small, tmp_path):
    """Return a function that forks a kernel with some options, and the ports it is to listen at."""
    server, folder = small
    file, connection = write_connection_file(str(tmp_path / "kernel.json"))
    started = []

    def start(*options):
        command = (sys.executable, "-m", "ipykernel_launcher", "-f", file, *options)
        with (tmp_path / "log").open("wb") as log:
            wanted = Wanted(command, os.environ, str(folder), (log.fileno(), log.fileno()))
            started.append(fork_kernel(wanted, preload=SMALL, server=server))
        return started[-1]

    yield start, [port for name, port in connection.items() if name.endswith("_port")]
    for process in started:
        process.kill()
        process.wait(LONGEST_WAIT)


def test_a_kernel_is_handed_over_when_it_listens(kernel, monkeypatch):
    monkeypatch.setattr(client, "_LONGEST_SILENCE", LONGEST_WAIT)
    start, ports = kernel
    process = start()
    assert len(ports) == 5
    for port in ports:
        socket.create_connection(("127.0.0.1", port)).close()
    assert process.poll() is None


def test_a_kernel_that_ends_or_hangs_before_it_listens_is_handed_over_too(kernel, monkeypatch):
    start, ports = kernel
    with socket.create_server(("127.0.0.1", ports[0])):  # somebody else's
        assert start().wait(LONGEST_WAIT) == 1
    monkeypatch.setattr(client, "_LONGEST_SILENCE", 0.1)
    hangs = start("--IPKernelApp.exec_lines=import time; time.sleep(60)")
    assert hangs.poll() is None
    hangs.kill()
    assert hangs.wait(LONGEST_WAIT) == -signal.SIGKILL


def test_output_goes_where_it_was_to_go_and_arguments_arrive(small, tmp_path):
    with (tmp_path / "log").open("wb") as log:
        code = "import sys; print(sys.argv[1:]); print('bad', file=sys.stderr)"
        started(small, code, files=(log.fileno(), log.fileno())).wait(LONGEST_WAIT)
    assert (tmp_path / "log").read_text() == "[]\nbad\n"


def test_a_signal_reaches_the_group_and_waiting_has_a_limit(small):
    process = started(small, "import subprocess; subprocess.run(['sleep', '60'])")
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.3)
    children = psutil.Process(process.pid).children()
    os.killpg(process.pid, signal.SIGKILL)
    assert process.wait(LONGEST_WAIT) == -signal.SIGKILL
    assert not psutil.wait_procs(children, timeout=5)[1]


def test_a_kernel_that_nobody_asks_for_any_more_ends(small):
    process = started(small, "import time; time.sleep(60)")
    kernel = psutil.Process(process.pid)
    process.close()
    kernel.wait(LONGEST_WAIT)


def test_memory_has_a_limit(small):
    code = "try:\n    bytes(2 * 10**9)\nexcept MemoryError:\n    raise SystemExit(6)"
    assert started(small, code, most_bytes=10**9).wait(LONGEST_WAIT) == 6


def test_a_folder_that_is_not_there_is_refused(small):
    server, _ = small
    with pytest.raises(UnfitError, match="FileNotFoundError"):
        fork_kernel(
            Wanted((sys.executable, "-m", "json"), os.environ, "/not/there"),
            preload=SMALL,
            server=server,
        )


@pytest.mark.parametrize("change", ["interpreter", "environment", "modules"])
def test_another_world_is_refused(small, change):
    server, folder = small
    python = "/usr/bin/python3" if change == "interpreter" else sys.executable
    environment = {**os.environ, **({"PYTHONHASHSEED": "7"} if change == "environment" else {})}
    preload = ("csv",) if change == "modules" else SMALL
    with pytest.raises(UnfitError, match="another interpreter, environment"):
        fork_kernel(
            Wanted((python, "-m", "json"), environment, str(folder)), preload=preload, server=server
        )


def test_a_kernel_of_another_checkout_reads_its_own_figures_or_is_refused(tmp_path, project):
    asks = "import faiwatch.core.paths as p; print(p.project_root(), file=open('told', 'w'))"
    (tmp_path / "asks.py").write_text(asks)
    alike, other = tmp_path / "alike", tmp_path / "other"
    for root, figures in ((alike, project / "data"), (other, tmp_path / "data")):
        figures.mkdir(exist_ok=True)
        (figures / "README.md").touch()
        (root / "notebooks").mkdir(parents=True)
        (root / "data").symlink_to(figures)
    figures_read = ["faiwatch.data.source:read_ahead"]
    with own_server(tmp_path / "w", os.environ, preload=figures_read) as server:

        def start(root):
            wanted = {**os.environ, "FAIWATCH_ROOT": str(root)}
            wanted = Wanted((sys.executable, "-m", "asks"), wanted, str(tmp_path))
            return fork_kernel(wanted, preload=figures_read, server=server)

        assert start(alike).wait(LONGEST_WAIT) == 0
        assert (tmp_path / "told").read_text() == f"{alike}\n"
        with pytest.raises(UnfitError, match="another interpreter, environment"):
            start(other)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (
            "import threading as t, time\nt.Thread(target=time.sleep, args=[9], daemon=1).start()",
            "2 threads run",
        ),
        ("import os; os.utime(__file__, (1, 1))", "was changed"),
    ],
    ids=["a thread", "a changed file"],
)
def test_where_a_fork_would_not_be_safe_or_true_it_is_refused(tmp_path, code, reason):
    (tmp_path / "preloaded.py").write_text(code)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    wanted = Wanted((sys.executable, "-m", "json"), environment, str(tmp_path))
    with own_server(tmp_path / "w", environment, preload=["preloaded"]) as server:
        if "utime" in code:
            fork_kernel(wanted, preload=["preloaded"], server=server).wait(LONGEST_WAIT)
            (tmp_path / "preloaded.py").write_text("changed = True")
        with pytest.raises(UnfitError, match=reason):
            fork_kernel(wanted, preload=["preloaded"], server=server)


def test_what_few_kernels_need_is_imported_once_one_runs_and_nobody_asks(tmp_path):
    (tmp_path / "seldom.py").write_text("")
    (tmp_path / "asks.py").write_text("import sys; raise SystemExit('seldom' in sys.modules)")
    (tmp_path / "runs.py").write_text("import time; time.sleep(60)")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}

    def started(module):
        wanted = Wanted((sys.executable, "-m", module), environment, str(tmp_path))
        return fork_kernel(wanted, preload=SMALL, server=server)

    with own_server(tmp_path / "w", environment, preload=SMALL, later=["seldom"]) as server:
        time.sleep(1.5)  # nobody has asked yet: the first kernel does not wait for it
        assert started("asks").wait(LONGEST_WAIT) == 0
        running = started("runs")
        until = time.monotonic() + LONGEST_WAIT
        while started("asks").wait(LONGEST_WAIT) == 0:
            assert time.monotonic() < until
            time.sleep(1.5)
        (tmp_path / "seldom.py").write_text("changed = True")
        with pytest.raises(UnfitError, match="was changed"):
            started("asks")
        running.close()


@pytest.mark.parametrize("spoil", ["mode", "link"])
def test_a_folder_that_others_could_reach_is_not_used(tmp_path, spoil):
    folder = tmp_path / "w"
    folder.mkdir(mode=0o755)
    if spoil == "link":
        folder.rename(tmp_path / "x")
        (tmp_path / "x").chmod(0o700)
        folder.symlink_to(tmp_path / "x")
    with pytest.raises(UnfitError, match="this user alone"), own_server(folder, os.environ):
        pass


def test_only_the_owner_can_reach_the_socket(small):
    server, _ = small
    assert server.stat().st_mode & 0o077 == 0


OWNER = """
import os, pathlib, sys, time
from faiwatch.run.warm.client import *
folder = pathlib.Path(sys.argv[1])
with own_server(folder / "w", os.environ, preload=["json"]) as server:
    wanted = Wanted((sys.executable, "-m", "sleeps"), os.environ, str(folder))
    process = fork_kernel(wanted, preload=["json"], server=server)
    print(process.pid, flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize("dies", ["owner", "server"])
def test_no_kernel_outlives_server_or_owner(tmp_path, dies):
    (tmp_path / "sleeps.py").write_text("import time; time.sleep(60)")
    with subprocess.Popen(
        [sys.executable, "-c", OWNER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as owner:
        kernel = psutil.Process(int(owner.stdout.readline()))
        server = kernel.parent()
        (owner if dies == "owner" else server).kill()
        kernel.wait(LONGEST_WAIT)
        owner.kill()
    server.wait(LONGEST_WAIT)


@pytest.fixture
def runtime(monkeypatch):
    """Return a runtime folder of the user's whose path is short enough for a socket."""
    with tempfile.TemporaryDirectory(prefix="fw-", dir="/tmp") as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        yield Path(folder)


def test_the_users_server_is_shared_and_leaves_when_idle(runtime, tmp_path, monkeypatch):
    monkeypatch.setattr(client, "IDLE_SECONDS", 0.5)
    (tmp_path / "tells.py").write_text("import os; os._exit(os.getppid() % 200)")
    wanted = Wanted((sys.executable, "-m", "tells"), os.environ, str(tmp_path))
    ends = [fork_kernel(wanted, preload=SMALL).wait(LONGEST_WAIT) for _ in range(2)]
    assert ends[0] == ends[1]
    (folder,) = runtime.glob("faiwatch-warm-*")
    until = time.monotonic() + LONGEST_WAIT
    while (folder / "socket").exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert not (folder / "socket").exists()
    assert fork_kernel(wanted, preload=SMALL).wait(LONGEST_WAIT) >= 0  # another one starts


@pytest.mark.usefixtures("runtime")
def test_a_changed_file_starts_the_users_server_anew(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(client, "IDLE_SECONDS", 0.5)
    (tmp_path / "preloaded.py").write_text("answer = 1")
    (tmp_path / "tells.py").write_text("import preloaded; raise SystemExit(preloaded.answer)")
    wanted = Wanted((sys.executable, "-m", "tells"), os.environ, str(tmp_path))
    assert fork_kernel(wanted, preload=["preloaded"]).wait(LONGEST_WAIT) == 1
    (tmp_path / "preloaded.py").write_text("answer = 1 + 1")
    assert fork_kernel(wanted, preload=["preloaded"]).wait(LONGEST_WAIT) == 2


# --- anybody's papermill ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def place():
    """Return a runtime folder for the one server, of the whole stack, of the installed kernel."""
    with tempfile.TemporaryDirectory(prefix="fw-", dir="/tmp") as folder:
        yield folder


@pytest.fixture
def installed(place, monkeypatch):
    """Let the tests of the installed kernel share that server."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", place)
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", f"{place}/jupyter")
    # papermill's command sets this, and a server is for one environment
    monkeypatch.setenv("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    monkeypatch.setattr(client, "IDLE_SECONDS", 60)


@pytest.mark.usefixtures("installed")
def test_any_papermill_can_use_the_installed_kernel(tmp_path):
    assert "faiwatch-warm" in KernelSpecManager().find_kernel_specs()
    code = "import os, sys; print('faiwatch.page.page' in sys.modules, os.getppid())"
    notebook = new_notebook(cells=[new_code_cell(code)])
    done = papermill.execute_notebook(
        notebook, None, kernel_name="faiwatch-warm", progress_bar=False, cwd=str(tmp_path)
    )
    warm, parent = done.cells[0].outputs[0].text.split()
    assert warm == "True"
    assert psutil.pid_exists(int(parent))  # the server waits for others


# --- clients that are broken, and processes that fork -------------------------------------------

SOUND = {"identity": "x", "command": ["a", "-m", "b"], "environment": {}, "folder": "/"}


def framed(text):
    return struct.pack("!I", len(text)) + text.encode()


NO_MESSAGES = (
    *("null", "[]", "7", '"text"', "{}", "{", "[" * 100_000),
    json.dumps({**SOUND, "most_bytes": None}),
    json.dumps({**SOUND, "most_bytes": 0, "environment": {"a": 1}}),
    json.dumps({**SOUND, "most_bytes": 0, "command": 5}),
    json.dumps({**SOUND, "most_bytes": 0}),  # no files with it
)


def test_a_message_that_is_none_is_refused_and_the_server_goes_on(small):
    server, _ = small
    for frame in NO_MESSAGES:
        with socket.socket(socket.AF_UNIX) as broken:
            broken.connect(str(server / "socket"))
            broken.sendall(framed(frame))
            broken.settimeout(LONGEST_WAIT)
            assert "refused" in receive(broken), frame[:70]
    assert started(small, "1").wait(LONGEST_WAIT) == 0


def test_a_server_whose_folder_was_taken_away_leaves_and_makes_no_other(tmp_path):
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("")  # a name that the system chooses
        listener.listen()
        server = Server(tmp_path / "gone", listener, "1", idle=0, owner=-1)
        assert server.serve() is None
    assert not (tmp_path / "gone").exists()


def test_a_slow_client_makes_nobody_wait_and_is_given_up(small):
    server, _ = small
    with socket.socket(socket.AF_UNIX) as slow:
        slow.connect(str(server / "socket"))
        slow.sendall(framed("{}")[:2])
        began = time.monotonic()
        assert started(small, "1").wait(LONGEST_WAIT) == 0
        assert time.monotonic() - began < 4  # the slow one is read for five seconds
        slow.settimeout(LONGEST_WAIT)
        assert receive(slow)["refused"] == "the request did not come in time"


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("given", "heard"),
    [
        ({"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}, ("out", "err")),
        ({"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}, ("outerr", None)),
        ({"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}, (None, "err")),
    ],
    ids=["two pipes", "one pipe", "nowhere"],
)
def test_output_can_go_through_a_pipe_or_nowhere(tmp_path, given, heard):
    (tmp_path / "says.py").write_text("import os; os.write(1, b'out'); os.write(2, b'err')")
    manager = KernelManager(kernel_name="faiwatch-warm")
    manager.kernel_spec.argv[1:] = ["-m", "says"]
    manager.start_kernel(cwd=str(tmp_path), **given)
    process = manager.provisioner.process
    assert isinstance(process, client.WarmProcess)
    pipes = (process.stdout, process.stderr)
    assert tuple(pipe and pipe.read().decode() for pipe in pipes) == heard
    assert process.wait(LONGEST_WAIT) == 0
    manager.shutdown_kernel(now=True)
    assert all(pipe is None or pipe.closed for pipe in pipes)


FORKS = """
import multiprocessing, sys
import faiwatch.core.fast_import
import papermill
from nbformat.v4 import new_code_cell, new_notebook
def run(word):
    notebook = new_notebook(cells=[new_code_cell(f"print('{word}')")])
    done = papermill.execute_notebook(
        notebook, None, kernel_name="faiwatch-warm", progress_bar=False, cwd=sys.argv[1]
    )
    return done.cells[0].outputs[0].text.strip()
run("first")
with multiprocessing.get_context("fork").Pool(2) as pool:
    print(pool.map(run, ["one", "two", "three", "four"], chunksize=1))
"""


PAPERMILL = "import faiwatch.core.fast_import; from papermill.cli import papermill; papermill()"


@pytest.mark.usefixtures("installed")
def test_a_pool_that_was_forked_after_a_run_runs_notebooks(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", FORKS, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.stdout.strip() == "['one', 'two', 'three', 'four']", done.stderr[-2000:]


@pytest.mark.usefixtures("installed")
def test_papermill_to_standard_output_writes_the_notebook_and_nothing_else(tmp_path):
    nbformat.write(new_notebook(cells=[new_code_cell("1 + 1")]), tmp_path / "in.ipynb")
    done = subprocess.run(
        [sys.executable, "-c", PAPERMILL, "-k", "faiwatch-warm", "in.ipynb", "-"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert json.loads(done.stdout)["cells"][0]["outputs"], done.stderr[-2000:]


@pytest.mark.usefixtures("installed")
def test_the_kernel_can_be_asked_to_encrypt(tmp_path):
    manager = KernelManager(kernel_name="faiwatch-warm", transport_encryption="required")
    manager.start_kernel(cwd=str(tmp_path))
    try:
        client_of = manager.blocking_client()
        client_of.start_channels()
        client_of.wait_for_ready(timeout=LONGEST_WAIT)
        assert isinstance(manager.provisioner.process, client.WarmProcess)
        client_of.stop_channels()
    finally:
        manager.shutdown_kernel(now=True)
