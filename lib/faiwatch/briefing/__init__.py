"""The briefing: a report whose numbers are filled in, and each of which can be traced.

:mod:`faiwatch.briefing.build` makes one from an open page; :mod:`faiwatch.briefing.record` is what
everybody who prints it reads. Method: ``docs/methods/briefing.md``.
"""

from faiwatch.core.rooms import make_callable

make_callable(__name__)
