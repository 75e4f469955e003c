"""Print where the last ``make test`` spent its time: the slowest tenth of its files of tests.

Seconds are those of the clock, with what the tests of a file waited for: fixtures, processes, and
each other on a busy machine. A site or a server that several files share counts for the first.
"""

import re
import sys
import xml.etree.ElementTree as ET
from collections import defaultdict
from math import ceil
from pathlib import Path

TIMES = Path(__file__).parents[1] / ".cache/tests.xml"
_GROUP = re.compile(r"@[^\]@]*$")  # of tests that stay on one worker, put behind the name by xdist


def seconds_by_file(report: Path) -> dict[str, dict[str, float]]:
    """Return seconds by test, those of each file together, from a report in JUnit's form."""
    found: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for test in ET.parse(report).iter("testcase"):
        # a failure in the setup or teardown of a test stands there beside the test
        name = _GROUP.sub("", test.get("name", ""))
        found[test.get("classname", "")][name] += float(test.get("time", 0))
    return found


def slowest(report: Path) -> list[str]:
    """Return a line for each file of the slowest tenth, and one for all."""
    files = seconds_by_file(report)
    by_time = sorted(files, key=lambda file: -sum(files[file].values()))
    shown = by_time[: ceil(len(files) / 10)]
    lines = [f"{'seconds':>8} {'tests':>6}  file; its slowest test"]
    for file in shown:
        tests = files[file]
        worst = max(tests, key=tests.__getitem__)
        told = f"{file.replace('.', '/')}; {worst} {tests[worst]:.0f}"
        lines.append(f"{sum(tests.values()):8.0f} {len(tests):6}  {told}")
    whole, part = (sum(sum(files[one].values()) for one in some) for some in (files, shown))
    lines.append(f"{whole:8.0f} {sum(map(len, files.values())):6}  all {len(files)} files")
    return [*lines, f"The {len(shown)} slowest files take {part / whole:.0%} of the time."]


if __name__ == "__main__":
    if not TIMES.exists():
        sys.exit(f"There is no {TIMES.relative_to(Path.cwd())} yet: run make test first.")
    print("\n".join(slowest(TIMES)))
