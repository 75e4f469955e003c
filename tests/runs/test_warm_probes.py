"""Whatever a notebook or its reader asks of a kernel, a warm one answers as a plain one does.

Each probe is asked of both, and what they say is compared, word for word but for times, addresses
and names of temporary files; and it holds what such a kernel is known to say.
"""

import hashlib
import inspect
import json
import os
import re
import sys
import time
from importlib import resources

import pytest
from jupyter_client.manager import KernelManager

from faiwatch.core.text import other_language
from faiwatch.run.beside import SEEDS
from faiwatch.run.warm.client import OF_PAGES, WarmProcess

LONGEST_WAIT = 30  # seconds
CHANGING = {
    r"\x1b\[[0-9;]*m": "",
    r"0x[0-9a-f]+": "0x",
    r"ipykernel_\d+": "ipykernel_N",
    r"CPU times: [^\\]*|Wall time: [^\\]*": "T",
    r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}": "ID",
}


class Kernel:
    """A kernel with its client, as a notebook's window has them."""

    def __init__(self, folder, name, warm):
        spec = json.loads(
            resources.files("faiwatch").joinpath("run/warm/kernelspec/kernel.json").read_text()
        )
        spec["argv"][0] = sys.executable
        spec["metadata"]["kernel_provisioner"]["config"] = {
            "server": str(warm),
            "preload": list(OF_PAGES),
        }
        if name == "plain":
            del spec["metadata"]["kernel_provisioner"]
        (folder / f"kernels/{name}").mkdir(parents=True)
        (folder / f"kernels/{name}/kernel.json").write_text(json.dumps(spec))
        self.manager = KernelManager(kernel_name=name)
        self.manager.kernel_spec_manager.kernel_dirs = [str(folder / "kernels")]
        # ipykernel hears less of its children while a test of pytest runs
        ours = {one: value for one, value in os.environ.items() if one != "PYTEST_CURRENT_TEST"}
        self.environment = ours | {one: str(value) for one, value in SEEDS.items()}
        self.environment["IPYTHONDIR"] = str(folder / f"ipython-{name}")
        self.folder = folder / name
        self.folder.mkdir()

    def start(self):
        self.manager.start_kernel(env=self.environment, cwd=str(self.folder))

    def listen(self):
        self.client = self.manager.blocking_client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=LONGEST_WAIT)

    def start_again(self):
        self.client.stop_channels()
        self.manager.restart_kernel(now=True)
        self.listen()

    def end(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def run(self, code, answer=None, on_output=id):
        """Run a cell and return all that it says, each stream as one piece."""
        told = []

        def hear(message):
            told.append((message["msg_type"], message["content"]))
            on_output(message)

        reply = self.client.execute_interactive(
            code,
            allow_stdin=answer is not None,
            stdin_hook=lambda _: self.client.input(answer),
            output_hook=hear,
            timeout=LONGEST_WAIT,
        )
        return self.said(told, reply["content"])

    def said(self, told, reply):
        streams, rest = {}, []
        for kind, content in told:
            if kind == "stream":
                streams[content["name"]] = streams.get(content["name"], "") + content["text"]
            elif kind == "error":
                rest.append([content["ename"], content["evalue"], *content["traceback"]])
            elif kind not in {"status", "execute_input"}:
                rest.append([kind, content.get("data"), content.get("transient")])
        return usual([streams, rest, reply["status"], reply.get("payload")])

    def ask(self, kind, content, channel="control", **header):
        """Send a request and return what is replied."""
        message = self.client.session.msg(kind, content)
        message["header"] |= header
        way = getattr(self.client, f"{channel}_channel")
        way.send(message)
        while True:
            reply = way.get_msg(timeout=LONGEST_WAIT)
            if reply["parent_header"].get("msg_id") == message["header"]["msg_id"]:
                return reply["content"]

    def hear_until(self, holds):
        """Return the first message of the common channel that something holds of."""
        while True:
            message = self.client.get_iopub_msg(timeout=LONGEST_WAIT)
            if holds(message):
                return message


def usual(told):
    """Return what was said without what changes from kernel to kernel."""
    text = json.dumps(told, ensure_ascii=False, sort_keys=True).replace("\\u001b", "\x1b")
    for pattern, plain in CHANGING.items():
        text = re.sub(pattern, plain, text)
    return text


@pytest.fixture(scope="module")
def kernels(warm, tmp_path_factory):
    """Start a plain kernel and a warm one."""
    folder = tmp_path_factory.mktemp("probes")
    pair = [Kernel(folder, name, warm) for name in ("plain", "warm")]
    for kernel in pair:
        kernel.start()
    for kernel in pair:
        kernel.listen()
    yield pair
    for kernel in pair:
        kernel.end()


@pytest.fixture
def both(kernels):
    """Return what asks both kernels, and holds them to the same answer."""
    assert isinstance(kernels[1].manager.provisioner.process, WarmProcess)

    def ask(question):
        plain, warm = (question(kernel) for kernel in kernels)
        assert warm == plain
        return warm

    return ask


CELLS = {
    "a value": ("6 * 7", '"text/plain": "42"'),
    "an error": ("def f():\n    return 1 / 0\nf()", "ZeroDivisionError"),
    "an error of syntax": ("f)", "SyntaxError"),
    "a warning": ("import warnings\nwarnings.warn('mind')", "UserWarning: mind"),
    "standard error": ("import sys\nprint('bad', file=sys.stderr)", '"stderr": "bad'),
    "%time": ("%time 1 + 1", "T\\nT"),
    "%%bash": ("%%bash\necho $((20 + 1))", "21"),
    "!": ("found = !printf 'a\\nb'\nfound", "['a', 'b']"),
    "%%writefile, %run": ("%%writefile own.py\nprint(__name__, 5)", "own.py"),
    "%%capture": ("%%capture seen\nprint('hid' + 'den')", '[{}, [], "ok"'),
    "%who_ls": ("%reset -f\nown = 3\n%who_ls", "own"),
    "%env": ("%env OWN=1\nimport os\nos.environ['OWN']", "'1'"),
    # a plot would first list the fonts of the machine, ten seconds for each
    "%matplotlib": ("%matplotlib --list", "'inline'"),
    "%config": ("%config IPCompleter.greedy", "False"),
    # put back at once: else the cells after it look at each file that was imported
    "%autoreload": ("%load_ext autoreload\n%autoreload 2\n%autoreload 0\n1", '"1"'),
    "await": ("import asyncio\nawait asyncio.sleep(0, 'woken')", "woken"),
    # closed here: else it is told as never awaited by whichever later cell collects it
    "a loop within a loop": (
        "import asyncio\nnap = asyncio.sleep(0)\ntry: asyncio.run(nap)\nfinally: nap.close()",
        "running event loop",
    ),
    "a loop in a thread": (
        "import asyncio, threading\n"
        "one = threading.Thread(target=lambda: print(asyncio.run(asyncio.sleep(0, 'run'))))\n"
        "one.start(); one.join()",
        "run",
    ),
    "a task that goes on": (
        "async def later(): return 'late'\ntask = asyncio.create_task(later())\nawait task",
        "late",
    ),
    "processes": (
        "import multiprocessing\ndef double(x): return 2 * x\n"
        "with multiprocessing.get_context('fork').Pool(2) as pool: print(pool.map(double, [1, 2]))",
        "[2, 4]",
    ),
    "threads": (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "with ThreadPoolExecutor(2) as pool: print(sum(pool.map(abs, [-1, -2])))",
        "3",
    ),
    "source of a cell": ("import inspect\ndef own(): 'here'\ninspect.getsource(own)", "here"),
    "pickles": ("import pickle\nclass Own: x = 1\npickle.loads(pickle.dumps(Own())).x", '"1"'),
    "rich output": ("from IPython.display import *\ndisplay(HTML('<b>1</b>'))", "text/html"),
    "output that changes": (
        "from IPython.display import *\nold = display('old', display_id='d')\nold.update('new')",
        "update_display_data",
    ),
    "the cells before": ("len(In) > 1, _ih is In, isinstance(Out, dict)", "(True, True, True)"),
    "a table": ("import pandas\npandas.DataFrame({'a': [1]})", "<table"),
    "help": ("len?", "Return the number of items"),
    "leaving": ("exit_asked = get_ipython().ask_exit\nexit_asked", "bound method"),
    "the end of a cell": ("raise SystemExit(3)", "SystemExit"),
}


@pytest.mark.parametrize(("code", "known"), CELLS.values(), ids=CELLS)
def test_a_cell_says_the_same(both, code, known):
    assert known in both(lambda kernel: kernel.run(code))


def test_input_is_answered_and_where_nobody_answers_refused(both):
    assert '"8\\n"' in both(lambda kernel: kernel.run("print(int(input('n? ')) + 1)", "7"))
    assert "secret" in both(
        lambda kernel: kernel.run("import getpass\ngetpass.getpass()[::-1]", "terces")
    )
    assert "StdinNotImplementedError" in both(lambda kernel: kernel.run("input()"))


def test_an_interrupt_ends_the_cell_and_nothing_else(both):
    def interrupted(kernel):
        def interrupt(message):
            if message["content"].get("text") == "on\n":
                kernel.manager.interrupt_kernel()

        code = "import time\nkept = 5\nprint('on')\ntime.sleep(50)"
        return kernel.run(code, on_output=interrupt) + kernel.run("kept")

    said = both(interrupted)
    assert "KeyboardInterrupt" in said
    assert '"5"' in said


def test_big_output_arrives_whole(both):
    def heard(kernel):
        said = kernel.run("for n in range(5_000): print(n, 'x' * 390)")
        return hashlib.sha256(said.encode()).hexdigest(), len(said) > 1_900_000

    assert both(heard)[1]


def test_output_below_python_arrives(kernels):
    for kernel in kernels:
        kernel.client.execute("import os\ncode = os.system('echo deep')")
        kernel.hear_until(lambda one: one["content"].get("text") == "deep\n")


def test_a_widget_answers_its_window(both):
    code = """
import ipywidgets
slider = ipywidgets.IntSlider()
slider.observe(lambda change: print("moved to", change["new"]), "value")
slider
"""

    def moved(kernel):
        opened = []

        def hear(message):
            if message["msg_type"] == "comm_open":
                opened.append(message["content"])

        said = kernel.run(code, on_output=hear)
        (slider,) = (
            one for one in opened if one["data"]["state"]["_model_name"] == "IntSliderModel"
        )
        move = {"method": "update", "state": {"value": 7}, "buffer_paths": []}
        message = kernel.client.session.msg(
            "comm_msg", {"comm_id": slider["comm_id"], "data": move}
        )
        kernel.client.shell_channel.send(message)
        kernel.hear_until(lambda one: one["content"].get("text") == "moved to 7\n")
        return said

    assert "widget-view+json" in both(moved)


def test_the_debugger_stops_in_a_cell_and_in_a_package(both):
    code = "from faiwatch.core import text\nstops = 1\nstops = text.other_language('zh')"
    module = inspect.getsourcefile(other_language)
    inside = inspect.getsourcelines(other_language)[1] + 2

    def debugged(kernel):
        kernel.run("from faiwatch.core import text")  # else the debugger follows its imports
        numbers = iter(range(1, 100))

        def ask(command, **arguments):
            request = {"type": "request", "seq": next(numbers), "command": command}
            return kernel.ask("debug_request", {**request, "arguments": arguments})

        def stopped():
            event = kernel.hear_until(lambda one: one["content"].get("event") == "stopped")
            thread = event["content"]["body"]["threadId"]
            frame = ask("stackTrace", threadId=thread)["body"]["stackFrames"][0]
            names = {
                one["name"]: one["value"] for one in ask("inspectVariables")["body"]["variables"]
            }
            assert ask("continue", threadId=thread)["success"]
            return frame["name"], frame["line"], names.get("stops")

        ask("initialize", clientID="test", adapterID="", pathFormat="path")
        ask("attach")
        cell = ask("dumpCell", code=code)["body"]["sourcePath"]
        for file, line in ((cell, 3), (module, inside)):
            ask("setBreakpoints", source={"path": file}, breakpoints=[{"line": line}])
        ask("configurationDone")
        kernel.client.execute(code)
        stops = [stopped(), stopped()]
        kernel.client.get_shell_msg(timeout=LONGEST_WAIT)
        ask("disconnect", restart=False, terminateDebuggee=False)
        said = kernel.run("stops")
        kernel.start_again()  # else the debugger goes on to follow each line, of imports too
        return stops, said

    stops, said = both(debugged)
    assert stops == [("<module>", 3, "1"), ("other_language", inside, "1")]
    assert "'en'" in said


def test_a_subshell_answers_while_a_cell_waits(both):
    def waited(kernel):
        assert "kernel subshells" in kernel.ask("kernel_info_request", {})["supported_features"]
        shell = kernel.ask("create_subshell_request", {})["subshell_id"]
        kernel.client.execute("import threading\ngo = threading.Event()\nprint('on')\ngo.wait(50)")
        kernel.hear_until(lambda one: one["content"].get("text") == "on\n")
        go = {"code": "go.set()", "silent": False, "store_history": False}
        freed = kernel.ask("execute_request", go, "shell", subshell_id=shell)["status"]
        known = kernel.ask("list_subshell_request", {})["subshell_id"] == [shell]
        kernel.hear_until(lambda one: one["content"].get("data") == {"text/plain": "True"})
        return freed, known, kernel.ask("delete_subshell_request", {"subshell_id": shell})["status"]

    assert both(waited) == ("ok", True, "ok")


def test_history_completion_and_inspection(both):
    def asked(kernel):
        kernel.run("%config IPCompleter.use_jedi = False")  # reads for long
        kernel.run("remembered = 17")
        tail = {"hist_access_type": "tail", "n": 1, "raw": True, "output": False}
        history = kernel.ask("history_request", tail, "shell")["history"]
        names = {"code": "rememb", "cursor_pos": 6}
        matches = kernel.ask("complete_request", names, "shell")["matches"]
        told = kernel.ask("inspect_request", {"code": "len", "cursor_pos": 3}, "shell")
        whole = kernel.ask("is_complete_request", {"code": "if x:"}, "shell")
        return [line for _, _, line in history], matches, usual(told), whole

    history, matches, told, whole = both(asked)
    assert history == ["remembered = 17"]
    assert matches == ["remembered"]
    assert "number of items" in told
    assert whole["status"] == "incomplete"


def test_a_kernel_that_dies_is_seen_to_be_dead_and_can_be_started_again(both):
    def died(kernel):
        kernel.run("kept = 5")
        kernel.client.execute("import os\nos._exit(7)")
        until = time.monotonic() + LONGEST_WAIT
        while kernel.manager.is_alive() and time.monotonic() < until:
            time.sleep(0.01)
        ended = kernel.manager.provisioner.process.poll()
        kernel.start_again()
        return ended, kernel.run("kept")

    ended, said = both(died)
    assert ended == 7
    assert "NameError" in said
