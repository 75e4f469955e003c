"""When a kernel counts as ready, and what is said of one that never is."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from queue import Empty

import pytest

from faiwatch.run import kernels
from faiwatch.run.kernels import _PromptClient


class Client(_PromptClient):
    """A client whose kernel never answers."""

    alive = True

    def kernel_info(self):
        """Ask nobody."""

    async def get_shell_msg(self, timeout):
        """Wait a little, and get nothing."""
        await asyncio.sleep(timeout)
        raise Empty

    async def is_alive(self):
        """Return what the test says."""
        return self.alive


@pytest.mark.parametrize(("alive", "words"), [(False, "died"), (True, "within 0.2 seconds")])
def test_a_kernel_that_never_answers_is_given_up_and_told_apart(monkeypatch, alive, words):
    monkeypatch.setattr(kernels, "_PATIENCE", 0.05)
    client = Client()
    client.alive = alive

    def wait():
        asyncio.run(client.wait_for_ready(timeout=0.2))

    with ThreadPoolExecutor(1) as thread:  # in our own the browser tests may have left a loop
        waited = thread.submit(wait)
    with pytest.raises(RuntimeError, match=words):
        waited.result()
