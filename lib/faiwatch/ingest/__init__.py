"""Spreadsheets as people have them, read into Observations with a report of every step.

A pipeline of small steps: open within bounds (``opening``, ``child``) - find the tables of a sheet
(``layout``) - understand each label by the synonym table (``headers``) - what each column and row
is (``columns``, ``rows``) - read cells (``numbers``, ``dates``, ``units``) - gather figures
(``figures``, ``bulk``) - decide windows, units and growth scale (``decide``) - doubt what cannot be
(``doubts``) - the tidy table and the report (``tidy``, ``reading``). ``headers``, ``numbers``,
``dates`` and ``units`` read figures and ledgers alike.

Nothing is guessed: what the file leaves open becomes a question with the option that answers it.
This package file imports nothing, so that the child process that opens workbooks starts at once.
"""
