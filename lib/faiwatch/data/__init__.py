"""Figures and tables of a ledger come in, checked: schemas, regions, files, stores, services."""
