"""faiwatch watches fixed-asset investment month by month, from the published figure to the page.

The floors of the house, from the ground up (imports only go down; ``tests/unit/test_floors.py``
enforces it):

0. ``text errors files cache places processes regions findings parameters tables sources data_root
   workbook``, the tables of a ledger - words and inputs
1. ``series`` - pure arithmetic on the tidy tables
2. ``signals models targets ledger phrases`` - flags, runs, findings, their sentences; forecasts;
   targets; what a ledger of projects says
3. ``charts`` - one theme, one function per chart
4. ``blocks briefing outlook prospects page ledger_page reader_tables refusals`` - what a notebook
   imports; forecasts that pages share
5. ``run publish`` - execute notebooks, publish pages
6. ``cli commands`` - the command line
"""

__version__ = "0.1.0"
