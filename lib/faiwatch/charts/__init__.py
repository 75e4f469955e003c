"""Charts: one theme, one function per chart; each returns a :class:`Figure`.

The only floor that imports altair and vl-convert.
"""

import sys

# Altair imports jsonschema, which imports rfc3987_syntax where it is installed, as JupyterLab asks
# for it: two to three seconds in every kernel to build a grammar for internationalised addresses,
# a format that no chart has. A module that is None cannot be imported, and jsonschema does without.
if "jsonschema" not in sys.modules:
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    import altair  # noqa: F401

    del sys.modules["rfc3987_syntax"]
