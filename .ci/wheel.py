"""Install the wheel into a new environment and use it in an empty folder, far from any checkout.

``wheel.py`` makes a page of the embedded figures and one of a CSV; ``--report`` builds the whole
site. ``--extras NAMES`` installs extras, such as ``all``. It says how many packages that are, and
how many MB.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).parents[1]
OWN = "region_code,indicator,period,ytd_value_100m,ytd_yoy_pct\n"
OWN_ROWS = ((year, month) for year in range(2021, 2026) for month in range(2, 13))


def main() -> int:
    """Build, install, try; return 1 with what was said when something fails."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--report", action="store_true", help="build the whole site")
    asked.add_argument("--extras", default="", help="extras to install, such as word,lab")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="faiwatch wheel ") as made:
        folder, empty = Path(made), Path(made) / "an empty folder"
        empty.mkdir()
        said(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", made, cwd=PROJECT)
        wheel = next(folder.glob("*.whl"))
        python = environment_in(folder / "venv")
        extras = f"[{options.extras}]" if options.extras else ""
        install(python, f"{wheel}{extras}")
        packages, size = size_of(folder / "venv")
        print(f"installed{extras or ' the core'}: {packages} packages, {size} MB")
        faiwatch = str(python.with_name("faiwatch"))
        for command in commands(empty, whole=options.report):
            said(faiwatch, *command, cwd=empty)
            print("  faiwatch", *command)
        pages = sorted(page.relative_to(empty).as_posix() for page in empty.rglob("02_*.html"))
        print(f"{len(pages)} pages of 02_monitor, such as {pages[0]}")
    return 0


def environment_in(folder: Path) -> Path:
    """Make a virtual environment and return its Python."""
    uv = shutil.which("uv")
    maker = (uv, "venv", "--quiet", "--seed") if uv else (sys.executable, "-m", "venv")
    said(*maker, str(folder), cwd=folder.parent)
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def install(python: Path, what: str) -> None:
    """Install a package with what it needs, as anybody would."""
    uv = shutil.which("uv")
    pip = (uv, "pip", "install", "--python") if uv else ()
    words = [*pip, str(python), *(() if uv else ("-m", "pip", "install")), "--quiet", what]
    said(*words, cwd=python.parent)


def size_of(environment: Path) -> tuple[int, int]:
    """Return how many packages are installed, pip left out, and their size in MB."""
    found = [path for path in environment.rglob("*.dist-info") if path.name[:4] != "pip-"]
    pip = [path for path in environment.rglob("pip") if path.parent.name == "site-packages"]
    files = (file for file in environment.rglob("*") if file.suffix != ".pyc")
    own = (file for file in files if not any(place in file.parents for place in pip))
    return len(found), round(sum(file.stat().st_size for file in own if file.is_file()) / 1e6)


def commands(folder: Path, *, whole: bool) -> list[list[str]]:
    """Return what is tried, and lay the CSV that it needs."""
    growth = {(year, month): (year + month) % 7 - 2 for year, month in OWN_ROWS}
    rows = [f"610702,total,{year}-{month:02},,{pct}.5" for (year, month), pct in growth.items()]
    (folder / "mine.csv").write_text(OWN + "\n".join(rows) + "\n", encoding="utf-8")
    tried = [
        ["params", "02_monitor"],
        ["run", "02_monitor", "-p", "lang=en"],
        ["run", "02_monitor", "-p", "data=mine.csv", "-p", "region=610702", "-p", "lang=en"],
        ["init", "office"],
    ]
    return [*tried, ["report"]] if whole else tried


def said(*command: str, cwd: Path) -> str:
    """Run a command and return what it says; end with all it said when it fails."""
    clean = {name: value for name, value in os.environ.items() if name[:9] != "FAIWATCH_"}
    clean.pop("PYTHONPATH", None)
    done = subprocess.run(command, cwd=cwd, env=clean, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
