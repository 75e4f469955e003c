"""Charts: one theme, one function per chart; each returns a :class:`Figure`.

The only floor that imports altair and vl-convert.
"""

import faiwatch.core.fast_import  # noqa: F401  before altair, which imports jsonschema
