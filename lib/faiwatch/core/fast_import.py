"""Imported first by rooms that load jsonschema: keeps it from building a grammar nobody uses.

jsonschema imports rfc3987_syntax where it is installed, as JupyterLab asks for it: one to three
seconds in every process to build a grammar for internationalised addresses, a format that neither
charts nor notebooks have. A module that is None cannot be imported, and jsonschema does without.
"""

import sys

if "jsonschema" not in sys.modules:
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    import nbformat  # noqa: F401  which imports jsonschema

    del sys.modules["rfc3987_syntax"]
