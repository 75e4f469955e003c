"""One unattended round as a Prefect flow; ``python faiwatch_round.py`` serves it by the clock.

A round that is not yet out (10) is tried again each half hour, four hours long; any other code but
0 and 20 fails at once, and says so with its code.
"""

import subprocess

from prefect import flow, task
from prefect.states import State

ROUND = ["/opt/faiwatch/deploy/round", "/var/lib/faiwatch/site", "batch", "--regions", "all"]
STORE = "/var/lib/faiwatch/store"  # new figures are fetched into it
DONE = {0, 20}  # 20: something was told
NOT_YET = 10


class RoundError(RuntimeError):
    """A round that ended with another code; docs/how-to/exit-codes.md says which means what."""


def is_late(task: object, run: object, state: State) -> bool:  # noqa: ARG001  as Prefect asks
    """Return whether trying again can help."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, RoundError) and error.args[0] == NOT_YET


@task(retries=8, retry_delay_seconds=1800, retry_condition_fn=is_late)
def make_round(words: list[str], store: str) -> int:
    """Run the round; secrets come with the worker's environment, which it inherits."""
    code = subprocess.run(["/usr/bin/env", f"FAIWATCH_STORE={store}", *words]).returncode
    if code not in DONE:
        raise RoundError(code)
    return code


@flow(name="faiwatch-round", timeout_seconds=6 * 3600)
def faiwatch_round(words: list[str] = ROUND, store: str = STORE) -> int:
    """Make new figures, pages, then alerts, in one task: its end is the end of the round."""
    return make_round(words, store)


if __name__ == "__main__":
    from prefect.schedules import Cron

    faiwatch_round.serve(schedules=[Cron("30 10 14-20 * *", timezone="Asia/Shanghai")])
