"""Project ledgers as people keep them, read into the tables of ``ledger_tables``.

The sheets come from ``opening`` and the cells are read by ``numbers``, ``days`` and ``dates``, as
for figures. What differs is here: a header names fields (``headers``), a sheet holds one table
(``places``), a row is a project and not a figure (``rows``), each column has a kind (``cells``,
``amounts``), each sheet a month (``months``), and each table a key (``reading``).
"""
