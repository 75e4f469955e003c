"""Charts: one theme, one function per chart; each returns a :class:`Chart`.

Only here, and in the charts of the ledger, is altair imported.
"""

import faiwatch.core.fast_import  # noqa: F401  before altair, which imports jsonschema
