"""Imported first by rooms that load jsonschema: keeps it from building a grammar nobody uses.

jsonschema imports rfc3987_syntax where it is installed, as JupyterLab asks for it: one to three
seconds in every process to build a grammar for internationalised addresses, a format that neither
charts nor notebooks have; and isoduration for durations, which brings every calendar of arrow's.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without(*names: str) -> Iterator[None]:
    """Import libraries in this block as if others, not imported yet, were not installed.

    For what a library would use if it could, and never does here. A module that is None cannot be
    imported; afterwards it can be, by whoever needs it.
    """
    unused = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(unused))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in unused:
            del sys.modules[name]


if "jsonschema" not in sys.modules:
    with without("rfc3987_syntax", "isoduration"):
        import nbformat  # noqa: F401  which imports jsonschema
