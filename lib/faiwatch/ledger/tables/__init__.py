"""Tables of the project ledger for its readers."""
