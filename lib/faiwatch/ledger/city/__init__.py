"""A city over its districts: figures, targets, ledgers and notices of many, read and rolled up."""
