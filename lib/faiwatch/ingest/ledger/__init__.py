"""Project ledgers as people keep them, read into the tables of ``ledger_tables``.

The sheets come from ``opening``; headers, numbers, months, days and units are read as for figures.
What differs is here: a sheet holds one table (``places``), a row is a project and not a figure
(``rows``), each column has a kind (``cells``, ``amounts``), and each sheet a month and each table a
key (``reading``).
"""
