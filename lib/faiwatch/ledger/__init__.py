"""What a project ledger says: how it changed, what is wrong in it, and how it meets statistics."""
