"""Imported first by rooms that load jsonschema: keeps it from building a grammar nobody uses.

jsonschema imports rfc3987_syntax where it is installed, as JupyterLab asks for it: one to three
seconds in every process to build a grammar for internationalised addresses, a format that neither
charts nor notebooks have; and isoduration for durations, which brings every calendar of arrow's. A
module that is None cannot be imported, and jsonschema does without.
"""

import sys

if "jsonschema" not in sys.modules:
    _unused = [name for name in ("rfc3987_syntax", "isoduration") if name not in sys.modules]
    sys.modules.update(dict.fromkeys(_unused))  # type: ignore[arg-type]
    import nbformat  # noqa: F401  which imports jsonschema

    for _name in _unused:
        del sys.modules[_name]
