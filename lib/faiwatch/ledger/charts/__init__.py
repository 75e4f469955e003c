"""Charts of the project ledger."""

import faiwatch.core.fast_import  # noqa: F401  before altair, which imports jsonschema
