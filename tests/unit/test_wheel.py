"""The wheel holds the whole product, byte for byte, and finds it without a checkout."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

PROJECT = Path(__file__).parents[2]
PLACES = {
    "lib/faiwatch": "faiwatch",
    "notebooks": "faiwatch/product/notebooks",
    "data": "faiwatch/product/data",
}
BESIDE_OURS = {"__pycache__", ".ipynb_checkpoints", ".DS_Store"}  # of .gitignore


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Return the built wheel and the folder in which it is unpacked."""
    folder = tmp_path_factory.mktemp("wheel")
    built = next(WheelBuilder(str(PROJECT)).build(directory=str(folder), versions=["standard"]))
    with zipfile.ZipFile(built) as archive:
        archive.extractall(folder / "unpacked")
        return archive.namelist(), folder / "unpacked"


def installed_python(wheel, *words, cwd, **variables):
    """Run Python as if the wheel were installed: nothing of the checkout is on its path."""
    kept = {name: value for name, value in os.environ.items() if name[:9] != "FAIWATCH_"}
    return subprocess.run(
        [sys.executable, "-P", *words],
        cwd=cwd,
        env=kept | {"PYTHONPATH": str(wheel[1]), "PYTHONDONTWRITEBYTECODE": "1"} | variables,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_the_wheel_holds_the_files_of_the_top_level_folders_and_no_others(wheel):
    names, unpacked = wheel
    sources = {
        f"{inside}/{file.relative_to(PROJECT / folder).as_posix()}": file
        for folder, inside in PLACES.items()
        for file in (PROJECT / folder).rglob("*")
        if file.is_file() and not BESIDE_OURS & set(file.parts)
    }
    assert {name for name in names if not name.startswith("faiwatch-")} == set(sources)
    for name, file in sources.items():
        assert (unpacked / name).read_bytes() == file.read_bytes(), name


def test_the_kernel_of_the_warm_server_is_installed_for_jupyter(wheel):
    places = [name.partition(".data/data/")[2] for name in wheel[0]]
    assert "share/jupyter/kernels/faiwatch-warm/kernel.json" in places


def test_an_installed_package_answers_in_an_empty_folder(wheel, tmp_path):
    program = (
        "import sys, runpy; from faiwatch.core import paths; "
        "print(paths.project_root().as_posix(), file=sys.stderr); "
        "sys.argv = ['faiwatch', 'params', '02_monitor', '--json']; "
        "runpy.run_module('faiwatch', run_name='__main__')"
    )
    done = installed_python(wheel, "-c", program, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stderr.strip() == (wheel[1] / "faiwatch/product").as_posix()
    assert "region" in [row["name"] for row in json.loads(done.stdout)]
    assert list(tmp_path.iterdir()) == []
