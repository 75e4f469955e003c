"""faiwatch watches fixed-asset investment month by month, from the published figure to the page.

The floors of the house, from the ground up (imports only go down; ``tests/unit/test_floors.py``
enforces it):

0. ``text errors files places regions findings user_csv parameters tables sources`` - words and
   inputs
1. ``series`` - pure arithmetic on the tidy tables
2. ``signals models phrases`` - flags, runs, findings, their sentences; forecasts
3. ``charts`` - one theme, one function per chart
4. ``blocks page`` - what a notebook imports
5. ``run publish`` - execute notebooks, publish pages
6. ``cli`` - the command line
"""

__version__ = "0.1.0"
