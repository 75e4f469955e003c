"""``faiwatch lab``: JupyterLab on the start notebook of a workspace; the round by clicking."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

from faiwatch.cli.options import option
from faiwatch.core.errors import ParameterError
from faiwatch.core.extras import extra
from faiwatch.core.paths import WORKSPACE
from faiwatch.core.phrases import say
from faiwatch.core.text import Text, user_language
from faiwatch.run.workspace import read_lock

START, CONFIG = "start.ipynb", "JUPYTER_CONFIG_PATH"
# it does not ask, before anything is seen, whether to fetch news from outside
_DEFAULTS = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false"}}
PortOption = Annotated[int, option(say("cli.lab.port"), min=1, max=65_535)]
BrowserOption = Annotated[bool, option(say("cli.lab.browser"), "--browser/--no-browser")]


def lab(port: PortOption = 8888, browser: BrowserOption = True) -> int:
    """Open the start notebook of the workspace that we are in."""
    extra("jupyterlab")
    extra("ipywidgets")
    here = Path.cwd()
    if read_lock(here) is None or not (here / START).is_file():
        raise ParameterError(
            Text("此处不是工作目录", "this folder is no workspace"),
            where=str(here),
            todo=Text(
                "faiwatch init 工作目录，再到其中运行 faiwatch lab",
                "faiwatch init FOLDER, and run faiwatch lab in it",
            ),
        )
    words = [
        START,
        f"--ServerApp.root_dir={here}",
        f"--ServerApp.port={port}",
        # it fetches nothing from outside
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
        *([] if browser else ["--no-browser"]),
    ]
    with TemporaryDirectory() as folder, suppress(KeyboardInterrupt):  # the way to end it
        defaults = Path(folder) / "labconfig/default_setting_overrides.json"
        defaults.parent.mkdir()
        defaults.write_text(json.dumps(_DEFAULTS))
        told = {
            WORKSPACE: str(here),
            "FAIWATCH_LANG": user_language(),
            CONFIG: os.pathsep.join([folder, *filter(None, [os.environ.get(CONFIG)])]),
        }
        command = [sys.executable, "-m", "jupyterlab", *words]
        return subprocess.run(command, env=os.environ | told, check=False).returncode
    return 0
