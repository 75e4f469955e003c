"""Charts of the project ledger."""
