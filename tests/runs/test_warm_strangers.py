"""Another user of the machine gets no kernel from our server, and cannot give us one of his."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from faiwatch.run.warm.client import Wanted, fork_kernel, own_server
from faiwatch.run.warm.wire import SOCKET, UnfitError, identity, private_place

STRANGER = 65534  # nobody
SMALL = ("json",)  # a server that imports next to nothing starts at once
LONGEST_WAIT = 60  # seconds
pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="only root can act as two users"
)

BECOME = f"""
import os, socket, sys
from faiwatch.run.warm.wire import receive, send
def become_stranger():
    os.setgroups([]); os.setgid({STRANGER}); os.setuid({STRANGER})
place, name = sys.argv[1:]
own = socket.socket(socket.AF_UNIX)
"""
ASKS = """
become_stranger()
try:
    own.connect(place)
except PermissionError:
    sys.exit("no way in")
request = {"identity": name, "command": [sys.executable, "-m", "json"], "environment": {}}
try:
    send(own, {**request, "folder": "/", "most_bytes": 0}, (1, 2))
except BrokenPipeError:
    pass  # refused before he has asked
print(receive(own).get("refused"))
"""
LISTENS = """
own.bind(place)
become_stranger()
own.listen()  # the kernel keeps who listens
print("listening", flush=True)
sys.stdin.read()
"""


def as_stranger(code, place, name="", **more):
    """Start a process that becomes another user, which can do what only that one can."""
    command = [sys.executable, "-c", BECOME + code, str(place), name]
    return subprocess.Popen(command, stdout=-1, stderr=-1, text=True, **more)


@pytest.fixture
def open_place():
    """Return a folder that everybody can go through, short enough for a socket."""
    with tempfile.TemporaryDirectory(prefix="fw-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
def server(open_place):
    """Return the folder of a server of ours, in a place that everybody can reach."""
    with own_server(open_place / "w", os.environ, preload=SMALL) as folder:
        yield folder


def fork_of(server):
    """Return how a kernel ends that we, the owner, ask the server for."""
    wanted = Wanted((sys.executable, "-m", "this"), os.environ, "/")
    return fork_kernel(wanted, preload=SMALL, server=server).wait(LONGEST_WAIT)


def test_another_user_finds_no_way_to_the_socket(server):
    asked = as_stranger(ASKS, server / SOCKET)
    assert asked.communicate(timeout=LONGEST_WAIT) == ("", "no way in\n")
    assert fork_of(server) == 0


def test_another_user_who_got_to_the_socket_is_refused_whatever_he_asks(server):
    name = identity(sys.executable, SMALL, os.environ)
    server.chmod(0o711)
    (server / SOCKET).chmod(0o777)
    told, trouble = as_stranger(ASKS, server / SOCKET, name).communicate(timeout=LONGEST_WAIT)
    assert told.strip() == f"the other end belongs to user {STRANGER}", trouble
    server.chmod(0o700)
    assert fork_of(server) == 0


def test_a_server_of_another_user_is_not_asked(open_place):
    folder = private_place(open_place / "w")
    with as_stranger(LISTENS, folder / SOCKET, stdin=-1) as other:
        assert other.stdout.readline() == "listening\n"
        with pytest.raises(UnfitError, match=f"belongs to user {STRANGER}"):
            fork_of(folder)
        other.communicate(timeout=LONGEST_WAIT)


@pytest.mark.parametrize("mode", [0o700, 0o720, 0o702, 0o777])
@pytest.mark.parametrize("owner", [0, STRANGER])
def test_a_folder_that_another_user_owns_or_can_write_to_is_not_used(open_place, owner, mode):
    folder = open_place / "w"
    folder.mkdir()
    os.chown(folder, owner, owner)
    folder.chmod(mode)
    if (owner, mode) == (0, 0o700):
        assert private_place(folder) == folder
        return
    with pytest.raises(UnfitError, match="this user alone"), own_server(folder, os.environ):
        pass
    with pytest.raises(UnfitError, match="this user alone"):
        fork_of(folder)
    assert not list(folder.iterdir())
